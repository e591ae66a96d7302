/* SPDX-License-Identifier: EUPL-1.2 */

/* Fails the first call of an operation, then the second, … until it succeeds
 * untouched.  After every failure the file is sound, holds all of the operation
 * or nothing of it, and the answer given equals what the file holds. */

#include "config.h"

#include "alm-desk-history.h"
#include "alm-desk.h"
#include "alm-fault.h"
#include "alm-store-error.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <string.h>

/* One operation on a profile that holds one tree (id 01…, height 1). */
typedef gboolean (*Operation) (AlmDesk *desk, GError **error);

typedef struct
{
  Operation      run;
  const char    *witness;   /* SQL: what of it is in the file */
  const char    *before;
  const char    *after;
  AlmFaultPoint *point;
  AlmFault       kind;
  guint          least;     /* so many calls pass at the very least */
} Case;

static char *template_bytes;
static gsize template_length;

static gboolean
run_edit (AlmDesk  *desk,
          GError  **error)
{
  g_autoptr (AlmValue) set =
    alm_test_value ("{\"height\":2,\"species\":\"Linde\",\"geometry\":{\"type\":\"Point\","
                    "\"coordinates\":[11.5,50.9]}}");
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .id = { { 1 } }, .set = set };
  AlmEditResult result;

  return alm_desk_edit (desk, &edit, 1, &result, NULL, error);
}

static gboolean
run_import (AlmDesk  *desk,
            GError  **error)
{
  g_autoptr (AlmDeskImport) import = alm_desk_import_begin (desk, error);

  for (guint i = 0; import != NULL && i < 12; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"number\":\"%u\",\"species\":\"Ahorn\","
                                               "\"geometry\":{\"type\":\"Point\","
                                               "\"coordinates\":[11.%u,50.9]}}", i, 50 + i);
      g_autoptr (AlmValue) fields = alm_test_value (text);

      if (!alm_desk_import_add (import, NULL, "ksj/neu", "tree", fields, NULL, error))
        return FALSE;
    }

  return import != NULL && alm_desk_import_commit (g_steal_pointer (&import), NULL, NULL, error);
}

static gboolean
run_undo (AlmDesk  *desk,
          GError  **error)
{
  return alm_desk_undo (desk, 1, NULL, NULL, NULL, error);
}

/* Back to how another desk is said to have made the tree. */
static gboolean
run_return (AlmDesk  *desk,
            GError  **error)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_history_entry_free);
  AlmHistoryEntry *entry = g_new0 (AlmHistoryEntry, 1);
  gboolean same;

  entry->user = g_strdup ("anna");
  entry->command = g_new0 (AlmCommand, 1);
  entry->command->id = (AlmId) { { 1 } };
  entry->command->set = alm_test_value ("{\"height\":3}");
  g_ptr_array_add (entries, entry);

  return alm_desk_return (desk, entries, 1, NULL, NULL, &same, error);
}

/* A file as it is before each round. */
static void
make_template (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  AlmId id = { { 1 } };

  g_assert_no_error (error);
  alm_test_add_trees (desk);
  alm_test_edit (desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":1}");
  alm_desk_close (desk);
  g_assert_true (g_file_get_contents (path, &template_bytes, &template_length, &error));
  alm_test_remove_dir (dir);
}

static AlmDesk *
open_copy (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autoptr (GError) error = NULL;
  AlmDesk *desk;

  g_assert_true (g_file_set_contents (path, template_bytes, (gssize) template_length, &error));
  desk = alm_desk_open (dir, ALM_DESK_WRITE, NULL, &error);
  g_assert_no_error (error);

  return desk;
}

static void
assert_asked (const char *dir,
              const char *sql,
              const char *wanted)
{
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autofree char *answer = alm_test_query (path, sql);

  g_assert_cmpstr (answer, ==, wanted);
}

/* What is derived fits the records, and no number is missing or doubled. */
static void
assert_whole (const char *dir)
{
  assert_asked (dir, "PRAGMA integrity_check", "ok");
  assert_asked (dir, "SELECT (SELECT count(*) FROM v_tree) = (SELECT count(*) FROM records r"
                     " JOIN names n ON n.i = r.kind WHERE n.name = 'tree' AND r.del = 0)", "1");
  assert_asked (dir, "SELECT (SELECT count(*) FROM asset) = (SELECT count(*) FROM asset_box)",
                "1");
  assert_asked (dir, "SELECT (SELECT count(*) FROM v_tree) = (SELECT count(*) FROM search_text)",
                "1");
  assert_asked (dir, "SELECT count(n) = max(n) AND max(n) = (SELECT value FROM settings"
                     " WHERE name = 'last_n') FROM commands", "1");
}

/* One round: a new file, the n-th call fails.  Returns whether it was reached. */
static gboolean
fail_one (const Case *c,
          guint       n)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = open_copy (dir);
  gboolean done, hit;

  alm_fault_arm (c->point, c->kind, n);
  done = c->run (desk, &error);
  hit = alm_fault_disarm (c->point);
  g_assert_true (done == (error == NULL));

  /* Out of memory is over when it is over; a disk that failed is not trusted. */
  if (!done && c->point == &alm_fault_memory)
    {
      g_clear_error (&error);
      done = c->run (desk, &error);
      g_assert_no_error (error);
    }
  else if (!done)
    {
      g_clear_error (&error);
      g_assert_false (c->run (desk, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
    }

  alm_desk_close (desk);
  assert_whole (dir);
  assert_asked (dir, c->witness, done ? c->after : c->before);
  alm_test_remove_dir (dir);

  return hit;
}

static void
test_any_failing_call (gconstpointer data)
{
  const Case *c = data;
  guint n = 1;
  guint rounds = 0;

  /* Every call at first, then fewer: an import asks for memory thousands of times. */
  while (fail_one (c, n))
    {
      n += 1 + n / 12;
      rounds++;
    }

  g_test_message ("%u places to fail, %u tried", n - 1, rounds);
  g_assert_cmpuint (n - 1, >=, c->least);   /* the shim is really in the way */
}

static const struct { const char *name; Operation run; const char *witness, *before, *after; }
operations[] = {
  { "edit", run_edit, "SELECT count(*) FROM commands WHERE op = 'upd'", "0", "1" },
  { "import", run_import, "SELECT count(*) FROM commands WHERE batch IS NOT NULL", "0", "12" },
  { "undo", run_undo, "SELECT count(*) FROM commands WHERE op = 'del'", "0", "1" },
  { "return", run_return, "SELECT count(*) FROM commands WHERE op = 'upd'", "0", "1" },
};

/* Runs in a process of its own, which does not always come back. */
static void
run_in_child (gsize which)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (g_getenv ("ALM_TEST_DIR"), ALM_DESK_WRITE, NULL, &error);

  g_assert_no_error (error);

  alm_fault_arm (&alm_fault_disk, ALM_FAULT_KILL, (guint) atoi (g_getenv ("ALM_TEST_KILL_AT")));
  if (operations[which].run (desk, &error))
    g_assert_true (g_file_set_contents (g_getenv ("ALM_TEST_SAID"), "done", -1, NULL));
  alm_desk_close (desk);
}

static void
test_killed_anywhere (gconstpointer data)
{
  gsize which = GPOINTER_TO_SIZE (data);
  gboolean killed = TRUE;
  guint n = 0;

  if (g_test_subprocess ())
    {
      run_in_child (which);
      return;
    }

  while (killed)
    {
      g_autofree char *dir = alm_test_make_dir ();
      g_autofree char *said = g_build_filename (dir, "said", NULL);
      g_autofree char *kill_at = g_strdup_printf ("%u", ++n);
      g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
      g_autofree char *now = NULL;

      g_assert_true (g_file_set_contents (path, template_bytes, (gssize) template_length, NULL));
      g_setenv ("ALM_TEST_DIR", dir, TRUE);
      g_setenv ("ALM_TEST_SAID", said, TRUE);
      g_setenv ("ALM_TEST_KILL_AT", kill_at, TRUE);
      g_test_trap_subprocess (NULL, 0, 0);
      killed = !g_test_trap_has_passed ();

      /* What was said to be done is done; what was not said may be either. */
      assert_whole (dir);
      now = alm_test_query (path, operations[which].witness);
      if (g_file_test (said, G_FILE_TEST_EXISTS))
        g_assert_cmpstr (now, ==, operations[which].after);
      else
        g_assert_true (g_str_equal (now, operations[which].before)
                       || g_str_equal (now, operations[which].after));
      alm_test_remove_dir (dir);
    }

  g_test_message ("%u places to die", n - 1);
  g_assert_cmpuint (n - 1, >=, 3);
}

/* The transaction fails and the user is told; once there is room the work goes on. */
static gboolean
fill_up (guint n)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = open_copy (dir);
  gboolean hit;

  alm_fault_disk.full = TRUE;
  alm_fault_arm (&alm_fault_disk, ALM_FAULT_ONCE, n);
  if (!run_import (desk, &error))
    {
      /* A sync cannot be full; what it meets is an error, and final. */
      if (!g_error_matches (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FULL))
        g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FAILED);
      else
        {
          g_clear_error (&error);
          g_assert_true (run_import (desk, &error));
        }
    }
  hit = alm_fault_disarm (&alm_fault_disk);
  alm_fault_disk.full = FALSE;
  alm_desk_close (desk);
  assert_whole (dir);
  alm_test_remove_dir (dir);

  return hit;
}

static void
test_a_full_disk (void)
{
  guint n = 1;

  while (fill_up (n))
    n++;
  g_assert_cmpuint (n - 1, >=, 3);
}

int
main (int   argc,
      char *argv[])
{
  static const struct { const char *name; AlmFaultPoint *point; AlmFault kind; guint least; }
  faults[] = {
    { "io-error-once", &alm_fault_disk, ALM_FAULT_ONCE, 3 },
    { "io-error-forever", &alm_fault_disk, ALM_FAULT_FOREVER, 3 },
    { "no-memory-once", &alm_fault_memory, ALM_FAULT_ONCE, 40 },
    { "no-memory-forever", &alm_fault_memory, ALM_FAULT_FOREVER, 40 },
  };
  static Case cases[G_N_ELEMENTS (operations) * G_N_ELEMENTS (faults)];

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  alm_fault_register ();
  make_template ();

  for (gsize o = 0; o < G_N_ELEMENTS (operations); o++)
    {
      g_autofree char *killed = g_strdup_printf ("/fault/desk/%s/killed", operations[o].name);

      for (gsize f = 0; f < G_N_ELEMENTS (faults); f++)
        {
          Case *c = &cases[o * G_N_ELEMENTS (faults) + f];
          g_autofree char *path = g_strdup_printf ("/fault/desk/%s/%s", operations[o].name,
                                                   faults[f].name);

          *c = (Case) { operations[o].run, operations[o].witness, operations[o].before,
                        operations[o].after, faults[f].point, faults[f].kind, faults[f].least };
          g_test_add_data_func (path, c, test_any_failing_call);
        }
      g_test_add_data_func (killed, GSIZE_TO_POINTER (o), test_killed_anywhere);
    }
  g_test_add_func ("/fault/desk/full-disk", test_a_full_disk);

  return g_test_run ();
}
