/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-command.h"
#include "alm-digest.h"
#include "alm-hash.h"
#include "alm-region.h"

G_BEGIN_DECLS

/* Everything the city's server asks of its database.  SQLite stands behind it
 * (alm-hub.h); another database can stand beside it, so nothing here knows
 * rows, and ids and sequence numbers are made on this side of it.
 *
 * A store is one connection and belongs to one thread at a time.  Functions
 * return FALSE with an error, and the transaction they ran in must then be
 * rolled back.  Names of scopes and kinds are interned: they live as long as
 * the program. */
typedef struct _AlmServerStore AlmServerStore;

typedef struct
{
  AlmId       id;
  gint64      ver;
  gboolean    deleted;
  const char *scope;
  const char *kind;
  AlmValue   *fields;    /* object, all classes */
  gsize       size;      /* bytes of the fields as they are stored; 0 = not known */
} AlmHubRecord;

/* One line of the feed, as it is stored. */
typedef struct
{
  const AlmId *id;
  gint64       ver;
  gboolean     deleted;
  const char  *kind;
  const char  *body;      /* canonical text */
  const char  *personal;  /* the fields of that class; nullable */
} AlmHubRow;

typedef gboolean (*AlmHubRowFunc) (const AlmHubRow *row, gpointer user_data, GError **error);

/* Who did what: becomes a line of the history. */
typedef struct
{
  gint64      seq;        /* given by the store */
  AlmId       id;
  AlmId       desk;
  gint64      n;
  const char *user;
  const char *at;         /* as the desk told, nullable */
  gint64      stored_us;
  AlmOp       op;
  AlmValue   *set;        /* nullable */
  AlmValue   *old;        /* nullable */
  const char *batch;      /* nullable */
} AlmHubEntry;

typedef gboolean (*AlmHubEntryFunc) (const AlmHubEntry *entry, gpointer user_data, GError **error);

typedef struct
{
  const char *name;
  gint64      seq;
  AlmDigest   digest;
} AlmHubScope;

typedef struct
{
  char     *name;
  char     *title;
  char     *password;     /* hash */
  gboolean  enabled;
} AlmHubAccount;

typedef struct
{
  char   *role;
  char   *scope;          /* a pattern */
  guint   classes;        /* AlmClass */
  gint64  from_us;        /* 0 = since ever */
  gint64  until_us;       /* 0 = for ever */
  char   *area;           /* GeoJSON, canonical: only what lies in it may be changed; nullable */
  AlmRegion *region;      /* the same; nullable */
} AlmHubGrant;

typedef struct
{
  AlmId   id;
  char   *user;
  char   *name;
  gint64  last_n;
  gint64  seen_us;
  gint64  lost_us;        /* reported lost; 0 = no */
  gint64  wiped_us;       /* … and has said that it is empty */
} AlmHubDesk;

typedef struct
{
  AlmId   desk;
  char   *user;
  gint64  expires_us;
  gint64  since_us;       /* when it was given; 0 = not noted */
  gboolean retired;       /* its successor is in use: it ends, whatever is asked with it */
  guint8  before[ALM_HASH_SIZE];   /* of the token that it succeeds, until it is used */
  gboolean has_before;
} AlmHubToken;

typedef struct
{
  gint64  i;
  gint64  at_us;
  char   *actor;
  char   *action;
  char   *subject;
  char   *detail;
} AlmHubAudit;

/* What was taken away for good: fields of a record, or all of it. */
typedef struct
{
  const char *scope;
  gint64      seq;        /* the record's first version without it */
  AlmId       id;
  AlmValue   *fields;     /* list of names; NULL = the whole record */
  gboolean    implied;    /* of a conflict about the record: desks are told, nobody asked for it */
  char       *user;
  char       *reason;
  gint64      at_us;
  guint       confirmed;  /* desks that have said so */
} AlmHubErasure;

typedef struct
{
  void       (*close)          (AlmServerStore *self);

  /* A transaction, and one mark inside it: take_back() undoes what came after mark(). */
  gboolean   (*begin)          (AlmServerStore *self, gboolean write, GError **error);
  gboolean   (*commit)         (AlmServerStore *self, GError **error);
  void       (*rollback)       (AlmServerStore *self);
  gboolean   (*mark)           (AlmServerStore *self, GError **error);
  gboolean   (*keep)           (AlmServerStore *self, GError **error);
  gboolean   (*take_back)      (AlmServerStore *self, GError **error);

  /* "server", "epoch", …; (transfer full) (nullable) in *value */
  gboolean   (*get_info)       (AlmServerStore *self, const char *name, char **value,
                                GError **error);
  gboolean   (*set_info)       (AlmServerStore *self, const char *name, const char *value,
                                GError **error);
  /* The lowest seq of @scope at which an epoch after @epoch began; 0 if @epoch is unknown,
   * -1 if none began after it. */
  gboolean   (*get_began)      (AlmServerStore *self, const char *epoch, const char *scope,
                                gint64 *began, GError **error);

  /* Scopes, by name; (transfer none), until the end of the transaction. */
  gboolean   (*list_scopes)    (AlmServerStore *self, GPtrArray **scopes, GError **error);
  gboolean   (*get_scope)      (AlmServerStore *self, const char *name,
                                const AlmHubScope **scope, GError **error);
  gboolean   (*make_scope)     (AlmServerStore *self, const char *name, GError **error);
  /* Its next change gets a number above @seq; *now: where it stands, itself taken by none. */
  gboolean   (*raise_seq)      (AlmServerStore *self, const char *scope, gint64 seq, gint64 *now,
                                GError **error);

  /* *record NULL: there is none. */
  gboolean   (*get_record)     (AlmServerStore *self, const AlmId *id, AlmHubRecord **record,
                                GError **error);
  /* Takes the scope's next seq for @after and @entry.  @model: (nullable); @whole: the class
   * of a conflict, else 0. */
  gboolean   (*put_record)     (AlmServerStore *self, const AlmHubRecord *before,
                                AlmHubRecord *after, const AlmModel *model, AlmClass whole,
                                AlmHubEntry *entry, GError **error);
  /* Rows of @scope after @after in the order of ver; @limit < 0: all.  FALSE without an
   * error from @func ends it early. */
  gboolean   (*feed)           (AlmServerStore *self, const char *scope, gint64 after,
                                int limit, AlmHubRowFunc func, gpointer user_data,
                                GError **error);
  /* (element-type AlmId): open conflicts about a record. */
  gboolean   (*list_conflicts) (AlmServerStore *self, const AlmId *record, GArray **ids,
                                GError **error);
  /* (element-type AlmId): other records of this kind with the same business key. */
  gboolean   (*list_same_key)  (AlmServerStore *self, const AlmModel *model,
                                const AlmHubRecord *record, GArray **ids, GError **error);
  /* Everything derived from a model's classes is made anew for its kind. */
  gboolean   (*reclassify)     (AlmServerStore *self, const AlmModel *before,
                                const AlmModel *after, GError **error);

  gboolean   (*history)        (AlmServerStore *self, const AlmId *id, AlmHubEntryFunc func,
                                gpointer user_data, GError **error);
  /* Has another desk than @desk changed @id after @seq? */
  gboolean   (*changed_since)  (AlmServerStore *self, const AlmId *id, gint64 seq,
                                const AlmId *desk, gboolean *changed, GError **error);
  /* Whether @desk has made @id. */
  gboolean   (*is_maker)       (AlmServerStore *self, const AlmId *id, const AlmId *desk,
                                gboolean *is, GError **error);

  /* Like put_record, after what the history of the record says of the fields that @names
   * lists (NULL: of all) has been taken out, and its salt with it. */
  gboolean   (*erase)          (AlmServerStore *self, const AlmHubRecord *before,
                                AlmHubRecord *after, const AlmModel *model, AlmClass whole,
                                const AlmValue *names, AlmHubEntry *entry, GError **error);
  /* Notes it, and that every desk that was told of the scope owes its word. */
  gboolean   (*add_erasure)    (AlmServerStore *self, const AlmHubErasure *erasure,
                                GError **error);
  /* (element-type AlmHubErasure) with a seq above @after: of the record @id, or those that
   * @desk has not confirmed, or of @scope; each nullable, the first that is given counts. */
  gboolean   (*list_erasures)  (AlmServerStore *self, const char *scope, const AlmId *id,
                                const AlmId *desk, gint64 after, GPtrArray **erasures,
                                GError **error);
  /* (element-type AlmId): desks that have not confirmed it. */
  gboolean   (*list_owing)     (AlmServerStore *self, const AlmHubErasure *erasure,
                                GArray **desks, GError **error);
  gboolean   (*note_seen)      (AlmServerStore *self, const AlmId *desk, const char *scope,
                                gint64 seq, gint64 at_us, GError **error);
  gboolean   (*add_reader)     (AlmServerStore *self, const AlmId *desk, const char *scope,
                                GError **error);
  /* @to is a copy of @from, of any age: it may hold whatever that one ever held. */
  gboolean   (*copy_reader)    (AlmServerStore *self, const AlmId *from, const AlmId *to,
                                GError **error);
  /* @desk holds nothing any more, and owes nothing. */
  gboolean   (*end_reader)     (AlmServerStore *self, const AlmId *desk, gint64 at_us,
                                GError **error);
  /* (element-type AlmId): conflicts about a record, open or decided. */
  gboolean   (*list_about)     (AlmServerStore *self, const AlmId *record, GArray **ids,
                                GError **error);
  /* Refusals of values of @field lose their reason. */
  gboolean   (*blank_outcomes) (AlmServerStore *self, const char *field, GError **error);
  /* Adds the names of all fields that the record's history holds to the set @names. */
  gboolean   (*list_fields)    (AlmServerStore *self, const AlmId *id, GHashTable *names,
                                GError **error);
  /* Outside a transaction: takes what was erased out of the files.  *done FALSE: somebody
   * is reading, so ask again. */
  gboolean   (*wipe)           (AlmServerStore *self, gboolean *done, GError **error);

  /* *cid and *line NULL: never heard of. */
  gboolean   (*get_outcome)    (AlmServerStore *self, const AlmId *desk, gint64 n, char **cid,
                                char **line, GError **error);
  gboolean   (*put_outcome)    (AlmServerStore *self, const AlmId *desk, gint64 n,
                                const char *cid, const char *line, GError **error);
  /* The brake's memory: commands a desk has sent into a scope, and its deletions there. */
  gboolean   (*get_tally)      (AlmServerStore *self, const AlmId *desk, const char *scope,
                                gint64 *commands, GError **error);
  gboolean   (*set_tally)      (AlmServerStore *self, const AlmId *desk, const char *scope,
                                gint64 commands, GError **error);
  gboolean   (*add_deletion)   (AlmServerStore *self, const AlmId *desk, const char *scope,
                                gint64 at, GError **error);
  gboolean   (*count_deletions) (AlmServerStore *self, const AlmId *desk, const char *scope,
                                 gint64 after, gint64 *count, GError **error);

  gboolean   (*get_desk)       (AlmServerStore *self, const AlmId *id, AlmHubDesk **desk,
                                GError **error);
  gboolean   (*put_desk)       (AlmServerStore *self, const AlmHubDesk *desk, GError **error);
  /* (element-type AlmHubDesk) */
  gboolean   (*list_desks)     (AlmServerStore *self, GPtrArray **desks, GError **error);

  gboolean   (*get_token)      (AlmServerStore *self, const guint8 *hash, AlmHubToken **token,
                                GError **error);
  gboolean   (*put_token)      (AlmServerStore *self, const guint8 *hash,
                                const AlmHubToken *token, GError **error);
  /* The successor @hash is in use: what it succeeds ends at @until_us, its siblings now. */
  gboolean   (*retire_token)   (AlmServerStore *self, const guint8 *hash,
                                const AlmHubToken *token, gint64 until_us, GError **error);
  gboolean   (*drop_token)     (AlmServerStore *self, const guint8 *hash, GError **error);
  gboolean   (*drop_tokens_of) (AlmServerStore *self, const AlmId *desk, const char *user,
                                GError **error);

  gboolean   (*get_account)    (AlmServerStore *self, const char *name,
                                AlmHubAccount **account, GError **error);
  gboolean   (*put_account)    (AlmServerStore *self, const AlmHubAccount *account,
                                GError **error);
  /* (element-type AlmHubAccount) */
  gboolean   (*list_accounts)  (AlmServerStore *self, GPtrArray **accounts, GError **error);
  /* (element-type AlmHubGrant) */
  gboolean   (*list_grants)    (AlmServerStore *self, const char *user, GPtrArray **grants,
                                GError **error);
  gboolean   (*set_grants)     (AlmServerStore *self, const char *user, GPtrArray *grants,
                                GError **error);

  gboolean   (*add_audit)      (AlmServerStore *self, const AlmHubAudit *audit,
                                GError **error);
  /* (element-type AlmHubAudit), oldest first */
  gboolean   (*list_audit)     (AlmServerStore *self, gint64 after, int limit,
                                GPtrArray **audit, GError **error);

  /* Attached files.  (element-type AlmId): records that name the file, or have done. */
  gboolean   (*list_naming)    (AlmServerStore *self, const char *sha256, GArray **ids,
                                GError **error);
  /* Whether @user has sent it, the whole of it. */
  gboolean   (*is_uploader)    (AlmServerStore *self, const char *sha256, const char *user,
                                gboolean *is, GError **error);
  gboolean   (*put_upload)     (AlmServerStore *self, const char *sha256, const char *user,
                                gint64 size, gint64 at_us, GError **error);
  /* Bytes that @user has sent and no record has ever named. */
  gboolean   (*count_unnamed)  (AlmServerStore *self, const char *user, gint64 *bytes,
                                GError **error);
  /* (element-type utf8): files last sent before @before_us that stand in no record and in
   * no record's history; @sha256: (nullable): this one only. */
  gboolean   (*list_unnamed)   (AlmServerStore *self, const char *sha256, gint64 before_us,
                                GPtrArray **names, GError **error);
  /* (element-type utf8): files that a record named which was erased, not sent since, that
   * stand in no record and in no record's history. */
  gboolean   (*list_erased_blobs) (AlmServerStore *self, GPtrArray **names, GError **error);
  gboolean   (*forget_blob)    (AlmServerStore *self, const char *sha256, GError **error);
} AlmServerStoreApi;

struct _AlmServerStore
{
  const AlmServerStoreApi *api;
};

void          alm_server_store_close (AlmServerStore     *self);
AlmHubRecord *alm_hub_record_copy    (const AlmHubRecord *self);
void          alm_hub_record_free    (AlmHubRecord       *self);
void          alm_hub_account_free   (AlmHubAccount      *self);
AlmHubGrant  *alm_hub_grant_new      (const char         *role,
                                      const char         *scope,
                                      guint               classes);
/* FALSE: @area is no polygon, and *reason says why. */
gboolean      alm_hub_grant_set_area (AlmHubGrant        *self,
                                      const AlmValue     *area,
                                      char              **reason);
void          alm_hub_grant_free     (AlmHubGrant        *self);
void          alm_hub_desk_free      (AlmHubDesk         *self);
void          alm_hub_token_free     (AlmHubToken        *self);
void          alm_hub_audit_free     (AlmHubAudit        *self);
void          alm_hub_erasure_free   (AlmHubErasure      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmServerStore, alm_server_store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubRecord, alm_hub_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubAccount, alm_hub_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubGrant, alm_hub_grant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubDesk, alm_hub_desk_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubToken, alm_hub_token_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubAudit, alm_hub_audit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubErasure, alm_hub_erasure_free)

G_END_DECLS
