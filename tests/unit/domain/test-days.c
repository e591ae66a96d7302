/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-days.h"

static void
test_known_days (void)
{
  static const struct {
    const char *text;
    gint64      days;     /* Julian day number − 1,721,426 */
  } cases[] = {
    { "0001-01-01", 0 }, { "0000-12-31", -1 }, { "0000-03-01", -306 }, { "0000-01-01", -366 },
    { "1582-10-15", 577735 }, { "1970-01-01", 719162 }, { "2000-02-29", 730178 },
    { "2000-03-01", 730179 }, { "2026-07-15", 739811 }, { "9999-12-31", 3652058 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = alm_days_to_text (cases[i].days);
      gint64 days;

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_true (alm_days_parse (cases[i].text, &days));
      g_assert_cmpint (days, ==, cases[i].days);
    }
}

/* Every day of 2,000 years, counted by hand. */
static void
test_every_day_follows_the_one_before (void)
{
  gint64 year = -1000;
  int month = 1;
  int day = 1;
  gint64 days = alm_days_from_date (year, month, day);

  for (; year < 1000; days++)
    {
      gint64 y;
      int m, d;

      alm_days_to_date (days, &y, &m, &d);
      g_assert_cmpint (y, ==, year);
      g_assert_cmpint (m, ==, month);
      g_assert_cmpint (d, ==, day);
      g_assert_cmpint (alm_days_from_date (y, m, d), ==, days);

      if (++day > alm_days_in_month (year, month))
        {
          day = 1;
          if (++month > 12)
            {
              month = 1;
              year++;
            }
        }
    }
}

/* GDate knows the years 1 to 65535. */
static void
test_agrees_with_another_calendar (void)
{
  GDate date;

  for (guint32 julian = 1; julian < 3700000; julian += 37)
    {
      gint64 year;
      int month, day;

      g_date_clear (&date, 1);
      g_date_set_julian (&date, julian);
      alm_days_to_date ((gint64) julian - 1, &year, &month, &day);
      g_assert_cmpint (year, ==, g_date_get_year (&date));
      g_assert_cmpint (month, ==, (int) g_date_get_month (&date));
      g_assert_cmpint (day, ==, g_date_get_day (&date));
    }
}

static void
test_far_years (void)
{
  gint64 year;
  int month, day;

  alm_days_to_date (alm_days_from_date (ALM_DAYS_YEAR_MAX, 12, 31), &year, &month, &day);
  g_assert_cmpint (year, ==, ALM_DAYS_YEAR_MAX);
  g_assert_cmpint (month, ==, 12);
  alm_days_to_date (alm_days_from_date (-ALM_DAYS_YEAR_MAX, 1, 1), &year, &month, &day);
  g_assert_cmpint (year, ==, -ALM_DAYS_YEAR_MAX);
  g_assert_cmpint (day, ==, 1);
}

static void
test_only_real_days_are_read (void)
{
  static const char *const bad[] = {
    "", "2024", "2024-02", "2024-2-9", "2024-02-30", "2023-02-29", "2024-00-01", "2024-13-01",
    "2024-01-00", "24-01-01", "2024/01/01", "2024-01-01T", " 2024-01-01", "2024-01-0x",
    "-2024-01-01",
    "20240101", "12024-01-01",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (alm_days_parse (bad[i], NULL))
      g_error ("taken: %s", bad[i]);
}

static void
test_a_moment_is_on_the_day_its_own_clock_shows (void)
{
  g_autoptr (GDateTime) late = g_date_time_new_from_iso8601 ("2024-02-28T23:30:00+02:00", NULL);
  g_autoptr (GDateTime) there = g_date_time_new_from_iso8601 ("2024-02-29T00:30:00+03:00", NULL);

  g_assert_cmpint (g_date_time_to_unix (late), ==, g_date_time_to_unix (there));
  g_assert_cmpint (alm_days_of (late), ==, alm_days_from_date (2024, 2, 28));
  g_assert_cmpint (alm_days_of (there), ==, alm_days_from_date (2024, 2, 29));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/days/known", test_known_days);
  g_test_add_func ("/domain/days/every", test_every_day_follows_the_one_before);
  g_test_add_func ("/domain/days/other-calendar", test_agrees_with_another_calendar);
  g_test_add_func ("/domain/days/far", test_far_years);
  g_test_add_func ("/domain/days/moment", test_a_moment_is_on_the_day_its_own_clock_shows);
  g_test_add_func ("/domain/days/read", test_only_real_days_are_read);

  return g_test_run ();
}
