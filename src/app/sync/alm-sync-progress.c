/* SPDX-License-Identifier: EUPL-1.2 */

/* A bar for the first copies; the same in the popover and in the overview.  Its value and
 * the words for it are what a screen reader says by itself now and then.  Main thread. */

#include "config.h"

#include "alm-sync-progress.h"

#include "alm-sync-text.h"

#include <glib/gi18n.h>

char *
alm_sync_progress_show (GtkProgressBar      *bar,
                        const AlmSyncStatus *status)
{
  char *words;
  double fraction;

  gtk_widget_set_visible (GTK_WIDGET (bar), status->copy_total > 0);
  if (status->copy_total == 0)
    return NULL;

  words = alm_sync_text_copied (status->copy_done, status->copy_total, status->copy_left_s);
  fraction = (double) status->copy_done / (double) status->copy_total;
  gtk_progress_bar_set_fraction (bar, fraction);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("First copy of the data"),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, words, -1);

  return words;
}
