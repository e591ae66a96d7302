/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-days.h"
#include "alm-edtf.h"

#include <string.h>

typedef struct
{
  const char  *text;
  AlmEdtfType  type;
  int          level;
  const char  *flags;    /* of u, a, x */
  const char  *first;    /* "-" open, "?" unknown */
  const char  *last;
} Case;

static const Case cases[] = {
  { "1985-04-12", ALM_EDTF_DATE, 0, "", "1985-04-12", "1985-04-12" },
  { "1985-04", ALM_EDTF_DATE, 0, "", "1985-04-01", "1985-04-30" },
  { "1985", ALM_EDTF_DATE, 0, "", "1985-01-01", "1985-12-31" },
  { "0000", ALM_EDTF_DATE, 0, "", "0000-01-01", "0000-12-31" },
  { "-0044-03-15", ALM_EDTF_DATE, 0, "", "-0044-03-15", "-0044-03-15" },
  { "2024-02", ALM_EDTF_DATE, 0, "", "2024-02-01", "2024-02-29" },
  { "1900-02", ALM_EDTF_DATE, 0, "", "1900-02-01", "1900-02-28" },
  { "1985-04-12T23:20:30Z", ALM_EDTF_DATETIME, 0, "", "1985-04-12", "1985-04-12" },
  { "1985-04-12T24:00:00", ALM_EDTF_DATETIME, 0, "", "1985-04-12", "1985-04-12" },
  { "1985-04-12T23:20:30+14:00", ALM_EDTF_DATETIME, 0, "", "1985-04-12", "1985-04-12" },
  { "1985-04-12T23:20:30-02", ALM_EDTF_DATETIME, 0, "", "1985-04-12", "1985-04-12" },

  { "1548~", ALM_EDTF_DATE, 1, "a", "1548-01-01", "1548-12-31" },
  { "1548?", ALM_EDTF_DATE, 1, "u", "1548-01-01", "1548-12-31" },
  { "1548-02%", ALM_EDTF_DATE, 1, "ua", "1548-02-01", "1548-02-29" },
  { "?1548", ALM_EDTF_DATE, 2, "u", "1548-01-01", "1548-12-31" },
  { "1548?-02", ALM_EDTF_DATE, 2, "u", "1548-02-01", "1548-02-29" },
  { "1548-~02-?11", ALM_EDTF_DATE, 2, "ua", "1548-02-11", "1548-02-11" },

  { "154X", ALM_EDTF_DATE, 1, "x", "1540-01-01", "1549-12-31" },
  { "15XX", ALM_EDTF_DATE, 1, "x", "1500-01-01", "1599-12-31" },
  { "XXXX", ALM_EDTF_DATE, 1, "x", "0000-01-01", "9999-12-31" },
  { "-15XX", ALM_EDTF_DATE, 1, "x", "-1599-01-01", "-1500-12-31" },
  { "-000X", ALM_EDTF_DATE, 1, "x", "-0009-01-01", "-0001-12-31" },
  { "1548-XX", ALM_EDTF_DATE, 1, "x", "1548-01-01", "1548-12-31" },
  { "1548-02-XX", ALM_EDTF_DATE, 1, "x", "1548-02-01", "1548-02-29" },
  { "1548-XX-XX", ALM_EDTF_DATE, 1, "x", "1548-01-01", "1548-12-31" },
  { "XXXX-XX-XX", ALM_EDTF_DATE, 1, "x", "0000-01-01", "9999-12-31" },
  { "1X48", ALM_EDTF_DATE, 2, "x", "1048-01-01", "1948-12-31" },
  { "1548-X2", ALM_EDTF_DATE, 2, "x", "1548-02-01", "1548-12-31" },
  { "1548-02-3X", ALM_EDTF_DATE, 2, "x", NULL, NULL },
  { "15XX-02-29", ALM_EDTF_DATE, 2, "x", "1504-02-29", "1596-02-29" },
  { "1548-XX-31", ALM_EDTF_DATE, 2, "x", "1548-01-31", "1548-12-31" },

  { "1548-21", ALM_EDTF_SEASON, 1, "", "1548-03-01", "1548-05-31" },
  { "1548-24", ALM_EDTF_SEASON, 1, "", "1548-12-01", "1549-02-28" },
  { "1547-24", ALM_EDTF_SEASON, 1, "", "1547-12-01", "1548-02-29" },
  { "1548-30", ALM_EDTF_SEASON, 2, "", "1548-12-01", "1549-02-28" },
  { "1548-36", ALM_EDTF_SEASON, 2, "", "1548-10-01", "1548-12-31" },
  { "1548-39", ALM_EDTF_SEASON, 2, "", "1548-09-01", "1548-12-31" },
  { "1548-41", ALM_EDTF_SEASON, 2, "", "1548-07-01", "1548-12-31" },

  { "Y17000", ALM_EDTF_YEAR, 1, "", "Y17000-01-01", "Y17000-12-31" },
  { "Y-17000", ALM_EDTF_YEAR, 1, "", "Y-17000-01-01", "Y-17000-12-31" },
  { "Y17E3", ALM_EDTF_YEAR, 2, "", "Y17000-01-01", "Y17000-12-31" },
  { "Y100000000000000", ALM_EDTF_YEAR, 1, "", "Y100000000000000-01-01", "Y100000000000000-12-31" },
  { "1953S2", ALM_EDTF_YEAR, 2, "", "1900-01-01", "1999-12-31" },
  { "-1953S2", ALM_EDTF_YEAR, 2, "", "-1999-01-01", "-1900-12-31" },

  { "1547/1548", ALM_EDTF_INTERVAL, 0, "", "1547-01-01", "1548-12-31" },
  { "1547-03/1548", ALM_EDTF_INTERVAL, 0, "", "1547-03-01", "1548-12-31" },
  { "1547~/1548", ALM_EDTF_INTERVAL, 1, "a", "1547-01-01", "1548-12-31" },
  { "1547/..", ALM_EDTF_INTERVAL, 1, "", "1547-01-01", "-" },
  { "../1548", ALM_EDTF_INTERVAL, 1, "", "-", "1548-12-31" },
  { "/1548", ALM_EDTF_INTERVAL, 1, "", "?", "1548-12-31" },
  { "1547/", ALM_EDTF_INTERVAL, 1, "", "1547-01-01", "?" },
  { "154X/155X", ALM_EDTF_INTERVAL, 2, "x", "1540-01-01", "1559-12-31" },

  { "[..1535]", ALM_EDTF_ONE_OF, 2, "", "-", "1535-12-31" },
  { "[1536..]", ALM_EDTF_ONE_OF, 2, "", "1536-01-01", "-" },
  { "[1547..1558]", ALM_EDTF_ONE_OF, 2, "", "1547-01-01", "1558-12-31" },
  { "{1550,1547-02}", ALM_EDTF_ALL_OF, 2, "", "1547-02-01", "1550-12-31" },
  { "[1547~,1560..]", ALM_EDTF_ONE_OF, 2, "a", "1547-01-01", "-" },

  { "" }, { " 1548" }, { "1548 " }, { "148" }, { "15480" }, { "15480202" }, { "1548-2" },
  { "1548-2-2" },
  { "1548-00" }, { "1548-13" }, { "1548-20" }, { "1548-42" }, { "1548-02-30" }, { "1548-02-00" },
  { "1900-02-29" }, { "-0000" }, { "um 1350" }, { "ca. 1548" }, { "1548?~" }, { "1548??" },
  { "x548" },
  { "1548-21-01" }, { "Y1548" }, { "Y01548" }, { "Y" }, { "Y-" }, { "Y100000000000001" },
  { "Y1E15" },
  { "1548S" }, { "1548S0" }, { "1548S5" }, { "154XS2" }, { "1548/1547" }, { "/" },
  { "1548-24/1549" },
  { "1548/1549/1550" }, { "Y17000/Y18000" }, { "1985-04-12T25:00:00" }, { "1985-04-12T23:60:00" },
  { "1985-04-12T24:00:01" }, { "1985-04-12T23:20" }, { "1985-04-12T23:20:30+14:01" },
  { "1985-04T23:20:30" }, { "[" }, { "[]" }, { "[1548" }, { "[1548}" }, { "[1548,]" },
  { "[1548,..1550]" },
  { "[1548..,1550]" }, { "[1550..1548]" }, { "[..]" }, { "1548-" }, { "1548-02-" }, { "1548T" },
  { "XXXXX" }, { "15\xc3\xa4" },
};

static char *
bound_to_text (gint64   day,
               gboolean unknown)
{
  if (unknown)
    return g_strdup ("?");

  return day == ALM_EDTF_OPEN_START || day == ALM_EDTF_OPEN_END ? g_strdup ("-")
                                                                : alm_days_to_text (day);
}

static void
check_case (const Case *wanted)
{
  AlmEdtf edtf;
  g_autofree char *reason = NULL;
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  guint flags = 0;

  if (!alm_edtf_parse (wanted->text, &edtf, &reason))
    {
      g_assert_nonnull (strstr (reason, " at character "));
      if (wanted->first != NULL)
        g_error ("%s: %s", wanted->text, reason);
      return;
    }
  if (wanted->first == NULL)
    g_error ("taken: %s", wanted->text);

  for (const char *c = wanted->flags; *c != '\0'; c++)
    flags |= *c == 'u' ? ALM_EDTF_UNCERTAIN : *c == 'a' ? ALM_EDTF_APPROXIMATE
                                                        : ALM_EDTF_UNSPECIFIED;
  first = bound_to_text (edtf.first, edtf.start_unknown);
  last = bound_to_text (edtf.last, edtf.end_unknown);
  g_assert_cmpstr (first, ==, wanted->first);
  g_assert_cmpstr (last, ==, wanted->last);
  g_assert_cmpint (edtf.type, ==, wanted->type);
  g_assert_cmpint (edtf.level, ==, wanted->level);
  g_assert_cmpint (edtf.flags, ==, flags);
}

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_case (&cases[i]);
}

static void
test_bounds (void)
{
  gint64 first, last;

  g_assert_true (alm_edtf_bounds ("0001-01-01/..", &first, &last));
  g_assert_cmpint (first, ==, 0);
  g_assert_cmpint (last, ==, ALM_EDTF_OPEN_END);
  g_assert_true (alm_edtf_bounds ("1548", NULL, NULL));
  g_assert_false (alm_edtf_bounds ("1548!", &first, &last));
}

static void
test_the_place_of_a_fault_is_named (void)
{
  AlmEdtf edtf;
  g_autofree char *reason = NULL;
  g_autofree char *other = NULL;

  g_assert_false (alm_edtf_parse ("1548-0a", &edtf, &reason));
  g_assert_cmpstr (reason, ==, "digit expected at character 7");
  g_assert_false (alm_edtf_parse ("1548/1550x", &edtf, &other));
  g_assert_cmpstr (other, ==, "unexpected character at character 10");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/edtf/cases", test_cases);
  g_test_add_func ("/domain/edtf/bounds", test_bounds);
  g_test_add_func ("/domain/edtf/place", test_the_place_of_a_fault_is_named);

  return g_test_run ();
}
