/* SPDX-License-Identifier: EUPL-1.2 */

/* The list of what was erased, after a restore: the backup is older than some of it
 * (sync.md, section 4.10).
 *
 * Invariants:
 *   1. A scope's next number is above that of the erasure: what desks hand in once more was
 *      written before it, and is trimmed as any late command.
 *   2. A record that the backup does not know is noted all the same: a desk may bring it.
 *   3. What stands in the database already, by record, time and fields, is passed over. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-json.h"

#include <string.h>

typedef struct
{
  char    *scope;
  gint64   seq;
  gint64   at_us;
  AlmHubErasure erasure;
} Listed;

static void
listed_clear (Listed *self)
{
  g_free (self->scope);
  g_clear_pointer (&self->erasure.fields, alm_value_unref);
  g_free (self->erasure.user);
  g_free (self->erasure.reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listed, listed_clear)

static gboolean
is_list_of_fields (const AlmValue *fields)
{
  for (guint i = 0; i < alm_value_get_size (fields); i++)
    if (!alm_name_is_field (alm_value_get_text (alm_value_get_item (fields, i))))
      return FALSE;

  return alm_value_is (fields, ALM_VALUE_LIST) && alm_value_get_size (fields) > 0;
}

static gboolean
read_listed (Listed      *self,
             const char  *line,
             gsize        length,
             GError     **error)
{
  g_autoptr (AlmValue) value = alm_json_parse (line, (gssize) length, NULL, error);
  AlmValue *fields = alm_value_get (value, "fields");
  const char *user = alm_value_get_text_of (value, "user");
  const char *reason = alm_value_get_text_of (value, "reason");
  const char *at = alm_value_get_text_of (value, "at");

  if (value == NULL)
    return FALSE;
  self->scope = g_strdup (alm_value_get_text_of (value, "scope"));
  self->seq = alm_value_get_integer_of (value, "seq", -1);
  if (!alm_name_is_scope (self->scope) || self->seq < 0 || user == NULL || reason == NULL
      || !alm_id_parse (&self->erasure.id, alm_value_get_text_of (value, "id"))
      || at == NULL || !alm_clock_parse (at, &self->at_us)
      || (!alm_value_is (fields, ALM_VALUE_NULL) && !is_list_of_fields (fields)))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not a line about an erasure");
      return FALSE;
    }
  if (!alm_value_is (fields, ALM_VALUE_NULL))
    self->erasure.fields = alm_value_ref (fields);
  self->erasure.user = g_strdup (user);
  self->erasure.reason = g_strdup (reason);
  self->erasure.at_us = self->at_us;

  return TRUE;
}

static gboolean
is_known (AlmHubCore    *core,
          const Listed  *listed,
          gboolean      *known,
          GError       **error)
{
  g_autofree char *at = alm_clock_format (listed->at_us);
  g_autoptr (GPtrArray) erasures = NULL;

  *known = FALSE;
  if (!core->store->api->list_erasures (core->store, NULL, &listed->erasure.id, NULL, -1,
                                        &erasures, error))
    return FALSE;

  for (guint i = 0; i < erasures->len; i++)
    {
      const AlmHubErasure *erasure = erasures->pdata[i];
      g_autofree char *other = alm_clock_format (erasure->at_us);

      *known |= strcmp (at, other) == 0
                && (erasure->fields == NULL) == (listed->erasure.fields == NULL)
                && (erasure->fields == NULL
                    || alm_value_equal (erasure->fields, listed->erasure.fields));
    }

  return TRUE;
}

static gboolean
apply (AlmHubSession  *session,
       Listed         *listed,
       GError        **error)
{
  AlmServerStore *store = session->core->store;
  g_autoptr (AlmHubRecord) before = NULL;
  g_autofree char *at = alm_clock_format (listed->at_us);
  AlmHubErasure *erasure = &listed->erasure;
  AlmHubEntry entry = {
    .desk = session->core->server,
    .user = erasure->user,
    .at = at,
    .stored_us = session->actor->now_us,
    .op = ALM_OP_ERASE,
  };

  if (!store->api->get_record (store, &erasure->id, &before, error)
      || !store->api->make_scope (store, before != NULL ? before->scope : listed->scope, error)
      || !store->api->raise_seq (store, before != NULL ? before->scope : listed->scope,
                                 listed->seq, &erasure->seq, error))
    return FALSE;
  if (before == NULL)
    {
      erasure->scope = g_intern_string (listed->scope);
      return alm_hub_erasure_note (session, erasure, error);
    }

  return alm_hub_next_server_n (session, &entry.n, error)
         && alm_hub_erase_record (session, before, erasure, &entry, error);
}

static gboolean
apply_line (AlmHubSession  *session,
            const char     *line,
            gsize           length,
            guint          *n,
            GError        **error)
{
  g_auto (Listed) listed = { 0 };
  gboolean known;

  if (!read_listed (&listed, line, length, error)
      || !is_known (session->core, &listed, &known, error))
    return FALSE;
  if (known)
    return TRUE;
  *n += 1;

  return apply (session, &listed, error);
}

/* A last line without its end was never answered. */
static gboolean
apply_lines (AlmHubSession  *session,
             const char     *text,
             gsize           length,
             guint          *n,
             GError        **error)
{
  const char *at = text;
  const char *end = text + length;
  guint number = 0;

  while (at < end)
    {
      const char *stop = memchr (at, '\n', (gsize) (end - at));

      if (stop == NULL)
        return TRUE;
      number++;
      if (!apply_line (session, at, (gsize) (stop - at), n, error))
        {
          g_prefix_error (error, "line %u: ", number);
          return FALSE;
        }
      at = stop + 1;
    }

  return alm_hub_session_finish (session, error);
}

gboolean
alm_hub_apply_erasures (AlmServerStore       *store,
                        const AlmHubOptions  *options,
                        const char           *text,
                        gsize                 length,
                        guint                *n,
                        GError              **error)
{
  AlmHubCore core = { .store = store, .options = *options };
  AlmHubActor actor = { .user = (char *) ALM_HUB_USER };
  g_auto (AlmHubSession) session = { .core = &core, .actor = &actor, .server_n = -1 };
  gboolean done;

  *n = 0;
  session.changed = g_ptr_array_new_with_free_func (g_free);
  session.erased = g_ptr_array_new_with_free_func (g_free);
  session.tallies = g_array_new (FALSE, FALSE, sizeof (AlmHubTally));
  alm_hub_city_forget (&core);
  if (!store->api->begin (store, TRUE, error))
    return FALSE;

  actor.now_us = alm_hub_core_now (&core);
  done = alm_hub_core_make_ready (&core, error);
  actor.desk = core.server;
  done = done && apply_lines (&session, text, length, n, error);
  if (!done)
    store->api->rollback (store);
  else
    done = store->api->commit (store, error);
  alm_hub_city_forget (&core);
  g_free (core.server_text);
  g_free (core.epoch);
  g_free (core.nobody);

  return done;
}
