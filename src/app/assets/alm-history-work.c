/* SPDX-License-Identifier: EUPL-1.2 */

/* What a list of history entries has done on the connections' threads. */

#include "config.h"

#include "alm-history-work.h"

AlmHistoryPlace *
alm_history_place_new (const AlmId *id,
                       GPtrArray   *entries,
                       guint        index)
{
  AlmHistoryPlace *place = g_new0 (AlmHistoryPlace, 1);

  place->id = *id;
  place->entries = entries != NULL ? g_ptr_array_ref (entries) : NULL;
  place->index = index;

  return place;
}

void
alm_history_place_free (AlmHistoryPlace *place)
{
  g_clear_pointer (&place->entries, g_ptr_array_unref);
  g_clear_pointer (&place->plan, alm_desk_return_free);
  g_free (place->batch);
  g_free (place);
}

gpointer
alm_history_load_job (AlmDesk   *desk,
                      gpointer   data,
                      GError   **error)
{
  const AlmHistoryPlace *place = data;

  return alm_desk_load_history (desk, &place->id, place->entries, error);
}

void
alm_history_undone_free (AlmHistoryUndone *self)
{
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_free (self);
}

gpointer
alm_history_undo_job (AlmDesk   *desk,
                      gpointer   data,
                      GError   **error)
{
  const AlmHistoryPlace *place = data;
  g_autoptr (AlmHistoryUndone) answer = g_new0 (AlmHistoryUndone, 1);
  g_autoptr (GError) reason = NULL;

  answer->left = g_ptr_array_new_with_free_func (g_free);
  if (alm_desk_undo_entry (desk, place->entries, place->index, &answer->undone, answer->left,
                           &reason)
      || (answer->left->len > 0 && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG)))
    return g_steal_pointer (&answer);
  g_propagate_error (error, g_steal_pointer (&reason));

  return NULL;
}

gpointer
alm_history_plan_job (AlmDesk   *desk,
                      gpointer   data,
                      GError   **error)
{
  const AlmHistoryPlace *place = data;

  return alm_desk_plan_return (desk, place->entries, place->index + 1, error);
}

gpointer
alm_history_return_job (AlmDesk   *desk,
                        gpointer   data,
                        GError   **error)
{
  const AlmHistoryPlace *place = data;
  gboolean same;

  return GINT_TO_POINTER (alm_desk_return (desk, place->entries, place->index + 1, place->plan,
                                           place->batch, &same, error));
}
