/* SPDX-License-Identifier: EUPL-1.2 */

/* What the server would refuse is refused here at once (sync.md, section 4.8); the
 * same rules as in tests/unit/sync/test-hub-rules.c, from the desk's side. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-json.h"
#include "alm-test.h"

#include <string.h>

#define SQUARE(w, e) "{'type':'Polygon','coordinates':[[[" #w ",50],[" #e ",50],[" #e ",51],[" #w \
                     ",51],[" #w ",50]]]}"
#define POINT(x) "{'type':'Point','coordinates':[" #x ",50.5]}"

static const char model[] =
  "{'s':'system','v':7,'id':'01931f2e-7c1a-7e3b-9d41-00000000f001','k':'model','f':{"
  "'name':'tree','schema':{'type':'object','properties':{"
  "'geometry':{'format':'geometry-point','x-ogc-role':'primary-geometry',"
  "'x-alm-class':'public'},'species':{'type':'string'},"
  "'owner':{'type':'string','x-alm-class':'personal'},"
  "'checked':{'type':'string','readOnly':true}}}}}\n"
  "{'cursors':{'system':7},'more':false,'rights':'r1','digest':{}}\n";

/* 1 at 10.2, 2 at 10.6, 3 nowhere, 4 deleted at 11.5, 5 at 11.5. */
static const char *const trees[][2] = {
  { "{'species':'Linde','owner':'Muster','geometry':" POINT (10.2) "}", NULL },
  { "{'species':'Linde','owner':'Muster','geometry':" POINT (10.6) "}", NULL },
  { "{'species':'Linde','owner':'Muster'}", NULL },
  { "{'species':'Linde','geometry':" POINT (11.5) "}", "deleted" },
  { "{'species':'Linde','geometry':" POINT (11.5) "}", NULL },
};

static void
take_rights (AlmDeskFixture *f,
             const char     *rights)
{
  g_autofree char *json = g_strdup_printf (
    "{'server':'s1','epoch':'e1','protocol':1,'next':1,'roles':['editor'],%s,'scopes':["
    "{'scope':'system','title':'System','seq':7,'roles':['reader'],"
    "'classes':['public','internal'],'grant':'g0'%s},"
    "{'scope':'" ALM_FIXTURE_SCOPE "','title':'Bäume','seq':9,%s,'grant':'g1'}]}",
    strstr (rights, "'area':") != NULL ? "'areas':[" SQUARE (10, 11) "," SQUARE (10, 10.4) "]"
                                       : "'areas':[]",
    strstr (rights, "'writes'") != NULL ? ",'writes':[]" : "", rights);
  g_autoptr (AlmWireHello) hello = NULL;
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  g_autoptr (GError) error = NULL;

  g_strdelimit (json, "'", '"');
  hello = alm_wire_hello_parse (json, strlen (json), &error);
  g_assert_no_error (error);
  alm_desk_sync_take_hello (f->desk, hello, &plan, &error);
  g_assert_no_error (error);
}

static void
delete_fourth (AlmDeskFixture *f)
{
  g_autofree char *gone = alm_fixture_line (4, 6, NULL);
  const char *lines[] = { gone, NULL };
  g_autoptr (AlmDeskSyncPage) page = alm_fixture_page (f->desk, 6, FALSE, NULL, lines);

  g_assert_false (page->more);
}

static void
set_up (AlmDeskFixture *f,
        gconstpointer   rights)
{
  g_autofree char *text = g_strdelimit (g_strdup (model), "'", '"');
  g_auto (AlmDeskSyncPage) taken = { 0 };
  g_autoptr (GError) error = NULL;
  const char *lines[G_N_ELEMENTS (trees) + 1] = { NULL };
  g_autoptr (AlmDeskSyncPage) page = NULL;

  alm_desk_fixture_set_up (f, NULL);
  alm_desk_sync_take_page (f->desk, text, strlen (text), &taken, &error);
  g_assert_no_error (error);
  take_rights (f, rights);
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    lines[i] = alm_fixture_line (i + 1, i + 1, trees[i][0]);
  page = alm_fixture_page (f->desk, 5, FALSE, NULL, lines);
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    g_free ((char *) lines[i]);
  delete_fourth (f);
}

/* @reason: NULL: it is done */
static void
expect (AlmDeskFixture *f,
        AlmOp           op,
        guint           number,
        const char     *set,
        const char     *reason)
{
  g_autoptr (AlmValue) fields = set != NULL ? alm_fixture_value (set) : NULL;
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { .op = op, .has_id = TRUE, .scope = ALM_FIXTURE_SCOPE, .kind = "tree",
                   .set = fields };
  AlmEditResult result;

  alm_fixture_id (&edit.id, number);
  alm_desk_edit (f->desk, &edit, 1, &result, NULL, &error);
  if (reason == NULL)
    {
      g_assert_no_error (error);
      return;
    }
  if (error == NULL || strstr (error->message, reason) == NULL)
    g_test_message ("%u %s: %s", number, set, error != NULL ? error->message : "done");
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, reason));
}

#define READ_ONLY "you may only read scope 'ksj/baeume'"
#define NO_FIELD  "field 'owner': not among the fields you may change"
#define OUTSIDE   "in your area only, and this lies outside"
#define IN_AREA   "field 'owner': you may change it in your area only"

static void
test_a_reader (AlmDeskFixture *f,
               gconstpointer   rights)
{
  g_autoptr (GError) error = NULL;

  expect (f, ALM_OP_NEW, 9, "{'species':'Ahorn'}", READ_ONLY);
  expect (f, ALM_OP_UPD, 1, "{'species':'Ahorn'}", READ_ONLY);
  expect (f, ALM_OP_NEW, 1, "{'species':'Ahorn'}", READ_ONLY);
  expect (f, ALM_OP_DEL, 1, NULL, READ_ONLY);
  expect (f, ALM_OP_UNDEL, 4, NULL, READ_ONLY);
  g_assert_false (alm_desk_may_write (f->desk, ALM_FIXTURE_SCOPE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_false (alm_desk_may_write (f->desk, "sst/unbekannt", NULL));
  g_assert_true (alm_desk_may_write (f->desk, "local", NULL));
}

/* Who may see a field, but not change it, is told so before anything is written. */
static void
test_a_field_that_is_only_shown (AlmDeskFixture *f,
                                 gconstpointer   rights)
{
  expect (f, ALM_OP_UPD, 1, "{'owner':'Neu'}", NO_FIELD);
  expect (f, ALM_OP_UPD, 1, "{'owner':null}", NO_FIELD);
  expect (f, ALM_OP_UPD, 1, "{'owner':'Neu','species':'Ahorn'}", NO_FIELD);
  expect (f, ALM_OP_NEW, 9, "{'owner':'Neu'}", NO_FIELD);
  expect (f, ALM_OP_NEW, 1, "{'owner':'Neu'}", NO_FIELD);
  expect (f, ALM_OP_UPD, 1, "{'checked':'ich'}", "only the server writes it");
  /* What it holds already is no change. */
  expect (f, ALM_OP_UPD, 1, "{'owner':'Muster','species':'Ahorn'}", NULL);
  expect (f, ALM_OP_NEW, 9, "{'species':'Ahorn'}", NULL);
  expect (f, ALM_OP_DEL, 2, NULL, NULL);
  expect (f, ALM_OP_UNDEL, 4, NULL, NULL);
}

static void
test_an_area (AlmDeskFixture *f,
              gconstpointer   rights)
{
  expect (f, ALM_OP_UPD, 1, "{'species':'Ahorn'}", NULL);
  expect (f, ALM_OP_UPD, 1, "{'owner':'Neu'}", NULL);
  expect (f, ALM_OP_UPD, 2, "{'species':'Ahorn'}", NULL);
  expect (f, ALM_OP_UPD, 2, "{'owner':'Neu'}", NO_FIELD);
  expect (f, ALM_OP_UPD, 3, "{'species':'Ahorn'}", OUTSIDE);
  expect (f, ALM_OP_UPD, 3, "{'geometry':" POINT (10.5) "}", OUTSIDE);
  expect (f, ALM_OP_UPD, 5, "{'species':'Ahorn'}", OUTSIDE);
  expect (f, ALM_OP_UPD, 5, "{'geometry':" POINT (10.5) "}", OUTSIDE);
  expect (f, ALM_OP_UPD, 2, "{'geometry':" POINT (11.5) "}", OUTSIDE);
  expect (f, ALM_OP_UPD, 2, "{'geometry':null}", OUTSIDE);
  expect (f, ALM_OP_UPD, 2, "{'geometry':" POINT (10.7) "}", NULL);
  expect (f, ALM_OP_UPD, 1, "{'owner':'Wer','geometry':" POINT (10.7) "}", IN_AREA);
  expect (f, ALM_OP_NEW, 9, "{'species':'Ahorn','geometry':" POINT (10.7) "}", NULL);
  expect (f, ALM_OP_NEW, 10, "{'species':'Ahorn','geometry':" POINT (11.7) "}", OUTSIDE);
  expect (f, ALM_OP_NEW, 10, "{'species':'Ahorn'}", OUTSIDE);
  expect (f, ALM_OP_DEL, 5, NULL, OUTSIDE);
  expect (f, ALM_OP_UNDEL, 4, NULL, OUTSIDE);
  expect (f, ALM_OP_DEL, 2, NULL, NULL);
  g_assert_true (alm_desk_may_write (f->desk, ALM_FIXTURE_SCOPE, NULL));
}

/* What the window asks before it lets anybody type. */
static void
test_which_fields (AlmDeskFixture *f,
                   gconstpointer   rights)
{
  static const struct { const char *fields; guint classes; } cases[] = {
    { "{'geometry':" POINT (10.2) "}", ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL | ALM_CLASS_PERSONAL },
    { "{'geometry':" POINT (10.6) "}", ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL },
    { "{'geometry':" POINT (11.6) "}", 0 },
    { "{}", 0 },
  };
  guint classes;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) fields = alm_fixture_value (cases[i].fields);

      g_assert_true (alm_desk_find_writes (f->desk, ALM_FIXTURE_SCOPE, "tree", fields, &classes,
                                           NULL));
      g_assert_cmpuint (classes, ==, cases[i].classes);
    }
  g_assert_true (alm_desk_find_writes (f->desk, "local", "tree", NULL, &classes, NULL));
  g_assert_cmpuint (classes, ==, 15);
}

/* Another word of the server counts at once, also after the profile was closed. */
static void
test_rights_change (AlmDeskFixture *f,
                    gconstpointer   rights)
{
  expect (f, ALM_OP_UPD, 1, "{'species':'Ahorn'}", READ_ONLY);
  take_rights (f, "'roles':['editor'],'classes':['public','internal'],"
               "'writes':['public','internal']");
  expect (f, ALM_OP_UPD, 1, "{'species':'Ahorn'}", NULL);
  expect (f, ALM_OP_UPD, 1, "{'owner':'Neu'}", NO_FIELD);
  alm_desk_fixture_reopen (f);
  expect (f, ALM_OP_UPD, 1, "{'owner':'Neu'}", NO_FIELD);
  expect (f, ALM_OP_UPD, 1, "{'species':'Esche'}", NULL);
}

/* A server that tells roles and classes alone; a profile that has not heard of more. */
static void
test_an_older_server (AlmDeskFixture *f,
                      gconstpointer   rights)
{
  g_autoptr (GError) error = NULL;

  expect (f, ALM_OP_UPD, 1, "{'species':'Ahorn'}", NULL);
  expect (f, ALM_OP_UPD, 1, "{'owner':'Neu'}", NO_FIELD);
  g_assert_true (alm_desk_set_setting (f->desk, "rights", NULL, &error));
  g_assert_true (alm_desk_set_setting (f->desk, "rights_hash", NULL, &error));
  expect (f, ALM_OP_UPD, 1, "{'species':'Esche'}", NULL);
  expect (f, ALM_OP_UPD, 1, "{'owner':'Neu'}", NO_FIELD);
  g_assert_false (alm_desk_may_write (f->desk, "sst/unbekannt", NULL));
}

/* An editor of everything is no steward of the models. */
static void
test_scope_system (AlmDeskFixture *f,
                   gconstpointer   rights)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (alm_desk_may_write (f->desk, "system", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

/* @n trees of others stand there, numbered from 1000. */
static void
plant_many (AlmDeskFixture *f,
            guint           n)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmDeskSyncPage) page = NULL;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (lines, alm_fixture_line (1000 + i, 100 + i, "{'species':'Linde'}"));
  g_ptr_array_add (lines, NULL);
  page = alm_fixture_page (f->desk, 100 + n, FALSE, NULL, (const char *const *) lines->pdata);
}

static void
delete_confirmed (AlmDeskFixture *f,
                  guint           number,
                  const char     *reason)
{
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { .op = ALM_OP_DEL, .has_id = TRUE, .confirm = TRUE };
  AlmEditResult result;

  alm_fixture_id (&edit.id, number);
  alm_desk_edit (f->desk, &edit, 1, &result, NULL, &error);
  if (reason == NULL)
    g_assert_no_error (error);
  else
    {
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, reason));
    }
}

#define BRAKE "mass-delete: 51 records of others would be deleted in 'ksj/baeume'; "

static void
test_the_brake (AlmDeskFixture *f,
                gconstpointer   rights)
{
  plant_many (f, 100);
  for (guint i = 0; i < 50; i++)
    expect (f, ALM_OP_DEL, 1000 + i, NULL, NULL);
  expect (f, ALM_OP_DEL, 1050, NULL, BRAKE "confirm that this is meant");
  delete_confirmed (f, 1050, BRAKE "only its stewards may confirm that");

  /* One's own is one's own affair. */
  expect (f, ALM_OP_NEW, 9, "{'species':'Ahorn'}", NULL);
  expect (f, ALM_OP_DEL, 9, NULL, NULL);
  expect (f, ALM_OP_DEL, 1050, NULL, BRAKE "confirm that this is meant");

  take_rights (f, "'roles':['steward'],'classes':['public','internal'],"
               "'writes':['public','internal']");
  expect (f, ALM_OP_DEL, 1050, NULL, BRAKE "confirm that this is meant");
  delete_confirmed (f, 1050, NULL);
}

/* As the server counts: 60 of 1,200, the 61st not; four stood there before them. */
static void
test_the_brake_of_a_large_scope (AlmDeskFixture *f,
                                 gconstpointer   rights)
{
  plant_many (f, 1200 - 4);
  for (guint i = 0; i < 60; i++)
    expect (f, ALM_OP_DEL, 1000 + i, NULL, NULL);
  expect (f, ALM_OP_DEL, 1060, NULL, "mass-delete: 61 records");
}

int
main (int   argc,
      char *argv[])
{
  static const char limited[] =
    "'roles':['editor'],'classes':['public','internal','personal'],'writes':[],"
    "'areas':[{'area':0,'classes':['public','internal']},"
    "{'area':1,'classes':['public','internal','personal']}]";
  static const char reader[] = "'roles':['reader'],'classes':['public','internal','personal'],"
                               "'writes':[]";

  g_test_init (&argc, &argv, NULL);

#define ADD(path, rights, func) \
  g_test_add ("/store/desk-rights/" path, AlmDeskFixture, rights, set_up, func, \
              alm_desk_fixture_tear_down)

  ADD ("reader", reader, test_a_reader);
  ADD ("field", "'roles':['reader','editor'],'classes':['public','internal','personal'],"
       "'writes':['public','internal']", test_a_field_that_is_only_shown);
  ADD ("area", limited, test_an_area);
  ADD ("classes", limited, test_which_fields);
  ADD ("change", reader, test_rights_change);
  ADD ("older-server", "'roles':['editor'],'classes':['public','internal']", test_an_older_server);
  ADD ("brake", "'roles':['editor'],'classes':['public','internal'],"
       "'writes':['public','internal']", test_the_brake);
  ADD ("brake/share", "'roles':['editor'],'classes':['public','internal'],"
       "'writes':['public','internal']", test_the_brake_of_a_large_scope);
  ADD ("system", "'roles':['editor'],'classes':['public','internal'],"
       "'writes':['public','internal']", test_scope_system);

  return g_test_run ();
}
