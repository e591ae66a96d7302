/* SPDX-License-Identifier: EUPL-1.2 */

/* A record's history in lines.  Pure; any thread. */

#include "config.h"

#include "alm-wire-history.h"

#include "alm-wire-private.h"
#include "alm-wire.h"

static AlmValue *
take_fields (const AlmValue *line,
             const char     *name)
{
  AlmValue *fields = alm_value_get (line, name);

  return alm_value_is (fields, ALM_VALUE_OBJECT) ? alm_value_ref (fields) : NULL;
}

/* FALSE without an error: an operation of a newer server. */
static gboolean
read_entry (AlmHistoryEntry  *change,
            const AlmId      *id,
            const AlmValue   *line,
            GError          **error)
{
  AlmCommand *command = change->command = g_new0 (AlmCommand, 1);
  g_autofree char *desk = NULL;
  g_autofree char *op = NULL;

  if (!alm_wire_take_count (line, "seq", 1, &change->seq, error)
      || !alm_wire_take_count (line, "n", 0, &command->n, error)
      || !alm_wire_take_text (line, "desk", &desk, error)
      || !alm_wire_take_text (line, "op", &op, error))
    return FALSE;
  if (!alm_id_parse (&change->desk, desk))
    return alm_wire_refuse (error, "\"desk\" is no id");

  command->id = *id;
  change->user = g_strdup (alm_value_get_text_of (line, "user"));
  if (change->user == NULL)
    change->user = g_strdup ("");
  command->at = g_strdup (alm_value_get_text_of (line, "at"));
  command->set = take_fields (line, "set");
  command->old = take_fields (line, "old");

  return alm_op_from_text (op, &command->op);
}

GPtrArray *
alm_wire_history_parse (const AlmId  *id,
                        const char   *text,
                        gsize         length,
                        GError      **error)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_history_entry_free);
  AlmWireLines lines;
  const char *line;
  gsize line_length;

  alm_wire_lines_start (&lines, text, length);
  while (alm_wire_lines_next (&lines, &line, &line_length))
    {
      g_autoptr (AlmHistoryEntry) change = g_new0 (AlmHistoryEntry, 1);
      g_autoptr (GError) reason = NULL;
      g_autoptr (AlmValue) value = alm_wire_parse_object (line, line_length, &reason);

      if (value != NULL && read_entry (change, id, value, &reason))
        g_ptr_array_add (changes, g_steal_pointer (&change));
      if (reason != NULL)
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&reason), "line %u: ", lines.number);
          return NULL;
        }
    }

  return g_steal_pointer (&changes);
}
