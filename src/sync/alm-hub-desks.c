/* SPDX-License-Identifier: EUPL-1.2 */

/* Desks over HTTP: which there are, a copied profile that becomes one of its own, and
 * those that are to be heard no more.
 *
 * A lost desk is wiped when it comes next, whoever has it by then.  So its tokens are
 * kept, and are good for nothing but to tell it so; it says by a logout that it is
 * empty.  They are kept after that, too: a copy of the profile may come. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-plant.h"

#include <string.h>

static void
set_time (AlmValue   *said,
          const char *name,
          gint64      t_us)
{
  g_autofree char *text = t_us != 0 ? alm_clock_format (t_us) : NULL;

  alm_value_set_text (said, name, text);
}

static AlmHubReply *
list_desks (AlmHubCore   *self,
            AlmHubActor  *actor,
            GError      **error)
{
  g_autoptr (AlmHubReply) reply = alm_hub_reply_new (200, "application/x-ndjson");
  g_autoptr (GPtrArray) desks = NULL;

  if (!alm_hub_is_manager (actor))
    return alm_hub_forbid ();
  if (!self->store->api->list_desks (self->store, &desks, error))
    return NULL;

  for (guint i = 0; i < desks->len; i++)
    {
      const AlmHubDesk *desk = desks->pdata[i];
      g_autoptr (AlmValue) said = alm_value_new_object ();
      g_autofree char *seen = alm_clock_format (desk->seen_us);
      char text[ALM_ID_TEXT_SIZE];

      if (alm_id_equal (&desk->id, &self->server))
        continue;
      alm_id_print (&desk->id, text);
      alm_value_set_text (said, "desk", text);
      alm_value_set_text (said, "user", desk->user);
      alm_value_set_text (said, "name", desk->name);
      alm_value_set_integer (said, "last_n", desk->last_n);
      alm_value_set_text (said, "seen", seen);
      alm_value_set_text (said, "state", desk->wiped_us != 0  ? "wiped"
                                         : desk->lost_us != 0 ? "lost" : "known");
      set_time (said, "lost", desk->lost_us);
      set_time (said, "wiped", desk->wiped_us);
      alm_hub_reply_say (reply, said);
    }

  return g_steal_pointer (&reply);
}

/* The same desk once more: it has not heard the answer, and has not sent anything yet. */
static gboolean
is_again (const AlmHubDesk  *known,
          const AlmHubActor *actor)
{
  return known->last_n == 0 && known->lost_us == 0 && strcmp (known->user, actor->user) == 0;
}

/* A copied profile becomes a desk of its own: {"desk","user"?,"name"?}.  Who asks has the
 * token of the desk that it was; without a name the new one gets that one's. */
static AlmHubReply *
add_desk (AlmHubCore     *self,
          AlmHubActor    *actor,
          AlmHubRequest  *request,
          GError        **error)
{
  AlmHubReply *refusal = NULL;
  g_autoptr (AlmValue) asked = alm_hub_request_json (request, &refusal);
  g_autoptr (AlmValue) said = alm_value_new_object ();
  g_autoptr (AlmHubDesk) known = NULL;
  g_autoptr (AlmHubDesk) before = NULL;
  g_autofree char *token = NULL;
  AlmHubDesk desk = { .user = actor->user, .seen_us = actor->now_us };
  char id[ALM_ID_TEXT_SIZE];
  char old[ALM_ID_TEXT_SIZE];
  gint64 expires_us;
  const char *name;

  if (asked == NULL)
    return refusal;
  if (!alm_id_parse (&desk.id, alm_value_get_text_of (asked, "desk")))
    return alm_hub_reply_problem (400, "bad-request", "\"desk\" is no UUID");
  if (alm_value_get (asked, "user") != NULL
      && g_strcmp0 (alm_value_get_text_of (asked, "user"), actor->user) != 0)
    return alm_hub_reply_problem (403, "wrong-desk", "The token is another user's");
  if (!self->store->api->get_desk (self->store, &desk.id, &known, error)
      || !self->store->api->get_desk (self->store, &actor->desk, &before, error))
    return NULL;
  if (known != NULL && !is_again (known, actor))
    return alm_hub_reply_problem (409, "desk-taken", "The desk is known already");

  name = alm_value_get_text_of (asked, "name");
  if (name == NULL && before != NULL)
    name = before->name;
  desk.name = (char *) (name != NULL && strlen (name) <= 200 ? name : "");
  alm_id_print (&desk.id, id);
  alm_id_print (&actor->desk, old);
  if (!self->store->api->put_desk (self->store, &desk, error)
      || !self->store->api->copy_reader (self->store, &actor->desk, &desk.id, error)
      || !self->store->api->drop_tokens_of (self->store, &desk.id, NULL, error)
      || !alm_hub_core_audit (self, actor->user, "desk-fork", id, old, error))
    return NULL;
  token = alm_hub_core_new_token (self, &desk.id, actor->user, NULL, &expires_us, error);
  if (token == NULL)
    return NULL;
  alm_value_set_text (said, "token", token);

  return alm_hub_reply_value (201, said);
}

AlmHubReply *
alm_hub_desks (AlmHubCore     *self,
               AlmHubActor    *actor,
               AlmHubRequest  *request,
               GError        **error)
{
  return strcmp (request->method, "GET") == 0 ? list_desks (self, actor, error)
                                              : add_desk (self, actor, request, error);
}

/* A lost desk keeps its tokens: by them it is known when it comes, and hears that it is
 * to empty itself. */
static gboolean
end_desk (AlmHubCore         *self,
          const AlmHubActor  *actor,
          AlmHubDesk         *desk,
          gboolean            lost,
          GError            **error)
{
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&desk->id, id);
  if (desk->wiped_us != 0)
    return TRUE;

  if (lost && desk->lost_us == 0)
    desk->lost_us = actor->now_us;
  else if (!lost)
    desk->lost_us = 0;

  return self->store->api->put_desk (self->store, desk, error)
         && (lost || ALM_PLANTED ("revoked-lives")
             || self->store->api->drop_tokens_of (self->store, &desk->id, NULL, error))
         && alm_hub_core_audit (self, actor->user, lost ? "desk-lost" : "desk-revoke", id,
                                desk->user, error);
}

/* DELETE /v1/desks/ID: its tokens end; what it has sent stays.  With ?lost=1 it is wiped
 * when it comes next, with all it has not sent; without it that is called off. */
AlmHubReply *
alm_hub_desk (AlmHubCore     *self,
              AlmHubActor    *actor,
              AlmHubRequest  *request,
              GError        **error)
{
  const char *text = request->path + strlen ("/v1/desks/");
  g_autofree char *lost = alm_hub_request_query (request, "lost");
  g_autoptr (AlmHubDesk) desk = NULL;
  g_autoptr (GPtrArray) grants = NULL;
  AlmHubReply *reply;
  AlmId id;

  if (!alm_hub_is_manager (actor))
    return alm_hub_forbid ();
  if (lost != NULL && strcmp (lost, "1") != 0)
    return alm_hub_reply_problem (400, "bad-request", "\"lost\" is 1 or not there");
  if (alm_id_parse (&id, text)
      && !self->store->api->get_desk (self->store, &id, &desk, error))
    return NULL;
  if (desk == NULL || alm_id_equal (&id, &self->server))
    return alm_hub_reply_problem (404, "not-found", "There is no such desk");
  if (!self->store->api->list_grants (self->store, desk->user, &grants, error))
    return NULL;
  if (!alm_hub_may_manage (actor, desk->user, grants))
    return alm_hub_forbid ();
  if (!end_desk (self, actor, desk, lost != NULL, error))
    return NULL;
  reply = alm_hub_reply_new (204, NULL);
  reply->rights_changed = TRUE;

  return reply;
}

AlmHubReply *
alm_hub_wiped (AlmHubCore   *self,
               AlmHubActor  *actor,
               GError      **error)
{
  g_autoptr (AlmHubDesk) desk = NULL;
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&actor->desk, id);
  if (!self->store->api->get_desk (self->store, &actor->desk, &desk, error))
    return NULL;

  desk->seen_us = desk->wiped_us = actor->now_us;
  if (!self->store->api->put_desk (self->store, desk, error)
      || !self->store->api->end_reader (self->store, &desk->id, actor->now_us, error)
      || !alm_hub_core_audit (self, desk->user, "desk-wiped", id, "", error))
    return NULL;

  return alm_hub_reply_new (204, NULL);
}
