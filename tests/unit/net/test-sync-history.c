/* SPDX-License-Identifier: EUPL-1.2 */

/* A record's history, asked of a server in this process. */

#include "config.h"

#include "alm-sync-driver-private.h"
#include "alm-sync-history.h"
#include "alm-test.h"
#include "alm-wire-history.h"
#include "alm-zstd.h"

#include <libsoup/soup.h>
#include <string.h>

#define ENTRY "{\"seq\":7,\"n\":3,\"desk\":\"01931f2e-7c1a-7e3b-9d41-00000000d001\"," \
              "\"user\":\"anna\",\"at\":\"2026-11-23T08:12:00Z\",\"op\":\"upd\"," \
              "\"set\":{\"height\":14},\"old\":{\"height\":12}}\n"

typedef struct
{
  char          *dir;
  AlmRecords    *records;
  AlmSyncDriver *driver;
  SoupServer    *server;
  const char    *path;       /* that was asked for last; interned */
  guint          status;     /* to answer with */
  gboolean       packed;
} Fixture;

static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GBytes) packed = alm_zstd_pack (ENTRY, strlen (ENTRY), 3);

  fixture->path = g_intern_string (path);
  soup_server_message_set_status (message, fixture->status, NULL);
  if (fixture->packed)
    soup_server_message_set_response (message, "application/x-ndjson", SOUP_MEMORY_COPY,
                                      g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
  else
    soup_server_message_set_response (message, "application/x-ndjson", SOUP_MEMORY_COPY, ENTRY,
                                      strlen (ENTRY));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  fixture->status = 200;
  fixture->dir = alm_test_make_dir ();
  fixture->records = alm_records_open (fixture->dir, &error);
  g_assert_no_error (error);
  fixture->driver = alm_sync_driver_new (fixture->records, FALSE);
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, answer_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_clear_object (&fixture->driver);
  g_clear_object (&fixture->records);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static void
sign_in (Fixture *fixture)
{
  GSList *uris = soup_server_get_uris (fixture->server);
  g_autofree char *address = g_uri_to_string (uris->data);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmHttpClient) client = alm_http_client_new (address, &error);

  g_assert_no_error (error);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  alm_sync_driver_set_token (fixture->driver, client, "token", "anna");
}

static GPtrArray *
ask (Fixture  *fixture,
     GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  AlmId id;

  g_assert_true (alm_id_parse (&id, "01931f2e-7c1a-7e3b-9d41-000000000001"));
  alm_sync_driver_history_async (fixture->driver, &id, NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_sync_driver_history_finish (fixture->driver, result, error);
}

static void
test_the_server_tells_who_did_what (Fixture       *fixture,
                                    gconstpointer  packed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  const AlmHistoryEntry *change;

  fixture->packed = GPOINTER_TO_INT (packed);
  sign_in (fixture);
  changes = ask (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->path, ==, "/v1/records/01931f2e-7c1a-7e3b-9d41-000000000001/history");
  g_assert_cmpuint (changes->len, ==, 1);
  change = changes->pdata[0];
  g_assert_cmpstr (change->user, ==, "anna");
  g_assert_cmpint (alm_value_get_integer_of (change->command->old, "height", 0), ==, 12);
}

static void
test_without_a_login_nothing_is_asked (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ask (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_null (fixture->path);
}

static void
test_refusals_are_told_apart (Fixture       *fixture,
                              gconstpointer  data)
{
  static const struct { guint status; int code; } cases[] = {
    { 404, G_IO_ERROR_NOT_FOUND }, { 401, G_IO_ERROR_NOT_CONNECTED },
  };
  g_autoptr (GError) other = NULL;

  sign_in (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      fixture->status = cases[i].status;
      g_assert_null (ask (fixture, &error));
      g_assert_error (error, G_IO_ERROR, cases[i].code);
    }
  fixture->status = 500;
  g_assert_null (ask (fixture, &other));
  g_assert_cmpstr (other->message, ==, "the server answered 500");
}

#define ADD(name, data, test) \
  g_test_add ("/net/sync-history/" name, Fixture, data, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("told", GINT_TO_POINTER (FALSE), test_the_server_tells_who_did_what);
  ADD ("packed", GINT_TO_POINTER (TRUE), test_the_server_tells_who_did_what);
  ADD ("signed-out", NULL, test_without_a_login_nothing_is_asked);
  ADD ("refused", NULL, test_refusals_are_told_apart);

  return g_test_run ();
}
