/* SPDX-License-Identifier: EUPL-1.2 */

/* Shows what would change if a record went back to an earlier state.  A dialog,
 * because many fields may change that are not in sight.  Main thread. */

#include "config.h"

#include "alm-restore-dialog.h"

#include "alm-change-text.h"
#include "alm-moment-text.h"
#include "alm-text-label.h"
#include "alm-workbench.h"

#include <glib/gi18n.h>

#define LIST_HEIGHT 280

static char *
make_body (const AlmHistoryEntry *entry)
{
  g_autofree char *moment = alm_moment_text_show (entry->command->at);

  if (*entry->user == '\0')
    /* Translators: %s is a moment, "23.11.2026 8:12". */
    return g_strdup_printf (_("As it was after the change of %s. You can undo this."), moment);

  /* Translators: who, and a moment: "anna", "23.11.2026 8:12". */
  return g_strdup_printf (_("As it was after the change by %s, %s. You can undo this."),
                          entry->user, moment);
}

static void
add_line (GtkWidget  *list,
          const char *text)
{
  gtk_box_append (GTK_BOX (list), alm_text_label_new (text, NULL));
}

/* A line for each field: "Height: 14 m → 12 m". */
static void
add_fields (GtkWidget           *list,
            const AlmModel      *model,
            const AlmDeskReturn *plan)
{
  AlmCommand command = { .op = ALM_OP_UPD, .set = plan->set, .old = plan->row->fields };
  g_autofree char *text = alm_change_text_say (model, &command, alm_workbench_language ());
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      add_line (list, *line);
}

static GtkWidget *
make_list (const AlmModel      *model,
           const AlmDeskReturn *plan)
{
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  if (plan->deleted)
    add_line (list, _("The object was deleted then: it is deleted again."));
  else
    {
      if (plan->row->deleted)
        add_line (list, _("The object comes back."));
      add_fields (list, model, plan);
    }

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), LIST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);

  return scroller;
}

GtkWidget *
alm_restore_dialog_new (GtkWindow             *parent,
                        const AlmModel        *model,
                        const AlmHistoryEntry *entry,
                        const AlmDeskReturn   *plan)
{
  g_autofree char *body = make_body (entry);
  GtkWidget *self = adw_message_dialog_new (parent, _("Restore this state?"), body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);

  adw_message_dialog_set_extra_child (dialog, make_list (model, plan));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "restore", _("_Restore"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "restore", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "restore");
  adw_message_dialog_set_close_response (dialog, "cancel");

  return self;
}
