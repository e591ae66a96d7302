/* SPDX-License-Identifier: EUPL-1.2 */

/* The list of accounts with a search, and one account behind each.  Main thread. */

#include "config.h"

#include "alm-admin-people.h"

#include "alm-account-dialog.h"
#include "alm-admin-account.h"
#include "alm-admin-client.h"
#include "alm-admin-places.h"
#include "alm-admin-text.h"
#include "alm-asked-view.h"
#include "alm-list-keys.h"

#include <glib/gi18n.h>
#include <string.h>

struct _AlmAdminPeople
{
  AdwBin           parent_instance;

  /* Owned */
  AlmWorkbench    *workbench;
  GCancellable    *cancellable;
  GPtrArray       *places;       /* (element-type AlmOrganisationPlace); NULL */
  GPtrArray       *accounts;     /* (element-type AlmValue); NULL: not told yet */

  /* Borrowed from the widget tree */
  AlmAskedView    *view;
  GtkStack        *stack;
  GtkWidget       *search_entry;
  GtkListBox      *list;
  AlmAdminAccount *account;
};

G_DEFINE_FINAL_TYPE (AlmAdminPeople, alm_admin_people, ADW_TYPE_BIN)

/* "Edit in Trees (…), Read in The whole city" */
static char *
make_detail (AlmAdminPeople *self,
             const AlmValue *account)
{
  const AlmValue *grants = alm_value_get (account, "grants");
  g_autoptr (GString) text = g_string_new (alm_value_get_text_of (account, "name"));

  if (!alm_value_get_boolean_of (account, "enabled", FALSE))
    g_string_append_printf (text, " · %s", _("may not sign in"));
  if (alm_value_get_size (grants) == 0)
    g_string_append_printf (text, " · %s", _("no rights"));
  for (guint i = 0; i < alm_value_get_size (grants) && i < 3; i++)
    {
      const AlmValue *grant = alm_value_get_item (grants, i);
      g_autofree char *place = alm_admin_text_place (self->places,
                                                     alm_value_get_text_of (grant, "scope"));

      g_string_append_printf (text, " · %s: %s",
                              alm_admin_text_role (alm_value_get_text_of (grant, "role")), place);
    }
  if (alm_value_get_size (grants) > 3)
    g_string_append (text, " …");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GtkWidget *
account_row_new (AlmAdminPeople *self,
                 AlmValue       *account)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *next = gtk_image_new_from_icon_name ("go-next-symbolic");
  const char *title = alm_value_get_text_of (account, "title");
  g_autofree char *detail = make_detail (self, account);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title != NULL ? title : "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), next);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title != NULL ? title : "", GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  detail, -1);
  g_object_set_data_full (G_OBJECT (row), "account", alm_value_ref (account),
                          (GDestroyNotify) alm_value_unref);

  return row;
}

static void
show_accounts (AlmAdminPeople *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < self->accounts->len; i++)
    gtk_list_box_append (self->list, account_row_new (self, self->accounts->pdata[i]));
  alm_asked_view_show_content (self->view);
}

static gboolean
contains (const AlmValue *account,
          const char     *member,
          const char     *searched)
{
  const char *text = alm_value_get_text_of (account, member);
  g_autofree char *folded = g_utf8_casefold (text != NULL ? text : "", -1);

  return strstr (folded, searched) != NULL;
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       user_data)
{
  AlmAdminPeople *self = user_data;
  const AlmValue *account = g_object_get_data (G_OBJECT (row), "account");
  g_autofree char *searched =
    g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), -1);

  return contains (account, "title", searched) || contains (account, "name", searched);
}

static void
search_changed_cb (AlmAdminPeople *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

/* @account takes the place of the one with its name. */
static void
keep_account (AlmAdminPeople *self,
              AlmValue       *account)
{
  for (guint i = 0; i < self->accounts->len; i++)
    if (g_strcmp0 (alm_value_get_text_of (self->accounts->pdata[i], "name"),
                   alm_value_get_text_of (account, "name")) == 0)
      {
        alm_value_unref (self->accounts->pdata[i]);
        self->accounts->pdata[i] = alm_value_ref (account);
        show_accounts (self);
        return;
      }
  g_ptr_array_add (self->accounts, alm_value_ref (account));
  show_accounts (self);
}

static void
show_account (AlmAdminPeople *self,
              AlmValue       *account)
{
  alm_admin_account_show (self->account, account, self->places);
  gtk_stack_set_visible_child_name (self->stack, "account");
  gtk_widget_child_focus (GTK_WIDGET (self->account), GTK_DIR_TAB_FORWARD);
}

static void
row_activated_cb (AlmAdminPeople *self,
                  GtkListBoxRow  *row)
{
  show_account (self, g_object_get_data (G_OBJECT (row), "account"));
}

static void
account_changed_cb (AlmAdminPeople *self,
                    AlmValue       *account)
{
  keep_account (self, account);
}

static void
back_cb (AlmAdminPeople *self)
{
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_grab_focus (self->search_entry);
}

/* Who has just been added needs rights next. */
static void
added_cb (AlmAdminPeople *self,
          GPtrArray      *lines)
{
  if (lines->len == 0)
    return;
  keep_account (self, lines->pdata[0]);
  show_account (self, lines->pdata[0]);
}

static void
add_clicked_cb (AlmAdminPeople *self)
{
  GtkWidget *form =
    alm_account_dialog_new_person (self->workbench,
                                   GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));

  g_signal_connect_object (form, "taken", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (form));
}

/* Asking. */

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AlmAdminPeople) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *lines = alm_sync_driver_admin_finish (ALM_SYNC_DRIVER (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&lines, g_ptr_array_unref);
      return;
    }
  if (lines == NULL)
    {
      alm_asked_view_show_error (self->view, error);
      return;
    }
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  self->accounts = lines;
  show_accounts (self);
}

/* The places are here; who may do what in them the server knows. */
static void
places_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmAdminPeople) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *places = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (places == NULL)
    {
      if (!g_cancellable_is_cancelled (self->cancellable))
        alm_asked_view_show_error (self->view, error);
      return;
    }
  g_clear_pointer (&self->places, g_ptr_array_unref);
  self->places = places;
  alm_sync_driver_admin_async (alm_workbench_get_sync (self->workbench), alm_admin_list_users (),
                               self->cancellable, told_cb, g_object_ref (self));
}

void
alm_admin_people_ask (AlmAdminPeople *self)
{
  g_return_if_fail (ALM_IS_ADMIN_PEOPLE (self));

  alm_asked_view_show_asking (self->view);
  alm_records_read_async (alm_workbench_get_records (self->workbench), alm_admin_places_job, NULL,
                          NULL, (GDestroyNotify) g_ptr_array_unref, self->cancellable, places_cb,
                          g_object_ref (self));
}

static void
alm_admin_people_dispose (GObject *object)
{
  g_cancellable_cancel (ALM_ADMIN_PEOPLE (object)->cancellable);

  G_OBJECT_CLASS (alm_admin_people_parent_class)->dispose (object);
}

static void
alm_admin_people_finalize (GObject *object)
{
  AlmAdminPeople *self = ALM_ADMIN_PEOPLE (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->places, g_ptr_array_unref);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_admin_people_parent_class)->finalize (object);
}

static void
alm_admin_people_class_init (AlmAdminPeopleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_admin_people_dispose;
  object_class->finalize = alm_admin_people_finalize;
}

static GtkWidget *
list_page_new (AlmAdminPeople *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *add = gtk_button_new_with_label (_("Add a person …"));
  GtkWidget *nobody = gtk_label_new (_("Nobody has a name like this."));

  self->search_entry = gtk_search_entry_new ();
  gtk_widget_set_hexpand (self->search_entry, TRUE);
  g_object_set (self->search_entry, "placeholder-text", _("Search people"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search people"), -1);
  g_signal_connect_object (self->search_entry, "search-changed", G_CALLBACK (search_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (add, "clicked", G_CALLBACK (add_clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), self->search_entry);
  gtk_box_append (GTK_BOX (head), add);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_margin_top (nobody, 12);
  gtk_widget_set_margin_bottom (nobody, 12);
  gtk_list_box_set_placeholder (self->list, nobody);
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("People"), -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  alm_list_keys_attach (GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (page), head);
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->list));

  return page;
}

static void
alm_admin_people_init (AlmAdminPeople *self)
{
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
alm_admin_people_new (AlmWorkbench *workbench)
{
  AlmAdminPeople *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_ADMIN_PEOPLE, NULL);
  self->workbench = g_object_ref (workbench);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  self->account = ALM_ADMIN_ACCOUNT (alm_admin_account_new (workbench));
  g_signal_connect_object (self->account, "account-changed", G_CALLBACK (account_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->account, "back", G_CALLBACK (back_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->stack, list_page_new (self), "list");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->account), "account");
  self->view = ALM_ASKED_VIEW (alm_asked_view_new (GTK_WIDGET (self->stack)));
  g_signal_connect_object (self->view, "again", G_CALLBACK (alm_admin_people_ask), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->view));

  return GTK_WIDGET (self);
}
