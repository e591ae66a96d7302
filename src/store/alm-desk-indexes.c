/* SPDX-License-Identifier: EUPL-1.2 */

/* The two indexes over the derived rows: the R*Tree of the places and the
 * full-text index of the search.
 *
 * A few rows go into them one by one.  Where very many are written at once, both
 * are left as they are and made anew afterwards: that is several times quicker,
 * and the rows themselves can be read meanwhile.
 *
 * Invariants:
 *   1. The setting "unindexed" is written in the transaction that first leaves
 *      something out, and taken away in the one that has made both anew: after a
 *      crash between them the next opening makes them.
 *   2. While it stands nothing is written into either index.
 *   3. Entries reach the R*Tree just before their commit, in Hilbert order.
 *   4. Made anew, the R*Tree has the shape that SQLite's own code gives it, only
 *      fuller: nodes in Hilbert order, the root is node 1, a child's box lies
 *      within its parent's (rtreecheck() says so in the tests). */

#include "config.h"

#include "alm-desk-derived-private.h"

#include "alm-place-private.h"
#include "alm-plant.h"

#include <string.h>

#define SETTING "unindexed"

/* Fewer rows at once, or fewer than a quarter of all, are entered one by one. */
#define MANY_LEAST 5000
#define MANY_SHARE 4

/* So many entries wait for the R*Tree at most: 12 MB. */
#define BOXES_MAX 200000

/* A cell of a node is a number and four floats, big-endian; before them stand the
 * depth (in the root) and the number of cells.  One cell in ten stays free. */
#define CELL_SIZE 24
#define HEAD_SIZE 4

static int
compare_boxes_by_rid (gconstpointer a,
                      gconstpointer b)
{
  const AlmBoxEntry *one = a;
  const AlmBoxEntry *two = b;

  if (one->rid != two->rid)
    return one->rid < two->rid ? -1 : 1;

  return one->order < two->order ? -1 : one->order > two->order;
}

static int
compare_boxes_by_place (gconstpointer a,
                        gconstpointer b)
{
  const AlmBoxEntry *one = a;
  const AlmBoxEntry *two = b;

  if (one->hilbert != two->hilbert)
    return one->hilbert < two->hilbert ? -1 : 1;

  return one->rid < two->rid ? -1 : one->rid > two->rid;
}

/* Keeps the last entry of each row, then sorts by place. */
static void
order_boxes (GArray *boxes)
{
  AlmBoxEntry *all = (AlmBoxEntry *) boxes->data;
  guint kept = 0;

  g_array_sort (boxes, compare_boxes_by_rid);
  all = (AlmBoxEntry *) boxes->data;
  for (guint i = 0; i < boxes->len; i++)
    if (i + 1 == boxes->len || all[i].rid != all[i + 1].rid)
      all[kept++] = all[i];
  g_array_set_size (boxes, kept);
  g_array_sort (boxes, compare_boxes_by_place);
}

static gboolean
write_box (AlmDesk            *self,
           const AlmBoxEntry  *box,
           GError            **error)
{
  g_autoptr (AlmQuery) query = NULL;

  if (box->gone)
    query = alm_db_query (self->db, "DELETE FROM asset_box WHERE rid = ?1");
  else
    {
      query = alm_db_query (self->db, "INSERT OR REPLACE INTO asset_box"
                                      " VALUES (?1, ?2, ?3, ?4, ?5)");
      alm_sql_bind_double_at (query, 2, box->e0);
      alm_sql_bind_double_at (query, 3, box->e1);
      alm_sql_bind_double_at (query, 4, box->n0);
      alm_sql_bind_double_at (query, 5, box->n1);
    }
  alm_sql_bind_int_at (query, 1, box->rid);

  return alm_sql_run (query, error);
}

/* Before the commit, or where too many wait. */
gboolean
alm_desk_derive_flush (AlmDesk  *self,
                       GError  **error)
{
  gboolean done = TRUE;

  if (self->boxes == NULL || self->boxes->len == 0)
    return TRUE;

  order_boxes (self->boxes);
  for (guint i = 0; done && i < self->boxes->len; i++)
    done = write_box (self, &g_array_index (self->boxes, AlmBoxEntry, i), error);
  g_array_set_size (self->boxes, 0);

  return done;
}

gboolean
alm_desk_add_box (AlmDesk      *self,
                  AlmBoxEntry  *box,
                  GError      **error)
{
  if (self->unindexed || (box->gone && ALM_PLANTED ("box-kept")))
    return TRUE;

  box->order = self->boxes->len;
  g_array_append_val (self->boxes, *box);

  return self->boxes->len < BOXES_MAX || alm_desk_derive_flush (self, error);
}

void
alm_desk_forget_boxes (AlmDesk *self)
{
  if (self->boxes != NULL)
    g_array_set_size (self->boxes, 0);
}

gboolean
alm_desk_load_many (AlmDesk  *self,
                    gint64    n_rows,
                    GError  **error)
{
  gint64 here;

  g_assert (alm_db_is_inside (self->db));

  if (self->unindexed || n_rows < MANY_LEAST)
    return TRUE;
  if (!alm_db_get_int (self->db, "SELECT max (rid) FROM records", 0, &here, error))
    return FALSE;
  if (n_rows < here / MANY_SHARE)
    return TRUE;

  alm_desk_forget_boxes (self);
  self->unindexed = TRUE;

  return alm_desk_write_setting (self, SETTING, "1", error);
}

/* Whether both indexes hold what they should, by the file. */
gboolean
alm_desk_is_indexed (AlmDesk   *self,
                     gboolean  *indexed,
                     GError   **error)
{
  gint64 n;

  if (!alm_db_get_int (self->db, "SELECT count(*) FROM settings WHERE name = '" SETTING "'", 0,
                       &n, error))
    return FALSE;
  *indexed = n == 0;

  return TRUE;
}

gboolean
alm_desk_note_indexed (AlmDesk  *self,
                       GError  **error)
{
  self->unindexed = FALSE;

  return alm_desk_write_setting (self, SETTING, NULL, error);
}

/* What stands in a cell: a row, or a node below. */
typedef struct
{
  gint64  number;
  float   sides[4];   /* e0, e1, n0, n1 */
  guint32 hilbert;
  guint32 row;        /* a leaf's: its place in the order of the rids */
} Cell;

typedef struct
{
  AlmDesk *desk;
  guint    per_node;
  gsize    node_size;
  gint64   last_node;
  gint64  *nodes;     /* of each row, in the order of the rids */
} Tree;

/* Outwards, as SQLite rounds. */
static float
round_down (double number)
{
  float rounded = (float) number;

  return rounded > number
         ? (float) (number * (number < 0 ? 1 + 1 / 8388608.0 : 1 - 1 / 8388608.0)) : rounded;
}

static float
round_up (double number)
{
  float rounded = (float) number;

  return rounded < number
         ? (float) (number * (number < 0 ? 1 - 1 / 8388608.0 : 1 + 1 / 8388608.0)) : rounded;
}

static int
compare_cells (gconstpointer a,
               gconstpointer b)
{
  const Cell *one = a;
  const Cell *two = b;

  if (one->hilbert != two->hilbert)
    return one->hilbert < two->hilbert ? -1 : 1;

  return one->number < two->number ? -1 : one->number > two->number;
}

/* All places of the file, by rid. */
static gboolean
read_cells (AlmDesk  *self,
            GArray   *cells,
            GArray   *rids,
            GError  **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
                                            "SELECT rid, geom FROM asset ORDER BY rid");
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      gsize length;
      const guint8 *geom = alm_sql_get_blob (sql, 1, &length);
      Cell cell = { .number = alm_sql_get_int (sql, 0), .row = cells->len };
      double sides[4];

      if (!alm_place_read_box (geom, length, sides))
        continue;   /* a damaged row: verify finds it */
      cell.sides[0] = round_down (sides[0]);
      cell.sides[1] = round_up (sides[1]);
      cell.sides[2] = round_down (sides[2]);
      cell.sides[3] = round_up (sides[3]);
      cell.hilbert = alm_place_hilbert ((sides[0] + sides[1]) / 2, (sides[2] + sides[3]) / 2);
      g_array_append_val (rids, cell.number);
      g_array_append_val (cells, cell);
    }

  return step == ALM_SQL_STEP_DONE;
}

static void
put_cell (guint8     *at,
          const Cell *cell)
{
  gint64 number = GINT64_TO_BE (cell->number);

  memcpy (at, &number, sizeof number);
  for (guint i = 0; i < 4; i++)
    {
      guint32 bits;

      memcpy (&bits, &cell->sides[i], sizeof bits);
      bits = GUINT32_TO_BE (bits);
      memcpy (at + 8 + 4 * i, &bits, sizeof bits);
    }
}

static gboolean
write_node (Tree        *self,
            gint64       number,
            guint        depth,
            const Cell  *cells,
            guint        n,
            GError     **error)
{
  g_autofree guint8 *data = g_malloc0 (self->node_size);
  g_autoptr (AlmQuery) query = alm_db_query (self->desk->db, "INSERT OR REPLACE INTO"
                                             " asset_box_node (nodeno, data) VALUES (?1, ?2)");

  data[1] = (guint8) depth;
  data[2] = (guint8) (n >> 8);
  data[3] = (guint8) n;
  for (guint i = 0; i < n; i++)
    put_cell (data + HEAD_SIZE + i * CELL_SIZE, &cells[i]);
  alm_sql_bind_int_at (query, 1, number);
  alm_sql_bind_blob_at (query, 2, data, self->node_size);

  return alm_sql_run (query, error);
}

static gboolean
write_parent (Tree    *self,
              gint64   child,
              gint64   parent,
              GError **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->desk->db,
                                             "INSERT INTO asset_box_parent (nodeno, parentnode)"
                                             " VALUES (?1, ?2)");

  alm_sql_bind_int_at (query, 1, child);
  alm_sql_bind_int_at (query, 2, parent);

  return alm_sql_run (query, error);
}

/* Says where its cells are, and what stands for the node one level higher. */
static gboolean
close_node (Tree        *self,
            gint64       number,
            guint        depth,
            const Cell  *cells,
            guint        n,
            Cell        *above,
            GError     **error)
{
  *above = (Cell) { .number = number };
  memcpy (above->sides, cells[0].sides, sizeof above->sides);
  for (guint i = 0; i < n; i++)
    {
      for (guint side = 0; side < 4; side += 2)
        {
          above->sides[side] = MIN (above->sides[side], cells[i].sides[side]);
          above->sides[side + 1] = MAX (above->sides[side + 1], cells[i].sides[side + 1]);
        }
      if (depth == 0)
        self->nodes[cells[i].row] = number;
      else if (!write_parent (self, cells[i].number, number, error))
        return FALSE;
    }

  return TRUE;
}

/* One level after the other, from the leaves up to the one node that holds all. */
static gboolean
write_levels (Tree    *self,
              GArray  *cells,
              GError **error)
{
  for (guint depth = 0; ; depth++)
    {
      Cell *all = (Cell *) cells->data;
      gboolean is_root = cells->len <= self->per_node;
      guint above = 0;

      for (guint i = 0; i < cells->len || i == 0; i += self->per_node)
        {
          guint n = MIN (self->per_node, cells->len - i);
          gint64 number = is_root ? 1 : ++self->last_node;
          Cell sum;

          if (!write_node (self, number, is_root ? depth : 0, all + i, n, error)
              || (n > 0 && !close_node (self, number, depth, all + i, n, &sum, error)))
            return FALSE;
          if (n > 0)
            all[above++] = sum;
        }
      if (is_root)
        return TRUE;
      g_array_set_size (cells, above);
    }
}

static gboolean
write_rows (Tree          *self,
            const GArray  *rids,
            GError       **error)
{
  for (guint i = 0; i < rids->len; i++)
    {
      g_autoptr (AlmQuery) query = alm_db_query (self->desk->db,
                                                 "INSERT INTO asset_box_rowid (rowid, nodeno)"
                                                 " VALUES (?1, ?2)");

      alm_sql_bind_int_at (query, 1, g_array_index (rids, gint64, i));
      alm_sql_bind_int_at (query, 2, self->nodes[i]);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_tree (AlmDesk  *self,
            GError  **error)
{
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree gint64 *nodes = NULL;
  Tree tree = { .desk = self, .last_node = 1 };
  gint64 size;

  if (!alm_db_get_int (self->db, "SELECT length (data) FROM asset_box_node WHERE nodeno = 1", 0,
                       &size, error)
      || !read_cells (self, cells, rids, error)
      || !alm_sql_exec (self->db->handle, "DELETE FROM asset_box_node;"
                        "DELETE FROM asset_box_parent; DELETE FROM asset_box_rowid", error))
    return FALSE;

  tree.node_size = (gsize) size;
  tree.per_node = (guint) (size - HEAD_SIZE) / CELL_SIZE * 9 / 10;
  tree.nodes = nodes = g_new (gint64, MAX (rids->len, 1));
  g_array_sort (cells, compare_cells);

  return write_levels (&tree, cells, error) && write_rows (&tree, rids, error);
}

/* The tables behind a virtual one are nobody's to write, but for this. */
static gboolean
open_shadow_tables (AlmDesk  *self,
                    gboolean  open)
{
  int state;

  return sqlite3_db_config (self->db->handle, SQLITE_DBCONFIG_DEFENSIVE, open ? 0 : 1, &state)
         == SQLITE_OK;
}

static gboolean
index_again (AlmDesk  *self,
             GError  **error)
{
  gboolean done;

  if (!alm_desk_begin (self, error))
    return FALSE;

  open_shadow_tables (self, TRUE);
  done = write_tree (self, error);
  open_shadow_tables (self, FALSE);
  done = done
         && alm_sql_exec (self->db->handle,
                          "INSERT INTO records_fts (records_fts) VALUES ('rebuild')", error)
         && alm_desk_note_indexed (self, error);
  if (done)
    return alm_desk_commit (self, error);

  alm_desk_rollback (self);

  return FALSE;
}

/* Where something was left out: makes both indexes anew, in a transaction of its
 * own.  A failure is no failure of what was written: the next opening tries again. */
void
alm_desk_index_if_due (AlmDesk *self)
{
  g_autoptr (GError) reason = NULL;

  if (self->unindexed && self->db->writable && !alm_db_is_inside (self->db)
      && !index_again (self, &reason))
    g_message ("%s: not indexed: %s", self->dir, reason->message);
}
