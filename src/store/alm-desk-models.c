/* SPDX-License-Identifier: EUPL-1.2 */

/* The models of a profile: compiled once, from the `model` records, beside those
 * of the program's own kinds.  One in scope `system` counts before one in `local`. */

#include "config.h"

#include "alm-builtin-models.h"
#include "alm-desk-private.h"
#include "alm-json.h"

#include <string.h>

/* Of a kind that the program itself knows. */
gboolean
alm_desk_is_built_in (const char *kind)
{
  return g_strv_contains (alm_builtin_kinds (), kind);
}

static gpointer
compile_built_in (gpointer data)
{
  GHashTable *models = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                              (GDestroyNotify) alm_model_unref);

  for (const char *const *kind = alm_builtin_kinds (); *kind != NULL; kind++)
    {
      g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (AlmValue) schema = alm_json_parse (alm_builtin_schema (*kind), -1, NULL, NULL);

      g_assert (schema != NULL);
      g_hash_table_insert (models, (char *) *kind, alm_model_new (*kind, schema, faults));
      g_assert (faults->len == 0);
    }

  return models;
}

/* Once for the whole program: models never change, and many desks are opened. */
static GHashTable *
get_built_in (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, compile_built_in, NULL);
}

static void
take_model (AlmDesk      *self,
            GHashTable   *models,
            const AlmRow *row)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  const char *name = alm_value_get_text_of (row->fields, "name");
  AlmValue *schema = alm_value_get (row->fields, "schema");
  AlmModel *model = alm_desk_get_model (self, name != NULL ? name : "");

  if (name == NULL || schema == NULL || !alm_name_is_kind (name) || alm_desk_is_built_in (name))
    return;

  if (strcmp (row->scope, "system") != 0 && g_hash_table_contains (models, name))
    return;

  /* One that has not changed stays the same object. */
  if (model != NULL && alm_value_equal (alm_model_get_schema (model), schema))
    alm_model_ref (model);
  else
    model = alm_model_new (name, schema, faults);
  if (model == NULL)
    {
      g_message ("model %s is not used: %s", name,
                 faults->len > 0 ? (const char *) faults->pdata[0] : "it has faults");
      return;
    }

  g_hash_table_replace (models, g_strdup (name), model);
}

static gboolean
take_row_cb (const AlmRow  *row,
             gpointer       user_data,
             GError       **error)
{
  g_ptr_array_add (user_data, alm_row_copy (row));

  return TRUE;
}

gboolean
alm_desk_load_models (AlmDesk  *self,
                      GError  **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_row_free);
  g_autoptr (GHashTable) models = NULL;
  g_autofree char *number = NULL;

  if (self->built_in == NULL)
    self->built_in = g_hash_table_ref (get_built_in ());

  if (!alm_db_get_int (self->db, "PRAGMA data_version", 0, &self->data_version, error))
    return FALSE;

  number = alm_desk_get_setting (self, "models");
  if (!alm_desk_each (self, NULL, "model", FALSE, take_row_cb, rows, error))
    return FALSE;

  models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                  (GDestroyNotify) alm_model_unref);
  for (guint i = 0; i < rows->len; i++)
    take_model (self, models, rows->pdata[i]);

  self->models_number = number != NULL ? g_ascii_strtoll (number, NULL, 10) : 0;
  g_hash_table_unref (self->models);
  self->models = g_steal_pointer (&models);

  return TRUE;
}

/* For a reader: what another connection has written since. */
gboolean
alm_desk_refresh (AlmDesk  *self,
                  GError  **error)
{
  g_autofree char *number = NULL;
  gint64 version;
  gboolean done;

  if (!alm_db_get_int (self->db, "PRAGMA data_version", 0, &version, error))
    return FALSE;

  if (version == self->data_version)
    return TRUE;

  number = alm_desk_get_setting (self, "models");
  if (number != NULL && g_ascii_strtoll (number, NULL, 10) != self->models_number)
    /* A profile that was wiped gives its names other numbers. */
    done = alm_desk_forget_names (self, error) && alm_desk_load_models (self, error)
           && alm_desk_derive_open (self, error);
  else
    /* A kind's rows are made after its model was written, in a change of their own. */
    done = !alm_desk_derive_is_stale (self) || alm_desk_derive_open (self, error);

  if (done)
    self->data_version = version;
  else
    /* The next job begins anew, and does not take half of it for the whole. */
    self->data_version = self->models_number = -1;

  return done;
}

AlmModel *
alm_desk_get_model (AlmDesk    *self,
                    const char *kind)
{
  AlmModel *model = g_hash_table_lookup (self->models, kind);

  if (model == NULL && self->built_in != NULL)
    model = g_hash_table_lookup (self->built_in, kind);

  return model;
}

static int
compare_models (gconstpointer a,
                gconstpointer b)
{
  return strcmp (alm_model_get_name (*(AlmModel **) a), alm_model_get_name (*(AlmModel **) b));
}

GPtrArray *
alm_desk_list_models (AlmDesk *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_model_unref);
  GHashTableIter iter;
  gpointer model;

  g_hash_table_iter_init (&iter, self->models);
  while (g_hash_table_iter_next (&iter, NULL, &model))
    g_ptr_array_add (list, alm_model_ref (model));
  g_ptr_array_sort (list, compare_models);

  return list;
}
