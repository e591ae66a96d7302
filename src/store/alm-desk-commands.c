/* SPDX-License-Identifier: EUPL-1.2 */

/* The command log of a desk (sync.md, sections 3.2 and 4.4).
 *
 * Invariants:
 *   1. Numbers are 1, 2, 3 … without gap; one is taken in the transaction that
 *      writes its command, so a rollback gives it back.
 *   2. A command in scope `local` has no number and state `local`.
 *   3. What a command says is never changed; `state`, `seq` and `outcome` are.
 *   4. Where `set_` of a `new` is NULL, it says what stands in `body` of its record:
 *      the text is kept once.  Before that body changes or goes, `set_` takes it. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-digest.h"
#include "alm-json.h"
#include "alm-store-error.h"

#include <string.h>

void
alm_stored_command_free (AlmStoredCommand *self)
{
  g_free (self->scope);
  g_free (self->state);
  g_free (self->outcome);
  g_clear_pointer (&self->command, alm_command_free);
  g_free (self);
}

/* A command about @row as it is shown; set, old and n are the caller's. */
AlmCommand *
alm_desk_make_command (AlmDesk       *self,
                       AlmOp          op,
                       const AlmRow  *row)
{
  AlmCommand *command = g_new0 (AlmCommand, 1);

  command->op = op;
  command->id = row->id;
  command->base = row->ver;
  command->cid = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", alm_random_next (&self->random));
  command->at = alm_clock_format (alm_clock_now_us (self->clock));
  if (op == ALM_OP_NEW)
    {
      command->scope = g_strdup (row->scope);
      command->kind = g_strdup (row->kind);
    }

  return command;
}

/* What few commands have, as one JSON text; NULL for most. */
static char *
print_more (const AlmCommand *command)
{
  g_autoptr (AlmValue) more = alm_value_new_object ();

  if (command->op == ALM_OP_RESOLVE)
    {
      g_autofree char *conflict = alm_id_to_text (&command->conflict);

      alm_value_set_text (more, "conflict", conflict);
    }
  if (command->confirm)
    alm_value_set (more, "confirm", alm_value_new_boolean (TRUE));
  if (command->reason != NULL)
    alm_value_set_text (more, "reason", command->reason);
  if (command->fields != NULL)
    alm_value_set (more, "fields", alm_value_ref (command->fields));

  return alm_value_get_size (more) > 0 ? alm_value_to_text (more) : NULL;
}

gboolean
alm_desk_keep_said (AlmDesk       *self,
                    const AlmRow  *row,
                    const char    *body,
                    GError       **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "UPDATE commands SET set_ = (SELECT body FROM records WHERE rid = ?1)"
                            " WHERE id = ?2 AND op = 'new' AND set_ IS NULL"
                            " AND (SELECT body FROM records WHERE rid = ?1) IS NOT ?3");

  alm_sql_bind_int_at (query, 1, row->rid);
  alm_sql_bind_blob_at (query, 2, row->id.bytes, sizeof row->id.bytes);
  alm_sql_bind_text_at (query, 3, body);

  return alm_sql_run (query, error);
}

/* The text of @command's set, NULL where it will stand in its record. */
static const char *
print_set (AlmDesk          *self,
           const AlmCommand *command,
           const AlmValue   *record)
{
  AlmModel *model = command->kind != NULL ? alm_desk_get_model (self, command->kind) : NULL;

  if (command->set == NULL)
    return NULL;

  if (command->op != ALM_OP_NEW || command->set != record)
    return alm_desk_print (self, command->set);

  /* Personal fields stand apart in the record. */
  for (guint i = 0; i < alm_value_get_size (record); i++)
    if ((alm_field_class (model, alm_value_get_key (record, i)) & ALM_CLASS_PERSONAL) != 0)
      return alm_desk_print (self, command->set);

  return NULL;
}

/* @command->n is written as it is: see alm_desk_take_number().
 * @record: (nullable): what will be the fields of the command's record */
gboolean
alm_desk_append_command (AlmDesk           *self,
                         const AlmCommand  *command,
                         const AlmValue    *record,
                         const char        *scope,
                         const char        *state,
                         GError           **error)
{
  gint64 scope_number = alm_desk_intern (self, scope, error);
  gint64 kind = 0;
  g_autofree char *more = print_more (command);
  g_autofree char *old = command->old != NULL ? alm_value_to_text (command->old) : NULL;
  g_autoptr (AlmQuery) query = NULL;

  g_assert (alm_db_is_inside (self->db));

  if (scope_number == 0
      || (command->kind != NULL && (kind = alm_desk_intern (self, command->kind, error)) == 0))
    return FALSE;

  /* By place: an import writes thousands of these. */
  query = alm_db_query (self->db,
                        "INSERT INTO commands (desk, n, cid, scope, id, op, base, set_, old_,"
                        " at, batch, state, kind, more, undoes) VALUES (?1, nullif (?2, 0), ?3,"
                        " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, nullif (?13, 0), ?14,"
                        " nullif (?15, -1))");
  alm_sql_bind_blob_at (query, 1, self->id.bytes, sizeof self->id.bytes);
  alm_sql_bind_int_at (query, 2, command->n);
  alm_sql_bind_text_at (query, 3, command->cid);
  alm_sql_bind_int_at (query, 4, scope_number);
  alm_sql_bind_blob_at (query, 5, command->id.bytes, sizeof command->id.bytes);
  alm_sql_bind_text_at (query, 6, alm_op_to_text (command->op));
  alm_sql_bind_int_at (query, 7, command->base);
  alm_sql_bind_text_at (query, 8, print_set (self, command, record));
  alm_sql_bind_text_at (query, 9, old);
  alm_sql_bind_text_at (query, 10, command->at);
  alm_sql_bind_text_at (query, 11, command->batch);
  alm_sql_bind_text_at (query, 12, state);
  alm_sql_bind_int_at (query, 13, kind);
  alm_sql_bind_text_at (query, 14, more);
  alm_sql_bind_int_at (query, 15, self->undoing);

  return alm_sql_run (query, error);
}

/* The next number of this desk; written with the commit. */
gint64
alm_desk_take_number (AlmDesk *self)
{
  g_assert (alm_db_is_inside (self->db));

  self->last_n_touched = TRUE;

  return ++self->last_n;
}

static gboolean
read_value (AlmSql      *sql,
            int          column,
            AlmValue   **value,
            GError     **error)
{
  *value = NULL;
  if (alm_sql_is_null (sql, column))
    return TRUE;

  *value = alm_json_parse (alm_sql_get_text (sql, column), -1, NULL, error);

  return *value != NULL;
}

static gboolean
read_more (AlmSql      *sql,
           int          column,
           AlmCommand  *command,
           GError     **error)
{
  g_autoptr (AlmValue) more = NULL;
  const char *conflict;
  AlmValue *fields;

  if (!read_value (sql, column, &more, error))
    return FALSE;
  if (more == NULL)
    return TRUE;

  conflict = alm_value_get_text_of (more, "conflict");
  if (conflict != NULL)
    alm_id_parse (&command->conflict, conflict);
  command->confirm = alm_value_get_boolean_of (more, "confirm", FALSE);
  command->reason = g_strdup (alm_value_get_text_of (more, "reason"));
  fields = alm_value_get (more, "fields");
  command->fields = fields != NULL ? alm_value_ref (fields) : NULL;

  return TRUE;
}

static gboolean
read_id (AlmSql  *sql,
         int      column,
         AlmId   *id)
{
  gsize length;
  gconstpointer blob = alm_sql_get_blob (sql, column, &length);

  if (length != sizeof id->bytes)
    return FALSE;
  memcpy (id->bytes, blob, length);

  return TRUE;
}

/* @sql stands on a row of ALM_COMMAND_COLUMNS. */
AlmStoredCommand *
alm_desk_read_command (AlmDesk  *self,
                       AlmSql   *sql,
                       GError  **error)
{
  g_autoptr (AlmStoredCommand) stored = g_new0 (AlmStoredCommand, 1);
  AlmCommand *command = stored->command = g_new0 (AlmCommand, 1);
  g_autoptr (GError) reason = NULL;

  stored->k = alm_sql_get_int (sql, 0);
  stored->scope = g_strdup (alm_desk_get_name (self, alm_sql_get_int (sql, 4)));
  stored->state = g_strdup (alm_sql_get_text (sql, 12));
  stored->seq = alm_sql_get_int (sql, 13);
  stored->outcome = g_strdup (alm_sql_get_text (sql, 14));

  command->n = alm_sql_get_int (sql, 2);
  command->cid = g_strdup (alm_sql_get_text (sql, 3));
  command->base = alm_sql_get_int (sql, 7);
  command->at = g_strdup (alm_sql_get_text (sql, 10));
  command->batch = g_strdup (alm_sql_get_text (sql, 11));
  if (!alm_sql_is_null (sql, 15))
    command->kind = g_strdup (alm_desk_get_name (self, alm_sql_get_int (sql, 15)));

  if (!read_id (sql, 1, &stored->desk) || !read_id (sql, 5, &command->id)
      || stored->scope == NULL || !alm_op_from_text (alm_sql_get_text (sql, 6), &command->op)
      || !read_value (sql, 8, &command->set, &reason)
      || !read_value (sql, 9, &command->old, &reason)
      || !read_more (sql, 16, command, &reason))
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
                   "command %" G_GINT64_FORMAT " is damaged%s%s", stored->k,
                   reason != NULL ? ": " : "", reason != NULL ? reason->message : "");
      return NULL;
    }
  if (command->op == ALM_OP_NEW)
    command->scope = g_strdup (stored->scope);

  return g_steal_pointer (&stored);
}
