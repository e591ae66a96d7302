/* SPDX-License-Identifier: EUPL-1.2 */

/* What a profile has to say when it is opened. */

#include "config.h"

#include "alm-profile-notice.h"

#include "alm-import.h"
#include "alm-text-label.h"

#include <glib/gi18n.h>

static void
show_fault (GtkBox *place)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT,
                                 "spacing", 12, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *label = alm_text_label_new (_("The file with your data is damaged. It can be looked "
                                           "at and exported, but not changed. Please keep it, and "
                                           "tell those who look after this program."), NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Warning"), -1);
  gtk_widget_add_css_class (box, "profile-notice");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (place, box);
}

static gpointer
take_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  char *name = NULL;

  if (!alm_import_take_unfinished (desk, &name, error))
    return NULL;

  return name != NULL ? name : g_strdup ("");
}

static void
taken_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AlmWorkbench) workbench = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = alm_records_write_finish (ALM_RECORDS (source), result, &error);
  g_autofree char *text = NULL;

  if (name == NULL)
    {
      g_message ("imports: %s", error->message);
      return;
    }
  if (*name == '\0')
    return;

  /* Translators: %s is the name of a file. */
  text = g_strdup_printf (_("The import of %s was not completed. Nothing of it was kept."), name);
  alm_workbench_say (workbench, text, FALSE);
}

void
alm_profile_notice_show (AlmWorkbench *workbench,
                         GtkBox       *place)
{
  AlmRecords *records;

  g_return_if_fail (ALM_IS_WORKBENCH (workbench));

  records = alm_workbench_get_records (workbench);
  if (alm_records_get_fault (records) != NULL)
    show_fault (place);
  else
    alm_records_write_async (records, take_job, NULL, NULL, g_free, taken_cb,
                             g_object_ref (workbench));
}
