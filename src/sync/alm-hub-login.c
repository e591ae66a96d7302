/* SPDX-License-Identifier: EUPL-1.2 */

/* Login, logout, and the founding of a server.
 *
 * A wrong name and a wrong password get the same answer after the same work.
 * Failed tries are slowed down per account and per address, never locked out;
 * the counts live in memory. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-store-error.h"

#include <string.h>

#define TRIES_ACCOUNT 5
#define TRIES_ADDRESS 20
#define DELAY_MAX_S   60
#define TRIES_KEPT    10000
#define PASSWORD_MIN  12
#define PASSWORD_MAX  1024

typedef struct
{
  gint64 since_us;    /* of the minute that is counted */
  guint  failed;      /* in it */
  guint  doubled;     /* how often the delay has doubled */
  gint64 until_us;    /* no try before this */
} Tries;

static Tries *
find_tries (AlmHubCore *self,
            const char *kind,
            const char *name)
{
  g_autofree char *key = g_strconcat (kind, " ", name, NULL);
  Tries *tries = g_hash_table_lookup (self->tries, key);

  if (tries == NULL)
    {
      /* Nobody fills the memory with invented names. */
      if (g_hash_table_size (self->tries) >= TRIES_KEPT)
        g_hash_table_remove_all (self->tries);
      tries = g_new0 (Tries, 1);
      g_hash_table_insert (self->tries, g_steal_pointer (&key), tries);
    }

  return tries;
}

/* Seconds to wait before the next try; 0 = now.  More than the longest delay is left
 * only where the clock was set back, and then nobody waits for it. */
static guint
seconds_left (const Tries *tries,
              gint64       now_us)
{
  if (tries->until_us <= now_us
      || tries->until_us - now_us > DELAY_MAX_S * (gint64) G_USEC_PER_SEC)
    return 0;

  return (guint) ((tries->until_us - now_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

static void
note_failure (Tries  *tries,
              guint   most,
              gint64  now_us)
{
  if (now_us - tries->since_us >= G_TIME_SPAN_MINUTE || now_us < tries->since_us)
    {
      if (now_us - tries->since_us >= 10 * G_TIME_SPAN_MINUTE)
        tries->doubled = 0;
      tries->since_us = now_us;
      tries->failed = 0;
    }
  tries->failed++;
  if (tries->failed < most)
    return;

  tries->until_us = now_us + MIN (1 << MIN (tries->doubled, 6), DELAY_MAX_S) * G_USEC_PER_SEC;
  tries->doubled++;
}

/* Who has come in has no failures any more; an address keeps its own. */
static void
forgive (AlmHubCore *self,
         const char *user)
{
  Tries *tries = find_tries (self, "user", user);

  *tries = (Tries) { 0 };
}

/* What is asked of a login, checked. */
typedef struct
{
  const char *user;
  const char *password;
  const char *name;
  AlmId       desk;
} Login;

static AlmHubReply *
check_login (const AlmValue *asked,
             Login          *login)
{
  login->user = alm_value_get_text_of (asked, "user");
  login->password = alm_value_get_text_of (asked, "password");
  login->name = alm_value_get_text_of (asked, "name");
  if (login->user == NULL || login->password == NULL || strlen (login->password) > PASSWORD_MAX)
    return alm_hub_reply_problem (400, "bad-request", "\"user\" or \"password\" is missing");
  if (!alm_id_parse (&login->desk, alm_value_get_text_of (asked, "desk")))
    return alm_hub_reply_problem (400, "bad-request", "\"desk\" is no UUID");
  if (login->name == NULL || strlen (login->name) > 200)
    login->name = "";

  return NULL;
}

static AlmHubReply *
too_many (guint seconds)
{
  AlmHubReply *reply = alm_hub_reply_problem (429, "too-many-tries",
                                              "Try again in %u seconds", seconds);

  reply->retry_after_s = seconds;

  return reply;
}

/* The first half: the work of comparing is asked for, whoever it is. */
static AlmHubReply *
ask_for_hash (AlmHubCore          *self,
              AlmHubRequest       *request,
              const Login         *login,
              const AlmHubAccount *account,
              gint64               now_us)
{
  guint wait = seconds_left (find_tries (self, "user", login->user), now_us);
  AlmHubReply *reply;

  if (request->remote != NULL)
    wait = MAX (wait, seconds_left (find_tries (self, "from", request->remote), now_us));
  if (wait > 0)
    return too_many (wait);

  request->password = g_strdup (login->password);
  request->against = g_strdup (account != NULL ? account->password : self->nobody);
  reply = alm_hub_reply_new (0, NULL);
  reply->hash = TRUE;

  return reply;
}

static AlmHubReply *
fail_login (AlmHubCore           *self,
            const AlmHubRequest  *request,
            const Login          *login,
            gint64                now_us,
            GError              **error)
{
  AlmHubReply *reply;

  note_failure (find_tries (self, "user", login->user), TRIES_ACCOUNT, now_us);
  if (request->remote != NULL)
    note_failure (find_tries (self, "from", request->remote), TRIES_ADDRESS, now_us);

  /* What is no name of a user may be a password typed into the wrong field. */
  if (!alm_hub_core_audit (self, ALM_HUB_USER, "login-failed",
                           alm_name_is_user (login->user) ? login->user : "", "", error))
    return NULL;
  reply = alm_hub_reply_problem (401, "login-failed", "Name or password is wrong");
  reply->keep = TRUE;

  return reply;
}

static AlmHubReply *
let_in (AlmHubCore           *self,
        const Login          *login,
        const AlmHubAccount  *account,
        GError              **error)
{
  g_autoptr (AlmHubDesk) desk = NULL;
  g_autoptr (AlmValue) said = alm_value_new_object ();
  AlmValue *user = alm_value_new_object ();
  char desk_text[ALM_ID_TEXT_SIZE];
  g_autofree char *token = NULL;
  g_autofree char *expires = NULL;
  gint64 expires_us;

  alm_value_set (said, "user", user);
  alm_id_print (&login->desk, desk_text);
  if (!self->store->api->get_desk (self->store, &login->desk, &desk, error))
    return NULL;
  if (desk != NULL && strcmp (desk->user, account->name) != 0)
    return alm_hub_reply_problem (409, "desk-taken", "This profile belongs to another user");

  if (desk != NULL && desk->lost_us != 0)
    return alm_hub_reply_problem (410, "desk-lost", "This desk was reported lost");

  if (desk == NULL)
    {
      desk = g_new0 (AlmHubDesk, 1);
      desk->id = login->desk;
      desk->user = g_strdup (account->name);
    }
  g_free (desk->name);
  desk->name = g_strdup (login->name);
  desk->seen_us = alm_hub_core_now (self);
  if (!self->store->api->put_desk (self->store, desk, error))
    return NULL;
  token = alm_hub_core_new_token (self, &login->desk, account->name, NULL, &expires_us, error);
  if (token == NULL
      || !alm_hub_core_audit (self, account->name, "login", desk_text, "", error))
    return NULL;

  expires = alm_clock_format (expires_us);
  alm_value_set_text (user, "name", account->name);
  alm_value_set_text (user, "title", account->title);
  alm_value_set_text (said, "token", token);
  alm_value_set_text (said, "expires", expires);

  return alm_hub_reply_value (200, said);
}

AlmHubReply *
alm_hub_login (AlmHubCore     *self,
               AlmHubActor    *actor,
               AlmHubRequest  *request,
               GError        **error)
{
  AlmHubReply *refusal = NULL;
  g_autoptr (AlmValue) asked = alm_hub_request_json (request, &refusal);
  g_autoptr (AlmHubAccount) account = NULL;
  Login login = { 0 };

  if (asked != NULL)
    refusal = check_login (asked, &login);
  if (refusal != NULL)
    return refusal;
  if (!self->store->api->get_account (self->store, login.user, &account, error))
    return NULL;

  if (!request->hashed)
    return ask_for_hash (self, request, &login, account, actor->now_us);

  /* The password that was compared must still be the account's: it may have
   * been changed while it was hashed. */
  if (!request->matches || account == NULL || !account->enabled
      || g_strcmp0 (account->password, request->against) != 0)
    return fail_login (self, request, &login, actor->now_us, error);

  forgive (self, login.user);

  return let_in (self, &login, account, error);
}

AlmHubReply *
alm_hub_logout (AlmHubCore     *self,
                AlmHubActor    *actor,
                AlmHubRequest  *request,
                GError        **error)
{
  char desk[ALM_ID_TEXT_SIZE];

  alm_id_print (&actor->desk, desk);
  /* With those that would have succeeded it. */
  if (!self->store->api->drop_tokens_of (self->store, &actor->desk, NULL, error)
      || !alm_hub_core_audit (self, actor->user, "logout", desk, "", error))
    return NULL;

  return alm_hub_reply_new (204, NULL);
}

/* FALSE: *reason says why not, as a sentence. */
gboolean
alm_hub_check_password (const char  *user,
                        const char  *password,
                        const char **reason)
{
  *reason = NULL;
  if (!g_utf8_validate (password, -1, NULL))
    *reason = "A password is UTF-8 text";
  else if (g_utf8_strlen (password, -1) < PASSWORD_MIN)
    *reason = "A password has at least 12 characters";
  else if (strlen (password) > PASSWORD_MAX)
    *reason = "A password has at most 1024 bytes";
  else if (g_ascii_strcasecmp (password, user) == 0)
    *reason = "A password is not the user's name";

  return *reason == NULL;
}

/* The name space of ids that follow from a name: one per kind of name. */
static void
named_id (AlmId      *id,
          const char *what,
          const char *name)
{
  static const AlmId space = { { 0x0a, 0x11, 0x3e, 0x4d, 0xe0, 0x00, 0x40, 0x00,
                                 0x80, 0x00, 0x6a, 0x65, 0x6e, 0x61, 0x00, 0x01 } };
  g_autofree char *text = g_strconcat (what, "/", name, NULL);

  alm_id_make_named (id, &space, text);
}

void
alm_hub_model_id (AlmId      *id,
                  const char *kind)
{
  named_id (id, ALM_KIND_MODEL, kind);
}

void
alm_hub_scope_id (AlmId      *id,
                  const char *path)
{
  named_id (id, ALM_KIND_SCOPE, path);
}

char *
alm_hub_new_id_text (const AlmHubOptions *options)
{
  AlmRandom random;
  AlmId id;

  (options->random != NULL ? options->random : alm_secret_random) (random.s, sizeof random.s);
  alm_id_make_v7 (&id, alm_clock_now_us (options->clock), &random);

  return alm_id_to_text (&id);
}

static gboolean
found_account (AlmServerStore       *store,
               const AlmHubOptions  *options,
               const char           *admin,
               const char           *password,
               GError              **error)
{
  static const char *const given[][2] = {
    { "manager", "*" }, { "operator", "*" }, { "auditor", "*" }, { "steward", ALM_SCOPE_SYSTEM },
  };
  g_autoptr (GPtrArray) grants =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_grant_free);
  g_autofree char *hash = alm_password_hash (password, options->cost);
  AlmHubAccount account = {
    .name = (char *) admin, .title = (char *) admin, .password = hash, .enabled = TRUE,
  };

  if (hash == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No memory to hash the password");
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    g_ptr_array_add (grants, alm_hub_grant_new (given[i][0], given[i][1], ALM_CLASSES_DEFAULT));

  return store->api->put_account (store, &account, error)
         && store->api->set_grants (store, admin, grants, error);
}

static gboolean
found_models (AlmServerStore       *store,
              const AlmHubOptions  *options,
              const char           *server,
              GPtrArray            *models,
              GError              **error)
{
  gint64 now_us = alm_clock_now_us (options->clock);
  g_autofree char *at = alm_clock_format (now_us);
  AlmHubDesk desk = {
    .user = (char *) ALM_HUB_USER, .name = (char *) ALM_HUB_USER, .seen_us = now_us,
  };

  if (!alm_id_parse (&desk.id, server))
    g_assert_not_reached ();

  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      AlmValue *fields = models->pdata[i];
      AlmHubRecord after = {
        .scope = ALM_SCOPE_SYSTEM, .kind = ALM_KIND_MODEL, .fields = fields,
      };
      AlmHubEntry entry = {
        .desk = desk.id, .n = ++desk.last_n, .user = ALM_HUB_USER, .at = at,
        .stored_us = now_us, .op = ALM_OP_NEW, .set = fields,
      };

      alm_hub_model_id (&after.id, alm_value_get_text_of (fields, "name"));
      if (!store->api->put_record (store, NULL, &after, NULL, 0, &entry, error))
        return FALSE;
    }

  return store->api->put_desk (store, &desk, error);
}

static gboolean
found (AlmServerStore       *store,
       const AlmHubOptions  *options,
       const char           *admin,
       const char           *password,
       GPtrArray            *models,
       const char           *server,
       const char           *epoch,
       GError              **error)
{
  g_autofree char *known = NULL;
  g_autofree char *nobody = NULL;
  g_autofree char *nobodys = alm_hub_new_id_text (options);
  AlmHubAudit audit = {
    .at_us = alm_clock_now_us (options->clock), .actor = (char *) admin,
    .action = (char *) "init", .subject = (char *) server, .detail = (char *) "",
  };

  if (!store->api->get_info (store, "server", &known, error))
    return FALSE;
  if (known != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "There is a server in this folder");
      return FALSE;
    }
  nobody = alm_password_hash (nobodys, options->cost);
  if (nobody == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No memory to hash the password");
      return FALSE;
    }

  return store->api->make_scope (store, ALM_SCOPE_SYSTEM, error)
         && store->api->set_info (store, "server", server, error)
         && store->api->set_info (store, "epoch", epoch, error)
         && store->api->set_info (store, "nobody", nobody, error)
         && found_account (store, options, admin, password, error)
         && found_models (store, options, server, models, error)
         && store->api->add_audit (store, &audit, error);
}

/* Whether a server can be founded with these; asked before anything is written. */
gboolean
alm_hub_check_founder (const char  *admin,
                       const char  *password,
                       GError     **error)
{
  const char *reason;

  if (!alm_name_is_user (admin) || strcmp (admin, ALM_HUB_USER) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "'%s' is no name of a user",
                 admin);
  else if (!alm_hub_check_password (admin, password, &reason))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, reason);
  else
    return TRUE;

  return FALSE;
}

gboolean
alm_hub_found (AlmServerStore       *store,
               const AlmHubOptions  *given,
               const char           *admin,
               const char           *password,
               GPtrArray            *models,
               AlmValue            **said,
               GError              **error)
{
  AlmHubOptions options = *given;
  g_autofree char *server = NULL;
  g_autofree char *epoch = NULL;

  if (options.random == NULL)
    options.random = alm_secret_random;
  if (options.cost == NULL)
    options.cost = &alm_password_cost;
  if (!alm_hub_check_founder (admin, password, error))
    return FALSE;

  server = alm_hub_new_id_text (&options);
  epoch = alm_hub_new_id_text (&options);
  if (!store->api->begin (store, TRUE, error))
    return FALSE;
  if (!found (store, &options, admin, password, models, server, epoch, error))
    {
      store->api->rollback (store);
      return FALSE;
    }
  if (!store->api->commit (store, error))
    return FALSE;

  *said = alm_value_new_object ();
  alm_value_set_text (*said, "server", server);
  alm_value_set_text (*said, "epoch", epoch);

  return TRUE;
}
