/* SPDX-License-Identifier: EUPL-1.2 */

/* What is selected.
 *
 * Invariants:
 *   1. rids ascend, without doubles and without 0.
 *   2. primary is one of them, and 0 only while there are none.
 *   3. "changed" is emitted once for each call that made a difference, never else.
 * Main thread. */

#include "config.h"

#include "alm-selection.h"

#include <string.h>

struct _AlmSelection
{
  GObject  parent_instance;

  /* Owned */
  GArray  *rids;      /* (element-type gint64) */
  gint64   primary;
};

enum {
  CHANGED,
  SHOW_ON_MAP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmSelection, alm_selection, G_TYPE_OBJECT)

static int
compare_rids (gconstpointer a,
              gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/* Sorts, drops doubles and zeros. */
static GArray *
tidy_rids (const gint64 *rids,
           guint         n_rids)
{
  GArray *tidy = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_rids);
  guint kept = 0;

  if (n_rids > 0)
    g_array_append_vals (tidy, rids, n_rids);
  g_array_sort (tidy, compare_rids);

  for (guint i = 0; i < tidy->len; i++)
    {
      gint64 rid = g_array_index (tidy, gint64, i);

      if (rid != 0 && (kept == 0 || g_array_index (tidy, gint64, kept - 1) != rid))
        g_array_index (tidy, gint64, kept++) = rid;
    }
  g_array_set_size (tidy, kept);

  return tidy;
}

static gboolean
array_contains (GArray *rids,
                gint64  rid)
{
  return g_array_binary_search (rids, &rid, compare_rids, NULL);
}

/* Takes @rids over. */
static void
take_rids (AlmSelection *self,
           GArray       *rids,
           gint64        primary)
{
  gboolean same = rids->len == self->rids->len &&
                  primary == self->primary &&
                  (rids->len == 0 ||
                   memcmp (rids->data, self->rids->data, rids->len * sizeof (gint64)) == 0);

  g_assert (primary == 0 ? rids->len == 0 : array_contains (rids, primary));

  g_array_unref (self->rids);
  self->rids = rids;
  self->primary = primary;
  if (!same)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
alm_selection_finalize (GObject *object)
{
  AlmSelection *self = ALM_SELECTION (object);

  g_array_unref (self->rids);

  G_OBJECT_CLASS (alm_selection_parent_class)->finalize (object);
}

static void
alm_selection_class_init (AlmSelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = alm_selection_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", ALM_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SHOW_ON_MAP] =
    g_signal_new ("show-on-map", ALM_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
alm_selection_init (AlmSelection *self)
{
  self->rids = g_array_new (FALSE, FALSE, sizeof (gint64));
}

AlmSelection *
alm_selection_new (void)
{
  return g_object_new (ALM_TYPE_SELECTION, NULL);
}

void
alm_selection_clear (AlmSelection *self)
{
  alm_selection_set (self, NULL, 0, 0);
}

void
alm_selection_select (AlmSelection *self,
                      gint64        rid)
{
  alm_selection_set (self, &rid, 1, rid);
}

/* What comes in becomes the primary; where that goes out, the lowest is. */
void
alm_selection_toggle (AlmSelection *self,
                      gint64        rid)
{
  g_autoptr (GArray) rids = NULL;
  gint64 primary = rid;
  guint index;

  g_return_if_fail (ALM_IS_SELECTION (self));
  g_return_if_fail (rid != 0);

  rids = g_array_copy (self->rids);
  if (g_array_binary_search (rids, &rid, compare_rids, &index))
    {
      g_array_remove_index (rids, index);
      primary = self->primary != rid ? self->primary
                : rids->len > 0      ? g_array_index (rids, gint64, 0)
                                     : 0;
    }
  else
    {
      g_array_append_val (rids, rid);
      g_array_sort (rids, compare_rids);
    }
  take_rids (self, g_steal_pointer (&rids), primary);
}

void
alm_selection_set (AlmSelection *self,
                   const gint64 *rids,
                   guint         n_rids,
                   gint64        primary)
{
  GArray *tidy;

  g_return_if_fail (ALM_IS_SELECTION (self));
  g_return_if_fail (rids != NULL || n_rids == 0);

  tidy = tidy_rids (rids, n_rids);
  if (tidy->len == 0)
    primary = 0;
  else if (!array_contains (tidy, primary))
    primary = array_contains (tidy, rids[0]) ? rids[0] : g_array_index (tidy, gint64, 0);

  take_rids (self, tidy, primary);
}

guint
alm_selection_get_size (AlmSelection *self)
{
  g_return_val_if_fail (ALM_IS_SELECTION (self), 0);

  return self->rids->len;
}

gboolean
alm_selection_contains (AlmSelection *self,
                        gint64        rid)
{
  g_return_val_if_fail (ALM_IS_SELECTION (self), FALSE);

  return array_contains (self->rids, rid);
}

const gint64 *
alm_selection_get_rids (AlmSelection *self,
                        guint        *n_rids)
{
  g_return_val_if_fail (ALM_IS_SELECTION (self), NULL);

  if (n_rids != NULL)
    *n_rids = self->rids->len;

  return self->rids->len > 0 ? (const gint64 *) (gpointer) self->rids->data : NULL;
}

gint64
alm_selection_get_primary (AlmSelection *self)
{
  g_return_val_if_fail (ALM_IS_SELECTION (self), 0);

  return self->primary;
}

void
alm_selection_show_on_map (AlmSelection *self,
                           gint64        rid,
                           double        lon,
                           double        lat)
{
  g_return_if_fail (ALM_IS_SELECTION (self));

  g_signal_emit (self, signals[SHOW_ON_MAP], 0, rid, lon, lat);
}
