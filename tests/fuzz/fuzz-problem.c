/* SPDX-License-Identifier: EUPL-1.2 */

/* The small answers: a problem always has a code, if an empty one, and is read as
 * the same again; a login is a token or a reason. */

#include "config.h"

#include "alm-wire.h"
#include "fuzz-target.h"

#include <string.h>

static void
try_problem (const char *text,
             gsize       size)
{
  g_auto (AlmWireProblem) problem = { 0 };
  g_auto (AlmWireProblem) again = { 0 };
  g_autoptr (AlmValue) value = alm_value_new_object ();
  g_autofree char *written = NULL;

  alm_wire_problem_parse (&problem, text, size);
  g_assert_nonnull (problem.code);
  g_assert_cmpint (problem.next, >=, 0);

  alm_value_set_text (value, "code", problem.code);
  alm_value_set_text (value, "detail", problem.detail);
  alm_value_set_integer (value, "next", problem.next);
  written = alm_value_to_text (value);
  alm_wire_problem_parse (&again, written, strlen (written));
  g_assert_cmpstr (again.code, ==, problem.code);
  g_assert_cmpstr (again.detail, ==, problem.detail);
  g_assert_cmpint (again.next, ==, problem.next);
}

static void
try_login (const char *text,
           gsize       size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (text, size);
  g_autoptr (GError) error = NULL;
  g_autofree char *token = alm_wire_login_parse (body, &error);

  g_assert_true ((token == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_str_has_prefix (error->message, "answer to login: "));
  g_assert_true (g_utf8_validate (token != NULL ? token : error->message, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = size > 0 ? (const char *) data : "";

  try_problem (text, size);
  try_login (text, size);

  return 0;
}
