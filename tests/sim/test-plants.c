/* SPDX-License-Identifier: EUPL-1.2 */

/* Bugs planted on purpose: the simulation finds each of them, or it proves
 * nothing.  Linked with a store and a sync that were built with ALM_PLANT.
 *
 * Beside each bug stands the first seed that finds it, so that nobody waits for
 * the others; where it does not any more, a few seeds are tried.  ALM_SIM_PLANTS:
 * "all" looks for each from seed 1 on and says how many seeds that took, "I/N"
 * does so for the Ith of N parts of them. */

#include "config.h"

#include "alm-plant.h"
#include "alm-sim-world.h"

#include <malloc.h>
#include <string.h>

#define SEEDS_MAX 10000
/* Without a search, when the seed does not find its bug. */
#define SEEDS_FEW 60

const char *alm_planted;

/* What would happen if somebody did this; and the first seed that finds it. */
static const struct
{
  const char *name;
  guint64     seed;
} plants[] = {
  { "no-sync", 1 },                 /* COMMIT does not wait for the disk */
  { "commit-lies", 1 },             /* an edit that failed is reported as done */
  { "cursor-ahead", 1 },            /* the next line of the feed is never asked for */
  { "tombstone-skipped", 1 },       /* a deletion is not taken over */
  { "passing-kept", 1 },            /* an answered command is laid over its own effect */
  { "overlay-dropped", 1 },         /* an edit vanishes with its answer until the feed comes */
  { "wrong-base", 1 },              /* merged is with what is there, not with what was seen */
  { "conflict-lost", 2 },           /* the later edit of two is thrown away */
  { "answer-before-commit", 17 },   /* the server acknowledges what it then does not have */
  { "applied-twice", 1 },           /* a repeated command has its effect again */
  { "change-unheard", 3 },          /* an edit waits until something else wakes the machine */

  { "refusal-blocks", 1 },          /* a refused command is handed in for ever */
  { "refusal-untold", 1 },          /* nobody hears that a command was refused */
  { "refusal-spreads", 8 },         /* what follows a refused command is refused with it */
  { "refused-shown", 1 },           /* a refused edit goes on to lie over its record */
  { "values-unseen", 8 },           /* the server takes any value */

  { "rights-unasked", 73 },         /* the server lets readers write */
  { "rights-unheard", 3 },          /* a desk does not hear that its rights have changed */
  { "rights-unread", 6 },           /* a desk that may see more does not fetch it */
  { "mask-forgotten", 1 },          /* the feed shows every field to every reader */
  { "hidden-kept", 422 },           /* a deleted record keeps a field that is no longer for us */
  { "lost-rows-kept", 1 },          /* a scope is lost, its records stay */
  { "lost-sent-kept", 86 },         /* the same of what was sent and has not come back */

  { "derived-once", 1 },            /* the table does not follow an edit */
  { "place-kept", 1 },              /* the place of a deleted record stays */
  { "box-kept", 1 },                /* the same in the R*Tree alone */
  { "words-kept", 1 },              /* the search finds what was there before */

  { "wal-unsettled", 1 },           /* what a dead process left in the kernel is believed */
  { "copying-forgiven", 2775 },        /* an error of copying the WAL back is not heard of */
  { "error-forgiven", 3 },          /* after a failed write it is tried once more */
  { "server-stays", 64 },           /* a server that may not write any more is not started anew */
  { "number-lost", 4 },             /* an edit that failed keeps its number */
  { "new-unshown", 1 },             /* a new record is sent, but not shown */

  { "delete-blind", 49 },           /* a deletion takes along what others did meanwhile */
  { "deletion-unread", 1 },         /* a deletion is taken for an edit */
  { "undelete-blind", 8 },          /* what was brought back stays deleted */
  { "decision-lost", 1 },           /* a decided conflict stays open */
  { "proposals-alike", 4 },         /* the second proposal of a desk takes the place of the first */
  { "proposal-written-over", 187 }, /* the same, where it was meant for another value */
  { "history-lost", 49 },           /* nobody can say who changed what */
  { "outcome-unkept", 1 },          /* an answer cannot be repeated */
  { "number-unkept", 1 },           /* the server forgets how far a desk has come */
  { "clock-trusted", 1 },           /* what was done in the future is refused */
  { "sums-stale", 1 },              /* the digest does not follow */
  { "feed-skips", 1 },              /* the feed leaves out the line after the cursor */

  { "disabled-let-in", 5 },         /* a disabled account works on */
  { "old-password-lives", 16 },     /* who knew the old password stays logged in */
  { "revoked-lives", 5 },           /* so does a desk whose token was revoked */
  { "grant-endless", 1 },           /* a grant for a time is one for good */
  { "hidden-written", 91 },         /* one writes what one may not read */
  { "personal-unsent", 1 },         /* who may see personal fields does not get them */
  { "conflict-shown", 101 },        /* a conflict tells a value that is not for us */

  { "sweep-spares", 146 },          /* what is not for us any more stays after reading again */
  { "sweep-takes-all", 1 },         /* reading again drops what has just been read */
  { "cursor-unkept", 1 },           /* the same page is fetched for ever */
  { "overlay-buried", 1 },          /* the feed hides an edit that waits */
  { "shadow-kept", 1 },             /* what the server had once is taken for what it has */
  { "feed-unheeded", 3 },           /* an answer that comes after the feed is laid over it */
  { "conflict-unheard", 1 },        /* a command whose answer is a conflict waits for ever */
  { "loss-unnoticed", 1 },          /* a scope is lost, and the desk does not see it */
  { "hello-unkept", 1 },            /* what the server tells of a scope is not kept */
  { "aside-forgotten", 5 },         /* what was put aside comes back */

  { "signed-out-unheard", 5 },      /* a token that has ended is tried for ever */
  { "login-unheard", 7 },           /* after a new login nothing begins */
  { "failure-forgets", 1 },         /* a failed request is not repeated */
  { "refusal-gives-up", 61 },       /* nor one that was answered with an error */
  { "start-sends-nothing", 3 },     /* what waited at the start waits on */
  { "pause-endless", 1 },           /* the pause after a failure is a day */
};

static AlmSimWorld *world;
static guint        asked;
static guint        found;
static guint64      needed;      /* seeds of a search */

/* "all" or a part of it: the seeds that are written here are not looked at. */
static gboolean
is_search (void)
{
  return g_getenv ("ALM_SIM_PLANTS") != NULL;
}

static gboolean
is_mine (guint i)
{
  const char *part = g_getenv ("ALM_SIM_PLANTS");
  const char *slash = part != NULL ? strchr (part, '/') : NULL;

  return slash == NULL
         || i % g_ascii_strtoull (slash + 1, NULL, 10) == g_ascii_strtoull (part, NULL, 10);
}

/* Returns whether @seed finds the bug @name, and nothing without it. */
static gboolean
finds (const char *name,
       guint64     seed)
{
  const char *violation;

  alm_planted = name;
  violation = alm_sim_world_run (world, seed);
  alm_planted = NULL;
  if (violation == NULL)
    return FALSE;

  g_test_message ("found by seed %" G_GUINT64_FORMAT ": %.200s", seed, violation);
  /* It is the bug that fails, not the schedule. */
  violation = alm_sim_world_run (world, seed);
  if (violation != NULL)
    {
      g_test_message ("and without it: ALM_SIM_SEED=%" G_GUINT64_FORMAT ": %s", seed, violation);
      g_test_fail ();
    }

  return violation == NULL;
}

static void
test_plant (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  guint64 max = is_search () ? SEEDS_MAX : SEEDS_FEW;
  guint64 seed = 1;

  asked++;
  if (!is_search () && finds (plants[i].name, plants[i].seed))
    {
      found++;
      return;
    }

  while (seed <= max && !finds (plants[i].name, seed))
    seed++;
  found += seed <= max;
  needed += seed;
  if (seed <= max)
    return;

  g_test_message ("the planted bug %s was not found%s by the seeds 1 to %" G_GUINT64_FORMAT,
                  plants[i].name, is_search () ? "" : " by its own seed nor", max);
  if (!is_search ())
    g_test_message ("another seed for it: ALM_SIM_PLANTS=all build/tests/test-plants"
                    " -p /sim/plants/%s", plants[i].name);
  g_test_fail ();
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
      g_autofree char *path = g_strconcat ("/sim/plants/", plants[i].name, NULL);

      if (is_mine (i))
        g_test_add_data_func (path, GUINT_TO_POINTER (i), test_plant);
    }

  if (!is_search ())
    g_test_add_func ("/sim/shrink", test_shrink);
  world = alm_sim_world_new ();
  failed = g_test_run ();
  g_print ("# plants: found %u of %u", found, asked);
  if (is_search ())
    g_print (" with %" G_GUINT64_FORMAT " seeds, %.1f in the mean", needed,
             (double) needed / MAX (asked, 1));
  g_print ("\n");
  alm_sim_world_free (world);

  return failed;
}
