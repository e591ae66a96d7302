/* SPDX-License-Identifier: EUPL-1.2 */

/* The yardstick of the benchmarks (sync.md, section 8): the same lines, in the
 * same process, by one prepared INSERT each into a table with a unique id, a
 * typed table and its R*Tree, row by row in one transaction; no command, history,
 * check or right.  The same pragmas as ours. */

#include "config.h"

#include "alm-bench-plain.h"

#include "alm-sql-private.h"

#include <fcntl.h>
#include <unistd.h>

static const char schema[] =
  "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
  "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -32768;"
  "CREATE TABLE t (rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;"
  "CREATE TABLE v (rid INTEGER PRIMARY KEY, number TEXT, species TEXT, street TEXT, height REAL,"
  " crown REAL, girth REAL, planted TEXT, vitality INTEGER) STRICT;"
  "CREATE VIRTUAL TABLE b USING rtree (rid, e0, e1, n0, n1);";

static sqlite3 *
open_plain (const char  *dir,
            GError     **error)
{
  g_autofree char *path = g_build_filename (dir, "plain.db", NULL);
  sqlite3 *db = NULL;

  if (sqlite3_open (path, &db) == SQLITE_OK && alm_sql_exec (db, schema, error))
    return db;

  if (error != NULL && *error == NULL)
    alm_sql_set_error (db, sqlite3_errcode (db), error);
  sqlite3_close (db);

  return NULL;
}

static gboolean
insert_all (sqlite3          *db,
            const GPtrArray  *lines,
            GError          **error)
{
  static const char *const texts[] = {
    "INSERT INTO t (rid, id, body) VALUES (?1, json_extract (?2, '$.id'), ?2)",
    "INSERT INTO v VALUES (?1, json_extract (?2, '$.fields.number'),"
    " json_extract (?2, '$.fields.species_de'), json_extract (?2, '$.fields.street'),"
    " json_extract (?2, '$.fields.height'), json_extract (?2, '$.fields.crown'),"
    " json_extract (?2, '$.fields.girth'), json_extract (?2, '$.fields.planted'),"
    " json_extract (?2, '$.fields.vitality'))",
    "INSERT INTO b SELECT ?1, x, x, y, y FROM (SELECT"
    " json_extract (?2, '$.fields.geometry.coordinates[0]') AS x,"
    " json_extract (?2, '$.fields.geometry.coordinates[1]') AS y)",
  };

  g_autoptr (AlmSql) one = alm_sql_prepare (db, texts[0]);
  g_autoptr (AlmSql) two = alm_sql_prepare (db, texts[1]);
  g_autoptr (AlmSql) three = alm_sql_prepare (db, texts[2]);
  AlmSql *all[] = { one, two, three };

  for (guint i = 0; i < lines->len; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (all); j++)
      {
        alm_sql_reset (all[j]);
        alm_sql_bind_int_at (all[j], 1, i + 1);
        alm_sql_bind_text_at (all[j], 2, lines->pdata[i]);
        if (!alm_sql_run (all[j], error))
          return FALSE;
      }

  return TRUE;
}

gboolean
alm_bench_plain_import (const char       *dir,
                        const GPtrArray  *lines,
                        GError          **error)
{
  sqlite3 *db = open_plain (dir, error);
  gboolean done;

  if (db == NULL)
    return FALSE;

  done = alm_sql_exec (db, "BEGIN", error)
         && insert_all (db, lines, error)
         && alm_sql_exec (db, "COMMIT", error);
  sqlite3_close (db);

  return done;
}

GArray *
alm_bench_bare_commits (const char  *dir,
                        guint        n,
                        GError     **error)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  sqlite3 *db = open_plain (dir, error);
  gboolean done = db != NULL;

  for (guint i = 0; done && i < n; i++)
    {
      gint64 start = g_get_monotonic_time ();
      double seconds;

      done = alm_sql_exec (db, "INSERT INTO t (id, body) VALUES (hex (randomblob (16)), '{}')",
                           error);
      seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
      g_array_append_val (times, seconds);
    }
  sqlite3_close (db);

  return done ? g_steal_pointer (&times) : NULL;
}

double
alm_bench_sync_rate (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "sync", NULL);
  static const char page[4096];
  int fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  gint64 start = g_get_monotonic_time ();
  guint n = 0;

  while (fd >= 0 && n < 100 && pwrite (fd, page, sizeof page, (off_t) n * 4096) > 0
         && fdatasync (fd) == 0)
    n++;
  start = g_get_monotonic_time () - start;
  if (fd >= 0)
    close (fd);
  unlink (path);

  return n > 0 ? n * (double) G_USEC_PER_SEC / (double) MAX (start, 1) : 0;
}
