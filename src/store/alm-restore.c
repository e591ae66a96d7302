/* SPDX-License-Identifier: EUPL-1.2 */

/* A server's backup becomes a server's folder again (sync.md, section 4.7).
 *
 * Invariants:
 *   1. Everything is written below `restore.part`, brought to the disk, and moved
 *      to its place at the end; the database goes last.  Where `allmende.db`
 *      stands in the folder, the restore was whole.
 *   2. A folder that holds anything else than what a broken-off restore has left
 *      there is not touched.
 *   3. What is copied has the hash that the manifest says.
 * Synchronous; for a process of its own. */

#include "config.h"

#include "alm-restore.h"

#include "alm-backup-private.h"
#include "alm-backup.h"
#include "alm-hub.h"
#include "alm-store-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PART "restore.part"

typedef struct
{
  const char *from;
  const char *to;
  char       *part;
  gboolean    made;      /* the folder was not there before */
  int         lock;      /* of `part`; −1 = none */
} Restore;

static void
restore_clear (Restore *self)
{
  g_free (self->part);
  if (self->lock >= 0)
    close (self->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Restore, restore_clear)

/* What a restore moves into its place: found beside `restore.part` and without a
 * database, it is left over from one that was broken off. */
static gboolean
is_ours (const char *name)
{
  return strcmp (name, "blobs") == 0 || strcmp (name, "erased.ndjson") == 0
         || (g_str_has_suffix (name, ".db") && strcmp (name, ALM_HUB_FILE) != 0);
}

static gboolean
is_empty (const char  *dir,
          gboolean     broken_off,
          GError     **error)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, error);
  const char *name;

  if (listing == NULL)
    return FALSE;

  while ((name = g_dir_read_name (listing)) != NULL)
    if (strcmp (name, PART) != 0 && strcmp (name, "lock") != 0
        && strcmp (name, "lost+found") != 0 && !(broken_off && is_ours (name)))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY,
                     "%s: it holds '%s' already; a backup is restored into an empty folder", dir,
                     name);
        return FALSE;
      }

  return TRUE;
}

static gboolean
check_place (Restore  *self,
             GError  **error)
{
  self->made = !g_file_test (self->to, G_FILE_TEST_EXISTS);
  if (self->made)
    return TRUE;

  if (alm_hub_exists (self->to))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s: there is a server in this folder",
                   self->to);
      return FALSE;
    }

  return is_empty (self->to, g_file_test (self->part, G_FILE_TEST_IS_DIR), error);
}

/* @files: of the manifest */
static gboolean
check_backup (Restore         *self,
              const AlmValue  *files,
              GError         **error)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  gint64 records, commands;

  if (alm_value_get (files, ALM_HUB_FILE) == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: this is no backup of a server: there is no " ALM_HUB_FILE " in it",
                   self->from);
      return FALSE;
    }
  if (!alm_backup_check (self->from, findings, error)
      || (findings->len == 0
          && !alm_backup_check_databases (self->from, TRUE, findings, &records, &commands,
                                          error)))
    return FALSE;
  if (findings->len == 0)
    return TRUE;

  g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
               "%s: the backup is damaged: %s (%u findings; `allmendectl verify --backup` names"
               " them all)", self->from, (char *) findings->pdata[0], findings->len);

  return FALSE;
}

/* An empty `restore.part`, ours alone. */
static gboolean
begin (Restore  *self,
       GError  **error)
{
  if (g_mkdir_with_parents (self->part, 0700) != 0)
    return alm_backup_fail (self->part, error);

  self->lock = open (self->part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->lock < 0)
    return alm_backup_fail (self->part, error);
  if (flock (self->lock, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: another restore is running there",
                   self->to);
      return FALSE;
    }

  return TRUE;
}

static void
clear_folder (const char  *dir,
              gboolean   (*wanted) (const char *name))
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (wanted == NULL || wanted (name))
      {
        g_autofree char *path = g_build_filename (dir, name, NULL);

        alm_backup_remove_tree (path);
      }
}

/* Nothing of it stays. */
static void
give_up (Restore *self)
{
  clear_folder (self->part, NULL);
  if (!alm_hub_exists (self->to))
    clear_folder (self->to, is_ours);
  g_rmdir (self->part);
  if (self->made)
    g_rmdir (self->to);
}

/* A blob never changes, so the same file will do; what could change is copied. */
static gboolean
copy_file (Restore         *self,
           const char      *name,
           const AlmValue  *told,
           GError         **error)
{
  g_autofree char *from = g_build_filename (self->from, name, NULL);
  g_autofree char *to = g_build_filename (self->part, name, NULL);
  g_autofree char *folder = g_path_get_dirname (to);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autofree char *sha256 = NULL;
  guint64 size;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return alm_backup_fail (folder, error);
  if (g_str_has_prefix (name, "blobs/") && link (from, to) == 0)
    return alm_backup_sync_path (folder, error);

  if (!g_file_copy (source, target,
                    G_FILE_COPY_NOFOLLOW_SYMLINKS | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL,
                    NULL, error))
    {
      g_prefix_error (error, "%s: ", to);
      return FALSE;
    }
  if (g_chmod (to, 0600) != 0)
    return alm_backup_fail (to, error);
  if (!alm_backup_sync_path (to, error) || !alm_backup_sync_path (folder, error))
    return FALSE;

  sha256 = alm_backup_hash_file (to, &size, error);
  if (sha256 == NULL)
    return FALSE;
  if (g_strcmp0 (sha256, alm_value_get_text_of (told, "sha256")) != 0)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
                   "%s: it was written, and reads otherwise; is the disk sound?", to);
      return FALSE;
    }

  return TRUE;
}

static gboolean
move (Restore     *self,
      const char  *name,
      GError     **error)
{
  g_autofree char *from = g_build_filename (self->part, name, NULL);
  g_autofree char *to = g_build_filename (self->to, name, NULL);

  return rename (from, to) == 0 || alm_backup_fail (to, error);
}

/* The last step.  Where its fsync fails nobody knows what the disk holds: then the
 * folder is to be no server's. */
static gboolean
move_database (Restore  *self,
               GError  **error)
{
  g_autofree char *placed = g_build_filename (self->to, ALM_HUB_FILE, NULL);
  g_autofree char *parent = g_path_get_dirname (self->to);

  if (!move (self, ALM_HUB_FILE, error))
    return FALSE;
  if (alm_backup_sync_path (self->to, error)
      && (!self->made || alm_backup_sync_path (parent, error)))
    return TRUE;

  g_unlink (placed);

  return FALSE;
}

static gboolean
move_all (Restore  *self,
          GError  **error)
{
  g_autoptr (GDir) listing = g_dir_open (self->part, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (listing == NULL)
    return FALSE;
  while ((name = g_dir_read_name (listing)) != NULL)
    if (is_ours (name))
      g_ptr_array_add (names, g_strdup (name));

  for (guint i = 0; i < names->len; i++)
    if (!move (self, names->pdata[i], error))
      return FALSE;

  return alm_backup_sync_path (self->to, error) && move_database (self, error);
}

static gboolean
copy_all (Restore         *self,
          const AlmValue  *files,
          AlmRestoreFunc   func,
          gpointer         user_data,
          GError         **error)
{
  g_autofree char *database = g_build_filename (self->part, ALM_HUB_FILE, NULL);

  for (guint i = 0; i < alm_value_get_size (files); i++)
    if (!copy_file (self, alm_value_get_key (files, i), alm_value_get_item (files, i), error))
      return FALSE;

  return func (self->part, user_data, error)
         && alm_backup_sync_path (database, error)
         && alm_backup_sync_path (self->part, error)
         && move_all (self, error);
}

gboolean
alm_restore_server (const char      *from,
                    const char      *to,
                    AlmRestoreFunc   func,
                    gpointer         user_data,
                    GError         **error)
{
  g_auto (Restore) self = {
    .from = from, .to = to, .part = g_build_filename (to, PART, NULL), .lock = -1,
  };
  g_autoptr (AlmValue) manifest = alm_backup_read (from, error);
  const AlmValue *files;

  if (manifest == NULL || !check_place (&self, error))
    return FALSE;
  files = alm_value_get (manifest, "files");
  if (!check_backup (&self, files, error))
    return FALSE;
  if (!begin (&self, error))
    {
      /* Somebody else's part is not ours to clear. */
      if (self.made)
        {
          g_rmdir (self.part);
          g_rmdir (self.to);
        }
      return FALSE;
    }

  clear_folder (self.part, NULL);
  clear_folder (self.to, is_ours);
  if (!copy_all (&self, files, func, user_data, error))
    {
      give_up (&self);
      return FALSE;
    }
  clear_folder (self.part, NULL);
  g_rmdir (self.part);

  return TRUE;
}
