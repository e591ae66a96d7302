/* SPDX-License-Identifier: EUPL-1.2 */

/* The overlay: shown = the server's state with the record's own commands laid
 * over it again, by the same merge as the server's.
 *
 * Invariants:
 *   1. A command lies over its record while it is waiting, and, once answered
 *      (not refused), until the feed has brought its effect: while it stands in
 *      `passing`.  So an edit never vanishes and comes back.
 *   2. `records` holds what is shown.  `shadow` holds the server's state of
 *      exactly those records that the server knows and over which commands lie.
 *   3. A record without commands over it is, in `records`, the server's own.
 *      `ver` in both tables is the server's version, 0 = not known there.
 * Runs inside the caller's transaction. */

#include "config.h"

#include "alm-desk-overlay-private.h"

#include "alm-merge.h"
#include "alm-plant.h"

#include <string.h>

void
alm_desk_layers_clear (AlmDeskLayers *self)
{
  g_clear_pointer (&self->shown, alm_row_free);
  g_clear_pointer (&self->server, alm_row_free);
}

gboolean
alm_desk_load_layers (AlmDesk        *self,
                      const AlmId    *id,
                      AlmDeskLayers  *layers,
                      GError        **error)
{
  *layers = (AlmDeskLayers) { 0 };
  if (!alm_desk_load (self, id, &layers->shown, error))
    return FALSE;
  if (layers->shown == NULL || layers->shown->ver == 0)
    return TRUE;

  if (!alm_desk_load_shadow (self, layers->shown, &layers->server, error))
    {
      alm_desk_layers_clear (layers);
      return FALSE;
    }
  if (layers->server == NULL)
    layers->server = alm_row_copy (layers->shown);

  return TRUE;
}

static gboolean
read_commands (AlmDesk    *self,
               AlmSql     *query,
               GPtrArray  *commands,
               GError    **error)
{
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmStoredCommand *command = alm_desk_read_command (self, query, error);

      if (command == NULL)
        return FALSE;
      g_ptr_array_add (commands, command);
    }

  return step == ALM_SQL_STEP_DONE;
}

/* What lies over @id, in the order it was given.  Over a conflict lie the
 * commands about its record that decide it.
 * (transfer full) (element-type AlmStoredCommand) */
static GPtrArray *
list_commands (AlmDesk      *self,
               const AlmId  *id,
               gboolean      is_conflict,
               GError      **error)
{
  g_autoptr (GPtrArray) commands = NULL;
  g_autoptr (AlmQuery) query = NULL;
  g_autofree char *naming = NULL;

  commands = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_stored_command_free);
  if (is_conflict)
    {
      g_autofree char *text = alm_id_to_text (id);

      naming = g_strdup_printf ("%%\"conflict\":\"%s\"%%", text);
      query = alm_db_query (self->db, "SELECT " ALM_COMMAND_COLUMNS " FROM commands"
                            " WHERE (state = 'waiting' AND op = 'resolve' AND more LIKE :naming)"
                            " OR k IN (SELECT k FROM passing WHERE id = :id) ORDER BY k");
      alm_sql_bind_text (query, ":naming", naming);
    }
  else
    query = alm_db_query (self->db, "SELECT " ALM_COMMAND_COLUMNS " FROM commands"
                          " WHERE id = :id AND (state = 'waiting' OR EXISTS (SELECT 1 FROM"
                          " passing AS p WHERE p.id = :id AND p.k = commands.k)) ORDER BY k");
  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);

  return read_commands (self, query, commands, error) ? g_steal_pointer (&commands) : NULL;
}

gboolean
alm_desk_is_covered (AlmDesk      *self,
                     const AlmId  *id,
                     gboolean     *covered,
                     GError      **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT EXISTS (SELECT 1 FROM passing WHERE id = :id)"
                            " OR EXISTS (SELECT 1 FROM commands WHERE id = :id"
                            " AND state = 'waiting')");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  step = alm_sql_step (query, error);
  *covered = step == ALM_SQL_STEP_ROW && alm_sql_get_int (query, 0) != 0;

  return step != ALM_SQL_STEP_ERROR;
}

/* Is @ver of the record the work of one of our own commands? */
static gboolean
is_own_version (AlmDesk      *self,
                const AlmId  *id,
                gint64        ver,
                gboolean     *own,
                GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT 1 FROM commands WHERE id = :id"
                                             " AND state = 'acked' AND seq = :seq LIMIT 1");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":seq", ver);
  step = alm_sql_step (query, error);
  *own = step == ALM_SQL_STEP_ROW;

  return step != ALM_SQL_STEP_ERROR;
}

/* The fields of @set without those that are null: a record's first state. */
static AlmValue *
first_fields (const AlmValue *set)
{
  AlmValue *fields = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (set); i++)
    if (!alm_value_is (alm_value_get_item (set, i), ALM_VALUE_NULL))
      alm_value_set (fields, alm_value_get_key (set, i),
                     alm_value_ref (alm_value_get_item (set, i)));

  return fields;
}

static void
merge_into (AlmDesk          *self,
            AlmRow           *row,
            const AlmCommand *command,
            gboolean          with_old)
{
  g_autoptr (GPtrArray) conflicts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
  g_autoptr (AlmValue) nothing = alm_value_new_object ();
  const AlmValue *old = with_old && command->old != NULL ? command->old : nothing;
  AlmValue *merged;

  if (command->set == NULL)
    return;

  merged = alm_merge_fields (alm_desk_get_model (self, row->kind), old, row->fields,
                             command->set, conflicts);
  alm_value_unref (row->fields);
  row->fields = merged;
}

/* `new` makes the record, or edits one that another desk has made meanwhile. */
static void
apply_new (AlmDesk                 *self,
           const AlmStoredCommand  *stored,
           AlmRow                 **row)
{
  const AlmCommand *command = stored->command;
  AlmRow *made;

  if (*row != NULL)
    {
      if (strcmp ((*row)->scope, stored->scope) == 0
          && g_strcmp0 ((*row)->kind, command->kind) == 0)
        {
          (*row)->deleted = FALSE;
          merge_into (self, *row, command, FALSE);
        }
      return;
    }
  if (command->kind == NULL)
    return;

  made = g_new0 (AlmRow, 1);
  made->id = command->id;
  made->scope = g_strdup (stored->scope);
  made->kind = g_strdup (command->kind);
  made->fields = first_fields (command->set);
  *row = made;
}

/* A deletion stays a proposal where somebody has changed the record since. */
static gboolean
apply_del (AlmDesk           *self,
           const AlmRow      *server,
           const AlmCommand  *command,
           AlmRow            *row,
           GError           **error)
{
  gboolean own = TRUE;

  if (server != NULL && server->ver > command->base
      && !is_own_version (self, &command->id, server->ver, &own, error))
    return FALSE;
  if (own)
    row->deleted = TRUE;

  return TRUE;
}

static gboolean
apply (AlmDesk                 *self,
       const AlmRow            *server,
       const AlmStoredCommand  *stored,
       AlmRow                 **row,
       GError                 **error)
{
  const AlmCommand *command = stored->command;

  if (command->op == ALM_OP_NEW)
    apply_new (self, stored, row);
  if (command->op == ALM_OP_NEW || *row == NULL)
    return TRUE;

  switch (command->op)
    {
    case ALM_OP_UPD:
    case ALM_OP_RESOLVE:
      if (command->op == ALM_OP_UPD || alm_value_get_size (command->set) > 0)
        (*row)->deleted = FALSE;
      merge_into (self, *row, command, TRUE);
      return TRUE;

    case ALM_OP_DEL:
      return apply_del (self, server, command, *row, error);

    case ALM_OP_UNDEL:
      (*row)->deleted = FALSE;
      return TRUE;

    case ALM_OP_NEW:
    case ALM_OP_ERASE:
    default:
      return TRUE;
    }
}

/* Does @row say what is shown already?  So it is with each edit of our own that comes
 * back: only its version is new. */
static gboolean
is_shown (const AlmRow *shown,
          const AlmRow *row)
{
  return shown != NULL && shown->deleted == row->deleted
         && strcmp (shown->kind, row->kind) == 0 && strcmp (shown->scope, row->scope) == 0
         && strcmp (row->kind, "model") != 0 && alm_value_equal (shown->fields, row->fields);
}

static gboolean
write_shown (AlmDesk        *self,
             const AlmId    *id,
             AlmDeskLayers  *layers,
             AlmRow         *row,
             gboolean        covered,
             GError        **error)
{
  if (row == NULL)
    return layers->shown == NULL || alm_desk_purge (self, layers->shown, error);

  row->rid = layers->shown != NULL ? layers->shown->rid : 0;
  if (!(is_shown (layers->shown, row) ? alm_desk_put_same (self, row, error)
                                      : alm_desk_put (self, row, error)))
    return FALSE;

  if (ALM_PLANTED ("shadow-kept") && !covered)
    return TRUE;

  return covered && layers->server != NULL ? alm_desk_put_shadow (self, layers->server, error)
                                           : alm_desk_drop_shadow (self, id, error);
}

/* Answered here, though the server does not know it yet. */
static void
mark_resolved (AlmRow *conflict)
{
  AlmValue *fields = alm_value_copy (conflict->fields);

  alm_value_set_text (fields, "state", "resolved");
  alm_value_unref (conflict->fields);
  conflict->fields = fields;
}

gboolean
alm_desk_lay (AlmDesk        *self,
              const AlmId    *id,
              AlmDeskLayers  *layers,
              GError        **error)
{
  const AlmRow *any = layers->server != NULL ? layers->server : layers->shown;
  gboolean is_conflict = any != NULL && strcmp (any->kind, "conflict") == 0;
  g_autoptr (GPtrArray) commands = list_commands (self, id, is_conflict, error);
  g_autoptr (AlmRow) row = NULL;

  if (commands == NULL)
    return FALSE;

  row = layers->server != NULL ? alm_row_copy (layers->server) : NULL;
  if (is_conflict && row != NULL && commands->len > 0)
    mark_resolved (row);
  for (guint i = 0; i < commands->len && !is_conflict; i++)
    if (!apply (self, layers->server, g_ptr_array_index (commands, i), &row, error))
      return FALSE;

  return write_shown (self, id, layers, row, commands->len > 0, error);
}

gboolean
alm_desk_lay_again (AlmDesk      *self,
                    const AlmId  *id,
                    GError      **error)
{
  g_auto (AlmDeskLayers) layers = { 0 };

  return alm_desk_load_layers (self, id, &layers, error)
         && alm_desk_lay (self, id, &layers, error);
}

gboolean
alm_desk_passing_add (AlmDesk      *self,
                      gint64        k,
                      const AlmId  *id,
                      gint64        scope,
                      gint64        seq,
                      GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
                                             "INSERT OR REPLACE INTO passing (id, k, scope, seq)"
                                             " VALUES (:id, :k, :scope, :seq)");

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":k", k);
  alm_sql_bind_int (query, ":scope", scope);
  alm_sql_bind_int (query, ":seq", seq);

  return alm_sql_run (query, error);
}

/* The record came with version @ver, so what was answered up to it is in it. */
gboolean
alm_desk_passing_drop (AlmDesk      *self,
                       const AlmId  *id,
                       gint64        ver,
                       GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "DELETE FROM passing"
                                             " WHERE id = :id AND seq <= :ver");

  if (ALM_PLANTED ("passing-kept"))
    return TRUE;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":ver", ver);

  return alm_sql_run (query, error);
}

static GArray *
list_passing (AlmDesk  *self,
              gint64    scope,
              gint64    cursor,
              GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT DISTINCT id FROM passing"
                                             " WHERE scope = :scope AND seq <= :cursor");
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AlmId));
  AlmSqlStep step;

  alm_sql_bind_int (query, ":scope", scope);
  alm_sql_bind_int (query, ":cursor", cursor);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmId id;
      gsize length;
      gconstpointer blob = alm_sql_get_blob (query, 0, &length);

      if (length != sizeof id.bytes)
        continue;   /* a damaged row: verify finds it */
      memcpy (id.bytes, blob, length);
      g_array_append_val (ids, id);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

gboolean
alm_desk_passing_end (AlmDesk  *self,
                      gint64    scope,
                      gint64    cursor,
                      GError  **error)
{
  g_autoptr (GArray) ids = list_passing (self, scope, cursor, error);

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      const AlmId *id = &g_array_index (ids, AlmId, i);

      if (!alm_desk_passing_drop (self, id, cursor, error)
          || !alm_desk_lay_again (self, id, error))
        return FALSE;
    }

  return TRUE;
}
