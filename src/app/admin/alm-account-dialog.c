/* SPDX-License-Identifier: EUPL-1.2 */

/* A new person, a new password, another name.  Main thread. */

#include "config.h"

#include "alm-account-dialog.h"

#include <glib/gi18n.h>

/* What a dialog sends is made of its entries. */
typedef struct
{
  char      *name;       /* of the account; NULL: typed in */
  GtkWidget *name_entry;
  GtkWidget *title_entry;
  GtkWidget *password_entry;
} Entries;

static void
entries_free (gpointer data)
{
  Entries *entries = data;

  g_free (entries->name);
  g_free (entries);
}

static const char *
get_text (GtkWidget *entry)
{
  return gtk_editable_get_text (GTK_EDITABLE (entry));
}

static Entries *
entries_attach (GtkWidget  *form,
                const char *name)
{
  Entries *entries = g_new0 (Entries, 1);

  entries->name = g_strdup (name);
  g_object_set_data_full (G_OBJECT (form), "entries", entries, entries_free);

  return entries;
}

static Entries *
get_entries (AlmAdminForm *form)
{
  return g_object_get_data (G_OBJECT (form), "entries");
}

static GtkWidget *
add_password (GtkWidget *form)
{
  return alm_admin_form_add_entry (ALM_ADMIN_FORM (form), _("Password"),
                                   _("At least 12 characters. Hand it over in person; it can be "
                                     "changed at any time."), TRUE);
}

static void
send_person_cb (AlmAdminForm *form)
{
  const Entries *entries = get_entries (form);

  if (*get_text (entries->name_entry) == '\0' || *get_text (entries->password_entry) == '\0')
    alm_admin_form_say (form, _("Please fill in a user name and a password."));
  else
    alm_admin_form_send (form, alm_admin_add_user (get_text (entries->name_entry),
                                                   get_text (entries->title_entry),
                                                   get_text (entries->password_entry)));
}

GtkWidget *
alm_account_dialog_new_person (AlmWorkbench *workbench,
                               GtkWindow    *parent)
{
  GtkWidget *form = alm_admin_form_new (workbench, parent, _("Add a person"), _("_Add"), 470);
  Entries *entries = entries_attach (form, NULL);

  entries->title_entry = alm_admin_form_add_entry (ALM_ADMIN_FORM (form), _("Name"),
                                                   _("As colleagues know them: Anna Beispiel"),
                                                   FALSE);
  entries->name_entry = alm_admin_form_add_entry (ALM_ADMIN_FORM (form), _("User name"),
                                                  _("For signing in: small letters, digits, dot, "
                                                    "dash. It stays for ever."), FALSE);
  entries->password_entry = add_password (form);
  g_signal_connect (form, "send", G_CALLBACK (send_person_cb), NULL);

  return form;
}

static void
send_password_cb (AlmAdminForm *form)
{
  const Entries *entries = get_entries (form);

  alm_admin_form_send (form, alm_admin_set_password (entries->name,
                                                     get_text (entries->password_entry)));
}

GtkWidget *
alm_account_dialog_new_password (AlmWorkbench *workbench,
                                 GtkWindow    *parent,
                                 const char   *name)
{
  /* Translators: %s is a user name. */
  g_autofree char *title = g_strdup_printf (_("New password for %s"), name);
  GtkWidget *form = alm_admin_form_new (workbench, parent, title, _("_Set"), 300);
  Entries *entries = entries_attach (form, name);

  entries->password_entry = add_password (form);
  g_signal_connect (form, "send", G_CALLBACK (send_password_cb), NULL);

  return form;
}

static void
send_title_cb (AlmAdminForm *form)
{
  const Entries *entries = get_entries (form);

  alm_admin_form_send (form, alm_admin_set_title (entries->name,
                                                  get_text (entries->title_entry)));
}

GtkWidget *
alm_account_dialog_new_title (AlmWorkbench *workbench,
                              GtkWindow    *parent,
                              const char   *name,
                              const char   *title)
{
  GtkWidget *form = alm_admin_form_new (workbench, parent, _("Change the name"), _("_Change"),
                                        250);
  Entries *entries = entries_attach (form, name);

  entries->title_entry = alm_admin_form_add_entry (ALM_ADMIN_FORM (form), _("Name"), NULL, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (entries->title_entry), title != NULL ? title : "");
  g_signal_connect (form, "send", G_CALLBACK (send_title_cb), NULL);

  return form;
}
