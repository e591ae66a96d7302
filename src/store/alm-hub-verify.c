/* SPDX-License-Identifier: EUPL-1.2 */

/* Is the server's database what it says of itself?  Looks at every record, every
 * line of the history and of the audit trail, and changes nothing.
 *
 * What was erased has lost its salt, and a later line of the record has a new one: what
 * such a line says cannot be checked any more, its place in the chain can. */

#include "config.h"

#include "alm-hub-private.h"

#include "alm-json.h"

#include <string.h>

#define SYSTEM   "system"
#define MODEL    "model"
#define CONFLICT "conflict"

typedef struct
{
  AlmHub     *hub;
  GPtrArray  *findings;   /* (element-type utf8) "PLACE: what" */
  GHashTable *models;     /* kind → AlmModel */
} Verify;

static void find (Verify *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
find (Verify     *self,
      const char *format,
      ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->findings, g_strdup_vprintf (format, args));
  va_end (args);
}

/* The newest model of each kind that has no faults, as the server uses it. */
static gboolean
read_models (Verify  *self,
             GError **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->hub->db, "SELECT body FROM records WHERE del = 0"
                                 " AND scope = (SELECT i FROM names WHERE name = '" SYSTEM "')"
                                 " AND kind = (SELECT i FROM names WHERE name = '" MODEL "')"
                                 " ORDER BY ver");
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      const char *body = alm_sql_get_text (query, 0);
      g_autoptr (AlmValue) fields = body != NULL ? alm_json_parse (body, -1, NULL, NULL) : NULL;
      const char *name = alm_value_get_text_of (fields, "name");
      AlmValue *schema = alm_value_get (fields, "schema");
      AlmModel *model = name != NULL && schema != NULL ? alm_model_new (name, schema, NULL) : NULL;

      if (model != NULL)
        g_hash_table_replace (self->models, g_strdup (name), model);
    }

  return step == ALM_SQL_STEP_DONE;
}

static void
count_row (Verify         *self,
           AlmSql         *query,
           const AlmId    *id,
           const char     *kind,
           const AlmValue *fields,
           AlmDigest      *digest)
{
  const AlmModel *model = g_hash_table_lookup (self->models, kind);
  AlmClass whole = 0;

  if (strcmp (kind, CONFLICT) == 0)
    {
      const char *about = alm_value_get_text_of (fields, "kind");

      model = about != NULL ? g_hash_table_lookup (self->models, about) : NULL;
      whole = alm_conflict_class (model, fields);
    }
  alm_digest_add (digest, id, alm_sql_get_int (query, 3), kind, alm_sql_get_int (query, 4) != 0,
                  fields, model, whole);
}

/* Rows of one scope; *digest is theirs. */
static gboolean
check_records (Verify                  *self,
               const AlmHubScopeState  *scope,
               AlmDigest               *digest,
               GError                 **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->hub->db, "SELECT id, scope, kind, ver, del, body, body_p, hash"
                                 " FROM records WHERE scope = :scope ORDER BY ver");
  AlmSqlStep step;

  alm_sql_bind_int (query, ":scope", scope->number);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      g_autoptr (GError) reason = NULL;
      g_autoptr (AlmValue) fields = NULL;
      const char *kind;
      AlmId id;

      if (alm_hub_check_row (query, &id, &reason))
        fields = alm_hub_join_parts (alm_sql_get_text (query, 5), alm_sql_get_text (query, 6),
                                     &reason);
      kind = fields != NULL ? alm_hub_name_of (self->hub, alm_sql_get_int (query, 2), &reason)
                            : NULL;
      if (kind == NULL)
        {
          find (self, "records: %s", reason->message);
          continue;
        }
      count_row (self, query, &id, kind, fields, digest);
      if (alm_sql_get_int (query, 3) > scope->shown.seq)
        find (self, "records: a version in scope %s is above the scope's own", scope->shown.name);
    }

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
read_salt (Verify       *self,
           const AlmId  *id,
           guint8        salt[ALM_HUB_SALT_SIZE],
           gboolean     *has,
           GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->hub->db,
                                             "SELECT salt FROM salts WHERE id = :id");
  AlmSqlStep step;
  gsize size = 0;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_ROW)
    {
      gconstpointer bytes = alm_sql_get_blob (query, 0, &size);

      if (size == ALM_HUB_SALT_SIZE)
        memcpy (salt, bytes, size);
    }
  *has = size == ALM_HUB_SALT_SIZE;

  return step != ALM_SQL_STEP_ERROR;
}

/* What holds nothing is stored as nothing, whether it was an empty object or none. */
static gboolean
content_fits (const AlmHubEntry *entry,
              const guint8       salt[ALM_HUB_SALT_SIZE],
              gconstpointer      chash)
{
  g_autoptr (AlmValue) empty = alm_value_new_object ();

  for (guint i = 0; i < 4; i++)
    {
      AlmHubEntry tried = *entry;
      guint8 hash[ALM_HASH_SIZE];

      if (tried.set == NULL && (i & 1) != 0)
        tried.set = empty;
      if (tried.old == NULL && (i & 2) != 0)
        tried.old = empty;
      alm_hub_hash_content (hash, salt, &tried);
      if (memcmp (hash, chash, sizeof hash) == 0)
        return TRUE;
    }

  return FALSE;
}

/* One line of the history; @chain is that of the line before, then this one's. */
static gboolean
check_entry (Verify                  *self,
             const AlmHubScopeState  *scope,
             AlmSql                  *query,
             guint8                   chain[ALM_HASH_SIZE],
             GError                 **error)
{
  AlmHubEntry entry = { 0 };
  g_autoptr (GError) reason = NULL;
  guint8 salt[ALM_HUB_SALT_SIZE];
  gsize id_size, hash_size, chain_size;
  gconstpointer id = alm_sql_get_blob (query, 12, &id_size);
  gconstpointer chash = alm_sql_get_blob (query, 13, &hash_size);
  gconstpointer kept = alm_sql_get_blob (query, 14, &chain_size);
  const char *name = scope->shown.name;
  gboolean sound = id_size == sizeof entry.id && hash_size == ALM_HASH_SIZE
                   && chain_size == ALM_HASH_SIZE && alm_hub_read_entry (query, &entry, &reason);
  gboolean done = TRUE;
  gboolean has_salt = FALSE;
  gboolean was_erased = FALSE;

  if (!sound)
    find (self, "history: line %" G_GINT64_FORMAT " of scope %s is damaged",
          alm_sql_get_int (query, 0), name);
  else
    {
      memcpy (&entry.id, id, sizeof entry.id);
      done = read_salt (self, &entry.id, salt, &has_salt, error)
             && alm_hub_was_erased (self->hub, &entry.id, entry.seq, &was_erased, error);
      if (has_salt && !was_erased && !content_fits (&entry, salt, chash))
        find (self, "history: what line %" G_GINT64_FORMAT " of scope %s says is not what its"
              " hash says", entry.seq, name);
      alm_hub_advance_chain (chain, name, &entry, chash);
      if (memcmp (chain, kept, ALM_HASH_SIZE) != 0)
        find (self, "history: the chain of scope %s is broken at line %" G_GINT64_FORMAT, name,
              entry.seq);
    }
  /* One broken link is told once. */
  if (chain_size == ALM_HASH_SIZE)
    memcpy (chain, kept, ALM_HASH_SIZE);
  g_clear_pointer (&entry.set, alm_value_unref);
  g_clear_pointer (&entry.old, alm_value_unref);

  return done;
}

static gboolean
check_history (Verify                  *self,
               const AlmHubScopeState  *scope,
               GError                 **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->hub->db, "SELECT " ALM_HUB_ENTRY_COLUMNS ", id, chash, chain FROM history"
                                 " WHERE scope = :scope ORDER BY seq");
  guint8 chain[ALM_HASH_SIZE] = { 0 };
  AlmSqlStep step;

  alm_sql_bind_int (query, ":scope", scope->number);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    if (!check_entry (self, scope, query, chain, error))
      return FALSE;

  if (step == ALM_SQL_STEP_DONE && memcmp (chain, scope->chain, sizeof chain) != 0)
    find (self, "history: scope %s says that its chain ends otherwise", scope->shown.name);

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
check_scope (Verify                  *self,
             const AlmHubScopeState  *scope,
             GError                 **error)
{
  AlmDigest digest = { 0 };

  if (!check_records (self, scope, &digest, error) || !check_history (self, scope, error))
    return FALSE;

  if (digest.n != scope->shown.digest.n
      || memcmp (digest.sums, scope->shown.digest.sums, sizeof digest.sums) != 0)
    find (self, "scopes: the digest of scope %s is not that of its records", scope->shown.name);

  return TRUE;
}

static gboolean
check_audit (Verify  *self,
             GError **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->hub->db, "SELECT i, at, actor, action, subject, detail, prev, mac"
                                 " FROM audit ORDER BY i");
  guint8 last[ALM_HASH_SIZE] = { 0 };
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmHubAudit line = {
        .i = alm_sql_get_int (query, 0),
        .at_us = alm_sql_get_int (query, 1),
        .actor = (char *) alm_sql_get_text (query, 2),
        .action = (char *) alm_sql_get_text (query, 3),
        .subject = (char *) alm_sql_get_text (query, 4),
        .detail = (char *) alm_sql_get_text (query, 5),
      };
      gsize prev_size, mac_size;
      gconstpointer prev = alm_sql_get_blob (query, 6, &prev_size);
      gconstpointer kept = alm_sql_get_blob (query, 7, &mac_size);
      guint8 mac[ALM_HASH_SIZE];

      alm_hub_seal_audit (mac, last, &line);
      if (prev_size != sizeof last || mac_size != sizeof mac
          || memcmp (prev, last, sizeof last) != 0 || memcmp (kept, mac, sizeof mac) != 0)
        find (self, "audit: the trail is broken at line %" G_GINT64_FORMAT, line.i);
      if (mac_size == sizeof last)
        memcpy (last, kept, sizeof last);
    }

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
check_all (Verify  *self,
           GError **error)
{
  AlmServerStore *store = &self->hub->parent;
  GPtrArray *scopes;

  if (!read_models (self, error) || !store->api->list_scopes (store, &scopes, error))
    return FALSE;

  for (guint i = 0; i < scopes->len; i++)
    {
      const AlmHubScope *shown = scopes->pdata[i];
      const AlmHubScopeState *scope = alm_hub_find_scope (self->hub, shown->name, error);

      if (scope == NULL || !check_scope (self, scope, error))
        return FALSE;
    }

  return check_audit (self, error);
}

gboolean
alm_hub_verify (AlmServerStore  *store,
                GPtrArray       *findings,
                GError         **error)
{
  Verify verify = { .hub = (AlmHub *) store, .findings = findings };
  gboolean done;

  if (!store->api->begin (store, FALSE, error))
    return FALSE;

  verify.models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) alm_model_unref);
  done = check_all (&verify, error);
  g_hash_table_unref (verify.models);
  store->api->rollback (store);

  return done;
}
