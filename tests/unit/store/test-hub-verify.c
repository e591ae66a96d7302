/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-hub.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <string.h>

#define DESK "00000000-0000-7000-8000-00000000000a"

static const char lines[] =
  "{\"n\":1,\"cid\":\"a000000000000001\",\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\","
  "\"kind\":\"tree\",\"id\":\"00000000-0000-7000-8000-000000000001\","
  "\"set\":{\"species\":\"Linde\",\"number\":\"1\",\"owner\":\"Frau K.\"}}\n"
  "{\"n\":2,\"cid\":\"a000000000000002\",\"op\":\"upd\",\"base\":1,"
  "\"id\":\"00000000-0000-7000-8000-000000000001\",\"set\":{\"year\":1991,\"owner\":null},"
  "\"old\":{\"owner\":\"Frau K.\"}}\n"
  "{\"n\":3,\"cid\":\"a000000000000003\",\"op\":\"upd\",\"base\":1,"
  "\"id\":\"00000000-0000-7000-8000-000000000001\",\"set\":{\"year\":1992},"
  "\"old\":{\"year\":1980}}\n"
  "{\"n\":4,\"cid\":\"a000000000000004\",\"op\":\"del\",\"base\":9,"
  "\"id\":\"00000000-0000-7000-8000-000000000001\"}\n";

static void
set_up (AlmTestHub    *hub,
        gconstpointer  data)
{
  g_autofree char *token = NULL;
  g_autofree char *said = NULL;

  alm_test_hub_set_up (hub);
  alm_test_hub_make_city (hub);
  token = alm_test_hub_add (hub, "anna", DESK, "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\","
                                               "\"classes\":[\"public\",\"internal\","
                                               "\"personal\"]}]");
  said = alm_test_hub_push (hub, 200, token, DESK, 1, lines);
  g_assert_nonnull (strstr (said, "\"conflict\""));
  g_assert_null (strstr (said, "\"refused\""));
}

static void
tear_down (AlmTestHub    *hub,
           gconstpointer  data)
{
  alm_test_hub_tear_down (hub);
}

/* All findings, one a line. */
static char *
verify (AlmTestHub *hub)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmServerStore) store = alm_hub_open (hub->dir, ALM_HUB_READ, &error);

  g_assert_no_error (error);
  g_assert_true (alm_hub_verify (store, findings, &error));
  g_assert_no_error (error);
  g_ptr_array_add (findings, NULL);

  return g_strjoinv ("\n", (char **) findings->pdata);
}

static void
test_what_the_server_writes_is_sound (AlmTestHub    *hub,
                                      gconstpointer  data)
{
  g_autofree char *found = verify (hub);

  g_assert_cmpstr (found, ==, "");
}

static void
test_each_damage_is_found (AlmTestHub    *hub,
                           gconstpointer  data)
{
  static const struct { const char *sql; const char *told; } cases[] = {
    { "UPDATE records SET body = '{}' WHERE del = 1", "its hash is another" },
    { "DELETE FROM records WHERE del = 1", "scopes: the digest of scope ksj/baeume" },
    { "UPDATE scopes SET seq = 1 WHERE seq > 3", "is above the scope's own" },
    { "UPDATE history SET set_ = '{\"year\":1990}' WHERE set_ LIKE '%1991%'",
      "history: what line 2 of scope ksj/baeume says" },
    { "UPDATE history SET set_p = '{\"owner\":\"Herr M.\"}' WHERE set_p LIKE '%Frau%'",
      "history: what line 1 of scope ksj/baeume says" },
    { "UPDATE history SET user = 'bert' WHERE user = 'anna' AND op = 'del'",
      "history: the chain of scope ksj/baeume is broken" },
    { "DELETE FROM history WHERE op = 'del'", "says that its chain ends otherwise" },
    { "UPDATE history SET chash = x'00' WHERE op = 'del'", "is damaged" },
    { "UPDATE audit SET actor = 'bert' WHERE i = 2", "audit: the trail is broken at line 2" },
    { "DELETE FROM audit WHERE i = 2", "audit: the trail is broken at line 3" },
  };
  g_autofree char *bytes = NULL;
  gsize length;

  g_clear_pointer (&hub->core, alm_hub_core_free);
  g_assert_true (g_file_get_contents (hub->path, &bytes, &length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *none = NULL;
      g_autofree char *found = NULL;

      g_assert_true (g_file_set_contents (hub->path, bytes, (gssize) length, NULL));
      none = alm_test_query (hub->path, cases[i].sql);
      found = verify (hub);
      if (strstr (found, cases[i].told) == NULL)
        g_error ("%s: '%s'", cases[i].sql, found);
    }
}

/* Without the salt nobody can say what a line held; the chain still holds. */
static void
test_what_was_erased_is_no_damage (AlmTestHub    *hub,
                                   gconstpointer  data)
{
  g_autofree char *none = NULL;
  g_autofree char *found = NULL;

  g_clear_pointer (&hub->core, alm_hub_core_free);
  none = alm_test_query (hub->path, "UPDATE history SET set_ = NULL, old_ = NULL, set_p = NULL,"
                                    " old_p = NULL WHERE id = (SELECT id FROM records"
                                    " WHERE del = 1)");
  g_free (none);
  none = alm_test_query (hub->path, "DELETE FROM salts WHERE id = (SELECT id FROM records"
                                    " WHERE del = 1)");
  found = verify (hub);
  g_assert_cmpstr (found, ==, "");
}

#define ADD(path, func) g_test_add (path, AlmTestHub, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/hub-verify/sound", test_what_the_server_writes_is_sound);
  ADD ("/store/hub-verify/damage", test_each_damage_is_found);
  ADD ("/store/hub-verify/erased", test_what_was_erased_is_no_damage);

  return g_test_run ();
}
