/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-json.h"
#include "alm-paint.h"
#include "alm-symbol-icon.h"

#include <string.h>

#define MAX_PX 32

typedef struct
{
  int     size;
  guint32 pixels[MAX_PX * MAX_PX];
} Picture;

/* Draws the icon, reads it back and proves that nobody else holds it. */
static void
draw (const AlmSymbol *symbol,
      guint            class_,
      gboolean         dark,
      int              scale,
      Picture         *picture)
{
  GdkPaintable *icon = alm_symbol_icon_new (symbol, class_, dark, scale);

  g_assert_true (GDK_IS_TEXTURE (icon));
  *picture = (Picture) { .size = gdk_paintable_get_intrinsic_width (icon) };
  g_assert_cmpint (picture->size, ==, 16 * scale);
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (icon), ==, picture->size);
  gdk_texture_download (GDK_TEXTURE (icon), (guchar *) picture->pixels,
                        (gsize) picture->size * sizeof (guint32));
  g_assert_finalize_object (icon);
}

static guint32
get_pixel (const Picture *picture,
           int            x,
           int            y)
{
  return picture->pixels[y * picture->size + x];
}

static guint32
get_middle (const Picture *picture)
{
  return get_pixel (picture, picture->size / 2, picture->size / 2);
}

static void
test_a_circle_lies_in_the_middle (void)
{
  g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0x2e7d32, 7);

  for (int scale = 1; scale <= 2; scale++)
    {
      Picture picture;
      int last;

      draw (symbol, 0, FALSE, scale, &picture);
      last = picture.size - 1;
      g_assert_cmphex (get_middle (&picture), ==, 0xff2e7d32);
      g_assert_cmphex (get_pixel (&picture, 0, 0), ==, 0);
      g_assert_cmphex (get_pixel (&picture, last, last), ==, 0);
      /* As far from one side as from the other: places are told by quarters of a pixel. */
      for (int i = 0; i < picture.size; i++)
        {
          int left = (int) (get_pixel (&picture, i, picture.size / 2) >> 24);
          int right = (int) (get_pixel (&picture, last - i, picture.size / 2) >> 24);

          g_assert_cmpint (ABS (left - right), <=, 64);
        }
    }
}

static void
test_a_square_reaches_where_a_circle_does_not (void)
{
  g_autoptr (AlmSymbol) circle = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0x2e7d32, 7);
  g_autoptr (AlmSymbol) square = alm_symbol_new_simple (ALM_SYMBOL_SQUARE, 0x2e7d32, 7);
  guint n_circle = 0;
  guint n_square = 0;
  Picture one;
  Picture two;

  draw (circle, 0, FALSE, 1, &one);
  draw (square, 0, FALSE, 1, &two);
  for (int i = 0; i < 16 * 16; i++)
    {
      n_circle += one.pixels[i] == 0xff2e7d32;
      n_square += two.pixels[i] == 0xff2e7d32;
    }
  g_assert_cmpuint (n_circle, >, 50);
  g_assert_cmpuint (n_square, >, 50);
  g_assert_cmpint (memcmp (one.pixels, two.pixels, 16 * 16 * sizeof (guint32)), !=, 0);
}

static void
test_classes_have_the_colours_of_the_map (void)
{
  g_autoptr (AlmValue) schema = alm_json_parse (
    "{\"type\":\"object\",\"title\":\"Baum\",\"x-alm-layer\":\"asset\",\"x-alm-symbol\":{"
    "\"shape\":\"circle\",\"color\":\"#808080\",\"size\":[[12,3]],\"by\":\"height\"},"
    "\"properties\":{\"geometry\":{\"format\":\"geometry-point\","
    "\"x-ogc-role\":\"primary-geometry\"},\"height\":{\"type\":\"number\"}}}", -1, NULL, NULL);
  g_autoptr (AlmModel) model = alm_model_new ("tree", schema, NULL);
  g_autoptr (AlmSymbol) symbol = NULL;
  Picture before;
  Picture picture;

  g_assert_nonnull (model);
  symbol = alm_symbol_new (model);
  g_assert_cmpuint (alm_symbol_get_n_classes (symbol), ==, ALM_SYMBOL_QUANTILES + 1);
  draw (symbol, 0, FALSE, 1, &before);
  for (guint i = 0; i < alm_symbol_get_n_classes (symbol); i++)
    for (guint dark = 0; dark < 2; dark++)
      {
        guint32 color = alm_paint_adapt_color (alm_symbol_get_class_color (symbol, i), dark);

        draw (symbol, i, dark, 1, &picture);
        g_assert_cmphex (get_middle (&picture), ==, 0xff000000 | color);
      }
  g_assert_cmphex (get_middle (&before), !=, get_middle (&picture));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/app/symbol-icon/middle", test_a_circle_lies_in_the_middle);
  g_test_add_func ("/app/symbol-icon/shape", test_a_square_reaches_where_a_circle_does_not);
  g_test_add_func ("/app/symbol-icon/classes", test_classes_have_the_colours_of_the_map);

  return g_test_run ();
}
