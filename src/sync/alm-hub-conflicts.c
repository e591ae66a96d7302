/* SPDX-License-Identifier: EUPL-1.2 */

/* Conflict records: a collision that people must see, at its field.
 *
 * The first acknowledged stays; the later one becomes an open proposal.  A
 * chain of edits that one desk made without knowing better is one proposal
 * with the first base.  They are the server's own commands, by user `system`. */

#include "config.h"

#include "alm-erasure.h"
#include "alm-hub-core-private.h"

#include "alm-plant.h"

#include <string.h>

static void
set_nullable (AlmValue       *fields,
              const char     *name,
              const AlmValue *value)
{
  if (!alm_value_is (value, ALM_VALUE_NULL))
    alm_value_set (fields, name, alm_value_ref ((AlmValue *) value));
  else
    alm_value_set (fields, name, NULL);
}

/* The number of the server's next own command. */
gboolean
alm_hub_next_server_n (AlmHubSession  *session,
                       gint64         *n,
                       GError        **error)
{
  AlmHubCore *core = session->core;

  if (session->server_n < 0)
    {
      g_autoptr (AlmHubDesk) desk = NULL;

      if (!core->store->api->get_desk (core->store, &core->server, &desk, error))
        return FALSE;
      session->server_n = desk != NULL ? desk->last_n : 0;
    }
  *n = ++session->server_n;
  session->server_n_changed = TRUE;

  return TRUE;
}

static gboolean
put_conflict (AlmHubSession       *session,
              const AlmHubRecord  *before,
              AlmHubRecord        *after,
              const AlmModel      *model,
              AlmValue            *set,
              AlmValue            *old,
              GError             **error)
{
  AlmHubCore *core = session->core;
  g_autofree char *at = alm_clock_format (session->actor->now_us);
  AlmHubEntry entry = {
    .desk = core->server,
    .user = ALM_HUB_USER,
    .at = at,
    .stored_us = session->actor->now_us,
    .op = before == NULL ? ALM_OP_NEW : ALM_OP_UPD,
    .set = set,
    .old = old,
  };

  if (!alm_hub_next_server_n (session, &entry.n, error))
    return FALSE;
  alm_hub_session_changed (session, after->scope);

  return core->store->api->put_record (core->store, before, after, NULL,
                                       alm_conflict_class (model, after->fields), &entry, error);
}

typedef struct
{
  const AlmModel *model;
  const char     *field;
  const AlmId    *desk;      /* of the command that collides: it is not theirs, */
  gint64          n;         /* even where another part of it was taken */
  char           *user;
  gint64          at_us;
} LastChange;

/* Does a command that set @set touch @field, a field's or a group's name? */
static gboolean
touches (const AlmModel *model,
         const AlmValue *set,
         const char     *field)
{
  for (guint i = 0; i < alm_value_get_size (set); i++)
    {
      const char *name = alm_value_get_key (set, i);
      const AlmField *known = model != NULL ? alm_model_find_field (model, name) : NULL;

      if (strcmp (name, field) == 0 || (known != NULL && g_strcmp0 (known->group, field) == 0))
        return TRUE;
    }

  return FALSE;
}

static gboolean
find_last_cb (const AlmHubEntry  *entry,
              gpointer            user_data,
              GError            **error)
{
  LastChange *last = user_data;

  if (entry->n == last->n && alm_id_equal (&entry->desk, last->desk))
    return TRUE;
  if (*last->field == '\0' || touches (last->model, entry->set, last->field))
    {
      g_free (last->user);
      last->user = g_strdup (entry->user);
      last->at_us = entry->stored_us;
    }

  return TRUE;
}

static gboolean
say_whose (AlmHubSession          *session,
           const AlmHubCollision  *collision,
           AlmValue               *fields,
           GError                **error)
{
  AlmHubCore *core = session->core;
  LastChange last = {
    .model = collision->model,
    .field = collision->field,
    .desk = &session->actor->desk,
    .n = collision->command->n,
  };
  gboolean ok = core->store->api->history (core->store, &collision->record->id, find_last_cb,
                                           &last, error);

  if (ok && last.user != NULL)
    {
      g_autofree char *at = alm_clock_format (last.at_us);

      alm_value_set_text (fields, "theirs_user", last.user);
      alm_value_set_text (fields, "theirs_at", at);
    }
  g_free (last.user);

  return ok;
}

/* An open proposal of the same desk for the same place whose value this
 * command's author saw; NULL in *found if there is none. */
static gboolean
find_proposal (AlmHubSession   *session,
               const AlmId     *record,
               const char      *field,
               const AlmValue  *part,
               const AlmValue  *seen,
               AlmHubRecord   **found,
               GError         **error)
{
  AlmHubCore *core = session->core;
  g_autoptr (GArray) ids = NULL;
  char desk[ALM_ID_TEXT_SIZE];

  *found = NULL;
  alm_id_print (&session->actor->desk, desk);
  if (!core->store->api->list_conflicts (core->store, record, &ids, error))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (AlmHubRecord) open = NULL;

      if (!core->store->api->get_record (core->store, &g_array_index (ids, AlmId, i), &open,
                                         error))
        return FALSE;
      if (open != NULL
          && g_strcmp0 (alm_value_get_text_of (open->fields, "mine_desk"), desk) == 0
          && g_strcmp0 (alm_value_get_text_of (open->fields, "field"), field) == 0
          && alm_value_equal (alm_value_get (open->fields, "part"), part)
          && (alm_value_equal (alm_value_get (open->fields, "mine"), seen)
              || ALM_PLANTED ("proposal-written-over")))
        {
          *found = g_steal_pointer (&open);
          return TRUE;
        }
    }

  return TRUE;
}

/* RFC 9562 version 5, in the record's own name space. */
static void
make_id (AlmId                 *id,
         AlmHubSession         *session,
         const AlmHubCollision *collision)
{
  g_autofree char *part = collision->part != NULL ? alm_value_to_text (collision->part)
                                                  : g_strdup ("");
  char desk[ALM_ID_TEXT_SIZE];
  g_autofree char *name = NULL;

  alm_id_print (&session->actor->desk, desk);
  name = g_strdup_printf ("%s/%" G_GINT64_FORMAT "/%s/%s", desk,
                          ALM_PLANTED ("proposals-alike") ? 0 : collision->command->n,
                          collision->field, part);
  alm_id_make_named (id, &collision->record->id, name);
}

static AlmValue *
describe (AlmHubSession         *session,
          const AlmHubCollision *collision)
{
  AlmValue *fields = alm_value_new_object ();
  char text[ALM_ID_TEXT_SIZE];

  alm_id_print (&collision->record->id, text);
  alm_value_set_text (fields, "record", text);
  alm_value_set_text (fields, "kind", collision->record->kind);
  alm_value_set_text (fields, "field", collision->field);
  set_nullable (fields, "part", collision->part);
  set_nullable (fields, "base", collision->base);
  set_nullable (fields, "theirs", collision->theirs);
  set_nullable (fields, "mine", collision->mine);
  alm_id_print (&session->actor->desk, text);
  alm_value_set_text (fields, "mine_desk", text);
  alm_value_set_text (fields, "mine_user", session->actor->user);
  alm_value_set_text (fields, "mine_at", collision->command->at);
  alm_value_set_integer (fields, "mine_n", collision->command->n);
  alm_value_set_text (fields, "why", collision->why);
  alm_value_set_text (fields, "state", "open");

  return fields;
}

/* The next link of a chain: the same proposal, with another value. */
static gboolean
update_proposal (AlmHubSession          *session,
                 const AlmHubCollision  *collision,
                 const AlmHubRecord     *open,
                 gint64                 *seq,
                 GError                **error)
{
  g_autoptr (AlmHubRecord) after = alm_hub_record_copy (open);
  g_autoptr (AlmValue) set = alm_value_new_object ();
  g_autoptr (AlmValue) old = alm_value_new_object ();
  static const char *const names[] = { "theirs", "mine", "mine_at", "mine_n" };
  g_autoptr (AlmValue) now = describe (session, collision);

  alm_value_unref (after->fields);
  after->fields = alm_value_copy (open->fields);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const AlmValue *next = alm_value_get (now, names[i]);
      const AlmValue *last = alm_value_get (open->fields, names[i]);

      if (alm_value_equal (next, last))
        continue;
      set_nullable (after->fields, names[i], next);
      alm_value_set (set, names[i], next != NULL ? alm_value_ref ((AlmValue *) next)
                                                 : alm_value_new_null ());
      set_nullable (old, names[i], last);
    }

  if (!put_conflict (session, open, after, collision->model, set, old, error))
    return FALSE;
  *seq = after->ver;

  return TRUE;
}

/* Makes the conflict, or carries an open one on.  *id and *seq are its. */
gboolean
alm_hub_conflict_raise (AlmHubSession          *session,
                        const AlmHubCollision  *collision,
                        AlmId                  *id,
                        gint64                 *seq,
                        GError                **error)
{
  AlmHubCore *core = session->core;
  g_autoptr (AlmHubRecord) open = NULL;
  g_autoptr (AlmHubRecord) same = NULL;
  AlmHubRecord after = { .scope = collision->record->scope, .kind = ALM_KIND_CONFLICT };
  gboolean ok;

  if (strcmp (collision->why, "value") == 0
      && !find_proposal (session, &collision->record->id, collision->field, collision->part,
                         collision->base, &open, error))
    return FALSE;
  if (open != NULL)
    {
      *id = open->id;
      return update_proposal (session, collision, open, seq, error);
    }

  make_id (id, session, collision);
  after.id = *id;
  if (!core->store->api->get_record (core->store, id, &same, error))
    return FALSE;
  after.fields = describe (session, collision);
  ok = say_whose (session, collision, after.fields, error)
       && put_conflict (session, same, &after, collision->model, after.fields, NULL, error);
  *seq = after.ver;
  alm_value_unref (after.fields);

  return ok;
}

/* @choice: "theirs", "mine", "base" or "value" */
gboolean
alm_hub_conflict_close (AlmHubSession       *session,
                        const AlmHubRecord  *conflict,
                        const AlmModel      *model,
                        const char          *choice,
                        gint64              *seq,
                        GError             **error)
{
  g_autoptr (AlmHubRecord) after = alm_hub_record_copy (conflict);
  g_autoptr (AlmValue) set = alm_value_new_object ();
  g_autoptr (AlmValue) old = alm_value_new_object ();

  alm_value_set_text (set, "state", "resolved");
  alm_value_set_text (set, "resolved_by", session->actor->user);
  alm_value_set_text (set, "choice", choice);
  alm_value_set_text (old, "state", alm_value_get_text_of (conflict->fields, "state"));

  alm_value_unref (after->fields);
  after->fields = alm_value_copy (conflict->fields);
  for (guint i = 0; i < alm_value_get_size (set); i++)
    alm_value_set (after->fields, alm_value_get_key (set, i),
                   alm_value_ref (alm_value_get_item (set, i)));

  if (!put_conflict (session, conflict, after, model, set, old, error))
    return FALSE;
  *seq = after->ver;

  return TRUE;
}

gboolean
alm_hub_conflict_erase (AlmHubSession       *session,
                        const AlmHubRecord  *conflict,
                        const AlmModel      *model,
                        const AlmValue      *names,
                        gint64              *seq,
                        GError             **error)
{
  AlmHubCore *core = session->core;
  g_autoptr (AlmValue) fields = alm_erasure_strip (names, conflict->fields);
  g_autofree char *at = alm_clock_format (session->actor->now_us);
  AlmHubRecord after = *conflict;
  AlmHubEntry entry = {
    .desk = core->server,
    .user = ALM_HUB_USER,
    .at = at,
    .stored_us = session->actor->now_us,
    .op = ALM_OP_ERASE,
  };

  alm_value_set_text (fields, "state", "resolved");
  if (alm_value_get (fields, "resolved_by") == NULL)
    {
      alm_value_set_text (fields, "resolved_by", session->actor->user);
      alm_value_set_text (fields, "choice", "erased");
    }
  after.fields = fields;
  if (!alm_hub_next_server_n (session, &entry.n, error)
      || !core->store->api->erase (core->store, conflict, &after, NULL,
                                   alm_conflict_class (model, conflict->fields), names, &entry,
                                   error))
    return FALSE;
  *seq = after.ver;

  return TRUE;
}

static gboolean
collides (const GPtrArray *collisions,
          const char      *field)
{
  for (guint i = 0; i < collisions->len; i++)
    if (strcmp (((AlmMergeConflict *) collisions->pdata[i])->field, field) == 0)
      return TRUE;

  return FALSE;
}

/* A desk whose proposal is open has now written something else there that does
 * not collide: it has come round to what stands on the server. */
gboolean
alm_hub_conflict_agree (AlmHubSession       *session,
                        const AlmHubRecord  *record,
                        const AlmModel      *model,
                        const AlmCommand    *command,
                        GPtrArray           *collisions,
                        gint64              *seq,
                        GError             **error)
{
  for (guint i = 0; i < alm_value_get_size (command->set); i++)
    {
      const char *name = alm_value_get_key (command->set, i);
      const AlmValue *seen = alm_value_get (command->old, name);
      g_autoptr (AlmHubRecord) open = NULL;

      if (collides (collisions, name))
        continue;
      if (!find_proposal (session, &record->id, name, NULL, seen, &open, error))
        return FALSE;
      if (open != NULL && !alm_hub_conflict_close (session, open, model, "theirs", seq, error))
        return FALSE;
    }

  return TRUE;
}
