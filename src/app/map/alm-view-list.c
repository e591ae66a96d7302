/* SPDX-License-Identifier: EUPL-1.2 */

/* What is in view, as words.
 *
 * Invariant: the rows are those of the last box asked for; an answer that comes
 * later than a newer question is thrown away.
 *
 * Main thread; labels are read by a reader. */

#include "config.h"

#include "alm-view-list.h"

#include "alm-symbol-icon.h"

#include <glib/gi18n.h>
#include <math.h>

/* A list of more would be read by nobody; the map moves. */
#define MAX_ROWS 60

struct _AlmViewList
{
  AdwBin        parent_instance;

  /* Owned */
  AlmRecords   *records;
  AlmMapData   *data;
  GArray       *hits;          /* AlmMapHit of the question */
  char         *text;
  GCancellable *cancellable;   /* of the last question */
  AlmBox        box;
  guint         n_in_view;

  /* Children */
  GtkLabel     *summary;
  GtkListBox   *list;
};

typedef struct
{
  gint64 *rids;
  guint   n;
} Question;

enum {
  SIGNAL_OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmViewList, alm_view_list, ADW_TYPE_BIN)

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->rids);
  g_free (question);
}

static gpointer
labels_job (AlmDesk   *desk,
            gpointer   data,
            GError   **error)
{
  const Question *question = data;

  return alm_asset_loader_load_labels (desk, question->rids, question->n, error);
}

static const char *
get_direction (double dx,
               double dy)
{
  static const char *const names[] = {
    N_("east"), N_("south-east"), N_("south"), N_("south-west"),
    N_("west"), N_("north-west"), N_("north"), N_("north-east")
  };
  int eighth = (int) lround (atan2 (dy, dx) / (G_PI / 4.0)) & 7;

  return _(names[eighth]);
}

char *
alm_view_list_describe_place (double from_x,
                              double from_y,
                              double x,
                              double y)
{
  double metres = hypot (x - from_x, y - from_y) * alm_mercator_metres_per_unit (from_y);

  if (metres < 1.0)
    return g_strdup (_("in the middle"));
  if (metres >= 1000.0)
    /* Translators: a distance and a direction: "1.2 km north-east". */
    return g_strdup_printf (_("%'.1f km %s"), metres / 1000.0,
                            get_direction (x - from_x, y - from_y));

  /* Translators: a distance and a direction: "120 m north-east". */
  return g_strdup_printf (_("%.0f m %s"), metres, get_direction (x - from_x, y - from_y));
}

GtkWidget *
alm_view_list_make_row (const AlmMapHit *hit,
                        const char      *label,
                        const char      *detail)
{
  GtkWidget *row = adw_action_row_new ();
  const AlmAssetTable *table = hit->table;
  const char *kind = alm_model_get_title (table->model, _("en"));
  g_autofree char *subtitle = detail != NULL ? g_strdup_printf ("%s · %s", kind, detail)
                                             : g_strdup (kind);
  gboolean has_label = label != NULL && *label != '\0';
  g_autofree char *name = g_strdup_printf ("%s, %s", has_label ? label : kind, subtitle);
  g_autoptr (GdkPaintable) picture =
    alm_symbol_icon_new (table->symbol, table->columns->class_[hit->index],
                         adw_style_manager_get_dark (adw_style_manager_get_default ()), 1);
  GtkWidget *image = gtk_image_new_from_paintable (picture);

  gtk_image_set_pixel_size (GTK_IMAGE (image), 16);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, kind,
                                  -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), has_label ? label : kind);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (row), "rid", g_memdup2 (&hit->rid, sizeof hit->rid), g_free);

  return row;
}

gint64
alm_view_list_get_row_rid (GtkListBoxRow *row)
{
  const gint64 *rid = g_object_get_data (G_OBJECT (row), "rid");

  return rid != NULL ? *rid : 0;
}

static void
clear_rows (AlmViewList *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
}

static void
show_rows (AlmViewList *self,
           GPtrArray   *labels)
{
  double x = ((double) self->box.west + self->box.east) / 2.0;
  double y = ((double) self->box.north + self->box.south) / 2.0;

  clear_rows (self);
  for (guint i = 0; i < self->hits->len; i++)
    {
      const AlmMapHit *hit = &g_array_index (self->hits, AlmMapHit, i);
      const AlmAssetColumns *columns = hit->table->columns;
      g_autofree char *place = alm_view_list_describe_place (x, y, columns->wx[hit->index],
                                                             columns->wy[hit->index]);

      gtk_list_box_append (self->list,
                           alm_view_list_make_row (hit, labels != NULL && i < labels->len
                                                          ? g_ptr_array_index (labels, i)
                                                          : NULL, place));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->hits->len > 0);
}

static void
labels_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmViewList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) labels = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->records == NULL)
    return;   /* a newer question is under way */

  show_rows (self, labels);
}

static void
set_summary (AlmViewList *self)
{
  g_free (self->text);
  if (self->n_in_view == 0)
    self->text = g_strdup (_("Nothing of the shown layers is in view."));
  else if (self->n_in_view > MAX_ROWS)
    self->text = g_strdup_printf (_("%'u objects in view, the nearest %u to the middle:"),
                                  self->n_in_view, MAX_ROWS);
  else
    self->text = g_strdup_printf (ngettext ("%u object in view:", "%u objects in view:",
                                            self->n_in_view), self->n_in_view);
  gtk_label_set_label (self->summary, self->text);
}

void
alm_view_list_update (AlmViewList  *self,
                      const AlmBox *box)
{
  Question *question;

  self->box = *box;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  g_clear_pointer (&self->hits, g_array_unref);
  self->n_in_view = alm_map_data_count_box (self->data, box);
  self->hits = alm_map_data_list_box (self->data, box, MAX_ROWS);
  set_summary (self);
  if (self->records == NULL || self->hits->len == 0)
    {
      show_rows (self, NULL);
      return;
    }

  question = g_new (Question, 1);
  question->n = self->hits->len;
  question->rids = g_new (gint64, question->n);
  for (guint i = 0; i < question->n; i++)
    question->rids[i] = g_array_index (self->hits, AlmMapHit, i).rid;
  alm_records_read_async (self->records, labels_job, question, question_free,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable, labels_cb,
                          g_object_ref (self));
}

const char *
alm_view_list_get_text (AlmViewList *self)
{
  return self->text != NULL ? self->text : "";
}

static void
row_activated_cb (AlmViewList   *self,
                  GtkListBoxRow *row)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, alm_view_list_get_row_rid (row));
}

/* What the rows point to is going to be another table. */
static void
forget_hits (AlmViewList *self)
{
  if (self->box.east > self->box.west)
    {
      AlmBox box = self->box;

      alm_view_list_update (self, &box);
    }
}

static void
alm_view_list_dispose (GObject *object)
{
  AlmViewList *self = ALM_VIEW_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->records);
  g_clear_object (&self->data);

  G_OBJECT_CLASS (alm_view_list_parent_class)->dispose (object);
}

static void
alm_view_list_finalize (GObject *object)
{
  AlmViewList *self = ALM_VIEW_LIST (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->hits, g_array_unref);
  g_free (self->text);

  G_OBJECT_CLASS (alm_view_list_parent_class)->finalize (object);
}

static void
alm_view_list_class_init (AlmViewListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_view_list_dispose;
  object_class->finalize = alm_view_list_finalize;

  signals[SIGNAL_OPENED] =
    g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
alm_view_list_init (AlmViewList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->summary = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->summary, TRUE);
  gtk_label_set_xalign (self->summary, 0.0f);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What is in view"), -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);

  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->summary));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  adw_bin_set_child (ADW_BIN (self), scrolled);
}

/* @records: (nullable): without them rows have no labels */
GtkWidget *
alm_view_list_new (AlmRecords *records,
                   AlmMapData *data)
{
  AlmViewList *self = g_object_new (ALM_TYPE_VIEW_LIST, NULL);

  if (records != NULL)
    self->records = g_object_ref (records);
  self->data = g_object_ref (data);
  g_signal_connect_object (data, "loaded", G_CALLBACK (forget_hits), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (data, "touched", G_CALLBACK (forget_hits), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
