/* SPDX-License-Identifier: EUPL-1.2 */

/* Sorts rows by a text of theirs.
 *
 * Invariants:
 *   1. texts has each different text once; a row has its number there.
 *   2. The order of the keys' bytes, and of the texts' where keys are equal, is
 *      the order of alm_german_compare(); a test compares the two.
 * Plain data; any thread. */

#include "config.h"

#include "alm-text-order.h"

#include "alm-german.h"

#include <string.h>

#define NO_TEXT G_MAXUINT32

typedef struct
{
  guint64     start;    /* the key's first eight bytes as a number */
  const char *text;
  guint32     key;      /* where the key begins in keys */
  guint32     length;
  guint32     number;   /* in the order they came */
} Text;

typedef struct
{
  gint64  rid;
  guint32 text;         /* number; NO_TEXT */
} Row;

struct _AlmTextOrder
{
  GHashTable   *numbers;   /* text → number + 1 */
  GStringChunk *strings;
  GArray       *texts;     /* Text */
  GByteArray   *keys;
  GArray       *rows;      /* Row */
  gboolean      mixed;     /* these do not come by number */
};

AlmTextOrder *
alm_text_order_new (void)
{
  AlmTextOrder *self = g_new (AlmTextOrder, 1);

  self->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self->strings = g_string_chunk_new (64 * 1024);
  self->texts = g_array_new (FALSE, FALSE, sizeof (Text));
  self->keys = g_byte_array_sized_new (64);   /* never NULL, also where all keys are empty */
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->mixed = FALSE;

  return self;
}

void
alm_text_order_free (AlmTextOrder *self)
{
  g_hash_table_unref (self->numbers);
  g_string_chunk_free (self->strings);
  g_array_unref (self->texts);
  g_byte_array_unref (self->keys);
  g_array_unref (self->rows);
  g_free (self);
}

static guint32
add_text (AlmTextOrder *self,
          const char   *text)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, text));
  Text entry = { 0 };

  if (known > 0)
    return known - 1;

  entry.text = g_string_chunk_insert (self->strings, text);
  entry.number = self->texts->len;
  entry.key = self->keys->len;
  alm_german_add_key (self->keys, text);
  entry.length = self->keys->len - entry.key;
  g_array_append_val (self->texts, entry);
  g_hash_table_insert (self->numbers, (gpointer) entry.text, GUINT_TO_POINTER (entry.number + 1));

  return entry.number;
}

void
alm_text_order_add (AlmTextOrder *self,
                    gint64        rid,
                    const char   *text)
{
  Row row = { rid, text != NULL ? add_text (self, text) : NO_TEXT };

  if (self->rows->len > 0)
    self->mixed = self->mixed || rid < g_array_index (self->rows, Row, self->rows->len - 1).rid;
  g_array_append_val (self->rows, row);
}

static void
find_starts (AlmTextOrder *self)
{
  for (guint i = 0; i < self->texts->len; i++)
    {
      Text *text = &g_array_index (self->texts, Text, i);
      guint64 start = 0;

      memcpy (&start, self->keys->data + text->key, MIN (text->length, sizeof start));
      text->start = GUINT64_FROM_BE (start);
    }
}

static int
compare_texts (gconstpointer a,
               gconstpointer b,
               gpointer      keys)
{
  const Text *one = a;
  const Text *two = b;
  int order;

  if (one->start != two->start)
    return one->start < two->start ? -1 : 1;

  order = memcmp ((guint8 *) keys + one->key, (guint8 *) keys + two->key,
                  MIN (one->length, two->length));
  if (order == 0 && one->length != two->length)
    order = one->length < two->length ? -1 : 1;

  return order != 0 ? order : strcmp (one->text, two->text);
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  gint64 one = ((const Row *) a)->rid;
  gint64 two = ((const Row *) b)->rid;

  return (one > two) - (one < two);
}

/* Rows of one text stay in their order: places[text] is where its next one goes. */
static GArray *
deal_out (AlmTextOrder *self,
          guint        *places)
{
  GArray *rids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), self->rows->len);

  g_array_set_size (rids, self->rows->len);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      guint text = row->text == NO_TEXT ? self->texts->len : row->text;

      g_array_index (rids, gint64, places[text]++) = row->rid;
    }

  return rids;
}

GArray *
alm_text_order_finish (AlmTextOrder *self,
                       gboolean      descending)
{
  guint n = self->texts->len;
  g_autofree guint *counts = g_new0 (guint, n + 1);
  g_autofree guint *places = g_new0 (guint, n + 1);
  guint place = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      guint text = g_array_index (self->rows, Row, i).text;

      counts[text == NO_TEXT ? n : text]++;
    }
  if (self->mixed)
    g_array_sort (self->rows, compare_rows);
  find_starts (self);
  g_array_sort_with_data (self->texts, compare_texts, self->keys->data);
  for (guint i = 0; i < n; i++)
    {
      guint text = g_array_index (self->texts, Text, descending ? n - 1 - i : i).number;

      places[text] = place;
      place += counts[text];
    }
  places[n] = place;

  return deal_out (self, places);
}
