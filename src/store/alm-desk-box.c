/* SPDX-License-Identifier: EUPL-1.2 */

/* The records in a box, by the R*Tree.  SQLite rounds its boxes outwards, so no
 * record is ever missed.  Where the derived rows of a kind or the R*Tree are not up
 * to date (a reader that came before the writer), all records of the kind are given.
 * On the thread of the connection. */

#include "config.h"

#include "alm-desk-box.h"

#include "alm-desk-derived-private.h"

static GArray *
list_in_box (AlmDesk               *self,
             const AlmDerivedKind  *kind,
             const double           box[4],
             GError               **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT asset.rid FROM asset_box JOIN asset USING (rid)"
                            " WHERE e1 >= ?1 AND n1 >= ?2 AND e0 <= ?3 AND n0 <= ?4"
                            " AND kind = ?5");

  for (int i = 0; i < 4; i++)
    alm_sql_bind_double_at (query, i + 1, box[i]);
  alm_sql_bind_int_at (query, 5, kind->number);

  return alm_desk_take_rids (query, error);
}

static gboolean
walk (AlmDesk               *self,
      const AlmDerivedKind  *kind,
      const double           box[4],
      AlmRowFunc             func,
      gpointer               user_data,
      GError               **error)
{
  g_autoptr (GArray) rids = NULL;
  gboolean indexed;

  if (!alm_desk_is_indexed (self, &indexed, error))
    return FALSE;
  if (!indexed)
    return alm_desk_each (self, NULL, alm_model_get_name (kind->model), FALSE, func, user_data,
                          error);

  rids = list_in_box (self, kind, box, error);
  for (guint i = 0; rids != NULL && i < rids->len; i++)
    {
      g_autoptr (AlmRow) row = alm_desk_get_by_rid (self, g_array_index (rids, gint64, i), error);

      if (row == NULL)
        return FALSE;
      if (!row->deleted && !func (row, user_data, error))
        return FALSE;
    }

  return rids != NULL;
}

gboolean
alm_desk_each_in_box (AlmDesk       *self,
                      const char    *kind,
                      const double   box[4],
                      AlmRowFunc     func,
                      gpointer       user_data,
                      GError       **error)
{
  const AlmDerivedKind *derived = alm_desk_find_derived (self, kind);
  /* A reader sees one state of the file for the whole walk. */
  gboolean frame = !self->db->writable && !alm_db_is_inside (self->db);
  gboolean done;

  if (derived == NULL)
    return alm_desk_each (self, NULL, kind, FALSE, func, user_data, error);
  if (frame && !alm_db_begin (self->db, error))
    return FALSE;

  done = walk (self, derived, box, func, user_data, error);
  if (frame)
    alm_db_rollback (self->db);

  return done;
}
