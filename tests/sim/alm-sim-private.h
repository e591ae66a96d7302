/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-sim-world.h"
#include "alm-sync-job.h"

G_BEGIN_DECLS

/* What the files of the simulated world share. */

#define SECOND   G_GINT64_CONSTANT (1000000)
#define MILLI    G_GINT64_CONSTANT (1000)
#define PASSWORD "ein langes Passwort"

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
  EVENT_HEAL
} AlmSimEventKind;

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
} AlmSimEvent;

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
                                   guint              n);
AlmSimEvent *alm_sim_add_event    (AlmSimWorld       *self,
                                   AlmSimEventKind    kind,
                                   gint64             delay_us,
                                   guint              desk);
gint64       alm_sim_latency      (AlmSimWorld       *self);
void         alm_sim_arm          (AlmSimWorld       *self,
                                   AlmSimDisk        *disk);
void         alm_sim_disarm       (AlmSimDisk        *disk);

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
void         alm_sim_do_something (AlmSimWorld       *self,
                                   guint              number);

/* alm-sim-hub.c */
void         alm_sim_hub_bytes    (gpointer           buffer,
                                   gsize              size);
void         alm_sim_crash_hub    (AlmSimWorld       *self,
                                   AlmSimCrash        crash);
void         alm_sim_start_hub    (AlmSimWorld       *self);
void         alm_sim_end_poll     (AlmSimWorld       *self,
                                   const AlmSimEvent *event);
void         alm_sim_arrive       (AlmSimWorld       *self,
                                   AlmSimEvent       *request);

/* alm-sim-template.c */
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
