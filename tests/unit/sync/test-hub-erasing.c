/* SPDX-License-Identifier: EUPL-1.2 */

/* Erasing on the server: who may, what goes from where, what does not come back. */

#include "config.h"

#include "alm-hub.h"
#include "alm-json.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <string.h>

#define DESK_A "00000000-0000-7000-8000-00000000000a"
#define DESK_B "00000000-0000-7000-8000-00000000000b"
#define TREE   "00000000-0000-7000-8000-000000000001"
#define GRANTS \
  "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\",\"classes\":[\"public\",\"internal\"," \
  "\"personal\"]}]"
#define SECRET "GEHEIMWORT"

typedef struct
{
  AlmTestHub hub;
  char      *a;
  char      *b;
  gint64     n[3];    /* last numbers of the admin's desk, a's and b's */
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  alm_test_hub_set_up (&f->hub);
  alm_test_hub_make_city (&f->hub);
  f->a = alm_test_hub_add (&f->hub, "anna", DESK_A, GRANTS);
  f->b = alm_test_hub_add (&f->hub, "bert", DESK_B, GRANTS);
  f->n[0] = 2;
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_free (f->a);
  g_free (f->b);
  alm_test_hub_tear_down (&f->hub);
}

/* The next command of a desk; the answer's line. */
static char *
send (Fixture    *f,
      char        desk,
      const char *rest)
{
  const char *const tokens[] = { f->hub.admin, f->a, f->b };
  static const char *const desks[] = { ALM_TEST_ADMIN_DESK, DESK_A, DESK_B };
  guint i = desk == 'a' ? 1 : desk == 'b' ? 2 : 0;
  gint64 n = ++f->n[i];
  g_autofree char *line = g_strdup_printf ("{\"n\":%" G_GINT64_FORMAT ",\"cid\":\"%016d\","
                                           "\"at\":\"2027-01-15T09:00:00Z\",%s}\n", n, (int) n,
                                           rest);
  char *said = alm_test_hub_push (&f->hub, 200, tokens[i], desks[i], n, line);

  *strchr (said, '\n') = '\0';

  return said;
}

static void
assert_said (Fixture    *f,
             char        desk,
             const char *rest,
             const char *expected)
{
  g_autofree char *said = send (f, desk, rest);

  g_assert_cmpstr (said, ==, expected);
}

static void
assert_refused (Fixture    *f,
                char        desk,
                const char *rest,
                const char *code)
{
  g_autofree char *said = send (f, desk, rest);
  g_autoptr (AlmValue) value = alm_json_parse (said, -1, NULL, NULL);

  if (g_strcmp0 (alm_value_get_text_of (value, "code"), code) != 0)
    g_test_message ("%s", said);
  g_assert_cmpstr (alm_value_get_text_of (value, "r"), ==, "refused");
  g_assert_cmpstr (alm_value_get_text_of (value, "code"), ==, code);
  g_assert_null (strstr (said, SECRET));
}

#define NEW_TREE(set) \
  "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\",\"kind\":\"tree\",\"id\":\"" TREE "\"," \
  "\"set\":" set
#define UPD(base, set, old) \
  "\"op\":\"upd\",\"base\":" #base ",\"id\":\"" TREE "\",\"set\":" set ",\"old\":" old
#define ERASE(more) "\"op\":\"erase\",\"base\":1,\"id\":\"" TREE "\"" more
#define ERASE_OWNER ERASE (",\"fields\":[\"owner\"],\"reason\":\"verlangt\"")
#define ERASE_ALL ERASE (",\"reason\":\"verlangt\"")

static void
assert_query (Fixture    *f,
              const char *sql,
              const char *expected)
{
  g_autofree char *found = alm_test_query (f->hub.path, sql);

  g_assert_cmpstr (found, ==, expected);
}

static void
assert_fields (Fixture    *f,
               const char *expected)
{
  assert_query (f, "SELECT body || coalesce (body_p, '') || del FROM records WHERE hex (id) ="
                   " '00000000000070008000000000000001'", expected);
}

static void
assert_no_secret (Fixture *f)
{
  g_assert_cmpuint (alm_test_count_word (f->hub.dir, SECRET), ==, 0);
}

static void
wipe (Fixture *f)
{
  gboolean done = FALSE;

  g_assert_true (alm_hub_core_wipe (f->hub.core, &done, NULL));
  g_assert_true (done);
}

/* A secret in a field, in its history, in a conflict that is open and one that is not. */
static void
make_secrets (Fixture *f)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  assert_said (f, 'a', NEW_TREE ("{\"species\":\"Linde\",\"owner\":\"" SECRET " 1\","
                                 "\"year\":1990}"), "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (1, "{\"owner\":\"" SECRET " 2\",\"year\":1991}",
                            "{\"owner\":\"" SECRET " 1\",\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  one = send (f, 'a', UPD (1, "{\"owner\":\"" SECRET " 3\",\"year\":1992}",
                           "{\"owner\":\"" SECRET " 1\",\"year\":1990}"));
  two = send (f, 'a', UPD (1, "{\"owner\":\"" SECRET " 4\"}", "{\"owner\":\"" SECRET " 3\"}"));
  g_assert_nonnull (strstr (one, "\"r\":\"conflict\""));
  g_assert_nonnull (strstr (two, "\"r\":\"conflict\""));
}

static void
test_only_an_auditor_erases (Fixture       *f,
                             gconstpointer  data)
{
  make_secrets (f);
  assert_refused (f, 'a', ERASE_OWNER, "forbidden");
  assert_refused (f, 'x', ERASE (",\"fields\":[\"owner\"]"), "bad-value");
  assert_refused (f, 'x', ERASE (",\"fields\":[\"owner\"],\"reason\":\"\""), "bad-value");
  assert_refused (f, 'x', "\"op\":\"erase\",\"base\":1,\"reason\":\"verlangt\",\"id\":\"" DESK_A
                  "\"", "unknown-record");
  /* The scope's own record. */
  assert_refused (f, 'x', "\"op\":\"erase\",\"base\":1,\"reason\":\"verlangt\",\"id\":"
                  "\"00000000-0000-7000-8000-0000000000a1\"", "forbidden");
  assert_fields (f, "{\"species\":\"Linde\",\"year\":1991}{\"owner\":\"" SECRET " 2\"}0");
  assert_query (f, "SELECT count (*) FROM erased", "0");
}

static void
test_a_reason_does_not_repeat_it (Fixture       *f,
                                  gconstpointer  data)
{
  make_secrets (f);
  assert_refused (f, 'x', ERASE (",\"fields\":[\"owner\"],\"reason\":\"wegen geheimwort 2\""),
                  "bad-value");
}

/* The auditor has no right to read here, and needs none. */
static void
test_a_field_goes_from_everywhere (Fixture       *f,
                                   gconstpointer  data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  static const char chains[] = "SELECT group_concat (hex (chash) || hex (chain)) FROM history"
                               " WHERE op <> 'erase'";

  make_secrets (f);
  before = alm_test_query (f->hub.path, chains);
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  assert_fields (f, "{\"species\":\"Linde\",\"year\":1991}0");
  wipe (f);
  assert_no_secret (f);

  after = alm_test_query (f->hub.path, chains);
  g_assert_cmpstr (before, ==, after);
  assert_query (f, "SELECT set_ || coalesce (set_p, '-') || old_ || coalesce (old_p, '-')"
                   " FROM history WHERE op = 'upd' AND user = 'bert'",
                "{\"year\":1991}-{\"year\":1990}-");
  /* The conflict about the owner is over, that about the year is still open. */
  assert_query (f, "SELECT group_concat (coalesce (json_extract (body, '$.state'),"
                   " json_extract (body_p, '$.state')) || coalesce (json_extract (body, '$.mine'),"
                   " '-')) FROM records WHERE kind = (SELECT i FROM names WHERE"
                   " name = 'conflict') ORDER BY 1", "resolved-,open1992");
  assert_query (f, "SELECT count (*) FROM proposals", "1");
  assert_query (f, "SELECT actor || action || subject || detail FROM audit WHERE"
                   " action = 'erase'", "cheferase" TREE "ksj/baeume 6 owner");
  /* The chain goes on behind it. */
  assert_said (f, 'b', UPD (6, "{\"year\":1993}", "{\"year\":1991}"),
               "{\"n\":2,\"r\":\"ok\",\"seq\":8}");
  assert_query (f, "SELECT hex (s.chain) = hex (h.chain) FROM scopes s JOIN history h"
                   " ON h.scope = s.scope AND h.seq = 8", "1");
}

static void
test_nobody_can_guess_what_it_was (Fixture       *f,
                                   gconstpointer  data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_auto (GStrv) salts = NULL;

  make_secrets (f);
  before = alm_test_query (f->hub.path, "SELECT group_concat (hex (salt)) FROM salts WHERE id IN"
                                        " (SELECT id FROM history WHERE scope > 1)");
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  after = alm_test_query (f->hub.path, "SELECT group_concat (hex (salt)) FROM salts");
  salts = g_strsplit (before, ",", 0);
  for (char **salt = salts; *salt != NULL; salt++)
    if (strstr (after, *salt) != NULL)
      {
        /* That of the open conflict about the year stays. */
        g_autofree char *sql =
          g_strdup_printf ("SELECT instr (body, '1992') > 0 FROM records JOIN salts USING (id)"
                           " WHERE hex (salt) = '%s'", *salt);

        assert_query (f, sql, "1");
      }
}

static void
test_a_whole_record_goes_from_everywhere (Fixture       *f,
                                          gconstpointer  data)
{
  make_secrets (f);
  assert_said (f, 'x', ERASE_ALL, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  assert_fields (f, "{}1");
  wipe (f);
  assert_no_secret (f);
  assert_query (f, "SELECT count (*) FROM history WHERE hex (id) ="
                   " '00000000000070008000000000000001' AND coalesce (set_, old_, set_p, old_p)"
                   " IS NOT NULL", "0");
  assert_query (f, "SELECT count (*) FROM proposals", "0");
  assert_query (f, "SELECT count (*) FROM records WHERE instr (body, '1992') > 0", "0");

  /* Nothing brings it back, and to delete it once more does no harm. */
  assert_refused (f, 'a', UPD (6, "{\"year\":1993}", "{}"), "erased");
  assert_refused (f, 'a', NEW_TREE ("{\"species\":\"Linde\"}"), "erased");
  assert_refused (f, 'a', "\"op\":\"undel\",\"base\":6,\"id\":\"" TREE "\"", "erased");
  assert_said (f, 'b', "\"op\":\"del\",\"base\":2,\"id\":\"" TREE "\"",
               "{\"n\":2,\"r\":\"ok\",\"seq\":6}");
  assert_fields (f, "{}1");
}

/* What a desk wrote before it knew. */
static void
test_late_commands_do_not_bring_it_back (Fixture       *f,
                                         gconstpointer  data)
{
  make_secrets (f);
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  assert_refused (f, 'b', UPD (2, "{\"owner\":\"" SECRET " 5\"}", "{\"owner\":\"" SECRET " 2\"}"),
                  "erased");
  assert_said (f, 'b', UPD (2, "{\"owner\":\"" SECRET " 5\",\"year\":1995}",
                            "{\"owner\":\"" SECRET " 2\",\"year\":1991}"),
               "{\"merged\":[\"owner\"],\"n\":3,\"r\":\"merged\",\"seq\":8}");
  assert_said (f, 'b', NEW_TREE ("{\"owner\":\"" SECRET " 5\",\"species\":\"Linde\"}"),
               "{\"merged\":[\"owner\"],\"n\":4,\"r\":\"merged\",\"seq\":8}");
  assert_fields (f, "{\"species\":\"Linde\",\"year\":1995}0");
  wipe (f);
  assert_no_secret (f);

  /* Who has seen the erasure knows what he writes. */
  assert_said (f, 'b', UPD (8, "{\"owner\":\"Neu\"}", "{}"), "{\"n\":5,\"r\":\"ok\",\"seq\":9}");
  assert_fields (f, "{\"species\":\"Linde\",\"year\":1995}{\"owner\":\"Neu\"}0");
}

/* What the program says of a refused value names a part of it here and there. */
static void
test_answers_lose_their_reasons (Fixture       *f,
                                 gconstpointer  data)
{
  make_secrets (f);
  assert_refused (f, 'b', UPD (2, "{\"height\":{\"" SECRET "\":1}}", "{}"), "bad-value");
  assert_query (f, "SELECT 1 FROM outcomes WHERE line LIKE '%field ''height'': %'", "1");
  assert_said (f, 'x', ERASE (",\"fields\":[\"height\"],\"reason\":\"verlangt\""),
               "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  assert_query (f, "SELECT line FROM outcomes WHERE line LIKE '%height%'",
                "{\"code\":\"bad-value\",\"detail\":\"field 'height'\",\"n\":2,"
                "\"r\":\"refused\"}");
}

/* The business key of what is erased is free. */
static void
test_the_key_is_free (Fixture       *f,
                      gconstpointer  data)
{
  assert_said (f, 'a', NEW_TREE ("{\"species\":\"Linde\",\"number\":\"7\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_query (f, "SELECT count (*) FROM keys WHERE id IN (SELECT id FROM records WHERE"
                   " scope > 1)", "1");
  assert_said (f, 'x', ERASE (",\"fields\":[\"number\"],\"reason\":\"verlangt\""),
               "{\"n\":3,\"r\":\"ok\",\"seq\":2}");
  assert_query (f, "SELECT count (*) FROM keys WHERE id IN (SELECT id FROM records WHERE"
                   " scope > 1)", "0");
}

/* A restart between the erasure and the cleaning of the files. */
static void
test_a_restart_goes_on (Fixture       *f,
                        gconstpointer  data)
{
  make_secrets (f);
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  alm_test_hub_reopen (&f->hub);
  assert_query (f, "SELECT value FROM info WHERE name = 'wipe'", "1");
  wipe (f);
  assert_no_secret (f);
  assert_query (f, "SELECT value FROM info WHERE name = 'wipe'", NULL);
}

/* What a desk with this cursor is told of the tree, without its end. */
static char *
told (Fixture    *f,
      gint64      after)
{
  g_autofree char *body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"ksj/baeume\":%"
                                           G_GINT64_FORMAT "}}", f->hub.epoch, after);
  g_autofree char *text = alm_test_hub_text (&f->hub, 200, f->b, "POST", "/v1/feed", body);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);

  for (char **line = lines; *line != NULL; line++)
    if (strstr (*line, "\"id\":\"" TREE "\"") != NULL)
      return g_strdup (*line);

  return NULL;
}

static void
test_the_feed_tells_it (Fixture       *f,
                        gconstpointer  data)
{
  g_autofree char *early = NULL;
  g_autofree char *again = NULL;
  g_autofree char *late = NULL;
  g_autofree char *two = NULL;
  g_autofree char *all = NULL;
  g_autofree char *conflict = NULL;

  make_secrets (f);
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  early = told (f, 5);
  g_assert_cmpstr (early, ==, "{\"erased\":[\"owner\"],\"f\":{\"species\":\"Linde\",\"year\":1991},"
                              "\"id\":\"" TREE "\",\"k\":\"tree\",\"s\":\"ksj/baeume\",\"v\":6}");
  conflict = alm_test_query (f->hub.path, "SELECT count (*) FROM erased WHERE implied");
  g_assert_cmpstr (conflict, ==, "1");

  /* It goes with every later state, for who has not been here since, and for nobody else. */
  assert_said (f, 'b', UPD (6, "{\"owner\":\"Neu\"}", "{}"), "{\"n\":2,\"r\":\"ok\",\"seq\":8}");
  again = told (f, 5);
  g_assert_true (g_str_has_prefix (again, "{\"erased\":[\"owner\"],\"f\":{\"owner\":\"Neu\","));
  late = told (f, 6);
  g_assert_true (g_str_has_prefix (late, "{\"f\":{\"owner\":\"Neu\","));

  assert_said (f, 'x', ERASE (",\"fields\":[\"year\"],\"reason\":\"verlangt\""),
               "{\"n\":4,\"r\":\"ok\",\"seq\":9}");
  two = told (f, 0);
  g_assert_true (g_str_has_prefix (two, "{\"erased\":[\"year\",\"owner\"],\"f\":{"));
  assert_said (f, 'x', ERASE_ALL, "{\"n\":5,\"r\":\"ok\",\"seq\":11}");
  all = told (f, 0);
  g_assert_cmpstr (all, ==, "{\"del\":true,\"erased\":[],\"id\":\"" TREE "\",\"k\":\"tree\","
                            "\"s\":\"ksj/baeume\",\"v\":11}");
}

/* The "erased" of a hello. */
static char *
owed (Fixture    *f,
      const char *token,
      const char *desk)
{
  g_autofree char *body = g_strdup_printf ("{\"desk\":\"%s\",\"protocol\":1}", desk);
  g_autoptr (AlmValue) said = alm_test_hub_expect (&f->hub, 200, token, "POST", "/v1/hello", body);

  return alm_value_to_text (alm_value_get (said, "erased"));
}

static void
assert_owes (Fixture    *f,
             const char *token,
             const char *desk,
             const char *expected)
{
  g_autofree char *text = owed (f, token, desk);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_listed (Fixture    *f,
               guint       confirmed,
               const char *open)
{
  g_autoptr (AlmValue) said = alm_test_hub_expect (&f->hub, 200, f->hub.admin, "GET",
                                                   "/v1/erasures", NULL);
  g_autoptr (GString) desks = g_string_new (NULL);
  const AlmValue *list = alm_value_get (said, "open");
  g_autofree char *fields = alm_value_to_text (alm_value_get (said, "fields"));

  for (guint i = 0; i < alm_value_get_size (list); i++)
    g_string_append (desks, alm_value_get_text_of (alm_value_get_item (list, i), "desk") + 34);
  g_assert_cmpstr (fields, ==, "[\"owner\"]");
  g_assert_cmpint (alm_value_get_integer_of (said, "seq", 0), ==, 6);
  g_assert_cmpstr (alm_value_get_text_of (said, "id"), ==, TREE);
  g_assert_cmpint (alm_value_get_integer_of (said, "confirmed", -1), ==, confirmed);
  g_assert_cmpstr (desks->str, ==, open);
}

static void
test_who_was_told_of_the_scope_confirms (Fixture       *f,
                                         gconstpointer  data)
{
  static const char owing[] = "[{\"fields\":[\"owner\"],\"id\":\"" TREE "\",\"scope\":"
                              "\"ksj/baeume\",\"seq\":6},";
  g_autofree char *c = NULL;
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) said = NULL;

  make_secrets (f);
  /* a and b were told, c comes too late to have seen it, the admin never reads here. */
  assert_owes (f, f->a, DESK_A, "[]");
  assert_owes (f, f->b, DESK_B, "[]");
  assert_owes (f, f->hub.admin, ALM_TEST_ADMIN_DESK, "[]");
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  c = alm_test_hub_add (&f->hub, "carl", "00000000-0000-7000-8000-00000000000c", GRANTS);
  assert_owes (f, c, "00000000-0000-7000-8000-00000000000c", "[]");
  assert_owes (f, f->hub.admin, ALM_TEST_ADMIN_DESK, "[]");
  text = owed (f, f->a, DESK_A);
  g_assert_true (g_str_has_prefix (text, owing));
  assert_listed (f, 0, "0a" "0b");

  /* Not yet; then it has; once more does not count twice. */
  said = alm_test_hub_expect (&f->hub, 200, f->a, "POST", "/v1/erasures",
                              "{\"seen\":{\"ksj/baeume\":5}}");
  assert_listed (f, 0, "0a" "0b");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AlmValue) once = alm_test_hub_expect (&f->hub, 200, f->a, "POST",
                                                       "/v1/erasures",
                                                       "{\"seen\":{\"ksj/baeume\":7}}");

      g_assert_cmpint (alm_value_get_integer_of (once, "open", -1), ==, 0);
      assert_listed (f, 1, "0b");
    }
  assert_owes (f, f->a, DESK_A, "[]");
  assert_query (f, "SELECT group_concat (actor || subject || detail) FROM audit WHERE"
                   " action = 'erase-confirmed'", "anna" TREE "ksj/baeume 6 " DESK_A);
}

static void
test_a_desk_without_rights_still_owes (Fixture       *f,
                                       gconstpointer  data)
{
  g_autoptr (AlmValue) none = NULL;
  g_autofree char *text = NULL;

  make_secrets (f);
  assert_owes (f, f->b, DESK_B, "[]");
  none = alm_test_hub_expect (&f->hub, 200, f->hub.admin, "PUT", "/v1/users/bert/grants",
                              "{\"grants\":[]}");
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  text = owed (f, f->b, DESK_B);
  g_assert_nonnull (strstr (text, "\"id\":\"" TREE "\""));
}

static void
test_bad_questions (Fixture       *f,
                    gconstpointer  data)
{
  static const char *const bodies[] = { "{}", "{\"seen\":[]}", "{\"seen\":{\"ksj/baeume\":\"1\"}}",
                                        "{\"seen\":{\"No Scope\":1}}", "x" };
  g_autofree char *forbidden = alm_test_hub_text (&f->hub, 403, f->a, "GET", "/v1/erasures", NULL);
  g_autofree char *nobody = alm_test_hub_text (&f->hub, 401, NULL, "GET", "/v1/erasures", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_free (alm_test_hub_text (&f->hub, 400, f->a, "POST", "/v1/erasures", bodies[i]));
}

/* The database as it is now, as a backup holds it; (transfer full) */
static GBytes *
save (Fixture *f)
{
  char *bytes = NULL;
  gsize length = 0;

  g_clear_pointer (&f->hub.core, alm_hub_core_free);
  g_assert_true (g_file_get_contents (f->hub.path, &bytes, &length, NULL));
  alm_test_hub_reopen (&f->hub);

  return g_bytes_new_take (bytes, length);
}

/* Puts it back and tells it of @lines; how many it did not know. */
static guint
apply (Fixture     *f,
       GBytes      *saved,
       const char  *lines,
       GError     **error)
{
  g_autoptr (AlmServerStore) store = NULL;
  guint n = 99;

  g_clear_pointer (&f->hub.core, alm_hub_core_free);
  if (saved != NULL)
    g_assert_true (g_file_set_contents (f->hub.path, g_bytes_get_data (saved, NULL),
                                        (gssize) g_bytes_get_size (saved), NULL));
  store = alm_hub_open (f->hub.dir, ALM_HUB_WRITE, NULL);
  g_assert_nonnull (store);
  if (!alm_hub_apply_erasures (store, &alm_test_hub_options, lines, strlen (lines), &n, error))
    n = 99;
  g_clear_pointer (&store, alm_server_store_close);
  alm_test_hub_reopen (&f->hub);

  return n;
}

#define LISTED(seq, id, fields) \
  "{\"at\":\"2027-01-15T08:00:00Z\",\"fields\":" fields ",\"id\":\"" id "\"," \
  "\"reason\":\"verlangt\"," \
  "\"scope\":\"ksj/baeume\",\"seq\":" #seq ",\"user\":\"chef\"}\n"

static void
test_a_restored_backup_is_told (Fixture       *f,
                                gconstpointer  data)
{
  g_autoptr (GBytes) backup = NULL;
  static const char lines[] = LISTED (6, TREE, "[\"owner\"]") "{\"torn\":";

  make_secrets (f);
  backup = save (f);
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  f->n[0] = 2;
  g_assert_cmpuint (apply (f, backup, lines, NULL), ==, 1);
  assert_fields (f, "{\"species\":\"Linde\",\"year\":1991}0");
  wipe (f);
  assert_no_secret (f);
  assert_query (f, "SELECT count (*) FROM audit WHERE action = 'erase' AND actor = 'chef'", "1");
  g_assert_cmpuint (apply (f, NULL, lines, NULL), ==, 0);

  /* A desk that had seen all but the erasure hands in once more. */
  assert_refused (f, 'b', UPD (6, "{\"owner\":\"" SECRET " 5\"}", "{\"owner\":\"" SECRET " 2\"}"),
                  "erased");
  wipe (f);
  assert_no_secret (f);
}

#define TREE_2 "00000000-0000-7000-8000-000000000002"
#define TREE_3 "00000000-0000-7000-8000-000000000003"
#define NEW_OF(id, set) \
  "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\",\"kind\":\"tree\",\"id\":\"" id "\"," \
  "\"set\":" set

/* Made after the backup: a desk still has it, and brings it without what was erased, even if
 * no tree is without it. */
static void
test_what_the_backup_does_not_know (Fixture       *f,
                                    gconstpointer  data)
{
  static const char lines[] = LISTED (4, TREE_2, "[\"species\"]") LISTED (5, TREE_3, "null");

  g_assert_cmpuint (apply (f, NULL, lines, NULL), ==, 2);
  assert_said (f, 'a', NEW_OF (TREE_2, "{\"species\":\"" SECRET "\",\"year\":1990}"),
               "{\"merged\":[\"species\"],\"n\":1,\"r\":\"merged\",\"seq\":6}");
  assert_refused (f, 'a', "\"op\":\"upd\",\"base\":3,\"id\":\"" TREE_2 "\",\"set\":{\"species\":"
                  "\"" SECRET "\"},\"old\":{}", "erased");
  assert_refused (f, 'a', NEW_OF (TREE_3, "{\"species\":\"" SECRET "\"}"), "erased");
  assert_query (f, "SELECT body FROM records WHERE hex (id) ="
                   " '00000000000070008000000000000002'", "{\"year\":1990}");
  assert_no_secret (f);
}

static void
test_a_bad_list_is_told_by_line (Fixture       *f,
                                 gconstpointer  data)
{
  static const char *const bad[] = {
    "{}\n", "x\n", LISTED (4, "no-id", "null"), LISTED (4, TREE, "[]"), LISTED (4, TREE, "[1]"),
    LISTED (-1, TREE, "null"),
  };

  make_secrets (f);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *lines = g_strconcat (LISTED (4, TREE, "null"), bad[i], NULL);
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (apply (f, NULL, lines, &error), ==, 99);
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, "line 2: "));
    }
  assert_fields (f, "{\"species\":\"Linde\",\"year\":1991}{\"owner\":\"" SECRET " 2\"}0");
}

static void
assert_verified (Fixture *f,
                 guint    problems)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  AlmServerStore *store;

  g_clear_pointer (&f->hub.core, alm_hub_core_free);
  store = alm_hub_open (f->hub.dir, ALM_HUB_READ, NULL);
  g_assert_true (alm_hub_verify (store, findings, NULL));
  alm_server_store_close (store);
  for (guint i = 0; i < findings->len; i++)
    g_test_message ("%s", (char *) findings->pdata[i]);
  g_assert_cmpuint (findings->len, ==, problems);
  alm_test_hub_reopen (&f->hub);
}

/* Neither what is gone nor what is left of such a line can be checked; all else can. */
static void
test_verify_takes_it_for_no_damage (Fixture       *f,
                                    gconstpointer  data)
{
  make_secrets (f);
  assert_verified (f, 0);
  assert_said (f, 'x', ERASE_OWNER, "{\"n\":3,\"r\":\"ok\",\"seq\":6}");
  assert_said (f, 'b', UPD (6, "{\"year\":1993}", "{\"year\":1991}"),
               "{\"n\":2,\"r\":\"ok\",\"seq\":8}");
  assert_verified (f, 0);
  assert_said (f, 'x', ERASE_ALL, "{\"n\":4,\"r\":\"ok\",\"seq\":9}");
  assert_verified (f, 0);
  g_free (alm_test_query (f->hub.path, "UPDATE history SET user = 'x' WHERE scope > 1"
                                       " AND seq = 2"));
  assert_verified (f, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/hub-erasing/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("only-an-auditor-erases", test_only_an_auditor_erases);
  ADD ("a-reason-does-not-repeat-it", test_a_reason_does_not_repeat_it);
  ADD ("a-field-goes-from-everywhere", test_a_field_goes_from_everywhere);
  ADD ("nobody-can-guess-what-it-was", test_nobody_can_guess_what_it_was);
  ADD ("a-whole-record-goes-from-everywhere", test_a_whole_record_goes_from_everywhere);
  ADD ("late-commands-do-not-bring-it-back", test_late_commands_do_not_bring_it_back);
  ADD ("answers-lose-their-reasons", test_answers_lose_their_reasons);
  ADD ("the-key-is-free", test_the_key_is_free);
  ADD ("a-restart-goes-on", test_a_restart_goes_on);
  ADD ("the-feed-tells-it", test_the_feed_tells_it);
  ADD ("who-was-told-of-the-scope-confirms", test_who_was_told_of_the_scope_confirms);
  ADD ("a-desk-without-rights-still-owes", test_a_desk_without_rights_still_owes);
  ADD ("bad-questions", test_bad_questions);
  ADD ("verify-takes-it-for-no-damage", test_verify_takes_it_for_no_damage);
  ADD ("a-restored-backup-is-told", test_a_restored_backup_is_told);
  ADD ("what-the-backup-does-not-know", test_what_the_backup_does_not_know);
  ADD ("a-bad-list-is-told-by-line", test_a_bad_list_is_told_by_line);

  return g_test_run ();
}
