/* SPDX-License-Identifier: EUPL-1.2 */

/* A copy of a folder of ours, a profile or a server's, made beside whoever is
 * writing there (sync.md, section 4.11): each database in one read transaction,
 * then the blobs, then a manifest with the hash of every file.
 *
 * The copy is written to DIR.part, everything is brought to the disk, and only
 * then it gets its name: a backup that is there is whole. */

#include "config.h"

#include "alm-backup-private.h"
#include "alm-backup.h"

#include "alm-blob-store.h"
#include "alm-clock.h"
#include "alm-db-private.h"
#include "alm-json.h"
#include "alm-store-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  const char *from;
  char       *part;
  AlmValue   *files;     /* path → {"sha256","size"} */
  guint       n_files;
  guint64     bytes;
} Backup;

gboolean
alm_backup_fail (const char  *path,
                 GError     **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", path,
               g_strerror (code));

  return FALSE;
}

gboolean
alm_backup_sync_path (const char  *path,
                      GError     **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (!done)
    alm_backup_fail (path, error);
  if (fd >= 0)
    close (fd);

  return done;
}

char *
alm_backup_hash_file (const char  *path,
                      guint64     *size,
                      GError     **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (1 << 16);
  FILE *file = fopen (path, "re");
  gsize length;

  *size = 0;
  if (file == NULL)
    {
      alm_backup_fail (path, error);
      return NULL;
    }

  while ((length = fread (buffer, 1, 1 << 16, file)) > 0)
    {
      g_checksum_update (checksum, buffer, (gssize) length);
      *size += length;
    }
  if (ferror (file))
    {
      alm_backup_fail (path, error);
      fclose (file);
      return NULL;
    }
  fclose (file);

  return g_strdup (g_checksum_get_string (checksum));
}

/* @name: path in the copy, which is written and on the disk */
static gboolean
note_file (Backup      *self,
           const char  *name,
           GError     **error)
{
  g_autofree char *path = g_build_filename (self->part, name, NULL);
  AlmValue *entry = alm_value_new_object ();
  g_autofree char *sha256 = NULL;
  guint64 size;

  alm_value_set (self->files, name, entry);
  if (!alm_backup_sync_path (path, error))
    return FALSE;

  sha256 = alm_backup_hash_file (path, &size, error);
  if (sha256 == NULL)
    return FALSE;

  alm_value_set_text (entry, "sha256", sha256);
  alm_value_set_integer (entry, "size", (gint64) size);
  self->n_files++;
  self->bytes += size;

  return TRUE;
}

/* One read transaction, whatever is written meanwhile. */
static gboolean
copy_database (Backup      *self,
               const char  *name,
               GError     **error)
{
  g_autofree char *from = g_build_filename (self->from, name, NULL);
  g_autofree char *to = g_build_filename (self->part, name, NULL);
  sqlite3 *source = NULL;
  sqlite3 *target = NULL;
  sqlite3_backup *backup = NULL;
  int fd = open (to, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  int rc;

  if (fd < 0)
    return alm_backup_fail (to, error);
  close (fd);

  rc = sqlite3_open_v2 (from, &source, SQLITE_OPEN_READONLY, NULL);
  if (rc == SQLITE_OK)
    {
      sqlite3_db_config (source, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      rc = sqlite3_open_v2 (to, &target, SQLITE_OPEN_READWRITE, NULL);
    }
  if (rc == SQLITE_OK)
    {
      backup = sqlite3_backup_init (target, "main", source, "main");
      rc = backup != NULL ? sqlite3_backup_step (backup, -1) : sqlite3_errcode (target);
    }
  if (backup != NULL && sqlite3_backup_finish (backup) == SQLITE_OK && rc == SQLITE_DONE)
    rc = SQLITE_OK;
  if (rc != SQLITE_OK)
    {
      g_autoptr (GError) reason = NULL;

      alm_sql_set_error (target != NULL ? target : source, rc, &reason);
      if (!alm_db_explain_folder (self->from, rc, error))
        g_set_error (error, reason->domain, reason->code, "%s: %s", from, reason->message);
    }
  sqlite3_close (target);
  sqlite3_close (source);

  return rc == SQLITE_OK && note_file (self, name, error);
}

static gboolean
copy_file (Backup      *self,
           const char  *name,
           GError     **error)
{
  g_autofree char *from = g_build_filename (self->from, name, NULL);
  g_autofree char *to = g_build_filename (self->part, name, NULL);
  g_autofree char *folder = g_path_get_dirname (to);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return alm_backup_fail (folder, error);

  /* A blob never changes, so the same file will do. */
  if (g_str_has_prefix (name, "blobs/") && link (from, to) == 0)
    return note_file (self, name, error);

  {
    g_autoptr (GFile) source = g_file_new_for_path (from);
    g_autoptr (GFile) target = g_file_new_for_path (to);

    if (!g_file_copy (source, target, G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, error))
      return FALSE;
  }

  return note_file (self, name, error);
}

/* Which attached files the copied databases speak of; those that are not there were not
 * there when the copy was made, or have not come yet. */
static gboolean
copy_named (Backup      *self,
            const char  *database,
            const char  *text,
            GError     **error)
{
  g_autofree char *path = g_build_filename (self->part, database, NULL);
  sqlite3 *db = NULL;
  gboolean done;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  done = sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
  if (!done)
    alm_sql_set_error (db, sqlite3_errcode (db), error);
  else
    {
      g_autoptr (AlmSql) sql = alm_sql_prepare (db, text);
      AlmSqlStep step = ALM_SQL_STEP_DONE;

      while (done && (step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
        {
          const char *sha256 = alm_sql_get_text (sql, 0);
          g_autofree char *name = g_strdup_printf ("blobs/%.2s/%s", sha256, sha256);

          done = alm_blob_store_get_size (self->from, sha256) < 0
                 || copy_file (self, name, error);
        }
      done &= step == ALM_SQL_STEP_DONE;
    }
  sqlite3_close (db);

  return done;
}

/* The folders' names are on the disk too. */
static gboolean
sync_blob_folders (Backup  *self,
                   GError **error)
{
  g_autofree char *root = g_build_filename (self->part, "blobs", NULL);
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (root, name, NULL);

      if (!alm_backup_sync_path (inner, error))
        return FALSE;
    }

  return dir == NULL || alm_backup_sync_path (root, error);
}

/* What a folder of ours holds beside databases: attached files, and the list of what was
 * erased.  Not the lock, not the token: who has the copy must log in. */
static gboolean
copy_blobs (Backup  *self,
            GError **error)
{
  return copy_named (self, "allmende.db", "SELECT sha256 FROM uploads UNION"
                     " SELECT sha256 FROM blob_refs", error)
         && copy_named (self, "profile.db", "SELECT sha256 FROM blobs", error)
         && sync_blob_folders (self, error);
}

static gboolean
copy_all (Backup  *self,
          GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (self->from, 0, error);
  const char *name;
  guint databases = 0;

  if (dir == NULL)
    return FALSE;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".db"))
      {
        if (!copy_database (self, name, error))
          return FALSE;
        databases++;
      }
    else if (strcmp (name, "erased.ndjson") == 0 && !copy_file (self, name, error))
      return FALSE;

  if (databases == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: there is no database in it",
                   self->from);
      return FALSE;
    }

  return copy_blobs (self, error);
}

static gboolean
write_manifest (Backup   *self,
                AlmValue *heads,
                GError  **error)
{
  g_autoptr (AlmValue) manifest = alm_value_new_object ();
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  AlmValue *counts = alm_value_new_object ();
  g_autofree char *made = alm_clock_format (alm_clock_now_us (alm_clock_system ()));
  gint64 records, commands;
  g_autofree char *path = g_build_filename (self->part, ALM_BACKUP_MANIFEST, NULL);
  g_autofree char *text = NULL;

  /* What is copied is looked at once before it is called a backup. */
  alm_value_set (manifest, "counts", counts);
  if (!alm_backup_check_databases (self->part, TRUE, findings, &records, &commands, error))
    return FALSE;
  if (findings->len > 0)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT, "%s is damaged: %s",
                   self->from, (char *) findings->pdata[0]);
      return FALSE;
    }
  alm_value_set_integer (counts, "records", records);
  alm_value_set_integer (counts, "commands", commands);
  alm_value_set_text (manifest, "made", made);
  alm_value_set_integer (manifest, "backup", 1);
  alm_value_set (manifest, "files", alm_value_ref (self->files));
  alm_value_set (manifest, "heads", alm_value_ref (heads));
  text = alm_value_to_text (manifest);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_DURABLE, 0600, error)
         && alm_backup_sync_path (self->part, error);
}

/* The newest link of each scope's chain; nothing in a profile. */
static AlmValue *
read_heads (Backup *self)
{
  g_autofree char *path = g_build_filename (self->part, "allmende.db", NULL);
  AlmValue *heads = alm_value_new_object ();
  sqlite3 *db = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS)
      && sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
    {
      g_autoptr (AlmSql) sql = alm_sql_prepare (db, "SELECT n.name, hex (h.chain) FROM history h"
                                                " JOIN names n ON n.i = h.scope"
                                                " GROUP BY h.scope HAVING h.seq = max (h.seq)");

      while (alm_sql_step (sql, NULL) == ALM_SQL_STEP_ROW)
        {
          g_autofree char *head = g_ascii_strdown (alm_sql_get_text (sql, 1), -1);

          alm_value_set_text (heads, alm_sql_get_text (sql, 0), head);
        }
    }
  sqlite3_close (db);

  return heads;
}

void
alm_backup_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      alm_backup_remove_tree (inner);
    }
  g_remove (path);
}

static AlmValue *
make_copy (Backup      *self,
           const char  *to,
           GError     **error)
{
  g_autoptr (AlmValue) heads = NULL;
  g_autofree char *parent = g_path_get_dirname (to);
  AlmValue *answer;

  if (!copy_all (self, error))
    return NULL;

  heads = read_heads (self);
  if (!write_manifest (self, heads, error))
    return NULL;

  if (rename (self->part, to) != 0)
    {
      alm_backup_fail (to, error);
      return NULL;
    }
  if (!alm_backup_sync_path (parent, error))
    return NULL;

  answer = alm_value_new_object ();
  alm_value_set_text (answer, "to", to);
  alm_value_set_integer (answer, "files", self->n_files);
  alm_value_set_integer (answer, "bytes", (gint64) self->bytes);
  alm_value_set (answer, "heads", g_steal_pointer (&heads));

  return answer;
}

/* {"to","files","bytes","heads"}; (transfer full).  @to must not exist. */
AlmValue *
alm_backup_make (const char  *from,
                 const char  *to,
                 GError     **error)
{
  g_autofree char *part = g_strconcat (to, ".part", NULL);
  g_autoptr (AlmValue) files = alm_value_new_object ();
  Backup backup = { .from = from, .part = part, .files = files };
  AlmValue *answer;

  if (g_file_test (to, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s: exists already", to);
      return NULL;
    }

  alm_backup_remove_tree (part);
  if (g_mkdir_with_parents (part, 0700) != 0)
    {
      alm_backup_fail (part, error);
      return NULL;
    }

  answer = make_copy (&backup, to, error);
  if (answer == NULL)
    alm_backup_remove_tree (part);

  return answer;
}

/* Whether a file of this name is inside the folder, wherever that is. */
static gboolean
stays_inside (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", 0);

  for (char **part = parts; *part != NULL; part++)
    if (**part == '\0' || strcmp (*part, ".") == 0 || strcmp (*part, "..") == 0)
      return FALSE;

  return parts[0] != NULL;
}

/* (transfer full) */
AlmValue *
alm_backup_read (const char  *dir,
                 GError     **error)
{
  g_autofree char *path = g_build_filename (dir, ALM_BACKUP_MANIFEST, NULL);
  g_autoptr (AlmValue) manifest = NULL;
  g_autofree char *text = NULL;
  AlmValue *files;
  gsize length;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "%s: no backup of Allmende: there is no " ALM_BACKUP_MANIFEST " in it", dir);
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;

  manifest = alm_json_parse (text, (gssize) length, NULL, error);
  if (manifest == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }

  files = alm_value_is (manifest, ALM_VALUE_OBJECT) ? alm_value_get (manifest, "files") : NULL;
  if (!alm_value_is (files, ALM_VALUE_OBJECT) || alm_value_get_size (files) == 0)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT, "%s: it names no files", path);
      return NULL;
    }
  for (guint i = 0; i < alm_value_get_size (files); i++)
    if (!stays_inside (alm_value_get_key (files, i)))
      {
        g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
                     "%s: it names a file outside: %s", path, alm_value_get_key (files, i));
        return NULL;
      }

  return g_steal_pointer (&manifest);
}

/* Does every file of the manifest stand there as it was written?  @findings:
 * (element-type utf8) "FILE: what".  FALSE: there is no readable manifest. */
gboolean
alm_backup_check (const char  *dir,
                  GPtrArray   *findings,
                  GError     **error)
{
  g_autoptr (AlmValue) manifest = alm_backup_read (dir, error);
  AlmValue *files;

  if (manifest == NULL)
    return FALSE;

  files = alm_value_get (manifest, "files");
  for (guint i = 0; i < alm_value_get_size (files); i++)
    {
      const char *name = alm_value_get_key (files, i);
      g_autofree char *file = g_build_filename (dir, name, NULL);
      g_autoptr (GError) reason = NULL;
      guint64 size;
      g_autofree char *sha256 = alm_backup_hash_file (file, &size, &reason);

      if (sha256 == NULL)
        g_ptr_array_add (findings, g_strdup (reason->message));
      else if (g_strcmp0 (sha256, alm_value_get_text_of (alm_value_get_item (files, i),
                                                         "sha256")) != 0)
        g_ptr_array_add (findings, g_strdup_printf ("%s: its hash does not fit", name));
    }

  return TRUE;
}

static gint64
count_rows (sqlite3    *db,
            const char *table)
{
  g_autofree char *text = g_strdup_printf ("SELECT count(*) FROM %s", table);
  g_autoptr (AlmSql) sql = alm_sql_prepare (db, text);

  return alm_sql_step (sql, NULL) == ALM_SQL_STEP_ROW ? alm_sql_get_int (sql, 0) : 0;
}

static gboolean
check_database (const char  *dir,
                const char  *name,
                gboolean     frozen,
                GPtrArray   *findings,
                gint64      *records,
                gint64      *commands,
                GError     **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *escaped = g_uri_escape_string (path, "/", TRUE);
  /* A backup is not written by anybody, and is not to be written by us. */
  g_autofree char *uri = g_strdup_printf ("file:%s%s", escaped, frozen ? "?immutable=1" : "");
  sqlite3 *db = NULL;
  int rc = sqlite3_open_v2 (uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);

  if (rc == SQLITE_OK)
    {
      g_autoptr (AlmSql) sql = NULL;
      g_autoptr (GError) reason = NULL;
      AlmSqlStep step;

      sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      sql = alm_sql_prepare (db, "PRAGMA integrity_check");
      while ((step = alm_sql_step (sql, &reason)) == ALM_SQL_STEP_ROW)
        if (strcmp (alm_sql_get_text (sql, 0), "ok") != 0)
          g_ptr_array_add (findings, g_strdup_printf ("%s: %s", name, alm_sql_get_text (sql, 0)));
      if (step == ALM_SQL_STEP_ERROR && alm_db_explain_folder (dir, sqlite3_errcode (db), error))
        rc = SQLITE_CANTOPEN;
      else if (step == ALM_SQL_STEP_ERROR)
        g_ptr_array_add (findings, g_strdup_printf ("%s: %s", name, reason->message));

      *records += count_rows (db, "records");
      *commands += count_rows (db, "history") + count_rows (db, "commands");
    }
  else
    alm_sql_set_error (db, rc, error);
  sqlite3_close (db);

  return rc == SQLITE_OK;
}

/* SQLite's own check of every database in @dir. */
gboolean
alm_backup_check_databases (const char  *dir,
                            gboolean     frozen,
                            GPtrArray   *findings,
                            gint64      *records,
                            gint64      *commands,
                            GError     **error)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, error);
  const char *name;

  *records = *commands = 0;
  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (g_str_has_suffix (name, ".db")
        && !check_database (dir, name, frozen, findings, records, commands, error))
      return FALSE;

  return listing != NULL;
}
