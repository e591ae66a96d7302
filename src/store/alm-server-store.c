/* SPDX-License-Identifier: EUPL-1.2 */

/* The plain structs that cross between the server's core and its store. */

#include "config.h"

#include "alm-server-store.h"

void
alm_server_store_close (AlmServerStore *self)
{
  g_return_if_fail (self != NULL);

  self->api->close (self);
}

AlmHubRecord *
alm_hub_record_copy (const AlmHubRecord *self)
{
  AlmHubRecord *copy = g_new (AlmHubRecord, 1);

  *copy = *self;
  copy->fields = alm_value_ref (self->fields);

  return copy;
}

void
alm_hub_record_free (AlmHubRecord *self)
{
  g_clear_pointer (&self->fields, alm_value_unref);
  g_free (self);
}

void
alm_hub_account_free (AlmHubAccount *self)
{
  g_free (self->name);
  g_free (self->title);
  g_free (self->password);
  g_free (self);
}

/* For ever, from now on. */
AlmHubGrant *
alm_hub_grant_new (const char *role,
                   const char *scope,
                   guint       classes)
{
  AlmHubGrant *self = g_new0 (AlmHubGrant, 1);

  self->role = g_strdup (role);
  self->scope = g_strdup (scope);
  self->classes = classes;

  return self;
}

gboolean
alm_hub_grant_set_area (AlmHubGrant     *self,
                        const AlmValue  *area,
                        char           **reason)
{
  AlmRegion *region = alm_region_new (area, reason);

  if (region == NULL)
    return FALSE;

  g_clear_pointer (&self->region, alm_region_unref);
  self->region = region;
  g_free (self->area);
  self->area = alm_value_to_text (area);

  return TRUE;
}

void
alm_hub_grant_free (AlmHubGrant *self)
{
  g_clear_pointer (&self->region, alm_region_unref);
  g_free (self->area);
  g_free (self->role);
  g_free (self->scope);
  g_free (self);
}

void
alm_hub_desk_free (AlmHubDesk *self)
{
  g_free (self->user);
  g_free (self->name);
  g_free (self);
}

void
alm_hub_token_free (AlmHubToken *self)
{
  g_free (self->user);
  g_free (self);
}

void
alm_hub_audit_free (AlmHubAudit *self)
{
  g_free (self->actor);
  g_free (self->action);
  g_free (self->subject);
  g_free (self->detail);
  g_free (self);
}

void
alm_hub_erasure_free (AlmHubErasure *self)
{
  g_clear_pointer (&self->fields, alm_value_unref);
  g_free (self->user);
  g_free (self->reason);
  g_free (self);
}
