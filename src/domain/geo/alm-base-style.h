/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The kinds of which a base map is drawn, and how each class of them looks, by
 * day and by night. */
typedef enum {
  ALM_BASE_AREA,
  ALM_BASE_LINE,
  ALM_BASE_BUILDING,
  ALM_BASE_ROAD,
  ALM_BASE_DISTRICT,
  ALM_BASE_NAME,
  ALM_BASE_N_KINDS
} AlmBaseKind;

typedef struct
{
  AlmBaseKind  kind;
  const char  *class_;     /* "" = what no other rule names */
  int          order;      /* bottom to top within its kind */
  double       min_zoom;
  double       width_m;    /* of a line on the ground */
  double       min_px;     /* … but at zoom 15 never thinner than this */
  guint32      light[2];   /* fill or line, and casing; ALM_BASE_NO_COLOR for none */
  guint32      dark[2];
} AlmBaseRule;

#define ALM_BASE_NO_COLOR 0xffffffffu

#define ALM_BASE_GROUND_LIGHT 0xf3f1ecu
#define ALM_BASE_GROUND_DARK  0x1e2125u

const char        *alm_base_kind_get_name  (AlmBaseKind  kind);
gboolean           alm_base_kind_find      (const char  *name,
                                            AlmBaseKind *kind);
/* The number of the rule for a class; @class_: nullable */
guint8             alm_base_style_classify (AlmBaseKind  kind,
                                            const char  *class_);
const AlmBaseRule *alm_base_style_get_rule (guint8       number);
guint              alm_base_style_count    (void);

G_END_DECLS
