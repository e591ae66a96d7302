/* SPDX-License-Identifier: EUPL-1.2 */

/* One prepared statement, used once, or again after alm_sql_reset().
 *
 * Errors are sticky: prepare and bind remember the first failure, and the
 * first step reports it.  A caller therefore checks in one place only, and
 * cannot forget a bind.  Parameters are bound by name, so reordering the
 * SQL cannot silently swap two columns.
 *
 * Used by the worker thread that owns the connection, and by nobody else. */

#include "config.h"

#include "alm-sql-private.h"

#include "alm-store-error.h"

struct _AlmSql
{
  sqlite3      *db;    /* borrowed from the worker that owns it */
  sqlite3_stmt *stmt;
  int           rc;    /* first failure; SQLITE_OK until then */
};

void
alm_sql_set_error (sqlite3  *db,
                   int       rc,
                   GError  **error)
{
  AlmStoreError code = ALM_STORE_ERROR_FAILED;

  switch (rc & 0xff)
    {
    case SQLITE_INTERRUPT:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           "Database operation was cancelled");
      return;

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      code = ALM_STORE_ERROR_BUSY;
      break;

    case SQLITE_CONSTRAINT:
      code = ALM_STORE_ERROR_CONSTRAINT;
      break;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      code = ALM_STORE_ERROR_CORRUPT;
      break;

    case SQLITE_FULL:
      code = ALM_STORE_ERROR_FULL;
      break;

    default:
      break;
    }

  g_set_error (error, ALM_STORE_ERROR, code, "%s (SQLite %d)", sqlite3_errmsg (db), rc);
}

AlmSql *
alm_sql_prepare (sqlite3    *db,
                 const char *sql)
{
  AlmSql *self = g_new0 (AlmSql, 1);

  self->db = db;
  self->rc = sqlite3_prepare_v2 (db, sql, -1, &self->stmt, NULL);

  return self;
}

/* A statement whose every step reports @rc. */
AlmSql *
alm_sql_new_failed (sqlite3 *db,
                    int      rc)
{
  AlmSql *self = g_new0 (AlmSql, 1);

  self->db = db;
  self->rc = rc;

  return self;
}

void
alm_sql_free (AlmSql *self)
{
  sqlite3_finalize (self->stmt);
  g_free (self);
}

static int
find_parameter (AlmSql     *self,
                const char *name)
{
  int index = 0;

  if (self->stmt != NULL)
    index = sqlite3_bind_parameter_index (self->stmt, name);

  /* A misspelt name is our bug, not the user's: stop at once. */
  g_assert (index > 0 || self->rc != SQLITE_OK);

  return index;
}

void
alm_sql_bind_text (AlmSql     *self,
                   const char *name,
                   const char *value)
{
  int index = find_parameter (self, name);

  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_text (self->stmt, index, value, -1, SQLITE_TRANSIENT);
}

/* @length: bytes; @value may be NULL for SQL's NULL */
void
alm_sql_bind_text_len (AlmSql     *self,
                       const char *name,
                       const char *value,
                       gsize       length)
{
  int index = find_parameter (self, name);

  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_text64 (self->stmt, index, value, length, SQLITE_TRANSIENT,
                                    SQLITE_UTF8);
}

/* @value: NULL for SQL's NULL */
void
alm_sql_bind_blob (AlmSql        *self,
                   const char    *name,
                   gconstpointer  value,
                   gsize          length)
{
  int index = find_parameter (self, name);

  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_blob64 (self->stmt, index, value, length, SQLITE_TRANSIENT);
}

void
alm_sql_bind_double (AlmSql     *self,
                     const char *name,
                     double      value)
{
  int index = find_parameter (self, name);

  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_double (self->stmt, index, value);
}

void
alm_sql_bind_null (AlmSql     *self,
                   const char *name)
{
  int index = find_parameter (self, name);

  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_null (self->stmt, index);
}

void
alm_sql_bind_int (AlmSql     *self,
                  const char *name,
                  gint64      value)
{
  int index = find_parameter (self, name);

  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_int64 (self->stmt, index, value);
}

/* The same by place, for statements that are made from a model: their columns
 * have no names of ours, and a row has many. */
void
alm_sql_bind_text_at (AlmSql     *self,
                      int         index,
                      const char *value)
{
  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_text (self->stmt, index, value, -1, SQLITE_TRANSIENT);
}

void
alm_sql_bind_blob_at (AlmSql        *self,
                      int            index,
                      gconstpointer  value,
                      gsize          length)
{
  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_blob64 (self->stmt, index, value, length, SQLITE_TRANSIENT);
}

void
alm_sql_bind_int_at (AlmSql *self,
                     int     index,
                     gint64  value)
{
  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_int64 (self->stmt, index, value);
}

void
alm_sql_bind_double_at (AlmSql *self,
                        int     index,
                        double  value)
{
  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_double (self->stmt, index, value);
}

void
alm_sql_bind_null_at (AlmSql *self,
                      int     index)
{
  if (self->rc == SQLITE_OK)
    self->rc = sqlite3_bind_null (self->stmt, index);
}

/* Makes the statement ready for its next run; what is bound stays bound.  An
 * error of the last run was reported by its step; one of prepare stays. */
void
alm_sql_reset (AlmSql *self)
{
  if (self->stmt == NULL)
    return;   /* its error stays */

  sqlite3_reset (self->stmt);
  self->rc = SQLITE_OK;
}

/* Has begun and has rows left. */
gboolean
alm_sql_is_busy (AlmSql *self)
{
  return self->stmt != NULL && sqlite3_stmt_busy (self->stmt);
}

/* Could not be prepared. */
gboolean
alm_sql_is_broken (AlmSql *self)
{
  return self->stmt == NULL;
}

AlmSqlStep
alm_sql_step (AlmSql  *self,
              GError **error)
{
  int rc = self->rc;

  if (rc == SQLITE_OK)
    rc = sqlite3_step (self->stmt);

  if (rc == SQLITE_ROW)
    return ALM_SQL_STEP_ROW;

  if (rc == SQLITE_DONE)
    return ALM_SQL_STEP_DONE;

  self->rc = rc;
  alm_sql_set_error (self->db, rc, error);

  return ALM_SQL_STEP_ERROR;
}

/* For statements that return no (more) rows. */
gboolean
alm_sql_run (AlmSql  *self,
             GError **error)
{
  AlmSqlStep step = alm_sql_step (self, error);

  g_assert (step != ALM_SQL_STEP_ROW);

  return step == ALM_SQL_STEP_DONE;
}

const char *
alm_sql_get_text (AlmSql *self,
                  int     column)
{
  return (const char *) sqlite3_column_text (self->stmt, column);
}

gint64
alm_sql_get_int (AlmSql *self,
                 int     column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

double
alm_sql_get_double (AlmSql *self,
                    int     column)
{
  return sqlite3_column_double (self->stmt, column);
}

/* Valid until the next step; NULL for an empty or missing one. */
gconstpointer
alm_sql_get_blob (AlmSql *self,
                  int     column,
                  gsize  *length)
{
  gconstpointer blob = sqlite3_column_blob (self->stmt, column);

  *length = (gsize) sqlite3_column_bytes (self->stmt, column);

  return blob;
}

gboolean
alm_sql_is_null (AlmSql *self,
                 int     column)
{
  return sqlite3_column_type (self->stmt, column) == SQLITE_NULL;
}

/* Runs one or more statements that have no parameters and whose rows nobody wants. */
gboolean
alm_sql_exec (sqlite3     *db,
              const char  *sql,
              GError     **error)
{
  int rc = sqlite3_exec (db, sql, NULL, NULL, NULL);

  if (rc == SQLITE_OK)
    return TRUE;

  alm_sql_set_error (db, rc, error);

  return FALSE;
}
