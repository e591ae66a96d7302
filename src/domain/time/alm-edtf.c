/* SPDX-License-Identifier: EUPL-1.2 */

/* EDTF: dates with doubt, levels 0 to 2.
 *
 * A recursive descent over the bytes without allocation.  Where the standard is
 * loose: signs never widen the bounds; an X runs over all completions that are
 * real days, and where there is none the text is refused; seasons are northern
 * and meteorological, winter ends with February of the next year.
 * Pure; any thread. */

#include "config.h"

#include "alm-edtf.h"

#include "alm-days.h"

#include <string.h>

typedef struct
{
  const char *start;
  const char *at;
  const char *fault;      /* what is wrong, for the message */
  const char *fault_at;
} Reader;

/* What an end of an interval may be has less than a date standing alone. */
typedef enum {
  PLACE_ALONE,
  PLACE_INTERVAL,
  PLACE_SET
} Place;

/* The parts of Y-M-D as written; X is a digit that is not known. */
typedef struct
{
  gboolean    negative;
  const char *year;       /* 4 characters */
  const char *month;      /* 2 characters, nullable */
  const char *day;        /* 2 characters, nullable */
} Pattern;

static gboolean
refuse (Reader     *self,
        const char *what)
{
  if (self->fault == NULL)
    {
      self->fault = what;
      self->fault_at = self->at;
    }

  return FALSE;
}

static gboolean
is_sign (char c)
{
  return c == '?' || c == '~' || c == '%';
}

/* Takes one sign, if one stands here; says whether. */
static gboolean
take_sign (Reader  *self,
           AlmEdtf *edtf)
{
  if (!is_sign (*self->at))
    return FALSE;

  if (*self->at != '~')
    edtf->flags |= ALM_EDTF_UNCERTAIN;
  if (*self->at != '?')
    edtf->flags |= ALM_EDTF_APPROXIMATE;
  self->at++;

  return TRUE;
}

static void
raise_level (AlmEdtf *edtf,
             int      level)
{
  edtf->level = MAX (edtf->level, level);
}

static gboolean
read_digits (Reader      *self,
             guint        count,
             const char **digits)
{
  *digits = self->at;
  for (guint i = 0; i < count; i++, self->at++)
    if (!g_ascii_isdigit (*self->at) && *self->at != 'X')
      return refuse (self, "digit expected");

  return TRUE;
}

static guint
count_unknown (const char *digits,
               guint       length)
{
  guint count = 0;

  for (guint i = 0; digits != NULL && i < length; i++)
    count += digits[i] == 'X';

  return count;
}

/* The number that @pattern becomes when its X are the digits of @choice. */
static int
complete (const char *pattern,
          guint       length,
          int         choice)
{
  int weight = 1;
  int number = 0;

  for (guint i = length; i-- > 0; weight *= 10)
    if (pattern[i] == 'X')
      {
        number += (choice % 10) * weight;
        choice /= 10;
      }
    else
      number += (pattern[i] - '0') * weight;

  return number;
}

static int
count_choices (const char *pattern,
               guint       length)
{
  int choices = 1;

  for (guint i = count_unknown (pattern, length); i > 0; i--)
    choices *= 10;

  return choices;
}

/* The first (@step 1) or last (@step −1) number of @low … @high that fits; −1 for none. */
static int
find_part (const char *pattern,
           int         low,
           int         high,
           int         step)
{
  int choices = count_choices (pattern, 2);

  for (int i = 0; i < choices; i++)
    {
      int number = complete (pattern, 2, step > 0 ? i : choices - 1 - i);

      if (number >= low && number <= high)
        return number;
    }

  return -1;
}

/* The earliest or latest real day of one year that fits. */
static gboolean
find_day_in_year (const Pattern *pattern,
                  gint64         year,
                  int            step,
                  gint64        *day)
{
  int first = step > 0 ? 1 : 12;

  for (int month = first; month >= 1 && month <= 12; month += step)
    {
      int length = alm_days_in_month (year, month);
      int found = step > 0 ? 1 : length;

      if (pattern->month != NULL && find_part (pattern->month, month, month, 1) < 0)
        continue;
      if (pattern->day != NULL)
        found = find_part (pattern->day, 1, length, step);
      if (found > 0)
        {
          *day = alm_days_from_date (year, month, found);
          return TRUE;
        }
    }

  return FALSE;
}

/* Of a negative year the larger number is the earlier one. */
static gboolean
find_day (const Pattern *pattern,
          int            step,
          gint64        *day)
{
  int choices = count_choices (pattern->year, 4);
  gboolean upwards = (step > 0) != pattern->negative;

  for (int i = 0; i < choices; i++)
    {
      int number = complete (pattern->year, 4, upwards ? i : choices - 1 - i);

      if (pattern->negative && number == 0)
        continue;
      if (find_day_in_year (pattern, pattern->negative ? -number : number, step, day))
        return TRUE;
    }

  return FALSE;
}

/* 21 … 41: first month and number of months; the year's last may be the next one's. */
static gboolean
find_season (int  season,
             int *month,
             int *length)
{
  static const gint8 months[] = {
    3, 6, 9, 12,   3, 6, 9, 12,   9, 12, 3, 6,   1, 4, 7, 10,   1, 5, 9,   1, 7
  };

  if (season < 21 || season > 41)
    return FALSE;

  *month = months[season - 21];
  *length = season < 37 ? 3 : season < 40 ? 4 : 6;

  return TRUE;
}

static gboolean
bound_season (Reader        *self,
              const Pattern *pattern,
              int            season,
              AlmEdtf       *edtf)
{
  Pattern year = { .negative = pattern->negative, .year = pattern->year };
  gint64 first_year, last_year, ignored;
  gint64 day;
  int month, length, end, unused;

  if (!find_season (season, &month, &length) || !find_day (&year, 1, &day))
    return refuse (self, "no such month or season");
  alm_days_to_date (day, &first_year, &unused, &unused);
  find_day (&year, -1, &ignored);
  alm_days_to_date (ignored, &last_year, &unused, &unused);

  edtf->type = ALM_EDTF_SEASON;
  raise_level (edtf, season <= 24 ? 1 : 2);
  end = month + length - 1;
  if (end > 12)
    {
      end -= 12;
      last_year++;
    }
  edtf->first = alm_days_from_date (first_year, month, 1);
  edtf->last = alm_days_from_date (last_year, end, alm_days_in_month (last_year, end));

  return TRUE;
}

/* Which level the X of a date make it. */
static int
unknown_level (const Pattern *pattern)
{
  guint year = count_unknown (pattern->year, 4);
  guint month = count_unknown (pattern->month, 2);
  guint day = count_unknown (pattern->day, 2);

  if (year + month + day == 0)
    return 0;

  if (pattern->month == NULL)
    return (year == 4 || (year == 1 && pattern->year[3] == 'X')
            || (year == 2 && pattern->year[3] == 'X' && pattern->year[2] == 'X')) ? 1 : 2;
  if (year == 4)
    return month == 2 && (pattern->day == NULL || day == 2) ? 1 : 2;
  if (year > 0)
    return 2;
  if (pattern->day == NULL)
    return month == 2 ? 1 : 2;

  return day == 2 && month != 1 ? 1 : 2;
}

static gboolean
bound_date (Reader        *self,
            const Pattern *pattern,
            Place          place,
            AlmEdtf       *edtf)
{
  if (count_unknown (pattern->year, 4) + count_unknown (pattern->month, 2)
      + count_unknown (pattern->day, 2) > 0)
    edtf->flags |= ALM_EDTF_UNSPECIFIED;
  raise_level (edtf, place == PLACE_INTERVAL && (edtf->flags & ALM_EDTF_UNSPECIFIED) != 0
               ? 2 : unknown_level (pattern));

  if (pattern->negative && memcmp (pattern->year, "0000", 4) == 0)
    return refuse (self, "there is no year -0000");

  if (pattern->month != NULL && pattern->day == NULL && count_unknown (pattern->month, 2) == 0
      && complete (pattern->month, 2, 0) > 12)
    {
      if (place == PLACE_INTERVAL)
        return refuse (self, "a season cannot be the end of an interval");
      return bound_season (self, pattern, complete (pattern->month, 2, 0), edtf);
    }

  if (!find_day (pattern, 1, &edtf->first) || !find_day (pattern, -1, &edtf->last))
    return refuse (self, "no such day");

  return TRUE;
}

static gboolean
read_two (Reader *self,
          int     most,
          int    *number)
{
  if (!g_ascii_isdigit (self->at[0]) || !g_ascii_isdigit (self->at[1]))
    return refuse (self, "two digits expected");

  *number = (self->at[0] - '0') * 10 + (self->at[1] - '0');
  if (*number > most)
    return refuse (self, "time out of range");
  self->at += 2;

  return TRUE;
}

static gboolean
read_colon (Reader *self)
{
  if (*self->at != ':')
    return refuse (self, "a time is hh:mm:ss");
  self->at++;

  return TRUE;
}

/* "T08:12:00", "T08:12:00Z", "T08:12:00+01:00"; the day is what counts. */
static gboolean
read_time (Reader *self)
{
  int hour, minute, second, zone, zone_minute = 0;

  self->at++;
  if (!read_two (self, 24, &hour) || !read_colon (self) || !read_two (self, 59, &minute)
      || !read_colon (self) || !read_two (self, 59, &second))
    return FALSE;
  if (hour == 24 && (minute > 0 || second > 0))
    return refuse (self, "the day ends at 24:00:00");

  if (*self->at == 'Z')
    self->at++;
  else if (*self->at == '+' || *self->at == '-')
    {
      self->at++;
      if (!read_two (self, 14, &zone))
        return FALSE;
      if (*self->at == ':')
        {
          self->at++;
          if (!read_two (self, 59, &zone_minute))
            return FALSE;
        }
      if (zone == 14 && zone_minute > 0)
        return refuse (self, "time zone out of range");
    }

  return TRUE;
}

/* Multiplies with a limit; FALSE if the year would be over it. */
static gboolean
grow (gint64 *number,
      int     digit)
{
  if (*number > (ALM_DAYS_YEAR_MAX - digit) / 10)
    return FALSE;
  *number = *number * 10 + digit;

  return TRUE;
}

/* "S2": of the year only the first two digits are meant. */
static gboolean
read_precision (Reader  *self,
                gint64   number,
                gboolean negative,
                AlmEdtf *edtf)
{
  gint64 low = number;
  gint64 high = number;

  if (*self->at == 'S')
    {
      gint64 unit = 1;
      int length = 1;
      int meant = 0;

      self->at++;
      for (guint i = 0; g_ascii_isdigit (*self->at) && i < 2; i++)
        meant = meant * 10 + (*self->at++ - '0');
      for (gint64 rest = number; rest >= 10; rest /= 10)
        length++;
      /* A year of four digits has four, whatever it begins with. */
      length = MAX (length, 4);
      if (meant < 1 || meant > length)
        return refuse (self, "S has to be followed by 1 up to the number of digits");
      for (int i = meant; i < length; i++)
        unit *= 10;
      low = number / unit * unit;
      high = low + unit - 1;
      raise_level (edtf, 2);
      edtf->type = ALM_EDTF_YEAR;
    }

  edtf->first = alm_days_from_date (negative ? -high : low, 1, 1);
  edtf->last = alm_days_from_date (negative ? -low : high, 12, 31);

  return TRUE;
}

/* "Y17000002", "Y-17E7", "Y3388E2S3" */
static gboolean
read_long_year (Reader  *self,
                AlmEdtf *edtf)
{
  gboolean negative = FALSE;
  gint64 number = 0;
  guint digits = 0;
  guint exponent = 0;

  edtf->type = ALM_EDTF_YEAR;
  raise_level (edtf, 1);
  self->at++;
  if (*self->at == '-')
    {
      negative = TRUE;
      self->at++;
    }
  if (*self->at == '0')
    return refuse (self, "a year after Y has no leading zero");
  for (; g_ascii_isdigit (*self->at); self->at++, digits++)
    if (!grow (&number, *self->at - '0'))
      return refuse (self, "the year is too large");

  if (*self->at == 'E')
    {
      raise_level (edtf, 2);
      self->at++;
      if (!g_ascii_isdigit (*self->at))
        return refuse (self, "digit expected");
      for (guint i = 0; g_ascii_isdigit (*self->at); self->at++, i++)
        if (i >= 2 || (exponent = exponent * 10 + (guint) (*self->at - '0')) > 14)
          return refuse (self, "the year is too large");
      for (; exponent > 0; exponent--)
        if (!grow (&number, 0))
          return refuse (self, "the year is too large");
    }
  if (digits == 0 || number < 10000)
    return refuse (self, "a year after Y has at least five digits");

  return read_precision (self, number, negative, edtf);
}

/* A part of Y-M-D with the signs around it.  Only a sign at the very end is level 1. */
static gboolean
read_part (Reader      *self,
           guint        length,
           AlmEdtf     *edtf,
           const char **digits)
{
  if (!read_digits (self, length, digits))
    return FALSE;

  if (take_sign (self, edtf))
    raise_level (edtf, *self->at == '-' ? 2 : 1);

  return TRUE;
}

static gboolean
read_left_sign (Reader  *self,
                AlmEdtf *edtf)
{
  if (take_sign (self, edtf))
    raise_level (edtf, 2);

  return TRUE;
}

static gboolean
read_date (Reader  *self,
           Place    place,
           AlmEdtf *edtf)
{
  Pattern pattern = { .negative = FALSE };
  gboolean plain;

  if (*self->at == 'Y')
    return place == PLACE_INTERVAL ? refuse (self, "a year with Y cannot be the end of an interval")
                                   : read_long_year (self, edtf);

  read_left_sign (self, edtf);
  if (*self->at == '-')
    {
      pattern.negative = TRUE;
      self->at++;
    }
  if (!read_part (self, 4, edtf, &pattern.year))
    return FALSE;

  if (*self->at == 'S' && !is_sign (self->at[-1]) && place != PLACE_INTERVAL)
    {
      if (count_unknown (pattern.year, 4) > 0 || (pattern.negative
                                                  && memcmp (pattern.year, "0000", 4) == 0))
        return refuse (self, "S needs a year");
      return read_precision (self, complete (pattern.year, 4, 0), pattern.negative, edtf);
    }

  if (*self->at == '-')
    {
      self->at++;
      read_left_sign (self, edtf);
      if (!read_part (self, 2, edtf, &pattern.month))
        return FALSE;
    }
  if (pattern.month != NULL && *self->at == '-')
    {
      self->at++;
      read_left_sign (self, edtf);
      if (!read_part (self, 2, edtf, &pattern.day))
        return FALSE;
    }
  if (!bound_date (self, &pattern, place, edtf))
    return FALSE;

  plain = pattern.day != NULL && edtf->flags == 0;
  if (*self->at == 'T' && plain && place == PLACE_ALONE)
    {
      edtf->type = ALM_EDTF_DATETIME;
      return read_time (self);
    }

  return TRUE;
}

static void
take_over (AlmEdtf       *edtf,
           const AlmEdtf *part)
{
  edtf->flags |= part->flags;
  raise_level (edtf, part->level);
}

/* One end: a date, ".." (open) or nothing (unknown). */
static gboolean
read_end (Reader   *self,
          gboolean  is_start,
          AlmEdtf  *edtf,
          AlmEdtf  *end)
{
  *end = (AlmEdtf) { .first = ALM_EDTF_OPEN_START, .last = ALM_EDTF_OPEN_END };
  if (*self->at == (is_start ? '/' : '\0'))
    {
      raise_level (edtf, 1);
      if (is_start)
        edtf->start_unknown = TRUE;
      else
        edtf->end_unknown = TRUE;
      return TRUE;
    }
  if (self->at[0] == '.' && self->at[1] == '.')
    {
      raise_level (edtf, 1);
      self->at += 2;
      return TRUE;
    }

  if (!read_date (self, PLACE_INTERVAL, end))
    return FALSE;
  take_over (edtf, end);

  return TRUE;
}

static gboolean
read_interval (Reader  *self,
               AlmEdtf *edtf)
{
  AlmEdtf start, end;

  edtf->type = ALM_EDTF_INTERVAL;
  if (!read_end (self, TRUE, edtf, &start))
    return FALSE;
  if (*self->at != '/')
    return refuse (self, "'/' expected");
  self->at++;
  if (!read_end (self, FALSE, edtf, &end))
    return FALSE;
  if (edtf->start_unknown && edtf->end_unknown)
    return refuse (self, "an interval needs one end at least");

  if (start.first > end.last || (start.first > end.first && start.last > end.last))
    return refuse (self, "the interval ends before it begins");
  edtf->first = start.first;
  edtf->last = end.last;

  return TRUE;
}

/* "1547", "1547..1558"; "..1535" only first, "1536.." only last. */
static gboolean
read_element (Reader   *self,
              gboolean  is_first,
              char      close,
              AlmEdtf  *edtf)
{
  AlmEdtf from = { .first = ALM_EDTF_OPEN_START };
  AlmEdtf to = { .last = ALM_EDTF_OPEN_END };
  gboolean open_start = self->at[0] == '.' && self->at[1] == '.';

  if (open_start)
    {
      if (!is_first)
        return refuse (self, "an open start has to stand first");
      self->at += 2;
      if (!read_date (self, PLACE_SET, &to))
        return FALSE;
    }
  else
    {
      if (!read_date (self, PLACE_SET, &from))
        return FALSE;
      to = from;
      if (self->at[0] == '.' && self->at[1] == '.')
        {
          self->at += 2;
          to = (AlmEdtf) { .last = ALM_EDTF_OPEN_END };
          if (*self->at == ',')
            return refuse (self, "an open end has to stand last");
          if (*self->at != close && !read_date (self, PLACE_SET, &to))
            return FALSE;
          if (*self->at != close && to.last == ALM_EDTF_OPEN_END)
            return refuse (self, "date expected");
        }
    }

  if (from.first > to.last)
    return refuse (self, "the range ends before it begins");
  take_over (edtf, &from);
  take_over (edtf, &to);
  edtf->first = is_first ? from.first : MIN (edtf->first, from.first);
  edtf->last = is_first ? to.last : MAX (edtf->last, to.last);

  return TRUE;
}

static gboolean
read_set (Reader  *self,
          AlmEdtf *edtf)
{
  char close = *self->at == '[' ? ']' : '}';

  edtf->type = *self->at == '[' ? ALM_EDTF_ONE_OF : ALM_EDTF_ALL_OF;
  edtf->level = 2;
  for (gboolean is_first = TRUE; is_first || *self->at == ','; is_first = FALSE)
    {
      self->at++;
      if (!read_element (self, is_first, close, edtf))
        return FALSE;
    }
  if (*self->at != close)
    return refuse (self, "',' or the end of the set expected");
  self->at++;

  return TRUE;
}

gboolean
alm_edtf_parse (const char  *text,
                AlmEdtf     *edtf,
                char       **reason)
{
  Reader reader = { .start = text, .at = text };
  gboolean read;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (edtf != NULL, FALSE);

  *edtf = (AlmEdtf) { .type = ALM_EDTF_DATE };
  if (*text == '[' || *text == '{')
    read = read_set (&reader, edtf);
  else if (strchr (text, '/') != NULL)
    read = read_interval (&reader, edtf);
  else
    read = read_date (&reader, PLACE_ALONE, edtf);

  if (read && *reader.at != '\0')
    read = refuse (&reader, "unexpected character");
  if (!read && reason != NULL)
    *reason = g_strdup_printf ("%s at character %d", reader.fault,
                               (int) (reader.fault_at - text) + 1);

  return read;
}

gboolean
alm_edtf_bounds (const char *text,
                 gint64     *first_day,
                 gint64     *last_day)
{
  AlmEdtf edtf;

  if (!alm_edtf_parse (text, &edtf, NULL))
    return FALSE;

  if (first_day != NULL)
    *first_day = edtf.first;
  if (last_day != NULL)
    *last_day = edtf.last;

  return TRUE;
}
