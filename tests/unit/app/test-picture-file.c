/* SPDX-License-Identifier: EUPL-1.2 */

/* Pictures are made small, and what is none or too large is not decoded. */

#include "config.h"

#include "alm-picture-file.h"
#include "alm-test.h"

#include <string.h>

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = alm_test_make_dir ();
  f->path = g_build_filename (f->dir, "picture", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  alm_test_remove_dir (f->dir);
  g_free (f->dir);
  g_free (f->path);
}

static void
save (Fixture    *f,
      int         width,
      int         height,
      const char *type)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  gdk_pixbuf_save (pixbuf, f->path, type, &error, NULL);
  g_assert_no_error (error);
}

static GdkTexture *
load (Fixture  *f,
      GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_picture_file_load_async (f->path, 100, NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_picture_file_load_finish (result, error);
}

static void
assert_size (Fixture *f,
             int      width,
             int      height)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = load (f, &error);

  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, width);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, height);
}

static void
assert_refused (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_large_ones_are_made_small (Fixture       *f,
                                gconstpointer  data)
{
  save (f, 400, 200, "jpeg");
  assert_size (f, 100, 50);
  save (f, 50, 200, "png");
  assert_size (f, 25, 100);
}

static void
test_small_ones_stay (Fixture       *f,
                      gconstpointer  data)
{
  save (f, 40, 20, "jpeg");
  assert_size (f, 40, 20);
}

static void
test_what_is_no_picture_is_refused (Fixture       *f,
                                    gconstpointer  data)
{
  assert_refused (f);
  g_assert_true (g_file_set_contents (f->path, "no picture", -1, NULL));
  assert_refused (f);
  /* Nor is what can fetch other files. */
  g_assert_true (g_file_set_contents (f->path, "<svg xmlns='http://www.w3.org/2000/svg' width='9'"
                                      " height='9'/>", -1, NULL));
  assert_refused (f);
}

static guint32
crc (const guint8 *data,
     gsize         length)
{
  guint32 sum = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      sum ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xedb88320 : 0);
    }

  return GUINT32_TO_BE (~sum);
}

/* A PNG that says to be 20,000 pixels each way: 1.6 GB, in 33 bytes. */
static void
test_a_bomb_is_not_decoded (Fixture       *f,
                            gconstpointer  data)
{
  guint8 png[33] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20\x08\x06\0\0\0";
  guint32 sum = crc (png + 12, 17);

  memcpy (png + 29, &sum, sizeof sum);
  g_assert_true (g_file_set_contents (f->path, (const char *) png, sizeof png, NULL));
  assert_refused (f);
}

static void
test_a_cancelled_one_is_nobodys (Fixture       *f,
                                 gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  save (f, 40, 20, "jpeg");
  alm_picture_file_load_async (f->path, 100, cancellable, alm_test_keep_result, &result);
  g_cancellable_cancel (cancellable);
  alm_test_wait_for (&result);
  g_assert_null (alm_picture_file_load_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/picture-file/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("large-ones-are-made-small", test_large_ones_are_made_small);
  ADD ("small-ones-stay", test_small_ones_stay);
  ADD ("what-is-no-picture-is-refused", test_what_is_no_picture_is_refused);
  ADD ("a-bomb-is-not-decoded", test_a_bomb_is_not_decoded);
  ADD ("a-cancelled-one-is-nobodys", test_a_cancelled_one_is_nobodys);

  return g_test_run ();
}
