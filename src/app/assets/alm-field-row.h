/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-model.h"
#include "alm-workbench.h"

G_BEGIN_DECLS

/* One field of a form: its title, the control that its type asks for, and below
 * it what is wrong with the value or how it is understood.
 *
 * Signals:
 *   "edited" (AlmValue *value): the user has finished a value that fits; NULL =
 *   the field is to be empty.  The row shows it until set_value() is called.
 *   "conflict-activated" (): the conflict mark was pressed. */
#define ALM_TYPE_FIELD_ROW (alm_field_row_get_type ())
G_DECLARE_FINAL_TYPE (AlmFieldRow, alm_field_row, ALM, FIELD_ROW, GtkWidget)

/* @workbench: NULL where a reference is only to be shown.  @model owns @field and
 * is held */
GtkWidget      *alm_field_row_new          (AlmWorkbench   *workbench,
                                            AlmModel       *model,
                                            const AlmField *field);
const AlmField *alm_field_row_get_field    (AlmFieldRow    *self);
/* Nothing that the user is typing is touched. */
void            alm_field_row_set_value    (AlmFieldRow    *self,
                                            AlmValue       *value);
void            alm_field_row_set_waiting  (AlmFieldRow    *self,
                                            gboolean        waiting);
void            alm_field_row_set_conflict (AlmFieldRow    *self,
                                            gboolean        conflict);
/* @text: NULL for none */
void            alm_field_row_set_error    (AlmFieldRow    *self,
                                            const char     *text);
void            alm_field_row_set_editable (AlmFieldRow    *self,
                                            gboolean        editable);
/* Whether nobody can fill it by hand. */
gboolean        alm_field_row_is_fixed     (AlmFieldRow    *self);
/* Whether there is something typed that has not been handed on. */
gboolean        alm_field_row_is_typing    (AlmFieldRow    *self);
/* Hands on what is typed, as Enter does; FALSE where it does not fit. */
gboolean        alm_field_row_commit       (AlmFieldRow    *self);
/* Takes back what is typed. */
void            alm_field_row_revert       (AlmFieldRow    *self);
/* Where the conflict's card is to point at */
GtkWidget      *alm_field_row_get_mark     (AlmFieldRow    *self);

G_END_DECLS
