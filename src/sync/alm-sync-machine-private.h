/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-sync-machine.h"

G_BEGIN_DECLS

/* The machine in its parts: alm-sync-machine.c decides what comes next,
 * alm-sync-answers.c takes in what came back, alm-sync-blobs.c does both for
 * attached files, alm-sync-self.c says who this desk is. */

typedef enum {
  DOING_NOTHING,
  DOING_LOAD,
  DOING_HELLO,
  DOING_TAKE_HELLO,
  DOING_PACK,
  DOING_TAKE_PACK,
  DOING_INDEX,
  DOING_FEED,
  DOING_POLL,
  DOING_TAKE_PAGE,
  DOING_WIPE,
  DOING_CONFIRM,
  DOING_CONFIRMED,
  DOING_READ,
  DOING_PUSH,
  DOING_RECORD,
  DOING_REQUEUE,
  DOING_BLOB_NEXT,
  DOING_BLOB_HEAD,
  DOING_BLOB_READ,
  DOING_BLOB_PUT,
  DOING_BLOB_GET,
  DOING_BLOB_CHECK,
  DOING_BLOB_NEWS,
  DOING_FORK,
  DOING_CLAIM,
  DOING_KEEP,
  DOING_EMPTY,
  DOING_LOGOUT,
  DOING_FORGET
} AlmSyncDoing;

typedef struct
{
  AlmSyncDoing  doing;
  guint         number;     /* of the effect in flight */
  guint         tries;      /* failures in a row */
  gint64        retry_at;   /* 0 = at once */
} AlmSyncLane;

struct _AlmSyncMachine
{
  AlmRandom      random;
  gboolean       follow;
  guint          last_number;

  gboolean       running;
  gboolean       loaded;
  AlmId          desk;
  char          *server;        /* nullable before the first hello */
  char          *epoch;
  char          *user;          /* nullable */

  AlmWireHello  *hello;         /* the last one, stored */
  gboolean       have_hello;    /* … and nothing has happened that asks for a new one */
  gboolean       greeted;       /* one of this epoch was stored since the start */
  gboolean       lost;          /* reported lost; nothing else is done any more */
  gboolean       wiped;
  guint          claims;        /* of a token for our id, since the last good hello */
  gboolean       too_old;       /* no feed for this program */
  gint64         hello_at;
  char          *rights;        /* of the last hello or the page after it */
  char          *rights_asked;  /* for which a hello was asked again already */

  AlmSyncLane    pull;
  AlmSyncLane    push;
  gboolean       push_wanted;
  gboolean       fresh;         /* the feed's end was seen since the last push of the round */
  guint          push_commands; /* how many at once; shrinks on 413 */
  gint64         first;         /* of the push in flight */
  guint          count;
  gint64         requeue_next;
  gboolean       wipe_due;      /* something was erased that still stands in the files */
  gboolean       wipe_tried;    /* … and was asked for since the last page */
  guint          wipe_tries;    /* that a reader was in the way of, in a row */
  AlmValue      *seen;          /* what the server is being told of it */
  gint64         gap_next;      /* of the last gap; the same twice: our log has a hole */
  guint          push_limit;    /* of the next push alone; 0 = none */
  AlmValue      *cursors;
  GPtrArray     *packs;
  char          *pack_path;     /* of the pack whose slices are being taken */
  GPtrArray     *copies;        /* (element-type AlmSyncCopy) */
  gint64         mark_us;       /* since when something of them is fetched or stored */
  gint64         fetch_us;      /* packs: so long, for so many bytes */
  gint64         fetch_bytes;
  gint64         store_us;      /* records: so long, for so many */
  gint64         store_records;
  gboolean       led;           /* the feed of scope `system` was read before the packs */

  AlmSyncLane    blobs;
  gboolean       blobs_wanted;  /* there may be one to send or to fetch */
  gboolean       blobs_failed;  /* of a single round: one broke off */
  AlmDeskBlob   *blob;          /* the one under way */
  char          *blob_part;     /* where it goes to, if it is fetched */
  guint          blob_turns;    /* answers that did not bring it further */
  gboolean       blob_suspect;  /* the server says that ours is another */
  GHashTable    *deferred;      /* sha256 → AlmSyncDeferred */

  AlmSyncStatus  status;
  AlmSyncStatus  told;
  gint64         wake_at;
  GPtrArray     *effects;       /* of the step that runs */
};

AlmSyncEffect *alm_sync_machine_begin      (AlmSyncMachine       *self,
                                            AlmSyncLane          *lane,
                                            AlmSyncDoing          doing,
                                            AlmSyncEffectType     type);
/* @body: (transfer full) (nullable) */
AlmSyncEffect *alm_sync_machine_send       (AlmSyncMachine       *self,
                                            AlmSyncLane          *lane,
                                            AlmSyncDoing          doing,
                                            const char           *method,
                                            const char           *path,
                                            char                 *body);
AlmSyncJob    *alm_sync_machine_store      (AlmSyncMachine       *self,
                                            AlmSyncLane          *lane,
                                            AlmSyncDoing          doing,
                                            AlmSyncJobKind        kind);
/* Whatever is in flight is not waited for any more. */
void           alm_sync_machine_give_up    (AlmSyncMachine       *self);
void           alm_sync_machine_stop_for   (AlmSyncMachine       *self,
                                            AlmSyncPhase          phase,
                                            const char           *problem);
void           alm_sync_machine_fail       (AlmSyncMachine       *self,
                                            AlmSyncLane          *lane,
                                            gint64                now_us,
                                            guint                 retry_s,
                                            const char           *problem);
void           alm_sync_machine_succeed    (AlmSyncMachine       *self,
                                            AlmSyncLane          *lane);
void           alm_sync_machine_want_hello (AlmSyncMachine       *self);
void           alm_sync_machine_set_problem (AlmSyncMachine      *self,
                                            const char           *problem);

/* Attached files (alm-sync-blobs.c). */
void           alm_sync_blobs_init         (AlmSyncMachine       *self);
void           alm_sync_blobs_clear        (AlmSyncMachine       *self);
void           alm_sync_blobs_advance      (AlmSyncMachine       *self,
                                            gint64                now_us);
/* Nothing is under way, and nothing more can be tried in this round. */
gboolean       alm_sync_blobs_rest         (AlmSyncMachine       *self);
void           alm_sync_blobs_want         (AlmSyncMachine       *self,
                                            guint                 count);
/* Whatever waits for its next try is tried at once. */
void           alm_sync_blobs_try_now      (AlmSyncMachine       *self);
void           alm_sync_blobs_give_up      (AlmSyncMachine       *self);
void           alm_sync_blobs_heard        (AlmSyncMachine       *self,
                                            AlmSyncDoing          what,
                                            const AlmSyncEvent   *event);
void           alm_sync_blobs_stored       (AlmSyncMachine       *self,
                                            AlmSyncDoing          what,
                                            const AlmSyncEvent   *event);
void           alm_sync_blobs_broke_off    (AlmSyncMachine       *self,
                                            AlmSyncDoing          what,
                                            const AlmSyncEvent   *event);

/* alm-sync-self.c */
void           alm_sync_self_fork          (AlmSyncMachine       *self,
                                            AlmSyncLane          *lane);
gboolean       alm_sync_self_claim         (AlmSyncMachine       *self);
void           alm_sync_self_heard         (AlmSyncMachine       *self,
                                            AlmSyncDoing          what,
                                            const AlmWireProblem *problem,
                                            const char           *text,
                                            const AlmSyncEvent   *event);
void           alm_sync_self_lose          (AlmSyncMachine       *self,
                                            const char           *problem);
void           alm_sync_self_advance       (AlmSyncMachine       *self,
                                            gint64                now_us);
void           alm_sync_self_stored        (AlmSyncMachine       *self,
                                            AlmSyncDoing          what,
                                            AlmSyncResult        *result);
gboolean       alm_sync_self_failed        (AlmSyncMachine       *self,
                                            AlmSyncDoing          what);

/* First copies (alm-sync-copies.c). */
void           alm_sync_copy_free          (AlmSyncCopy          *self);
void           alm_sync_copies_begin       (AlmSyncMachine       *self,
                                            gint64                now_us);
void           alm_sync_copies_mark        (AlmSyncMachine       *self,
                                            gint64                now_us);
void           alm_sync_copies_fetched     (AlmSyncMachine       *self,
                                            gint64                now_us);
/* @came: scope → records */
void           alm_sync_copies_stored      (AlmSyncMachine       *self,
                                            const AlmValue       *came,
                                            gint64                now_us);
void           alm_sync_copies_end         (AlmSyncMachine       *self);

void           alm_sync_machine_take_reply (AlmSyncMachine       *self,
                                            AlmSyncLane          *lane,
                                            const AlmSyncEvent   *event);
void           alm_sync_machine_take_result (AlmSyncMachine      *self,
                                            AlmSyncLane          *lane,
                                            const AlmSyncEvent   *event);
void           alm_sync_machine_take_failure (AlmSyncMachine     *self,
                                            AlmSyncLane          *lane,
                                            const AlmSyncEvent   *event);

G_END_DECLS
