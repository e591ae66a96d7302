/* SPDX-License-Identifier: EUPL-1.2 */

/* A command that was read is written as it was read; one that was refused has
 * a code and a reason. */

#include "config.h"

#include "alm-command.h"
#include "alm-json.h"
#include "fuzz-target.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (AlmValue) value = size > 0 ? alm_json_parse ((const char *) data, (gssize) size, NULL,
                                                          NULL) : NULL;
  g_autoptr (AlmCommand) command = NULL;
  g_autoptr (AlmCommand) back = NULL;
  g_autoptr (AlmValue) written = NULL;
  g_autoptr (AlmValue) again = NULL;
  g_autofree char *reason = NULL;
  const char *code = NULL;

  if (value == NULL)
    return 0;

  command = alm_command_from_value (value, &code, &reason);
  if (command == NULL)
    {
      g_assert (code != NULL && reason != NULL && g_utf8_validate (reason, -1, NULL));
      return 0;
    }

  written = alm_command_to_value (command);
  back = alm_command_from_value (written, NULL, NULL);
  g_assert (back != NULL);
  again = alm_command_to_value (back);
  g_assert (alm_value_equal (written, again));
  /* Nothing is lost but what says nothing: base 0, confirm false. */
  for (guint i = 0; i < alm_value_get_size (value); i++)
    {
      const char *key = alm_value_get_key (value, i);

      g_assert (strcmp (key, "base") == 0 || strcmp (key, "confirm") == 0
                || alm_value_equal (alm_value_get (written, key), alm_value_get_item (value, i)));
    }

  return 0;
}
