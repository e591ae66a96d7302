/* SPDX-License-Identifier: EUPL-1.2 */

/* Files named by what they hold.
 *
 * Invariants:
 *   1. A file under its name is whole and on the disk: part, fsync, hash, rename,
 *      fsync of the folder.  It is never written again.
 *   2. A part only grows at its end; whatever stops it, it goes on from its size.
 *   3. A part whose hash is wrong, or that could not be brought to the disk, is thrown
 *      away: what the kernel has marked clean may never have arrived (Rebello et al.,
 *      ATC 2020).
 *   4. Files 0600, folders 0700. */

#define _GNU_SOURCE   /* mkostemps */

#include "config.h"

#include "alm-blob-store.h"

#include "alm-blob.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "blobs"
#define PARTS  "parts"
#define SUFFIX ".part"
#define PIECE  (256 * 1024)

static gboolean
fail_with_errno (const char  *path,
                 GError     **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", path,
               g_strerror (code));

  return FALSE;
}

static gboolean
make_folder (const char  *path,
             GError     **error)
{
  return g_mkdir_with_parents (path, 0700) == 0 || fail_with_errno (path, error);
}

static gboolean
sync_folder (const char  *path,
             GError     **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (!done)
    fail_with_errno (path, error);
  if (fd >= 0)
    close (fd);

  return done;
}

static gint64
size_of (const char *path)
{
  GStatBuf info;

  return g_lstat (path, &info) == 0 && S_ISREG (info.st_mode) ? (gint64) info.st_size : -1;
}

char *
alm_blob_store_path (const char *dir,
                     const char *sha256)
{
  const char head[] = { sha256[0], sha256[1], '\0' };

  return g_build_filename (dir, FOLDER, head, sha256, NULL);
}

gint64
alm_blob_store_get_size (const char *dir,
                         const char *sha256)
{
  g_autofree char *path = alm_blob_store_path (dir, sha256);

  return size_of (path);
}

static char *
part_path (const char *dir,
           const char *sha256,
           const char *owner)
{
  g_autofree char *name = owner != NULL ? g_strconcat (sha256, ".", owner, SUFFIX, NULL)
                                        : g_strconcat (sha256, SUFFIX, NULL);

  return g_build_filename (dir, FOLDER, PARTS, name, NULL);
}

char *
alm_blob_store_part_path (const char  *dir,
                          const char  *sha256,
                          const char  *owner,
                          GError     **error)
{
  g_autofree char *folder = g_build_filename (dir, FOLDER, PARTS, NULL);

  return make_folder (folder, error) ? part_path (dir, sha256, owner) : NULL;
}

gint64
alm_blob_store_part_size (const char *dir,
                          const char *sha256,
                          const char *owner)
{
  g_autofree char *path = part_path (dir, sha256, owner);

  return MAX (size_of (path), 0);
}

static gboolean
write_all (int            fd,
           gconstpointer  data,
           gsize          length)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = write (fd, (const guint8 *) data + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      done += (gsize) n;
    }

  return TRUE;
}

static gboolean
append (int            fd,
        const char    *path,
        gint64         offset,
        gconstpointer  data,
        gsize          length,
        GError       **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    return fail_with_errno (path, error);
  if (info.st_size != offset)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s: ends at %" G_GINT64_FORMAT " and not at %" G_GINT64_FORMAT, path,
                   (gint64) info.st_size, offset);
      return FALSE;
    }
  if (write_all (fd, data, length))
    return TRUE;

  fail_with_errno (path, error);
  /* Half a piece would do too, but who was told of a failure begins where he was. */
  if (ftruncate (fd, offset) != 0)
    g_unlink (path);

  return FALSE;
}

gboolean
alm_blob_store_append (const char     *dir,
                       const char     *sha256,
                       const char     *owner,
                       gint64          offset,
                       gconstpointer   data,
                       gsize           length,
                       GError        **error)
{
  g_autofree char *path = alm_blob_store_part_path (dir, sha256, owner, error);
  gboolean done;
  int fd;

  if (path == NULL)
    return FALSE;
  if (offset + (gint64) length > ALM_BLOB_SIZE_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                   "%s: larger than %d MiB", path, (int) (ALM_BLOB_SIZE_MAX >> 20));
      return FALSE;
    }

  fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return fail_with_errno (path, error);

  done = append (fd, path, offset, data, length, error);
  close (fd);

  return done;
}

/* The hash of what @fd reads; with @out also a copy of it.  @size: bytes read. */
static char *
hash_all (int            fd,
          const char    *path,
          int            out,
          const char    *out_path,
          gint64        *size,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (PIECE);

  for (*size = 0;;)
    {
      gssize n = read (fd, buffer, PIECE);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          fail_with_errno (path, error);
          return NULL;
        }
      if (n == 0)
        return g_strdup (g_checksum_get_string (checksum));

      *size += n;
      if (*size > ALM_BLOB_SIZE_MAX)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "%s: larger than %d MiB", path, (int) (ALM_BLOB_SIZE_MAX >> 20));
          return NULL;
        }
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      g_checksum_update (checksum, buffer, n);
      if (out >= 0 && !write_all (out, buffer, (gsize) n))
        {
          fail_with_errno (out_path, error);
          return NULL;
        }
    }
}

/* FALSE with G_IO_ERROR_INVALID_DATA: it is something else. */
static gboolean
check_file (int           fd,
            const char   *path,
            const char   *sha256,
            gint64        wanted,
            GError      **error)
{
  gint64 size;
  g_autofree char *found = hash_all (fd, path, -1, NULL, &size, NULL, error);

  if (found == NULL)
    return FALSE;
  if (strcmp (found, sha256) == 0 && (wanted < 0 || size == wanted))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s: %" G_GINT64_FORMAT " bytes with the hash %s, which is something else", path,
               size, found);

  return FALSE;
}

gboolean
alm_blob_store_check_part (const char  *dir,
                           const char  *sha256,
                           const char  *owner,
                           gint64       size,
                           GError     **error)
{
  g_autofree char *path = part_path (dir, sha256, owner);
  g_autoptr (GError) reason = NULL;
  gboolean synced;
  gboolean done;
  int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

  if (fd < 0)
    return fail_with_errno (path, error);

  synced = fsync (fd) == 0 || fail_with_errno (path, &reason);
  done = synced && check_file (fd, path, sha256, size, &reason);
  close (fd);
  if (!synced || g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    g_unlink (path);
  if (!done)
    g_propagate_error (error, g_steal_pointer (&reason));

  return done;
}

static gboolean
give_name (const char  *dir,
           const char  *part,
           const char  *sha256,
           GError     **error)
{
  g_autofree char *path = alm_blob_store_path (dir, sha256);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *root = g_path_get_dirname (folder);

  /* The folder's own name is brought to the disk too. */
  if (!make_folder (folder, error) || !sync_folder (root, error))
    return FALSE;
  if (g_rename (part, path) != 0)
    return fail_with_errno (path, error);

  return sync_folder (folder, error);
}

gboolean
alm_blob_store_keep_part (const char  *dir,
                          const char  *sha256,
                          const char  *owner,
                          GError     **error)
{
  g_autofree char *path = part_path (dir, sha256, owner);

  return give_name (dir, path, sha256, error);
}

void
alm_blob_store_drop_part (const char *dir,
                          const char *sha256,
                          const char *owner)
{
  g_autofree char *path = part_path (dir, sha256, owner);

  g_unlink (path);
}

static gboolean
copy_in (int            in,
         const char    *file,
         int            out,
         const char    *part,
         char         **sha256,
         gint64        *size,
         GCancellable  *cancellable,
         GError       **error)
{
  struct stat info;

  if (fstat (in, &info) != 0)
    return fail_with_errno (file, error);
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s: is no file", file);
      return FALSE;
    }

  *sha256 = hash_all (in, file, out, part, size, cancellable, error);

  return *sha256 != NULL && (fsync (out) == 0 || fail_with_errno (part, error));
}

gboolean
alm_blob_store_take_file (const char    *dir,
                          const char    *file,
                          char         **sha256,
                          gint64        *size,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autofree char *part = alm_blob_store_part_path (dir, "new-XXXXXX", NULL, error);
  g_autofree char *found = NULL;
  gboolean done;
  int in;
  int out;

  if (part == NULL)
    return FALSE;
  /* Not waiting: a pipe without a writer is no file. */
  in = open (file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (in < 0)
    return fail_with_errno (file, error);
  out = mkostemps (part, strlen (SUFFIX), O_CLOEXEC);
  if (out < 0)
    {
      fail_with_errno (part, error);
      close (in);
      return FALSE;
    }

  done = copy_in (in, file, out, part, &found, size, cancellable, error);
  close (in);
  close (out);
  /* What is here already is not written again. */
  if (done && alm_blob_store_get_size (dir, found) != *size)
    done = give_name (dir, part, found, error);
  else
    g_unlink (part);
  if (done)
    *sha256 = g_steal_pointer (&found);
  else
    g_unlink (part);

  return done;
}

GBytes *
alm_blob_store_read (const char  *dir,
                     const char  *sha256,
                     gint64       offset,
                     gsize        length,
                     GError     **error)
{
  g_autofree char *path = alm_blob_store_path (dir, sha256);
  g_autofree guint8 *buffer = g_malloc (length);
  gsize done = 0;
  gssize n = -1;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

  while (fd >= 0 && done < length
         && ((n = pread (fd, buffer + done, length - done, offset + (gint64) done)) > 0
             || (n < 0 && errno == EINTR)))
    done += (gsize) MAX (n, 0);
  if (fd < 0 || (n < 0 && length > 0))
    fail_with_errno (path, error);
  if (fd >= 0)
    close (fd);

  return fd >= 0 && (n >= 0 || length == 0) ? g_bytes_new_take (g_steal_pointer (&buffer), done)
                                            : NULL;
}

gboolean
alm_blob_store_remove (const char  *dir,
                       const char  *sha256,
                       GError     **error)
{
  g_autofree char *path = alm_blob_store_path (dir, sha256);

  return g_unlink (path) == 0 || errno == ENOENT || fail_with_errno (path, error);
}

gboolean
alm_blob_store_check (const char  *dir,
                      const char  *sha256,
                      GError     **error)
{
  g_autofree char *path = alm_blob_store_path (dir, sha256);
  gboolean done;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

  if (fd < 0)
    return fail_with_errno (path, error);
  done = check_file (fd, path, sha256, -1, error);
  close (fd);

  return done;
}

/* SHA256[.OWNER].part, or SHA256 alone; "" for what is neither. */
static void
split_name (const char  *name,
            char       **sha256,
            char       **owner)
{
  g_autofree char *stem = g_strdup (name);
  char *dot;

  if (g_str_has_suffix (stem, SUFFIX))
    stem[strlen (stem) - strlen (SUFFIX)] = '\0';
  dot = strchr (stem, '.');
  *owner = g_strdup (dot != NULL ? dot + 1 : "");
  if (dot != NULL)
    *dot = '\0';
  *sha256 = g_strdup (alm_blob_is_name (stem) ? stem : "");
}

static gboolean
each_in (const char       *folder,
         gboolean          is_part,
         AlmBlobFileFunc   func,
         gpointer          user_data,
         GError          **error)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *sha256 = NULL;
      g_autofree char *owner = NULL;
      AlmBlobFile file = { .path = path, .is_part = is_part };
      GStatBuf info;

      /* Gone since it was listed. */
      if (g_lstat (path, &info) != 0)
        continue;
      split_name (name, &sha256, &owner);
      file.sha256 = sha256;
      file.owner = owner;
      file.size = info.st_size;
      file.changed_us = (gint64) info.st_mtime * G_USEC_PER_SEC;
      if (!func (&file, user_data, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
alm_blob_store_each_part (const char       *dir,
                          AlmBlobFileFunc   func,
                          gpointer          user_data,
                          GError          **error)
{
  g_autofree char *folder = g_build_filename (dir, FOLDER, PARTS, NULL);

  return each_in (folder, TRUE, func, user_data, error);
}

gboolean
alm_blob_store_each (const char       *dir,
                     AlmBlobFileFunc   func,
                     gpointer          user_data,
                     GError          **error)
{
  g_autofree char *root = g_build_filename (dir, FOLDER, NULL);
  g_autoptr (GDir) folders = g_dir_open (root, 0, NULL);
  const char *name;

  while (folders != NULL && (name = g_dir_read_name (folders)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, name, NULL);

      if (strcmp (name, PARTS) != 0 && !each_in (folder, FALSE, func, user_data, error))
        return FALSE;
    }

  return TRUE;
}
