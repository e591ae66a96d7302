/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-pixels.h"
#include "alm-test.h"

#include <cairo.h>
#include <math.h>

static void
test_division_is_exact (void)
{
  for (guint32 x = 0; x <= 255 * 255; x++)
    g_assert_cmpuint (alm_pixels_divide_by_255 (x), ==, (guint32) floor (x / 255.0 + 0.5));
}

static void
test_compositing (void)
{
  AlmPixels below;
  AlmPixels above;

  alm_pixels_init (&below, 3, 1, 0xffffffff);
  alm_pixels_init (&above, 3, 1, 0);
  above.data[1] = alm_pixels_premultiply (0xff0000, 128);
  above.data[2] = 0xff00ff00;
  alm_pixels_composite (&below, &above, 255);
  g_assert_cmphex (below.data[0], ==, 0xffffffff);
  g_assert_cmphex (below.data[1], ==, 0xffff7f7f);
  g_assert_cmphex (below.data[2], ==, 0xff00ff00);

  /* Half of it is half of the colour; the ground stays opaque. */
  below.data[2] = 0xff000000;
  alm_pixels_composite (&below, &above, 128);
  g_assert_cmphex (below.data[2], ==, 0xff008000);
  alm_pixels_clear (&below);
  alm_pixels_clear (&above);
}

static void
test_a_png_holds_the_same_picture (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "a.png", NULL);
  g_autofree char *nowhere = g_build_filename (dir, "missing", "a.png", NULL);
  g_autoptr (GError) error = NULL;
  cairo_surface_t *read;
  AlmPixels pixels;

  alm_pixels_init (&pixels, 5, 4, 0xff102030);
  pixels.data[7] = 0x80400000;
  g_assert_true (alm_pixels_write_png (&pixels, path, &error));
  read = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_image_surface_get_width (read), ==, 5);
  g_assert_cmpint (cairo_image_surface_get_height (read), ==, 4);
  g_assert_cmphex (*(guint32 *) cairo_image_surface_get_data (read), ==, 0xff102030);
  cairo_surface_destroy (read);

  g_assert_false (alm_pixels_write_png (&pixels, nowhere, &error));
  g_assert_nonnull (error);
  alm_pixels_clear (&pixels);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/pixels/division", test_division_is_exact);
  g_test_add_func ("/draw/pixels/composite", test_compositing);
  g_test_add_func ("/draw/pixels/png", test_a_png_holds_the_same_picture);

  return g_test_run ();
}
