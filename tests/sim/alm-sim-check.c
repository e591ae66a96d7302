/* SPDX-License-Identifier: EUPL-1.2 */

/* What must be true when everything has come to rest, told from the commands
 * as they went over the wire and from what the server answered:
 *
 *   1. each acknowledged value is current, or was replaced by one whose author
 *      had seen it, or stands in a conflict; counters and sets hold the sum;
 *   2. one effect per (desk, n), and a number never means two things;
 *   3. what a person was told is done is done;
 *   4. a record is deleted because somebody deleted it;
 *   5. what was refused has no effect.
 * What must be true of each desk: alm-sim-check-desk.c. */

#include "config.h"

#include "alm-json.h"
#include "alm-sim-private.h"

#include <string.h>

void
alm_sim_entry_free (AlmSimEntry *self)
{
  g_clear_pointer (&self->command, alm_command_free);
  g_free (self->outcome);
  g_free (self->result);
  g_free (self);
}

char *
alm_sim_command_text (const AlmCommand *command)
{
  g_autoptr (AlmValue) value = alm_command_to_value (command);

  return alm_value_to_text (value);
}

static void
check_promise (AlmSimWorld *self,
               const char  *key,
               AlmSimEntry *entry)
{
  const char *promised = g_hash_table_lookup (self->promised, key);
  char id[ALM_ID_TEXT_SIZE];
  g_autofree char *there = NULL;

  if (promised == NULL || entry->command->op == ALM_OP_RESOLVE)
    return;

  alm_id_print (&entry->command->id, id);
  there = g_strdup_printf ("%s %s", alm_op_to_text (entry->command->op), id);
  if (strcmp (there, promised) != 0)
    alm_sim_world_violate (self, "desk %s: promised was '%s', sent is '%s'", key, promised, there);
}

static void
note_command (AlmSimWorld *self,
              guint        desk,
              AlmCommand  *command)
{
  g_autofree char *key = alm_sim_key (desk, command->n);
  AlmSimEntry *entry = g_hash_table_lookup (self->ledger_by_n, key);

  if (entry != NULL && alm_sim_may_say_less (self, entry))
    {
      alm_sim_check_again (self, entry, command);
      return;
    }
  if (entry != NULL)
    {
      g_autofree char *first = alm_sim_command_text (entry->command);
      g_autofree char *second = alm_sim_command_text (command);

      entry->tries++;
      if (strcmp (first, second) != 0)
        alm_sim_world_violate (self, "desk %s means two things:\n%s\n%s", key, first, second);
      alm_command_free (command);
      return;
    }

  entry = g_new0 (AlmSimEntry, 1);
  entry->desk = desk;
  entry->command = command;
  entry->tries = 1;
  entry->old_model = self->has_x && !alm_sim_has_x (self->desks[desk].desk);
  g_ptr_array_add (self->ledger, entry);
  check_promise (self, key, entry);
  g_hash_table_insert (self->ledger_by_n, g_steal_pointer (&key), entry);
}

/* @name: "set" or "old" */
static void
shorten (AlmValue   *value,
         const char *name)
{
  const char *text = alm_value_get_text_of (alm_value_get (value, name), "b");
  g_autoptr (AlmValue) small = NULL;

  if (text == NULL || strlen (text) < 1024 * 1024)
    return;

  small = alm_value_copy (alm_value_get (value, name));
  alm_value_set_text (small, "b", ALM_SIM_TOO_LARGE);
  alm_value_set (value, name, alm_value_ref (small));
}

/* A command that is no command because of the text in `b`, the new one or the one
 * that was seen: without it. */
static AlmCommand *
read_large (AlmSimWorld    *self,
            guint           desk,
            const AlmValue *value)
{
  g_autoptr (AlmValue) small = alm_value_copy (value);
  gint64 n = alm_value_get_integer_of (value, "n", 0);
  g_autofree char *reason = NULL;
  const char *code;

  shorten (small, "set");
  shorten (small, "old");
  g_hash_table_replace (self->mistakes, alm_sim_key (desk, n), (char *) "too-large");

  return alm_command_from_value (small, &code, &reason);
}

void
alm_sim_note_push (AlmSimWorld *self,
                   guint        desk,
                   GBytes      *body)
{
  AlmWireLines lines;
  const char *line;
  gsize length;

  alm_wire_lines_start (&lines, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  while (alm_wire_lines_next (&lines, &line, &length))
    {
      g_autoptr (AlmValue) value = alm_json_parse (line, (gssize) length, NULL, NULL);
      AlmCommand *command;
      g_autofree char *reason = NULL;
      const char *code;

      if (lines.number == 1)
        continue;
      command = alm_command_from_value (value, &code, &reason);
      if (command == NULL && strcmp (code, "too-large") == 0)
        command = read_large (self, desk, value);
      if (command == NULL)
        alm_sim_world_violate (self, "desk %u sends no command: %s", desk, reason);
      else
        note_command (self, desk, command);
    }
}

static gboolean
is_accepted (const AlmSimEntry *entry)
{
  return entry->result != NULL && strcmp (entry->result, "refused") != 0;
}

void
alm_sim_note_answer (AlmSimWorld *self,
                     guint        desk,
                     const char  *text,
                     gsize        length)
{
  AlmWireLines lines;
  const char *line;
  gsize line_length;
  gboolean after_refused = FALSE;

  alm_wire_lines_start (&lines, text, length);
  while (alm_wire_lines_next (&lines, &line, &line_length))
    {
      g_autoptr (AlmValue) value = alm_json_parse (line, (gssize) line_length, NULL, NULL);
      g_autofree char *said = g_strndup (line, line_length);
      g_autofree char *key = alm_sim_key (desk, alm_value_get_integer_of (value, "n", 0));
      AlmSimEntry *entry = g_hash_table_lookup (self->ledger_by_n, key);

      if (alm_value_get (value, "r") == NULL)
        continue;
      if (entry == NULL)
        alm_sim_world_violate (self, "desk %s was never sent, but answered", key);
      else if (entry->outcome == NULL)
        {
          entry->outcome = g_steal_pointer (&said);
          entry->result = g_strdup (alm_value_get_text_of (value, "r"));
          entry->seq = alm_value_get_integer_of (value, "seq", 0);
          self->counters.new_fields += is_accepted (entry)
                                       && alm_value_get (entry->command->set, "x") != NULL;
          self->counters.old_edits += is_accepted (entry) && entry->old_model;
          alm_sim_check_refusal (self, entry, alm_value_get_text_of (value, "code"));
          self->counters.refused_between += after_refused && is_accepted (entry);
          after_refused = !is_accepted (entry);
        }
      else if (strcmp (entry->outcome, said) != 0)
        alm_sim_world_violate (self, "desk %s was answered twice:\n%s\n%s", key, entry->outcome,
                               said);
    }
}

char *
alm_sim_shown (AlmSimDesk *node,
               gboolean    with_counter)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ALM_SIM_RECORDS; i++)
    {
      g_autoptr (AlmRow) row = NULL;
      g_autoptr (AlmValue) fields = NULL;
      AlmId id;

      alm_sim_world_id (&id, i);
      row = alm_desk_get (node->desk, &id, NULL);
      if (row == NULL)
        {
          g_string_append_printf (text, "%u -\n", i);
          continue;
        }
      fields = alm_value_copy (row->fields);
      if (!with_counter)
        alm_value_set (fields, "n", NULL);
      g_string_append_printf (text, "%u %s ", i, row->deleted ? "x" : "");
      alm_value_print (fields, text);
      g_string_append_c (text, '\n');
    }

  return g_string_free (text, FALSE);
}

static gboolean
take_hub_row_cb (const AlmHubRow *row,
                 gpointer         user_data,
                 GError         **error)
{
  AlmSimHubState *state = user_data;
  AlmHubRecord *record = g_new0 (AlmHubRecord, 1);
  g_autoptr (AlmValue) personal = NULL;

  record->id = *row->id;
  record->ver = row->ver;
  record->deleted = row->deleted;
  record->kind = row->kind;
  record->fields = alm_json_parse (row->body, -1, NULL, error);
  if (row->personal != NULL)
    personal = alm_json_parse (row->personal, -1, NULL, NULL);
  for (guint i = 0; i < alm_value_get_size (personal); i++)
    alm_value_set (record->fields, alm_value_get_key (personal, i),
                   alm_value_ref (alm_value_get_item (personal, i)));
  g_hash_table_insert (state->records, &record->id, record);
  if (strcmp (row->kind, "conflict") == 0)
    g_ptr_array_add (state->conflicts, record);

  return record->fields != NULL;
}

static gboolean
read_hub (AlmSimWorld    *self,
          AlmSimHubState *state)
{
  AlmServerStore *store = self->hub_store;
  g_autoptr (GError) error = NULL;
  gboolean done;

  state->world = self;
  state->records = g_hash_table_new_full (alm_id_hash, alm_id_equal, NULL,
                                          (GDestroyNotify) alm_hub_record_free);
  state->conflicts = g_ptr_array_new ();
  done = store->api->begin (store, FALSE, &error)
         && store->api->feed (store, ALM_SIM_SCOPE, 0, -1, take_hub_row_cb, state, &error);
  store->api->rollback (store);
  if (!done)
    alm_sim_world_violate (self, "the server cannot be read: %s", error->message);

  return done;
}

void
alm_sim_hub_state_clear (AlmSimHubState *self)
{
  g_clear_pointer (&self->records, g_hash_table_unref);
  g_clear_pointer (&self->conflicts, g_ptr_array_unref);
}

/* Commands that were handed in have an answer; promised ones were handed in. */
static void
check_answers (AlmSimWorld *self)
{
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *entry = self->ledger->pdata[i];

      if (entry->outcome == NULL)
        alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT " has no answer", entry->desk,
                               entry->command->n);
    }

  g_hash_table_iter_init (&iter, self->promised);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_hash_table_lookup (self->ledger_by_n, key) == NULL)
      alm_sim_world_violate (self, "desk %s was promised (%s) and never sent", (char *) key,
                             (char *) value);
}

/* Has the author of another accepted command seen @value in @field? */
static gboolean
was_seen (AlmSimWorld       *self,
          const AlmSimEntry *entry,
          const char        *field,
          const AlmValue    *value)
{
  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *other = self->ledger->pdata[i];

      if (other != entry && is_accepted (other)
          && alm_id_equal (&other->command->id, &entry->command->id)
          && alm_value_get (other->command->set, field) != NULL
          && alm_value_equal (alm_value_get (other->command->old, field), value))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_proposed (const AlmSimHubState *hub,
             const AlmCommand     *command,
             const char           *field,
             const AlmValue       *value)
{
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&command->id, id);
  for (guint i = 0; i < hub->conflicts->len; i++)
    {
      const AlmHubRecord *conflict = hub->conflicts->pdata[i];

      if (g_strcmp0 (alm_value_get_text_of (conflict->fields, "record"), id) == 0
          && g_strcmp0 (alm_value_get_text_of (conflict->fields, "field"), field) == 0
          && alm_value_equal (alm_value_get (conflict->fields, "mine"), value))
        return TRUE;
    }

  return FALSE;
}

static void
check_register (AlmSimWorld          *self,
                const AlmSimHubState *hub,
                const AlmSimEntry    *entry,
                const char           *field)
{
  const AlmCommand *command = entry->command;
  const AlmValue *value = alm_value_get (command->set, field);
  const AlmHubRecord *record = g_hash_table_lookup (hub->records, &command->id);
  g_autofree char *text = NULL;

  if (value == NULL || alm_value_is (value, ALM_VALUE_NULL))
    return;
  if (record != NULL && alm_value_equal (alm_value_get (record->fields, field), value))
    return;
  if (was_seen (self, entry, field, value) || is_proposed (hub, command, field, value))
    return;

  text = alm_value_to_text (value);
  alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT ": the acknowledged %s = %s is gone",
                         entry->desk, command->n, field, text);
}

static double
number_or_0 (const AlmValue *fields,
             const char     *name)
{
  const AlmValue *value = alm_value_get (fields, name);

  return alm_value_is_number (value) ? alm_value_get_double (value) : 0;
}

static void
check_counter (AlmSimWorld          *self,
               const AlmSimHubState *hub,
               guint                 number)
{
  const AlmHubRecord *record;
  double sum = 0;
  double there;
  AlmId id;

  alm_sim_world_id (&id, number);
  record = g_hash_table_lookup (hub->records, &id);
  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *entry = self->ledger->pdata[i];
      const AlmCommand *command = entry->command;

      if (is_accepted (entry) && alm_id_equal (&command->id, &id)
          && alm_value_get (command->set, "n") != NULL)
        sum += number_or_0 (command->set, "n")
               - (command->op == ALM_OP_NEW ? 0 : number_or_0 (command->old, "n"));
    }

  there = record != NULL ? number_or_0 (record->fields, "n") : 0;
  if (sum != there)
    alm_sim_world_violate (self, "record %u: the counter is %g, its steps give %g", number, there,
                           sum);
}

static gboolean
list_has (const AlmValue *list,
          const AlmValue *element)
{
  for (guint i = 0; alm_value_is (list, ALM_VALUE_LIST) && i < alm_value_get_size (list); i++)
    if (alm_value_equal (alm_value_get_item (list, i), element))
      return TRUE;

  return FALSE;
}

/* Each element that somebody added and nobody who saw it took out. */
static void
check_element (AlmSimWorld          *self,
               const AlmSimHubState *hub,
               const AlmSimEntry    *entry,
               const AlmValue       *element)
{
  const AlmHubRecord *record = g_hash_table_lookup (hub->records, &entry->command->id);
  gboolean there = record != NULL && list_has (alm_value_get (record->fields, "s"), element);
  gboolean removed = FALSE;
  guint added = 0;

  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *other = self->ledger->pdata[i];
      const AlmValue *set = alm_value_get (other->command->set, "s");
      const AlmValue *old = alm_value_get (other->command->old, "s");

      if (!is_accepted (other) || set == NULL
          || !alm_id_equal (&other->command->id, &entry->command->id))
        continue;
      added += list_has (set, element) && !list_has (old, element);
      removed |= !list_has (set, element) && list_has (old, element);
    }

  if (!there && !removed)
    alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT ": element %s is gone", entry->desk,
                           entry->command->n, alm_value_get_text (element));
  if (there && removed && added == 1)
    alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT ": element %s came back",
                           entry->desk, entry->command->n, alm_value_get_text (element));
}

/* No value of a refused command is anywhere, unless it was tried again. */
static void
check_refused (AlmSimWorld          *self,
               const AlmSimHubState *hub,
               const AlmSimEntry    *entry)
{
  static const char *const fields[] = { "a", "b", "c", "p", "x" };
  const AlmHubRecord *record = g_hash_table_lookup (hub->records, &entry->command->id);

  for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
    {
      const AlmValue *value = alm_value_get (entry->command->set, fields[f]);
      gboolean again = FALSE;

      if (!alm_value_is (value, ALM_VALUE_TEXT))
        continue;
      for (guint i = 0; i < self->ledger->len; i++)
        {
          const AlmSimEntry *other = self->ledger->pdata[i];

          again |= is_accepted (other)
                   && alm_value_equal (alm_value_get (other->command->set, fields[f]), value);
        }
      if (!again && ((record != NULL
                      && alm_value_equal (alm_value_get (record->fields, fields[f]), value))
                     || is_proposed (hub, entry->command, fields[f], value)))
        alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT ": %s was refused and is there",
                               entry->desk, entry->command->n, alm_value_get_text (value));
    }
}

static void
check_set (AlmSimWorld          *self,
           const AlmSimHubState *hub,
           const AlmSimEntry    *entry)
{
  const AlmValue *set = alm_value_get (entry->command->set, "s");
  const AlmValue *old = alm_value_get (entry->command->old, "s");

  for (guint i = 0; alm_value_is (set, ALM_VALUE_LIST) && i < alm_value_get_size (set); i++)
    if (!list_has (old, alm_value_get_item (set, i)))
      check_element (self, hub, entry, alm_value_get_item (set, i));
}

static gboolean
is_deletion (const AlmSimEntry *entry)
{
  return entry->command->op == ALM_OP_DEL && strcmp (entry->result, "ok") == 0;
}

/* A decision without a value may leave the record as it is. */
static gboolean
says_life (const AlmSimEntry *entry)
{
  return entry->command->op != ALM_OP_DEL
         && (entry->command->op != ALM_OP_RESOLVE || alm_value_get_size (entry->command->set) > 0);
}

static gboolean
has_conflict (const AlmSimHubState *hub,
              const AlmId          *id)
{
  char text[ALM_ID_TEXT_SIZE];

  alm_id_print (id, text);
  for (guint i = 0; i < hub->conflicts->len; i++)
    if (g_strcmp0 (alm_value_get_text_of (((AlmHubRecord *) hub->conflicts->pdata[i])->fields,
                                          "record"), text) == 0)
      return TRUE;

  return FALSE;
}

/* Whoever deletes has seen what others did to the record.  Where it has, or had, a
 * conflict an answer tells the version of that, and nothing follows from it. */
static void
check_blind_deletion (AlmSimWorld          *self,
                      const AlmSimHubState *hub,
                      const AlmSimEntry    *deletion)
{
  if (has_conflict (hub, &deletion->command->id))
    return;

  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *entry = self->ledger->pdata[i];

      if (is_accepted (entry) && entry->desk != deletion->desk
          && alm_id_equal (&entry->command->id, &deletion->command->id)
          && (entry->command->op == ALM_OP_UPD || entry->command->op == ALM_OP_NEW)
          && entry->seq > deletion->command->base && entry->seq < deletion->seq
          && entry->is_first)
        alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT " deleted with %"
                               G_GINT64_FORMAT " after %" G_GINT64_FORMAT " what desk %u had"
                               " changed with %" G_GINT64_FORMAT, deletion->desk,
                               deletion->command->n, deletion->seq, deletion->command->base,
                               entry->desk, entry->seq);
    }
}

/* A record is deleted if the last word about it was its deletion. */
static void
check_deletion (AlmSimWorld          *self,
                const AlmSimHubState *hub,
                guint                 number)
{
  const AlmHubRecord *record;
  const AlmSimEntry *last = NULL;
  gboolean back = FALSE;
  AlmId id;

  alm_sim_world_id (&id, number);
  record = g_hash_table_lookup (hub->records, &id);
  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *entry = self->ledger->pdata[i];

      if (!is_accepted (entry) || !alm_id_equal (&entry->command->id, &id))
        continue;
      back |= entry->command->op != ALM_OP_DEL;
      if (is_deletion (entry) && entry->is_first)
        check_blind_deletion (self, hub, entry);
      if ((is_deletion (entry) || says_life (entry)) && entry->is_first
          && (last == NULL || entry->seq > last->seq))
        last = entry;
      /* It has no version of its own where the server did nothing. */
      if (entry->command->op == ALM_OP_UNDEL && last != NULL && entry->seq == last->seq)
        last = entry;
    }

  if (record != NULL && last != NULL && record->deleted != is_deletion (last))
    alm_sim_world_violate (self, "record %u is %s, and the last word of desk %u was another",
                           number, record->deleted ? "deleted" : "there", last->desk);
  if (record == NULL && back)
    alm_sim_world_violate (self, "record %u was acknowledged and is not there", number);
}

/* What somebody has decided is decided. */
static void
check_decision (AlmSimWorld          *self,
                const AlmSimHubState *hub,
                const AlmSimEntry    *entry)
{
  const AlmHubRecord *conflict = g_hash_table_lookup (hub->records, &entry->command->conflict);

  if (conflict != NULL
      && g_strcmp0 (alm_value_get_text_of (conflict->fields, "state"), "open") == 0)
    alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT ": the conflict is still open",
                           entry->desk, entry->command->n);
}

static void
check_entry (AlmSimWorld          *self,
             const AlmSimHubState *hub,
             const AlmSimEntry    *entry)
{
  static const char *const registers[] = { "a", "b", "c", "p", "g", "from", "x" };

  if (!is_accepted (entry))
    {
      check_refused (self, hub, entry);
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (registers); i++)
    check_register (self, hub, entry, registers[i]);
  check_set (self, hub, entry);
  if (entry->command->op == ALM_OP_RESOLVE)
    check_decision (self, hub, entry);
}

/* A command that changes nothing is answered with the version that is there. */
static void
note_firsts (AlmSimWorld *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < self->ledger->len; i++)
    {
      AlmSimEntry *entry = self->ledger->pdata[i];

      entry->is_first = entry->seq > 0 && g_hash_table_add (seen, &entry->seq);
    }
}

void
alm_sim_check_end (AlmSimWorld *self)
{
  g_auto (AlmSimHubState) hub = { 0 };

  note_firsts (self);
  check_answers (self);
  if (!read_hub (self, &hub))
    return;

  for (guint i = 0; i < self->ledger->len; i++)
    check_entry (self, &hub, self->ledger->pdata[i]);
  for (guint i = 0; i < ALM_SIM_RECORDS; i++)
    {
      check_counter (self, &hub, i);
      check_deletion (self, &hub, i);
    }
  alm_sim_check_desks (self, &hub);
}
