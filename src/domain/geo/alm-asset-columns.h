/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

#include "alm-morton.h"

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

  /* How wide each is on the ground, in decimetres, 0 = not known; NULL for a kind
   * of which that is never known. */
  guint16         *span;
  guint16          max_span;

  /* Lines and polygons: asset i has vertices shape_start[i] … shape_start[i + 1] − 1.
   * NULL for a kind of points only.  Offsets from (wx, wy) in units of wx. */
  guint32         *shape_start;
  gint32          *shape_dx;
  gint32          *shape_dy;
  guint8          *shape_type;   /* AlmShapeType, one per asset */
  AlmBox          *box;          /* one per asset */
  AlmBox          *block_box;    /* one per ALM_ASSET_BLOCK assets: around all of theirs */
  guint8          *ring_first;   /* one per vertex: begins a ring or part */
};

/* Assets that share an entry of block_box. */
#define ALM_ASSET_BLOCK 64

/* What t0 and t1 hold where there is no such day. */
#define ALM_DAY_OPEN_START G_MININT32
#define ALM_DAY_OPEN_END   G_MAXINT32

typedef enum {
  ALM_SHAPE_POINT,
  ALM_SHAPE_LINE,
  ALM_SHAPE_POLYGON
} AlmShapeType;

/* Indexes from first up to, but not including, end. */
typedef struct
{
  guint first;
  guint end;
} AlmIndexRange;

#define ALM_ASSET_MAX_RANGES ALM_MORTON_MAX_RANGES

AlmAssetColumns *alm_asset_columns_ref         (AlmAssetColumns       *self);
void             alm_asset_columns_unref       (AlmAssetColumns       *self);
gsize            alm_asset_columns_get_bytes   (const AlmAssetColumns *self);
gboolean         alm_asset_columns_find_rid    (const AlmAssetColumns *self,
                                                guint32                rid,
                                                guint                 *index);
/* Indexes of places that may lie in @box; returns how many of at most
 * ALM_ASSET_MAX_RANGES.  For kinds with lines or polygons use AlmAssetSearch:
 * their place is only their middle. */
guint            alm_asset_columns_find_ranges (const AlmAssetColumns *self,
                                                const AlmBox          *box,
                                                AlmIndexRange         *ranges);
/* A copy without the assets named in @gone, with those of @added (nullable)
 * between the others; (transfer full). */
AlmAssetColumns *alm_asset_columns_merge       (const AlmAssetColumns *self,
                                                const guint32         *gone,
                                                guint                  n_gone,
                                                const AlmAssetColumns *added);

/* Walks over the assets alive on a day whose place or box touches a box, in array
 * order.  On the stack; nothing to free. */
typedef struct
{
  /*< private >*/
  const AlmAssetColumns *columns;
  AlmBox                 box;
  gint32                 day;
  AlmIndexRange          ranges[ALM_ASSET_MAX_RANGES];
  guint                  n_ranges;
  guint                  range;
  guint                  next;
} AlmAssetSearch;

void             alm_asset_search_init         (AlmAssetSearch        *self,
                                                const AlmAssetColumns *columns,
                                                const AlmBox          *box,
                                                gint32                 day);
gboolean         alm_asset_search_next         (AlmAssetSearch        *self,
                                                guint                 *index);

static inline gboolean
alm_asset_columns_is_alive (const AlmAssetColumns *self,
                            guint                  index,
                            gint32                 day)
{
  return self->t0[index] <= day && day < self->t1[index];
}

/* Collecting, in any order; seal() sorts (radix, by Morton key; equal keys stay
 * in the order they came in). */
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
/* How wide the asset that was added last is on the ground.  What is no positive
 * number is not known; more than 6,553.5 m is cut down to that. */
void             alm_asset_builder_set_span  (AlmAssetBuilder *self,
                                              double           metres);
/* @xy: pairs of wx, wy as doubles; @rings: first vertex of each ring or part, the
 * first one 0; a ring may repeat its first vertex or not.  FALSE, and nothing is
 * added, if a coordinate is no number or outside the world, or there are too few. */
gboolean         alm_asset_builder_add_shape (AlmAssetBuilder *self,
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
