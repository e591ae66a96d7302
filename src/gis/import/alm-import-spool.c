/* SPDX-License-Identifier: EUPL-1.2 */

/* Rows of a foreign file between reading and writing: in memory, and what is
 * over in a file that is unlinked at once, so that nothing is left of it
 * however this process ends.
 *
 * A row: size of what follows (u32), line (i64), cells (u32), controls (u32),
 * length of the WKB (u32), the cells (each 1 = null or 0, text, NUL), WKB.
 * One thread at a time. */

#include "config.h"

#include "alm-import-spool.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct _AlmImportSpool
{
  GByteArray *memory;     /* what is not in the file yet */
  gsize       most;
  int         fd;         /* −1 = no file yet */
  gint64      n;
};

typedef struct
{
  guint32 size;
  guint32 n_cells;
  gint64  line;
  guint32 n_controls;
  guint32 wkb_length;
} Head;

AlmImportSpool *
alm_import_spool_new (gsize memory)
{
  AlmImportSpool *self = g_new0 (AlmImportSpool, 1);

  self->memory = g_byte_array_new ();
  self->most = memory;
  self->fd = -1;

  return self;
}

void
alm_import_spool_free (AlmImportSpool *self)
{
  if (self == NULL)
    return;

  g_byte_array_unref (self->memory);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

gint64
alm_import_spool_get_n (AlmImportSpool *self)
{
  return self->n;
}

static gboolean
fail (GError     **error,
      const char  *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "temporary file: %s: %s", what,
               g_strerror (errno));

  return FALSE;
}

static gboolean
write_out (AlmImportSpool  *self,
           GError         **error)
{
  gsize done = 0;

  if (self->fd < 0)
    {
      g_autofree char *name = NULL;

      self->fd = g_file_open_tmp ("allmende-XXXXXX", &name, error);
      if (self->fd < 0)
        return FALSE;
      g_unlink (name);
    }

  while (done < self->memory->len)
    {
      gssize n = write (self->fd, self->memory->data + done, self->memory->len - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "write");
      done += (gsize) n;
    }
  g_byte_array_set_size (self->memory, 0);

  return TRUE;
}

gboolean
alm_import_spool_add (AlmImportSpool      *self,
                      const AlmImportRow  *row,
                      GError             **error)
{
  Head head = {
    .n_cells = row->n_cells, .line = row->line, .n_controls = row->n_controls,
    .wkb_length = (guint32) (row->wkb != NULL ? row->wkb_length : 0),
  };
  guint start = self->memory->len;

  g_byte_array_append (self->memory, (const guint8 *) &head, sizeof head);
  for (guint i = 0; i < row->n_cells; i++)
    {
      const char *cell = row->cells[i];
      guint8 is_null = cell == NULL;

      g_byte_array_append (self->memory, &is_null, 1);
      g_byte_array_append (self->memory, (const guint8 *) (cell != NULL ? cell : ""),
                           (guint) (cell != NULL ? strlen (cell) + 1 : 1));
    }
  if (head.wkb_length > 0)
    g_byte_array_append (self->memory, row->wkb, head.wkb_length);

  head.size = self->memory->len - start;
  memcpy (self->memory->data + start, &head, sizeof head);
  self->n++;

  return self->memory->len < self->most || write_out (self, error);
}

static gboolean
hand_out (const guint8      *bytes,
          GPtrArray         *cells,
          AlmImportRowFunc   func,
          gpointer           user_data,
          GError           **error)
{
  const char *at = (const char *) bytes + sizeof (Head);
  AlmImportRow row = { 0 };
  Head head;

  memcpy (&head, bytes, sizeof head);
  g_ptr_array_set_size (cells, 0);
  for (guint32 i = 0; i < head.n_cells; i++)
    {
      g_ptr_array_add (cells, at[0] ? NULL : (gpointer) (at + 1));
      at += strlen (at + 1) + 2;
    }
  row.line = head.line;
  row.n_cells = head.n_cells;
  row.cells = (const char *const *) cells->pdata;
  row.n_controls = head.n_controls;
  row.wkb_length = head.wkb_length;
  row.wkb = head.wkb_length > 0 ? (const guint8 *) at : NULL;

  return func (&row, user_data, error);
}

/* Hands out the whole rows of a block; the length of what is left over. */
static gboolean
hand_out_block (const guint8      *bytes,
                gsize              length,
                gsize             *used,
                GPtrArray         *cells,
                AlmImportRowFunc   func,
                gpointer           user_data,
                GError           **error)
{
  *used = 0;
  while (length - *used >= sizeof (Head))
    {
      Head head;

      memcpy (&head, bytes + *used, sizeof head);
      if (length - *used < head.size)
        break;
      if (!hand_out (bytes + *used, cells, func, user_data, error))
        return FALSE;
      *used += head.size;
    }

  return TRUE;
}

static gboolean
each_in_file (AlmImportSpool    *self,
              GPtrArray         *cells,
              AlmImportRowFunc   func,
              gpointer           user_data,
              GError           **error)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (1 << 20);
  gsize used;
  off_t at = 0;

  for (;;)
    {
      gssize n = pread (self->fd, buffer, 1 << 20, at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "read");
      if (n == 0)
        return TRUE;
      at += n;
      g_byte_array_append (block, buffer, (guint) n);
      if (!hand_out_block (block->data, block->len, &used, cells, func, user_data, error))
        return FALSE;
      g_byte_array_remove_range (block, 0, (guint) used);
    }
}

gboolean
alm_import_spool_each (AlmImportSpool    *self,
                       AlmImportRowFunc   func,
                       gpointer           user_data,
                       GError           **error)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  gsize used;

  if (self->fd >= 0 && !each_in_file (self, cells, func, user_data, error))
    return FALSE;

  return hand_out_block (self->memory->data, self->memory->len, &used, cells, func, user_data,
                         error);
}
