/* SPDX-License-Identifier: EUPL-1.2 */

/* This machine, and none other. */

#include "config.h"

#include "alm-listen.h"
#include "alm-test.h"

#include <glib/gstdio.h>

static void
test_addresses (void)
{
  static const struct { const char *text; int code; } cases[] = {
    { "127.0.0.1:0", -1 }, { "127.0.0.1:65535", -1 }, { "127.1.2.3:80", -1 }, { "[::1]:80", -1 },
    { "unix:/run/x", -1 }, { "unix:x", -1 },
    { "0.0.0.0:80", G_IO_ERROR_PERMISSION_DENIED }, { "[::]:80", G_IO_ERROR_PERMISSION_DENIED },
    { "192.0.2.1:80", G_IO_ERROR_PERMISSION_DENIED },
    { "[2001:db8::1]:80", G_IO_ERROR_PERMISSION_DENIED },
    { "", G_IO_ERROR_INVALID_ARGUMENT }, { "127.0.0.1", G_IO_ERROR_INVALID_ARGUMENT },
    { "127.0.0.1:", G_IO_ERROR_INVALID_ARGUMENT }, { "127.0.0.1:x", G_IO_ERROR_INVALID_ARGUMENT },
    { "127.0.0.1:65536", G_IO_ERROR_INVALID_ARGUMENT }, { "::1:80", G_IO_ERROR_INVALID_ARGUMENT },
    { "[127.0.0.1]:80", G_IO_ERROR_INVALID_ARGUMENT }, { "[::1:80", G_IO_ERROR_INVALID_ARGUMENT },
    { "localhost:80", G_IO_ERROR_INVALID_ARGUMENT }, { "unix:", G_IO_ERROR_INVALID_ARGUMENT },
    { "[", G_IO_ERROR_INVALID_ARGUMENT }, { "]:1", G_IO_ERROR_INVALID_ARGUMENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean allowed = alm_listen_is_allowed (cases[i].text, &error);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (allowed, ==, cases[i].code < 0);
      if (!allowed)
        g_assert_error (error, G_IO_ERROR, cases[i].code);
    }
}

static void
test_any_port (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GSocket) socket = alm_listen_open ("127.0.0.1:0", &url, &error);

  g_assert_no_error (error);
  g_assert_nonnull (socket);
  g_assert_true (g_str_has_prefix (url, "http://127.0.0.1:"));
  g_assert_cmpstr (url, !=, "http://127.0.0.1:0");
}

static void
test_a_socket_in_the_file_system (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "s", NULL);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  g_autofree char *url = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = alm_listen_open (address, &url, &error);
  g_autoptr (GSocket) second = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (url, ==, address);

  /* Somebody listens there: hands off. */
  g_assert_null (alm_listen_open (address, &again, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);

  /* Nobody any more: it makes room. */
  g_assert_true (g_socket_close (socket, NULL));
  second = alm_listen_open (address, &again, &error);
  g_assert_no_error (error);
  g_assert_nonnull (second);
  alm_test_remove_dir (dir);
}

/* A file that somebody needs is not taken away. */
static void
test_a_file_stays (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "s", NULL);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  g_assert_null (alm_listen_open (address, &url, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/listen/addresses", test_addresses);
  g_test_add_func ("/server/listen/any-port", test_any_port);
  g_test_add_func ("/server/listen/unix", test_a_socket_in_the_file_system);
  g_test_add_func ("/server/listen/file", test_a_file_stays);

  return g_test_run ();
}
