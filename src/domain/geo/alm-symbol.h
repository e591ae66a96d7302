/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

/* How a kind looks on the map: its model's x-alm-symbol, read once.  Immutable,
 * reference-counted atomically, any thread. */
typedef struct _AlmSymbol AlmSymbol;

typedef enum {
  ALM_SYMBOL_CIRCLE,
  ALM_SYMBOL_SQUARE,
  ALM_SYMBOL_TRIANGLE,
  ALM_SYMBOL_DIAMOND,
  ALM_SYMBOL_PENTAGON,
  ALM_SYMBOL_HEXAGON,
  ALM_SYMBOL_STAR,
  ALM_SYMBOL_CROSS,            /* × */
  ALM_SYMBOL_PLUS,
  ALM_SYMBOL_TRIANGLE_DOWN,
  ALM_SYMBOL_N_SHAPES
} AlmSymbolShape;

/* Classes of a field without a code list: five quantiles, and class 0 = no value. */
#define ALM_SYMBOL_QUANTILES 5

/* Colours are 0xRRGGBB. */
AlmSymbol      *alm_symbol_new             (const AlmModel  *model);
AlmSymbol      *alm_symbol_new_simple      (AlmSymbolShape   shape,
                                            guint32          color,
                                            double           size_px);
AlmSymbol      *alm_symbol_ref             (AlmSymbol       *self);
void            alm_symbol_unref           (AlmSymbol       *self);

AlmSymbolShape  alm_symbol_get_shape       (const AlmSymbol *self);
guint32         alm_symbol_get_color       (const AlmSymbol *self);
/* The inside of areas; the symbol's own colour where the model says nothing. */
guint32         alm_symbol_get_fill        (const AlmSymbol *self);
double          alm_symbol_get_size        (const AlmSymbol *self,
                                            double           zoom);
/* The field that colours it; NULL for none. */
const char     *alm_symbol_get_by          (const AlmSymbol *self);
/* The field that says how wide each is on the ground, in metres; NULL for none. */
const char     *alm_symbol_get_span        (const AlmSymbol *self);
gboolean        alm_symbol_has_quantiles   (const AlmSymbol *self);
/* Classes run from 0 (no value, or one that is not listed) to n_classes − 1. */
guint           alm_symbol_get_n_classes   (const AlmSymbol *self);
guint32         alm_symbol_get_class_color (const AlmSymbol *self,
                                            guint            class_);
/* NULL for class 0 and for quantiles. */
const char     *alm_symbol_get_class_title (const AlmSymbol *self,
                                            guint            class_,
                                            const char      *language);
/* @text: the value as SQL or JSON writes it; nullable */
guint8          alm_symbol_classify_text   (const AlmSymbol *self,
                                            const char      *text);
/* Which of the quantiles that @limits (four, rising) part. */
guint8          alm_symbol_classify_number (double           value,
                                            const double     limits[4]);
gboolean        alm_symbol_parse_color     (const char      *text,
                                            guint32         *color);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmSymbol, alm_symbol_unref)

G_END_DECLS
