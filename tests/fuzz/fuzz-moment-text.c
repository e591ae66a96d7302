/* SPDX-License-Identifier: EUPL-1.2 */

/* Moments as people write them: read or refused with a sentence; what was read is
 * shown, and read again shows the same. */

#include "config.h"

#include "alm-moment-text.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *reason = NULL;
  g_autofree char *moment = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *again = NULL;
  g_autofree char *shown_again = NULL;
  g_autofree char *unread = NULL;

  /* A place with summer time. */
  g_setenv ("TZ", "Europe/Berlin", TRUE);

  unread = alm_moment_text_show (text);
  g_assert_nonnull (unread);
  moment = alm_moment_text_read (text, &reason);
  g_assert_true ((moment == NULL) == (reason != NULL));
  if (moment == NULL)
    return 0;
  g_assert_true (g_utf8_validate (moment, -1, NULL));

  /* Without its seconds it could be of the year before the first. */
  if (g_str_has_prefix (moment, "0001-01-01"))
    return 0;
  shown = alm_moment_text_show (moment);
  again = alm_moment_text_read (shown, &reason);
  g_assert_cmpstr (reason, ==, NULL);
  shown_again = alm_moment_text_show (again);
  g_assert_cmpstr (shown_again, ==, shown);

  return 0;
}
