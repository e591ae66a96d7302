/* SPDX-License-Identifier: EUPL-1.2 */

/* A page of the feed and a pack are read whole or refused; a record that was read
 * is written as it was read. */

#include "config.h"

#include "alm-wire-feed.h"
#include "fuzz-target.h"

static void
try_line (const char *line,
          gsize       length)
{
  g_auto (AlmWireRecord) record = { 0 };
  g_auto (AlmWireRecord) again = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) twice = g_string_new (NULL);

  if (!alm_wire_record_parse (&record, line, length, NULL))
    return;

  alm_wire_record_print (&record, text);
  g_assert (alm_wire_record_parse (&again, text->str, text->len - 1, NULL));
  alm_wire_record_print (&again, twice);
  g_assert (g_string_equal (text, twice));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = size > 0 ? (const char *) data : "";
  g_autoptr (AlmWirePage) page = NULL;
  g_autoptr (AlmValue) digest = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (AlmWirePackHead) head = { 0 };
  AlmWireLines lines;
  const char *line;
  gsize length;
  gint64 number;

  page = alm_wire_page_parse (text, size, &error);
  g_assert ((page == NULL) == (error != NULL));

  alm_wire_lines_start (&lines, text, size);
  while (alm_wire_lines_next (&lines, &line, &length))
    try_line (line, length);
  alm_wire_pack_head_parse (&head, text, size, NULL);
  alm_wire_pack_end_parse (text, size, &number, &digest, NULL);

  return 0;
}
