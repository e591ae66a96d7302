/* SPDX-License-Identifier: EUPL-1.2 */

/* What a desk knows of each scope of its server, and the digest by which both
 * see that they hold the same.
 *
 * Invariants:
 *   1. Where `counted` is set and the number of models in `info` is today's,
 *      `digest` is the sum over the server's state of all rows of the scope:
 *      `shadow` where a row has one, else `records`, and no row with ver 0.
 *   2. A deleted record counts without its fields: who has never seen it has none.
 * Runs inside the caller's transaction. */

#include "config.h"

#include "alm-desk-scope-private.h"

#include "alm-hash.h"
#include "alm-json.h"

#include <string.h>

/* A desk has a few dozen scopes. */
#define INFOS_MAX 256

void
alm_scope_state_free (AlmScopeState *self)
{
  g_free (self->scope);
  g_free (self->grant);
  g_free (self->title);
  g_clear_pointer (&self->roles, alm_value_unref);
  g_clear_pointer (&self->classes, alm_value_unref);
  g_free (self->heard);
  g_free (self->verdict);
  g_free (self);
}

static AlmValue *
list_or_empty (const AlmValue *info,
               const char     *key)
{
  AlmValue *list = alm_value_get (info, key);

  return alm_value_is (list, ALM_VALUE_LIST) ? alm_value_ref (list) : alm_value_new_list ();
}

/* A change of a model changes what belongs to which class. */
static gint64
models_after_commit (AlmDesk *desk)
{
  return desk->models_number + (desk->models_touched ? 1 : 0);
}

static void
read_sums (AlmDesk         *desk,
           AlmScopeState   *self,
           const AlmValue  *info)
{
  const AlmValue *sums = alm_value_get (info, "sums");

  if (alm_value_get_size (sums) != ALM_DIGEST_CLASSES
      || alm_value_get_integer_of (info, "models", -1) != models_after_commit (desk))
    return;

  self->counted = TRUE;
  self->digest.n = alm_value_get_integer_of (info, "n", 0);
  for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
    {
      const char *text = alm_value_get_text (alm_value_get_item (sums, c));

      self->digest.sums[c] = text != NULL ? g_ascii_strtoull (text, NULL, 16) : 0;
    }
}

/* Looked at with every page and answer, and changed much more seldom: the last
 * texts are kept with what they mean. */
static const AlmValue *
parse_info (AlmDesk    *desk,
            const char *text)
{
  AlmValue *info;

  if (text == NULL)
    return NULL;

  info = g_hash_table_lookup (desk->infos, text);
  if (info != NULL)
    return info;

  info = alm_json_parse (text, -1, NULL, NULL);
  if (info == NULL)
    return NULL;

  if (g_hash_table_size (desk->infos) >= INFOS_MAX)
    g_hash_table_remove_all (desk->infos);
  g_hash_table_insert (desk->infos, g_strdup (text), info);

  return info;
}

static void
read_info (AlmDesk        *desk,
           AlmScopeState  *self,
           const char     *text)
{
  const AlmValue *info = parse_info (desk, text);
  const char *title = alm_value_get_text_of (info, "title");
  const char *verdict = alm_value_get_text_of (info, "digest");

  self->title = g_strdup (title != NULL ? title : self->scope);
  self->roles = list_or_empty (info, "roles");
  self->classes = list_or_empty (info, "classes");
  self->heard = g_strdup (alm_value_get_text_of (info, "heard"));
  self->lost = alm_value_get_boolean_of (info, "lost", FALSE);
  self->unknown = alm_value_get_boolean_of (info, "unknown", FALSE);
  self->complete = alm_value_get_boolean_of (info, "complete", FALSE);
  self->sweep = alm_value_get_boolean_of (info, "sweep", FALSE);
  self->part = alm_value_get_boolean_of (info, "part", FALSE);
  self->tried = alm_value_get_boolean_of (info, "tried", FALSE);
  self->verdict = g_strdup (verdict != NULL ? verdict : "unknown");
  read_sums (desk, self, info);
}

static void
set_flag (AlmValue   *info,
          const char *key,
          gboolean    flag)
{
  if (flag)
    alm_value_set (info, key, alm_value_new_boolean (TRUE));
}

static char *
print_info (AlmDesk             *desk,
            const AlmScopeState *self)
{
  g_autoptr (AlmValue) info = alm_value_new_object ();

  alm_value_set_text (info, "title", self->title);
  alm_value_set (info, "roles", alm_value_ref (self->roles));
  alm_value_set (info, "classes", alm_value_ref (self->classes));
  alm_value_set_text (info, "heard", self->heard);
  alm_value_set_text (info, "digest", self->verdict);
  set_flag (info, "lost", self->lost);
  set_flag (info, "unknown", self->unknown);
  set_flag (info, "complete", self->complete);
  set_flag (info, "sweep", self->sweep);
  set_flag (info, "part", self->part);
  set_flag (info, "tried", self->tried);
  if (self->counted)
    {
      AlmValue *sums = alm_value_new_list ();

      for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
        {
          g_autofree char *text = alm_hash_to_text (self->digest.sums[c]);

          alm_value_append (sums, alm_value_new_text (text));
        }
      alm_value_set (info, "sums", sums);
      alm_value_set_integer (info, "n", self->digest.n);
      alm_value_set_integer (info, "models", models_after_commit (desk));
    }

  return alm_value_to_text (info);
}

#define STATE_COLUMNS "scope, seq, grant_hash, info, wanted"

static AlmScopeState *
read_state (AlmDesk  *desk,
            AlmSql   *sql)
{
  AlmScopeState *self = g_new0 (AlmScopeState, 1);

  self->scope = g_strdup (alm_sql_get_text (sql, 0));
  self->cursor = alm_sql_get_int (sql, 1);
  self->grant = g_strdup (alm_sql_get_text (sql, 2));
  read_info (desk, self, alm_sql_get_text (sql, 3));
  self->wanted = alm_sql_get_int (sql, 4) != 0;

  return self;
}

gboolean
alm_scope_state_load (AlmDesk        *desk,
                      const char     *scope,
                      AlmScopeState **state,
                      GError        **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (desk->db, "SELECT " STATE_COLUMNS " FROM cursors"
                                             " WHERE scope = :scope");
  AlmSqlStep step;

  *state = NULL;
  alm_sql_bind_text (query, ":scope", scope);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_ROW)
    {
      *state = read_state (desk, query);
      (*state)->number = alm_desk_intern (desk, scope, error);
      if ((*state)->number == 0)
        {
          g_clear_pointer (state, alm_scope_state_free);
          return FALSE;
        }
    }

  return step != ALM_SQL_STEP_ERROR;
}

GPtrArray *
alm_scope_state_list (AlmDesk  *desk,
                      GError  **error)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (AlmQuery) query = alm_db_query (desk->db, "SELECT " STATE_COLUMNS " FROM cursors"
                                             " ORDER BY scope");
  AlmSqlStep step;

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_scope_state_free);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmScopeState *state = read_state (desk, query);

      g_ptr_array_add (list, state);
      state->number = alm_desk_intern (desk, state->scope, error);
      if (state->number == 0)
        return NULL;
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

AlmScopeState *
alm_scope_state_new (AlmDesk     *desk,
                     const char  *scope,
                     GError     **error)
{
  AlmScopeState *self;
  gint64 number = alm_desk_intern (desk, scope, error);

  if (number == 0)
    return NULL;

  self = g_new0 (AlmScopeState, 1);
  self->scope = g_strdup (scope);
  self->number = number;
  self->wanted = TRUE;
  read_info (desk, self, NULL);
  /* Nothing of the server's is here yet. */
  self->counted = TRUE;

  return self;
}

gboolean
alm_scope_state_save (AlmDesk             *desk,
                      const AlmScopeState *self,
                      GError             **error)
{
  g_autofree char *info = print_info (desk, self);
  g_autoptr (AlmQuery) query = alm_db_query (desk->db,
                                             "INSERT OR REPLACE INTO cursors (" STATE_COLUMNS ")"
                                             " VALUES (:scope, :seq, :grant, :info, :wanted)");

  alm_sql_bind_text (query, ":scope", self->scope);
  alm_sql_bind_int (query, ":seq", self->cursor);
  alm_sql_bind_text (query, ":grant", self->grant);
  alm_sql_bind_text (query, ":info", info);
  alm_sql_bind_int (query, ":wanted", self->wanted);

  return alm_sql_run (query, error);
}

static gboolean
forget_seen (AlmDesk              *desk,
             const AlmScopeState  *self,
             GError              **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (desk->db,
                                             "DELETE FROM seen WHERE scope = :scope");

  alm_sql_bind_int (query, ":scope", self->number);

  return alm_sql_run (query, error);
}

gboolean
alm_scope_state_remove (AlmDesk              *desk,
                        const AlmScopeState  *self,
                        GError              **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (desk->db,
                                             "DELETE FROM cursors WHERE scope = :scope");

  alm_sql_bind_text (query, ":scope", self->scope);

  return alm_sql_run (query, error) && forget_seen (desk, self, error);
}

gboolean
alm_scope_state_read_again (AlmDesk        *desk,
                            AlmScopeState  *self,
                            GError        **error)
{
  self->cursor = 0;
  self->complete = FALSE;
  self->part = FALSE;
  self->sweep = TRUE;

  return forget_seen (desk, self, error);
}

static void
add_row (AlmDesk       *desk,
         AlmDigest     *digest,
         const AlmRow  *row)
{
  g_autoptr (AlmValue) nothing = alm_value_new_object ();
  const AlmModel *model = alm_desk_get_model (desk, row->kind);
  AlmClass whole = 0;

  if (strcmp (row->kind, "conflict") == 0)
    {
      const char *about = alm_value_get_text_of (row->fields, "kind");

      model = about != NULL ? alm_desk_get_model (desk, about) : NULL;
      whole = alm_conflict_class (model, row->fields);
    }

  alm_digest_add (digest, &row->id, row->ver, row->kind, row->deleted,
                  row->deleted ? nothing : row->fields, model, whole);
}

void
alm_scope_state_count (AlmDesk        *desk,
                       AlmScopeState  *self,
                       const AlmRow   *before,
                       const AlmRow   *after)
{
  if (!self->counted)
    return;

  if (before != NULL && before->ver > 0)
    {
      AlmDigest gone = { 0 };

      add_row (desk, &gone, before);
      alm_digest_subtract (&self->digest, &gone);
    }
  if (after != NULL)
    add_row (desk, &self->digest, after);
}

gboolean
alm_scope_state_recount (AlmDesk        *desk,
                         AlmScopeState  *self,
                         GError        **error)
{
  g_autoptr (GArray) ids = alm_scope_state_list_ids (desk, self, FALSE, error);
  AlmDigest digest = { 0 };

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (AlmRow) row = NULL;
      g_autoptr (AlmRow) shadow = NULL;

      if (!alm_desk_load (desk, &g_array_index (ids, AlmId, i), &row, error)
          || !alm_desk_load_shadow (desk, row, &shadow, error))
        return FALSE;
      add_row (desk, &digest, shadow != NULL ? shadow : row);
    }

  self->digest = digest;
  self->counted = TRUE;

  return TRUE;
}

gboolean
alm_scope_state_agrees (const AlmScopeState *self,
                        const AlmValue      *told)
{
  guint mine = alm_class_from_names (self->classes);

  if (alm_value_get_integer_of (told, "n", self->digest.n) != self->digest.n)
    return FALSE;

  for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
    {
      const char *theirs = alm_value_get_text_of (told, alm_class_names[c]);
      g_autofree char *ours = alm_hash_to_text (self->digest.sums[c]);

      /* Of a class that was given just now the next hello will tell. */
      if (mine != 0 && (mine & (1u << c)) == 0)
        continue;
      if (theirs != NULL && strcmp (theirs, ours) != 0)
        return FALSE;
    }

  return TRUE;
}

GArray *
alm_scope_state_list_ids (AlmDesk              *desk,
                          const AlmScopeState  *self,
                          gboolean              unseen,
                          GError              **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (desk->db, unseen
                                             ? "SELECT id FROM records WHERE scope = :scope AND"
                                               " ver > 0 AND id NOT IN (SELECT id FROM seen)"
                                             : "SELECT id FROM records WHERE scope = :scope AND"
                                               " ver > 0");
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AlmId));
  AlmSqlStep step;

  alm_sql_bind_int (query, ":scope", self->number);
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
