/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-random.h"
#include "alm-sync-job.h"

G_BEGIN_DECLS

/* A desk's conversation with its server as a state machine: events in, effects
 * out; no clock, socket, thread or file inside (sync.md, section 4.5).
 *
 * Whoever runs it carries out each effect and answers each SEND with one REPLY
 * or FAILED and each STORE and KEEP with one STORED or FAILED, naming its number. */
typedef struct _AlmSyncMachine AlmSyncMachine;

typedef enum {
  ALM_SYNC_START,
  ALM_SYNC_TICK,           /* the time asked for by WAKE_AT has come */
  ALM_SYNC_REPLY,
  ALM_SYNC_FAILED,
  ALM_SYNC_STORED,
  ALM_SYNC_LOCAL_CHANGE,   /* somebody has edited */
  ALM_SYNC_BLOBS,          /* there are more attached files to send or to fetch */
  ALM_SYNC_ONLINE,         /* the network has changed */
  ALM_SYNC_SYNC_NOW,
  ALM_SYNC_LOGIN,          /* there is a new token */
  ALM_SYNC_STOP
} AlmSyncEventType;

typedef struct
{
  AlmSyncEventType  type;
  gint64            now_us;      /* monotonic, of any beginning */
  guint             number;      /* REPLY, FAILED, STORED: the effect's */
  guint             status;      /* REPLY: HTTP status */
  guint             retry_s;     /* REPLY: Retry-After; 0 = not said */
  gint64            upload_offset; /* REPLY: Upload-Offset; −1 = not said */
  GBytes           *body;        /* REPLY; nullable */
  const char       *path;        /* REPLY to a SEND with to_file */
  AlmSyncResult    *result;      /* STORED; borrowed */
  const GError     *error;       /* FAILED */
} AlmSyncEvent;

typedef enum {
  ALM_SYNC_SEND,
  ALM_SYNC_CANCEL,         /* the SEND of that number: no answer is wanted any more */
  ALM_SYNC_STORE,
  ALM_SYNC_KEEP,           /* `token` is this profile's from now on; answered by STORED */
  ALM_SYNC_WAKE_AT,        /* replaces the time asked for before; 0 = never */
  ALM_SYNC_TELL            /* the status has changed */
} AlmSyncEffectType;

typedef struct
{
  AlmSyncEffectType  type;
  guint              number;     /* SEND, CANCEL, STORE, KEEP */
  const char        *method;     /* SEND */
  char              *path;       /* SEND: from "/v1/" on */
  GBytes            *body;       /* SEND; nullable */
  guint              timeout_s;  /* SEND */
  gboolean           to_file;    /* SEND: a pack, not to be held in memory */
  char              *file;       /* SEND: of an attached file: where it goes on to grow; nullable */
  char              *etag;       /* … as long as it is this one; nullable */
  AlmSyncJob        *job;        /* STORE */
  char              *token;      /* KEEP; NULL: there is none any more */
  gint64             at_us;      /* WAKE_AT */
} AlmSyncEffect;

void alm_sync_effect_free (AlmSyncEffect *self);

typedef enum {
  ALM_SYNC_PHASE_STOPPED,
  ALM_SYNC_PHASE_SIGNED_OUT,     /* no token, or it is not valid any more */
  ALM_SYNC_PHASE_WORKING,
  ALM_SYNC_PHASE_IN_SYNC,        /* as far as one can know: the server holds a poll open */
  ALM_SYNC_PHASE_OFFLINE,        /* waits for the next try */
  ALM_SYNC_PHASE_WRONG_SERVER,   /* this profile belongs to another server */
  ALM_SYNC_PHASE_LOST,           /* reported lost: what was here is wiped */
  ALM_SYNC_PHASE_TOO_OLD         /* this program is too old for the feed; it still hands in */
} AlmSyncPhase;

typedef struct
{
  AlmSyncPhase  phase;
  gboolean      done;            /* without follow: the round is over */
  gboolean      failed;          /* … and broke off somewhere */
  gboolean      push_failed;     /* the last push did not get through */
  guint         waiting;
  guint         sent;            /* since the start */
  guint         ok, merged, conflict, refused;
  guint         pulled;
  guint         repairs;
  guint         blobs;           /* attached files to send or to fetch, as last heard */
  guint         blobs_done;      /* since the start */
  guint         forks;           /* was a copy and has become a desk of its own, since the start */
  gint64        try_at_us;       /* OFFLINE: when it tries again */
  char         *problem;         /* English, for the log; nullable */
  const char   *loading;         /* scope whose pack is fetched or applied; nullable */
  gint64        copy_done;       /* of all first copies; see alm_sync_machine_get_copies() */
  gint64        copy_total;      /* 0: none is under way */
  gint64        copy_left_s;     /* −1: cannot be told (yet) */
} AlmSyncStatus;

/* The first copy of a scope. */
typedef struct
{
  char   *scope;
  char   *title;
  gint64  done;                  /* records that are here, of those in `total` */
  gint64  total;                 /* as the server told: not deleted, and ours to read */
} AlmSyncCopy;

AlmSyncMachine      *alm_sync_machine_new        (const AlmRandom       *random,
                                                  gboolean               follow);
void                 alm_sync_machine_free       (AlmSyncMachine        *self);
/* (transfer full) (element-type AlmSyncEffect), in the order to carry out */
GPtrArray           *alm_sync_machine_step       (AlmSyncMachine        *self,
                                                  const AlmSyncEvent    *event);
char       *alm_sync_machine_take_token (AlmSyncMachine        *self);
const AlmSyncStatus *alm_sync_machine_get_status (AlmSyncMachine        *self);
/* (element-type AlmSyncCopy): all scopes that are read from the beginning in this round,
 * but for `system`; empty when the last one is whole.  Stays until the next step. */
const GPtrArray     *alm_sync_machine_get_copies (AlmSyncMachine        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmSyncEffect, alm_sync_effect_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmSyncMachine, alm_sync_machine_free)

G_END_DECLS
