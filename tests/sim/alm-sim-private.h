/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-sim-world.h"
#include "alm-sync-job.h"

G_BEGIN_DECLS

/* What the files of the simulated world share. */

#define SECOND   G_GINT64_CONSTANT (1000000)
#define MILLI    G_GINT64_CONSTANT (1000)
#define PASSWORD "ein langes Passwort"
#define TROUBLE_S 40
#define ALM_SIM_NO_DATE "irgendwann"
/* Stands for a text that no command may have. */
#define ALM_SIM_TOO_LARGE "zu groß"

typedef enum {
  EVENT_ARRIVE,        /* a request at the hub */
  EVENT_ANSWER,        /* a reply at the desk */
  EVENT_FAIL,          /* the desk learns that its request failed */
  EVENT_STORE,         /* a job of the desk */
  EVENT_TICK,
  EVENT_EDIT,
  EVENT_CRASH_DESK,
  EVENT_START_DESK,
  EVENT_CRASH_HUB,
  EVENT_START_HUB,
  EVENT_POLL_ENDS,
  EVENT_GRANT,
  EVENT_JUMP,
  EVENT_ACCOUNT,
  EVENT_LOGIN,
  EVENT_MODEL,
  EVENT_HEAL
} AlmSimEventKind;

typedef enum {
  ALM_SIM_NEW,
  ALM_SIM_UPD,
  ALM_SIM_DEL,
  ALM_SIM_UNDEL,
  ALM_SIM_RESOLVE,
  ALM_SIM_UNDO,
  ALM_SIM_IMPORT,
  ALM_SIM_MISTAKE,
  ALM_SIM_REFUSED
} AlmSimDoing;

typedef struct
{
  gint64           at_us;
  guint64          order;
  AlmSimEventKind  kind;
  guint            desk;
  guint            life;
  guint            number;
  guint            status;
  const char      *method;
  char            *path;
  GBytes          *body;
  AlmSyncJob      *job;
  AlmSimRight      right;      /* of a grant, as the next two */
  gint64           for_us;     /* how long it holds; 0: for good */
  gboolean         again;
  guint            planned;    /* which one; 0: it follows from others */
  gboolean         dropped;    /* planned, but it does not happen */
} AlmSimEvent;

/* The server's records of the scope: id → AlmHubRecord. */
typedef struct
{
  AlmSimWorld *world;
  GHashTable  *records;
  GPtrArray   *conflicts;   /* (element-type AlmHubRecord), borrowed */
} AlmSimHubState;

extern AlmSimWorld           *alm_sim_current;
extern const AlmPasswordCost  alm_sim_cheap;

/* alm-sim-world.c */
void         alm_sim_event_free   (AlmSimEvent       *self);
void         alm_sim_say          (AlmSimWorld       *self,
                                   const char        *format,
                                   ...) G_GNUC_PRINTF (2, 3);
guint        alm_sim_below        (AlmSimWorld       *self,
                                   guint              bound);
gboolean     alm_sim_trouble      (AlmSimWorld       *self,
                                   AlmSimTrouble      what,
                                   guint              n);
AlmSimEvent *alm_sim_add_event    (AlmSimWorld       *self,
                                   AlmSimEventKind    kind,
                                   gint64             delay_us,
                                   guint              desk);
gint64       alm_sim_latency      (AlmSimWorld       *self);
void         alm_sim_arm          (AlmSimWorld       *self,
                                   AlmSimDisk        *disk);
void         alm_sim_disarm       (AlmSimDisk        *disk);
void         alm_sim_set_pages    (AlmSimWorld       *self);

AlmSimCrash  alm_sim_how          (AlmSimWorld       *self);
/* Everything as it was in the beginning. */
void         alm_sim_begin        (AlmSimWorld       *self,
                                   guint64            seed,
                                   guint              n_desks);
void         alm_sim_run_to_rest  (AlmSimWorld       *self);
char        *alm_sim_key          (guint              desk,
                                   gint64             n);

/* alm-sim-desk.c */
void         alm_sim_crash_desk   (AlmSimWorld       *self,
                                   guint              number,
                                   AlmSimCrash        crash);
void         alm_sim_start_desk   (AlmSimWorld       *self,
                                   guint              number);
gint64       alm_sim_desk_cursor  (AlmSimDesk        *node);
void         alm_sim_run_job      (AlmSimWorld       *self,
                                   AlmSimEvent       *event);
void         alm_sim_step         (AlmSimWorld       *self,
                                   guint              number,
                                   AlmSyncEvent       event);
gboolean     alm_sim_look_at_disk (AlmSimWorld       *self,
                                   guint              number);

/* alm-sim-people.c */
gboolean     alm_sim_has_x        (AlmDesk           *desk);
void         alm_sim_do           (AlmSimWorld       *self,
                                   guint              number,
                                   AlmSimDoing        doing,
                                   guint              argument);
void         alm_sim_do_something (AlmSimWorld       *self,
                                   guint              number);

/* alm-sim-city.c */
void         alm_sim_plan_city    (AlmSimWorld       *self);
void         alm_sim_jump         (AlmSimWorld       *self,
                                   guint              number);
guint        alm_sim_manage       (AlmSimWorld       *self,
                                   const char        *method,
                                   const char        *path,
                                   const char        *body);
void         alm_sim_change_account
                                  (AlmSimWorld       *self,
                                   const AlmSimEvent *asked);
void         alm_sim_look_at_login (AlmSimWorld      *self,
                                   guint              number);
void         alm_sim_log_in_again (AlmSimWorld       *self,
                                   guint              number);
void         alm_sim_check_token  (AlmSimWorld       *self,
                                   guint              number,
                                   guint              status);
void         alm_sim_change_model (AlmSimWorld       *self,
                                   const AlmSimEvent *asked);

/* alm-sim-rights.c */
void         alm_sim_plan_rights  (AlmSimWorld       *self);
void         alm_sim_grant        (AlmSimWorld       *self,
                                   const AlmSimEvent *asked);
AlmSimRight  alm_sim_right        (AlmSimWorld       *self,
                                   guint              number);
guint        alm_sim_classes      (AlmSimWorld       *self,
                                   guint              number);
gboolean     alm_sim_may_read     (AlmSimWorld       *self,
                                   guint              number);
guint        alm_sim_class_of     (const char        *field);
gboolean     alm_sim_knows_rights (AlmSimWorld       *self,
                                   guint              number);
void         alm_sim_check_local_refusal
                                  (AlmSimWorld       *self,
                                   guint              number,
                                   const GError      *error);
void         alm_sim_check_refusal (AlmSimWorld      *self,
                                   const AlmSimEntry *entry,
                                   const char        *code);
void         alm_sim_check_wire   (AlmSimWorld       *self,
                                   guint              number,
                                   const char        *text);

/* alm-sim-check.c */
void         alm_sim_hub_state_clear
                                  (AlmSimHubState    *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmSimHubState, alm_sim_hub_state_clear)

/* alm-sim-check-desk.c */
void         alm_sim_check_desks  (AlmSimWorld       *self,
                                   const AlmSimHubState *hub);

/* alm-sim-derived.c */
void         alm_sim_check_derived (AlmSimWorld      *self,
                                   guint              number);

/* alm-sim-hub.c */
void         alm_sim_hub_bytes    (gpointer           buffer,
                                   gsize              size);
void         alm_sim_crash_hub    (AlmSimWorld       *self,
                                   AlmSimCrash        crash);
void         alm_sim_start_hub    (AlmSimWorld       *self);
gboolean     alm_sim_hub_survives (AlmSimWorld       *self,
                                   const AlmHubReply *reply);
void         alm_sim_release_polls (AlmSimWorld      *self);
void         alm_sim_end_poll     (AlmSimWorld       *self,
                                   const AlmSimEvent *event);
void         alm_sim_arrive       (AlmSimWorld       *self,
                                   AlmSimEvent       *request);

/* alm-sim-restore.c */
void         alm_sim_back_up      (AlmSimWorld       *self);
void         alm_sim_restore      (AlmSimWorld       *self);
void         alm_sim_check_again  (AlmSimWorld       *self,
                                   AlmSimEntry       *entry,
                                   AlmCommand        *command);
gboolean     alm_sim_may_say_less (AlmSimWorld       *self,
                                   const AlmSimEntry *entry);
void         alm_sim_look_at_epoch (AlmSimWorld      *self,
                                   guint              number);

/* alm-sim-template.c */
extern const char alm_sim_schema[];
extern const char alm_sim_schema_new[];
AlmHubReply *alm_sim_push         (AlmSimWorld       *self,
                                   const char        *token,
                                   const char        *body);
char        *alm_sim_log_in       (AlmSimWorld       *self,
                                   const char        *user,
                                   const AlmId       *desk);
void         alm_sim_found_city   (AlmSimWorld       *self);
void         alm_sim_make_scope   (AlmSimWorld       *self,
                                   const char        *admin);
void         alm_sim_make_desk    (AlmSimWorld       *self,
                                   guint              number,
                                   const char        *admin);

G_END_DECLS
