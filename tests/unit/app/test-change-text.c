/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-change-text.h"
#include "alm-test-desk.h"

#include <string.h>

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"properties\":{"
  "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"},"
  "\"height\":{\"type\":\"number\",\"title\":\"Höhe\",\"x-alm-title\":{\"en\":\"Height\"},"
  "\"x-ogc-unit\":\"m\"},"
  "\"species\":{\"type\":\"string\",\"title\":\"Art\"}}}";

typedef struct
{
  AlmOp       op;
  const char *set;
  const char *old;
  const char *expected;
} Case;

static const Case cases[] = {
  { ALM_OP_NEW, "{\"height\":3}", NULL, "Added" },
  { ALM_OP_DEL, NULL, NULL, "Deleted" },
  { ALM_OP_UNDEL, NULL, NULL, "Restored" },
  { ALM_OP_ERASE, NULL, NULL, "Erased" },
  { ALM_OP_UPD, "{\"height\":14.5}", "{\"height\":12}", "Height: 12 m → 14.5 m" },
  { ALM_OP_UPD, "{\"height\":14.5}", NULL, "Height: (empty) → 14.5 m" },
  { ALM_OP_UPD, "{\"species\":null}", "{\"species\":\"Linde\"}", "Art: Linde → (empty)" },
  { ALM_OP_UPD, "{\"height\":3,\"species\":\"Eiche\"}", "{\"height\":2,\"species\":\"Linde\"}",
    "Height: 2 m → 3 m\nArt: Linde → Eiche" },
  { ALM_OP_UPD, "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}", NULL,
    "Moved to another place" },
  /* A field that the model does not know any more. */
  { ALM_OP_UPD, "{\"gone\":1}", NULL, "gone" },
  { ALM_OP_UPD, "{}", NULL, "" },
  { ALM_OP_RESOLVE, "{}", NULL, "Conflict decided" },
  { ALM_OP_RESOLVE, "{\"species\":\"Eiche\"}", "{\"species\":\"Linde\"}",
    "Conflict decided\nArt: Linde → Eiche" },
};

static void
test_commands_are_said (void)
{
  g_autoptr (AlmValue) value = alm_test_value (schema);
  g_autoptr (AlmModel) model = alm_model_new ("tree", value, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) set = cases[i].set != NULL ? alm_test_value (cases[i].set) : NULL;
      g_autoptr (AlmValue) old = cases[i].old != NULL ? alm_test_value (cases[i].old) : NULL;
      const AlmCommand command = { .op = cases[i].op, .set = set, .old = old };
      g_autofree char *said = alm_change_text_say (model, &command, "en");

      g_assert_cmpstr (said, ==, cases[i].expected);
    }
}

static void
test_the_language_is_the_windows (void)
{
  g_autoptr (AlmValue) value = alm_test_value (schema);
  g_autoptr (AlmModel) model = alm_model_new ("tree", value, NULL);
  g_autoptr (AlmValue) set = alm_test_value ("{\"height\":3}");
  const AlmCommand command = { .op = ALM_OP_UPD, .set = set };
  g_autofree char *german = alm_change_text_say (model, &command, "de");
  g_autofree char *unknown = alm_change_text_say (NULL, &command, "de");

  g_assert_cmpstr (german, ==, "Höhe: (empty) → 3 m");
  g_assert_cmpstr (unknown, ==, "height");
}

static void
test_two_states_are_compared (void)
{
  static const struct { const char *before; const char *after; const char *expected; } pairs[] = {
    { NULL, "{\"height\":3,\"species\":\"Eiche\",\"gone\":1}", "Height: 3 m\nArt: Eiche" },
    { "{\"height\":2,\"species\":\"Eiche\"}", "{\"height\":3,\"species\":\"Eiche\"}",
      "Height: 2 m → 3 m" },
    { "{\"species\":\"Eiche\"}", "{\"height\":3}", "Height: (empty) → 3 m\nArt: Eiche → (empty)" },
    { "{\"height\":3}", "{\"height\":3}", "" },
  };
  g_autoptr (AlmValue) value = alm_test_value (schema);
  g_autoptr (AlmModel) model = alm_model_new ("tree", value, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (AlmValue) before = pairs[i].before != NULL ? alm_test_value (pairs[i].before)
                                                            : NULL;
      g_autoptr (AlmValue) after = alm_test_value (pairs[i].after);
      g_autofree char *said = alm_change_text_compare (model, before, after, "en");

      g_assert_cmpstr (said, ==, pairs[i].expected);
    }
}

static void
test_every_refusal_has_a_sentence (void)
{
  const char *other = alm_change_text_refusal ("a code of next year", NULL);

  g_assert_nonnull (strstr (alm_change_text_refusal ("forbidden", NULL), "may only read"));
  g_assert_nonnull (strstr (alm_change_text_refusal ("forbidden", "area"), "in your area only"));
  g_assert_nonnull (strstr (alm_change_text_refusal ("forbidden", "field"), "one of these fields"));
  g_assert_nonnull (strstr (alm_change_text_refusal ("forbidden", "next year's"),
                            "may only read"));
  g_assert_nonnull (strstr (alm_change_text_refusal ("mass-delete", NULL), "deletions"));
  g_assert_cmpstr (other, ==, "The server did not take this change.");
  g_assert_cmpstr (alm_change_text_refusal (NULL, NULL), ==, other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/change-text/say", test_commands_are_said);
  g_test_add_func ("/app/change-text/language", test_the_language_is_the_windows);
  g_test_add_func ("/app/change-text/compare", test_two_states_are_compared);
  g_test_add_func ("/app/change-text/refusal", test_every_refusal_has_a_sentence);

  return g_test_run ();
}
