/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-geo.h"

G_BEGIN_DECLS

#define ALM_CRS_LONLAT "EPSG:4326"

/* The way between one reference system and longitude/latitude in ETRS89
 * (between that and WGS 84 lies the null transformation, assets-map.md,
 * section 2.1).  Belongs to the thread that made it. */
typedef struct _AlmCrs AlmCrs;

/* @definition: "EPSG:31468", a plain number, or WKT */
AlmCrs      *alm_crs_new             (const char  *definition,
                                      GError     **error);
void         alm_crs_free            (AlmCrs      *self);

/* "EPSG:31468" where the system has a number, else its name or "" */
const char  *alm_crs_get_id          (AlmCrs      *self);
int          alm_crs_get_epsg        (AlmCrs      *self);
const char  *alm_crs_get_name        (AlmCrs      *self);
gboolean     alm_crs_is_lonlat       (AlmCrs      *self);
/* Of the operation used last; 0 exact by definition, -1 unknown */
double       alm_crs_get_accuracy    (AlmCrs      *self);
/* "EPSG:31467, ±0.9 m"; (transfer full) */
char        *alm_crs_describe        (AlmCrs      *self);

/* In place; a place that has no image becomes NAN, NAN.  x points east. */
void         alm_crs_to_lonlat       (AlmCrs      *self,
                                      double      *x,
                                      double      *y,
                                      gsize        n);
void         alm_crs_from_lonlat     (AlmCrs      *self,
                                      double      *x,
                                      double      *y,
                                      gsize        n);

/* The systems tried where a file names none, EPSG numbers, best known first. */
const int   *alm_crs_candidates      (guint       *n);
/* Whether a pair can lie in that system at all: cheap, before PROJ is asked. */
gboolean     alm_crs_may_hold        (int          epsg,
                                      double       x,
                                      double       y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmCrs, alm_crs_free)

G_END_DECLS
