/* SPDX-License-Identifier: EUPL-1.2 */

/* Invariants:
 *   1. In the transaction that brings an erasure the value goes out of the record, what
 *      lies under it, every command that names it (waiting ones, too: the server would
 *      refuse it) and what is kept apart since a restore.
 *   2. A command that loses a value keeps the name with null: what is handed in once
 *      more after a restore stays well-formed, and takes nothing back.
 *   3. Attached files that it named are noted before; the wipe takes away what nothing names
 *      any more, the only copy, too.
 *   4. In the same transaction it is noted that the files are to be wiped
 *      (alm-desk-wipe.c). */

#include "config.h"

#include "alm-desk-erase-private.h"

#include "alm-blob.h"
#include "alm-desk-overlay-private.h"
#include "alm-desk-scope-private.h"
#include "alm-erasure.h"
#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

#define BLOB_MARK "\"sha256\":\""
#define BLOB_NAME_LENGTH 64

/* An empty list on the wire is everything. */
static const AlmValue *
or_all (const AlmValue *names)
{
  return alm_value_get_size (names) > 0 ? names : NULL;
}

AlmValue *
alm_desk_erase_kept (const AlmValue *names,
                     AlmValue       *fields)
{
  return names != NULL ? alm_erasure_strip (or_all (names), fields) : alm_value_ref (fields);
}

/* Commands. */

typedef struct
{
  gint64  k;
  char   *set;
  char   *old;
  char   *outcome;
} Said;

static void
said_clear (Said *self)
{
  g_free (self->set);
  g_free (self->old);
  g_free (self->outcome);
}

/* @text: (nullable); what it holds without the values; (transfer full) (nullable) */
static char *
take_out (const char      *text,
          const AlmValue  *names,
          gboolean         with_nulls)
{
  g_autoptr (AlmValue) fields = text != NULL ? alm_json_parse (text, -1, NULL, NULL) : NULL;
  g_autoptr (AlmValue) rest = NULL;

  if (fields == NULL)
    return NULL;
  rest = with_nulls ? alm_erasure_blank (names, fields) : alm_erasure_strip (names, fields);

  return alm_value_to_text (rest);
}

/* "field 'owner': …" goes on with words about the value. */
static char *
take_out_detail (const char     *text,
                 const AlmValue *names)
{
  static const char start[] = "field '";
  g_autoptr (AlmValue) outcome = text != NULL ? alm_json_parse (text, -1, NULL, NULL) : NULL;
  const char *detail = alm_value_get_text_of (outcome, "detail");
  g_autofree char *name = NULL;
  g_autofree char *short_detail = NULL;
  const char *end;

  if (detail == NULL || !g_str_has_prefix (detail, start))
    return g_strdup (text);
  detail += strlen (start);
  end = strchr (detail, '\'');
  if (end == NULL)
    return g_strdup (text);
  name = g_strndup (detail, (gsize) (end - detail));
  if (!alm_erasure_takes (names, name))
    return g_strdup (text);
  short_detail = g_strdup_printf ("%s%s'", start, name);
  alm_value_set_text (outcome, "detail", short_detail);

  return alm_value_to_text (outcome);
}

/* (element-type Said): how the commands about @id shall read; NULL with an error */
static GArray *
list_said (AlmDesk         *self,
           const AlmId     *id,
           const AlmValue  *names,
           GError         **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Said));
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT k, set_, old_, outcome"
                                             " FROM commands WHERE id = :id");
  AlmSqlStep step;

  g_array_set_clear_func (list, (GDestroyNotify) said_clear);
  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      Said said = { .k = alm_sql_get_int (query, 0) };

      said.set = take_out (alm_sql_get_text (query, 1), names, TRUE);
      said.old = take_out (alm_sql_get_text (query, 2), names, FALSE);
      said.outcome = take_out_detail (alm_sql_get_text (query, 3), names);
      g_array_append_val (list, said);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

static gboolean
erase_commands (AlmDesk         *self,
                const AlmId     *id,
                const AlmValue  *names,
                guint           *n,
                GError         **error)
{
  g_autoptr (GArray) list = list_said (self, id, names, error);

  if (list == NULL)
    return FALSE;
  *n += list->len;
  if (ALM_PLANTED ("journal-not-erased"))
    return TRUE;

  for (guint i = 0; i < list->len; i++)
    {
      const Said *said = &g_array_index (list, Said, i);
      g_autoptr (AlmQuery) query = alm_db_query (self->db, "UPDATE commands SET set_ = ?1,"
                                                 " old_ = ?2, outcome = ?3 WHERE k = ?4");

      alm_sql_bind_text_at (query, 1, said->set);
      alm_sql_bind_text_at (query, 2, said->old);
      alm_sql_bind_text_at (query, 3, said->outcome);
      alm_sql_bind_int_at (query, 4, said->k);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

/* What is kept apart since a restore. */

typedef struct
{
  gint64  ver;
  char   *body;
} Stray;

static void
stray_clear (Stray *self)
{
  g_free (self->body);
}

static gboolean
write_stray (AlmDesk      *self,
             const AlmId  *id,
             const Stray  *stray,
             gboolean      whole,
             GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, whole
    ? "DELETE FROM strays WHERE id = :id AND ver = :ver"
    : "UPDATE strays SET body = :body WHERE id = :id AND ver = :ver");

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":ver", stray->ver);
  if (!whole)
    alm_sql_bind_text (query, ":body", stray->body);

  return alm_sql_run (query, error);
}

static gboolean
erase_strays (AlmDesk         *self,
              const AlmId     *id,
              const AlmValue  *names,
              guint           *n,
              GError         **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Stray));
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT ver, body FROM strays"
                                             " WHERE id = :id");
  AlmSqlStep step;

  g_array_set_clear_func (list, (GDestroyNotify) stray_clear);
  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      Stray stray = { .ver = alm_sql_get_int (query, 0) };

      stray.body = take_out (alm_sql_get_text (query, 1), names, FALSE);
      g_array_append_val (list, stray);
    }
  if (step == ALM_SQL_STEP_ERROR)
    return FALSE;

  *n += list->len;
  for (guint i = 0; i < list->len; i++)
    {
      const Stray *stray = &g_array_index (list, Stray, i);

      if (!write_stray (self, id, stray, names == NULL || stray->body == NULL, error))
        return FALSE;
    }

  return TRUE;
}

/* Attached files. */

static void
add_names (GHashTable *names,
           const char *text)
{
  while (text != NULL && (text = strstr (text, BLOB_MARK)) != NULL)
    {
      g_autofree char *name = g_strndup (text + strlen (BLOB_MARK), BLOB_NAME_LENGTH);

      if (alm_blob_is_name (name))
        g_hash_table_add (names, g_steal_pointer (&name));
      text += strlen (BLOB_MARK);
    }
}

gboolean
alm_desk_erase_note_blobs (AlmDesk      *self,
                           const AlmId  *id,
                           GError      **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT body FROM records WHERE id = ?1"
                            " UNION ALL SELECT body_p FROM records WHERE id = ?1"
                            " UNION ALL SELECT body FROM shadow WHERE id = ?1"
                            " UNION ALL SELECT body_p FROM shadow WHERE id = ?1"
                            " UNION ALL SELECT set_ FROM commands WHERE id = ?1"
                            " UNION ALL SELECT old_ FROM commands WHERE id = ?1"
                            " UNION ALL SELECT body FROM strays WHERE id = ?1");
  AlmSqlStep step;

  alm_sql_bind_blob_at (query, 1, id->bytes, sizeof id->bytes);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    add_names (names, alm_sql_get_text (query, 0));

  return step == ALM_SQL_STEP_DONE && alm_desk_wipe_note_files (self, names, error);
}

/* Records. */

gboolean
alm_desk_erase_record (AlmDesk         *self,
                       const AlmId     *id,
                       const AlmValue  *names,
                       GError         **error)
{
  guint n = 0;

  names = or_all (names);
  if (!erase_commands (self, id, names, &n, error) || !erase_strays (self, id, names, &n, error))
    return FALSE;

  /* What lay over the record may have shown it. */
  return n == 0 || alm_desk_lay_again (self, id, error);
}

/* A row that no feed will bring any more. */
static gboolean
erase_row (AlmDesk         *self,
           const AlmId     *id,
           const AlmValue  *names,
           GError         **error)
{
  g_auto (AlmDeskLayers) layers = { 0 };
  AlmRow *row;

  if (!alm_desk_load_layers (self, id, &layers, error))
    return FALSE;
  row = layers.server;
  if (row == NULL)
    return TRUE;

  alm_value_unref (row->fields);
  row->fields = alm_erasure_strip (or_all (names), layers.shown->fields);
  row->deleted |= or_all (names) == NULL;

  return alm_desk_lay (self, id, &layers, error);
}

gboolean
alm_desk_erase_owed (AlmDesk               *self,
                     const AlmWireErasure  *owed,
                     GError               **error)
{
  g_autoptr (AlmScopeState) state = NULL;
  gboolean followed;

  if (!alm_scope_state_load (self, owed->scope, &state, error))
    return FALSE;
  followed = state != NULL && !state->lost && state->wanted;
  /* Its line is still to come, and brings both. */
  if (followed && state->cursor < owed->seq)
    return TRUE;

  return alm_desk_erase_note_blobs (self, &owed->id, error)
         && (followed || erase_row (self, &owed->id, owed->fields, error))
         && alm_desk_erase_record (self, &owed->id, owed->fields, error)
         && alm_desk_wipe_note (self, TRUE, owed->scope, owed->seq, error);
}

/* Asking for it. */

static gboolean
has_role (const AlmValue *roles,
          const char     *role)
{
  for (guint i = 0; i < alm_value_get_size (roles); i++)
    if (g_strcmp0 (alm_value_get_text (alm_value_get_item (roles, i)), role) == 0)
      return TRUE;

  return FALSE;
}

/* As the server has told.  A record that is not here may lie anywhere. */
static gboolean
check_auditor (AlmDesk       *self,
               const AlmRow  *row,
               GError       **error)
{
  g_autoptr (GPtrArray) states = alm_scope_state_list (self, error);

  if (states == NULL)
    return FALSE;

  for (guint i = 0; i < states->len; i++)
    {
      const AlmScopeState *state = states->pdata[i];

      if ((row == NULL || strcmp (state->scope, row->scope) == 0)
          && has_role (state->roles, "auditor"))
        return TRUE;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "only an auditor may erase%s%s",
               row != NULL ? " in " : "", row != NULL ? row->scope : "");

  return FALSE;
}

static gboolean
check_erase (AlmDesk         *self,
             const AlmRow    *row,
             const AlmValue  *names,
             const char      *reason,
             GError         **error)
{
  g_autofree char *server = alm_desk_get_setting (self, "server_id");
  static const char *const kept[] = { "conflict", "model", "scope", NULL };

  if (server == NULL || (row != NULL && strcmp (row->scope, "local") == 0))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "what no server knows cannot be erased everywhere; delete it");
      return FALSE;
    }
  if (!check_auditor (self, row, error))
    return FALSE;
  for (guint i = 0; i < alm_value_get_size (names); i++)
    if (!alm_name_is_field (alm_value_get_text (alm_value_get_item (names, i))))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "'%s' is no name of a field",
                     alm_value_get_text (alm_value_get_item (names, i)));
        return FALSE;
      }
  if (reason == NULL || *reason == '\0')
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a reason is wanted");
  else if (row != NULL && g_strv_contains (kept, row->kind))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "a %s cannot be erased",
                 row->kind);
  else if (row != NULL && alm_erasure_is_told (names, row->fields, reason))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "the reason repeats what is to be erased");
  else
    return TRUE;

  return FALSE;
}

static gboolean
write_erase (AlmDesk        *self,
             const AlmId    *id,
             AlmValue       *names,
             const char     *reason,
             AlmEditResult  *result,
             GError        **error)
{
  g_autoptr (AlmRow) row = NULL;
  g_autoptr (AlmCommand) command = NULL;
  AlmRow unknown = { .id = *id };

  if (!alm_desk_load (self, id, &row, error) || !check_erase (self, row, names, reason, error))
    return FALSE;

  command = alm_desk_make_command (self, ALM_OP_ERASE, row != NULL ? row : &unknown);
  command->n = alm_desk_take_number (self);
  command->fields = names != NULL ? alm_value_ref (names) : NULL;
  command->reason = g_strdup (reason);
  result->id = *id;
  result->n = command->n;

  return alm_desk_append_command (self, command, NULL, row != NULL ? row->scope : "system",
                                  "waiting", error);
}

gboolean
alm_desk_erase (AlmDesk        *self,
                const AlmId    *id,
                AlmValue       *names,
                const char     *reason,
                AlmEditResult  *result,
                GError        **error)
{
  *result = (AlmEditResult) { 0 };
  if (!alm_desk_begin (self, error))
    return FALSE;
  if (!write_erase (self, id, names, reason, result, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}
