/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-label-run.h"

static const AlmLabelStyle plain = { .size = 11.0, .scale = 1.0, .opacity = 255 };

/* How many pixels are so light, or so dark, and opaque. */
static guint
count (const AlmPixels *pixels,
       gboolean         light)
{
  guint n = 0;

  for (int i = 0; i < pixels->width * pixels->height; i++)
    if (pixels->data[i] >> 24 == 255 && ((pixels->data[i] & 0xff) > 0x80) == light)
      n++;

  return n;
}

static gboolean
is_edge_free (const AlmPixels *pixels)
{
  for (int y = 0; y < pixels->height; y++)
    if (pixels->data[y * pixels->stride] >> 24 > 160 ||
        pixels->data[y * pixels->stride + pixels->width - 1] >> 24 > 160)
      return FALSE;

  return TRUE;
}

static void
test_letters_have_a_halo_that_is_not_cut (void)
{
  static const char *const texts[] = { "01518", "Ölweide", "ffj", "L-00060 Große Straße" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint dark = 0; dark < 2; dark++)
      {
        AlmLabelStyle style = plain;
        AlmPixels pixels;
        int width;
        int height;

        style.is_dark = dark != 0;
        alm_label_run_measure (texts[i], &style, &width, &height);
        alm_label_run_paint (texts[i], &style, &pixels);
        g_assert_cmpint (pixels.width, ==, width);
        g_assert_cmpint (pixels.height, ==, height);
        g_assert_cmpuint (count (&pixels, FALSE), >, 5);
        g_assert_cmpuint (count (&pixels, TRUE), >, 5);
        /* The halo is the larger part. */
        g_assert_true ((count (&pixels, TRUE) > count (&pixels, FALSE)) == (dark == 0));
        g_assert_true (is_edge_free (&pixels));
        alm_pixels_clear (&pixels);
      }
}

static void
test_size_scale_weight_and_opacity (void)
{
  AlmLabelStyle large = plain;
  AlmLabelStyle strong = plain;
  AlmLabelStyle sharp = plain;
  AlmLabelStyle faint = plain;
  AlmPixels one;
  AlmPixels two;
  int width;
  int height;
  int large_width;
  int large_height;
  int strong_width;

  alm_label_run_measure ("01518", &plain, &width, &height);
  large.size = 22.0;
  alm_label_run_measure ("01518", &large, &large_width, &large_height);
  g_assert_cmpint (large_width, >, width * 3 / 2);
  g_assert_cmpint (large_height, >, height * 3 / 2);
  strong.is_strong = TRUE;
  alm_label_run_measure ("01518", &strong, &strong_width, &height);
  g_assert_cmpint (strong_width, >=, width);

  sharp.scale = 2.0;
  alm_label_run_paint ("01518", &sharp, &two);
  g_assert_cmpint (two.width, ==, 2 * width);
  alm_pixels_clear (&two);

  faint.opacity = 100;
  alm_label_run_paint ("01518", &plain, &one);
  alm_label_run_paint ("01518", &faint, &two);
  for (int i = 0; i < one.width * one.height; i++)
    g_assert_cmphex (two.data[i], ==, alm_pixels_scale (one.data[i], 100));
  alm_pixels_clear (&one);
  alm_pixels_clear (&two);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/label-run/halo", test_letters_have_a_halo_that_is_not_cut);
  g_test_add_func ("/draw/label-run/style", test_size_scale_weight_and_opacity);

  return g_test_run ();
}
