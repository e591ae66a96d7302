/* SPDX-License-Identifier: EUPL-1.2 */

/* Packs as files `KEY-SEQ.zst`: KEY names scope, classes, class map and epoch,
 * SEQ the version up to which the pack goes.  Any thread; one refreshes at a time. */

#include "config.h"

#include "alm-packs.h"

#include "alm-zstd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PACK_LEVEL 6
#define SUFFIX     ".zst"
#define PART       ".part"

static gboolean
fail_with_errno (const char  *path,
                 GError     **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", path,
               g_strerror (code));

  return FALSE;
}

/* The seq in the name of a pack of @key; -1 if it is none. */
static gint64
seq_of (const char *name,
        guint64     key)
{
  g_autofree char *prefix = alm_hash_to_text (key);
  gsize length = strlen (prefix);
  char *end;
  gint64 seq;

  if (!g_str_has_prefix (name, prefix) || name[length] != '-')
    return -1;
  seq = g_ascii_strtoll (name + length + 1, &end, 10);

  return strcmp (end, SUFFIX) == 0 ? seq : -1;
}

/* The newest one; `path` stays NULL if there is none. */
void
alm_packs_find (const char     *dir,
                guint64         key,
                AlmHubPackFile *file)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      gint64 seq = seq_of (name, key);
      g_autofree char *path = g_build_filename (dir, name, NULL);
      GStatBuf info;

      if (seq <= file->seq || g_stat (path, &info) != 0)
        continue;
      alm_hub_pack_file_clear (file);
      file->path = g_steal_pointer (&path);
      file->seq = seq;
      file->bytes = info.st_size;
      file->etag = g_strdup_printf ("\"%s\"", name);
    }
}

typedef struct
{
  const char     *path;
  int             fd;
  AlmZstdEncoder *encoder;
  GString        *packed;
  const int      *stopped;
} Writer;

static gboolean
write_packed (Writer  *self,
              GError **error)
{
  gsize done = 0;

  while (done < self->packed->len)
    {
      gssize n = write (self->fd, self->packed->str + done, self->packed->len - done);

      if (n < 0)
        return fail_with_errno (self->path, error);
      done += (gsize) n;
    }
  g_string_truncate (self->packed, 0);

  return TRUE;
}

static gboolean
sink_cb (gconstpointer   data,
         gsize           size,
         gpointer        user_data,
         GError        **error)
{
  Writer *self = user_data;

  if (g_atomic_int_get (self->stopped))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s: stopped", self->path);
      return FALSE;
    }
  alm_zstd_encoder_push (self->encoder, data, size, self->packed);

  return write_packed (self, error);
}

static gboolean
write_file (const char            *path,
            AlmHubCore            *core,
            const AlmHubPackPlan  *plan,
            const int             *stopped,
            gint64                *seq,
            GError               **error)
{
  Writer writer = { .path = path, .stopped = stopped };
  gboolean ok;

  writer.fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (writer.fd < 0)
    return fail_with_errno (path, error);

  writer.encoder = alm_zstd_encoder_new (PACK_LEVEL);
  writer.packed = g_string_new (NULL);
  ok = alm_hub_core_write_pack (core, plan, sink_cb, &writer, seq, error);
  if (ok)
    {
      alm_zstd_encoder_finish (writer.encoder, writer.packed);
      ok = write_packed (&writer, error);
    }
  if (ok && fsync (writer.fd) != 0)
    ok = fail_with_errno (path, error);
  close (writer.fd);
  alm_zstd_encoder_free (writer.encoder);
  g_string_free (writer.packed, TRUE);

  return ok;
}

/* Who is fetching an old one keeps it until the end. */
static void
remove_older (const char *dir,
              guint64     key,
              gint64      seq)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      gint64 other = seq_of (name, key);

      if (other >= 0 && other < seq)
        {
          g_autofree char *path = g_build_filename (dir, name, NULL);

          g_unlink (path);
        }
    }
}

static gboolean
make_pack (const char            *dir,
           AlmHubCore            *core,
           const AlmHubPackPlan  *plan,
           const int             *stopped,
           GError               **error)
{
  g_autofree char *key = alm_hash_to_text (plan->key);
  g_autofree char *part = g_strconcat (dir, G_DIR_SEPARATOR_S, key, PART, NULL);
  g_autofree char *path = NULL;
  gint64 seq;

  if (!write_file (part, core, plan, stopped, &seq, error))
    {
      g_unlink (part);
      return FALSE;
    }
  path = g_strdup_printf ("%s/%s-%" G_GINT64_FORMAT SUFFIX, dir, key, seq);
  if (g_rename (part, path) != 0)
    return fail_with_errno (path, error);
  remove_older (dir, plan->key, seq);

  return TRUE;
}

gboolean
alm_packs_clear (const char  *dir,
                 GError     **error)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (g_unlink (path) != 0)
        return fail_with_errno (path, error);
    }

  return TRUE;
}

gboolean
alm_packs_refresh (const char  *dir,
                   AlmHubCore  *core,
                   gint64       least,
                   const int   *stopped,
                   GError     **error)
{
  g_autoptr (GPtrArray) plans = alm_hub_core_plan_packs (core, least, error);

  if (plans == NULL)
    return FALSE;
  if (plans->len > 0 && g_mkdir_with_parents (dir, 0700) != 0)
    return fail_with_errno (dir, error);

  for (guint i = 0; i < plans->len; i++)
    {
      const AlmHubPackPlan *plan = plans->pdata[i];
      g_auto (AlmHubPackFile) file = { 0 };

      /* A feed of a fifth of the scope behind it is still quick. */
      alm_packs_find (dir, plan->key, &file);
      if (file.path != NULL && plan->seq - file.seq <= plan->seq / 5)
        continue;
      if (!make_pack (dir, core, plan, stopped, error))
        return FALSE;
    }

  return TRUE;
}
