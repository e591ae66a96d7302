/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

typedef enum {
  ALM_IMPORT_PLACE_GUESS,
  ALM_IMPORT_PLACE_NONE,     /* null */
  ALM_IMPORT_PLACE_FILE,     /* the format's own geometry */
  ALM_IMPORT_PLACE_PAIR,     /* x = the eastward column, whatever its name */
  ALM_IMPORT_PLACE_WKT       /* a column of WKT or GeoJSON */
} AlmImportPlaceType;

typedef struct
{
  char     *column;
  char     *to;         /* field; NULL = leave out */
  double    scale;      /* 1 = none */
  AlmValue *codes;      /* object, nullable */
} AlmImportColumn;

/* How a file is to be read (assets-map.md, section 3.5); what is not said is
 * guessed.  A plain struct. */
typedef struct
{
  char               *format;      /* "csv" or a driver's name; nullable */
  char               *encoding;
  char               *separator;   /* nullable; so the next two */
  char               *quote;       /* "" = none */
  char               *escape;      /* double, backslash, none */
  char                decimal;     /* 0 = guess */
  int                 header;      /* record that holds it, from 1; 0 = none; −1 = guess */
  char               *layer;
  AlmImportPlaceType  place;
  char               *x;           /* also the WKT column */
  char               *y;
  char               *crs;
  GPtrArray          *columns;     /* (element-type AlmImportColumn) */
  AlmValue           *constants;   /* object, nullable */
  char              **key;         /* nullable */
  double              near_m;      /* 0 = not asked; < 0 = ALM_IMPORT_NEAR_M */
  gboolean            near_skip;
} AlmImportMapping;

/* How near another object is worth a word where nobody has said how near. */
#define ALM_IMPORT_NEAR_M 2.0

AlmImportMapping *alm_import_mapping_new      (void);
void              alm_import_mapping_free     (AlmImportMapping        *self);
AlmImportMapping *alm_import_mapping_copy     (const AlmImportMapping  *self);
/* NULL with an error that names the member. */
AlmImportMapping *alm_import_mapping_from_value (const AlmValue        *value,
                                               GError                 **error);
AlmValue         *alm_import_mapping_to_value (const AlmImportMapping  *self);
AlmValue         *alm_import_mapping_to_record (const AlmImportMapping *self);
const AlmImportColumn *
                  alm_import_mapping_find     (const AlmImportMapping  *self,
                                               const char              *column);
/* Metres; 0 = places are not compared */
double            alm_import_mapping_get_near (const AlmImportMapping *self);
/* Place, columns, constants, key and near of @other instead of the own ones. */
void              alm_import_mapping_take_meaning (AlmImportMapping *self,
                                               const AlmImportMapping *other);
void              alm_import_mapping_map      (AlmImportMapping        *self,
                                               const char              *column,
                                               const char              *to,
                                               double                   scale,
                                               AlmValue                *codes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportMapping, alm_import_mapping_free)

G_END_DECLS
