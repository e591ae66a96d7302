/* SPDX-License-Identifier: EUPL-1.2 */

/* Fetches what the overview shows.  On a reader's thread. */

#include "config.h"

#include "alm-overview.h"

#include "alm-desk-due.h"

/* Of one's own changes, and of others'. */
#define MOST_RECENT 6

void
alm_overview_free (AlmOverview *self)
{
  g_free (self->title);
  g_clear_pointer (&self->kinds, g_array_unref);
  g_clear_pointer (&self->recents, alm_recents_free);
  g_free (self);
}

void
alm_kind_due_free (AlmKindDue *self)
{
  g_free (self->kind);
  g_clear_pointer (&self->rids, g_array_unref);
  g_free (self);
}

static void
clear_kind (gpointer data)
{
  g_free (((AlmKindCount *) data)->kind);
}

static int
compare_kinds (gconstpointer a,
               gconstpointer b)
{
  const AlmKindCount *left = a;
  const AlmKindCount *right = b;

  if (left->count != right->count)
    return left->count < right->count ? 1 : -1;

  return g_strcmp0 (left->kind, right->kind);
}

static gboolean
count_kinds (AlmDesk      *desk,
             AlmOverview  *self,
             GError      **error)
{
  g_autoptr (GPtrArray) models = alm_desk_list_models (desk);

  self->kinds = g_array_new (FALSE, FALSE, sizeof (AlmKindCount));
  g_array_set_clear_func (self->kinds, clear_kind);
  for (guint i = 0; i < models->len; i++)
    {
      const AlmModel *model = g_ptr_array_index (models, i);
      AlmKindCount count = { NULL, 0 };

      if (!g_str_equal (alm_model_get_layer (model), "asset"))
        continue;
      if (!alm_desk_count_records (desk, NULL, alm_model_get_name (model), &count.count, error))
        return FALSE;
      if (count.count == 0)
        continue;
      count.kind = g_strdup (alm_model_get_name (model));
      g_array_append_val (self->kinds, count);
    }
  g_array_sort (self->kinds, compare_kinds);

  return TRUE;
}

gpointer
alm_overview_read_job (AlmDesk   *desk,
                       gpointer   data,
                       GError   **error)
{
  g_autoptr (AlmOverview) self = g_new0 (AlmOverview, 1);

  if (!alm_desk_count (desk, &self->counts, error) || !count_kinds (desk, self, error))
    return NULL;
  self->recents = alm_desk_list_recent (desk, *(gint64 *) data, MOST_RECENT, error);
  if (self->recents == NULL)
    return NULL;
  self->title = alm_desk_get_setting (desk, "title");

  return g_steal_pointer (&self);
}

/* Due. */

static void
take_due (gint64            rid,
          const AlmDuePlan *plan,
          guint             index,
          const AlmDue     *due,
          gpointer          user_data)
{
  AlmKindDue *self = user_data;
  guint last = self->rids->len;

  self->n++;
  /* A record's inspections come one after the other. */
  if (last == 0 || g_array_index (self->rids, gint64, last - 1) != rid)
    g_array_append_val (self->rids, rid);
  if (due->has_last && (!self->has_due || due->due < self->due))
    {
      self->has_due = TRUE;
      self->due = due->due;
    }
}

static int
compare_due (gconstpointer a,
             gconstpointer b)
{
  const AlmKindDue *left = *(AlmKindDue *const *) a;
  const AlmKindDue *right = *(AlmKindDue *const *) b;

  if (left->n != right->n)
    return left->n < right->n ? 1 : -1;

  return g_strcmp0 (left->kind, right->kind);
}

gpointer
alm_overview_due_job (AlmDesk   *desk,
                      gpointer   data,
                      GError   **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_kind_due_free);
  g_autoptr (GPtrArray) models = alm_desk_list_models (desk);
  gint64 today = *(gint64 *) data;

  for (guint i = 0; i < models->len; i++)
    {
      AlmModel *model = g_ptr_array_index (models, i);
      AlmKindDue *due = g_new0 (AlmKindDue, 1);

      g_ptr_array_add (list, due);
      due->kind = g_strdup (alm_model_get_name (model));
      due->rids = g_array_new (FALSE, FALSE, sizeof (gint64));
      due->has_place = alm_model_find_role (model, ALM_ROLE_GEOMETRY) != NULL;
      if (!alm_desk_each_due (desk, due->kind, today, today, take_due, due, error))
        return NULL;
      if (due->n == 0)
        g_ptr_array_remove_index (list, list->len - 1);
    }
  g_ptr_array_sort (list, compare_due);

  return g_steal_pointer (&list);
}
