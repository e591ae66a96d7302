/* SPDX-License-Identifier: EUPL-1.2 */

/* From the derived tables to columns in memory.
 *
 * One scan of `asset` in the order of its rows, and beside it one scan of each
 * kind's typed table, which has the same order: no join, no sort.
 *
 * Invariants:
 *   1. A row's class comes from its own kind's symbol or base style.
 *   2. A geometry that cannot be read is counted; it never ends the load.
 *
 * Synchronous; on the thread that owns the connection. */

#include "config.h"

#include "alm-asset-loader.h"

#include "alm-desk-derived-private.h"
#include "alm-gpkg.h"
#include "alm-utm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Types of geometry that are more than a point. */
enum { WKB_LINE = 2, WKB_POLYGON, WKB_MULTI_POINT, WKB_MULTI_LINE, WKB_MULTI_POLYGON };

/* One kind while it is loaded. */
typedef struct
{
  AlmAssetTable   *table;     /* borrowed from the result */
  AlmAssetBuilder *builder;
  AlmSql          *values;    /* rid, by, name, span; nullable */
  gint64           rid;       /* where `values` stands; −1 before the first row */
  gboolean         at_end;
  GHashTable      *names;     /* rid → name; base kinds only */
  GHashTable      *classes;   /* text → class, so that a word is compared once */
} Kind;

void
alm_asset_table_free (AlmAssetTable *self)
{
  guint n = self->columns != NULL ? self->columns->n : 0;

  for (guint i = 0; self->names != NULL && i < n; i++)
    g_free (self->names[i]);
  g_free (self->names);
  g_clear_pointer (&self->columns, alm_asset_columns_unref);
  g_clear_pointer (&self->symbol, alm_symbol_unref);
  g_clear_pointer (&self->model, alm_model_unref);
  g_free (self);
}

static void
kind_free (gpointer data)
{
  Kind *self = data;

  g_clear_pointer (&self->builder, alm_asset_builder_free);
  g_clear_pointer (&self->values, alm_sql_free);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->classes, g_hash_table_unref);
  g_free (self);
}

static void
project (AlmGpkgShape *shape,
         int           crs)
{
  double *xy = (double *) shape->xy->data;

  for (guint i = 0; i + 1 < shape->xy->len; i += 2)
    {
      double lon;
      double lat;

      alm_utm_to_lonlat (crs, xy[i], xy[i + 1], &lon, &lat);
      alm_mercator_from_lon_lat (lon, lat, &xy[i], &xy[i + 1]);
    }
}

static const char *
find_by (const AlmAssetTable *table)
{
  if (!table->is_base)
    return alm_symbol_get_by (table->symbol);

  return alm_model_find_field (table->model, "class") != NULL ? "class" : NULL;
}

/* "SELECT rid, class field, name, span": what stands beside the places; NULL if nothing
 * does. */
static char *
make_values_sql (const AlmAssetTable *table)
{
  const char *by = find_by (table);
  const char *span = table->is_base ? NULL : alm_symbol_get_span (table->symbol);
  gboolean named = table->is_base && alm_model_find_field (table->model, "name") != NULL;
  g_autofree char *name = alm_desk_table_of (alm_model_get_name (table->model));
  g_autofree char *column = by != NULL ? alm_desk_column_of (by) : g_strdup ("NULL");
  g_autofree char *across = span != NULL ? alm_desk_column_of (span) : g_strdup ("NULL");

  if (by == NULL && !named && span == NULL)
    return NULL;

  return g_strdup_printf ("SELECT rid, %s, %s, %s FROM \"%s\" ORDER BY rid", column,
                          named ? "\"name\"" : "NULL", across, name);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double *one = a;
  const double *two = b;

  return *one < *two ? -1 : *one > *two;
}

/* The values that part five classes of equal size. */
static gboolean
find_quantiles (AlmDesk        *desk,
                AlmAssetTable  *table,
                GError        **error)
{
  g_autofree char *name = alm_desk_table_of (alm_model_get_name (table->model));
  g_autofree char *column = alm_desk_column_of (alm_symbol_get_by (table->symbol));
  g_autofree char *text = g_strdup_printf ("SELECT %s FROM \"%s\" WHERE %s IS NOT NULL", column,
                                           name, column);
  g_autoptr (AlmSql) sql = alm_sql_prepare (desk->db->handle, text);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      double value = alm_sql_get_double (sql, 0);

      g_array_append_val (values, value);
    }
  if (step == ALM_SQL_STEP_ERROR)
    return FALSE;

  g_array_sort (values, compare_doubles);
  for (guint i = 0; i < G_N_ELEMENTS (table->limits); i++)
    table->limits[i] = values->len > 0
                         ? g_array_index (values, double, (gsize) values->len * (i + 1) / 5)
                         : 0.0;

  return TRUE;
}

static AlmAssetTable *
new_table (AlmModel *model)
{
  AlmAssetTable *table = g_new0 (AlmAssetTable, 1);

  table->model = alm_model_ref (model);
  table->symbol = alm_symbol_new (model);
  table->is_base = strcmp (alm_model_get_layer (model), "asset") != 0 &&
                   alm_base_kind_find (alm_model_get_name (model), &table->base_kind);

  return table;
}

static Kind *
new_kind (AlmDesk       *desk,
          AlmAssetTable *table,
          const char    *values_sql)
{
  Kind *kind = g_new0 (Kind, 1);

  kind->table = table;
  kind->builder = alm_asset_builder_new (0);
  kind->rid = -1;
  kind->at_end = values_sql == NULL;
  if (values_sql != NULL)
    kind->values = alm_sql_prepare (desk->db->handle, values_sql);
  if (table->is_base)
    kind->names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  kind->classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return kind;
}

/* The kinds to be loaded, by their number in the file. */
static GHashTable *
begin_kinds (AlmDesk           *desk,
             const char *const *names,
             GPtrArray         *tables,
             GError           **error)
{
  g_autoptr (GHashTable) kinds = g_hash_table_new_full (NULL, NULL, NULL, kind_free);
  g_autoptr (GPtrArray) models = alm_desk_list_models (desk);

  for (guint i = 0; i < models->len; i++)
    {
      AlmModel *model = g_ptr_array_index (models, i);
      const char *name = alm_model_get_name (model);
      AlmDerivedKind *derived = alm_desk_find_derived (desk, name);
      g_autofree char *sql = NULL;
      AlmAssetTable *table;

      if (derived == NULL || derived->geometry == NULL ||
          (names != NULL && !g_strv_contains (names, name)))
        continue;
      table = new_table (model);
      g_ptr_array_add (tables, table);
      if (!table->is_base && alm_symbol_has_quantiles (table->symbol) &&
          !find_quantiles (desk, table, error))
        return NULL;
      sql = make_values_sql (table);
      g_hash_table_insert (kinds, GINT_TO_POINTER ((int) derived->number),
                           new_kind (desk, table, sql));
    }

  return g_steal_pointer (&kinds);
}

static guint8
classify_text (Kind       *kind,
               const char *text)
{
  gpointer known;
  guint8 class_;

  if (text == NULL)
    return kind->table->is_base ? alm_base_style_classify (kind->table->base_kind, NULL) : 0;
  if (g_hash_table_lookup_extended (kind->classes, text, NULL, &known))
    return (guint8) GPOINTER_TO_UINT (known);

  class_ = kind->table->is_base ? alm_base_style_classify (kind->table->base_kind, text)
                                : alm_symbol_classify_text (kind->table->symbol, text);
  if (g_hash_table_size (kind->classes) < 1024)
    g_hash_table_insert (kind->classes, g_strdup (text), GUINT_TO_POINTER (class_));

  return class_;
}

/* Moves the scan of the kind's values to @rid. */
static gboolean
find_values (Kind     *kind,
             gint64    rid,
             guint8   *class_,
             double   *span,
             GError  **error)
{
  *class_ = classify_text (kind, NULL);
  *span = 0.0;
  while (!kind->at_end && kind->rid < rid)
    {
      AlmSqlStep step = alm_sql_step (kind->values, error);

      if (step == ALM_SQL_STEP_ERROR)
        return FALSE;
      kind->at_end = step == ALM_SQL_STEP_DONE;
      if (!kind->at_end)
        kind->rid = alm_sql_get_int (kind->values, 0);
    }
  if (kind->at_end || kind->rid != rid)
    return TRUE;

  if (!kind->table->is_base && alm_symbol_has_quantiles (kind->table->symbol))
    *class_ = alm_symbol_classify_number (alm_sql_is_null (kind->values, 1)
                                            ? NAN
                                            : alm_sql_get_double (kind->values, 1),
                                          kind->table->limits);
  else if (!alm_sql_is_null (kind->values, 1))
    *class_ = classify_text (kind, alm_sql_get_text (kind->values, 1));
  *span = alm_sql_get_double (kind->values, 3);
  if (kind->names != NULL && !alm_sql_is_null (kind->values, 2))
    g_hash_table_insert (kind->names, GUINT_TO_POINTER ((guint) rid),
                         g_strdup (alm_sql_get_text (kind->values, 2)));

  return TRUE;
}

/* Columns rid, kind, gtype, wx, wy, t0, t1, geom. */
static gboolean
take_row (AlmDesk      *desk,
          AlmSql       *sql,
          GHashTable   *kinds,
          AlmGpkgShape *shape,
          GError      **error)
{
  gint64 rid = alm_sql_get_int (sql, 0);
  Kind *kind = g_hash_table_lookup (kinds, GINT_TO_POINTER ((int) alm_sql_get_int (sql, 1)));
  gint64 gtype = alm_sql_get_int (sql, 2);
  gint32 t0 = (gint32) alm_sql_get_int (sql, 5);
  gint32 t1 = (gint32) alm_sql_get_int (sql, 6);
  guint8 class_;
  double span;

  if (kind == NULL || rid > G_MAXUINT32)
    return TRUE;
  if (!find_values (kind, rid, &class_, &span, error))
    return FALSE;

  if (gtype == WKB_LINE || gtype == WKB_POLYGON || gtype == WKB_MULTI_LINE ||
      gtype == WKB_MULTI_POLYGON)
    {
      gsize length;
      const guint8 *data = alm_sql_get_blob (sql, 7, &length);

      if (!alm_gpkg_read (shape, data, length))
        {
          kind->table->n_unplaced++;
          return TRUE;
        }
      project (shape, desk->crs);
      if (!alm_asset_builder_add_shape (kind->builder, (guint32) rid, shape->type,
                                        (const double *) shape->xy->data, shape->xy->len / 2,
                                        (const guint *) shape->rings->data, shape->rings->len,
                                        t0, t1, class_))
        kind->table->n_unplaced++;
      return TRUE;
    }

  alm_asset_builder_add_point (kind->builder, (guint32) rid, (guint32) alm_sql_get_int (sql, 3),
                               (guint32) alm_sql_get_int (sql, 4), t0, t1, class_);
  alm_asset_builder_set_span (kind->builder, span);

  return TRUE;
}

static void
seal_kind (Kind *kind)
{
  AlmAssetTable *table = kind->table;

  table->columns = alm_asset_builder_seal (g_steal_pointer (&kind->builder));
  if (kind->names == NULL || g_hash_table_size (kind->names) == 0)
    return;

  table->names = g_new0 (char *, table->columns->n);
  for (guint i = 0; i < table->columns->n; i++)
    table->names[i] = g_strdup (g_hash_table_lookup (kind->names,
                                                     GUINT_TO_POINTER (table->columns->rid[i])));
}

static void
seal_all (GHashTable *kinds)
{
  GHashTableIter iter;
  gpointer kind;

  g_hash_table_iter_init (&iter, kinds);
  while (g_hash_table_iter_next (&iter, NULL, &kind))
    seal_kind (kind);
}

GPtrArray *
alm_asset_loader_load (AlmDesk            *desk,
                       const char *const  *names,
                       GError            **error)
{
  g_autoptr (GPtrArray) tables =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_asset_table_free);
  g_autoptr (GHashTable) kinds = begin_kinds (desk, names, tables, error);
  g_autoptr (AlmSql) sql = NULL;
  AlmSqlStep step;
  g_auto (AlmGpkgShape) shape = ALM_GPKG_SHAPE_INIT;

  if (kinds == NULL)
    return NULL;
  if (g_hash_table_size (kinds) == 0)
    return g_steal_pointer (&tables);

  sql = alm_sql_prepare (desk->db->handle,
                         "SELECT rid, kind, gtype, wx, wy, t0, t1, geom FROM asset ORDER BY rid");
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    if (!take_row (desk, sql, kinds, &shape, error))
      {
        step = ALM_SQL_STEP_ERROR;
        break;
      }
  seal_all (kinds);

  return step == ALM_SQL_STEP_ERROR ? NULL : g_steal_pointer (&tables);
}

static int
compare_rids (const void *a,
              const void *b)
{
  const gint64 *one = a;
  const gint64 *two = b;

  return *one < *two ? -1 : *one > *two;
}

static GHashTable *
begin_known (AlmDesk   *desk,
             GPtrArray *known,
             GPtrArray *tables)
{
  GHashTable *kinds = g_hash_table_new_full (NULL, NULL, NULL, kind_free);

  for (guint i = 0; i < known->len; i++)
    {
      const AlmAssetTable *before = g_ptr_array_index (known, i);
      AlmDerivedKind *derived = alm_desk_find_derived (desk,
                                                       alm_model_get_name (before->model));
      AlmAssetTable *table;

      if (derived == NULL)
        continue;
      table = new_table (before->model);
      memcpy (table->limits, before->limits, sizeof table->limits);
      g_ptr_array_add (tables, table);
      g_hash_table_insert (kinds, GINT_TO_POINTER ((int) derived->number),
                           new_kind (desk, table, NULL));
    }

  return kinds;
}

/* Opens the scan of a kind's values for one row. */
static void
aim_values (AlmDesk *desk,
            Kind    *kind,
            gint64   rid)
{
  g_autofree char *all = make_values_sql (kind->table);
  g_autofree char *one = NULL;

  g_clear_pointer (&kind->values, alm_sql_free);
  kind->at_end = all == NULL;
  if (all == NULL)
    return;
  *strstr (all, " ORDER BY") = '\0';
  one = g_strconcat (all, " WHERE rid = :rid", NULL);
  kind->values = alm_sql_prepare (desk->db->handle, one);
  alm_sql_bind_int (kind->values, ":rid", rid);
  kind->rid = -1;
}

GPtrArray *
alm_asset_loader_load_rids (AlmDesk       *desk,
                            GPtrArray     *known,
                            const gint64  *rids,
                            guint          n_rids,
                            GError       **error)
{
  g_autoptr (GPtrArray) tables =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_asset_table_free);
  g_autoptr (GHashTable) kinds = begin_known (desk, known, tables);
  g_autofree gint64 *sorted = g_memdup2 (rids, n_rids * sizeof *rids);
  g_autoptr (AlmSql) sql =
    alm_sql_prepare (desk->db->handle, "SELECT rid, kind, gtype, wx, wy, t0, t1, geom FROM asset "
                                       "WHERE rid = :rid");
  gboolean done = TRUE;
  g_auto (AlmGpkgShape) shape = ALM_GPKG_SHAPE_INIT;

  if (n_rids > 0)
    qsort (sorted, n_rids, sizeof *sorted, compare_rids);
  for (guint i = 0; done && i < n_rids; i++)
    {
      AlmSqlStep step;
      Kind *kind;

      alm_sql_reset (sql);
      alm_sql_bind_int (sql, ":rid", sorted[i]);
      step = alm_sql_step (sql, error);
      done = step != ALM_SQL_STEP_ERROR;
      if (step != ALM_SQL_STEP_ROW)
        continue;
      kind = g_hash_table_lookup (kinds, GINT_TO_POINTER ((int) alm_sql_get_int (sql, 1)));
      if (kind == NULL)
        continue;
      aim_values (desk, kind, sorted[i]);
      done = take_row (desk, sql, kinds, &shape, error);
    }
  seal_all (kinds);

  return done ? g_steal_pointer (&tables) : NULL;
}

static char *
read_label (AlmDesk     *desk,
            const char  *kind,
            gint64       rid,
            GError     **error)
{
  g_autofree char *table = alm_desk_table_of (kind);
  g_autofree char *text = g_strdup_printf ("SELECT \":label\" FROM \"%s\" WHERE rid = :rid",
                                           table);
  g_autoptr (AlmSql) sql = alm_sql_prepare (desk->db->handle, text);

  alm_sql_bind_int (sql, ":rid", rid);
  if (alm_sql_step (sql, error) != ALM_SQL_STEP_ROW || alm_sql_is_null (sql, 0))
    return NULL;

  return g_strdup (alm_sql_get_text (sql, 0));
}

GPtrArray *
alm_asset_loader_load_labels (AlmDesk       *desk,
                              const gint64  *rids,
                              guint          n_rids,
                              GError       **error)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmSql) sql = alm_sql_prepare (desk->db->handle,
                                            "SELECT kind FROM asset WHERE rid = :rid");

  for (guint i = 0; i < n_rids; i++)
    {
      g_autoptr (GError) problem = NULL;
      AlmSqlStep step;
      char *label = NULL;

      alm_sql_reset (sql);
      alm_sql_bind_int (sql, ":rid", rids[i]);
      step = alm_sql_step (sql, &problem);
      if (step == ALM_SQL_STEP_ROW)
        {
          const char *kind = alm_desk_get_name (desk, alm_sql_get_int (sql, 0));

          if (kind != NULL && alm_desk_find_derived (desk, kind) != NULL)
            label = read_label (desk, kind, rids[i], &problem);
        }
      if (problem != NULL)
        {
          g_free (label);
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      g_ptr_array_add (labels, label);
    }

  return g_steal_pointer (&labels);
}
