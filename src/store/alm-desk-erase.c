/* SPDX-License-Identifier: EUPL-1.2 */

/* Invariants:
 *   1. In the transaction that brings an erasure the value goes out of the record, what
 *      lies under it, every command that names it (waiting ones, too: the server would
 *      refuse it) and what is kept apart since a restore.
 *   2. A command that loses a value keeps the name with null: what is handed in once
 *      more after a restore stays well-formed, and takes nothing back.
 *   3. Setting "wipe" is written in that transaction.  It goes when the files hold nothing
 *      of it and the server has been told, so neither a crash nor a torn answer loses it. */

#include "config.h"

#include "alm-desk-derived-private.h"
#include "alm-desk-erase-private.h"
#include "alm-desk-overlay-private.h"
#include "alm-desk-scope-private.h"

#include "alm-erasure.h"
#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

#define SETTING "wipe"

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

  return (followed || erase_row (self, &owed->id, owed->fields, error))
         && alm_desk_erase_record (self, &owed->id, owed->fields, error)
         && alm_desk_wipe_note (self, TRUE, owed->scope, owed->seq, error);
}

/* Files. */

/* {"words": bool, "seen": {scope: version}}; NULL: nothing to do.  (transfer full) */
static gboolean
read_due (AlmDesk   *self,
          AlmValue **due,
          GError   **error)
{
  g_autofree char *text = NULL;

  *due = NULL;
  if (!alm_desk_read_setting (self, SETTING, &text, error))
    return FALSE;
  if (text != NULL)
    *due = alm_json_parse (text, -1, NULL, NULL);
  if (text != NULL && !alm_value_is (*due, ALM_VALUE_OBJECT))
    {
      g_clear_pointer (due, alm_value_unref);
      *due = alm_value_new_object ();
    }

  return TRUE;
}

/* @seen: (nullable) */
static gboolean
write_due (AlmDesk   *self,
           gboolean   words,
           AlmValue  *seen,
           GError   **error)
{
  g_autoptr (AlmValue) due = alm_value_new_object ();
  g_autofree char *text = NULL;

  alm_value_set (due, "words", alm_value_new_boolean (words));
  if (seen != NULL)
    alm_value_set (due, "seen", alm_value_ref (seen));
  text = alm_value_to_text (due);

  return alm_desk_write_setting (self, SETTING, text, error);
}

gboolean
alm_desk_wipe_note (AlmDesk     *self,
                    gboolean     words,
                    const char  *scope,
                    gint64       seq,
                    GError     **error)
{
  g_autoptr (AlmValue) due = NULL;
  g_autoptr (AlmValue) seen = NULL;
  const AlmValue *before;

  if (!read_due (self, &due, error))
    return FALSE;
  before = alm_value_get (due, "seen");
  seen = before != NULL ? alm_value_copy (before) : alm_value_new_object ();
  if (scope != NULL)
    alm_value_set_integer (seen, scope, MAX (seq, alm_value_get_integer_of (seen, scope, 0)));

  return write_due (self, words || alm_value_get_boolean_of (due, "words", FALSE), seen, error);
}

gboolean
alm_desk_wipe_is_due (AlmDesk   *self,
                      gboolean  *due,
                      GError   **error)
{
  gint64 n;

  if (!alm_db_get_int (self->db, "SELECT count(*) FROM settings WHERE name = '" SETTING "'", 0,
                       &n, error))
    return FALSE;
  *due = n > 0;

  return TRUE;
}

static gboolean
sweep_words (AlmDesk   *self,
             AlmValue  *seen,
             GError   **error)
{
  if (!alm_desk_begin (self, error))
    return FALSE;
  if (!alm_desk_sweep_words (self, error) || !write_due (self, FALSE, seen, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}

/* Of a scope that is followed everything has been taken over up to its cursor, once its feed
 * was read to the end: before, a record's line may lie further on than its erasure. */
static gboolean
find_seen (AlmDesk          *self,
           const AlmValue   *noted,
           AlmValue        **seen,
           GError          **error)
{
  g_autoptr (AlmValue) ready = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (noted); i++)
    {
      const char *scope = alm_value_get_key (noted, i);
      gint64 seq = alm_value_get_integer (alm_value_get_item (noted, i));
      g_autoptr (AlmScopeState) state = NULL;

      if (!alm_scope_state_load (self, scope, &state, error))
        return FALSE;
      if (state == NULL || state->lost || !state->wanted)
        alm_value_set_integer (ready, scope, seq);
      else if (state->complete && state->cursor >= seq)
        alm_value_set_integer (ready, scope, state->cursor);
    }
  if (alm_value_get_size (ready) > 0)
    *seen = g_steal_pointer (&ready);

  return TRUE;
}

/* Without those that @told has; the setting goes with the last. */
static gboolean
forget_seen (AlmDesk         *self,
             const AlmValue  *told,
             GError         **error)
{
  g_autoptr (AlmValue) due = NULL;
  g_autoptr (AlmValue) left = alm_value_new_object ();
  const AlmValue *seen;
  gboolean words;

  if (!read_due (self, &due, error))
    return FALSE;
  seen = alm_value_get (due, "seen");
  words = alm_value_get_boolean_of (due, "words", FALSE);
  for (guint i = 0; i < alm_value_get_size (seen); i++)
    {
      const char *scope = alm_value_get_key (seen, i);
      gint64 seq = alm_value_get_integer (alm_value_get_item (seen, i));

      if (alm_value_get_integer_of (told, scope, -1) < seq)
        alm_value_set_integer (left, scope, seq);
    }
  if (words || alm_value_get_size (left) > 0)
    return write_due (self, words, left, error);

  return alm_desk_write_setting (self, SETTING, NULL, error);
}

gboolean
alm_desk_wipe_confirmed (AlmDesk         *self,
                         const AlmValue  *seen,
                         GError         **error)
{
  if (!alm_desk_begin (self, error))
    return FALSE;
  if (!forget_seen (self, seen, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}

gboolean
alm_desk_wipe (AlmDesk    *self,
               gboolean   *done,
               AlmValue  **seen,
               GError    **error)
{
  g_autoptr (AlmValue) due = NULL;
  AlmValue *noted;

  *done = TRUE;
  *seen = NULL;
  if (!read_due (self, &due, error))
    return FALSE;
  if (due == NULL)
    return TRUE;

  noted = alm_value_get (due, "seen");
  if (ALM_PLANTED ("confirmed-unwiped"))
    return find_seen (self, noted, seen, error);
  /* Half an index would be swept of half the words. */
  alm_desk_index_if_due (self);
  *done = self->texts_to == G_MAXINT64;
  if (!*done)
    return TRUE;
  if (alm_value_get_boolean_of (due, "words", FALSE) && !sweep_words (self, noted, error))
    return FALSE;
  if (!alm_db_wipe (self->db, done, error))
    return FALSE;
  if (!*done)
    return TRUE;
  if (!find_seen (self, noted, seen, error))
    return FALSE;

  return alm_value_get_size (noted) > 0 || alm_desk_wipe_confirmed (self, NULL, error);
}
