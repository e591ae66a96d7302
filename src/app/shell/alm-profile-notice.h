/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* What is to be said of a profile that was opened: one that is damaged and can only
 * be read has a line in @place, which stays; an import that a crash broke off is
 * told once.  Main thread. */
void alm_profile_notice_show (AlmWorkbench *workbench,
                              GtkBox       *place);

G_END_DECLS
