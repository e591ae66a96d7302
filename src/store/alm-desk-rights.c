/* SPDX-License-Identifier: EUPL-1.2 */

/* What may be changed here, as the server has told it with `hello` (sync.md, section
 * 4.8): classes of fields per scope, some of them in areas only.  Asked before each
 * edit, so that it is said at once; the server has the last word.
 *
 * Invariants:
 *   1. The setting "rights" is what the last `hello` said; "rights_hash" changes with it.
 *   2. Without a server, in scope `local`, and until a server has told something, all
 *      may be changed. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-desk-sync-private.h"
#include "alm-digest.h"
#include "alm-hash.h"
#include "alm-json.h"
#include "alm-region.h"
#include "alm-store-error.h"

#include <string.h>

#define ALL_CLASSES \
  (ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL | ALM_CLASS_CONFIDENTIAL | ALM_CLASS_PERSONAL)

typedef struct
{
  guint      classes;
  AlmRegion *region;
} Limited;

struct _AlmDeskRights
{
  char   *scope;
  char   *hash;          /* of the setting that this was read from; nullable */
  guint   everywhere;    /* classes that may be written, wherever a record lies */
  gboolean steward;
  GArray *limited;       /* (element-type Limited) */
};

static void
limited_clear (gpointer data)
{
  alm_region_unref (((Limited *) data)->region);
}

void
alm_desk_rights_free (AlmDeskRights *self)
{
  g_free (self->scope);
  g_free (self->hash);
  g_array_unref (self->limited);
  g_free (self);
}

gboolean
alm_desk_has_met_server (AlmDesk *self)
{
  g_autofree char *server = alm_desk_get_setting (self, "server_id");

  return server != NULL;
}

static gboolean
has_role (const AlmValue *roles,
          const char     *role)
{
  for (guint i = 0; i < alm_value_get_size (roles); i++)
    if (g_strcmp0 (alm_value_get_text (alm_value_get_item (roles, i)), role) == 0)
      return TRUE;

  return FALSE;
}

/* Of a server that tells roles alone. */
static gboolean
writes_by_role (const AlmValue *roles,
                const char     *scope)
{
  return has_role (roles, "steward")
         || (strcmp (scope, "system") != 0
             && (has_role (roles, "editor") || has_role (roles, "reviewer")));
}

/* Inside a transaction. */
gboolean
alm_desk_note_rights (AlmDesk             *self,
                      const AlmWireHello  *hello,
                      GError             **error)
{
  g_autoptr (AlmValue) rights = alm_value_new_object ();
  AlmValue *scopes = alm_value_new_object ();
  g_autofree char *text = NULL;
  g_autofree char *hash = NULL;

  alm_value_set (rights, "scopes", scopes);
  if (hello->areas != NULL)
    alm_value_set (rights, "areas", alm_value_ref (hello->areas));
  for (guint i = 0; i < hello->scopes->len; i++)
    {
      const AlmWireScope *told = hello->scopes->pdata[i];
      AlmValue *scope = alm_value_new_object ();

      if (told->writes != NULL)
        alm_value_set (scope, "writes", alm_value_ref (told->writes));
      else if (writes_by_role (told->roles, told->scope))
        alm_value_set (scope, "writes", alm_value_ref (told->classes));
      if (told->areas != NULL)
        alm_value_set (scope, "areas", alm_value_ref (told->areas));
      if (has_role (told->roles, "steward"))
        alm_value_set (scope, "steward", alm_value_new_boolean (TRUE));
      alm_value_set (scopes, told->scope, scope);
    }

  text = alm_value_to_text (rights);
  hash = alm_hash_to_text (alm_hash_64 (text, strlen (text)));

  return alm_desk_write_setting (self, "rights_word", hello->rights, error)
         && alm_desk_write_setting (self, "rights", text, error)
         && alm_desk_write_setting (self, "rights_hash", hash, error);
}

static void
take_limited (AlmDeskRights  *rights,
              const AlmValue *list,
              const AlmValue *areas)
{
  for (guint i = 0; i < alm_value_get_size (list); i++)
    {
      const AlmValue *told = alm_value_get_item (list, i);
      gint64 area = alm_value_get_integer_of (told, "area", -1);
      Limited limited = { .classes = alm_class_from_names (alm_value_get (told, "classes")) };

      if (area >= 0 && area < alm_value_get_size (areas))
        limited.region = alm_region_new (alm_value_get_item (areas, (guint) area), NULL);
      if (limited.region != NULL)
        g_array_append_val (rights->limited, limited);
    }
}

/* Of a profile that has not heard of rights since it was written by an older program. */
static gboolean
read_roles (AlmDesk        *self,
            AlmDeskRights  *rights,
            GError        **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT info FROM cursors"
                                             " WHERE scope = :scope");
  g_autoptr (AlmValue) info = NULL;
  AlmSqlStep step;

  alm_sql_bind_text (query, ":scope", rights->scope);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_ROW && !alm_sql_is_null (query, 0))
    info = alm_json_parse (alm_sql_get_text (query, 0), -1, NULL, NULL);
  if (step == ALM_SQL_STEP_ROW && alm_value_get (info, "roles") == NULL)
    rights->everywhere = ALL_CLASSES;
  else if (writes_by_role (alm_value_get (info, "roles"), rights->scope))
    rights->everywhere = alm_class_from_names (alm_value_get (info, "classes"));
  rights->steward = has_role (alm_value_get (info, "roles"), "steward");

  return step != ALM_SQL_STEP_ERROR;
}

static gboolean
read_rights (AlmDesk        *self,
             AlmDeskRights  *rights,
             GError        **error)
{
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) told = NULL;
  const AlmValue *scope;

  if (rights->hash == NULL)
    return read_roles (self, rights, error);
  if (!alm_desk_read_setting (self, "rights", &text, error))
    return FALSE;
  told = alm_json_parse (text != NULL ? text : "{}", -1, NULL, error);
  if (told == NULL)
    return FALSE;

  scope = alm_value_get (alm_value_get (told, "scopes"), rights->scope);
  rights->everywhere = alm_class_from_names (alm_value_get (scope, "writes"));
  rights->steward = alm_value_get_boolean_of (scope, "steward", FALSE);
  take_limited (rights, alm_value_get (scope, "areas"), alm_value_get (told, "areas"));

  return TRUE;
}

/* Read again only when something else was told: an import asks sixty thousand times. */
static const AlmDeskRights *
get_rights (AlmDesk     *self,
            const char  *scope,
            GError     **error)
{
  g_autofree char *hash = NULL;
  AlmDeskRights *rights;

  if (!alm_desk_read_setting (self, "rights_hash", &hash, error))
    return NULL;
  if (self->rights != NULL && hash != NULL && strcmp (self->rights->scope, scope) == 0
      && g_strcmp0 (self->rights->hash, hash) == 0)
    return self->rights;

  g_clear_pointer (&self->rights, alm_desk_rights_free);
  rights = g_new0 (AlmDeskRights, 1);
  rights->scope = g_strdup (scope);
  rights->hash = g_steal_pointer (&hash);
  rights->limited = g_array_new (FALSE, FALSE, sizeof (Limited));
  g_array_set_clear_func (rights->limited, limited_clear);
  if (!read_rights (self, rights, error))
    {
      alm_desk_rights_free (rights);
      return NULL;
    }
  self->rights = rights;

  return rights;
}

/* Where a record of @kind with these fields lies; nullable. */
static const AlmValue *
find_place (AlmDesk        *self,
            const char     *kind,
            const AlmValue *fields)
{
  AlmModel *model = alm_desk_get_model (self, kind);
  const AlmField *geometry = model != NULL ? alm_model_find_role (model, ALM_ROLE_GEOMETRY) : NULL;

  return geometry != NULL ? alm_value_get (fields, geometry->name) : NULL;
}

static guint
classes_at (const AlmDeskRights *rights,
            const AlmValue      *place)
{
  guint classes = rights->everywhere;

  for (guint i = 0; i < rights->limited->len; i++)
    {
      const Limited *limited = &g_array_index (rights->limited, Limited, i);

      if ((limited->classes & ~classes) != 0 && alm_region_covers (limited->region, place))
        classes |= limited->classes;
    }

  return classes;
}

static gboolean
is_free (AlmDesk    *self,
         const char *scope)
{
  return strcmp (scope, "local") == 0 || !alm_desk_has_met_server (self);
}

gboolean
alm_desk_find_writes (AlmDesk         *self,
                      const char      *scope,
                      const char      *kind,
                      const AlmValue  *fields,
                      guint           *classes,
                      GError         **error)
{
  const AlmDeskRights *rights;

  *classes = ALL_CLASSES;
  if (is_free (self, scope))
    return TRUE;
  rights = get_rights (self, scope, error);
  if (rights == NULL)
    return FALSE;
  *classes = classes_at (rights, find_place (self, kind, fields));

  return TRUE;
}

gboolean
alm_desk_is_steward (AlmDesk     *self,
                     const char  *scope,
                     gboolean    *steward,
                     GError     **error)
{
  const AlmDeskRights *rights;

  *steward = TRUE;
  if (is_free (self, scope))
    return TRUE;
  rights = get_rights (self, scope, error);
  if (rights == NULL)
    return FALSE;
  *steward = rights->steward;

  return TRUE;
}

static gboolean
deny (GError     **error,
      const char  *format,
      ...) G_GNUC_PRINTF (2, 3);

static gboolean
deny (GError     **error,
      const char  *format,
      ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, text);

  return FALSE;
}

/* With a server: it must have told of the scope, and that something of it may be written. */
static gboolean
check_scope (AlmDesk              *self,
             const char           *scope,
             const AlmDeskRights  *rights,
             GError              **error)
{
  g_autoptr (AlmQuery) query = NULL;
  AlmSqlStep step;

  if (rights->everywhere != 0 || rights->limited->len > 0)
    return TRUE;

  query = alm_db_query (self->db, "SELECT 1 FROM cursors WHERE scope = :scope");
  alm_sql_bind_text (query, ":scope", scope);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_ERROR)
    return FALSE;

  return step == ALM_SQL_STEP_DONE ? deny (error, "scope '%s' is not known here", scope)
                                   : deny (error, "you may only read scope '%s'", scope);
}

gboolean
alm_desk_may_write (AlmDesk     *self,
                    const char  *scope,
                    GError     **error)
{
  const AlmDeskRights *rights;

  if (!alm_name_is_scope (scope))
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT,
                   "'%s' is no name of a scope", scope);
      return FALSE;
    }
  if (is_free (self, scope))
    return TRUE;
  rights = get_rights (self, scope, error);

  return rights != NULL && check_scope (self, scope, rights, error);
}

gboolean
alm_desk_check_rights (AlmDesk         *self,
                       const char      *scope,
                       const char      *kind,
                       const AlmValue  *before,
                       const AlmValue  *after,
                       const AlmValue  *set,
                       GError         **error)
{
  const AlmDeskRights *rights;
  AlmModel *model;
  guint here, there;

  if (is_free (self, scope))
    return TRUE;
  rights = get_rights (self, scope, error);
  if (rights == NULL || !check_scope (self, scope, rights, error))
    return FALSE;

  there = classes_at (rights, find_place (self, kind, after));
  here = before != NULL ? classes_at (rights, find_place (self, kind, before)) : there;
  if (here == 0 || there == 0)
    return deny (error, "you may change '%s' in your area only, and this lies outside", scope);

  model = alm_desk_get_model (self, kind);
  for (guint i = 0; i < alm_value_get_size (set); i++)
    {
      const char *name = alm_value_get_key (set, i);
      guint class_ = alm_field_class (model, name);

      if ((class_ & here & there) == 0)
        return deny (error, (class_ & (here | there)) != 0
                     ? "field '%s': you may change it in your area only"
                     : "field '%s': not among the fields you may change", name);
    }

  return TRUE;
}
