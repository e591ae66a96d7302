/* SPDX-License-Identifier: EUPL-1.2 */

/* Checks and compiles one property of a model's schema.
 *
 * Every keyword that is not obeyed is a fault, so that a schema never promises
 * a rule that nobody keeps.  Recursion (items, members of objects) ends at the
 * nesting limit of JSON texts.  Pure; any thread. */

#include "config.h"

#include "alm-id.h"
#include "alm-model-private.h"
#include "alm-ucum.h"

#include <math.h>
#include <string.h>

/* What the keyword's own value has to be. */
typedef enum {
  WANT_ANY,
  WANT_TEXT,
  WANT_BOOLEAN,
  WANT_NUMBER,
  WANT_INTEGER,
  WANT_COUNT,
  WANT_LIST,
  WANT_OBJECT,
  WANT_OBJECT_OR_BOOLEAN
} Want;

static const struct {
  const char *name;
  guint       for_types;
  Want        want;
} keywords[] = {
  { "type", ALM_FOR_ALL, WANT_ANY },
  { "title", ALM_FOR_ALL, WANT_TEXT },
  { "description", ALM_FOR_ALL, WANT_TEXT },
  { "format", ALM_FOR_TEXT | ALM_FOR_GEOMETRY, WANT_TEXT },
  { "enum", ALM_FOR_CODES, WANT_LIST },
  { "oneOf", ALM_FOR_CODES, WANT_LIST },
  { "const", ALM_FOR_CODES, WANT_ANY },
  { "pattern", ALM_FOR_TEXT, WANT_TEXT },
  { "minLength", ALM_FOR_TEXT, WANT_COUNT },
  { "maxLength", ALM_FOR_TEXT, WANT_COUNT },
  { "minimum", ALM_FOR_NUMBER, WANT_NUMBER },
  { "maximum", ALM_FOR_NUMBER, WANT_NUMBER },
  { "exclusiveMinimum", ALM_FOR_NUMBER, WANT_NUMBER },
  { "exclusiveMaximum", ALM_FOR_NUMBER, WANT_NUMBER },
  { "multipleOf", ALM_FOR_NUMBER, WANT_NUMBER },
  { "required", ALM_FOR_OBJECT, WANT_LIST },
  { "items", ALM_FOR_LIST, WANT_OBJECT },
  { "properties", ALM_FOR_OBJECT, WANT_OBJECT },
  { "additionalProperties", ALM_FOR_OBJECT, WANT_OBJECT_OR_BOOLEAN },
  { "default", ALM_FOR_ALL, WANT_ANY },
  { "readOnly", ALM_FOR_ALL, WANT_BOOLEAN },
  { "writeOnly", ALM_FOR_ALL, WANT_BOOLEAN },
  { "deprecated", ALM_FOR_ALL, WANT_BOOLEAN },
  { "x-ogc-role", ALM_FOR_ALL, WANT_TEXT },
  { "x-ogc-propertySeq", ALM_FOR_ALL, WANT_INTEGER },
  { "x-ogc-unit", ALM_FOR_ALL, WANT_TEXT },
  { "x-ogc-unitLang", ALM_FOR_ALL, WANT_TEXT },
  { "x-ogc-definition", ALM_FOR_ALL, WANT_TEXT },
  { "x-ogc-codelistUri", ALM_FOR_ALL, WANT_TEXT },
  { "x-ogc-collectionId", ALM_FOR_ALL, WANT_TEXT },
  { "x-alm-title", ALM_FOR_ALL, WANT_OBJECT },
  { "x-alm-aliases", ALM_FOR_ALL, WANT_LIST },
  { "x-alm-merge", ALM_FOR_ALL, WANT_TEXT },
  { "x-alm-group", ALM_FOR_ALL, WANT_TEXT },
  { "x-alm-collision", ALM_FOR_ALL, WANT_TEXT },
  { "x-alm-class", ALM_FOR_ALL, WANT_TEXT },
};

static const struct {
  const char   *name;
  guint         flag;
  AlmFieldType  type;
} types[] = {
  { "string", ALM_FOR_TEXT, ALM_FIELD_TEXT },
  { "integer", ALM_FOR_NUMBER, ALM_FIELD_INTEGER },
  { "number", ALM_FOR_NUMBER, ALM_FIELD_NUMBER },
  { "boolean", ALM_FOR_BOOLEAN, ALM_FIELD_BOOLEAN },
  { "array", ALM_FOR_LIST, ALM_FIELD_LIST },
  { "object", ALM_FOR_OBJECT, ALM_FIELD_OBJECT },
};

static const char *const geometry_formats[] = {
  "any", "geometrycollection", "linestring", "linestring-or-multilinestring",
  "multilinestring", "multipoint", "multipolygon", "point", "point-or-multipoint",
  "polygon", "polygon-or-multipolygon", NULL
};

static const struct {
  const char   *name;
  AlmFieldRole  role;
} roles[] = {
  { "id", ALM_ROLE_ID },
  { "type", ALM_ROLE_TYPE },
  { "primary-geometry", ALM_ROLE_GEOMETRY },
  { "primary-instant", ALM_ROLE_INSTANT },
  { "primary-interval-start", ALM_ROLE_START },
  { "primary-interval-end", ALM_ROLE_END },
  { "reference", ALM_ROLE_REFERENCE },
};

static const struct {
  const char   *name;
  AlmMergeKind  merge;
  guint         for_types;
} merges[] = {
  { "reg", ALM_MERGE_REG, ALM_FOR_ALL },
  { "set", ALM_MERGE_SET, ALM_FOR_LIST },
  { "counter", ALM_MERGE_COUNTER, ALM_FOR_NUMBER },
  { "max", ALM_MERGE_MAX, ALM_FOR_NUMBER | ALM_FOR_TEXT },
  { "text", ALM_MERGE_TEXT, ALM_FOR_TEXT },
  { "article", ALM_MERGE_ARTICLE, ALM_FOR_OBJECT },
  { "json", ALM_MERGE_JSON, ALM_FOR_OBJECT },
};

static const struct {
  const char *name;
  AlmClass    class_;
} classes[] = {
  { "public", ALM_CLASS_PUBLIC },
  { "internal", ALM_CLASS_INTERNAL },
  { "confidential", ALM_CLASS_CONFIDENTIAL },
  { "personal", ALM_CLASS_PERSONAL },
};

static gboolean
is_wanted (const AlmValue *value,
           Want            want)
{
  switch (want)
    {
    case WANT_TEXT:
      return alm_value_is (value, ALM_VALUE_TEXT);

    case WANT_BOOLEAN:
      return alm_value_is (value, ALM_VALUE_BOOLEAN);

    case WANT_NUMBER:
      return alm_value_is_number (value);

    case WANT_INTEGER:
      return alm_value_is (value, ALM_VALUE_INTEGER);

    case WANT_COUNT:
      return alm_value_is (value, ALM_VALUE_INTEGER) && alm_value_get_integer (value) >= 0
             && alm_value_get_integer (value) <= G_MAXINT;

    case WANT_LIST:
      return alm_value_is (value, ALM_VALUE_LIST);

    case WANT_OBJECT:
      return alm_value_is (value, ALM_VALUE_OBJECT);

    case WANT_OBJECT_OR_BOOLEAN:
      return alm_value_is (value, ALM_VALUE_OBJECT) || alm_value_is (value, ALM_VALUE_BOOLEAN);

    case WANT_ANY:
    default:
      return TRUE;
    }
}

static const char *
want_to_text (Want want)
{
  static const char *const texts[] = {
    [WANT_ANY] = "anything", [WANT_TEXT] = "a text", [WANT_BOOLEAN] = "true or false",
    [WANT_NUMBER] = "a number", [WANT_INTEGER] = "a whole number",
    [WANT_COUNT] = "a whole number from 0 on", [WANT_LIST] = "a list",
    [WANT_OBJECT] = "an object", [WANT_OBJECT_OR_BOOLEAN] = "an object, true or false",
  };

  return texts[want];
}

/* Each member is a keyword that is known, for this type, and of the right form. */
static gboolean
check_keywords (AlmModelCheck  *check,
                const AlmValue *schema,
                guint           flag)
{
  guint before = check->faults->len;

  for (guint i = 0; i < alm_value_get_size (schema); i++)
    {
      const char *name = alm_value_get_key (schema, i);
      guint k;

      for (k = 0; k < G_N_ELEMENTS (keywords); k++)
        if (strcmp (keywords[k].name, name) == 0)
          break;

      if (k == G_N_ELEMENTS (keywords))
        {
          if (g_str_has_prefix (name, "x-alm-") || !g_str_has_prefix (name, "x-"))
            alm_model_check_fault (check, "\"%s\" is no keyword of a property", name);
        }
      else if (!is_wanted (alm_value_get_item (schema, i), keywords[k].want))
        alm_model_check_fault (check, "%s has to be %s", name, want_to_text (keywords[k].want));
      else if ((keywords[k].for_types & flag) == 0)
        alm_model_check_fault (check, "%s has no meaning for this type", name);
    }

  return check->faults->len == before;
}

/* Finds the type; 0 with a fault where there is none. */
static guint
read_type (AlmModelCheck  *check,
           const AlmValue *schema,
           AlmField       *field)
{
  const AlmValue *type = alm_value_get (schema, "type");
  const char *format = alm_value_get_text_of (schema, "format");

  if (format != NULL && g_str_has_prefix (format, "geometry-"))
    {
      field->type = ALM_FIELD_GEOMETRY;
      if (type != NULL)
        alm_model_check_fault (check, "a spatial property has a format and no type");
      else if (!g_strv_contains (geometry_formats, format + strlen ("geometry-")))
        alm_model_check_fault (check, "\"%s\" is no spatial format", format);
      else
        return ALM_FOR_GEOMETRY;
      return 0;
    }

  if (type == NULL && check->any && check->depth == 0)
    {
      field->type = ALM_FIELD_OBJECT;
      field->any = TRUE;
      return ALM_FOR_OBJECT;
    }
  if (type == NULL)
    {
      alm_model_check_fault (check, "type is missing");
      return 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].name, alm_value_get_text (type)) == 0)
      {
        field->type = types[i].type;
        return types[i].flag;
      }

  alm_model_check_fault (check, "type has to be one of string, integer, number, boolean, "
                         "array, object");

  return 0;
}

/* Names of other languages: "x-alm-title": {"en": "Tree"}. */
gboolean
alm_model_check_titles (AlmModelCheck  *check,
                        const char     *keyword,
                        const AlmValue *titles)
{
  if (titles == NULL)
    return TRUE;

  if (alm_value_is (titles, ALM_VALUE_OBJECT))
    {
      guint i;

      for (i = 0; i < alm_value_get_size (titles); i++)
        if (alm_value_get_text (alm_value_get_item (titles, i)) == NULL
            || strlen (alm_value_get_key (titles, i)) < 2)
          break;
      if (i == alm_value_get_size (titles))
        return TRUE;
    }

  alm_model_check_fault (check, "%s has to be an object of languages and texts", keyword);

  return FALSE;
}

static void
read_role (AlmModelCheck  *check,
           const AlmValue *schema,
           guint           flag,
           AlmField       *field)
{
  const char *name = alm_value_get_text_of (schema, "x-ogc-role");
  gboolean temporal = field->type == ALM_FIELD_DATE || field->type == ALM_FIELD_DATETIME
                      || field->type == ALM_FIELD_EDTF;
  guint i;

  if (name == NULL)
    return;

  for (i = 0; i < G_N_ELEMENTS (roles) && strcmp (roles[i].name, name) != 0; i++)
    ;
  if (i == G_N_ELEMENTS (roles))
    {
      alm_model_check_fault (check, "\"%s\" is no role", name);
      return;
    }

  field->role = roles[i].role;
  if (check->depth > 0 && field->role != ALM_ROLE_REFERENCE)
    alm_model_check_fault (check, "only a property of the record itself can be %s", name);
  else if (field->role == ALM_ROLE_ID && flag != ALM_FOR_TEXT && field->type != ALM_FIELD_INTEGER)
    alm_model_check_fault (check, "role id needs type string or integer");
  else if (field->role == ALM_ROLE_TYPE && flag != ALM_FOR_TEXT)
    alm_model_check_fault (check, "role type needs type string");
  else if (field->role == ALM_ROLE_GEOMETRY && flag != ALM_FOR_GEOMETRY)
    alm_model_check_fault (check, "role primary-geometry needs a spatial format");
  else if (!temporal && (field->role == ALM_ROLE_INSTANT || field->role == ALM_ROLE_START
                         || field->role == ALM_ROLE_END))
    alm_model_check_fault (check, "role %s needs format date, date-time or edtf", name);
}

static gboolean
is_http_uri (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0'
         && (strcmp (g_uri_get_scheme (uri), "http") == 0
             || strcmp (g_uri_get_scheme (uri), "https") == 0);
}

static void
read_ogc (AlmModelCheck  *check,
          const AlmValue *schema,
          AlmField       *field)
{
  static const char *const uris[] = { "x-ogc-definition", "x-ogc-codelistUri" };
  const char *language = alm_value_get_text_of (schema, "x-ogc-unitLang");

  field->unit = g_strdup (alm_value_get_text_of (schema, "x-ogc-unit"));
  field->collection = g_strdup (alm_value_get_text_of (schema, "x-ogc-collectionId"));
  if (field->unit != NULL && (language == NULL || g_ascii_strcasecmp (language, "UCUM") == 0)
      && !alm_ucum_is_code (field->unit))
    alm_model_check_fault (check, "x-ogc-unit \"%s\" is no UCUM code", field->unit);
  if (field->collection != NULL && *field->collection == '\0')
    alm_model_check_fault (check, "x-ogc-collectionId is empty");

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      const char *uri = alm_value_get_text_of (schema, uris[i]);

      if (uri != NULL && !is_http_uri (uri))
        alm_model_check_fault (check, "%s has to be an http or https URI", uris[i]);
    }
}

static void
read_merge (AlmModelCheck  *check,
            const AlmValue *schema,
            guint           flag,
            AlmField       *field)
{
  const char *name = alm_value_get_text_of (schema, "x-alm-merge");
  const char *collision = alm_value_get_text_of (schema, "x-alm-collision");
  const char *class_name = alm_value_get_text_of (schema, "x-alm-class");
  guint i;

  field->merge = ALM_MERGE_REG;
  for (i = 0; name != NULL && i < G_N_ELEMENTS (merges); i++)
    if (strcmp (merges[i].name, name) == 0)
      {
        field->merge = merges[i].merge;
        if ((merges[i].for_types & flag) == 0)
          alm_model_check_fault (check, "x-alm-merge \"%s\" is not for this type", name);
        break;
      }
  if (i == G_N_ELEMENTS (merges))
    alm_model_check_fault (check, "\"%s\" is no way to merge", name);

  if (collision != NULL && strcmp (collision, "first") != 0 && strcmp (collision, "later") != 0)
    alm_model_check_fault (check, "x-alm-collision has to be first or later");
  field->later_wins = g_strcmp0 (collision, "later") == 0;

  field->class_ = ALM_CLASS_INTERNAL;
  for (i = 0; class_name != NULL && i < G_N_ELEMENTS (classes); i++)
    if (strcmp (classes[i].name, class_name) == 0)
      {
        field->class_ = classes[i].class_;
        break;
      }
  if (i == G_N_ELEMENTS (classes))
    alm_model_check_fault (check, "\"%s\" is no class of fields", class_name);

  field->group = g_strdup (alm_value_get_text_of (schema, "x-alm-group"));
  if (field->group != NULL && !alm_name_is_field (field->group))
    alm_model_check_fault (check, "x-alm-group \"%s\" is no name", field->group);
  else if (field->group != NULL && field->merge != ALM_MERGE_REG)
    alm_model_check_fault (check, "a field of a group merges with it and has no x-alm-merge");
  if (check->depth > 0 && (name != NULL || collision != NULL || class_name != NULL
                           || field->group != NULL))
    alm_model_check_fault (check, "merging is said for whole fields only");
}

/* A list of texts, NULL-terminated; NULL where there is none. */
char **
alm_model_check_aliases (AlmModelCheck  *check,
                         const AlmValue *aliases)
{
  guint size = alm_value_get_size (aliases);
  char **texts;

  if (aliases == NULL)
    return NULL;

  texts = g_new0 (char *, size + 1);
  for (guint i = 0; i < size; i++)
    {
      const char *alias = alm_value_get_text (alm_value_get_item (aliases, i));

      if (alias == NULL || *alias == '\0')
        alm_model_check_fault (check, "x-alm-aliases has to be a list of texts");
      texts[i] = g_strdup (alias != NULL ? alias : "");
    }

  return texts;
}

static void
read_names (AlmModelCheck  *check,
            const char     *name,
            const AlmValue *schema,
            AlmField       *field)
{
  const char *title = alm_value_get_text_of (schema, "title");
  const AlmValue *titles = alm_value_get (schema, "x-alm-title");

  field->title = g_strdup (title != NULL ? title : name);
  field->description = g_strdup (alm_value_get_text_of (schema, "description"));
  field->format = g_strdup (alm_value_get_text_of (schema, "format"));
  field->seq = (int) CLAMP (alm_value_get_integer_of (schema, "x-ogc-propertySeq", G_MAXINT),
                            G_MININT, G_MAXINT);
  field->read_only = alm_value_get_boolean_of (schema, "readOnly", FALSE);
  if (alm_model_check_titles (check, "x-alm-title", titles))
    field->title_en = g_strdup (alm_value_get_text_of (titles, "en"));
}

/* Fills @field from @schema; it is safe to clear whatever the faults. */
void
alm_model_check_property (AlmModelCheck *check,
                          const char    *name,
                          AlmValue      *schema,
                          AlmField      *field)
{
  gsize mark = alm_model_check_enter (check, name);
  guint flag;

  field->name = g_strdup (name);
  field->schema = alm_value_ref (schema);
  field->minimum = -INFINITY;
  field->maximum = INFINITY;
  field->min_length = field->max_length = -1;
  field->class_ = ALM_CLASS_INTERNAL;
  field->seq = G_MAXINT;
  field->title = g_strdup (name);

  if (check->depth == 0 && !alm_name_is_field (name))
    alm_model_check_fault (check, "a name is [a-z][a-z0-9_]{0,62}");
  if (!alm_value_is (schema, ALM_VALUE_OBJECT))
    alm_model_check_fault (check, "has to be an object");
  else
    {
      flag = read_type (check, schema, field);
      if (check_keywords (check, schema, flag != 0 ? flag : ALM_FOR_ALL) && flag != 0)
        {
          g_free (field->title);
          read_names (check, name, schema, field);
          field->aliases = alm_model_check_aliases (check,
                                                    alm_value_get (schema, "x-alm-aliases"));
          alm_model_check_limits (check, schema, flag, field);
          read_role (check, schema, flag, field);
          read_ogc (check, schema, field);
          read_merge (check, schema, flag, field);
        }
    }

  alm_model_check_leave (check, mark);
}
