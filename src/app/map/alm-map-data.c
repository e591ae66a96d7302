/* SPDX-License-Identifier: EUPL-1.2 */

/* What the map shows, and how it keeps up with the records.
 *
 * Invariants:
 *   1. Columns are never changed, only replaced; drawing threads keep those they have.
 *   2. At most one reading job is under way.  Changes that are announced meanwhile
 *      are read by the next one, so that no answer overtakes a newer one.
 *
 * Main thread; the jobs get references and plain data. */

#include "config.h"

#include "alm-map-data-private.h"
#include "alm-map-data.h"

#include "alm-days.h"

#include <math.h>
#include <string.h>

/* More changed rows than this are read by loading everything. */
#define MAX_TOUCHED 2000

typedef struct
{
  char     *kind;
  gboolean  visible;
  double    opacity;
  gboolean  is_placed;   /* the user has chosen its place in the order */
} Look;

struct _AlmMapData
{
  GObject       parent_instance;

  /* Owned */
  AlmRecords   *records;
  GPtrArray    *tables;       /* AlmAssetTable: base kinds, then layers bottom to top */
  GPtrArray    *looks;        /* Look */
  AlmLabels    *labels;
  GArray       *waiting;      /* gint64: rids that have changed since the job began */
  GCancellable *cancellable;
  gint32        day;
  gboolean      is_loaded;
  gboolean      is_busy;
  gboolean      wants_all;
};

enum {
  SIGNAL_LOADED,
  SIGNAL_TOUCHED,
  SIGNAL_LAYERS_CHANGED,
  SIGNAL_DAY_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmMapData, alm_map_data, G_TYPE_OBJECT)

static void start_job (AlmMapData *self);

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->kind);
  g_free (look);
}

static Look *
find_look (AlmMapData *self,
           const char *kind)
{
  for (guint i = 0; i < self->looks->len; i++)
    {
      Look *look = g_ptr_array_index (self->looks, i);

      if (strcmp (look->kind, kind) == 0)
        return look;
    }

  return NULL;
}

static Look *
need_look (AlmMapData          *self,
           const AlmAssetTable *table)
{
  const char *kind = alm_model_get_name (table->model);
  Look *look = find_look (self, kind);

  if (look == NULL)
    {
      look = g_new0 (Look, 1);
      look->kind = g_strdup (kind);
      look->visible = strcmp (alm_model_get_layer (table->model), "asset") == 0;
      look->opacity = 1.0;
      g_ptr_array_add (self->looks, look);
    }

  return look;
}

static int
find_place (AlmMapData          *self,
            const AlmAssetTable *table)
{
  for (guint i = 0; i < self->looks->len; i++)
    {
      const Look *look = g_ptr_array_index (self->looks, i);

      if (look->is_placed && strcmp (look->kind, alm_model_get_name (table->model)) == 0)
        return (int) i;
    }

  return -1;
}

/* Base kinds first; then what is many below what is few, until the user says
 * otherwise: then what has no place yet comes above what has one. */
static int
compare_tables (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const AlmAssetTable *one = *(AlmAssetTable *const *) a;
  const AlmAssetTable *two = *(AlmAssetTable *const *) b;
  int first = find_place (user_data, one);
  int second = find_place (user_data, two);

  if (one->is_base != two->is_base)
    return one->is_base ? -1 : 1;
  if (first >= 0 || second >= 0)
    return first < 0 ? 1 : second < 0 ? -1 : first - second;
  if (one->columns->n != two->columns->n)
    return one->columns->n > two->columns->n ? -1 : 1;

  return strcmp (alm_model_get_name (one->model), alm_model_get_name (two->model));
}

static void
take_tables (AlmMapData *self,
             GPtrArray  *tables,
             AlmLabels  *labels)
{
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  self->tables = tables;
  g_clear_pointer (&self->labels, alm_labels_unref);
  self->labels = labels;
  for (guint i = 0; i < tables->len; i++)
    need_look (self, g_ptr_array_index (tables, i));
  g_ptr_array_sort_with_data (tables, compare_tables, self);
}

static void
job_done_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AlmMapData) self = user_data;
  g_autoptr (GError) error = NULL;
  AlmMapJob *job = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  gboolean was_loaded = self->is_loaded;

  self->is_busy = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&job, alm_map_job_free);
      return;
    }
  if (job == NULL)
    {
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return;
    }

  self->is_loaded = TRUE;
  take_tables (self, g_steal_pointer (&job->tables), g_steal_pointer (&job->labels));
  if (job->boxes == NULL || !was_loaded)
    g_signal_emit (self, signals[SIGNAL_LOADED], 0);
  else if (job->boxes->len > 0)
    g_signal_emit (self, signals[SIGNAL_TOUCHED], 0, job->boxes->data, job->boxes->len);
  alm_map_job_free (job);
  start_job (self);
}

static void
start_job (AlmMapData *self)
{
  AlmMapJob *job;
  gboolean all = self->wants_all || (self->waiting->len > MAX_TOUCHED);

  if (self->records == NULL || self->is_busy || (!all && self->waiting->len == 0))
    return;

  self->is_busy = TRUE;
  self->wants_all = FALSE;
  job = g_new0 (AlmMapJob, 1);
  job->rids = self->waiting;
  self->waiting = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!all)
    job->known = alm_map_job_copy_tables (self->tables);
  alm_records_read_async (self->records, all ? alm_map_job_load : alm_map_job_merge, job,
                          alm_map_job_free, alm_map_job_free, self->cancellable, job_done_cb,
                          g_object_ref (self));
}

static void
records_changed_cb (AlmMapData      *self,
                    const AlmChange *change)
{
  if (change->all || change->rids == NULL)
    self->wants_all = TRUE;
  else
    g_array_append_vals (self->waiting, change->rids->data, change->rids->len);
  start_job (self);
}

void
alm_map_data_reload (AlmMapData *self)
{
  self->wants_all = TRUE;
  start_job (self);
}

static void
alm_map_data_dispose (GObject *object)
{
  AlmMapData *self = ALM_MAP_DATA (object);

  g_cancellable_cancel (self->cancellable);
  if (self->records != NULL)
    g_signal_handlers_disconnect_by_data (self->records, self);
  g_clear_object (&self->records);

  G_OBJECT_CLASS (alm_map_data_parent_class)->dispose (object);
}

static void
alm_map_data_finalize (GObject *object)
{
  AlmMapData *self = ALM_MAP_DATA (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->tables);
  g_ptr_array_unref (self->looks);
  g_clear_pointer (&self->labels, alm_labels_unref);
  g_array_unref (self->waiting);

  G_OBJECT_CLASS (alm_map_data_parent_class)->finalize (object);
}

static void
alm_map_data_class_init (AlmMapDataClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_map_data_dispose;
  object_class->finalize = alm_map_data_finalize;

  signals[SIGNAL_LOADED] =
    g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_TOUCHED] =
    g_signal_new ("touched", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_UINT);
  signals[SIGNAL_LAYERS_CHANGED] =
    g_signal_new ("layers-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DAY_CHANGED] =
    g_signal_new ("day-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
alm_map_data_init (AlmMapData *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_asset_table_free);
  self->looks = g_ptr_array_new_with_free_func (look_free);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->cancellable = g_cancellable_new ();
  self->day = (gint32) alm_days_of (now);
}

AlmMapData *
alm_map_data_new (AlmRecords *records)
{
  AlmMapData *self = g_object_new (ALM_TYPE_MAP_DATA, NULL);

  if (records != NULL)
    {
      self->records = g_object_ref (records);
      g_signal_connect_swapped (records, "changed", G_CALLBACK (records_changed_cb), self);
      g_signal_connect_swapped (records, "models-changed", G_CALLBACK (alm_map_data_reload),
                                self);
      alm_map_data_reload (self);
    }

  return self;
}

void
alm_map_data_set_tables (AlmMapData *self,
                         GPtrArray  *tables)
{
  take_tables (self, tables, alm_map_job_make_labels (tables));
  self->is_loaded = TRUE;
  g_signal_emit (self, signals[SIGNAL_LOADED], 0);
}

gboolean
alm_map_data_is_loaded (AlmMapData *self)
{
  return self->is_loaded;
}

gint32
alm_map_data_get_day (AlmMapData *self)
{
  return self->day;
}

void
alm_map_data_set_day (AlmMapData *self,
                      gint32      day)
{
  if (self->day == day)
    return;
  self->day = day;
  g_signal_emit (self, signals[SIGNAL_DAY_CHANGED], 0);
}

/* Around the places of all layers that are to be seen; else of everything. */
gboolean
alm_map_data_get_extent (AlmMapData *self,
                         AlmBox     *box)
{
  gboolean any = FALSE;

  for (guint pass = 0; pass < 2 && !any; pass++)
    for (guint t = 0; t < self->tables->len; t++)
      {
        const AlmAssetTable *table = g_ptr_array_index (self->tables, t);
        const AlmAssetColumns *columns = table->columns;

        if (pass == 0 && (table->is_base || !need_look (self, table)->visible))
          continue;
        for (guint i = 0; i < columns->n; i++)
          {
            if (!alm_asset_columns_is_alive (columns, i, self->day))
              continue;
            if (!any)
              *box = (AlmBox) { columns->wx[i], columns->wy[i], columns->wx[i], columns->wy[i] };
            any = TRUE;
            box->west = MIN (box->west, columns->wx[i]);
            box->east = MAX (box->east, columns->wx[i]);
            box->north = MIN (box->north, columns->wy[i]);
            box->south = MAX (box->south, columns->wy[i]);
          }
      }

  return any;
}

static AlmAssetTable *
get_layer_table (AlmMapData *self,
                 guint       number)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      AlmAssetTable *table = g_ptr_array_index (self->tables, i);

      if (!table->is_base && number-- == 0)
        return table;
    }

  return NULL;
}

guint
alm_map_data_get_n_layers (AlmMapData *self)
{
  guint n = 0;

  while (get_layer_table (self, n) != NULL)
    n++;

  return n;
}

void
alm_map_data_get_layer (AlmMapData  *self,
                        guint        number,
                        AlmMapLayer *layer)
{
  const AlmAssetTable *table = get_layer_table (self, number);
  const Look *look;

  g_return_if_fail (table != NULL);

  look = need_look (self, table);
  *layer = (AlmMapLayer) {
    .kind = alm_model_get_name (table->model), .model = table->model, .symbol = table->symbol,
    .n = table->columns->n, .limits = table->limits, .visible = look->visible,
    .opacity = look->opacity
  };
}

void
alm_map_data_set_visible (AlmMapData *self,
                          const char *kind,
                          gboolean    visible)
{
  Look *look = find_look (self, kind);

  if (look == NULL || look->visible == visible)
    return;
  look->visible = visible;
  g_signal_emit (self, signals[SIGNAL_LAYERS_CHANGED], 0);
}

void
alm_map_data_set_opacity (AlmMapData *self,
                          const char *kind,
                          double      opacity)
{
  Look *look = find_look (self, kind);

  if (look == NULL || look->opacity == opacity)
    return;
  look->opacity = CLAMP (opacity, 0.0, 1.0);
  g_signal_emit (self, signals[SIGNAL_LAYERS_CHANGED], 0);
}

/* The order of the looks is the order that lasts. */
static void
keep_order (AlmMapData *self)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      Look *look = need_look (self, g_ptr_array_index (self->tables, i));
      guint at;

      look->is_placed = TRUE;
      g_ptr_array_find (self->looks, look, &at);
      g_ptr_array_add (self->looks, g_ptr_array_steal_index (self->looks, at));
    }
}

/* Where @kind stands among the layers; −1: nowhere. */
static int
find_layer (AlmMapData *self,
            const char *kind)
{
  const AlmAssetTable *table;

  for (guint i = 0; (table = get_layer_table (self, i)) != NULL; i++)
    if (strcmp (alm_model_get_name (table->model), kind) == 0)
      return (int) i;

  return -1;
}

void
alm_map_data_place_layer (AlmMapData *self,
                          const char *kind,
                          guint       number)
{
  int from = find_layer (self, kind);
  guint n_layers = alm_map_data_get_n_layers (self);
  guint n_base = self->tables->len - n_layers;

  if (from < 0 || number >= n_layers || (guint) from == number)
    return;

  g_ptr_array_insert (self->tables, (int) (n_base + number),
                      g_ptr_array_steal_index (self->tables, n_base + (guint) from));
  keep_order (self);
  g_signal_emit (self, signals[SIGNAL_LAYERS_CHANGED], 0);
}

void
alm_map_data_move_layer (AlmMapData *self,
                         const char *kind,
                         int         step)
{
  int from = find_layer (self, kind);

  if (from >= 0 && from + step >= 0)
    alm_map_data_place_layer (self, kind, (guint) (from + step));
}

gboolean
alm_map_data_is_ordered (AlmMapData *self)
{
  for (guint i = 0; i < self->looks->len; i++)
    if (((const Look *) g_ptr_array_index (self->looks, i))->is_placed)
      return TRUE;

  return FALSE;
}

void
alm_map_data_recall_layer (AlmMapData *self,
                           const char *kind,
                           gboolean    visible,
                           double      opacity,
                           gboolean    is_ordered)
{
  Look *look = find_look (self, kind);

  if (look == NULL)
    {
      look = g_new0 (Look, 1);
      look->kind = g_strdup (kind);
      g_ptr_array_add (self->looks, look);
    }
  look->visible = visible;
  look->opacity = CLAMP (opacity, 0.0, 1.0);
  look->is_placed = is_ordered;
}

gboolean
alm_map_data_has_base (AlmMapData *self)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      const AlmAssetTable *table = g_ptr_array_index (self->tables, i);

      if (table->is_base && table->columns->n > 0)
        return TRUE;
    }

  return FALSE;
}

static AlmPaintPlan *
new_plan (AlmMapData *self,
          gboolean    dark,
          double      scale)
{
  AlmPaintPlan *plan = alm_paint_plan_new ();

  alm_paint_plan_set_day (plan, self->day);
  alm_paint_plan_set_dark (plan, dark);
  alm_paint_plan_set_scale (plan, scale);

  return plan;
}

AlmPaintPlan *
alm_map_data_make_assets (AlmMapData *self,
                          gboolean    with_names,
                          gboolean    dark,
                          double      scale)
{
  AlmPaintPlan *plan = new_plan (self, dark, scale);

  for (guint i = 0; i < self->tables->len; i++)
    {
      const AlmAssetTable *table = g_ptr_array_index (self->tables, i);
      const Look *look = need_look (self, table);

      if (!table->is_base && look->visible && table->columns->n > 0)
        alm_paint_plan_add_assets (plan, table->columns, table->symbol, look->opacity);
    }
  if (with_names && self->labels != NULL)
    alm_paint_plan_set_labels (plan, self->labels);

  return plan;
}

AlmPaintPlan *
alm_map_data_make_base (AlmMapData *self,
                        gboolean    dark,
                        double      scale)
{
  AlmAssetColumns *columns[ALM_BASE_N_KINDS] = { NULL };
  AlmPaintPlan *plan;

  if (!alm_map_data_has_base (self))
    return NULL;

  plan = new_plan (self, dark, scale);
  for (guint i = 0; i < self->tables->len; i++)
    {
      const AlmAssetTable *table = g_ptr_array_index (self->tables, i);

      if (table->is_base)
        columns[table->base_kind] = table->columns;
    }
  alm_paint_plan_set_base (plan, columns, 1.0);

  return plan;
}

void
alm_map_data_fill_labels (AlmMapData  *self,
                          AlmLabelJob *job,
                          gboolean     with_names)
{
  alm_label_job_set_day (job, self->day);
  for (guint i = self->tables->len; i-- > 0;)
    {
      const AlmAssetTable *table = g_ptr_array_index (self->tables, i);
      const Look *look = need_look (self, table);

      if (!table->is_base)
        alm_label_job_add_layer (job, table->columns, table->symbol,
                                 look->visible ? look->opacity : 0.0);
    }
  if (with_names && self->labels != NULL)
    alm_label_job_set_names (job, self->labels);
}

/* The columns' assets that are in @rids; (transfer full), NULL for none. */
static AlmAssetColumns *
pick (const AlmAssetColumns *columns,
      GHashTable            *rids)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (16);
  g_autoptr (GArray) xy = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) rings = g_array_new (FALSE, FALSE, sizeof (guint));
  AlmAssetColumns *picked;

  for (guint i = 0; i < columns->n; i++)
    {
      if (!g_hash_table_contains (rids, GUINT_TO_POINTER (columns->rid[i])))
        continue;
      if (columns->shape_start == NULL || columns->shape_type[i] == ALM_SHAPE_POINT)
        {
          alm_asset_builder_add_point (builder, columns->rid[i], columns->wx[i], columns->wy[i],
                                       columns->t0[i], columns->t1[i], columns->class_[i]);
          continue;
        }
      g_array_set_size (xy, 0);
      g_array_set_size (rings, 0);
      for (guint32 v = columns->shape_start[i]; v < columns->shape_start[i + 1]; v++)
        {
          double point[] = { (double) columns->wx[i] + columns->shape_dx[v],
                             (double) columns->wy[i] + columns->shape_dy[v] };
          guint number = xy->len / 2;

          if (columns->ring_first[v])
            g_array_append_val (rings, number);
          g_array_append_vals (xy, point, 2);
        }
      alm_asset_builder_add_shape (builder, columns->rid[i],
                                   (AlmShapeType) columns->shape_type[i],
                                   (const double *) xy->data, xy->len / 2,
                                   (const guint *) rings->data, rings->len, columns->t0[i],
                                   columns->t1[i], columns->class_[i]);
    }
  picked = alm_asset_builder_seal (builder);
  if (picked->n == 0)
    g_clear_pointer (&picked, alm_asset_columns_unref);

  return picked;
}

AlmPaintPlan *
alm_map_data_make_selection (AlmMapData   *self,
                             const gint64 *rids,
                             guint         n_rids,
                             guint32       color,
                             gboolean      dark,
                             double        scale)
{
  AlmPaintPlan *plan = new_plan (self, dark, scale);
  g_autoptr (GHashTable) set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n_rids; i++)
    g_hash_table_add (set, GUINT_TO_POINTER ((guint) rids[i]));
  for (guint i = 0; n_rids > 0 && i < self->tables->len; i++)
    {
      const AlmAssetTable *table = g_ptr_array_index (self->tables, i);
      g_autoptr (AlmAssetColumns) picked = pick (table->columns, set);

      if (picked == NULL)
        continue;
      alm_paint_plan_add_halo (plan, picked, table->symbol, color);
      if (!table->is_base)
        alm_paint_plan_add_assets (plan, picked, table->symbol, 1.0);
    }

  return plan;
}

static gboolean
can_be_seen (AlmMapData          *self,
             const AlmAssetTable *table)
{
  if (table->is_base)
    return FALSE;

  return need_look (self, table)->visible;
}

GArray *
alm_map_data_hit (AlmMapData *self,
                  double      x,
                  double      y,
                  double      radius)
{
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (AlmMapHit));

  for (guint t = self->tables->len; t-- > 0;)
    {
      AlmAssetTable *table = g_ptr_array_index (self->tables, t);
      AlmAssetHit found[24];
      guint n;

      if (!can_be_seen (self, table))
        continue;
      n = alm_asset_columns_hit (table->columns, x, y, radius, self->day, found,
                                 G_N_ELEMENTS (found));
      for (guint i = 0; i < n; i++)
        {
          AlmMapHit hit = { table, found[i].index, table->columns->rid[found[i].index],
                            found[i].distance };

          g_array_append_val (hits, hit);
        }
    }

  return hits;
}

/* @area: NULL, then @box counts. */
static GArray *
select_within (AlmMapData    *self,
               const AlmBox  *box,
               const AlmArea *area)
{
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (AlmMapHit));
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint t = self->tables->len; t-- > 0;)
    {
      AlmAssetTable *table = g_ptr_array_index (self->tables, t);

      if (!can_be_seen (self, table))
        continue;
      g_array_set_size (indexes, 0);
      if (area != NULL)
        alm_asset_columns_select_area (table->columns, area, self->day, indexes);
      else
        alm_asset_columns_select_box (table->columns, box, self->day, indexes);
      for (guint i = 0; i < indexes->len; i++)
        {
          guint index = g_array_index (indexes, guint, i);
          AlmMapHit hit = { table, index, table->columns->rid[index], 0.0 };

          g_array_append_val (hits, hit);
        }
    }

  return hits;
}

GArray *
alm_map_data_select_box (AlmMapData   *self,
                         const AlmBox *box)
{
  return select_within (self, box, NULL);
}

GArray *
alm_map_data_select_area (AlmMapData    *self,
                          const AlmArea *area)
{
  return select_within (self, NULL, area);
}

guint
alm_map_data_count_box (AlmMapData   *self,
                        const AlmBox *box)
{
  guint n = 0;

  for (guint t = 0; t < self->tables->len; t++)
    {
      const AlmAssetTable *table = g_ptr_array_index (self->tables, t);
      AlmAssetSearch search;
      guint index;

      if (!can_be_seen (self, table))
        continue;
      alm_asset_search_init (&search, table->columns, box, self->day);
      while (alm_asset_search_next (&search, &index))
        n++;
    }

  return n;
}

GArray *
alm_map_data_list_box (AlmMapData   *self,
                       const AlmBox *box,
                       guint         max)
{
  GArray *nearest = g_array_new (FALSE, FALSE, sizeof (AlmMapHit));
  double x = ((double) box->west + box->east) / 2.0;
  double y = ((double) box->north + box->south) / 2.0;

  for (guint t = 0; t < self->tables->len; t++)
    {
      AlmAssetTable *table = g_ptr_array_index (self->tables, t);
      AlmAssetSearch search;
      guint index;

      if (!can_be_seen (self, table))
        continue;
      alm_asset_search_init (&search, table->columns, box, self->day);
      while (alm_asset_search_next (&search, &index))
        {
          AlmMapHit hit = { table, index, table->columns->rid[index],
                            hypot (table->columns->wx[index] - x, table->columns->wy[index] - y) };
          guint at = nearest->len;

          if (at == max && hit.distance >= g_array_index (nearest, AlmMapHit, at - 1).distance)
            continue;
          while (at > 0 && g_array_index (nearest, AlmMapHit, at - 1).distance > hit.distance)
            at--;
          g_array_insert_val (nearest, at, hit);
          if (nearest->len > max)
            g_array_set_size (nearest, max);
        }
    }

  return nearest;
}

gboolean
alm_map_data_find (AlmMapData *self,
                   gint64      rid,
                   AlmMapHit  *hit)
{
  for (guint t = self->tables->len; t-- > 0;)
    {
      AlmAssetTable *table = g_ptr_array_index (self->tables, t);
      guint index;

      if (rid <= G_MAXUINT32 && alm_asset_columns_find_rid (table->columns, (guint32) rid, &index))
        {
          *hit = (AlmMapHit) { table, index, rid, 0.0 };
          return TRUE;
        }
    }

  return FALSE;
}

gint64
alm_map_data_find_nearest (AlmMapData *self,
                           const char *kind,
                           double      x,
                           double      y,
                           double      metres)
{
  AlmAssetTable *table = alm_map_job_find_table (self->tables, kind);
  AlmAssetHit hit;

  if (table == NULL ||
      alm_asset_columns_hit (table->columns, x, y, metres / alm_mercator_metres_per_unit (y),
                             self->day, &hit, 1) == 0)
    return 0;

  return table->columns->rid[hit.index];
}
