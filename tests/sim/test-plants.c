/* SPDX-License-Identifier: EUPL-1.2 */

/* Bugs planted on purpose: the simulation finds each of them, or it proves
 * nothing.  Linked with a store and a sync that were built with ALM_PLANT. */

#include "config.h"

#include "alm-plant.h"
#include "alm-sim-world.h"

#include <malloc.h>

#define SEEDS_MAX 10000

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

  "wal-unsettled",          /* what a dead process left in the kernel's memory is believed */
  "copying-forgiven",       /* an error of copying the WAL back is not heard of */
  "error-forgiven",         /* after a failed write it is tried once more */
  "server-stays",           /* a server that may not write any more is not started anew */
  "number-lost",            /* an edit that failed keeps its number */
  "new-unshown",            /* a new record is sent, but not shown */

  "delete-blind",           /* a deletion takes along what others did meanwhile */
  "deletion-unread",        /* a deletion is taken for an edit */
  "undelete-blind",         /* what was brought back stays deleted */
  "decision-lost",          /* a decided conflict stays open */
  "proposals-alike",        /* the second proposal of a desk takes the place of the first */
  "proposal-written-over",  /* the same, where it was meant for another value */
  "history-lost",           /* nobody can say who changed what */
  "outcome-unkept",         /* an answer cannot be repeated */
  "number-unkept",          /* the server forgets how far a desk has come */
  "clock-trusted",          /* what was done in the future is refused */
  "sums-stale",             /* the digest does not follow */
  "feed-skips",             /* the feed leaves out the line after the cursor */

  "disabled-let-in",        /* a disabled account works on */
  "old-password-lives",     /* who knew the old password stays logged in */
  "revoked-lives",          /* so does a desk whose token was revoked */
  "grant-endless",          /* a grant for a time is one for good */
  "hidden-written",         /* one writes what one may not read */
  "personal-unsent",        /* who may see personal fields does not get them */
  "conflict-shown",         /* a conflict tells a value that is not for us */

  "sweep-spares",           /* what is not for us any more stays after reading again */
  "sweep-takes-all",        /* reading again drops what has just been read */
  "cursor-unkept",          /* the same page is fetched for ever */
  "overlay-buried",         /* the feed hides an edit that waits */
  "chain-torn",             /* of two waiting edits only the second is shown */
  "shadow-kept",            /* what the server had once is taken for what it has */
  "feed-unheeded",          /* an answer that comes after the feed is laid over it */
  "conflict-unheard",       /* a command whose answer is a conflict waits for ever */
  "loss-unnoticed",         /* a scope is lost, and the desk does not see it */
  "hello-unkept",           /* what the server tells of a scope is not kept */
  "aside-forgotten",        /* what was put aside comes back */

  "signed-out-unheard",     /* a token that has ended is tried for ever */
  "login-unheard",          /* after a new login nothing begins */
  "failure-forgets",        /* a failed request is not repeated */
  "refusal-gives-up",       /* nor one that was answered with an error */
  "start-sends-nothing",    /* what waited at the start waits on */
  "pause-endless",          /* the pause after a failure is a day */
};

static AlmSimWorld *world;
static guint        found;
static guint64      needed;

static guint64
seeds_max (void)
{
  const char *text = g_getenv ("ALM_SIM_SEEDS");

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : SEEDS_MAX;
}

static void
test_plant (gconstpointer data)
{
  guint64 max = seeds_max ();
  guint64 seed;

  alm_planted = data;
  for (seed = 1; seed <= max; seed++)
    {
      const char *violation = alm_sim_world_run (world, seed);

      if (violation != NULL)
        {
          g_test_message ("found by seed %" G_GUINT64_FORMAT ": %.200s", seed, violation);
          break;
        }
    }
  alm_planted = NULL;
  found += seed <= max;
  needed += seed;
  if (seed > max)
    {
      g_test_message ("%s was not found", (const char *) data);
      g_test_fail ();
    }
}

/* A failing schedule is made smaller, still fails, and says so in one line. */
static void
test_shrink (void)
{
  static const char *const few[] = { "conflict-lost", "answer-before-commit", "rights-unasked" };

  for (guint i = 0; i < G_N_ELEMENTS (few); i++)
    {
      g_autofree char *line = NULL;
      guint64 seed = 0;
      guint left = 0, all = 0;

      alm_planted = few[i];
      do
        seed++;
      while (alm_sim_world_run (world, seed) == NULL);
      line = alm_sim_world_shrink (world, seed, &left, &all);
      g_test_message ("%s: '%s', %u of %u events", few[i], line, left, all);
      g_assert_nonnull (alm_sim_world_run_shrunk (world, line));
      g_assert_cmpuint (left, <=, all / 2);
      /* It is the bug that fails, not the schedule. */
      alm_planted = NULL;
      g_assert_cmpstr (alm_sim_world_run_shrunk (world, line), ==, NULL);
    }
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

  g_test_add_func ("/sim/shrink", test_shrink);
  world = alm_sim_world_new ();
  failed = g_test_run ();
  g_print ("# plants: found %u of %u, %.1f seeds in the mean\n", found,
           (guint) G_N_ELEMENTS (plants), (double) needed / MAX (found, 1));
  alm_sim_world_free (world);

  return failed;
}
