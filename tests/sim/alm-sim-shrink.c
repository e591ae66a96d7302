/* SPDX-License-Identifier: EUPL-1.2 */

/* A schedule that fails is made smaller as long as it still fails: without one of
 * its planned events, without one kind of trouble.  What is left is told as one
 * line, which ALM_SIM_SHRUNK runs again, and which can stand in test-storm.c:
 *
 *   1184 -3 -17 !torn !doubled
 *
 * is seed 1184 without its events 3 and 17, and without torn or doubled messages.
 * One thread. */

#include "config.h"

#include "alm-sim-private.h"

#include <stdlib.h>
#include <string.h>

static const char *const troubles[ALM_SIM_N_TROUBLES] = {
  [ALM_SIM_TROUBLE_REQUEST] = "request", [ALM_SIM_TROUBLE_ANSWER] = "answer",
  [ALM_SIM_TROUBLE_DOUBLED] = "doubled", [ALM_SIM_TROUBLE_TORN] = "torn",
  [ALM_SIM_TROUBLE_GATEWAY] = "gateway", [ALM_SIM_TROUBLE_DEAD] = "dead",
  [ALM_SIM_TROUBLE_FULL] = "full", [ALM_SIM_TROUBLE_IO] = "io", [ALM_SIM_TROUBLE_SYNC] = "sync",
  [ALM_SIM_TROUBLE_READ] = "read", [ALM_SIM_TROUBLE_SHORT] = "short",
};

static void
clear (AlmSimWorld *self)
{
  memset (self->dropped, 0, sizeof self->dropped);
  self->calm = 0;
}

/* Runs what alm_sim_world_shrink() has told; the violation, or NULL. */
const char *
alm_sim_world_run_shrunk (AlmSimWorld *self,
                          const char  *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 0);
  const char *violation;

  clear (self);
  for (guint i = 1; words[i] != NULL; i++)
    {
      guint64 event = g_ascii_strtoull (words[i] + 1, NULL, 10);

      if (words[i][0] == '-' && event < ALM_SIM_PLANNED_MAX)
        self->dropped[event] = TRUE;
      for (guint t = 0; words[i][0] == '!' && t < ALM_SIM_N_TROUBLES; t++)
        if (strcmp (words[i] + 1, troubles[t]) == 0)
          self->calm |= 1u << t;
    }
  violation = alm_sim_world_run (self, g_ascii_strtoull (words[0], NULL, 10));
  clear (self);

  return violation;
}

/* Drops as many as @n events from @first on for good, if it still fails then. */
static gboolean
try_without (AlmSimWorld *self,
             guint64      seed,
             guint        first,
             guint        n)
{
  gboolean before[ALM_SIM_PLANNED_MAX];
  gboolean any = FALSE;

  memcpy (before, self->dropped, sizeof before);
  for (guint i = first; i < first + n && i < self->n_planned; i++)
    {
      any |= !self->dropped[i];
      self->dropped[i] = TRUE;
    }
  if (any && alm_sim_world_run (self, seed) != NULL)
    return TRUE;
  memcpy (self->dropped, before, sizeof before);

  return FALSE;
}

static char *
tell (AlmSimWorld *self,
      guint64      seed)
{
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%" G_GUINT64_FORMAT, seed);
  for (guint i = 0; i < self->n_planned; i++)
    if (self->dropped[i])
      g_string_append_printf (line, " -%u", i);
  for (guint t = 0; t < ALM_SIM_N_TROUBLES; t++)
    if ((self->calm & (1u << t)) != 0)
      g_string_append_printf (line, " !%s", troubles[t]);

  return g_string_free (line, FALSE);
}

/* The smallest that still fails, (transfer full); NULL: the seed does not fail.
 * *left: how many planned events it has, of *all. */
char *
alm_sim_world_shrink (AlmSimWorld *self,
                      guint64      seed,
                      guint       *left,
                      guint       *all)
{
  gboolean smaller = TRUE;
  char *line;

  clear (self);
  if (alm_sim_world_run (self, seed) == NULL)
    return NULL;
  *all = self->n_planned;

  for (guint t = 0; t < ALM_SIM_N_TROUBLES; t++)
    {
      self->calm |= 1u << t;
      if (alm_sim_world_run (self, seed) == NULL)
        self->calm &= ~(1u << t);
    }
  while (smaller)
    {
      smaller = FALSE;
      for (guint n = MAX (1, self->n_planned / 2); n > 0; n /= 2)
        for (guint first = 0; first < self->n_planned; first += n)
          smaller |= try_without (self, seed, first, n);
    }

  *left = 0;
  for (guint i = 0; i < self->n_planned; i++)
    *left += !self->dropped[i];
  line = tell (self, seed);
  clear (self);

  return line;
}
