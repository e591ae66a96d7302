/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-days.h"
#include "alm-duration.h"

static void
test_durations_follow_the_calendar (void)
{
  static const struct {
    const char *day;
    const char *duration;
    const char *after;
    const char *before;
  } cases[] = {
    { "2023-01-31", "P1M", "2023-02-28", "2022-12-31" },
    { "2024-01-31", "P1M", "2024-02-29", "2023-12-31" },
    { "2024-02-29", "P1Y", "2025-02-28", "2023-02-28" },
    { "2024-02-29", "P4Y", "2028-02-29", "2020-02-29" },
    { "2024-03-31", "P3M", "2024-06-30", "2023-12-31" },
    { "2024-12-31", "P7D", "2025-01-07", "2024-12-24" },
    { "2024-12-31", "P2W", "2025-01-14", "2024-12-17" },
    { "2024-05-15", "P1Y2M3D", "2025-07-18", "2023-03-12" },
    { "2024-05-15", "P80Y", "2104-05-15", "1944-05-15" },
    { "0001-01-15", "P2M", "0001-03-15", "0000-11-15" },
  };
  static const char *const bad[] = {
    "", "P", "1Y", "P1", "PY", "P1S", "PT1H", "P1H", "P-1Y", "P1.5Y", "P1D1Y", "P1Y1Y", "p1y",
    "P0D",
    "P1Y ", "P123456D",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AlmDuration duration;
      gint64 day;
      g_autofree char *after = NULL;
      g_autofree char *before = NULL;

      g_assert_true (alm_days_parse (cases[i].day, &day));
      g_assert_true (alm_duration_parse (cases[i].duration, &duration));
      after = alm_days_to_text (alm_duration_add (&duration, day, 1));
      before = alm_days_to_text (alm_duration_add (&duration, day, -1));
      g_assert_cmpstr (after, ==, cases[i].after);
      g_assert_cmpstr (before, ==, cases[i].before);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      AlmDuration duration;

      if (alm_duration_parse (bad[i], &duration))
        g_error ("taken: %s", bad[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/duration/calendar", test_durations_follow_the_calendar);

  return g_test_run ();
}
