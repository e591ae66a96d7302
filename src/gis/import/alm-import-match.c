/* SPDX-License-Identifier: EUPL-1.2 */

/* Finds the record that a row of a foreign table is already, by the fields of
 * its key, or an object close to its place.  Absence is never a delete: what no
 * row names is only counted.  One thread at a time. */

#include "config.h"

#include "alm-import-match.h"

#include "alm-wkb.h"

#include <math.h>
#include <string.h>

#define METRES_PER_DEGREE (6371000.0 * G_PI / 180.0)

typedef struct
{
  AlmId     id;
  AlmValue *extra;
  gboolean  found;
} Known;

/* A place that is taken, in its cell of a grid. */
typedef struct
{
  gint64 row;
  gint64 column;
  double lon;
  double lat;
} Place;

struct _AlmImportMatch
{
  const char *const *key;        /* borrowed */
  const char        *geometry;   /* field; borrowed */
  double             near_m;
  GHashTable        *by_key;     /* text → Known */
  GArray            *places;     /* (element-type Place), by row and column */
};

static void
known_free (gpointer data)
{
  Known *known = data;

  g_clear_pointer (&known->extra, alm_value_unref);
  g_free (known);
}

char *
alm_import_match_make_key (const char *const *key,
                           const AlmValue    *fields)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; key[i] != NULL; i++)
    {
      const AlmValue *value = alm_value_get (fields, key[i]);

      if (value == NULL || alm_value_is (value, ALM_VALUE_NULL))
        return NULL;
      g_string_append_c (text, '\x1f');
      alm_value_print (value, text);
    }

  return g_strdup (text->str);
}

/* Rows one distance high, and in each of them columns that are one distance wide
 * at its middle: what is near lies in one of nine cells.  The hundredth more is
 * for the rows' edges, where a degree is a little wider or narrower. */
static gint64
find_row (AlmImportMatch *self,
          double          lat)
{
  return (gint64) floor (lat * METRES_PER_DEGREE / (self->near_m * 1.01));
}

static gint64
find_column (AlmImportMatch *self,
             gint64          row,
             double          lon)
{
  double middle = ((double) row + 0.5) * self->near_m * 1.01 / METRES_PER_DEGREE;
  double wide = METRES_PER_DEGREE * cos (middle * G_PI / 180.0);

  return (gint64) floor (lon * wide / (self->near_m * 1.01));
}

static void
add_place (double   lon,
           double   lat,
           gpointer data)
{
  AlmImportMatch *self = data;
  Place place = { .row = find_row (self, lat), .lon = lon, .lat = lat };

  place.column = find_column (self, place.row, lon);
  g_array_append_val (self->places, place);
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const Place *left = a, *right = b;

  if (left->row != right->row)
    return left->row < right->row ? -1 : 1;

  return (left->column > right->column) - (left->column < right->column);
}

/* The first place that does not stand before that cell. */
static guint
find_first (AlmImportMatch *self,
            gint64          row,
            gint64          column)
{
  Place wanted = { .row = row, .column = column };
  guint low = 0, high = self->places->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_places (&g_array_index (self->places, Place, middle), &wanted) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static gboolean
take_row (const AlmRow  *row,
          gpointer       user_data,
          GError       **error)
{
  AlmImportMatch *self = user_data;
  const AlmValue *geometry = self->geometry != NULL ? alm_value_get (row->fields, self->geometry)
                                                    : NULL;
  AlmValue *extra = alm_value_get (row->fields, "extra");
  g_autofree char *key = self->key != NULL ? alm_import_match_make_key (self->key, row->fields)
                                           : NULL;

  if (key != NULL && !g_hash_table_contains (self->by_key, key))
    {
      Known *known = g_new0 (Known, 1);

      known->id = row->id;
      known->extra = extra != NULL ? alm_value_ref (extra) : NULL;
      g_hash_table_insert (self->by_key, g_steal_pointer (&key), known);
    }
  if (self->near_m > 0 && geometry != NULL
      && g_strcmp0 (alm_value_get_text_of (geometry, "type"), "Point") == 0)
    alm_wkb_each_place (geometry, add_place, self);

  return TRUE;
}

AlmImportMatch *
alm_import_match_new (AlmDesk            *desk,
                      const char         *kind,
                      const char         *scope,
                      const char *const  *key,
                      const char         *geometry,
                      double              near_m,
                      GError            **error)
{
  g_autoptr (AlmImportMatch) self = g_new0 (AlmImportMatch, 1);
  const char *scopes[] = { scope, NULL };

  self->key = key;
  self->geometry = geometry;
  self->near_m = geometry != NULL ? near_m : 0;
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  if ((key != NULL || self->near_m > 0)
      && !alm_desk_each (desk, scopes, kind, FALSE, take_row, self, error))
    return NULL;
  g_array_sort (self->places, compare_places);

  return g_steal_pointer (&self);
}

void
alm_import_match_free (AlmImportMatch *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_key);
  g_array_unref (self->places);
  g_free (self);
}

gboolean
alm_import_match_find (AlmImportMatch  *self,
                       const char      *key,
                       AlmId           *id,
                       AlmValue       **extra)
{
  Known *known = key != NULL ? g_hash_table_lookup (self->by_key, key) : NULL;

  if (known == NULL)
    return FALSE;

  known->found = TRUE;
  *id = known->id;
  *extra = known->extra;

  return TRUE;
}

static gboolean
is_near_in_row (AlmImportMatch *self,
                gint64          row,
                double          lon,
                double          lat)
{
  gint64 column = find_column (self, row, lon);

  for (guint i = find_first (self, row, column - 1); i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);
      double dx = (place->lon - lon) * cos (lat * G_PI / 180.0) * METRES_PER_DEGREE;
      double dy = (place->lat - lat) * METRES_PER_DEGREE;

      if (place->row != row || place->column > column + 1)
        break;
      if (hypot (dx, dy) <= self->near_m)
        return TRUE;
    }

  return FALSE;
}

gboolean
alm_import_match_is_near (AlmImportMatch *self,
                          double          lon,
                          double          lat)
{
  gint64 row;

  if (self->near_m <= 0)
    return FALSE;

  row = find_row (self, lat);

  return is_near_in_row (self, row, lon, lat) || is_near_in_row (self, row - 1, lon, lat)
         || is_near_in_row (self, row + 1, lon, lat);
}

guint
alm_import_match_count_missing (AlmImportMatch *self)
{
  GHashTableIter iter;
  gpointer known;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->by_key);
  while (g_hash_table_iter_next (&iter, NULL, &known))
    n += !((Known *) known)->found;

  return n;
}
