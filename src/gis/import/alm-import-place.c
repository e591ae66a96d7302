/* SPDX-License-Identifier: EUPL-1.2 */

/* Where one row of a foreign table lies, by the ways that were found.
 *
 * Invariant: a row whose place is outside the country has no place; nothing
 * is ever put into the sea.  One thread at a time (PROJ, GEOS). */

#include "config.h"

#include "alm-import-place-private.h"

#include "alm-geos.h"
#include "alm-import-text.h"
#include "alm-json.h"
#include "alm-wkb.h"

#include <math.h>
#include <string.h>

#define DISAGREE_M 5.0

void
alm_import_sample_free (AlmImportSample *self)
{
  for (guint i = 0; i < self->n_cells; i++)
    g_free (self->cells[i]);
  g_free (self->cells);
  g_clear_pointer (&self->wkb, g_bytes_unref);
  g_free (self);
}

gboolean
alm_import_box_holds (const AlmGeoBox *box,
                      double           lon,
                      double           lat)
{
  return lon >= box->w && lon <= box->e && lat >= box->s && lat <= box->n;
}

static double
get_distance (double lon0,
              double lat0,
              double lon1,
              double lat1)
{
  double metres = 6371000.0 * G_PI / 180.0;

  return hypot ((lon1 - lon0) * cos (lat0 * G_PI / 180.0), lat1 - lat0) * metres;
}

gboolean
alm_import_parse_point (const char *text,
                        double     *x,
                        double     *y,
                        gboolean   *odd)
{
  const char *at = text;
  double numbers[2];
  guint n = 0, n_brackets = 0;

  *odd = FALSE;
  if (g_ascii_strncasecmp (at, "SRID=", 5) == 0 && strchr (at, ';') != NULL)
    at = strchr (at, ';') + 1;
  while (g_ascii_isspace (*at))
    at++;
  if (g_ascii_strncasecmp (at, "POINT", 5) != 0)
    return FALSE;

  for (at += 5; *at != '\0';)
    {
      gsize length = strspn (at, "0123456789.,+-eE");
      g_autofree char *number = g_strndup (at, length);

      if (length == 0)
        {
          if (!g_ascii_isspace (*at) && *at != '(' && *at != ')')
            return FALSE;
          n_brackets += *at == '(' || *at == ')';
          at++;
          continue;
        }

      at += length;
      if (length > 1 && number[length - 1] == ',')
        {
          number[length - 1] = '\0';
          *odd = TRUE;
        }
      *odd |= strchr (number, ',') != NULL || length > 24;
      if (n == 2 || (!alm_import_parse_number (number, '.', &numbers[n])
                     && !alm_import_parse_number (number, ',', &numbers[n])))
        return FALSE;
      /* "681,234" could be grouped; a comma here is a decimal sign. */
      if (strchr (number, ',') != NULL && !alm_import_parse_number (number, ',', &numbers[n]))
        return FALSE;
      n++;
    }
  *odd |= n_brackets != 2;
  *x = numbers[0];
  *y = numbers[1];

  return n == 2;
}

GByteArray *
alm_import_read_shape (const char *text,
                       gboolean   *is_json,
                       gboolean   *odd)
{
  double place[2];
  GByteArray *wkb;

  *odd = *is_json = FALSE;
  if (*text == '{')
    {
      g_autoptr (AlmValue) value = alm_json_parse (text, -1, NULL, NULL);

      *is_json = TRUE;
      wkb = g_byte_array_new ();
      if (value != NULL && alm_wkb_from_geometry (value, NULL, NULL, wkb, NULL))
        return wkb;
      g_byte_array_unref (wkb);
      return NULL;
    }

  if (alm_import_parse_point (text, &place[0], &place[1], odd))
    {
      guint8 head[5] = { 1, 1, 0, 0, 0 };

      for (guint i = 0; i < 2; i++)
        {
          guint64 bits;

          memcpy (&bits, &place[i], 8);
          bits = GUINT64_TO_LE (bits);
          memcpy (&place[i], &bits, 8);
        }
      wkb = g_byte_array_new ();
      g_byte_array_append (wkb, head, sizeof head);
      g_byte_array_append (wkb, (const guint8 *) place, sizeof place);
      return wkb;
    }

  return g_ascii_isalpha (*text) ? alm_geos_read_wkt (text) : NULL;
}

static void
move_places (double   *x,
             double   *y,
             gsize     n,
             gpointer  system)
{
  alm_crs_to_lonlat (system, x, y, n);
}

/* The first place of WKB, unmoved. */
static gboolean
peek_place (const guint8 *wkb,
            gsize         length,
            double       *x,
            double       *y)
{
  gsize at = 0;

  /* Heads and counts until a point's or a line's coordinates. */
  for (guint depth = 0; depth < 5 && length - at >= 9; depth++)
    {
      guint32 type;

      if (wkb[at] != 1)
        return FALSE;
      memcpy (&type, wkb + at + 1, 4);
      type = GUINT32_FROM_LE (type);
      at += 5 + (type == 1 ? 0 : type == 3 ? 8 : 4);
      if (type <= 3)
        break;
    }
  if (length < at || length - at < 16)
    return FALSE;

  for (guint i = 0; i < 2; i++)
    {
      guint64 bits;

      memcpy (&bits, wkb + at + 8 * i, 8);
      bits = GUINT64_FROM_LE (bits);
      memcpy (i == 0 ? x : y, &bits, 8);
    }

  return isfinite (*x) && isfinite (*y);
}

static const char *
get_cell (const AlmImportRow *row,
          int                 column)
{
  const char *cell = column >= 0 && (guint) column < row->n_cells ? row->cells[column] : NULL;

  return cell != NULL ? cell : "";
}

gboolean
alm_import_way_get_raw (const AlmImportWay *way,
                        const AlmImportRow *row,
                        double             *x,
                        double             *y)
{
  g_autofree char *text = NULL;
  g_autofree char *other = NULL;
  gboolean is_json, odd;

  switch (way->guess.type)
    {
    case ALM_IMPORT_PLACE_FILE:
      return row->wkb != NULL && peek_place (row->wkb, row->wkb_length, x, y);

    case ALM_IMPORT_PLACE_PAIR:
      text = alm_import_trim (get_cell (row, way->guess.x));
      other = alm_import_trim (get_cell (row, way->guess.y));
      return alm_import_parse_number (text, way->decimal[0], x)
             && alm_import_parse_number (other, way->decimal[1], y) && (*x != 0 || *y != 0);

    case ALM_IMPORT_PLACE_WKT:
      {
        g_autoptr (GByteArray) wkb = NULL;

        text = alm_import_trim (get_cell (row, way->guess.x));
        wkb = alm_import_read_shape (text, &is_json, &odd);
        return wkb != NULL && peek_place (wkb->data, wkb->len, x, y);
      }

    case ALM_IMPORT_PLACE_GUESS:
    case ALM_IMPORT_PLACE_NONE:
    default:
      return FALSE;
    }
}

void
alm_import_places_free (AlmImportPlaces *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->ways);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  g_free (self->unknown);
  g_free (self);
}

guint
alm_import_places_get_n_others (AlmImportPlaces *self)
{
  return self->others->len;
}

const AlmImportPlaceGuess *
alm_import_places_get_other (AlmImportPlaces *self,
                             guint            index)
{
  return &((AlmImportWay *) self->others->pdata[index])->guess;
}

guint
alm_import_places_get_n (AlmImportPlaces *self)
{
  return self->ways->len;
}

const AlmImportPlaceGuess *
alm_import_places_get (AlmImportPlaces *self,
                       guint            index)
{
  return &((AlmImportWay *) self->ways->pdata[index])->guess;
}

gboolean
alm_import_places_use (AlmImportPlaces *self,
                       int              column)
{
  for (guint i = 0; i < self->ways->len; i++)
    {
      const AlmImportPlaceGuess *guess = alm_import_places_get (self, i);

      if (guess->x == column || guess->y == column)
        return TRUE;
    }

  return FALSE;
}

double
alm_import_places_get_accuracy (AlmImportPlaces *self)
{
  AlmImportWay *way = self->ways->len > 0 ? self->ways->pdata[0] : NULL;

  return way != NULL ? alm_crs_get_accuracy (way->system) : -1;
}

char *
alm_import_places_describe (AlmImportPlaces *self,
                            guint            index,
                            GPtrArray       *columns)
{
  AlmImportWay *way = self->ways->pdata[index];
  g_autofree char *system = alm_crs_describe (way->system);

  if (way->guess.type == ALM_IMPORT_PLACE_FILE)
    return g_strdup_printf ("geometry (%s)", system);
  if (way->guess.type == ALM_IMPORT_PLACE_WKT)
    return g_strdup_printf ("%s (%s)", (char *) columns->pdata[way->guess.x], system);

  return g_strdup_printf ("%s, %s (%s)", (char *) columns->pdata[way->guess.x],
                          (char *) columns->pdata[way->guess.y], system);
}

/* The geometry of a row by one way; NULL = none there, or broken. */
static AlmValue *
locate_shape (AlmImportWay       *way,
              const AlmImportRow *row,
              gboolean           *repaired,
              char              **rebuilt)
{
  g_autoptr (GByteArray) wkb = NULL;
  g_autoptr (AlmValue) geometry = NULL;
  g_autofree char *text = NULL;
  gboolean is_json, odd = FALSE;
  double x, y;

  if (way->guess.type == ALM_IMPORT_PLACE_PAIR)
    {
      if (!alm_import_way_get_raw (way, row, &x, &y))
        return NULL;
      alm_crs_to_lonlat (way->system, &x, &y, 1);
      return isfinite (x) ? alm_wkb_make_point (x, y) : NULL;
    }

  if (way->guess.type == ALM_IMPORT_PLACE_FILE && row->wkb != NULL)
    {
      wkb = g_byte_array_sized_new ((guint) row->wkb_length);
      g_byte_array_append (wkb, row->wkb, (guint) row->wkb_length);
    }
  else if (way->guess.type == ALM_IMPORT_PLACE_WKT)
    {
      text = alm_import_trim (get_cell (row, way->guess.x));
      wkb = *text != '\0' ? alm_import_read_shape (text, &is_json, &odd) : NULL;
    }
  if (wkb == NULL)
    return NULL;

  geometry = alm_wkb_to_geometry (wkb->data, wkb->len, move_places, way->system, NULL);
  *repaired = odd;
  /* A point cannot cross itself. */
  if (geometry == NULL || wkb->len == 21)
    return g_steal_pointer (&geometry);

  if (!alm_geos_repair (wkb, rebuilt))
    return NULL;

  return *rebuilt != NULL ? alm_wkb_to_geometry (wkb->data, wkb->len, move_places, way->system,
                                                 NULL)
                          : g_steal_pointer (&geometry);
}

typedef struct
{
  double   lon, lat;
  guint    n;
  gboolean all_in_country;
  const AlmGeoBox *country;
} Extent;

static void
note_place (double   lon,
            double   lat,
            gpointer data)
{
  Extent *extent = data;

  if (extent->n++ == 0)
    {
      extent->lon = lon;
      extent->lat = lat;
    }
  extent->all_in_country &= alm_import_box_holds (extent->country, lon, lat);
}

static void
look_at (AlmImportPlaces *self,
         const AlmValue  *geometry,
         Extent          *extent)
{
  *extent = (Extent) { .all_in_country = TRUE, .country = &self->city.country };
  alm_wkb_each_place (geometry, note_place, extent);
}

/* Lists exist in which x and y change places from row to row. */
static AlmValue *
locate_swapped (AlmImportPlaces    *self,
                AlmImportWay       *way,
                const AlmImportRow *row)
{
  double x, y;

  if (way->guess.type != ALM_IMPORT_PLACE_PAIR || !alm_import_way_get_raw (way, row, &y, &x))
    return NULL;
  alm_crs_to_lonlat (way->system, &x, &y, 1);

  return alm_import_box_holds (&self->city.country, x, y) ? alm_wkb_make_point (x, y) : NULL;
}

static const char *const single_types[] = { "Point", "LineString", "Polygon" };
static const char *const multi_types[] = { "MultiPoint", "MultiLineString", "MultiPolygon" };

static gboolean
allows (const char *format,
        const char *type)
{
  g_autofree char *name = g_ascii_strdown (type, -1);
  g_autofree char *front = g_strdup_printf ("geometry-%s", name);
  g_autofree char *back = g_strdup_printf ("-or-%s", name);
  gsize n = strlen (front);

  return strcmp (format, "geometry-any") == 0 || g_str_has_suffix (format, back)
         || (strncmp (format, front, n) == 0 && (format[n] == '\0' || format[n] == '-'));
}

static AlmValue *
retype (const AlmValue *geometry,
        const char     *type,
        AlmValue       *coordinates)
{
  AlmValue *next = alm_value_new_object ();

  alm_value_set_text (next, "type", type);
  alm_value_set (next, "coordinates", coordinates);

  return next;
}

/* The geometry as the model can take it: one of several, several of one, or a
 * point inside; NULL = in no way. */
static AlmValue *
fit_to_model (AlmValue   *geometry,
              const char *format,
              gboolean   *repaired)
{
  const char *type = alm_value_get_text_of (geometry, "type");
  AlmValue *coordinates = alm_value_get (geometry, "coordinates");
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  g_autoptr (GByteArray) inside = NULL;

  if (allows (format, type))
    return alm_value_ref (geometry);

  for (guint i = 0; i < G_N_ELEMENTS (single_types); i++)
    {
      if (strcmp (type, multi_types[i]) == 0 && alm_value_get_size (coordinates) == 1
          && allows (format, single_types[i]))
        return retype (geometry, single_types[i],
                       alm_value_ref (alm_value_get_item (coordinates, 0)));
      if (strcmp (type, single_types[i]) == 0 && allows (format, multi_types[i]))
        {
          AlmValue *list = alm_value_new_list ();

          alm_value_append (list, alm_value_ref (coordinates));
          return retype (geometry, multi_types[i], list);
        }
    }

  if (!allows (format, "Point") || !alm_wkb_from_geometry (geometry, NULL, NULL, wkb, NULL)
      || (inside = alm_geos_find_inside (wkb->data, wkb->len)) == NULL)
    return NULL;
  *repaired = TRUE;

  return alm_wkb_to_geometry (inside->data, inside->len, NULL, NULL, NULL);
}

/* Whether another way says another place. */
static gboolean
is_disagreed (AlmImportPlaces     *self,
              guint                used,
              const AlmImportRow  *row,
              const AlmImportSpot *spot)
{
  /* The first corner of an area says nothing against its middle. */
  if (strcmp (alm_value_get_text_of (spot->geometry, "type"), "Point") != 0)
    return FALSE;

  for (guint i = 0; i < self->ways->len; i++)
    {
      AlmImportWay *way = self->ways->pdata[i];
      g_autoptr (AlmValue) other = NULL;
      g_autofree char *rebuilt = NULL;
      gboolean repaired;
      Extent extent;

      if (i == used || way->guess.in_country < 0.95 || way->guess.filled < 0.5)
        continue;
      other = locate_shape (way, row, &repaired, &rebuilt);
      if (other == NULL || strcmp (alm_value_get_text_of (other, "type"), "Point") != 0)
        continue;
      look_at (self, other, &extent);
      if (!extent.all_in_country)
        continue;

      return get_distance (spot->lon, spot->lat, extent.lon, extent.lat) > DISAGREE_M;
    }

  return FALSE;
}

void
alm_import_places_locate (AlmImportPlaces    *self,
                          const AlmImportRow *row,
                          const char         *format,
                          AlmImportSpot      *spot)
{
  *spot = (AlmImportSpot) { .missing = TRUE };

  for (guint i = 0; i < self->ways->len && spot->geometry == NULL; i++)
    {
      AlmImportWay *way = self->ways->pdata[i];
      gboolean repaired = FALSE;
      g_autofree char *rebuilt = NULL;
      g_autoptr (AlmValue) geometry = locate_shape (way, row, &repaired, &rebuilt);
      Extent extent = { 0 };

      if (geometry != NULL)
        look_at (self, geometry, &extent);
      if (geometry == NULL || !extent.all_in_country)
        {
          AlmValue *swapped = locate_swapped (self, way, row);

          spot->outside_country |= geometry != NULL;
          if (swapped == NULL)
            continue;
          g_clear_pointer (&geometry, alm_value_unref);
          geometry = swapped;
          repaired = TRUE;
          look_at (self, geometry, &extent);
        }

      spot->geometry = fit_to_model (geometry, format, &repaired);
      if (spot->geometry == NULL)
        continue;
      spot->lon = extent.lon;
      spot->lat = extent.lat;
      spot->missing = spot->outside_country = FALSE;
      spot->outside_city = !alm_import_box_holds (&self->city.city, spot->lon, spot->lat);
      spot->repaired = repaired;
      spot->rebuilt = g_steal_pointer (&rebuilt);
      spot->disagrees = is_disagreed (self, i, row, spot);
    }
  if (spot->outside_country)
    spot->missing = FALSE;
}
