/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-conflict.h"
#include "alm-workbench.h"

G_BEGIN_DECLS

/* The field or group of an open question as a form, to make a third value of two.
 * Main thread. */
#define ALM_TYPE_CONFLICT_EDITOR (alm_conflict_editor_get_type ())
G_DECLARE_FINAL_TYPE (AlmConflictEditor, alm_conflict_editor, ALM, CONFLICT_EDITOR, GtkWidget)

/* Begins with the proposal; NULL where the question is not about a value that can be
 * typed.  @model: nullable; (transfer floating) */
GtkWidget *alm_conflict_editor_new  (AlmWorkbench      *workbench,
                                     AlmModel          *model,
                                     const AlmConflict *conflict);
/* What alm_desk_resolve() wants: a JSON null for an empty field, for a group the object
 * of its fields.  NULL: something that was typed does not fit, and says so.
 * (transfer full) */
AlmValue  *alm_conflict_editor_take (AlmConflictEditor *self);

G_END_DECLS
