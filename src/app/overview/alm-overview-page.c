/* SPDX-License-Identifier: EUPL-1.2 */

/* What concerns me now.  Everything here is a sentence that can be acted on; a
 * line that has nothing to say is not shown.
 *
 * Invariants:
 *   1. Nothing is read while nobody looks: what changes meanwhile is read when the
 *      page is shown again.
 *   2. What is due is read apart, and less often: it looks at every record.
 * Main thread. */

#include "config.h"

#include "alm-overview-page.h"

#include "alm-date-text.h"
#include "alm-days.h"
#include "alm-login-dialog.h"
#include "alm-overview.h"
#include "alm-recent-list.h"
#include "alm-sync-driver.h"
#include "alm-sync-progress.h"
#include "alm-sync-text.h"
#include "alm-training.h"

#include <glib/gi18n.h>

struct _AlmOverviewPage
{
  AdwBin               parent_instance;

  /* Owned */
  AlmWorkbench        *workbench;
  GCancellable        *cancellable;
  GPtrArray           *rows;          /* kinds: borrowed from the widget tree */
  GPtrArray           *due_rows;      /* likewise */
  GPtrArray           *due;           /* (element-type AlmKindDue) what they show; NULL */

  guint                read_id;
  guint                due_id;
  gboolean             stale;         /* something has changed while nobody looked */
  gboolean             training;
  gboolean             counted;       /* the first answer has come */
  gboolean             to_do;         /* one of the sentences above is shown */

  /* Template children */
  GtkLabel            *title_label;
  GtkLabel            *day_label;
  AdwPreferencesGroup *to_do_group;
  GtkWidget           *copy_row;
  GtkProgressBar      *copy_bar;
  GtkWidget           *conflicts_row;
  GtkWidget           *refused_row;
  GtkWidget           *strays_row;
  GtkWidget           *waiting_row;
  GtkWidget           *server_row;
  GtkImage            *server_icon;
  GtkButton           *server_button;
  GtkWidget           *done_row;
  AdwPreferencesGroup *kinds_group;
  GtkWidget           *no_kinds_row;
  AdwBin              *recent_place;

  /* Borrowed from the widget tree */
  AlmRecentList       *recent;
};

G_DEFINE_FINAL_TYPE (AlmOverviewPage, alm_overview_page, ADW_TYPE_BIN)

#define READ_AGAIN_MS 500
#define DUE_AGAIN_MS 5000

static gboolean
show_sentence (GtkWidget  *row,
               guint       number,
               const char *sentence)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sentence);
  gtk_widget_set_visible (row, number > 0);

  return number > 0;
}

/* Where the first data still comes, nobody can say that nothing is to be done or here. */
static void
show_done (AlmOverviewPage *self)
{
  gboolean copying = gtk_widget_get_visible (self->copy_row);

  gtk_widget_set_visible (self->done_row, self->counted && self->due != NULL && !copying
                          && !self->to_do && self->due_rows->len == 0);
  gtk_widget_set_visible (self->no_kinds_row, self->counted && self->rows->len == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->kinds_group), !copying || self->rows->len > 0);
}

/* Said several times a second: nothing is read for it. */
static void
show_progress (AlmOverviewPage *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  const AlmSyncStatus *status = alm_sync_driver_get_status (driver);
  g_autofree char *words = alm_sync_progress_show (self->copy_bar, status);

  if (words != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->copy_row), words);
  gtk_widget_set_visible (self->copy_row, words != NULL);
  show_done (self);
}

/* How it stands with the server, where somebody can do something about it. */
static gboolean
show_server (AlmOverviewPage *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  AlmSyncState state = alm_sync_driver_get_state (driver);
  gboolean signed_out = state == ALM_SYNC_STATE_SIGNED_OUT;
  gboolean shown = !self->training && (signed_out || state == ALM_SYNC_STATE_OFFLINE);
  g_autofree char *sentence = alm_sync_text_long (driver);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->server_row),
                                 signed_out ? _("You are not signed in")
                                            : _("The city’s server cannot be reached"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->server_row),
                               signed_out ? sentence
                                          : _("Everything is saved here and is sent by itself "
                                              "later."));
  gtk_image_set_from_icon_name (self->server_icon, alm_sync_text_icon (state));
  gtk_button_set_label (self->server_button, signed_out ? _("Sign in …") : _("Try again"));
  gtk_widget_set_visible (self->server_row, shown);

  return shown;
}

static void
server_clicked_cb (AlmOverviewPage *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (alm_sync_driver_get_state (driver) == ALM_SYNC_STATE_SIGNED_OUT)
    alm_login_dialog_begin (self->workbench, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  else
    alm_sync_driver_sync_now (driver);
}

static void
show_work (AlmOverviewPage     *self,
           const AlmDeskCounts *counts)
{
  g_autofree char *conflicts = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *strays = NULL;
  g_autofree char *waiting = NULL;
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  gboolean has_server = alm_sync_driver_get_state (driver) != ALM_SYNC_STATE_NO_SERVER;
  gboolean any = FALSE;

  conflicts = g_strdup_printf (ngettext ("%u question waits for your answer",
                                         "%u questions wait for your answer",
                                         counts->conflicts), counts->conflicts);
  refused = g_strdup_printf (ngettext ("%u change was not taken by the server",
                                       "%u changes were not taken by the server",
                                       counts->refused), counts->refused);
  strays = g_strdup_printf (ngettext ("%u object exists only here: the server has lost it",
                                      "%u objects exist only here: the server has lost them",
                                      counts->stray), counts->stray);
  waiting = g_strdup_printf (ngettext ("%u change waits to be sent",
                                       "%u changes wait to be sent",
                                       counts->waiting), counts->waiting);
  any |= show_sentence (self->conflicts_row, counts->conflicts, conflicts);
  any |= show_sentence (self->refused_row, counts->refused, refused);
  any |= show_sentence (self->strays_row, counts->stray, strays);
  any |= show_sentence (self->waiting_row, has_server ? counts->waiting : 0, waiting);
  any |= show_server (self);
  self->to_do = any;
  show_done (self);
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

/* Inspections that are due. */

static void
due_clicked_cb (AlmOverviewPage *self,
                GtkWidget       *button)
{
  const AlmKindDue *due = g_object_get_data (G_OBJECT (button), "due");

  /* The table first: what is selected is selected there too. */
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-kind", "s", due->kind);
  alm_selection_set (alm_workbench_get_selection (self->workbench),
                     (const gint64 *) due->rids->data, due->rids->len, 0);
  if (due->has_place)
    alm_workbench_go (self->workbench, "map");
}

static char *
make_due_detail (const AlmKindDue *due)
{
  g_autofree char *day = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GDateTime) date = NULL;

  if (!due->has_due)
    return g_strdup_printf (ngettext ("%'u inspection", "%'u inspections", due->n), due->n);

  day = alm_days_to_text (due->due);
  shown = alm_date_text_show_day (day);

  /* Translators: how many inspections are due, and since which day the oldest. */
  return g_strdup_printf (ngettext ("%'u inspection, due since %s",
                                    "%'u inspections, the oldest due since %s", due->n), due->n,
                          shown);
}

static GtkWidget *
due_row_new (AlmOverviewPage  *self,
             AlmModel         *model,
             const AlmKindDue *due)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (_("Show"));
  GtkWidget *icon = gtk_image_new_from_icon_name ("x-office-calendar-symbolic");
  const char *plural = alm_model_get_plural (model, alm_workbench_language ());
  g_autofree char *detail = make_due_detail (due);
  /* Translators: %s is a kind, "Trees". */
  g_autofree char *title = g_strdup_printf (_("Inspections are due: %s"), plural);
  g_autofree char *name = g_strdup_printf (_("Show: %s"), title);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  gtk_widget_set_focusable (row, FALSE);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "due", (gpointer) due);
  g_signal_connect_object (button, "clicked", G_CALLBACK (due_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

/* Takes @due over. */
static void
show_due (AlmOverviewPage *self,
          GPtrArray       *due)
{
  AlmRecords *records = alm_workbench_get_records (self->workbench);

  for (guint i = 0; i < self->due_rows->len; i++)
    adw_preferences_group_remove (self->to_do_group, g_ptr_array_index (self->due_rows, i));
  g_ptr_array_set_size (self->due_rows, 0);
  g_clear_pointer (&self->due, g_ptr_array_unref);
  self->due = due;
  for (guint i = 0; i < due->len; i++)
    {
      const AlmKindDue *one = g_ptr_array_index (due, i);
      g_autoptr (AlmModel) model = alm_records_get_model (records, one->kind);
      GtkWidget *row;

      if (model == NULL)
        continue;
      row = due_row_new (self, model, one);
      adw_preferences_group_add (self->to_do_group, row);
      g_ptr_array_add (self->due_rows, row);
    }
  show_done (self);
}

static void
due_ready_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (AlmOverviewPage) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *due = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable) || due == NULL)
    {
      if (due == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_message ("inspections: %s", error->message);
      g_clear_pointer (&due, g_ptr_array_unref);
      return;
    }
  show_due (self, due);
}

static void
read_due (AlmOverviewPage *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  gint64 today = alm_days_of (now);

  alm_records_read_async (alm_workbench_get_records (self->workbench), alm_overview_due_job,
                          g_memdup2 (&today, sizeof today), g_free,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable, due_ready_cb,
                          g_object_ref (self));
}

/* Kinds. */

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
      AlmKindCount *count = &g_array_index (kinds, AlmKindCount, i);
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
  show_done (self);
}

/* Reading. */

static void
read_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmOverviewPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmOverview) overview = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (overview == NULL)
    {
      g_message ("overview: %s", error->message);
      return;
    }
  show_head (self, overview->title);
  self->counted = TRUE;
  show_work (self, &overview->counts);
  show_kinds (self, overview->kinds);
  alm_recent_list_show (self->recent, overview->recents);
}

static void
read_overview (AlmOverviewPage *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) today = NULL;
  g_autoptr (GDateTime) yesterday = NULL;
  gint64 since_us;

  today = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                                 g_date_time_get_day_of_month (now), 0, 0, 0);
  yesterday = g_date_time_add_days (today, -1);
  since_us = g_date_time_to_unix (yesterday) * G_USEC_PER_SEC;
  alm_records_read_async (alm_workbench_get_records (self->workbench), alm_overview_read_job,
                          g_memdup2 (&since_us, sizeof since_us), g_free,
                          (GDestroyNotify) alm_overview_free, self->cancellable, read_ready_cb,
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

static gboolean
due_again_cb (gpointer user_data)
{
  AlmOverviewPage *self = user_data;

  self->due_id = 0;
  read_due (self);

  return G_SOURCE_REMOVE;
}

static void
changed_cb (AlmOverviewPage *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->stale = TRUE;
      return;
    }
  if (self->read_id == 0)
    self->read_id = g_timeout_add (READ_AGAIN_MS, read_again_cb, self);
  if (self->due_id == 0)
    self->due_id = g_timeout_add (DUE_AGAIN_MS, due_again_cb, self);
}

/* The driver says more often than the records that something is new. */
static void
sync_changed_cb (AlmOverviewPage *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->stale = TRUE;
  else if (self->read_id == 0)
    self->read_id = g_timeout_add (READ_AGAIN_MS, read_again_cb, self);
}

static void
mapped_cb (AlmOverviewPage *self)
{
  if (!self->stale)
    return;
  self->stale = FALSE;
  read_overview (self);
  read_due (self);
}

static void
alm_overview_page_dispose (GObject *object)
{
  AlmOverviewPage *self = ALM_OVERVIEW_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->due_id, g_source_remove);

  G_OBJECT_CLASS (alm_overview_page_parent_class)->dispose (object);
}

static void
alm_overview_page_finalize (GObject *object)
{
  AlmOverviewPage *self = ALM_OVERVIEW_PAGE (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->due_rows, g_ptr_array_unref);
  g_clear_pointer (&self->due, g_ptr_array_unref);

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
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, copy_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, copy_bar);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, conflicts_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, refused_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, strays_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, waiting_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, to_do_group);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, server_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, server_icon);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, server_button);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, done_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, kinds_group);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, no_kinds_row);
  gtk_widget_class_bind_template_child (widget_class, AlmOverviewPage, recent_place);
  gtk_widget_class_bind_template_callback (widget_class, server_clicked_cb);
}

static void
alm_overview_page_init (AlmOverviewPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new ();
  self->due_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  show_head (self, NULL);
  g_signal_connect (self, "map", G_CALLBACK (mapped_cb), NULL);
}

GtkWidget *
alm_overview_page_new (AlmWorkbench *workbench)
{
  static const AlmDeskCounts none;
  AlmOverviewPage *self;
  AlmRecords *records;
  g_autofree char *town = NULL;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  records = alm_workbench_get_records (workbench);
  self = g_object_new (ALM_TYPE_OVERVIEW_PAGE, NULL);
  self->workbench = g_object_ref (workbench);
  town = alm_training_town (alm_records_get_dir (records));
  self->training = town != NULL;
  self->recent = ALM_RECENT_LIST (alm_recent_list_new (workbench));
  adw_bin_set_child (self->recent_place, GTK_WIDGET (self->recent));
  show_work (self, &none);
  show_progress (self);
  g_signal_connect_object (records, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (records, "models-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_sync (workbench), "changed",
                           G_CALLBACK (sync_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_sync (workbench), "progress",
                           G_CALLBACK (show_progress), self, G_CONNECT_SWAPPED);
  read_overview (self);
  read_due (self);

  return GTK_WIDGET (self);
}
