/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-front-head.h"

G_BEGIN_DECLS

#define ALM_TYPE_FRONT_INPUT (alm_front_input_get_type ())
G_DECLARE_FINAL_TYPE (AlmFrontInput, alm_front_input, ALM, FRONT_INPUT, GInputStream)

/* Nobody reads on: @connection has had its answer, or @problem is to be its
 * answer (nullable). */
typedef void (*AlmFrontInputFunc) (GSocketConnection *connection,
                                   const char        *problem,
                                   gpointer           user_data);

/* One request: its @head, which stands in @bytes with whatever came behind it
 * (transfer full), and its body out of @connection.  Never a byte of another. */
GInputStream *alm_front_input_new (GSocketConnection  *connection,
                                   GByteArray         *bytes,
                                   const AlmFrontHead *head,
                                   AlmFrontInputFunc   func,
                                   gpointer            user_data);

G_END_DECLS
