/* SPDX-License-Identifier: EUPL-1.2 */

/* Fetches what the inspector shows.  On a reader's thread. */

#include "config.h"

#include "alm-inspected.h"

#include "alm-conflict.h"
#include "alm-geometry-text.h"

static void
find_place (AlmDesk      *desk,
            AlmInspected *self)
{
  AlmModel *model = alm_desk_get_model (desk, self->row->kind);
  const AlmField *field = model != NULL ? alm_model_find_role (model, ALM_ROLE_GEOMETRY) : NULL;
  AlmValue *geometry = alm_value_get (self->row->fields, field != NULL ? field->name : "geometry");

  self->has_place = geometry != NULL &&
                    alm_geometry_text_find_middle (geometry, &self->lon, &self->lat);
}

/* The fields that this workplace has changed and the server does not know. */
static gboolean
find_waiting (AlmDesk       *desk,
              AlmInspected  *self,
              GError       **error)
{
  g_autoptr (GPtrArray) commands = NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (!self->row->waiting)
    return TRUE;
  commands = alm_desk_list_commands (desk, ALM_COMMANDS_WAITING, &self->row->id, error);
  if (commands == NULL)
    return FALSE;

  for (guint i = 0; i < commands->len; i++)
    {
      const AlmCommand *command = ((AlmStoredCommand *) g_ptr_array_index (commands, i))->command;

      /* Of what is new as a whole, no field is. */
      for (guint j = 0; command->op != ALM_OP_NEW && j < alm_value_get_size (command->set); j++)
        g_strv_builder_add (names, alm_value_get_key (command->set, j));
    }
  self->waiting = g_strv_builder_end (names);

  return TRUE;
}

gpointer
alm_inspected_read_job (AlmDesk   *desk,
                        gpointer   data,
                        GError   **error)
{
  const gint64 *rid = data;
  g_autoptr (AlmInspected) self = g_new0 (AlmInspected, 1);

  self->row = alm_desk_get_by_rid (desk, *rid, error);
  if (self->row == NULL)
    return NULL;
  self->conflicts = alm_conflict_list (desk, &self->row->id, error);
  if (self->conflicts == NULL || !find_waiting (desk, self, error)
      || !alm_desk_find_writes (desk, self->row->scope, self->row->kind, self->row->fields,
                                &self->writes, error))
    return NULL;
  find_place (desk, self);

  return g_steal_pointer (&self);
}

void
alm_inspected_free (AlmInspected *self)
{
  g_clear_pointer (&self->row, alm_row_free);
  g_clear_pointer (&self->conflicts, g_ptr_array_unref);
  g_clear_pointer (&self->waiting, g_strfreev);
  g_free (self);
}
