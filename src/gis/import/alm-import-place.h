/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-geo.h"
#include "alm-import-source.h"
#include "alm-value.h"

G_BEGIN_DECLS

/* Where the rows of a foreign table lie (assets-map.md, section 4.8). */

typedef struct
{
  int       crs;        /* EPSG number of the city's metric system */
  AlmGeoBox city;
  AlmGeoBox country;
} AlmImportCity;

/* What the sample says of a column. */
typedef struct
{
  guint n;              /* cells that are not null */
  guint n_point;        /* of these numbers, if "." is the decimal sign */
  guint n_comma;
  char  decimal;
} AlmImportColumnStats;

/* One row of the sample; cells may be NULL. */
typedef struct
{
  gint64      line;
  guint       n_cells;
  char      **cells;
  GBytes     *wkb;      /* nullable */
} AlmImportSample;

void alm_import_sample_free (AlmImportSample *self);

/* A way to a place, as guessed or given. */
typedef struct
{
  AlmImportPlaceType type;
  int                x;             /* columns; −1 = none */
  int                y;
  char              *crs;           /* "EPSG:31468", WKT */
  char              *system;        /* its name, "DHDN / 3-degree Gauss-Kruger zone 4" */
  double             accuracy_m;    /* of the way to lon/lat; 0 exact, −1 unknown */
  const char        *reason;        /* why this way, to be translated */
  const char        *system_reason; /* why this system, likewise */
  double             filled;        /* share of rows that have something there */
  double             in_city;       /* shares of these */
  double             in_country;
  gboolean           declared;      /* the file or the user says the system */
  gboolean           plain_names;   /* x and y only: says little */
  gboolean           is_metric;
} AlmImportPlaceGuess;

typedef struct _AlmImportPlaces AlmImportPlaces;

/* NULL with an error where the mapping names a column that is not there. */
AlmImportPlaces *alm_import_places_new       (const AlmImportMapping     *mapping,
                                              const AlmImportFacts       *facts,
                                              GPtrArray                  *columns,
                                              const AlmImportColumnStats *stats,
                                              GPtrArray                  *sample,
                                              const AlmImportCity        *city,
                                              GError                    **error);
void             alm_import_places_free      (AlmImportPlaces            *self);
/* FALSE with an error where the system that was given is unknown, or none was and none
 * can be guessed safely: the ways are there to choose from, not to be used. */
gboolean         alm_import_places_check     (AlmImportPlaces            *self,
                                              GError                    **error);
/* Best first; the first one is used.  0 = there is none. */
guint            alm_import_places_get_n     (AlmImportPlaces            *self);
const AlmImportPlaceGuess *
                 alm_import_places_get       (AlmImportPlaces            *self,
                                              guint                       index);
/* The same columns read in other systems, with their shares: what a person may
 * know better.  Set `place` and `crs` of the mapping to take one. */
guint            alm_import_places_get_n_others (AlmImportPlaces        *self);
const AlmImportPlaceGuess *
                 alm_import_places_get_other (AlmImportPlaces            *self,
                                              guint                       index);
/* Whether two guesses are the same columns or geometry, whatever the system. */
gboolean         alm_import_place_guess_is_alike (const AlmImportPlaceGuess *self,
                                              const AlmImportPlaceGuess  *other);
/* Whether a column is part of a place. */
gboolean         alm_import_places_use       (AlmImportPlaces            *self,
                                              int                         column);
double           alm_import_places_get_accuracy (AlmImportPlaces         *self);
/* "rechtswert, hochwert (EPSG:25832, ±0 m)"; (transfer full).  On the thread that
 * made them, as get_accuracy(). */
char            *alm_import_places_describe  (AlmImportPlaces            *self,
                                              guint                       index,
                                              GPtrArray                  *columns);

typedef struct
{
  AlmValue *geometry;      /* lon/lat; NULL = no place */
  double    lon, lat;      /* of its first place */
  gboolean  missing;
  gboolean  outside_country;
  gboolean  outside_city;
  gboolean  repaired;
  char     *rebuilt;       /* GEOS's words for what was wrong; NULL = nothing; (transfer full) */
  gboolean  disagrees;
} AlmImportSpot;

/* @format: the model's, "geometry-point". */
void             alm_import_places_locate    (AlmImportPlaces            *self,
                                              const AlmImportRow         *row,
                                              const char                 *format,
                                              AlmImportSpot              *spot);

/* "POINT (681234,5) (5644321,75)": exactly two numbers; *odd: not as WKT is. */
gboolean         alm_import_parse_point      (const char                 *text,
                                              double                     *x,
                                              double                     *y,
                                              gboolean                   *odd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportPlaces, alm_import_places_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportSample, alm_import_sample_free)

G_END_DECLS
