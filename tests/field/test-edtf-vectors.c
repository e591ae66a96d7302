/* SPDX-License-Identifier: EUPL-1.2 */

/* All EDTF vectors of the data folder: bounds, our policy, what is refused.
 *
 * usage: test-edtf-vectors FOLDER */

#include "config.h"

#include "alm-days.h"
#include "alm-edtf.h"
#include "alm-json.h"

#include <string.h>

static const char *folder;

static AlmValue *
load (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) whole = NULL;
  AlmValue *cases;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  whole = alm_json_parse (text, (gssize) length, NULL, &error);
  g_assert_no_error (error);
  cases = alm_value_get (whole, "cases");
  g_assert_cmpuint (alm_value_get_size (cases), >, 0);

  return alm_value_ref (cases);
}

/* "inf" for an open end, null for an unknown one; a long year without its "Y". */
static void
check_bound (const AlmValue *wanted,
             gint64          day,
             gboolean        unknown)
{
  const char *text = alm_value_get_text (wanted);
  g_autofree char *found = alm_days_to_text (day);

  g_assert_cmpint (unknown, ==, text == NULL);
  if (g_strcmp0 (text, "-inf") == 0)
    g_assert_cmpint (day, ==, ALM_EDTF_OPEN_START);
  else if (g_strcmp0 (text, "inf") == 0)
    g_assert_cmpint (day, ==, ALM_EDTF_OPEN_END);
  else if (text != NULL)
    g_assert_cmpstr (found[0] == 'Y' ? found + 1 : found, ==, text);
}

static void
check_flags (const AlmValue *flags,
             AlmEdtfFlags    found)
{
  AlmEdtfFlags wanted = 0;

  for (guint i = 0; i < alm_value_get_size (flags); i++)
    {
      const char *flag = alm_value_get_text (alm_value_get_item (flags, i));

      wanted |= strcmp (flag, "uncertain") == 0 ? ALM_EDTF_UNCERTAIN
              : strcmp (flag, "approximate") == 0 ? ALM_EDTF_APPROXIMATE : ALM_EDTF_UNSPECIFIED;
    }
  g_assert_cmpint (found, ==, wanted);
}

static void
test_vectors (gconstpointer name)
{
  static const char *const types[] = {
    "date", "datetime", "season", "year", "interval", "one-of-set", "all-of-set"
  };
  g_autoptr (AlmValue) cases = load (name);

  for (guint i = 0; i < alm_value_get_size (cases); i++)
    {
      const AlmValue *item = alm_value_get_item (cases, i);
      const char *text = alm_value_get_text_of (item, "edtf");
      gboolean valid = strcmp (name, "invalid.json") != 0
                       && alm_value_get_boolean_of (item, "valid", TRUE);
      g_autofree char *reason = NULL;
      AlmEdtf edtf;

      if (alm_edtf_parse (text, &edtf, &reason) != valid)
        g_error ("%s: %s", text, valid ? reason : "taken");
      if (!valid)
        continue;

      g_test_message ("%s", text);
      g_assert_cmpstr (types[edtf.type], ==, alm_value_get_text_of (item, "type"));
      g_assert_cmpint (edtf.level, ==, alm_value_get_integer_of (item, "level", -1));
      check_flags (alm_value_get (item, "flags"), edtf.flags);
      check_bound (alm_value_get (item, "min"), edtf.first, edtf.start_unknown);
      check_bound (alm_value_get (item, "max"), edtf.last, edtf.end_unknown);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  folder = argv[1];

  g_test_add_data_func ("/field/edtf/bounds", "bounds.json", test_vectors);
  g_test_add_data_func ("/field/edtf/policy", "policy.json", test_vectors);
  g_test_add_data_func ("/field/edtf/invalid", "invalid.json", test_vectors);

  return g_test_run ();
}
