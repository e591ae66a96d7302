/* SPDX-License-Identifier: EUPL-1.2 */

/* Who may do what where. */

#include "config.h"

#include "alm-hub-rights.h"

#define NOW G_GINT64_CONSTANT (1800000000000000)

static GPtrArray *
make_grants (const char *const texts[][2])
{
  GPtrArray *grants = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_grant_free);

  for (guint i = 0; texts[i][0] != NULL; i++)
    g_ptr_array_add (grants, alm_hub_grant_new (texts[i][0], texts[i][1], ALM_CLASSES_DEFAULT));

  return grants;
}

static void
test_patterns (void)
{
  static const struct { const char *pattern; const char *scope; gboolean fits; } cases[] = {
    { "*", "ksj/baeume", TRUE },
    { "*", "system", TRUE },
    { "ksj/*", "ksj/baeume", TRUE },
    { "ksj/*", "ksj/baeume/nord", TRUE },
    { "ksj/*", "ksj", FALSE },
    { "ksj/*", "ksjx/baeume", FALSE },
    { "ksj/baeume", "ksj/baeume", TRUE },
    { "ksj/baeume", "ksj/baeume/nord", FALSE },
    { "ksj/baeume", "ksj/baeum", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (alm_pattern_matches (cases[i].pattern, cases[i].scope), ==, cases[i].fits);
}

static void
test_patterns_that_are_none (void)
{
  static const struct { const char *pattern; gboolean valid; } cases[] = {
    { "*", TRUE }, { "a/*", TRUE }, { "a/b", TRUE }, { "", FALSE }, { "/*", FALSE },
    { "a*", FALSE }, { "a/*/b", FALSE }, { "**", FALSE }, { "A/b", FALSE }, { NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (alm_pattern_is_valid (cases[i].pattern), ==, cases[i].valid);
}

static void
test_patterns_inside_patterns (void)
{
  static const struct { const char *pattern; const char *inner; gboolean holds; } cases[] = {
    { "*", "*", TRUE }, { "*", "a/*", TRUE }, { "*", "a/b", TRUE },
    { "a/*", "a/b", TRUE }, { "a/*", "a/b/*", TRUE }, { "a/*", "a/*", TRUE },
    { "a/*", "*", FALSE }, { "a/*", "b/*", FALSE }, { "a/b", "a/b", TRUE },
    { "a/b", "a/*", FALSE }, { "a/*", "a", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (alm_pattern_contains (cases[i].pattern, cases[i].inner), ==,
                     cases[i].holds);
}

static void
test_without_a_grant_nothing (void)
{
  static const char *const none[][2] = { { NULL, NULL } };
  g_autoptr (GPtrArray) grants = make_grants (none);
  AlmHubRights rights = alm_hub_rights_in (grants, "ksj/baeume", NOW);

  g_assert_false (alm_hub_rights_may_read (&rights));
  g_assert_false (alm_hub_rights_may_write (&rights));
  g_assert_cmpuint (rights.classes, ==, 0);
}

static void
test_roles_of_the_data (void)
{
  static const struct { const char *role; gboolean reads; gboolean writes; gboolean steward; }
  cases[] = {
    { "reader", TRUE, FALSE, FALSE }, { "editor", TRUE, TRUE, FALSE },
    { "reviewer", TRUE, TRUE, FALSE }, { "steward", TRUE, TRUE, TRUE },
    { "manager", FALSE, FALSE, FALSE }, { "operator", FALSE, FALSE, FALSE },
    { "auditor", FALSE, FALSE, FALSE }, { "gateway", FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const texts[][2] = { { cases[i].role, "ksj/*" }, { NULL, NULL } };
      g_autoptr (GPtrArray) grants = make_grants (texts);
      AlmHubRights rights = alm_hub_rights_in (grants, "ksj/baeume", NOW);

      g_assert_cmpint (alm_hub_rights_may_read (&rights), ==, cases[i].reads);
      g_assert_cmpint (alm_hub_rights_may_write (&rights), ==, cases[i].writes);
      g_assert_cmpint (alm_hub_rights_is_steward (&rights), ==, cases[i].steward);
      g_assert_cmpint (rights.classes != 0, ==, cases[i].reads);
    }
}

static void
test_everybody_reads_system (void)
{
  static const char *const texts[][2] = { { "editor", "*" }, { NULL, NULL } };
  g_autoptr (GPtrArray) grants = make_grants (texts);
  g_autoptr (GPtrArray) none = make_grants (texts + 1);
  AlmHubRights rights = alm_hub_rights_in (none, ALM_SCOPE_SYSTEM, NOW);

  g_assert_true (alm_hub_rights_may_read (&rights));
  g_assert_cmpuint (rights.classes, ==, ALM_CLASSES_DEFAULT);
  g_assert_false (alm_hub_rights_may_write (&rights));

  /* An editor of everything is no steward of the models. */
  rights = alm_hub_rights_in (grants, ALM_SCOPE_SYSTEM, NOW);
  g_assert_false (alm_hub_rights_may_write (&rights));
}

static void
test_a_grant_ends (void)
{
  static const char *const texts[][2] = { { "editor", "a/b" }, { NULL, NULL } };
  g_autoptr (GPtrArray) grants = make_grants (texts);
  AlmHubGrant *grant = grants->pdata[0];

  grant->from_us = NOW;
  grant->until_us = NOW + 10;
  g_assert_cmpuint (alm_hub_rights_in (grants, "a/b", NOW - 1).roles, ==, 0);
  g_assert_cmpuint (alm_hub_rights_in (grants, "a/b", NOW).roles, ==, ALM_ROLE_BIT_EDITOR);
  g_assert_cmpuint (alm_hub_rights_in (grants, "a/b", NOW + 9).roles, ==, ALM_ROLE_BIT_EDITOR);
  g_assert_cmpuint (alm_hub_rights_in (grants, "a/b", NOW + 10).roles, ==, 0);
  g_assert_cmpuint (alm_hub_rights_anywhere (grants, NOW + 10), ==, 0);
}

static void
test_grants_add_up (void)
{
  static const char *const texts[][2] = {
    { "reader", "a/*" }, { "editor", "a/b" }, { NULL, NULL }
  };
  g_autoptr (GPtrArray) grants = make_grants (texts);
  AlmHubRights rights;

  ((AlmHubGrant *) grants->pdata[0])->classes = ALM_CLASS_PERSONAL;
  rights = alm_hub_rights_in (grants, "a/b", NOW);
  g_assert_cmpuint (rights.roles, ==, ALM_ROLE_BIT_READER | ALM_ROLE_BIT_EDITOR);
  g_assert_cmpuint (rights.classes, ==, ALM_CLASSES_DEFAULT | ALM_CLASS_PERSONAL);
  /* The reader's grant shows personal fields; the editor's does not write them. */
  g_assert_cmpuint (rights.writes, ==, ALM_CLASSES_DEFAULT);
  rights = alm_hub_rights_in (grants, "a/c", NOW);
  g_assert_cmpuint (rights.classes, ==, ALM_CLASS_PERSONAL);
}

/* What a manager or an auditor may see is no field of a record. */
static void
test_classes_come_with_data_roles_only (void)
{
  static const char *const texts[][2] = {
    { "reader", "a/b" }, { "auditor", "*" }, { NULL, NULL }
  };
  g_autoptr (GPtrArray) grants = make_grants (texts);

  ((AlmHubGrant *) grants->pdata[1])->classes = ALM_CLASS_PERSONAL;
  g_assert_cmpuint (alm_hub_rights_in (grants, "a/b", NOW).classes, ==, ALM_CLASSES_DEFAULT);
}

static void
test_a_manager_manages_his_pattern (void)
{
  static const char *const texts[][2] = {
    { "manager", "a/*" }, { "editor", "*" }, { NULL, NULL }
  };
  g_autoptr (GPtrArray) grants = make_grants (texts);

  g_assert_true (alm_hub_rights_manages (grants, "a/b", NOW));
  g_assert_false (alm_hub_rights_manages (grants, "b/c", NOW));
  g_assert_false (alm_hub_rights_manages (grants, "*", NOW));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/hub-rights/pattern", test_patterns);
  g_test_add_func ("/sync/hub-rights/pattern/valid", test_patterns_that_are_none);
  g_test_add_func ("/sync/hub-rights/pattern/contains", test_patterns_inside_patterns);
  g_test_add_func ("/sync/hub-rights/none", test_without_a_grant_nothing);
  g_test_add_func ("/sync/hub-rights/roles", test_roles_of_the_data);
  g_test_add_func ("/sync/hub-rights/system", test_everybody_reads_system);
  g_test_add_func ("/sync/hub-rights/ends", test_a_grant_ends);
  g_test_add_func ("/sync/hub-rights/union", test_grants_add_up);
  g_test_add_func ("/sync/hub-rights/classes", test_classes_come_with_data_roles_only);
  g_test_add_func ("/sync/hub-rights/manager", test_a_manager_manages_his_pattern);

  return g_test_run ();
}
