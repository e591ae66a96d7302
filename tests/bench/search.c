/* SPDX-License-Identifier: EUPL-1.2 */

/* Times "Search everything" over one profile: words from its own records, whole,
 * as beginnings and with a typing error, each once, in an order that repeats.
 *
 * usage: search PROFILE WORD…   →   one line of microseconds per word and form */

#include "config.h"

#include "alm-desk.h"

#include <stdio.h>
#include <string.h>

#define LIMIT 20

static guint
search_once (AlmDesk    *desk,
             const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  gint64 began = g_get_monotonic_time ();

  hits = alm_desk_search (desk, text, LIMIT, &error);
  g_assert_no_error (error);
  printf ("%" G_GINT64_FORMAT " %u %s\n", g_get_monotonic_time () - began, hits->len, text);

  return hits->len;
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
      g_autofree char *start = g_utf8_substring (argv[i], 0, MIN (4, g_utf8_strlen (argv[i], -1)));
      g_autofree char *wrong = misspell (argv[i]);

      found += search_once (desk, argv[i]) > 0;
      search_once (desk, start);
      search_once (desk, wrong);
    }

  /* Each word stands in a record, so each must be found as it is written. */
  return found == (guint) argc - 2 ? 0 : 1;
}
