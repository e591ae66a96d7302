/* SPDX-License-Identifier: EUPL-1.2 */

/* Whether a folder may hold a database.
 *
 * SQLite's locks and its shared memory need one kernel that sees every write:
 * on a network file system two computers destroy a file without a message.
 * statfs() gives the kind of most; for user-space file systems (sshfs and its
 * like) the name stands in /proc/self/mountinfo only.
 *
 * Any thread. */

#include "config.h"

#include "alm-volume.h"

#include "alm-store-error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

/* From statfs(2). */
#define MAGIC_NFS    0x6969u
#define MAGIC_SMB    0x517bu
#define MAGIC_CIFS   0xff534d42u
#define MAGIC_SMB2   0xfe534d42u
#define MAGIC_AFS    0x5346414fu
#define MAGIC_9P     0x01021997u
#define MAGIC_CODA   0x73757245u
#define MAGIC_CEPH   0x00c36400u
#define MAGIC_FUSE   0x65735546u

static const guint64 network_magics[] = {
  MAGIC_NFS, MAGIC_SMB, MAGIC_CIFS, MAGIC_SMB2, MAGIC_AFS, MAGIC_9P, MAGIC_CODA, MAGIC_CEPH,
};

/* As the third last field of mountinfo names them. */
static const char *const network_types[] = {
  "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ceph", "coda", "davfs", "lustre",
  "fuse.sshfs", "fuse.davfs", "fuse.davfs2", "fuse.rclone", "fuse.s3fs", "fuse.glusterfs",
  "fuse.gvfsd-fuse", "fuse.ceph", "fuse.cephfs", "fuse.smbnetfs", "fuse.curlftpfs", NULL
};

/* @magic: f_type of statfs(); @type: the name in mountinfo, nullable */
AlmVolumeKind
alm_volume_judge (guint64     magic,
                  const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (network_magics); i++)
    if (magic == network_magics[i])
      return ALM_VOLUME_NETWORK;

  if (type != NULL && g_strv_contains (network_types, type))
    return ALM_VOLUME_NETWORK;

  return magic == MAGIC_FUSE ? ALM_VOLUME_UNSURE : ALM_VOLUME_LOCAL;
}

/* The file system's name of the device @major:@minor, or NULL; (transfer full).
 * A line: ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS…] - TYPE SOURCE OPTIONS */
char *
alm_volume_type (const char *mountinfo,
                 guint       major,
                 guint       minor)
{
  g_autofree char *device = g_strdup_printf ("%u:%u", major, minor);
  g_auto (GStrv) lines = g_strsplit (mountinfo, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) words = g_strsplit (*line, " ", -1);
      guint n = g_strv_length (words);

      if (n < 7 || strcmp (words[2], device) != 0)
        continue;

      for (guint i = 6; i + 1 < n; i++)
        if (strcmp (words[i], "-") == 0)
          return g_strdup (words[i + 1]);
    }

  return NULL;
}

/* FALSE: what @dir lies on is a network file system. */
gboolean
alm_volume_allow (const char  *dir,
                  guint64      magic,
                  const char  *type,
                  GError     **error)
{
  switch (alm_volume_judge (magic, type))
    {
    case ALM_VOLUME_NETWORK:
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_NETWORK_FS,
                   "%s is on a network file system%s%s%s, where a database is not safe;"
                   " choose a folder on a local disk",
                   dir, type != NULL ? " (" : "", type != NULL ? type : "",
                   type != NULL ? ")" : "");
      return FALSE;

    case ALM_VOLUME_UNSURE:
      g_message ("%s is on a user-space file system (%s); a local disk is safer",
                 dir, type != NULL ? type : "fuse");
      return TRUE;

    case ALM_VOLUME_LOCAL:
    default:
      return TRUE;
    }
}

/* FALSE: @dir (which exists) is on a network file system, or cannot be looked at. */
gboolean
alm_volume_check (const char  *dir,
                  GError     **error)
{
  g_autofree char *mountinfo = NULL;
  g_autofree char *type = NULL;
  struct statfs volume;
  struct stat info;

  if (statfs (dir, &volume) != 0 || stat (dir, &info) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s",
                   dir, g_strerror (code));
      return FALSE;
    }

  if (g_file_get_contents ("/proc/self/mountinfo", &mountinfo, NULL, NULL))
    type = alm_volume_type (mountinfo, major (info.st_dev), minor (info.st_dev));

  return alm_volume_allow (dir, (guint32) volume.f_type, type, error);
}
