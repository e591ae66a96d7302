/* SPDX-License-Identifier: EUPL-1.2 */

/* One schedule: a template that has met (one city, three desks in step with it)
 * is copied, the desks edit hot records, the net loses, doubles and tears, desks
 * and server die at any write; then everything heals and must come to rest.
 *
 * The same seed does the same, always: all random numbers come from it, time is
 * a number, and nothing looks at the real clock. */

#include "config.h"

#include "alm-sim-world.h"

#include "alm-db-private.h"
#include "alm-hash.h"
#include "alm-sim-private.h"
#include "alm-test.h"

#include <string.h>

#define BEGIN_US   G_GINT64_CONSTANT (1800000000000000)
#define HEALED_S   3600
#define EVENTS_MAX 20000

const AlmPasswordCost alm_sim_cheap = { 1, 8192 };

void
alm_sim_event_free (AlmSimEvent *self)
{
  g_free (self->path);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->job, alm_sync_job_free);
  g_free (self);
}

void
alm_sim_world_violate (AlmSimWorld *self,
                       const char  *format,
                       ...)
{
  va_list args;

  if (self->violation != NULL)
    return;

  va_start (args, format);
  self->violation = g_strdup_vprintf (format, args);
  va_end (args);
}

void
alm_sim_say (AlmSimWorld *self,
             const char  *format,
             ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (!self->trace)
    return;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("%9.3f %s\n", (double) (self->time_us - BEGIN_US) / 1e6, text);
}

char *
alm_sim_key (guint  desk,
             gint64 n)
{
  return g_strdup_printf ("%u %" G_GINT64_FORMAT, desk, n);
}

void
alm_sim_world_id (AlmId *id,
                  guint  number)
{
  g_autofree char *text = g_strdup_printf ("01931f2e-7c1a-7e3b-9d41-%012x", number);

  g_assert_true (alm_id_parse (id, text));
}

guint
alm_sim_below (AlmSimWorld *self,
               guint        bound)
{
  return alm_random_below (&self->random, bound);
}

/* One in @n, but never when healed.  The number is drawn in any case, so that a
 * calmer schedule is as much the same as it can be. */
gboolean
alm_sim_trouble (AlmSimWorld   *self,
                 AlmSimTrouble  what,
                 guint          n)
{
  return !self->healed && alm_sim_below (self, n) == 0 && (self->calm & (1u << what)) == 0;
}

/* The heap of events */

static gboolean
is_before (const AlmSimEvent *a,
           const AlmSimEvent *b)
{
  return a->at_us < b->at_us || (a->at_us == b->at_us && a->order < b->order);
}

static void
swap (GPtrArray *heap,
      guint      a,
      guint      b)
{
  gpointer kept = heap->pdata[a];

  heap->pdata[a] = heap->pdata[b];
  heap->pdata[b] = kept;
}

AlmSimEvent *
alm_sim_add_event (AlmSimWorld    *self,
                   AlmSimEventKind kind,
                   gint64          delay_us,
                   guint           desk)
{
  AlmSimEvent *event = g_new0 (AlmSimEvent, 1);
  guint i = self->events->len;

  event->at_us = self->time_us + delay_us;
  event->order = self->event_count++;
  event->kind = kind;
  event->desk = desk;
  if (desk < ALM_SIM_DESKS)
    event->life = self->desks[desk].life;
  if (self->planning)
    {
      event->dropped = self->dropped[MIN (self->n_planned, ALM_SIM_PLANNED_MAX - 1)];
      event->planned = ++self->n_planned;
    }
  g_ptr_array_add (self->events, event);
  while (i > 0 && is_before (self->events->pdata[i], self->events->pdata[(i - 1) / 2]))
    {
      swap (self->events, i, (i - 1) / 2);
      i = (i - 1) / 2;
    }

  return event;
}

static AlmSimEvent *
take_event (AlmSimWorld *self)
{
  GPtrArray *heap = self->events;
  AlmSimEvent *event = heap->pdata[0];
  guint i = 0;

  swap (heap, 0, heap->len - 1);
  heap->len--;
  for (;;)
    {
      guint least = i;

      for (guint child = 2 * i + 1; child <= 2 * i + 2; child++)
        if (child < heap->len && is_before (heap->pdata[child], heap->pdata[least]))
          least = child;
      if (least == i)
        return event;
      swap (heap, i, least);
      i = least;
    }
}

/* A wire that takes its time. */
gint64
alm_sim_latency (AlmSimWorld *self)
{
  return (1 + alm_sim_below (self, 60)) * MILLI;
}

void
alm_sim_arm (AlmSimWorld *self,
             AlmSimDisk  *disk)
{
  if (self->exact)
    return;
  if (alm_sim_trouble (self, ALM_SIM_TROUBLE_DEAD, 30))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_DEAD, 1 + alm_sim_below (self, 14));
  else if (alm_sim_trouble (self, ALM_SIM_TROUBLE_FULL, 60))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_FULL, 1 + alm_sim_below (self, 10));
  else if (alm_sim_trouble (self, ALM_SIM_TROUBLE_IO, 90))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_IO, 1 + alm_sim_below (self, 10));
  else if (alm_sim_trouble (self, ALM_SIM_TROUBLE_SYNC, 150))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_SYNC, 1 + alm_sim_below (self, 2));
  else if (alm_sim_trouble (self, ALM_SIM_TROUBLE_READ, 150))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_READ, 1 + alm_sim_below (self, 8));
  else if (alm_sim_trouble (self, ALM_SIM_TROUBLE_SHORT, 150))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_SHORT, 1 + alm_sim_below (self, 4));
}

void
alm_sim_disarm (AlmSimDisk *disk)
{
  if (!alm_sim_disk_is_dead (disk) && !alm_sim_current->exact)
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_DEAD, 0);
}

/* How a disk dies that has died in a write. */
AlmSimCrash
alm_sim_how (AlmSimWorld *self)
{
  return self->exact ? self->crash : (AlmSimCrash) alm_sim_below (self, ALM_SIM_N_CRASHES);
}

static gint64
sim_now (AlmClock *clock)
{
  AlmSimClock *self = (AlmSimClock *) clock;

  return *self->time_us + self->offset_us;
}

/* A schedule */

static gboolean
is_for_the_living (AlmSimWorld       *self,
                   const AlmSimEvent *event)
{
  return self->desks[event->desk].desk != NULL && self->desks[event->desk].life == event->life;
}

/* What happens to rights, accounts, clocks and models. */
static void
happen_around (AlmSimWorld *self,
               AlmSimEvent *event)
{
  if (event->kind == EVENT_GRANT)
    alm_sim_grant (self, event);
  else if (event->kind == EVENT_JUMP)
    alm_sim_jump (self, event->desk);
  else if (event->kind == EVENT_ACCOUNT)
    alm_sim_change_account (self, event);
  else if (event->kind == EVENT_MODEL)
    alm_sim_change_model (self, event);
  else if (event->kind == EVENT_LOGIN && is_for_the_living (self, event))
    alm_sim_log_in_again (self, event->desk);
  else if (event->kind == EVENT_HEAL)
    {
      alm_sim_say (self, "healed");
      self->healed = TRUE;
    }
}

static void
happen (AlmSimWorld *self,
        AlmSimEvent *event)
{
  g_autoptr (GError) error = NULL;

  switch (event->kind)
    {
    case EVENT_ARRIVE:
      alm_sim_arrive (self, event);
      break;

    case EVENT_ANSWER:
      if (is_for_the_living (self, event))
        alm_sim_step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_REPLY,
                                                          .status = event->status,
                                                          .number = event->number,
                                                          .body = event->body });
      break;

    case EVENT_FAIL:
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "cut");
      if (is_for_the_living (self, event))
        alm_sim_step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_FAILED,
                                                          .number = event->number,
                                                          .error = error });
      break;

    case EVENT_STORE:
      if (is_for_the_living (self, event))
        alm_sim_run_job (self, event);
      break;

    case EVENT_TICK:
      if (is_for_the_living (self, event))
        alm_sim_step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_TICK });
      break;

    case EVENT_EDIT:
      alm_sim_do_something (self, event->desk);
      break;

    case EVENT_CRASH_DESK:
      alm_sim_crash_desk (self, event->desk, (AlmSimCrash) alm_sim_below (self, ALM_SIM_N_CRASHES));
      break;

    case EVENT_START_DESK:
      alm_sim_start_desk (self, event->desk);
      break;

    case EVENT_CRASH_HUB:
      alm_sim_crash_hub (self, (AlmSimCrash) alm_sim_below (self, ALM_SIM_N_CRASHES));
      break;

    case EVENT_START_HUB:
      alm_sim_start_hub (self);
      break;

    case EVENT_POLL_ENDS:
      if (self->hub != NULL)
        alm_sim_end_poll (self, event);
      break;

    case EVENT_GRANT:
    case EVENT_JUMP:
    case EVENT_ACCOUNT:
    case EVENT_LOGIN:
    case EVENT_MODEL:
    case EVENT_HEAL:
    default:
      happen_around (self, event);
    }
}

/* With random numbers of its own: the same whether others happen or not. */
static void
happen_as_planned (AlmSimWorld *self,
                   AlmSimEvent *event)
{
  AlmRandom kept = self->random;
  guint values = self->value_count;

  if (event->dropped)
    return;

  alm_random_seed_by (&self->random, self->seed * ALM_SIM_PLANNED_MAX + event->planned, "event");
  self->value_count = event->planned * 100;
  happen (self, event);
  self->value_count = values;
  self->random = kept;
}

static gint64
hub_seq (AlmSimWorld *self)
{
  const AlmHubScope *scope = NULL;
  gint64 seq = -1;

  if (self->hub == NULL || !self->hub_store->api->begin (self->hub_store, FALSE, NULL))
    return -1;
  if (self->hub_store->api->get_scope (self->hub_store, ALM_SIM_SCOPE, &scope, NULL)
      && scope != NULL)
    seq = scope->seq;
  self->hub_store->api->rollback (self->hub_store);

  return seq;
}

/* What @number still waits for; NULL: nothing. */
static const char *
find_unrest (AlmSimWorld *self,
             guint        number,
             gint64       seq)
{
  AlmSimDesk *node = &self->desks[number];
  AlmDeskCounts counts;

  if (node->desk == NULL)
    return "is down";
  if (alm_sync_machine_get_status (node->machine)->phase != ALM_SYNC_PHASE_IN_SYNC)
    return "is not in sync";
  if (!alm_desk_count (node->desk, &counts, NULL))
    return "cannot be read";
  if (counts.waiting > 0)
    return "has commands that wait";
  if (!alm_sim_knows_rights (self, number))
    return "does not know its user's rights";
  if (alm_sim_may_read (self, number) && alm_sim_desk_cursor (node) != seq)
    return "does not know all records";

  return NULL;
}

/* Everything handed in and everything known everywhere. */
static gboolean
is_at_rest (AlmSimWorld *self)
{
  gint64 seq = self->healed ? hub_seq (self) : -1;

  if (seq < 0)
    return FALSE;

  for (guint i = 0; i < self->n_desks; i++)
    if (find_unrest (self, i, seq) != NULL)
      return FALSE;

  return TRUE;
}

static void
complain_of_unrest (AlmSimWorld *self)
{
  gint64 seq = hub_seq (self);

  for (guint i = 0; i < self->n_desks; i++)
    if (seq < 0 || find_unrest (self, i, seq) != NULL)
      alm_sim_world_violate (self, "no rest %d s after everything has healed: desk %u %s",
                             HEALED_S, i, seq < 0 ? "has no server" : find_unrest (self, i, seq));
}

static gboolean
may_be_at_rest (AlmSimWorld *self)
{
  if (!self->healed || self->hub == NULL || self->polls->len < self->n_desks)
    return FALSE;

  return is_at_rest (self);
}

/* Until there is rest, or for so long. */
static void
run_events (AlmSimWorld *self,
            gint64       until_us)
{
  guint n = 0;

  while (self->violation == NULL && self->events->len > 0)
    {
      AlmSimEvent *event = take_event (self);

      if (event->at_us > until_us)
        {
          alm_sim_event_free (event);
          break;
        }
      if (++n > EVENTS_MAX)
        alm_sim_world_violate (self, "no rest after %d events", EVENTS_MAX);
      self->time_us = MAX (self->time_us, event->at_us);
      if (event->planned > 0)
        happen_as_planned (self, event);
      else
        happen (self, event);
      alm_sim_event_free (event);
      self->counters.events++;
      if (may_be_at_rest (self))
        return;
    }

  if (self->violation == NULL && !is_at_rest (self))
    complain_of_unrest (self);
}

static void
close_all (AlmSimWorld *self)
{
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      AlmSimDesk *node = &self->desks[i];

      alm_sim_disk_die (node->disk);
      g_clear_pointer (&node->desk, alm_desk_close);
      g_clear_pointer (&node->machine, alm_sync_machine_free);
      node->life++;
      node->last_n = 0;
      node->right = ALM_SIM_EDITOR;
      node->until_us = 0;
      node->unsure = 0;
      node->was_limited = FALSE;
      node->lost = FALSE;
      node->password = 0;
      node->disabled = FALSE;
      node->token_ended = FALSE;
      node->may_be_out = FALSE;
      node->asks_login = FALSE;
      g_clear_pointer (&node->epoch, g_free);
      if (node->first_token != NULL)
        {
          g_free (node->token);
          node->token = g_strdup (node->first_token);
        }
      memset (node->versions, 0, sizeof node->versions);
    }
  alm_sim_disk_die (self->hub_disk);
  g_clear_pointer (&self->hub, alm_hub_core_free);
  self->hub_store = NULL;
  for (guint i = 0; i < self->events->len; i++)
    alm_sim_event_free (self->events->pdata[i]);
  g_ptr_array_set_size (self->events, 0);
  g_ptr_array_set_size (self->polls, 0);
  g_ptr_array_set_size (self->ledger, 0);
  g_hash_table_remove_all (self->ledger_by_n);
  g_hash_table_remove_all (self->promised);
  g_hash_table_remove_all (self->mistakes);
  g_hash_table_remove_all (self->perhaps);
  g_hash_table_remove_all (self->put_aside);
  g_clear_pointer (&self->violation, g_free);
  if (self->first_epoch != NULL)
    {
      g_free (self->epoch);
      self->epoch = g_strdup (self->first_epoch);
    }
  self->hub_dies_at = 0;
  g_free (self->admin);
  self->admin = g_strdup (self->first_admin);
  self->admin_n = 1;
  self->has_x = FALSE;
  self->unsure_x = FALSE;
}

static void
plan_trouble (AlmSimWorld *self)
{
  guint edits = 6 + alm_sim_below (self, 30);
  guint crashes = alm_sim_below (self, 4);
  guint hub_crashes = alm_sim_below (self, 3);

  self->planning = TRUE;
  self->n_planned = 0;
  for (guint i = 0; i < edits; i++)
    alm_sim_add_event (self, EVENT_EDIT, alm_sim_below (self, TROUBLE_S * 1000) * MILLI,
                       alm_sim_below (self, self->n_desks));
  for (guint i = 0; i < crashes; i++)
    alm_sim_add_event (self, EVENT_CRASH_DESK, alm_sim_below (self, TROUBLE_S * 1000) * MILLI,
                       alm_sim_below (self, self->n_desks));
  for (guint i = 0; i < hub_crashes; i++)
    alm_sim_add_event (self, EVENT_CRASH_HUB, alm_sim_below (self, TROUBLE_S * 1000) * MILLI,
                       G_MAXUINT);
  alm_sim_plan_rights (self);
  alm_sim_plan_city (self);
  self->planning = FALSE;
  alm_sim_add_event (self, EVENT_HEAL, (TROUBLE_S + 1) * SECOND, G_MAXUINT);
}

void
alm_sim_begin (AlmSimWorld *self,
               guint64      seed,
               guint        n_desks)
{
  close_all (self);
  alm_sim_current = self;
  self->seed = seed;
  alm_random_seed (&self->random, seed);
  alm_random_seed_by (&self->sqlite_random, seed, "sqlite");
  alm_random_seed_by (&self->hub_random, seed, "hub");
  self->time_us = BEGIN_US;
  self->event_count = 0;
  self->value_count = 0;
  self->healed = FALSE;
  self->n_desks = n_desks != 0 ? n_desks : 1 + alm_sim_below (self, ALM_SIM_DESKS);
  self->hub_clock.offset_us = alm_sim_below (self, 86400) * SECOND;

  alm_sim_disk_copy (self->hub_disk, self->hub_image);
  for (guint i = 0; i < self->n_desks; i++)
    {
      alm_sim_disk_copy (self->desks[i].disk, self->desks[i].image);
      self->desks[i].clock.offset_us = ((gint64) alm_sim_below (self, 20000) - 10000) * 86400
                                       * SECOND;
    }
}

void
alm_sim_run_to_rest (AlmSimWorld *self)
{
  run_events (self, self->time_us + HEALED_S * SECOND);
}

const char *
alm_sim_world_run (AlmSimWorld *self,
                   guint64      seed)
{
  alm_sim_begin (self, seed, 0);
  alm_sim_start_hub (self);
  for (guint i = 0; i < self->n_desks; i++)
    alm_sim_add_event (self, EVENT_START_DESK, alm_sim_below (self, 2000) * MILLI, i);
  plan_trouble (self);

  run_events (self, BEGIN_US + (TROUBLE_S + HEALED_S) * SECOND);
  if (self->violation == NULL)
    alm_sim_check_end (self);
  self->counters.schedules++;

  return self->violation;
}

guint64
alm_sim_world_sum (AlmSimWorld *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT,
                          self->event_count, self->time_us, alm_random_next (&self->random));
  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *entry = self->ledger->pdata[i];
      g_autofree char *said = alm_sim_command_text (entry->command);

      g_string_append_printf (text, "\n%u %s %s", entry->desk, said, entry->outcome);
    }

  return alm_hash_64 (text->str, text->len);
}

static void
init_clock (AlmSimWorld *self,
            AlmSimClock *clock)
{
  clock->clock.now_us = sim_now;
  clock->time_us = &self->time_us;
}

static AlmSimDisk *
disk_for (AlmSimWorld *self,
          const char  *dir)
{
  g_autofree char *prefix = g_strconcat (dir, "/", NULL);
  AlmSimDisk *disk = alm_sim_disk_new (prefix);

  alm_sim_disk_set_counters (disk, &self->counters);

  return disk;
}

/* Sometimes sooner than the product would, so that it happens in a life as short as
 * a schedule. */
void
alm_sim_set_pages (AlmSimWorld *self)
{
  alm_db_wal_pages = alm_sim_below (self, 4) != 0 ? 1000 : 5 + (int) alm_sim_below (self, 60);
}

AlmSimWorld *
alm_sim_world_new (void)
{
  AlmSimWorld *self = g_new0 (AlmSimWorld, 1);
  g_autofree char *top = alm_test_make_dir ();
  AlmId id;

  alm_sim_current = self;
  alm_random_seed (&self->random, 1);
  alm_random_seed (&self->sqlite_random, 1);
  alm_random_seed (&self->hub_random, 1);
  alm_sim_disk_register (&self->sqlite_random);
  self->time_us = BEGIN_US;
  self->healed = TRUE;
  self->events = g_ptr_array_new ();
  self->polls = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_sim_event_free);
  self->ledger = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_sim_entry_free);
  self->ledger_by_n = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->promised = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->mistakes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->perhaps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->put_aside = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  self->hub_dir = g_build_filename (top, "hub", NULL);
  self->hub_disk = disk_for (self, self->hub_dir);
  self->hub_image = alm_sim_disk_new ("/image/hub/");
  self->backup = alm_sim_disk_new ("/backup/hub/");
  init_clock (self, &self->hub_clock);
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      g_autofree char *name = g_strdup_printf ("desk%u", i);
      g_autofree char *image = g_strdup_printf ("/image/desk%u/", i);

      self->desks[i].dir = g_build_filename (top, name, NULL);
      self->desks[i].disk = disk_for (self, self->desks[i].dir);
      self->desks[i].image = alm_sim_disk_new (image);
      self->desks[i].right = ALM_SIM_EDITOR;
      init_clock (self, &self->desks[i].clock);
    }

  alm_sim_found_city (self);
  alm_sim_start_hub (self);
  g_assert_true (alm_id_parse (&id, ALM_SIM_ADMIN_DESK));
  self->first_admin = alm_sim_log_in (self, "chef", &id);
  self->admin = g_strdup (self->first_admin);
  alm_sim_make_scope (self, self->admin);
  self->n_desks = ALM_SIM_DESKS;
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      alm_sim_make_desk (self, i, self->admin);
      alm_sim_start_desk (self, i);
    }
  run_events (self, BEGIN_US + 60 * SECOND);
  if (self->violation != NULL)
    g_error ("The template: %s", self->violation);

  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      g_clear_pointer (&self->desks[i].desk, alm_desk_close);
      alm_sim_disk_copy (self->desks[i].image, self->desks[i].disk);
    }
  g_clear_pointer (&self->hub, alm_hub_core_free);
  alm_sim_disk_copy (self->hub_image, self->hub_disk);
  self->first_epoch = g_strdup (self->epoch);

  return self;
}

void
alm_sim_world_free (AlmSimWorld *self)
{
  g_autofree char *top = g_path_get_dirname (self->hub_dir);

  close_all (self);
  alm_sim_pool_clear ();
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      alm_sim_disk_free (self->desks[i].disk);
      alm_sim_disk_free (self->desks[i].image);
      alm_test_remove_dir (self->desks[i].dir);
      g_free (self->desks[i].dir);
      g_free (self->desks[i].token);
      g_free (self->desks[i].first_token);
      g_free (self->desks[i].id);
    }
  alm_sim_disk_free (self->hub_disk);
  alm_sim_disk_free (self->hub_image);
  alm_sim_disk_free (self->backup);
  alm_test_remove_dir (self->hub_dir);
  alm_test_remove_dir (top);
  g_free (self->hub_dir);
  g_free (self->first_epoch);
  g_free (self->epoch);
  g_free (self->admin);
  g_free (self->first_admin);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->polls);
  g_ptr_array_unref (self->ledger);
  g_hash_table_unref (self->ledger_by_n);
  g_hash_table_unref (self->promised);
  g_hash_table_unref (self->mistakes);
  g_hash_table_unref (self->perhaps);
  g_hash_table_unref (self->put_aside);
  g_free (self);
}
