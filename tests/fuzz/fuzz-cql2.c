/* SPDX-License-Identifier: EUPL-1.2 */

/* A filter that was taken has one canonical text, which reads back the same
 * and matches the same records; one that was refused has a place. */

#include "config.h"

#include "alm-filter.h"
#include "fuzz-target.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = size > 0 ? g_strndup ((const char *) data, size) : g_strdup ("");
  g_autofree char *reason = NULL;
  g_autoptr (AlmFilter) filter = alm_filter_parse (text, ALM_FILTER_NONE, &reason);
  g_autoptr (AlmFilter) back = NULL;
  g_autoptr (AlmValue) fields = alm_value_new_object ();
  g_autofree char *written = NULL;
  g_autofree char *again = NULL;

  if (filter == NULL)
    {
      g_assert (reason != NULL && strstr (reason, " at ") != NULL);
      return 0;
    }

  written = alm_filter_to_text (filter);
  back = alm_filter_parse (written, ALM_FILTER_NONE, NULL);
  /* Brackets that were not needed may have kept it just below the limit of length. */
  if (back == NULL)
    {
      g_assert (strlen (written) > 60000);
      return 0;
    }
  again = alm_filter_to_text (back);
  g_assert (strcmp (written, again) == 0);

  alm_value_set_text (fields, "a", "Winterlinde, Straße");
  alm_value_set_text (fields, "b", "1548~");
  alm_value_set_integer (fields, "c", 3);
  g_assert (alm_filter_match (filter, fields) == alm_filter_match (back, fields));

  return 0;
}
