/* SPDX-License-Identifier: EUPL-1.2 */

/* A schedule that somebody has written down: steps in a row, parted by ";".
 *
 *   0 new 1 as      desk 0 makes record 1 with the fields a and s
 *   0 upd 1 n       changes it · del 1 · undel 1
 *   0 resolve 2     decides a conflict: 0 theirs, 1 mine, 2 base
 *   0 undo · import · mistake 1 · refused     as in alm-sim-people.c
 *   0 grant 1       0 nothing, 1 reader, 2 editor, 3 keeper
 *   0 account 0     0 disabled and enabled again, 2 new password, 3 revoked
 *   0 jump · kill   its clock; its process
 *   hub kill · model · sync
 *   hub backup · hub restore     as it was at the last backup, under a new epoch
 *
 * "sync" goes on until all is at rest; nothing fails but what the caller wants:
 * one disk dies at its nth write or sync.  One thread. */

#include "config.h"

#include "alm-sim-private.h"

#include <string.h>

static void
wake (AlmSimWorld *self,
      guint        number)
{
  for (guint i = 0; i < 3 && self->violation == NULL; i++)
    alm_sim_start_desk (self, number);
}

static guint
read_fields (const char *letters)
{
  static const char all[] = "abnsgcpx";
  guint fields = 0;

  for (const char *c = letters; c != NULL && *c != '\0'; c++)
    if (strchr (all, *c) != NULL)
      fields |= 1u << (strchr (all, *c) - all);

  return fields;
}

static void
change_rights (AlmSimWorld *self,
               guint        number,
               guint        right)
{
  AlmSimEvent *event = alm_sim_add_event (self, EVENT_GRANT, 0, number);

  event->right = (AlmSimRight) right;
}

static void
do_step (AlmSimWorld *self,
         guint        number,
         const char  *verb,
         guint        argument,
         const char  *letters)
{
  static const struct
  {
    const char   *verb;
    AlmSimDoing   doing;
  } doings[] = {
    { "new", ALM_SIM_NEW }, { "upd", ALM_SIM_UPD }, { "del", ALM_SIM_DEL },
    { "undel", ALM_SIM_UNDEL }, { "resolve", ALM_SIM_RESOLVE }, { "undo", ALM_SIM_UNDO },
    { "import", ALM_SIM_IMPORT }, { "mistake", ALM_SIM_MISTAKE }, { "refused", ALM_SIM_REFUSED },
  };

  if (strcmp (verb, "grant") == 0)
    change_rights (self, number, argument);
  else if (strcmp (verb, "account") == 0)
    alm_sim_add_event (self, EVENT_ACCOUNT, 0, number)->number = argument;
  else if (strcmp (verb, "jump") == 0)
    alm_sim_jump (self, number);
  else if (strcmp (verb, "kill") == 0)
    alm_sim_crash_desk (self, number, ALM_SIM_CRASH_KEEP_ALL);
  else
    for (guint i = 0; i < G_N_ELEMENTS (doings); i++)
      if (strcmp (verb, doings[i].verb) == 0)
        {
          wake (self, number);
          self->fields = read_fields (letters);
          alm_sim_do (self, number, doings[i].doing, argument);
          return;
        }
}

static void
play_step (AlmSimWorld *self,
           const char  *step)
{
  g_auto (GStrv) words = g_strsplit (step, " ", 0);
  guint n = g_strv_length (words);

  alm_sim_say (self, "- %s", step);
  if (strcmp (step, "sync") == 0)
    alm_sim_run_to_rest (self);
  else if (strcmp (step, "hub kill") == 0)
    alm_sim_crash_hub (self, ALM_SIM_CRASH_KEEP_ALL);
  else if (strcmp (step, "hub backup") == 0)
    alm_sim_back_up (self);
  else if (strcmp (step, "hub restore") == 0)
    alm_sim_restore (self);
  else if (strcmp (step, "model") == 0)
    alm_sim_add_event (self, EVENT_MODEL, 0, G_MAXUINT)->number = TRUE;
  else if (n >= 2 && g_ascii_isdigit (words[0][0]))
    do_step (self, (guint) (words[0][0] - '0'), words[1],
             n > 2 ? (guint) g_ascii_strtoull (words[2], NULL, 10) : 0, n > 3 ? words[3] : NULL);
  else
    g_error ("no step of a script: %s", step);
}

/* Of the disk of desk @which, or of the server where that is the number of desks,
 * the @nth write or sync is the last; 0: none.  The violation, or NULL. */
const char *
alm_sim_world_play (AlmSimWorld *self,
                    const char  *script,
                    guint        n_desks,
                    guint64      seed,
                    guint        which,
                    guint        nth,
                    AlmSimCrash  crash)
{
  g_auto (GStrv) steps = g_strsplit (script, "; ", 0);

  alm_sim_begin (self, seed, n_desks);
  self->healed = TRUE;
  self->exact = TRUE;
  self->crash = crash;
  alm_sim_start_hub (self);
  for (guint i = 0; i < n_desks; i++)
    alm_sim_start_desk (self, i);
  alm_sim_disk_set_fault (which < n_desks ? self->desks[which].disk : self->hub_disk,
                          ALM_SIM_FAULT_DEAD, nth);
  if (which == n_desks && nth > 0)
    self->hub_dies_at = alm_sim_disk_get_calls (self->hub_disk) + nth;
  for (guint i = 0; steps[i] != NULL && self->violation == NULL; i++)
    play_step (self, steps[i]);
  if (self->violation == NULL)
    alm_sim_run_to_rest (self);
  if (self->violation == NULL)
    alm_sim_check_end (self);
  self->exact = FALSE;
  self->fields = 0;

  return self->violation;
}

guint
alm_sim_world_calls (AlmSimWorld *self,
                     guint        which)
{
  return alm_sim_disk_get_calls (which < self->n_desks ? self->desks[which].disk
                                                       : self->hub_disk);
}
