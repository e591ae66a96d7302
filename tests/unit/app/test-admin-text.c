/* SPDX-License-Identifier: EUPL-1.2 */

/* Managing in words.  JSON is written with single quotes here. */

#include "config.h"

#include "alm-admin-text.h"
#include "alm-json.h"

static AlmValue *
value_of (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (json, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static void
test_each_role_says_what_it_allows (void)
{
  AlmAdminRole role;
  guint n = 0;

  while (alm_admin_text_get_role (n, &role))
    {
      g_assert_cmpstr (alm_admin_text_role (role.role), ==, role.title);
      g_assert_true (g_str_has_suffix (role.detail, "."));
      n++;
    }
  g_assert_cmpuint (n, ==, 12);
  g_assert_cmpstr (alm_admin_text_role ("captain"), ==, "captain");
}

static void
assert_place (GPtrArray  *places,
              const char *pattern,
              const char *wanted)
{
  g_autofree char *text = alm_admin_text_place (places, pattern);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_a_pattern_is_said_in_words (void)
{
  g_autoptr (GPtrArray) units = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (GPtrArray) places = NULL;

  g_ptr_array_add (units, value_of ("{'name':'ksj','title':'Kommunalservice'}"));
  g_ptr_array_add (scopes, value_of ("{'path':'ksj/baeume','title':'Bäume'}"));
  places = alm_organisation_list (units, scopes);

  assert_place (places, "*", "The whole city");
  assert_place (places, "ksj/*", "Everything of Kommunalservice");
  assert_place (places, "ksj/baeume", "Bäume (Kommunalservice)");
  assert_place (places, "ksj/gone", "ksj/gone");
  assert_place (NULL, "ksj/baeume", "ksj/baeume");
}

static void
assert_terms (const char *grant_text,
              const char *wanted)
{
  g_autoptr (AlmValue) grant = value_of (grant_text);
  g_autofree char *text = alm_admin_text_terms (grant);

  g_assert_cmpstr (text, ==, wanted);
}

/* "until" is the moment at which the next day begins: people are told the last day. */
static void
test_terms_name_what_is_unusual (void)
{
  assert_terms ("{'classes':['public','internal']}", "");
  assert_terms ("{'classes':['public']}", "only public fields");
  assert_terms ("{'classes':['public','internal','confidential','personal']}",
                "confidential fields too · personal fields too");
  assert_terms ("{'from':'2026-11-01T00:00:00Z','until':'2027-01-01T00:00:00Z'}",
                "from 01.11.2026 · until 31.12.2026");
}

static void
assert_action (const char *line_text,
               const char *wanted)
{
  g_autoptr (AlmValue) line = value_of (line_text);
  g_autofree char *text = alm_admin_text_action (line);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_the_audit_trail_reads_as_sentences (void)
{
  assert_action ("{'action':'login','actor':'anna','subject':'01a2'}", "anna signed in");
  assert_action ("{'action':'grants','subject':'%s'}", "The rights of %s were changed");
  assert_action ("{'action':'desk-revoke','actor':'chef','subject':'01a2','detail':'anna'}",
                 "A workplace of anna was signed out");
  assert_action ("{'action':'flood','subject':'x'}", "flood x");
  assert_action ("{}", " ");
}

static void
assert_detail (const char *line_text,
               const char *wanted)
{
  g_autoptr (AlmValue) line = value_of (line_text);
  g_autofree char *text = alm_admin_text_detail (line);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_what_the_audit_trail_says_more (void)
{
  assert_detail ("{'action':'grants','detail':'editor ksj/baeume (area), reader *'}",
                 "Edit: ksj/baeume (area) · Read: The whole city");
  assert_detail ("{'action':'grants','detail':''}", "");
  assert_detail ("{'action':'grants','detail':'odd'}", "odd");
  /* The sentence says it. */
  assert_detail ("{'action':'desk-revoke','detail':'anna'}", "");
  assert_detail ("{'action':'erase','detail':'phone'}", "phone");
  assert_detail ("{}", "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/admin-text/roles", test_each_role_says_what_it_allows);
  g_test_add_func ("/app/admin-text/places", test_a_pattern_is_said_in_words);
  g_test_add_func ("/app/admin-text/terms", test_terms_name_what_is_unusual);
  g_test_add_func ("/app/admin-text/actions", test_the_audit_trail_reads_as_sentences);
  g_test_add_func ("/app/admin-text/details", test_what_the_audit_trail_says_more);

  return g_test_run ();
}
