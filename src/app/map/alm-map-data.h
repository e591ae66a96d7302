/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-area.h"
#include "alm-asset-loader.h"
#include "alm-label-job.h"
#include "alm-paint.h"
#include "alm-records.h"
#include "alm-shape.h"

G_BEGIN_DECLS

/* What the map shows, kept up to date with the records: columns of all kinds,
 * which of them are to be seen, in which order.  Main thread only; loading and
 * merging happen on a reader's thread.
 *
 * Signals:
 *   "loaded" (): everything was read anew.
 *   "touched" (const AlmBox *boxes, guint n): records there have changed.
 *   "layers-changed" (): order, eye or opacity of a layer.
 *   "day-changed" (): another day's map is to be seen.
 *   "failed" (const GError *error): reading did not work; what was there stays. */
#define ALM_TYPE_MAP_DATA (alm_map_data_get_type ())
G_DECLARE_FINAL_TYPE (AlmMapData, alm_map_data, ALM, MAP_DATA, GObject)

typedef struct
{
  AlmAssetTable *table;     /* borrowed */
  guint          index;
  gint64         rid;
  double         distance;  /* units */
} AlmMapHit;

typedef struct
{
  const char *kind;
  AlmModel   *model;
  AlmSymbol  *symbol;
  guint       n;            /* assets */
  const double *limits;     /* between the five quantiles, where the symbol has some */
  gboolean    visible;
  double      opacity;
} AlmMapLayer;

/* @records: (nullable): for tests that bring their own tables */
AlmMapData     *alm_map_data_new             (AlmRecords       *records);
void            alm_map_data_reload          (AlmMapData       *self);
/* (transfer full) @tables */
void            alm_map_data_set_tables      (AlmMapData       *self,
                                              GPtrArray        *tables);
gboolean        alm_map_data_is_loaded       (AlmMapData       *self);
/* The day whose map it is, as in AlmAssetColumns; today to begin with. */
gint32          alm_map_data_get_day         (AlmMapData       *self);
void            alm_map_data_set_day         (AlmMapData       *self,
                                              gint32            day);
/* Around everything that is alive; FALSE where there is nothing. */
gboolean        alm_map_data_get_extent      (AlmMapData       *self,
                                              AlmBox           *box);

/* Layers from bottom to top. */
guint           alm_map_data_get_n_layers    (AlmMapData       *self);
void            alm_map_data_get_layer       (AlmMapData       *self,
                                              guint             number,
                                              AlmMapLayer      *layer);
void            alm_map_data_set_visible     (AlmMapData       *self,
                                              const char       *kind,
                                              gboolean          visible);
void            alm_map_data_set_opacity     (AlmMapData       *self,
                                              const char       *kind,
                                              double            opacity);
/* @step: +1 = one up */
void            alm_map_data_move_layer      (AlmMapData       *self,
                                              const char       *kind,
                                              int               step);
/* @number: its place from the bottom, the others close up */
void            alm_map_data_place_layer     (AlmMapData       *self,
                                              const char       *kind,
                                              guint             number);
/* The order is the user's own, not the one that counts suggest. */
gboolean        alm_map_data_is_ordered      (AlmMapData       *self);
/* How a kind looked before it is read; the kinds of an own order come one after
 * the other, from the bottom. */
void            alm_map_data_recall_layer    (AlmMapData       *self,
                                              const char       *kind,
                                              gboolean          visible,
                                              double            opacity,
                                              gboolean          is_ordered);
gboolean        alm_map_data_has_base        (AlmMapData       *self);

/* (transfer full) */
AlmPaintPlan   *alm_map_data_make_assets     (AlmMapData       *self,
                                              gboolean          with_names,
                                              gboolean          dark,
                                              double            scale);
/* NULL where there is no drawn base map; (transfer full) */
AlmPaintPlan   *alm_map_data_make_base       (AlmMapData       *self,
                                              gboolean          dark,
                                              double            scale);
/* What can have a label, and the day.
 * @with_names: the map's own are to be seen */
void            alm_map_data_fill_labels     (AlmMapData       *self,
                                              AlmLabelJob      *job,
                                              gboolean          with_names);
AlmPaintPlan   *alm_map_data_make_selection  (AlmMapData       *self,
                                              const gint64     *rids,
                                              guint             n_rids,
                                              guint32           color,
                                              gboolean          dark,
                                              double            scale);

/* What can be seen within @radius units: topmost layer first, then nearest;
 * (transfer full) (element-type AlmMapHit), until the next "loaded" or "touched". */
GArray         *alm_map_data_hit             (AlmMapData       *self,
                                              double            x,
                                              double            y,
                                              double            radius);
GArray         *alm_map_data_select_box      (AlmMapData       *self,
                                              const AlmBox     *box);
GArray         *alm_map_data_select_area     (AlmMapData       *self,
                                              const AlmArea    *area);
/* The @max nearest to the middle of @box among what can be seen in it. */
GArray         *alm_map_data_list_box        (AlmMapData       *self,
                                              const AlmBox     *box,
                                              guint             max);
guint           alm_map_data_count_box       (AlmMapData       *self,
                                              const AlmBox     *box);
gboolean        alm_map_data_find            (AlmMapData       *self,
                                              gint64            rid,
                                              AlmMapHit        *hit);
/* The nearest of a kind within @metres, or the area of it that contains the
 * place; 0 for none. */
gint64          alm_map_data_find_nearest    (AlmMapData       *self,
                                              const char       *kind,
                                              double            x,
                                              double            y,
                                              double            metres);

G_END_DECLS
