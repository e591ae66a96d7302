/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-private.h"
#include "alm-digest.h"

G_BEGIN_DECLS

/* What the profile keeps of one scope of its server: a row of `cursors`. */
typedef struct
{
  char      *scope;
  gint64     number;       /* as interned */
  gint64     cursor;
  gboolean   wanted;       /* subscribed */
  char      *grant;        /* the server's word for rights and classes; nullable */
  char      *title;
  AlmValue  *roles;
  AlmValue  *classes;
  char      *heard;        /* RFC 3339; nullable */
  gboolean   lost;         /* not readable any more: its rows go when nothing waits */
  gboolean   unknown;      /* … because the server came back without it, as far as we know */
  gboolean   complete;     /* the last page went to the feed's end */
  gboolean   sweep;        /* is being read again from 0; `seen` holds what came */
  gboolean   part;         /* some of a pack is here, though the cursor stands at 0 */
  gboolean   tried;        /* has been read again because of its digest */
  char      *verdict;      /* "equal", "unknown", "repaired" */
  gboolean   counted;      /* `digest` is that of the rows under today's models */
  AlmDigest  digest;       /* of the server's state, as it is known here */
  gint64     came;         /* records that came in this transaction; not kept */
} AlmScopeState;

void           alm_scope_state_free    (AlmScopeState        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmScopeState, alm_scope_state_free)

/* *state NULL: never told of. */
gboolean       alm_scope_state_load    (AlmDesk              *desk,
                                        const char           *scope,
                                        AlmScopeState       **state,
                                        GError              **error);
/* (transfer full) (element-type AlmScopeState), by name */
GPtrArray     *alm_scope_state_list    (AlmDesk              *desk,
                                        GError              **error);
AlmScopeState *alm_scope_state_new     (AlmDesk              *desk,
                                        const char           *scope,
                                        GError              **error);
gboolean       alm_scope_state_save    (AlmDesk              *desk,
                                        const AlmScopeState  *self,
                                        GError              **error);
gboolean       alm_scope_state_remove  (AlmDesk              *desk,
                                        const AlmScopeState  *self,
                                        GError              **error);

/* Begins to read it again from 0: what does not come again will go. */
gboolean       alm_scope_state_read_again (AlmDesk           *desk,
                                        AlmScopeState        *self,
                                        GError              **error);
/* One record of the server's, NULL for none, takes the place of another. */
void           alm_scope_state_count   (AlmDesk              *desk,
                                        AlmScopeState        *self,
                                        const AlmRow         *before,
                                        const AlmRow         *after);
/* Counts all rows anew. */
gboolean       alm_scope_state_recount (AlmDesk              *desk,
                                        AlmScopeState        *self,
                                        GError              **error);
/* @told: {"seq","n",class: 16 hex …}; counts in the classes that may be read here */
gboolean       alm_scope_state_agrees  (const AlmScopeState  *self,
                                        const AlmValue       *told);
/* Ids of the scope's rows that the server knows; @unseen: only those that have
 * not come since read_again().  (transfer full) (element-type AlmId) */
GArray        *alm_scope_state_list_ids (AlmDesk             *desk,
                                        const AlmScopeState  *self,
                                        gboolean              unseen,
                                        GError              **error);

G_END_DECLS
