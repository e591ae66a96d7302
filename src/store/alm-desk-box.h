/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* Calls @func for each record of @kind whose geometry reaches into the box, and
 * perhaps for a few that only come near it: who wants to know exactly asks the
 * geometry.  Without an order.  @box: x0, y0, x1, y1 in the city's plane system. */
gboolean alm_desk_each_in_box (AlmDesk       *self,
                               const char    *kind,
                               const double   box[4],
                               AlmRowFunc     func,
                               gpointer       user_data,
                               GError       **error);

G_END_DECLS
