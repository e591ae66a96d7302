/* SPDX-License-Identifier: EUPL-1.2 */

/* One SQLite file under the house's rules.
 *
 * Invariants:
 *   1. Exactly one connection per file writes and checkpoints; a lock file with
 *      its process number says which.  All others are opened read-only, with
 *      automatic checkpoints off, and do not checkpoint when they close.
 *      (SQLite up to 3.51.2 has a WAL-reset bug that needs two.)
 *   2. WAL, synchronous=FULL: what COMMIT has said is on the disk.
 *   3. No memory mapping: an I/O error is an error and not a signal.
 *   4. Never on a network file system.
 *   5. After an I/O error in a write nothing is written any more until the file
 *      is opened anew: the kernel may have marked pages clean that never
 *      arrived (Rebello et al., ATC 2020).  A full disk is not final.
 *   6. Files 0600, folder 0700.
 *   7. What is read after an opening is on the disk, too: see settle_wal().
 *   8. Where SQLite has rolled back by itself (no memory, I/O error) nothing more
 *      of that transaction is written: until our own rollback every statement
 *      fails, instead of committing alone.
 * Used by the thread that owns the connection; alm_db_open may run elsewhere. */

#define _GNU_SOURCE   /* program_invocation_short_name */

#include "config.h"

#include "alm-db-private.h"

#include "alm-plant.h"
#include "alm-store-error.h"
#include "alm-volume.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* "Alm1" */
#define APPLICATION_ID 0x416c6d31

#define WAL_PIECE 65536

/* So many pages of the WAL are copied back at once: 4 MiB. */
int alm_db_wal_pages = 1024;

static const char pragmas[] =
  "PRAGMA secure_delete = ON;"
  "PRAGMA temp_store = MEMORY;"
  "PRAGMA foreign_keys = ON;"
  "PRAGMA trusted_schema = OFF;"
  "PRAGMA cell_size_check = ON;"
  "PRAGMA mmap_size = 0;";

static const char writer_pragmas[] =
  "PRAGMA page_size = 4096;"
  "PRAGMA journal_mode = WAL;"
  "PRAGMA synchronous = FULL;"
  "PRAGMA journal_size_limit = 67108864;"
  "PRAGMA cache_size = -32768;";

static const char reader_pragmas[] =
  "PRAGMA query_only = ON;"
  "PRAGMA wal_autocheckpoint = 0;"
  "PRAGMA cache_size = -16384;";

static gboolean
fail_with_errno (int          code,
                 const char  *path,
                 GError     **error)
{
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s",
               path, g_strerror (code));

  return FALSE;
}

gboolean
alm_db_explain_folder (const char  *dir,
                       int          rc,
                       GError     **error)
{
  if (((rc & 0xff) != SQLITE_CANTOPEN && (rc & 0xff) != SQLITE_READONLY)
      || access (dir, W_OK | X_OK) == 0 || (errno != EACCES && errno != EROFS))
    return FALSE;

  g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_READ_ONLY,
               "%s: this folder cannot be written to (%s), and without that what it holds cannot "
               "even be read; get the right to write there, or copy it to a folder of your own",
               dir, g_strerror (errno));

  return TRUE;
}

static gboolean
make_folder (const char    *dir,
             AlmDbFlags     flags,
             GError       **error)
{
  if (g_file_test (dir, G_FILE_TEST_IS_DIR))
    return TRUE;

  if ((flags & ALM_DB_CREATE) == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: there is no such folder", dir);
      return FALSE;
    }

  if (g_mkdir_with_parents (dir, 0700) != 0)
    return fail_with_errno (errno, dir, error);

  return TRUE;
}

/* Says who holds the lock: "in use by allmende (pid 4711)". */
static void
say_who_holds (int         fd,
               const char *path,
               GError    **error)
{
  char text[128] = "";
  char name[96] = "another program";
  int pid = 0;

  if (pread (fd, text, sizeof text - 1, 0) > 0
      && sscanf (text, "%d %90[^\n]", &pid, name) == 2)
    g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_BUSY,
                 "%s: in use by %s (pid %d)", path, name, pid);
  else
    g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_BUSY,
                 "%s: in use by another program", path);
}

/* Takes the lock of the one writer; -1 with an error. */
static int
take_lock (const char  *dir,
           GError     **error)
{
  g_autofree char *path = g_build_filename (dir, "lock", NULL);
  g_autofree char *text = NULL;
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    {
      int code = errno;

      if (!alm_db_explain_folder (dir, SQLITE_CANTOPEN, error))
        fail_with_errno (code, path, error);
      return -1;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno == EWOULDBLOCK)
        say_who_holds (fd, dir, error);
      else
        fail_with_errno (errno, path, error);
      close (fd);
      return -1;
    }

  /* Who it is is told to people only; that it is held is the kernel's word. */
  text = g_strdup_printf ("%d %s\n", (int) getpid (),
                          program_invocation_short_name);
  if (ftruncate (fd, 0) != 0 || pwrite (fd, text, strlen (text), 0) < 0)
    g_debug ("%s: %s", path, g_strerror (errno));

  return fd;
}

/* SQLite gives its side files the mode of the database; an empty file is a new
 * one.  Only a file that is not there is opened here: closing a descriptor
 * drops the locks that this process holds on the file. */
static gboolean
make_file (const char  *path,
           GError     **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    return errno == EEXIST || fail_with_errno (errno, path, error);

  close (fd);

  return TRUE;
}

/* SQLite counts its memory, for nobody here, under one lock for all threads.  Where
 * somebody else has used it before us it goes on counting. */
static void
stop_counting (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&done, 1);
    }
}

static gboolean
open_handle (AlmDb    *self,
             int       flags,
             GError  **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->path, "/", TRUE);
  g_autofree char *uri = g_strdup_printf ("file:%s?immutable=1", escaped);
  int rc;

  stop_counting ();
  rc = sqlite3_open_v2 (self->frozen ? uri : self->path, &self->handle,
                        flags | SQLITE_OPEN_NOMUTEX | (self->frozen ? SQLITE_OPEN_URI : 0), NULL);

  if (rc == SQLITE_CANTOPEN && access (self->path, R_OK) != 0)
    {
      if (errno != ENOENT)
        return fail_with_errno (errno, self->path, error);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: there is no such file",
                   self->path);
      return FALSE;
    }

  if (rc != SQLITE_OK)
    {
      g_autoptr (GError) reason = NULL;

      alm_sql_set_error (self->handle, rc, &reason);
      g_set_error (error, reason->domain, reason->code, "%s: %s", self->path, reason->message);
      return FALSE;
    }

  sqlite3_extended_result_codes (self->handle, 1);

  return TRUE;
}

static gboolean
migrate (AlmDb               *self,
         const AlmMigration  *migrations,
         guint                n_migrations,
         GError             **error)
{
  gint64 version;
  gint64 application;

  if (!alm_db_get_int (self, "PRAGMA user_version", 0, &version, error)
      || !alm_db_get_int (self, "PRAGMA application_id", 0, &application, error))
    return FALSE;

  if (version > 0 && application != APPLICATION_ID)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FAILED,
                   "%s: this is a database of another program", self->path);
      return FALSE;
    }

  if (version > n_migrations)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_NEWER,
                   "%s: made by a newer version of Allmende (schema %" G_GINT64_FORMAT
                   ", this one knows %u)", self->path, version, n_migrations);
      return FALSE;
    }

  if (version < n_migrations && self->frozen)
    return TRUE;
  if (version < n_migrations && !self->writable)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FAILED,
                   "%s: has an older schema and must be opened for writing first", self->path);
      return FALSE;
    }

  for (guint i = (guint) version; i < n_migrations; i++)
    {
      g_autofree char *number = g_strdup_printf ("PRAGMA user_version = %u;"
                                                 "PRAGMA application_id = %d", i + 1,
                                                 APPLICATION_ID);

      if (!alm_db_begin (self, error))
        return FALSE;

      if (!migrations[i] (self, error)
          || !alm_sql_exec (self->handle, number, error)
          || !alm_db_commit (self, error))
        {
          alm_db_rollback (self);
          return FALSE;
        }
    }

  return TRUE;
}

static void
set_final (AlmDb *self,
           int    rc)
{
  if (self->final != NULL)
    return;

  alm_sql_set_error (self->handle, rc, &self->final);
  g_message ("%s: %s; read-only until the next start", self->path, self->final->message);
}

/* After each commit, which is on the disk by now.  SQLite's own copying back hides
 * its errors; but after a failed sync it is not known what of the WAL has arrived,
 * and what follows in it may be lost with that. */
static int
committed_cb (void       *data,
              sqlite3    *handle,
              const char *name,
              int         n_pages)
{
  AlmDb *self = data;
  int rc = SQLITE_OK;

  if (n_pages >= alm_db_wal_pages)
    rc = sqlite3_wal_checkpoint_v2 (handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  if (((rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CORRUPT)
      && rc != SQLITE_IOERR_NOMEM && !ALM_PLANTED ("copying-forgiven"))
    set_final (self, rc);

  return SQLITE_OK;
}

static gboolean
set_up (AlmDb    *self,
        GError  **error)
{
  int on = 0;

  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, self->writable ? 0 : 1, &on);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, &on);

  if (!alm_sql_add_functions (self->handle, error)
      || !alm_sql_exec (self->handle, pragmas, error)
      || !alm_sql_exec (self->handle, self->writable ? writer_pragmas : reader_pragmas, error))
    return FALSE;

  if (self->writable)
    sqlite3_wal_hook (self->handle, committed_cb, self);
  if (ALM_PLANTED ("no-sync")
      && !alm_sql_exec (self->handle, "PRAGMA synchronous = OFF", error))
    return FALSE;

  self->lost = alm_sql_new_failed (self->handle, SQLITE_ABORT_ROLLBACK);
  self->begin = alm_sql_prepare (self->handle, self->writable ? "BEGIN IMMEDIATE" : "BEGIN");
  self->commit = alm_sql_prepare (self->handle, "COMMIT");
  self->rollback = alm_sql_prepare (self->handle, "ROLLBACK");

  return TRUE;
}

/* The process before this one may have died, or stopped after a sync that failed,
 * while its last transaction stood in the kernel's memory alone.  SQLite reads it
 * there, finds it whole and goes on: it would be shown, sent and answered for, and
 * be gone with the next loss of power.  After a failed sync even the next one does
 * not help, for the kernel thinks that those pages are clean (Rebello et al., ATC
 * 2020).  So the same bytes are written once more, and synced, before anybody
 * looks at them. */
static gboolean
settle_wal (AlmDb   *self,
            GError **error)
{
  g_autofree guint8 *piece = NULL;
  sqlite3_file *file = NULL;
  sqlite3_int64 size = 0;
  int rc = sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);

  if (rc != SQLITE_OK || file == NULL || file->pMethods == NULL || ALM_PLANTED ("wal-unsettled"))
    return TRUE;

  rc = file->pMethods->xFileSize (file, &size);
  if (rc == SQLITE_OK && size == 0)
    return TRUE;

  piece = g_malloc (WAL_PIECE);
  for (sqlite3_int64 at = 0; rc == SQLITE_OK && at < size; at += WAL_PIECE)
    {
      int length = (int) MIN (WAL_PIECE, size - at);

      rc = file->pMethods->xRead (file, piece, length, at);
      if (rc == SQLITE_OK)
        rc = file->pMethods->xWrite (file, piece, length, at);
    }
  if (rc == SQLITE_OK)
    rc = file->pMethods->xSync (file, SQLITE_SYNC_FULL);
  if (rc == SQLITE_OK)
    return TRUE;

  g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FAILED,
               "%s: what was written last cannot be brought to the disk: %s (SQLite %d)",
               self->path, sqlite3_errstr (rc), rc);

  return FALSE;
}

static void
close_handle (AlmDb *self)
{
  g_clear_pointer (&self->lost, alm_sql_free);
  g_clear_pointer (&self->begin, alm_sql_free);
  g_clear_pointer (&self->commit, alm_sql_free);
  g_clear_pointer (&self->rollback, alm_sql_free);
  g_hash_table_remove_all (self->statements);

  /* Every statement is gone, so the close cannot be refused. */
  if (sqlite3_close (self->handle) != SQLITE_OK)
    g_warning ("%s: a statement was left open", self->path);
  self->handle = NULL;
}

static gboolean
open_file (AlmDb               *self,
           const AlmMigration  *migrations,
           guint                n_migrations,
           GError             **error)
{
  int open_flags = SQLITE_OPEN_READONLY;

  if (self->writable)
    open_flags = SQLITE_OPEN_READWRITE;

  return open_handle (self, open_flags, error)
         && set_up (self, error)
         && (!self->writable || settle_wal (self, error))
         && migrate (self, migrations, n_migrations, error);
}

/* The texts of statements are long, begin alike, and are looked up at each use: they
 * are told apart by their length and their end. */
static guint
hash_statement (gconstpointer key)
{
  const char *sql = key;
  gsize length = strlen (sql);
  guint hash = (guint) length;

  for (gsize i = length > 24 ? length - 24 : 0; i < length; i++)
    hash = hash * 33 + (guchar) sql[i];

  return hash;
}

/* Opens @dir/@name.  With WRITE, a file that SQLite finds damaged but can still
 * read is opened read-only instead, and `damage` says so. */
AlmDb *
alm_db_open (const char          *dir,
             const char          *name,
             AlmDbFlags           flags,
             const AlmMigration  *migrations,
             guint                n_migrations,
             GError             **error)
{
  g_autoptr (AlmDb) self = g_new0 (AlmDb, 1);
  g_autoptr (GError) reason = NULL;
  gboolean opened;

  self->lock = -1;
  self->path = g_build_filename (dir, name, NULL);
  self->writable = (flags & ALM_DB_WRITE) != 0;
  self->frozen = (flags & ALM_DB_FROZEN) != 0;
  self->statements = g_hash_table_new_full (hash_statement, g_str_equal, g_free,
                                            (GDestroyNotify) alm_sql_free);

  if (!make_folder (dir, flags, error) || !alm_volume_check (dir, error))
    return NULL;

  if (self->writable && (self->lock = take_lock (dir, error)) < 0)
    return NULL;

  if ((flags & ALM_DB_CREATE) != 0 && !make_file (self->path, error))
    return NULL;

  opened = open_file (self, migrations, n_migrations, &reason);

  if (!opened && self->writable
      && g_error_matches (reason, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT))
    {
      if (self->handle != NULL)
        close_handle (self);
      alm_db_set_damage (self, reason);
      opened = open_file (self, migrations, n_migrations, NULL);
    }

  if (!opened)
    {
      if (alm_db_explain_folder (dir, sqlite3_errcode (self->handle), error))
        return NULL;
      if (g_str_has_prefix (reason->message, self->path))
        g_propagate_error (error, g_steal_pointer (&reason));
      else
        g_set_error (error, reason->domain, reason->code, "%s: %s", self->path, reason->message);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
alm_db_close (AlmDb *self)
{
  if (self->handle != NULL)
    {
      if (alm_db_is_inside (self))
        alm_db_rollback (self);
      close_handle (self);
    }

  /* The kernel gives the lock back; the file stays, or two could hold two. */
  if (self->lock >= 0)
    {
      if (ftruncate (self->lock, 0) != 0)
        g_debug ("%s: %s", self->path, g_strerror (errno));
      close (self->lock);
    }

  g_clear_error (&self->damage);
  g_clear_error (&self->final);
  g_hash_table_unref (self->statements);
  g_free (self->path);
  g_free (self);
}

AlmQuery *
alm_db_query (AlmDb      *self,
              const char *sql)
{
  AlmSql *query;

  if (self->inside && sqlite3_get_autocommit (self->handle))
    return self->lost;

  query = g_hash_table_lookup (self->statements, sql);
  if (query != NULL && !alm_sql_is_broken (query))
    {
      g_assert (!alm_sql_is_busy (query));
      return query;
    }

  /* One that could not be prepared (no memory) is tried again. */
  query = alm_sql_prepare (self->handle, sql);
  g_hash_table_replace (self->statements, g_strdup (sql), query);

  return query;
}

void
alm_query_end (AlmQuery *self)
{
  alm_sql_reset (self);
}

gboolean
alm_db_may_write (AlmDb   *self,
                  GError **error)
{
  if (self->damage != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY,
                 "%s: the database is damaged and was opened read-only", self->path);
  else if (self->final != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY,
                 "%s: nothing is written until the next start, after: %s", self->path,
                 self->final->message);
  else if (!self->writable)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY, "%s: opened for reading", self->path);
  else
    return TRUE;

  return FALSE;
}

void
alm_db_set_damage (AlmDb        *self,
                   const GError *damage)
{
  if (self->damage == NULL)
    self->damage = g_error_copy (damage);
  self->writable = FALSE;
}

gboolean
alm_db_begin (AlmDb   *self,
              GError **error)
{
  g_autoptr (AlmQuery) begin = self->begin;

  g_assert (!self->inside);

  if (self->writable && !alm_db_may_write (self, error))
    return FALSE;

  self->inside = alm_sql_run (begin, error);

  return self->inside;
}

/* Looks at the last failed call: was it one after which a file is not to be trusted? */
void
alm_db_note_final (AlmDb *self)
{
  int rc = sqlite3_extended_errcode (self->handle);
  gboolean is_final = (rc & 0xff) == SQLITE_IOERR && rc != SQLITE_IOERR_NOMEM;

  if (ALM_PLANTED ("error-forgiven"))
    return;
  if (self->writable && (is_final || (rc & 0xff) == SQLITE_CORRUPT))
    set_final (self, rc);
}

/* On FALSE nothing of the transaction is there. */
gboolean
alm_db_commit (AlmDb   *self,
               GError **error)
{
  g_autoptr (AlmQuery) commit = self->commit;

  g_assert (self->inside);

  if (sqlite3_get_autocommit (self->handle))
    g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FAILED,
                 "%s: the transaction was lost", self->path);
  else if (alm_sql_run (commit, error))
    {
      self->inside = FALSE;
      return TRUE;
    }

  alm_sql_reset (commit);
  alm_db_rollback (self);

  return FALSE;
}

/* Also where SQLite has already rolled back by itself. */
void
alm_db_rollback (AlmDb *self)
{
  g_autoptr (AlmQuery) rollback = self->rollback;

  self->inside = FALSE;
  alm_db_note_final (self);
  if (rollback != NULL && !sqlite3_get_autocommit (self->handle)
      && !alm_sql_run (rollback, NULL))
    alm_db_note_final (self);
}

gboolean
alm_db_is_inside (AlmDb *self)
{
  return self->inside;
}

gboolean
alm_db_get_int (AlmDb       *self,
                const char  *sql,
                gint64       fallback,
                gint64      *value,
                GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self, sql);

  switch (alm_sql_step (query, error))
    {
    case ALM_SQL_STEP_ERROR:
      return FALSE;

    case ALM_SQL_STEP_ROW:
      *value = alm_sql_is_null (query, 0) ? fallback : alm_sql_get_int (query, 0);
      return TRUE;

    case ALM_SQL_STEP_DONE:
    default:
      *value = fallback;
      return TRUE;
    }
}
