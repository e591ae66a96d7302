/* SPDX-License-Identifier: EUPL-1.2 */

/* Moments in words.  Of an hour that comes twice, when the clocks are put back,
 * GLib takes one; an hour that does not come at all is refused.
 * Pure functions of their input, the locale and the time zone; main thread. */

#include "config.h"

#include "alm-moment-text.h"

#include "alm-date-text.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

char *
alm_moment_text_show (const char *moment)
{
  g_autoptr (GDateTime) read = moment != NULL ? g_date_time_new_from_iso8601 (moment, NULL) : NULL;
  g_autoptr (GDateTime) local = read != NULL ? g_date_time_to_local (read) : NULL;

  if (local == NULL)
    return g_strdup (moment != NULL ? moment : "");

  /* Translators: day and time, for strftime, %C%y is the year in four digits:
   * 23.11.2026 08:12 */
  return g_date_time_format (local, C_("date", "%d.%m.%C%y %H:%M"));
}

/* NULL: in UTC it is not of the years 1 to 9999, which is all that can be written. */
static char *
to_utc (GDateTime *moment)
{
  g_autoptr (GDateTime) utc = g_date_time_to_utc (moment);

  /* %C%y: the year in four digits, which %Y is not. */
  return utc != NULL ? g_date_time_format (utc, "%C%y-%m-%dT%H:%M:%SZ") : NULL;
}

/* One or two digits from *at on, at most @most; moves on. */
static gboolean
take_number (const char **at,
             int          most,
             int         *number)
{
  gsize n = strspn (*at, "0123456789");

  if (n < 1 || n > 2)
    return FALSE;
  *number = (int) g_ascii_strtoll (*at, NULL, 10);
  *at += n;

  return *number <= most;
}

/* "8:12", "8.12 Uhr", "8 Uhr", "08:12:30" */
static gboolean
read_time (const char *text,
           int         time[3])
{
  const char *at = text;

  time[0] = time[1] = time[2] = 0;
  if (!take_number (&at, 23, &time[0]))
    return FALSE;
  for (int i = 1; i < 3 && (*at == ':' || *at == '.'); i++)
    {
      at++;
      if (!take_number (&at, 59, &time[i]))
        return FALSE;
    }
  while (*at == ' ')
    at++;

  return *at == '\0' || g_ascii_strcasecmp (at, "uhr") == 0 || g_ascii_strcasecmp (at, "h") == 0;
}

/* The day is what stands before the first blank, comma or T behind a digit. */
static gboolean
split (const char  *text,
       char       **day,
       const char **time)
{
  gsize n = strcspn (text, " ,T");
  g_autofree char *head = g_strndup (text, n);

  *day = alm_date_text_read_day (head);
  *time = text + n + strspn (text + n, " ,T");

  return *day != NULL;
}

static char *
read_local (const char  *day,
            const int    time[3],
            char       **reason)
{
  int year = 0, month = 0, date = 0;
  g_autoptr (GDateTime) moment = NULL;
  g_autofree char *utc = NULL;

  if (sscanf (day, "%d-%d-%d", &year, &month, &date) == 3)
    moment = g_date_time_new_local (year, month, date, time[0], time[1], time[2]);
  utc = moment != NULL ? to_utc (moment) : NULL;
  if (utc == NULL)
    {
      *reason = g_strdup (_("Please enter a day and a time such as 23.11.2026 8:12."));
      return NULL;
    }
  if (g_date_time_get_hour (moment) != time[0] || g_date_time_get_minute (moment) != time[1])
    {
      *reason = g_strdup (_("There is no such time on that day: the clocks are put forward."));
      return NULL;
    }

  return g_steal_pointer (&utc);
}

char *
alm_moment_text_read (const char  *text,
                      char       **reason)
{
  g_autoptr (GDateTime) exact = NULL;
  g_autofree char *day = NULL;
  char *utc;
  const char *rest;
  int time[3] = { 0, 0, 0 };

  g_return_val_if_fail (text != NULL && reason != NULL, NULL);

  *reason = NULL;
  /* With its own zone it says all itself. */
  exact = g_date_time_new_from_iso8601 (text, NULL);
  utc = exact != NULL ? to_utc (exact) : NULL;
  if (utc != NULL)
    return utc;

  if (!split (text, &day, &rest) || (*rest != '\0' && !read_time (rest, time)))
    {
      *reason = g_strdup (_("Please enter a day and a time such as 23.11.2026 8:12."));
      return NULL;
    }

  return read_local (day, time, reason);
}
