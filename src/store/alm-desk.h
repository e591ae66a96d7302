/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-clock.h"
#include "alm-command.h"
#include "alm-filter.h"
#include "alm-merge.h"
#include "alm-model.h"

G_BEGIN_DECLS

/* One connection to the database of one workbench profile (a *desk*).
 * Synchronous; belongs to one thread at a time: AlmRecords gives it to its
 * worker, allmendectl and the simulation use it as it is.  All functions
 * return FALSE or NULL with an error, and have then changed nothing. */
typedef struct _AlmDesk AlmDesk;

typedef enum {
  ALM_DESK_READ      = 0,        /* a reader beside the one writer */
  ALM_DESK_WRITE     = 1 << 0,   /* takes the lock file; migrates */
  ALM_DESK_CREATE    = 1 << 1    /* with WRITE: makes a missing profile */
} AlmDeskFlags;

/* A record as it is shown. */
typedef struct
{
  AlmId     id;
  gint64    rid;         /* this file's own row number, for indexes in memory */
  gint64    ver;         /* the server's version; 0 = the server does not know it yet */
  gboolean  deleted;
  gboolean  waiting;     /* has commands that are not with the server yet */
  char     *scope;
  char     *kind;
  AlmValue *fields;      /* object */
} AlmRow;

void       alm_row_free             (AlmRow          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmRow, alm_row_free)

/* One edit, as a page or a line of `allmendectl edit` asks for it. */
typedef struct
{
  AlmOp       op;         /* NEW, UPD, DEL, UNDEL, RESOLVE */
  gboolean    has_id;     /* NEW without one makes one */
  AlmId       id;
  const char *scope;      /* NEW; NULL = "local" */
  const char *kind;       /* NEW */
  AlmValue   *set;        /* object; null members take fields away */
  AlmValue   *add;        /* object: numbers plus, lists union; nullable */
  AlmValue   *drop;       /* object: lists minus; nullable */
  AlmId       conflict;   /* RESOLVE */
  const char *batch;      /* UUID text that ties edits together; nullable */
  gboolean    confirm;
} AlmEdit;

typedef struct
{
  AlmId     id;
  gint64    n;            /* the command's number; 0 for scope local */
  gboolean  same;         /* nothing changed, no command was written */
} AlmEditResult;

/* @clock: NULL for the system's; borrowed otherwise. */
AlmDesk   *alm_desk_open            (const char            *dir,
                                     AlmDeskFlags           flags,
                                     AlmClock              *clock,
                                     GError               **error);
/* The same with all random numbers (ids, command ids) from @seed: simulation. */
AlmDesk   *alm_desk_open_seeded     (const char            *dir,
                                     AlmDeskFlags           flags,
                                     AlmClock              *clock,
                                     guint64                seed,
                                     GError               **error);
void       alm_desk_close           (AlmDesk               *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDesk, alm_desk_close)

/* Why nothing can be written here, and what is read may be a part only: a damaged
 * file, or an I/O error since; NULL where all is well.  (transfer full) */
char      *alm_desk_get_fault       (AlmDesk               *self);

/* What a transaction touched.  `all` says: too many to name, read again. */
typedef struct
{
  gboolean   all;
  gboolean   models;    /* a model came or changed */
  GArray    *rids;      /* (element-type gint64) */
  GPtrArray *kinds;     /* (element-type utf8), without doubles */
} AlmChange;

void       alm_change_free          (AlmChange             *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmChange, alm_change_free)

/* Called after each commit on the connection's thread; @change: (transfer full). */
typedef void (*AlmDeskChangedFunc) (AlmDesk *self, AlmChange *change, gpointer user_data);
void       alm_desk_set_changed_func (AlmDesk              *self,
                                      AlmDeskChangedFunc    func,
                                      gpointer              user_data);

/* What the profile knows of itself; all of it (transfer none). */
const AlmId *alm_desk_get_id        (AlmDesk               *self);
const char  *alm_desk_get_dir       (AlmDesk               *self);
/* Is it the training town, marked by this file?  What is played there is real nowhere. */
#define ALM_DESK_TRAINING_FILE "training.json"
gboolean     alm_desk_is_training   (AlmDesk               *self);
/* Settings of the profile: "server", "user", "title", "epoch", … ; NULL = unset */
char        *alm_desk_get_setting   (AlmDesk               *self,
                                     const char            *name);
gboolean     alm_desk_set_setting   (AlmDesk               *self,
                                     const char            *name,
                                     const char            *value,
                                     GError               **error);

/* The model of @kind, or NULL if none is known; (transfer none), until the next write. */
AlmModel  *alm_desk_get_model       (AlmDesk               *self,
                                     const char            *kind);
/* (transfer container) (element-type AlmModel), by name; those of the program's
 * own kinds are not among them */
GPtrArray *alm_desk_list_models     (AlmDesk               *self);

/* The ids that a scope or model record gets on every desk. */
void       alm_desk_make_scope_id   (AlmId                 *id,
                                     const char            *path);
void       alm_desk_make_model_id   (AlmId                 *id,
                                     const char            *name);

/* All edits in one transaction: each is on disk when this returns TRUE.
 * @results has room for @n_edits.  *failed is the index of the bad edit. */
gboolean   alm_desk_edit            (AlmDesk               *self,
                                     const AlmEdit         *edits,
                                     guint                  n_edits,
                                     AlmEditResult         *results,
                                     guint                 *failed,
                                     GError               **error);

/* Whether this desk may write records in @scope, as far as it has been told;
 * G_IO_ERROR_PERMISSION_DENIED says no.  Only reads. */
gboolean   alm_desk_may_write       (AlmDesk               *self,
                                     const char            *scope,
                                     GError               **error);

/* Classes (AlmClass) of the fields that may be changed in a record of @kind with these
 * fields; 0: it may only be read. */
gboolean   alm_desk_find_writes     (AlmDesk               *self,
                                     const char            *scope,
                                     const char            *kind,
                                     const AlmValue        *fields,
                                     guint                 *classes,
                                     GError               **error);

/* A bulk load: one transaction and one batch, all or nothing.  Between begin and
 * commit or abort nothing else may be written with this desk; reading is fine. */
typedef struct _AlmDeskImport AlmDeskImport;

typedef enum {
  ALM_IMPORT_NEW,
  ALM_IMPORT_CHANGED,
  ALM_IMPORT_SAME
} AlmImportOutcome;

typedef struct
{
  AlmId  id;         /* of the import record, and the batch of its commands */
  guint  n_new;
  guint  n_changed;
  guint  n_same;
} AlmImportCounts;

AlmDeskImport *alm_desk_import_begin  (AlmDesk           *self,
                                       GError           **error);
/* @id: NULL for a new record.  One that is there gets the differing fields of
 * @fields (null takes one away, what is absent stays), and comes back if it was
 * deleted.  @scope: NULL = "local".  After FALSE the import can only be aborted. */
gboolean       alm_desk_import_add    (AlmDeskImport     *self,
                                       const AlmId       *id,
                                       const char        *scope,
                                       const char        *kind,
                                       AlmValue          *fields,
                                       AlmImportOutcome  *outcome,
                                       GError           **error);
/* What add() would do, without doing it; a reader is enough.  Whether the scope
 * may be written is not asked (alm_desk_may_write()). */
gboolean       alm_desk_import_try    (AlmDesk           *desk,
                                       const AlmId       *id,
                                       const char        *kind,
                                       AlmValue          *fields,
                                       AlmImportOutcome  *outcome,
                                       GError           **error);

/* Is another one after records of the scope have changed, here or at the server. */
typedef struct
{
  gint64 last_command;
  gint64 last_ver;
} AlmImportStamp;

/* @scope: NULL = "local" */
gboolean       alm_desk_import_get_stamp (AlmDesk        *desk,
                                       const char        *scope,
                                       AlmImportStamp    *stamp,
                                       GError           **error);
const AlmImportCounts *alm_desk_import_get_counts (AlmDeskImport *self);
/* Writes the `import` record with the fields of @about (file, sha256, size,
 * mapping, result, …; the counts are added to `result`; NULL: there is no record,
 * only a batch) and commits; frees in any case.  Where
 * nothing was new or changed nothing is written. */
gboolean       alm_desk_import_commit (AlmDeskImport     *self,
                                       const AlmValue    *about,
                                       AlmImportCounts   *counts,
                                       GError           **error);
void           alm_desk_import_abort  (AlmDeskImport     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDeskImport, alm_desk_import_abort)

/* Adds the model of @kind, or lets it evolve; *outcome says which.  @scope: where
 * its record goes if there is none yet. */
gboolean   alm_desk_set_model       (AlmDesk               *self,
                                     const char            *scope,
                                     const char            *kind,
                                     AlmValue              *schema,
                                     AlmId                 *id,
                                     AlmImportOutcome      *outcome,
                                     GError               **error);

/* NULL with G_IO_ERROR_NOT_FOUND if there is none; finds deleted ones too. */
AlmRow    *alm_desk_get             (AlmDesk               *self,
                                     const AlmId           *id,
                                     GError               **error);
AlmRow    *alm_desk_get_by_rid      (AlmDesk               *self,
                                     gint64                 rid,
                                     GError               **error);

/* Calls @func for each record that fits, by id; FALSE from it ends the walk. */
typedef gboolean (*AlmRowFunc) (const AlmRow *row, gpointer user_data, GError **error);
gboolean   alm_desk_each            (AlmDesk               *self,
                                     const char *const     *scopes,
                                     const char            *kind,
                                     gboolean               with_deleted,
                                     AlmRowFunc             func,
                                     gpointer               user_data,
                                     GError               **error);

/* The rows of a kind that fit (@filter nullable), in an order: by a field, in
 * German order for texts, what is empty last; by the label; or, for NULL, as they
 * came.  (transfer full) (element-type gint64) row numbers.
 * G_IO_ERROR_INVALID_ARGUMENT: the filter does not fit the kind. */
#define ALM_SORT_LABEL ":label"
GArray    *alm_desk_query_ids       (AlmDesk               *self,
                                     const char            *kind,
                                     const AlmFilter       *filter,
                                     const char            *sort,
                                     gboolean               descending,
                                     GError               **error);
/* (transfer full) (element-type AlmRow), in that order; NULL for one that is gone. */
GPtrArray *alm_desk_get_rows        (AlmDesk               *self,
                                     const gint64          *rids,
                                     guint                  n_rids,
                                     GError               **error);

/* Lines of `export` (sync.md, section 7), each ended by a newline, by id. */
typedef enum {
  ALM_EXPORT_META    = 1 << 0,
  ALM_EXPORT_DELETED = 1 << 1
} AlmExportFlags;

typedef gboolean (*AlmExportFunc) (const char *line, gsize length, gpointer user_data,
                                   GError **error);
/* @scopes: NULL for all but `system` and `local`; @kinds: NULL for all but
 * `conflict`. */
gboolean   alm_desk_export          (AlmDesk               *self,
                                     const char *const     *scopes,
                                     const char *const     *kinds,
                                     AlmExportFlags         flags,
                                     AlmExportFunc          func,
                                     gpointer               user_data,
                                     GError               **error);

/* One find of "Search everything". */
typedef struct
{
  AlmId     id;
  gint64    rid;
  char     *kind;
  char     *label;
  char     *detail;       /* street, district, …; "" where there is none */
  gboolean  has_place;
  double    lon, lat;
} AlmHit;
void       alm_hit_free             (AlmHit                *self);
/* Typo-tolerant, by rank; (transfer full) (element-type AlmHit). */
GPtrArray *alm_desk_search          (AlmDesk               *self,
                                     const char            *text,
                                     guint                  limit,
                                     GError               **error);

/* A command with what became of it. */
typedef struct
{
  gint64      k;          /* order in this file */
  AlmId       desk;
  char       *scope;
  char       *state;      /* waiting, acked, refused, dismissed, local */
  gint64      seq;        /* 0 until acked */
  char       *outcome;    /* the server's line, nullable */
  AlmCommand *command;
} AlmStoredCommand;

void       alm_stored_command_free  (AlmStoredCommand      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmStoredCommand, alm_stored_command_free)

typedef enum {
  ALM_COMMANDS_QUEUE,      /* waiting or refused */
  ALM_COMMANDS_WAITING,
  ALM_COMMANDS_REFUSED,
  ALM_COMMANDS_ALL
} AlmCommandsOf;

/* This file's commands, oldest first, all or of one record (@id nullable);
 * (transfer full) (element-type AlmStoredCommand). */
GPtrArray *alm_desk_list_commands   (AlmDesk               *self,
                                     AlmCommandsOf          which,
                                     const AlmId           *id,
                                     GError               **error);
/* A refused command is put aside; it stays in the history. */
gboolean   alm_desk_dismiss         (AlmDesk               *self,
                                     gint64                 n,
                                     GError               **error);

/* Takes back by merge (sync.md, section 4.10): one command of this desk (@n), or
 * a whole batch (@batch), or, with n = 0 and NULL, what was done last and is not
 * taken back yet; that goes step by step into the past.  One command that
 * collides is refused; of a batch the rest is undone and *left (nullable; its
 * element-type is utf8) gets "ID field who" for each that was not.  *undone:
 * records changed; nullable.
 * G_IO_ERROR_NOT_FOUND: there is nothing to undo. */
gboolean   alm_desk_undo            (AlmDesk               *self,
                                     gint64                 n,
                                     const char            *batch,
                                     guint                 *undone,
                                     GPtrArray             *left,
                                     GError               **error);
char      *alm_desk_peek_undo       (AlmDesk               *self);
/* Takes back the newest undo, as long as nothing else was done since. */
gboolean   alm_desk_redo            (AlmDesk               *self,
                                     guint                 *undone,
                                     GPtrArray             *left,
                                     GError               **error);
/* Are there such? */
gboolean   alm_desk_can_undo        (AlmDesk               *self,
                                     gboolean              *undo,
                                     gboolean              *redo,
                                     GError               **error);

/* Records of scope `local` become real ones of @to, with the same ids: a `new`
 * command each.  @n_ids = 0: all of them. */
gboolean   alm_desk_move            (AlmDesk               *self,
                                     const char            *to,
                                     const AlmId           *ids,
                                     guint                  n_ids,
                                     guint                 *moved,
                                     GError               **error);

/* Conflict records, open ones without a decision on its way, or all;
 * (transfer full) (element-type AlmRow); @id: nullable, those of one record. */
GPtrArray *alm_desk_list_conflicts  (AlmDesk               *self,
                                     const AlmId           *id,
                                     gboolean               all,
                                     GError               **error);

/* How many records are shown; @scope, @kind: nullable. */
gboolean   alm_desk_count_records   (AlmDesk               *self,
                                     const char            *scope,
                                     const char            *kind,
                                     gint64                *count,
                                     GError               **error);

typedef struct
{
  guint  records;
  guint  commands;
  guint  problems;
} AlmVerifyCounts;

/* Is the profile sound?  Changes nothing; each finding is told to @func (nullable).
 * FALSE: it could not be looked at. */
typedef void (*AlmVerifyFunc) (const char *place, const char *what, gpointer user_data);
gboolean   alm_desk_verify          (AlmDesk               *self,
                                     AlmVerifyFunc          func,
                                     gpointer               user_data,
                                     AlmVerifyCounts       *counts,
                                     GError               **error);

/* The object that `allmendectl status` prints. */
AlmValue  *alm_desk_describe        (AlmDesk               *self,
                                     GError               **error);

/* Numbers for the sync button. */
typedef struct
{
  guint     waiting;
  guint     refused;
  guint     conflicts;
  guint     stray;
  guint     blobs;             /* attached files to be sent or fetched */
  gint64    last_contact_us;   /* 0 = never */
} AlmDeskCounts;
gboolean   alm_desk_count           (AlmDesk               *self,
                                     AlmDeskCounts         *counts,
                                     GError               **error);

/* From any thread: the running read ends with G_IO_ERROR_CANCELLED. */
void       alm_desk_interrupt       (AlmDesk               *self);

G_END_DECLS
