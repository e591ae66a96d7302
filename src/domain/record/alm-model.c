/* SPDX-License-Identifier: EUPL-1.2 */

/* What a kind looks like: its compiled fields, titles and label.
 *
 * Invariants:
 *   1. A model exists only if its schema has no fault: who has one may trust it.
 *   2. It never changes, so it may cross threads.
 * The rules of the schema: assets-map.md, section 3.1; sync.md, section 3.1.
 * Any thread. */

#include "config.h"

#include "alm-model-private.h"
#include "alm-model.h"

#include "alm-id.h"

#include <string.h>

static int
compare_fields (gconstpointer a,
                gconstpointer b)
{
  const AlmField *first = a;
  const AlmField *second = b;

  if (first->seq != second->seq)
    return first->seq < second->seq ? -1 : 1;

  return strcmp (first->name, second->name);
}

static void
mark_required (AlmModel *self)
{
  const AlmValue *required = alm_value_get (self->schema, "required");

  if (!alm_value_is (required, ALM_VALUE_LIST))
    return;

  for (guint i = 0; i < alm_value_get_size (required); i++)
    {
      const char *name = alm_value_get_text (alm_value_get_item (required, i));
      gpointer place;

      if (name != NULL && g_hash_table_lookup_extended (self->by_name, name, NULL, &place))
        self->fields[GPOINTER_TO_UINT (place)].required = TRUE;
    }
}

static void
compile_fields (AlmModel      *self,
                AlmModelCheck *check)
{
  const AlmValue *properties = alm_value_get (self->schema, "properties");
  gsize mark;

  if (!alm_value_is (properties, ALM_VALUE_OBJECT))
    return;

  mark = alm_model_check_enter (check, "properties");
  self->n_fields = alm_value_get_size (properties);
  self->fields = g_new0 (AlmField, MAX (self->n_fields, 1));
  for (guint i = 0; i < self->n_fields; i++)
    alm_model_check_property (check, alm_value_get_key (properties, i),
                              alm_value_get_item (properties, i), &self->fields[i]);
  alm_model_check_leave (check, mark);

  qsort (self->fields, self->n_fields, sizeof (AlmField), compare_fields);
  for (guint i = 0; i < self->n_fields; i++)
    g_hash_table_insert (self->by_name, self->fields[i].name, GUINT_TO_POINTER (i));
  mark_required (self);
}

static void
compile_names (AlmModel *self)
{
  const AlmValue *titles = alm_value_get (self->schema, "x-alm-title");
  const AlmValue *plurals = alm_value_get (self->schema, "x-alm-plural");
  const AlmValue *key = alm_value_get (self->schema, "x-alm-key");

  self->title = alm_value_get_text_of (self->schema, "title");
  self->title_en = alm_value_get_text_of (titles, "en");
  self->plural = alm_value_get_text_of (plurals, "de");
  self->plural_en = alm_value_get_text_of (plurals, "en");
  self->layer = alm_value_get_text_of (self->schema, "x-alm-layer");
  self->label = alm_value_get_text_of (self->schema, "x-alm-label");

  if (alm_value_is (key, ALM_VALUE_LIST))
    {
      self->key = g_new0 (char *, alm_value_get_size (key) + 1);
      for (guint i = 0; i < alm_value_get_size (key); i++)
        self->key[i] = g_strdup (alm_value_get_text (alm_value_get_item (key, i)));
    }
}

/* NAME of "…/collections/NAME/schema". */
static char *
name_of_id (const char *id)
{
  static const char middle[] = "/collections/", end[] = "/schema";
  const char *start;

  if (id == NULL || !g_str_has_suffix (id, end))
    return NULL;

  start = g_strrstr_len (id, (gssize) (strlen (id) - strlen (end)), middle);

  return start != NULL
         ? g_strndup (start + strlen (middle),
                      strlen (start) - strlen (middle) - strlen (end))
         : NULL;
}

AlmValue *
alm_model_find_schema (AlmValue  *document,
                       char     **name)
{
  AlmValue *schema = alm_value_get (document, "schema");

  g_return_val_if_fail (name != NULL, NULL);

  *name = g_strdup (alm_value_get_text_of (document, "name"));
  if (*name != NULL && alm_value_is (schema, ALM_VALUE_OBJECT))
    return schema;

  g_free (*name);
  *name = name_of_id (alm_value_get_text_of (document, "$id"));

  return *name != NULL ? document : NULL;
}

AlmModel *
alm_model_new (const char *name,
               AlmValue   *schema,
               GPtrArray  *faults)
{
  g_autoptr (GPtrArray) own_faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) path = g_string_new (NULL);
  g_autoptr (AlmModel) self = g_new0 (AlmModel, 1);
  AlmModelCheck check = {
    .faults = faults != NULL ? faults : own_faults, .path = path,
    .any = g_strcmp0 (name, "conflict") == 0,
  };
  guint before = check.faults->len;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (schema != NULL, NULL);

  g_atomic_ref_count_init (&self->ref_count);
  self->name = g_strdup (name);
  self->schema = alm_value_ref (schema);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  if (!alm_name_is_kind (name))
    alm_model_check_fault (&check, "\"%s\" cannot be the name of a kind", name);
  compile_fields (self, &check);
  compile_names (self);
  alm_model_check_whole (&check, self);

  return check.faults->len == before ? g_steal_pointer (&self) : NULL;
}

AlmModel *
alm_model_ref (AlmModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
free_fields (AlmField *fields,
             guint     n_fields)
{
  for (guint i = 0; i < n_fields; i++)
    alm_field_clear (&fields[i]);
  g_free (fields);
}

void
alm_field_clear (AlmField *self)
{
  g_free (self->name);
  g_free (self->title);
  g_free (self->title_en);
  g_free (self->description);
  g_free (self->format);
  g_free (self->unit);
  g_free (self->group);
  g_free (self->collection);
  g_free (self->pattern);
  g_strfreev (self->aliases);
  for (guint i = 0; i < self->n_codes; i++)
    {
      alm_value_unref (self->codes[i].value);
      g_free (self->codes[i].title);
      g_free (self->codes[i].title_en);
      g_strfreev (self->codes[i].aliases);
    }
  g_free (self->codes);
  g_clear_pointer (&self->regex, g_regex_unref);
  free_fields (self->items, self->items != NULL ? 1 : 0);
  free_fields (self->members, self->n_members);
  free_fields (self->rest, self->rest != NULL ? 1 : 0);
  g_clear_pointer (&self->schema, alm_value_unref);
}

void
alm_model_unref (AlmModel *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  free_fields (self->fields, self->n_fields);
  g_hash_table_unref (self->by_name);
  g_strfreev (self->key);
  alm_value_unref (self->schema);
  g_free (self->name);
  g_free (self);
}

const char *
alm_model_get_name (const AlmModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/* (transfer none) */
AlmValue *
alm_model_get_schema (const AlmModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->schema;
}

static const char *
choose (const char *language,
        const char *german,
        const char *english)
{
  if (g_strcmp0 (language, "en") == 0 && english != NULL)
    return english;

  return german != NULL ? german : english;
}

/* The kind's name where the model has no title. */
const char *
alm_model_get_title (const AlmModel *self,
                     const char     *language)
{
  const char *title;

  g_return_val_if_fail (self != NULL, NULL);

  title = choose (language, self->title, self->title_en);

  return title != NULL ? title : self->name;
}

const char *
alm_model_get_plural (const AlmModel *self,
                      const char     *language)
{
  const char *plural;

  g_return_val_if_fail (self != NULL, NULL);

  plural = choose (language, self->plural, self->plural_en);

  return plural != NULL ? plural : alm_model_get_title (self, language);
}

const char *
alm_model_get_layer (const AlmModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->layer != NULL ? self->layer : "";
}

guint
alm_model_get_n_fields (const AlmModel *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_fields;
}

const AlmField *
alm_model_get_field (const AlmModel *self,
                     guint           index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->n_fields, NULL);

  return &self->fields[index];
}

/* NULL where there is none of that name. */
const AlmField *
alm_model_find_field (const AlmModel *self,
                      const char     *name)
{
  gpointer place;

  g_return_val_if_fail (self != NULL, NULL);

  if (name == NULL || !g_hash_table_lookup_extended (self->by_name, name, NULL, &place))
    return NULL;

  return &self->fields[GPOINTER_TO_UINT (place)];
}

/* The first field with that role. */
const AlmField *
alm_model_find_role (const AlmModel *self,
                     AlmFieldRole    role)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->n_fields; i++)
    if (self->fields[i].role == role)
      return &self->fields[i];

  return NULL;
}

char **
alm_model_get_key (const AlmModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->key;
}

/* What a label shows of a value: the title of a code, else the value's text. */
static gboolean
append_label_value (const AlmField *field,
                    const AlmValue *value,
                    GString        *out)
{
  const char *text = alm_field_get_code_title (field, value, "de");

  if (text == NULL)
    text = alm_value_get_text (value);
  if (text != NULL)
    {
      g_string_append (out, text);
      return *text != '\0';
    }
  if (!alm_value_is_number (value))
    return FALSE;

  alm_value_print (value, out);

  return TRUE;
}

static gboolean
is_dangling (char c)
{
  return c == ' ' || c == ',' || c == ';' || c == '-' || c == '/' || c == ':';
}

/* Takes doubled blanks out, and separators that an empty field left at an end. */
static char *
tidy_label (GString *text)
{
  char *out = text->str;
  gsize start = 0;

  for (const char *c = text->str; *c != '\0'; c++)
    {
      char letter = g_ascii_isspace (*c) ? ' ' : *c;

      if ((letter == ',' || letter == ';') && out > text->str && out[-1] == ' ')
        out--;
      if (letter != ' ' || (out > text->str && out[-1] != ' '))
        *out++ = letter;
    }
  g_string_truncate (text, (gsize) (out - text->str));

  while (text->len > 0 && is_dangling (text->str[text->len - 1]))
    g_string_truncate (text, text->len - 1);
  while (start < text->len && is_dangling (text->str[start]))
    start++;

  return g_strdup (text->str + start);
}

/* The first of the fields "number|name" that has something to show. */
static gboolean
append_first (const AlmModel *self,
              const char     *names,
              const AlmValue *fields,
              GString        *out)
{
  g_auto (GStrv) list = g_strsplit (names, "|", -1);

  for (char **name = list; *name != NULL; name++)
    {
      const AlmField *field = alm_model_find_field (self, *name);

      if (field != NULL && append_label_value (field, alm_value_get (fields, *name), out))
        return TRUE;
    }

  return FALSE;
}

/* @template: nullable */
static char *
fill_label (const AlmModel *self,
            const char     *template,
            const AlmValue *fields)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean any = FALSE;

  for (const char *c = template; c != NULL && *c != '\0'; c++)
    {
      const char *end = *c == '{' ? strchr (c, '}') : NULL;

      if (end != NULL)
        {
          g_autofree char *names = g_strndup (c + 1, (gsize) (end - c - 1));

          any = append_first (self, names, fields, text) || any;
          c = end;
        }
      else
        g_string_append_c (text, *c);
    }

  return any ? tidy_label (text) : g_strdup ("");
}

char *
alm_model_format_label (const AlmModel *self,
                        const AlmValue *fields)
{
  g_return_val_if_fail (self != NULL, NULL);

  return fill_label (self, self->label, fields);
}

char *
alm_model_format_short_label (const AlmModel *self,
                              const AlmValue *fields)
{
  const char *given;
  g_autofree char *first = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  given = alm_value_get_text_of (alm_value_get (self->schema, "x-alm-symbol"), "label");
  if (given == NULL && self->label != NULL)
    {
      const char *begin = strchr (self->label, '{');
      const char *end = begin != NULL ? strchr (begin, '}') : NULL;

      if (end != NULL)
        given = first = g_strndup (begin, (gsize) (end + 1 - begin));
    }
  text = fill_label (self, given, fields);

  return *text != '\0' ? g_steal_pointer (&text) : fill_label (self, self->label, fields);
}

const char *
alm_field_get_title (const AlmField *field,
                     const char     *language)
{
  g_return_val_if_fail (field != NULL, NULL);

  return choose (language, field->title, field->title_en);
}

const char *
alm_field_get_code_title (const AlmField *field,
                          const AlmValue *value,
                          const char     *language)
{
  g_return_val_if_fail (field != NULL, NULL);

  for (guint i = 0; i < field->n_codes; i++)
    if (alm_value_equal (field->codes[i].value, value))
      return choose (language, field->codes[i].title, field->codes[i].title_en);

  return NULL;
}
