/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* A record that has changed of late. */
typedef struct
{
  AlmRow           *row;
  AlmStoredCommand *command;   /* the newest thing done here; NULL: others did it */
  guint             n;         /* records of that batch; 1 otherwise */
} AlmRecent;

typedef struct
{
  GPtrArray *own;        /* (element-type AlmRecent) newest first */
  GPtrArray *others;     /* (element-type AlmRecent) by scope, newest first */
  char      *day;        /* YYYY-MM-DD from which others' changes are known; NULL: not yet */
} AlmRecents;

void        alm_recents_free     (AlmRecents   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmRecents, alm_recents_free)

/* What has changed since the moment @since_us, or, of what others did, since the
 * last day before it of which this desk knows where the server stood; at most
 * @most each.  Only kinds that have a model; what was imported here in one go is one,
 * its row that of kind `import`. */
AlmRecents *alm_desk_list_recent (AlmDesk      *self,
                                  gint64        since_us,
                                  guint         most,
                                  GError      **error);

G_END_DECLS
