/* SPDX-License-Identifier: EUPL-1.2 */

/* What somebody may do, where, with which fields, from when until when: picked in
 * words, from the city's organisation.  Main thread. */

#include "config.h"

#include "alm-grant-dialog.h"

#include "alm-admin-text.h"
#include "alm-date-text.h"

#include <glib/gi18n.h>

typedef struct
{
  AlmValue    *account;
  GPtrArray   *patterns;        /* (element-type utf8), as the rows of place_row */
  AdwComboRow *role_row;
  AdwComboRow *place_row;
  GtkSwitch   *confidential;
  GtkSwitch   *personal;
  GtkWidget   *from_entry;
  GtkWidget   *until_entry;
} Choices;

static void
choices_free (gpointer data)
{
  Choices *choices = data;

  alm_value_unref (choices->account);
  g_ptr_array_unref (choices->patterns);
  g_free (choices);
}

static void
show_role (Choices *choices)
{
  AlmAdminRole role;

  if (alm_admin_text_get_role (adw_combo_row_get_selected (choices->role_row), &role))
    adw_action_row_set_subtitle (ADW_ACTION_ROW (choices->role_row), role.detail);
}

static GtkWidget *
combo_new (const char    *title,
           GtkStringList *list)
{
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));

  return row;
}

static GtkWidget *
role_row_new (void)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  AlmAdminRole role;

  for (guint i = 0; alm_admin_text_get_role (i, &role); i++)
    gtk_string_list_append (list, role.title);

  return combo_new (_("May"), list);
}

/* The tree, a line for each place; what lies below is indented. */
static GtkWidget *
place_row_new (GPtrArray *places,
               GPtrArray *patterns)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; i < places->len; i++)
    {
      const AlmOrganisationPlace *place = places->pdata[i];
      g_autoptr (GString) line = g_string_new (NULL);

      for (guint k = 0; k < place->depth; k++)
        g_string_append (line, "\u2003");
      if (place->depth == 0)
        g_string_append (line, _("The whole city"));
      else
        g_string_append (line, place->title);
      gtk_string_list_append (list, line->str);
      g_ptr_array_add (patterns, g_strdup (place->pattern));
    }
  gtk_string_list_append (list, _("How the city is set up: kinds, areas, units"));
  g_ptr_array_add (patterns, g_strdup ("system"));

  return combo_new (_("Where"), list);
}

static GtkSwitch *
add_switch (AdwPreferencesGroup *group,
            const char          *title,
            const char          *detail)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  gtk_widget_set_focusable (row, FALSE);
  adw_preferences_group_add (group, row);

  return GTK_SWITCH (button);
}

/* NULL where the entry is empty; *ok FALSE: it holds no day. */
static char *
read_day (GtkWidget *entry,
          gboolean  *ok)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  char *day;

  if (*text == '\0')
    return NULL;
  day = alm_date_text_read_day (text);
  if (day == NULL)
    *ok = FALSE;

  return day;
}

static AlmValue *
make_classes (const Choices *choices)
{
  AlmValue *classes = alm_value_new_list ();

  alm_value_append (classes, alm_value_new_text ("public"));
  alm_value_append (classes, alm_value_new_text ("internal"));
  if (gtk_switch_get_active (choices->confidential))
    alm_value_append (classes, alm_value_new_text ("confidential"));
  if (gtk_switch_get_active (choices->personal))
    alm_value_append (classes, alm_value_new_text ("personal"));

  return classes;
}

static void
send_cb (AlmAdminForm *form,
         gpointer      user_data)
{
  Choices *choices = user_data;
  const char *pattern = choices->patterns->pdata[adw_combo_row_get_selected (choices->place_row)];
  gboolean ok = TRUE;
  g_autofree char *from = read_day (choices->from_entry, &ok);
  g_autofree char *until = read_day (choices->until_entry, &ok);
  g_autoptr (AlmValue) grants = NULL;
  AlmAdminRole role;

  if (!ok)
    {
      alm_admin_form_say (form, _("Please enter a day such as 31.12.2026, or nothing."));
      return;
    }
  if (!alm_admin_text_get_role (adw_combo_row_get_selected (choices->role_row), &role))
    return;

  grants = alm_admin_grants_with (alm_value_get (choices->account, "grants"), role.role, pattern,
                                  alm_admin_grant_new (role.role, pattern, make_classes (choices),
                                                       from, until), NULL);
  alm_admin_form_send (form, alm_admin_put_grants (alm_value_get_text_of (choices->account,
                                                                          "name"), grants));
}

GtkWidget *
alm_grant_dialog_new (AlmWorkbench   *workbench,
                      GtkWindow      *parent,
                      const AlmValue *account,
                      GPtrArray      *places)
{
  const char *name = alm_value_get_text_of (account, "title");
  /* Translators: %s is a person. */
  g_autofree char *title = g_strdup_printf (_("Give %s a right"), name != NULL ? name : "");
  GtkWidget *form = alm_admin_form_new (workbench, parent, title, _("_Give"), 560);
  GtkWidget *what = adw_preferences_group_new ();
  GtkWidget *fields = adw_preferences_group_new ();
  Choices *choices = g_new0 (Choices, 1);

  choices->account = alm_value_ref ((AlmValue *) account);
  choices->patterns = g_ptr_array_new_with_free_func (g_free);
  choices->role_row = ADW_COMBO_ROW (role_row_new ());
  choices->place_row = ADW_COMBO_ROW (place_row_new (places, choices->patterns));
  g_object_set_data_full (G_OBJECT (form), "choices", choices, choices_free);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (what), _("What and where"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (what), GTK_WIDGET (choices->role_row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (what), GTK_WIDGET (choices->place_row));
  alm_admin_form_append (ALM_ADMIN_FORM (form), what);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (fields), _("Fields"));
  choices->confidential = add_switch (ADW_PREFERENCES_GROUP (fields), _("Confidential fields"),
                                      _("What only some may know in the house"));
  choices->personal = add_switch (ADW_PREFERENCES_GROUP (fields), _("Personal fields"),
                                  _("Names, addresses, what tells of a person"));
  alm_admin_form_append (ALM_ADMIN_FORM (form), fields);

  choices->from_entry = alm_admin_form_add_entry (ALM_ADMIN_FORM (form), _("From"),
                                                  _("A day, or empty: at once"), FALSE);
  choices->until_entry = alm_admin_form_add_entry (ALM_ADMIN_FORM (form), _("Until"),
                                                   _("The last day, or empty: without end"),
                                                   FALSE);
  g_signal_connect_swapped (choices->role_row, "notify::selected", G_CALLBACK (show_role),
                            choices);
  g_signal_connect (form, "send", G_CALLBACK (send_cb), choices);
  show_role (choices);

  return form;
}
