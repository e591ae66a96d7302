/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <cairo.h>

#include "alm-town-map.h"

G_BEGIN_DECLS

typedef struct
{
  double red;
  double green;
  double blue;
} AlmTint;

/* How a class of area is drawn; areas are drawn in the order of their styles. */
typedef struct
{
  const char *class_;
  AlmTint     fill;
  AlmTint     edge;
  double      edge_width;    /* pixels at zoom 16; 0 = none */
  guint       texture;       /* AlmTexture */
  guint       from_zoom;
} AlmAreaStyle;

typedef enum {
  ALM_TEXTURE_NONE,
  ALM_TEXTURE_TREES,
  ALM_TEXTURE_ORCHARD,
  ALM_TEXTURE_VINES,
  ALM_TEXTURE_CROSSES,
  ALM_TEXTURE_GARDENS
} AlmTexture;

typedef struct
{
  const char *class_;
  AlmTint     fill;
  AlmTint     casing;
  double      metres;        /* drawn to scale … */
  double      least[7];      /* … but at least so many pixels, zoom 10 … 16; 0 = not drawn */
  guint       name_zoom;     /* its name from here on */
  double      name_size;     /* pixels at that zoom */
} AlmRoadStyle;

typedef struct
{
  const char *class_;
  AlmTint     ink;
  double      size[7];       /* pixels, zoom 10 … 16; 0 = not shown */
  gboolean    spaced;        /* capitals, letter-spaced */
  gboolean    italic;
  gboolean    bold;
} AlmNameStyle;

typedef struct
{
  double *xy;                /* Web Mercator units, pairs */
  guint   n;                 /* corners */
  guint  *rings;             /* the first corner of each ring */
  guint   n_rings;
  double  west, north, east, south;
  guint   style;
  char   *name;              /* nullable */
} AlmTownShape;

struct _AlmTownMap
{
  GPtrArray *areas;          /* (element-type AlmTownShape) */
  GPtrArray *buildings;
  GPtrArray *lines;
  GPtrArray *roads;
  GPtrArray *districts;
  GPtrArray *names;
};

extern const AlmAreaStyle alm_area_styles[];
extern const guint        alm_n_area_styles;
extern const AlmRoadStyle alm_road_styles[];
extern const guint        alm_n_road_styles;
extern const AlmNameStyle alm_name_styles[];
extern const guint        alm_n_name_styles;
extern const AlmTint      alm_tint_ground;
extern const AlmTint      alm_tint_building;
extern const AlmTint      alm_tint_building_edge;
extern const AlmTint      alm_tint_landmark;
extern const AlmTint      alm_tint_landmark_edge;

/* Which of the line styles: index into the lines' own small list. */
enum {
  ALM_LINE_WALL,
  ALM_LINE_RAIL,
  ALM_LINE_POWER,
  ALM_LINE_PATH,
  ALM_N_LINES
};

/* One letter in its place: pixels of the whole sheet. */
typedef struct
{
  gulong glyph;
  double x;
  double y;
  double turn;               /* radians */
} AlmLetter;

typedef struct
{
  GArray  *letters;          /* (element-type AlmLetter) */
  double   size;
  AlmTint  ink;
  gboolean italic;
  gboolean bold;
  double   west, north, east, south;   /* pixels of the sheet, with the halo */
} AlmLabel;

struct _AlmTownSheet
{
  AlmTownMap *map;
  guint       zoom;
  double      scale;         /* pixels per unit */
  guint       first_x;       /* tile numbers */
  guint       first_y;
  guint       columns;
  guint       rows;
  double      origin_x;      /* units of the sheet's top left corner */
  double      origin_y;
  double      metres;        /* per pixel, in its middle */
  GPtrArray  *labels;        /* (element-type AlmLabel) */
};

void                  alm_town_sheet_place_labels (AlmTownSheet *self);
cairo_scaled_font_t  *alm_town_font               (double        size,
                                                   gboolean      italic,
                                                   gboolean      bold);

G_END_DECLS
