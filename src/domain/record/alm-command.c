/* SPDX-License-Identifier: EUPL-1.2 */

/* Commands and their JSON form (sync.md, section 3.2).
 *
 * Invariants of a command that was read:
 *   1. It has a cid, an id, and exactly the members its op may have.
 *   2. Every name in set, old and fields has the shape of a field's name.
 *   3. Its set and old are within the limits of a record, and old has no null.
 * Whether the values fit the model is asked later, by who has the model.
 * Pure; any thread. */

#include "config.h"

#include "alm-command.h"

#include "alm-model.h"

#include <string.h>

#define TOLD_TIME_MAX 64
#define REASON_MAX 2000

/* Which ops may have a member. */
enum {
  IN_NEW     = 1 << ALM_OP_NEW,
  IN_UPD     = 1 << ALM_OP_UPD,
  IN_DEL     = 1 << ALM_OP_DEL,
  IN_UNDEL   = 1 << ALM_OP_UNDEL,
  IN_RESOLVE = 1 << ALM_OP_RESOLVE,
  IN_ERASE   = 1 << ALM_OP_ERASE,
  IN_ALL     = IN_NEW | IN_UPD | IN_DEL | IN_UNDEL | IN_RESOLVE | IN_ERASE
};

static const char *const op_names[] = {
  [ALM_OP_NEW] = "new", [ALM_OP_UPD] = "upd", [ALM_OP_DEL] = "del", [ALM_OP_UNDEL] = "undel",
  [ALM_OP_RESOLVE] = "resolve", [ALM_OP_ERASE] = "erase",
};

static const struct {
  const char *name;
  guint       ops;
} members[] = {
  { "at", IN_ALL },
  { "base", IN_ALL },
  { "batch", IN_ALL },
  { "cid", IN_ALL },
  { "confirm", IN_DEL },
  { "conflict", IN_RESOLVE },
  { "fields", IN_ERASE },
  { "id", IN_ALL },
  { "kind", IN_NEW },
  { "n", IN_ALL },
  { "old", IN_NEW | IN_UPD | IN_RESOLVE },
  { "op", IN_ALL },
  { "reason", IN_ERASE },
  { "scope", IN_NEW },
  { "set", IN_NEW | IN_UPD | IN_RESOLVE },
};

typedef struct
{
  const char **code;
  char       **reason;
} Refusal;

static gboolean refuse (const Refusal *refusal,
                        const char    *code,
                        const char    *format,
                        ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (const Refusal *refusal,
        const char    *code,
        const char    *format,
        ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);

  if (refusal->code != NULL)
    *refusal->code = code;
  /* A cut in the middle of a character is mended. */
  if (refusal->reason != NULL)
    *refusal->reason = g_utf8_make_valid (sentence, -1);

  return FALSE;
}

const char *
alm_op_to_text (AlmOp op)
{
  g_return_val_if_fail (op < G_N_ELEMENTS (op_names), NULL);

  return op_names[op];
}

gboolean
alm_op_from_text (const char *text,
                  AlmOp      *op)
{
  for (guint i = 0; i < G_N_ELEMENTS (op_names); i++)
    if (g_strcmp0 (op_names[i], text) == 0)
      {
        *op = (AlmOp) i;
        return TRUE;
      }

  return FALSE;
}

void
alm_command_free (AlmCommand *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->cid);
  g_free (self->scope);
  g_free (self->kind);
  g_clear_pointer (&self->set, alm_value_unref);
  g_clear_pointer (&self->old, alm_value_unref);
  g_free (self->at);
  g_free (self->batch);
  g_free (self->reason);
  g_clear_pointer (&self->fields, alm_value_unref);
  g_free (self);
}

static AlmValue *
ref_or_null (AlmValue *value)
{
  return value != NULL ? alm_value_ref (value) : NULL;
}

AlmCommand *
alm_command_copy (const AlmCommand *self)
{
  AlmCommand *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->cid = g_strdup (self->cid);
  copy->scope = g_strdup (self->scope);
  copy->kind = g_strdup (self->kind);
  copy->set = ref_or_null (self->set);
  copy->old = ref_or_null (self->old);
  copy->at = g_strdup (self->at);
  copy->batch = g_strdup (self->batch);
  copy->reason = g_strdup (self->reason);
  copy->fields = ref_or_null (self->fields);

  return copy;
}

/* What is 0, FALSE or NULL is left out. */
AlmValue *
alm_command_to_value (const AlmCommand *self)
{
  AlmValue *value;
  char id[ALM_ID_TEXT_SIZE];

  g_return_val_if_fail (self != NULL, NULL);

  value = alm_value_new_object ();
  if (self->n > 0)
    alm_value_set_integer (value, "n", self->n);
  alm_value_set_text (value, "cid", self->cid);
  alm_value_set_text (value, "op", alm_op_to_text (self->op));
  alm_id_print (&self->id, id);
  alm_value_set_text (value, "id", id);
  if (self->base > 0)
    alm_value_set_integer (value, "base", self->base);
  alm_value_set_text (value, "scope", self->scope);
  alm_value_set_text (value, "kind", self->kind);
  if (self->op == ALM_OP_RESOLVE)
    {
      alm_id_print (&self->conflict, id);
      alm_value_set_text (value, "conflict", id);
    }
  alm_value_set (value, "set", ref_or_null (self->set));
  alm_value_set (value, "old", ref_or_null (self->old));
  alm_value_set_text (value, "at", self->at);
  alm_value_set_text (value, "batch", self->batch);
  alm_value_set_text (value, "reason", self->reason);
  alm_value_set (value, "fields", ref_or_null (self->fields));
  if (self->confirm)
    alm_value_set (value, "confirm", alm_value_new_boolean (TRUE));

  return value;
}

static gboolean
is_cid (const char *text)
{
  if (text == NULL || strlen (text) != 16)
    return FALSE;

  for (guint i = 0; i < 16; i++)
    if (!g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
      return FALSE;

  return TRUE;
}

static gboolean
check_members (const AlmValue *value,
               AlmOp           op,
               const Refusal  *refusal)
{
  for (guint i = 0; i < alm_value_get_size (value); i++)
    {
      const char *key = alm_value_get_key (value, i);
      guint k;

      for (k = 0; k < G_N_ELEMENTS (members); k++)
        if (strcmp (members[k].name, key) == 0)
          break;
      if (k == G_N_ELEMENTS (members))
        return refuse (refusal, "bad-value", "unknown member \"%.60s\"", key);
      if ((members[k].ops & (1u << op)) == 0)
        return refuse (refusal, "bad-value", "%s: not with op %s", key, op_names[op]);
    }

  return TRUE;
}

/* A whole number of at least @least, or absent. */
static gboolean
read_number (const AlmValue *value,
             const char     *key,
             gint64          least,
             gint64         *number,
             const Refusal  *refusal)
{
  const AlmValue *member = alm_value_get (value, key);

  if (member == NULL)
    return TRUE;
  if (!alm_value_is (member, ALM_VALUE_INTEGER) || alm_value_get_integer (member) < least)
    return refuse (refusal, "bad-value", "%s: has to be a whole number from %d on", key,
                   (int) least);

  *number = alm_value_get_integer (member);

  return TRUE;
}

/* A text of at most @most bytes, or absent. */
static gboolean
read_text (const AlmValue  *value,
           const char      *key,
           gsize            most,
           char           **text,
           const Refusal   *refusal)
{
  const AlmValue *member = alm_value_get (value, key);
  const char *found = alm_value_get_text (member);

  if (member == NULL)
    return TRUE;
  if (found == NULL)
    return refuse (refusal, "bad-value", "%s: has to be a text", key);
  if (strlen (found) > most)
    return refuse (refusal, "too-large", "%s: longer than %" G_GSIZE_FORMAT " bytes", key, most);

  *text = g_strdup (found);

  return TRUE;
}

static gboolean
read_id (const AlmValue *value,
         const char     *key,
         AlmId          *id,
         const Refusal  *refusal)
{
  return alm_id_parse (id, alm_value_get_text_of (value, key))
         || refuse (refusal, "bad-id", "%s: has to be a UUID in lower case", key);
}

/* set or old: an object of fields, or absent. */
static gboolean
read_fields (const AlmValue  *value,
             const char      *key,
             gboolean         null_allowed,
             AlmValue       **fields,
             const Refusal   *refusal)
{
  AlmValue *object = alm_value_get (value, key);
  gsize size = 0;

  if (object == NULL)
    return TRUE;
  if (!alm_value_is (object, ALM_VALUE_OBJECT))
    return refuse (refusal, "bad-value", "%s: has to be an object of fields", key);
  if (alm_value_get_size (object) > ALM_RECORD_FIELDS_MAX)
    return refuse (refusal, "too-large", "%s: more than %d fields", key, ALM_RECORD_FIELDS_MAX);

  for (guint i = 0; i < alm_value_get_size (object); i++)
    {
      const char *name = alm_value_get_key (object, i);
      const AlmValue *item = alm_value_get_item (object, i);
      g_autofree char *text = alm_value_to_text (item);
      gsize length = strlen (text);

      if (!alm_name_is_field (name))
        return refuse (refusal, "bad-value", "%s: \"%.60s\" cannot be the name of a field", key,
                       name);
      if (!null_allowed && alm_value_is (item, ALM_VALUE_NULL))
        return refuse (refusal, "bad-value", "%s/%s: null, where absent says that there was "
                       "nothing", key, name);
      if (length > ALM_FIELD_SIZE_MAX)
        return refuse (refusal, "too-large", "%s/%s: larger than %d bytes", key, name,
                       ALM_FIELD_SIZE_MAX);
      size += length + strlen (name) + 4;
    }
  if (size > ALM_RECORD_SIZE_MAX)
    return refuse (refusal, "too-large", "%s: larger than %d bytes", key, ALM_RECORD_SIZE_MAX);

  *fields = alm_value_ref (object);

  return TRUE;
}

static gboolean
read_new (const AlmValue *value,
          AlmCommand     *self,
          const Refusal  *refusal)
{
  self->scope = g_strdup (alm_value_get_text_of (value, "scope"));
  self->kind = g_strdup (alm_value_get_text_of (value, "kind"));
  if (!alm_name_is_scope (self->scope))
    return refuse (refusal, "bad-value", "scope: has to be the name of a scope");
  if (!alm_name_is_kind (self->kind))
    return refuse (refusal, "bad-value", "kind: has to be the name of a kind");

  return TRUE;
}

static gboolean
read_erase (const AlmValue *value,
            AlmCommand     *self,
            const Refusal  *refusal)
{
  AlmValue *fields = alm_value_get (value, "fields");

  if (!read_text (value, "reason", REASON_MAX, &self->reason, refusal))
    return FALSE;
  if (fields == NULL)
    return TRUE;
  if (!alm_value_is (fields, ALM_VALUE_LIST) || alm_value_get_size (fields) == 0
      || alm_value_get_size (fields) > ALM_RECORD_FIELDS_MAX)
    return refuse (refusal, "bad-value", "fields: has to be a list of names of fields");
  for (guint i = 0; i < alm_value_get_size (fields); i++)
    if (!alm_name_is_field (alm_value_get_text (alm_value_get_item (fields, i))))
      return refuse (refusal, "bad-value", "fields/%u: has to be the name of a field", i);

  self->fields = alm_value_ref (fields);

  return TRUE;
}

static gboolean
read_common (const AlmValue *value,
             AlmCommand     *self,
             const Refusal  *refusal)
{
  const AlmValue *confirm = alm_value_get (value, "confirm");
  AlmId batch;

  if (!read_number (value, "n", 1, &self->n, refusal)
      || !read_number (value, "base", 0, &self->base, refusal)
      || !read_id (value, "id", &self->id, refusal)
      || !read_text (value, "at", TOLD_TIME_MAX, &self->at, refusal)
      || !read_text (value, "batch", ALM_ID_TEXT_SIZE - 1, &self->batch, refusal)
      || !read_fields (value, "set", TRUE, &self->set, refusal)
      || !read_fields (value, "old", FALSE, &self->old, refusal))
    return FALSE;

  self->cid = g_strdup (alm_value_get_text_of (value, "cid"));
  if (!is_cid (self->cid))
    return refuse (refusal, "bad-value", "cid: has to be 16 hexadecimal digits in lower case");
  if (self->batch != NULL && !alm_id_parse (&batch, self->batch))
    return refuse (refusal, "bad-id", "batch: has to be a UUID in lower case");
  if (confirm != NULL && !alm_value_is (confirm, ALM_VALUE_BOOLEAN))
    return refuse (refusal, "bad-value", "confirm: has to be true or false");
  self->confirm = alm_value_get_boolean (confirm);

  return TRUE;
}

AlmCommand *
alm_command_from_value (const AlmValue  *value,
                        const char     **code,
                        char           **reason)
{
  g_autoptr (AlmCommand) self = g_new0 (AlmCommand, 1);
  Refusal refusal = { code, reason };
  const char *op = alm_value_get_text_of (value, "op");
  gboolean ok;

  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    return refuse (&refusal, "bad-value", "a command is an object"), NULL;
  if (!alm_op_from_text (op, &self->op))
    return refuse (&refusal, "unknown-op", "op: \"%.20s\" is unknown", op != NULL ? op : ""), NULL;
  if (!check_members (value, self->op, &refusal) || !read_common (value, self, &refusal))
    return NULL;

  switch (self->op)
    {
    case ALM_OP_NEW:
      ok = read_new (value, self, &refusal);
      break;

    case ALM_OP_UPD:
      ok = alm_value_get_size (self->set) > 0
           || refuse (&refusal, "bad-value", "set: is missing or empty");
      break;

    case ALM_OP_RESOLVE:
      ok = read_id (value, "conflict", &self->conflict, &refusal);
      break;

    case ALM_OP_ERASE:
      ok = read_erase (value, self, &refusal);
      break;

    case ALM_OP_DEL:
    case ALM_OP_UNDEL:
    default:
      ok = TRUE;
      break;
    }

  return ok ? g_steal_pointer (&self) : NULL;
}
