/* SPDX-License-Identifier: EUPL-1.2 */

/* Schedules by seed.  ALM_SIM_SEED: the first seed; ALM_SIM_SECONDS: for how
 * long, else ALM_SIM_SCHEDULES: how many; ALM_SIM_TRACE: one seed, told aloud. */

#include "config.h"

#include "alm-sim-world.h"

#include <malloc.h>

#define SCHEDULES   700
#define SEEDS_TWICE 60

static guint64
from_env (const char *name,
          guint64     fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : fallback;
}

static void
say_counters (const AlmSimCounters *c,
              double                seconds)
{
  g_test_message ("%" G_GUINT64_FORMAT " schedules, %.0f a second", c->schedules,
                  (double) c->schedules / MAX (seconds, 0.001));
  g_test_message ("edits %" G_GUINT64_FORMAT " (failed %" G_GUINT64_FORMAT "), answered %"
                  G_GUINT64_FORMAT ": merged %" G_GUINT64_FORMAT ", conflicts %" G_GUINT64_FORMAT
                  ", refused %" G_GUINT64_FORMAT "; resolved %" G_GUINT64_FORMAT ", undone %"
                  G_GUINT64_FORMAT, c->edits, c->edits_failed, c->pushed, c->merged, c->conflicts,
                  c->refused, c->resolved, c->undone);
  g_test_message ("net: lost requests %" G_GUINT64_FORMAT ", lost answers %" G_GUINT64_FORMAT
                  ", doubled %" G_GUINT64_FORMAT ", torn %" G_GUINT64_FORMAT ", 502 %"
                  G_GUINT64_FORMAT, c->lost_requests, c->lost_answers, c->doubled, c->torn,
                  c->bad_gateway);
  g_test_message ("crashes: desks %" G_GUINT64_FORMAT " (in a job %" G_GUINT64_FORMAT
                  "), server %" G_GUINT64_FORMAT "; disk full %" G_GUINT64_FORMAT
                  ", I/O errors %" G_GUINT64_FORMAT "; pages %" G_GUINT64_FORMAT ", repairs %"
                  G_GUINT64_FORMAT, c->desk_crashes, c->crashes_in_job, c->hub_crashes,
                  c->disk_full, c->io_errors, c->pages, c->repairs);
  g_test_message ("refused: bad values %" G_GUINT64_FORMAT ", too large %" G_GUINT64_FORMAT
                  ", forbidden %" G_GUINT64_FORMAT ", unknown %" G_GUINT64_FORMAT
                  ", amid others %" G_GUINT64_FORMAT ", by the desk itself %" G_GUINT64_FORMAT
                  "; put aside %" G_GUINT64_FORMAT ", tried again %" G_GUINT64_FORMAT,
                  c->refused_bad, c->refused_large, c->refused_forbidden, c->refused_unknown,
                  c->refused_between, c->refused_here, c->put_aside, c->tried_again);
  g_test_message ("rights: grants %" G_GUINT64_FORMAT " (for a time %" G_GUINT64_FORMAT
                  "), scopes lost %" G_GUINT64_FORMAT ", back %" G_GUINT64_FORMAT
                  "; desks with places %" G_GUINT64_FORMAT "; events %" G_GUINT64_FORMAT,
                  c->grants, c->grants_for_a_time, c->scopes_lost, c->scopes_back, c->places,
                  c->events);
}

/* A storm in which nothing happens proves nothing. */
static void
assert_all_happened (const AlmSimCounters *c)
{
  const struct
  {
    const char *name;
    guint64     n;
  } rare[] = {
    { "merged", c->merged }, { "conflicts", c->conflicts }, { "resolved", c->resolved },
    { "undone", c->undone }, { "crashes in a job", c->crashes_in_job },
    { "crashes of the server", c->hub_crashes }, { "torn answers", c->torn },
    { "I/O errors", c->io_errors },
    { "bad values", c->refused_bad }, { "too large", c->refused_large },
    { "forbidden", c->refused_forbidden }, { "unknown", c->refused_unknown },
    { "refused amid others", c->refused_between }, { "refused here", c->refused_here },
    { "put aside", c->put_aside }, { "tried again", c->tried_again },
    { "grants", c->grants }, { "grants for a time", c->grants_for_a_time },
    { "scopes lost", c->scopes_lost }, { "scopes back", c->scopes_back },
    { "places", c->places },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rare); i++)
    if (rare[i].n == 0)
      g_error ("this never happened: %s", rare[i].name);
}

static void
test_storm (void)
{
  AlmSimWorld *world = alm_sim_world_new ();
  guint64 seed = from_env ("ALM_SIM_SEED", 1);
  guint64 seconds = from_env ("ALM_SIM_SECONDS", 0);
  guint64 schedules = from_env ("ALM_SIM_SCHEDULES", seconds > 0 ? G_MAXUINT64 : SCHEDULES);
  gint64 begin = g_get_monotonic_time ();

  world->trace = g_getenv ("ALM_SIM_TRACE") != NULL;
  if (world->trace)
    schedules = 1;

  g_test_message ("first seed %" G_GUINT64_FORMAT, seed);
  for (guint64 i = 0; i < schedules; i++)
    {
      const char *violation = alm_sim_world_run (world, seed + i);

      if (violation != NULL)
        g_error ("ALM_SIM_SEED=%" G_GUINT64_FORMAT ": %s", seed + i, violation);
      if (seconds > 0 && g_get_monotonic_time () - begin > (gint64) seconds * G_USEC_PER_SEC)
        break;
    }

  say_counters (&world->counters, (double) (g_get_monotonic_time () - begin) / 1e6);
  if (world->counters.schedules >= SCHEDULES)
    assert_all_happened (&world->counters);
  alm_sim_world_free (world);
}

/* A seed does the same whatever was run before it, and also where each process
 * opens its files by a connection of its own (alm-sim-pool.c). */
static void
test_repeatable (void)
{
  AlmSimWorld *world = alm_sim_world_new ();
  AlmSimWorld *other;
  guint64 sums[SEEDS_TWICE];

  for (guint i = 0; i < SEEDS_TWICE; i++)
    {
      alm_sim_world_run (world, i + 1);
      sums[i] = alm_sim_world_sum (world);
    }
  alm_sim_world_free (world);

  alm_sim_pool_set_cold (TRUE);
  other = alm_sim_world_new ();
  for (guint i = SEEDS_TWICE; i > 0; i--)
    {
      alm_sim_world_run (other, i);
      g_assert_cmpuint (alm_sim_world_sum (other), ==, sums[i - 1]);
    }
  alm_sim_world_free (other);
  alm_sim_pool_set_cold (FALSE);
}

/* Disk faults are told to the operator; here they are daily bread. */
static void
drop_message_cb (const char     *domain,
                 GLogLevelFlags  level,
                 const char     *message,
                 gpointer        user_data)
{
}

int
main (int   argc,
      char *argv[])
{
  /* Disks come and go by the megabyte: the pages are kept. */
  mallopt (M_MMAP_THRESHOLD, 1 << 30);
  mallopt (M_TRIM_THRESHOLD, 1 << 30);
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("alm-store", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);
  g_log_set_handler ("alm-sync", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);
  g_test_add_func ("/sim/repeatable", test_repeatable);
  g_test_add_func ("/sim/storm", test_storm);

  return g_test_run ();
}
