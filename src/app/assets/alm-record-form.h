/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-field-row.h"

G_BEGIN_DECLS

/* The form of one record, made from its model.
 *
 * Signals:
 *   "edited" (const char *field, AlmValue *value): NULL = to be empty
 *   "conflict-activated" (const char *field, GtkWidget *mark) */
#define ALM_TYPE_RECORD_FORM (alm_record_form_get_type ())
G_DECLARE_FINAL_TYPE (AlmRecordForm, alm_record_form, ALM, RECORD_FORM, GtkWidget)

GtkWidget   *alm_record_form_new          (AlmWorkbench      *workbench);
/* Builds the form anew only for another model; NULL empties it. */
void         alm_record_form_set_model    (AlmRecordForm     *self,
                                           AlmModel          *model);
/* @same: the record that is shown already, so what is being typed stays */
void         alm_record_form_set_fields   (AlmRecordForm     *self,
                                           const AlmValue    *fields,
                                           gboolean           same);
/* Fields with edits that the server does not have; NULL-terminated, nullable */
void         alm_record_form_set_waiting  (AlmRecordForm     *self,
                                           const char *const *names);
void         alm_record_form_set_conflicts (AlmRecordForm    *self,
                                           const char *const *names);
/* @classes (AlmClass): of the fields that may be changed; 0: none */
void         alm_record_form_set_writes   (AlmRecordForm     *self,
                                           guint              classes);
AlmFieldRow *alm_record_form_find_row     (AlmRecordForm     *self,
                                           const char        *name);
gboolean     alm_record_form_is_typing    (AlmRecordForm     *self);
/* Hands on everything that is typed and fits. */
void         alm_record_form_commit       (AlmRecordForm     *self);

G_END_DECLS
