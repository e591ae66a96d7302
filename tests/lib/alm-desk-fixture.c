/* SPDX-License-Identifier: EUPL-1.2 */

/* A desk with one kind `tree` in one scope, as tests of synchronisation want it. */

#include "config.h"

#include "alm-desk-fixture.h"

#include "alm-json.h"
#include "alm-test.h"

#include <string.h>

static const char model_line[] =
  "{'s':'system','v':1,'id':'01931f2e-7c1a-7e3b-9d41-00000000f001','k':'model','f':{"
  "'name':'tree','schema':{'type':'object','properties':{"
  "'species':{'type':'string'},'status':{'type':'string'},"
  "'owner':{'type':'string','x-alm-class':'personal'},"
  "'height':{'type':'number'},"
  "'visits':{'type':'number','x-alm-merge':'counter'},"
  "'tags':{'type':'array','items':{'type':'string'},'x-alm-merge':'set'},"
  "'extra':{'type':'object'}}}}}\n"
  "{'s':'system','v':2,'id':'01931f2e-7c1a-7e3b-9d41-00000000f002','k':'scope','f':{"
  "'path':'" ALM_FIXTURE_SCOPE "','title':'Bäume'}}\n"
  "{'cursors':{'system':2},'more':false,'rights':'r1','digest':{}}\n";

static char *
quoted (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

AlmValue *
alm_fixture_value (const char *text)
{
  g_autofree char *json = quoted (text);
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (json, -1, NULL, &error);

  if (value == NULL)
    g_error ("%s: %s", error->message, json);

  return value;
}

void
alm_fixture_id (AlmId *id,
                guint  number)
{
  g_autofree char *text = g_strdup_printf ("01931f2e-7c1a-7e3b-9d41-%012x", number);

  g_assert_true (alm_id_parse (id, text));
}

AlmWireHello *
alm_fixture_hello (const char *epoch,
                   gint64      next,
                   const char *grant)
{
  g_autofree char *text =
    g_strdup_printf ("{'server':'s1','epoch':'%s','protocol':1,'next':%" G_GINT64_FORMAT ","
                     "'limits':{'body':8388608,'commands':2000},'roles':['editor'],'scopes':["
                     "{'scope':'system','title':'System','seq':2,'began':0,'roles':['reader'],"
                     "'classes':['public','internal'],'grant':'g0'},"
                     "{'scope':'" ALM_FIXTURE_SCOPE "','title':'Bäume','seq':5,'began':0,"
                     "'roles':['editor'],'classes':['public','internal','personal'],"
                     "'grant':'%s'}]}", epoch, next, grant);
  g_autofree char *json = quoted (text);
  g_autoptr (GError) error = NULL;
  AlmWireHello *hello = alm_wire_hello_parse (json, strlen (json), &error);

  g_assert_no_error (error);

  return hello;
}

static void
take_hello (AlmDesk *desk)
{
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e1", 1, "g1");
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  g_auto (AlmDeskSyncPage) page = { 0 };
  g_autofree char *text = quoted (model_line);
  g_autoptr (GError) error = NULL;

  alm_desk_sync_take_hello (desk, hello, &plan, &error);
  g_assert_no_error (error);
  alm_desk_sync_take_page (desk, text, strlen (text), &page, &error);
  g_assert_no_error (error);
  g_assert_nonnull (alm_desk_get_model (desk, "tree"));
}

/* From now on `tree` has a label and a place, so that there is something to index. */
void
alm_fixture_give_place (AlmDesk *desk)
{
  static const char page[] =
    "{'s':'system','v':9,'id':'01931f2e-7c1a-7e3b-9d41-00000000f001','k':'model','f':{"
    "'name':'tree','schema':{'type':'object','x-alm-label':'{species} {height}','properties':{"
    "'geometry':{'format':'geometry-point','x-ogc-role':'primary-geometry'},"
    "'species':{'type':'string'},'status':{'type':'string'},'height':{'type':'number'}}}}}\n"
    "{'cursors':{'system':9},'more':false,'rights':'r1','digest':{}}\n";
  g_autofree char *text = quoted (page);
  g_auto (AlmDeskSyncPage) done = { 0 };
  g_autoptr (GError) error = NULL;

  alm_desk_sync_take_page (desk, text, strlen (text), &done, &error);
  g_assert_no_error (error);
}

static void
open_desk (AlmDeskFixture *self)
{
  g_autoptr (GError) error = NULL;

  self->desk = alm_desk_open (self->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
}

void
alm_desk_fixture_set_up (AlmDeskFixture *self,
                         gconstpointer   data)
{
  self->dir = alm_test_make_dir ();
  open_desk (self);
  g_assert_true (alm_desk_set_setting (self->desk, "server", "http://127.0.0.1:1", NULL));
  take_hello (self->desk);
}

void
alm_desk_fixture_tear_down (AlmDeskFixture *self,
                            gconstpointer   data)
{
  g_clear_pointer (&self->desk, alm_desk_close);
  alm_test_remove_dir (self->dir);
  g_clear_pointer (&self->dir, g_free);
}

void
alm_desk_fixture_reopen (AlmDeskFixture *self)
{
  g_clear_pointer (&self->desk, alm_desk_close);
  open_desk (self);
}

char *
alm_fixture_line (guint       number,
                  gint64      ver,
                  const char *fields)
{
  g_autofree char *state = fields != NULL ? g_strdup_printf ("'f':%s", fields)
                                          : g_strdup ("'del':true");
  AlmId id;
  char id_text[ALM_ID_TEXT_SIZE];

  alm_fixture_id (&id, number);
  alm_id_print (&id, id_text);

  return g_strdup_printf ("{'s':'" ALM_FIXTURE_SCOPE "','v':%" G_GINT64_FORMAT ",'id':'%s',"
                          "'k':'tree',%s}", ver, id_text, state);
}

AlmDeskSyncPage *
alm_fixture_page (AlmDesk            *desk,
                  gint64              cursor,
                  gboolean            more,
                  const char         *digest,
                  const char *const  *lines)
{
  AlmDeskSyncPage *page = g_new0 (AlmDeskSyncPage, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;

  for (; lines != NULL && *lines != NULL; lines++)
    g_string_append_printf (text, "%s\n", *lines);
  g_string_append_printf (text, "{'cursors':{'" ALM_FIXTURE_SCOPE "':%" G_GINT64_FORMAT "},"
                          "'more':%s,'rights':'r1','digest':{%s}}\n", cursor,
                          more ? "true" : "false", digest != NULL ? digest : "");
  json = quoted (text->str);
  alm_desk_sync_take_page (desk, json, strlen (json), page, &error);
  g_assert_no_error (error);

  return page;
}

void
alm_fixture_page_free (AlmDeskSyncPage *page)
{
  alm_desk_sync_page_clear (page);
  g_free (page);
}

gint64
alm_fixture_edit (AlmDesk    *desk,
                  AlmOp       op,
                  guint       number,
                  const char *set)
{
  g_autoptr (AlmValue) fields = set != NULL ? alm_fixture_value (set) : NULL;
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { .op = op, .has_id = TRUE, .scope = ALM_FIXTURE_SCOPE, .kind = "tree",
                   .set = fields };
  AlmEditResult result;

  alm_fixture_id (&edit.id, number);
  alm_desk_edit (desk, &edit, 1, &result, NULL, &error);
  g_assert_no_error (error);

  return result.n;
}

void
alm_fixture_answer (AlmDesk              *desk,
                    const char           *lines,
                    AlmDeskSyncOutcomes  *outcomes)
{
  g_autofree char *json = quoted (lines);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  AlmDeskSyncOutcomes ignored;
  gint64 first;
  guint count;

  alm_desk_sync_next_push (desk, 1 << 20, 2000, &body, &first, &count, &error);
  g_assert_no_error (error);
  alm_desk_sync_take_outcomes (desk, json, strlen (json), first, count,
                               outcomes != NULL ? outcomes : &ignored, &error);
  g_assert_no_error (error);
}

char *
alm_fixture_shown (AlmDesk *desk,
                   guint    number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRow) row = NULL;
  g_autofree char *fields = NULL;
  char *shown;
  AlmId id;

  alm_fixture_id (&id, number);
  row = alm_desk_get (desk, &id, &error);
  if (row == NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      return g_strdup ("-");
    }

  fields = alm_value_to_text (row->fields);
  shown = row->deleted ? g_strdup_printf ("x %" G_GINT64_FORMAT, row->ver)
                       : g_strdup_printf ("%" G_GINT64_FORMAT " %s%s", row->ver, fields,
                                          row->waiting ? "*" : "");

  return g_strdelimit (shown, "\"", '\'');
}
