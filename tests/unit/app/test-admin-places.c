/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-admin-places.h"
#include "alm-test-desk.h"
#include "alm-test.h"

typedef struct
{
  char    *dir;
  AlmDesk *desk;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = alm_test_make_dir ();
  fixture->desk = alm_desk_open (fixture->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  alm_desk_close (fixture->desk);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static void
test_units_and_scopes_are_read (Fixture       *fixture,
                                gconstpointer  data)
{
  AlmId unit = { 0 };
  AlmId scope = { 0 };
  g_autoptr (GPtrArray) places = NULL;
  g_autoptr (GError) error = NULL;

  alm_test_edit (fixture->desk, ALM_OP_NEW, &unit, "system", "unit",
                 "{\"name\":\"ksj\",\"title\":\"Kommunalservice\"}");
  alm_test_edit (fixture->desk, ALM_OP_NEW, &scope, "system", "scope",
                 "{\"path\":\"ksj/baeume\",\"title\":\"Bäume\"}");
  places = alm_admin_places_job (fixture->desk, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (places->len, ==, 3);
  g_assert_cmpstr (alm_organisation_find (places, "ksj/*")->title, ==, "Kommunalservice");
  g_assert_cmpuint (alm_organisation_find (places, "ksj/baeume")->depth, ==, 2);
}

static void
test_roles_are_those_that_were_told (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *nothing = alm_admin_roles_job (fixture->desk, NULL, &error);
  g_autofree char *roles = NULL;

  g_assert_cmpstr (nothing, ==, "");
  g_assert_true (alm_desk_set_setting (fixture->desk, "roles", "manager auditor", &error));
  roles = alm_admin_roles_job (fixture->desk, NULL, &error);
  g_assert_true (alm_admin_roles_has (roles, "manager"));
  g_assert_true (alm_admin_roles_has (roles, "auditor"));
  g_assert_false (alm_admin_roles_has (roles, "audit"));
  g_assert_false (alm_admin_roles_has ("", "manager"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/app/admin-places/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("organisation", test_units_and_scopes_are_read);
  ADD ("roles", test_roles_are_those_that_were_told);

  return g_test_run ();
}
