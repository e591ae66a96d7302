/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-mercator.h"

G_BEGIN_DECLS

/* No box asks for more ranges than this (assets-map.md, section 4.1). */
#define ALM_MORTON_MAX_RANGES 40

/* Both ends belong to it. */
typedef struct
{
  guint64 first;
  guint64 last;
} AlmMortonRange;

guint64 alm_morton_encode (guint32         x,
                           guint32         y);
void    alm_morton_decode (guint64         key,
                           guint32        *x,
                           guint32        *y);
guint   alm_morton_cover  (const AlmBox   *box,
                           AlmMortonRange  ranges[ALM_MORTON_MAX_RANGES]);

G_END_DECLS
