/* SPDX-License-Identifier: EUPL-1.2 */

/* What only this desk still has since the server came back from a backup, and its
 * handing in.
 *
 * Invariants:
 *   1. A stray goes in the transaction that writes the commands which say the same;
 *      from then on the queue answers for it.
 *   2. By itself nothing is handed in over what somebody has changed since.
 *   3. Fields that only the server writes are not handed in.
 * Each public function is one transaction. */

#include "config.h"

#include "alm-desk-stray.h"

#include "alm-desk-overlay-private.h"
#include "alm-desk-scope-private.h"
#include "alm-desk-sync-private.h"
#include "alm-json.h"
#include "alm-store-error.h"

#include <string.h>

#define STRAY_COLUMNS "id, ver, scope, kind, body, since, began"

void
alm_stray_free (AlmStray *self)
{
  g_free (self->scope);
  g_free (self->kind);
  g_clear_pointer (&self->fields, alm_value_unref);
  g_clear_pointer (&self->now, alm_row_free);
  g_free (self);
}

/* Whether the whole of @scope is known as it is at the server. */
static gboolean
is_read (AlmDesk     *self,
         const char  *scope,
         gboolean    *read,
         GError     **error)
{
  g_autoptr (AlmScopeState) state = NULL;

  if (!alm_scope_state_load (self, scope, &state, error))
    return FALSE;
  *read = state != NULL && !state->lost && state->wanted && !state->sweep && state->complete;

  return TRUE;
}

/* @began: a version above it is newer than the restore */
static gboolean
judge (AlmDesk   *self,
       AlmStray  *stray,
       gint64     began,
       GError   **error)
{
  g_auto (AlmDeskLayers) layers = { 0 };
  gboolean waits, read;

  if (!is_read (self, stray->scope, &read, error)
      || !alm_desk_is_covered (self, &stray->id, &waits, error)
      || !alm_desk_load_layers (self, &stray->id, &layers, error))
    return FALSE;

  if (!read || waits)
    stray->state = ALM_STRAY_LATER;
  else if (layers.server == NULL)
    stray->state = ALM_STRAY_NEW;
  else
    stray->state = layers.server->ver <= began ? ALM_STRAY_CHANGE : ALM_STRAY_DIFFERS;
  stray->now = g_steal_pointer (&layers.shown);

  return TRUE;
}

static AlmStray *
read_stray (AlmDesk  *self,
            AlmSql   *query,
            gint64   *began,
            GError  **error)
{
  g_autoptr (AlmStray) stray = g_new0 (AlmStray, 1);
  gsize length;
  gconstpointer id = alm_sql_get_blob (query, 0, &length);

  stray->ver = alm_sql_get_int (query, 1);
  stray->scope = g_strdup (alm_desk_get_name (self, alm_sql_get_int (query, 2)));
  stray->kind = g_strdup (alm_desk_get_name (self, alm_sql_get_int (query, 3)));
  if (length != sizeof stray->id || stray->scope == NULL || stray->kind == NULL)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT, "a stray record is damaged");
      return NULL;
    }
  memcpy (&stray->id, id, sizeof stray->id);
  stray->fields = alm_json_parse (alm_sql_get_text (query, 4), -1, NULL, error);
  if (stray->fields == NULL)
    return NULL;
  alm_clock_parse (alm_sql_get_text (query, 5), &stray->since_us);
  *began = alm_sql_get_int (query, 6);

  return g_steal_pointer (&stray);
}

/* The rows are read to their end before any of them is judged. */
static gboolean
judge_all (AlmDesk    *self,
           GPtrArray  *strays,
           GArray     *began,
           GError    **error)
{
  for (guint i = 0; i < strays->len; i++)
    if (!judge (self, strays->pdata[i], g_array_index (began, gint64, i), error))
      return FALSE;

  return TRUE;
}

static GPtrArray *
list_strays (AlmDesk  *self,
             AlmSql   *query,
             GError  **error)
{
  g_autoptr (GPtrArray) strays = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_stray_free);
  g_autoptr (GArray) all_began = g_array_new (FALSE, FALSE, sizeof (gint64));
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      gint64 began;
      AlmStray *stray = read_stray (self, query, &began, error);

      if (stray == NULL)
        return NULL;
      g_ptr_array_add (strays, stray);
      g_array_append_val (all_began, began);
    }

  return step == ALM_SQL_STEP_DONE && judge_all (self, strays, all_began, error)
         ? g_steal_pointer (&strays) : NULL;
}

GPtrArray *
alm_desk_list_strays (AlmDesk     *self,
                      const char  *scope,
                      GError     **error)
{
  g_autoptr (GString) text = g_string_new ("SELECT " STRAY_COLUMNS " FROM strays WHERE 1");
  g_autoptr (AlmSql) query = NULL;

  if (!alm_desk_append_name (self, text, "scope", scope, error))
    return NULL;
  g_string_append (text, " ORDER BY scope, kind, id, ver");
  query = alm_sql_prepare (self->db->handle, text->str);

  return list_strays (self, query, error);
}

/* (transfer full); NULL without an error: there is none */
static AlmStray *
find_stray (AlmDesk      *self,
            const AlmId  *id,
            gint64        ver,
            GError      **error)
{
  g_autoptr (AlmSql) query = alm_sql_prepare (self->db->handle, "SELECT " STRAY_COLUMNS
                                              " FROM strays WHERE id = :id AND ver = :ver");
  g_autoptr (GPtrArray) found = NULL;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":ver", ver);
  found = list_strays (self, query, error);
  if (found == NULL)
    return NULL;
  if (found->len == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "this record does not exist only here any more");
      return NULL;
    }

  return g_ptr_array_steal_index (found, 0);
}

static gboolean
forget (AlmDesk      *self,
        const AlmId  *id,
        gint64        ver,
        GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "DELETE FROM strays"
                                             " WHERE id = :id AND ver = :ver");

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":ver", ver);

  return alm_sql_run (query, error);
}

static gboolean
is_writable (const AlmModel *model,
             const char     *name)
{
  const AlmField *field = model != NULL ? alm_model_find_field (model, name) : NULL;

  return field == NULL || !field->read_only;
}

/* What has to be set so that the record holds what the stray holds. */
static AlmValue *
find_changes (AlmDesk         *self,
              const AlmStray  *stray)
{
  const AlmModel *model = alm_desk_get_model (self, stray->kind);
  const AlmValue *now = stray->now != NULL ? stray->now->fields : NULL;
  AlmValue *set = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (stray->fields); i++)
    {
      const char *name = alm_value_get_key (stray->fields, i);
      AlmValue *value = alm_value_get_item (stray->fields, i);

      if (is_writable (model, name) && !alm_value_equal (alm_value_get (now, name), value))
        alm_value_set (set, name, alm_value_ref (value));
    }
  for (guint i = 0; i < alm_value_get_size (now); i++)
    {
      const char *name = alm_value_get_key (now, i);

      if (is_writable (model, name) && alm_value_get (stray->fields, name) == NULL)
        alm_value_set (set, name, alm_value_new_null ());
    }

  return set;
}

/* Is it an edit that a person could make here?  FALSE with the reason. */
static gboolean
may_edit (AlmDesk         *self,
          const AlmStray  *stray,
          const AlmEdit   *edit,
          GError         **error)
{
  gboolean same;

  return alm_desk_check_place (self, stray->scope, stray->kind, error)
         && alm_desk_try_edit (self, edit, stray->now, &same, error);
}

static gboolean
undelete (AlmDesk         *self,
          const AlmStray  *stray,
          const char      *batch,
          GError         **error)
{
  AlmEdit edit = { .op = ALM_OP_UNDEL, .has_id = TRUE, .id = stray->id, .batch = batch };
  AlmEditResult result;

  return !stray->now->deleted || alm_desk_edit_one (self, &edit, &result, error);
}

/* *done FALSE: it cannot be handed in, and *reason says why; FALSE: the transaction
 * has to be given up. */
static gboolean
hand_in (AlmDesk         *self,
         const AlmStray  *stray,
         const char      *batch,
         gboolean        *done,
         GError         **reason,
         GError         **error)
{
  g_autoptr (AlmValue) set = find_changes (self, stray);
  AlmEdit edit = {
    .op = stray->now == NULL ? ALM_OP_NEW : ALM_OP_UPD, .has_id = TRUE, .id = stray->id,
    .scope = stray->scope, .kind = stray->kind, .set = set, .batch = batch,
  };
  AlmEditResult result;

  *done = FALSE;
  if (!may_edit (self, stray, &edit, reason))
    return TRUE;

  *done = TRUE;

  return (stray->now == NULL || undelete (self, stray, batch, error))
         && (alm_value_get_size (set) == 0 || alm_desk_edit_one (self, &edit, &result, error))
         && forget (self, &stray->id, stray->ver, error);
}

static char *
make_batch (AlmDesk *self)
{
  AlmId id;

  alm_id_make_v7 (&id, alm_clock_now_us (self->clock), &self->random);

  return alm_id_to_text (&id);
}

static gboolean
rescue (AlmDesk     *self,
        const char  *scope,
        guint       *rescued,
        guint       *left,
        GError     **error)
{
  g_autofree char *batch = make_batch (self);
  g_autoptr (GPtrArray) strays = alm_desk_list_strays (self, scope, error);

  if (strays == NULL)
    return FALSE;

  for (guint i = 0; i < strays->len; i++)
    {
      const AlmStray *stray = strays->pdata[i];
      const AlmStray *last = i > 0 ? strays->pdata[i - 1] : NULL;
      gboolean same = last != NULL && alm_id_equal (&last->id, &stray->id);
      gboolean done = FALSE;

      /* Of one record from two restores somebody has to say which is right. */
      if (i + 1 < strays->len)
        same |= alm_id_equal (&((AlmStray *) strays->pdata[i + 1])->id, &stray->id);
      if (!same && (stray->state == ALM_STRAY_NEW || stray->state == ALM_STRAY_CHANGE))
        {
          g_autoptr (GError) reason = NULL;

          if (!hand_in (self, stray, batch, &done, &reason, error))
            return FALSE;
          if (!done)
            g_message ("not handed in: %s", reason->message);
        }
      *rescued += done;
      *left += !done;
    }

  return TRUE;
}

gboolean
alm_desk_rescue (AlmDesk     *self,
                 const char  *scope,
                 guint       *rescued,
                 guint       *left,
                 GError     **error)
{
  *rescued = *left = 0;
  if (!alm_desk_begin (self, error))
    return FALSE;

  return alm_desk_end (self, rescue (self, scope, rescued, left, error), error);
}

static gboolean
rescue_one (AlmDesk      *self,
            const AlmId  *id,
            gint64        ver,
            GError      **error)
{
  g_autofree char *batch = make_batch (self);
  g_autoptr (AlmStray) stray = find_stray (self, id, ver, error);
  gboolean done;

  if (stray == NULL)
    return FALSE;

  if (stray->state == ALM_STRAY_LATER)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                   "the next round with the server has to end before this can be handed in");
      return FALSE;
    }

  return hand_in (self, stray, batch, &done, error, error) && done;
}

gboolean
alm_desk_rescue_one (AlmDesk      *self,
                     const AlmId  *id,
                     gint64        ver,
                     GError      **error)
{
  if (!alm_desk_begin (self, error))
    return FALSE;

  return alm_desk_end (self, rescue_one (self, id, ver, error), error);
}

gboolean
alm_desk_drop_stray (AlmDesk      *self,
                     const AlmId  *id,
                     gint64        ver,
                     GError      **error)
{
  if (!alm_desk_begin (self, error))
    return FALSE;

  return alm_desk_end (self, forget (self, id, ver, error), error);
}
