/* SPDX-License-Identifier: EUPL-1.2 */

/* Classes of fields, and the sums by which two stores see that they agree.
 *
 * Invariant: adding a record and taking the same record away again leaves the
 * digest as it was, in any order among others.  Pure; any thread. */

#include "config.h"

#include "alm-digest.h"

#include "alm-hash.h"
#include "alm-number.h"

#include <string.h>

const char *const alm_class_names[] = {
  "public", "internal", "confidential", "personal", NULL
};

/* A list of names as a set of AlmClass; 0 if one is no class. */
guint
alm_class_from_names (const AlmValue *names)
{
  guint classes = 0;

  if (!alm_value_is (names, ALM_VALUE_LIST))
    return 0;

  for (guint i = 0; i < alm_value_get_size (names); i++)
    {
      const char *name = alm_value_get_text (alm_value_get_item (names, i));
      guint c = 0;

      while (c < ALM_DIGEST_CLASSES && g_strcmp0 (name, alm_class_names[c]) != 0)
        c++;
      if (c == ALM_DIGEST_CLASSES)
        return 0;
      classes |= 1u << c;
    }

  return classes;
}

AlmValue *
alm_class_to_names (guint classes)
{
  AlmValue *names = alm_value_new_list ();

  for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
    if ((classes & (1u << c)) != 0)
      alm_value_append (names, alm_value_new_text (alm_class_names[c]));

  return names;
}

/* `internal` where the model or the field is not known. */
AlmClass
alm_field_class (const AlmModel *model,
                 const char     *field)
{
  const AlmField *found = model != NULL ? alm_model_find_field (model, field) : NULL;

  return found != NULL ? found->class_ : ALM_CLASS_INTERNAL;
}

/* Of a field's or a group's name.
 *
 * @model: (nullable) */
AlmClass
alm_field_or_group_class (const AlmModel *model,
                          const char     *name)
{
  for (guint i = 0; model != NULL && i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *field = alm_model_get_field (model, i);

      if (strcmp (field->name, name) == 0 || g_strcmp0 (field->group, name) == 0)
        return field->class_;
    }

  return ALM_CLASS_INTERNAL;
}

/* The class of the field or group that @conflict is about (a group has one class).
 *
 * @model: (nullable): of the kind that the conflict names */
AlmClass
alm_conflict_class (const AlmModel *model,
                    const AlmValue *conflict)
{
  const char *name = alm_value_get_text_of (conflict, "field");

  return name == NULL || *name == '\0' ? ALM_CLASS_PUBLIC : alm_field_or_group_class (model, name);
}

/* The members of @fields whose class is in @classes; (transfer full). */
AlmValue *
alm_fields_of_class (const AlmModel *model,
                     const AlmValue *fields,
                     guint           classes)
{
  AlmValue *result = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (fields); i++)
    {
      const char *name = alm_value_get_key (fields, i);

      if ((alm_field_class (model, name) & classes) != 0)
        alm_value_set (result, name, alm_value_ref (alm_value_get_item (fields, i)));
    }

  return result;
}

/* What every sum of one record begins with. */
static GString *
make_head (const AlmId *id,
           gint64       ver,
           const char  *kind,
           gboolean     deleted)
{
  GString *head = g_string_sized_new (512);
  char number[ALM_NUMBER_SIZE];
  char text[ALM_ID_TEXT_SIZE];

  alm_id_print (id, text);
  g_string_append_len (head, text, ALM_ID_TEXT_SIZE);
  g_string_append_len (head, number, (gssize) alm_number_print_integer (ver, number) + 1);
  g_string_append_len (head, kind, (gssize) strlen (kind) + 1);
  g_string_append_len (head, deleted ? "1" : "0", 2);

  return head;
}

/* Each field is printed once, into the text of its class. */
static void
add_by_class (AlmDigest       *self,
              const GString   *head,
              const AlmValue  *fields,
              const AlmModel  *model)
{
  GString *parts[ALM_DIGEST_CLASSES] = { NULL };
  guint n = alm_value_get_size (fields);

  parts[ALM_DIGEST_PUBLIC] = g_string_new_len (head->str, (gssize) head->len);
  for (guint i = 0; i < n; i++)
    {
      AlmClass class_ = alm_field_class (model, alm_value_get_key (fields, i));
      guint c = (guint) g_bit_nth_lsf (class_, -1);

      if (parts[c] == NULL)
        parts[c] = g_string_new_len (head->str, (gssize) head->len);
      g_string_append_c (parts[c], parts[c]->len == head->len ? '{' : ',');
      alm_value_print_member (fields, i, parts[c]);
    }
  if (parts[ALM_DIGEST_PUBLIC]->len == head->len)
    g_string_append_c (parts[ALM_DIGEST_PUBLIC], '{');

  for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
    if (parts[c] != NULL)
      {
        g_string_append_c (parts[c], '}');
        self->sums[c] += alm_hash_64 (parts[c]->str, parts[c]->len);
        g_string_free (parts[c], TRUE);
      }
}

/* @model: (nullable)
 * @whole: for a conflict the class of its field, for all else 0 */
void
alm_digest_add (AlmDigest      *self,
                const AlmId    *id,
                gint64          ver,
                const char     *kind,
                gboolean        deleted,
                const AlmValue *fields,
                const AlmModel *model,
                AlmClass        whole)
{
  g_autoptr (GString) head = make_head (id, ver, kind, deleted);
  g_autoptr (AlmValue) nothing = NULL;

  /* Who has never seen a deleted record is not told what it held. */
  if (deleted)
    fields = nothing = alm_value_new_object ();

  if (whole != 0)
    {
      alm_value_print (fields, head);
      self->sums[g_bit_nth_lsf (whole, -1)] += alm_hash_64 (head->str, head->len);
      return;
    }

  add_by_class (self, head, fields, model);
  if (!deleted)
    self->n++;
}

void
alm_digest_subtract (AlmDigest       *self,
                     const AlmDigest *other)
{
  self->n -= other->n;
  for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
    self->sums[c] -= other->sums[c];
}

void
alm_digest_merge (AlmDigest       *self,
                  const AlmDigest *other)
{
  self->n += other->n;
  for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
    self->sums[c] += other->sums[c];
}
