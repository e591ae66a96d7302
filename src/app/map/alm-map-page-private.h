/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-base-maps.h"
#include "alm-base-notice.h"
#include "alm-layer-list.h"
#include "alm-map-draft.h"
#include "alm-map-page.h"
#include "alm-scale-bar.h"
#include "alm-view-list.h"

G_BEGIN_DECLS

/* The page is in seven files: alm-map-page.c (what is shown), alm-map-here.c (what is
 * under the pointer, walking), alm-map-tools.c (what a click, drag or key does),
 * alm-map-sketch.c (what they look like), alm-map-change.c (what then changes in the
 * records), alm-map-base.c (base maps) and alm-map-memory.c (what the next session
 * sees). */

typedef enum {
  ALM_MAP_MODE_SELECT,
  ALM_MAP_MODE_BOX,       /* selects with a rectangle */
  ALM_MAP_MODE_POLYGON,   /* selects with a polygon: there is a draft */
  ALM_MAP_MODE_DRAW,      /* adds: there is a draft */
  ALM_MAP_MODE_EDIT       /* moves and reshapes: there is a draft */
} AlmMapMode;

struct _AlmMapPage
{
  AdwBin           parent_instance;

  /* Owned */
  AlmRecords      *records;       /* nullable */
  AlmSelection    *selection;
  AlmMapData      *data;
  GCancellable    *cancellable;   /* cancelled by dispose, freed by finalize */
  GtkWidget       *popover;       /* "what is here"; NULL until first needed */
  GArray          *walk;          /* AlmMapHit: what Tab walks through; nullable */
  AlmMapDraft     *draft;         /* nullable */
  AlmModel        *tool_model;    /* of what is drawn or reshaped; nullable */
  AlmBaseMaps     *base_maps;
  char            *base_id;       /* the one that is shown */
  char            *wanted_base;   /* … instead of this, which is not there yet; nullable */
  GtkFileChooserNative *base_chooser;   /* nullable */
  AdwToast        *removed_toast;   /* the one whose Undo holds; nullable */

  AlmMapMode       mode;
  gboolean         is_base_chosen;  /* by somebody, not for want of another */
  gboolean         is_filling;      /* buttons move by themselves */
  double           base_opacity;
  gint64           edit_rid;      /* what is reshaped, or will be once it is read; 0: nothing */
  AlmId            edit_id;
  double           fault_x;       /* units: where the draft is not as it should be, or NAN */
  double           fault_y;
  gboolean         by_keys;       /* the tool is led by keyboard: the cross counts */
  gboolean         is_saving;     /* what is drawn is on its way into the records */
  int              walk_at;       /* −1: not walking */
  double           pointer_x;     /* units, NAN without a pointer */
  double           pointer_y;
  guint            rest_id;       /* source: the map has come to rest */
  gint64           wanted_rid;    /* to be shown when everything is read */
  gboolean         has_extent;    /* the first view has been chosen */

  /* Children made by code */
  AlmMapView      *view;
  AlmTileLayer    *base_layer;
  AlmTileLayer    *asset_layer;
  AlmTileLayer    *selection_layer;
  AlmLabelLayer   *label_layer;
  AlmLayerList    *layer_list;
  AlmViewList     *view_list;
  AlmScaleBar     *scale_bar;
  GtkWidget       *opacity_scale;
  AlmBaseNotice   *notice;

  /* Template children */
  AdwToastOverlay *toasts;
  AdwFlap         *flap;
  GtkStack        *panes;
  GtkBox          *layers_box;
  GtkListBox      *base_list;
  AdwBin          *view_place;
  GtkOverlay      *overlay;
  GtkToggleButton *flap_button;
  GtkToggleButton *box_button;
  GtkToggleButton *polygon_button;
  GtkMenuButton   *add_button;
  GtkToggleButton *edit_button;
  GtkButton       *delete_button;
  GtkButton       *zoom_in_button;
  GtkButton       *zoom_out_button;
  GtkButton       *home_button;
  GtkWidget       *hint_bar;
  GtkLabel        *hint;
  GtkWidget       *finish_button;
  GtkWidget       *cancel_button;
  GtkSpinner      *spinner;
  GtkWidget       *empty_page;
  AdwBin          *scale_place;
  GtkButton       *coordinates_button;
  GtkLabel        *coordinates;
  AdwBin          *notice_place;
  GtkLabel        *attribution;
};

/* What is shown. */
void     alm_map_page_say             (AlmMapPage    *self,
                                       const char    *text,
                                       gboolean       with_undo);
void     alm_map_page_say_error       (AlmMapPage    *self,
                                       const GError  *error);
void     alm_map_page_set_hint        (AlmMapPage    *self,
                                       const char    *text);
/* What a screen reader says of the map: the hint, what is selected, what is in view. */
void     alm_map_page_update_description (AlmMapPage *self);
void     alm_map_page_update_assets   (AlmMapPage    *self,
                                       const AlmBox  *touched,
                                       guint          n_touched);
void     alm_map_page_update_selection (AlmMapPage   *self);
int      alm_map_page_get_scale       (AlmMapPage    *self);
/* (element-type AlmMapHit) @hits; @extend: beside what is selected. */
void     alm_map_page_select_hits     (AlmMapPage    *self,
                                       GArray        *hits,
                                       gboolean       extend);
/* Words are brought up to date when the map has come to rest. */
void     alm_map_page_rest_soon       (AlmMapPage    *self);

/* What is here, and walking: FALSE = there is no further one. */
void     alm_map_here_show            (AlmMapPage    *self,
                                       GArray        *hits,
                                       double         x,
                                       double         y);
gboolean alm_map_here_walk            (AlmMapPage    *self,
                                       int            step);
void     alm_map_here_stop_walking    (AlmMapPage    *self);

/* Tools: TRUE = used, the event is nobody else's. */
void     alm_map_tools_set_mode       (AlmMapPage    *self,
                                       AlmMapMode     mode);
void     alm_map_tools_begin_draft    (AlmMapPage    *self,
                                       AlmMapMode     mode,
                                       AlmMapDraft   *draft);
void     alm_map_tools_fill_menu      (AlmMapPage    *self);
gboolean alm_map_tools_click          (AlmMapPage    *self,
                                       double         x,
                                       double         y);
gboolean alm_map_tools_double_click   (AlmMapPage    *self,
                                       double         x,
                                       double         y,
                                       gboolean       extend);
gboolean alm_map_tools_key            (AlmMapPage    *self,
                                       guint          keyval,
                                       GdkModifierType state);
gboolean alm_map_tools_drag_begin     (AlmMapPage    *self,
                                       double         x,
                                       double         y);
void     alm_map_tools_drag_update    (AlmMapPage    *self,
                                       double         x,
                                       double         y);
void     alm_map_tools_drag_end       (AlmMapPage    *self,
                                       double         x,
                                       double         y);
/* The pointer, or the map under the cross, is elsewhere. */
void     alm_map_tools_pointed        (AlmMapPage    *self);
void     alm_map_tools_install        (GtkWidgetClass *widget_class);
void     alm_map_tools_selection_changed (AlmMapPage *self);
void     alm_map_tools_connect        (AlmMapPage    *self);
gboolean alm_map_tools_shows_cross    (AlmMapPage    *self);

/* What the tools look like; an AlmMapSketchFunc. */
void     alm_map_sketch_draw          (AlmMapView    *view,
                                       cairo_t       *cr,
                                       const GdkRGBA *accent,
                                       gpointer       page);

/* What they change in the records. */
void     alm_map_change_add           (AlmMapPage    *self);
void     alm_map_change_save_shape    (AlmMapPage    *self);
void     alm_map_change_begin_edit    (AlmMapPage    *self,
                                       gint64         rid);
void     alm_map_change_check_adding  (AlmMapPage    *self);
void     alm_map_change_delete        (AlmMapPage    *self);

/* Base maps. */
void     alm_map_base_build           (AlmMapPage    *self);
void     alm_map_base_update          (AlmMapPage    *self,
                                       const AlmBox  *touched,
                                       guint          n_touched);
void     alm_map_base_loaded          (AlmMapPage    *self);
gboolean alm_map_base_is_drawn        (AlmMapPage    *self);
void     alm_map_base_recall          (AlmMapPage    *self,
                                       const char    *id,
                                       double         opacity);
/* What the next session is to show; NULL: what it thinks best. */
const char *alm_map_base_get_id       (AlmMapPage    *self);
void     alm_map_base_install         (GtkWidgetClass *widget_class);

G_END_DECLS
