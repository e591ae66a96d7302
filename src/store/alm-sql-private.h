/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef enum {
  ALM_SQL_STEP_ERROR = -1,
  ALM_SQL_STEP_DONE = 0,
  ALM_SQL_STEP_ROW = 1
} AlmSqlStep;

typedef struct _AlmSql AlmSql;

void           alm_sql_set_error     (sqlite3        *db,
                                      int             rc,
                                      GError        **error);
gboolean       alm_sql_exec          (sqlite3        *db,
                                      const char     *sql,
                                      GError        **error);

AlmSql        *alm_sql_prepare       (sqlite3        *db,
                                      const char     *sql);
AlmSql        *alm_sql_new_failed    (sqlite3        *db,
                                      int             rc);
void           alm_sql_free          (AlmSql         *self);
void           alm_sql_reset         (AlmSql         *self);

gboolean       alm_sql_is_busy       (AlmSql         *self);
gboolean       alm_sql_is_broken     (AlmSql         *self);

void           alm_sql_bind_text     (AlmSql         *self,
                                      const char     *name,
                                      const char     *value);
void           alm_sql_bind_text_len (AlmSql         *self,
                                      const char     *name,
                                      const char     *value,
                                      gsize           length);
void           alm_sql_bind_blob     (AlmSql         *self,
                                      const char     *name,
                                      gconstpointer   value,
                                      gsize           length);
void           alm_sql_bind_int      (AlmSql         *self,
                                      const char     *name,
                                      gint64          value);
void           alm_sql_bind_double   (AlmSql         *self,
                                      const char     *name,
                                      double          value);
void           alm_sql_bind_null     (AlmSql         *self,
                                      const char     *name);

void           alm_sql_bind_text_at  (AlmSql         *self,
                                      int             index,
                                      const char     *value);
void           alm_sql_bind_blob_at  (AlmSql         *self,
                                      int             index,
                                      gconstpointer   value,
                                      gsize           length);
void           alm_sql_bind_int_at   (AlmSql         *self,
                                      int             index,
                                      gint64          value);
void           alm_sql_bind_double_at (AlmSql        *self,
                                      int             index,
                                      double          value);
void           alm_sql_bind_null_at  (AlmSql         *self,
                                      int             index);

AlmSqlStep     alm_sql_step          (AlmSql         *self,
                                      GError        **error);
gboolean       alm_sql_run           (AlmSql         *self,
                                      GError        **error);
const char    *alm_sql_get_text      (AlmSql         *self,
                                      int             column);
gint64         alm_sql_get_int       (AlmSql         *self,
                                      int             column);
double         alm_sql_get_double    (AlmSql         *self,
                                      int             column);
gconstpointer  alm_sql_get_blob      (AlmSql         *self,
                                      int             column,
                                      gsize          *length);
gboolean       alm_sql_is_null       (AlmSql         *self,
                                      int             column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmSql, alm_sql_free)

G_END_DECLS
