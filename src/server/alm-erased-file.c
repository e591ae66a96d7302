/* SPDX-License-Identifier: EUPL-1.2 */

/* Each line is whole or not there: a tail without an end, left by a crash, was never
 * answered, and is cut off before the next line. */

#include "config.h"

#include "alm-erased-file.h"

#include "alm-store-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (const char  *path,
      GError     **error)
{
  int code = errno;

  g_set_error (error, ALM_STORE_ERROR,
               code == ENOSPC || code == EDQUOT ? ALM_STORE_ERROR_FULL : ALM_STORE_ERROR_FAILED,
               "%s: %s", path, g_strerror (code));

  return FALSE;
}

/* Where the last whole line ends; -1 with errno. */
static off_t
find_end (int fd)
{
  off_t end = lseek (fd, 0, SEEK_END);
  char last;

  while (end > 0)
    {
      ssize_t n = pread (fd, &last, 1, end - 1);

      if (n < 0)
        return -1;
      if (n == 1 && last == '\n')
        break;
      end--;
    }

  return end;
}

static gboolean
write_all (int            fd,
           off_t          at,
           const GString *text)
{
  gsize done = 0;

  while (done < text->len)
    {
      ssize_t n = pwrite (fd, text->str + done, text->len - done, at + (off_t) done);

      if (n < 0)
        return FALSE;
      done += (gsize) n;
    }

  return TRUE;
}

static gboolean
append (int               fd,
        const GPtrArray  *lines,
        const char       *path,
        GError          **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  off_t end = find_end (fd);

  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) lines->pdata[i]);
  if (end < 0 || ftruncate (fd, end) != 0)
    return fail (path, error);
  if (!write_all (fd, end, text))
    {
      fail (path, error);
      if (ftruncate (fd, end) != 0)
        g_message ("%s: %s", path, g_strerror (errno));
      return FALSE;
    }

  return fsync (fd) == 0 || fail (path, error);
}

/* A new file is there when its folder says so. */
static gboolean
sync_folder (const char  *path,
             GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (!done)
    fail (folder, error);
  if (fd >= 0)
    close (fd);

  return done;
}

gboolean
alm_erased_file_append (const char       *path,
                        const GPtrArray  *lines,
                        GError          **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean done;

  if (fd < 0)
    return fail (path, error);
  done = append (fd, lines, path, error);
  close (fd);

  return done && sync_folder (path, error);
}
