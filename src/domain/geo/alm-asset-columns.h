/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What can be seen of one kind: a structure of arrays in Morton order
 * (assets-map.md, section 3.4).  Immutable once sealed; reference-counted
 * atomically, so drawing threads hold a reference and need no lock.
 *
 * wx, wy: position in Web Mercator as unsigned 32-bit fractions of the world's
 * width, y from the north.  A tile z/x/y is one range of the Morton key.
 * t0, t1: days since 0001-01-01, proleptic Gregorian; alive on day d if t0 <= d < t1.
 * class: index into the kind's style (0 … 255). */
typedef struct _AlmAssetColumns AlmAssetColumns;

struct _AlmAssetColumns
{
  gatomicrefcount  ref_count;
  guint            n;
  guint32         *wx;
  guint32         *wy;
  guint32         *rid;
  gint32          *t0;
  gint32          *t1;
  guint8          *class_;

  /* Lines and polygons: asset i has vertices shape_start[i] … shape_start[i + 1] − 1.
   * NULL for a kind of points only.  Offsets from (wx, wy) in units of wx. */
  guint32         *shape_start;
  gint32          *shape_dx;
  gint32          *shape_dy;
  guint8          *shape_type;   /* AlmShapeType, one per asset */
  guint32         *box;          /* four per asset: west, north, east, south */
  guint8          *ring_first;   /* one per vertex: begins a ring or part */
};

typedef enum {
  ALM_SHAPE_POINT,
  ALM_SHAPE_LINE,
  ALM_SHAPE_POLYGON
} AlmShapeType;

AlmAssetColumns *alm_asset_columns_ref   (AlmAssetColumns *self);
void             alm_asset_columns_unref (AlmAssetColumns *self);

/* Collecting, in any order; seal() sorts (radix, by Morton key). */
typedef struct _AlmAssetBuilder AlmAssetBuilder;

AlmAssetBuilder *alm_asset_builder_new       (guint            expected);
void             alm_asset_builder_free      (AlmAssetBuilder *self);
void             alm_asset_builder_add_point (AlmAssetBuilder *self,
                                              guint32          rid,
                                              guint32          wx,
                                              guint32          wy,
                                              gint32           t0,
                                              gint32           t1,
                                              guint8           class_);
/* @xy: pairs of wx, wy as doubles; @rings: first vertex of each ring or part */
void             alm_asset_builder_add_shape (AlmAssetBuilder *self,
                                              guint32          rid,
                                              AlmShapeType     type,
                                              const double    *xy,
                                              guint            n_vertices,
                                              const guint     *rings,
                                              guint            n_rings,
                                              gint32           t0,
                                              gint32           t1,
                                              guint8           class_);
/* (transfer full); the builder is freed */
AlmAssetColumns *alm_asset_builder_seal      (AlmAssetBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmAssetColumns, alm_asset_columns_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmAssetBuilder, alm_asset_builder_free)

G_END_DECLS
