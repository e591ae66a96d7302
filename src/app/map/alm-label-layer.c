/* SPDX-License-Identifier: EUPL-1.2 */

/* Labels of assets as a layer of the map.
 *
 * Invariants:
 *   1. snapshot() shows what has been found and nothing else; at farther zooms than
 *      ALM_PAINT_CLOSE_ZOOM it does nothing, and nothing is kept.
 *   2. At most one job is under way.  What changes meanwhile makes its answer old
 *      before it comes; the next job follows it.
 *   3. Labels are known for MARGIN pixels around the view, and looked for again when
 *      fewer than LEAST of them are left: a label that comes into view is ready.
 *
 * Main thread. */

#include "config.h"

#include "alm-label-layer.h"

#include "alm-pool.h"
#include "alm-text-scale.h"

#include <adwaita.h>
#include <math.h>

#define FONT_PX    11.0
#define MARGIN     256
#define LEAST      96
/* After the tiles in view, before those around it. */
#define PRIORITY   100

struct _AlmLabelLayer
{
  ShumateLayer     parent_instance;

  /* Owned */
  AlmRecords      *records;      /* nullable */
  AlmMapData      *data;
  AlmPlacedLabels *placed;       /* nullable: nothing is known */
  GCancellable    *cancellable;
  gint64           selected;
  gboolean         has_names;
  gboolean         is_old;       /* … what is known, or on its way */
  gboolean         is_forgetful; /* texts are old too */
  gboolean         is_busy;
  gboolean         has_failed;   /* the last time */

  /* Borrowed */
  ShumateViewport *viewport;     /* lives as long as the layer, says libshumate */
};

G_DEFINE_FINAL_TYPE (AlmLabelLayer, alm_label_layer, SHUMATE_TYPE_LAYER)

static gboolean
is_close (AlmLabelLayer *self)
{
  return shumate_viewport_get_zoom_level (self->viewport) >= ALM_PAINT_CLOSE_ZOOM &&
         gtk_widget_get_width (GTK_WIDGET (self)) > 0 &&
         gtk_widget_get_height (GTK_WIDGET (self)) > 0;
}

static guint
get_zoom (AlmLabelLayer *self)
{
  return (guint) floor (shumate_viewport_get_zoom_level (self->viewport) + 0.5);
}

/* The view and @margin pixels around it, in pixels of the world at its whole zoom. */
static void
find_area (AlmLabelLayer *self,
           int            margin,
           AlmLabelBox   *area)
{
  double upp = alm_mercator_units_per_pixel (get_zoom (self));
  double shown = alm_mercator_units_per_pixel (shumate_viewport_get_zoom_level (self->viewport));
  double half_width = gtk_widget_get_width (GTK_WIDGET (self)) / 2.0 * shown / upp;
  double half_height = gtk_widget_get_height (GTK_WIDGET (self)) / 2.0 * shown / upp;
  double x;
  double y;

  alm_mercator_from_lon_lat (
    shumate_location_get_longitude (SHUMATE_LOCATION (self->viewport)),
    shumate_location_get_latitude (SHUMATE_LOCATION (self->viewport)), &x, &y);
  *area = (AlmLabelBox) {
    (int) floor (x / upp - half_width) - margin, (int) floor (y / upp - half_height) - margin,
    (int) ceil (x / upp + half_width) + margin, (int) ceil (y / upp + half_height) + margin
  };
}

static gboolean
covers_view (AlmLabelLayer *self)
{
  AlmLabelBox view;

  if (self->placed == NULL || self->placed->zoom != get_zoom (self))
    return FALSE;

  find_area (self, LEAST, &view);

  return view.left >= self->placed->area.left && view.top >= self->placed->area.top &&
         view.right <= self->placed->area.right && view.bottom <= self->placed->area.bottom;
}

static AlmLabelJob *
make_job (AlmLabelLayer *self)
{
  double text_scale = alm_text_scale_get (gtk_widget_get_settings (GTK_WIDGET (self)));
  const AlmLabelStyle style = {
    .size = FONT_PX * text_scale, .scale = gtk_widget_get_scale_factor (GTK_WIDGET (self)),
    .is_dark = adw_style_manager_get_dark (adw_style_manager_get_default ())
  };
  AlmLabelBox area;
  AlmLabelJob *job;

  find_area (self, (int) (MARGIN * text_scale), &area);
  job = alm_label_job_new (self->placed, get_zoom (self), &area, &style);
  alm_label_job_set_selected (job, self->selected);
  if (self->is_forgetful)
    alm_label_job_forget_texts (job);
  alm_map_data_fill_labels (self->data, job, self->has_names);

  return job;
}

static void
take (AlmLabelLayer   *self,
      AlmPlacedLabels *placed)
{
  g_clear_pointer (&self->placed, alm_placed_labels_unref);
  /* Meanwhile one has gone farther away. */
  if (is_close (self))
    self->placed = placed;
  else
    alm_placed_labels_unref (placed);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
placed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmLabelLayer) self = user_data;
  AlmPlacedLabels *placed = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_busy = FALSE;
  if (placed != NULL)
    take (self, placed);
}

static void
place_job (GTask    *task,
           gpointer  data)
{
  g_task_return_pointer (task, alm_label_job_place (data),
                         (GDestroyNotify) alm_placed_labels_unref);
}

/* For a map without records: nothing has to be read. */
static void
read_and_place_job (GTask    *task,
                    gpointer  data)
{
  alm_label_job_read (data, NULL, NULL);
  place_job (task, data);
}

/* (transfer full) @job */
static void
place (AlmLabelLayer *self,
       AlmLabelJob   *job,
       AlmPoolFunc    func)
{
  GTask *task = g_task_new (NULL, self->cancellable, placed_cb, g_object_ref (self));

  g_task_set_task_data (task, job, (GDestroyNotify) alm_label_job_unref);
  alm_pool_submit (alm_pool_shared (), PRIORITY, func, task);
}

static gpointer
read_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return alm_label_job_read (data, desk, error) ? alm_label_job_ref (data) : NULL;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AlmLabelLayer) self = user_data;
  g_autoptr (GError) error = NULL;
  AlmLabelJob *job = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  self->is_busy = FALSE;
  if (job != NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      self->is_busy = TRUE;
      place (self, job, place_job);
      return;
    }
  /* The labels that are there stay; the next change tries again and reads all
   * that they say. */
  g_clear_pointer (&job, alm_label_job_unref);
  self->has_failed = TRUE;
  self->is_forgetful = TRUE;
  if (error != NULL)
    g_debug ("labels: %s", error->message);
}

static void
look_for_labels (AlmLabelLayer *self)
{
  AlmLabelJob *job = make_job (self);

  self->is_busy = TRUE;
  self->has_failed = FALSE;
  self->is_old = FALSE;
  self->is_forgetful = FALSE;
  if (self->records == NULL)
    place (self, job, read_and_place_job);
  else
    alm_records_read_async (self->records, read_job, job, (GDestroyNotify) alm_label_job_unref,
                            (GDestroyNotify) alm_label_job_unref, self->cancellable, read_cb,
                            g_object_ref (self));
}

static void
snapshot_labels (AlmLabelLayer *self,
                 GtkSnapshot   *snapshot)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double upp = alm_mercator_units_per_pixel (shumate_viewport_get_zoom_level (self->viewport));
  double x;
  double y;
  double left;
  double top;

  alm_mercator_from_lon_lat (
    shumate_location_get_longitude (SHUMATE_LOCATION (self->viewport)),
    shumate_location_get_latitude (SHUMATE_LOCATION (self->viewport)), &x, &y);
  /* Whole pixels from where the tiles begin. */
  left = round (width / 2.0 - x / upp);
  top = round (height / 2.0 - y / upp);
  for (guint i = 0; i < self->placed->labels->len; i++)
    {
      const AlmPlacedLabel *label = &g_array_index (self->placed->labels, AlmPlacedLabel, i);
      double at_x = left + round (label->x / upp) + label->dx;
      double at_y = top + round (label->y / upp) + label->dy;

      if (at_x < width && at_y < height && at_x + label->width > 0.0 &&
          at_y + label->height > 0.0)
        gtk_snapshot_append_texture (snapshot, label->texture,
                                     &GRAPHENE_RECT_INIT ((float) at_x, (float) at_y,
                                                          (float) label->width,
                                                          (float) label->height));
    }
}

static void
alm_label_layer_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  AlmLabelLayer *self = ALM_LABEL_LAYER (widget);

  if (!is_close (self))
    {
      g_clear_pointer (&self->placed, alm_placed_labels_unref);
      return;
    }
  if (!self->is_busy && alm_map_data_is_loaded (self->data) &&
      (self->is_old || !covers_view (self)))
    look_for_labels (self);
  if (self->placed != NULL)
    snapshot_labels (self, snapshot);
}

static void
moved_cb (AlmLabelLayer *self)
{
  if (is_close (self) || self->placed != NULL)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
changed_cb (AlmLabelLayer *self)
{
  self->is_old = TRUE;
  moved_cb (self);
}

static void
records_changed_cb (AlmLabelLayer *self)
{
  self->is_forgetful = TRUE;
  changed_cb (self);
}

static void
alm_label_layer_constructed (GObject *object)
{
  AlmLabelLayer *self = ALM_LABEL_LAYER (object);

  G_OBJECT_CLASS (alm_label_layer_parent_class)->constructed (object);

  self->viewport = shumate_layer_get_viewport (SHUMATE_LAYER (self));
  g_signal_connect_object (self->viewport, "notify", G_CALLBACK (moved_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (changed_cb), NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)), "notify::gtk-xft-dpi",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

static void
alm_label_layer_dispose (GObject *object)
{
  AlmLabelLayer *self = ALM_LABEL_LAYER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->placed, alm_placed_labels_unref);
  g_clear_object (&self->records);

  G_OBJECT_CLASS (alm_label_layer_parent_class)->dispose (object);
}

static void
alm_label_layer_finalize (GObject *object)
{
  AlmLabelLayer *self = ALM_LABEL_LAYER (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->data);

  G_OBJECT_CLASS (alm_label_layer_parent_class)->finalize (object);
}

static void
alm_label_layer_class_init (AlmLabelLayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = alm_label_layer_constructed;
  object_class->dispose = alm_label_layer_dispose;
  object_class->finalize = alm_label_layer_finalize;
  widget_class->snapshot = alm_label_layer_snapshot;
}

static void
alm_label_layer_init (AlmLabelLayer *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

AlmLabelLayer *
alm_label_layer_new (ShumateViewport *viewport,
                     AlmRecords      *records,
                     AlmMapData      *data)
{
  AlmLabelLayer *self = g_object_new (ALM_TYPE_LABEL_LAYER, "viewport", viewport, NULL);

  g_set_object (&self->records, records);
  self->data = g_object_ref (data);
  g_signal_connect_object (data, "loaded", G_CALLBACK (records_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (data, "touched", G_CALLBACK (records_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (data, "layers-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (data, "day-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

void
alm_label_layer_set_selected (AlmLabelLayer *self,
                              gint64         rid)
{
  if (self->selected == rid)
    return;
  self->selected = rid;
  changed_cb (self);
}

void
alm_label_layer_set_has_names (AlmLabelLayer *self,
                               gboolean       has_names)
{
  if (self->has_names == has_names)
    return;
  self->has_names = has_names;
  changed_cb (self);
}

gboolean
alm_label_layer_is_settled (AlmLabelLayer *self)
{
  return !is_close (self) ||
         (!self->is_busy && !self->is_old && (self->has_failed || covers_view (self)));
}
