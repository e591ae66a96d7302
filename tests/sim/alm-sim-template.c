/* SPDX-License-Identifier: EUPL-1.2 */

/* What every schedule begins with: a founded city, its scope, and desks that
 * belong to it.  One thread. */

#include "config.h"

#include "alm-hub.h"
#include "alm-json.h"
#include "alm-sim-private.h"

#include <string.h>

#define FIELDS \
  "\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}," \
  "\"c\":{\"type\":\"string\",\"x-alm-class\":\"confidential\"}," \
  "\"p\":{\"type\":\"string\",\"x-alm-class\":\"personal\"}," \
  "\"r\":{\"type\":\"string\",\"readOnly\":true}," \
  "\"g\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"}," \
  "\"from\":{\"type\":\"string\",\"format\":\"edtf\"," \
  "\"x-ogc-role\":\"primary-interval-start\"}," \
  "\"n\":{\"type\":\"number\",\"x-alm-merge\":\"counter\"}," \
  "\"s\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"x-alm-merge\":\"set\"}"
#define BEGIN "{\"type\":\"object\",\"title\":\"Ding\",\"x-alm-label\":\"{a}\",\"properties\":{"

const char alm_sim_schema[] = BEGIN FIELDS "}}";
const char alm_sim_schema_new[] = BEGIN FIELDS ",\"x\":{\"type\":\"string\"}}}";

static char *
ask_text (AlmSimWorld *self,
          const char  *token,
          const char  *method,
          const char  *path,
          const char  *body)
{
  g_autoptr (AlmHubRequest) request = alm_hub_request_new (method, path);
  g_autoptr (AlmHubReply) reply = NULL;

  if (token != NULL)
    request->authorization = g_strconcat ("Bearer ", token, NULL);
  request->body = g_bytes_new (body, strlen (body));
  reply = alm_hub_core_handle (self->hub, request);
  if (reply->hash)
    {
      alm_hub_reply_free (reply);
      alm_hub_request_hash (request, &alm_sim_cheap);
      reply = alm_hub_core_handle (self->hub, request);
    }
  if (reply->status >= 300)
    g_error ("%s %s: %u %s", method, path, reply->status, reply->body->str);

  return g_strndup (reply->body->str, reply->body->len);
}

char *
alm_sim_log_in (AlmSimWorld *self,
                const char  *user,
                const AlmId *desk)
{
  char id[ALM_ID_TEXT_SIZE];
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) said = NULL;

  alm_id_print (desk, id);
  body = g_strdup_printf ("{\"user\":\"%s\",\"password\":\"" PASSWORD "\",\"desk\":\"%s\","
                          "\"name\":\"Rechner\"}", user, id);
  text = ask_text (self, NULL, "POST", "/v1/login", body);
  said = alm_json_parse (text, -1, NULL, NULL);

  return g_strdup (alm_value_get_text_of (said, "token"));
}

void
alm_sim_found_city (AlmSimWorld *self)
{
  AlmHubOptions options = { &self->hub_clock.clock, alm_sim_hub_bytes, &alm_sim_cheap };
  g_autoptr (GPtrArray) models = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (AlmServerStore) store = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autoptr (GError) error = NULL;
  AlmValue *model = alm_value_new_object ();

  alm_value_set_text (model, "name", ALM_SIM_KIND);
  alm_value_set (model, "schema", alm_json_parse (alm_sim_schema, -1, NULL, NULL));
  g_ptr_array_add (models, model);
  store = alm_hub_open (self->hub_dir, ALM_HUB_WRITE | ALM_HUB_CREATE, &error);
  g_assert_no_error (error);
  alm_hub_found (store, &options, "chef", PASSWORD, models, &said, &error);
  g_assert_no_error (error);
  self->epoch = g_strdup (alm_value_get_text_of (said, "epoch"));
}

AlmHubReply *
alm_sim_push (AlmSimWorld *self,
              const char  *token,
              const char  *body)
{
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/push");
  AlmHubReply *reply = NULL;
  AlmHubPush *push;

  request->authorization = g_strconcat ("Bearer ", token, NULL);
  request->body = g_bytes_new (body, strlen (body));
  push = alm_hub_push_parse (request, &reply);
  g_assert_nonnull (push);
  alm_hub_core_push (self->hub, &push, 1, &reply);
  alm_hub_push_free (push);

  return reply;
}

void
alm_sim_make_scope (AlmSimWorld *self,
                    const char  *admin)
{
  static const char command[] =
    "{\"n\":1,\"cid\":\"00000000000000a1\",\"op\":\"new\",\"base\":0,\"scope\":\"system\","
    "\"kind\":\"scope\",\"id\":\"00000000-0000-7000-8000-0000000000a1\","
    "\"set\":{\"path\":\"" ALM_SIM_SCOPE "\",\"title\":\"Dinge\"},"
    "\"at\":\"2027-01-15T08:00:00Z\"}\n";
  g_autofree char *body = g_strdup_printf ("{\"desk\":\"" ALM_SIM_ADMIN_DESK "\","
                                           "\"epoch\":\"%s\",\"first\":1}\n%s", self->epoch,
                                           command);
  g_autoptr (AlmHubReply) reply = alm_sim_push (self, admin, body);

  g_assert_cmpuint (reply->status, ==, 200);
}

void
alm_sim_make_desk (AlmSimWorld *self,
                   guint        number,
                   const char  *admin)
{
  AlmSimDesk *node = &self->desks[number];
  g_autofree char *user = g_strdup_printf ("user%u", number);
  g_autofree char *account = g_strdup_printf ("{\"name\":\"%s\",\"title\":\"%s\","
                                              "\"password\":\"" PASSWORD "\"}", user, user);
  g_autofree char *path = g_strdup_printf ("/v1/users/%s/grants", user);
  g_autofree char *added = ask_text (self, admin, "POST", "/v1/users", account);
  g_autofree char *granted = ask_text (self, admin, "PUT", path,
                                       "{\"grants\":[{\"role\":\"editor\",\"scope\":\"ksj/*\"}]}");
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GError) error = NULL;

  desk = alm_desk_open_seeded (node->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, &node->clock.clock,
                               number + 1, &error);
  g_assert_no_error (error);
  g_assert_true (alm_desk_sync_note_login (desk, "http://sim", user, NULL));
  node->id = alm_id_to_text (alm_desk_get_id (desk));
  node->token = alm_sim_log_in (self, user, alm_desk_get_id (desk));
  node->first_token = g_strdup (node->token);
}
