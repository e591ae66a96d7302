/* SPDX-License-Identifier: EUPL-1.2 */

/* A pack and an import of so many rows that their indexes are made afterwards, in
 * transactions of their own.  Killed, or out of room, at places all along the way:
 * of an import the rows are all there or none, of a pack those of some whole slices,
 * with the cursor where it was; what was edited before is there, the next opening has
 * made the indexes, and the next try works. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-fault.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROWS   5200
#define KILLS  24
#define FULLS  6

typedef gboolean (*Operation) (AlmDesk *desk, GError **error);

/* A profile as it is before, and what is done to it. */
typedef struct
{
  Operation  run;
  gboolean   sliced;   /* some of its rows may be there */
  char      *bytes;
  gsize      length;
  char      *before;   /* as describe() has it */
  char      *after;
} Case;

static char *pack_path;

static gboolean
take_pack (AlmDesk  *desk,
           GError  **error)
{
  g_auto (AlmDeskSyncPage) page = { 0 };

  return alm_desk_sync_take_pack (desk, pack_path, ALM_FIXTURE_SCOPE, &page, error);
}

static gboolean
import (AlmDesk  *desk,
        GError  **error)
{
  AlmDeskImport *self = alm_desk_import_begin (desk, error);

  for (guint i = 0; self != NULL && i < ROWS; i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{\"number\":\"%u\",\"species\":\"Linde\",\"geometry\":{\"type\":"
                         "\"Point\",\"coordinates\":[11.%u,50.%u]}}", i, 50 + i % 20, 85 + i % 10);
      g_autoptr (AlmValue) fields = alm_test_value (text);

      if (!alm_desk_import_add (self, NULL, "ksj/neu", "tree", fields, NULL, error))
        {
          alm_desk_import_abort (self);
          return FALSE;
        }
    }

  return self != NULL && alm_desk_import_commit (self, NULL, NULL, error);
}

static void
write_pack (const char *dir)
{
  g_autoptr (GString) text = g_string_new (NULL);

  pack_path = g_build_filename (dir, "pack.part", NULL);
  g_string_printf (text, "{'pack':1,'scope':'" ALM_FIXTURE_SCOPE "','seq':%u,'epoch':'e1',"
                   "'classes':['public','internal'],'records':%u}\n", ROWS + 2, ROWS);
  for (guint i = 1; i <= ROWS; i++)
    {
      g_autofree char *fields =
        g_strdup_printf ("{'geometry':{'coordinates':[11.%u,50.%u],'type':'Point'},'height':%u,"
                         "'species':'Linde'}", 50 + i % 20, 85 + i % 10, i);
      g_autofree char *line = alm_fixture_line (i, i + 2, fields);

      g_string_append_printf (text, "%s\n", line);
    }
  g_string_append_printf (text, "{'end':%u,'digest':{}}\n", ROWS);
  g_strdelimit (text->str, "'", '"');
  g_assert_true (g_file_set_contents (pack_path, text->str, (gssize) text->len, NULL));
}

/* How many rows there are of what, and whether the indexes hold them. */
static char *
describe (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);

  return alm_test_query (path,
    "SELECT printf ('%d records, %d trees, %d places, %d boxes missing, %d texts missing,"
    " %d marks, %d commands, cursor %d, %s', (SELECT count(*) FROM records),"
    " (SELECT count(*) FROM v_tree), (SELECT count(*) FROM asset),"
    " (SELECT count(*) FROM asset) - (SELECT count(*) FROM asset_box),"
    " (SELECT count(*) FROM search_text WHERE text LIKE '%linde%') -"
    " (SELECT count(*) FROM records_fts WHERE records_fts MATCH 'linde'),"
    " (SELECT count(*) FROM settings WHERE name = 'unindexed'),"
    " (SELECT count(*) FROM commands), (SELECT sum(seq) FROM cursors),"
    " rtreecheck ('asset_box'))");
}

static AlmDesk *
open_desk (const char *dir)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);

  g_assert_no_error (error);

  return desk;
}

static char *
make_dir (const Case *c)
{
  char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);

  g_assert_true (g_file_set_contents (path, c->bytes, (gssize) c->length, NULL));

  return dir;
}

/* Returns how many calls the undisturbed operation makes. */
static guint
learn (Case *c)
{
  const guint many = 1000000000;
  g_autofree char *dir = make_dir (c);
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = open_desk (dir);
  guint calls;

  c->before = describe (dir);
  alm_fault_arm (&alm_fault_disk, ALM_FAULT_ONCE, many);
  c->run (desk, &error);
  calls = many - (guint) alm_fault_disk.countdown;
  alm_fault_disarm (&alm_fault_disk);
  g_assert_no_error (error);
  alm_desk_close (desk);
  c->after = describe (dir);
  g_test_message ("%u calls; %s", calls, c->after);
  g_assert_nonnull (strstr (c->after, " 5200 places, 0 boxes missing, 0 texts missing, 0 marks, "));
  g_assert_true (g_str_has_suffix (c->after, "ok"));
  g_assert_cmpstr (c->before, !=, c->after);
  alm_test_remove_dir (dir);

  return calls;
}

static void
die_in (const Case *c,
        const char *dir,
        guint       nth)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE, NULL, NULL);

      alm_fault_arm (&alm_fault_disk, ALM_FAULT_KILL, nth);
      _exit (c->run (desk, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 70);
}

/* Returns whether the rows are there. */
static gboolean
run_full (const Case *c,
          const char *dir,
          guint       nth)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = open_desk (dir);
  gboolean said;

  alm_fault_disk.full = TRUE;
  alm_fault_arm (&alm_fault_disk, ALM_FAULT_FOREVER, nth);
  said = c->run (desk, &error);
  g_assert_true (alm_fault_disarm (&alm_fault_disk));
  alm_fault_disk.full = FALSE;
  g_assert_true (said == (error == NULL));
  alm_desk_close (desk);

  return said;
}

/* Without how many rows there are. */
static const char *
but_for_rows (const char *described)
{
  return strstr (described, ", 0 boxes missing");
}

static void
assert_sound (const Case *c,
              const char *dir,
              gboolean    said)
{
  g_autofree char *now = NULL;
  AlmDesk *desk;

  alm_desk_close (open_desk (dir));
  now = describe (dir);
  if (strcmp (now, c->after) != 0)
    {
      if (c->sliced)
        g_assert_cmpstr (but_for_rows (now), ==, but_for_rows (c->before));
      else
        g_assert_cmpstr (now, ==, c->before);
      g_assert_false (said);
      desk = open_desk (dir);
      g_assert_true (c->run (desk, NULL));
      alm_desk_close (desk);
      g_free (now);
      now = describe (dir);
      g_assert_cmpstr (now, ==, c->after);
    }
}

static void
run_case (Case *c)
{
  guint calls = learn (c);

  for (guint i = 0; i < KILLS + FULLS; i++)
    {
      g_autofree char *dir = make_dir (c);
      g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
      g_autofree char *sound = NULL;
      gboolean said = FALSE;

      if (i < KILLS)
        die_in (c, dir, 1 + i * (calls - 1) / (KILLS - 1));
      else
        said = run_full (c, dir, 1 + (i - KILLS) * (calls - 1) / (FULLS - 1));
      assert_sound (c, dir, said);
      sound = alm_test_query (path, "PRAGMA integrity_check");
      g_assert_cmpstr (sound, ==, "ok");
      alm_test_remove_dir (dir);
    }
  g_free (c->bytes);
  g_free (c->before);
  g_free (c->after);
}

static void
take_bytes (Case       *c,
            const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);

  g_assert_true (g_file_get_contents (path, &c->bytes, &c->length, NULL));
}

/* With an edit that waits, of a record that the pack brings as well. */
static void
test_a_pack (void)
{
  g_autofree char *packs = alm_test_make_dir ();
  Case c = { .run = take_pack, .sliced = TRUE };
  AlmDeskFixture fixture;

  write_pack (packs);
  alm_desk_fixture_set_up (&fixture, NULL);
  alm_fixture_give_place (fixture.desk);
  alm_fixture_edit (fixture.desk, ALM_OP_NEW, 7, "{'height':1,'status':'krank'}");
  g_clear_pointer (&fixture.desk, alm_desk_close);
  take_bytes (&c, fixture.dir);
  alm_desk_fixture_reopen (&fixture);
  alm_desk_fixture_tear_down (&fixture, NULL);

  run_case (&c);
  alm_test_remove_dir (packs);
  g_free (pack_path);
}

static void
test_an_import (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  Case c = { .run = import };
  AlmDesk *desk = open_desk (dir);

  alm_test_add_trees (desk);
  alm_desk_close (desk);
  take_bytes (&c, dir);
  alm_test_remove_dir (dir);

  run_case (&c);
}

static void
drop_message_cb (const char     *domain,
                 GLogLevelFlags  level,
                 const char     *message,
                 gpointer        user_data)
{
}

int
main (int   argc,
      char *argv[])
{
  alm_fault_register_disk ();
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("alm-store", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);

  g_test_add_func ("/fault/many/pack", test_a_pack);
  g_test_add_func ("/fault/many/import", test_an_import);

  return g_test_run ();
}
