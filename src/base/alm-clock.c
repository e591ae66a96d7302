/* SPDX-License-Identifier: EUPL-1.2 */

/* Clocks, and the one text form of an instant (RFC 3339, UTC, whole seconds). */

#include "config.h"

#include "alm-clock.h"

static gint64
system_now_us (AlmClock *self)
{
  return g_get_real_time ();
}

/* The computer's own clock; never freed.  Any thread. */
AlmClock *
alm_clock_system (void)
{
  static AlmClock clock = { system_now_us };

  return &clock;
}

gint64
alm_clock_now_us (AlmClock *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->now_us (self);
}

/* "2026-11-23T08:12:00Z"; (transfer full). */
char *
alm_clock_format (gint64 t_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (t_us / G_USEC_PER_SEC);

  if (time == NULL)
    return g_strdup ("");

  /* Not g_date_time_format(): its %Y writes the year 1 as "1". */
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ",
                          g_date_time_get_year (time), g_date_time_get_month (time),
                          g_date_time_get_day_of_month (time), g_date_time_get_hour (time),
                          g_date_time_get_minute (time), g_date_time_get_second (time));
}

/* Reads RFC 3339 with a zone; FALSE if it is none. */
gboolean
alm_clock_parse (const char *text,
                 gint64     *t_us)
{
  g_autoptr (GDateTime) time = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL)
    return FALSE;

  *t_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);

  return TRUE;
}
