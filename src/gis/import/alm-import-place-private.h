/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-crs.h"
#include "alm-import-place.h"

G_BEGIN_DECLS

/* One way to a place, with its system opened. */
typedef struct
{
  AlmImportPlaceGuess guess;
  AlmCrs             *system;
  char                decimal[2];   /* of the columns x and y */
  double              straight;     /* share of rows with x before y */
} AlmImportWay;

struct _AlmImportPlaces
{
  GPtrArray     *ways;      /* AlmImportWay, best first */
  GPtrArray     *others;    /* the same columns in other systems, best first */
  AlmImportCity  city;
  gboolean       is_unsafe; /* none of the systems is likely enough */
  char          *unknown;   /* why the system that was given is none; nullable */
};

gboolean    alm_import_box_holds  (const AlmGeoBox     *box,
                                   double               lon,
                                   double               lat);
/* Text of a column that holds whole geometries: WKT or GeoJSON, as WKB. */
GByteArray *alm_import_read_shape (const char          *text,
                                   gboolean            *is_json,
                                   gboolean            *odd);
/* The raw coordinates of a row; FALSE: none there, or broken. */
gboolean    alm_import_way_get_raw (const AlmImportWay *way,
                                   const AlmImportRow  *row,
                                   double              *x,
                                   double              *y);

G_END_DECLS
