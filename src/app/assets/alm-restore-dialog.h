/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-desk-history.h"

G_BEGIN_DECLS

/* Asks whether a record is to go back to how it was after @entry, with a list of
 * what that changes; its response is "restore" if it is.  (transfer floating) */
GtkWidget *alm_restore_dialog_new (GtkWindow             *parent,
                                   const AlmModel        *model,
                                   const AlmHistoryEntry *entry,
                                   const AlmDeskReturn   *plan);

G_END_DECLS
