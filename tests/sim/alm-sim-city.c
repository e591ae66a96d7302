/* SPDX-License-Identifier: EUPL-1.2 */

/* What happens to a whole city while people work: clocks that jump, accounts that
 * are disabled and enabled, passwords and tokens that end, a model that gets a
 * field and shall lose it again.  One thread. */

#include "config.h"

#include "alm-hub.h"
#include "alm-json.h"
#include "alm-sim-private.h"

#include <string.h>

#define RETRY (700 * MILLI)
#define DAY   (86400 * SECOND)

typedef enum {
  ACCOUNT_DISABLE,
  ACCOUNT_ENABLE,
  ACCOUNT_PASSWORD,
  ACCOUNT_REVOKE,
  N_ACCOUNTS
} AccountChange;

void
alm_sim_plan_city (AlmSimWorld *self)
{
  static const AccountChange changes[] = { ACCOUNT_DISABLE, ACCOUNT_PASSWORD, ACCOUNT_REVOKE };

  if (alm_sim_below (self, 3) == 0)
    for (guint i = 1 + alm_sim_below (self, 3); i > 0; i--)
      alm_sim_add_event (self, EVENT_JUMP, alm_sim_below (self, TROUBLE_S * 1000) * MILLI,
                         alm_sim_below (self, self->n_desks + 1));
  if (alm_sim_below (self, 4) == 0)
    for (guint i = 1 + alm_sim_below (self, 2); i > 0; i--)
      alm_sim_add_event (self, EVENT_ACCOUNT, alm_sim_below (self, TROUBLE_S * 1000) * MILLI,
                         alm_sim_below (self, self->n_desks))
        ->number = changes[alm_sim_below (self, G_N_ELEMENTS (changes))];
  if (alm_sim_below (self, 4) == 0)
    {
      gint64 when = alm_sim_below (self, TROUBLE_S * 500) * MILLI;

      alm_sim_add_event (self, EVENT_MODEL, when, G_MAXUINT)->number = TRUE;
      if (alm_sim_below (self, 2) == 0)
        alm_sim_add_event (self, EVENT_MODEL,
                           when + (1 + alm_sim_below (self, TROUBLE_S * 500)) * MILLI, G_MAXUINT)
          ->number = FALSE;
    }
}

/* Clocks */

/* A time is awaited that another clock would not reach. */
static gboolean
is_awaited (AlmSimWorld *self)
{
  for (guint i = 0; i < self->n_desks; i++)
    if (self->desks[i].until_us != 0 || self->desks[i].unsure > 0)
      return TRUE;

  return FALSE;
}

/* The clock on the wall is set by hand, by years or by an hour, forth or back. */
void
alm_sim_jump (AlmSimWorld *self,
              guint        number)
{
  gboolean hub = number == self->n_desks;
  AlmSimClock *clock = hub ? &self->hub_clock : &self->desks[number].clock;
  gint64 by = alm_sim_below (self, 2) == 0 ? (gint64) alm_sim_below (self, 3000) * DAY
                                           : (gint64) alm_sim_below (self, 7200) * SECOND;

  if (alm_sim_below (self, 2) == 0)
    by = -by;
  if (hub && is_awaited (self))
    return;

  clock->offset_us += by;
  self->counters.clock_jumps++;
  self->counters.clock_jumps_back += by < 0;
  alm_sim_say (self, "the clock of %s %u jumps by %" G_GINT64_FORMAT " s", hub ? "hub" : "desk",
               number, by / SECOND);
  /* Tokens end with time. */
  for (guint i = 0; hub && i < self->n_desks; i++)
    self->desks[i].may_be_out = TRUE;
}

/* The manager's requests */

/* NULL: not now.  He logs in again where his token has ended. */
static AlmHubReply *
ask_hub (AlmSimWorld   *self,
         AlmHubRequest *request)
{
  AlmHubReply *reply;

  alm_sim_arm (self, self->hub_disk);
  reply = alm_hub_core_handle (self->hub, request);
  alm_sim_disarm (self->hub_disk);
  if (!alm_sim_hub_survives (self, reply))
    {
      alm_hub_reply_free (reply);
      return NULL;
    }
  if (!reply->hash)
    return reply;

  alm_hub_reply_free (reply);
  alm_hub_request_hash (request, &alm_sim_cheap);

  return ask_hub (self, request);
}

static char *
log_in (AlmSimWorld *self,
        const char  *user,
        const char  *password,
        const AlmId *desk)
{
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/login");
  char id[ALM_ID_TEXT_SIZE];
  g_autofree char *body = NULL;
  g_autoptr (AlmHubReply) reply = NULL;
  g_autoptr (AlmValue) said = NULL;

  alm_id_print (desk, id);
  body = g_strdup_printf ("{\"user\":\"%s\",\"password\":\"%s\",\"desk\":\"%s\","
                          "\"name\":\"Rechner\"}", user, password, id);
  request->body = g_bytes_new (body, strlen (body));
  reply = ask_hub (self, request);
  if (reply == NULL || reply->status != 200)
    return NULL;

  said = alm_json_parse (reply->body->str, (gssize) reply->body->len, NULL, NULL);

  return g_strdup (alm_value_get_text_of (said, "token"));
}

/* The status; 0: not now. */
guint
alm_sim_manage (AlmSimWorld *self,
                const char  *method,
                const char  *path,
                const char  *body)
{
  g_autoptr (AlmHubRequest) request = NULL;
  g_autoptr (AlmHubReply) reply = NULL;
  char *token;
  AlmId id;

  if (self->hub == NULL)
    return 0;

  request = alm_hub_request_new (method, path);
  request->authorization = g_strconcat ("Bearer ", self->admin, NULL);
  request->body = g_bytes_new (body, strlen (body));
  reply = ask_hub (self, request);
  if (reply == NULL || reply->status != 401)
    return reply != NULL ? reply->status : 0;

  g_assert_true (alm_id_parse (&id, ALM_SIM_ADMIN_DESK));
  token = log_in (self, "chef", PASSWORD, &id);
  if (token != NULL)
    {
      g_free (self->admin);
      self->admin = token;
    }

  return 0;
}

/* Accounts */

static void
account_later (AlmSimWorld       *self,
               const AlmSimEvent *asked,
               AccountChange      change,
               gint64             delay)
{
  AlmSimEvent *again = alm_sim_add_event (self, EVENT_ACCOUNT, delay, asked->desk);

  again->number = change;
}

static void
account_changed (AlmSimWorld       *self,
                 const AlmSimEvent *asked)
{
  AlmSimDesk *node = &self->desks[asked->desk];

  switch ((AccountChange) asked->number)
    {
    case ACCOUNT_DISABLE:
      self->counters.disabled++;
      node->disabled = TRUE;
      account_later (self, asked, ACCOUNT_ENABLE, (1 + alm_sim_below (self, 15)) * SECOND);
      break;

    case ACCOUNT_ENABLE:
      node->disabled = FALSE;
      break;

    case ACCOUNT_PASSWORD:
      self->counters.passwords++;
      node->password++;
      node->token_ended = TRUE;
      break;

    case ACCOUNT_REVOKE:
      self->counters.revoked++;
      node->token_ended = TRUE;
      break;

    case N_ACCOUNTS:
    default:
      g_assert_not_reached ();
    }
  alm_sim_say (self, "account %u: change %u", asked->desk, asked->number);
  alm_sim_release_polls (self);
}

void
alm_sim_change_account (AlmSimWorld       *self,
                        const AlmSimEvent *asked)
{
  static const char *const bodies[] = { "{\"enabled\":false}", "{\"enabled\":true}", NULL, "" };
  AlmSimDesk *node = &self->desks[asked->desk];
  g_autofree char *path = g_strdup_printf ("/v1/users/user%u", asked->desk);
  g_autofree char *desk_path = g_strconcat ("/v1/desks/", node->id, NULL);
  g_autofree char *password = g_strdup_printf ("{\"password\":\"" PASSWORD " %u\"}",
                                               node->password + 1);
  gboolean revoke = asked->number == ACCOUNT_REVOKE;
  guint status;

  node->may_be_out = TRUE;
  if (asked->number == ACCOUNT_ENABLE)
    node->disabled = FALSE;
  status = alm_sim_manage (self, revoke ? "DELETE" : "PATCH", revoke ? desk_path : path,
                           asked->number == ACCOUNT_PASSWORD ? password : bodies[asked->number]);
  if (status == 200 || status == 204)
    account_changed (self, asked);
  else if (status == 0 || status >= 500)
    account_later (self, asked, (AccountChange) asked->number, RETRY);
  else
    alm_sim_world_violate (self, "account %u: change %u is answered by %u", asked->desk,
                           asked->number, status);
}

/* Whoever is signed out logs in again, until it works. */
void
alm_sim_look_at_login (AlmSimWorld *self,
                       guint        number)
{
  AlmSimDesk *node = &self->desks[number];

  if (node->machine == NULL || node->asks_login
      || alm_sync_machine_get_status (node->machine)->phase != ALM_SYNC_PHASE_SIGNED_OUT)
    return;

  if (!node->may_be_out)
    alm_sim_world_violate (self, "desk %u was signed out without a cause", number);
  node->asks_login = TRUE;
  alm_sim_add_event (self, EVENT_LOGIN, (200 + alm_sim_below (self, 3000)) * MILLI, number);
}

void
alm_sim_log_in_again (AlmSimWorld *self,
                      guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autofree char *user = g_strdup_printf ("user%u", number);
  g_autofree char *password = node->password > 0
                              ? g_strdup_printf (PASSWORD " %u", node->password)
                              : g_strdup (PASSWORD);
  char *token = NULL;
  AlmId id;

  node->asks_login = FALSE;
  g_assert_true (alm_id_parse (&id, node->id));
  if (self->hub != NULL)
    token = log_in (self, user, password, &id);
  if (token == NULL)
    {
      alm_sim_look_at_login (self, number);
      return;
    }

  if (node->disabled)
    alm_sim_world_violate (self, "user %u is disabled and was let in", number);
  g_free (node->token);
  node->token = token;
  node->token_ended = FALSE;
  self->counters.signed_out++;
  alm_sim_step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_LOGIN });
}

/* Nobody is answered whose account is disabled or whose token has ended. */
void
alm_sim_check_token (AlmSimWorld *self,
                     guint        number,
                     guint        status)
{
  AlmSimDesk *node = &self->desks[number];

  if ((node->disabled || node->token_ended) && status < 400)
    alm_sim_world_violate (self, "desk %u: answered by %u with a token that has ended", number,
                           status);
}

/* The model */

static char *
print_model_command (AlmSimWorld *self,
                     gboolean     up)
{
  char id[ALM_ID_TEXT_SIZE];
  AlmId model;

  alm_hub_model_id (&model, ALM_SIM_KIND);
  alm_id_print (&model, id);

  return g_strdup_printf ("{\"desk\":\"" ALM_SIM_ADMIN_DESK "\",\"epoch\":\"%s\",\"first\":%u}\n"
                          "{\"n\":%u,\"cid\":\"%016x\",\"op\":\"upd\",\"base\":1,\"id\":\"%s\","
                          "\"set\":{\"schema\":%s},\"old\":{\"schema\":%s},"
                          "\"at\":\"2027-01-15T08:00:00Z\"}\n", self->epoch, self->admin_n + 1,
                          self->admin_n + 1, 0xb0 + self->admin_n, id,
                          up ? alm_sim_schema_new : alm_sim_schema,
                          up ? alm_sim_schema : alm_sim_schema_new);
}

/* The steward gives the model a field, or would take it away, which the server
 * does not let him: records have it. */
void
alm_sim_change_model (AlmSimWorld       *self,
                      const AlmSimEvent *asked)
{
  gboolean up = asked->number == TRUE;
  AlmHubReply *reply = NULL;
  AlmSimEvent *again;
  g_autofree char *body = NULL;
  guint status = 0;

  if (up == self->has_x || (self->unsure_x && !asked->again))
    return;

  /* Logged in at all? */
  if (alm_sim_manage (self, "GET", "/v1/users", "") == 200)
    {
      body = print_model_command (self, up);
      alm_sim_arm (self, self->hub_disk);
      reply = alm_sim_push (self, self->admin, body);
      alm_sim_disarm (self->hub_disk);
      status = alm_sim_hub_survives (self, reply) ? reply->status : 0;
    }
  if (status == 200 && strstr (reply->body->str, up ? "\"ok\"" : "\"refused\"") == NULL)
    alm_sim_world_violate (self, "the model is answered by %s", reply->body->str);
  g_clear_pointer (&reply, alm_hub_reply_free);
  if (status != 200)
    {
      self->unsure_x = TRUE;
      again = alm_sim_add_event (self, EVENT_MODEL, RETRY, G_MAXUINT);
      again->number = up;
      again->again = TRUE;
      return;
    }

  self->admin_n++;
  self->has_x = TRUE;
  self->unsure_x = FALSE;
  self->counters.upgrades += up;
  self->counters.downgrades += !up;
  alm_sim_say (self, "the model with%s x was handed in", up ? "" : "out");
  alm_sim_release_polls (self);
}
