/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  ALM_EDTF_DATE,
  ALM_EDTF_DATETIME,
  ALM_EDTF_SEASON,
  ALM_EDTF_YEAR,       /* written with Y, E or S */
  ALM_EDTF_INTERVAL,
  ALM_EDTF_ONE_OF,     /* […] */
  ALM_EDTF_ALL_OF      /* {…} */
} AlmEdtfType;

typedef enum {
  ALM_EDTF_UNCERTAIN   = 1 << 0,   /* ? */
  ALM_EDTF_APPROXIMATE = 1 << 1,   /* ~ */
  ALM_EDTF_UNSPECIFIED = 1 << 2    /* X */
} AlmEdtfFlags;

#define ALM_EDTF_OPEN_START G_MININT64
#define ALM_EDTF_OPEN_END   G_MAXINT64

/* A date that need not be certain (Library of Congress 2019, ISO 8601-2).
 * Days as in alm-days.h, both inclusive. */
typedef struct
{
  AlmEdtfType  type;
  AlmEdtfFlags flags;
  int          level;           /* 0, 1 or 2 */
  gint64       first;           /* earliest day; ALM_EDTF_OPEN_START */
  gint64       last;            /* latest day; ALM_EDTF_OPEN_END */
  gboolean     start_unknown;   /* "/1558": first is ALM_EDTF_OPEN_START too */
  gboolean     end_unknown;
} AlmEdtf;

/* On FALSE *reason names the position (transfer full); it may be NULL. */
gboolean alm_edtf_parse  (const char  *text,
                          AlmEdtf     *edtf,
                          char       **reason);
/* The earliest and the latest day; FALSE where @text is no EDTF. */
gboolean alm_edtf_bounds (const char  *text,
                          gint64      *first_day,
                          gint64      *last_day);

G_END_DECLS
