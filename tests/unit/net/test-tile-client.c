/* SPDX-License-Identifier: EUPL-1.2 */

/* Against a server of our own on loopback. */

#include "config.h"

#include "alm-test.h"
#include "alm-tile-client.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <utime.h>

typedef struct
{
  char          *dir;
  SoupServer    *server;
  char          *address;
  AlmTileClient *client;
  guint          n_requests;
  guint          status;
  char          *last_path;
} Fixture;

static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Fixture *fixture = user_data;

  fixture->n_requests++;
  g_free (fixture->last_path);
  fixture->last_path = g_strdup (path);
  soup_server_message_set_status (message, fixture->status, NULL);
  if (fixture->status == SOUP_STATUS_OK)
    soup_server_message_set_response (message, "image/png", SOUP_MEMORY_STATIC, "tile", 4);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  fixture->dir = alm_test_make_dir ();
  fixture->status = SOUP_STATUS_OK;
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, answer_cb, fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY,
                                           &error));
  uris = soup_server_get_uris (fixture->server);
  fixture->address = g_strdup_printf ("http://127.0.0.1:%d/{z}/{x}/{y}.png",
                                      g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fixture->client = alm_tile_client_new (fixture->address, fixture->dir, &error);
  g_assert_no_error (error);
}

/* The cache has folders in folders. */
static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_all (below);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->client);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  remove_all (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->address);
  g_free (fixture->last_path);
}

static GBytes *
fetch (Fixture  *fixture,
       GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_tile_client_fetch_async (fixture->client, 3, 5, 2, NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_tile_client_fetch_finish (fixture->client, result, error);
}

/* Where the one tile lies, once it is there. */
static char *
wait_for_file (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->dir, 0, NULL);
  const char *name = g_dir_read_name (dir);

  while (name == NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_dir_rewind (dir);
      name = g_dir_read_name (dir);
    }
  {
    char *path = g_build_filename (fixture->dir, name, "3", "5", "2", NULL);

    while (!g_file_test (path, G_FILE_TEST_EXISTS))
      g_main_context_iteration (NULL, FALSE);

    return path;
  }
}

static void
test_a_tile_is_fetched_once (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = fetch (fixture, &error);
  g_autofree char *file = wait_for_file (fixture);
  g_autoptr (GBytes) second = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (fixture->last_path, ==, "/3/5/2.png");
  second = fetch (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (first, second));
  g_assert_cmpuint (fixture->n_requests, ==, 1);
}

static void
test_an_old_tile_is_better_than_none (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = fetch (fixture, &error);
  g_autofree char *file = wait_for_file (fixture);
  const struct utimbuf long_ago = { 1000000000, 1000000000 };
  g_autoptr (GBytes) again = NULL;

  g_assert_cmpint (utime (file, &long_ago), ==, 0);
  fixture->status = SOUP_STATUS_INTERNAL_SERVER_ERROR;
  again = fetch (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_requests, ==, 2);
  g_assert_true (g_bytes_equal (first, again));
}

static void
test_what_is_not_there_is_said (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  fixture->status = SOUP_STATUS_NOT_FOUND;
  g_assert_null (fetch (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  fixture->status = SOUP_STATUS_FORBIDDEN;
  g_assert_null (fetch (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "403"));
}

static void
test_addresses (void)
{
  static const char *const bad[] = {
    "", "https://a.example/{z}/{x}.png", "ftp://a.example/{z}/{x}/{y}",
    "file:///etc/{z}/{x}/{y}", "https:///{z}/{x}/{y}", "{z}{x}{y}"
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmTileClient) client =
    alm_tile_client_new ("https://a.example/t/{z}/{x}/{-y}.jpg", "/nowhere", &error);
  g_autofree char *address = NULL;

  g_assert_no_error (error);
  address = alm_tile_client_make_address (client, 3, 5, 2);
  g_assert_cmpstr (address, ==, "https://a.example/t/3/5/5.jpg");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) problem = NULL;

      g_assert_null (alm_tile_client_new (bad[i], "/nowhere", &problem));
      g_assert_error (problem, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/net/tile-client/once", Fixture, NULL, set_up, test_a_tile_is_fetched_once,
              tear_down);
  g_test_add ("/net/tile-client/old", Fixture, NULL, set_up,
              test_an_old_tile_is_better_than_none, tear_down);
  g_test_add ("/net/tile-client/missing", Fixture, NULL, set_up, test_what_is_not_there_is_said,
              tear_down);
  g_test_add_func ("/net/tile-client/addresses", test_addresses);

  return g_test_run ();
}
