/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-conflict.h"
#include "alm-workbench.h"

G_BEGIN_DECLS

/* One open question: what stands, what you wrote, what was there before, and a
 * button for each answer.  Decides by itself; "decided" () follows when the
 * answer is on disk. */
#define ALM_TYPE_CONFLICT_CARD (alm_conflict_card_get_type ())
G_DECLARE_FINAL_TYPE (AlmConflictCard, alm_conflict_card, ALM, CONFLICT_CARD, GtkWidget)

/* @conflict is held */
GtkWidget *alm_conflict_card_new (AlmWorkbench *workbench,
                                  AlmConflict  *conflict);

G_END_DECLS
