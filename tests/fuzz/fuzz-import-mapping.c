/* SPDX-License-Identifier: EUPL-1.2 */

/* Import mappings of any JSON: no crash; a refusal names its member; what is taken
 * comes back the same from its copy, its text and its record. */

#include "config.h"

#include "alm-import-mapping.h"
#include "alm-json.h"
#include "fuzz-target.h"

#include <string.h>

static char *
print (const AlmImportMapping *mapping)
{
  g_autoptr (AlmValue) value = alm_import_mapping_to_value (mapping);

  return alm_value_to_text (value);
}

static void
assert_same (const AlmValue *value,
             const char     *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmImportMapping) mapping = alm_import_mapping_from_value (value, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = print (mapping);
  g_assert_cmpstr (text, ==, wanted);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (AlmValue) value = NULL;
  g_autoptr (AlmImportMapping) mapping = NULL;
  g_autoptr (AlmImportMapping) copy = NULL;
  g_autoptr (AlmImportMapping) meaning = NULL;
  g_autoptr (AlmValue) written = NULL;
  g_autoptr (AlmValue) record = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *copied = NULL;

  if (size > 0)
    value = alm_json_parse ((const char *) data, (gssize) size, NULL, NULL);
  if (value == NULL)
    return 0;

  mapping = alm_import_mapping_from_value (value, &error);
  if (mapping == NULL)
    {
      g_assert_nonnull (strstr (error->message, "mapping: /"));
      return 0;
    }

  text = print (mapping);
  written = alm_import_mapping_to_value (mapping);
  assert_same (written, text);
  record = alm_import_mapping_to_record (mapping);
  assert_same (record, text);
  copy = alm_import_mapping_copy (mapping);
  g_assert_nonnull (copy);
  copied = print (copy);
  g_assert_cmpstr (copied, ==, text);
  meaning = alm_import_mapping_new ();
  alm_import_mapping_take_meaning (meaning, mapping);
  g_assert_cmpuint (meaning->columns->len, ==, mapping->columns->len);

  return 0;
}
