/* SPDX-License-Identifier: EUPL-1.2 */

/* From grants to rights: denied by default, the union of all grants that fit.
 *
 * A role that writes includes those below it (reader < editor < reviewer <
 * steward); the others stand alone and give no data.  What adds up are grants,
 * not their parts: who reads personal fields by one and edits internal ones by
 * another does not edit personal ones.  Pure; any thread. */

#include "config.h"

#include "alm-hub-rights.h"

#include "alm-plant.h"

#include <string.h>

#define DATA_ROLES (ALM_ROLE_BIT_READER | ALM_ROLE_BIT_EDITOR | ALM_ROLE_BIT_REVIEWER \
                    | ALM_ROLE_BIT_STEWARD)
#define WRITE_ROLES (ALM_ROLE_BIT_EDITOR | ALM_ROLE_BIT_REVIEWER | ALM_ROLE_BIT_STEWARD)

static const char *const role_names[] = {
  "reader", "editor", "reviewer", "steward", "manager", "operator", "auditor", "privacy",
  "statistics", "security", "board", "gateway"
};

/* 0 if it is no role. */
guint
alm_role_from_text (const char *text)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (role_names); i++)
    if (strcmp (text, role_names[i]) == 0)
      return 1u << i;

  return 0;
}

AlmValue *
alm_role_to_names (guint roles)
{
  AlmValue *names = alm_value_new_list ();

  for (guint i = 0; i < G_N_ELEMENTS (role_names); i++)
    if ((roles & (1u << i)) != 0)
      alm_value_append (names, alm_value_new_text (role_names[i]));

  return names;
}

/* A scope, a scope followed by slash and asterisk, or an asterisk alone. */
gboolean
alm_pattern_is_valid (const char *pattern)
{
  g_autofree char *head = NULL;

  if (pattern == NULL)
    return FALSE;
  if (strcmp (pattern, "*") == 0)
    return TRUE;
  if (!g_str_has_suffix (pattern, "/*"))
    return alm_name_is_scope (pattern);

  head = g_strndup (pattern, strlen (pattern) - 2);

  return alm_name_is_scope (head);
}

gboolean
alm_pattern_matches (const char *pattern,
                     const char *scope)
{
  gsize length = strlen (pattern);

  if (strcmp (pattern, "*") == 0)
    return TRUE;
  if (length > 2 && strcmp (pattern + length - 2, "/*") == 0)
    return strncmp (pattern, scope, length - 1) == 0;

  return strcmp (pattern, scope) == 0;
}

/* Does @pattern fit every scope that @inner, a pattern too, fits? */
gboolean
alm_pattern_contains (const char *pattern,
                      const char *inner)
{
  /* An asterisk is no letter of a scope, so only the asterisk itself fits one alone. */
  if (strcmp (inner, "*") == 0)
    return strcmp (pattern, "*") == 0;

  return strcmp (pattern, inner) == 0 || alm_pattern_matches (pattern, inner);
}

/* Scope `system` describes the city: only its stewards write it. */
static gboolean
writes (guint       role,
        const char *scope)
{
  return (role & (strcmp (scope, ALM_SCOPE_SYSTEM) == 0 ? ALM_ROLE_BIT_STEWARD
                                                        : WRITE_ROLES)) != 0;
}

static gboolean
holds (const AlmHubGrant *grant,
       gint64             now_us)
{
  return grant->from_us <= now_us && (grant->until_us == 0 || now_us < grant->until_us
                                       || ALM_PLANTED ("grant-endless"));
}

guint
alm_hub_grant_writes (const AlmHubGrant *self,
                      const char        *scope,
                      gint64             now_us)
{
  return holds (self, now_us) && alm_pattern_matches (self->scope, scope)
         && writes (alm_role_from_text (self->role), scope) ? self->classes : 0;
}

static void
add_grant (AlmHubRights      *rights,
           const AlmHubGrant *grant,
           guint              role,
           const char        *scope,
           gint64             now_us)
{
  rights->roles |= role;
  if ((role & DATA_ROLES) != 0)
    rights->classes |= grant->classes;
  if (role != ALM_ROLE_BIT_READER)
    rights->writes |= alm_hub_grant_writes (grant, scope, now_us);
}

/* @place: where a record lies; ignored unless @at: then a grant with an area that it
 * does not lie in only reads. */
static AlmHubRights
sum_up (const GPtrArray *grants,
        const char      *scope,
        gboolean         at,
        const AlmValue  *place,
        gint64           now_us)
{
  AlmHubRights rights = { 0 };

  for (guint i = 0; i < grants->len; i++)
    {
      const AlmHubGrant *grant = grants->pdata[i];
      guint role = alm_role_from_text (grant->role);

      if (!holds (grant, now_us) || !alm_pattern_matches (grant->scope, scope))
        continue;
      if (at && grant->region != NULL && (role & DATA_ROLES) != 0
          && !alm_region_covers (grant->region, place))
        role = ALM_ROLE_BIT_READER;
      add_grant (&rights, grant, role, scope, now_us);
    }

  /* Every account reads models, units and scopes. */
  if (strcmp (scope, ALM_SCOPE_SYSTEM) == 0)
    {
      rights.roles |= ALM_ROLE_BIT_READER;
      rights.classes |= ALM_CLASSES_DEFAULT;
    }

  return rights;
}

/* Somewhere in the scope; reading is never limited to an area.
 *
 * @grants: (element-type AlmHubGrant) */
AlmHubRights
alm_hub_rights_in (const GPtrArray *grants,
                   const char      *scope,
                   gint64           now_us)
{
  return sum_up (grants, scope, FALSE, NULL, now_us);
}

AlmHubRights
alm_hub_rights_at (const GPtrArray *grants,
                   const char      *scope,
                   const AlmValue  *place,
                   gint64           now_us)
{
  return sum_up (grants, scope, TRUE, place, now_us);
}

/* All roles that the grants give in some scope. */
guint
alm_hub_rights_anywhere (const GPtrArray *grants,
                         gint64           now_us)
{
  guint roles = 0;

  for (guint i = 0; i < grants->len; i++)
    if (holds (grants->pdata[i], now_us))
      roles |= alm_role_from_text (((AlmHubGrant *) grants->pdata[i])->role);

  return roles;
}

gboolean
alm_hub_rights_may_read (const AlmHubRights *self)
{
  return (self->roles & DATA_ROLES) != 0;
}

gboolean
alm_hub_rights_is_steward (const AlmHubRights *self)
{
  return (self->roles & ALM_ROLE_BIT_STEWARD) != 0;
}

gboolean
alm_hub_rights_may_write (const AlmHubRights *self)
{
  return self->writes != 0;
}

/* May these grants' owner manage grants for @pattern? */
gboolean
alm_hub_rights_manages (const GPtrArray *grants,
                        const char      *pattern,
                        gint64           now_us)
{
  for (guint i = 0; i < grants->len; i++)
    {
      const AlmHubGrant *grant = grants->pdata[i];

      if (holds (grant, now_us) && alm_role_from_text (grant->role) == ALM_ROLE_BIT_MANAGER
          && alm_pattern_contains (grant->scope, pattern))
        return TRUE;
    }

  return FALSE;
}
