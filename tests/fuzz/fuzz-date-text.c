/* SPDX-License-Identifier: EUPL-1.2 */

/* Dates as people write them: what is read is a date; shown and read again it is
 * the same date. */

#include "config.h"

#include "alm-date-text.h"
#include "alm-days.h"
#include "alm-edtf.h"
#include "fuzz-target.h"

static void
try_day (const char *text)
{
  g_autofree char *day = alm_date_text_read_day (text);
  g_autofree char *shown = NULL;
  g_autofree char *again = NULL;
  gint64 days;

  if (day == NULL)
    return;
  g_assert_true (alm_days_parse (day, &days));
  shown = alm_date_text_show_day (day);
  again = alm_date_text_read_day (shown);
  g_assert_cmpstr (again, ==, day);
}

static void
try_edtf (const char *text)
{
  g_autofree char *edtf = alm_date_text_read_edtf (text);
  g_autofree char *shown = NULL;
  g_autofree char *span = NULL;
  g_autofree char *again = NULL;
  AlmEdtf parsed;

  if (edtf == NULL)
    return;
  g_assert_true (alm_edtf_parse (edtf, &parsed, NULL));
  shown = alm_date_text_show_edtf (edtf);
  g_assert_true (g_utf8_validate (shown, -1, NULL));
  again = alm_date_text_read_edtf (shown);
  g_assert_cmpstr (again, ==, edtf);
  span = alm_date_text_show_span (edtf);
  g_assert_true (span == NULL || g_utf8_validate (span, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *unread = NULL;

  try_day (text);
  try_edtf (text);
  /* What a record holds need not be a date. */
  unread = alm_date_text_show_edtf (text);
  g_assert_nonnull (unread);

  return 0;
}
