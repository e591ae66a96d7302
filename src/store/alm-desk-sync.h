/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"
#include "alm-wire-feed.h"

G_BEGIN_DECLS

/* The desk's side of synchronisation (sync.md, sections 4.4 to 4.7): what is
 * handed in, and how what comes back is laid beneath the desk's own edits.
 * Each function is one transaction, where it does not say otherwise; FALSE or NULL:
 * nothing has changed. */

/* What a round begins with. */
typedef struct
{
  AlmId     desk;
  char     *server;      /* the server's own id; NULL before the first hello */
  char     *epoch;       /* "" before the first hello */
  char     *user;        /* whose profile it is; nullable */
  guint     waiting;     /* commands that have no outcome yet */
} AlmDeskSyncState;

void      alm_desk_sync_state_clear  (AlmDeskSyncState      *self);
gboolean  alm_desk_sync_load         (AlmDesk               *desk,
                                      AlmDeskSyncState      *state,
                                      GError               **error);

/* Becomes a desk of its own: a new id, and what waits is numbered from 1. */
gboolean  alm_desk_sync_fork         (AlmDesk               *desk,
                                      AlmDeskSyncState      *state,
                                      GError               **error);
/* Everything goes that was ever taken in or made here, also from the files' free pages;
 * what is left is a profile that has met nobody.  FALSE may be tried again. */
gboolean  alm_desk_empty             (AlmDesk               *self,
                                      GError               **error);

/* Whose profile this is from now on, and of which server. */
gboolean  alm_desk_sync_note_login   (AlmDesk               *desk,
                                      const char            *server,
                                      const char            *user,
                                      GError               **error);

/* What is to be pulled after a hello or a page. */
typedef struct
{
  AlmValue  *cursors;    /* scope → version; only what is wanted and readable */
  GPtrArray *packs;      /* (element-type utf8) scopes to be fetched as packs first */
  guint      waiting;
  guint      blobs;      /* attached files to send or to fetch */
  gboolean   wipe;       /* alm_desk_wipe() has something to do */
} AlmDeskSyncPlan;

void      alm_desk_sync_plan_clear   (AlmDeskSyncPlan       *self);

/* Takes over scopes, rights and epoch as the server told them.  A lost scope is
 * noted and its rows go once its waiting commands are answered.  A new epoch of the
 * same server makes what the server has lost waiting again. */
gboolean  alm_desk_sync_take_hello   (AlmDesk               *desk,
                                      const AlmWireHello    *hello,
                                      AlmDeskSyncPlan       *plan,
                                      GError               **error);

/* The next commands to hand in, as the body of a push; *count = 0: nothing waits. */
gboolean  alm_desk_sync_next_push    (AlmDesk               *desk,
                                      gsize                  max_bytes,
                                      guint                  max_commands,
                                      GBytes               **body,
                                      gint64                *first,
                                      guint                 *count,
                                      GError               **error);

typedef struct
{
  guint  ok;
  guint  merged;
  guint  conflict;
  guint  refused;
  guint  waiting;        /* left to hand in */
} AlmDeskSyncOutcomes;

/* The whole answer to that push.  ALM_FORMAT_ERROR: torn or not an answer to it. */
gboolean  alm_desk_sync_take_outcomes (AlmDesk              *desk,
                                      const char            *text,
                                      gsize                  length,
                                      gint64                 first,
                                      guint                  count,
                                      AlmDeskSyncOutcomes   *outcomes,
                                      GError               **error);
/* The server knows nothing from @next on: what was answered becomes waiting again. */
gboolean  alm_desk_sync_requeue      (AlmDesk               *desk,
                                      gint64                 next,
                                      guint                 *waiting,
                                      GError               **error);

typedef struct
{
  guint            records;   /* lines applied */
  AlmValue        *came;      /* scope → lines of it, without deleted records */
  gboolean         again;     /* of a pack: another slice follows */
  gboolean         more;
  char            *rights;
  AlmDeskSyncPlan  plan;
  guint            repairs;   /* scopes whose digest differed: read again from 0 */
  guint            revived;   /* commands that wait once more: what they are about is back */
} AlmDeskSyncPage;

void      alm_desk_sync_page_clear   (AlmDeskSyncPage       *self);

/* One page of the feed.  ALM_FORMAT_ERROR: torn. */
gboolean  alm_desk_sync_take_page    (AlmDesk               *desk,
                                      const char            *text,
                                      gsize                  length,
                                      AlmDeskSyncPage       *page,
                                      GError               **error);

/* A pack from a file, plain or zstd, slice by slice: each call is one short transaction,
 * so that an edit can be made between two.  @first: the file is looked through, and
 * nothing is taken yet; FALSE: it is not whole.  page->again: call once more, with @first
 * FALSE.  Only the last call gives page->plan.  On FALSE, and where nobody calls again,
 * what the slices before have brought stays; the scope's cursor stays at 0, so the next
 * pack or feed brings everything. */
gboolean  alm_desk_sync_take_slice   (AlmDesk               *desk,
                                      const char            *path,
                                      const char            *scope,
                                      gboolean               first,
                                      AlmDeskSyncPage       *page,
                                      GError               **error);
/* After a pack's last slice, or instead of it: one step, which is one transaction, of
 * making the indexes that the slices have left out.  TRUE: there is more to do.  A failure
 * is logged; the next opening of the profile makes them. */
gboolean  alm_desk_sync_index        (AlmDesk               *desk);
/* All slices and the indexes at once. */
gboolean  alm_desk_sync_take_pack    (AlmDesk               *desk,
                                      const char            *path,
                                      const char            *scope,
                                      AlmDeskSyncPage       *page,
                                      GError               **error);

/* What the profile knows of each scope; (transfer full)
 * (element-type AlmDeskScope), by name. */
typedef struct
{
  char     *scope;
  char     *title;
  AlmValue *roles;
  AlmValue *classes;
  gint64    cursor;
  gint64    records;
  gint64    heard_us;    /* 0 = never */
  gboolean  wanted;
  char     *digest;      /* "equal", "unknown", "repaired" */
} AlmDeskScope;

void      alm_desk_scope_free        (AlmDeskScope          *self);
GPtrArray *alm_desk_sync_list_scopes (AlmDesk               *desk,
                                      GError               **error);
gboolean  alm_desk_sync_subscribe    (AlmDesk               *desk,
                                      const char            *scope,
                                      gboolean               wanted,
                                      GError               **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmDeskSyncState, alm_desk_sync_state_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmDeskSyncPlan, alm_desk_sync_plan_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmDeskSyncPage, alm_desk_sync_page_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDeskScope, alm_desk_scope_free)

G_END_DECLS
