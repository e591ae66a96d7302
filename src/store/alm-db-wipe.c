/* SPDX-License-Identifier: EUPL-1.2 */

/* Takes what was deleted out of a database's files.
 *
 * `secure_delete` overwrites what is deleted where it stands.  Two places are left:
 * the log, until it is folded back and cut off; and the gap in the middle of a page.
 * When SQLite lays the cells of a full page out anew it leaves the old bytes of those
 * that moved to another page in the gap, so a row has been deleted in its new place and
 * still stands in the old one (measured with 3.40.1: 10 to 26 of 3000 rows).
 *
 * The gap means nothing to SQLite: no cell, no free block.  It is overwritten in the
 * file, past the pager, while nobody can write and the log is empty; only its bytes are
 * written, so a torn write cannot hurt a row. */

#include "config.h"

#include "alm-db-private.h"

#include <string.h>

/* Pages read at once. */
#define BATCH 256

/* From this page on the first byte of an overflow page may look like that of a table. */
#define PAGES_MAX 0x02000000

typedef struct
{
  AlmDb        *db;
  sqlite3_file *file;
  guint8       *pages;      /* BATCH of them */
  guint8       *zeros;      /* one page */
  gsize         size;       /* of a page */
  gsize         usable;
  gboolean      written;
} Wipe;

static guint
read_16 (const guint8 *at)
{
  return ((guint) at[0] << 8) | at[1];
}

static gboolean
check (Wipe    *self,
       int      rc,
       GError **error)
{
  if (rc == SQLITE_OK)
    return TRUE;
  alm_sql_set_error (self->db->handle, rc, error);

  return FALSE;
}

/* Between the list of the cells and the first of them; FALSE: not a page of a table. */
static gboolean
find_gap (const Wipe   *self,
          const guint8 *page,
          gsize         head,
          gsize        *start,
          gsize        *end)
{
  guint8 type = page[head];
  gboolean is_leaf = type == 10 || type == 13;

  if (!is_leaf && type != 2 && type != 5)
    return FALSE;

  *start = head + (is_leaf ? 8 : 12) + 2 * read_16 (page + head + 3);
  *end = read_16 (page + head + 5);
  if (*end == 0)
    *end = 65536;

  return *start < *end && *end <= self->usable;
}

static gboolean
wipe_page (Wipe           *self,
           const guint8   *page,
           sqlite3_int64   offset,
           GError        **error)
{
  gsize start, end;

  if (!find_gap (self, page, offset == 0 ? 100 : 0, &start, &end))
    return TRUE;
  while (start < end && page[start] == 0)
    start++;
  while (start < end && page[end - 1] == 0)
    end--;
  if (start == end)
    return TRUE;

  self->written = TRUE;

  return check (self, self->file->pMethods->xWrite (self->file, self->zeros, (int) (end - start),
                                                    offset + (sqlite3_int64) start), error);
}

static gboolean
wipe_pages (Wipe    *self,
            GError **error)
{
  sqlite3_int64 length = 0;
  sqlite3_int64 step = (sqlite3_int64) (BATCH * self->size);

  if (!check (self, self->file->pMethods->xFileSize (self->file, &length), error))
    return FALSE;
  if (length / (sqlite3_int64) self->size >= PAGES_MAX)
    return check (self, SQLITE_TOOBIG, error);

  for (sqlite3_int64 at = 0; at < length; at += step)
    {
      sqlite3_int64 n = MIN (step, length - at);

      if (!check (self, self->file->pMethods->xRead (self->file, self->pages, (int) n, at),
                  error))
        return FALSE;
      for (sqlite3_int64 i = 0; i + (sqlite3_int64) self->size <= n;
           i += (sqlite3_int64) self->size)
        if (!wipe_page (self, self->pages + i, at + i, error))
          return FALSE;
    }

  return !self->written
         || check (self, self->file->pMethods->xSync (self->file, SQLITE_SYNC_FULL), error);
}

/* Nobody writes meanwhile, and nothing of it is in the log. */
static gboolean
wipe_gaps (AlmDb   *self,
           GError **error)
{
  Wipe wipe = { .db = self };
  g_autofree guint8 *pages = NULL;
  g_autofree guint8 *zeros = NULL;
  guint8 head[21];
  gboolean done;

  if (!check (&wipe, sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_FILE_POINTER,
                                           &wipe.file), error)
      || !check (&wipe, wipe.file->pMethods->xRead (wipe.file, head, sizeof head, 0), error))
    return FALSE;

  wipe.size = read_16 (head + 16) == 1 ? 65536 : read_16 (head + 16);
  wipe.usable = wipe.size - head[20];
  wipe.pages = pages = g_malloc (BATCH * wipe.size);
  wipe.zeros = zeros = g_malloc0 (wipe.size);

  if (!alm_db_begin (self, error))
    return FALSE;
  done = wipe_pages (&wipe, error);
  alm_db_rollback (self);
  /* A page that is kept in memory with its gap would be written back with it. */
  sqlite3_db_release_memory (self->handle);

  return done;
}

gboolean
alm_db_wipe (AlmDb     *self,
             gboolean  *done,
             GError   **error)
{
  int rc;

  g_assert (!alm_db_is_inside (self));

  *done = FALSE;
  if (!alm_db_may_write (self, error))
    return FALSE;

  rc = sqlite3_wal_checkpoint_v2 (self->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
    return TRUE;
  if (rc != SQLITE_OK)
    {
      alm_sql_set_error (self->handle, rc, error);
      alm_db_note_final (self);
      return FALSE;
    }
  *done = wipe_gaps (self, error);

  return *done;
}
