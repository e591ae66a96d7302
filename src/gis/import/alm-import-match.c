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

struct _AlmImportMatch
{
  const char *const *key;        /* borrowed */
  const char        *geometry;   /* field; borrowed */
  double             near_m;
  GHashTable        *by_key;     /* text → Known */
  GHashTable        *cells;      /* cell of the grid → GArray of double pairs */
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

/* Cells one distance wide, so that what is near lies in one of nine. */
static gint64
find_cell (AlmImportMatch *self,
           double          lon,
           double          lat,
           int             dx,
           int             dy)
{
  gint64 row = (gint64) floor (lat * METRES_PER_DEGREE / self->near_m) + dy;
  double scale = METRES_PER_DEGREE * cos (lat * G_PI / 180.0) / self->near_m;
  gint64 column = (gint64) floor (lon * scale) + dx;

  return row * G_GINT64_CONSTANT (1000003) * 4096 + column;
}

static void
add_place (double   lon,
           double   lat,
           gpointer data)
{
  AlmImportMatch *self = data;

  /* The width of a degree changes from row to row: a place is put into every
   * cell in which it may be looked for. */
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++)
      {
        gint64 cell = find_cell (self, lon, lat, dx, dy);
        GArray *places = g_hash_table_lookup (self->cells, &cell);
        double place[2] = { lon, lat };

        if (places == NULL)
          {
            places = g_array_new (FALSE, FALSE, sizeof place);
            g_hash_table_insert (self->cells, g_memdup2 (&cell, sizeof cell), places);
          }
        g_array_append_val (places, place);
      }
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
  self->near_m = near_m;
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  self->cells = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) g_array_unref);
  if ((key != NULL || near_m > 0)
      && !alm_desk_each (desk, scopes, kind, FALSE, take_row, self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
alm_import_match_free (AlmImportMatch *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_key);
  g_hash_table_unref (self->cells);
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

gboolean
alm_import_match_is_near (AlmImportMatch *self,
                          double          lon,
                          double          lat)
{
  gint64 cell;
  GArray *places;

  if (self->near_m <= 0)
    return FALSE;

  cell = find_cell (self, lon, lat, 0, 0);
  places = g_hash_table_lookup (self->cells, &cell);
  for (guint i = 0; places != NULL && i < places->len; i++)
    {
      const double *place = (const double *) (void *) places->data + 2 * i;
      double dx = (place[0] - lon) * cos (lat * G_PI / 180.0) * METRES_PER_DEGREE;
      double dy = (place[1] - lat) * METRES_PER_DEGREE;

      if (hypot (dx, dy) <= self->near_m)
        return TRUE;
    }

  return FALSE;
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
