/* SPDX-License-Identifier: EUPL-1.2 */

/* Derived = rebuilt: the typed table, the places, their R*Tree and what the
 * search looks through equal those made anew from the records.  They are made
 * inside a transaction that is taken back.  One thread. */

#include "config.h"

#include "alm-desk-derived-private.h"
#include "alm-sim-private.h"

#include <string.h>

/* A row of one column for each row. */
static const char *const looks[] = {
  "SELECT rid || ' ' || quote (\":label\") || quote (a) || quote (b) || quote (c) || quote (p)"
  " || quote (n) || quote (s) || quote (\"from\") FROM v_" ALM_SIM_KIND " ORDER BY rid",
  "SELECT rid || ' ' || kind || ' ' || gtype || ' ' || wx || ' ' || wy || ' ' || t0 || ' ' || t1"
  " || ' ' || hex (geom) FROM asset ORDER BY rid",
  "SELECT rid || ' ' || e0 || ' ' || e1 || ' ' || n0 || ' ' || n1 FROM asset_box ORDER BY rid",
  "SELECT fid || ' ' || kind || quote (label) || quote (detail) || quote (text)"
  " FROM search_text ORDER BY fid",
};

static const char wipe[] =
  "DELETE FROM v_" ALM_SIM_KIND "; DELETE FROM asset; DELETE FROM asset_box;"
  "DELETE FROM search_text; INSERT INTO records_fts (records_fts) VALUES ('delete-all')";

static gboolean
add_rows (AlmDesk     *desk,
          const char  *look,
          GString     *text,
          GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (desk->db, look);
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    g_string_append_printf (text, "%s\n", alm_sql_get_text (query, 0));
  g_string_append_c (text, '\n');

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
dump (AlmDesk  *desk,
      GString  *text,
      GError  **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (!add_rows (desk, looks[i], text, error))
      return FALSE;

  return TRUE;
}

/* The indexes hold what stands in the rows below them. */
static gboolean
check_indexes (AlmDesk  *desk,
               GString  *text,
               GError  **error)
{
  return alm_sql_exec (desk->db->handle, "INSERT INTO records_fts (records_fts, rank)"
                       " VALUES ('integrity-check', 1)", error)
         && add_rows (desk, "SELECT rtreecheck ('asset_box')", text, error);
}

static gboolean
derive_anew (AlmDesk  *desk,
             GError  **error)
{
  AlmDerivedKind *kind = alm_desk_find_derived (desk, ALM_SIM_KIND);

  return kind != NULL && alm_sql_exec (desk->db->handle, wipe, error)
         && alm_desk_derive_again (desk, kind, error)
         && alm_desk_derive_flush (desk, error);
}

void
alm_sim_check_derived (AlmSimWorld *self,
                       guint        number)
{
  AlmDesk *desk = self->desks[number].desk;
  g_autoptr (GString) kept = g_string_new (NULL);
  g_autoptr (GString) made = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (!alm_desk_begin (desk, &error))
    {
      alm_sim_world_violate (self, "desk %u: nothing can be derived: %s", number, error->message);
      return;
    }

  done = check_indexes (desk, kept, &error) && dump (desk, kept, &error)
         && derive_anew (desk, &error)
         && check_indexes (desk, made, &error) && dump (desk, made, &error);
  alm_desk_rollback (desk);
  if (!done)
    alm_sim_world_violate (self, "desk %u: the derived rows: %s", number,
                           error != NULL ? error->message : "they are out of date");
  else if (strcmp (kept->str, made->str) != 0)
    alm_sim_world_violate (self, "desk %u: derived is\n%s, made anew\n%s", number, kept->str,
                           made->str);
  self->counters.places += strstr (kept->str, " 1 ") != NULL;
}
