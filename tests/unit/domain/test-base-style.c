/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-base-style.h"

#include <string.h>

static void
test_every_class_has_a_rule_and_unknown_ones_the_common_one (void)
{
  for (guint kind = 0; kind < ALM_BASE_N_KINDS; kind++)
    {
      guint8 common = alm_base_style_classify ((AlmBaseKind) kind, NULL);

      g_assert_cmpint (alm_base_style_get_rule (common)->kind, ==, kind);
      g_assert_cmpstr (alm_base_style_get_rule (common)->class_, ==, "");
      g_assert_cmpuint (alm_base_style_classify ((AlmBaseKind) kind, "no such class"), ==,
                        common);
    }
  for (guint i = 0; i < alm_base_style_count (); i++)
    {
      const AlmBaseRule *rule = alm_base_style_get_rule ((guint8) i);

      g_assert_cmpuint (alm_base_style_classify (rule->kind, rule->class_), ==, i);
      g_assert_cmphex (rule->light[0], !=, ALM_BASE_NO_COLOR);
      g_assert_cmphex (rule->dark[0], !=, rule->light[0]);
    }
}

static void
test_kinds_have_names (void)
{
  AlmBaseKind kind;

  for (guint i = 0; i < ALM_BASE_N_KINDS; i++)
    {
      g_assert_true (alm_base_kind_find (alm_base_kind_get_name ((AlmBaseKind) i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
  g_assert_false (alm_base_kind_find ("tree", &kind));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/geo/base-style/classes",
                   test_every_class_has_a_rule_and_unknown_ones_the_common_one);
  g_test_add_func ("/geo/base-style/kinds", test_kinds_have_names);

  return g_test_run ();
}
