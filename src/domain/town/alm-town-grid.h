/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-town-private.h"

G_BEGIN_DECLS

/* A piece of street between two nodes, before it has a name. */
typedef struct
{
  AlmPath        path;
  guint          node[2];
  guint          line;      /* the grid line it lies on: one name */
  int            place;     /* where on that line */
  AlmTownQuarter quarter;
  guint          district;
  const char    *class_;
  double         half;
  int            from;
  gboolean       dropped;
} AlmTownEdge;

/* The town's junctions: spots equal to the millimetre are one node. */
typedef struct
{
  GArray     *spots;       /* (element-type AlmSpot) */
  GHashTable *by_place;
  GArray     *edges;       /* (element-type AlmTownEdge) */
  guint       n_lines;
} AlmTownNet;

guint alm_town_net_node (AlmTownNet         *net,
                         AlmSpot             spot);
void  alm_town_grid     (AlmTown            *self,
                         AlmTownNet         *net,
                         const AlmTownZone  *zone,
                         AlmTownSettlement  *settlement);

G_END_DECLS
