/* SPDX-License-Identifier: EUPL-1.2 */

/* What the map's data asks of the store: everything, or what has changed, merged
 * into copies of what it has.  On a reader's thread, with plain data only. */

#include "config.h"

#include "alm-map-data-private.h"

#include <string.h>

void
alm_map_job_free (gpointer data)
{
  AlmMapJob *job = data;

  g_clear_pointer (&job->known, g_ptr_array_unref);
  g_clear_pointer (&job->rids, g_array_unref);
  g_clear_pointer (&job->tables, g_ptr_array_unref);
  g_clear_pointer (&job->labels, alm_labels_unref);
  g_clear_pointer (&job->boxes, g_array_unref);
  g_free (job);
}

static AlmAssetTable *
copy_table (const AlmAssetTable *table)
{
  AlmAssetTable *copy = g_memdup2 (table, sizeof *table);

  alm_model_ref (copy->model);
  alm_symbol_ref (copy->symbol);
  alm_asset_columns_ref (copy->columns);
  copy->names = NULL;
  if (table->names != NULL)
    {
      copy->names = g_new0 (char *, table->columns->n);
      for (guint i = 0; i < table->columns->n; i++)
        copy->names[i] = g_strdup (table->names[i]);
    }

  return copy;
}

GPtrArray *
alm_map_job_copy_tables (GPtrArray *tables)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_asset_table_free);

  for (guint i = 0; i < tables->len; i++)
    g_ptr_array_add (copy, copy_table (g_ptr_array_index (tables, i)));

  return copy;
}

AlmLabels *
alm_map_job_make_labels (GPtrArray *tables)
{
  AlmLabels *labels = alm_labels_new ();

  for (guint t = 0; t < tables->len; t++)
    {
      const AlmAssetTable *table = g_ptr_array_index (tables, t);

      if (table->is_base && table->names != NULL)
        alm_labels_add_base (labels, table->base_kind, table->columns, table->names);
    }

  return labels;
}

gpointer
alm_map_job_load (AlmDesk   *desk,
                  gpointer   data,
                  GError   **error)
{
  AlmMapJob *result = g_new0 (AlmMapJob, 1);

  result->tables = alm_asset_loader_load (desk, NULL, error);
  if (result->tables == NULL)
    {
      alm_map_job_free (result);
      return NULL;
    }
  result->labels = alm_map_job_make_labels (result->tables);

  return result;
}

static void
note_boxes (GArray                *boxes,
            const AlmAssetColumns *columns,
            GHashTable            *rids)
{
  for (guint i = 0; i < columns->n; i++)
    if (g_hash_table_contains (rids, GUINT_TO_POINTER (columns->rid[i])))
      {
        AlmBox box = { columns->wx[i], columns->wy[i], columns->wx[i], columns->wy[i] };

        if (columns->shape_start != NULL)
          box = columns->box[i];
        g_array_append_val (boxes, box);
      }
}

/* Names of merged columns: those of the new rows, else those of before. */
static char **
merge_names (const AlmAssetTable   *before,
             const AlmAssetTable   *news,
             const AlmAssetColumns *merged)
{
  g_autoptr (GHashTable) by_rid = g_hash_table_new (NULL, NULL);
  char **names = g_new0 (char *, merged->n);

  for (guint i = 0; before->names != NULL && i < before->columns->n; i++)
    g_hash_table_insert (by_rid, GUINT_TO_POINTER (before->columns->rid[i]), before->names[i]);
  for (guint i = 0; i < news->columns->n; i++)
    g_hash_table_insert (by_rid, GUINT_TO_POINTER (news->columns->rid[i]),
                         news->names != NULL ? news->names[i] : NULL);
  for (guint i = 0; i < merged->n; i++)
    names[i] = g_strdup (g_hash_table_lookup (by_rid, GUINT_TO_POINTER (merged->rid[i])));

  return names;
}

AlmAssetTable *
alm_map_job_find_table (GPtrArray  *tables,
                        const char *kind)
{
  for (guint i = 0; i < tables->len; i++)
    {
      AlmAssetTable *table = g_ptr_array_index (tables, i);

      if (strcmp (alm_model_get_name (table->model), kind) == 0)
        return table;
    }

  return NULL;
}

static void
merge_table (AlmAssetTable       *table,
             const AlmAssetTable *news,
             const AlmMapJob     *job,
             GHashTable          *rids,
             const guint32       *gone)
{
  AlmAssetColumns *before = table->columns;
  guint n_boxes = job->boxes->len;
  AlmAssetColumns *merged;

  note_boxes (job->boxes, before, rids);
  note_boxes (job->boxes, news->columns, rids);
  if (job->boxes->len == n_boxes)
    return;   /* none of this kind */

  merged = alm_asset_columns_merge (before, gone, job->rids->len, news->columns);
  if (table->is_base)
    {
      char **names = merge_names (table, news, merged);

      for (guint i = 0; table->names != NULL && i < before->n; i++)
        g_free (table->names[i]);
      g_free (table->names);
      table->names = names;
    }
  alm_asset_columns_unref (before);
  table->columns = merged;
}

/* What has changed is read and merged into copies. */
gpointer
alm_map_job_merge (AlmDesk   *desk,
                   gpointer   data,
                   GError   **error)
{
  const AlmMapJob *asked = data;
  g_autoptr (GHashTable) rids = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) news = NULL;
  g_autofree guint32 *gone = g_new (guint32, asked->rids->len);
  AlmMapJob *result;

  news = alm_asset_loader_load_rids (desk, asked->known, (const gint64 *) asked->rids->data,
                                     asked->rids->len, error);
  if (news == NULL)
    return NULL;

  for (guint i = 0; i < asked->rids->len; i++)
    {
      gone[i] = (guint32) g_array_index (asked->rids, gint64, i);
      g_hash_table_add (rids, GUINT_TO_POINTER (gone[i]));
    }
  result = g_new0 (AlmMapJob, 1);
  result->rids = g_array_ref (asked->rids);
  result->boxes = g_array_new (FALSE, FALSE, sizeof (AlmBox));
  result->tables = alm_map_job_copy_tables (asked->known);
  for (guint i = 0; i < result->tables->len; i++)
    {
      AlmAssetTable *table = g_ptr_array_index (result->tables, i);
      AlmAssetTable *added = alm_map_job_find_table (news, alm_model_get_name (table->model));

      if (added != NULL)
        merge_table (table, added, result, rids, gone);
    }
  result->labels = alm_map_job_make_labels (result->tables);

  return result;
}
