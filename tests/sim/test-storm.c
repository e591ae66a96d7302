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

/* For tests/lib/run-storm, which adds up what the programs of all cores say. */
static void
report (const AlmSimWorld *world,
        guint              violations,
        double             seconds)
{
  const char *path = g_getenv ("ALM_SIM_REPORT");
  g_autofree char *counters = alm_sim_counters_json (&world->counters);
  g_autofree char *line = g_strdup_printf ("{\"violations\":%u,\"seconds\":%.1f,\"counters\":%s}\n",
                                           violations, seconds, counters);
  g_autoptr (GError) error = NULL;

  if (path != NULL && !g_file_set_contents (path, line, -1, &error))
    g_error ("%s", error->message);
}

static void
say_violation (AlmSimWorld *world,
               guint64      seed,
               const char  *violation)
{
  g_autofree char *shrunk = NULL;
  guint left, all;

  g_test_message ("ALM_SIM_SEED=%" G_GUINT64_FORMAT ": %s", seed, violation);
  if (world->trace)
    return;

  shrunk = alm_sim_world_shrink (world, seed, &left, &all);
  if (shrunk != NULL)
    g_test_message ("ALM_SIM_SHRUNK='%s' has %u of %u events", shrunk, left, all);
}

static void
test_storm (void)
{
  AlmSimWorld *world = alm_sim_world_new ();
  guint64 seed = from_env ("ALM_SIM_SEED", 1);
  guint64 seconds = from_env ("ALM_SIM_SECONDS", 0);
  guint64 schedules = from_env ("ALM_SIM_SCHEDULES", seconds > 0 ? G_MAXUINT64 : SCHEDULES);
  gint64 begin = g_get_monotonic_time ();
  guint violations = 0;
  double took;
  g_autofree char *counters = NULL;

  world->trace = g_getenv ("ALM_SIM_TRACE") != NULL;
  if (g_getenv ("ALM_SIM_SHRUNK") != NULL)
    {
      g_assert_cmpstr (alm_sim_world_run_shrunk (world, g_getenv ("ALM_SIM_SHRUNK")), ==, NULL);
      alm_sim_world_free (world);
      return;
    }
  if (world->trace)
    schedules = 1;

  g_test_message ("first seed %" G_GUINT64_FORMAT, seed);
  for (guint64 i = 0; i < schedules; i++)
    {
      const char *violation = alm_sim_world_run (world, seed + i);

      if (violation != NULL)
        {
          violations++;
          say_violation (world, seed + i, violation);
        }
      if (seconds > 0 && g_get_monotonic_time () - begin > (gint64) seconds * G_USEC_PER_SEC)
        break;
    }

  took = (double) (g_get_monotonic_time () - begin) / 1e6;
  counters = alm_sim_counters_print (&world->counters);
  g_test_message ("%.0f schedules a second; %s", (double) world->counters.schedules / took,
                  counters);
  report (world, violations, took);
  g_assert_cmpuint (violations, ==, 0);
  /* A storm in which nothing happens proves nothing. */
  if (world->counters.schedules >= SCHEDULES)
    g_assert_cmpstr (alm_sim_counters_miss (&world->counters), ==, NULL);
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
  if (g_getenv ("ALM_SIM_TRACE") == NULL)
    {
      g_log_set_handler ("alm-store", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);
      g_log_set_handler ("alm-sync", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);
    }
  g_test_add_func ("/sim/repeatable", test_repeatable);
  g_test_add_func ("/sim/storm", test_storm);

  return g_test_run ();
}
