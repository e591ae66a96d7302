/* SPDX-License-Identifier: EUPL-1.2 */

/* Times "Search everything" over one profile: words from its own records, each once
 * in each form, in an order that repeats.
 *
 * usage: search PROFILE WORD…   →   one line per word and form: microseconds on the
 * clock, microseconds of this thread's CPU (which other work on the machine does not
 * lengthen), finds, form, text */

#include "config.h"

#include "alm-desk.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LIMIT 20

static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static guint
search_once (AlmDesk    *desk,
             const char *form,
             const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  gint64 began = g_get_monotonic_time ();
  gint64 cpu_began = get_cpu_us ();

  hits = alm_desk_search (desk, text, LIMIT, &error);
  g_assert_no_error (error);
  printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u %s %s\n",
          g_get_monotonic_time () - began, get_cpu_us () - cpu_began, hits->len, form, text);

  return hits->len;
}

static char *
make_start (const char *word,
            glong       length)
{
  return g_utf8_substring (word, 0, MIN (length, g_utf8_strlen (word, -1)));
}

/* The word with two letters changed about in its middle. */
static char *
misspell (const char *word)
{
  char *wrong = g_strdup (word);
  gsize middle = strlen (word) / 2;
  char letter = wrong[middle];

  if (g_ascii_isalpha (letter) && g_ascii_isalpha (wrong[middle - 1]))
    {
      wrong[middle] = wrong[middle - 1];
      wrong[middle - 1] = letter;
    }

  return wrong;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = NULL;
  guint found = 0;

  g_assert_cmpint (argc, >, 2);
  desk = alm_desk_open (argv[1], ALM_DESK_READ, alm_clock_system (), &error);
  g_assert_no_error (error);

  for (int i = 2; i < argc; i++)
    {
      g_autofree char *two = make_start (argv[i], 2);
      g_autofree char *four = make_start (argv[i], 4);
      g_autofree char *wrong = misspell (argv[i]);
      g_autofree char *pair = g_strconcat ("Winterlinde ", four, NULL);

      found += search_once (desk, "whole", argv[i]) > 0;
      search_once (desk, "two-letters", two);
      search_once (desk, "four-letters", four);
      search_once (desk, "misspelt", wrong);
      search_once (desk, "two-words", pair);
    }

  /* Each word stands in a record, so each must be found as it is written. */
  return found == (guint) argc - 2 ? 0 : 1;
}
