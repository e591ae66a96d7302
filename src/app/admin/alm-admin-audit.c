/* SPDX-License-Identifier: EUPL-1.2 */

/* The audit trail.  The server tells it page by page from the beginning; the newest
 * is what people look for, so all pages are fetched and shown from the end, a part at
 * a time.
 *
 * Invariant: lines is complete before anything of it is shown.
 * Main thread. */

#include "config.h"

#include "alm-admin-audit.h"

#include "alm-admin-client.h"
#include "alm-admin-text.h"
#include "alm-asked-view.h"
#include "alm-date-text.h"
#include "alm-text-label.h"

#include <glib/gi18n.h>

#define SHOWN_AT_ONCE 100

struct _AlmAdminAudit
{
  AdwBin        parent_instance;

  /* Owned */
  AlmWorkbench *workbench;
  GCancellable *cancellable;
  GPtrArray    *lines;         /* (element-type AlmValue), oldest first */

  guint         shown;         /* so many of the newest */
  gboolean      asking;

  /* Borrowed from the widget tree */
  AlmAskedView *view;
  GtkBox       *box;
  GtkWidget    *older_button;
};

G_DEFINE_FINAL_TYPE (AlmAdminAudit, alm_admin_audit, ADW_TYPE_BIN)

/* @format: for a GDateTime in the time of this place */
static char *
format_moment (const AlmValue *line,
               const char     *format)
{
  const char *at = alm_value_get_text_of (line, "at");
  g_autoptr (GDateTime) utc = at != NULL ? g_date_time_new_from_iso8601 (at, NULL) : NULL;
  g_autoptr (GDateTime) here = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return here != NULL ? g_date_time_format (here, format) : g_strdup (at != NULL ? at : "");
}

static GtkWidget *
line_row_new (const AlmValue *line)
{
  GtkWidget *row = adw_action_row_new ();
  const char *actor = alm_value_get_text_of (line, "actor");
  g_autofree char *more = alm_admin_text_detail (line);
  g_autofree char *text = alm_admin_text_action (line);
  g_autofree char *time = format_moment (line, "%H:%M");
  g_autofree char *who = actor != NULL && *actor != '\0' ? g_strdup_printf ("%s · %s", time, actor)
                                                         : g_strdup (time);
  g_autofree char *detail = *more != '\0' ? g_strdup_printf ("%s · %s", who, more)
                                          : g_strdup (who);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail, -1);
  gtk_widget_set_focusable (row, FALSE);

  return row;
}

static AdwPreferencesGroup *
day_group_new (const char *day)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *title = alm_date_text_show_day (day);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);

  return ADW_PREFERENCES_GROUP (group);
}

static void
show_lines (AlmAdminAudit *self)
{
  g_autofree char *shown_day = NULL;
  AdwPreferencesGroup *group = NULL;
  GtkWidget *child;
  guint n = self->lines->len;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  for (guint i = 0; i < n && i < self->shown; i++)
    {
      const AlmValue *line = self->lines->pdata[n - 1 - i];
      g_autofree char *day = format_moment (line, "%Y-%m-%d");

      if (g_strcmp0 (day, shown_day) != 0)
        {
          group = day_group_new (day);
          gtk_box_append (self->box, GTK_WIDGET (group));
          g_free (shown_day);
          shown_day = g_steal_pointer (&day);
        }
      adw_preferences_group_add (group, line_row_new (line));
    }
  if (n == 0)
    gtk_box_append (self->box, alm_text_label_new (_("Nothing was kept yet."), "dim-label"));
  gtk_widget_set_visible (self->older_button, n > self->shown);
  alm_asked_view_show_content (self->view);
}

static void
older_clicked_cb (AlmAdminAudit *self)
{
  self->shown += SHOWN_AT_ONCE;
  show_lines (self);
}

static void ask_page (AlmAdminAudit *self);

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AlmAdminAudit) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
    alm_sync_driver_admin_finish (ALM_SYNC_DRIVER (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (lines == NULL)
    {
      self->asking = FALSE;
      alm_asked_view_show_error (self->view, error);
      return;
    }
  for (guint i = 0; i < lines->len; i++)
    g_ptr_array_add (self->lines, alm_value_ref (lines->pdata[i]));
  if (lines->len > 0)
    {
      ask_page (self);
      return;
    }
  self->asking = FALSE;
  show_lines (self);
}

/* What comes after the last line that is here. */
static void
ask_page (AlmAdminAudit *self)
{
  gint64 after = self->lines->len > 0
                 ? alm_value_get_integer_of (self->lines->pdata[self->lines->len - 1], "i", 0) : 0;

  alm_sync_driver_admin_async (alm_workbench_get_sync (self->workbench),
                               alm_admin_list_audit (after), self->cancellable, told_cb,
                               g_object_ref (self));
}

void
alm_admin_audit_ask (AlmAdminAudit *self)
{
  g_return_if_fail (ALM_IS_ADMIN_AUDIT (self));

  if (self->asking)
    return;
  self->asking = TRUE;
  alm_asked_view_show_asking (self->view);
  ask_page (self);
}

static void
alm_admin_audit_dispose (GObject *object)
{
  g_cancellable_cancel (ALM_ADMIN_AUDIT (object)->cancellable);

  G_OBJECT_CLASS (alm_admin_audit_parent_class)->dispose (object);
}

static void
alm_admin_audit_finalize (GObject *object)
{
  AlmAdminAudit *self = ALM_ADMIN_AUDIT (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->lines, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_admin_audit_parent_class)->finalize (object);
}

static void
alm_admin_audit_class_init (AlmAdminAuditClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_admin_audit_dispose;
  object_class->finalize = alm_admin_audit_finalize;
}

static void
alm_admin_audit_init (AlmAdminAudit *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  self->cancellable = g_cancellable_new ();
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  self->shown = SHOWN_AT_ONCE;
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  self->older_button = gtk_button_new_with_label (_("Show older entries"));
  gtk_widget_set_halign (self->older_button, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->older_button, "clicked", G_CALLBACK (older_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->box));
  gtk_box_append (GTK_BOX (content), self->older_button);
  self->view = ALM_ASKED_VIEW (alm_asked_view_new (content));
  g_signal_connect_object (self->view, "again", G_CALLBACK (alm_admin_audit_ask), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->view));
}

GtkWidget *
alm_admin_audit_new (AlmWorkbench *workbench)
{
  AlmAdminAudit *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_ADMIN_AUDIT, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}
