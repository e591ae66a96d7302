/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-private.h"

G_BEGIN_DECLS

/* What the server says of a record, and what lies over it (sync.md, 4.4). */
typedef struct
{
  AlmRow *shown;      /* NULL: there is no row */
  AlmRow *server;     /* NULL: the server does not know it, as far as we know */
} AlmDeskLayers;

void      alm_desk_layers_clear   (AlmDeskLayers  *self);
gboolean  alm_desk_load_layers    (AlmDesk        *self,
                                   const AlmId    *id,
                                   AlmDeskLayers  *layers,
                                   GError        **error);
/* Lays the record's own commands over layers->server and writes what is to be
 * shown.  layers->server NULL: without a command that makes it, the row goes. */
gboolean  alm_desk_lay            (AlmDesk        *self,
                                   const AlmId    *id,
                                   AlmDeskLayers  *layers,
                                   GError        **error);
/* Does a command of its own lie over the record, which is no conflict? */
gboolean  alm_desk_is_covered     (AlmDesk        *self,
                                   const AlmId    *id,
                                   gboolean       *covered,
                                   GError        **error);
gboolean  alm_desk_lay_again      (AlmDesk        *self,
                                   const AlmId    *id,
                                   GError        **error);

/* Answered commands that the feed has not brought back yet. */
gboolean  alm_desk_passing_add    (AlmDesk        *self,
                                   gint64          k,
                                   const AlmId    *id,
                                   gint64          scope,
                                   gint64          seq,
                                   GError        **error);
gboolean  alm_desk_passing_drop   (AlmDesk        *self,
                                   const AlmId    *id,
                                   gint64          ver,
                                   GError        **error);
/* The whole feed of @scope is known up to @cursor: what was answered by then is
 * not laid over its record any more. */
gboolean  alm_desk_passing_end    (AlmDesk        *self,
                                   gint64          scope,
                                   gint64          cursor,
                                   GError        **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmDeskLayers, alm_desk_layers_clear)

G_END_DECLS
