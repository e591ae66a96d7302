/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-recent.h"

G_BEGIN_DECLS

/* How many there are of a kind. */
typedef struct
{
  char   *kind;
  gint64  count;
} AlmKindCount;

/* The inspections of a kind that are due today. */
typedef struct
{
  char     *kind;
  GArray   *rids;        /* (element-type gint64) without doubles */
  guint     n;           /* inspections: a playground may have several */
  gboolean  has_place;   /* its records are on the map */
  gboolean  has_due;
  gint64    due;         /* the longest overdue of those that were ever done */
} AlmKindDue;

/* What the overview shows, but for what is due.  Plain data. */
typedef struct
{
  AlmDeskCounts  counts;
  char          *title;      /* of the profile; NULL */
  GArray        *kinds;      /* (element-type AlmKindCount) the most first */
  AlmRecents    *recents;
} AlmOverview;

void         alm_overview_free      (AlmOverview  *self);
void         alm_kind_due_free      (AlmKindDue   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmOverview, alm_overview_free)

/* Jobs for alm_records_read_async(). */

/* @data: gint64*, the moment since which changes are news */
gpointer     alm_overview_read_job  (AlmDesk      *desk,
                                     gpointer      data,
                                     GError      **error);
/* A GPtrArray (element-type AlmKindDue), the most first.  It looks at every record
 * of the kinds that have inspections. @data: gint64*, today as in alm-days.h */
gpointer     alm_overview_due_job   (AlmDesk      *desk,
                                     gpointer      data,
                                     GError      **error);

G_END_DECLS
