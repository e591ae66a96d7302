/* SPDX-License-Identifier: EUPL-1.2 */

/* What concerns me now.  Everything here is a sentence that can be acted on; a
 * line that has nothing to say is not shown.
 * Main thread; read_job() on a reader. */

#include "config.h"

#include "alm-overview-page.h"

#include "alm-sync-driver.h"

#include <glib/gi18n.h>

struct _AlmOverviewPage
{
  AdwBin               parent_instance;

  /* Owned */
  AlmWorkbench        *workbench;
  GCancellable        *cancellable;
  GPtrArray           *rows;          /* kinds and changes: borrowed from the widget tree */
  guint                read_id;

  /* Template children */
  GtkLabel            *title_label;
  GtkLabel            *day_label;
  GtkWidget           *conflicts_row;
  GtkWidget           *refused_row;
  GtkWidget           *waiting_row;
  GtkWidget           *done_row;
  AdwPreferencesGroup *kinds_group;
  GtkWidget           *no_kinds_row;
  AdwPreferencesGroup *recent_group;
};

G_DEFINE_FINAL_TYPE (AlmOverviewPage, alm_overview_page, ADW_TYPE_BIN)

#define READ_AGAIN_MS 500
#define MOST_RECENT 8

/* What a reader brings. */
typedef struct
{
  AlmDeskCounts  counts;
  char          *title;      /* of the profile; NULL */
  GArray        *kinds;      /* (element-type KindCount), the most first */
} Overview;

typedef struct
{
  char   *kind;
  gint64  count;
} KindCount;

static void
overview_free (Overview *overview)
{
  g_free (overview->title);
  g_clear_pointer (&overview->kinds, g_array_unref);
  g_free (overview);
}

static void
clear_kind (KindCount *count)
{
  g_free (count->kind);
}

static int
compare_kinds (gconstpointer a,
               gconstpointer b)
{
  const KindCount *left = a;
  const KindCount *right = b;

  if (left->count != right->count)
    return left->count < right->count ? 1 : -1;

  return g_strcmp0 (left->kind, right->kind);
}

static gboolean
count_kinds (AlmDesk   *desk,
             Overview  *overview,
             GError   **error)
{
  g_autoptr (GPtrArray) models = alm_desk_list_models (desk);

  overview->kinds = g_array_new (FALSE, FALSE, sizeof (KindCount));
  g_array_set_clear_func (overview->kinds, (GDestroyNotify) clear_kind);
  for (guint i = 0; i < models->len; i++)
    {
      const AlmModel *model = g_ptr_array_index (models, i);
      KindCount count = { NULL, 0 };

      if (!g_str_equal (alm_model_get_layer (model), "asset"))
        continue;
      if (!alm_desk_count_records (desk, NULL, alm_model_get_name (model), &count.count, error))
        return FALSE;
      if (count.count == 0)
        continue;
      count.kind = g_strdup (alm_model_get_name (model));
      g_array_append_val (overview->kinds, count);
    }
  g_array_sort (overview->kinds, compare_kinds);

  return TRUE;
}

static gpointer
read_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  Overview *overview = g_new0 (Overview, 1);

  if (!alm_desk_count (desk, &overview->counts, error) ||
      !count_kinds (desk, overview, error))
    {
      overview_free (overview);
      return NULL;
    }
  overview->title = alm_desk_get_setting (desk, "title");

  return overview;
}

static gboolean
show_sentence (GtkWidget  *row,
               guint       number,
               const char *sentence)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sentence);
  gtk_widget_set_visible (row, number > 0);

  return number > 0;
}

static void
show_work (AlmOverviewPage     *self,
           const AlmDeskCounts *counts)
{
  g_autofree char *conflicts = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *waiting = NULL;
  gboolean any = FALSE;

  conflicts = g_strdup_printf (ngettext ("%u field was changed by two people",
                                         "%u fields were changed by two people",
                                         counts->conflicts), counts->conflicts);
  refused = g_strdup_printf (ngettext ("%u change was not taken by the server",
                                       "%u changes were not taken by the server",
                                       counts->refused), counts->refused);
  waiting = g_strdup_printf (ngettext ("%u change waits to be sent",
                                       "%u changes wait to be sent",
                                       counts->waiting), counts->waiting);
  any |= show_sentence (self->conflicts_row, counts->conflicts, conflicts);
  any |= show_sentence (self->refused_row, counts->refused, refused);
  any |= show_sentence (self->waiting_row, counts->waiting, waiting);
  gtk_widget_set_visible (self->done_row, !any);
}

static void
show_head (AlmOverviewPage *self,
           const char      *title)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  /* Translators: today, for strftime: Thursday, 26 November 2026 */
  g_autofree char *day = g_date_time_format (now, C_("date", "%A, %e %B %Y"));

  gtk_label_set_text (self->title_label, title != NULL && *title != '\0' ? title
                                                                         : _("Overview"));
  gtk_label_set_text (self->day_label, day);
}

static GtkWidget *
kind_row_new (AlmModel *model,
              gint64    count)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = NULL;

  title = g_strdup_printf ("%'" G_GINT64_FORMAT " %s", count,
                           count == 1 ? alm_model_get_title (model, alm_workbench_language ())
                                      : alm_model_get_plural (model, alm_workbench_language ()));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "kind", g_strdup (alm_model_get_name (model)), g_free);

  return row;
}

static void
kind_activated_cb (AlmOverviewPage *self,
                   GtkWidget       *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-kind", "s",
                              g_object_get_data (G_OBJECT (row), "kind"));
}

static void
show_kinds (AlmOverviewPage *self,
            GArray          *kinds)
{
  AlmRecords *records = alm_workbench_get_records (self->workbench);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->kinds_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < kinds->len; i++)
    {
      KindCount *count = &g_array_index (kinds, KindCount, i);
      g_autoptr (AlmModel) model = alm_records_get_model (records, count->kind);
      GtkWidget *row;

      if (model == NULL)
        continue;
      row = kind_row_new (model, count->count);
      g_signal_connect_object (row, "activated", G_CALLBACK (kind_activated_cb), self,
                               G_CONNECT_SWAPPED);
      adw_preferences_group_add (self->kinds_group, row);
      g_ptr_array_add (self->rows, row);
    }
  gtk_widget_set_visible (self->no_kinds_row, self->rows->len == 0);
}

static void
read_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmOverviewPage) self = user_data;
  g_autoptr (GError) error = NULL;
  Overview *overview = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable) || overview == NULL)
    {
      g_clear_pointer (&overview, overview_free);
      return;
    }
  show_head (self, overview->title);
  show_work (self, &overview->counts);
  show_kinds (self, overview->kinds);
  overview_free (overview);
}

static void
read_overview (AlmOverviewPage *self)
{
  alm_records_read_async (alm_workbench_get_records (self->workbench), read_job, NULL, NULL,
                          (GDestroyNotify) overview_free, self->cancellable, read_ready_cb,
                          g_object_ref (self));
}

static gboolean
read_again_cb (gpointer user_data)
{
  AlmOverviewPage *self = user_data;

  self->read_id = 0;
  read_overview (self);

  return G_SOURCE_REMOVE;
}

static void
changed_cb (AlmOverviewPage *self)
{
  if (self->read_id == 0)
    self->read_id = g_timeout_add (READ_AGAIN_MS, read_again_cb, self);
}

static void
alm_overview_page_dispose (GObject *object)
{
  AlmOverviewPage *self = ALM_OVERVIEW_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->read_id, g_source_remove);

  G_OBJECT_CLASS (alm_overview_page_parent_class)->dispose (object);
}

static void
alm_overview_page_finalize (GObject *object)
{
  AlmOverviewPage *self = ALM_OVERVIEW_PAGE (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_overview_page_parent_class)->finalize (object);
}

static void
alm_overview_page_class_init (AlmOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_overview_page_dispose;
  object_class->finalize = alm_overview_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/overview/overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, day_label);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, conflicts_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, refused_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, waiting_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, done_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, kinds_group);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, no_kinds_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, recent_group);
}

static void
alm_overview_page_init (AlmOverviewPage *self)
{
  static const AlmDeskCounts none;

  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self->recent_group), FALSE);
  show_head (self, NULL);
  show_work (self, &none);
}

GtkWidget *
alm_overview_page_new (AlmWorkbench *workbench)
{
  AlmOverviewPage *self;
  AlmRecords *records;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  records = alm_workbench_get_records (workbench);
  self = g_object_new (ALM_TYPE_OVERVIEW_PAGE, NULL);
  self->workbench = g_object_ref (workbench);
  g_signal_connect_object (records, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (records, "models-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_sync (workbench), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  read_overview (self);

  return GTK_WIDGET (self);
}
