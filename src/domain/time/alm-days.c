/* SPDX-License-Identifier: EUPL-1.2 */

/* Civil date ⇔ day number.  The year is taken to begin in March, so that the
 * leap day is its last, and 400 years are one period of 146,097 days
 * (Richards 1998; also the method of the C++ chrono papers).  Pure; any thread. */

#include "config.h"

#include "alm-days.h"

#include <string.h>

#define DAYS_PER_ERA 146097
/* From 0000-03-01 to 0001-01-01. */
#define MARCH_OFFSET 306

static gint64
floor_divide (gint64 a,
              gint64 b)
{
  return a / b - (a % b < 0 ? 1 : 0);
}

gint64
alm_days_from_date (gint64 year,
                    int    month,
                    int    day)
{
  gint64 march_year = month > 2 ? year : year - 1;
  gint64 era = floor_divide (march_year, 400);
  gint64 year_of_era = march_year - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100
         + day_of_year - MARCH_OFFSET;
}

void
alm_days_to_date (gint64  days,
                  gint64 *year,
                  int    *month,
                  int    *day)
{
  gint64 since_march = days + MARCH_OFFSET;
  gint64 era = floor_divide (since_march, DAYS_PER_ERA);
  gint64 day_of_era = since_march - era * DAYS_PER_ERA;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524
                        - day_of_era / 146096) / 365;
  int day_of_year = (int) (day_of_era - (365 * year_of_era + year_of_era / 4
                                         - year_of_era / 100));
  int march_month = (5 * day_of_year + 2) / 153;

  *day = day_of_year - (153 * march_month + 2) / 5 + 1;
  *month = march_month < 10 ? march_month + 3 : march_month - 9;
  *year = era * 400 + year_of_era + (*month <= 2 ? 1 : 0);
}

gboolean
alm_days_is_leap (gint64 year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* 0 where there is no such month. */
int
alm_days_in_month (gint64 year,
                   int    month)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  if (month < 1 || month > 12)
    return 0;

  return lengths[month - 1] + (month == 2 && alm_days_is_leap (year) ? 1 : 0);
}

gboolean
alm_days_parse (const char *text,
                gint64     *days)
{
  int numbers[3] = { 0, 0, 0 };
  guint part = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  for (guint i = 0; i < 10; i++)
    if (i == 4 || i == 7)
      {
        if (text[i] != '-')
          return FALSE;
        part++;
      }
    else
      {
        if (!g_ascii_isdigit (text[i]))
          return FALSE;
        numbers[part] = numbers[part] * 10 + (text[i] - '0');
      }

  if (text[10] != '\0' || numbers[2] < 1
      || numbers[2] > alm_days_in_month (numbers[0], numbers[1]))
    return FALSE;

  if (days != NULL)
    *days = alm_days_from_date (numbers[0], numbers[1], numbers[2]);

  return TRUE;
}

/* "1985-04-12"; a year below 0 has a minus and four digits, one above 9999 a "Y". */
char *
alm_days_to_text (gint64 days)
{
  gint64 year;
  int month, day;

  alm_days_to_date (days, &year, &month, &day);

  return g_strdup_printf ("%s%s%04" G_GINT64_FORMAT "-%02d-%02d",
                          ABS (year) > 9999 ? "Y" : "", year < 0 ? "-" : "",
                          ABS (year), month, day);
}

gint64
alm_days_of (GDateTime *moment)
{
  int year, month, day;

  g_date_time_get_ymd (moment, &year, &month, &day);

  return alm_days_from_date (year, month, day);
}
