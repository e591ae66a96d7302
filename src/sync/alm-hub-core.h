/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-clock.h"
#include "alm-hash.h"
#include "alm-server-store.h"

G_BEGIN_DECLS

/* What the server does with a request, without a socket, a main loop or a clock
 * of its own: the front, the tests and the simulation all call it. */

#define ALM_HUB_BODY_MAX     (8 * 1024 * 1024)
#define ALM_HUB_COMMANDS_MAX 2000
#define ALM_HUB_WAIT_MAX_S   30
#define ALM_HUB_PART_MAX     (4 * 1024 * 1024)
#define ALM_HUB_PROTOCOL     1

typedef struct
{
  char     *method;
  char     *path;            /* percent-decoded */
  char     *query;           /* as it came; nullable */
  char     *authorization;   /* header; nullable */
  char     *remote;          /* address of the client; nullable */
  GBytes   *body;            /* unpacked; nullable */
  gboolean  waited;          /* of a long poll: answer now, with nothing if there is nothing */
  gboolean  received;        /* of an attached file: all of it is here, and right */

  /* A password to be hashed, asked for by a reply with `hash`: to compare with
   * `against`, or where that is NULL to be kept. */
  char     *password;
  char     *against;
  gboolean  hashed;
  gboolean  matches;
  char     *hash;
} AlmHubRequest;

/* A pack as a file; `path` NULL: there is none. */
typedef struct
{
  char   *path;
  char   *etag;
  gint64  seq;
  gint64  bytes;
} AlmHubPackFile;

/* A pack that is worth having. */
typedef struct
{
  char    *scope;
  guint    classes;
  gint64   seq;        /* of the scope now */
  guint64  key;        /* names scope, classes, class map and epoch */
} AlmHubPackPlan;

typedef gboolean (*AlmHubSink) (gconstpointer data, gsize size, gpointer user_data,
                                GError **error);

typedef struct
{
  guint       status;        /* 0: no answer yet; see `hash` and `wait_s` */
  const char *type;          /* of the content; NULL = none */
  GString    *body;
  AlmHubPackFile file;       /* the body, where it is one */
  gint64      upload_offset; /* told as Upload-Offset; −1 = not said */
  guint       retry_after_s;
  gboolean    hash;          /* run alm_hub_request_hash(), then handle it again */
  gboolean    received;      /* mark the request so, then have the writer handle it again */
  guint       wait_s;        /* nothing yet: handle it again on a change, or then */
  GPtrArray  *watch;         /* (element-type utf8): the scopes it waits for */
  GPtrArray  *changed;       /* (element-type utf8): scopes that have changed; nullable */
  gboolean    rights_changed;
  gboolean    fatal;         /* the database cannot be trusted to write any more */
  gboolean    erased;        /* ask for alm_hub_core_wipe() until it is done */
  gboolean    keep;          /* commit although it is a refusal (audit) */
} AlmHubReply;

typedef struct
{
  AlmClock              *clock;
  void                 (*random) (gpointer buffer, gsize size);
  const AlmPasswordCost *cost;
  /* Where packs are; NULL: there are none.  Any thread. */
  void                 (*find_pack) (const char *dir, guint64 key, AlmHubPackFile *file);
  const char            *packs_dir;
  const char            *blobs_dir;   /* where attached files are; NULL: there are none */
  /* Removes them all: what was erased may stand in each. */
  gboolean             (*drop_packs) (const char *dir, GError **error);
  /* Brings the lines about what is erased to the disk before anybody is answered, so that
   * a restored backup can be told; NULL: nobody keeps them. */
  gboolean             (*keep_erased) (const char *path, const GPtrArray *lines, GError **error);
  const char            *erased_path;
} AlmHubOptions;

typedef enum {
  ALM_HUB_ROUTE_NONE,     /* handled without a store: unknown path or method, healthz */
  ALM_HUB_ROUTE_READ,
  ALM_HUB_ROUTE_WRITE,
  ALM_HUB_ROUTE_PUSH,
  ALM_HUB_ROUTE_RECEIVE   /* reads the store and writes a file: one after the other */
} AlmHubRoute;

/* A core on one connection; belongs to one thread at a time. */
typedef struct _AlmHubCore AlmHubCore;
/* A checked body of /v1/push. */
typedef struct _AlmHubPush AlmHubPush;

AlmHubRequest *alm_hub_request_new   (const char           *method,
                                      const char           *path);
void           alm_hub_request_free  (AlmHubRequest        *self);
void           alm_hub_request_hash  (AlmHubRequest        *self,
                                      const AlmPasswordCost *cost);
AlmHubReply   *alm_hub_reply_new     (guint                 status,
                                      const char           *type);
AlmHubReply   *alm_hub_reply_problem (guint                 status,
                                      const char           *code,
                                      const char           *format,
                                      ...) G_GNUC_PRINTF (3, 4);
void           alm_hub_reply_free    (AlmHubReply          *self);

AlmHubRoute    alm_hub_route         (const AlmHubRequest  *request,
                                      AlmHubReply         **refusal);
AlmHubPush    *alm_hub_push_parse    (const AlmHubRequest  *request,
                                      AlmHubReply         **refusal);
void           alm_hub_push_free     (AlmHubPush           *self);
guint          alm_hub_push_size     (const AlmHubPush     *self);

AlmHubCore    *alm_hub_core_new      (AlmServerStore       *store,
                                      const AlmHubOptions  *options);
void           alm_hub_core_free     (AlmHubCore           *self);
AlmHubReply   *alm_hub_core_handle   (AlmHubCore           *self,
                                      AlmHubRequest        *request);
/* @pushes in one transaction; fills @replies. */
void           alm_hub_core_push     (AlmHubCore           *self,
                                      AlmHubPush          **pushes,
                                      guint                 n_pushes,
                                      AlmHubReply         **replies);
/* Takes what was erased out of the server's files.  *done FALSE: somebody reads; again in a
 * second.  Also asked for when the server starts. */
gboolean       alm_hub_core_wipe     (AlmHubCore           *self,
                                      gboolean             *done,
                                      GError              **error);
/* Whether the token is somebody's: asked before a large body is looked at. */
gboolean       alm_hub_core_is_known (AlmHubCore           *self,
                                      const char           *authorization);
char          *alm_hub_core_get_epoch (AlmHubCore          *self,
                                       GError             **error);

/* (element-type AlmHubPackPlan): for scopes of at least so many records. */
GPtrArray     *alm_hub_core_plan_packs (AlmHubCore           *self,
                                        gint64                least,
                                        GError              **error);
gboolean       alm_hub_core_write_pack (AlmHubCore           *self,
                                        const AlmHubPackPlan *plan,
                                        AlmHubSink            sink,
                                        gpointer              user_data,
                                        gint64               *seq,
                                        GError              **error);

/* Parts and files that nobody has wanted for a week go.  The first step wants a reader, on
 * the thread that receives, the second the writer; (element-type utf8). */
GPtrArray     *alm_hub_core_find_unwanted (AlmHubCore        *self,
                                        GError              **error);
gboolean       alm_hub_core_drop_unwanted (AlmHubCore        *self,
                                        const GPtrArray      *names,
                                        GError              **error);
void           alm_hub_pack_file_clear (AlmHubPackFile       *self);
void           alm_hub_pack_plan_free  (AlmHubPackPlan       *self);

/* A new city's server: one account that manages, operates, audits and is steward
 * of `system`.  @models: (element-type AlmValue) {"name", "schema"} to start with. */
gboolean       alm_hub_found         (AlmServerStore       *store,
                                      const AlmHubOptions  *options,
                                      const char           *admin,
                                      const char           *password,
                                      GPtrArray            *models,
                                      AlmValue            **said,
                                      GError              **error);
/* After a restore (sync.md, 4.7): another epoch, with where each scope stands. */
gboolean       alm_hub_begin_epoch   (AlmServerStore       *store,
                                      const AlmHubOptions  *options,
                                      char                **epoch,
                                      GError              **error);
/* After a restore, once its new epoch has begun and before anybody is answered: erases again
 * what the lines of an erased.ndjson say and the backup does not know; *n of them.  One
 * transaction; then alm_server_store's wipe() is due. */
gboolean       alm_hub_apply_erasures (AlmServerStore      *store,
                                       const AlmHubOptions *options,
                                       const char          *text,
                                       gsize                length,
                                       guint               *n,
                                       GError             **error);
/* The id of the record of a kind's shipped model, and of a scope. */
void           alm_hub_model_id      (AlmId                *id,
                                      const char           *kind);
void           alm_hub_scope_id      (AlmId                *id,
                                      const char           *path);
gboolean       alm_hub_check_founder (const char           *admin,
                                      const char           *password,
                                      GError              **error);
gboolean       alm_hub_check_password (const char          *user,
                                       const char          *password,
                                       const char         **reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubRequest, alm_hub_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubReply, alm_hub_reply_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubPush, alm_hub_push_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHubCore, alm_hub_core_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmHubPackFile, alm_hub_pack_file_clear)

G_END_DECLS
