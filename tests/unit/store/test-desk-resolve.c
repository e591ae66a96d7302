/* SPDX-License-Identifier: EUPL-1.2 */

/* Conflicts are decided by ordinary commands. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-desk-resolve.h"
#include "alm-store-error.h"

#include <string.h>

typedef AlmDeskFixture Fixture;

/* A conflict about tree 1 at @ver, as the server makes it. */
static void
ask (AlmDesk    *desk,
     guint       number,
     gint64      ver,
     const char *about)
{
  AlmId id, record;
  char id_text[ALM_ID_TEXT_SIZE], record_text[ALM_ID_TEXT_SIZE];
  g_autofree char *text = NULL;
  g_auto (AlmDeskSyncPage) page = { 0 };
  g_autoptr (GError) error = NULL;

  alm_fixture_id (&id, number);
  alm_fixture_id (&record, 1);
  alm_id_print (&id, id_text);
  alm_id_print (&record, record_text);
  text = g_strdup_printf ("{'s':'" ALM_FIXTURE_SCOPE "','v':%" G_GINT64_FORMAT ",'id':'%s',"
                          "'k':'conflict','f':{'record':'%s','kind':'tree','state':'open',%s}}\n"
                          "{'cursors':{'" ALM_FIXTURE_SCOPE "':%" G_GINT64_FORMAT "},"
                          "'more':false,'rights':'r1','digest':{}}\n",
                          ver, id_text, record_text, about, ver);
  g_strdelimit (text, "'", '"');
  alm_desk_sync_take_page (desk, text, strlen (text), &page, &error);
  g_assert_no_error (error);
}

static void
have_tree (AlmDesk    *desk,
           const char *fields)
{
  g_autofree char *line = alm_fixture_line (1, 3, fields);
  const char *const lines[] = { line, NULL };

  alm_fixture_page_free (alm_fixture_page (desk, 3, FALSE, NULL, lines));
}

static void
decide (AlmDesk    *desk,
        guint       number,
        AlmTake     take,
        const char *value)
{
  g_autoptr (AlmValue) other = value != NULL ? alm_fixture_value (value) : NULL;
  g_autoptr (GError) error = NULL;
  AlmEditResult result;
  AlmId id;

  alm_fixture_id (&id, number);
  alm_desk_resolve (desk, &id, take, other, NULL, &result, &error);
  g_assert_no_error (error);
}

static void
assert_shown (AlmDesk    *desk,
              const char *expected)
{
  g_autofree char *shown = alm_fixture_shown (desk, 1);

  g_assert_cmpstr (shown, ==, expected);
}

static guint
count_open (AlmDesk *desk)
{
  AlmDeskCounts counts;

  g_assert_true (alm_desk_count (desk, &counts, NULL));

  return counts.conflicts;
}

static void
test_each_choice_sets_its_value (Fixture       *fixture,
                                 gconstpointer  data)
{
  static const char about[] = "'field':'status','why':'value','base':'neu','theirs':'aktiv',"
                              "'mine':'krank'";
  AlmDesk *desk = fixture->desk;

  have_tree (desk, "{'status':'aktiv'}");
  for (guint i = 0; i < 4; i++)
    ask (desk, 10 + i, 4 + i, about);
  g_assert_cmpuint (count_open (desk), ==, 4);

  decide (desk, 10, ALM_TAKE_THEIRS, NULL);
  assert_shown (desk, "3 {'status':'aktiv'}*");
  decide (desk, 11, ALM_TAKE_MINE, NULL);
  assert_shown (desk, "3 {'status':'krank'}*");
  decide (desk, 12, ALM_TAKE_BASE, NULL);
  assert_shown (desk, "3 {'status':'neu'}*");
  decide (desk, 13, ALM_TAKE_VALUE, "'gefällt'");
  assert_shown (desk, "3 {'status':'gefällt'}*");
  g_assert_cmpuint (count_open (desk), ==, 0);
}

static void
test_a_resolved_one_stays_resolved_until_the_server_says_otherwise (Fixture       *fixture,
                                                                    gconstpointer  data)
{
  static const char about[] = "'field':'status','why':'value','theirs':'aktiv','mine':'krank'";
  AlmDesk *desk = fixture->desk;
  g_autoptr (GError) error = NULL;
  AlmEditResult result;
  AlmId id;

  have_tree (desk, "{'status':'aktiv'}");
  ask (desk, 10, 4, about);
  decide (desk, 10, ALM_TAKE_MINE, NULL);

  /* The server sends it again, still open. */
  ask (desk, 10, 5, about);
  g_assert_cmpuint (count_open (desk), ==, 0);
  alm_fixture_id (&id, 10);
  g_assert_false (alm_desk_resolve (desk, &id, ALM_TAKE_BASE, NULL, NULL, &result, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT);

  alm_fixture_answer (desk, "{'n':1,'r':'refused','code':'forbidden'}\n{'next':2}\n", NULL);
  g_assert_cmpuint (count_open (desk), ==, 1);
  assert_shown (desk, "3 {'status':'aktiv'}");
}

static void
test_questions_about_deletions (Fixture       *fixture,
                                gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  have_tree (desk, "{'status':'aktiv'}");
  ask (desk, 10, 4, "'field':'','why':'edited'");
  decide (desk, 10, ALM_TAKE_THEIRS, NULL);
  assert_shown (desk, "3 {'status':'aktiv'}*");
  ask (desk, 11, 5, "'field':'','why':'edited'");
  decide (desk, 11, ALM_TAKE_MINE, NULL);
  assert_shown (desk, "x 3");
  g_assert_cmpuint (count_open (desk), ==, 0);
}

static void
test_a_part_of_a_field_is_put_in_its_place (Fixture       *fixture,
                                            gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  have_tree (desk, "{'tags':['a','b']}");
  ask (desk, 10, 4, "'field':'tags','why':'value','part':{'id':'x'},'mine':'c'");
  decide (desk, 10, ALM_TAKE_MINE, NULL);
  assert_shown (desk, "3 {'tags':['a','b','c']}*");
}

static void
test_what_is_no_conflict_is_refused (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  AlmEditResult result;
  AlmId id;

  have_tree (fixture->desk, "{'status':'aktiv'}");
  alm_fixture_id (&id, 1);
  g_assert_false (alm_desk_resolve (fixture->desk, &id, ALM_TAKE_MINE, NULL, NULL, &result,
                                    &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT);
  g_clear_error (&error);
  alm_fixture_id (&id, 99);
  g_assert_false (alm_desk_resolve (fixture->desk, &id, ALM_TAKE_MINE, NULL, NULL, &result,
                                    &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

#define ADD(name, function) \
  g_test_add ("/store/desk-resolve/" name, Fixture, NULL, alm_desk_fixture_set_up, function, \
              alm_desk_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("each-choice-sets-its-value", test_each_choice_sets_its_value);
  ADD ("a-resolved-one-stays-resolved-until-the-server-says-otherwise",
       test_a_resolved_one_stays_resolved_until_the_server_says_otherwise);
  ADD ("questions-about-deletions", test_questions_about_deletions);
  ADD ("a-part-of-a-field-is-put-in-its-place", test_a_part_of_a_field_is_put_in_its_place);
  ADD ("what-is-no-conflict-is-refused", test_what_is_no_conflict_is_refused);

  return g_test_run ();
}
