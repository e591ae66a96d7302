/* SPDX-License-Identifier: EUPL-1.2 */

/* Undo and redo (sync.md, section 4.10).
 *
 * To undo is to merge: base = what the command set, theirs = what is there now,
 * mine = what was before.  Where the two do not collide an ordinary command is
 * written, which says by `undoes` which one it takes back; that is what makes
 * the next undo go further back, and what a redo takes back in turn.
 *
 * Invariants:
 *   1. A command is dead if an undo of it is alive; a dead one is not undone again.
 *   2. What others have changed since is never overwritten. */

#include "config.h"

#include "alm-desk-history.h"
#include "alm-desk-private.h"

#include "alm-merge.h"
#include "alm-store-error.h"

#include <string.h>

/* So far back Ctrl+Z looks. */
#define LOOK_BACK 20000

/* What an undo or redo has done. */
typedef struct
{
  guint      undone;     /* records changed */
  GPtrArray *left;       /* (element-type utf8): "ID field who" of what was left */
  GPtrArray *history;    /* (element-type AlmHistoryEntry) what is known of the record; NULL */
  guint      index;      /* in it: what is undone */
} UndoResult;

static void
add_left (UndoResult    *result,
          const AlmId   *id,
          const char    *field,
          const char    *who)
{
  g_autofree char *text = alm_id_to_text (id);

  g_ptr_array_add (result->left, g_strdup_printf ("%s %s %s", text, field, who));
}

/* Who has changed @field since then, as the history says. */
static char *
find_told (AlmDesk          *self,
           const AlmId      *id,
           const UndoResult *result,
           const char       *field)
{
  g_autoptr (AlmRow) row = NULL;
  const char *user;

  if (result->history == NULL || !alm_desk_load (self, id, &row, NULL) || row == NULL)
    return NULL;

  user = alm_history_find_later (alm_desk_get_model (self, row->kind), result->history,
                                 result->index, field);

  return user != NULL && *user != '\0' ? g_strdup (user) : NULL;
}

/* Who has changed @field since command @k, as far as this desk knows. */
static char *
find_who (AlmDesk                 *self,
          const AlmStoredCommand  *stored,
          const UndoResult        *result,
          const char              *field)
{
  char *user = find_told (self, &stored->command->id, result, field);
  g_autoptr (GPtrArray) commands = NULL;

  if (user != NULL)
    return user;
  if (stored->k < 0)
    return g_strdup ("others");

  commands = alm_desk_list_commands (self, ALM_COMMANDS_ALL, &stored->command->id, NULL);
  user = alm_desk_get_setting (self, "user");
  for (guint i = 0; commands != NULL && i < commands->len; i++)
    {
      const AlmStoredCommand *later = commands->pdata[i];

      if (later->k > stored->k && later->command->set != NULL
          && alm_value_get (later->command->set, field) != NULL)
        return user != NULL ? user : g_strdup ("you");
    }
  g_free (user);

  return g_strdup ("others");
}

/* The members of @from that are not null; absent stays absent. */
static AlmValue *
without_nulls (const AlmValue *from)
{
  AlmValue *fields = alm_value_new_object ();

  for (guint i = 0; from != NULL && i < alm_value_get_size (from); i++)
    if (!alm_value_is (alm_value_get_item (from, i), ALM_VALUE_NULL))
      alm_value_set (fields, alm_value_get_key (from, i),
                     alm_value_ref (alm_value_get_item (from, i)));

  return fields;
}

/* What was before in each field of @set; null for what was not there. */
static AlmValue *
make_before (const AlmValue *set,
             const AlmValue *old)
{
  AlmValue *before = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (set); i++)
    {
      const char *name = alm_value_get_key (set, i);
      AlmValue *was = old != NULL ? alm_value_get (old, name) : NULL;

      alm_value_set (before, name, was != NULL ? alm_value_ref (was) : alm_value_new_null ());
    }

  return before;
}

static gboolean
write_edit (AlmDesk        *self,
            AlmEdit        *edit,
            const char     *batch,
            UndoResult     *result,
            gboolean        counts,
            GError        **error)
{
  AlmEditResult done;

  edit->batch = batch;
  edit->confirm = TRUE;
  if (!alm_desk_edit_one (self, edit, &done, error))
    return FALSE;

  if (!done.same && counts)
    result->undone++;

  return TRUE;
}

/* The fields that are not any more as the command has set them. */
static gboolean
find_collisions (AlmDesk                 *self,
                 const AlmStoredCommand  *stored,
                 const AlmRow            *row,
                 UndoResult              *result)
{
  guint left = result->left->len;
  g_autoptr (AlmValue) set = without_nulls (stored->command->set);

  for (guint i = 0; i < alm_value_get_size (row->fields); i++)
    {
      const char *name = alm_value_get_key (row->fields, i);
      AlmValue *was = alm_value_get (set, name);

      if (was == NULL || !alm_value_equal (was, alm_value_get_item (row->fields, i)))
        {
          g_autofree char *who = find_who (self, stored, result, name);

          add_left (result, &row->id, name, who);
        }
    }
  for (guint i = 0; i < alm_value_get_size (set); i++)
    if (alm_value_get (row->fields, alm_value_get_key (set, i)) == NULL)
      {
        g_autofree char *who = find_who (self, stored, result,
                                          alm_value_get_key (set, i));

        add_left (result, &row->id, alm_value_get_key (set, i), who);
      }

  return result->left->len > left;
}

static gboolean
undo_new (AlmDesk                 *self,
          const AlmStoredCommand  *stored,
          const AlmRow            *row,
          const char              *batch,
          UndoResult              *result,
          GError                 **error)
{
  AlmEdit edit = { .op = ALM_OP_DEL, .has_id = TRUE, .id = row->id };

  if (row->deleted || find_collisions (self, stored, row, result))
    return TRUE;

  return write_edit (self, &edit, batch, result, strcmp (row->kind, "import") != 0, error);
}

static gboolean
undo_upd (AlmDesk                 *self,
          const AlmStoredCommand  *stored,
          const AlmRow            *row,
          const char              *batch,
          UndoResult              *result,
          GError                 **error)
{
  AlmModel *model = alm_desk_get_model (self, row->kind);
  g_autoptr (GPtrArray) conflicts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
  g_autoptr (AlmValue) base = without_nulls (stored->command->set);
  g_autoptr (AlmValue) mine = make_before (stored->command->set, stored->command->old);
  g_autoptr (AlmValue) merged = alm_merge_fields (model, base, row->fields, mine, conflicts);
  g_autoptr (AlmValue) set = NULL;
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .id = row->id };

  for (guint i = 0; i < conflicts->len; i++)
    {
      const AlmMergeConflict *conflict = conflicts->pdata[i];
      g_autofree char *who = find_who (self, stored, result, conflict->field);

      add_left (result, &row->id, conflict->field, who);
    }

  if (row->deleted)
    return TRUE;

  /* The whole result: fields that the undo takes away are named with null. */
  set = alm_value_copy (merged);
  for (guint i = 0; i < alm_value_get_size (row->fields); i++)
    if (alm_value_get (merged, alm_value_get_key (row->fields, i)) == NULL)
      alm_value_set (set, alm_value_get_key (row->fields, i), alm_value_new_null ());
  edit.set = set;

  return write_edit (self, &edit, batch, result, TRUE, error);
}

static gboolean
undo_command (AlmDesk                 *self,
              const AlmStoredCommand  *stored,
              const char              *batch,
              UndoResult              *result,
              GError                 **error)
{
  g_autoptr (AlmRow) row = NULL;
  AlmEdit edit = { .has_id = TRUE, .id = stored->command->id };

  if (!alm_desk_load (self, &stored->command->id, &row, error))
    return FALSE;
  if (row == NULL)
    return TRUE;   /* erased, or its scope was lost */
  if (stored->k < 0 && !alm_desk_learn_row (self, row, result->history, error))
    return FALSE;

  self->undoing = stored->k;
  switch (stored->command->op)
    {
    case ALM_OP_NEW:
      return undo_new (self, stored, row, batch, result, error);

    case ALM_OP_UPD:
    case ALM_OP_RESOLVE:
      return undo_upd (self, stored, row, batch, result, error);

    case ALM_OP_DEL:
      edit.op = ALM_OP_UNDEL;
      return write_edit (self, &edit, batch, result, strcmp (row->kind, "import") != 0, error);

    case ALM_OP_UNDEL:
      edit.op = ALM_OP_DEL;
      return write_edit (self, &edit, batch, result, strcmp (row->kind, "import") != 0, error);

    case ALM_OP_ERASE:
    default:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "what was erased does not come back");
      return FALSE;
    }
}

/* The newest first: a record that was changed twice in a batch goes back in order. */
static GPtrArray *
load_commands (AlmDesk     *self,
               const char  *where,
               gint64       number,
               const char  *batch,
               GError     **error)
{
  g_autofree char *text = g_strdup_printf ("SELECT " ALM_COMMAND_COLUMNS " FROM commands"
                                           " WHERE %s AND state NOT IN ('refused','dismissed')"
                                           " ORDER BY k DESC", where);
  g_autoptr (GPtrArray) commands =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_stored_command_free);
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle, text);
  AlmSqlStep step;

  if (batch != NULL)
    alm_sql_bind_text (sql, ":batch", batch);
  else
    alm_sql_bind_int (sql, ":number", number);
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      AlmStoredCommand *stored = alm_desk_read_command (self, sql, error);

      if (stored == NULL)
        return NULL;
      g_ptr_array_add (commands, stored);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&commands) : NULL;
}

static gboolean
undo_all (AlmDesk        *self,
          GPtrArray      *commands,
          UndoResult     *result,
          GError        **error)
{
  AlmId id;
  g_autofree char *batch = NULL;

  if (commands->len > 1)
    {
      alm_id_make_v7 (&id, alm_clock_now_us (self->clock), &self->random);
      batch = alm_id_to_text (&id);
    }

  for (guint i = 0; i < commands->len; i++)
    if (!undo_command (self, commands->pdata[i], batch, result, error))
      return FALSE;

  /* One command that collides is refused as a whole. */
  if (commands->len == 1 && result->left->len > 0)
    {
      g_auto (GStrv) words = g_strsplit (result->left->pdata[0], " ", 3);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG,
                   "field '%s' has been changed since by %s", words[1], words[2]);
      return FALSE;
    }

  return TRUE;
}

static gboolean
undo_in_transaction (AlmDesk        *self,
                     GPtrArray      *commands,
                     UndoResult     *result,
                     GError        **error)
{
  gboolean done;

  if (!alm_desk_begin (self, error))
    return FALSE;

  done = undo_all (self, commands, result, error);
  self->undoing = -1;
  if (!done)
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}

/* Walks from the newest command back.  @redo: the newest undo that is alive, with
 * nothing but undos and redos after it; else the newest other command that is.
 * *k = 0: there is none. */
static gboolean
find_step (AlmDesk   *self,
           gboolean   redo,
           gint64    *k,
           char     **batch,
           GError   **error)
{
  g_autoptr (GHashTable) dead = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GHashTable) undos = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
    "SELECT k, undoes, batch, (SELECT undoes FROM commands o WHERE o.k = c.undoes) IS NOT NULL"
    " FROM commands c WHERE desk = :desk AND state NOT IN ('refused','dismissed')"
    " AND undoes IS NOT 0 ORDER BY k DESC LIMIT " G_STRINGIFY (LOOK_BACK));
  AlmSqlStep step;

  *k = 0;
  alm_sql_bind_blob (sql, ":desk", self->id.bytes, sizeof self->id.bytes);
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      gint64 number = alm_sql_get_int (sql, 0);
      gint64 undoes = alm_sql_is_null (sql, 1) ? -1 : alm_sql_get_int (sql, 1);
      gboolean is_redo = alm_sql_get_int (sql, 3) != 0;
      gboolean is_dead = g_hash_table_contains (dead, &number);

      if (!is_dead && undoes > 0)
        g_hash_table_add (dead, g_memdup2 (&undoes, sizeof undoes));

      if (is_dead || (redo ? is_redo : undoes > 0))
        continue;
      if (redo && undoes < 0)
        return TRUE;   /* something new was done since */

      *k = number;
      *batch = g_strdup (alm_sql_get_text (sql, 2));

      return TRUE;
    }

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
undo_step (AlmDesk        *self,
           gboolean        redo,
           UndoResult     *result,
           GError        **error)
{
  g_autoptr (GPtrArray) commands = NULL;
  g_autofree char *batch = NULL;
  gint64 k;

  if (!find_step (self, redo, &k, &batch, error))
    return FALSE;

  if (k == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is nothing to %s",
                   redo ? "redo" : "undo");
      return FALSE;
    }

  commands = batch != NULL ? load_commands (self, "batch = :batch", 0, batch, error)
                           : load_commands (self, "k = :number", k, NULL, error);

  return commands != NULL && undo_in_transaction (self, commands, result, error);
}

static gboolean
undo_named (AlmDesk     *self,
            gint64       n,
            const char  *batch,
            UndoResult  *result,
            GError     **error)
{
  g_autoptr (GPtrArray) commands = NULL;

  commands = batch != NULL
             ? load_commands (self, "batch = :batch AND undoes IS NULL", 0, batch, error)
             : load_commands (self, "k = (SELECT max (k) FROM commands WHERE n = :number)", n,
                              NULL, error);
  if (commands == NULL)
    return FALSE;

  if (commands->len == 0)
    {
      if (batch != NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no import %s", batch);
      else
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                     "there is no command %" G_GINT64_FORMAT " of this desk", n);
      return FALSE;
    }

  return undo_in_transaction (self, commands, result, error);
}

static void
hand_over (UndoResult *result,
           guint      *undone,
           GPtrArray  *left)
{
  if (undone != NULL)
    *undone = result->undone;
  for (guint i = 0; left != NULL && i < result->left->len; i++)
    g_ptr_array_add (left, g_strdup (result->left->pdata[i]));
}

/* The command of this desk behind an entry, or the entry as if it were one. */
static GPtrArray *
take_entry (AlmDesk                *self,
            const AlmHistoryEntry  *entry,
            GError                **error)
{
  GPtrArray *commands;
  AlmStoredCommand *stored;

  if (entry->k > 0)
    return load_commands (self, "k = :number", entry->k, NULL, error);

  commands = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_stored_command_free);
  stored = g_new0 (AlmStoredCommand, 1);
  stored->k = -1;      /* what takes it back is no undo of an own command */
  stored->desk = entry->desk;
  stored->seq = entry->seq;
  stored->command = alm_command_copy (entry->command);
  g_ptr_array_add (commands, stored);

  return commands;
}

gboolean
alm_desk_undo_entry (AlmDesk    *self,
                     GPtrArray  *entries,
                     guint       index,
                     gboolean   *undone,
                     GPtrArray  *left,
                     GError    **error)
{
  g_autoptr (GPtrArray) all_left = g_ptr_array_new_with_free_func (g_free);
  UndoResult result = { 0, all_left, entries, index };
  guint n_undone = 0;
  gboolean done;
  g_autoptr (GPtrArray) commands = NULL;
  const AlmHistoryEntry *entry;

  g_return_val_if_fail (index < entries->len, FALSE);

  entry = entries->pdata[index];
  commands = take_entry (self, entry, error);
  if (commands == NULL)
    return FALSE;
  if (commands->len == 0 || entry->state == ALM_HISTORY_REFUSED)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "this change never became part of the record");
      return FALSE;
    }

  done = undo_in_transaction (self, commands, &result, error);
  hand_over (&result, &n_undone, left);
  *undone = done && n_undone > 0;

  return done;
}

gboolean
alm_desk_undo (AlmDesk     *self,
               gint64       n,
               const char  *batch,
               guint       *undone,
               GPtrArray   *left,
               GError     **error)
{
  g_autoptr (GPtrArray) all_left = g_ptr_array_new_with_free_func (g_free);
  UndoResult result = { .left = all_left };
  gboolean done = n == 0 && batch == NULL ? undo_step (self, FALSE, &result, error)
                                          : undo_named (self, n, batch, &result, error);

  hand_over (&result, undone, left);

  return done;
}

gboolean
alm_desk_redo (AlmDesk    *self,
               guint      *undone,
               GPtrArray  *left,
               GError    **error)
{
  g_autoptr (GPtrArray) all_left = g_ptr_array_new_with_free_func (g_free);
  UndoResult result = { .left = all_left };
  gboolean done = undo_step (self, TRUE, &result, error);

  hand_over (&result, undone, left);

  return done;
}

gboolean
alm_desk_can_undo (AlmDesk   *self,
                   gboolean  *undo,
                   gboolean  *redo,
                   GError   **error)
{
  g_autofree char *undo_batch = NULL;
  g_autofree char *redo_batch = NULL;
  gint64 undo_k, redo_k;

  if (!find_step (self, FALSE, &undo_k, &undo_batch, error)
      || !find_step (self, TRUE, &redo_k, &redo_batch, error))
    return FALSE;

  *undo = undo_k > 0;
  *redo = redo_k > 0;

  return TRUE;
}

/* The batch of what alm_desk_undo() would take back next; NULL where there is
 * nothing or it had none.  (transfer full) */
char *
alm_desk_peek_undo (AlmDesk *self)
{
  g_autofree char *batch = NULL;
  gint64 k;

  return find_step (self, FALSE, &k, &batch, NULL) ? g_steal_pointer (&batch) : NULL;
}
