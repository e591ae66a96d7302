/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-hub-core.h"
#include "alm-hub-rights.h"
#include "alm-merge.h"

G_BEGIN_DECLS

/* Models and scopes, compiled from the records of scope `system`. */
typedef struct
{
  gint64      seq;        /* of `system` when it was read; -1 = never */
  GHashTable *models;     /* kind → AlmModel */
  GHashTable *model_ids;  /* kind → AlmId of the record */
  GHashTable *classes;    /* kind → classes of its fields, `personal` aside */
  GHashTable *titles;     /* scope → title */
  GHashTable *scope_ids;  /* scope → AlmId of the record */
  guint64     class_map;  /* changes with any field's class */
} AlmHubCity;

struct _AlmHubCore
{
  AlmServerStore *store;    /* owned */
  AlmHubOptions   options;
  AlmHubCity      city;
  AlmId           server;   /* also the id of the server's own desk */
  char           *server_text;
  char           *epoch;
  char           *nobody;   /* a hash to compare with where there is no such user */
  gboolean        ready;
  GHashTable     *tries;    /* account or address → failed logins */
};

/* Who asks. */
typedef struct
{
  char          *user;
  AlmId          desk;
  guint8         token[ALM_HASH_SIZE];
  AlmHubToken    kept;      /* what is kept of it; its `user` is NULL */
  GPtrArray     *grants;    /* (element-type AlmHubGrant) */
  gint64         now_us;
  gboolean       lost;      /* the desk was reported lost: nobody speaks from it */
  gboolean       writes;    /* the request may write */
} AlmHubActor;

/* What a command may be refused with, and why. */
typedef struct
{
  const char *code;      /* NULL: not refused */
  const char *limit;     /* of "forbidden": what was met, "field" or "area"; nullable */
  char       *detail;
} AlmHubRefusal;

typedef struct
{
  AlmCommand *command;   /* NULL: `refusal` says why */
  gint64      n;
  char       *cid;
  gsize       length;
  AlmHubRefusal refusal;
} AlmHubLine;

struct _AlmHubPush
{
  char      *authorization;
  AlmId      desk;
  char      *epoch;
  gint64     first;
  GPtrArray *lines;      /* (element-type AlmHubLine) */
};

/* The brake's count of one scope during a push. */
typedef struct
{
  const char *scope;
  gint64      commands;
} AlmHubTally;

/* What the commands of one push share. */
typedef struct
{
  AlmHubCore  *core;
  AlmHubActor *actor;
  GArray      *tallies;   /* (element-type AlmHubTally) */
  GPtrArray   *changed;   /* (element-type utf8): scopes */
  GPtrArray   *erased;    /* (element-type utf8): lines of the list beside the database */
  gint64       server_n;  /* of the server's own last command; -1 = not read yet */
  gboolean     server_n_changed;
} AlmHubSession;

#define ALM_KIND_CONFLICT "conflict"
#define ALM_KIND_MODEL    "model"
#define ALM_KIND_SCOPE    "scope"
#define ALM_HUB_USER      "system"

typedef AlmHubReply *(*AlmHubHandler) (AlmHubCore     *self,
                                       AlmHubActor    *actor,
                                       AlmHubRequest  *request,
                                       GError        **error);

/* alm-hub-request.c */
AlmValue       *alm_hub_request_json     (const AlmHubRequest  *request,
                                          AlmHubReply         **refusal);
char           *alm_hub_request_query    (const AlmHubRequest  *request,
                                          const char           *name);
void            alm_hub_reply_say        (AlmHubReply          *self,
                                          const AlmValue       *value);
AlmHubReply    *alm_hub_reply_value      (guint                 status,
                                          const AlmValue       *value);
void            alm_hub_refusal_clear    (AlmHubRefusal        *self);
gboolean        alm_hub_refuse           (AlmHubRefusal        *self,
                                          const char           *code,
                                          const char           *format,
                                          ...) G_GNUC_PRINTF (3, 4);

/* alm-hub-core.c */
gint64          alm_hub_core_now         (AlmHubCore           *self);
gboolean        alm_hub_core_make_ready  (AlmHubCore           *self,
                                          GError              **error);
gboolean        alm_hub_core_token_hash  (const char           *authorization,
                                          guint8                hash[ALM_HASH_SIZE]);
gboolean        alm_hub_core_identify    (AlmHubCore           *self,
                                          const char           *authorization,
                                          AlmHubActor          *actor,
                                          GError              **error);
void            alm_hub_actor_clear      (AlmHubActor          *self);
AlmHubRights    alm_hub_actor_rights     (const AlmHubActor    *self,
                                          const char           *scope);
gboolean        alm_hub_core_audit       (AlmHubCore           *self,
                                          const char           *actor,
                                          const char           *action,
                                          const char           *subject,
                                          const char           *detail,
                                          GError              **error);
char           *alm_hub_core_new_token   (AlmHubCore           *self,
                                          const AlmId          *desk,
                                          const char           *user,
                                          const guint8         *before,
                                          gint64               *expires_us,
                                          GError              **error);
AlmHubReply    *alm_hub_core_say_lost    (AlmHubCore           *self,
                                          const AlmHubActor    *actor,
                                          GError              **error);
AlmHubReply    *alm_hub_core_failed      (AlmHubCore           *self,
                                          const GError         *error);
gboolean        alm_hub_core_is_fatal    (const GError         *error);

/* alm-hub-login.c */
char           *alm_hub_new_id_text      (const AlmHubOptions  *options);

/* alm-hub-city.c */
gboolean        alm_hub_city_read        (AlmHubCore           *self,
                                          GError              **error);
void            alm_hub_city_forget      (AlmHubCore           *self);
gboolean        alm_hub_city_knows       (const AlmHubCity     *self,
                                          const char           *kind);
gboolean        alm_hub_city_is_built_in (const char           *kind);
gboolean        alm_hub_city_is_system   (const char           *kind);
AlmModel       *alm_hub_city_model       (const AlmHubCity     *self,
                                          const char           *kind);
AlmClass        alm_hub_city_whole       (const AlmHubCity     *self,
                                          const char           *kind,
                                          const AlmValue       *fields);

/* alm-hub-apply.c */
gboolean        alm_hub_apply            (AlmHubSession        *session,
                                          const AlmHubLine     *line,
                                          char                **outcome,
                                          GError              **error);
void            alm_hub_session_changed  (AlmHubSession        *session,
                                          const char           *scope);
gboolean        alm_hub_session_finish   (AlmHubSession        *session,
                                          GError              **error);
void            alm_hub_session_clear    (AlmHubSession        *session);

/* alm-hub-conflicts.c */
typedef struct
{
  const AlmHubRecord *record;
  const AlmModel     *model;
  const AlmCommand   *command;
  const char         *why;
  const char         *field;     /* "" for the whole record */
  const AlmValue     *part;      /* nullable */
  const AlmValue     *base;      /* nullable, as the next two */
  const AlmValue     *theirs;
  const AlmValue     *mine;
} AlmHubCollision;

gboolean        alm_hub_conflict_raise   (AlmHubSession         *session,
                                          const AlmHubCollision *collision,
                                          AlmId                 *id,
                                          gint64                *seq,
                                          GError               **error);
gboolean        alm_hub_conflict_close   (AlmHubSession         *session,
                                          const AlmHubRecord    *conflict,
                                          const AlmModel        *model,
                                          const char            *choice,
                                          gint64                *seq,
                                          GError               **error);
/* @names: its fields that hold values; they go, and an open one is over. */
gboolean        alm_hub_conflict_erase   (AlmHubSession         *session,
                                          const AlmHubRecord    *conflict,
                                          const AlmModel        *model,
                                          const AlmValue        *names,
                                          gint64                *seq,
                                          GError               **error);
gboolean        alm_hub_conflict_agree   (AlmHubSession         *session,
                                          const AlmHubRecord    *record,
                                          const AlmModel        *model,
                                          const AlmCommand      *command,
                                          GPtrArray             *collisions,
                                          gint64                *seq,
                                          GError               **error);

gboolean        alm_hub_next_server_n    (AlmHubSession         *session,
                                          gint64                *n,
                                          GError               **error);

/* alm-hub-tokens.c */
gboolean        alm_hub_rotate_token     (AlmHubCore           *self,
                                          const AlmHubActor    *actor,
                                          const AlmValue       *asked,
                                          char                **token,
                                          GError              **error);

/* alm-hub-areas.c */
void            alm_hub_areas_add        (GString              *text,
                                          const AlmHubActor    *actor,
                                          const char           *scope);
void            alm_hub_areas_describe   (const AlmHubActor    *actor,
                                          const char           *scope,
                                          AlmValue             *said,
                                          AlmValue             *areas);

/* alm-hub-erasing.c */
gboolean        alm_hub_erasure_note     (AlmHubSession         *session,
                                          const AlmHubErasure   *erasure,
                                          GError               **error);
AlmValue       *alm_hub_erasure_to_value (const AlmHubErasure   *erasure);
gboolean        alm_hub_list_told        (AlmHubCore            *self,
                                          const char            *scope,
                                          gint64                 after,
                                          GHashTable           **told,
                                          GError               **error);
AlmValue       *alm_hub_list_owed        (AlmHubCore            *self,
                                          const AlmId           *desk,
                                          const GPtrArray       *scopes,
                                          GError               **error);
gboolean        alm_hub_erase_record     (AlmHubSession         *session,
                                          const AlmHubRecord    *before,
                                          AlmHubErasure         *erasure,
                                          AlmHubEntry           *entry,
                                          GError               **error);

/* alm-hub-feed.c */
typedef struct
{
  AlmHubCore *core;
  const char *scope;
  guint       classes;   /* the reader's */
  GString    *out;
  GHashTable *told;      /* id → names of fields that were erased since; NULL: nothing was */
} AlmHubPage;

gboolean        alm_hub_page_print       (const AlmHubPage     *self,
                                          const AlmHubRow      *row,
                                          gboolean             *shown,
                                          GError              **error);
AlmValue       *alm_hub_describe_digest  (const AlmHubScope    *scope,
                                          guint                 classes);

/* alm-hub-pack.c */
void            alm_hub_pack_find        (AlmHubCore           *self,
                                          const char           *scope,
                                          guint                 classes,
                                          AlmHubPackFile       *file);

/* alm-hub-admin.c */
gboolean        alm_hub_is_manager       (const AlmHubActor     *actor);
gboolean        alm_hub_may_manage       (const AlmHubActor     *actor,
                                          const char            *user,
                                          const GPtrArray       *grants);
AlmHubReply    *alm_hub_forbid           (void);

/* The handlers. */
AlmHubReply *alm_hub_login   (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_logout  (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_hello   (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_feed_reply (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                                 GError **error);
AlmHubReply *alm_hub_pack_reply (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                                 GError **error);
AlmHubReply *alm_hub_blob    (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_history_reply (AlmHubCore *self, AlmHubActor *actor,
                                    AlmHubRequest *request, GError **error);
AlmHubReply *alm_hub_users   (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_user    (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_grants  (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_desks   (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_desk    (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);
AlmHubReply *alm_hub_erasures (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                               GError **error);
/* A lost desk says that nothing is left on it. */
gboolean     alm_hub_core_drop_erased (AlmHubCore *self, GError **error);
AlmHubReply *alm_hub_wiped   (AlmHubCore *self, AlmHubActor *actor, GError **error);
AlmHubReply *alm_hub_audit   (AlmHubCore *self, AlmHubActor *actor, AlmHubRequest *request,
                              GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmHubActor, alm_hub_actor_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmHubRefusal, alm_hub_refusal_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmHubSession, alm_hub_session_clear)

G_END_DECLS
