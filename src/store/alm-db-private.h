/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-sql-private.h"

G_BEGIN_DECLS

/* Tests make it smaller. */
extern int alm_db_wal_pages;

/* One connection to one database file under the house's rules (architecture.md,
 * "Storage"); desk and server stand on it. */
typedef struct
{
  sqlite3    *handle;
  char       *path;
  int         lock;          /* file descriptor of the lock file; -1 for a reader */
  gboolean    writable;
  gboolean    frozen;        /* opened as a file that nobody writes */
  gboolean    inside;        /* begun, and neither committed nor rolled back by us */
  GError     *damage;        /* why it was opened read-only: the file is not sound */
  GError     *final;         /* the write error after which nothing is written any more */
  GHashTable *statements;    /* (element-type utf8 AlmSql) */
  AlmSql     *lost;          /* fails: what alm_db_query() gives after SQLite's own rollback */
  AlmSql     *begin;         /* prepared at the start: they must not fail for memory */
  AlmSql     *commit;
  AlmSql     *rollback;
} AlmDb;

typedef enum {
  ALM_DB_READ   = 0,
  ALM_DB_WRITE  = 1 << 0,   /* takes the lock, migrates */
  ALM_DB_CREATE = 1 << 1,   /* with WRITE: makes a missing file and its folder */
  ALM_DB_FROZEN = 1 << 2    /* a backup: nobody writes it, and no side file is made; what an
                               older version has made is read as it is */
} AlmDbFlags;

/* One step of the schema; its number is its place in the list, from 1. */
typedef gboolean (*AlmMigration) (AlmDb *db, GError **error);

/* Where SQLite's @rc comes of a folder that cannot be
 * written to: says so with ALM_STORE_ERROR_READ_ONLY.  FALSE: it has another
 * reason, and nothing is set.  Even a reader makes a side file (-shm); SQLite's
 * `immutable` is no way out, for another user may write while it is read. */
gboolean  alm_db_explain_folder (const char     *dir,
                                 int             rc,
                                 GError        **error);

AlmDb    *alm_db_open      (const char          *dir,
                            const char          *name,
                            AlmDbFlags           flags,
                            const AlmMigration  *migrations,
                            guint                n_migrations,
                            GError             **error);
void      alm_db_close     (AlmDb               *self);

/* A statement of the cache, ready to be bound.  `g_autoptr (AlmQuery)` makes it
 * ready for the next one at the end of the block; a second use of the same text
 * inside that block is a bug, and asserted. */
typedef AlmSql AlmQuery;
AlmQuery *alm_db_query     (AlmDb               *self,
                            const char          *sql);
void      alm_query_end    (AlmQuery            *self);

gboolean  alm_db_begin     (AlmDb               *self,
                            GError             **error);
gboolean  alm_db_commit    (AlmDb               *self,
                            GError             **error);
void      alm_db_rollback  (AlmDb               *self);
gboolean  alm_db_is_inside (AlmDb               *self);
gboolean  alm_db_may_write (AlmDb               *self,
                            GError             **error);
/* From here on the file is only read. */
void      alm_db_set_damage (AlmDb               *self,
                             const GError        *damage);
/* Looks at the last failed call: after some of them nothing is written any more. */
void      alm_db_note_final (AlmDb              *self);
/* Outside a transaction: takes everything that was deleted out of the files.  *done
 * FALSE: a reader holds the log, so it has to be asked for again. */
gboolean  alm_db_wipe      (AlmDb               *self,
                            gboolean            *done,
                            GError             **error);
/* One whole number that @sql, without parameters, gives; @fallback for no row. */
gboolean  alm_db_get_int   (AlmDb               *self,
                            const char          *sql,
                            gint64               fallback,
                            gint64              *value,
                            GError             **error);

gboolean  alm_sql_add_functions (sqlite3        *db,
                                 GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDb, alm_db_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmQuery, alm_query_end)

G_END_DECLS
