/* SPDX-License-Identifier: EUPL-1.2 */

/* Taking over many records at once: a list of another office, a file of our own.
 *
 * Invariants:
 *   1. One transaction: after a crash, a full disk or an abort nothing is there.
 *   2. All commands carry the import's id as their batch, by which they are undone. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-store-error.h"

#include <string.h>

/* So often it is asked whether these are many rows by now. */
#define LOOK_EVERY 1000

struct _AlmDeskImport
{
  AlmDesk         *desk;
  AlmImportCounts  counts;
  char             batch[ALM_ID_TEXT_SIZE];
  char            *scope;      /* of the first record: the import's record goes there */
  char            *kind;
};

AlmDeskImport *
alm_desk_import_begin (AlmDesk  *self,
                       GError  **error)
{
  AlmDeskImport *import;

  if (!alm_desk_begin (self, error))
    return NULL;

  import = g_new0 (AlmDeskImport, 1);
  import->desk = self;
  alm_id_make_v7 (&import->counts.id, alm_clock_now_us (self->clock), &self->random);
  alm_id_print (&import->counts.id, import->batch);

  return import;
}

static void
import_free (AlmDeskImport *self)
{
  g_free (self->scope);
  g_free (self->kind);
  g_free (self);
}

void
alm_desk_import_abort (AlmDeskImport *self)
{
  alm_desk_rollback (self->desk);
  import_free (self);
}

const AlmImportCounts *
alm_desk_import_get_counts (AlmDeskImport *self)
{
  return &self->counts;
}

/* The record is there: only what differs is written. */
static gboolean
add_known (AlmDeskImport     *self,
           const AlmEdit     *edit,
           const AlmRow      *row,
           AlmImportOutcome  *outcome,
           GError           **error)
{
  AlmEdit upd = *edit;
  AlmEditResult result;
  gboolean back = row->deleted;

  if (strcmp (row->scope, edit->scope) != 0 || strcmp (row->kind, edit->kind) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                   "the id belongs to a record of kind %s in %s", row->kind, row->scope);
      return FALSE;
    }

  if (back)
    {
      upd.op = ALM_OP_UNDEL;
      if (!alm_desk_edit_one (self->desk, &upd, &result, error))
        return FALSE;
    }

  upd.op = ALM_OP_UPD;
  if (!alm_desk_edit_one (self->desk, &upd, &result, error))
    return FALSE;

  if (result.same && !back)
    {
      self->counts.n_same++;
      *outcome = ALM_IMPORT_SAME;
    }
  else
    {
      self->counts.n_changed++;
      *outcome = ALM_IMPORT_CHANGED;
    }

  return TRUE;
}

gboolean
alm_desk_import_add (AlmDeskImport     *self,
                     const AlmId       *id,
                     const char        *scope,
                     const char        *kind,
                     AlmValue          *fields,
                     AlmImportOutcome  *outcome,
                     GError           **error)
{
  AlmEdit edit = { .op = ALM_OP_NEW, .scope = scope != NULL ? scope : "local", .kind = kind,
                   .set = fields, .batch = self->batch };
  g_autoptr (AlmRow) row = NULL;
  AlmImportOutcome ignored;
  AlmEditResult result;

  if (outcome == NULL)
    outcome = &ignored;

  if (id != NULL)
    {
      edit.has_id = TRUE;
      edit.id = *id;
      if (!alm_desk_load (self->desk, id, &row, error))
        return FALSE;
    }

  if (self->scope == NULL)
    {
      self->scope = g_strdup (edit.scope);
      self->kind = g_strdup (kind);
    }

  if (row != NULL)
    return add_known (self, &edit, row, outcome, error);

  if (!alm_desk_new_one (self->desk, &edit, &result, error))
    return FALSE;

  self->counts.n_new++;
  *outcome = ALM_IMPORT_NEW;

  return self->counts.n_new % LOOK_EVERY != 0
         || alm_desk_load_many (self->desk, self->counts.n_new, error);
}

gboolean
alm_desk_import_try (AlmDesk           *desk,
                     const AlmId       *id,
                     const char        *kind,
                     AlmValue          *fields,
                     AlmImportOutcome  *outcome,
                     GError           **error)
{
  const AlmEdit edit = { .op = ALM_OP_UPD, .kind = kind, .set = fields };
  g_autoptr (AlmRow) row = NULL;
  gboolean same;

  if ((id != NULL && !alm_desk_load (desk, id, &row, error))
      || !alm_desk_try_edit (desk, &edit, row, &same, error))
    return FALSE;

  *outcome = row == NULL ? ALM_IMPORT_NEW
             : same && !row->deleted ? ALM_IMPORT_SAME : ALM_IMPORT_CHANGED;

  return TRUE;
}

gboolean
alm_desk_import_get_stamp (AlmDesk         *desk,
                           const char      *scope,
                           AlmImportStamp  *stamp,
                           GError         **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (desk->db, "SELECT (SELECT max (k) FROM commands),"
                            " (SELECT max (ver) FROM records WHERE scope = :scope)");
  gint64 number = alm_desk_find_name (desk, scope != NULL ? scope : "local", error);
  AlmSqlStep step;

  *stamp = (AlmImportStamp) { 0 };
  if (number < 0)
    return FALSE;
  alm_sql_bind_int (query, ":scope", number);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_ROW)
    *stamp = (AlmImportStamp) { alm_sql_get_int (query, 0), alm_sql_get_int (query, 1) };

  return step != ALM_SQL_STEP_ERROR;
}

static gboolean
write_import_record (AlmDeskImport   *self,
                     const AlmValue  *about,
                     GError         **error)
{
  g_autoptr (AlmValue) fields = alm_value_copy (about);
  AlmValue *told = alm_value_get (fields, "result");
  AlmValue *counts = told != NULL ? alm_value_copy (told) : alm_value_new_object ();
  AlmEdit edit = { .op = ALM_OP_NEW, .has_id = TRUE, .id = self->counts.id, .scope = self->scope,
                   .kind = "import", .set = fields, .batch = self->batch };
  AlmEditResult result;

  alm_value_set_integer (counts, "new", self->counts.n_new);
  alm_value_set_integer (counts, "changed", self->counts.n_changed);
  alm_value_set_integer (counts, "same", self->counts.n_same);
  alm_value_set (fields, "result", counts);
  if (alm_value_get (fields, "kind") == NULL)
    alm_value_set_text (fields, "kind", self->kind);
  if (alm_value_get (fields, "scope") == NULL)
    alm_value_set_text (fields, "scope", self->scope);

  return alm_desk_edit_one (self->desk, &edit, &result, error);
}

gboolean
alm_desk_import_commit (AlmDeskImport    *self,
                        const AlmValue   *about,
                        AlmImportCounts  *counts,
                        GError          **error)
{
  AlmDesk *desk = self->desk;
  gboolean done;

  if (counts != NULL)
    *counts = self->counts;

  if (self->counts.n_new + self->counts.n_changed == 0)
    {
      alm_desk_import_abort (self);
      return TRUE;
    }

  done = about == NULL || write_import_record (self, about, error);
  import_free (self);
  if (!done)
    {
      alm_desk_rollback (desk);
      return FALSE;
    }

  done = alm_desk_commit (desk, error);
  alm_desk_index_if_due (desk);

  return done;
}

typedef struct
{
  const char *name;
  AlmRow     *row;
} ModelSearch;

static gboolean
find_model_cb (const AlmRow  *row,
               gpointer       user_data,
               GError       **error)
{
  ModelSearch *search = user_data;

  /* The city's own counts before one of this desk alone. */
  if (g_strcmp0 (alm_value_get_text_of (row->fields, "name"), search->name) == 0
      && (search->row == NULL || strcmp (row->scope, "system") == 0))
    {
      g_clear_pointer (&search->row, alm_row_free);
      search->row = alm_row_copy (row);
    }

  return TRUE;
}

gboolean
alm_desk_set_model (AlmDesk           *self,
                    const char        *scope,
                    const char        *kind,
                    AlmValue          *schema,
                    AlmId             *id,
                    AlmImportOutcome  *outcome,
                    GError           **error)
{
  g_autoptr (AlmValue) fields = alm_value_new_object ();
  ModelSearch search = { kind, NULL };
  g_autoptr (AlmRow) row = NULL;
  AlmEdit edit = { .has_id = TRUE, .scope = scope, .kind = "model", .set = fields };
  AlmEditResult result;

  if (!alm_desk_each (self, NULL, "model", FALSE, find_model_cb, &search, error))
    {
      g_clear_pointer (&search.row, alm_row_free);
      return FALSE;
    }
  row = search.row;

  alm_value_set_text (fields, "name", kind);
  alm_value_set (fields, "schema", alm_value_ref (schema));
  if (row != NULL)
    edit.id = row->id;
  else
    alm_desk_make_model_id (&edit.id, kind);
  edit.op = row != NULL ? ALM_OP_UPD : ALM_OP_NEW;
  if (!alm_desk_edit (self, &edit, 1, &result, NULL, error))
    return FALSE;

  if (id != NULL)
    *id = result.id;
  if (outcome != NULL)
    *outcome = result.same ? ALM_IMPORT_SAME : row != NULL ? ALM_IMPORT_CHANGED : ALM_IMPORT_NEW;

  return TRUE;
}

static gboolean
move_one (AlmDesk     *self,
          const char  *to,
          AlmRow      *row,
          GError     **error)
{
  g_autoptr (AlmCommand) command = NULL;

  if (!alm_desk_check_place (self, to, row->kind, error)
      || !alm_desk_check_rights (self, to, row->kind, NULL, row->fields, row->fields, error)
      || !alm_desk_check_new (self, row->kind, row->fields, error))
    return FALSE;

  g_free (row->scope);
  row->scope = g_strdup (to);
  command = alm_desk_make_command (self, ALM_OP_NEW, row);
  command->set = alm_value_ref (row->fields);

  return alm_desk_write_command (self, command, row, error) && alm_desk_put (self, row, error);
}

/* What this desk keeps for itself in `local` is not moved by "all". */
static gboolean
take_local_cb (const AlmRow  *row,
               gpointer       user_data,
               GError       **error)
{
  if (strcmp (row->kind, "conflict") != 0)
    g_array_append_val ((GArray *) user_data, row->id);

  return TRUE;
}

static gboolean
move_all (AlmDesk      *self,
          const char   *to,
          const AlmId  *ids,
          guint         n_ids,
          guint        *moved,
          GError      **error)
{
  for (guint i = 0; i < n_ids; i++)
    {
      g_autoptr (AlmRow) row = alm_desk_get (self, &ids[i], error);

      if (row == NULL)
        return FALSE;

      if (strcmp (row->scope, "local") != 0 || row->deleted)
        {
          g_autofree char *text = alm_id_to_text (&ids[i]);

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "record %s is %s", text,
                       row->deleted ? "deleted" : "not in scope local");
          return FALSE;
        }

      if (!move_one (self, to, row, error))
        return FALSE;
      *moved += 1;
    }

  return TRUE;
}

gboolean
alm_desk_move (AlmDesk      *self,
               const char   *to,
               const AlmId  *ids,
               guint         n_ids,
               guint        *moved,
               GError      **error)
{
  static const char *const local[] = { "local", NULL };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (AlmId));

  *moved = 0;
  if (strcmp (to, "local") == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "nothing moves to local");
      return FALSE;
    }

  if (n_ids == 0)
    {
      if (!alm_desk_each (self, local, NULL, FALSE, take_local_cb, all, error))
        return FALSE;
      ids = (const AlmId *) all->data;
      n_ids = all->len;
    }

  if (!alm_desk_begin (self, error))
    return FALSE;

  if (!move_all (self, to, ids, n_ids, moved, error))
    {
      *moved = 0;
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}
