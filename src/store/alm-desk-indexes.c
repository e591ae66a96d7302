/* SPDX-License-Identifier: EUPL-1.2 */

/* The two indexes over the derived rows: the R*Tree of the places and the
 * full-text index of the search.
 *
 * A few rows go into them one by one.  Where very many are written at once, both
 * are left as they are and made anew afterwards: that is several times quicker,
 * and the rows themselves can be read meanwhile.  The R*Tree is made in one
 * transaction, the full text in many, so that an edit can be let in between.
 *
 * Invariants:
 *   1. The setting "unindexed" is written in the transaction that first leaves
 *      something out, and taken away in the one that has made the last of both anew:
 *      after a crash between them the next opening goes on.
 *   2. While it is "1" nothing is written into either index.  "to FID" says that the
 *      R*Tree holds everything, and the full text what it should of the texts up to
 *      this one, and nothing of the others: these are left until their turn comes.
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
#define SETTING_TO "to "

/* So many texts enter their index in one transaction. */
#define TEXTS_AT_ONCE 10000

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
  self->texts_to = 0;

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

/* Takes over from the file how far the indexes are. */
gboolean
alm_desk_load_indexed (AlmDesk  *self,
                       GError  **error)
{
  g_autofree char *mark = NULL;

  if (!alm_desk_read_setting (self, SETTING, &mark, error))
    return FALSE;

  self->unindexed = mark != NULL && !g_str_has_prefix (mark, SETTING_TO);
  self->texts_to = mark == NULL      ? G_MAXINT64
                   : self->unindexed ? 0 : g_ascii_strtoll (mark + strlen (SETTING_TO), NULL, 10);

  return TRUE;
}

gboolean
alm_desk_note_indexed (AlmDesk  *self,
                       GError  **error)
{
  self->unindexed = FALSE;
  self->texts_to = G_MAXINT64;

  return alm_desk_write_setting (self, SETTING, NULL, error);
}

static gboolean
note_texts (AlmDesk  *self,
            gint64    to,
            GError  **error)
{
  g_autofree char *mark = g_strdup_printf (SETTING_TO "%" G_GINT64_FORMAT, to);

  self->unindexed = FALSE;
  self->texts_to = to;

  return alm_desk_write_setting (self, SETTING, mark, error);
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

/* The R*Tree whole, the full text empty. */
static gboolean
begin_again (AlmDesk  *self,
             GError  **error)
{
  gboolean done;

  open_shadow_tables (self, TRUE);
  done = write_tree (self, error);
  open_shadow_tables (self, FALSE);

  return done
         && alm_sql_exec (self->db->handle,
                          "INSERT INTO records_fts (records_fts) VALUES ('delete-all')", error)
         && note_texts (self, 0, error);
}

/* The next texts, in the order of the index: up to which one, and how many. */
static gboolean
find_next (AlmDesk  *self,
           gint64   *last,
           gint64   *n,
           GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT max (fid), count (*) FROM (SELECT"
                                             " fid FROM search_text WHERE fid > ?1"
                                             " ORDER BY fid LIMIT ?2)");
  AlmSqlStep step;

  alm_sql_bind_int_at (query, 1, self->texts_to);
  alm_sql_bind_int_at (query, 2, TEXTS_AT_ONCE);
  step = alm_sql_step (query, error);
  *last = step == ALM_SQL_STEP_ROW ? alm_sql_get_int (query, 0) : 0;
  *n = step == ALM_SQL_STEP_ROW ? alm_sql_get_int (query, 1) : 0;

  return step != ALM_SQL_STEP_ERROR;
}

static gboolean
add_texts (AlmDesk  *self,
           GError  **error)
{
  g_autoptr (AlmQuery) query = NULL;
  gint64 last, n;

  if (!find_next (self, &last, &n, error))
    return FALSE;

  query = alm_db_query (self->db, "INSERT INTO records_fts (rowid, text) SELECT fid, text"
                                  " FROM search_text WHERE fid > ?1 AND fid <= ?2 ORDER BY fid");
  alm_sql_bind_int_at (query, 1, self->texts_to);
  alm_sql_bind_int_at (query, 2, last);
  if (!alm_sql_run (query, error))
    return FALSE;

  /* Ends here, and not with an empty one: who edits all the time would never see it. */
  return n < TEXTS_AT_ONCE ? alm_desk_note_indexed (self, error) : note_texts (self, last, error);
}

/* A failure is no failure of what was written: the next opening tries again. */
gboolean
alm_desk_index_step (AlmDesk *self)
{
  g_autoptr (GError) reason = NULL;
  gboolean done;

  if (self->texts_to == G_MAXINT64 || !self->db->writable || alm_db_is_inside (self->db))
    return FALSE;

  done = alm_desk_begin (self, &reason);
  if (done)
    {
      done = self->unindexed ? begin_again (self, &reason) : add_texts (self, &reason);
      if (done)
        done = alm_desk_commit (self, &reason);
      else
        alm_desk_rollback (self);
    }
  if (!done)
    g_message ("%s: not indexed: %s", self->dir, reason->message);

  return done && self->texts_to != G_MAXINT64;
}

/* Where something was left out: makes it good, in transactions of its own. */
void
alm_desk_index_if_due (AlmDesk *self)
{
  while (alm_desk_index_step (self))
    ;
}
