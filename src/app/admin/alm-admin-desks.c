/* SPDX-License-Identifier: EUPL-1.2 */

/* Workplaces as the server knows them.  Signing one out cannot be undone from here
 * (somebody has to sign in there again), and one that is lost empties itself: it is
 * asked.  Main thread. */

#include "config.h"

#include "alm-admin-desks.h"

#include "alm-admin-client.h"
#include "alm-asked-view.h"
#include "alm-date-text.h"
#include "alm-error-text.h"
#include "alm-moment-text.h"

#include <glib/gi18n.h>

struct _AlmAdminDesks
{
  AdwBin        parent_instance;

  /* Owned */
  AlmWorkbench *workbench;
  GCancellable *cancellable;

  /* Borrowed from the widget tree */
  AlmAskedView *view;
  GtkListBox   *list;
};

G_DEFINE_FINAL_TYPE (AlmAdminDesks, alm_admin_desks, ADW_TYPE_BIN)

static const char *
find_title (const AlmValue *desk)
{
  const char *name = alm_value_get_text_of (desk, "name");

  return name != NULL && *name != '\0' ? name : _("Workplace without a name");
}

static void
say_ended (AlmAdminDesks *self,
           GObject       *source,
           GAsyncResult  *result,
           const char    *done)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
    alm_sync_driver_admin_finish (ALM_SYNC_DRIVER (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  alm_workbench_say (self->workbench, lines != NULL ? done : alm_error_text (error), FALSE);
  if (lines != NULL)
    alm_admin_desks_ask (self);
}

static void
revoked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (AlmAdminDesks) self = user_data;

  say_ended (self, source, result, _("The workplace was signed out"));
}

static void
lost_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AlmAdminDesks) self = user_data;

  say_ended (self, source, result, _("The workplace was reported as lost"));
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  AlmAdminDesks *self = user_data;
  const char *id = g_object_get_data (G_OBJECT (dialog), "desk");
  gboolean lost = g_str_equal (response, "lose");

  if (lost || g_str_equal (response, "revoke"))
    alm_sync_driver_admin_async (alm_workbench_get_sync (self->workbench),
                                 alm_admin_revoke_desk (id, lost), self->cancellable,
                                 lost ? lost_cb : revoked_cb, g_object_ref (self));
}

static void
ask_first (AlmAdminDesks *self,
           GtkWidget     *button,
           const char    *heading,
           const char    *body,
           const char    *response,
           const char    *label)
{
  const AlmValue *desk = g_object_get_data (G_OBJECT (button), "desk");
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"),
                                    response, label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), response,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "desk",
                          g_strdup (alm_value_get_text_of (desk, "desk")), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
revoke_clicked_cb (AlmAdminDesks *self,
                   GtkWidget     *button)
{
  const AlmValue *desk = g_object_get_data (G_OBJECT (button), "desk");
  /* Translators: a workplace and a user name. */
  g_autofree char *body =
    g_strdup_printf (_("“%s” of %s can send and receive nothing until somebody signs in there "
                       "again. What was changed there and not sent stays there."),
                     find_title (desk), alm_value_get_text_of (desk, "user"));

  ask_first (self, button, _("Sign this workplace out?"), body, "revoke", _("_Sign out"));
}

static void
lose_clicked_cb (AlmAdminDesks *self,
                 GtkWidget     *button)
{
  const AlmValue *desk = g_object_get_data (G_OBJECT (button), "desk");
  /* Translators: a workplace and a user name. */
  g_autofree char *body =
    g_strdup_printf (_("As soon as “%s” of %s reaches the server, Allmende deletes everything on "
                       "that computer, also changes that were not sent yet. Nobody can bring "
                       "them back."),
                     find_title (desk), alm_value_get_text_of (desk, "user"));

  ask_first (self, button, _("Report it as lost?"), body, "lose",
             _("_Report as lost"));
}

/* The day of @moment here, as people write it. */
static char *
show_day (const char *moment)
{
  g_autoptr (GDateTime) utc = moment != NULL ? g_date_time_new_from_iso8601 (moment, NULL) : NULL;
  g_autoptr (GDateTime) here = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *day = here != NULL ? g_date_time_format (here, "%Y-%m-%d") : NULL;

  return day != NULL ? alm_date_text_show_day (day) : g_strdup (moment != NULL ? moment : "");
}

/* NULL: nothing has happened to it. */
static char *
describe_end (const AlmValue *desk)
{
  const char *state = alm_value_get_text_of (desk, "state");
  g_autofree char *lost = show_day (alm_value_get_text_of (desk, "lost"));
  g_autofree char *wiped = show_day (alm_value_get_text_of (desk, "wiped"));

  /* Translators: two days */
  if (g_strcmp0 (state, "wiped") == 0)
    return g_strdup_printf (_("Reported as lost on %s; deleted there on %s"), lost, wiped);
  if (g_strcmp0 (state, "lost") == 0)
    /* Translators: a day */
    return g_strdup_printf (_("Reported as lost on %s; not deleted there yet"), lost);

  return NULL;
}

static char *
describe (const AlmValue *desk)
{
  const char *user = alm_value_get_text_of (desk, "user");
  g_autofree char *seen = alm_moment_text_show (alm_value_get_text_of (desk, "seen"));
  gint64 last = alm_value_get_integer_of (desk, "last_n", 0);
  /* Translators: user name, number of changes, when it was last heard of. */
  g_autofree char *detail =
    g_strdup_printf (ngettext ("%s · %'u change sent · last heard of %s",
                               "%s · %'u changes sent · last heard of %s", (gulong) last),
                     user != NULL ? user : "", (guint) last, seen);
  g_autofree char *end = describe_end (desk);

  return end != NULL ? g_strdup_printf ("%s\n%s", detail, end) : g_steal_pointer (&detail);
}

/* @name: what a button of a row among many is called */
static GtkWidget *
add_button (AlmAdminDesks *self,
            GtkWidget     *box,
            AlmValue      *desk,
            const char    *label,
            const char    *name,
            GCallback      clicked_cb)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "desk", alm_value_ref (desk),
                          (GDestroyNotify) alm_value_unref);
  g_signal_connect_object (button, "clicked", clicked_cb, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);

  return button;
}

static void
add_buttons (AlmAdminDesks *self,
             GtkWidget     *row,
             AlmValue      *desk)
{
  const char *state = alm_value_get_text_of (desk, "state");
  const char *user = alm_value_get_text_of (desk, "user");
  const char *title = find_title (desk);
  /* Translators: a workplace and a user name */
  g_autofree char *sign_out = g_strdup_printf (_("Sign out: %s of %s"), title,
                                               user != NULL ? user : "");
  /* Translators: a workplace and a user name */
  g_autofree char *report = g_strdup_printf (_("Report as lost: %s of %s"), title,
                                             user != NULL ? user : "");
  /* Side by side they leave large letters no room. */
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), box);
  /* There is nothing left to end. */
  if (g_strcmp0 (state, "wiped") == 0)
    return;
  add_button (self, box, desk, _("Sign out …"), sign_out, G_CALLBACK (revoke_clicked_cb));
  /* What hardly anybody ever needs stands back. */
  if (g_strcmp0 (state, "lost") != 0)
    gtk_widget_add_css_class (add_button (self, box, desk, _("Report as lost …"), report,
                                          G_CALLBACK (lose_clicked_cb)), "flat");
}

static GtkWidget *
desk_row_new (AlmAdminDesks *self,
              AlmValue      *desk)
{
  GtkWidget *row = adw_action_row_new ();
  const char *title = find_title (desk);
  g_autofree char *detail = describe (desk);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_focusable (row, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail, -1);
  add_buttons (self, row, desk);

  return row;
}

static int
compare_seen (gconstpointer a,
              gconstpointer b)
{
  return -g_strcmp0 (alm_value_get_text_of (*(AlmValue *const *) a, "seen"),
                     alm_value_get_text_of (*(AlmValue *const *) b, "seen"));
}

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AlmAdminDesks) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
    alm_sync_driver_admin_finish (ALM_SYNC_DRIVER (source), result, &error);
  GtkWidget *child;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (lines == NULL)
    {
      alm_asked_view_show_error (self->view, error);
      return;
    }

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  g_ptr_array_sort (lines, compare_seen);
  for (guint i = 0; i < lines->len; i++)
    gtk_list_box_append (self->list, desk_row_new (self, lines->pdata[i]));
  alm_asked_view_show_content (self->view);
}

void
alm_admin_desks_ask (AlmAdminDesks *self)
{
  g_return_if_fail (ALM_IS_ADMIN_DESKS (self));

  alm_asked_view_show_asking (self->view);
  alm_sync_driver_admin_async (alm_workbench_get_sync (self->workbench), alm_admin_list_desks (),
                               self->cancellable, told_cb, g_object_ref (self));
}

static void
alm_admin_desks_dispose (GObject *object)
{
  g_cancellable_cancel (ALM_ADMIN_DESKS (object)->cancellable);

  G_OBJECT_CLASS (alm_admin_desks_parent_class)->dispose (object);
}

static void
alm_admin_desks_finalize (GObject *object)
{
  AlmAdminDesks *self = ALM_ADMIN_DESKS (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (alm_admin_desks_parent_class)->finalize (object);
}

static void
alm_admin_desks_class_init (AlmAdminDesksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_admin_desks_dispose;
  object_class->finalize = alm_admin_desks_finalize;
}

static void
alm_admin_desks_init (AlmAdminDesks *self)
{
  self->cancellable = g_cancellable_new ();
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_set_valign (GTK_WIDGET (self->list), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Workplaces"), -1);
  self->view = ALM_ASKED_VIEW (alm_asked_view_new (GTK_WIDGET (self->list)));
  g_signal_connect_object (self->view, "again", G_CALLBACK (alm_admin_desks_ask), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->view));
}

GtkWidget *
alm_admin_desks_new (AlmWorkbench *workbench)
{
  AlmAdminDesks *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_ADMIN_DESKS, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}
