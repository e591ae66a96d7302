/* SPDX-License-Identifier: EUPL-1.2 */

/* A picture of a record: taken in, shown, or said where it is. */

#include "config.h"

#include "alm-desk-blobs.h"
#include "alm-picture-entry.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Kontrolle\",\"properties\":{"
  "\"photo\":{\"type\":\"object\",\"title\":\"Foto\",\"required\":[\"sha256\",\"size\"],"
  "\"properties\":{\"sha256\":{\"type\":\"string\"},\"size\":{\"type\":\"integer\"}}}}}";

typedef struct
{
  AlmTestBench  bench;
  AlmModel     *model;
  GtkWidget    *window;
  GtkWidget    *entry;
  GString      *chosen;
} Fixture;

static void
chosen_cb (AlmPictureEntry *entry,
           AlmValue        *value,
           GString         *out)
{
  g_autofree char *text = value != NULL ? alm_value_to_text (value) : g_strdup ("none");

  g_string_append_printf (out, "%s ", text);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr (AlmValue) value = alm_test_value (schema);

  alm_test_bench_set_up (&f->bench, NULL);
  f->model = alm_model_new ("inspection", value, NULL);
  f->entry = alm_picture_entry_new (f->bench.workbench, alm_model_find_field (f->model, "photo"));
  f->chosen = g_string_new (NULL);
  g_signal_connect (f->entry, "chosen", G_CALLBACK (chosen_cb), f->chosen);
  f->window = alm_test_bench_show (f->entry);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  alm_test_bench_close (f->window, f->entry);
  alm_model_unref (f->model);
  g_string_free (f->chosen, TRUE);
  alm_test_bench_tear_down (&f->bench, NULL);
}

static char *
make_picture (Fixture *f)
{
  char *path = g_build_filename (f->bench.dir, "Spielplatz.jpg", NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 400, 300);

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "jpeg", NULL, NULL));

  return path;
}

static void
take (Fixture    *f,
      const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  alm_picture_entry_take (ALM_PICTURE_ENTRY (f->entry), file);
}

static gboolean
has_picture (gpointer data)
{
  GtkWidget *picture = alm_test_bench_find (data, GTK_TYPE_PICTURE);

  return picture != NULL && gtk_widget_get_mapped (picture)
         && gtk_picture_get_paintable (GTK_PICTURE (picture)) != NULL;
}

static gboolean
is_chosen (gpointer data)
{
  return ((GString *) data)->len > 0;
}

static gpointer
sql_job (AlmDesk   *desk,
         gpointer   data,
         GError   **error)
{
  g_free (alm_test_ask (desk, data));

  return desk;
}

/* As the profile has it, then shown anew. */
static void
show_in_state (Fixture    *f,
               const char *state,
               gint64      size)
{
  g_autofree char *sql = g_strdup_printf ("INSERT OR REPLACE INTO blobs VALUES ('" SHA "', %"
                                          G_GINT64_FORMAT ", 'image/jpeg', '%s')", size, state);
  g_autofree char *text = g_strdup_printf ("{\"sha256\":\"" SHA "\",\"size\":%" G_GINT64_FORMAT
                                           ",\"name\":\"a.jpg\"}", size);
  g_autoptr (AlmValue) value = alm_test_value (text);
  g_autoptr (GAsyncResult) result = NULL;

  alm_records_write_async (f->bench.records, sql_job, sql, NULL, NULL, alm_test_keep_result,
                           &result);
  alm_test_wait_for (&result);
  g_assert_nonnull (alm_records_write_finish (f->bench.records, result, NULL));
  alm_picture_entry_set_value (ALM_PICTURE_ENTRY (f->entry), value);
}

static void
test_there_is_none_yet (Fixture       *f,
                        gconstpointer  data)
{
  alm_test_bench_expect (f->entry, "No picture yet");
  g_assert_true (alm_test_bench_says (f->entry, "Add picture …"));
  g_assert_false (alm_test_bench_says (f->entry, "Remove"));
  g_assert_false (alm_test_bench_says (f->entry, "Fetch"));
}

static void
test_one_is_taken_shown_and_removed (Fixture       *f,
                                     gconstpointer  data)
{
  g_autofree char *path = make_picture (f);

  take (f, path);
  alm_test_bench_wait (is_chosen, f->chosen);
  g_assert_true (g_str_has_prefix (f->chosen->str, "{\"name\":\"Spielplatz.jpg\",\"sha256\":\""));
  g_assert_nonnull (strstr (f->chosen->str, "\"type\":\"image/jpeg\"}"));
  alm_test_bench_wait (has_picture, f->entry);
  alm_test_bench_expect (f->entry, "Only on this computer");
  g_assert_true (alm_test_bench_says (f->entry, "Replace …"));

  g_string_truncate (f->chosen, 0);
  alm_test_bench_press (f->entry, "Remove");
  g_assert_cmpstr (f->chosen->str, ==, "none ");
  alm_test_bench_expect (f->entry, "No picture yet");
  g_assert_false (has_picture (f->entry));
}

static void
test_what_cannot_be_read_is_said (Fixture       *f,
                                  gconstpointer  data)
{
  take (f, f->bench.dir);
  alm_test_bench_expect (f->entry, "No picture yet");
  g_assert_cmpstr (f->chosen->str, ==, "");
  g_assert_cmpuint (f->bench.said->len, >, 0);
}

static void
test_a_file_that_is_no_picture_is_named (Fixture       *f,
                                         gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->bench.dir, "Protokoll.txt", NULL);

  g_assert_true (g_file_set_contents (path, "nothing to see", -1, NULL));
  take (f, path);
  alm_test_bench_wait (is_chosen, f->chosen);
  alm_test_bench_expect (f->entry, "Protokoll.txt");
  g_assert_false (has_picture (f->entry));
}

static void
test_it_says_where_it_is (Fixture       *f,
                          gconstpointer  data)
{
  show_in_state (f, "wanted", 1000);
  alm_test_bench_expect (f->entry, "On its way, not here yet");
  g_assert_false (alm_test_bench_says (f->entry, "Fetch"));
  show_in_state (f, "waiting", 1000);
  alm_test_bench_expect (f->entry, "it is still to be sent");
  g_assert_false (has_picture (f->entry));
}

static void
test_how_far_it_has_come (Fixture       *f,
                          gconstpointer  data)
{
  g_autofree char *parts = g_build_filename (f->bench.dir, "blobs", "parts", NULL);
  g_autofree char *part = g_build_filename (parts, SHA ".part", NULL);

  g_assert_cmpint (g_mkdir_with_parents (parts, 0700), ==, 0);
  g_assert_true (g_file_set_contents (part, "0123456789", 10, NULL));
  show_in_state (f, "wanted", 25);
  alm_test_bench_expect (f->entry, "On its way: 40 %");
}

static void
test_a_large_one_is_fetched_when_asked_for (Fixture       *f,
                                            gconstpointer  data)
{
  show_in_state (f, "remote", 17 << 20);
  alm_test_bench_expect (f->entry, "On the server, not here yet (17");
  alm_test_bench_press (f->entry, "Fetch");
  alm_test_bench_expect (f->entry, "On its way, not here yet");
}

/* Those that can be seen and pressed. */
static guint
count_buttons (GtkWidget *root)
{
  guint n = GTK_IS_BUTTON (root) && gtk_widget_get_mapped (root) && gtk_widget_is_sensitive (root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_buttons (child);

  return n;
}

static void
test_who_may_not_edit_changes_nothing (Fixture       *f,
                                       gconstpointer  data)
{
  show_in_state (f, "wanted", 1000);
  alm_test_bench_expect (f->entry, "On its way");
  g_assert_cmpuint (count_buttons (f->entry), ==, 2);   /* Replace …, Remove */
  alm_picture_entry_set_editable (ALM_PICTURE_ENTRY (f->entry), FALSE);
  g_assert_cmpuint (count_buttons (f->entry), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, func) \
  g_test_add ("/picture-entry/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("there-is-none-yet", test_there_is_none_yet);
  ADD ("one-is-taken-shown-and-removed", test_one_is_taken_shown_and_removed);
  ADD ("what-cannot-be-read-is-said", test_what_cannot_be_read_is_said);
  ADD ("a-file-that-is-no-picture-is-named", test_a_file_that_is_no_picture_is_named);
  ADD ("it-says-where-it-is", test_it_says_where_it_is);
  ADD ("how-far-it-has-come", test_how_far_it_has_come);
  ADD ("a-large-one-is-fetched-when-asked-for", test_a_large_one_is_fetched_when_asked_for);
  ADD ("who-may-not-edit-changes-nothing", test_who_may_not_edit_changes_nothing);

  return g_test_run ();
}
