/* SPDX-License-Identifier: EUPL-1.2 */

/* What was taken out of the tables goes out of the files, and then the server is told.
 *
 * Invariant: setting "wipe" is written in the transaction that takes something away.  It
 * goes when the files hold nothing of it and the server has heard, so neither a crash nor
 * a torn answer loses it. */

#include "config.h"

#include "alm-blob-store.h"
#include "alm-desk-derived-private.h"
#include "alm-desk-erase-private.h"
#include "alm-desk-scope-private.h"

#include "alm-json.h"
#include "alm-plant.h"

#define SETTING "wipe"
/* Names of attached files, as a list: they stay there until they were taken away or found
 * to be named by something else. */
#define FILES "wipe_files"

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

/* The names that stand there; (transfer full) (nullable) */
static gboolean
read_files (AlmDesk   *self,
            AlmValue **files,
            GError   **error)
{
  g_autofree char *text = NULL;

  *files = NULL;
  if (!alm_desk_read_setting (self, FILES, &text, error))
    return FALSE;
  if (text != NULL)
    *files = alm_json_parse (text, -1, NULL, error);

  return text == NULL || *files != NULL;
}

gboolean
alm_desk_wipe_note_files (AlmDesk     *self,
                          GHashTable  *names,
                          GError     **error)
{
  g_autoptr (AlmValue) before = NULL;
  g_autoptr (AlmValue) files = alm_value_new_list ();
  g_autofree char *text = NULL;
  GHashTableIter iter;
  gpointer name;

  if (g_hash_table_size (names) == 0)
    return TRUE;
  if (!read_files (self, &before, error))
    return FALSE;

  for (guint i = 0; i < alm_value_get_size (before); i++)
    g_hash_table_add (names, g_strdup (alm_value_get_text (alm_value_get_item (before, i))));
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    alm_value_append (files, alm_value_new_text (name));
  text = alm_value_to_text (files);

  return alm_desk_write_setting (self, FILES, text, error);
}

/* By what is shown, by what lies under it, or by what may still be sent or taken back. */
static gboolean
is_named (AlmDesk     *self,
          const char  *sha256,
          gboolean    *named,
          GError     **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT EXISTS (SELECT 1 FROM blob_refs WHERE sha256 = ?1)"
                            " OR EXISTS (SELECT 1 FROM shadow WHERE instr (body, ?1) > 0"
                            " OR instr (coalesce (body_p, ''), ?1) > 0)"
                            " OR EXISTS (SELECT 1 FROM commands"
                            " WHERE instr (coalesce (set_, ''), ?1) > 0"
                            " OR instr (coalesce (old_, ''), ?1) > 0)"
                            " OR EXISTS (SELECT 1 FROM strays WHERE instr (body, ?1) > 0)");

  alm_sql_bind_text_at (query, 1, sha256);
  if (alm_sql_step (query, error) != ALM_SQL_STEP_ROW)
    return FALSE;
  *named = alm_sql_get_int (query, 0) != 0;

  return TRUE;
}

static gboolean
drop_file (AlmDesk     *self,
           const char  *sha256,
           GError     **error)
{
  g_autoptr (AlmQuery) query = NULL;
  gboolean named;

  if (!is_named (self, sha256, &named, error))
    return FALSE;
  if (named)
    return TRUE;

  alm_blob_store_drop_part (self->dir, sha256, NULL);
  query = alm_db_query (self->db, "DELETE FROM blobs WHERE sha256 = ?1");
  alm_sql_bind_text_at (query, 1, sha256);

  return alm_blob_store_remove (self->dir, sha256, error) && alm_sql_run (query, error);
}

/* The files first, and the note of them with the commit: a crash between them does it
 * once more. */
static gboolean
drop_files (AlmDesk  *self,
            GError  **error)
{
  g_autoptr (AlmValue) files = NULL;
  gboolean done = TRUE;

  if (!read_files (self, &files, error))
    return FALSE;
  if (files == NULL)
    return TRUE;
  if (!alm_desk_begin (self, error))
    return FALSE;

  for (guint i = 0; done && i < alm_value_get_size (files); i++)
    done = drop_file (self, alm_value_get_text (alm_value_get_item (files, i)), error);
  if (!done || !alm_desk_write_setting (self, FILES, NULL, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
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
  if (!drop_files (self, error) || !alm_db_wipe (self->db, done, error))
    return FALSE;
  if (!*done)
    return TRUE;
  if (!find_seen (self, noted, seen, error))
    return FALSE;

  return alm_value_get_size (noted) > 0 || alm_desk_wipe_confirmed (self, NULL, error);
}
