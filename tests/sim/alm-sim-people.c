/* SPDX-License-Identifier: EUPL-1.2 */

/* What people do at the desks of a world.  One thread. */

#include "config.h"

#include "alm-desk-overlay-private.h"
#include "alm-desk-resolve.h"
#include "alm-sim-private.h"

#include <string.h>

static const char *const trees[] = { "Linde", "Ahorn", "Eiche" };

/* A text that nobody has written before. */
static void
set_new_text (AlmSimWorld *self,
              guint        number,
              AlmValue    *set,
              const char  *field,
              const char  *word)
{
  g_autofree char *text = g_strdup_printf ("%s d%u-%u", word, number, ++self->value_count);

  alm_value_set_text (set, field, text);
}

static void
set_list (AlmSimWorld    *self,
          guint           number,
          AlmValue       *set,
          const AlmValue *now)
{
  AlmValue *list = alm_value_new_list ();
  guint size = alm_value_is (now, ALM_VALUE_LIST) ? alm_value_get_size (now) : 0;
  guint without = size > 0 && alm_sim_below (self, 3) == 0 ? alm_sim_below (self, size)
                                                           : G_MAXUINT;
  g_autofree char *text = g_strdup_printf ("e%u-%u", number, ++self->value_count);

  for (guint i = 0; i < size; i++)
    if (i != without)
      alm_value_append (list, alm_value_ref (alm_value_get_item (now, i)));
  alm_value_append (list, alm_value_new_text (text));
  alm_value_set (set, "s", list);
}

static void
set_place (AlmSimWorld *self,
           AlmValue    *set)
{
  AlmValue *point = alm_value_new_object ();
  AlmValue *at = alm_value_new_list ();
  g_autofree char *year = g_strdup_printf ("19%02u", alm_sim_below (self, 100));

  alm_value_append (at, alm_value_new_double (11.5 + ++self->value_count * 0.0001));
  alm_value_append (at, alm_value_new_double (50.9));
  alm_value_set_text (point, "type", "Point");
  alm_value_set (point, "coordinates", at);
  alm_value_set (set, "g", point);
  alm_value_set_text (set, "from", year);
}

/* Who may see a field writes into it; others only by mistake. */
static gboolean
wants_class (AlmSimWorld *self,
             guint        number,
             AlmClass     class_)
{
  return alm_sim_below (self, (alm_sim_classes (self, number) & class_) != 0 ? 3 : 50) == 0;
}

/* What a script wants besides. */
static void
set_chosen (AlmSimWorld *self,
            guint        number,
            AlmValue    *set)
{
  if ((self->fields & 16) != 0)
    set_place (self, set);
  if ((self->fields & 32) != 0)
    set_new_text (self, number, set, "c", ALM_SIM_SECRET);
  if ((self->fields & 64) != 0)
    set_new_text (self, number, set, "p", ALM_SIM_PRIVATE);
  if ((self->fields & 128) != 0)
    set_new_text (self, number, set, "x", "neu");
}

/* As far as the desk knows. */
gboolean
alm_sim_has_x (AlmDesk *desk)
{
  const AlmModel *model = desk == NULL ? NULL : alm_desk_get_model (desk, ALM_SIM_KIND);

  return model != NULL && alm_model_find_field (model, "x") != NULL;
}

static AlmValue *
make_set (AlmSimWorld  *self,
          guint         number,
          const AlmRow *row)
{
  AlmValue *set = alm_value_new_object ();
  guint which = self->fields != 0 ? self->fields : 1 + alm_sim_below (self, 15);

  if ((which & 1) != 0)
    set_new_text (self, number, set, "a", trees[alm_sim_below (self, G_N_ELEMENTS (trees))]);
  if ((which & 2) != 0)
    set_new_text (self, number, set, "b", "b");
  if ((which & 4) != 0)
    {
      double now = row != NULL ? alm_value_get_double (alm_value_get (row->fields, "n")) : 0;

      alm_value_set (set, "n", alm_value_new_double ((now == now ? now : 0) + 1
                                                     + alm_sim_below (self, 9)));
    }
  if ((which & 8) != 0)
    set_list (self, number, set, row != NULL ? alm_value_get (row->fields, "s") : NULL);
  if (self->fields != 0)
    {
      set_chosen (self, number, set);
      return set;
    }
  if (alm_sim_below (self, 4) == 0)
    set_place (self, set);
  if (alm_sim_has_x (self->desks[number].desk) && alm_sim_below (self, 2) == 0)
    set_new_text (self, number, set, "x", "neu");
  if (wants_class (self, number, ALM_CLASS_CONFIDENTIAL))
    set_new_text (self, number, set, "c", ALM_SIM_SECRET);
  if (wants_class (self, number, ALM_CLASS_PERSONAL))
    set_new_text (self, number, set, "p", ALM_SIM_PRIVATE);

  return set;
}

static void
promise (AlmSimWorld         *self,
         guint                number,
         const AlmEdit       *edit,
         const AlmEditResult *result)
{
  char *key = alm_sim_key (number, result->n);
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&result->id, id);
  self->desks[number].last_n = MAX (self->desks[number].last_n, result->n);
  g_hash_table_replace (self->promised, key, g_strdup_printf ("%s %s", alm_op_to_text (edit->op),
                                                              id));
}

static void
after_edit (AlmSimWorld         *self,
            guint                number,
            const AlmEdit       *edit,
            const AlmEditResult *result,
            gboolean             done,
            const GError        *error)
{
  alm_sim_disarm (self->desks[number].disk);
  if (done && !result->same)
    {
      alm_sim_say (self, "desk %u: %s n=%" G_GINT64_FORMAT, number, alm_op_to_text (edit->op),
                   result->n);
      self->counters.edits++;
      promise (self, number, edit, result);
    }
  if (!done)
    {
      alm_sim_say (self, "desk %u: edit fails: %s", number, error->message);
      self->counters.edits_failed++;
      alm_sim_check_local_refusal (self, number, error);
    }
  if (alm_sim_look_at_disk (self, number) && done)
    alm_sim_step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE });
}

static void
do_edit (AlmSimWorld *self,
         guint        number,
         guint        record,
         AlmOp        op)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (AlmRow) row = NULL;
  g_autoptr (AlmValue) set = NULL;
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { .op = op, .has_id = TRUE, .scope = ALM_SIM_SCOPE, .kind = ALM_SIM_KIND };
  AlmEditResult result = { 0 };
  gboolean done;

  alm_sim_world_id (&edit.id, record);
  row = alm_desk_get (node->desk, &edit.id, NULL);
  if (row == NULL)
    edit.op = ALM_OP_NEW;
  if (edit.op == ALM_OP_NEW || edit.op == ALM_OP_UPD)
    edit.set = set = make_set (self, number, edit.op == ALM_OP_NEW ? NULL : row);
  alm_sim_arm (self, node->disk);
  done = alm_desk_edit (node->desk, &edit, 1, &result, NULL, &error);
  after_edit (self, number, &edit, &result, done, error);
}

static gboolean
find_open_cb (const AlmRow *row,
              gpointer      user_data,
              GError      **error)
{
  if (g_strcmp0 (alm_value_get_text_of (row->fields, "state"), "open") == 0)
    g_array_append_val ((GArray *) user_data, row->id);

  return TRUE;
}

static void
do_resolve (AlmSimWorld *self,
            guint        number,
            AlmTake      take)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { .op = ALM_OP_RESOLVE };
  AlmEditResult result = { 0 };
  gboolean done;

  alm_desk_each (node->desk, NULL, "conflict", FALSE, find_open_cb, open, NULL);
  if (open->len == 0)
    return;

  alm_sim_arm (self, node->disk);
  done = alm_desk_resolve (node->desk,
                           &g_array_index (open, AlmId, alm_sim_below (self, open->len)),
                           take, NULL, NULL, &result, &error);
  if (done)
    self->counters.resolved++;
  after_edit (self, number, &edit, &result, done, error);
}

static void
do_undo (AlmSimWorld *self,
         guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  guint undone = 0;
  gboolean done;

  alm_sim_arm (self, node->disk);
  done = alm_desk_undo (node->desk, 0, NULL, &undone, left, &error);
  alm_sim_disarm (node->disk);
  if (done && undone > 0)
    self->counters.undone++;
  if (alm_sim_look_at_disk (self, number) && done)
    alm_sim_step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE });
}

/* A list of three: two records that may be there, and one that is not. */
static gboolean
import_rows (AlmSimWorld *self,
             guint        number,
             GError     **error)
{
  AlmDeskImport *import = alm_desk_import_begin (self->desks[number].desk, error);
  const guint records[] = { 0, 1, 100 + ++self->value_count };

  if (import == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autoptr (AlmValue) fields = alm_value_new_object ();
      AlmImportOutcome outcome;
      AlmId id;

      set_new_text (self, number, fields, "b", "Liste");
      alm_sim_world_id (&id, records[i]);
      if (!alm_desk_import_add (import, &id, ALM_SIM_SCOPE, ALM_SIM_KIND, fields, &outcome, error))
        {
          alm_desk_import_abort (import);
          return FALSE;
        }
    }

  return alm_desk_import_commit (import, NULL, NULL, error);
}

static void
do_import (AlmSimWorld *self,
           guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GError) error = NULL;
  gboolean done;

  alm_sim_arm (self, node->disk);
  done = import_rows (self, number, &error);
  alm_sim_disarm (node->disk);
  self->counters.imports += done;
  if (!done)
    alm_sim_check_local_refusal (self, number, error);
  if (alm_sim_look_at_disk (self, number) && done)
    alm_sim_step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE });
}

/* What a program lets through that checks less than ours. */
static const struct {
  const char *field;
  const char *text;     /* NULL: a number */
  const char *code;
} mistakes[] = {
  { "from", ALM_SIM_NO_DATE, "bad-value" },
  { "z", NULL, "bad-value" },
  { "r", "von Hand", "forbidden" },
};

/* With its quotes it is over the limit of a field. */
#define TOO_LARGE (1024 * 1024)

static AlmCommand *
make_mistake (AlmSimWorld  *self,
              guint         number,
              const AlmRow *row,
              const char  **code)
{
  AlmCommand *command = alm_desk_make_command (self->desks[number].desk, ALM_OP_UPD, row);
  guint which = alm_sim_below (self, 30);
  AlmValue *now = alm_value_get (row->fields, "a");

  command->set = alm_value_new_object ();
  command->old = alm_value_new_object ();
  if (now != NULL)
    alm_value_set (command->old, "a", alm_value_ref (now));
  set_new_text (self, number, command->set, "a", "falsch");
  if (which == 0)
    {
      g_autofree char *text = g_strnfill (TOO_LARGE, 'x');

      alm_value_set_text (command->set, "b", text);
      *code = "too-large";
      return command;
    }

  which %= G_N_ELEMENTS (mistakes);
  *code = mistakes[which].code;
  alm_value_set (command->set, mistakes[which].field,
                 mistakes[which].text != NULL ? alm_value_new_text (mistakes[which].text)
                                              : alm_value_new_integer (1));

  return command;
}

/* A new record of a kind, or in a scope, that the server does not know. */
static AlmCommand *
make_strange (AlmSimWorld  *self,
              guint         number,
              const char  **code)
{
  gboolean kind = alm_sim_below (self, 2) == 0;
  AlmRow row = { .scope = (char *) (kind ? ALM_SIM_SCOPE : ALM_SIM_STRANGE_SCOPE),
                 .kind = (char *) (kind ? "fremd" : ALM_SIM_KIND) };
  AlmCommand *command;

  alm_sim_world_id (&row.id, 1000 + ++self->value_count);
  command = alm_desk_make_command (self->desks[number].desk, ALM_OP_NEW, &row);
  command->set = alm_value_new_object ();
  set_new_text (self, number, command->set, "a", "falsch");
  *code = kind ? "unknown-kind" : "unknown-scope";

  return command;
}

/* The command and its overlay, without any of the desk's own checks. */
static gboolean
write_mistake (AlmDesk       *desk,
               AlmCommand    *command,
               const AlmRow  *row,
               GError       **error)
{
  if (!alm_desk_begin (desk, error))
    return FALSE;

  if ((row->rid == 0 || alm_desk_keep_shadow (desk, row, error))
      && alm_desk_write_command (desk, command, row, error)
      && alm_desk_lay_again (desk, &command->id, error))
    return alm_desk_commit (desk, error);

  alm_desk_rollback (desk);

  return FALSE;
}

static void
do_mistake (AlmSimWorld *self,
            guint        number,
            guint        record)
{
  AlmDesk *desk = self->desks[number].desk;
  g_autoptr (AlmRow) row = NULL;
  g_autoptr (AlmCommand) command = NULL;
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { 0 };
  AlmEditResult result = { 0 };
  const char *code;
  gboolean done;

  alm_sim_world_id (&edit.id, record);
  row = alm_desk_get (desk, &edit.id, NULL);
  if (row == NULL || row->deleted || alm_sim_below (self, 4) == 0)
    {
      g_clear_pointer (&row, alm_row_free);
      command = make_strange (self, number, &code);
      row = g_new0 (AlmRow, 1);
      row->scope = g_strdup (command->scope);
      row->kind = g_strdup (command->kind);
    }
  else
    command = make_mistake (self, number, row, &code);

  alm_sim_arm (self, self->desks[number].disk);
  done = write_mistake (desk, command, row, &error);
  edit.op = command->op;
  result.id = command->id;
  result.n = command->n;
  /* After a failure the disk may have it, or not. */
  g_hash_table_replace (done ? self->mistakes : self->perhaps, alm_sim_key (number, command->n),
                        (char *) code);
  after_edit (self, number, &edit, &result, done, error);
}

static void
put_aside (AlmSimWorld *self,
           guint        number,
           gint64       n)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GError) error = NULL;
  gboolean done;

  alm_sim_arm (self, node->disk);
  done = alm_desk_dismiss (node->desk, n, &error);
  alm_sim_disarm (node->disk);
  if (done)
    self->counters.put_aside++;
  /* After a failure the disk may have it, or not. */
  g_hash_table_replace (self->put_aside, alm_sim_key (number, n),
                        GUINT_TO_POINTER (done ? 1 : 2));
  alm_sim_look_at_disk (self, number);
}

/* As the page of refused commands does it: put aside, or once more and then put aside. */
static void
do_refused (AlmSimWorld *self,
            guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GPtrArray) refused = alm_desk_list_commands (node->desk, ALM_COMMANDS_REFUSED, NULL,
                                                          NULL);
  g_autoptr (GError) error = NULL;
  const AlmCommand *command;
  AlmEdit edit = { .has_id = TRUE };
  AlmEditResult result = { 0 };
  guint life = node->life;
  gboolean done;

  if (refused == NULL || refused->len == 0)
    return;

  command = ((AlmStoredCommand *) refused->pdata[alm_sim_below (self, refused->len)])->command;
  if (alm_sim_below (self, 2) == 0)
    {
      put_aside (self, number, command->n);
      return;
    }

  edit.op = command->op;
  edit.id = command->id;
  edit.scope = command->scope;
  edit.kind = command->kind;
  edit.set = command->set;
  edit.conflict = command->conflict;
  alm_sim_arm (self, node->disk);
  done = alm_desk_edit (node->desk, &edit, 1, &result, NULL, &error);
  if (done)
    self->counters.tried_again++;
  after_edit (self, number, &edit, &result, done, error);
  if (done && node->desk != NULL && node->life == life)
    put_aside (self, number, command->n);
}

void
alm_sim_do (AlmSimWorld *self,
            guint        number,
            AlmSimDoing  doing,
            guint        argument)
{
  static const AlmOp ops[] = {
    [ALM_SIM_NEW] = ALM_OP_NEW, [ALM_SIM_UPD] = ALM_OP_UPD, [ALM_SIM_DEL] = ALM_OP_DEL,
    [ALM_SIM_UNDEL] = ALM_OP_UNDEL,
  };

  if (self->desks[number].desk == NULL)
    return;

  switch (doing)
    {
    case ALM_SIM_NEW:
    case ALM_SIM_UPD:
    case ALM_SIM_DEL:
    case ALM_SIM_UNDEL:
      do_edit (self, number, argument, ops[doing]);
      break;

    case ALM_SIM_RESOLVE:
      do_resolve (self, number, (AlmTake) argument);
      break;

    case ALM_SIM_UNDO:
      do_undo (self, number);
      break;

    case ALM_SIM_IMPORT:
      do_import (self, number);
      break;

    case ALM_SIM_MISTAKE:
      do_mistake (self, number, argument);
      break;

    case ALM_SIM_REFUSED:
      do_refused (self, number);
      break;

    default:
      g_assert_not_reached ();
    }
}

void
alm_sim_do_something (AlmSimWorld *self,
                      guint        number)
{
  static const AlmSimDoing often[] = {
    ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD,
    ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_UPD, ALM_SIM_DEL,
    ALM_SIM_DEL, ALM_SIM_UNDEL, ALM_SIM_NEW, ALM_SIM_NEW, ALM_SIM_RESOLVE, ALM_SIM_RESOLVE,
    ALM_SIM_UNDO, ALM_SIM_MISTAKE, ALM_SIM_REFUSED, ALM_SIM_REFUSED, ALM_SIM_IMPORT,
  };
  AlmSimDoing doing = often[alm_sim_below (self, G_N_ELEMENTS (often))];
  guint argument = alm_sim_below (self, ALM_SIM_RECORDS);

  if (doing == ALM_SIM_RESOLVE)
    argument %= 3;
  if (doing == ALM_SIM_NEW && alm_sim_below (self, 2) == 0)
    argument = 100 + ++self->value_count;
  alm_sim_do (self, number, doing, argument);
}
