/* SPDX-License-Identifier: EUPL-1.2 */

/* Packs: what stands in them, who may have them, when they are made anew. */

#include "config.h"

#include "alm-hub.h"
#include "alm-json.h"
#include "alm-packs.h"
#include "alm-test-hub.h"
#include "alm-test.h"
#include "alm-zstd.h"

#include <glib/gstdio.h>
#include <string.h>

#define DESK_A "00000000-0000-7000-8000-00000000000a"
#define DESK_B "00000000-0000-7000-8000-00000000000b"

typedef struct
{
  AlmTestHub hub;
  char      *dir;       /* of the packs */
  char      *a;         /* sees public and internal */
  char      *b;         /* and personal too */
  int        n;         /* of trees */
} Fixture;

static char *packs_dir;

static void
find_cb (const char     *dir,
         guint64         key,
         AlmHubPackFile *file)
{
  alm_packs_find (packs_dir, key, file);
}

static void
plant (Fixture *f,
       int      n)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *said = NULL;

  for (int i = f->n + 1; i <= f->n + n; i++)
    g_string_append_printf (lines, "{\"n\":%d,\"cid\":\"%016d\",\"op\":\"new\",\"base\":0,"
                            "\"scope\":\"ksj/baeume\",\"kind\":\"tree\","
                            "\"id\":\"00000000-0000-7000-8000-%012d\","
                            "\"set\":{\"species\":\"Linde\",\"owner\":\"MARKER\"}}\n", i, i, i);
  said = alm_test_hub_push (&f->hub, 200, f->b, DESK_B, f->n + 1, lines->str);
  g_assert_null (strstr (said, "refused"));
  f->n += n;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  AlmHubOptions options = alm_test_hub_options;
  g_autoptr (GError) error = NULL;

  alm_test_hub_set_up (&f->hub);
  alm_test_hub_make_city (&f->hub);
  f->a = alm_test_hub_add (&f->hub, "anna", DESK_A,
                           "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]");
  f->b = alm_test_hub_add (&f->hub, "bert", DESK_B,
                           "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\",\"classes\":"
                           "[\"public\",\"internal\",\"personal\"]}]");
  f->dir = alm_test_make_dir ();
  packs_dir = f->dir;
  options.find_pack = find_cb;
  options.drop_packs = alm_packs_clear;
  options.packs_dir = packs_dir;
  g_clear_pointer (&f->hub.core, alm_hub_core_free);
  f->hub.core = alm_hub_core_new (alm_hub_open (f->hub.dir, ALM_HUB_WRITE, &error), &options);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  alm_test_remove_dir (f->dir);
  g_free (f->dir);
  g_free (f->a);
  g_free (f->b);
  alm_test_hub_tear_down (&f->hub);
}

static void
refresh (Fixture *f,
         gint64   least)
{
  g_autoptr (GError) error = NULL;
  int stopped = 0;

  g_assert_true (alm_packs_refresh (f->dir, f->hub.core, least, &stopped, &error));
  g_assert_no_error (error);
}

static guint
count_files (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* The pack that @token is given, unpacked. */
static char *
get_pack (Fixture    *f,
          const char *token)
{
  g_autoptr (AlmHubReply) reply = alm_test_hub_ask (&f->hub, token, "GET",
                                                    "/v1/pack?scope=ksj/baeume", NULL);
  g_autofree char *packed = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GError) error = NULL;
  gconstpointer data;
  gsize size;

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (reply->file.etag);
  g_assert_true (g_file_get_contents (reply->file.path, &packed, &size, NULL));
  g_assert_cmpint (reply->file.bytes, ==, size);
  plain = alm_zstd_unpack (packed, size, 64 * 1024 * 1024, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (plain, &size);

  return g_strndup (data, size);
}

/* The lines of the feed, between a first and a last one of its own. */
static void
test_a_pack_is_a_feed (Fixture       *f,
                       gconstpointer  data)
{
  g_autofree char *body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"ksj/baeume\":0}}",
                                           f->hub.epoch);
  g_autofree char *pack = NULL;
  g_autofree char *feed = NULL;
  g_autoptr (AlmValue) head = NULL;
  g_autoptr (AlmValue) end = NULL;
  char *first;
  char *last;

  plant (f, 300);
  refresh (f, 300);
  pack = get_pack (f, f->a);
  feed = alm_test_hub_text (&f->hub, 200, f->a, "POST", "/v1/feed", body);
  *strrchr (feed, '\n') = '\0';
  strrchr (feed, '\n')[1] = '\0';

  first = strchr (pack, '\n');
  head = alm_json_parse (pack, first - pack, NULL, NULL);
  g_assert_cmpint (alm_value_get_integer_of (head, "pack", 0), ==, 1);
  g_assert_cmpint (alm_value_get_integer_of (head, "records", 0), ==, 300);
  g_assert_cmpint (alm_value_get_integer_of (head, "seq", 0), ==, 300);
  g_assert_cmpstr (alm_value_get_text_of (head, "scope"), ==, "ksj/baeume");
  g_assert_cmpstr (alm_value_get_text_of (head, "epoch"), ==, f->hub.epoch);

  pack[strlen (pack) - 1] = '\0';
  last = strrchr (pack, '\n');
  end = alm_json_parse (last + 1, -1, NULL, NULL);
  g_assert_cmpint (alm_value_get_integer_of (end, "end", 0), ==, 300);
  last[1] = '\0';
  g_assert_cmpstr (first + 1, ==, feed);
}

static void
test_one_for_each_set_of_classes (Fixture       *f,
                                  gconstpointer  data)
{
  g_autofree char *masked = NULL;
  g_autofree char *seen = NULL;

  plant (f, 10);
  refresh (f, 10);
  g_assert_cmpuint (count_files (f), ==, 2);
  masked = get_pack (f, f->a);
  seen = get_pack (f, f->b);
  g_assert_null (strstr (masked, "MARKER"));
  g_assert_nonnull (strstr (seen, "MARKER"));
}

/* A pack may hold what was erased: with the files of the database all of them go, and the
 * next one says what is gone. */
static void
test_packs_go_with_what_is_erased (Fixture       *f,
                                   gconstpointer  data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *said = NULL;
  gboolean done = FALSE;

  plant (f, 1);
  refresh (f, 1);
  before = get_pack (f, f->b);
  g_assert_nonnull (strstr (before, "MARKER"));
  g_assert_cmpuint (count_files (f), >, 0);
  said = alm_test_hub_push (&f->hub, 200, f->hub.admin, ALM_TEST_ADMIN_DESK, 3,
                            "{\"n\":3,\"cid\":\"0000000000000003\",\"op\":\"erase\",\"base\":1,"
                            "\"id\":\"00000000-0000-7000-8000-000000000001\","
                            "\"fields\":[\"owner\"],\"reason\":\"verlangt\"}\n");
  g_assert_nonnull (strstr (said, "\"r\":\"ok\""));
  g_assert_true (alm_hub_core_wipe (f->hub.core, &done, NULL));
  g_assert_true (done);
  g_assert_cmpuint (count_files (f), ==, 0);

  refresh (f, 1);
  after = get_pack (f, f->b);
  g_assert_null (strstr (after, "MARKER"));
  g_assert_nonnull (strstr (after, "{\"erased\":[\"owner\"],\"f\":{\"species\":\"Linde\"},"));
}

static void
test_who_may_not_read_gets_none (Fixture       *f,
                                 gconstpointer  data)
{
  g_autofree char *admin = NULL;
  g_autofree char *none = NULL;
  g_autofree char *bad = NULL;

  plant (f, 10);
  refresh (f, 10);
  admin = alm_test_hub_text (&f->hub, 404, f->hub.admin, "GET", "/v1/pack?scope=ksj/baeume", NULL);
  none = alm_test_hub_text (&f->hub, 404, f->a, "GET", "/v1/pack?scope=system", NULL);
  bad = alm_test_hub_text (&f->hub, 400, f->a, "GET", "/v1/pack", NULL);
  g_assert_nonnull (strstr (none, "\"code\":\"no-pack\""));
}

static void
test_a_small_scope_has_none (Fixture       *f,
                             gconstpointer  data)
{
  plant (f, 10);
  refresh (f, 11);
  g_assert_cmpuint (count_files (f), ==, 0);
}

static void
test_an_old_one_is_replaced (Fixture       *f,
                             gconstpointer  data)
{
  g_autofree char *pack = NULL;

  plant (f, 10);
  refresh (f, 10);
  plant (f, 2);
  refresh (f, 10);      /* a fifth may be behind it */
  pack = get_pack (f, f->a);
  g_assert_nonnull (strstr (pack, "\"records\":10"));
  plant (f, 1);
  refresh (f, 10);
  g_free (g_steal_pointer (&pack));
  pack = get_pack (f, f->a);
  g_assert_nonnull (strstr (pack, "\"records\":13"));
  g_assert_cmpuint (count_files (f), ==, 2);
}

static void
test_hello_offers_it (Fixture       *f,
                      gconstpointer  data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  plant (f, 10);
  before = alm_test_hub_text (&f->hub, 200, f->a, "POST", "/v1/hello",
                              "{\"desk\":\"" DESK_A "\"}");
  refresh (f, 10);
  after = alm_test_hub_text (&f->hub, 200, f->a, "POST", "/v1/hello",
                             "{\"desk\":\"" DESK_A "\"}");
  g_assert_null (strstr (before, "\"pack\""));
  g_assert_nonnull (strstr (after, "\"pack\":{\"bytes\":"));
  g_assert_nonnull (strstr (after, "\"seq\":10}"));
}

/* Stopped, or no room: nothing half stays. */
static void
test_one_that_fails_leaves_nothing (Fixture       *f,
                                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  int stopped = 1;

  plant (f, 10);
  g_assert_false (alm_packs_refresh (f->dir, f->hub.core, 10, &stopped, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (f), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/server/packs/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("feed", test_a_pack_is_a_feed);
  ADD ("classes", test_one_for_each_set_of_classes);
  ADD ("erased", test_packs_go_with_what_is_erased);
  ADD ("rights", test_who_may_not_read_gets_none);
  ADD ("small", test_a_small_scope_has_none);
  ADD ("old", test_an_old_one_is_replaced);
  ADD ("hello", test_hello_offers_it);
  ADD ("failed", test_one_that_fails_leaves_nothing);

  return g_test_run ();
}
