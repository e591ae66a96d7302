/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-clock.h"

static void
test_an_instant_reads_back_as_it_was_written (void)
{
  static const gint64 instants[] = {
    0, -1 * G_USEC_PER_SEC, G_GINT64_CONSTANT (1795680000) * G_USEC_PER_SEC,
    G_GINT64_CONSTANT (-62135596800) * G_USEC_PER_SEC,   /* 0001-01-01 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (instants); i++)
    {
      g_autofree char *text = alm_clock_format (instants[i]);
      gint64 back;

      g_assert_true (alm_clock_parse (text, &back));
      g_assert_cmpint (back, ==, instants[i]);
    }
}

static void
test_zones_are_one_instant (void)
{
  gint64 berlin;
  gint64 utc;

  g_assert_true (alm_clock_parse ("2026-07-15T08:00:00+02:00", &berlin));
  g_assert_true (alm_clock_parse ("2026-07-15T06:00:00Z", &utc));
  g_assert_cmpint (berlin, ==, utc);
  g_assert_true (alm_clock_parse ("2026-07-15T06:00:00.25Z", &utc));
  g_assert_cmpint (utc, ==, berlin + G_USEC_PER_SEC / 4);
}

static void
test_what_is_no_instant_is_refused (void)
{
  static const char *const bad[] = {
    "", "2026", "2026-07-15", "2026-07-15T08:00:00", "2026-02-30T00:00:00Z", "gestern",
  };
  gint64 t_us;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (alm_clock_parse (bad[i], &t_us));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/clock/round-trip", test_an_instant_reads_back_as_it_was_written);
  g_test_add_func ("/base/clock/zones", test_zones_are_one_instant);
  g_test_add_func ("/base/clock/refused", test_what_is_no_instant_is_refused);

  return g_test_run ();
}
