/* SPDX-License-Identifier: EUPL-1.2 */

/* The profile: opening it, what it knows of itself, its transactions.
 *
 * Invariants:
 *   1. All writing happens between begin and commit; commit tells of the change
 *      only when it is on the disk.
 *   2. What is kept in memory (names, models, last_n) equals the file after each
 *      commit and each rollback.
 *   3. `last_n` never falls: the number of a command is given once.
 * Used by one thread at a time. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-desk-blobs.h"
#include "alm-plant.h"
#include "alm-store-error.h"

#include <sodium.h>
#include <string.h>

/* More rows than this are not named one by one in a change. */
#define CHANGE_MAX 5000

void
alm_row_free (AlmRow *self)
{
  g_free (self->scope);
  g_free (self->kind);
  g_clear_pointer (&self->fields, alm_value_unref);
  g_free (self);
}

AlmRow *
alm_row_copy (const AlmRow *self)
{
  AlmRow *copy = g_new (AlmRow, 1);

  *copy = *self;
  copy->scope = g_strdup (self->scope);
  copy->kind = g_strdup (self->kind);
  copy->fields = alm_value_ref (self->fields);

  return copy;
}

void
alm_change_free (AlmChange *self)
{
  g_array_unref (self->rids);
  g_ptr_array_unref (self->kinds);
  g_free (self);
}

/* Reads one setting; *value is NULL where it is unset. */
gboolean
alm_desk_read_setting (AlmDesk     *self,
                       const char  *name,
                       char       **value,
                       GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
                                             "SELECT value FROM settings WHERE name = :name");
  AlmSqlStep step;

  alm_sql_bind_text (query, ":name", name);
  step = alm_sql_step (query, error);
  *value = step == ALM_SQL_STEP_ROW ? g_strdup (alm_sql_get_text (query, 0)) : NULL;

  return step != ALM_SQL_STEP_ERROR;
}

gboolean
alm_desk_write_setting (AlmDesk     *self,
                        const char  *name,
                        const char  *value,
                        GError     **error)
{
  g_autoptr (AlmQuery) query = NULL;

  if (value == NULL)
    query = alm_db_query (self->db, "DELETE FROM settings WHERE name = :name");
  else
    {
      query = alm_db_query (self->db, "INSERT INTO settings (name, value) VALUES (:name, :value)"
                                      " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
      alm_sql_bind_text (query, ":value", value);
    }
  alm_sql_bind_text (query, ":name", name);

  return alm_sql_run (query, error);
}

char *
alm_desk_get_setting (AlmDesk    *self,
                      const char *name)
{
  char *value = NULL;

  alm_desk_read_setting (self, name, &value, NULL);

  return value;
}

gboolean
alm_desk_set_setting (AlmDesk     *self,
                      const char  *name,
                      const char  *value,
                      GError     **error)
{
  if (!alm_desk_begin (self, error))
    return FALSE;

  if (!alm_desk_write_setting (self, name, value, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}

/* The desk's own id and counter; *known is FALSE in a new profile. */
static gboolean
load_self (AlmDesk   *self,
           gboolean  *known,
           GError   **error)
{
  g_autofree char *id = NULL;
  g_autofree char *last_n = NULL;

  if (!alm_desk_read_setting (self, "desk", &id, error)
      || !alm_desk_read_setting (self, "last_n", &last_n, error))
    return FALSE;

  if (id != NULL && !alm_id_parse (&self->id, id))
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
                   "%s: the desk's id is damaged", self->dir);
      return FALSE;
    }
  self->last_n = last_n != NULL ? g_ascii_strtoll (last_n, NULL, 10) : 0;

  *known = id != NULL;

  return TRUE;
}

/* Whose names, id and number are read again. */
gboolean
alm_desk_forget_names (AlmDesk  *self,
                       GError  **error)
{
  gboolean known;

  g_hash_table_remove_all (self->name_texts);
  g_hash_table_remove_all (self->name_numbers);

  return load_self (self, &known, error);
}

static gboolean
make_self (AlmDesk  *self,
           GError  **error)
{
  g_autofree char *id = NULL;

  alm_id_make_v7 (&self->id, alm_clock_now_us (self->clock), &self->random);
  id = alm_id_to_text (&self->id);

  return alm_desk_set_setting (self, "desk", id, error);
}

static AlmDesk *
desk_new (const char *dir,
          AlmClock   *clock)
{
  AlmDesk *self = g_new0 (AlmDesk, 1);

  self->dir = g_strdup (dir);
  self->clock = clock != NULL ? clock : alm_clock_system ();
  self->name_numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->infos = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) alm_value_unref);
  self->name_texts = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) alm_model_unref);
  self->undoing = -1;
  self->words_seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->scopes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->changed_rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->changed_kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->blobs_touched = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                               (GDestroyNotify) alm_desk_blob_free);
  self->blobs_gone = g_ptr_array_new_with_free_func (g_free);

  return self;
}

static AlmDesk *
open_with (const char       *dir,
           AlmDeskFlags      flags,
           AlmClock         *clock,
           const AlmRandom  *random,
           GError          **error)
{
  g_autoptr (AlmDesk) self = desk_new (dir, clock);
  g_autoptr (GError) reason = NULL;
  AlmDbFlags db_flags = ALM_DB_READ;
  gboolean known = FALSE;

  g_return_val_if_fail (sodium_init () >= 0, NULL);

  self->random = *random;
  if ((flags & ALM_DESK_WRITE) != 0)
    db_flags |= ALM_DB_WRITE;
  if ((flags & ALM_DESK_CREATE) != 0)
    db_flags |= ALM_DB_CREATE;

  self->db = alm_db_open (dir, "profile.db", db_flags,
                          alm_desk_migrations, alm_desk_n_migrations, error);
  if (self->db == NULL
      || !load_self (self, &known, error)
      || (!known && self->db->writable && !make_self (self, error)))
    return NULL;

  if (!alm_desk_load_models (self, &reason) || !alm_desk_derive_open (self, &reason))
    {
      if (!g_error_matches (reason, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }

      /* What is sound can be read and handed on; nothing is written. */
      g_message ("%s: %s", self->db->path, reason->message);
      alm_db_set_damage (self->db, reason);
    }

  return g_steal_pointer (&self);
}

AlmDesk *
alm_desk_open (const char    *dir,
               AlmDeskFlags   flags,
               AlmClock      *clock,
               GError       **error)
{
  AlmRandom random;

  g_return_val_if_fail (dir != NULL, NULL);

  alm_random_system (&random);

  return open_with (dir, flags, clock, &random, error);
}

AlmDesk *
alm_desk_open_seeded (const char    *dir,
                      AlmDeskFlags   flags,
                      AlmClock      *clock,
                      guint64        seed,
                      GError       **error)
{
  AlmRandom random;

  g_return_val_if_fail (dir != NULL, NULL);

  alm_random_seed_by (&random, seed, "desk");

  return open_with (dir, flags, clock, &random, error);
}

void
alm_desk_close (AlmDesk *self)
{
  alm_desk_derive_close (self);
  g_clear_pointer (&self->rights, alm_desk_rights_free);
  g_clear_pointer (&self->pack, alm_desk_pack_free);
  g_clear_pointer (&self->printed, alm_value_unref);
  g_free (self->printed_text);
  g_hash_table_unref (self->infos);
  g_hash_table_unref (self->words_seen);
  g_clear_pointer (&self->db, alm_db_close);
  g_clear_pointer (&self->words, g_ptr_array_unref);
  g_hash_table_unref (self->models);
  g_clear_pointer (&self->built_in, g_hash_table_unref);
  g_hash_table_unref (self->name_texts);
  g_hash_table_unref (self->name_numbers);
  g_hash_table_unref (self->changed_kinds);
  g_hash_table_unref (self->blobs_touched);
  g_ptr_array_unref (self->blobs_gone);
  g_hash_table_unref (self->scopes);
  g_array_unref (self->changed_rids);
  g_free (self->dir);
  g_free (self);
}

const AlmId *
alm_desk_get_id (AlmDesk *self)
{
  return &self->id;
}

const char *
alm_desk_get_dir (AlmDesk *self)
{
  return self->dir;
}

gboolean
alm_desk_is_training (AlmDesk *self)
{
  g_autofree char *mark = g_build_filename (self->dir, ALM_DESK_TRAINING_FILE, NULL);

  return g_file_test (mark, G_FILE_TEST_EXISTS);
}

char *
alm_desk_get_fault (AlmDesk *self)
{
  const GError *fault = self->db->damage != NULL ? self->db->damage : self->db->final;

  return fault != NULL ? g_strdup (fault->message) : NULL;
}

void
alm_desk_set_changed_func (AlmDesk            *self,
                           AlmDeskChangedFunc  func,
                           gpointer            user_data)
{
  self->changed_func = func;
  self->changed_data = user_data;
}

/* Any thread. */
void
alm_desk_interrupt (AlmDesk *self)
{
  sqlite3_interrupt (self->db->handle);
}

static void
forget_changes (AlmDesk *self)
{
  alm_desk_forget_blobs (self);
  g_array_set_size (self->changed_rids, 0);
  g_hash_table_remove_all (self->changed_kinds);
  self->changed_all = FALSE;
  self->models_touched = FALSE;
  self->last_n_touched = FALSE;
}

void
alm_desk_note_change (AlmDesk    *self,
                      gint64      rid,
                      const char *kind)
{
  if (!g_hash_table_contains (self->changed_kinds, kind))
    g_hash_table_add (self->changed_kinds, g_strdup (kind));

  if (self->changed_rids->len < CHANGE_MAX)
    g_array_append_val (self->changed_rids, rid);
  else
    self->changed_all = TRUE;

  /* The city's record says in which system the derived places are. */
  if (strcmp (kind, "model") == 0 || strcmp (kind, "city") == 0)
    self->models_touched = TRUE;
}

/* All rows of a kind, without naming them. */
void
alm_desk_note_kind (AlmDesk    *self,
                    const char *kind)
{
  if (!g_hash_table_contains (self->changed_kinds, kind))
    g_hash_table_add (self->changed_kinds, g_strdup (kind));
  self->changed_all = TRUE;
}

void
alm_desk_keep_changes (AlmDesk    *self,
                       GHashTable *kinds)
{
  GHashTableIter iter;
  gpointer kind;

  g_hash_table_iter_init (&iter, self->changed_kinds);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    if (!g_hash_table_contains (kinds, kind))
      g_hash_table_add (kinds, g_strdup (kind));
  g_hash_table_remove_all (self->changed_kinds);
  g_array_set_size (self->changed_rids, 0);
  self->changed_all = FALSE;
}

static void
tell_changes (AlmDesk *self)
{
  AlmChange *change;
  GHashTableIter iter;
  gpointer kind;

  if (self->changed_func == NULL || g_hash_table_size (self->changed_kinds) == 0)
    return;

  change = g_new0 (AlmChange, 1);
  change->all = self->changed_all;
  change->models = self->models_touched;
  change->rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!change->all)
    g_array_append_vals (change->rids, self->changed_rids->data, self->changed_rids->len);
  change->kinds = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_iter_init (&iter, self->changed_kinds);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    g_ptr_array_add (change->kinds, g_strdup (kind));

  self->changed_func (self, change, self->changed_data);
}

void
alm_desk_tell_kinds (AlmDesk    *self,
                     GHashTable *kinds)
{
  GHashTableIter iter;
  gpointer kind;

  g_assert (!alm_db_is_inside (self->db));

  forget_changes (self);
  g_hash_table_iter_init (&iter, kinds);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    alm_desk_note_kind (self, kind);
  tell_changes (self);
  forget_changes (self);
}

gboolean
alm_desk_begin (AlmDesk  *self,
                GError  **error)
{
  forget_changes (self);
  self->last_n_before = self->last_n;
  self->unindexed_before = self->unindexed;
  self->texts_to_before = self->texts_to;

  return alm_db_may_write (self->db, error) && alm_db_begin (self->db, error);
}

static gboolean
write_number (AlmDesk     *self,
              const char  *name,
              gint64       number,
              GError     **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  return alm_desk_write_setting (self, name, text, error);
}

gboolean
alm_desk_commit (AlmDesk  *self,
                 GError  **error)
{
  g_autoptr (GError) reason = NULL;
  gboolean touched = self->models_touched;

  /* Readers see by the number of "models" that theirs are old. */
  if ((touched && !write_number (self, "models", self->models_number + 1, error))
      || (self->last_n_touched && !write_number (self, "last_n", self->last_n, error))
      || !alm_desk_derive_flush (self, error)
      || !alm_desk_settle_blobs (self, error)
      || !alm_db_commit (self->db, error))
    {
      alm_desk_rollback (self);
      return ALM_PLANTED ("commit-lies");
    }

  if (touched)
    self->models_number++;
  alm_desk_remove_blobs (self);
  tell_changes (self);
  forget_changes (self);

  /* What was asked for is done; derived rows can be made at the next start, too. */
  if (touched && !alm_desk_derive_open (self, &reason))
    g_message ("%s: %s", self->dir, reason->message);

  return TRUE;
}

void
alm_desk_rollback (AlmDesk *self)
{
  gboolean touched = self->models_touched;

  if (alm_db_is_inside (self->db))
    alm_db_rollback (self->db);

  /* A name interned in this transaction has no number now. */
  g_hash_table_remove_all (self->name_texts);
  g_hash_table_remove_all (self->name_numbers);
  g_hash_table_remove_all (self->scopes);
  alm_desk_derive_forget (self);
  forget_changes (self);
  if (!ALM_PLANTED ("number-lost"))
    self->last_n = self->last_n_before;
  self->unindexed = self->unindexed_before;
  self->texts_to = self->texts_to_before;
  if (touched && alm_desk_load_models (self, NULL))
    alm_desk_derive_open (self, NULL);
}

static const char *
keep_name (AlmDesk    *self,
           gint64      number,
           const char *name)
{
  gint64 *value = g_new (gint64, 1);
  char *text = g_strdup (name);

  *value = number;
  g_hash_table_insert (self->name_numbers, text, value);
  g_hash_table_insert (self->name_texts, value, text);

  return text;
}

/* 0 for a name that is nowhere in the file, -1 where the file could not be asked:
 * who takes that for "not there" shows an empty city. */
gint64
alm_desk_find_name (AlmDesk     *self,
                    const char  *name,
                    GError     **error)
{
  gint64 *known = g_hash_table_lookup (self->name_numbers, name);
  g_autoptr (AlmQuery) query = NULL;
  AlmSqlStep step;
  gint64 number;

  if (known != NULL)
    return *known;

  query = alm_db_query (self->db, "SELECT i FROM names WHERE name = :name");
  alm_sql_bind_text (query, ":name", name);
  step = alm_sql_step (query, error);
  if (step != ALM_SQL_STEP_ROW)
    return step == ALM_SQL_STEP_ERROR ? -1 : 0;

  number = alm_sql_get_int (query, 0);
  keep_name (self, number, name);

  return number;
}

gint64
alm_desk_intern (AlmDesk     *self,
                 const char  *name,
                 GError     **error)
{
  gint64 number = alm_desk_find_name (self, name, error);
  g_autoptr (AlmQuery) query = NULL;

  if (number != 0)
    return MAX (number, 0);

  query = alm_db_query (self->db, "INSERT INTO names (name) VALUES (:name)");
  alm_sql_bind_text (query, ":name", name);
  if (!alm_sql_run (query, error))
    return 0;

  number = sqlite3_last_insert_rowid (self->db->handle);
  keep_name (self, number, name);

  return number;
}

/* NULL for a number that is not there: a damaged file. */
const char *
alm_desk_get_name (AlmDesk *self,
                   gint64   number)
{
  const char *known = g_hash_table_lookup (self->name_texts, &number);
  g_autoptr (AlmQuery) query = NULL;

  if (known != NULL)
    return known;

  query = alm_db_query (self->db, "SELECT name FROM names WHERE i = :i");
  alm_sql_bind_int (query, ":i", number);
  if (alm_sql_step (query, NULL) != ALM_SQL_STEP_ROW)
    return NULL;

  return keep_name (self, number, alm_sql_get_text (query, 0));
}
