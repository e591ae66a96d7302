/* SPDX-License-Identifier: EUPL-1.2 */

/* An account as the server tells of it; each change is sent at once and shown when it
 * was taken.
 *
 * Invariant: what stands here is what the server has said last.
 * Main thread. */

#include "config.h"

#include "alm-admin-account.h"

#include "alm-account-dialog.h"
#include "alm-admin-client.h"
#include "alm-admin-text.h"
#include "alm-error-text.h"
#include "alm-grant-dialog.h"
#include "alm-text-label.h"

#include <glib/gi18n.h>

struct _AlmAdminAccount
{
  AdwBin               parent_instance;

  /* Owned */
  AlmWorkbench        *workbench;
  GCancellable        *cancellable;
  AlmValue            *account;     /* NULL: none is shown */
  GPtrArray           *places;      /* (element-type AlmOrganisationPlace); NULL */
  GPtrArray           *grant_rows;  /* (element-type GtkWidget), borrowed from the tree */

  /* Borrowed from the widget tree */
  GtkWidget           *back_button;
  GtkLabel            *title_label;
  GtkLabel            *name_label;
  GtkSwitch           *enabled_switch;
  AdwPreferencesGroup *grants_group;
};

enum {
  ACCOUNT_CHANGED,
  BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmAdminAccount, alm_admin_account, ADW_TYPE_BIN)

static void show_account (AlmAdminAccount *self);

static const char *
get_name (AlmAdminAccount *self)
{
  return alm_value_get_text_of (self->account, "name");
}

/* The server has answered with the account as it is now. */
static void
take_answer (AlmAdminAccount *self,
             GPtrArray       *lines)
{
  if (lines->len == 0)
    return;
  g_clear_pointer (&self->account, alm_value_unref);
  self->account = alm_value_ref (lines->pdata[0]);
  show_account (self);
  g_signal_emit (self, signals[ACCOUNT_CHANGED], 0, self->account);
}

static void
form_taken_cb (AlmAdminAccount *self,
               GPtrArray       *lines)
{
  take_answer (self, lines);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (AlmAdminAccount) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
    alm_sync_driver_admin_finish (ALM_SYNC_DRIVER (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (lines != NULL)
    {
      take_answer (self, lines);
      return;
    }
  alm_workbench_say (self->workbench, alm_error_text (error), FALSE);
  show_account (self);       /* the switch stands as the server has it */
}

static void
send (AlmAdminAccount *self,
      AlmAdminRequest *request)
{
  alm_sync_driver_admin_async (alm_workbench_get_sync (self->workbench), request,
                               self->cancellable, changed_cb, g_object_ref (self));
}

static void
open_form (AlmAdminAccount *self,
           GtkWidget       *form)
{
  g_signal_connect_object (form, "taken", G_CALLBACK (form_taken_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (form));
}

static GtkWindow *
get_window (AlmAdminAccount *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
title_clicked_cb (AlmAdminAccount *self)
{
  open_form (self, alm_account_dialog_new_title (self->workbench, get_window (self),
                                                 get_name (self),
                                                 alm_value_get_text_of (self->account, "title")));
}

static void
password_clicked_cb (AlmAdminAccount *self)
{
  open_form (self, alm_account_dialog_new_password (self->workbench, get_window (self),
                                                    get_name (self)));
}

static void
give_clicked_cb (AlmAdminAccount *self)
{
  open_form (self, alm_grant_dialog_new (self->workbench, get_window (self), self->account,
                                         self->places));
}

static void
back_clicked_cb (AlmAdminAccount *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static gboolean
enabled_set_cb (AlmAdminAccount *self,
                gboolean         enabled)
{
  gboolean was = alm_value_get_boolean_of (self->account, "enabled", FALSE);

  if (was != enabled)
    send (self, alm_admin_set_enabled (get_name (self), enabled));

  return FALSE;
}

static void
take_away_cb (AlmAdminAccount *self,
              GtkWidget       *button)
{
  const AlmValue *grant = g_object_get_data (G_OBJECT (button), "grant");
  g_autoptr (AlmValue) others =
    alm_admin_grants_with (alm_value_get (self->account, "grants"),
                           alm_value_get_text_of (grant, "role"),
                           alm_value_get_text_of (grant, "scope"), NULL, NULL);

  send (self, alm_admin_put_grants (get_name (self), others));
}

static GtkWidget *
grant_row_new (AlmAdminAccount *self,
               AlmValue        *grant)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  const char *role = alm_admin_text_role (alm_value_get_text_of (grant, "role"));
  g_autofree char *place = alm_admin_text_place (self->places,
                                                 alm_value_get_text_of (grant, "scope"));
  g_autofree char *terms = alm_admin_text_terms (grant);
  g_autofree char *detail = *terms != '\0' ? g_strdup_printf ("%s\n%s", place, terms)
                                           : g_strdup (place);
  /* Translators: a right and where: "Edit, Trees" */
  g_autofree char *name = g_strdup_printf (_("Take away: %s, %s"), role, place);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), role);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Take this right away"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "grant", alm_value_ref (grant),
                          (GDestroyNotify) alm_value_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (take_away_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static void
add_row (AlmAdminAccount *self,
         GtkWidget       *row)
{
  adw_preferences_group_add (self->grants_group, row);
  g_ptr_array_add (self->grant_rows, row);
}

static void
show_account (AlmAdminAccount *self)
{
  const char *title = alm_value_get_text_of (self->account, "title");
  const AlmValue *grants = alm_value_get (self->account, "grants");
  /* Translators: %s is a user name, with which one signs in. */
  g_autofree char *name = g_strdup_printf (_("Signs in as “%s”"), get_name (self));

  gtk_label_set_text (self->title_label, title != NULL ? title : get_name (self));
  gtk_label_set_text (self->name_label, name);
  gtk_switch_set_active (self->enabled_switch,
                         alm_value_get_boolean_of (self->account, "enabled", FALSE));

  for (guint i = 0; i < self->grant_rows->len; i++)
    adw_preferences_group_remove (self->grants_group, self->grant_rows->pdata[i]);
  g_ptr_array_set_size (self->grant_rows, 0);
  for (guint i = 0; i < alm_value_get_size (grants); i++)
    add_row (self, grant_row_new (self, alm_value_get_item (grants, i)));
  if (alm_value_get_size (grants) == 0)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("No rights yet"));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                                   _("Without a right nothing can be seen of the city’s data."));
      gtk_widget_set_focusable (row, FALSE);
      add_row (self, row);
    }
}

static void
alm_admin_account_dispose (GObject *object)
{
  g_cancellable_cancel (ALM_ADMIN_ACCOUNT (object)->cancellable);

  G_OBJECT_CLASS (alm_admin_account_parent_class)->dispose (object);
}

static void
alm_admin_account_finalize (GObject *object)
{
  AlmAdminAccount *self = ALM_ADMIN_ACCOUNT (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->account, alm_value_unref);
  g_clear_pointer (&self->places, g_ptr_array_unref);
  g_clear_pointer (&self->grant_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_admin_account_parent_class)->finalize (object);
}

static void
alm_admin_account_class_init (AlmAdminAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_admin_account_dispose;
  object_class->finalize = alm_admin_account_finalize;

  signals[ACCOUNT_CHANGED] =
    g_signal_new ("account-changed", ALM_TYPE_ADMIN_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[BACK] = g_signal_new ("back", ALM_TYPE_ADMIN_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

/* A row that is a sentence with one button. */
static GtkWidget *
button_row_new (AlmAdminAccount *self,
                const char      *title,
                const char      *label,
                GCallback        clicked)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (label);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_focusable (row, FALSE);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static GtkWidget *
account_group_new (AlmAdminAccount *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Account"));
  self->enabled_switch = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->enabled_switch), GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("May sign in"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               _("Off: signed out everywhere at the next contact"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (self->enabled_switch));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (self->enabled_switch));
  gtk_widget_set_focusable (row, FALSE);
  g_signal_connect_object (self->enabled_switch, "state-set", G_CALLBACK (enabled_set_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                             button_row_new (self, _("Name"), _("Change …"),
                                             G_CALLBACK (title_clicked_cb)));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                             button_row_new (self, _("Password"), _("Set …"),
                                             G_CALLBACK (password_clicked_cb)));

  return group;
}

static void
alm_admin_account_init (AlmAdminAccount *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *give = gtk_button_new_with_label (_("Give a right …"));

  self->cancellable = g_cancellable_new ();
  self->grant_rows = g_ptr_array_new ();
  self->back_button = gtk_button_new_with_label (_("All people"));
  gtk_widget_set_halign (self->back_button, GTK_ALIGN_START);
  g_signal_connect_object (self->back_button, "clicked", G_CALLBACK (back_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  self->title_label = GTK_LABEL (alm_text_label_new ("", "title-2"));
  self->name_label = GTK_LABEL (alm_text_label_new ("", "dim-label"));
  self->grants_group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->grants_group, _("Rights"));
  adw_preferences_group_set_header_suffix (self->grants_group, give);
  g_signal_connect_object (give, "clicked", G_CALLBACK (give_clicked_cb), self,
                           G_CONNECT_SWAPPED);

  gtk_box_append (GTK_BOX (box), self->back_button);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->name_label));
  gtk_box_append (GTK_BOX (box), account_group_new (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->grants_group));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
alm_admin_account_new (AlmWorkbench *workbench)
{
  AlmAdminAccount *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_ADMIN_ACCOUNT, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}

void
alm_admin_account_show (AlmAdminAccount *self,
                        AlmValue        *account,
                        GPtrArray       *places)
{
  AlmValue *shown = alm_value_ref (account);
  GPtrArray *known = g_ptr_array_ref (places);

  g_return_if_fail (ALM_IS_ADMIN_ACCOUNT (self));

  g_clear_pointer (&self->account, alm_value_unref);
  self->account = shown;
  g_clear_pointer (&self->places, g_ptr_array_unref);
  self->places = known;
  show_account (self);
}
