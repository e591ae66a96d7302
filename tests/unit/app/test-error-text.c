/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-error-text.h"
#include "alm-format-error.h"
#include "alm-net-error.h"
#include "alm-store-error.h"

#include <gio/gio.h>
#include <string.h>

/* Whatever failed, the sentence says what became of the work, and shows no
 * word of the technical message. */
static void
assert_sentence (GQuark domain,
                 int    code)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "sqlite: disk I/O error 4711");
  const char *text = alm_error_text (error);

  g_assert_true (strstr (text, "Nothing was") != NULL ||
                 strstr (text, "Everything is saved here.") != NULL ||
                 strstr (text, "Your text is still here.") != NULL);
  g_assert_null (strstr (text, "4711"));
  g_assert_true (g_str_has_suffix (text, "."));
}

static void
test_each_sentence_says_what_became_of_the_work (void)
{
  for (int code = ALM_STORE_ERROR_FAILED; code <= ALM_STORE_ERROR_REFUSED; code++)
    assert_sentence (ALM_STORE_ERROR, code);
  for (int code = 0; code <= ALM_FORMAT_ERROR_TOO_LARGE; code++)
    assert_sentence (ALM_FORMAT_ERROR, code);
  for (int code = G_IO_ERROR_FAILED; code <= G_IO_ERROR_NO_SUCH_DEVICE; code++)
    assert_sentence (G_IO_ERROR, code);
  for (int code = 0; code <= ALM_NET_ERROR_ANSWER; code++)
    assert_sentence (ALM_NET_ERROR, code);
  assert_sentence (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  assert_sentence (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  assert_sentence (g_quark_from_static_string ("somebody-elses"), 1);
}

static void
test_no_network_is_no_loss (void)
{
  g_autoptr (GError) error = NULL;

  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, "name not known");
  g_assert_nonnull (strstr (alm_error_text (error), "Everything is saved here."));
}

static void
test_a_wrong_password_is_said (void)
{
  g_autoptr (GError) error = NULL;

  error = g_error_new_literal (ALM_NET_ERROR, ALM_NET_ERROR_LOGIN, "wrong name or password");
  g_assert_nonnull (strstr (alm_error_text (error), "password is wrong"));
}

static void
test_a_folder_that_cannot_be_written_is_not_promised_to_be_read (void)
{
  g_autoptr (GError) error = NULL;

  error = g_error_new_literal (ALM_STORE_ERROR, ALM_STORE_ERROR_READ_ONLY, "cannot be written");
  g_assert_nonnull (strstr (alm_error_text (error), "cannot be opened"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/app/error-text/what-became-of-the-work",
                   test_each_sentence_says_what_became_of_the_work);
  g_test_add_func ("/app/error-text/no-network", test_no_network_is_no_loss);

  g_test_add_func ("/app/error-text/password", test_a_wrong_password_is_said);
  g_test_add_func ("/app/error-text/unwritable",
                   test_a_folder_that_cannot_be_written_is_not_promised_to_be_read);

  return g_test_run ();
}
