/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-label-places.h"

#include <string.h>

#define CELL 8

static const AlmLabelBox area = { -500, 10000, 899, 10799 };

static int
floor_cell (int pixel)
{
  int cell = pixel / CELL;

  return cell * CELL > pixel ? cell - 1 : cell;
}

static gboolean
share_a_cell (const AlmLabelBox *one,
              const AlmLabelBox *two)
{
  return floor_cell (one->left) <= floor_cell (two->right) &&
         floor_cell (two->left) <= floor_cell (one->right) &&
         floor_cell (one->top) <= floor_cell (two->bottom) &&
         floor_cell (two->top) <= floor_cell (one->bottom);
}

static AlmLabelBox
get_symbol (const AlmLabelSpot *spot)
{
  return (AlmLabelBox) { spot->x - spot->radius, spot->y - spot->radius, spot->x + spot->radius,
                         spot->y + spot->radius };
}

static AlmLabelBox
get_label (const AlmLabelSpot *spot,
           AlmLabelPlace       place)
{
  AlmLabelBox box;

  alm_label_spot_get_box (spot, place, &box);

  return box;
}

/* A cell of another's symbol; its own may be touched where no other one is. */
static gboolean
meets_symbols (const AlmLabelSpot *spots,
               guint               n,
               guint               i,
               const AlmLabelBox  *box)
{
  for (int y = floor_cell (box->top); y <= floor_cell (box->bottom); y++)
    for (int x = floor_cell (box->left); x <= floor_cell (box->right); x++)
      for (guint j = 0; j < n; j++)
        {
          const AlmLabelBox cell = { x * CELL, y * CELL, x * CELL, y * CELL };
          AlmLabelBox symbol = get_symbol (&spots[j]);

          if (j != i && spots[j].radius >= 0 && share_a_cell (&symbol, &cell))
            return TRUE;
        }

  return FALSE;
}

static gboolean
is_inside (const AlmLabelBox *box)
{
  return floor_cell (box->left) >= floor_cell (area.left) &&
         floor_cell (box->right) <= floor_cell (area.right) &&
         floor_cell (box->top) >= floor_cell (area.top) &&
         floor_cell (box->bottom) <= floor_cell (area.bottom);
}

static gboolean
fits (const AlmLabelSpot *spots,
      const int          *places,
      guint               n,
      guint               i,
      AlmLabelPlace       place)
{
  AlmLabelBox box = get_label (&spots[i], place);

  if (!is_inside (&box) || meets_symbols (spots, n, i, &box))
    return FALSE;
  for (guint j = 0; j < n; j++)
    if (j != i && places[j] != ALM_LABEL_HIDDEN)
      {
        AlmLabelBox other = get_label (&spots[j], (AlmLabelPlace) places[j]);

        if (share_a_cell (&box, &other))
          return FALSE;
      }

  return TRUE;
}

static int
find_first (const AlmLabelSpot *spots,
            const int          *places,
            guint               n,
            guint               i)
{
  int n_places = spots[i].radius >= 0 ? ALM_LABEL_N_PLACES : 1;

  for (int place = 0; place < n_places; place++)
    if (fits (spots, places, n, i, (AlmLabelPlace) place))
      return place;

  return ALM_LABEL_HIDDEN;
}

/* The same by comparing everything with everything. */
static void
place_by_brute_force (const AlmLabelSpot *spots,
                      int                *places,
                      guint               n)
{
  for (guint i = 0; i < n; i++)
    places[i] = ALM_LABEL_HIDDEN;
  for (guint i = 0; i < n; i++)
    if (spots[i].is_forced && spots[i].width > 0)
      {
        places[i] = spots[i].place;
        if (places[i] == ALM_LABEL_HIDDEN ||
            !fits (spots, places, n, i, (AlmLabelPlace) places[i]))
          {
            places[i] = ALM_LABEL_HIDDEN;
            places[i] = MAX (find_first (spots, places, n, i), 0);
          }
      }
  for (guint i = 0; i < n; i++)
    if (!spots[i].is_forced && spots[i].width > 0 && spots[i].place != ALM_LABEL_HIDDEN &&
        fits (spots, places, n, i, spots[i].place))
      places[i] = spots[i].place;
  for (guint i = 0; i < n; i++)
    if (!spots[i].is_forced && spots[i].width > 0 && places[i] == ALM_LABEL_HIDDEN)
      places[i] = find_first (spots, places, n, i);
}

static void
make_spots (AlmLabelSpot *spots,
            guint         n)
{
  for (guint i = 0; i < n; i++)
    spots[i] = (AlmLabelSpot) {
      .x = g_test_rand_int_range (area.left - 50, area.right + 50),
      .y = g_test_rand_int_range (area.top - 50, area.bottom + 50),
      .radius = g_test_rand_int_range (-1, 8),
      .width = g_test_rand_int_range (0, 5) == 0 ? 0 : g_test_rand_int_range (1, 90),
      .height = g_test_rand_int_range (10, 30),
      .is_forced = i % 40 == 7,
      .place = ALM_LABEL_HIDDEN
    };
}

static void
place (AlmLabelSpot *spots,
       guint         n)
{
  g_autoptr (AlmLabelGrid) grid = alm_label_grid_new (&area);

  alm_label_grid_place (grid, spots, n);
}

static void
test_as_by_brute_force (void)
{
  for (guint round = 0; round < 40; round++)
    {
      guint n = 20 + 10 * round;
      g_autofree AlmLabelSpot *spots = g_new (AlmLabelSpot, n);
      g_autofree int *places = g_new (int, n);

      make_spots (spots, n);
      /* Some have been there before. */
      for (guint i = 0; i < n; i += 3)
        if (spots[i].radius >= 0)
          spots[i].place = (AlmLabelPlace) g_test_rand_int_range (ALM_LABEL_HIDDEN,
                                                                  ALM_LABEL_N_PLACES);
      place_by_brute_force (spots, places, n);
      place (spots, n);
      for (guint i = 0; i < n; i++)
        g_assert_cmpint (spots[i].place, ==, places[i]);
    }
}

static void
test_none_lies_across_another (void)
{
  g_autofree AlmLabelSpot *spots = g_new (AlmLabelSpot, 2000);
  guint n_shown = 0;

  make_spots (spots, 2000);
  for (guint i = 0; i < 2000; i++)
    spots[i].is_forced = FALSE;
  place (spots, 2000);
  for (guint i = 0; i < 2000; i++)
    {
      AlmLabelBox one = get_label (&spots[i], spots[i].place);

      if (spots[i].place == ALM_LABEL_HIDDEN)
        continue;
      n_shown++;
      for (guint j = 0; j < i; j++)
        {
          AlmLabelBox two = get_label (&spots[j], spots[j].place);

          g_assert_true (spots[j].place == ALM_LABEL_HIDDEN || one.left > two.right ||
                         two.left > one.right || one.top > two.bottom || two.top > one.bottom);
        }
    }
  g_assert_cmpuint (n_shown, >, 40);
}

/* The view has moved: what comes into it takes no place from what is there. */
static void
test_what_stands_stays (void)
{
  g_autofree AlmLabelSpot *spots = g_new (AlmLabelSpot, 600);
  g_autofree AlmLabelSpot *more = NULL;
  AlmLabelBox moved = { area.left + 100, area.top - 60, area.right + 100, area.bottom - 60 };
  g_autoptr (AlmLabelGrid) grid = alm_label_grid_new (&moved);
  guint n_kept = 0;

  make_spots (spots, 600);
  for (guint i = 0; i < 600; i++)
    spots[i].is_forced = FALSE;
  /* Symbols are known in both views; 300 labels come later, in front of the others. */
  more = g_memdup2 (spots, 600 * sizeof *spots);
  for (guint i = 0; i < 300; i++)
    spots[i].width = 0;
  place (spots, 600);
  for (guint i = 300; i < 600; i++)
    more[i].place = spots[i].place;
  alm_label_grid_place (grid, more, 600);
  for (guint i = 300; i < 600; i++)
    {
      AlmLabelBox box = get_label (&spots[i], spots[i].place);

      if (spots[i].place == ALM_LABEL_HIDDEN || box.left < moved.left + CELL ||
          box.bottom > moved.bottom - CELL || box.right > moved.right - CELL ||
          box.top < moved.top + CELL)
        continue;
      g_assert_cmpint (more[i].place, ==, spots[i].place);
      n_kept++;
    }
  g_assert_cmpuint (n_kept, >, 20);
}

static void
test_one_beside_the_other (void)
{
  AlmLabelSpot spots[] = {
    { .x = 80, .y = 10400, .radius = 4, .width = 20, .height = 12, .place = ALM_LABEL_HIDDEN },
    { .x = 132, .y = 10400, .radius = 4, .width = 20, .height = 12, .place = ALM_LABEL_HIDDEN },
    { .x = 106, .y = 10400, .radius = 4, .width = 20, .height = 12, .place = ALM_LABEL_HIDDEN },
  };
  AlmLabelSpot hidden = { .x = 100, .y = 10400, .radius = -1, .width = 300, .height = 200,
                          .place = ALM_LABEL_HIDDEN };
  AlmLabelBox everything = area;
  g_autoptr (AlmLabelGrid) full = alm_label_grid_new (&area);

  place (spots, G_N_ELEMENTS (spots));
  /* The neighbour's symbol is in the way on both sides. */
  g_assert_cmpint (spots[0].place, ==, ALM_LABEL_LEFT);
  g_assert_cmpint (spots[1].place, ==, ALM_LABEL_RIGHT);
  g_assert_cmpint (spots[2].place, ==, ALM_LABEL_BELOW);

  alm_label_grid_block (full, &everything);
  alm_label_grid_place (full, &hidden, 1);
  g_assert_cmpint (hidden.place, ==, ALM_LABEL_HIDDEN);
  hidden.is_forced = TRUE;
  alm_label_grid_place (full, &hidden, 1);
  g_assert_cmpint (hidden.place, ==, ALM_LABEL_RIGHT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/label-places/brute-force", test_as_by_brute_force);
  g_test_add_func ("/draw/label-places/overlap", test_none_lies_across_another);
  g_test_add_func ("/draw/label-places/stable", test_what_stands_stays);
  g_test_add_func ("/draw/label-places/beside", test_one_beside_the_other);

  return g_test_run ();
}
