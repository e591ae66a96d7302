/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* A record at the other end of a link.  Plain data. */
typedef struct
{
  AlmId      id;
  gint64     rid;          /* 0: it is not here, or deleted */
  char      *label;        /* never empty */
  AlmModel  *model;        /* of its kind; NULL: not known here */
  const AlmField *field;   /* that points, owned by source; NULL where nobody asked */
  AlmModel  *source;       /* the model of the record with that field; NULL */
  gboolean   incoming;     /* it points to the record, not the record to it */
  GArray    *all;          /* (element-type gint64) of the last one listed of a field where
                            * more point here: all that do, this and those before it too */
} AlmLink;

void       alm_link_free  (AlmLink       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmLink, alm_link_free)

/* All on a connection's thread. */

/* What is to be shown of one record; also for one that is not here. */
AlmLink   *alm_link_read  (AlmDesk       *desk,
                           const AlmId   *id,
                           GError       **error);
/* Where @row points to, and what points to it, at most @most each way of each
 * field; (transfer full) (element-type AlmLink). */
GPtrArray *alm_links_list (AlmDesk       *desk,
                           const AlmRow  *row,
                           guint          most,
                           GError       **error);
/* Records of @kind (nullable: of every kind) for somebody who chooses one: what
 * @text finds, or without a text the first ones by their labels, as long as they
 * are not too many to be sorted; (transfer full) (element-type AlmLink). */
GPtrArray *alm_links_find (AlmDesk       *desk,
                           const char    *kind,
                           const char    *text,
                           guint          most,
                           GError       **error);

G_END_DECLS
