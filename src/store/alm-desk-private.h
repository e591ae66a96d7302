/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-command.h"
#include "alm-db-private.h"
#include "alm-desk.h"

G_BEGIN_DECLS

/* How the desk's store works inside; for the files of `store` only.
 *
 * Every change goes begin → put… → commit.  put() writes the row, its derived
 * rows and notes the change; nobody writes `records` in another way. */

/* See alm-desk-rights.c. */
typedef struct _AlmDeskRights AlmDeskRights;

/* See alm-desk-pack.c. */
typedef struct _AlmDeskPack AlmDeskPack;

struct _AlmDesk
{
  AlmDb      *db;
  char       *dir;
  AlmClock   *clock;             /* borrowed */
  AlmRandom   random;
  AlmId       id;                /* of this desk */
  gint64      last_n;            /* of the commands; setting "last_n" */
  gint64      last_n_before;     /* this transaction */
  gboolean    last_n_touched;    /* in this transaction */
  AlmValue   *printed;           /* the value whose text is below, see alm_desk_print() */
  char       *printed_text;
  GHashTable *infos;             /* text → AlmValue: what cursors told, read before */

  GHashTable *name_numbers;      /* (element-type utf8 gint64*): interned scopes and kinds */
  GHashTable *name_texts;        /* number → utf8, borrowed from name_numbers */

  GHashTable *models;            /* (element-type utf8 AlmModel): by kind */
  GHashTable *built_in;          /* the same of the program's own kinds */
  gint64      data_version;      /* SQLite's, when models were last looked at */
  gint64      models_number;     /* setting "models": grows with each change of one */
  gboolean    models_touched;    /* in this transaction */

  GHashTable *scopes;            /* set of utf8: scopes that are known to exist */
  gboolean    has_server;        /* setting "server" is there; read with the scopes */
  GHashTable *derived;           /* (element-type utf8 AlmDerivedKind), by kind */
  GArray     *boxes;             /* entries that wait for the R*Tree */
  GHashTable *words_seen;        /* set of utf8: words that stand in search_words */
  gint64      undoing;           /* commands written now take this one back; −1 = none */
  gboolean    rebuilding;        /* the full-text index is made at the end, at once */
  gboolean    unindexed;         /* setting "unindexed": both indexes are out of date */
  gboolean    unindexed_before;  /* this transaction */
  gint64      texts_to;          /* searched texts up to this one are in their index */
  gint64      texts_to_before;   /* this transaction */
  AlmDeskRights *rights;         /* of the scope that was last asked for; nullable */
  AlmDeskPack *pack;             /* of which the next slice is wanted; nullable */
  int         crs;               /* EPSG number of the city's system */

  GArray     *changed_rids;      /* of this transaction, until too many */
  GHashTable *changed_kinds;     /* set of utf8 */
  gboolean    changed_all;
  AlmDeskChangedFunc changed_func;
  gpointer    changed_data;

  GHashTable *blobs_touched;     /* (element-type utf8 AlmDeskBlob): by this transaction */
  GPtrArray  *blobs_gone;        /* (element-type utf8): leave the disk after the commit */

  GPtrArray  *words;             /* vocabulary of the search, in memory */
  gint64      words_version;
  gint64      words_sweep;
};

extern const AlmMigration alm_desk_migrations[];
extern const guint        alm_desk_n_migrations;

/* Transactions.  commit() tells of the changes when they are on the disk. */
gboolean    alm_desk_begin           (AlmDesk           *self,
                                      GError           **error);
gboolean    alm_desk_commit          (AlmDesk           *self,
                                      GError           **error);
void        alm_desk_rollback        (AlmDesk           *self);

/* Interned names.  intern: 0 with an error; find_name makes none: 0 = unknown, -1 with an
 * error. */
gint64      alm_desk_intern          (AlmDesk           *self,
                                      const char        *name,
                                      GError           **error);
gint64      alm_desk_find_name       (AlmDesk           *self,
                                      const char        *name,
                                      GError           **error);
const char *alm_desk_get_name        (AlmDesk           *self,
                                      gint64             number);
/* " AND COLUMN = the name's number"; nothing where @name is NULL. */
gboolean    alm_desk_append_name     (AlmDesk           *self,
                                      GString           *sql,
                                      const char        *column,
                                      const char        *name,
                                      GError           **error);

/* Rows.  load: TRUE with *row == NULL if there is none; the hash is checked. */
gboolean    alm_desk_load            (AlmDesk           *self,
                                      const AlmId       *id,
                                      AlmRow           **row,
                                      GError           **error);
gboolean    alm_desk_load_shadow     (AlmDesk           *self,
                                      const AlmRow      *row,
                                      AlmRow           **shadow,
                                      GError           **error);
/* Columns rid, id, scope, kind, ver, del, body, body_p, hash. */
AlmRow     *alm_desk_read_row        (AlmDesk           *self,
                                      AlmSql            *sql,
                                      GError           **error);
/* @row->rid 0: a new one, which gets its number. */
gboolean    alm_desk_put             (AlmDesk           *self,
                                      AlmRow            *row,
                                      GError           **error);
/* The same for a row of which only the version differs from what stands there: what is
 * derived from it stays. */
gboolean    alm_desk_put_same        (AlmDesk           *self,
                                      AlmRow            *row,
                                      GError           **error);
gboolean    alm_desk_put_shadow      (AlmDesk           *self,
                                      const AlmRow      *row,
                                      GError           **error);
/* Before the first edit of ours: what the server knows stays known. */
gboolean    alm_desk_keep_shadow     (AlmDesk           *self,
                                      const AlmRow      *row,
                                      GError           **error);
gboolean    alm_desk_drop_shadow     (AlmDesk           *self,
                                      const AlmId       *id,
                                      GError           **error);
/* The row, and its shadow, with another version of the server's; what they hold stays. */
gboolean    alm_desk_put_ver         (AlmDesk           *self,
                                      AlmRow            *row,
                                      gint64             ver,
                                      GError           **error);
/* Takes the row, its shadow and its derived rows away, as when a scope is lost. */
gboolean    alm_desk_purge           (AlmDesk           *self,
                                      const AlmRow      *row,
                                      GError           **error);
void        alm_desk_note_change     (AlmDesk           *self,
                                      gint64             rid,
                                      const char        *kind);
void        alm_desk_note_kind       (AlmDesk           *self,
                                      const char        *kind);
/* Puts the kinds of what has changed so far into @kinds (a set of utf8) and tells nobody
 * of it; for those who tell later: note_kind() inside, tell_kinds() outside a transaction. */
void        alm_desk_keep_changes    (AlmDesk           *self,
                                      GHashTable        *kinds);
void        alm_desk_tell_kinds      (AlmDesk           *self,
                                      GHashTable        *kinds);
void        alm_desk_pack_free       (AlmDeskPack       *self);
AlmRow     *alm_row_copy             (const AlmRow      *self);

/* The first column of each row of @sql. */
GArray     *alm_desk_take_rids       (AlmSql            *sql,
                                      GError           **error);
/* Columns rid and a text: the rids, in German order. */
GArray     *alm_desk_order_by_text   (AlmSql            *sql,
                                      gboolean           descending,
                                      GError           **error);
/* By id; numbers only. */
GArray     *alm_desk_list_rids       (AlmDesk           *self,
                                      const char *const *scopes,
                                      const char        *kind,
                                      GError           **error);
/* Is the hash of this row (columns as above) right?  Nothing is parsed. */
gboolean    alm_desk_check_row       (AlmDesk           *self,
                                      AlmSql            *sql,
                                      AlmId             *id,
                                      GError           **error);

/* The canonical text of @value, kept until the next call: a new record's fields
 * are body and command at once. */
const char *alm_desk_print           (AlmDesk           *self,
                                      AlmValue          *value);
/* Body texts: personal fields apart (sync.md, section 3.3). */
void        alm_desk_split           (AlmDesk           *self,
                                      const char        *kind,
                                      const AlmValue    *fields,
                                      char             **body,
                                      char             **body_p);
void        alm_desk_hash            (const AlmId       *id,
                                      gint64             scope,
                                      gint64             kind,
                                      gint64             ver,
                                      gboolean           deleted,
                                      const char        *body,
                                      const char        *body_p,
                                      guint8             hash[8]);
AlmValue   *alm_desk_parse_body      (const char        *body,
                                      const char        *body_p,
                                      GError           **error);

/* Commands. */
gboolean    alm_desk_append_command  (AlmDesk           *self,
                                      const AlmCommand  *command,
                                      const AlmValue    *record,
                                      const char        *scope,
                                      const char        *state,
                                      GError           **error);
/* Before the body of @row's record changes to @body, or goes (NULL): a command that
 * stands for it takes what it says. */
gboolean    alm_desk_keep_said       (AlmDesk           *self,
                                      const AlmRow      *row,
                                      const char        *body,
                                      GError           **error);
AlmCommand *alm_desk_make_command    (AlmDesk           *self,
                                      AlmOp              op,
                                      const AlmRow      *row);
gint64      alm_desk_take_number     (AlmDesk           *self);
/* The columns of alm_desk_read_command(), in that order. */
#define ALM_COMMAND_COLUMNS \
  "k, desk, n, cid, scope, id, op, base, coalesce (set_, CASE op WHEN 'new' THEN" \
  " (SELECT body FROM records WHERE records.id = commands.id) END), old_, at, batch, state, seq," \
  " outcome, kind, more"
/* The same without what it says: `set` and `old` are not read. */
#define ALM_COMMAND_HEAD_COLUMNS \
  "k, desk, n, cid, scope, id, op, base, NULL, NULL, at, batch, state, seq, outcome, kind, more"
AlmStoredCommand *alm_desk_read_command (AlmDesk        *self,
                                         AlmSql         *sql,
                                         GError        **error);

/* Edits inside a transaction (alm-desk-edit.c), and what they may do (-check.c). */
gboolean    alm_desk_edit_one        (AlmDesk           *self,
                                      const AlmEdit     *edit,
                                      AlmEditResult     *result,
                                      GError           **error);
gboolean    alm_desk_new_one         (AlmDesk           *self,
                                      const AlmEdit     *edit,
                                      AlmEditResult     *result,
                                      GError           **error);
/* Inside a transaction: a record that others have deleted gets the fields it last had,
 * which @entries, its whole history, know. */
gboolean    alm_desk_learn_row       (AlmDesk           *self,
                                      AlmRow            *row,
                                      GPtrArray         *entries,
                                      GError           **error);
/* Checks the values of an edit of @row (NULL: a new record of edit->kind) and says
 * whether anything would change; nothing is written. */
gboolean    alm_desk_try_edit        (AlmDesk           *self,
                                      const AlmEdit     *edit,
                                      const AlmRow      *row,
                                      gboolean          *same,
                                      GError           **error);
gboolean    alm_desk_compare         (AlmDesk           *self,
                                      const char        *kind,
                                      const AlmValue    *before,
                                      const AlmValue    *after,
                                      AlmCommand        *command);
gboolean    alm_desk_write_command   (AlmDesk           *self,
                                      AlmCommand        *command,
                                      const AlmRow      *row,
                                      GError           **error);
gboolean    alm_desk_check_place     (AlmDesk           *self,
                                      const char        *scope,
                                      const char        *kind,
                                      GError           **error);
/* The rights to set @set (nullable: on the whole record), on the record as it is (NULL: a
 * new one) and as it will be. */
gboolean    alm_desk_check_rights    (AlmDesk           *self,
                                      const char        *scope,
                                      const char        *kind,
                                      const AlmValue    *before,
                                      const AlmValue    *after,
                                      const AlmValue    *set,
                                      GError           **error);
gboolean    alm_desk_has_met_server  (AlmDesk           *self);
/* Without a server everybody is. */
gboolean    alm_desk_is_steward      (AlmDesk           *self,
                                      const char        *scope,
                                      gboolean          *steward,
                                      GError           **error);
void        alm_desk_rights_free     (AlmDeskRights     *self);
gboolean    alm_desk_check_new       (AlmDesk           *self,
                                      const char        *kind,
                                      const AlmValue    *fields,
                                      GError           **error);
gboolean    alm_desk_check_change    (AlmDesk           *self,
                                      const AlmRow      *row,
                                      const AlmValue    *set,
                                      GError           **error);
gboolean    alm_desk_check_brake     (AlmDesk           *self,
                                      const AlmRow      *row,
                                      gboolean           confirmed,
                                      GError           **error);

/* Attached files (alm-desk-blobs.c). */
gboolean    alm_desk_note_blobs      (AlmDesk           *self,
                                      const AlmRow      *row,
                                      gboolean           is_new,
                                      const char        *body,
                                      const char        *body_p,
                                      GError           **error);
gboolean    alm_desk_settle_blobs    (AlmDesk           *self,
                                      GError           **error);
gboolean    alm_desk_count_blobs     (AlmDesk           *self,
                                      guint             *count,
                                      GError           **error);
/* The server may have lost any of them. */
gboolean    alm_desk_doubt_blobs     (AlmDesk           *self,
                                      GError           **error);
void        alm_desk_remove_blobs    (AlmDesk           *self);
void        alm_desk_forget_blobs    (AlmDesk           *self);
gboolean    alm_desk_fill_blobs      (AlmDb             *db,
                                      GError           **error);

/* Settings inside a transaction; *value NULL: unset. */
gboolean    alm_desk_read_setting    (AlmDesk           *self,
                                      const char        *name,
                                      char             **value,
                                      GError           **error);
gboolean    alm_desk_write_setting   (AlmDesk           *self,
                                      const char        *name,
                                      const char        *value,
                                      GError           **error);

/* For a reader: another connection has changed who this is. */
gboolean    alm_desk_forget_names    (AlmDesk           *self,
                                      GError           **error);
gboolean    alm_desk_is_built_in     (const char        *kind);
gboolean    alm_desk_load_models     (AlmDesk           *self,
                                      GError           **error);
gboolean    alm_desk_refresh         (AlmDesk           *self,
                                      GError           **error);

/* Derived rows (alm-desk-derived.c). */
gboolean    alm_desk_derive_is_stale (AlmDesk           *self);
/* Every derived table, with what is in it; inside a transaction. */
gboolean    alm_desk_derive_drop     (AlmDesk           *self,
                                      GError           **error);
gboolean    alm_desk_derive_open     (AlmDesk           *self,
                                      GError           **error);
void        alm_desk_derive_close    (AlmDesk           *self);
gboolean    alm_desk_derive          (AlmDesk           *self,
                                      const AlmRow      *row,
                                      gboolean           is_new,
                                      GError           **error);
gboolean    alm_desk_derive_remove   (AlmDesk           *self,
                                      const AlmRow      *row,
                                      GError           **error);
gboolean    alm_desk_derive_flush    (AlmDesk           *self,
                                      GError           **error);
/* About so many rows will be written in this transaction.  Where they are many,
 * their indexes are left for alm_desk_index_if_due(), after the commit. */
gboolean    alm_desk_load_many       (AlmDesk           *self,
                                      gint64             n_rows,
                                      GError           **error);
void        alm_desk_index_if_due    (AlmDesk           *self);
/* One transaction of that; TRUE: there is more to do. */
gboolean    alm_desk_index_step      (AlmDesk           *self);
gboolean    alm_desk_derive_mark     (AlmDesk           *self,
                                      GError           **error);
void        alm_desk_derive_forget   (AlmDesk           *self);

G_END_DECLS
