/* SPDX-License-Identifier: EUPL-1.2 */

/* The numbered steps of the profile's schema.  A step that has been released is
 * never changed; the tables that are derived from `records` are not here, they
 * can be made anew at any time (alm-desk-derived.c). */

#include "config.h"

#include "alm-desk-private.h"

/* sync.md, section 3.3.  `more` of a command holds what few have: conflict,
 * confirm, fields, reason.  `undoes`: the k of the command that this one takes back;
 * 0 = made by the program itself, which nobody takes back. */
static const char first[] =
  "CREATE TABLE names (i INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"

  "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

  "CREATE TABLE records (rid INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
  " scope INTEGER NOT NULL, kind INTEGER NOT NULL, ver INTEGER NOT NULL,"
  " del INTEGER NOT NULL, body TEXT NOT NULL, body_p TEXT, hash BLOB NOT NULL) STRICT;"
  "CREATE INDEX records_by_kind ON records (kind, scope, del);"

  "CREATE TABLE shadow (id BLOB PRIMARY KEY, ver INTEGER NOT NULL, del INTEGER NOT NULL,"
  " body TEXT NOT NULL, body_p TEXT, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;"

  "CREATE TABLE commands (k INTEGER PRIMARY KEY, desk BLOB NOT NULL, n INTEGER,"
  " cid TEXT NOT NULL, scope INTEGER NOT NULL, id BLOB NOT NULL, op TEXT NOT NULL,"
  " base INTEGER NOT NULL, set_ TEXT, old_ TEXT, at TEXT NOT NULL, batch TEXT,"
  " state TEXT NOT NULL CHECK (state IN ('waiting','acked','refused','dismissed','local')),"
  " seq INTEGER, outcome TEXT, kind INTEGER, more TEXT, undoes INTEGER) STRICT;"
  "CREATE INDEX commands_by_id ON commands (id);"
  "CREATE INDEX commands_by_n ON commands (n);"
  "CREATE INDEX commands_waiting ON commands (state) WHERE state = 'waiting' OR state = 'refused';"

  "CREATE TABLE cursors (scope TEXT PRIMARY KEY, seq INTEGER NOT NULL, grant_hash TEXT,"
  " info TEXT, wanted INTEGER NOT NULL DEFAULT 1) STRICT, WITHOUT ROWID;"

  "CREATE TABLE strays (id BLOB PRIMARY KEY, ver INTEGER NOT NULL, scope INTEGER NOT NULL,"
  " kind INTEGER NOT NULL, body TEXT NOT NULL, since TEXT NOT NULL) STRICT, WITHOUT ROWID;"

  "CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, type TEXT,"
  " state TEXT NOT NULL) STRICT, WITHOUT ROWID;"

  "CREATE TABLE derived (kind INTEGER PRIMARY KEY, model_hash BLOB NOT NULL,"
  " state TEXT NOT NULL CHECK (state IN ('fresh','stale'))) STRICT;";

static gboolean
make_first (AlmDb   *db,
            GError **error)
{
  return alm_sql_exec (db->handle, first, error);
}

/* Synchronisation.  `passing`: answered commands whose effect the feed has not
 * brought yet; `seen`: what came while a scope is read again from 0. */
static const char second[] =
  "CREATE TABLE passing (id BLOB NOT NULL, k INTEGER NOT NULL, scope INTEGER NOT NULL,"
  " seq INTEGER NOT NULL, PRIMARY KEY (id, k)) STRICT, WITHOUT ROWID;"

  "CREATE TABLE seen (id BLOB PRIMARY KEY, scope INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

static gboolean
make_second (AlmDb   *db,
             GError **error)
{
  return alm_sql_exec (db->handle, second, error);
}

/* From here on `set_` of a `new` may be NULL: it says what its record holds.  What is
 * there stays; a program that does not know this must not open the file.  What has come
 * since a version is asked for by scope. */
static gboolean
make_third (AlmDb   *db,
            GError **error)
{
  return alm_sql_exec (db->handle, "CREATE INDEX records_by_ver ON records (scope, ver)", error);
}

/* What exists only here: `began` = a version of the server's above it is newer than the
 * restore, so that one record may be kept from two restores.  `refill`: commands that are
 * handed in once more after a restore, until they have their answer. */
static const char fourth[] =
  "ALTER TABLE strays RENAME TO strays_3;"
  "CREATE TABLE strays (id BLOB NOT NULL, ver INTEGER NOT NULL, scope INTEGER NOT NULL,"
  " kind INTEGER NOT NULL, body TEXT NOT NULL, since TEXT NOT NULL, began INTEGER NOT NULL,"
  " PRIMARY KEY (id, ver)) STRICT, WITHOUT ROWID;"
  "INSERT INTO strays SELECT id, ver, scope, kind, body, since, 0 FROM strays_3;"
  "DROP TABLE strays_3;"
  "CREATE TABLE refill (k INTEGER PRIMARY KEY) STRICT;";

static gboolean
make_fourth (AlmDb   *db,
             GError **error)
{
  return alm_sql_exec (db->handle, fourth, error);
}

/* Attached files: which records name them. */
static const char fifth[] =
  "CREATE TABLE blob_refs (id BLOB NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (id, sha256))"
  " STRICT, WITHOUT ROWID;"
  "CREATE INDEX blob_refs_by_name ON blob_refs (sha256);"
  "CREATE INDEX blobs_moving ON blobs (state, size, sha256)"
  " WHERE state IN ('waiting', 'wanted');";

static gboolean
make_fifth (AlmDb   *db,
            GError **error)
{
  return alm_sql_exec (db->handle, fifth, error) && alm_desk_fill_blobs (db, error);
}

const AlmMigration alm_desk_migrations[] = {
  make_first,
  make_second,
  make_third,
  make_fourth,
  make_fifth,
};

const guint alm_desk_n_migrations = G_N_ELEMENTS (alm_desk_migrations);
