/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-date-text.h"

#include <glib.h>

typedef struct
{
  const char *text;
  const char *expected;   /* NULL: not understood */
} Case;

static const Case days[] = {
  { "3.5.1950", "1950-05-03" },
  { " 03. 05. 1950 ", "1950-05-03" },
  { "1950-05-03", "1950-05-03" },
  { "29.2.2024", "2024-02-29" },
  { "29.2.2023", NULL },
  { "31.4.2024", NULL },
  { "3.5.50", NULL },
  { "5.1950", NULL },
  { "1950", NULL },
  { "", NULL },
  { "morgen", NULL },
  { "99.99.9999", NULL },
  { "\xff\xfe", NULL },
};

/* What people write, in both languages. */
static const Case read[] = {
  { "1950", "1950" },
  { "5.1950", "1950-05" },
  { "05/1950", "1950-05" },
  { "3.5.1950", "1950-05-03" },
  { "um 1950", "1950~" },
  { "ca. 1950", "1950~" },
  { "  Circa   1950 ", "1950~" },
  { "about 5.1950", "1950-05~" },
  { "wohl 1950", "1950?" },
  { "1950?", "1950?" },
  { "1950 ?", "1950?" },
  { "wohl um 1950", "1950%" },
  { "vor 1350", "[..1349]" },
  { "before 3.5.1950", "[..1950-05-02]" },
  { "vor 1.1950", "[..1949-12]" },
  { "nach 12.1950", "[1951-01..]" },
  { "after 1350", "[1351..]" },
  { "SPÄTESTENS 1350", "[..1350]" },
  { "at the earliest 1350", "[1350..]" },
  { "seit 1990", "1990/.." },
  { "until 1990", "../1990" },
  { "1950er", "195X" },
  { "1950er Jahre", "195X" },
  { "1950s", "195X" },
  { "19. Jahrhundert", "18XX" },
  { "19th century", "18XX" },
  { "21st century", "20XX" },
  { "2nd century", "01XX" },
  { "3rd century", "02XX" },
  { "95. Jahrhundert", "94XX" },
  { "101. Jahrhundert", NULL },
  { "0010er", "001X" },
  { "50er", NULL },
  { "+950er", NULL },
  { "1950 \xf0\xcf", NULL },
  { "19ht century", NULL },
  { "1547–1558", "1547/1558" },
  { "1547 - 1558", "1547/1558" },
  { "von 1547 bis 1558", "1547/1558" },
  { "zwischen 1547 und 1558", "[1547..1558]" },
  { "between 1547 and 1558", "[1547..1558]" },
  { "1950-05~", "1950-05~" },
  { "", NULL },
  { "vor", NULL },
  { "um um 1950", NULL },
  { "vor 1950er Jahre Bau", NULL },
  { "31.2.1950", NULL },
  { "13.1950", NULL },
  { "gestern", NULL },
  { "1558-1547-1500", NULL },
  { "\xff", NULL },
};

static const Case shown[] = {
  { "1950", "1950" },
  { "1950-05", "5.1950" },
  { "1950-05-03", "03.05.1950" },
  { "1950~", "about 1950" },
  { "1950?", "1950?" },
  { "1950%", "perhaps about 1950" },
  { "[..1349]", "at the latest 1349" },
  { "[1351..]", "at the earliest 1351" },
  { "1990/..", "since 1990" },
  { "../1990", "until 1990" },
  { "195X", "1950s" },
  { "18XX", "19th century" },
  { "00XX", "1st century" },
  { "01XX", "2nd century" },
  { "02XX", "3rd century" },
  { "03XX", "4th century" },
  { "10XX", "11th century" },
  { "11XX", "12th century" },
  { "12XX", "13th century" },
  { "19XX", "20th century" },
  { "20XX", "21st century" },
  { "1547/1558", "1547–1558" },
  { "[1547..1558]", "between 1547 and 1558" },
  /* What has no words stays as it is. */
  { "Y-17E7", "Y-17E7" },
  { "{1667,1668}", "{1667,1668}" },
  { "Unsinn", "Unsinn" },
  { "[", "[" },
  { "[..", "[.." },
  { "~", "~" },
  { "", "" },
};

static const Case spans[] = {
  { "1950", "01.01.1950 – 31.12.1950" },
  { "1950-02", "01.02.1950 – 28.02.1950" },
  { "[..1349]", "up to 31.12.1349" },
  { "1990/..", "from 01.01.1990" },
  { "1950-05-03", NULL },      /* a day is its own span */
  { "Unsinn", NULL },
};

static void
check (const Case  *cases,
       guint        n_cases,
       char      *(*function) (const char *))
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *found = function (cases[i].text);

      if (g_strcmp0 (found, cases[i].expected) != 0)
        g_error ("'%s' gives '%s', not '%s'", cases[i].text, found, cases[i].expected);
    }
}

static void
test_days_are_read (void)
{
  check (days, G_N_ELEMENTS (days), alm_date_text_read_day);
}

static void
test_dates_are_read_in_both_languages (void)
{
  check (read, G_N_ELEMENTS (read), alm_date_text_read_edtf);
}

static void
test_dates_are_shown_in_words (void)
{
  check (shown, G_N_ELEMENTS (shown), alm_date_text_show_edtf);
}

static void
test_the_span_says_what_was_understood (void)
{
  check (spans, G_N_ELEMENTS (spans), alm_date_text_show_span);
}

/* Invariant 2: nothing changes because somebody looked at it. */
static void
test_what_was_shown_reads_back_the_same (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (read); i++)
    {
      g_autofree char *words = NULL;
      g_autofree char *again = NULL;

      if (read[i].expected == NULL)
        continue;
      words = alm_date_text_show_edtf (read[i].expected);
      again = alm_date_text_read_edtf (words);
      if (g_strcmp0 (again, read[i].expected) != 0)
        g_error ("%s is shown as '%s', which reads '%s'", read[i].expected, words, again);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/date-text/days", test_days_are_read);
  g_test_add_func ("/app/date-text/read", test_dates_are_read_in_both_languages);
  g_test_add_func ("/app/date-text/shown", test_dates_are_shown_in_words);
  g_test_add_func ("/app/date-text/span", test_the_span_says_what_was_understood);
  g_test_add_func ("/app/date-text/round", test_what_was_shown_reads_back_the_same);

  return g_test_run ();
}
