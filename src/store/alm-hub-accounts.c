/* SPDX-License-Identifier: EUPL-1.2 */

/* Accounts, grants, desks, tokens and the audit trail of the server.
 *
 * Invariants:
 *   1. A token is kept as its hash only, a password as Argon2id only.
 *   2. Each line of the audit trail is bound to the one before it. */

#include "config.h"

#include "alm-hub-private.h"

#include "alm-json.h"

#include <string.h>

#define DESK_COLUMNS "id, user, name, last_n, seen, lost, wiped"

/* The id in @column of the row at hand. */
static gboolean
read_id (AlmSql  *query,
         int      column,
         AlmId   *id,
         GError **error)
{
  gsize size;
  gconstpointer bytes = alm_sql_get_blob (query, column, &size);

  if (size != sizeof id->bytes)
    {
      alm_hub_set_corrupt (error, "An id is damaged");
      return FALSE;
    }
  memcpy (id->bytes, bytes, size);

  return TRUE;
}

static AlmHubDesk *
read_desk (AlmSql  *query,
           GError **error)
{
  g_autoptr (AlmHubDesk) desk = g_new0 (AlmHubDesk, 1);

  if (!read_id (query, 0, &desk->id, error))
    return NULL;
  desk->user = g_strdup (alm_sql_get_text (query, 1));
  desk->name = g_strdup (alm_sql_get_text (query, 2));
  desk->last_n = alm_sql_get_int (query, 3);
  desk->seen_us = alm_sql_get_int (query, 4);
  desk->lost_us = alm_sql_get_int (query, 5);
  desk->wiped_us = alm_sql_get_int (query, 6);

  return g_steal_pointer (&desk);
}

gboolean
alm_hub_get_desk (AlmServerStore  *store,
                  const AlmId     *id,
                  AlmHubDesk     **desk,
                  GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT " DESK_COLUMNS " FROM desks WHERE id = :id");
  AlmSqlStep step;

  *desk = NULL;
  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  step = alm_sql_step (query, error);
  if (step != ALM_SQL_STEP_ROW)
    return step == ALM_SQL_STEP_DONE;
  *desk = read_desk (query, error);

  return *desk != NULL;
}

gboolean
alm_hub_put_desk (AlmServerStore    *store,
                  const AlmHubDesk  *desk,
                  GError           **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "INSERT INTO desks (" DESK_COLUMNS ")"
                            " VALUES (:id, :user, :name, :last_n, :seen, :lost, :wiped)"
                            " ON CONFLICT (id) DO UPDATE SET user = excluded.user,"
                            " name = excluded.name, last_n = excluded.last_n,"
                            " seen = excluded.seen, lost = excluded.lost,"
                            " wiped = excluded.wiped");

  alm_sql_bind_blob (query, ":id", desk->id.bytes, sizeof desk->id.bytes);
  alm_sql_bind_text (query, ":user", desk->user);
  alm_sql_bind_text (query, ":name", desk->name);
  alm_sql_bind_int (query, ":last_n", desk->last_n);
  alm_sql_bind_int (query, ":seen", desk->seen_us);
  alm_sql_bind_int (query, ":lost", desk->lost_us);
  alm_sql_bind_int (query, ":wiped", desk->wiped_us);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_list_desks (AlmServerStore  *store,
                    GPtrArray      **desks,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT " DESK_COLUMNS " FROM desks ORDER BY id");
  g_autoptr (GPtrArray) found =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_desk_free);
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmHubDesk *desk = read_desk (query, error);

      if (desk == NULL)
        return FALSE;
      g_ptr_array_add (found, desk);
    }
  *desks = g_steal_pointer (&found);

  return step == ALM_SQL_STEP_DONE;
}

gboolean
alm_hub_get_token (AlmServerStore  *store,
                   const guint8    *hash,
                   AlmHubToken    **token,
                   GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT hash, desk, user, expires, since, before FROM tokens"
                            " WHERE hash = :hash");
  g_autoptr (AlmHubToken) found = NULL;
  gconstpointer kept;
  AlmSqlStep step;
  gsize size;

  *token = NULL;
  alm_sql_bind_blob (query, ":hash", hash, ALM_HASH_SIZE);
  step = alm_sql_step (query, error);
  if (step != ALM_SQL_STEP_ROW)
    return step == ALM_SQL_STEP_DONE;

  kept = alm_sql_get_blob (query, 0, &size);
  if (size != ALM_HASH_SIZE || !alm_hash_equal (kept, hash))
    return TRUE;

  found = g_new0 (AlmHubToken, 1);
  if (!read_id (query, 1, &found->desk, error))
    return FALSE;
  found->user = g_strdup (alm_sql_get_text (query, 2));
  found->expires_us = alm_sql_get_int (query, 3);
  found->since_us = alm_sql_get_int (query, 4);
  found->retired = found->since_us < 0;
  kept = alm_sql_get_blob (query, 5, &size);
  found->has_before = size == ALM_HASH_SIZE;
  if (found->has_before)
    memcpy (found->before, kept, size);
  *token = g_steal_pointer (&found);

  return TRUE;
}

/* A desk whose answers are lost again and again is given a successor each time: only
 * the newest of them are worth keeping, it has stored none of the others. */
static gboolean
drop_oldest (AlmHub       *self,
             const guint8 *before,
             GError      **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "DELETE FROM tokens WHERE before = :before AND hash NOT IN"
                            " (SELECT hash FROM tokens WHERE before = :before"
                            " ORDER BY since DESC LIMIT 15)");

  alm_sql_bind_blob (query, ":before", before, ALM_HASH_SIZE);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_put_token (AlmServerStore     *store,
                   const guint8       *hash,
                   const AlmHubToken  *token,
                   GError            **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "INSERT INTO tokens (hash, desk, user, expires, since, before)"
                            " VALUES (:hash, :desk, :user, :expires, :since, :before)"
                            " ON CONFLICT (hash) DO UPDATE SET expires = excluded.expires"
                            " WHERE since >= 0");

  if (token->has_before && !drop_oldest (self, token->before, error))
    return FALSE;

  alm_sql_bind_blob (query, ":hash", hash, ALM_HASH_SIZE);
  alm_sql_bind_blob (query, ":desk", token->desk.bytes, sizeof token->desk.bytes);
  alm_sql_bind_text (query, ":user", token->user);
  alm_sql_bind_int (query, ":expires", token->expires_us);
  alm_sql_bind_int (query, ":since", token->since_us);
  if (token->has_before)
    alm_sql_bind_blob (query, ":before", token->before, ALM_HASH_SIZE);

  return alm_sql_run (query, error);
}

/* Three steps, in one transaction. */
gboolean
alm_hub_retire_token (AlmServerStore     *store,
                      const guint8       *hash,
                      const AlmHubToken  *token,
                      gint64              until_us,
                      GError            **error)
{
  static const char *const steps[] = {
    "UPDATE tokens SET expires = min (expires, :until), since = -1 WHERE hash = :before",
    "DELETE FROM tokens WHERE before = :before AND hash <> :hash",
    "UPDATE tokens SET before = NULL WHERE hash = :hash",
  };
  AlmHub *self = (AlmHub *) store;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (AlmQuery) query = alm_db_query (self->db, steps[i]);

      if (i == 0)
        alm_sql_bind_int (query, ":until", until_us);
      if (i < 2)
        alm_sql_bind_blob (query, ":before", token->before, ALM_HASH_SIZE);
      if (i > 0)
        alm_sql_bind_blob (query, ":hash", hash, ALM_HASH_SIZE);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
alm_hub_drop_token (AlmServerStore  *store,
                    const guint8    *hash,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "DELETE FROM tokens WHERE hash = :hash");

  alm_sql_bind_blob (query, ":hash", hash, ALM_HASH_SIZE);

  return alm_sql_run (query, error);
}

/* Ends all tokens of a desk, or of a user, whichever is given. */
gboolean
alm_hub_drop_tokens_of (AlmServerStore  *store,
                        const AlmId     *desk,
                        const char      *user,
                        GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, desk != NULL ? "DELETE FROM tokens WHERE desk = :desk"
                                         : "DELETE FROM tokens WHERE user = :user");

  if (desk != NULL)
    alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);
  else
    alm_sql_bind_text (query, ":user", user);

  return alm_sql_run (query, error);
}

static AlmHubAccount *
read_account (AlmSql *query)
{
  AlmHubAccount *account = g_new0 (AlmHubAccount, 1);

  account->name = g_strdup (alm_sql_get_text (query, 0));
  account->title = g_strdup (alm_sql_get_text (query, 1));
  account->password = g_strdup (alm_sql_get_text (query, 2));
  account->enabled = alm_sql_get_int (query, 3) != 0;

  return account;
}

gboolean
alm_hub_get_account (AlmServerStore  *store,
                     const char      *name,
                     AlmHubAccount  **account,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT name, title, password, enabled FROM accounts"
                            " WHERE name = :name");
  AlmSqlStep step;

  *account = NULL;
  alm_sql_bind_text (query, ":name", name);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_ROW)
    *account = read_account (query);

  return step != ALM_SQL_STEP_ERROR;
}

gboolean
alm_hub_put_account (AlmServerStore       *store,
                     const AlmHubAccount  *account,
                     GError              **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "INSERT INTO accounts (name, title, password, enabled)"
                            " VALUES (:name, :title, :password, :enabled)"
                            " ON CONFLICT (name) DO UPDATE SET title = excluded.title,"
                            " password = excluded.password, enabled = excluded.enabled");

  alm_sql_bind_text (query, ":name", account->name);
  alm_sql_bind_text (query, ":title", account->title);
  alm_sql_bind_text (query, ":password", account->password);
  alm_sql_bind_int (query, ":enabled", account->enabled);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_list_accounts (AlmServerStore  *store,
                       GPtrArray      **accounts,
                       GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT name, title, password, enabled FROM accounts ORDER BY name");
  g_autoptr (GPtrArray) found =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_account_free);
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    g_ptr_array_add (found, read_account (query));
  *accounts = g_steal_pointer (&found);

  return step == ALM_SQL_STEP_DONE;
}

/* An area that cannot be read must not make the grant a wider one. */
static gboolean
read_area (AlmHubGrant  *grant,
           const char   *text,
           GError      **error)
{
  g_autoptr (AlmValue) area = NULL;

  if (text == NULL)
    return TRUE;
  area = alm_json_parse (text, -1, NULL, error);
  if (area == NULL)
    return FALSE;
  if (!alm_hub_grant_set_area (grant, area, NULL))
    {
      alm_hub_set_corrupt (error, "The area of a grant is damaged");
      return FALSE;
    }

  return TRUE;
}

gboolean
alm_hub_list_grants (AlmServerStore  *store,
                     const char      *user,
                     GPtrArray      **grants,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT role, scope, classes, from_, until, area FROM grants"
                            " WHERE name = :name ORDER BY role, scope");
  g_autoptr (GPtrArray) found =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_grant_free);
  AlmSqlStep step;

  alm_sql_bind_text (query, ":name", user);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmHubGrant *grant = alm_hub_grant_new (alm_sql_get_text (query, 0),
                                              alm_sql_get_text (query, 1),
                                              (guint) alm_sql_get_int (query, 2));

      grant->from_us = alm_sql_get_int (query, 3);
      grant->until_us = alm_sql_get_int (query, 4);
      g_ptr_array_add (found, grant);
      if (!read_area (grant, alm_sql_get_text (query, 5), error))
        return FALSE;
    }
  *grants = g_steal_pointer (&found);

  return step == ALM_SQL_STEP_DONE;
}

/* Replaces all of them. */
gboolean
alm_hub_set_grants (AlmServerStore  *store,
                    const char      *user,
                    GPtrArray       *grants,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  {
    g_autoptr (AlmQuery) query = alm_db_query (self->db, "DELETE FROM grants WHERE name = :name");

    alm_sql_bind_text (query, ":name", user);
    if (!alm_sql_run (query, error))
      return FALSE;
  }

  for (guint i = 0; i < grants->len; i++)
    {
      const AlmHubGrant *grant = grants->pdata[i];
      g_autoptr (AlmQuery) query =
        alm_db_query (self->db, "INSERT INTO grants VALUES (:name, :role, :scope, :classes,"
                                " :from_, :until, :area)");

      alm_sql_bind_text (query, ":name", user);
      alm_sql_bind_text (query, ":role", grant->role);
      alm_sql_bind_text (query, ":scope", grant->scope);
      alm_sql_bind_int (query, ":classes", grant->classes);
      alm_sql_bind_int (query, ":from_", grant->from_us);
      alm_sql_bind_int (query, ":until", grant->until_us);
      alm_sql_bind_text (query, ":area", grant->area);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

/* BLAKE2b-256 (previous, at, actor, action, subject, detail) */
void
alm_hub_seal_audit (guint8             mac[ALM_HASH_SIZE],
                    const guint8       previous[ALM_HASH_SIZE],
                    const AlmHubAudit *audit)
{
  const char *const texts[] = { audit->actor, audit->action, audit->subject, audit->detail };
  g_autoptr (GString) text = g_string_new_len ((const char *) previous, ALM_HASH_SIZE);

  g_string_append_printf (text, "%" G_GINT64_FORMAT, audit->at_us);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_string_append_c (text, '\0');
      g_string_append (text, texts[i]);
    }
  alm_hash_256 (mac, text->str, text->len);
}

gboolean
alm_hub_add_audit (AlmServerStore     *store,
                   const AlmHubAudit  *audit,
                   GError            **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query = NULL;
  guint8 previous[ALM_HASH_SIZE] = { 0 };
  guint8 mac[ALM_HASH_SIZE];

  {
    g_autoptr (AlmQuery) last =
      alm_db_query (self->db, "SELECT mac FROM audit ORDER BY i DESC LIMIT 1");
    AlmSqlStep step = alm_sql_step (last, error);
    gconstpointer kept;
    gsize size;

    if (step == ALM_SQL_STEP_ERROR)
      return FALSE;
    if (step == ALM_SQL_STEP_ROW)
      {
        kept = alm_sql_get_blob (last, 0, &size);
        if (size != sizeof previous)
          {
            alm_hub_set_corrupt (error, "The audit trail is damaged");
            return FALSE;
          }
        memcpy (previous, kept, size);
      }
  }

  alm_hub_seal_audit (mac, previous, audit);
  query = alm_db_query (self->db, "INSERT INTO audit (at, actor, action, subject, detail, prev,"
                                  " mac) VALUES (:at, :actor, :action, :subject, :detail, :prev,"
                                  " :mac)");
  alm_sql_bind_int (query, ":at", audit->at_us);
  alm_sql_bind_text (query, ":actor", audit->actor);
  alm_sql_bind_text (query, ":action", audit->action);
  alm_sql_bind_text (query, ":subject", audit->subject);
  alm_sql_bind_text (query, ":detail", audit->detail);
  alm_sql_bind_blob (query, ":prev", previous, sizeof previous);
  alm_sql_bind_blob (query, ":mac", mac, sizeof mac);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_list_audit (AlmServerStore  *store,
                    gint64           after,
                    int              limit,
                    GPtrArray      **audit,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT i, at, actor, action, subject, detail FROM audit"
                            " WHERE i > :after ORDER BY i LIMIT :limit");
  g_autoptr (GPtrArray) found =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_audit_free);
  AlmSqlStep step;

  alm_sql_bind_int (query, ":after", after);
  alm_sql_bind_int (query, ":limit", limit);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmHubAudit *line = g_new0 (AlmHubAudit, 1);

      line->i = alm_sql_get_int (query, 0);
      line->at_us = alm_sql_get_int (query, 1);
      line->actor = g_strdup (alm_sql_get_text (query, 2));
      line->action = g_strdup (alm_sql_get_text (query, 3));
      line->subject = g_strdup (alm_sql_get_text (query, 4));
      line->detail = g_strdup (alm_sql_get_text (query, 5));
      g_ptr_array_add (found, line);
    }
  *audit = g_steal_pointer (&found);

  return step == ALM_SQL_STEP_DONE;
}
