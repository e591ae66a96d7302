/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

/* The inspections of a kind (`x-alm-inspections`), compiled.  Immutable; any thread. */
typedef struct _AlmDuePlan AlmDuePlan;

/* When an inspection is due.  Days as in alm-days.h. */
typedef struct
{
  gboolean  has_last;
  gint64    last;
  gint64    due;      /* of what was never inspected: the beginning of its life */
  int       rule;     /* that says so, from 0; -1: somebody has ordered an extra one */
} AlmDue;

/* NULL: the kind has none. */
AlmDuePlan *alm_due_plan_new       (AlmModel          *model);
void        alm_due_plan_free      (AlmDuePlan        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDuePlan, alm_due_plan_free)

guint       alm_due_plan_get_size  (const AlmDuePlan  *self);
/* "regular" */
const char *alm_due_plan_get_id    (const AlmDuePlan  *self,
                                    guint              index);
/* @language: "de" or "en" */
const char *alm_due_plan_get_title (const AlmDuePlan  *self,
                                    guint              index,
                                    const char        *language);
/* The names of all fields that are looked at: NULL-terminated, without doubles. */
const char *const *alm_due_plan_get_fields (const AlmDuePlan *self);

/* FALSE: this record needs no such inspection.  @today: the day that older and
 * younger are counted from, and the due day of what began nobody knows when. */
gboolean    alm_due_plan_find      (const AlmDuePlan  *self,
                                    guint              index,
                                    const AlmValue    *fields,
                                    gint64             today,
                                    AlmDue            *due);

G_END_DECLS
