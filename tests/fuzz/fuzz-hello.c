/* SPDX-License-Identifier: EUPL-1.2 */

/* A server's hello is taken whole or refused with a reason; what was taken says
 * the same when it is written, read again or copied. */

#include "config.h"

#include "alm-wire.h"
#include "fuzz-target.h"

#include <string.h>

static void
assert_same_scope (const AlmWireScope *a,
                   const AlmWireScope *b)
{
  g_assert_cmpstr (a->scope, ==, b->scope);
  g_assert_cmpstr (a->title, ==, b->title);
  g_assert_cmpint (a->seq, ==, b->seq);
  g_assert_cmpint (a->records, ==, b->records);
  g_assert_cmpint (a->began, ==, b->began);
  g_assert_true (alm_value_equal (a->roles, b->roles));
  g_assert_true (alm_value_equal (a->classes, b->classes));
  g_assert_cmpstr (a->grant, ==, b->grant);
  g_assert_cmpint (a->pack_seq, ==, b->pack_seq);
  /* Of no pack the rest is not told. */
  if (a->pack_seq > 0)
    {
      g_assert_cmpint (a->pack_bytes, ==, b->pack_bytes);
      g_assert_cmpstr (a->pack_etag, ==, b->pack_etag);
    }
}

static void
assert_same (const AlmWireHello *a,
             const AlmWireHello *b)
{
  g_assert_cmpstr (a->server, ==, b->server);
  g_assert_cmpstr (a->epoch, ==, b->epoch);
  g_assert_cmpint (a->protocol, ==, b->protocol);
  g_assert_cmpint (a->next, ==, b->next);
  g_assert_cmpint (a->max_body, ==, b->max_body);
  g_assert_cmpint (a->max_commands, ==, b->max_commands);
  g_assert_cmpstr (a->rights, ==, b->rights);
  g_assert_true (alm_value_equal (a->roles, b->roles));
  g_assert_cmpuint (a->scopes->len, ==, b->scopes->len);
  for (guint i = 0; i < a->scopes->len; i++)
    assert_same_scope (a->scopes->pdata[i], b->scopes->pdata[i]);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = size > 0 ? (const char *) data : "";
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmWireHello) hello = alm_wire_hello_parse (text, size, &error);
  g_autoptr (AlmWireHello) again = NULL;
  g_autoptr (AlmWireHello) copy = NULL;
  g_autoptr (AlmValue) value = NULL;
  g_autofree char *written = NULL;

  if (hello == NULL)
    {
      g_assert_true (g_str_has_prefix (error->message, "answer to hello: "));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_no_error (error);

  value = alm_wire_hello_to_value (hello);
  written = alm_value_to_text (value);
  again = alm_wire_hello_parse (written, strlen (written), &error);
  g_assert_no_error (error);
  assert_same (again, hello);
  copy = alm_wire_hello_copy (hello);
  assert_same (copy, hello);
  for (guint i = 0; i < hello->scopes->len; i++)
    {
      const AlmWireScope *scope = hello->scopes->pdata[i];

      g_assert_true (alm_wire_hello_find (hello, scope->scope) == scope);
    }

  return 0;
}
