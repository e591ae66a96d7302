/* SPDX-License-Identifier: EUPL-1.2 */

/* The R*Tree against asking everyone: points, lines and areas, some of them moved
 * or deleted since, in boxes of every size. */

#include "config.h"

#include "alm-desk-box.h"
#include "alm-random.h"
#include "alm-test-desk.h"
#include "alm-test.h"
#include "alm-utm.h"

#include <math.h>
#include <string.h>

#define SHAPES 150
#define BOXES  600
#define CRS    25832

static const char schema[] =
  "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
  "\"$id\":\"https://daten.example/collections/shape/schema\",\"title\":\"Form\","
  "\"x-alm-layer\":\"asset\",\"properties\":{"
  "\"geometry\":{\"format\":\"geometry-any\",\"x-ogc-role\":\"primary-geometry\"},"
  "\"name\":{\"type\":\"string\",\"title\":\"Name\"}}}";

/* What is known of a shape without the store. */
typedef struct
{
  AlmId    id;
  gboolean deleted;
  double   box[4];
} Shape;

typedef struct
{
  char     *dir;
  AlmDesk  *desk;
  Shape     shapes[SHAPES];
} Fixture;

static AlmRandom dice;

/* A place in the city; widens the box. */
static void
add_place (GString *text,
           double   lon,
           double   lat,
           double   box[4])
{
  double x, y;

  lon = round (lon * 1e9) / 1e9;
  lat = round (lat * 1e9) / 1e9;
  alm_utm_from_lonlat (CRS, lon, lat, &x, &y);
  box[0] = fmin (box[0], x);
  box[1] = fmin (box[1], y);
  box[2] = fmax (box[2], x);
  box[3] = fmax (box[3], y);
  g_string_append_printf (text, "[%.9f,%.9f]", lon, lat);
}

static char *
make_geometry (double box[4])
{
  g_autoptr (GString) text = g_string_new (NULL);
  double lon = 11.5 + 0.16 * alm_random_unit (&dice);
  double lat = 50.87 + 0.1 * alm_random_unit (&dice);
  double size = 0.002 * alm_random_unit (&dice);

  box[0] = box[1] = INFINITY;
  box[2] = box[3] = -INFINITY;
  switch (alm_random_below (&dice, 3))
    {
    case 0:
      g_string_append (text, "{\"geometry\":{\"type\":\"Point\",\"coordinates\":");
      add_place (text, lon, lat, box);
      break;

    case 1:
      g_string_append (text, "{\"geometry\":{\"type\":\"LineString\",\"coordinates\":[");
      add_place (text, lon, lat, box);
      g_string_append_c (text, ',');
      add_place (text, lon + size, lat - size, box);
      g_string_append_c (text, ']');
      break;

    default:
      g_string_append (text, "{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[");
      for (guint i = 0; i < 4; i++)
        {
          add_place (text, lon + size * (i == 1), lat + size * (i == 2), box);
          g_string_append (text, i < 3 ? "," : "]]");
        }
      break;
    }
  g_string_append (text, "}}");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  alm_random_seed (&dice, 4712);
  self->dir = alm_test_make_dir ();
  self->desk = alm_desk_open (self->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  alm_test_add_model (self->desk, "shape", schema);
  for (guint i = 0; i < SHAPES; i++)
    {
      Shape *shape = &self->shapes[i];
      g_autofree char *fields = make_geometry (shape->box);

      shape->id = (AlmId) { { 2, (guint8) (i >> 8), (guint8) i } };
      alm_test_edit (self->desk, ALM_OP_NEW, &shape->id, "ksj/formen", "shape", fields);
    }
  for (guint i = 0; i < SHAPES; i += 5)
    {
      Shape *shape = &self->shapes[i];
      g_autofree char *fields = make_geometry (shape->box);

      alm_test_edit (self->desk, ALM_OP_UPD, &shape->id, NULL, NULL, fields);
    }
  for (guint i = 0; i < SHAPES; i += 9)
    {
      Shape *shape = &self->shapes[i];

      shape->deleted = TRUE;
      alm_test_edit (self->desk, ALM_OP_DEL, &shape->id, NULL, NULL, NULL);
    }
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  alm_desk_close (self->desk);
  alm_test_remove_dir (self->dir);
  g_free (self->dir);
}

static gboolean
take_row (const AlmRow  *row,
          gpointer       user_data,
          GError       **error)
{
  gboolean *found = user_data;
  guint i = (guint) row->id.bytes[1] << 8 | row->id.bytes[2];

  g_assert_false (found[i]);
  found[i] = TRUE;

  return TRUE;
}

/* Whether the boxes meet by more than @margin, or come within it. */
static gboolean
meets (const double *one,
       const double *two,
       double        margin)
{
  return one[2] >= two[0] - margin && one[0] <= two[2] + margin
         && one[3] >= two[1] - margin && one[1] <= two[3] + margin;
}

static void
check_boxes (Fixture *self,
             AlmDesk *desk)
{
  guint n_found = 0;

  for (guint n = 0; n < BOXES; n++)
    {
      g_autofree gboolean *found = g_new0 (gboolean, SHAPES);
      g_autoptr (GError) error = NULL;
      double x, y, size = pow (10, 4 * alm_random_unit (&dice));
      double box[4];

      alm_utm_from_lonlat (CRS, 11.5 + 0.16 * alm_random_unit (&dice),
                           50.87 + 0.1 * alm_random_unit (&dice), &x, &y);
      box[0] = x;
      box[1] = y;
      box[2] = x + size;
      box[3] = y + size / 2;
      g_assert_true (alm_desk_each_in_box (desk, "shape", box, take_row, found, &error));
      g_assert_no_error (error);
      for (guint i = 0; i < SHAPES; i++)
        {
          const Shape *shape = &self->shapes[i];

          /* None is missed; those too many lie within SQLite's rounding. */
          if (!shape->deleted && meets (shape->box, box, 0))
            g_assert_true (found[i]);
          if (shape->deleted || !meets (shape->box, box, 2))
            g_assert_false (found[i]);
          n_found += found[i];
        }
    }
  g_assert_cmpuint (n_found, >, BOXES);
}

static void
test_no_record_is_missed_and_none_is_far (Fixture       *self,
                                          gconstpointer  user_data)
{
  check_boxes (self, self->desk);
}

static void
test_a_reader_sees_the_same (Fixture       *self,
                             gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) reader = alm_desk_open (self->dir, ALM_DESK_READ, NULL, &error);

  g_assert_no_error (error);
  check_boxes (self, reader);
}

static gboolean
stop_at_once (const AlmRow  *row,
              gpointer       user_data,
              GError       **error)
{
  ++*(guint *) user_data;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");

  return FALSE;
}

static void
test_the_walk_can_be_ended (Fixture       *self,
                            gconstpointer  user_data)
{
  const double everywhere[] = { 0, 0, 1e6, 1e7 };
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_assert_false (alm_desk_each_in_box (self->desk, "shape", everywhere, stop_at_once, &n,
                                        &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (n, ==, 1);
}

#define ADD(path, func) \
  g_test_add ("/store/desk-box/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("everyone", test_no_record_is_missed_and_none_is_far);
  ADD ("reader", test_a_reader_sees_the_same);
  ADD ("ended", test_the_walk_can_be_ended);

  return g_test_run ();
}
