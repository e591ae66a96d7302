/* SPDX-License-Identifier: EUPL-1.2 */

/* A profile becomes another desk, with all it holds or with nothing. */

#define _GNU_SOURCE   /* memmem */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <string.h>

typedef AlmDeskFixture Fixture;

static char *
ask (Fixture    *fixture,
     const char *sql)
{
  g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);

  return alm_test_query (path, sql);
}

static void
assert_asked (Fixture    *fixture,
              const char *sql,
              const char *expected)
{
  g_autofree char *found = ask (fixture, sql);

  g_assert_cmpstr (found, ==, expected);
}

static void
give (AlmDesk    *desk,
      gint64      cursor,
      guint       number,
      gint64      ver,
      const char *fields)
{
  g_autofree char *line = alm_fixture_line (number, ver, fields);
  const char *const lines[] = { line, NULL };

  alm_fixture_page_free (alm_fixture_page (desk, cursor, FALSE, NULL, lines));
}

static void
test_what_waits_begins_at_one (Fixture       *fixture,
                               gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  AlmId before = *alm_desk_get_id (desk);
  g_autoptr (AlmDesk) reader = NULL;
  g_auto (AlmDeskSyncState) state = { 0 };
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  gint64 first;
  guint count;

  give (desk, 3, 1, 3, "{'species':'Linde'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'species':'x'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':7}\n"
                            "{'n':2,'r':'refused','code':'forbidden'}\n{'next':3}\n", NULL);
  alm_fixture_edit (desk, ALM_OP_DEL, 1, NULL);
  alm_fixture_edit (desk, ALM_OP_NEW, 2, "{'species':'Eiche'}");

  reader = alm_desk_open (fixture->dir, ALM_DESK_READ, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (alm_desk_sync_fork (desk, &state, &error));
  g_assert_cmpuint (state.waiting, ==, 2);
  g_assert_false (alm_id_equal (&state.desk, &before));
  g_assert_true (alm_id_equal (&state.desk, alm_desk_get_id (desk)));
  g_assert_cmpstr (state.epoch, ==, "e1");

  /* The author of the deletion has made the change before it, whose version has not come
   * back here; under the old name the server knew that. */
  g_assert_true (alm_desk_sync_next_push (desk, 1 << 20, 100, &body, &first, &count, &error));
  g_assert_cmpint (first, ==, 1);
  g_assert_cmpuint (count, ==, 2);
  assert_asked (fixture, "SELECT group_concat (n || ' ' || base) FROM (SELECT n, base FROM commands"
                         " WHERE state = 'waiting' ORDER BY n)", "1 7,2 0");
  assert_asked (fixture, "SELECT count (*) FROM commands WHERE state <> 'waiting' AND hex (desk) ="
                         " (SELECT hex (desk) FROM commands WHERE k = 1)", "2");

  /* The next number follows. */
  g_assert_cmpint (alm_fixture_edit (desk, ALM_OP_UPD, 2, "{'height':2}"), ==, 3);
  alm_desk_fixture_reopen (fixture);
  desk = fixture->desk;
  g_assert_true (alm_id_equal (&state.desk, alm_desk_get_id (desk)));
  g_assert_cmpint (alm_fixture_edit (desk, ALM_OP_UPD, 2, "{'height':3}"), ==, 4);

  /* Two of one number are refused: that of today is meant first. */
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':8}\n{'n':2,'r':'refused','code':'exists'}\n"
                            "{'n':3,'r':'refused','code':'exists'}\n"
                            "{'n':4,'r':'refused','code':'exists'}\n{'next':5}\n", NULL);
  g_assert_true (alm_desk_dismiss (desk, 2, NULL));
  assert_asked (fixture, "SELECT count (*) FROM commands WHERE n = 2 AND state = 'refused'", "1");
  g_assert_true (alm_desk_dismiss (desk, 2, NULL));
  g_assert_false (alm_desk_dismiss (desk, 2, NULL));
}

static void
test_with_nothing_waiting (Fixture       *fixture,
                           gconstpointer  data)
{
  g_auto (AlmDeskSyncState) state = { 0 };

  alm_fixture_edit (fixture->desk, ALM_OP_NEW, 2, "{'species':'Eiche'}");
  alm_fixture_answer (fixture->desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  g_assert_true (alm_desk_sync_fork (fixture->desk, &state, NULL));
  g_assert_cmpuint (state.waiting, ==, 0);
  g_assert_cmpint (alm_fixture_edit (fixture->desk, ALM_OP_NEW, 3, "{'species':'Ahorn'}"), ==, 1);
}

/* Does any file of the profile hold @word? */
static gboolean
holds (const char *dir,
       const char *word)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && holds (path, word))
        return TRUE;
      if (g_file_get_contents (path, &bytes, &length, NULL)
          && memmem (bytes, length, word, strlen (word)) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
test_nothing_is_left (Fixture       *fixture,
                      gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  AlmId before = *alm_desk_get_id (desk);
  g_autofree char *blobs = g_build_filename (fixture->dir, "blobs", "ab", NULL);
  g_autofree char *blob = g_build_filename (blobs, "abc", NULL);
  g_autofree char *title = NULL;
  g_autoptr (AlmDesk) reader = NULL;
  g_autoptr (GError) error = NULL;
  AlmVerifyCounts counts;
  gint64 n;

  alm_fixture_give_place (desk);
  for (guint i = 1; i < 200; i++)
    {
      g_autofree char *fields = g_strdup_printf ("{'species':'Geheimnis %u'}", i);

      give (desk, 10 + i, i, 10 + i, fields);
    }
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'Ungesendet'}");
  g_assert_cmpint (g_mkdir_with_parents (blobs, 0700), ==, 0);
  g_assert_true (g_file_set_contents (blob, "Bildnis", -1, NULL));
  reader = alm_desk_open (fixture->dir, ALM_DESK_READ, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (alm_desk_count_records (reader, NULL, "tree", &n, NULL));
  g_assert_cmpint (n, ==, 199);
  g_assert_true (holds (fixture->dir, "Geheimnis"));

  g_assert_true (alm_desk_empty (desk, &error));
  g_assert_no_error (error);
  g_assert_false (holds (fixture->dir, "Geheimnis"));
  g_assert_false (holds (fixture->dir, "Ungesendet"));
  g_assert_false (holds (fixture->dir, "Bildnis"));
  g_assert_false (holds (fixture->dir, "ksj/baeume"));
  g_assert_false (alm_id_equal (alm_desk_get_id (desk), &before));
  title = alm_desk_get_setting (desk, "epoch");
  g_assert_null (title);

  /* Who reads beside it sees that. */
  g_assert_true (alm_desk_count_records (reader, NULL, NULL, &n, NULL));
  g_assert_cmpint (n, ==, 0);
  g_assert_true (alm_desk_verify (desk, NULL, NULL, &counts, &error));
  g_assert_cmpuint (counts.problems, ==, 0);
  alm_desk_fixture_reopen (fixture);
  g_assert_null (alm_desk_get_model (fixture->desk, "tree"));
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, alm_desk_fixture_set_up, func, alm_desk_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/fork/waiting", test_what_waits_begins_at_one);
  ADD ("/store/fork/nothing-waits", test_with_nothing_waiting);
  ADD ("/store/wipe", test_nothing_is_left);

  return g_test_run ();
}
