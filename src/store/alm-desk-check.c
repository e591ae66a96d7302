/* SPDX-License-Identifier: EUPL-1.2 */

/* What an edit may do: the scope, the values against the model, the limits of
 * sync.md 3.1 and the brake of 4.3; alm-desk-rights.c: the rights.  The server checks
 * the same again; here it is said at once. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-json.h"
#include "alm-store-error.h"

#include <string.h>

#define FIELD_MAX   (1024 * 1024)
#define RECORD_MAX  (2 * 1024 * 1024)
#define FIELDS_MAX  500

/* sync.md, section 4.3 */
#define BRAKE_LOOK_BACK  499     /* and the one that is asked for */
#define BRAKE_DELETIONS  50
#define BRAKE_SHARE      20     /* one in twenty */

/* Namespaces of UUIDv5: the same scope or model made on two desks is one record. */
static const char scope_space[] = "4d7bde9b-666e-43d9-a832-08b356951216";
static const char model_space[] = "d4df3808-8112-4eb3-b76d-fdab684b14ca";

static gboolean
refuse (GError     **error,
        const char  *format,
        ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError     **error,
        const char  *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT, text);

  return FALSE;
}

static void
make_named_id (AlmId       *id,
               const char  *space_text,
               const char  *name)
{
  AlmId space;

  g_assert (alm_id_parse (&space, space_text));
  alm_id_make_named (id, &space, name);
}

void
alm_desk_make_scope_id (AlmId      *id,
                        const char *path)
{
  make_named_id (id, scope_space, path);
}

void
alm_desk_make_model_id (AlmId      *id,
                        const char *name)
{
  make_named_id (id, model_space, name);
}

/* A profile that has met no server yet is its own master: the scope is made on its
 * first use.  That record has no number; a server has its own. */
static gboolean
make_scope (AlmDesk     *self,
            const char  *scope,
            GError     **error)
{
  g_autoptr (AlmRow) row = NULL;
  g_autoptr (AlmCommand) command = NULL;
  gint64 undoing = self->undoing;
  gboolean done;
  AlmId id;

  alm_desk_make_scope_id (&id, scope);
  if (!alm_desk_load (self, &id, &row, error))
    return FALSE;

  if (row == NULL)
    {
      row = g_new0 (AlmRow, 1);
      row->id = id;
      row->scope = g_strdup ("system");
      row->kind = g_strdup ("scope");
      row->fields = alm_value_new_object ();
      alm_value_set_text (row->fields, "path", scope);
      alm_value_set_text (row->fields, "title", scope);
      command = alm_desk_make_command (self, ALM_OP_NEW, row);
      command->set = alm_value_ref (row->fields);
      self->undoing = 0;
      done = alm_desk_append_command (self, command, row->fields, row->scope, "local", error)
             && alm_desk_put (self, row, error);
      self->undoing = undoing;
      if (!done)
        return FALSE;
    }

  g_hash_table_add (self->scopes, g_strdup (scope));

  return TRUE;
}

/* May a record of @kind be written in @scope? */
gboolean
alm_desk_check_place (AlmDesk     *self,
                      const char  *scope,
                      const char  *kind,
                      GError     **error)
{
  if (kind == NULL || !alm_name_is_kind (kind))
    return refuse (error, "'%s' is no name of a kind", kind != NULL ? kind : "");
  if (!alm_name_is_scope (scope))
    return refuse (error, "'%s' is no name of a scope", scope);
  if (strcmp (kind, "conflict") == 0)
    return refuse (error, "a conflict is decided with resolve, not edited");
  if (alm_desk_get_model (self, kind) == NULL)
    return refuse (error, "kind '%s' has no model here", kind);

  if (strcmp (scope, "local") == 0)
    return TRUE;

  if (alm_desk_has_met_server (self))
    return alm_desk_may_write (self, scope, error);

  return strcmp (scope, "system") == 0
         || g_hash_table_contains (self->scopes, scope)
         || make_scope (self, scope, error);
}

static gboolean
check_model (AlmDesk         *self,
             const AlmValue  *fields,
             GError         **error)
{
  const char *name = alm_value_get_text_of (fields, "name");
  AlmValue *schema = alm_value_get (fields, "schema");
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmModel) model = NULL;
  AlmModel *now;

  if (name == NULL || !alm_name_is_kind (name))
    return refuse (error, "field 'name': a model needs the name of its kind");
  if (alm_desk_is_built_in (name))
    return refuse (error, "field 'name': '%s' is a kind of the program itself", name);
  if (schema == NULL || !alm_value_is (schema, ALM_VALUE_OBJECT))
    return refuse (error, "field 'schema': a model needs a schema");

  model = alm_model_new (name, schema, faults);
  if (model == NULL)
    return refuse (error, "field 'schema': %s",
                   faults->len > 0 ? (const char *) faults->pdata[0] : "it has faults");

  now = alm_desk_get_model (self, name);
  if (now != NULL && !alm_model_can_become (now, model, faults))
    return refuse (error, "field 'schema': %s",
                   faults->len > 0 ? (const char *) faults->pdata[0] : "it takes something away");

  return TRUE;
}

/* At least as long as the text of @value, without making it. */
static gsize
bound_size (const AlmValue *value)
{
  gsize size = 32;

  switch (alm_value_get_type (value))
    {
    case ALM_VALUE_TEXT:
      return 2 + 6 * strlen (alm_value_get_text (value));

    case ALM_VALUE_LIST:
    case ALM_VALUE_OBJECT:
      for (guint i = 0; i < alm_value_get_size (value); i++)
        {
          const char *key = alm_value_is (value, ALM_VALUE_OBJECT)
                            ? alm_value_get_key (value, i) : "";

          size += 4 + 6 * strlen (key) + bound_size (alm_value_get_item (value, i));
        }
      return size;

    case ALM_VALUE_NULL:
    case ALM_VALUE_BOOLEAN:
    case ALM_VALUE_INTEGER:
    case ALM_VALUE_DOUBLE:
    default:
      return size;
    }
}

static gboolean
check_size (const AlmValue  *fields,
            GError         **error)
{
  gsize total = 0;

  if (alm_value_get_size (fields) > FIELDS_MAX)
    return refuse (error, "more than %d fields", FIELDS_MAX);
  if (bound_size (fields) <= FIELD_MAX)
    return TRUE;

  for (guint i = 0; i < alm_value_get_size (fields); i++)
    {
      g_autofree char *text = alm_value_to_text (alm_value_get_item (fields, i));
      gsize size = strlen (text);

      if (size > FIELD_MAX)
        return refuse (error, "field '%s': larger than 1 MiB", alm_value_get_key (fields, i));
      total += size;
    }

  return total <= RECORD_MAX || refuse (error, "the record is larger than 2 MiB");
}

static gboolean
check_names (const AlmValue  *fields,
             GError         **error)
{
  for (guint i = 0; i < alm_value_get_size (fields); i++)
    if (!alm_name_is_field (alm_value_get_key (fields, i)))
      return refuse (error, "'%s' is no name of a field", alm_value_get_key (fields, i));

  return TRUE;
}

/* A whole new record. */
gboolean
alm_desk_check_new (AlmDesk         *self,
                    const char      *kind,
                    const AlmValue  *fields,
                    GError         **error)
{
  AlmModel *model = alm_desk_get_model (self, kind);
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;

  if (!check_names (fields, error) || !check_size (fields, error))
    return FALSE;

  for (guint i = 0; i < alm_value_get_size (fields); i++)
    {
      const AlmField *field = alm_model_find_field (model, alm_value_get_key (fields, i));

      if (field != NULL && field->read_only)
        return refuse (error, "field '%s': only the server writes it", field->name);
    }

  if (!alm_model_check_fields (model, fields, &name, &reason))
    return refuse (error, "field '%s': %s", name, reason);

  return strcmp (kind, "model") != 0 || check_model (self, fields, error);
}

static gboolean
check_one_change (const AlmModel  *model,
                  const char      *name,
                  const AlmValue  *value,
                  gboolean         differs,
                  GError         **error)
{
  const AlmField *field = alm_model_find_field (model, name);
  gboolean goes = alm_value_is (value, ALM_VALUE_NULL);
  g_autofree char *reason = NULL;

  /* What an older model has left may always be taken away. */
  if (field == NULL)
    return goes || !differs || refuse (error, "field '%s': the model has no such field", name);
  if (!differs)
    return TRUE;
  if (field->read_only)
    return refuse (error, "field '%s': only the server writes it", name);
  if (goes && field->required)
    return refuse (error, "field '%s': it is required", name);
  if (!alm_field_check (field, value, &reason))
    return refuse (error, "field '%s': %s", name, reason);

  return TRUE;
}

/* The changed fields only: an old record that an evolved model would not take
 * any more can still be corrected, field by field. */
gboolean
alm_desk_check_change (AlmDesk         *self,
                       const AlmRow    *row,
                       const AlmValue  *set,
                       GError         **error)
{
  AlmModel *model = alm_desk_get_model (self, row->kind);
  g_autoptr (AlmValue) after = alm_value_copy (row->fields);

  if (!check_names (set, error))
    return FALSE;

  for (guint i = 0; i < alm_value_get_size (set); i++)
    {
      const char *name = alm_value_get_key (set, i);
      AlmValue *value = alm_value_get_item (set, i);
      AlmValue *now = alm_value_get (row->fields, name);

      if (model != NULL
          && !check_one_change (model, name, value,
                                now == NULL || !alm_value_equal (now, value), error))
        return FALSE;
      alm_value_set (after, name, alm_value_ref (value));
    }

  if (!check_size (after, error))
    return FALSE;

  return strcmp (row->kind, "model") != 0 || check_model (self, after, error);
}

/* Was the record made here? */
static gboolean
is_own (AlmDesk       *self,
        const AlmRow  *row,
        gboolean      *own,
        GError       **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT 1 FROM commands WHERE id = :id"
                                             " AND op = 'new' AND desk = :desk LIMIT 1");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", row->id.bytes, sizeof row->id.bytes);
  alm_sql_bind_blob (query, ":desk", self->id.bytes, sizeof self->id.bytes);
  step = alm_sql_step (query, error);
  *own = step == ALM_SQL_STEP_ROW;

  return step != ALM_SQL_STEP_ERROR;
}

/* How many records of others the last commands have deleted in the scope, and how many
 * stand there. */
static gboolean
count_deletions (AlmDesk  *self,
                 gint64    scope,
                 gint64   *deletions,
                 gint64   *standing,
                 GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
    "SELECT count(*) FROM (SELECT id, op, desk FROM commands WHERE +scope = :scope"
    " AND state IN ('waiting','acked') ORDER BY k DESC LIMIT " G_STRINGIFY (BRAKE_LOOK_BACK) ") c"
    " WHERE op = 'del' AND NOT EXISTS (SELECT 1 FROM commands m"
    " WHERE m.id = c.id AND m.op = 'new' AND m.desk = c.desk)");
  g_autoptr (AlmQuery) whole = NULL;
  gint64 conflict = alm_desk_find_name (self, "conflict", error);

  alm_sql_bind_int (query, ":scope", scope);
  if (conflict < 0 || alm_sql_step (query, error) != ALM_SQL_STEP_ROW)
    return FALSE;
  *deletions = alm_sql_get_int (query, 0);
  *standing = 0;
  if (*deletions < BRAKE_DELETIONS)
    return TRUE;

  whole = alm_db_query (self->db, "SELECT count(*) FROM records WHERE scope = :scope AND del = 0"
                        " AND kind <> :conflict");
  alm_sql_bind_int (whole, ":scope", scope);
  alm_sql_bind_int (whole, ":conflict", conflict);
  if (alm_sql_step (whole, error) != ALM_SQL_STEP_ROW)
    return FALSE;
  *standing = alm_sql_get_int (whole, 0);

  return TRUE;
}

/* Among the last commands of this scope, too many deletions of what others made?
 * @confirmed: it is meant; a steward's word only. */
gboolean
alm_desk_check_brake (AlmDesk       *self,
                      const AlmRow  *row,
                      gboolean       confirmed,
                      GError       **error)
{
  gint64 scope, deletions, standing;
  gboolean own, steward;

  if (strcmp (row->scope, "local") == 0)
    return TRUE;
  scope = alm_desk_find_name (self, row->scope, error);
  if (scope < 0 || !is_own (self, row, &own, error))
    return FALSE;
  if (own)
    return TRUE;
  if (!count_deletions (self, scope, &deletions, &standing, error))
    return FALSE;

  /* As the server counts: this one included, of what stood there before the first. */
  if (deletions + 1 <= BRAKE_DELETIONS
      || (deletions + 1) * BRAKE_SHARE <= standing + deletions)
    return TRUE;
  if (!confirmed)
    return refuse (error, "mass-delete: %" G_GINT64_FORMAT " records of others would be deleted"
                   " in '%s'; confirm that this is meant", deletions + 1, row->scope);
  if (!alm_desk_is_steward (self, row->scope, &steward, error))
    return FALSE;

  return steward
         || refuse (error, "mass-delete: %" G_GINT64_FORMAT " records of others would be deleted"
                    " in '%s'; only its stewards may confirm that", deletions + 1, row->scope);
}
