/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* Records that exist only here since the server came back from a backup (sync.md,
 * section 4.7): what they held, and how they can be handed in. */
typedef enum {
  ALM_STRAY_NEW,       /* the server has no such record */
  ALM_STRAY_CHANGE,    /* it has an older one */
  ALM_STRAY_DIFFERS,   /* it has one that was changed since: for a person to decide */
  ALM_STRAY_LATER      /* not to be said yet: the scope is not read, or edits wait */
} AlmStrayState;

typedef struct
{
  AlmId          id;
  gint64         ver;       /* the lost version; with the id it names the stray */
  char          *scope;
  char          *kind;
  AlmValue      *fields;
  gint64         since_us;
  AlmStrayState  state;
  AlmRow        *now;       /* what is shown of the record; nullable */
} AlmStray;

void        alm_stray_free       (AlmStray       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmStray, alm_stray_free)

/* (transfer full) (element-type AlmStray), by scope and kind; @scope: nullable */
GPtrArray  *alm_desk_list_strays (AlmDesk        *self,
                                  const char     *scope,
                                  GError        **error);
/* Hands in what nobody has to decide, as one batch; @scope: nullable.  *left: what
 * stays a stray. */
gboolean    alm_desk_rescue      (AlmDesk        *self,
                                  const char     *scope,
                                  guint          *rescued,
                                  guint          *left,
                                  GError        **error);
/* Hands in this one, whatever the server has by now: somebody has looked at it.
 * G_IO_ERROR_NOT_FOUND: it is none any more. */
gboolean    alm_desk_rescue_one  (AlmDesk        *self,
                                  const AlmId    *id,
                                  gint64          ver,
                                  GError        **error);
/* Somebody has decided that it is not needed. */
gboolean    alm_desk_drop_stray  (AlmDesk        *self,
                                  const AlmId    *id,
                                  gint64          ver,
                                  GError        **error);

G_END_DECLS
