/* SPDX-License-Identifier: EUPL-1.2 */

/* JSON values and their one canonical text.
 *
 * Invariants:
 *   1. The members of an object are sorted by the bytes of their keys, which are in
 *      NFC; no key twice.
 *   2. A whole double within ±(2^53 − 1) is an integer, so equal numbers have equal text.
 *   3. Text is valid UTF-8 in NFC, without U+0000.
 *   4. No double is infinite or NaN.
 * Canonical form: RFC 8785, with keys in the order of their UTF-8 bytes and
 * doubles as the shortest of %.15g, %.16g and %.17g that reads back the same,
 * with ".0" where that would look like an integer beyond ±(2^53 − 1).
 * Any thread; see the header on who may change a value. */

#include "config.h"

#include "alm-value.h"

#include "alm-number.h"

#include <math.h>
#include <string.h>

typedef struct
{
  char     *key;
  AlmValue *value;
} Member;

struct _AlmValue
{
  gatomicrefcount ref_count;
  AlmValueType    type;
  guint           size;       /* items or members */
  guint           room;
  union {
    gboolean      boolean;
    gint64        integer;
    double        number;
    char         *text;
    AlmValue    **items;
    Member       *members;
  };
};

static AlmValue *
value_new (AlmValueType type)
{
  AlmValue *self = g_new0 (AlmValue, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;

  return self;
}

AlmValue *
alm_value_new_null (void)
{
  return value_new (ALM_VALUE_NULL);
}

AlmValue *
alm_value_new_boolean (gboolean value)
{
  AlmValue *self = value_new (ALM_VALUE_BOOLEAN);

  self->boolean = value != FALSE;

  return self;
}

/* @value: within ±ALM_VALUE_INTEGER_MAX */
AlmValue *
alm_value_new_integer (gint64 value)
{
  AlmValue *self;

  g_return_val_if_fail (ABS (value) <= ALM_VALUE_INTEGER_MAX, NULL);

  self = value_new (ALM_VALUE_INTEGER);
  self->integer = value;

  return self;
}

/* @value: finite */
AlmValue *
alm_value_new_double (double value)
{
  AlmValue *self;

  g_return_val_if_fail (isfinite (value), NULL);

  if (value == floor (value) && fabs (value) <= (double) ALM_VALUE_INTEGER_MAX)
    return alm_value_new_integer ((gint64) value);

  self = value_new (ALM_VALUE_DOUBLE);
  self->number = value;

  return self;
}

/* @text: valid UTF-8 without NUL; kept in NFC */
AlmValue *
alm_value_new_text_len (const char *text,
                        gsize       length)
{
  AlmValue *self = value_new (ALM_VALUE_TEXT);
  gboolean plain = TRUE;

  /* Below U+0300 nothing composes: lead bytes up to 0xCB. */
  for (gsize i = 0; i < length && plain; i++)
    plain = (guint8) text[i] < 0xcc;

  self->text = plain ? g_strndup (text, length)
                     : g_utf8_normalize (text, (gssize) length, G_NORMALIZE_NFC);
  if (self->text == NULL)
    {
      g_warn_if_reached ();
      self->text = g_utf8_make_valid (text, (gssize) length);
    }

  return self;
}

AlmValue *
alm_value_new_text (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return alm_value_new_text_len (text, strlen (text));
}

AlmValue *
alm_value_new_list (void)
{
  return value_new (ALM_VALUE_LIST);
}

AlmValue *
alm_value_new_object (void)
{
  return value_new (ALM_VALUE_OBJECT);
}

AlmValue *
alm_value_ref (AlmValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_value_unref (AlmValue *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  switch (self->type)
    {
    case ALM_VALUE_TEXT:
      g_free (self->text);
      break;

    case ALM_VALUE_LIST:
      for (guint i = 0; i < self->size; i++)
        alm_value_unref (self->items[i]);
      g_free (self->items);
      break;

    case ALM_VALUE_OBJECT:
      for (guint i = 0; i < self->size; i++)
        {
          g_free (self->members[i].key);
          alm_value_unref (self->members[i].value);
        }
      g_free (self->members);
      break;

    case ALM_VALUE_NULL:
    case ALM_VALUE_BOOLEAN:
    case ALM_VALUE_INTEGER:
    case ALM_VALUE_DOUBLE:
    default:
      break;
    }

  g_free (self);
}

/* A new list or object with the same items, to be changed; (transfer full). */
AlmValue *
alm_value_copy (const AlmValue *self)
{
  AlmValue *copy;

  g_return_val_if_fail (self != NULL, NULL);

  switch (self->type)
    {
    case ALM_VALUE_LIST:
      copy = alm_value_new_list ();
      for (guint i = 0; i < self->size; i++)
        alm_value_append (copy, alm_value_ref (self->items[i]));
      return copy;

    case ALM_VALUE_OBJECT:
      copy = alm_value_new_object ();
      copy->room = copy->size = self->size;
      copy->members = g_new (Member, MAX (self->size, 1));
      for (guint i = 0; i < self->size; i++)
        {
          copy->members[i].key = g_strdup (self->members[i].key);
          copy->members[i].value = alm_value_ref (self->members[i].value);
        }
      return copy;

    case ALM_VALUE_NULL:
    case ALM_VALUE_BOOLEAN:
    case ALM_VALUE_INTEGER:
    case ALM_VALUE_DOUBLE:
    case ALM_VALUE_TEXT:
    default:
      return alm_value_ref ((AlmValue *) self);
    }
}

static void
make_room (AlmValue *self,
           gsize     item_size)
{
  if (self->size < self->room)
    return;

  self->room = MAX (4, self->room * 2);
  self->items = g_realloc_n (self->items, self->room, item_size);
}

/* @item: (transfer full) */
void
alm_value_append (AlmValue *self,
                  AlmValue *item)
{
  g_return_if_fail (alm_value_is (self, ALM_VALUE_LIST));
  g_return_if_fail (item != NULL);

  make_room (self, sizeof (AlmValue *));
  self->items[self->size++] = item;
}

/* Where @key stands, or where it would stand. */
static gboolean
find_member (const AlmValue *self,
             const char     *key,
             guint          *index)
{
  guint low = 0;
  guint high = self->size;

  /* Canonical text arrives in order: look at the end first. */
  if (high > 0 && strcmp (self->members[high - 1].key, key) < 0)
    {
      *index = high;
      return FALSE;
    }

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = strcmp (self->members[middle].key, key);

      if (order == 0)
        {
          *index = middle;
          return TRUE;
        }
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }

  *index = low;

  return FALSE;
}

/* Puts, replaces, or with NULL takes away the member.  Returns whether the key was there before.
 *
 * @member: (transfer full) (nullable) */
gboolean
alm_value_set (AlmValue   *self,
               const char *key,
               AlmValue   *member)
{
  guint index;

  g_return_val_if_fail (alm_value_is (self, ALM_VALUE_OBJECT), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  if (find_member (self, key, &index))
    {
      alm_value_unref (self->members[index].value);
      self->members[index].value = member;
      if (member == NULL)
        {
          g_free (self->members[index].key);
          self->size--;
          memmove (&self->members[index], &self->members[index + 1],
                   (self->size - index) * sizeof (Member));
        }
      return TRUE;
    }

  if (member == NULL)
    return FALSE;

  make_room (self, sizeof (Member));
  memmove (&self->members[index + 1], &self->members[index],
           (self->size - index) * sizeof (Member));
  self->members[index].key = g_strdup (key);
  self->members[index].value = member;
  self->size++;

  return FALSE;
}

/* Inserting each member at its place would take quadratic time for an object
 * that somebody has written backwards.
 *
 * @key: (transfer full): in NFC
 * @member: (transfer full) */
void
alm_value_add_member (AlmValue *self,
                      char     *key,
                      AlmValue *member)
{
  g_return_if_fail (alm_value_is (self, ALM_VALUE_OBJECT));

  make_room (self, sizeof (Member));
  self->members[self->size].key = key;
  self->members[self->size].value = member;
  self->size++;
}

static int
compare_members (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (((const Member *) a)->key, ((const Member *) b)->key);
}

/* Returns a key that is there twice (transfer none), or NULL if all is well. */
const char *
alm_value_sort_members (AlmValue *self)
{
  guint sorted = 1;

  g_return_val_if_fail (alm_value_is (self, ALM_VALUE_OBJECT), NULL);

  while (sorted < self->size
         && strcmp (self->members[sorted - 1].key, self->members[sorted].key) < 0)
    sorted++;
  if (sorted >= self->size)
    return NULL;

  qsort (self->members, self->size, sizeof (Member), compare_members);
  for (guint i = 1; i < self->size; i++)
    if (strcmp (self->members[i - 1].key, self->members[i].key) == 0)
      return self->members[i].key;

  return NULL;
}

/* NULL takes the member away. */
void
alm_value_set_text (AlmValue   *self,
                    const char *key,
                    const char *text)
{
  alm_value_set (self, key, text != NULL ? alm_value_new_text (text) : NULL);
}

void
alm_value_set_integer (AlmValue   *self,
                       const char *key,
                       gint64      number)
{
  alm_value_set (self, key, alm_value_new_integer (number));
}

/* NULL counts as the JSON null, so that absent and null are one. */
AlmValueType
alm_value_get_type (const AlmValue *self)
{
  return self != NULL ? self->type : ALM_VALUE_NULL;
}

gboolean
alm_value_is (const AlmValue *self,
              AlmValueType    type)
{
  return alm_value_get_type (self) == type;
}

gboolean
alm_value_is_number (const AlmValue *self)
{
  return alm_value_is (self, ALM_VALUE_INTEGER) || alm_value_is (self, ALM_VALUE_DOUBLE);
}

/* FALSE if it is no boolean. */
gboolean
alm_value_get_boolean (const AlmValue *self)
{
  return alm_value_is (self, ALM_VALUE_BOOLEAN) && self->boolean;
}

/* 0 if it is no integer. */
gint64
alm_value_get_integer (const AlmValue *self)
{
  return alm_value_is (self, ALM_VALUE_INTEGER) ? self->integer : 0;
}

/* Any number; NAN if it is none. */
double
alm_value_get_double (const AlmValue *self)
{
  if (alm_value_is (self, ALM_VALUE_INTEGER))
    return (double) self->integer;

  return alm_value_is (self, ALM_VALUE_DOUBLE) ? self->number : NAN;
}

/* NULL if it is no text. */
const char *
alm_value_get_text (const AlmValue *self)
{
  return alm_value_is (self, ALM_VALUE_TEXT) ? self->text : NULL;
}

/* The number of items or members; 0 for all else. */
guint
alm_value_get_size (const AlmValue *self)
{
  return self != NULL ? self->size : 0;
}

/* The item of a list or the value of a member, by its place; (transfer none). */
AlmValue *
alm_value_get_item (const AlmValue *self,
                    guint           index)
{
  g_return_val_if_fail (index < alm_value_get_size (self), NULL);

  return self->type == ALM_VALUE_LIST ? self->items[index] : self->members[index].value;
}

const char *
alm_value_get_key (const AlmValue *self,
                   guint           index)
{
  g_return_val_if_fail (alm_value_is (self, ALM_VALUE_OBJECT), NULL);
  g_return_val_if_fail (index < self->size, NULL);

  return self->members[index].key;
}

/* (transfer none) (nullable): also if @self is no object. */
AlmValue *
alm_value_get (const AlmValue *self,
               const char     *key)
{
  guint index;

  g_return_val_if_fail (key != NULL, NULL);

  if (!alm_value_is (self, ALM_VALUE_OBJECT) || !find_member (self, key, &index))
    return NULL;

  return self->members[index].value;
}

const char *
alm_value_get_text_of (const AlmValue *self,
                       const char     *key)
{
  return alm_value_get_text (alm_value_get (self, key));
}

gint64
alm_value_get_integer_of (const AlmValue *self,
                          const char     *key,
                          gint64          fallback)
{
  const AlmValue *member = alm_value_get (self, key);

  return alm_value_is (member, ALM_VALUE_INTEGER) ? member->integer : fallback;
}

gboolean
alm_value_get_boolean_of (const AlmValue *self,
                          const char     *key,
                          gboolean        fallback)
{
  const AlmValue *member = alm_value_get (self, key);

  return alm_value_is (member, ALM_VALUE_BOOLEAN) ? member->boolean : fallback;
}

/* Equal canonical text; NULL equals null. */
gboolean
alm_value_equal (const AlmValue *a,
                 const AlmValue *b)
{
  AlmValueType type = alm_value_get_type (a);

  if (a == b)
    return TRUE;
  if (type != alm_value_get_type (b) || alm_value_get_size (a) != alm_value_get_size (b))
    return FALSE;

  switch (type)
    {
    case ALM_VALUE_NULL:
      return TRUE;

    case ALM_VALUE_BOOLEAN:
      return a->boolean == b->boolean;

    case ALM_VALUE_INTEGER:
      return a->integer == b->integer;

    case ALM_VALUE_DOUBLE:
      return a->number == b->number;

    case ALM_VALUE_TEXT:
      return strcmp (a->text, b->text) == 0;

    case ALM_VALUE_LIST:
      for (guint i = 0; i < a->size; i++)
        if (!alm_value_equal (a->items[i], b->items[i]))
          return FALSE;
      return TRUE;

    case ALM_VALUE_OBJECT:
      for (guint i = 0; i < a->size; i++)
        if (strcmp (a->members[i].key, b->members[i].key) != 0
            || !alm_value_equal (a->members[i].value, b->members[i].value))
          return FALSE;
      return TRUE;

    default:
      g_assert_not_reached ();
    }
}

static void
print_text (const char *text,
            GString    *out)
{
  const char *run = text;

  g_string_append_c (out, '"');
  for (const char *c = text; ; c++)
    {
      guint8 byte = (guint8) *c;
      const char *escape;

      if (byte >= 0x20 && byte != '"' && byte != '\\')
        continue;

      g_string_append_len (out, run, c - run);
      run = c + 1;
      if (byte == '\0')
        break;

      escape = byte == '"' ? "\\\"" : byte == '\\' ? "\\\\" : byte == '\b' ? "\\b"
             : byte == '\f' ? "\\f" : byte == '\n' ? "\\n" : byte == '\r' ? "\\r"
             : byte == '\t' ? "\\t" : NULL;
      if (escape != NULL)
        g_string_append (out, escape);
      else
        g_string_append_printf (out, "\\u%04x", byte);
    }
  g_string_append_c (out, '"');
}

static void
print_double (double   number,
              GString *out)
{
  char text[ALM_NUMBER_SIZE];

  g_string_append_len (out, text, (gssize) alm_number_print (number, text));
  /* Beyond 2^53 − 1 a whole number would not be read back as an integer. */
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

static void
print_integer (gint64   number,
               GString *out)
{
  char text[ALM_NUMBER_SIZE];

  g_string_append_len (out, text, (gssize) alm_number_print_integer (number, text));
}

/* Appends the canonical text. */
void
alm_value_print (const AlmValue *self,
                 GString        *out)
{
  g_return_if_fail (out != NULL);

  switch (alm_value_get_type (self))
    {
    case ALM_VALUE_NULL:
      g_string_append (out, "null");
      break;

    case ALM_VALUE_BOOLEAN:
      g_string_append (out, self->boolean ? "true" : "false");
      break;

    case ALM_VALUE_INTEGER:
      print_integer (self->integer, out);
      break;

    case ALM_VALUE_DOUBLE:
      print_double (self->number, out);
      break;

    case ALM_VALUE_TEXT:
      print_text (self->text, out);
      break;

    case ALM_VALUE_LIST:
      g_string_append_c (out, '[');
      for (guint i = 0; i < self->size; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          alm_value_print (self->items[i], out);
        }
      g_string_append_c (out, ']');
      break;

    case ALM_VALUE_OBJECT:
      g_string_append_c (out, '{');
      for (guint i = 0; i < self->size; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          alm_value_print_member (self, i, out);
        }
      g_string_append_c (out, '}');
      break;

    default:
      g_assert_not_reached ();
    }
}

void
alm_value_print_member (const AlmValue *self,
                        guint           index,
                        GString        *out)
{
  g_return_if_fail (alm_value_is (self, ALM_VALUE_OBJECT));
  g_return_if_fail (index < self->size);

  print_text (self->members[index].key, out);
  g_string_append_c (out, ':');
  alm_value_print (self->members[index].value, out);
}

char *
alm_value_to_text (const AlmValue *self)
{
  GString *out = g_string_new (NULL);

  alm_value_print (self, out);

  return g_string_free (out, FALSE);
}
