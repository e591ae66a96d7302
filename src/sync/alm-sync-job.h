/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-blobs.h"
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
  ALM_SYNC_JOB_SLICE,           /* the next one of a pack */
  ALM_SYNC_JOB_INDEX,           /* one step, after the last slice */
  ALM_SYNC_JOB_WIPE,            /* what was erased, out of the files */
  ALM_SYNC_JOB_CONFIRMED,       /* the server has been told */
  ALM_SYNC_JOB_BLOB_NEXT,       /* these three only read the profile … */
  ALM_SYNC_JOB_BLOB_READ,
  ALM_SYNC_JOB_BLOB_CHECK,      /* … and this one may take a while */
  ALM_SYNC_JOB_BLOB_NEWS,
  ALM_SYNC_JOB_FORK,
  ALM_SYNC_JOB_EMPTY            /* the desk was reported lost */
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
  char           *scope;        /* SLICE */
  char           *path;         /* SLICE: the pack, which is removed after its last one */
  gboolean        begin;        /* SLICE: look through it first */
  AlmValue       *seen;         /* CONFIRMED */
  gboolean        whole;        /* INDEX: all steps at once; BLOB_CHECK: the file, not its part */
  GHashTable     *but;          /* BLOB_NEXT: set of utf8, not these */
  char           *sha256;       /* BLOB_READ, BLOB_CHECK, BLOB_NEWS */
  gint64          offset;       /* BLOB_READ */
  gint64          size;         /* BLOB_CHECK: of all of it; BLOB_READ: at most so much */
  AlmBlobNews     news;         /* BLOB_NEWS */
} AlmSyncJob;

typedef struct
{
  AlmDeskSyncState     state;      /* LOAD, FORK */
  AlmDeskSyncPlan      plan;       /* HELLO */
  GBytes              *body;       /* NEXT_PUSH; NULL: nothing waits */
  gint64               first;
  guint                count;
  AlmDeskSyncOutcomes  outcomes;   /* OUTCOMES */
  guint                waiting;    /* REQUEUE */
  AlmDeskSyncPage      page;       /* PAGE, SLICE */
  gboolean             again;      /* INDEX: there is another step */
  gboolean             wiped;      /* WIPE; FALSE: somebody is reading */
  AlmValue            *seen;       /* WIPE: to be told to the server; nullable */
  AlmDeskBlob         *blob;       /* BLOB_NEXT; NULL: there is none */
  char                *part;       /* BLOB_NEXT: where what is fetched goes */
} AlmSyncResult;

/* Whether a connection that reads will do: nobody's edit waits for it. */
gboolean       alm_sync_job_reads   (const AlmSyncJob  *self);
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
