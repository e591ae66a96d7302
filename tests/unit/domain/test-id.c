/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-id.h"

#include <string.h>

static const char example[] = "01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10";

static void
test_text_and_bytes (void)
{
  static const char *const bad[] = {
    "", "01931f2e", "01931F2E-7c1a-7e3b-9d41-5a0f6c2b8e10", "01931f2e7c1a7e3b9d415a0f6c2b8e10",
    "01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e1", "01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e101",
    "01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e1g", "01931f2e_7c1a-7e3b-9d41-5a0f6c2b8e10",
    "{01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10}", " 01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10",
    "01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10\n", "01931f2e--c1a-7e3b-9d41-5a0f6c2b8e10",
  };
  char text[ALM_ID_TEXT_SIZE];
  AlmId id;

  g_assert_true (alm_id_parse (&id, example));
  g_assert_cmphex (id.bytes[0], ==, 0x01);
  g_assert_cmphex (id.bytes[15], ==, 0x10);
  alm_id_print (&id, text);
  g_assert_cmpstr (text, ==, example);

  g_assert_false (alm_id_parse (&id, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (alm_id_parse (&id, bad[i]))
      g_error ("taken: %s", bad[i]);
}

/* RFC 9562, appendix A.4. */
static void
test_a_named_id_is_always_the_same (void)
{
  AlmId space, id;
  g_autofree char *text = NULL;

  g_assert_true (alm_id_parse (&space, "6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
  alm_id_make_named (&id, &space, "www.example.com");
  text = alm_id_to_text (&id);
  g_assert_cmpstr (text, ==, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

static void
test_new_ids_carry_their_time (void)
{
  AlmRandom random;
  AlmId first, second, third;
  g_autofree char *text = NULL;

  alm_random_seed (&random, 1);
  /* RFC 9562, appendix A.6: 0x017f22e279b0 milliseconds. */
  alm_id_make_v7 (&first, G_GINT64_CONSTANT (0x017f22e279b0) * 1000 + 999, &random);
  alm_id_make_v7 (&second, G_GINT64_CONSTANT (0x017f22e279b1) * 1000, &random);
  alm_id_make_v7 (&third, G_GINT64_CONSTANT (0x017f22e279b1) * 1000, &random);

  text = alm_id_to_text (&first);
  g_assert_true (g_str_has_prefix (text, "017f22e2-79b0-7"));
  g_assert_nonnull (strchr ("89ab", text[19]));
  g_assert_cmpint (alm_id_compare (&first, &second), <, 0);
  g_assert_false (alm_id_equal (&second, &third));
  g_assert_true (alm_id_equal (&third, &third));
  g_assert_cmpuint (alm_id_hash (&second), !=, alm_id_hash (&third));
}

static void
test_names_have_shapes (void)
{
  g_autofree char *longest = g_strnfill (63, 'a');
  g_autofree char *too_long = g_strnfill (64, 'a');
  static const struct {
    const char *text;
    gboolean    kind, field, scope, user;
  } cases[] = {
    { "tree", TRUE, TRUE, TRUE, TRUE },
    { "a", TRUE, TRUE, TRUE, FALSE },
    { "play-device", TRUE, FALSE, TRUE, TRUE },
    { "last_inspection", FALSE, TRUE, FALSE, TRUE },
    { "a.b", FALSE, FALSE, FALSE, TRUE },
    { "7a", FALSE, FALSE, TRUE, FALSE },
    { "ksj/baeume", FALSE, FALSE, TRUE, FALSE },
    { "a/b/c/d", FALSE, FALSE, TRUE, FALSE },
    { "a/b/c/d/e", FALSE, FALSE, FALSE, FALSE },
    { "a//b", FALSE, FALSE, FALSE, FALSE },
    { "/a", FALSE, FALSE, FALSE, FALSE },
    { "a/", FALSE, FALSE, FALSE, FALSE },
    { "a/-b", FALSE, FALSE, FALSE, FALSE },
    { "", FALSE, FALSE, FALSE, FALSE },
    { "Tree", FALSE, FALSE, FALSE, FALSE },
    { "bäume", FALSE, FALSE, FALSE, FALSE },
    { "-a", FALSE, FALSE, FALSE, FALSE },
    { "_a", FALSE, FALSE, FALSE, FALSE },
    { "a b", FALSE, FALSE, FALSE, FALSE },
    { "a\n", FALSE, FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (alm_name_is_kind (cases[i].text), ==, cases[i].kind);
      g_assert_cmpint (alm_name_is_field (cases[i].text), ==, cases[i].field);
      g_assert_cmpint (alm_name_is_scope (cases[i].text), ==, cases[i].scope);
      g_assert_cmpint (alm_name_is_user (cases[i].text), ==, cases[i].user);
    }

  g_assert_true (alm_name_is_kind (longest));
  g_assert_false (alm_name_is_kind (too_long));
  g_assert_false (alm_name_is_scope (too_long));
  g_assert_false (alm_name_is_user (longest));
  g_assert_false (alm_name_is_kind (NULL));
  g_assert_false (alm_name_is_scope (NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/id/text", test_text_and_bytes);
  g_test_add_func ("/domain/id/named", test_a_named_id_is_always_the_same);
  g_test_add_func ("/domain/id/new", test_new_ids_carry_their_time);
  g_test_add_func ("/domain/id/names", test_names_have_shapes);

  return g_test_run ();
}
