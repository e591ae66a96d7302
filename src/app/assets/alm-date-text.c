/* SPDX-License-Identifier: EUPL-1.2 */

/* Dates as people write them, in German and English, and back.
 *
 * Invariants:
 *   1. What is returned as EDTF has been parsed by alm_edtf_parse(), what is
 *      returned as a day by alm_days_parse().
 *   2. Reading what was shown gives the same date again.
 * Pure functions; any thread. */

#include "config.h"

#include "alm-date-text.h"

#include "alm-days.h"
#include "alm-edtf.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

/* What stands before a date and what that makes of it. */
typedef enum {
  SAYS_NOTHING,
  SAYS_ABOUT,
  SAYS_PERHAPS,
  SAYS_PERHAPS_ABOUT,
  SAYS_BEFORE,
  SAYS_AFTER,
  SAYS_AT_LATEST,
  SAYS_AT_EARLIEST,
  SAYS_SINCE,
  SAYS_UNTIL
} Said;

static const struct
{
  const char *word;
  Said        said;
} words[] = {
  { "wohl um ", SAYS_PERHAPS_ABOUT },
  { "perhaps about ", SAYS_PERHAPS_ABOUT },
  { "um ", SAYS_ABOUT },
  { "ca. ", SAYS_ABOUT },
  { "ca ", SAYS_ABOUT },
  { "circa ", SAYS_ABOUT },
  { "etwa ", SAYS_ABOUT },
  { "about ", SAYS_ABOUT },
  { "around ", SAYS_ABOUT },
  { "wohl ", SAYS_PERHAPS },
  { "vermutlich ", SAYS_PERHAPS },
  { "perhaps ", SAYS_PERHAPS },
  { "vor ", SAYS_BEFORE },
  { "before ", SAYS_BEFORE },
  { "nach ", SAYS_AFTER },
  { "after ", SAYS_AFTER },
  { "spätestens ", SAYS_AT_LATEST },
  { "at the latest ", SAYS_AT_LATEST },
  { "frühestens ", SAYS_AT_EARLIEST },
  { "at the earliest ", SAYS_AT_EARLIEST },
  { "seit ", SAYS_SINCE },
  { "since ", SAYS_SINCE },
  { "bis ", SAYS_UNTIL },
  { "until ", SAYS_UNTIL },
};

/* Lower case, one blank between words, every dash a hyphen; what is no UTF-8 is
 * empty: g_utf8_normalize() itself may read beyond its end. */
static char *
tidy (const char *text)
{
  g_autofree char *normal =
    g_utf8_validate (text, -1, NULL) ? g_utf8_normalize (text, -1, G_NORMALIZE_NFC) : NULL;
  g_autofree char *lower = normal != NULL ? g_utf8_strdown (normal, -1) : g_strdup ("");
  GString *out = g_string_new (NULL);

  for (const char *c = lower; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar ch = g_utf8_get_char (c);

      if (ch == 0x2013 || ch == 0x2014 || ch == 0x2011)
        ch = '-';
      if (!g_unichar_isspace (ch))
        g_string_append_unichar (out, ch);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);

  return g_string_free (out, FALSE);
}

/* "3.5.1950", "5.1950", "1950", "1950-05-03" → "1950-05-03", "1950-05", "1950" */
static char *
read_plain (const char *text)
{
  static GRegex *day_month_year;
  static GRegex *month_year;
  static gsize once;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autofree char *c = NULL;

  if (g_once_init_enter (&once))
    {
      day_month_year = g_regex_new ("^([0-9]{1,2})\\. ?([0-9]{1,2})\\. ?([0-9]{4})$",
                                    G_REGEX_OPTIMIZE, 0, NULL);
      month_year = g_regex_new ("^([0-9]{1,2})[./]([0-9]{4})$", G_REGEX_OPTIMIZE, 0, NULL);
      g_once_init_leave (&once, 1);
    }

  if (g_regex_match (day_month_year, text, 0, &match))
    {
      a = g_match_info_fetch (match, 1);
      b = g_match_info_fetch (match, 2);
      c = g_match_info_fetch (match, 3);
      return g_strdup_printf ("%s-%02d-%02d", c, atoi (b), atoi (a));
    }
  g_clear_pointer (&match, g_match_info_unref);
  if (g_regex_match (month_year, text, 0, &match))
    {
      a = g_match_info_fetch (match, 1);
      b = g_match_info_fetch (match, 2);
      return g_strdup_printf ("%s-%02d", b, atoi (a));
    }

  return g_strdup (text);
}

/* A year, month or day, or NULL. */
static char *
read_point (const char *text)
{
  g_autofree char *plain = read_plain (text);
  gint64 first, last;

  if (strlen (plain) > 10 || strspn (plain, "0123456789-") != strlen (plain) ||
      !alm_edtf_bounds (plain, &first, &last))
    return NULL;

  return g_steal_pointer (&plain);
}

static gboolean
is_century (const char *text)
{
  static const char *const words_after[] = {
    ". jahrhundert", ". jh.", ". jh", "st century", "nd century", "rd century", "th century", NULL
  };

  return g_strv_contains (words_after, text);
}

/* "1950er", "1950er jahre", "1950s", "19. jahrhundert", "19th century" */
static char *
read_decade (const char *text)
{
  gsize n = strspn (text, "0123456789");
  const char *after = text + n;
  int number;

  if (n < 1 || n > 4)
    return NULL;
  number = atoi (text);
  /* "50er" could be of any century. */
  if ((number >= 100 || n == 4) && number % 10 == 0 &&
      (g_str_equal (after, "er") || g_str_equal (after, "er jahre") || g_str_equal (after, "s")))
    return g_strdup_printf ("%03dX", number / 10);
  if (number >= 1 && number <= 100 && is_century (after))
    return g_strdup_printf ("%02dXX", number - 1);

  return NULL;
}

/* "1547-1558", "1547 bis 1558", "zwischen 1547 und 1558" */
static char *
read_range (const char *text)
{
  static const struct
  {
    const char *before;
    const char *between;
    const char *format;
  } shapes[] = {
    { "zwischen ", " und ", "[%s..%s]" },
    { "between ", " and ", "[%s..%s]" },
    { "von ", " bis ", "%s/%s" },
    { "", " bis ", "%s/%s" },
    { "", " to ", "%s/%s" },
    { "", " - ", "%s/%s" },
    { "", "-", "%s/%s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_auto (GStrv) halves = NULL;
      g_autofree char *from = NULL;
      g_autofree char *to = NULL;

      if (!g_str_has_prefix (text, shapes[i].before))
        continue;
      halves = g_strsplit (text + strlen (shapes[i].before), shapes[i].between, -1);
      if (g_strv_length (halves) != 2)
        continue;
      from = read_point (g_strstrip (halves[0]));
      to = read_point (g_strstrip (halves[1]));
      if (from == NULL || to == NULL)
        continue;
      return shapes[i].format[0] == '[' ? g_strdup_printf ("[%s..%s]", from, to)
                                        : g_strdup_printf ("%s/%s", from, to);
    }

  return NULL;
}

/* The point just before or after, at its own precision. */
static char *
step_point (const char *point,
            int         step)
{
  gint64 first, last, year;
  int month, day;
  gint64 days;

  if (!alm_edtf_bounds (point, &first, &last))
    return NULL;

  days = step < 0 ? first - 1 : last + 1;
  alm_days_to_date (days, &year, &month, &day);
  if (strlen (point) == 4)
    return g_strdup_printf ("%04d", (int) year);
  if (strlen (point) == 7)
    return g_strdup_printf ("%04d-%02d", (int) year, month);

  return alm_days_to_text (days);
}

static char *
say_of_point (Said        said,
              const char *point)
{
  g_autofree char *next = NULL;

  switch (said)
    {
    case SAYS_ABOUT:
      return g_strconcat (point, "~", NULL);
    case SAYS_PERHAPS:
      return g_strconcat (point, "?", NULL);
    case SAYS_PERHAPS_ABOUT:
      return g_strconcat (point, "%", NULL);
    case SAYS_BEFORE:
      next = step_point (point, -1);
      return next != NULL ? g_strdup_printf ("[..%s]", next) : NULL;
    case SAYS_AFTER:
      next = step_point (point, 1);
      return next != NULL ? g_strdup_printf ("[%s..]", next) : NULL;
    case SAYS_AT_LATEST:
      return g_strdup_printf ("[..%s]", point);
    case SAYS_AT_EARLIEST:
      return g_strdup_printf ("[%s..]", point);
    case SAYS_SINCE:
      return g_strdup_printf ("%s/..", point);
    case SAYS_UNTIL:
      return g_strdup_printf ("../%s", point);
    case SAYS_NOTHING:
    default:
      return g_strdup (point);
    }
}

static char *
read_phrase (const char *text)
{
  Said said = SAYS_NOTHING;
  g_autofree char *rest = NULL;
  g_autofree char *point = NULL;
  char *range;

  for (guint i = 0; i < G_N_ELEMENTS (words) && said == SAYS_NOTHING; i++)
    if (g_str_has_prefix (text, words[i].word))
      {
        said = words[i].said;
        text += strlen (words[i].word);
      }

  rest = g_strdup (text);
  if (said == SAYS_NOTHING && g_str_has_suffix (rest, "?"))
    {
      rest[strlen (rest) - 1] = '\0';
      g_strchomp (rest);
      said = SAYS_PERHAPS;
    }

  point = read_point (rest);
  if (point == NULL)
    point = read_decade (rest);
  if (point != NULL)
    return say_of_point (said, point);
  if (said != SAYS_NOTHING)
    return NULL;

  range = read_range (text);

  return range;
}

char *
alm_date_text_read_day (const char *text)
{
  g_autofree char *clean = NULL;
  g_autofree char *day = NULL;
  gint64 days;

  g_return_val_if_fail (text != NULL, NULL);

  clean = tidy (text);
  day = read_plain (clean);

  return alm_days_parse (day, &days) ? g_steal_pointer (&day) : NULL;
}

char *
alm_date_text_read_edtf (const char *text)
{
  g_autofree char *clean = NULL;
  g_autofree char *edtf = NULL;
  AlmEdtf parsed;

  g_return_val_if_fail (text != NULL, NULL);

  clean = tidy (text);
  edtf = read_phrase (clean);
  if (edtf == NULL)
    {
      g_free (clean);
      clean = g_strstrip (g_strdup (text));
      edtf = g_strdup (clean);
    }

  return alm_edtf_parse (edtf, &parsed, NULL) ? g_steal_pointer (&edtf) : NULL;
}

char *
alm_date_text_show_day (const char *day)
{
  gint64 days, year;
  int month, day_of_month;

  g_return_val_if_fail (day != NULL, NULL);

  if (!alm_days_parse (day, &days))
    return g_strdup (day);
  alm_days_to_date (days, &year, &month, &day_of_month);

  /* Translators: a day, for instance 23.11.2026: day, month, year. */
  return g_strdup_printf (C_("date", "%1$02d.%2$02d.%3$04d"), day_of_month, month, (int) year);
}

/* "1950-05-03", "1950-05" and "1950"; NULL for anything else */
static char *
show_point (const char *point)
{
  gsize length = strlen (point);

  if (strspn (point, "0123456789-") != length)
    return NULL;
  if (length == 4)
    return g_strdup (point);
  if (length == 7)
    return g_strdup_printf ("%d.%.4s", atoi (point + 5), point);
  if (length == 10)
    return alm_date_text_show_day (point);

  return NULL;
}

/* @text without @n_before and @n_after characters, shown in @format; NULL if
 * that is not a point.  @format has one %s. */
static char *
show_in (const char *text,
         gsize       n_before,
         gsize       n_after,
         const char *format)
{
  gsize length = strlen (text);
  g_autofree char *inner = NULL;
  g_autofree char *shown = NULL;
  g_auto (GStrv) halves = NULL;

  if (length <= n_before + n_after)
    return NULL;
  inner = g_strndup (text + n_before, length - n_before - n_after);
  shown = show_point (inner);
  if (shown == NULL)
    return NULL;

  halves = g_strsplit (format, "%s", 2);

  return g_strconcat (halves[0], shown, halves[1], NULL);
}

static char *
show_pair (const char *text)
{
  g_autofree char *inner = g_strdup (text);
  g_auto (GStrv) halves = NULL;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  gboolean one_of = text[0] == '[';

  if (one_of)
    {
      memmove (inner, inner + 1, strlen (inner));
      if (g_str_has_suffix (inner, "]"))
        inner[strlen (inner) - 1] = '\0';
    }
  halves = g_strsplit (inner, one_of ? ".." : "/", -1);
  if (g_strv_length (halves) != 2)
    return NULL;
  from = show_point (halves[0]);
  to = show_point (halves[1]);
  if (from == NULL || to == NULL)
    return NULL;
  if (one_of)
    return g_strdup_printf (_("between %s and %s"), from, to);

  return g_strdup_printf ("%s–%s", from, to);
}

/* An English ordinal has four endings, so a translator gets four texts. */
static char *
show_century (int number)
{
  int last = number / 10 % 10 == 1 ? 0 : number % 10;

  switch (last)
    {
    case 1:
      return g_strdup_printf (C_("date", "%dst century"), number);
    case 2:
      return g_strdup_printf (C_("date", "%dnd century"), number);
    case 3:
      return g_strdup_printf (C_("date", "%drd century"), number);
    default:
      return g_strdup_printf (C_("date", "%dth century"), number);
    }
}

static char *
show_unspecified (const char *edtf)
{
  gsize length = strlen (edtf);

  if (length == 4 && strspn (edtf, "0123456789") == 3 && edtf[3] == 'X')
    return g_strdup_printf (C_("date", "%.3s0s"), edtf);
  if (length == 4 && strspn (edtf, "0123456789") == 2 && g_str_equal (edtf + 2, "XX"))
    return show_century (atoi (edtf) + 1);

  return NULL;
}

char *
alm_date_text_show_edtf (const char *edtf)
{
  char *text = NULL;

  g_return_val_if_fail (edtf != NULL, NULL);

  if ((text = show_point (edtf)) != NULL)
    return text;
  if (g_str_has_suffix (edtf, "~"))
    text = show_in (edtf, 0, 1, C_("date", "about %s"));
  else if (g_str_has_suffix (edtf, "?"))
    text = show_in (edtf, 0, 1, "%s?");
  else if (g_str_has_suffix (edtf, "%"))
    text = show_in (edtf, 0, 1, C_("date", "perhaps about %s"));
  else if (g_str_has_prefix (edtf, "[..") && g_str_has_suffix (edtf, "]"))
    text = show_in (edtf, 3, 1, C_("date", "at the latest %s"));
  else if (g_str_has_prefix (edtf, "[") && g_str_has_suffix (edtf, "..]"))
    text = show_in (edtf, 1, 3, C_("date", "at the earliest %s"));
  else if (g_str_has_suffix (edtf, "/.."))
    text = show_in (edtf, 0, 3, C_("date", "since %s"));
  else if (g_str_has_prefix (edtf, "../"))
    text = show_in (edtf, 3, 0, C_("date", "until %s"));
  if (text == NULL)
    text = show_unspecified (edtf);
  if (text == NULL)
    text = show_pair (edtf);

  return text != NULL ? text : g_strdup (edtf);
}

/* NULL where the date is one day or no date. */
char *
alm_date_text_show_span (const char *edtf)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  AlmEdtf parsed;

  g_return_val_if_fail (edtf != NULL, NULL);

  if (!alm_edtf_parse (edtf, &parsed, NULL) || parsed.first == parsed.last)
    return NULL;
  if (parsed.first != ALM_EDTF_OPEN_START)
    {
      g_autofree char *day = alm_days_to_text (parsed.first);

      from = alm_date_text_show_day (day);
    }
  if (parsed.last != ALM_EDTF_OPEN_END)
    {
      g_autofree char *day = alm_days_to_text (parsed.last);

      to = alm_date_text_show_day (day);
    }

  if (from != NULL && to != NULL)
    return g_strdup_printf ("%s – %s", from, to);
  if (from != NULL)
    return g_strdup_printf (_("from %s"), from);
  if (to != NULL)
    return g_strdup_printf (_("up to %s"), to);

  return NULL;
}
