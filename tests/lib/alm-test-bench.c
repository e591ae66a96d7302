/* SPDX-License-Identifier: EUPL-1.2 */

/* What tests of the pages share: a workbench over a small profile, and ways to
 * look at widgets as a person does, by what they say.  Main thread. */

#include "config.h"

#include "alm-test-bench.h"

#include "alm-desk-fixture.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <adwaita.h>
#include <string.h>

#define CONFLICT "01931f2e-7c1a-7e3b-9d41-00000000c001"

static const char *const trees[ALM_TEST_BENCH_TREES] = {
  "{\"number\":\"B 1\",\"species\":\"Linde\",\"height\":12,\"street\":\"Markt\","
  "\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.586,50.927]}}",
  "{\"number\":\"B 2\",\"species\":\"Eiche\",\"height\":20.5,"
  "\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.59,50.93]}}",
  "{\"number\":\"B 3\",\"species\":\"Linde\",\"street\":\"Markt\"}",
  "{\"number\":\"B 4\",\"species\":\"Ahorn\",\"height\":3}",
};

void
alm_test_bench_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
alm_test_bench_wait (gboolean (*test) (gpointer),
                     gpointer   data)
{
  while (!test (data))
    g_main_context_iteration (NULL, TRUE);
}

static void
say_cb (AlmWorkbench *workbench,
        const char   *text,
        gboolean      with_undo,
        AlmTestBench *self)
{
  g_string_append_printf (self->said, "%s\n", text);
}

static void
open_bench (AlmTestBench *self)
{
  g_autoptr (GError) error = NULL;

  g_setenv ("LANGUAGE", "en", TRUE);
  self->records = alm_records_open (self->dir, &error);
  g_assert_no_error (error);
  self->workbench = alm_workbench_new (self->records);
  self->model = alm_records_get_model (self->records, "tree");
  g_assert_nonnull (self->model);
  self->said = g_string_new (NULL);
  g_signal_connect (self->workbench, "say", G_CALLBACK (say_cb), self);
}

static void
note_rid (AlmTestBench *self,
          AlmDesk      *desk,
          guint         index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRow) row = alm_desk_get (desk, &self->ids[index], &error);

  g_assert_no_error (error);
  self->rids[index] = row->rid;
}

void
alm_test_bench_set_up (AlmTestBench  *self,
                       gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk;

  self->dir = alm_test_make_dir ();
  desk = alm_desk_open (self->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  alm_test_add_trees (desk);
  for (guint i = 0; i < ALM_TEST_BENCH_TREES; i++)
    {
      alm_test_edit (desk, ALM_OP_NEW, &self->ids[i], "local", "tree", trees[i]);
      note_rid (self, desk, i);
    }
  alm_desk_close (desk);
  open_bench (self);
}

void
alm_test_bench_set_up_with_server (AlmTestBench  *self,
                                   gconstpointer  data)
{
  static const char conflict[] =
    "{'s':'" ALM_FIXTURE_SCOPE "','v':9,'id':'" CONFLICT "','k':'conflict','f':{"
    "'record':'01931f2e-7c1a-7e3b-9d41-000000000001','kind':'tree','field':'status',"
    "'base':'aktiv','theirs':'krank','mine':'gefällt','theirs_user':'Anna',"
    "'theirs_at':'2026-11-26T08:00:00Z','mine_user':'Bernd','mine_at':'2026-11-26T09:00:00Z',"
    "'why':'value','state':'open'}}";
  g_autofree char *first = alm_fixture_line (1, 6, "{'species':'Linde','height':12,"
                                                   "'status':'krank'}");
  g_autofree char *second = alm_fixture_line (2, 7, "{'species':'Eiche','height':20}");
  const char *lines[] = { first, second, conflict, NULL };
  g_autoptr (AlmDeskSyncPage) page = NULL;
  AlmDeskFixture fixture;

  alm_desk_fixture_set_up (&fixture, NULL);
  self->dir = g_steal_pointer (&fixture.dir);
  page = alm_fixture_page (fixture.desk, 9, FALSE, NULL, lines);
  alm_fixture_edit (fixture.desk, ALM_OP_UPD, 2, "{'height':21}");
  alm_fixture_answer (fixture.desk, "{'n':1,'r':'refused','code':'forbidden'}\n{'next':2}\n",
                      NULL);
  alm_fixture_edit (fixture.desk, ALM_OP_UPD, 1, "{'height':14}");
  for (guint i = 0; i < 2; i++)
    {
      alm_fixture_id (&self->ids[i], i + 1);
      note_rid (self, fixture.desk, i);
    }
  alm_desk_close (fixture.desk);
  open_bench (self);
}

/* The server came back from a backup, and with it an older state of the second tree. */
void
alm_test_bench_set_up_restored (AlmTestBench  *self,
                                gconstpointer  data)
{
  g_autofree char *first = alm_fixture_line (1, 6, "{'species':'Linde','height':12}");
  g_autofree char *second = alm_fixture_line (2, 7, "{'species':'Eiche','height':20}");
  g_autofree char *lost = alm_fixture_line (2, 8, "{'species':'Eiche','height':25}");
  const char *before[] = { first, lost, NULL };
  const char *after[] = { first, second, NULL };
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e2", 1, "g1");
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  AlmDeskFixture fixture;

  alm_desk_fixture_set_up (&fixture, NULL);
  self->dir = g_steal_pointer (&fixture.dir);
  alm_fixture_page_free (alm_fixture_page (fixture.desk, 8, FALSE, NULL, before));
  for (guint i = 0; i < hello->scopes->len; i++)
    ((AlmWireScope *) hello->scopes->pdata[i])->began = 7;
  g_assert_true (alm_desk_sync_take_hello (fixture.desk, hello, &plan, NULL));
  alm_fixture_page_free (alm_fixture_page (fixture.desk, 7, FALSE, NULL, after));
  for (guint i = 0; i < 2; i++)
    {
      alm_fixture_id (&self->ids[i], i + 1);
      note_rid (self, fixture.desk, i);
    }
  alm_desk_close (fixture.desk);
  open_bench (self);
}

static const char device_schema[] =
  "{\"type\":\"object\",\"title\":\"Gerät\",\"x-alm-title\":{\"en\":\"Device\"},"
  "\"x-alm-plural\":{\"de\":\"Geräte\",\"en\":\"Devices\"},"
  "\"x-alm-label\":\"{name}\",\"properties\":{"
  "\"name\":{\"type\":\"string\",\"title\":\"Name\"},"
  "\"tree\":{\"type\":\"string\",\"format\":\"uuid\",\"title\":\"Baum\","
  "\"x-alm-title\":{\"en\":\"At the tree\"},\"x-ogc-role\":\"reference\","
  "\"x-ogc-collectionId\":\"tree\"}}}";

typedef struct
{
  AlmTestBench *bench;
  AlmId        *ids;
} Devices;

static gpointer
add_devices_job (AlmDesk   *desk,
                 gpointer   data,
                 GError   **error)
{
  Devices *devices = data;
  g_autofree char *tree = alm_id_to_text (&devices->bench->ids[0]);
  g_autofree char *slide = g_strdup_printf ("{\"name\":\"Slide\",\"tree\":\"%s\"}", tree);

  alm_test_add_model (desk, "device", device_schema);
  memset (devices->ids, 0, 2 * sizeof (AlmId));
  alm_test_edit (desk, ALM_OP_NEW, &devices->ids[0], "local", "device", slide);
  alm_test_edit (desk, ALM_OP_NEW, &devices->ids[1], "local", "device", "{\"name\":\"Seesaw\"}");

  return desk;
}

void
alm_test_bench_add_devices (AlmTestBench *self,
                            AlmId         ids[2])
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Devices devices = { self, ids };

  alm_records_write_async (self->records, add_devices_job, &devices, NULL, NULL,
                           alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_nonnull (alm_records_write_finish (self->records, result, &error));
  g_assert_no_error (error);
}

void
alm_test_bench_tear_down (AlmTestBench  *self,
                          gconstpointer  data)
{
  alm_test_bench_settle ();
  g_signal_handlers_disconnect_by_data (self->workbench, self);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_object (&self->workbench);
  g_clear_object (&self->records);
  alm_test_bench_settle ();
  alm_test_remove_dir (self->dir);
  g_free (self->dir);
  g_string_free (self->said, TRUE);
}

char *
alm_test_bench_fields (AlmTestBench *self,
                       const AlmId  *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = alm_desk_open (self->dir, ALM_DESK_READ, NULL, &error);

  g_assert_no_error (error);

  return alm_test_fields (desk, id);
}

GtkWidget *
alm_test_bench_show (GtkWidget *widget)
{
  GtkWidget *window = adw_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 900, 700);
  adw_window_set_content (ADW_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (widget))
    g_main_context_iteration (NULL, TRUE);

  return window;
}

/* It stays open: GTK would close it when another window, or the window manager at the
 * start, takes the focus, and a test that waits for its words would wait for ever. */
GtkWidget *
alm_test_bench_pop_up (GtkWidget *popover)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *window;

  gtk_popover_set_autohide (GTK_POPOVER (popover), FALSE);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  window = alm_test_bench_show (button);
  gtk_popover_popup (GTK_POPOVER (popover));

  return window;
}

static void
note_gone_cb (gpointer  data,
              GObject  *where)
{
  *(gboolean *) data = TRUE;
}

/* Not g_assert_finalize_object(): a job under way may hold it a moment longer. */
void
alm_test_bench_close (GtkWidget *window,
                      GtkWidget *widget)
{
  gboolean gone = FALSE;

  g_object_weak_ref (G_OBJECT (widget), note_gone_cb, &gone);
  gtk_window_destroy (GTK_WINDOW (window));
  while (!gone)
    g_main_context_iteration (NULL, TRUE);
}

GtkWidget *
alm_test_bench_find (GtkWidget *root,
                     GType      type)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = alm_test_bench_find (child, type);

  return found;
}

/* The label that says it, as far as one can see it. */
static GtkWidget *
find_text (GtkWidget  *root,
           const char *text,
           gboolean    whole)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_child_visible (root) || !gtk_widget_get_visible (root))
    return NULL;
  if (GTK_IS_LABEL (root) || GTK_IS_INSCRIPTION (root))
    {
      const char *said = GTK_IS_LABEL (root) ? gtk_label_get_text (GTK_LABEL (root))
                                             : gtk_inscription_get_text (GTK_INSCRIPTION (root));

      if (said == NULL)
        said = "";
      if (whole ? g_str_equal (said, text) : strstr (said, text) != NULL)
        return root;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_text (child, text, whole);

  return found;
}

gboolean
alm_test_bench_says (GtkWidget  *root,
                     const char *text)
{
  return find_text (root, text, FALSE) != NULL;
}

void
alm_test_bench_expect (GtkWidget  *root,
                       const char *text)
{
  while (!alm_test_bench_says (root, text))
    g_main_context_iteration (NULL, TRUE);
}

void
alm_test_bench_press (GtkWidget  *root,
                      const char *text)
{
  GtkWidget *label = find_text (root, text, TRUE);
  GtkWidget *button = label != NULL ? gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON) : NULL;

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}
