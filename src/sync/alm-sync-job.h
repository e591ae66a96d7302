/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-sync.h"

G_BEGIN_DECLS

/* What the sync machine wants of the store, as plain data that may cross
 * threads.  Whoever runs the machine runs the job where the desk lives. */
typedef enum {
  ALM_SYNC_JOB_LOAD,
  ALM_SYNC_JOB_HELLO,
  ALM_SYNC_JOB_NEXT_PUSH,
  ALM_SYNC_JOB_OUTCOMES,
  ALM_SYNC_JOB_REQUEUE,
  ALM_SYNC_JOB_PAGE,
  ALM_SYNC_JOB_PACK
} AlmSyncJobKind;

typedef struct
{
  AlmSyncJobKind  kind;
  AlmWireHello   *hello;        /* HELLO */
  gsize           max_bytes;    /* NEXT_PUSH */
  guint           max_commands;
  gint64          first;        /* OUTCOMES */
  guint           count;
  gint64          next;         /* REQUEUE */
  GBytes         *body;         /* OUTCOMES, PAGE */
  char           *scope;        /* PACK */
  char           *path;         /* PACK: the file, which is removed afterwards */
} AlmSyncJob;

typedef struct
{
  AlmDeskSyncState     state;      /* LOAD */
  AlmDeskSyncPlan      plan;       /* HELLO */
  GBytes              *body;       /* NEXT_PUSH; NULL: nothing waits */
  gint64               first;
  guint                count;
  AlmDeskSyncOutcomes  outcomes;   /* OUTCOMES */
  guint                waiting;    /* REQUEUE */
  AlmDeskSyncPage      page;       /* PAGE, PACK */
} AlmSyncResult;

void           alm_sync_job_free    (AlmSyncJob        *self);
void           alm_sync_result_free (AlmSyncResult     *self);
/* An answer's body, unpacked if it is Zstandard; @max bytes at most. */
GBytes        *alm_sync_open_body   (GBytes            *body,
                                     gsize              max,
                                     GError           **error);
AlmSyncResult *alm_sync_job_run     (const AlmSyncJob  *self,
                                     AlmDesk           *desk,
                                     GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmSyncJob, alm_sync_job_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmSyncResult, alm_sync_result_free)

G_END_DECLS
