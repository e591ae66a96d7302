/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-moment-text.h"

#include <locale.h>
#include <string.h>
#include <time.h>

typedef struct
{
  const char *typed;
  const char *kept;      /* NULL: refused */
  const char *shown;
} Case;

static const Case cases[] = {
  { "23.11.2026 8:12", "2026-11-23T07:12:00Z", "23.11.2026 08:12" },
  { "23.11.2026, 8.12 Uhr", "2026-11-23T07:12:00Z", "23.11.2026 08:12" },
  { "23.11.2026 08:12:30", "2026-11-23T07:12:30Z", "23.11.2026 08:12" },
  { "1.7.2026 8 Uhr", "2026-07-01T06:00:00Z", "01.07.2026 08:00" },
  { "2026-07-01 08:00", "2026-07-01T06:00:00Z", "01.07.2026 08:00" },
  { "1.7.2026", "2026-06-30T22:00:00Z", "01.07.2026 00:00" },
  { "2026-11-23T08:12:00Z", "2026-11-23T08:12:00Z", "23.11.2026 09:12" },
  { "2026-11-23T08:12:00+05:00", "2026-11-23T03:12:00Z", "23.11.2026 04:12" },
  { "29.2.2024 0:00", "2024-02-28T23:00:00Z", "29.02.2024 00:00" },
  { "1.1.0500 12:00", "0500-01-01T11:06:32Z", "01.01.0500 12:00" },
  { "1.1.0001 0:00", NULL, NULL },
  /* Both ends of summer time; the hour that comes twice is one of the two. */
  { "29.3.2026 1:59", "2026-03-29T00:59:00Z", "29.03.2026 01:59" },
  { "29.3.2026 3:00", "2026-03-29T01:00:00Z", "29.03.2026 03:00" },
  { "29.3.2026 2:30", NULL, NULL },
  { "25.10.2026 1:59", "2026-10-24T23:59:00Z", "25.10.2026 01:59" },
  { "25.10.2026 3:00", "2026-10-25T02:00:00Z", "25.10.2026 03:00" },
  { "29.2.2026 8:00", NULL, NULL },
  { "23.11.2026 24:00", NULL, NULL },
  { "23.11.2026 8:60", NULL, NULL },
  { "23.11.2026 8:123", NULL, NULL },
  { "23.11.2026 acht", NULL, NULL },
  { "8:12", NULL, NULL },
  { "gestern", NULL, NULL },
  { "", NULL, NULL },
};

static void
test_what_people_write_is_understood (gconstpointer data)
{
  const Case *one = data;
  g_autofree char *reason = NULL;
  g_autofree char *kept = alm_moment_text_read (one->typed, &reason);
  g_autofree char *shown = NULL;
  g_autofree char *again = NULL;

  g_assert_cmpstr (kept, ==, one->kept);
  g_assert_true ((kept == NULL) == (reason != NULL));
  if (kept == NULL)
    return;
  shown = alm_moment_text_show (kept);
  g_assert_cmpstr (shown, ==, one->shown);
  again = alm_moment_text_read (shown, &reason);
  g_assert_cmpint (strncmp (again, kept, strlen ("2026-11-23T07:12")), ==, 0);
}

static void
test_what_is_no_moment_is_shown_as_it_is (void)
{
  g_autofree char *text = alm_moment_text_show ("irgendwann");
  g_autofree char *nothing = alm_moment_text_show (NULL);

  g_assert_cmpstr (text, ==, "irgendwann");
  g_assert_cmpstr (nothing, ==, "");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  g_setenv ("LANGUAGE", "en", TRUE);
  tzset ();
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/app/moment-text/%u", i);

      g_test_add_data_func (path, &cases[i], test_what_people_write_is_understood);
    }
  g_test_add_func ("/app/moment-text/other", test_what_is_no_moment_is_shown_as_it_is);

  return g_test_run ();
}
