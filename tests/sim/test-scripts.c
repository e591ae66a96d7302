/* SPDX-License-Identifier: EUPL-1.2 */

/* Written schedules, and in each of them a loss of power at every write and every
 * sync of every disk, of four kinds.  ALM_SIM_SCRIPTS: "all" of it, or "I/N", the
 * Ith of N parts of all; else each script dies at some of its writes. */

#include "config.h"

#include "alm-sim-world.h"

#include <malloc.h>
#include <string.h>

/* Without "all", one of so many points; each script begins at another. */
#define STRIDE 17

static const struct
{
  const char *name;
  guint       n_desks;
  const char *script;
} scripts[] = {
  { "new", 1, "0 new 0 absn; sync" },
  { "new-twice", 2, "0 new 0 a; 1 new 0 b; sync" },
  { "new-place", 1, "0 new 0 ag; sync; 0 upd 0 g" },
  { "update", 1, "0 new 0 a; sync; 0 upd 0 b" },
  { "update-chain", 1, "0 new 0 a; 0 upd 0 a; 0 upd 0 a; sync" },
  { "update-while-away", 2, "0 new 0 ab; sync; 0 upd 0 a; 0 upd 0 a; 1 upd 0 b; sync" },
  { "collision", 2, "0 new 0 a; sync; 0 upd 0 a; 1 upd 0 a; sync" },
  { "collision-of-places", 2, "0 new 0 g; sync; 0 upd 0 g; 1 upd 0 g; sync" },
  { "collision-chain", 2, "0 new 0 a; sync; 0 upd 0 a; 1 upd 0 a; 1 upd 0 a; sync; 1 upd 0 a" },
  { "collision-of-three", 3, "0 new 0 a; sync; 0 upd 0 a; 1 upd 0 a; 2 upd 0 a; sync" },
  { "counter", 2, "0 new 0 n; sync; 0 upd 0 n; 1 upd 0 n; sync; 0 upd 0 n" },
  { "set", 2, "0 new 0 s; sync; 0 upd 0 s; 1 upd 0 s; sync; 1 upd 0 s" },
  { "two-fields", 2, "0 new 0 ab; sync; 0 upd 0 a; 1 upd 0 b; sync" },
  { "resolve-mine", 2, "0 new 0 a; sync; 0 upd 0 a; 1 upd 0 a; sync; 1 resolve 1; sync" },
  { "resolve-theirs", 2, "0 new 0 a; sync; 0 upd 0 a; 1 upd 0 a; sync; 0 resolve 0; sync" },
  { "resolve-base", 2, "0 new 0 a; sync; 0 upd 0 a; 1 upd 0 a; sync; 1 resolve 2; sync" },
  { "resolve-twice", 2,
    "0 new 0 a; sync; 0 upd 0 a; 1 upd 0 a; sync; 0 resolve 0; 1 resolve 1; sync" },
  { "resolve-and-edit", 2,
    "0 new 0 a; sync; 0 upd 0 a; 1 upd 0 a; sync; 0 upd 0 a; 1 resolve 1; sync" },
  { "delete", 1, "0 new 0 a; sync; 0 del 0; sync" },
  { "delete-at-once", 1, "0 new 0 a; 0 del 0; sync" },
  { "delete-edited", 2, "0 new 0 a; sync; 0 upd 0 a; 1 del 0; sync" },
  { "edit-deleted", 2, "0 new 0 a; sync; 0 del 0; sync; 1 undel 0; 1 upd 0 b; sync" },
  { "delete-twice", 2, "0 new 0 a; sync; 0 del 0; 1 del 0; sync" },
  { "undelete", 1, "0 new 0 ag; sync; 0 del 0; sync; 0 undel 0; sync" },
  { "undo-edit", 1, "0 new 0 a; sync; 0 upd 0 a; 0 undo; sync" },
  { "undo-sent", 1, "0 new 0 a; sync; 0 upd 0 ab; sync; 0 undo; sync" },
  { "undo-new", 1, "0 new 0 a; sync; 0 undo; sync" },
  { "undo-delete", 2, "0 new 0 a; sync; 0 del 0; sync; 0 undo; sync" },
  { "import", 1, "0 import; sync" },
  { "import-undone", 1, "0 import; 0 undo; sync" },
  { "import-sent-undone", 2, "0 import; sync; 0 undo; sync" },
  { "import-over-edits", 2, "0 new 0 a; 0 new 1 b; sync; 0 import; 1 upd 0 a; 1 del 1; sync" },
  { "refused", 1, "0 new 0 a; sync; 0 mistake 0; sync; 0 upd 0 a; sync" },
  { "refused-put-aside", 1, "0 new 0 a; sync; 0 mistake 0; sync; 0 refused; sync" },
  { "right-taken", 2, "0 new 0 a; sync; 1 upd 0 a; 1 grant 1; sync; 1 upd 0 b" },
  { "scope-lost", 2, "0 new 0 a; sync; 1 upd 0 a; 1 grant 0; sync" },
  { "scope-back", 2, "0 new 0 a; sync; 1 grant 0; sync; 1 grant 2; sync; 1 upd 0 a" },
  { "more-to-see", 2, "0 grant 3; sync; 0 new 0 acp; sync; 1 grant 3; sync; 1 upd 0 c" },
  { "less-to-see", 2, "0 grant 3; 1 grant 3; sync; 0 new 0 acp; sync; 1 grant 2; sync" },
  { "secret-collision", 2,
    "0 grant 3; 1 grant 3; sync; 0 new 0 p; sync; 0 upd 0 p; 1 upd 0 p; sync; 0 resolve 1" },
  { "account-disabled", 1, "0 new 0 a; 0 account 0; sync; 0 upd 0 a" },
  { "account-password", 1, "0 new 0 a; 0 account 2; sync" },
  { "desk-revoked", 2, "0 new 0 a; sync; 0 account 3; 0 upd 0 a; 1 upd 0 b; sync" },
  { "model", 2, "0 new 0 a; sync; 1 upd 0 b; model; sync; 0 upd 0 x; sync; 1 upd 0 x" },
  { "clock", 2, "0 new 0 a; 0 jump; 0 upd 0 a; sync; 1 jump; 1 upd 0 b; sync" },
  { "desk-killed", 1, "0 new 0 a; 0 kill; 0 upd 0 a; 0 kill; sync" },
  { "server-killed", 2, "0 new 0 a; hub kill; sync; 1 upd 0 a; hub kill; sync" },
  { "restored", 1, "0 new 0 a; sync; hub backup; 0 upd 0 a; 0 new 1 b; sync; hub restore; sync" },
  { "restored-of-two", 2,
    "0 new 0 as; sync; hub backup; 0 upd 0 b; 1 upd 0 s; 1 new 1 a; sync; hub restore; sync;"
    " 0 upd 1 b; sync" },
  { "restored-counter", 2,
    "0 new 0 n; sync; hub backup; 0 upd 0 n; 1 upd 0 n; sync; hub restore; 1 upd 0 n; sync" },
  { "restored-deleted", 2, "0 new 0 a; sync; hub backup; 0 del 0; 1 new 1 a; sync; hub restore" },
  { "all-killed", 2, "0 new 0 as; 0 kill; hub kill; 1 new 0 as; 1 kill; sync; 0 upd 0 s" },
};

static AlmSimWorld *world;
static guint64      points;      /* places to die */
static guint64      runs;
static guint64      violations;

static void
die_at (guint       i,
        guint       which,
        guint       nth,
        AlmSimCrash crash)
{
  const char *violation = alm_sim_world_play (world, scripts[i].script, scripts[i].n_desks,
                                              i + 1, which, nth, crash);

  runs++;
  if (violation == NULL)
    return;

  violations++;
  g_test_message ("%s, disk %u, write %u, crash %u: %s", scripts[i].name, which, nth, crash,
                  violation);
}

static void
test_script (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  gboolean all = g_getenv ("ALM_SIM_SCRIPTS") != NULL;
  guint calls[ALM_SIM_DESKS + 1];
  const char *violation;
  guint64 before = violations;
  guint again = world->handed_in_again;

  for (guint d = 0; d <= scripts[i].n_desks; d++)
    {
      world->n_desks = scripts[i].n_desks;
      calls[d] = alm_sim_world_calls (world, d);
    }
  violation = alm_sim_world_play (world, scripts[i].script, scripts[i].n_desks, i + 1, 0, 0,
                                  ALM_SIM_CRASH_KEEP_ALL);
  g_assert_cmpstr (violation, ==, NULL);
  for (guint d = 0; d <= scripts[i].n_desks; d++)
    calls[d] = alm_sim_world_calls (world, d) - calls[d];

  for (guint d = 0; d <= scripts[i].n_desks; d++)
    {
      g_assert_cmpuint (calls[d], >, 0);
      for (guint nth = all ? 1 : 1 + (i + d) % STRIDE; nth <= calls[d]; nth += all ? 1 : STRIDE)
        {
          points++;
          for (guint crash = 0; crash < ALM_SIM_N_CRASHES; crash++)
            die_at (i, d, nth, (AlmSimCrash) crash);
        }
    }
  g_assert_cmpuint (violations, ==, before);
  /* What a restored server has lost was there to be handed in again. */
  if (strstr (scripts[i].script, "hub restore") != NULL)
    g_assert_cmpuint (world->handed_in_again, >, again);
}

static gboolean
is_mine (guint i)
{
  const char *part = g_getenv ("ALM_SIM_SCRIPTS");
  const char *slash = part != NULL ? strchr (part, '/') : NULL;

  return slash == NULL
         || i % g_ascii_strtoull (slash + 1, NULL, 10) == g_ascii_strtoull (part, NULL, 10);
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
  world = alm_sim_world_new ();
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autofree char *path = g_strconcat ("/sim/scripts/", scripts[i].name, NULL);

      if (is_mine (i))
        g_test_add_data_func (path, GUINT_TO_POINTER (i), test_script);
    }

  failed = g_test_run ();
  g_print ("# scripts: %u, crash points %" G_GUINT64_FORMAT " x %u models = %" G_GUINT64_FORMAT
           " runs, violations %" G_GUINT64_FORMAT "\n", (guint) G_N_ELEMENTS (scripts), points,
           ALM_SIM_N_CRASHES, runs, violations);
  g_print ("# restored servers %u, answers lost with them %u, commands handed in again %u\n",
           world->restored, world->answers_lost, world->handed_in_again);
  alm_sim_world_free (world);

  return failed;
}
