/* SPDX-License-Identifier: EUPL-1.2 */

/* A date that was taken has bounds in order and a level; one that was refused
 * has a place. */

#include "config.h"

#include "alm-days.h"
#include "alm-edtf.h"
#include "fuzz-target.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = size > 0 ? g_strndup ((const char *) data, size) : g_strdup ("");
  g_autofree char *reason = NULL;
  gint64 first = 0;
  gint64 last = 0;
  gint64 year;
  int month, day;
  AlmEdtf edtf;

  if (!alm_edtf_parse (text, &edtf, &reason))
    {
      g_assert (reason != NULL && strstr (reason, " at character ") != NULL);
      g_assert (!alm_edtf_bounds (text, &first, &last));
      return 0;
    }

  g_assert (reason == NULL);
  g_assert (edtf.level >= 0 && edtf.level <= 2);
  g_assert (edtf.first <= edtf.last);
  g_assert (alm_edtf_bounds (text, &first, &last) && first == edtf.first && last == edtf.last);
  g_assert (edtf.flags == 0 || edtf.level > 0);
  if (first != ALM_EDTF_OPEN_START)
    {
      alm_days_to_date (first, &year, &month, &day);
      g_assert (alm_days_from_date (year, month, day) == first);
    }

  return 0;
}
