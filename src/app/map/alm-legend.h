/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

#include "alm-symbol.h"

G_BEGIN_DECLS

/* What the colours of a kind mean, in words. */
typedef struct
{
  guint  class_;
  char  *title;   /* of the class */
  char  *of;      /* the field that colours */
} AlmLegendLine;

/* "de" or "en", as one reads. */
const char *alm_legend_get_language (void);
/* Empty where nothing but the kind itself has a colour; (transfer full)
 * (element-type AlmLegendLine).
 * @limits: between the quantiles, four; read where the symbol has some */
GPtrArray  *alm_legend_make         (const AlmModel  *model,
                                     const AlmSymbol *symbol,
                                     const double    *limits);

G_END_DECLS
