/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-german.h"

#include <string.h>

static void
test_order (void)
{
  /* Each stands before the next. */
  static const char *const words[] = {
    "", "-", "2", "10", "10a", "Acker", "äcker", "Ärger", "Arzt", "Müll", "Müller", "Mülller",
    "ofen", "Öl", "olm", "Straße 2", "Strasse 10", "Straßen", "zoo",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (words); j++)
      {
        int order = alm_german_compare (words[i], strlen (words[i]), words[j], strlen (words[j]));

        if ((order > 0) - (order < 0) != (i > j) - (i < j))
          g_error ("'%s' and '%s': %d", words[i], words[j], order);
      }
}

/* Bytes that are no text have a place, too, and never end the walk early. */
static void
test_order_of_broken_text (void)
{
  g_assert_cmpint (alm_german_compare ("a\xff" "b", 3, "a\xff" "c", 3), <, 0);
  g_assert_cmpint (alm_german_compare ("a", 1, "a\0b", 3), <, 0);
}

static void
test_folding (void)
{
  static const struct { const char *text, *folded; } cases[] = {
    { "Müller", "muller" }, { "Mueller", "muller" }, { "Muller", "muller" },
    { "Westbahnhofstraße 12a", "westbahnhofstr 12a" }, { "WESTBAHNHOFSTR.", "westbahnhofstr" },
    { "Karl-Liebknecht-Straße", "karl liebknecht str" }, { "  Am  Anger ", "am anger" },
    { "Straßenbahn", "strassenbahn" }, { "Ægir Øst", "agir ost" }, { "Café", "cafe" },
    { "\"*()", "" }, { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folded = alm_german_fold (cases[i].text);

      g_assert_cmpstr (folded, ==, cases[i].folded);
    }
}

static void
test_distance (void)
{
  static const struct { const char *a, *b; gboolean prefix; guint limit, distance; } cases[] = {
    { "linde", "linde", FALSE, 2, 0 }, { "linde", "lnide", FALSE, 2, 1 },
    { "linde", "lide", FALSE, 2, 1 }, { "linde", "lindne", FALSE, 2, 1 },
    { "linde", "eiche", FALSE, 2, 3 }, { "linde", "linden", FALSE, 2, 1 },
    { "linde", "lindenallee", TRUE, 2, 0 }, { "lidne", "lindenallee", TRUE, 2, 1 },
    { "linde", "lindenallee", FALSE, 2, 3 }, { "", "ab", FALSE, 2, 2 }, { "", "ab", TRUE, 2, 0 },
    { "abcdefgh", "ab", TRUE, 2, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (alm_german_distance (cases[i].a, cases[i].b, cases[i].prefix,
                                           cases[i].limit), ==, cases[i].distance);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/store/german/order", test_order);
  g_test_add_func ("/store/german/broken", test_order_of_broken_text);
  g_test_add_func ("/store/german/fold", test_folding);
  g_test_add_func ("/store/german/distance", test_distance);

  return g_test_run ();
}
