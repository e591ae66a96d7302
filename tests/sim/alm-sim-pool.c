/* SPDX-License-Identifier: EUPL-1.2 */

/* Connections that outlive the death of their process, because half of a
 * schedule's time would else be spent on reading the same schema and preparing
 * the same statements again.  What a process forgets is forgotten here, too: the
 * crash has emptied the WAL's index, so SQLite recovers from the files as they
 * are now and drops every page that it had read.  What stays is what would be
 * made the same: the schema as long as its cookie is the same, statements, and
 * settings.  test-storm.c runs seeds with and without this and compares.
 *
 * The linker puts these functions between the product and SQLite (--wrap).  Only
 * connections whose disk is dead, and has never failed before that, are kept; others
 * are closed.  One thread. */

#include "config.h"

#include "alm-sim-disk.h"

#include <sqlite3.h>
#include <string.h>

typedef struct
{
  sqlite3    *handle;
  char       *path;
  int         flags;
  gboolean    taken;
  gboolean    again;      /* not the first process that has it */
  gboolean    opened;     /* its settings are made */
  gboolean    spoilt;     /* set to something of its own: not for others */
  GPtrArray  *settings;   /* PRAGMAs of the first process, in order */
  guint       n_said;     /* how many of them this process has said again */
  GHashTable *idle;       /* SQL of a statement → GPtrArray of sqlite3_stmt */
} Pooled;

static GPtrArray  *pool;
static GHashTable *handed_out;   /* set of the product's statements */
static guint       nested;       /* SQLite calls itself by the same names */
static gboolean    cold = TRUE;

int __real_sqlite3_open_v2         (const char *path, sqlite3 **handle, int flags,
                                    const char *vfs);
int __real_sqlite3_close           (sqlite3 *handle);
int __real_sqlite3_prepare_v2      (sqlite3 *handle, const char *sql, int length,
                                    sqlite3_stmt **statement, const char **rest);
int __real_sqlite3_finalize        (sqlite3_stmt *statement);
int __real_sqlite3_exec            (sqlite3 *handle, const char *sql,
                                    int (*callback) (void *, int, char **, char **),
                                    void *data, char **message);
int __real_sqlite3_create_function (sqlite3 *handle, const char *name, int n_args, int flags,
                                    void *data,
                                    void (*func) (sqlite3_context *, int, sqlite3_value **),
                                    void (*step) (sqlite3_context *, int, sqlite3_value **),
                                    void (*final) (sqlite3_context *));
int __real_sqlite3_create_collation (sqlite3 *handle, const char *name, int flags, void *data,
                                     int (*compare) (void *, int, const void *, int,
                                                     const void *));
int __wrap_sqlite3_open_v2         (const char *path, sqlite3 **handle, int flags,
                                    const char *vfs);
int __wrap_sqlite3_close           (sqlite3 *handle);
int __wrap_sqlite3_prepare_v2      (sqlite3 *handle, const char *sql, int length,
                                    sqlite3_stmt **statement, const char **rest);
int __wrap_sqlite3_finalize        (sqlite3_stmt *statement);
int __wrap_sqlite3_exec            (sqlite3 *handle, const char *sql,
                                    int (*callback) (void *, int, char **, char **),
                                    void *data, char **message);
int __wrap_sqlite3_create_function (sqlite3 *handle, const char *name, int n_args, int flags,
                                    void *data,
                                    void (*func) (sqlite3_context *, int, sqlite3_value **),
                                    void (*step) (sqlite3_context *, int, sqlite3_value **),
                                    void (*final) (sqlite3_context *));
int __wrap_sqlite3_create_collation (sqlite3 *handle, const char *name, int flags, void *data,
                                     int (*compare) (void *, int, const void *, int,
                                                     const void *));

static Pooled *
find (sqlite3 *handle)
{
  for (guint i = 0; pool != NULL && i < pool->len; i++)
    if (((Pooled *) pool->pdata[i])->handle == handle)
      return pool->pdata[i];

  return NULL;
}

static int
really_exec (sqlite3     *handle,
             const char  *sql,
             int        (*callback) (void *, int, char **, char **),
             void        *data,
             char       **message)
{
  int rc;

  nested++;
  rc = __real_sqlite3_exec (handle, sql, callback, data, message);
  nested--;

  return rc;
}

static int
finish (Pooled *self)
{
  GHashTableIter iter;
  gpointer list;
  int rc;

  g_hash_table_iter_init (&iter, self->idle);
  while (g_hash_table_iter_next (&iter, NULL, &list))
    for (guint i = 0; i < ((GPtrArray *) list)->len; i++)
      __real_sqlite3_finalize (((GPtrArray *) list)->pdata[i]);
  rc = __real_sqlite3_close (self->handle);
  g_hash_table_unref (self->idle);
  g_ptr_array_unref (self->settings);
  g_free (self->path);
  g_ptr_array_remove_fast (pool, self);
  g_free (self);

  return rc;
}

/* From now on each is closed with its process. */
void
alm_sim_pool_set_cold (gboolean is_cold)
{
  cold = is_cold;
}

/* Closes those that nobody has. */
void
alm_sim_pool_clear (void)
{
  for (guint i = pool != NULL ? pool->len : 0; i > 0; i--)
    if (!((Pooled *) pool->pdata[i - 1])->taken)
      finish (pool->pdata[i - 1]);
}

int
__wrap_sqlite3_open_v2 (const char  *path,
                        sqlite3    **handle,
                        int          flags,
                        const char  *vfs)
{
  Pooled *self;
  int rc;

  if (pool == NULL)
    {
      pool = g_ptr_array_new ();
      handed_out = g_hash_table_new (NULL, NULL);
    }
  for (guint i = 0; i < pool->len; i++)
    {
      self = pool->pdata[i];
      if (self->taken || self->flags != flags || strcmp (self->path, path) != 0)
        continue;
      self->taken = TRUE;
      self->again = TRUE;
      self->opened = FALSE;
      self->n_said = 0;
      *handle = self->handle;
      return SQLITE_OK;
    }

  rc = __real_sqlite3_open_v2 (path, handle, flags, vfs);
  if (rc != SQLITE_OK)
    return rc;

  self = g_new0 (Pooled, 1);
  self->handle = *handle;
  self->path = g_strdup (path);
  self->flags = flags;
  self->taken = TRUE;
  self->settings = g_ptr_array_new_with_free_func (g_free);
  self->idle = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify) g_ptr_array_unref);
  g_ptr_array_add (pool, self);

  return rc;
}

static gboolean
may_be_kept (Pooled *self)
{
  if (cold || self->spoilt || !self->opened || self->n_said != self->settings->len
      || !alm_sim_disk_is_dead_at (self->path) || alm_sim_disk_is_hurt_at (self->path))
    return FALSE;

  for (sqlite3_stmt *s = sqlite3_next_stmt (self->handle, NULL); s != NULL;
       s = sqlite3_next_stmt (self->handle, s))
    if (sqlite3_stmt_busy (s))
      return FALSE;

  if (!sqlite3_get_autocommit (self->handle))
    really_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);

  return sqlite3_get_autocommit (self->handle);
}

int
__wrap_sqlite3_close (sqlite3 *handle)
{
  Pooled *self = find (handle);

  if (self == NULL)
    return __real_sqlite3_close (handle);
  if (!may_be_kept (self))
    return finish (self);

  self->taken = FALSE;

  return SQLITE_OK;
}

int
__wrap_sqlite3_prepare_v2 (sqlite3       *handle,
                           const char    *sql,
                           int            length,
                           sqlite3_stmt **statement,
                           const char   **rest)
{
  Pooled *self = nested == 0 ? find (handle) : NULL;
  GPtrArray *idle;
  int rc = SQLITE_OK;

  if (self == NULL)
    return __real_sqlite3_prepare_v2 (handle, sql, length, statement, rest);

  self->opened = TRUE;
  idle = g_hash_table_lookup (self->idle, sql);
  if (idle != NULL && idle->len > 0)
    *statement = g_ptr_array_steal_index_fast (idle, idle->len - 1);
  else
    rc = __real_sqlite3_prepare_v2 (handle, sql, length, statement, rest);
  if (rc == SQLITE_OK)
    g_hash_table_add (handed_out, *statement);

  return rc;
}

int
__wrap_sqlite3_finalize (sqlite3_stmt *statement)
{
  Pooled *self;
  GPtrArray *idle;
  int rc;

  if (statement == NULL || handed_out == NULL || !g_hash_table_remove (handed_out, statement)
      || cold)
    return __real_sqlite3_finalize (statement);

  self = find (sqlite3_db_handle (statement));

  rc = sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  idle = g_hash_table_lookup (self->idle, sqlite3_sql (statement));
  if (idle == NULL)
    {
      idle = g_ptr_array_new ();
      g_hash_table_insert (self->idle, g_strdup (sqlite3_sql (statement)), idle);
    }
  g_ptr_array_add (idle, statement);

  return rc;
}

/* The settings that a process makes as the one before it are made already. */
static gboolean
is_said_again (Pooled     *self,
               const char *sql)
{
  if (!self->again || self->spoilt || self->n_said >= self->settings->len
      || strcmp (self->settings->pdata[self->n_said], sql) != 0)
    return FALSE;

  self->n_said++;

  return TRUE;
}

int
__wrap_sqlite3_exec (sqlite3     *handle,
                     const char  *sql,
                     int        (*callback) (void *, int, char **, char **),
                     void        *data,
                     char       **message)
{
  Pooled *self = find (handle);
  int rc;

  if (self == NULL || nested > 0 || !g_str_has_prefix (sql, "PRAGMA")
      || !sqlite3_get_autocommit (handle))
    return really_exec (handle, sql, callback, data, message);

  if (!self->opened && is_said_again (self, sql))
    return SQLITE_OK;

  rc = really_exec (handle, sql, callback, data, message);
  if (rc != SQLITE_OK || self->again || self->opened)
    self->spoilt = TRUE;
  else
    {
      g_ptr_array_add (self->settings, g_strdup (sql));
      self->n_said++;
    }

  return rc;
}

int
__wrap_sqlite3_create_function (sqlite3    *handle,
                                const char *name,
                                int         n_args,
                                int         flags,
                                void       *data,
                                void      (*func) (sqlite3_context *, int, sqlite3_value **),
                                void      (*step) (sqlite3_context *, int, sqlite3_value **),
                                void      (*final) (sqlite3_context *))
{
  Pooled *self = find (handle);

  if (self != NULL && self->again && !self->opened)
    return SQLITE_OK;

  return __real_sqlite3_create_function (handle, name, n_args, flags, data, func, step, final);
}

int
__wrap_sqlite3_create_collation (sqlite3    *handle,
                                 const char *name,
                                 int         flags,
                                 void       *data,
                                 int       (*compare) (void *, int, const void *, int,
                                                       const void *))
{
  Pooled *self = find (handle);

  if (self != NULL && self->again && !self->opened)
    return SQLITE_OK;

  return __real_sqlite3_create_collation (handle, name, flags, data, compare);
}
