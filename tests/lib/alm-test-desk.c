/* SPDX-License-Identifier: EUPL-1.2 */

/* What tests of the store need: a kind, an edit in one line, and a look at what
 * is in the file. */

#include "config.h"

#include "alm-test-desk.h"

#include "alm-json.h"
#include "alm-paths.h"
#include "alm-store-error.h"
#include "alm-test.h"

#include <string.h>

static const char tree_schema[] =
  "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
  "\"title\":\"Baum\",\"x-alm-layer\":\"asset\",\"x-alm-label\":\"{number} {species}\","
  "\"properties\":{"
  "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"},"
  "\"number\":{\"type\":\"string\",\"title\":\"Nummer\",\"maxLength\":20,"
  "\"x-ogc-propertySeq\":1},"
  "\"species\":{\"type\":\"string\",\"title\":\"Art\",\"x-ogc-propertySeq\":2},"
  "\"street\":{\"type\":\"string\",\"title\":\"Straße\",\"x-ogc-propertySeq\":3},"
  "\"planted\":{\"type\":\"string\",\"format\":\"edtf\",\"title\":\"Gepflanzt\","
  "\"x-ogc-role\":\"primary-interval-start\",\"x-ogc-propertySeq\":4},"
  "\"felled\":{\"type\":\"string\",\"format\":\"edtf\",\"title\":\"Gefällt\","
  "\"x-ogc-role\":\"primary-interval-end\",\"x-ogc-propertySeq\":5},"
  "\"height\":{\"type\":\"number\",\"title\":\"Höhe\",\"minimum\":0,\"maximum\":70,"
  "\"x-ogc-propertySeq\":6},"
  "\"vitality\":{\"type\":\"integer\",\"title\":\"Vitalität\",\"x-ogc-propertySeq\":7},"
  "\"visits\":{\"type\":\"integer\",\"title\":\"Besuche\",\"x-alm-merge\":\"counter\","
  "\"x-ogc-propertySeq\":8},"
  "\"tags\":{\"type\":\"array\",\"title\":\"Merkmale\",\"items\":{\"type\":\"string\"},"
  "\"x-alm-merge\":\"set\",\"x-ogc-propertySeq\":9},"
  "\"width\":{\"type\":\"number\",\"title\":\"Breite\",\"x-alm-group\":\"size\","
  "\"x-ogc-propertySeq\":10},"
  "\"depth\":{\"type\":\"number\",\"title\":\"Tiefe\",\"x-alm-group\":\"size\","
  "\"x-ogc-propertySeq\":11},"
  "\"inspector\":{\"type\":\"string\",\"title\":\"Von\",\"x-alm-class\":\"personal\","
  "\"x-ogc-propertySeq\":12}"
  "},\"required\":[]}";

AlmValue *
alm_test_value (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (text, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static gboolean
try_edit (AlmDesk        *desk,
          AlmOp           op,
          const AlmId    *id,
          const char     *scope,
          const char     *kind,
          const char     *set,
          AlmEditResult  *result,
          GError        **error)
{
  g_autoptr (AlmValue) fields = set != NULL ? alm_test_value (set) : NULL;
  static const AlmId nothing;
  AlmEdit edit = { .op = op, .scope = scope, .kind = kind, .set = fields };

  edit.has_id = id != NULL && !alm_id_equal (id, &nothing);
  if (edit.has_id)
    edit.id = *id;

  return alm_desk_edit (desk, &edit, 1, result, NULL, error);
}

/* Returns the command's number, −1 for "nothing has changed".  A new record's id
 * is put into *id, unless there is one. */
gint64
alm_test_edit (AlmDesk    *desk,
               AlmOp       op,
               AlmId      *id,
               const char *scope,
               const char *kind,
               const char *set)
{
  g_autoptr (GError) error = NULL;
  AlmEditResult result;
  gboolean done = try_edit (desk, op, id, scope, kind, set, &result, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  if (id != NULL)
    *id = result.id;

  return result.same ? -1 : result.n;
}

void
alm_test_refuse (AlmDesk    *desk,
                 AlmOp       op,
                 AlmId      *id,
                 const char *scope,
                 const char *kind,
                 const char *set,
                 const char *reason)
{
  g_autoptr (GError) error = NULL;
  AlmEditResult result;

  g_assert_false (try_edit (desk, op, id, scope, kind, set, &result, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, reason) == NULL)
    g_error ("refused with '%s', not '%s'", error->message, reason);
}

void
alm_test_add_model (AlmDesk    *desk,
                    const char *name,
                    const char *schema)
{
  g_autofree char *set = g_strdup_printf ("{\"name\":\"%s\",\"schema\":%s}", name, schema);
  AlmId id;

  alm_desk_make_model_id (&id, name);
  alm_test_edit (desk, alm_desk_get_model (desk, name) != NULL ? ALM_OP_UPD : ALM_OP_NEW, &id,
                 "local", "model", set);
}

void
alm_test_add_trees (AlmDesk *desk)
{
  alm_test_add_model (desk, "tree", tree_schema);
}

/* The kind as the program brings it along. */
void
alm_test_add_builtin (AlmDesk    *desk,
                      const char *kind)
{
  g_autofree char *name = g_strdup_printf ("models/%s.json", kind);
  g_autofree char *path = alm_path_data (name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) schema = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  schema = alm_json_parse (text, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (alm_desk_set_model (desk, "system", kind, schema, NULL, NULL, &error));
}

/* The canonical text of what is shown, "deleted" for that, NULL for nothing. */
char *
alm_test_fields (AlmDesk     *desk,
                 const AlmId *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRow) row = alm_desk_get (desk, id, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return NULL;
  g_assert_no_error (error);

  return row->deleted ? g_strdup ("deleted") : alm_value_to_text (row->fields);
}

/* The first column of the first row, read by another connection. */
char *
alm_test_ask (AlmDesk    *desk,
              const char *sql)
{
  g_autofree char *path = g_build_filename (alm_desk_get_dir (desk), "profile.db", NULL);

  return alm_test_query (path, sql);
}
