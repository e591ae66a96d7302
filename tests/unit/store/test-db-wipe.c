/* SPDX-License-Identifier: EUPL-1.2 */

/* What was deleted stands in no byte of the file, however often its pages were
 * laid out anew before. */

#include "config.h"

#include "alm-db-private.h"
#include "alm-random.h"
#include "alm-test.h"

#define ROWS 3000
#define WORD "GEHEIM"

static gboolean
make_table (AlmDb   *db,
            GError **error)
{
  return alm_sql_exec (db->handle, "CREATE TABLE r (i INTEGER PRIMARY KEY, k INTEGER NOT NULL,"
                       " body TEXT NOT NULL) STRICT; CREATE UNIQUE INDEX r_by_k ON r (k, body)",
                       error);
}

static const AlmMigration migrations[] = { make_table };

static AlmDb *
open_db (const char *dir,
         AlmDbFlags  flags)
{
  g_autoptr (GError) error = NULL;
  AlmDb *db = alm_db_open (dir, "test.db", flags, migrations, 1, &error);

  g_assert_no_error (error);

  return db;
}

static void
begin (AlmDb *db)
{
  g_assert_true (alm_db_begin (db, NULL));
}

static void
commit (AlmDb *db)
{
  g_assert_true (alm_db_commit (db, NULL));
}

static void
write_row (AlmDb      *db,
           AlmRandom  *random,
           const char *sql,
           guint       i,
           const char *word)
{
  g_autoptr (AlmQuery) query = alm_db_query (db, sql);
  g_autofree char *filling = g_strnfill (20 + alm_random_next (random) % 800, 'x');
  g_autofree char *body = g_strconcat (word, filling, NULL);

  alm_sql_bind_int (query, ":i", i);
  alm_sql_bind_int (query, ":k", (gint64) (i * 7919u % 100003u));
  alm_sql_bind_text (query, ":body", body);
  g_assert_true (alm_sql_run (query, NULL));
}

/* Rows that come and grow, so that pages are split, then all of them without the word. */
static void
fill_and_clean (AlmDb *db)
{
  static const char insert[] = "INSERT INTO r (i, k, body) VALUES (:i, :k, :body)";
  static const char update[] = "UPDATE r SET k = :k, body = :body WHERE i = :i";
  AlmRandom random;

  alm_random_seed (&random, 1);
  begin (db);
  for (guint i = 0; i < ROWS; i++)
    {
      write_row (db, &random, insert, i, WORD);
      if (i % 2 == 1)
        write_row (db, &random, update, (guint) (alm_random_next (&random) % i), WORD);
    }
  commit (db);
  begin (db);
  for (guint i = 0; i < ROWS; i++)
    write_row (db, &random, update, i, "");
  commit (db);
}

static void
assert_sound (AlmDb *db)
{
  g_autoptr (AlmQuery) query = alm_db_query (db, "PRAGMA integrity_check");

  g_assert_cmpint (alm_sql_step (query, NULL), ==, ALM_SQL_STEP_ROW);
  g_assert_cmpstr (alm_sql_get_text (query, 0), ==, "ok");
}

static void
wipe (AlmDb *db)
{
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;

  g_assert_true (alm_db_wipe (db, &done, &error));
  g_assert_no_error (error);
  g_assert_true (done);
}

static void
test_nothing_of_it_is_left (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  AlmDb *db = open_db (dir, ALM_DB_WRITE | ALM_DB_CREATE);
  gint64 n;

  fill_and_clean (db);
  /* Folding the log back is not enough: this is why the pages are looked at. */
  g_assert_cmpint (sqlite3_wal_checkpoint_v2 (db->handle, "main", SQLITE_CHECKPOINT_TRUNCATE,
                                              NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpuint (alm_test_count_word (dir, WORD), >, 0);

  wipe (db);
  g_assert_cmpuint (alm_test_count_word (dir, WORD), ==, 0);
  assert_sound (db);
  g_assert_true (alm_db_get_int (db, "SELECT count (*) FROM r", 0, &n, NULL));
  g_assert_cmpint (n, ==, ROWS);

  alm_db_close (db);
  alm_test_remove_dir (dir);
}

/* The pages that the connection remembers are forgotten, too: they would be written
 * back with what stood in their gaps. */
static void
test_nothing_of_it_comes_back (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  AlmDb *db = open_db (dir, ALM_DB_WRITE | ALM_DB_CREATE);

  fill_and_clean (db);
  wipe (db);
  begin (db);
  g_assert_true (alm_sql_exec (db->handle, "UPDATE r SET k = k + 1000000", NULL));
  commit (db);
  g_assert_cmpuint (alm_test_count_word (dir, WORD), ==, 0);
  wipe (db);
  g_assert_cmpuint (alm_test_count_word (dir, WORD), ==, 0);
  assert_sound (db);

  alm_db_close (db);
  alm_test_remove_dir (dir);
}

static void
test_a_reader_is_waited_for (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  AlmDb *db = open_db (dir, ALM_DB_WRITE | ALM_DB_CREATE);
  AlmDb *reader = open_db (dir, ALM_DB_READ);
  AlmRandom random;
  gboolean done = TRUE;
  gint64 n;

  alm_random_seed (&random, 2);
  begin (db);
  write_row (db, &random, "INSERT INTO r (i, k, body) VALUES (:i, :k, :body)", 1, WORD);
  commit (db);
  begin (reader);
  g_assert_true (alm_db_get_int (reader, "SELECT count (*) FROM r", 0, &n, NULL));
  begin (db);
  write_row (db, &random, "UPDATE r SET k = :k, body = :body WHERE i = :i", 1, "");
  commit (db);

  g_assert_true (alm_db_wipe (db, &done, NULL));
  g_assert_false (done);
  alm_db_rollback (reader);
  wipe (db);
  g_assert_cmpuint (alm_test_count_word (dir, WORD), ==, 0);

  alm_db_close (reader);
  alm_db_close (db);
  alm_test_remove_dir (dir);
}

static void
test_a_reader_wipes_nothing (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  AlmDb *db = open_db (dir, ALM_DB_WRITE | ALM_DB_CREATE);
  AlmDb *reader = open_db (dir, ALM_DB_READ);
  g_autoptr (GError) error = NULL;
  gboolean done;

  g_assert_false (alm_db_wipe (reader, &done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);

  alm_db_close (reader);
  alm_db_close (db);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/db-wipe/nothing-of-it-is-left", test_nothing_of_it_is_left);
  g_test_add_func ("/db-wipe/nothing-of-it-comes-back", test_nothing_of_it_comes_back);
  g_test_add_func ("/db-wipe/a-reader-is-waited-for", test_a_reader_is_waited_for);
  g_test_add_func ("/db-wipe/a-reader-wipes-nothing", test_a_reader_wipes_nothing);

  return g_test_run ();
}
