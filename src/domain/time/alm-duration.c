/* SPDX-License-Identifier: EUPL-1.2 */

/* Durations of inspection rules: whole years, months, weeks and days, at least
 * one of them not 0.  Months are those of the calendar; a day that the month
 * does not have becomes its last (31 January + P1M = 28 or 29 February).
 * Pure; any thread. */

#include "config.h"

#include "alm-duration.h"

#include "alm-days.h"

#include <string.h>

gboolean
alm_duration_parse (const char  *text,
                    AlmDuration *duration)
{
  static const char letters[] = "YMWD";
  const char *left = letters;

  g_return_val_if_fail (text != NULL, FALSE);

  *duration = (AlmDuration) { 0, 0 };
  if (*text++ != 'P')
    return FALSE;

  while (*text != '\0')
    {
      const char *unit;
      int number = 0;
      guint digits = 0;

      for (; g_ascii_isdigit (*text); text++)
        {
          if (++digits > 5)
            return FALSE;
          number = number * 10 + (*text - '0');
        }
      unit = *text != '\0' ? strchr (left, *text) : NULL;
      if (digits == 0 || unit == NULL)
        return FALSE;

      if (*unit == 'Y' || *unit == 'M')
        duration->months += number * (*unit == 'Y' ? 12 : 1);
      else
        duration->days += number * (*unit == 'W' ? 7 : 1);
      left = unit + 1;
      text++;
    }

  return duration->months > 0 || duration->days > 0;
}

gint64
alm_duration_add (const AlmDuration *self,
                  gint64             days,
                  int                sign)
{
  gint64 year, months;
  int month, day;

  alm_days_to_date (days, &year, &month, &day);
  months = year * 12 + month - 1 + (gint64) sign * self->months;
  year = months / 12 - (months % 12 < 0 ? 1 : 0);
  month = (int) (months - year * 12) + 1;
  day = MIN (day, alm_days_in_month (year, month));

  return alm_days_from_date (year, month, day) + (gint64) sign * self->days;
}
