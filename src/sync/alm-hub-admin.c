/* SPDX-License-Identifier: EUPL-1.2 */

/* Accounts, grants and the audit trail over HTTP.
 *
 * A manager acts inside his pattern; who manages everything ("*") also gives
 * the roles that stand beside the data.  Nothing here shows a field of a record. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

#define AUDIT_PAGE 1000

AlmHubReply *
alm_hub_forbid (void)
{
  return alm_hub_reply_problem (403, "forbidden", "You may not do this");
}

gboolean
alm_hub_is_manager (const AlmHubActor *actor)
{
  return (alm_hub_rights_anywhere (actor->grants, actor->now_us) & ALM_ROLE_BIT_MANAGER) != 0;
}

/* What has to be managed by who gives or takes @grant. */
static const char *
managed_pattern (const AlmHubGrant *grant)
{
  const guint apart = ALM_ROLE_BIT_MANAGER | ALM_ROLE_BIT_OPERATOR | ALM_ROLE_BIT_AUDITOR;

  return (alm_role_from_text (grant->role) & apart) != 0 ? "*" : grant->scope;
}

/* May @actor shut out @user, or act as them by a new password?  Who could not give all that
 * they may do, may not; who may do nothing is anybody's in the city, so the city's. */
gboolean
alm_hub_may_manage (const AlmHubActor *actor,
                    const char        *user,
                    const GPtrArray   *grants)
{
  if (!alm_hub_is_manager (actor))
    return FALSE;
  if (strcmp (user, actor->user) == 0)
    return TRUE;
  if (grants->len == 0)
    return alm_hub_rights_manages (actor->grants, "*", actor->now_us);

  for (guint i = 0; i < grants->len; i++)
    if (!alm_hub_rights_manages (actor->grants, managed_pattern (grants->pdata[i]),
                                 actor->now_us))
      return FALSE;

  return TRUE;
}

static AlmValue *
describe_grant (const AlmHubGrant *grant)
{
  AlmValue *said = alm_value_new_object ();

  alm_value_set_text (said, "role", grant->role);
  alm_value_set_text (said, "scope", grant->scope);
  alm_value_set (said, "classes", alm_class_to_names (grant->classes));
  if (grant->from_us != 0)
    {
      g_autofree char *from = alm_clock_format (grant->from_us);

      alm_value_set_text (said, "from", from);
    }
  if (grant->until_us != 0)
    {
      g_autofree char *until = alm_clock_format (grant->until_us);

      alm_value_set_text (said, "until", until);
    }
  if (grant->area != NULL)
    alm_value_set (said, "area", alm_json_parse (grant->area, -1, NULL, NULL));

  return said;
}

static AlmValue *
describe_account (const AlmHubAccount *account,
                  const GPtrArray     *grants)
{
  AlmValue *said = alm_value_new_object ();
  AlmValue *list = alm_value_new_list ();

  for (guint i = 0; i < grants->len; i++)
    alm_value_append (list, describe_grant (grants->pdata[i]));
  alm_value_set_text (said, "name", account->name);
  alm_value_set_text (said, "title", account->title);
  alm_value_set (said, "enabled", alm_value_new_boolean (account->enabled));
  alm_value_set (said, "grants", list);

  return said;
}

static AlmHubReply *
list_users (AlmHubCore   *self,
            AlmHubActor  *actor,
            GError      **error)
{
  g_autoptr (AlmHubReply) reply = alm_hub_reply_new (200, "application/x-ndjson");
  g_autoptr (GPtrArray) accounts = NULL;

  if (!alm_hub_is_manager (actor))
    return alm_hub_forbid ();
  if (!self->store->api->list_accounts (self->store, &accounts, error))
    return NULL;

  for (guint i = 0; i < accounts->len; i++)
    {
      const AlmHubAccount *account = accounts->pdata[i];
      g_autoptr (GPtrArray) grants = NULL;
      g_autoptr (AlmValue) said = NULL;

      if (!self->store->api->list_grants (self->store, account->name, &grants, error))
        return NULL;
      said = describe_account (account, grants);
      alm_hub_reply_say (reply, said);
    }

  return g_steal_pointer (&reply);
}

/* Asks for the hash of @password where there is none yet; NULL = go on. */
static AlmHubReply *
need_hash (AlmHubRequest *request,
           const char    *user,
           const char    *password)
{
  AlmHubReply *reply;
  const char *reason;

  if (!alm_hub_check_password (user, password, &reason))
    return alm_hub_reply_problem (400, "bad-password", "%s", reason);
  if (request->hashed)
    return request->hash != NULL ? NULL
                                 : alm_hub_reply_problem (503, "busy", "No memory; try again");

  request->password = g_strdup (password);
  reply = alm_hub_reply_new (0, NULL);
  reply->hash = TRUE;

  return reply;
}

static AlmHubReply *
add_user (AlmHubCore     *self,
          AlmHubActor    *actor,
          AlmHubRequest  *request,
          GError        **error)
{
  AlmHubReply *refusal = NULL;
  g_autoptr (AlmValue) asked = NULL;
  g_autoptr (AlmHubAccount) known = NULL;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (AlmValue) said = NULL;
  AlmHubAccount account = { .enabled = TRUE };
  const char *password;

  if (!alm_hub_is_manager (actor))
    return alm_hub_forbid ();
  asked = alm_hub_request_json (request, &refusal);
  if (asked == NULL)
    return refusal;

  account.name = (char *) alm_value_get_text_of (asked, "name");
  account.title = (char *) alm_value_get_text_of (asked, "title");
  password = alm_value_get_text_of (asked, "password");
  if (!alm_name_is_user (account.name) || strcmp (account.name, ALM_HUB_USER) == 0)
    return alm_hub_reply_problem (400, "bad-name", "\"name\" is no name of a user");
  if (account.title == NULL)
    account.title = account.name;
  if (password == NULL || strlen (account.title) > 200)
    return alm_hub_reply_problem (400, "bad-request", "\"password\" or \"title\" is wrong");
  if (!self->store->api->get_account (self->store, account.name, &known, error))
    return NULL;
  if (known != NULL)
    return alm_hub_reply_problem (409, "exists", "There is a user %s", account.name);

  refusal = need_hash (request, account.name, password);
  if (refusal != NULL)
    return refusal;
  account.password = request->hash;
  if (!self->store->api->put_account (self->store, &account, error)
      || !alm_hub_core_audit (self, actor->user, "user-add", account.name, "", error))
    return NULL;
  said = describe_account (&account, none);

  return alm_hub_reply_value (201, said);
}

AlmHubReply *
alm_hub_users (AlmHubCore     *self,
               AlmHubActor    *actor,
               AlmHubRequest  *request,
               GError        **error)
{
  return strcmp (request->method, "GET") == 0 ? list_users (self, actor, error)
                                              : add_user (self, actor, request, error);
}

/* The account that the path names, with its grants; a manager whose pattern
 * does not hold all of them may not touch it. */
static AlmHubReply *
find_user (AlmHubCore           *self,
           AlmHubActor          *actor,
           const AlmHubRequest  *request,
           AlmHubAccount       **account,
           GPtrArray           **grants,
           GError              **error)
{
  g_auto (GStrv) parts = g_strsplit (request->path, "/", 0);   /* "", v1, users, NAME, … */

  if (!alm_hub_is_manager (actor))
    return alm_hub_forbid ();
  if (!self->store->api->get_account (self->store, parts[3], account, error)
      || !self->store->api->list_grants (self->store, parts[3], grants, error))
    return NULL;
  if (*account == NULL)
    return alm_hub_reply_problem (404, "not-found", "There is no user %s", parts[3]);

  return NULL;
}

/* Nobody can give back what nobody has: somebody who manages everything, without an end,
 * is left when @account has @grants.  *reply: (nullable) the refusal */
static gboolean
check_last (AlmHubCore           *self,
            const AlmHubActor    *actor,
            const AlmHubAccount  *account,
            const GPtrArray      *grants,
            AlmHubReply         **reply,
            GError              **error)
{
  g_autoptr (GPtrArray) accounts = NULL;

  *reply = NULL;
  if (!self->store->api->list_accounts (self->store, &accounts, error))
    return FALSE;

  for (guint i = 0; i < accounts->len; i++)
    {
      const AlmHubAccount *other = accounts->pdata[i];
      gboolean same = strcmp (other->name, account->name) == 0;
      g_autoptr (GPtrArray) held = NULL;
      const GPtrArray *list = grants;

      if (!same && !self->store->api->list_grants (self->store, other->name, &held, error))
        return FALSE;
      if (!same)
        list = held;
      if ((same ? account : other)->enabled
          && alm_hub_rights_manages (list, "*", actor->now_us)
          && alm_hub_rights_manages (list, "*", G_MAXINT64))
        return TRUE;
    }
  *reply = alm_hub_reply_problem (409, "last-manager", "%s is the last who manages everything; make"
                                  " somebody else manager of * first", account->name);

  return TRUE;
}

/* PATCH /v1/users/NAME */
AlmHubReply *
alm_hub_user (AlmHubCore     *self,
              AlmHubActor    *actor,
              AlmHubRequest  *request,
              GError        **error)
{
  AlmHubReply *refusal = NULL;
  g_autoptr (AlmValue) asked = NULL;
  g_autoptr (AlmHubAccount) account = NULL;
  g_autoptr (GPtrArray) grants = NULL;
  g_autoptr (AlmValue) said = NULL;
  const char *password;
  const char *title;

  refusal = find_user (self, actor, request, &account, &grants, error);
  if (refusal != NULL || account == NULL)
    return refusal;
  if (!alm_hub_may_manage (actor, account->name, grants))
    return alm_hub_forbid ();
  asked = alm_hub_request_json (request, &refusal);
  if (asked == NULL)
    return refusal;

  password = alm_value_get_text_of (asked, "password");
  title = alm_value_get_text_of (asked, "title");
  if (title != NULL && strlen (title) > 200)
    return alm_hub_reply_problem (400, "bad-request", "\"title\" is too long");
  if (password != NULL && (refusal = need_hash (request, account->name, password)) != NULL)
    return refusal;

  if (password != NULL)
    {
      g_free (account->password);
      account->password = g_strdup (request->hash);
    }
  if (title != NULL)
    {
      g_free (account->title);
      account->title = g_strdup (title);
    }
  account->enabled = alm_value_get_boolean_of (asked, "enabled", account->enabled);
  if (!account->enabled && alm_hub_rights_manages (grants, "*", actor->now_us)
      && (!check_last (self, actor, account, grants, &refusal, error) || refusal != NULL))
    return refusal;
  if (!self->store->api->put_account (self->store, account, error)
      || !alm_hub_core_audit (self, actor->user, "user-change", account->name,
                              account->enabled ? "" : "disabled", error))
    return NULL;
  /* Who knew the old password is out. */
  if (password != NULL && !ALM_PLANTED ("old-password-lives")
      && !self->store->api->drop_tokens_of (self->store, NULL, account->name, error))
    return NULL;
  said = describe_account (account, grants);
  refusal = alm_hub_reply_value (200, said);
  refusal->rights_changed = TRUE;

  return refusal;
}

static gboolean
read_time (const AlmValue *asked,
           const char     *name,
           gint64         *t_us)
{
  const char *text = alm_value_get_text_of (asked, name);
  g_autofree char *whole = NULL;

  *t_us = 0;
  if (alm_value_get (asked, name) == NULL)
    return TRUE;
  if (text == NULL)
    return FALSE;

  /* A day alone is meant as a whole: it ends when the next begins. */
  if (strlen (text) == 10)
    {
      whole = g_strconcat (text, "T00:00:00Z", NULL);
      if (!alm_clock_parse (whole, t_us))
        return FALSE;
      if (strcmp (name, "until") == 0)
        *t_us += G_TIME_SPAN_DAY;
      return TRUE;
    }

  return alm_clock_parse (text, t_us);
}

static gboolean
read_area (AlmHubGrant     *grant,
           const AlmValue  *area,
           AlmHubReply    **refusal)
{
  const guint writers = ALM_ROLE_BIT_EDITOR | ALM_ROLE_BIT_REVIEWER | ALM_ROLE_BIT_STEWARD;
  g_autofree char *reason = NULL;

  if (alm_value_is (area, ALM_VALUE_NULL))
    return TRUE;
  if ((alm_role_from_text (grant->role) & writers) == 0)
    *refusal = alm_hub_reply_problem (400, "bad-grant", "\"area\" limits what may be changed; a %s"
                                      " changes nothing", grant->role);
  else if (!alm_hub_grant_set_area (grant, area, &reason))
    *refusal = alm_hub_reply_problem (400, "bad-grant", "\"area\": %s", reason);

  return *refusal == NULL;
}

static AlmHubGrant *
read_grant (const AlmValue  *asked,
            AlmHubReply    **refusal)
{
  const char *role = alm_value_get_text_of (asked, "role");
  const char *scope = alm_value_get_text_of (asked, "scope");
  const AlmValue *names = alm_value_get (asked, "classes");
  guint bit = alm_role_from_text (role);
  guint classes = ALM_CLASSES_DEFAULT;
  g_autoptr (AlmHubGrant) grant = NULL;
  const char *wrong;

  if (bit == 0 || !alm_pattern_is_valid (scope))
    {
      *refusal = alm_hub_reply_problem (400, "bad-grant", "\"role\" or \"scope\" is wrong");
      return NULL;
    }
  if (names != NULL)
    classes = alm_class_from_names (names);
  grant = alm_hub_grant_new (role, scope, classes);
  if (!read_area (grant, alm_value_get (asked, "area"), refusal))
    return NULL;
  wrong = classes == 0 ? "classes" : !read_time (asked, "from", &grant->from_us) ? "from"
        : !read_time (asked, "until", &grant->until_us) ? "until" : NULL;
  if (wrong != NULL)
    *refusal = alm_hub_reply_problem (400, "bad-grant", "\"%s\" is wrong", wrong);
  else if (grant->until_us != 0 && grant->until_us <= grant->from_us)
    *refusal = alm_hub_reply_problem (400, "bad-grant", "\"until\" is not after \"from\"");

  return *refusal == NULL ? g_steal_pointer (&grant) : NULL;
}

static gboolean
same_grant (gconstpointer a,
            gconstpointer b)
{
  const AlmHubGrant *one = a;
  const AlmHubGrant *two = b;

  return strcmp (one->role, two->role) == 0 && strcmp (one->scope, two->scope) == 0
         && one->classes == two->classes && one->from_us == two->from_us
         && one->until_us == two->until_us && g_strcmp0 (one->area, two->area) == 0;
}

/* A grant that is in one list and not in the other is a change, and only who
 * manages its scope may make it. */
static gboolean
may_change (const AlmHubActor *actor,
            const GPtrArray   *one,
            GPtrArray         *two)
{
  for (guint i = 0; i < one->len; i++)
    {
      const AlmHubGrant *grant = one->pdata[i];

      if (g_ptr_array_find_with_equal_func (two, grant, same_grant, NULL))
        continue;
      if (!alm_hub_rights_manages (actor->grants, managed_pattern (grant), actor->now_us))
        return FALSE;
    }

  return TRUE;
}

static GPtrArray *
read_grants (const AlmValue  *asked,
             AlmHubReply    **refusal)
{
  g_autoptr (GPtrArray) grants =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_grant_free);
  const AlmValue *list = alm_value_get (asked, "grants");

  if (!alm_value_is (list, ALM_VALUE_LIST) || alm_value_get_size (list) > 500)
    {
      *refusal = alm_hub_reply_problem (400, "bad-request", "\"grants\" is no list");
      return NULL;
    }

  for (guint i = 0; i < alm_value_get_size (list); i++)
    {
      AlmHubGrant *grant = read_grant (alm_value_get_item (list, i), refusal);

      if (grant == NULL)
        return NULL;
      for (guint k = 0; k < grants->len; k++)
        {
          const AlmHubGrant *other = grants->pdata[k];

          if (strcmp (other->role, grant->role) != 0 || strcmp (other->scope, grant->scope) != 0)
            continue;
          alm_hub_grant_free (grant);
          *refusal = alm_hub_reply_problem (400, "bad-grant", "A role is given twice in a scope");
          return NULL;
        }
      g_ptr_array_add (grants, grant);
    }

  return g_steal_pointer (&grants);
}

static char *
sum_up (const GPtrArray *grants)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < grants->len; i++)
    {
      const AlmHubGrant *grant = grants->pdata[i];

      g_string_append_printf (text, "%s%s %s%s", i > 0 ? ", " : "", grant->role, grant->scope,
                              grant->area != NULL ? " (area)" : "");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* PUT /v1/users/NAME/grants */
AlmHubReply *
alm_hub_grants (AlmHubCore     *self,
                AlmHubActor    *actor,
                AlmHubRequest  *request,
                GError        **error)
{
  AlmHubReply *refusal = NULL;
  g_autoptr (AlmValue) asked = NULL;
  g_autoptr (AlmHubAccount) account = NULL;
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autofree char *detail = NULL;

  refusal = find_user (self, actor, request, &account, &before, error);
  if (refusal != NULL || account == NULL)
    return refusal;
  asked = alm_hub_request_json (request, &refusal);
  if (asked == NULL)
    return refusal;
  after = read_grants (asked, &refusal);
  if (after == NULL)
    return refusal;
  if (!may_change (actor, after, before) || !may_change (actor, before, after))
    return alm_hub_forbid ();
  if (alm_hub_rights_manages (before, "*", actor->now_us)
      && (!check_last (self, actor, account, after, &refusal, error) || refusal != NULL))
    return refusal;

  detail = sum_up (after);
  if (!self->store->api->set_grants (self->store, account->name, after, error)
      || !alm_hub_core_audit (self, actor->user, "grants", account->name, detail, error))
    return NULL;
  said = describe_account (account, after);
  refusal = alm_hub_reply_value (200, said);
  refusal->rights_changed = TRUE;

  return refusal;
}

AlmHubReply *
alm_hub_audit (AlmHubCore     *self,
               AlmHubActor    *actor,
               AlmHubRequest  *request,
               GError        **error)
{
  g_autoptr (AlmHubReply) reply = alm_hub_reply_new (200, "application/x-ndjson");
  g_autofree char *after = alm_hub_request_query (request, "after");
  g_autoptr (GPtrArray) lines = NULL;

  if ((alm_hub_rights_anywhere (actor->grants, actor->now_us) & ALM_ROLE_BIT_AUDITOR) == 0)
    return alm_hub_forbid ();
  if (!self->store->api->list_audit (self->store,
                                     after != NULL ? g_ascii_strtoll (after, NULL, 10) : 0,
                                     AUDIT_PAGE, &lines, error))
    return NULL;

  for (guint i = 0; i < lines->len; i++)
    {
      const AlmHubAudit *line = lines->pdata[i];
      g_autoptr (AlmValue) said = alm_value_new_object ();
      g_autofree char *at = alm_clock_format (line->at_us);

      alm_value_set_integer (said, "i", line->i);
      alm_value_set_text (said, "at", at);
      alm_value_set_text (said, "actor", line->actor);
      alm_value_set_text (said, "action", line->action);
      alm_value_set_text (said, "subject", line->subject);
      alm_value_set_text (said, "detail", line->detail);
      alm_hub_reply_say (reply, said);
    }

  return g_steal_pointer (&reply);
}
