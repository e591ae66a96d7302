/* SPDX-License-Identifier: EUPL-1.2 */

/* The city's organisation as a tree.  JSON is written with single quotes here. */

#include "config.h"

#include "alm-json.h"
#include "alm-organisation.h"

static GPtrArray *
list_of (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) list = alm_json_parse (json, -1, NULL, &error);
  GPtrArray *array = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);

  g_assert_no_error (error);
  for (guint i = 0; i < alm_value_get_size (list); i++)
    g_ptr_array_add (array, alm_value_ref (alm_value_get_item (list, i)));

  return array;
}

static void
assert_tree (const char *units_text,
             const char *scopes_text,
             const char *wanted)
{
  g_autoptr (GPtrArray) units = list_of (units_text);
  g_autoptr (GPtrArray) scopes = list_of (scopes_text);
  g_autoptr (GPtrArray) places = alm_organisation_list (units, scopes);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < places->len; i++)
    {
      const AlmOrganisationPlace *place = places->pdata[i];

      g_string_append_printf (text, "%*s%s%s %s\n", (int) place->depth, "",
                              place->unit ? "+" : "-", place->pattern, place->title);
    }
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_who_belongs_to_whom_is_a_tree (void)
{
  assert_tree ("[{'name':'stadt','title':'Stadt'},"
               "{'name':'ksj','title':'Kommunalservice','parent':'stadt'},"
               "{'name':'werke','title':'Stadtwerke','parent':'holding'}]",
               "[{'path':'stadt/karte','title':'Stadtkarte'},"
               "{'path':'ksj/baeume','title':'Bäume'},{'path':'ksj/baenke'},"
               "{'path':'werke/leuchten','title':'Leuchten'}]",
               "+* \n"
               " +stadt/* Stadt\n"
               "  -stadt/karte Stadtkarte\n"
               "  +ksj/* Kommunalservice\n"
               "   -ksj/baenke ksj/baenke\n"
               "   -ksj/baeume Bäume\n"
               " +werke/* Stadtwerke\n"
               "  -werke/leuchten Leuchten\n");
}

static void
test_nothing_is_lost_or_doubled (void)
{
  /* A circle, a scope of a unit that nobody has described, one like the unit itself. */
  assert_tree ("[{'name':'a','title':'A','parent':'b'},{'name':'b','title':'B','parent':'a'}]",
               "[{'path':'x/y','title':'Y'},{'path':'a','title':'Alles'},{'path':'ab/c'}]",
               "+* \n"
               " +a/* A\n"
               "  -a Alles\n"
               "  +b/* B\n"
               " +ab/* ab\n"
               "  -ab/c ab/c\n"
               " +x/* x\n"
               "  -x/y Y\n");
  assert_tree ("[]", "[]", "+* \n");
}

static void
test_a_pattern_finds_its_place (void)
{
  g_autoptr (GPtrArray) units = list_of ("[{'name':'ksj','title':'Kommunalservice'}]");
  g_autoptr (GPtrArray) scopes = list_of ("[{'path':'ksj/baeume','title':'Bäume'}]");
  g_autoptr (GPtrArray) places = alm_organisation_list (units, scopes);

  g_assert_cmpstr (alm_organisation_find (places, "ksj/*")->title, ==, "Kommunalservice");
  g_assert_cmpstr (alm_organisation_find (places, "ksj/baeume")->title, ==, "Bäume");
  g_assert_null (alm_organisation_find (places, "ksj/gone"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/domain/organisation/tree", test_who_belongs_to_whom_is_a_tree);
  g_test_add_func ("/domain/organisation/whole", test_nothing_is_lost_or_doubled);
  g_test_add_func ("/domain/organisation/find", test_a_pattern_finds_its_place);

  return g_test_run ();
}
