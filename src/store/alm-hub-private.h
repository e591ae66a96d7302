/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-db-private.h"
#include "alm-hash.h"
#include "alm-hub.h"

G_BEGIN_DECLS

/* What the connection knows of one scope.  `saved` is what it was at the last
 * mark, if it has been touched since. */
typedef struct
{
  AlmHubScope shown;
  gint64      number;
  guint8      chain[ALM_HASH_SIZE];
  gboolean    dirty;
  guint       made_at;    /* the mark after which it was made; 0 = long ago */
  guint       saved_at;
  AlmHubScope saved;
  guint8      saved_chain[ALM_HASH_SIZE];
} AlmHubScopeState;

typedef struct
{
  AlmServerStore  parent;

  AlmDb          *db;
  GHashTable     *numbers;    /* interned name → number */
  GPtrArray      *names;      /* number → interned name */
  GPtrArray      *scopes;     /* (element-type AlmHubScopeState), by name; NULL = not read yet */
  GPtrArray      *shown;      /* (element-type AlmHubScope), the same, for callers */
  guint           mark;       /* counts marks of the transaction, from 1 */
  gboolean        new_names;  /* names were added since the last mark */
  gboolean        writing;
} AlmHub;

/* The file does not hold what it should: says where. */
void              alm_hub_set_corrupt    (GError           **error,
                                          const char        *format,
                                          ...) G_GNUC_PRINTF (2, 3);
gboolean          alm_hub_number_of      (AlmHub            *self,
                                          const char        *name,
                                          gboolean           make,
                                          gint64            *number,
                                          GError           **error);
const char       *alm_hub_name_of        (AlmHub            *self,
                                          gint64             number,
                                          GError           **error);
AlmHubScopeState *alm_hub_find_scope     (AlmHub            *self,
                                          const char        *name,
                                          GError           **error);
void              alm_hub_touch_scope    (AlmHub            *self,
                                          AlmHubScopeState  *scope);

/* The one blob of each row of @query, as ids. */
gboolean          alm_hub_collect_ids    (AlmSql            *query,
                                          GArray            *ids,
                                          GError           **error);
/* Attached files (alm-hub-blobs.c). */
gboolean          alm_hub_make_blob_tables (AlmDb           *db,
                                          GError           **error);
gboolean          alm_hub_note_blobs     (AlmHub            *self,
                                          const AlmId       *id,
                                          const AlmValue    *fields,
                                          const char        *body,
                                          const char        *personal,
                                          GError           **error);

/* The vtable's functions that live in the other files. */
gboolean alm_hub_get_record      (AlmServerStore *store, const AlmId *id,
                                  AlmHubRecord **record, GError **error);
gboolean alm_hub_put_record      (AlmServerStore *store, const AlmHubRecord *before,
                                  AlmHubRecord *after, const AlmModel *model, AlmClass whole,
                                  AlmHubEntry *entry, GError **error);
gboolean alm_hub_feed            (AlmServerStore *store, const char *scope, gint64 after,
                                  int limit, AlmHubRowFunc func, gpointer user_data,
                                  GError **error);
gboolean alm_hub_list_conflicts  (AlmServerStore *store, const AlmId *record, GArray **ids,
                                  GError **error);
gboolean alm_hub_list_same_key   (AlmServerStore *store, const AlmModel *model,
                                  const AlmHubRecord *record, GArray **ids, GError **error);
gboolean alm_hub_reclassify      (AlmServerStore *store, const AlmModel *before,
                                  const AlmModel *after, GError **error);

/* What the chains are made of; `verify` makes them once more. */
#define ALM_HUB_SALT_SIZE 16
#define ALM_HUB_ENTRY_COLUMNS \
  "seq, desk, n, user, at, stored_at, op, set_, set_p, old_, old_p, batch"
void     alm_hub_hash_content    (guint8 hash[ALM_HASH_SIZE],
                                  const guint8 salt[ALM_HUB_SALT_SIZE],
                                  const AlmHubEntry *entry);
void     alm_hub_advance_chain   (guint8 chain[ALM_HASH_SIZE], const char *scope,
                                  const AlmHubEntry *entry, const guint8 chash[ALM_HASH_SIZE]);
gboolean alm_hub_read_entry      (AlmSql *query, AlmHubEntry *entry, GError **error);
void     alm_hub_seal_audit      (guint8 mac[ALM_HASH_SIZE],
                                  const guint8 previous[ALM_HASH_SIZE],
                                  const AlmHubAudit *audit);
/* One row of SELECT id, scope, kind, ver, del, body, body_p, hash: is its hash right? */
gboolean alm_hub_check_row       (AlmSql *query, AlmId *id, GError **error);
AlmValue *alm_hub_join_parts     (const char *body, const char *personal, GError **error);

gboolean alm_hub_add_history     (AlmHub *self, AlmHubScopeState *scope, AlmHubEntry *entry,
                                  const AlmModel *model, AlmClass whole, GError **error);
gboolean alm_hub_split_history   (AlmHub *self, const AlmId *id, const AlmModel *model,
                                  AlmClass whole, GError **error);
gboolean alm_hub_history         (AlmServerStore *store, const AlmId *id, AlmHubEntryFunc func,
                                  gpointer user_data, GError **error);
gboolean alm_hub_changed_since   (AlmServerStore *store, const AlmId *id, gint64 seq,
                                  const AlmId *desk, gboolean *changed, GError **error);
gboolean alm_hub_is_maker        (AlmServerStore *store, const AlmId *id, const AlmId *desk,
                                  gboolean *is, GError **error);
gboolean alm_hub_get_outcome     (AlmServerStore *store, const AlmId *desk, gint64 n,
                                  char **cid, char **line, GError **error);
gboolean alm_hub_put_outcome     (AlmServerStore *store, const AlmId *desk, gint64 n,
                                  const char *cid, const char *line, GError **error);
gboolean alm_hub_get_tally       (AlmServerStore *store, const AlmId *desk, const char *scope,
                                  gint64 *commands, GError **error);
gboolean alm_hub_set_tally       (AlmServerStore *store, const AlmId *desk, const char *scope,
                                  gint64 commands, GError **error);
gboolean alm_hub_add_deletion    (AlmServerStore *store, const AlmId *desk, const char *scope,
                                  gint64 at, GError **error);
gboolean alm_hub_count_deletions (AlmServerStore *store, const AlmId *desk, const char *scope,
                                  gint64 after, gint64 *count, GError **error);

gboolean alm_hub_erase           (AlmServerStore *store, const AlmHubRecord *before,
                                  AlmHubRecord *after, const AlmModel *model, AlmClass whole,
                                  const AlmValue *names, AlmHubEntry *entry, GError **error);
/* Was something of @id erased after its version @seq? */
gboolean alm_hub_was_erased      (AlmHub *self, const AlmId *id, gint64 seq, gboolean *erased,
                                  GError **error);
gboolean alm_hub_add_erasure     (AlmServerStore *store, const AlmHubErasure *erasure,
                                  GError **error);
gboolean alm_hub_list_erasures   (AlmServerStore *store, const char *scope, const AlmId *id,
                                  const AlmId *desk, gint64 after, GPtrArray **erasures,
                                  GError **error);
gboolean alm_hub_list_owing      (AlmServerStore *store, const AlmHubErasure *erasure,
                                  GArray **desks, GError **error);
gboolean alm_hub_note_seen       (AlmServerStore *store, const AlmId *desk, const char *scope,
                                  gint64 seq, gint64 at_us, GError **error);
gboolean alm_hub_add_reader      (AlmServerStore *store, const AlmId *desk, const char *scope,
                                  GError **error);
gboolean alm_hub_copy_reader     (AlmServerStore *store, const AlmId *from, const AlmId *to,
                                  GError **error);
gboolean alm_hub_end_reader      (AlmServerStore *store, const AlmId *desk, gint64 at_us,
                                  GError **error);
gboolean alm_hub_list_about      (AlmServerStore *store, const AlmId *record, GArray **ids,
                                  GError **error);
gboolean alm_hub_blank_outcomes  (AlmServerStore *store, const char *field, GError **error);
gboolean alm_hub_list_fields     (AlmServerStore *store, const AlmId *id, GHashTable *names,
                                  GError **error);
gboolean alm_hub_wipe            (AlmServerStore *store, gboolean *done, GError **error);

gboolean alm_hub_get_desk        (AlmServerStore *store, const AlmId *id, AlmHubDesk **desk,
                                  GError **error);
gboolean alm_hub_put_desk        (AlmServerStore *store, const AlmHubDesk *desk, GError **error);
gboolean alm_hub_list_desks      (AlmServerStore *store, GPtrArray **desks, GError **error);
gboolean alm_hub_get_token       (AlmServerStore *store, const guint8 *hash,
                                  AlmHubToken **token, GError **error);
gboolean alm_hub_put_token       (AlmServerStore *store, const guint8 *hash,
                                  const AlmHubToken *token, GError **error);
gboolean alm_hub_retire_token    (AlmServerStore *store, const guint8 *hash,
                                  const AlmHubToken *token, gint64 until_us, GError **error);
gboolean alm_hub_drop_token      (AlmServerStore *store, const guint8 *hash, GError **error);
gboolean alm_hub_drop_tokens_of  (AlmServerStore *store, const AlmId *desk, const char *user,
                                  GError **error);
gboolean alm_hub_get_account     (AlmServerStore *store, const char *name,
                                  AlmHubAccount **account, GError **error);
gboolean alm_hub_put_account     (AlmServerStore *store, const AlmHubAccount *account,
                                  GError **error);
gboolean alm_hub_list_accounts   (AlmServerStore *store, GPtrArray **accounts, GError **error);
gboolean alm_hub_list_grants     (AlmServerStore *store, const char *user, GPtrArray **grants,
                                  GError **error);
gboolean alm_hub_set_grants      (AlmServerStore *store, const char *user, GPtrArray *grants,
                                  GError **error);
gboolean alm_hub_add_audit       (AlmServerStore *store, const AlmHubAudit *audit,
                                  GError **error);
gboolean alm_hub_list_audit      (AlmServerStore *store, gint64 after, int limit,
                                  GPtrArray **audit, GError **error);

gboolean alm_hub_list_naming     (AlmServerStore *store, const char *sha256, GArray **ids,
                                  GError **error);
gboolean alm_hub_is_uploader     (AlmServerStore *store, const char *sha256, const char *user,
                                  gboolean *is, GError **error);
gboolean alm_hub_put_upload      (AlmServerStore *store, const char *sha256, const char *user,
                                  gint64 size, gint64 at_us, GError **error);
gboolean alm_hub_count_unnamed   (AlmServerStore *store, const char *user, gint64 *bytes,
                                  GError **error);
gboolean alm_hub_list_unnamed    (AlmServerStore *store, const char *sha256, gint64 before_us,
                                  GPtrArray **names, GError **error);
gboolean alm_hub_list_erased_blobs (AlmServerStore *store, GPtrArray **names, GError **error);
gboolean alm_hub_forget_blob     (AlmServerStore *store, const char *sha256, GError **error);

G_END_DECLS
