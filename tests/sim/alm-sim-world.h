/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-clock.h"
#include "alm-desk-sync.h"
#include "alm-hub-core.h"
#include "alm-sim-counters.h"
#include "alm-sim-disk.h"
#include "alm-sync-machine.h"

G_BEGIN_DECLS

/* Desks, a server, a net, and time, all in one thread and from one seed: the
 * product's own objects, nothing of them rewritten. */

#define ALM_SIM_DESKS   3
#define ALM_SIM_RECORDS 4
#define ALM_SIM_SCOPE   "ksj/dinge"
#define ALM_SIM_KIND    "thing"
#define ALM_SIM_ADMIN_DESK "00000000-0000-7000-8000-000000000090"
/* No server knows it. */
#define ALM_SIM_STRANGE_SCOPE "ksj/fremd"

/* What the values of the fields that not everybody may see begin with. */
#define ALM_SIM_SECRET  "geheim"
#define ALM_SIM_PRIVATE "persönlich"

/* Planned events of one schedule at most. */
#define ALM_SIM_PLANNED_MAX 96

typedef struct _AlmSimWorld AlmSimWorld;

/* What can go wrong by itself. */
typedef enum {
  ALM_SIM_TROUBLE_REQUEST,    /* lost */
  ALM_SIM_TROUBLE_ANSWER,     /* lost */
  ALM_SIM_TROUBLE_DOUBLED,
  ALM_SIM_TROUBLE_TORN,
  ALM_SIM_TROUBLE_GATEWAY,
  ALM_SIM_TROUBLE_DEAD,       /* of a disk, as the next ones: AlmSimFault */
  ALM_SIM_TROUBLE_FULL,
  ALM_SIM_TROUBLE_IO,
  ALM_SIM_TROUBLE_SYNC,
  ALM_SIM_TROUBLE_READ,
  ALM_SIM_TROUBLE_SHORT,
  ALM_SIM_N_TROUBLES
} AlmSimTrouble;

/* What a desk's user may do. */
typedef enum {
  ALM_SIM_NOTHING,
  ALM_SIM_READER,
  ALM_SIM_EDITOR,     /* as every schedule begins */
  ALM_SIM_KEEPER      /* an editor who sees every field */
} AlmSimRight;

typedef struct
{
  AlmClock  clock;
  gint64   *time_us;
  gint64    offset_us;
} AlmSimClock;

typedef struct
{
  char           *dir;
  AlmSimDisk     *disk;
  AlmSimDisk     *image;        /* as every schedule begins */
  AlmSimClock     clock;
  char           *id;
  char           *first_token;  /* as every schedule begins */
  char           *token;
  AlmDesk        *desk;         /* NULL while it is down */
  AlmSyncMachine *machine;
  guint           life;         /* grows with each start: what was for an earlier one is void */
  gint64          last_n;       /* of an edit that was reported as done */
  gint64          versions[ALM_SIM_RECORDS];  /* that were shown last; 0: none */
  AlmSimRight     right;
  gint64          until_us;     /* by the server's clock; 0: for good */
  guint           unsure;       /* changes of it that are on their way */
  gboolean        was_limited;  /* could not write at some time, or will not */
  gboolean        lost;         /* the scope, as far as the desk knows */
  guint           password;     /* how often it was changed */
  gboolean        disabled;     /* the account, for sure */
  gboolean        token_ended;  /* for sure */
  gboolean        may_be_out;   /* something happened that ends a token */
  gboolean        asks_login;   /* its user is about to log in */
  char           *epoch;        /* that it knows, after a restored server; NULL: the first one */
  guint           arrived;      /* the latest request of this life that reached the server */
} AlmSimDesk;

/* A command as it went over the wire, and what the server has said to it. */
typedef struct
{
  guint       desk;
  AlmCommand *command;
  guint       tries;            /* how often it reached the server */
  gboolean    old_model;        /* of its desk: older than the server's */
  char       *outcome;          /* the line; NULL: no answer left the server yet */
  char       *result;           /* "ok", … */
  gint64      seq;              /* as the answer says; 0: it was refused */
  gboolean    lost;             /* the server came back without it */
  gboolean    is_first;         /* whose answer says so */
} AlmSimEntry;

struct _AlmSimWorld
{
  guint64         seed;
  AlmRandom       random;
  AlmRandom       sqlite_random;
  gint64          time_us;
  gboolean        trace;
  gboolean        healed;       /* no faults any more */
  gboolean        planning;     /* events that are added now are planned ones */
  guint           n_planned;
  gboolean        dropped[ALM_SIM_PLANNED_MAX];   /* planned events that do not happen */
  guint           calm;         /* troubles that do not happen, as bits */
  gboolean        exact;        /* a written script: it says which disk dies, and how */
  AlmSimCrash     crash;
  guint           fields;       /* that the next edit sets, as bits; 0: any */
  guint           n_desks;
  AlmSimDesk      desks[ALM_SIM_DESKS];

  char           *hub_dir;
  AlmSimDisk     *hub_disk;
  AlmSimDisk     *hub_image;
  AlmSimClock     hub_clock;
  AlmRandom       hub_random;
  AlmHubCore     *hub;          /* NULL while it is down */
  AlmServerStore *hub_store;    /* the hub's */
  AlmSimDisk     *backup;       /* of the server's disk */
  guint           hub_dies_at;  /* this write or sync of its disk; 0: none */
  guint           restored;     /* in all schedules, as the next two */
  guint           answers_lost; /* by it */
  guint           handed_in_again;
  char           *first_epoch;  /* as every schedule begins */
  char           *epoch;
  char           *first_admin;  /* token of who manages users, as every schedule begins */
  char           *admin;        /* the same now */
  guint           admin_n;      /* his commands */
  gboolean        has_x;        /* the model has the field x */
  gboolean        unsure_x;     /* perhaps */

  GPtrArray      *events;       /* a heap by time */
  guint64         event_count;
  GPtrArray      *polls;        /* held open by the hub */
  GPtrArray      *ledger;       /* (element-type AlmSimEntry) */
  GHashTable     *ledger_by_n;  /* "desk n" → entry */
  GHashTable     *promised;     /* "desk n" → the text of what the user was told is done */
  GHashTable     *mistakes;     /* "desk n" → what the server has to say to it */
  GHashTable     *perhaps;      /* the same of those that may be on the disk */
  GHashTable     *put_aside;    /* "desk n" → 1 done, 2 perhaps */
  guint           value_count;

  char           *violation;    /* the first one; NULL: none */
  AlmSimCounters  counters;
};

AlmSimWorld *alm_sim_world_new      (void);
void         alm_sim_world_free     (AlmSimWorld  *self);
/* Runs one schedule; the violation it found, or NULL.  (transfer none) */
const char  *alm_sim_world_run      (AlmSimWorld  *self,
                                     guint64       seed);
/* alm-sim-script.c: the same with a script. */
const char  *alm_sim_world_play     (AlmSimWorld  *self,
                                     const char   *script,
                                     guint         n_desks,
                                     guint64       seed,
                                     guint         which,
                                     guint         nth,
                                     AlmSimCrash   crash);
/* alm-sim-shrink.c */
char        *alm_sim_world_shrink   (AlmSimWorld  *self,
                                     guint64       seed,
                                     guint        *left,
                                     guint        *all);
const char  *alm_sim_world_run_shrunk (AlmSimWorld *self,
                                     const char   *line);
/* Writes and syncs of that disk so far. */
guint        alm_sim_world_calls    (AlmSimWorld  *self,
                                     guint         which);
/* What has happened in the last schedule, in one number. */
guint64      alm_sim_world_sum      (AlmSimWorld  *self);
void         alm_sim_world_violate  (AlmSimWorld  *self,
                                     const char   *format,
                                     ...) G_GNUC_PRINTF (2, 3);
void         alm_sim_world_id       (AlmId        *id,
                                     guint         number);

/* alm-sim-check.c */
void         alm_sim_check_end      (AlmSimWorld  *self);
void         alm_sim_note_push      (AlmSimWorld  *self,
                                     guint         desk,
                                     GBytes       *body);
void         alm_sim_note_answer    (AlmSimWorld  *self,
                                     guint         desk,
                                     const char   *text,
                                     gsize         length);
/* What the desk shows of the hot records, as text. */
char        *alm_sim_shown          (AlmSimDesk   *desk,
                                     gboolean      with_counter);
void         alm_sim_entry_free     (AlmSimEntry  *self);
char        *alm_sim_command_text   (const AlmCommand *command);

G_END_DECLS
