/* SPDX-License-Identifier: EUPL-1.2 */

/* Packs: a scope's feed from nothing, as one file (sync.md, section 3.5).
 *
 * Invariants:
 *   1. Nothing is taken of a file that is not whole: its lines are counted, its last
 *      one and the check sum of the packing are looked at, before the first slice.
 *   2. A slice is one transaction.  The scope's cursor stays at 0 until the last one,
 *      so that whatever ends a pack in between (a crash, a scope that is left, a bad
 *      line), the next pack or the feed brings everything; what is here already is
 *      passed over (alm-desk-feed.c, 2).
 *   3. While the cursor stands at 0 with rows here, the scope's `part` is set.  A slice
 *      goes on only where it is: who has left the scope meanwhile has taken the rows
 *      of the slices before away.
 *   4. Each slice looks anew at what lies over the records: an edit between two counts
 *      for the next one.
 *   5. Readers are told when what is here has doubled, and at the end: who reads
 *      everything anew each time reads no row more than twice on the whole. */

#include "config.h"

#include "alm-desk-intake-private.h"
#include "alm-desk-sync-private.h"
#include "alm-desk-sync.h"
#include "alm-format-error.h"
#include "alm-zstd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE (256 * 1024)

/* An edit waits for one slice at most: about a tenth of a second. */
#define SLICE 3000

/* A file, unpacked and cut into lines. */
typedef struct
{
  int             fd;
  char           *path;
  AlmZstdDecoder *decoder;    /* NULL: plain */
  GString        *text;
  gsize           at;         /* of the next line in `text` */
  gboolean        ended;
} Reader;

struct _AlmDeskPack
{
  Reader           reader;
  char            *scope;
  AlmWirePackHead  head;
  gint64           taken;     /* records */
  gint64           told;      /* of them when readers were told last */
  GHashTable      *kinds;     /* set of utf8: that have changed since */
};

static void
reader_clear (Reader *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->decoder, alm_zstd_decoder_free);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

void
alm_desk_pack_free (AlmDeskPack *self)
{
  reader_clear (&self->reader);
  alm_wire_pack_head_clear (&self->head);
  g_hash_table_unref (self->kinds);
  g_free (self->scope);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDeskPack, alm_desk_pack_free)

static gboolean
fail_file (const char  *path,
           GError     **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path,
               g_strerror (code));

  return FALSE;
}

static gboolean
fill (Reader  *self,
      GError **error)
{
  g_autofree char *piece = g_malloc (PIECE);
  gssize got = read (self->fd, piece, PIECE);

  if (got < 0)
    return fail_file (self->path, error);
  if (self->decoder == NULL && self->text->len == 0
      && alm_zstd_is_packed (piece, (gsize) got))
    self->decoder = alm_zstd_decoder_new ();

  g_string_erase (self->text, 0, (gssize) self->at);
  self->at = 0;
  if (got == 0)
    {
      self->ended = TRUE;
      return self->decoder == NULL || alm_zstd_decoder_finish (self->decoder, error);
    }
  if (self->decoder != NULL)
    return alm_zstd_decoder_push (self->decoder, piece, (gsize) got, self->text, error);

  g_string_append_len (self->text, piece, got);

  return TRUE;
}

/* *line NULL: the end.  It lives until the next call. */
static gboolean
next_line (Reader      *self,
           const char **line,
           gsize       *length,
           GError     **error)
{
  for (;;)
    {
      const char *start = self->text->str + self->at;
      const char *stop = memchr (start, '\n', self->text->len - self->at);

      *line = NULL;
      if (stop != NULL)
        {
          *line = start;
          *length = (gsize) (stop - start);
          self->at += *length + 1;
          return TRUE;
        }
      if (self->ended)
        {
          if (self->at == self->text->len)
            return TRUE;
          g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                       "pack: ended in the middle of a line");
          return FALSE;
        }
      if (!fill (self, error))
        return FALSE;
    }
}

static gboolean
bad_pack (const char  *reason,
          GError     **error)
{
  g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX, "pack: %s", reason);

  return FALSE;
}

static gboolean
reader_open (Reader      *self,
             const char  *path,
             GError     **error)
{
  *self = (Reader) { .path = g_strdup (path), .text = g_string_new (NULL) };
  self->fd = open (path, O_RDONLY | O_CLOEXEC);

  return self->fd >= 0 || fail_file (path, error);
}

static gboolean
read_head (Reader           *reader,
           const char       *scope,
           AlmWirePackHead  *head,
           GError          **error)
{
  const char *line;
  gsize length;

  if (!next_line (reader, &line, &length, error))
    return FALSE;
  if (line == NULL)
    return bad_pack ("empty", error);
  if (!alm_wire_pack_head_parse (head, line, length, error))
    return FALSE;

  return strcmp (head->scope, scope) == 0 || bad_pack ("of another scope", error);
}

/* The line after the last record, and nothing behind it. */
static gboolean
check_end (Reader      *reader,
           const char  *line,
           gsize        length,
           gint64       records,
           GError     **error)
{
  g_autoptr (AlmValue) digest = NULL;
  g_autoptr (GError) reason = NULL;
  gint64 told;

  if (!alm_wire_pack_end_parse (line, length, &told, &digest, &reason))
    {
      if (reason == NULL)
        return bad_pack ("more records than it says", error);
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (told != records)
    return bad_pack ("not as many records as it says", error);
  if (!next_line (reader, &line, &length, error))
    return FALSE;

  return line == NULL || bad_pack ("something stands behind its end", error);
}

/* Whether it is whole, from its first line to its last; the records are not parsed. */
static gboolean
check_whole (const char  *path,
             const char  *scope,
             GError     **error)
{
  g_auto (Reader) reader = { .fd = -1 };
  g_auto (AlmWirePackHead) head = { 0 };
  const char *line = NULL;
  gsize length = 0;

  if (!reader_open (&reader, path, error) || !read_head (&reader, scope, &head, error))
    return FALSE;

  for (gint64 i = 0; i <= head.records; i++)
    {
      if (!next_line (&reader, &line, &length, error))
        return FALSE;
      if (line == NULL)
        return bad_pack ("ended too early", error);
    }

  return check_end (&reader, line, length, head.records, error);
}

static AlmDeskPack *
pack_open (const char  *path,
           const char  *scope,
           GError     **error)
{
  g_autoptr (AlmDeskPack) self = NULL;

  if (!check_whole (path, scope, error))
    return NULL;

  self = g_new0 (AlmDeskPack, 1);
  self->scope = g_strdup (scope);
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!reader_open (&self->reader, path, error)
      || !read_head (&self->reader, scope, &self->head, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Keeps back who has changed, or tells of all that was kept back; before the commit. */
static void
tell_or_keep (AlmDesk      *desk,
              AlmDeskPack  *self,
              gboolean      last)
{
  GHashTableIter iter;
  gpointer kind;

  if (!last && !desk->models_touched && self->taken < 2 * self->told)
    {
      alm_desk_keep_changes (desk, self->kinds);
      return;
    }

  g_hash_table_iter_init (&iter, self->kinds);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    alm_desk_note_kind (desk, kind);
  g_hash_table_remove_all (self->kinds);
  self->told = self->taken;
}

static gboolean
take_lines (AlmDeskPack  *self,
            AlmIntake    *intake,
            GError      **error)
{
  const char *line;
  gsize length;

  for (guint i = 0; i < SLICE && self->taken < self->head.records; i++)
    {
      g_auto (AlmWireRecord) record = { 0 };

      if (!next_line (&self->reader, &line, &length, error))
        return FALSE;
      if (line == NULL)
        return bad_pack ("ended too early", error);   /* changed under our hands */
      if (!alm_wire_record_parse (&record, line, length, error))
        return FALSE;
      if (strcmp (record.scope, self->scope) != 0 || record.ver > self->head.seq)
        return bad_pack ("a record that does not belong into it", error);
      if (!alm_intake_take (intake, &record, error))
        return FALSE;
      self->taken++;
    }

  return TRUE;
}

static gboolean
end_pack (AlmDesk          *desk,
          AlmDeskPack      *self,
          AlmIntake        *intake,
          AlmScopeState    *state,
          AlmDeskSyncPage  *result,
          GError          **error)
{
  g_autofree char *now = alm_clock_format (alm_clock_now_us (desk->clock));

  /* The feed follows from here on; only then it is compared. */
  state->cursor = self->head.seq;
  state->complete = FALSE;
  state->part = FALSE;

  return alm_intake_end_scope (intake, state, NULL, now, &result->repairs, error)
         && alm_desk_note_contact (desk, error)
         && alm_desk_make_plan (desk, NULL, &result->plan, error);
}

static gboolean
take_slice (AlmDesk          *desk,
            AlmDeskPack      *self,
            AlmDeskSyncPage  *result,
            GError          **error)
{
  g_autofree char *epoch = NULL;
  g_auto (AlmIntake) intake = { 0 };
  AlmScopeState *state;
  gint64 left = self->head.records - self->taken;
  gboolean begun = self->taken > 0;
  gboolean done;

  if (!alm_desk_read_setting (desk, "epoch", &epoch, error)
      || !alm_intake_start (&intake, desk, error)
      || !alm_intake_find (&intake, self->scope, &state, error))
    return FALSE;
  if (state == NULL || state->cursor != 0 || (begun && !state->part)
      || g_strcmp0 (epoch, self->head.epoch) != 0)
    return bad_pack ("of another time", error);

  if (!alm_desk_load_many (desk, left, error) || !take_lines (self, &intake, error))
    return FALSE;

  result->again = self->taken < self->head.records;
  result->records = intake.records;
  result->came = alm_intake_list_came (&intake);
  result->more = TRUE;
  state->part = result->again;
  done = result->again ? alm_scope_state_save (desk, state, error)
                       : end_pack (desk, self, &intake, state, result, error);
  tell_or_keep (desk, self, !result->again);

  return done;
}

/* Who was not told of the last slices of a pack is told now; outside a transaction. */
static void
close_pack (AlmDesk *desk)
{
  if (desk->pack == NULL)
    return;

  alm_desk_tell_kinds (desk, desk->pack->kinds);
  g_clear_pointer (&desk->pack, alm_desk_pack_free);
}

gboolean
alm_desk_sync_take_slice (AlmDesk          *desk,
                          const char       *path,
                          const char       *scope,
                          gboolean          first,
                          AlmDeskSyncPage  *page,
                          GError          **error)
{
  gboolean done;

  *page = (AlmDeskSyncPage) { .again = first, .more = TRUE };
  if (first)
    {
      close_pack (desk);
      desk->pack = pack_open (path, scope, error);
      return desk->pack != NULL;
    }

  g_return_val_if_fail (desk->pack != NULL, FALSE);

  done = alm_desk_begin (desk, error)
         && alm_desk_end (desk, take_slice (desk, desk->pack, page, error), error);
  if (!done)
    alm_desk_sync_page_clear (page);
  if (!done || !page->again)
    close_pack (desk);

  return done;
}

gboolean
alm_desk_sync_index (AlmDesk *desk)
{
  close_pack (desk);

  return alm_desk_index_step (desk);
}

gboolean
alm_desk_sync_take_pack (AlmDesk          *desk,
                         const char       *path,
                         const char       *scope,
                         AlmDeskSyncPage  *page,
                         GError          **error)
{
  gboolean done = alm_desk_sync_take_slice (desk, path, scope, TRUE, page, error);
  guint records = 0;

  while (done && page->again)
    {
      alm_desk_sync_page_clear (page);
      done = alm_desk_sync_take_slice (desk, path, scope, FALSE, page, error);
      records += page->records;
    }
  page->records = records;
  alm_desk_index_if_due (desk);

  return done;
}
