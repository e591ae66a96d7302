/* SPDX-License-Identifier: EUPL-1.2 */

/* The mapping of a foreign file, to JSON and back.  Pure; any thread. */

#include "config.h"

#include "alm-import-mapping.h"

#include "alm-format-error.h"

#include <string.h>

#define NEAR_MIN 0.001
#define NEAR_MAX 1000.0

static void
column_free (gpointer data)
{
  AlmImportColumn *column = data;

  g_free (column->column);
  g_free (column->to);
  g_clear_pointer (&column->codes, alm_value_unref);
  g_free (column);
}

AlmImportMapping *
alm_import_mapping_new (void)
{
  AlmImportMapping *self = g_new0 (AlmImportMapping, 1);

  self->header = -1;
  self->near_m = -1;
  self->columns = g_ptr_array_new_with_free_func (column_free);

  return self;
}

void
alm_import_mapping_free (AlmImportMapping *self)
{
  if (self == NULL)
    return;

  g_free (self->format);
  g_free (self->encoding);
  g_free (self->separator);
  g_free (self->quote);
  g_free (self->escape);
  g_free (self->layer);
  g_free (self->x);
  g_free (self->y);
  g_free (self->crs);
  g_ptr_array_unref (self->columns);
  g_clear_pointer (&self->constants, alm_value_unref);
  g_strfreev (self->key);
  g_free (self);
}

AlmImportMapping *
alm_import_mapping_copy (const AlmImportMapping *self)
{
  g_autoptr (AlmValue) value = alm_import_mapping_to_value (self);
  AlmImportMapping *copy = alm_import_mapping_from_value (value, NULL);

  /* What is said of the system alone, or of the file's own geometry, has no place there. */
  if (copy != NULL && copy->crs == NULL)
    copy->crs = g_strdup (self->crs);

  return copy;
}

const AlmImportColumn *
alm_import_mapping_find (const AlmImportMapping *self,
                         const char             *column)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      const AlmImportColumn *known = self->columns->pdata[i];

      if (strcmp (known->column, column) == 0)
        return known;
    }

  return NULL;
}

double
alm_import_mapping_get_near (const AlmImportMapping *self)
{
  return self->near_m < 0 ? ALM_IMPORT_NEAR_M : self->near_m;
}

/* Replaces what was said of @column. */
void
alm_import_mapping_map (AlmImportMapping *self,
                        const char       *column,
                        const char       *to,
                        double            scale,
                        AlmValue         *codes)
{
  AlmImportColumn *mapped = g_new0 (AlmImportColumn, 1);

  for (guint i = 0; i < self->columns->len; i++)
    if (strcmp (((AlmImportColumn *) self->columns->pdata[i])->column, column) == 0)
      {
        g_ptr_array_remove_index (self->columns, i);
        break;
      }

  mapped->column = g_strdup (column);
  mapped->to = g_strdup (to);
  mapped->scale = scale;
  mapped->codes = codes != NULL ? alm_value_ref (codes) : NULL;
  g_ptr_array_add (self->columns, mapped);
}

static void
replace_text (char       **text,
              const char  *other)
{
  g_free (*text);
  *text = g_strdup (other);
}

void
alm_import_mapping_take_meaning (AlmImportMapping       *self,
                                 const AlmImportMapping *other)
{
  self->place = other->place;
  replace_text (&self->x, other->x);
  replace_text (&self->y, other->y);
  replace_text (&self->crs, other->crs);
  for (guint i = 0; i < other->columns->len; i++)
    {
      const AlmImportColumn *column = other->columns->pdata[i];

      alm_import_mapping_map (self, column->column, column->to, column->scale, column->codes);
    }
  g_clear_pointer (&self->constants, alm_value_unref);
  self->constants = other->constants != NULL ? alm_value_ref (other->constants) : NULL;
  g_strfreev (self->key);
  self->key = g_strdupv (other->key);
  self->near_m = other->near_m;
  self->near_skip = other->near_skip;
}

static gboolean
refuse (GError     **error,
        const char  *member,
        const char  *reason)
{
  g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE, "mapping: /%s: %s", member,
               reason);

  return FALSE;
}

static gboolean
take_text (const AlmValue  *value,
           const char      *member,
           char           **text,
           GError         **error)
{
  const AlmValue *found = alm_value_get (value, member);

  if (found == NULL || alm_value_is (found, ALM_VALUE_NULL))
    return TRUE;
  if (!alm_value_is (found, ALM_VALUE_TEXT))
    return refuse (error, member, "a text is expected");
  g_free (*text);
  *text = g_strdup (alm_value_get_text (found));

  return TRUE;
}

static gboolean
take_place (AlmImportMapping  *self,
            const AlmValue    *value,
            GError           **error)
{
  const AlmValue *place = alm_value_get (value, "place");

  if (place == NULL)
    return TRUE;
  if (alm_value_is (place, ALM_VALUE_NULL)
      || g_strcmp0 (alm_value_get_text (place), "none") == 0)
    {
      self->place = ALM_IMPORT_PLACE_NONE;
      return TRUE;
    }
  if (alm_value_is (place, ALM_VALUE_TEXT) && strcmp (alm_value_get_text (place), "file") == 0)
    {
      self->place = ALM_IMPORT_PLACE_FILE;
      return TRUE;
    }
  if (!alm_value_is (place, ALM_VALUE_OBJECT) || !take_text (place, "crs", &self->crs, error))
    return refuse (error, "place", "\"file\", null, or an object with x and y, lon and lat, wkt");

  if (alm_value_get_text_of (place, "wkt") != NULL)
    {
      self->place = ALM_IMPORT_PLACE_WKT;
      return take_text (place, "wkt", &self->x, error);
    }
  self->place = ALM_IMPORT_PLACE_PAIR;
  if (alm_value_get_text_of (place, "lon") != NULL && alm_value_get_text_of (place, "lat") != NULL)
    {
      g_free (self->crs);
      self->crs = g_strdup ("EPSG:4326");
      return take_text (place, "lon", &self->x, error) && take_text (place, "lat", &self->y, error);
    }
  if (alm_value_get_text_of (place, "x") == NULL || alm_value_get_text_of (place, "y") == NULL)
    return refuse (error, "place", "x and y, lon and lat, or wkt are expected");

  return take_text (place, "x", &self->x, error) && take_text (place, "y", &self->y, error);
}

static gboolean
take_columns (AlmImportMapping  *self,
              const AlmValue    *value,
              GError           **error)
{
  const AlmValue *columns = alm_value_get (value, "columns");

  if (columns == NULL)
    return TRUE;
  if (!alm_value_is (columns, ALM_VALUE_OBJECT))
    return refuse (error, "columns", "an object is expected");

  for (guint i = 0; i < alm_value_get_size (columns); i++)
    {
      const char *name = alm_value_get_key (columns, i);
      const AlmValue *to = alm_value_get_item (columns, i);
      const AlmValue *scale = alm_value_get (to, "scale");
      AlmValue *codes = alm_value_get (to, "codes");

      if (alm_value_is (to, ALM_VALUE_NULL))
        alm_import_mapping_map (self, name, NULL, 1, NULL);
      else if (alm_value_is (to, ALM_VALUE_TEXT))
        alm_import_mapping_map (self, name, *alm_value_get_text (to) != '\0'
                                            ? alm_value_get_text (to) : NULL, 1, NULL);
      else if (!alm_value_is (to, ALM_VALUE_OBJECT) || alm_value_get_text_of (to, "to") == NULL
               || *alm_value_get_text_of (to, "to") == '\0'
               || (scale != NULL && !alm_value_is_number (scale))
               || (codes != NULL && !alm_value_is (codes, ALM_VALUE_OBJECT)))
        return refuse (error, "columns", "each is a field's name, null, or {to, scale, codes}");
      else
        alm_import_mapping_map (self, name, alm_value_get_text_of (to, "to"),
                                scale != NULL ? alm_value_get_double (scale) : 1, codes);
    }

  return TRUE;
}

static gboolean
take_key (AlmImportMapping  *self,
          const AlmValue    *value,
          GError           **error)
{
  const AlmValue *key = alm_value_get (value, "key");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (key == NULL || alm_value_is (key, ALM_VALUE_NULL))
    return TRUE;
  if (!alm_value_is (key, ALM_VALUE_LIST) || alm_value_get_size (key) == 0)
    return refuse (error, "key", "a list of fields is expected");
  for (guint i = 0; i < alm_value_get_size (key); i++)
    {
      if (!alm_value_is (alm_value_get_item (key, i), ALM_VALUE_TEXT))
        return refuse (error, "key", "a list of fields is expected");
      g_strv_builder_add (names, alm_value_get_text (alm_value_get_item (key, i)));
    }
  self->key = g_strv_builder_end (names);

  return TRUE;
}

static gboolean
take_near (AlmImportMapping  *self,
           const AlmValue    *value,
           GError           **error)
{
  const AlmValue *near = alm_value_get (value, "near");
  const AlmValue *metres = alm_value_get (near, "metres");
  const char *then = alm_value_get_text_of (near, "then");

  if (near == NULL)
    return TRUE;
  if (alm_value_is (near, ALM_VALUE_NULL) || g_strcmp0 (alm_value_get_text (near), "none") == 0)
    {
      self->near_m = 0;
      return TRUE;
    }
  if (metres == NULL || !alm_value_is_number (metres)
      || !(alm_value_get_double (metres) >= NEAR_MIN && alm_value_get_double (metres) <= NEAR_MAX)
      || (then != NULL && strcmp (then, "report") != 0 && strcmp (then, "skip") != 0))
    return refuse (error, "near", "null, or {\"metres\": 0.001 to 1000, "
                   "\"then\": \"report\" or \"skip\"}");
  self->near_m = alm_value_get_double (metres);
  self->near_skip = g_strcmp0 (then, "skip") == 0;

  return TRUE;
}

static gboolean
take_signs (AlmImportMapping  *self,
            const AlmValue    *value,
            GError           **error)
{
  const char *decimal = alm_value_get_text_of (value, "decimal");
  const AlmValue *header = alm_value_get (value, "header");

  if (decimal != NULL && strcmp (decimal, ",") != 0 && strcmp (decimal, ".") != 0)
    return refuse (error, "decimal", "\",\" or \".\"");
  self->decimal = decimal != NULL ? decimal[0] : 0;

  if (self->separator != NULL
      && (strlen (self->separator) != 1 || (guint8) self->separator[0] > 126))
    return refuse (error, "separator", "one sign");
  if (self->quote != NULL && strlen (self->quote) > 1)
    return refuse (error, "quote", "one sign or none");
  if (self->escape != NULL && strcmp (self->escape, "double") != 0
      && strcmp (self->escape, "backslash") != 0 && strcmp (self->escape, "none") != 0)
    return refuse (error, "escape", "double, backslash or none");

  if (header == NULL || alm_value_is (header, ALM_VALUE_NULL))
    return TRUE;
  if (!alm_value_is (header, ALM_VALUE_INTEGER) || alm_value_get_integer (header) < 0
      || alm_value_get_integer (header) > 100)
    return refuse (error, "header", "a number from 0 to 100");
  self->header = (int) alm_value_get_integer (header);

  return TRUE;
}

AlmImportMapping *
alm_import_mapping_from_value (const AlmValue  *value,
                               GError         **error)
{
  static const char *const known[] = {
    "format", "encoding", "separator", "quote", "escape", "decimal", "header", "layer", "place",
    "columns", "constants", "key", "near", NULL
  };
  g_autoptr (AlmImportMapping) self = alm_import_mapping_new ();
  AlmValue *constants = alm_value_get (value, "constants");

  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    return refuse (error, "", "an object is expected"), NULL;
  for (guint i = 0; i < alm_value_get_size (value); i++)
    if (!g_strv_contains (known, alm_value_get_key (value, i)))
      return refuse (error, alm_value_get_key (value, i), "unknown member"), NULL;

  if (constants != NULL && alm_value_is (constants, ALM_VALUE_OBJECT))
    self->constants = alm_value_ref (constants);
  else if (constants != NULL)
    return refuse (error, "constants", "an object is expected"), NULL;

  if (!take_text (value, "format", &self->format, error)
      || !take_text (value, "encoding", &self->encoding, error)
      || !take_text (value, "separator", &self->separator, error)
      || !take_text (value, "quote", &self->quote, error)
      || !take_text (value, "escape", &self->escape, error)
      || !take_text (value, "layer", &self->layer, error)
      || !take_signs (self, value, error)
      || !take_place (self, value, error)
      || !take_columns (self, value, error)
      || !take_key (self, value, error)
      || !take_near (self, value, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
put_text (AlmValue   *value,
          const char *member,
          const char *text)
{
  if (text != NULL)
    alm_value_set_text (value, member, text);
}

static AlmValue *
place_to_value (const AlmImportMapping *self)
{
  AlmValue *place;

  if (self->place == ALM_IMPORT_PLACE_NONE)
    return alm_value_new_null ();
  if (self->place == ALM_IMPORT_PLACE_FILE)
    return alm_value_new_text ("file");

  place = alm_value_new_object ();
  put_text (place, self->place == ALM_IMPORT_PLACE_WKT ? "wkt" : "x", self->x);
  if (self->place == ALM_IMPORT_PLACE_PAIR)
    put_text (place, "y", self->y);
  put_text (place, "crs", self->crs);

  return place;
}

static AlmValue *
column_to_value (const AlmImportColumn *column)
{
  AlmValue *value;

  if (column->to == NULL)
    return alm_value_new_null ();
  if (column->scale == 1 && column->codes == NULL)
    return alm_value_new_text (column->to);

  value = alm_value_new_object ();
  alm_value_set_text (value, "to", column->to);
  if (column->scale != 1)
    alm_value_set (value, "scale", alm_value_new_double (column->scale));
  if (column->codes != NULL)
    alm_value_set (value, "codes", alm_value_ref (column->codes));

  return value;
}

/* The same for a record, which keeps no null: "" for a column that is left out,
 * "none" for no place and nothing near; from_value() reads both. */
AlmValue *
alm_import_mapping_to_record (const AlmImportMapping *self)
{
  AlmValue *value = alm_import_mapping_to_value (self);
  AlmValue *columns = alm_value_new_object ();

  for (guint i = 0; i < self->columns->len; i++)
    {
      const AlmImportColumn *column = self->columns->pdata[i];

      alm_value_set (columns, column->column, column->to != NULL ? column_to_value (column)
                                                                 : alm_value_new_text (""));
    }
  alm_value_set (value, "columns", columns);
  if (self->place == ALM_IMPORT_PLACE_NONE)
    alm_value_set_text (value, "place", "none");
  if (self->near_m == 0)
    alm_value_set_text (value, "near", "none");

  return value;
}

AlmValue *
alm_import_mapping_to_value (const AlmImportMapping *self)
{
  AlmValue *value = alm_value_new_object ();
  AlmValue *columns = alm_value_new_object ();
  char decimal[] = { self->decimal, '\0' };

  put_text (value, "format", self->format);
  put_text (value, "encoding", self->encoding);
  put_text (value, "separator", self->separator);
  put_text (value, "quote", self->quote);
  put_text (value, "escape", self->escape);
  put_text (value, "decimal", self->decimal != 0 ? decimal : NULL);
  put_text (value, "layer", self->layer);
  if (self->header >= 0)
    alm_value_set_integer (value, "header", self->header);
  if (self->place != ALM_IMPORT_PLACE_GUESS)
    alm_value_set (value, "place", place_to_value (self));
  for (guint i = 0; i < self->columns->len; i++)
    {
      const AlmImportColumn *column = self->columns->pdata[i];

      alm_value_set (columns, column->column, column_to_value (column));
    }
  alm_value_set (value, "columns", columns);
  if (self->constants != NULL)
    alm_value_set (value, "constants", alm_value_ref (self->constants));
  if (self->key != NULL)
    {
      AlmValue *key = alm_value_new_list ();

      for (guint i = 0; self->key[i] != NULL; i++)
        alm_value_append (key, alm_value_new_text (self->key[i]));
      alm_value_set (value, "key", key);
    }
  if (self->near_m > 0)
    {
      AlmValue *near = alm_value_new_object ();

      alm_value_set (near, "metres", alm_value_new_double (self->near_m));
      alm_value_set_text (near, "then", self->near_skip ? "skip" : "report");
      alm_value_set (value, "near", near);
    }
  else if (self->near_m == 0)
    alm_value_set (value, "near", alm_value_new_null ());

  return value;
}
