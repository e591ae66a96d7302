/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-german.h"
#include "alm-random.h"
#include "alm-text-order.h"

#include <string.h>

static void
assert_order (GArray     *rids,
              const char *wanted)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < rids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            g_array_index (rids, gint64, i));
  g_assert_cmpstr (text->str, ==, wanted);
}

static GArray *
sort (gboolean descending)
{
  static const char *const texts[] = { "Öl 10", NULL, "ofen", "Öl 2", "ofen", NULL, "", "olm" };
  g_autoptr (AlmTextOrder) order = alm_text_order_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    alm_text_order_add (order, (i + 4) % 8 + 1, texts[i]);

  return alm_text_order_finish (order, descending);
}

/* Equal ones by number both ways; the empty text is one, nothing is none. */
static void
test_both_ways (void)
{
  g_autoptr (GArray) up = sort (FALSE);
  g_autoptr (GArray) down = sort (TRUE);

  assert_order (up, "3 1 7 8 5 4 2 6");
  assert_order (down, "4 5 8 1 7 3 2 6");
}

static void
test_nothing (void)
{
  g_autoptr (AlmTextOrder) order = alm_text_order_new ();
  g_autoptr (GArray) rids = alm_text_order_finish (order, FALSE);

  g_assert_cmpuint (rids->len, ==, 0);
}

static char *
make_text (AlmRandom *random)
{
  static const char *const parts[] = {
    "a", "Ä", "ß", "s", "0", "00", "1", "9", "10", " ", "-", "z", "Æ", "\xff", "é", ":", "/", "B",
  };
  GString *text = g_string_new (NULL);
  guint n = (guint) alm_random_below (random, 7);

  for (guint i = 0; i < n; i++)
    g_string_append (text, parts[alm_random_below (random, G_N_ELEMENTS (parts))]);

  return g_string_free (text, FALSE);
}

/* The keys say what alm_german_compare() says. */
static void
test_keys_are_the_order (void)
{
  AlmRandom random;

  alm_random_seed (&random, 7);
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *one = make_text (&random);
      g_autofree char *two = make_text (&random);
      g_autoptr (AlmTextOrder) order = alm_text_order_new ();
      g_autoptr (GArray) rids = NULL;
      int wanted = alm_german_compare (one, strlen (one), two, strlen (two));

      alm_text_order_add (order, 1, one);
      alm_text_order_add (order, 2, two);
      rids = alm_text_order_finish (order, FALSE);
      if (g_array_index (rids, gint64, 0) != (wanted <= 0 ? 1 : 2))
        g_error ("'%s' and '%s': %d", one, two, wanted);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/store/text-order/both-ways", test_both_ways);
  g_test_add_func ("/store/text-order/nothing", test_nothing);
  g_test_add_func ("/store/text-order/keys", test_keys_are_the_order);

  return g_test_run ();
}
