/* SPDX-License-Identifier: EUPL-1.2 */

/* A server whose disk is lost and that comes back from a backup: an older image, under
 * a new epoch.  What it has answered since then is lost with it, and must come back
 * from the journals of the desks.  One thread. */

#include "config.h"

#include "alm-sim-private.h"

#include <string.h>

/* As SQLite copies a database that is open: between two transactions. */
void
alm_sim_back_up (AlmSimWorld *self)
{
  alm_sim_disk_copy (self->backup, self->hub_disk);
}

/* Whatever the backup does not have must be handed in and answered once more. */
static gboolean
forget_answers (AlmSimWorld  *self,
                guint         number,
                GError      **error)
{
  AlmServerStore *store = self->hub_store;
  g_autoptr (AlmHubDesk) desk = NULL;
  gboolean done;
  AlmId id;

  g_assert_true (alm_id_parse (&id, self->desks[number].id));
  done = store->api->begin (store, FALSE, error)
         && store->api->get_desk (store, &id, &desk, error);
  store->api->rollback (store);
  for (guint i = 0; done && i < self->ledger->len; i++)
    {
      AlmSimEntry *entry = self->ledger->pdata[i];

      if (entry->desk != number || entry->outcome == NULL
          || (desk != NULL && entry->command->n <= desk->last_n))
        continue;
      g_clear_pointer (&entry->outcome, g_free);
      g_clear_pointer (&entry->result, g_free);
      entry->seq = 0;
      entry->lost = TRUE;
      self->answers_lost++;
    }

  return done;
}

/* FALSE: it died of it, and the operator begins again. */
static gboolean
come_back (AlmSimWorld *self)
{
  AlmHubOptions options = { &self->hub_clock.clock, alm_sim_hub_bytes, &alm_sim_cheap };
  g_autofree char *epoch = NULL;
  g_autoptr (GError) error = NULL;
  guint calls = alm_sim_disk_get_calls (self->hub_disk);

  alm_sim_disk_copy (self->hub_disk, self->backup);
  if (self->hub_dies_at > calls)
    alm_sim_disk_set_fault (self->hub_disk, ALM_SIM_FAULT_DEAD, self->hub_dies_at - calls);
  alm_sim_start_hub (self);
  if (self->hub == NULL)
    return FALSE;
  if (!alm_hub_begin_epoch (self->hub_store, &options, &epoch, &error))
    {
      if (!alm_sim_disk_is_dead (self->hub_disk))
        alm_sim_world_violate (self, "no new epoch: %s", error->message);
      alm_sim_crash_hub (self, self->crash);
      return FALSE;
    }

  g_free (self->epoch);
  self->epoch = g_steal_pointer (&epoch);

  return TRUE;
}

void
alm_sim_restore (AlmSimWorld *self)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < self->n_desks; i++)
    if (self->desks[i].epoch == NULL)
      self->desks[i].epoch = g_strdup (self->epoch);
  alm_sim_crash_hub (self, ALM_SIM_CRASH_KEEP_ALL);
  while (self->violation == NULL && !come_back (self))
    alm_sim_say (self, "the restoring dies");

  self->restored++;
  for (guint i = 0; i < self->n_desks && self->violation == NULL; i++)
    if (!forget_answers (self, i, &error))
      alm_sim_world_violate (self, "the restored server cannot be read: %s", error->message);
}

/* Lost with its answer, or refused unread because its desk had not heard of it. */
gboolean
alm_sim_may_say_less (AlmSimWorld       *self,
                      const AlmSimEntry *entry)
{
  return entry->lost || (self->desks[entry->desk].epoch != NULL && entry->outcome == NULL);
}

/* What is asked for once more says the same as the first time, but not that its
 * author has seen what the server does not have any more. */
void
alm_sim_check_again (AlmSimWorld *self,
                     AlmSimEntry *entry,
                     AlmCommand  *command)
{
  gint64 base = command->base;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  entry->command->base = 0;
  command->base = 0;
  before = alm_sim_command_text (entry->command);
  after = alm_sim_command_text (command);
  command->base = base;
  if (strcmp (before, after) != 0)
    alm_sim_world_violate (self, "handed in again as another command:\n%s\n%s", before, after);

  alm_command_free (entry->command);
  entry->command = command;
  entry->tries++;
  self->handed_in_again += entry->lost;
  entry->lost = FALSE;
}

/* A desk that hears of a new epoch lets go of the versions that the server has lost. */
void
alm_sim_look_at_epoch (AlmSimWorld *self,
                       guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autofree char *epoch = NULL;

  if (node->epoch == NULL)
    return;

  epoch = alm_desk_get_setting (node->desk, "epoch");
  if (g_strcmp0 (epoch, node->epoch) == 0)
    return;

  g_free (node->epoch);
  node->epoch = g_steal_pointer (&epoch);
  memset (node->versions, 0, sizeof node->versions);
}
