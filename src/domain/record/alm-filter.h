/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

/* A condition on the fields of a record: a tree of plain structs that the
 * store turns into SQL and the window into chips.  Its text is a part of CQL2
 * (OGC 21-065r2): = <> < <= > >= AND OR NOT IN BETWEEN LIKE IS NULL,
 * DATE('…'), CASEI(…). */
typedef enum {
  ALM_FILTER_AND,
  ALM_FILTER_OR,
  ALM_FILTER_NOT,
  ALM_FILTER_COMPARE,
  ALM_FILTER_IN,
  ALM_FILTER_BETWEEN,
  ALM_FILTER_LIKE,
  ALM_FILTER_IS_NULL
} AlmFilterType;

typedef enum {
  ALM_FILTER_EQ,
  ALM_FILTER_NE,
  ALM_FILTER_LT,
  ALM_FILTER_LE,
  ALM_FILTER_GT,
  ALM_FILTER_GE
} AlmFilterOp;

typedef enum {
  ALM_FILTER_NONE,
  ALM_FILTER_CASEI = 1 << 0   /* all texts without regard to case */
} AlmFilterFlags;

/* A literal.  A day is compared with what a date or EDTF text begins with. */
typedef struct
{
  AlmValue *value;     /* text, number or boolean; a day as its text */
  gboolean  is_day;
  gint64    day;       /* as in alm-days.h */
} AlmFilterValue;

typedef struct _AlmFilter AlmFilter;

struct _AlmFilter
{
  AlmFilterType  type;
  GPtrArray     *parts;     /* AND, OR: two or more; NOT: one (element-type AlmFilter) */

  /* All others. */
  char          *field;
  gboolean       casei;
  gboolean       negated;   /* NOT IN, NOT BETWEEN, NOT LIKE, IS NOT NULL */
  AlmFilterOp    op;        /* COMPARE */
  GArray        *values;    /* (element-type AlmFilterValue): COMPARE, LIKE one, BETWEEN two */
};

/* On NULL *reason names the character (transfer full). */
AlmFilter *alm_filter_parse       (const char      *text,
                                   AlmFilterFlags   flags,
                                   char           **reason);
void       alm_filter_free        (AlmFilter       *self);
/* The canonical text: reads back as an equal tree; (transfer full). */
char      *alm_filter_to_text     (const AlmFilter *self);
/* Do the fields exist, and do the literals fit their types? */
gboolean   alm_filter_check       (const AlmFilter *self,
                                   const AlmModel  *model,
                                   char           **reason);
/* As SQL does: a comparison with nothing is unknown, and unknown does not match. */
gboolean   alm_filter_match       (const AlmFilter *self,
                                   const AlmValue  *fields);

/* LIKE: '%' any text, '_' one character, '\\' takes the next one as it is. */
gboolean   alm_filter_is_like     (const char      *text,
                                   const char      *pattern);

/* For chips.  @value: (transfer full) */
AlmFilter *alm_filter_new_compare (const char      *field,
                                   AlmFilterOp      op,
                                   AlmValue        *value);
AlmFilter *alm_filter_new_in      (const char      *field);
AlmFilter *alm_filter_new_between (const char      *field,
                                   AlmValue        *low,
                                   AlmValue        *high);
AlmFilter *alm_filter_new_like    (const char      *field,
                                   const char      *pattern);
AlmFilter *alm_filter_new_is_null (const char      *field,
                                   gboolean         negated);
/* ALM_FILTER_AND, _OR or _NOT; add its parts afterwards. */
AlmFilter *alm_filter_new_join    (AlmFilterType    type);
/* @part: (transfer full) */
void       alm_filter_add_part    (AlmFilter       *self,
                                   AlmFilter       *part);
/* @value: (transfer full) */
void       alm_filter_add_value   (AlmFilter       *self,
                                   AlmValue        *value);
gboolean   alm_filter_add_day     (AlmFilter       *self,
                                   const char      *day);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmFilter, alm_filter_free)

G_END_DECLS
