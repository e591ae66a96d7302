/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-layer-list.h"
#include "alm-map-page.h"
#include "alm-scale-bar.h"
#include "alm-view-list.h"

G_BEGIN_DECLS

/* The page is in five files: alm-map-page.c (what is shown), alm-map-here.c (what is
 * under the pointer, walking), alm-map-tools.c (what is changed), alm-map-base.c
 * (base maps) and alm-map-memory.c (what the next session sees). */

typedef enum {
  ALM_MAP_MODE_SELECT,
  ALM_MAP_MODE_BOX,
  ALM_MAP_MODE_ADD,
  ALM_MAP_MODE_MOVE
} AlmMapMode;

struct _AlmMapPage
{
  AdwBin           parent_instance;

  /* Owned */
  AlmRecords      *records;       /* nullable */
  AlmSelection    *selection;
  AlmMapData      *data;
  GCancellable    *cancellable;   /* cancelled by dispose, freed by finalize */
  GtkWidget       *popover;       /* "what is here"; nullable */
  GArray          *walk;          /* AlmMapHit: what Tab walks through; nullable */
  GFile           *base_file;     /* MBTiles; nullable */
  char            *add_kind;      /* of ALM_MAP_MODE_ADD */
  char            *base_words;    /* attribution of the base file; nullable */
  AlmTilePainter  *base_painter;  /* of the base file; nullable */
  AlmTilePainter  *net_painter;   /* of the address; nullable */
  char            *net_words;     /* its attribution; nullable */

  AlmMapMode       mode;
  AlmMapBase       base;
  double           base_opacity;
  gint64           move_rid;      /* what is moved; 0: nothing */
  double           move_x;        /* … to where, units */
  double           move_y;
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
  AlmLayerList    *layer_list;
  AlmViewList     *view_list;
  AlmScaleBar     *scale_bar;
  GtkWidget       *opacity_scale;
  GtkCheckButton  *base_buttons[ALM_MAP_N_BASES];

  /* Template children */
  AdwToastOverlay *toasts;
  AdwFlap         *flap;
  GtkStack        *panes;
  GtkBox          *layers_box;
  AdwPreferencesGroup *base_group;
  AdwBin          *view_place;
  GtkOverlay      *overlay;
  GtkToggleButton *flap_button;
  GtkToggleButton *box_button;
  GtkMenuButton   *add_button;
  GtkToggleButton *move_button;
  GtkButton       *delete_button;
  GtkButton       *zoom_in_button;
  GtkButton       *zoom_out_button;
  GtkButton       *home_button;
  GtkLabel        *hint;
  GtkSpinner      *spinner;
  AdwStatusPage   *empty_page;
  AdwBin          *scale_place;
  GtkButton       *coordinates_button;
  GtkLabel        *coordinates;
  GtkLabel        *problem;
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
void     alm_map_page_update_assets   (AlmMapPage    *self,
                                       const AlmBox  *touched,
                                       guint          n_touched);
int      alm_map_page_get_scale       (AlmMapPage    *self);

/* What is here, and walking: FALSE = there is no further one. */
void     alm_map_here_show            (AlmMapPage    *self,
                                       GArray        *hits,
                                       double         x,
                                       double         y);
gboolean alm_map_here_walk            (AlmMapPage    *self,
                                       int            step);
void     alm_map_here_stop_walking    (AlmMapPage    *self);

/* Tools. */
void     alm_map_tools_set_mode       (AlmMapPage    *self,
                                       AlmMapMode     mode);
void     alm_map_tools_fill_menu      (AlmMapPage    *self);
gboolean alm_map_tools_click          (AlmMapPage    *self,
                                       double         x,
                                       double         y);
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
void     alm_map_tools_install        (GtkWidgetClass *widget_class);
void     alm_map_tools_selection_changed (AlmMapPage *self);
void     alm_map_tools_connect        (AlmMapPage    *self);

/* Base maps. */
void     alm_map_base_build           (AlmMapPage    *self);
void     alm_map_base_update          (AlmMapPage    *self,
                                       const AlmBox  *touched,
                                       guint          n_touched);
void     alm_map_base_loaded          (AlmMapPage    *self);

G_END_DECLS
