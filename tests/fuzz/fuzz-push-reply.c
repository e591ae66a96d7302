/* SPDX-License-Identifier: EUPL-1.2 */

/* The outcomes of a push come whole and in order, or the answer is refused and
 * the refusal says where; what was taken is read again as the same. */

#include "config.h"

#include "alm-wire.h"
#include "fuzz-target.h"
#include "fuzz-value.h"

/* One outcome for each line but the last: so the answer can be complete. */
static guint
count_outcomes (const char *text,
                gsize       size)
{
  AlmWireLines lines;
  const char *line;
  gsize length;

  alm_wire_lines_start (&lines, text, size);
  while (alm_wire_lines_next (&lines, &line, &length))
    ;

  return lines.number > 0 ? lines.number - 1 : 0;
}

static GString *
print (const GPtrArray *outcomes,
       gint64           next)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < outcomes->len; i++)
    {
      g_autoptr (AlmValue) value = alm_wire_outcome_to_value (outcomes->pdata[i]);

      alm_value_print (value, text);
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text, "{\"next\":%" G_GINT64_FORMAT "}\n", next);

  return text;
}

static void
assert_same (const AlmWireOutcome *a,
             const AlmWireOutcome *b)
{
  g_assert_cmpint (a->n, ==, b->n);
  g_assert_cmpint (a->result, ==, b->result);
  g_assert_cmpint (a->seq, ==, b->seq);
  assert_same_value (a->merged, b->merged);
  assert_same_value (a->conflicts, b->conflicts);
  g_assert_cmpstr (a->code, ==, b->code);
  g_assert_cmpstr (a->detail, ==, b->detail);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = size > 0 ? (const char *) data : "";
  guint count = count_outcomes (text, size);
  gint64 next, next_again;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) outcomes = alm_wire_push_parse_reply (text, size, 1, count, &next, &error);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GString) written = NULL;

  if (outcomes == NULL)
    {
      g_assert_true (g_str_has_prefix (error->message, "answer to push: "));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (outcomes->len, ==, count);
  g_assert_cmpint (next, >=, 1);
  for (guint i = 0; i < outcomes->len; i++)
    g_assert_cmpint (((AlmWireOutcome *) outcomes->pdata[i])->n, ==, i + 1);

  written = print (outcomes, next);
  again = alm_wire_push_parse_reply (written->str, written->len, 1, count, &next_again, &error);
  g_assert_no_error (error);
  g_assert_cmpint (next_again, ==, next);
  for (guint i = 0; i < count; i++)
    assert_same (again->pdata[i], outcomes->pdata[i]);

  return 0;
}
