/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-gpkg.h"

#include <string.h>

/* Writes what the reader reads, in either order of bytes. */
typedef struct
{
  GByteArray *bytes;
  gboolean    big;
} Writer;

static void
put_byte (Writer *self,
          guint8  byte)
{
  g_byte_array_append (self->bytes, &byte, 1);
}

static void
put_u32 (Writer  *self,
         guint32  number)
{
  guint32 raw = self->big ? GUINT32_TO_BE (number) : GUINT32_TO_LE (number);

  g_byte_array_append (self->bytes, (const guint8 *) &raw, sizeof raw);
}

static void
put_double (Writer *self,
            double  number)
{
  guint64 raw;

  memcpy (&raw, &number, sizeof raw);
  raw = self->big ? GUINT64_TO_BE (raw) : GUINT64_TO_LE (raw);
  g_byte_array_append (self->bytes, (const guint8 *) &raw, sizeof raw);
}

static void
begin (Writer *self,
       guint   envelope,
       guint   n_doubles)
{
  g_byte_array_set_size (self->bytes, 0);
  put_byte (self, 'G');
  put_byte (self, 'P');
  put_byte (self, 0);
  put_byte (self, (guint8) (envelope << 1 | !self->big));
  put_u32 (self, 25832);
  for (guint i = 0; i < n_doubles; i++)
    put_double (self, i);
}

static void
put_head (Writer  *self,
          guint32  type,
          guint32  n)
{
  put_byte (self, !self->big);
  put_u32 (self, type);
  put_u32 (self, n);
}

static void
put_points (Writer *self,
            guint   first,
            guint   n)
{
  for (guint i = 0; i < 2 * n; i++)
    put_double (self, first + i);
}

/* Two areas, the first with a hole. */
static void
write_areas (Writer *self,
             guint   envelope,
             guint   n_doubles)
{
  begin (self, envelope, n_doubles);
  put_head (self, 6, 2);
  put_head (self, 3, 2);
  put_u32 (self, 4);
  put_points (self, 0, 4);
  put_u32 (self, 5);
  put_points (self, 8, 5);
  put_head (self, 3, 1);
  put_u32 (self, 4);
  put_points (self, 18, 4);
}

static void
test_areas_in_both_orders_with_every_envelope (void)
{
  static const guint n_doubles[] = { 0, 4, 6, 6, 8 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (AlmGpkgShape) shape = ALM_GPKG_SHAPE_INIT;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (n_doubles); i++)
    {
      Writer writer = { bytes, i % 2 };

      write_areas (&writer, i / 2, n_doubles[i / 2]);
      g_assert_true (alm_gpkg_read (&shape, bytes->data, bytes->len));
      g_assert_cmpint (shape.type, ==, ALM_SHAPE_POLYGON);
      g_assert_cmpuint (shape.rings->len, ==, 3);
      g_assert_cmpuint (g_array_index (shape.rings, guint, 1), ==, 4);
      g_assert_cmpuint (g_array_index (shape.rings, guint, 2), ==, 9);
      g_assert_cmpuint (shape.xy->len, ==, 26);
      for (guint k = 0; k < shape.xy->len; k++)
        g_assert_cmpfloat (g_array_index (shape.xy, double, k), ==, k);
    }
}

static void
test_lines_after_areas_are_lines (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (AlmGpkgShape) shape = ALM_GPKG_SHAPE_INIT;
  Writer writer = { bytes, FALSE };

  write_areas (&writer, 1, 4);
  g_assert_true (alm_gpkg_read (&shape, bytes->data, bytes->len));
  begin (&writer, 0, 0);
  put_head (&writer, 2, 3);
  put_points (&writer, 0, 3);
  g_assert_true (alm_gpkg_read (&shape, bytes->data, bytes->len));
  g_assert_cmpint (shape.type, ==, ALM_SHAPE_LINE);
  g_assert_cmpuint (shape.rings->len, ==, 1);
  g_assert_cmpuint (shape.xy->len, ==, 6);
}

static void
test_cut_off_anywhere_it_is_refused (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (AlmGpkgShape) shape = ALM_GPKG_SHAPE_INIT;
  Writer writer = { bytes, FALSE };

  write_areas (&writer, 1, 4);
  for (guint n = 0; n < bytes->len; n++)
    {
      g_autofree guint8 *part = g_memdup2 (bytes->data, n);

      g_assert_false (alm_gpkg_read (&shape, part, n));
    }
}

static void
test_points_and_nothing_are_no_shapes (void)
{
  static const guint32 types[] = { 1, 4, 5, 6, 7, 17, 1003 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (AlmGpkgShape) shape = ALM_GPKG_SHAPE_INIT;
  Writer writer = { bytes, FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      begin (&writer, 0, 0);
      put_head (&writer, types[i], 0);
      put_points (&writer, 0, 2);
      g_assert_false (alm_gpkg_read (&shape, bytes->data, bytes->len));
    }
  begin (&writer, 7, 0);
  put_head (&writer, 2, 2);
  put_points (&writer, 0, 2);
  g_assert_false (alm_gpkg_read (&shape, bytes->data, bytes->len));
}

/* A count that the bytes do not hold is not believed. */
static void
test_huge_counts_and_depths_are_refused (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (AlmGpkgShape) shape = ALM_GPKG_SHAPE_INIT;
  Writer writer = { bytes, FALSE };

  for (guint32 type = 2; type <= 6; type++)
    {
      begin (&writer, 0, 0);
      put_head (&writer, type, G_MAXUINT32);
      put_points (&writer, 0, 10);
      g_assert_false (alm_gpkg_read (&shape, bytes->data, bytes->len));
    }
  begin (&writer, 0, 0);
  for (guint i = 0; i < 6; i++)
    put_head (&writer, 5, 1);
  put_head (&writer, 2, 2);
  put_points (&writer, 0, 2);
  g_assert_false (alm_gpkg_read (&shape, bytes->data, bytes->len));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/gpkg/areas", test_areas_in_both_orders_with_every_envelope);
  g_test_add_func ("/format/gpkg/lines", test_lines_after_areas_are_lines);
  g_test_add_func ("/format/gpkg/cut", test_cut_off_anywhere_it_is_refused);
  g_test_add_func ("/format/gpkg/none", test_points_and_nothing_are_no_shapes);
  g_test_add_func ("/format/gpkg/huge", test_huge_counts_and_depths_are_refused);

  return g_test_run ();
}
