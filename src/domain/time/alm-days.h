/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Days since 0001-01-01 in the proleptic Gregorian calendar (that day is 0),
 * years astronomical: year 0 is 1 BC.  Exact for |year| ≤ ALM_DAYS_YEAR_MAX. */
#define ALM_DAYS_YEAR_MAX G_GINT64_CONSTANT (100000000000000)

gint64   alm_days_from_date  (gint64       year,
                              int          month,
                              int          day);
void     alm_days_to_date    (gint64       days,
                              gint64      *year,
                              int         *month,
                              int         *day);
gboolean alm_days_is_leap    (gint64       year);
int      alm_days_in_month   (gint64       year,
                              int          month);
/* Exactly YYYY-MM-DD, a day that exists. */
gboolean alm_days_parse      (const char  *text,
                              gint64      *days);
char    *alm_days_to_text    (gint64       days);
/* The day @moment shows, in its own time zone. */
gint64   alm_days_of         (GDateTime   *moment);

G_END_DECLS
