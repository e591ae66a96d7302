/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* What the helper allmende-gis and the workbench say to each other, line by
 * line (assets-map.md, section 3.6): a head, features, an end. */
#define ALM_FEATURE_LINE_MAX (16 << 20)

typedef struct
{
  char      *name;
  char      *geometry;     /* "Point", "Polygon", …, "Unknown", "None" */
  char      *crs;          /* "EPSG:n" or WKT; nullable */
  gint64     count;        /* −1 = the format does not say */
  GPtrArray *fields;       /* (element-type utf8) */
  GPtrArray *types;        /* (element-type utf8): string integer real boolean date datetime */
} AlmFeatureLayer;

typedef struct
{
  guint      layer;
  gint64     n;            /* from 1, within the layer */
  guint8    *wkb;          /* nullable */
  gsize      wkb_length;
  AlmValue  *values;       /* list, one per field */
} AlmFeature;

typedef enum {
  ALM_FEATURE_NONE,        /* broken: an error is set */
  ALM_FEATURE_HEAD,
  ALM_FEATURE_ROW,
  ALM_FEATURE_END
} AlmFeatureItem;

typedef struct _AlmFeatureStream AlmFeatureStream;

AlmFeatureStream      *alm_feature_stream_new         (void);
void                   alm_feature_stream_free        (AlmFeatureStream  *self);
const char            *alm_feature_stream_get_driver  (AlmFeatureStream  *self);
guint                  alm_feature_stream_get_n_layers (AlmFeatureStream *self);
const AlmFeatureLayer *alm_feature_stream_get_layer   (AlmFeatureStream  *self,
                                                       guint              index);
/* One line without its end.  @feature is filled for a row, and to be cleared. */
AlmFeatureItem         alm_feature_stream_take        (AlmFeatureStream  *self,
                                                       const char        *line,
                                                       gsize              length,
                                                       AlmFeature        *feature,
                                                       GError           **error);
/* No end line, no import. */
gboolean               alm_feature_stream_finish      (AlmFeatureStream  *self,
                                                       GError           **error);
void                   alm_feature_clear              (AlmFeature        *feature);

/* The writing side. */
void                   alm_feature_append_head        (GString           *out,
                                                       const char        *driver,
                                                       const AlmFeatureLayer *layers,
                                                       guint              n_layers);
void                   alm_feature_append_row         (GString           *out,
                                                       guint              layer,
                                                       gint64             n,
                                                       const guint8      *wkb,
                                                       gsize              wkb_length,
                                                       const AlmValue    *values);
void                   alm_feature_append_end         (GString           *out,
                                                       gint64             rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmFeatureStream, alm_feature_stream_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmFeature, alm_feature_clear)

G_END_DECLS
