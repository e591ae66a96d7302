/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A duration by the calendar, as ISO 8601 writes it: P1Y6M, P2W, P90D. */
typedef struct
{
  int months;   /* years and months */
  int days;     /* weeks and days */
} AlmDuration;

gboolean alm_duration_parse (const char        *text,
                             AlmDuration       *duration);
/* @days: as in alm-days.h; @sign: 1 or −1 */
gint64   alm_duration_add   (const AlmDuration *self,
                             gint64             days,
                             int                sign);

G_END_DECLS
