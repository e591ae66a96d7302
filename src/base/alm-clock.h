/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a time comes from.  Everything that needs "now" is given a clock, so
 * that a test or the simulation can set it.  Times are microseconds since
 * 1970-01-01T00:00:00Z; no clock decides anything between two computers. */
typedef struct _AlmClock AlmClock;

struct _AlmClock
{
  gint64  (*now_us) (AlmClock *self);
};

AlmClock *alm_clock_system    (void);
gint64    alm_clock_now_us    (AlmClock   *self);
char     *alm_clock_format    (gint64      t_us);
gboolean  alm_clock_parse     (const char *text,
                               gint64     *t_us);

G_END_DECLS
