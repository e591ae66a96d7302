/* SPDX-License-Identifier: EUPL-1.2 */

/* What has changed of late.  The feed brings states, not who made them and when;
 * so the desk notes once a day up to which version it had read each scope, and
 * what lies above that note has come since.
 *
 * Invariant: the setting "days" is {"YYYY-MM-DD": {scope: version}} with the
 * DAYS_KEPT newest days (UTC) on which the server was spoken to; a scope is in it
 * once something of it had been read, so that a first copy is no news.
 * On the thread of the connection. */

#include "config.h"

#include "alm-desk-recent-private.h"
#include "alm-desk-recent.h"

#include "alm-desk-scope-private.h"
#include "alm-json.h"

#include <string.h>

#define DAYS_KEPT 3
/* So far back this desk's own commands are looked through. */
#define LOOK_BACK 20000

static void
recent_free (AlmRecent *self)
{
  g_clear_pointer (&self->row, alm_row_free);
  g_clear_pointer (&self->command, alm_stored_command_free);
  g_free (self);
}

void
alm_recents_free (AlmRecents *self)
{
  g_clear_pointer (&self->own, g_ptr_array_unref);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  g_free (self->day);
  g_free (self);
}

/* Notes. */

static char *
day_of (gint64 t_us)
{
  g_autofree char *moment = alm_clock_format (t_us);

  return g_strndup (moment, strlen ("2026-11-23"));
}

/* {day: {scope: version}}, empty where there is none yet; (transfer full).  NULL: it
 * could not be read, which is not the same. */
static AlmValue *
read_days (AlmDesk  *self,
           GError  **error)
{
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) days = NULL;

  if (!alm_desk_read_setting (self, "days", &text, error))
    return NULL;
  days = text != NULL ? alm_json_parse (text, -1, NULL, NULL) : NULL;

  return alm_value_is (days, ALM_VALUE_OBJECT) ? g_steal_pointer (&days)
                                               : alm_value_new_object ();
}

/* The newest days and @today, whose scopes are @scopes. */
static AlmValue *
make_days (const AlmValue *days,
           const char     *today,
           AlmValue       *scopes)
{
  AlmValue *kept = alm_value_new_object ();
  guint n = alm_value_get_size (days);

  /* Members are in the order of their keys, which is that of the days. */
  for (guint i = n >= DAYS_KEPT ? n - DAYS_KEPT + 1 : 0; i < n; i++)
    if (strcmp (alm_value_get_key (days, i), today) != 0)
      alm_value_set (kept, alm_value_get_key (days, i),
                     alm_value_ref (alm_value_get_item (days, i)));
  alm_value_set (kept, today, scopes);

  return kept;
}

gboolean
alm_desk_note_day (AlmDesk  *self,
                   GError  **error)
{
  g_autofree char *today = day_of (alm_clock_now_us (self->clock));
  g_autoptr (AlmValue) days = read_days (self, error);
  g_autoptr (GPtrArray) states = days != NULL ? alm_scope_state_list (self, error) : NULL;
  g_autoptr (AlmValue) kept = NULL;
  const AlmValue *noted;
  AlmValue *scopes;
  g_autofree char *text = NULL;
  gboolean news = FALSE;

  if (states == NULL)
    return FALSE;
  noted = alm_value_get (days, today);
  scopes = noted != NULL ? alm_value_copy (noted) : alm_value_new_object ();
  kept = make_days (days, today, scopes);
  for (guint i = 0; i < states->len; i++)
    {
      const AlmScopeState *state = g_ptr_array_index (states, i);

      if (state->cursor == 0 || alm_value_get (scopes, state->scope) != NULL)
        continue;
      alm_value_set_integer (scopes, state->scope, state->cursor);
      news = TRUE;
    }
  if (!news)
    return TRUE;

  text = alm_value_to_text (kept);

  return alm_desk_write_setting (self, "days", text, error);
}

/* The last day before @since_us, else the first there is. */
static const AlmValue *
find_day (const AlmValue  *days,
          gint64           since_us,
          char           **day)
{
  g_autofree char *since = day_of (since_us);
  guint found = 0;

  if (alm_value_get_size (days) == 0)
    return NULL;
  for (guint i = 0; i < alm_value_get_size (days); i++)
    if (strcmp (alm_value_get_key (days, i), since) <= 0)
      found = i;
  *day = g_strdup (alm_value_get_key (days, found));

  return alm_value_get_item (days, found);
}

/* Lists. */

static gboolean
is_own (GPtrArray    *own,
        const AlmRow *row)
{
  for (guint i = 0; i < own->len; i++)
    if (alm_id_equal (&((AlmRecent *) own->pdata[i])->row->id, &row->id))
      return TRUE;

  return FALSE;
}

/* The program's own kinds are nobody's work. */
static gboolean
is_people_s (AlmDesk    *self,
             const char *kind)
{
  return g_hash_table_contains (self->models, kind);
}

/* The last of an import's batch is the record of the import, which speaks for all. */
static gboolean
is_import (const AlmRow *row)
{
  return strcmp (row->kind, "import") == 0 && !row->deleted;
}

static GArray *
list_above (AlmDesk  *self,
            gint64    scope,
            gint64    ver,
            guint     most,
            GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT rid FROM records"
                                             " WHERE scope = :scope AND ver > :ver"
                                             " ORDER BY ver DESC LIMIT :most");

  alm_sql_bind_int (query, ":scope", scope);
  alm_sql_bind_int (query, ":ver", ver);
  alm_sql_bind_int (query, ":most", most);

  return alm_desk_take_rids (query, error);
}

static gboolean
add_others (AlmDesk     *self,
            const char  *scope,
            gint64       ver,
            guint        most,
            AlmRecents  *recents,
            GError     **error)
{
  g_autoptr (AlmScopeState) state = NULL;
  g_autoptr (GArray) rids = NULL;

  if (!alm_scope_state_load (self, scope, &state, error))
    return FALSE;
  /* Nothing has come since; while it is read again from 0 the cursor does not say. */
  if (state == NULL || (!state->sweep && state->cursor <= ver))
    return TRUE;
  /* Some will be one's own. */
  rids = list_above (self, state->number, ver, most + recents->own->len, error);

  for (guint i = 0; rids != NULL && i < rids->len && recents->others->len < most; i++)
    {
      AlmRow *row = alm_desk_get_by_rid (self, g_array_index (rids, gint64, i), error);
      AlmRecent *recent;

      if (row == NULL)
        return FALSE;
      if (is_own (recents->own, row) || !is_people_s (self, row->kind))
        {
          alm_row_free (row);
          continue;
        }
      recent = g_new0 (AlmRecent, 1);
      recent->row = row;
      recent->n = 1;
      g_ptr_array_add (recents->others, recent);
    }

  return rids != NULL;
}

/* Takes @stored.  What is gone, or of no kind that people see, is passed over. */
static void
add_own (AlmDesk           *self,
         AlmStoredCommand  *stored,
         guint              n,
         AlmRecents        *recents)
{
  g_autoptr (AlmStoredCommand) command = stored;
  g_autoptr (AlmRow) row = alm_desk_get (self, &command->command->id, NULL);
  AlmRecent *recent;

  if (row == NULL || is_own (recents->own, row)
      || (!is_people_s (self, row->kind) && !is_import (row)))
    return;

  recent = g_new0 (AlmRecent, 1);
  recent->row = g_steal_pointer (&row);
  recent->command = g_steal_pointer (&command);
  recent->n = n;
  g_ptr_array_add (recents->own, recent);
}

/* The newest of each batch, and how many there are of it.  What the server did not
 * take has changed nothing. */
static gboolean
list_own (AlmDesk     *self,
          gint64       since_us,
          guint        most,
          AlmRecents  *recents,
          GError     **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
    "SELECT " ALM_COMMAND_COLUMNS ", n_batch FROM commands JOIN"
    " (SELECT max(k) AS newest, count(DISTINCT id) AS n_batch FROM commands"
    "  WHERE k > (SELECT max(k) FROM commands) - " G_STRINGIFY (LOOK_BACK)
    "  AND at >= :since AND state NOT IN ('refused','dismissed') GROUP BY coalesce(batch, k))"
    " ON k = newest ORDER BY k DESC LIMIT :most");
  g_autofree char *since = alm_clock_format (since_us);
  AlmSqlStep step;

  alm_sql_bind_text (sql, ":since", since);
  /* A record that was changed twice is one line. */
  alm_sql_bind_int (sql, ":most", most * 4);
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      AlmStoredCommand *stored = alm_desk_read_command (self, sql, error);

      if (stored == NULL)
        return FALSE;
      if (recents->own->len < most)
        add_own (self, stored, (guint) alm_sql_get_int (sql, 17), recents);
      else
        alm_stored_command_free (stored);
    }

  return step == ALM_SQL_STEP_DONE;
}

AlmRecents *
alm_desk_list_recent (AlmDesk  *self,
                      gint64    since_us,
                      guint     most,
                      GError  **error)
{
  g_autoptr (AlmRecents) recents = g_new0 (AlmRecents, 1);
  g_autoptr (AlmValue) days = read_days (self, error);
  const AlmValue *scopes;

  if (days == NULL)
    return NULL;
  scopes = find_day (days, since_us, &recents->day);
  recents->own = g_ptr_array_new_with_free_func ((GDestroyNotify) recent_free);
  recents->others = g_ptr_array_new_with_free_func ((GDestroyNotify) recent_free);
  if (!list_own (self, since_us, most, recents, error))
    return NULL;
  for (guint i = 0; scopes != NULL && i < alm_value_get_size (scopes); i++)
    if (strcmp (alm_value_get_key (scopes, i), "system") != 0
        && !add_others (self, alm_value_get_key (scopes, i),
                        alm_value_get_integer (alm_value_get_item (scopes, i)), most, recents,
                        error))
      return NULL;

  return g_steal_pointer (&recents);
}
