/* SPDX-License-Identifier: EUPL-1.2 */

/* The sums by which desk and server see that they agree. */

#include "config.h"

#include "alm-digest.h"
#include "alm-hash.h"
#include "alm-json.h"

#include <string.h>

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"properties\":{"
  "\"name\":{\"type\":\"string\",\"title\":\"Name\",\"x-alm-class\":\"public\"},"
  "\"height\":{\"type\":\"number\",\"title\":\"Höhe\"},"
  "\"trunk\":{\"type\":\"number\",\"title\":\"Stamm\",\"x-alm-group\":\"size\","
  "\"x-alm-class\":\"confidential\"},"
  "\"crown\":{\"type\":\"number\",\"title\":\"Krone\",\"x-alm-group\":\"size\","
  "\"x-alm-class\":\"confidential\"},"
  "\"owner\":{\"type\":\"string\",\"title\":\"Eigner\",\"x-alm-class\":\"personal\"}}}";

static AlmValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (text, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static AlmModel *
make_model (void)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmValue) value = parse (schema);
  AlmModel *model = alm_model_new ("tree", value, faults);

  if (faults->len > 0)
    g_test_message ("%s", (char *) faults->pdata[0]);
  g_assert_nonnull (model);

  return model;
}

static const AlmId id = { { 1, 2, 3, 4, 5, 6, 0x47, 8, 0x89, 10, 11, 12, 13, 14, 15, 16 } };

static void
add (AlmDigest      *digest,
     gint64          ver,
     gboolean        deleted,
     const char     *fields,
     const AlmModel *model,
     AlmClass        whole)
{
  g_autoptr (AlmValue) value = parse (fields);

  alm_digest_add (digest, &id, ver, "tree", deleted, value, model, whole);
}

/* The bytes that sync.md describes, written out by hand. */
static void
test_each_class_sums_its_own_fields (void)
{
  static const char name[] = "01020304-0506-4708-890a-0b0c0d0e0f10\0" "7\0tree\0" "0\0"
                             "{\"name\":\"Linde\"}";
  static const char height[] = "01020304-0506-4708-890a-0b0c0d0e0f10\0" "7\0tree\0" "0\0"
                               "{\"height\":12.5}";
  g_autoptr (AlmModel) model = make_model ();
  AlmDigest digest = { 0 };

  add (&digest, 7, FALSE, "{\"height\":12.5,\"name\":\"Linde\"}", model, 0);

  g_assert_cmpint (digest.n, ==, 1);
  g_assert_cmpuint (digest.sums[ALM_DIGEST_PUBLIC], ==, alm_hash_64 (name, sizeof name - 1));
  g_assert_cmpuint (digest.sums[ALM_DIGEST_INTERNAL], ==,
                    alm_hash_64 (height, sizeof height - 1));
  g_assert_cmpuint (digest.sums[ALM_DIGEST_CONFIDENTIAL], ==, 0);
  g_assert_cmpuint (digest.sums[ALM_DIGEST_PERSONAL], ==, 0);
}

/* Also a record without a public field has its place in `public`. */
static void
test_public_counts_every_record (void)
{
  g_autoptr (AlmModel) model = make_model ();
  AlmDigest digest = { 0 };

  add (&digest, 7, FALSE, "{\"owner\":\"Frau Muster\"}", model, 0);

  g_assert_cmpuint (digest.sums[ALM_DIGEST_PUBLIC], !=, 0);
  g_assert_cmpuint (digest.sums[ALM_DIGEST_PERSONAL], !=, 0);
  g_assert_cmpuint (digest.sums[ALM_DIGEST_INTERNAL], ==, 0);
}

static void
test_a_deleted_record_hides_its_fields (void)
{
  g_autoptr (AlmModel) model = make_model ();
  AlmDigest one = { 0 };
  AlmDigest two = { 0 };
  AlmDigest alive = { 0 };

  add (&one, 7, TRUE, "{\"name\":\"Linde\",\"owner\":\"x\"}", model, 0);
  add (&two, 7, TRUE, "{}", model, 0);
  add (&alive, 7, FALSE, "{}", model, 0);

  g_assert_cmpmem (&one, sizeof one, &two, sizeof two);
  g_assert_cmpint (one.n, ==, 0);
  g_assert_cmpuint (one.sums[ALM_DIGEST_PUBLIC], !=, alive.sums[ALM_DIGEST_PUBLIC]);
}

static void
test_any_difference_shows (void)
{
  static const struct { gint64 ver; gboolean deleted; const char *fields; } others[] = {
    { 8, FALSE, "{\"name\":\"Linde\"}" },
    { 7, TRUE, "{\"name\":\"Linde\"}" },
    { 7, FALSE, "{\"name\":\"linde\"}" },
    { 7, FALSE, "{}" },
  };
  g_autoptr (AlmModel) model = make_model ();
  AlmDigest one = { 0 };

  add (&one, 7, FALSE, "{\"name\":\"Linde\"}", model, 0);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      AlmDigest two = { 0 };

      add (&two, others[i].ver, others[i].deleted, others[i].fields, model, 0);
      g_assert_cmpuint (one.sums[ALM_DIGEST_PUBLIC], !=, two.sums[ALM_DIGEST_PUBLIC]);
    }
}

static void
test_taken_away_leaves_nothing (void)
{
  g_autoptr (AlmModel) model = make_model ();
  AlmDigest sum = { 0 };
  AlmDigest gone = { 0 };
  AlmDigest nothing = { 0 };

  add (&sum, 7, FALSE, "{\"name\":\"Linde\",\"owner\":\"x\",\"crown\":3}", model, 0);
  add (&sum, 9, FALSE, "{\"height\":3}", NULL, 0);
  add (&gone, 9, FALSE, "{\"height\":3}", NULL, 0);
  alm_digest_subtract (&sum, &gone);
  gone = nothing;
  add (&gone, 7, FALSE, "{\"crown\":3,\"name\":\"Linde\",\"owner\":\"x\"}", model, 0);
  alm_digest_subtract (&sum, &gone);

  g_assert_cmpmem (&sum, sizeof sum, &nothing, sizeof nothing);
}

static void
test_a_conflict_counts_where_its_field_does (void)
{
  AlmDigest digest = { 0 };

  add (&digest, 7, FALSE, "{\"field\":\"owner\",\"mine\":\"x\"}", NULL, ALM_CLASS_PERSONAL);

  g_assert_cmpint (digest.n, ==, 0);
  g_assert_cmpuint (digest.sums[ALM_DIGEST_PUBLIC], ==, 0);
  g_assert_cmpuint (digest.sums[ALM_DIGEST_INTERNAL], ==, 0);
  g_assert_cmpuint (digest.sums[ALM_DIGEST_PERSONAL], !=, 0);
}

static void
test_class_of_a_conflict (void)
{
  static const struct { const char *fields; AlmClass expected; } cases[] = {
    { "{\"field\":\"name\"}", ALM_CLASS_PUBLIC },
    { "{\"field\":\"height\"}", ALM_CLASS_INTERNAL },
    { "{\"field\":\"owner\"}", ALM_CLASS_PERSONAL },
    { "{\"field\":\"size\"}", ALM_CLASS_CONFIDENTIAL },     /* a group */
    { "{\"field\":\"\"}", ALM_CLASS_PUBLIC },               /* the whole record, no values */
    { "{\"field\":\"unknown\"}", ALM_CLASS_INTERNAL },
  };
  g_autoptr (AlmModel) model = make_model ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) conflict = parse (cases[i].fields);

      g_assert_cmpint (alm_conflict_class (model, conflict), ==, cases[i].expected);
    }
}

static void
test_names_of_classes (void)
{
  static const struct { const char *names; guint expected; } cases[] = {
    { "[\"public\",\"internal\"]", ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL },
    { "[\"personal\"]", ALM_CLASS_PERSONAL },
    { "[\"public\",\"secret\"]", 0 },
    { "[\"public\",7]", 0 },
    { "\"public\"", 0 },
    { "[]", 0 },
  };
  g_autoptr (AlmValue) names = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) value = parse (cases[i].names);

      g_assert_cmpuint (alm_class_from_names (value), ==, cases[i].expected);
    }

  names = alm_class_to_names (ALM_CLASS_PUBLIC | ALM_CLASS_PERSONAL);
  text = alm_value_to_text (names);
  g_assert_cmpstr (text, ==, "[\"public\",\"personal\"]");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/digest/classes", test_each_class_sums_its_own_fields);
  g_test_add_func ("/store/digest/public", test_public_counts_every_record);
  g_test_add_func ("/store/digest/deleted", test_a_deleted_record_hides_its_fields);
  g_test_add_func ("/store/digest/difference", test_any_difference_shows);
  g_test_add_func ("/store/digest/subtract", test_taken_away_leaves_nothing);
  g_test_add_func ("/store/digest/conflict", test_a_conflict_counts_where_its_field_does);
  g_test_add_func ("/store/digest/conflict-class", test_class_of_a_conflict);
  g_test_add_func ("/store/digest/names", test_names_of_classes);

  return g_test_run ();
}
