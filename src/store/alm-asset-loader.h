/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-asset-columns.h"
#include "alm-base-style.h"
#include "alm-desk.h"
#include "alm-symbol.h"

G_BEGIN_DECLS

/* What can be seen of one kind, with what is needed to draw it.  Plain data:
 * may be handed from thread to thread. */
typedef struct
{
  AlmModel        *model;
  AlmSymbol       *symbol;
  AlmAssetColumns *columns;
  gboolean         is_base;     /* belongs to the drawn base map; then its kind there */
  AlmBaseKind      base_kind;
  char           **names;       /* of a base kind: one per index, each nullable */
  double           limits[4];   /* between the quantiles of the symbol's field */
  guint            n_unplaced;  /* geometries that could not be read */
} AlmAssetTable;

void       alm_asset_table_free      (AlmAssetTable    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmAssetTable, alm_asset_table_free)

/* Every kind that has a place, in the order of their names; (transfer full)
 * (element-type AlmAssetTable).
 * @kinds: (nullable): these only */
GPtrArray *alm_asset_loader_load     (AlmDesk           *desk,
                                      const char *const *kinds,
                                      GError           **error);
/* The same of some rows only: what has changed.  Tables of kinds of which none is
 * placed (any more) are there, and empty.
 * @known: (element-type AlmAssetTable): as loaded before; quantiles stay theirs */
GPtrArray *alm_asset_loader_load_rids (AlmDesk          *desk,
                                       GPtrArray        *known,
                                       const gint64     *rids,
                                       guint             n_rids,
                                       GError          **error);
/* Labels of rows, in the order of @rids, NULL where there is none; (transfer full)
 * (element-type utf8). */
GPtrArray *alm_asset_loader_load_labels (AlmDesk        *desk,
                                         const gint64   *rids,
                                         guint           n_rids,
                                         GError        **error);

G_END_DECLS
