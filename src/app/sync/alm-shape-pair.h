/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-value.h"

G_BEGIN_DECLS

/* Two places of one object over each other, as outlines: what stands with a full line,
 * what is proposed with a broken one.  Main thread. */
#define ALM_TYPE_SHAPE_PAIR (alm_shape_pair_get_type ())
G_DECLARE_FINAL_TYPE (AlmShapePair, alm_shape_pair, ALM, SHAPE_PAIR, GtkWidget)

/* @theirs, @mine: GeoJSON geometries; (transfer floating) */
GtkWidget *alm_shape_pair_new (AlmValue *theirs,
                               AlmValue *mine);
/* How the second lies to the first: "12 m further north-east"; (transfer full) */
char      *alm_shape_pair_say (const AlmValue *theirs,
                               const AlmValue *mine);

G_END_DECLS
