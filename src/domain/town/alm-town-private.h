/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-id.h"
#include "alm-random.h"
#include "alm-town-index.h"
#include "alm-town.h"

G_BEGIN_DECLS

#define N_GATES 6
#define NOWHERE G_MAXUINT

/* How a part of the town is built. */
typedef enum {
  QUARTER_OLD,        /* within the wall */
  QUARTER_ROWS,       /* closed rows of the 1880s */
  QUARTER_VILLA,
  QUARTER_FAMILY,     /* detached houses of the 1930s on */
  QUARTER_ESTATE,     /* slabs of the 1960s and 70s */
  QUARTER_WORKS,      /* row houses of the works */
  QUARTER_INDUSTRY,
  QUARTER_VILLAGE,
  QUARTER_OPEN        /* fields */
} AlmTownQuarter;

/* A road that was there before the streets between: gate roads and rings. */
typedef struct
{
  AlmPath     path;      /* a closed one ends where it began */
  gboolean    closed;
  const char *class_;
  double      half;      /* half its width in metres, kerb to middle */
  char       *name;
  int         from;
  GArray     *cuts;      /* (element-type AlmTownCut) where others join */
} AlmTownMain;

typedef struct
{
  guint   segment;
  double  t;
  AlmSpot spot;
} AlmTownCut;

/* The land between two gate roads and two rings. */
typedef struct
{
  AlmPath        outline;
  GArray        *owners;    /* (element-type guint) main per edge, or NOWHERE */
  AlmTownQuarter quarter;
  guint          sector;
  guint          district;
  guint          belt;      /* 0 old town, 1 inner, 2 outer */
} AlmTownZone;

/* A village, an estate, …: built land in an outer zone. */
typedef struct
{
  AlmPath        outline;
  AlmSpot        middle;
  AlmTownQuarter quarter;
  char          *name;
  AlmSpot        axis;      /* its streets run along and across this */
  int            from;      /* the year of its first houses */
} AlmTownSettlement;

typedef struct
{
  char       *key;
  const char *class_;
  AlmPath     outline;
  AlmPath     hole;
  char       *title;     /* nullable */
  int         from;
  int         until;     /* 0 = still there */
} AlmTownArea;

typedef struct
{
  char       *key;
  const char *class_;
  AlmPath     path;
  char       *title;     /* nullable */
  int         from;
} AlmTownLine;

typedef struct
{
  char *name;
  int   from;
  int   until;
} AlmTownFormer;

typedef struct
{
  char          *name;
  guint          district;
  guint          numbers[2];  /* houses so far: odd on the left, even on the right */
  AlmTownQuarter quarter;
  int            from;
  gboolean       trees;       /* an avenue */
  guint          species;     /* of the avenue */
  AlmTownFormer  former[2];
} AlmTownStreet;

typedef struct
{
  AlmPath        path;
  guint          street;
  const char    *class_;
  double         half;
  AlmTownQuarter quarter;
  guint          district;
  int            from;
  guint          node[2];
} AlmTownRoad;

typedef struct
{
  AlmPath        outline;
  char          *key;
  const char    *use;        /* residential, church, … */
  char          *title;      /* nullable */
  guint          floors;
  int            from;
  int            until;      /* 0 = still there */
  AlmTownQuarter quarter;
} AlmTownBuilding;

typedef struct
{
  AlmSpot     spot;
  guint       street;
  guint       district;
  guint       number;
  char        letter;        /* 0 = none */
  guint       building;
} AlmTownAddress;

typedef struct
{
  AlmSpot     spot;
  guint       species;
  guint       street;        /* or NOWHERE */
  guint       area;          /* or NOWHERE */
  guint       number;
  int         planted;
  guint       district;
  guint       place;         /* AlmTownPlace */
} AlmTownTree;

typedef struct
{
  AlmSpot spot;
  guint   street;
  guint   district;
  guint   number;
  guint   type;
} AlmTownPost;               /* lamps and furniture */

typedef struct
{
  char   *name;
  AlmPath outline;
  guint   district;
  guint   street;
  int     from;
} AlmTownPlayground;

typedef struct
{
  char          *name;
  AlmPath        outline;
  AlmTownQuarter quarter;
  int            joined;      /* incorporated; 0 = always town */
  guint          inhabitants; /* 2025 */
  double         built;       /* square metres of floors, for the inhabitants */
} AlmTownDistrict;

struct _AlmTown
{
  guint64     seed;
  AlmTownSize size;
  double      ring;           /* radius of the outer ring */
  AlmSpot     middle;         /* of the market */

  AlmPath     river;          /* its middle line */
  AlmPath     rail;
  AlmPath     wall;
  AlmSpot     gates[N_GATES]; /* in the wall */
  guint       gate_street[N_GATES];   /* mains: from the market to the ring road */
  guint       gate_road[N_GATES];     /* mains: from there to the edge */
  guint       rings[4];               /* mains: market, wall lane, ring road, outer ring */
  guint       ring_at[4][N_GATES];    /* the corner of the ring at a gate road */
  /* [1] the corner of the gate street at the wall lane, [2] of the gate road at
   * the outer ring */
  guint       gate_at[3][N_GATES];

  GArray     *mains;          /* (element-type AlmTownMain) */
  GArray     *zones;
  GArray     *settlements;
  GArray     *districts;
  GArray     *areas;
  GArray     *lines;
  GArray     *streets;
  GArray     *roads;
  GArray     *buildings;
  GArray     *addresses;
  GArray     *trees;
  GArray     *lamps;
  GArray     *furniture;
  GArray     *playgrounds;
  GHashTable *used_names;

  AlmTownIndex *closed;       /* where no street may go */
  AlmTownIndex *ways;         /* roads, with half their width */
  AlmTownIndex *junctions;
  AlmTownIndex *houses;
  AlmTownIndex *things;       /* trees, lamps, furniture */
  AlmTownIndex *wet;          /* river and ponds, and the rails */

  AlmValue   *names;
  AlmValue   *mistakes;
};

#define TOWN_ITEM(array, type, i) (&g_array_index ((array), type, (i)))

/* alm-town-plan.c */
AlmSpot     alm_town_around          (AlmTown         *self,
                                      double           turns,
                                      double           radius);
AlmPath     alm_town_blob            (AlmTown         *self,
                                      const char      *name,
                                      AlmSpot          middle,
                                      double           wide,
                                      double           high,
                                      double           turns,
                                      double           rough);
double      alm_town_reach           (AlmTown         *self,
                                      double           radius);
void        alm_town_plan            (AlmTown         *self);
/* alm-town-zones.c */
void        alm_town_make_zones      (AlmTown         *self);
guint       alm_town_district_of     (AlmTown         *self,
                                      AlmSpot          spot);
/* alm-town-areas.c */
void        alm_town_make_areas      (AlmTown         *self);
AlmTownArea *alm_town_find_area      (AlmTown         *self,
                                      const char      *key);
void        alm_town_finish_areas    (AlmTown         *self);
/* alm-town-streets.c */
void        alm_town_make_streets    (AlmTown         *self);
/* alm-town-names.c */
char       *alm_town_name_street     (AlmTown         *self,
                                      AlmRandom       *random,
                                      AlmTownQuarter   quarter);
char       *alm_town_name_place      (AlmTown         *self,
                                      AlmRandom       *random,
                                      const char      *ending);
char       *alm_town_name_person     (AlmRandom       *random);
/* alm-town-lots.c */
guint       alm_town_add_building    (AlmTown         *self,
                                      AlmTownBuilding  building);
guint       alm_town_add_address     (AlmTown         *self,
                                      guint            road,
                                      guint            side,
                                      AlmSpot          spot,
                                      guint            building);
AlmPath     alm_town_rectangle       (AlmSpot          front,
                                      AlmSpot          axis,
                                      double           wide,
                                      double           deep);
void        alm_town_make_houses     (AlmTown         *self);
/* alm-town-landmarks.c */
void        alm_town_make_landmarks  (AlmTown         *self);
/* alm-town-trees.c */
void        alm_town_make_trees      (AlmTown         *self);
/* alm-town-posts.c */
void        alm_town_make_posts      (AlmTown         *self);
/* alm-town-play.c */
void        alm_town_make_playgrounds (AlmTown        *self);
/* alm-town-people.c */
void        alm_town_count_people    (AlmTown         *self);
/* alm-town-values.c */
AlmValue   *alm_town_point_value     (AlmSpot          spot);
AlmValue   *alm_town_line_value      (const AlmPath   *path);
AlmValue   *alm_town_polygon_value   (const AlmPath   *outline,
                                      const AlmPath   *hole);
void        alm_town_set_year        (AlmValue        *fields,
                                      const char      *name,
                                      int              year,
                                      gboolean         about);
void        alm_town_set_day         (AlmValue        *fields,
                                      const char      *name,
                                      int              days_ago);

/* What the parts of alm_town_each() share. */
typedef struct
{
  AlmTown     *town;
  AlmTownFunc  func;
  gpointer     user_data;
} AlmTownOut;

/* alm-town-records.c; both take the fields. */
void        alm_town_put             (AlmTownOut      *out,
                                      const char      *kind,
                                      const char      *scope,
                                      const char      *name,
                                      AlmValue        *fields);
/* alm-town-assets.c */
void        alm_town_put_assets      (AlmTownOut      *out);
/* alm-town-base-map.c */
void        alm_town_put_base_map    (AlmTownOut      *out);
/* alm-town-inspections.c */
void        alm_town_put_play        (AlmTownOut      *out);
/* alm-town-mistakes.c */
void        alm_town_spoil           (AlmTown         *self,
                                      const char      *kind,
                                      const char      *name,
                                      const char      *id,
                                      AlmValue        *fields);

G_END_DECLS
