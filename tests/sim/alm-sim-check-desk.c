/* SPDX-License-Identifier: EUPL-1.2 */

/* What must be true of each desk when everything has come to rest:
 *
 *   1. it shows what the server has and its user may see, conflicts too, and
 *      nothing else; the digests are equal;
 *   2. desks whose users have equal rights export the same;
 *   3. what was refused is still told, with all it says, until somebody puts it
 *      aside;
 *   4. derived rows are those of the records (alm-sim-derived.c). */

#include "config.h"

#include "alm-json.h"
#include "alm-sim-private.h"

#include <string.h>

typedef struct
{
  const AlmSimHubState *hub;
  guint                 desk;
  guint                 classes;
  guint                 count;
} Comparison;

/* A conflict is seen by whom its field is. */
static gboolean
is_visible (const AlmHubRecord *record,
            guint               classes)
{
  guint class_ = strcmp (record->kind, "conflict") == 0
                 ? alm_sim_class_of (alm_value_get_text_of (record->fields, "field")) : 0;

  return class_ == 0 || (class_ & classes) != 0;
}

static char *
print_visible (const AlmHubRecord *record,
               guint               classes)
{
  g_autoptr (AlmValue) seen = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (record->fields); i++)
    {
      const char *field = alm_value_get_key (record->fields, i);
      guint class_ = strcmp (record->kind, ALM_SIM_KIND) == 0 ? alm_sim_class_of (field) : 0;

      if (class_ == 0 || (class_ & classes) != 0)
        alm_value_set (seen, field, alm_value_ref (alm_value_get_item (record->fields, i)));
    }

  return alm_value_to_text (seen);
}

static void
check_hidden (Comparison   *self,
              const AlmRow *row,
              const char   *id)
{
  for (guint i = 0; i < alm_value_get_size (row->fields); i++)
    {
      const char *field = alm_value_get_key (row->fields, i);
      guint class_ = alm_sim_class_of (field);

      if (class_ != 0 && (class_ & self->classes) == 0)
        alm_sim_world_violate (self->hub->world, "desk %u: %s still has field %s", self->desk, id,
                               field);
    }
}

static gboolean
compare_cb (const AlmRow  *row,
            gpointer       user_data,
            GError       **error)
{
  Comparison *self = user_data;
  AlmSimWorld *world = self->hub->world;
  const AlmHubRecord *record = g_hash_table_lookup (self->hub->records, &row->id);
  char id[ALM_ID_TEXT_SIZE];
  g_autofree char *ours = alm_value_to_text (row->fields);
  g_autofree char *theirs = record != NULL ? print_visible (record, self->classes) : NULL;

  self->count++;
  alm_id_print (&row->id, id);
  check_hidden (self, row, id);
  if (record == NULL)
    alm_sim_world_violate (world, "desk %u has %s, the server has not", self->desk, id);
  else if (!is_visible (record, self->classes))
    alm_sim_world_violate (world, "desk %u has %s, which is not for its user", self->desk, id);
  else if (record->ver != row->ver || record->deleted != row->deleted || row->waiting)
    alm_sim_world_violate (world, "desk %u: %s is at %" G_GINT64_FORMAT "%s, the server's at %"
                           G_GINT64_FORMAT "%s", self->desk, id, row->ver,
                           row->deleted ? " deleted" : "", record->ver,
                           record->deleted ? " deleted" : "");
  else if (!row->deleted && strcmp (ours, theirs) != 0)
    alm_sim_world_violate (world, "desk %u: %s is\n%s, the server's\n%s", self->desk, id, ours,
                           theirs);

  return TRUE;
}

static guint
count_visible (const AlmSimHubState *hub,
               guint                 classes)
{
  GHashTableIter iter;
  gpointer record;
  guint n = 0;

  g_hash_table_iter_init (&iter, hub->records);
  while (g_hash_table_iter_next (&iter, NULL, &record))
    n += is_visible (record, classes);

  return n;
}

static void
check_rows (AlmSimWorld          *self,
            const AlmSimHubState *hub,
            guint                 number)
{
  static const char *const scopes[] = { ALM_SIM_SCOPE, ALM_SIM_STRANGE_SCOPE, NULL };
  Comparison comparison = { hub, number, alm_sim_classes (self, number), 0 };
  guint wanted = alm_sim_may_read (self, number) ? count_visible (hub, comparison.classes) : 0;
  g_autoptr (GError) error = NULL;

  if (!alm_desk_each (self->desks[number].desk, scopes, NULL, TRUE, compare_cb, &comparison,
                      &error))
    alm_sim_world_violate (self, "desk %u cannot be read: %s", number, error->message);
  else if (comparison.count != wanted)
    alm_sim_world_violate (self, "desk %u has %u records, not %u", number, comparison.count,
                           wanted);
}

static void
check_digest (AlmSimWorld *self,
              guint        number)
{
  g_autoptr (GPtrArray) told = alm_desk_sync_list_scopes (self->desks[number].desk, NULL);

  for (guint i = 0; told != NULL && i < told->len; i++)
    {
      const AlmDeskScope *scope = told->pdata[i];

      if (strcmp (scope->scope, ALM_SIM_SCOPE) == 0 && scope->cursor > 0
          && strcmp (scope->digest, "equal") != 0)
        alm_sim_world_violate (self, "desk %u: the digest of the scope is %s", number,
                               scope->digest);
    }
}

static gboolean
add_line_cb (const char  *line,
             gsize        length,
             gpointer     user_data,
             GError     **error)
{
  g_string_append_len (user_data, line, (gssize) length);

  return TRUE;
}

static void
check_exports (AlmSimWorld *self)
{
  static const char *const scopes[] = { ALM_SIM_SCOPE, NULL };
  g_autoptr (GHashTable) exports = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  for (guint i = 0; i < self->n_desks; i++)
    {
      gpointer classes = GUINT_TO_POINTER (alm_sim_classes (self, i));
      const char *first = g_hash_table_lookup (exports, classes);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      if (!alm_desk_export (self->desks[i].desk, scopes, NULL, 0, add_line_cb, text, &error))
        alm_sim_world_violate (self, "desk %u cannot be exported: %s", i, error->message);
      if (first == NULL)
        g_hash_table_insert (exports, classes, g_strdup (text->str));
      else if (strcmp (first, text->str) != 0)
        alm_sim_world_violate (self, "desk %u exports\n%s, another with the same rights\n%s", i,
                               text->str, first);
    }
}

static void
check_told (AlmSimWorld            *self,
            const AlmSimEntry      *entry,
            const AlmStoredCommand *stored,
            guint                   aside)
{
  g_autofree char *said = alm_sim_command_text (entry->command);
  g_autofree char *kept = stored != NULL ? alm_sim_command_text (stored->command) : NULL;

  if (stored == NULL && aside == 0)
    alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT ": was refused, and nobody is told",
                           entry->desk, entry->command->n);
  if (stored == NULL)
    return;

  if (aside == 1)
    alm_sim_world_violate (self, "desk %u n %" G_GINT64_FORMAT ": was put aside and is back",
                           entry->desk, entry->command->n);
  if (strcmp (said, kept) != 0 && strstr (said, ALM_SIM_TOO_LARGE) == NULL)
    alm_sim_world_violate (self, "desk %u: refused was\n%s, kept is\n%s", entry->desk, said, kept);
  if (g_strcmp0 (stored->outcome, entry->outcome) != 0)
    alm_sim_world_violate (self, "desk %u: refused with\n%s, told is\n%s", entry->desk,
                           entry->outcome, stored->outcome);
}

static void
check_refused (AlmSimWorld *self,
               guint        number)
{
  g_autoptr (GPtrArray) list = alm_desk_list_commands (self->desks[number].desk,
                                                       ALM_COMMANDS_REFUSED, NULL, NULL);
  g_autoptr (GHashTable) by_n = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; list != NULL && i < list->len; i++)
    g_hash_table_insert (by_n, &((AlmStoredCommand *) list->pdata[i])->command->n,
                         list->pdata[i]);

  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *entry = self->ledger->pdata[i];
      const AlmStoredCommand *stored = g_hash_table_lookup (by_n, &entry->command->n);
      g_autofree char *key = alm_sim_key (number, entry->command->n);

      if (entry->desk != number)
        continue;
      if (g_strcmp0 (entry->result, "refused") == 0)
        check_told (self, entry, stored,
                    GPOINTER_TO_UINT (g_hash_table_lookup (self->put_aside, key)));
      else if (stored != NULL)
        alm_sim_world_violate (self, "desk %s: was taken, and its user is told it was not", key);
    }
}

void
alm_sim_check_desks (AlmSimWorld          *self,
                     const AlmSimHubState *hub)
{
  for (guint i = 0; i < self->n_desks; i++)
    {
      check_rows (self, hub, i);
      check_digest (self, i);
      check_refused (self, i);
      if (alm_sim_has_x (self->desks[i].desk) != self->has_x)
        alm_sim_world_violate (self, "desk %u does not know the model as it is", i);
      alm_sim_check_derived (self, i);
    }
  check_exports (self);
}
