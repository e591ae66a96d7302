/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"
#include "alm-due.h"

G_BEGIN_DECLS

/* @index: of the inspection, in @plan */
typedef void (*AlmDueFunc) (gint64            rid,
                            const AlmDuePlan *plan,
                            guint             index,
                            const AlmDue     *due,
                            gpointer          user_data);

/* Calls @func for every inspection of a record of @kind that is due at @until or
 * before, in no order.  Conditions are asked at @today; days as in alm-days.h.  A
 * kind without inspections has none due. */
gboolean alm_desk_each_due (AlmDesk      *self,
                            const char   *kind,
                            gint64        today,
                            gint64        until,
                            AlmDueFunc    func,
                            gpointer      user_data,
                            GError      **error);

G_END_DECLS
