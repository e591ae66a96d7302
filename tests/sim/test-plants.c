/* SPDX-License-Identifier: EUPL-1.2 */

/* Bugs planted on purpose: the simulation finds each of them, or it proves
 * nothing.  Linked with a store and a sync that were built with ALM_PLANT. */

#include "config.h"

#include "alm-plant.h"
#include "alm-sim-world.h"

#include <malloc.h>

#define SEEDS_MAX 500

const char *alm_planted;

/* What would happen if somebody did this. */
static const char *const plants[] = {
  "no-sync",                /* COMMIT does not wait for the disk */
  "commit-lies",            /* an edit that failed is reported as done */
  "cursor-ahead",           /* the next line of the feed is never asked for */
  "tombstone-skipped",      /* a deletion is not taken over */
  "passing-kept",           /* an answered command is laid over its own effect */
  "overlay-dropped",        /* an edit vanishes with its answer and comes back with the feed */
  "wrong-base",             /* the server merges with what it has, not with what was seen */
  "conflict-lost",          /* the later edit of two is thrown away */
  "answer-before-commit",   /* the server acknowledges what it then does not have */
  "applied-twice",          /* a repeated command has its effect again */
  "change-unheard",         /* an edit waits until something else wakes the machine */

  "refusal-blocks",         /* a refused command is handed in for ever */
  "refusal-untold",         /* nobody hears that a command was refused */
  "refusal-spreads",        /* what follows a refused command is refused with it */
  "refused-shown",          /* a refused edit goes on to lie over its record */
  "values-unseen",          /* the server takes any value */

  "rights-unasked",         /* the server lets readers write */
  "rights-unheard",         /* a desk does not hear that its rights have changed */
  "rights-unread",          /* a desk that may see more does not fetch it */
  "mask-forgotten",         /* the feed shows every field to every reader */
  "hidden-kept",            /* a deleted record keeps a field that is not for us any more */
  "lost-rows-kept",         /* a scope is lost, its records stay */
  "lost-sent-kept",         /* the same of what was sent and has not come back */

  "derived-once",           /* the table does not follow an edit */
  "place-kept",             /* the place of a deleted record stays */
  "box-kept",               /* the same in the R*Tree alone */
  "words-kept",             /* the search finds what was there before */
};

static AlmSimWorld *world;

static void
test_plant (gconstpointer data)
{
  guint64 seed;

  alm_planted = data;
  for (seed = 1; seed <= SEEDS_MAX; seed++)
    {
      const char *violation = alm_sim_world_run (world, seed);

      if (violation != NULL)
        {
          g_test_message ("found by seed %" G_GUINT64_FORMAT ": %s", seed, violation);
          break;
        }
    }
  alm_planted = NULL;
  g_assert_cmpuint (seed, <=, SEEDS_MAX);
}

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
  int failed;

  mallopt (M_MMAP_THRESHOLD, 1 << 30);
  mallopt (M_TRIM_THRESHOLD, 1 << 30);
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("alm-store", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);
  g_log_set_handler ("alm-sync", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (plants); i++)
    {
      g_autofree char *path = g_strconcat ("/sim/plants/", plants[i], NULL);

      g_test_add_data_func (path, plants[i], test_plant);
    }

  world = alm_sim_world_new ();
  failed = g_test_run ();
  alm_sim_world_free (world);

  return failed;
}
