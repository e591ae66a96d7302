/* SPDX-License-Identifier: EUPL-1.2 */

/* The server's core: who asks, which handler answers, and one transaction
 * around both.
 *
 * Invariants:
 *   1. An answer leaves after its transaction has been committed, or speaks of
 *      a refusal and nothing has been changed (but for the audit trail).
 *   2. What a core keeps in mind of the city is what the store said in a
 *      transaction that was committed, or is forgotten.
 * A core and its store belong to one thread at a time. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-plant.h"
#include "alm-store-error.h"

#include <string.h>

#define TOKEN_SIZE       32
#define TOKEN_LIFE_US    (90 * G_TIME_SPAN_DAY)

typedef struct
{
  const char    *path;
  AlmHubHandler  handler;
  gboolean       anonymous;
} Handler;

static const Handler handlers[] = {
  { "/v1/login", alm_hub_login, TRUE },
  { "/v1/logout", alm_hub_logout, FALSE },
  { "/v1/hello", alm_hub_hello, FALSE },
  { "/v1/feed", alm_hub_feed_reply, FALSE },
  { "/v1/pack", alm_hub_pack_reply, FALSE },
  { "/v1/users", alm_hub_users, FALSE },
  { "/v1/desks", alm_hub_desks, FALSE },
  { "/v1/audit", alm_hub_audit, FALSE },
  { "/v1/erasures", alm_hub_erasures, FALSE },
};

/* @store: (transfer full) */
AlmHubCore *
alm_hub_core_new (AlmServerStore      *store,
                  const AlmHubOptions *options)
{
  AlmHubCore *self = g_new0 (AlmHubCore, 1);

  self->store = store;
  self->options = *options;
  if (self->options.random == NULL)
    self->options.random = alm_secret_random;
  if (self->options.cost == NULL)
    self->options.cost = &alm_password_cost;
  self->tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  alm_hub_city_forget (self);

  return self;
}

void
alm_hub_core_free (AlmHubCore *self)
{
  alm_hub_city_forget (self);
  g_hash_table_unref (self->tries);
  g_free (self->server_text);
  g_free (self->epoch);
  g_free (self->nobody);
  alm_server_store_close (self->store);
  g_free (self);
}

gint64
alm_hub_core_now (AlmHubCore *self)
{
  return alm_clock_now_us (self->options.clock);
}

/* Inside a transaction: what the server knows of itself, and the city. */
gboolean
alm_hub_core_make_ready (AlmHubCore  *self,
                         GError     **error)
{
  if (!self->ready)
    {
      g_free (g_steal_pointer (&self->server_text));
      g_free (g_steal_pointer (&self->epoch));
      g_free (g_steal_pointer (&self->nobody));
      if (!self->store->api->get_info (self->store, "server", &self->server_text, error)
          || !self->store->api->get_info (self->store, "epoch", &self->epoch, error)
          || !self->store->api->get_info (self->store, "nobody", &self->nobody, error))
        return FALSE;
      if (!alm_id_parse (&self->server, self->server_text) || self->epoch == NULL
          || self->nobody == NULL)
        {
          g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
                       "The database does not say whose server it is");
          return FALSE;
        }
      self->ready = TRUE;
    }

  return alm_hub_city_read (self, error);
}

gboolean
alm_hub_core_wipe (AlmHubCore  *self,
                   gboolean    *done,
                   GError     **error)
{
  g_autofree char *due = NULL;

  if (!self->store->api->get_info (self->store, "wipe", &due, error))
    return FALSE;
  *done = due == NULL;
  if (*done)
    return TRUE;
  if (self->options.drop_packs != NULL
      && !self->options.drop_packs (self->options.packs_dir, error))
    return FALSE;
  if (!alm_hub_core_drop_erased (self, error))
    return FALSE;

  return self->store->api->wipe (self->store, done, error);
}

gboolean
alm_hub_core_is_known (AlmHubCore *self,
                       const char *authorization)
{
  g_auto (AlmHubActor) actor = { 0 };

  if (!self->store->api->begin (self->store, FALSE, NULL))
    return FALSE;
  if (!alm_hub_core_identify (self, authorization, &actor, NULL))
    alm_hub_actor_clear (&actor);
  self->store->api->rollback (self->store);

  return actor.user != NULL || actor.lost;
}

char *
alm_hub_core_get_epoch (AlmHubCore  *self,
                        GError     **error)
{
  gboolean ok;

  if (!self->store->api->begin (self->store, FALSE, error))
    return NULL;
  ok = alm_hub_core_make_ready (self, error);
  self->store->api->rollback (self->store);

  return ok ? g_strdup (self->epoch) : NULL;
}

/* "Bearer " and 64 hex digits. */
gboolean
alm_hub_core_token_hash (const char *authorization,
                         guint8      hash[ALM_HASH_SIZE])
{
  if (authorization == NULL || g_ascii_strncasecmp (authorization, "Bearer ", 7) != 0
      || strlen (authorization) != 7 + 2 * TOKEN_SIZE)
    return FALSE;
  alm_hash_256 (hash, authorization + 7, 2 * TOKEN_SIZE);

  return TRUE;
}

/* A token for @desk, kept as its hash; (transfer full).
 *
 * @before: (nullable): the hash of the one that it shall succeed */
char *
alm_hub_core_new_token (AlmHubCore   *self,
                        const AlmId  *desk,
                        const char   *user,
                        const guint8 *before,
                        gint64       *expires_us,
                        GError      **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  AlmHubToken token = { .desk = *desk, .user = (char *) user };
  guint8 hash[ALM_HASH_SIZE];
  guint8 bytes[TOKEN_SIZE];

  self->options.random (bytes, sizeof bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  alm_hash_256 (hash, text->str, text->len);

  token.since_us = alm_hub_core_now (self);
  token.expires_us = token.since_us + TOKEN_LIFE_US;
  token.has_before = before != NULL;
  if (before != NULL)
    memcpy (token.before, before, ALM_HASH_SIZE);
  *expires_us = token.expires_us;
  if (!self->store->api->put_token (self->store, hash, &token, error))
    return NULL;

  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
alm_hub_actor_clear (AlmHubActor *self)
{
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->grants, g_ptr_array_unref);
}

AlmHubRights
alm_hub_actor_rights (const AlmHubActor *self,
                      const char        *scope)
{
  return alm_hub_rights_in (self->grants, scope, self->now_us);
}

/* Whoever has that computer now hears of its loss, and nothing else; that it has been
 * here is noted. */
AlmHubReply *
alm_hub_core_say_lost (AlmHubCore         *self,
                       const AlmHubActor  *actor,
                       GError            **error)
{
  g_autoptr (AlmHubDesk) desk = NULL;
  AlmHubReply *reply;

  if (!self->store->api->get_desk (self->store, &actor->desk, &desk, error))
    return NULL;
  reply = alm_hub_reply_problem (410, "desk-lost", "This desk was reported lost");
  if (desk == NULL || !actor->writes)
    return reply;

  desk->seen_us = actor->now_us;
  reply->keep = TRUE;
  if (!self->store->api->put_desk (self->store, desk, error))
    g_clear_pointer (&reply, alm_hub_reply_free);

  return reply;
}

static gboolean
is_lost (AlmHubCore   *self,
         const AlmId  *id,
         gboolean     *lost,
         GError      **error)
{
  g_autoptr (AlmHubDesk) desk = NULL;

  if (!self->store->api->get_desk (self->store, id, &desk, error))
    return FALSE;
  *lost = desk != NULL && desk->lost_us != 0;

  return TRUE;
}

/* Who the token speaks for.  TRUE with a NULL user: nobody we know, or `lost`. */
gboolean
alm_hub_core_identify (AlmHubCore   *self,
                       const char   *authorization,
                       AlmHubActor  *actor,
                       GError      **error)
{
  g_autoptr (AlmHubToken) token = NULL;
  g_autoptr (AlmHubAccount) account = NULL;

  actor->now_us = alm_hub_core_now (self);
  if (!alm_hub_core_token_hash (authorization, actor->token))
    return TRUE;
  if (!self->store->api->get_token (self->store, actor->token, &token, error))
    return FALSE;
  if (token == NULL)
    return TRUE;
  /* Also one that has ended, and also of somebody who is not here any more. */
  actor->desk = token->desk;
  if (!is_lost (self, &token->desk, &actor->lost, error))
    return FALSE;
  if (actor->lost || token->expires_us <= actor->now_us)
    return TRUE;
  if (!self->store->api->get_account (self->store, token->user, &account, error))
    return FALSE;
  if (account == NULL || (!account->enabled && !ALM_PLANTED ("disabled-let-in")))
    return TRUE;

  if (!self->store->api->list_grants (self->store, token->user, &actor->grants, error))
    return FALSE;
  actor->desk = token->desk;
  actor->kept = *token;
  actor->kept.user = NULL;
  actor->user = g_strdup (token->user);

  return TRUE;
}

gboolean
alm_hub_core_audit (AlmHubCore  *self,
                    const char  *actor,
                    const char  *action,
                    const char  *subject,
                    const char  *detail,
                    GError     **error)
{
  AlmHubAudit audit = {
    .at_us = alm_hub_core_now (self),
    .actor = (char *) actor,
    .action = (char *) action,
    .subject = (char *) subject,
    .detail = (char *) detail,
  };

  return self->store->api->add_audit (self->store, &audit, error);
}

/* A full disk is waited out; after any other failed write the file is only read
 * again by a new process: the kernel may have marked unwritten pages clean
 * (Rebello et al., "Can Applications Recover from fsync Failures?", 2020).  The
 * same where an earlier request has met it, which nobody has taken as an end. */
gboolean
alm_hub_core_is_fatal (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    return !ALM_PLANTED ("server-stays");

  return error->domain == ALM_STORE_ERROR && error->code != ALM_STORE_ERROR_FULL
         && error->code != ALM_STORE_ERROR_BUSY;
}

AlmHubReply *
alm_hub_core_failed (AlmHubCore   *self,
                     const GError *error)
{
  AlmHubReply *reply;

  if (g_error_matches (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FULL))
    reply = alm_hub_reply_problem (507, "full", "The server has no room left; nothing was kept");
  else
    reply = alm_hub_reply_problem (500, "failed", "The server could not do this");
  g_message ("a request failed: %s", error->message);

  return reply;
}

static AlmHubHandler
find_handler (const AlmHubRequest *request,
              gboolean            *anonymous)
{
  *anonymous = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (strcmp (request->path, handlers[i].path) == 0)
      {
        *anonymous = handlers[i].anonymous;
        return handlers[i].handler;
      }

  if (g_str_has_prefix (request->path, "/v1/records/"))
    return alm_hub_history_reply;
  if (g_str_has_prefix (request->path, "/v1/blobs/"))
    return alm_hub_blob;
  if (g_str_has_prefix (request->path, "/v1/desks/"))
    return alm_hub_desk;
  if (g_str_has_suffix (request->path, "/grants"))
    return alm_hub_grants;

  return alm_hub_user;
}

static AlmHubReply *
answer (AlmHubCore     *self,
        AlmHubRequest  *request,
        gboolean        writes,
        GError        **error)
{
  g_auto (AlmHubActor) actor = { 0 };
  gboolean anonymous;
  AlmHubHandler handler = find_handler (request, &anonymous);

  if (!alm_hub_core_make_ready (self, error)
      || !alm_hub_core_identify (self, request->authorization, &actor, error))
    return NULL;
  actor.writes = writes;
  if (actor.lost && handler == alm_hub_logout)
    return alm_hub_wiped (self, &actor, error);
  if (actor.lost && !anonymous)
    return alm_hub_core_say_lost (self, &actor, error);
  if (actor.user == NULL && !anonymous)
    return alm_hub_reply_problem (401, "login-needed", "The token is unknown or has ended");

  return handler (self, &actor, request, error);
}

/* Of a push alone, as the tests and the simulation send it. */
static AlmHubReply *
handle_push (AlmHubCore    *self,
             AlmHubRequest *request)
{
  AlmHubReply *reply = NULL;
  g_autoptr (AlmHubPush) push = alm_hub_push_parse (request, &reply);

  if (push != NULL)
    alm_hub_core_push (self, &push, 1, &reply);

  return reply;
}

/* Answers @request; changes it where the reply says `hash`.  (transfer full) */
AlmHubReply *
alm_hub_core_handle (AlmHubCore    *self,
                     AlmHubRequest *request)
{
  AlmServerStore *store = self->store;
  g_autoptr (GError) error = NULL;
  AlmHubReply *reply = NULL;
  AlmHubRoute route = alm_hub_route (request, &reply);

  if (route == ALM_HUB_ROUTE_NONE)
    return reply;
  if (route == ALM_HUB_ROUTE_PUSH)
    return handle_push (self, request);

  if (store->api->begin (store, route == ALM_HUB_ROUTE_WRITE, &error))
    {
      reply = answer (self, request, route == ALM_HUB_ROUTE_WRITE, &error);
      if (reply != NULL && route == ALM_HUB_ROUTE_WRITE
          && ((reply->status >= 200 && reply->status < 300) || reply->keep))
        {
          if (store->api->commit (store, &error))
            return reply;
          g_clear_pointer (&reply, alm_hub_reply_free);
          alm_hub_city_forget (self);
        }
      else
        store->api->rollback (store);
    }

  if (reply == NULL)
    {
      reply = alm_hub_core_failed (self, error);
      reply->fatal = route == ALM_HUB_ROUTE_WRITE && alm_hub_core_is_fatal (error);
    }

  return reply;
}
