/* SPDX-License-Identifier: EUPL-1.2 */

/* What the reader takes has one canonical text, which reads back as an equal
 * value; what it refuses has a reason. */

#include "config.h"

#include "alm-json.h"
#include "fuzz-target.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_auto (AlmJsonFlaw) flaw = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) value = alm_json_parse (size > 0 ? (const char *) data : "",
                                               (gssize) size, &flaw, &error);
  g_autoptr (AlmValue) back = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  if (value == NULL)
    {
      g_assert (error != NULL && g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert (flaw.code == 0 || (flaw.path != NULL && flaw.reason != NULL));

  text = alm_value_to_text (value);
  back = alm_json_parse (text, -1, NULL, NULL);
  g_assert (back != NULL && alm_value_equal (value, back));
  again = alm_value_to_text (back);
  g_assert (strcmp (text, again) == 0);

  return 0;
}
