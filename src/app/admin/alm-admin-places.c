/* SPDX-License-Identifier: EUPL-1.2 */

/* Reads the organisation and the own roles.  On a connection's thread. */

#include "config.h"

#include "alm-admin-places.h"

static gboolean
keep_fields (const AlmRow  *row,
             gpointer       user_data,
             GError       **error)
{
  g_ptr_array_add (user_data, alm_value_ref (row->fields));

  return TRUE;
}

static GPtrArray *
read_kind (AlmDesk     *desk,
           const char  *kind,
           GError     **error)
{
  static const char *const scopes[] = { "system", NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);

  if (!alm_desk_each (desk, scopes, kind, FALSE, keep_fields, rows, error))
    return NULL;

  return g_steal_pointer (&rows);
}

gpointer
alm_admin_places_job (AlmDesk   *desk,
                      gpointer   data,
                      GError   **error)
{
  g_autoptr (GPtrArray) units = read_kind (desk, "unit", error);
  g_autoptr (GPtrArray) scopes = units != NULL ? read_kind (desk, "scope", error) : NULL;

  return scopes != NULL ? alm_organisation_list (units, scopes) : NULL;
}

gpointer
alm_admin_roles_job (AlmDesk   *desk,
                     gpointer   data,
                     GError   **error)
{
  char *roles = alm_desk_get_setting (desk, "roles");

  return roles != NULL ? roles : g_strdup ("");
}

gboolean
alm_admin_roles_has (const char *roles,
                     const char *role)
{
  g_auto (GStrv) words = g_strsplit (roles, " ", -1);

  return g_strv_contains ((const char *const *) words, role);
}
