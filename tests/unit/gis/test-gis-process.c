/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-feature-stream.h"
#include "alm-gis-process.h"
#include "alm-paths.h"
#include "alm-test.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gboolean
keep_line (const char  *line,
           gsize        length,
           gpointer     user_data,
           GError     **error)
{
  g_string_append_len (user_data, line, (gssize) length);
  g_string_append_c (user_data, '\n');

  return TRUE;
}

static gboolean
run (const char  *script,
     int          patience_ms,
     GString     *out,
     GError     **error)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };

  return alm_gis_process_run (argv, -1, patience_ms, keep_line, out, NULL, error);
}

static void
test_lines_come_whole_and_in_order (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (run ("printf 'a'; printf 'b\\nc\\n'; echo x >&2; printf 'half'", 5000, out,
                      &error));
  g_assert_no_error (error);
  g_assert_cmpstr (out->str, ==, "ab\nc\n");
}

static void
test_the_child_knows_nothing_of_us (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_setenv ("ALLMENDE_SECRET", "x", TRUE);
  g_setenv ("PROJ_DATA", "/p", TRUE);
  g_assert_true (run ("/usr/bin/env", 5000, out, NULL));
  g_unsetenv ("PROJ_DATA");
  g_assert_null (strstr (out->str, "SECRET"));
  g_assert_null (strstr (out->str, "HOME"));
  g_assert_nonnull (strstr (out->str, "PROJ_DATA=/p\n"));
}

static void
test_its_end_is_told_in_its_words (void)
{
  static const struct { const char *script, *words; } cases[] = {
    { "echo 'the .dbf is cut off' >&2; exit 1", "the .dbf is cut off" },
    { "exit 3", "ended with 3" },
    { "kill -SEGV $$", "died of signal 11" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      g_assert_false (run (cases[i].script, 5000, out, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

static void
test_silence_ends_it (void)
{
  static const char *const scripts[] = {
    "echo a; exec sleep 1000", "echo a; exec sleep 1000 >/dev/null", "echo a; sleep 1000; exit"
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      g_assert_false (run (scripts[i], 100, out, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      g_assert_cmpstr (out->str, ==, "a\n");
    }
}

/* A process that is stopped, by whoever, and so can do nothing, not even end. */
static void
test_a_stopped_process_is_given_up_and_gone (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *argv[] = { "/bin/sh", "-c", "kill -STOP $$", NULL };

  g_assert_false (run ("echo $$; kill -STOP $$", 200, out, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (kill ((pid_t) atoi (out->str), 0), ==, -1);
  g_assert_cmpint (errno, ==, ESRCH);
  g_clear_error (&error);

  g_assert_false (alm_gis_process_run_silent (argv, -1, 200, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

/* Silent, but at work: longer than one is waited for that does nothing. */
static void
test_who_works_in_silence_is_waited_for (void)
{
  g_autofree char *script =
    g_strdup ("while ((SECONDS < 3)); do :; done");
  const char *argv[] = { "/bin/bash", "-c", script, NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (alm_gis_process_run_silent (argv, -1, 800, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (alm_gis_process_run (argv, -1, 800, keep_line, out, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static gboolean
cancel_at_line (const char  *line,
                gsize        length,
                gpointer     user_data,
                GError     **error)
{
  g_cancellable_cancel (user_data);

  return TRUE;
}

static void
test_it_can_be_cancelled (void)
{
  const char *argv[] = { "/bin/sh", "-c", "echo a; exec sleep 1000", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (alm_gis_process_run (argv, -1, 5000, cancel_at_line, cancellable, cancellable,
                                       &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A GeoPackage is written from a stream, and read as the same stream. */
static void
test_a_geopackage_there_and_back (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "out.gpkg", NULL);
  g_autofree char *stream = g_build_filename (dir, "in", NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *text =
    "{\"alm\":1,\"driver\":\"GPKG\",\"layers\":[{\"count\":2,\"crs\":\"EPSG:25832\","
    "\"fields\":[[\"id\",\"string\"],[\"height\",\"real\"]],\"geometry\":\"Point\","
    "\"name\":\"tree\"}]}\n"
    "{\"g\":\"AQEAAAB7FK5HRNAkQc3MzHyAClZB\",\"l\":0,\"n\":1,\"v\":[\"Bäume\",2.5]}\n"
    "{\"g\":null,\"l\":0,\"n\":2,\"v\":[\"b\",null]}\n";
  g_autofree char *whole = g_strconcat (text, "{\"end\":true,\"rows\":2}\n", NULL);
  int fd;

  g_assert_true (g_file_set_contents (stream, text, -1, NULL));
  fd = open (stream, O_RDONLY);
  g_assert_false (alm_gis_process_write ("GPKG", path, fd, NULL, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  close (fd);

  g_assert_true (g_file_set_contents (stream, whole, -1, NULL));
  fd = open (stream, O_RDONLY);
  g_assert_true (alm_gis_process_write ("GPKG", path, fd, NULL, &error));
  g_assert_no_error (error);
  close (fd);

  g_assert_true (alm_gis_process_read (path, NULL, keep_line, out, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (out->str, ==, whole);

  g_string_truncate (out, 0);
  g_assert_false (alm_gis_process_read (path, "none", keep_line, out, NULL, &error));
  g_assert_nonnull (strstr (error->message, "no layer \"none\""));
  alm_test_remove_dir (dir);
}

/* Whichever layer is wanted, all are named; but only its features come. */
static void
test_all_layers_are_named_and_one_is_told (void)
{
  static const char place[] =
    "<Placemark><name>x</name><Point><coordinates>11.58,50.92</coordinates></Point></Placemark>";
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "two.kml", NULL);
  g_autofree char *text =
    g_strdup_printf ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                     "<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>"
                     "<Folder><name>a</name>%s</Folder><Folder><name>b</name>%s%s</Folder>"
                     "</Document></kml>", place, place, place);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (alm_gis_process_read (path, "b", keep_line, out, NULL, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (out->str, "\"name\":\"a\""));
  g_assert_nonnull (strstr (out->str, "\"name\":\"b\""));
  g_assert_null (strstr (out->str, "\"l\":0"));
  g_assert_nonnull (strstr (out->str, "\"l\":1"));
  g_assert_true (g_str_has_suffix (out->str, "{\"end\":true,\"rows\":2}\n"));
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/process/lines", test_lines_come_whole_and_in_order);
  g_test_add_func ("/gis/process/environment", test_the_child_knows_nothing_of_us);
  g_test_add_func ("/gis/process/end", test_its_end_is_told_in_its_words);
  g_test_add_func ("/gis/process/silence", test_silence_ends_it);
  g_test_add_func ("/gis/process/stopped", test_a_stopped_process_is_given_up_and_gone);
  g_test_add_func ("/gis/process/silent", test_who_works_in_silence_is_waited_for);
  g_test_add_func ("/gis/process/cancelled", test_it_can_be_cancelled);
  g_test_add_func ("/gis/process/layers", test_all_layers_are_named_and_one_is_told);
  g_test_add_func ("/gis/process/geopackage", test_a_geopackage_there_and_back);

  return g_test_run ();
}
