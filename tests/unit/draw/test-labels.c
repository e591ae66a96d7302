/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-labels.h"

#include <string.h>

#define SIZE 512

/* One unit = one pixel: world coordinates are those of the picture. */
static void
paint (AlmLabels *labels,
       double     west,
       double     north,
       AlmPixels *pixels)
{
  alm_pixels_init (pixels, SIZE, SIZE, 0);
  alm_labels_paint (labels, west, north, 1.0, 18.0, 1.0, FALSE, pixels);
}

static guint
count_ink (const AlmPixels *pixels,
           int              x0,
           int              y0,
           int              x1,
           int              y1)
{
  guint n = 0;

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      n += pixels->data[y * SIZE + x] != 0;

  return n;
}

static const AlmBaseRule *
get_rule (const char *class_)
{
  return alm_base_style_get_rule (alm_base_style_classify (ALM_BASE_NAME, class_));
}

/* A name across a border is in both pictures, and they are one. */
static void
test_no_name_is_cut_at_a_border (void)
{
  g_autoptr (AlmLabels) labels = alm_labels_new ();
  AlmPixels whole;
  AlmPixels left;
  AlmPixels right;

  alm_labels_add_point (labels, "Kranichvorstadt", get_rule ("district"), 1000.0, 1000.0);
  alm_labels_add_point (labels, "Krankenhaus", get_rule ("landmark"), 1010.0, 1004.0);
  paint (labels, 744, 744, &whole);
  paint (labels, 1000 - SIZE, 744, &left);
  paint (labels, 1000, 744, &right);

  g_assert_cmpuint (count_ink (&left, SIZE - 100, 0, SIZE, SIZE), >, 100);
  g_assert_cmpuint (count_ink (&right, 0, 0, 100, SIZE), >, 100);
  for (int y = 0; y < SIZE; y++)
    {
      g_assert_cmpmem (whole.data + y * SIZE, 256 * 4, left.data + y * SIZE + 256, 256 * 4);
      g_assert_cmpmem (whole.data + y * SIZE + 256, 256 * 4, right.data + y * SIZE, 256 * 4);
    }
  alm_pixels_clear (&whole);
  alm_pixels_clear (&left);
  alm_pixels_clear (&right);
}

static void
test_the_more_important_name_stays (void)
{
  g_autoptr (AlmLabels) one = alm_labels_new ();
  g_autoptr (AlmLabels) both = alm_labels_new ();
  AlmPixels alone;
  AlmPixels contested;

  alm_labels_add_point (one, "Altstadt", get_rule ("district"), 256.0, 256.0);
  alm_labels_add_point (both, "Apotheke", get_rule (""), 260.0, 250.0);
  alm_labels_add_point (both, "Altstadt", get_rule ("district"), 256.0, 256.0);
  paint (one, 0, 0, &alone);
  paint (both, 0, 0, &contested);
  g_assert_cmpmem (alone.data, SIZE * SIZE * 4, contested.data, SIZE * SIZE * 4);
  alm_pixels_clear (&alone);
  alm_pixels_clear (&contested);
}

static void
test_a_street_says_its_name_once_in_a_while (void)
{
  g_autoptr (AlmLabels) labels = alm_labels_new ();
  const double first[] = { 100, 100, 300, 100 };
  const double second[] = { 100, 200, 310, 200 };   /* longer, so it is this one's */
  const double stub[] = { 100, 400, 110, 400 };
  AlmPixels pixels;

  alm_labels_add_line (labels, "Lindenstraße", get_rule (""), 4, 15.0, first, 2);
  alm_labels_add_line (labels, "Lindenstraße", get_rule (""), 4, 15.0, second, 2);
  alm_labels_add_line (labels, "Am Ende", get_rule (""), 4, 15.0, stub, 2);
  g_assert_cmpuint (alm_labels_get_count (labels), ==, 3);
  paint (labels, 0, 0, &pixels);
  g_assert_cmpuint (count_ink (&pixels, 0, 80, SIZE, 120), ==, 0);
  g_assert_cmpuint (count_ink (&pixels, 0, 180, SIZE, 220), >, 50);
  g_assert_cmpuint (count_ink (&pixels, 0, 380, SIZE, 420), ==, 0);
  alm_pixels_clear (&pixels);
}

static void
test_names_wait_for_their_zoom (void)
{
  g_autoptr (AlmLabels) labels = alm_labels_new ();
  AlmPixels pixels;

  alm_labels_add_point (labels, "Park", get_rule ("park"), 256.0, 256.0);
  alm_pixels_init (&pixels, SIZE, SIZE, 0);
  alm_labels_paint (labels, 0, 0, 1.0, 13.0, 1.0, FALSE, &pixels);
  g_assert_cmpuint (count_ink (&pixels, 0, 0, SIZE, SIZE), ==, 0);
  alm_labels_paint (labels, 0, 0, 1.0, 14.0, 1.0, TRUE, &pixels);
  g_assert_cmpuint (count_ink (&pixels, 0, 0, SIZE, SIZE), >, 50);
  alm_pixels_clear (&pixels);
}

/* What is listed is what is written: all ink is in the boxes, and there is some. */
static void
test_the_list_is_what_is_written (void)
{
  g_autoptr (AlmLabels) labels = alm_labels_new ();
  g_autoptr (GArray) names = NULL;
  AlmPixels pixels;
  guint n = 0;

  alm_labels_add_point (labels, "Kranichvorstadt", get_rule ("district"), 200.0, 250.0);
  alm_labels_add_point (labels, "Krankenhaus", get_rule ("landmark"), 210.0, 254.0);
  alm_labels_add_point (labels, "Nordfriedhof", get_rule ("landmark"), 300.0, 400.0);
  alm_labels_add_point (labels, "Weit weg", get_rule ("landmark"), 9000.0, 400.0);
  paint (labels, 0.0, 0.0, &pixels);
  names = alm_labels_list (labels, 0.0, 0.0, 1.0, 18.0, SIZE, SIZE);
  g_assert_cmpuint (names->len, ==, 2);
  for (guint i = 0; i < names->len; i++)
    {
      const AlmLabelName *name = &g_array_index (names, AlmLabelName, i);
      guint ink = count_ink (&pixels, (int) (name->x - name->half_width - 3),
                             (int) (name->y - name->half_height - 3),
                             (int) (name->x + name->half_width + 3),
                             (int) (name->y + name->half_height + 3));

      g_assert_cmpuint (ink, >, 100);
      g_assert_cmpfloat (name->angle, ==, 0.0);
      n += ink;
    }
  g_assert_cmpuint (n, ==, count_ink (&pixels, 0, 0, SIZE, SIZE));
  alm_pixels_clear (&pixels);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/labels/border", test_no_name_is_cut_at_a_border);
  g_test_add_func ("/draw/labels/priority", test_the_more_important_name_stays);
  g_test_add_func ("/draw/labels/street", test_a_street_says_its_name_once_in_a_while);
  g_test_add_func ("/draw/labels/zoom", test_names_wait_for_their_zoom);
  g_test_add_func ("/draw/labels/list", test_the_list_is_what_is_written);

  return g_test_run ();
}
