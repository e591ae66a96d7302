/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-model.h"
#include "alm-workbench.h"

G_BEGIN_DECLS

/* The control of a field that points to another record: its label, which opens
 * it, and buttons to choose another one and to let go.
 *
 * Signals:
 *   "chosen" (AlmValue *value): by the user; NULL = none. */
#define ALM_TYPE_REFERENCE_ENTRY (alm_reference_entry_get_type ())
G_DECLARE_FINAL_TYPE (AlmReferenceEntry, alm_reference_entry, ALM, REFERENCE_ENTRY, GtkWidget)

/* @field: borrowed; outlives the widget */
GtkWidget *alm_reference_entry_new          (AlmWorkbench      *workbench,
                                             const AlmField    *field);
/* @value: NULL for none */
void       alm_reference_entry_set_value    (AlmReferenceEntry *self,
                                             const AlmValue    *value);
void       alm_reference_entry_set_editable (AlmReferenceEntry *self,
                                             gboolean           editable);

G_END_DECLS
