/* SPDX-License-Identifier: EUPL-1.2 */

/* The server's history: who changed what, as a chain per scope; the answers
 * given to desks; the brake's memory.
 *
 * Invariants:
 *   1. Each seq of a scope that a command has taken has one line here.
 *   2. chash hides the content behind the record's salt, chain binds it to all
 *      lines before: content can be erased, and the chain still verifies. */

#include "config.h"

#include "alm-hub-private.h"

#include "alm-json.h"

#include <string.h>

static gboolean
get_salt (AlmHub       *self,
          const AlmId  *id,
          guint8        salt[ALM_HUB_SALT_SIZE],
          GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT salt FROM salts WHERE id = :id");
  g_autoptr (AlmQuery) insert = NULL;
  gconstpointer bytes;
  gsize size;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  switch (alm_sql_step (query, error))
    {
    case ALM_SQL_STEP_ROW:
      bytes = alm_sql_get_blob (query, 0, &size);
      if (size != ALM_HUB_SALT_SIZE)
        {
          alm_hub_set_corrupt (error, "A salt is damaged");
          return FALSE;
        }
      memcpy (salt, bytes, ALM_HUB_SALT_SIZE);
      return TRUE;

    case ALM_SQL_STEP_DONE:
      break;

    case ALM_SQL_STEP_ERROR:
    default:
      return FALSE;
    }

  alm_secret_random (salt, ALM_HUB_SALT_SIZE);
  insert = alm_db_query (self->db, "INSERT INTO salts (id, salt) VALUES (:id, :salt)");
  alm_sql_bind_blob (insert, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_blob (insert, ":salt", salt, ALM_HUB_SALT_SIZE);

  return alm_sql_run (insert, error);
}

static void
append_text (GString    *out,
             const char *text)
{
  if (text != NULL)
    g_string_append (out, text);
  g_string_append_c (out, '\0');
}

/* BLAKE2b-256 (salt, canonical {"old": …, "set": …}) */
void
alm_hub_hash_content (guint8             hash[ALM_HASH_SIZE],
                      const guint8       salt[ALM_HUB_SALT_SIZE],
                      const AlmHubEntry *entry)
{
  g_autoptr (GString) text = g_string_new_len ((const char *) salt, ALM_HUB_SALT_SIZE);

  g_string_append (text, "{\"old\":");
  alm_value_print (entry->old, text);
  g_string_append (text, ",\"set\":");
  alm_value_print (entry->set, text);
  g_string_append_c (text, '}');
  alm_hash_256 (hash, text->str, text->len);
}

/* BLAKE2b-256 (previous of the scope, scope, seq, id, desk, n, user, at, op, chash) */
void
alm_hub_advance_chain (guint8             chain[ALM_HASH_SIZE],
                       const char        *scope,
                       const AlmHubEntry *entry,
                       const guint8       chash[ALM_HASH_SIZE])
{
  g_autoptr (GString) text = g_string_new_len ((const char *) chain, ALM_HASH_SIZE);

  append_text (text, scope);
  g_string_append_printf (text, "%" G_GINT64_FORMAT, entry->seq);
  g_string_append_c (text, '\0');
  g_string_append_len (text, (const char *) entry->id.bytes, sizeof entry->id.bytes);
  g_string_append_len (text, (const char *) entry->desk.bytes, sizeof entry->desk.bytes);
  g_string_append_printf (text, "%" G_GINT64_FORMAT, entry->n);
  g_string_append_c (text, '\0');
  append_text (text, entry->user);
  append_text (text, entry->at);
  append_text (text, alm_op_to_text (entry->op));
  g_string_append_len (text, (const char *) chash, ALM_HASH_SIZE);
  alm_hash_256 (chain, text->str, text->len);
}

/* Binds the part of @fields that is not personal to @open and the rest to @personal. */
static void
bind_parts (AlmSql         *query,
            const char     *open,
            const char     *personal,
            const AlmValue *fields,
            const AlmModel *model,
            AlmClass        whole)
{
  g_autoptr (AlmValue) public_part = NULL;
  g_autoptr (AlmValue) personal_part = NULL;
  g_autofree char *text = NULL;
  g_autofree char *personal_text = NULL;

  if (fields != NULL && whole == 0)
    {
      public_part = alm_fields_of_class (model, fields, ~(guint) ALM_CLASS_PERSONAL);
      personal_part = alm_fields_of_class (model, fields, ALM_CLASS_PERSONAL);
      if (alm_value_get_size (public_part) > 0)
        text = alm_value_to_text (public_part);
      if (alm_value_get_size (personal_part) > 0)
        personal_text = alm_value_to_text (personal_part);
    }
  else if (fields != NULL && whole == ALM_CLASS_PERSONAL)
    personal_text = alm_value_to_text (fields);
  else if (fields != NULL)
    text = alm_value_to_text (fields);

  alm_sql_bind_text (query, open, text);
  alm_sql_bind_text (query, personal, personal_text);
}

gboolean
alm_hub_add_history (AlmHub            *self,
                     AlmHubScopeState  *scope,
                     AlmHubEntry       *entry,
                     const AlmModel    *model,
                     AlmClass           whole,
                     GError           **error)
{
  g_autoptr (AlmQuery) query = NULL;
  guint8 chash[ALM_HASH_SIZE];
  guint8 salt[ALM_HUB_SALT_SIZE];

  if (!get_salt (self, &entry->id, salt, error))
    return FALSE;
  alm_hub_hash_content (chash, salt, entry);
  alm_hub_advance_chain (scope->chain, scope->shown.name, entry, chash);

  query = alm_db_query (self->db,
                        "INSERT INTO history (scope, seq, id, desk, n, user, at, stored_at, op,"
                        " set_, old_, set_p, old_p, chash, chain, batch)"
                        " VALUES (:scope, :seq, :id, :desk, :n, :user, :at, :stored_at, :op,"
                        " :set_, :old_, :set_p, :old_p, :chash, :chain, :batch)");
  alm_sql_bind_int (query, ":scope", scope->number);
  alm_sql_bind_int (query, ":seq", entry->seq);
  alm_sql_bind_blob (query, ":id", entry->id.bytes, sizeof entry->id.bytes);
  alm_sql_bind_blob (query, ":desk", entry->desk.bytes, sizeof entry->desk.bytes);
  alm_sql_bind_int (query, ":n", entry->n);
  alm_sql_bind_text (query, ":user", entry->user);
  alm_sql_bind_text (query, ":at", entry->at);
  alm_sql_bind_int (query, ":stored_at", entry->stored_us);
  alm_sql_bind_text (query, ":op", alm_op_to_text (entry->op));
  bind_parts (query, ":set_", ":set_p", entry->set, model, whole);
  bind_parts (query, ":old_", ":old_p", entry->old, model, whole);
  alm_sql_bind_blob (query, ":chash", chash, sizeof chash);
  alm_sql_bind_blob (query, ":chain", scope->chain, sizeof scope->chain);
  alm_sql_bind_text (query, ":batch", entry->batch);

  return alm_sql_run (query, error);
}

static gboolean
read_fields (AlmSql    *query,
             int        column,
             AlmValue **fields,
             GError   **error)
{
  for (int i = 0; i < 2; i++)
    {
      const char *text = alm_sql_get_text (query, column + i);
      g_autoptr (AlmValue) part = NULL;

      if (text == NULL)
        continue;
      part = alm_json_parse (text, -1, NULL, error);
      if (part == NULL)
        return FALSE;
      if (*fields == NULL)
        *fields = alm_value_new_object ();
      for (guint k = 0; k < alm_value_get_size (part); k++)
        alm_value_set (*fields, alm_value_get_key (part, k),
                       alm_value_ref (alm_value_get_item (part, k)));
    }

  return TRUE;
}

/* One row of ALM_HUB_ENTRY_COLUMNS; set and old are the caller's to free. */
gboolean
alm_hub_read_entry (AlmSql       *query,
                    AlmHubEntry  *entry,
                    GError      **error)
{
  gconstpointer desk;
  gsize size;

  desk = alm_sql_get_blob (query, 1, &size);
  if (size != sizeof entry->desk || !alm_op_from_text (alm_sql_get_text (query, 6), &entry->op))
    {
      alm_hub_set_corrupt (error, "A line of the history is damaged");
      return FALSE;
    }
  memcpy (entry->desk.bytes, desk, size);
  entry->seq = alm_sql_get_int (query, 0);
  entry->n = alm_sql_get_int (query, 2);
  entry->user = alm_sql_get_text (query, 3);
  entry->at = alm_sql_get_text (query, 4);
  entry->stored_us = alm_sql_get_int (query, 5);
  entry->batch = alm_sql_get_text (query, 11);

  return read_fields (query, 7, &entry->set, error) && read_fields (query, 9, &entry->old, error);
}

/* One line's values into the columns of their classes. */
static gboolean
split_line (AlmHub             *self,
            const AlmHubEntry  *entry,
            const AlmModel     *model,
            AlmClass            whole,
            GError            **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "UPDATE history SET set_ = :set_, old_ = :old_, set_p = :set_p,"
                            " old_p = :old_p WHERE id = :id AND seq = :seq");

  alm_sql_bind_blob (query, ":id", entry->id.bytes, sizeof entry->id.bytes);
  alm_sql_bind_int (query, ":seq", entry->seq);
  bind_parts (query, ":set_", ":set_p", entry->set, model, whole);
  bind_parts (query, ":old_", ":old_p", entry->old, model, whole);

  return alm_sql_run (query, error);
}

typedef struct
{
  AlmHub         *hub;
  const AlmModel *model;
  AlmClass        whole;
} Split;

static gboolean
split_line_cb (const AlmHubEntry  *entry,
               gpointer            user_data,
               GError            **error)
{
  const Split *split = user_data;

  return split_line (split->hub, entry, split->model, split->whole, error);
}

/* The classes have changed: what has become personal leaves the open columns, and
 * back.  The hashes are over the content, wherever it stands. */
gboolean
alm_hub_split_history (AlmHub          *self,
                       const AlmId     *id,
                       const AlmModel  *model,
                       AlmClass         whole,
                       GError         **error)
{
  Split split = { self, model, whole };

  return alm_hub_history (&self->parent, id, split_line_cb, &split, error);
}

/* Oldest first. */
gboolean
alm_hub_history (AlmServerStore   *store,
                 const AlmId      *id,
                 AlmHubEntryFunc   func,
                 gpointer          user_data,
                 GError          **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT " ALM_HUB_ENTRY_COLUMNS " FROM history WHERE id = :id"
                            " ORDER BY seq");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmHubEntry entry = { .id = *id };
      gboolean ok = alm_hub_read_entry (query, &entry, error) && func (&entry, user_data, error);

      g_clear_pointer (&entry.set, alm_value_unref);
      g_clear_pointer (&entry.old, alm_value_unref);
      if (!ok)
        return FALSE;
    }

  return step == ALM_SQL_STEP_DONE;
}

/* Whether @query has a row. */
static gboolean
has_row (AlmSql    *query,
         gboolean  *has,
         GError   **error)
{
  AlmSqlStep step = alm_sql_step (query, error);

  *has = step == ALM_SQL_STEP_ROW;

  return step != ALM_SQL_STEP_ERROR;
}

gboolean
alm_hub_changed_since (AlmServerStore  *store,
                       const AlmId     *id,
                       gint64           seq,
                       const AlmId     *desk,
                       gboolean        *changed,
                       GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT 1 FROM history WHERE id = :id AND seq > :seq"
                            " AND desk <> :desk LIMIT 1");

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":seq", seq);
  alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);

  return has_row (query, changed, error);
}

gboolean
alm_hub_is_maker (AlmServerStore  *store,
                  const AlmId     *id,
                  const AlmId     *desk,
                  gboolean        *is,
                  GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT 1 FROM (SELECT desk, op FROM history WHERE id = :id"
                            " ORDER BY seq LIMIT 1) WHERE desk = :desk AND op = 'new'");

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);

  return has_row (query, is, error);
}

gboolean
alm_hub_get_outcome (AlmServerStore  *store,
                     const AlmId     *desk,
                     gint64           n,
                     char           **cid,
                     char           **line,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT cid, line FROM outcomes WHERE desk = :desk AND n = :n");
  gboolean has;

  *cid = NULL;
  *line = NULL;
  alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);
  alm_sql_bind_int (query, ":n", n);
  if (!has_row (query, &has, error))
    return FALSE;
  if (has)
    {
      *cid = g_strdup (alm_sql_get_text (query, 0));
      *line = g_strdup (alm_sql_get_text (query, 1));
    }

  return TRUE;
}

gboolean
alm_hub_put_outcome (AlmServerStore  *store,
                     const AlmId     *desk,
                     gint64           n,
                     const char      *cid,
                     const char      *line,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "INSERT INTO outcomes VALUES (:desk, :n, :cid, :line)");

  alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);
  alm_sql_bind_int (query, ":n", n);
  alm_sql_bind_text (query, ":cid", cid);
  alm_sql_bind_text (query, ":line", line);

  return alm_sql_run (query, error);
}

/* Binds what the three statements of the brake share. */
static AlmQuery *
brake_query (AlmHub       *self,
             const char   *sql,
             const AlmId  *desk,
             const char   *scope,
             GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, sql);
  gint64 number;

  if (!alm_hub_number_of (self, scope, TRUE, &number, error))
    return NULL;
  alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);
  alm_sql_bind_int (query, ":scope", number);

  return g_steal_pointer (&query);
}

gboolean
alm_hub_get_tally (AlmServerStore  *store,
                   const AlmId     *desk,
                   const char      *scope,
                   gint64          *commands,
                   GError         **error)
{
  g_autoptr (AlmQuery) query =
    brake_query ((AlmHub *) store,
                 "SELECT commands FROM tallies WHERE desk = :desk AND scope = :scope", desk,
                 scope, error);
  gboolean has;

  if (query == NULL || !has_row (query, &has, error))
    return FALSE;
  *commands = has ? alm_sql_get_int (query, 0) : 0;

  return TRUE;
}

gboolean
alm_hub_set_tally (AlmServerStore  *store,
                   const AlmId     *desk,
                   const char      *scope,
                   gint64           commands,
                   GError         **error)
{
  g_autoptr (AlmQuery) query =
    brake_query ((AlmHub *) store,
                 "INSERT INTO tallies VALUES (:desk, :scope, :commands) ON CONFLICT (desk, scope)"
                 " DO UPDATE SET commands = excluded.commands", desk, scope, error);

  if (query == NULL)
    return FALSE;
  alm_sql_bind_int (query, ":commands", commands);

  return alm_sql_run (query, error);
}

/* @at: the desk's how many-th command in the scope it was */
gboolean
alm_hub_add_deletion (AlmServerStore  *store,
                      const AlmId     *desk,
                      const char      *scope,
                      gint64           at,
                      GError         **error)
{
  g_autoptr (AlmQuery) query =
    brake_query ((AlmHub *) store, "INSERT OR IGNORE INTO deletions VALUES (:desk, :scope, :at)",
                 desk, scope, error);

  if (query == NULL)
    return FALSE;
  alm_sql_bind_int (query, ":at", at);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_count_deletions (AlmServerStore  *store,
                         const AlmId     *desk,
                         const char      *scope,
                         gint64           after,
                         gint64          *count,
                         GError         **error)
{
  g_autoptr (AlmQuery) query =
    brake_query ((AlmHub *) store,
                 "SELECT count (*) FROM deletions WHERE desk = :desk AND scope = :scope"
                 " AND at > :after", desk, scope, error);

  if (query == NULL)
    return FALSE;
  alm_sql_bind_int (query, ":after", after);
  if (alm_sql_step (query, error) != ALM_SQL_STEP_ROW)
    return FALSE;
  *count = alm_sql_get_int (query, 0);

  return TRUE;
}
