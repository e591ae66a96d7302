/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-http-client.h"
#include "alm-sync-driver.h"

G_BEGIN_DECLS

/* What managers and auditors ask of a server (sync.md, section 3.5), for the window
 * and for allmendectl.  A request is a plain struct; making one asks nobody. */
typedef struct
{
  const char *method;
  char       *path;
  AlmValue   *body;       /* nullable */
} AlmAdminRequest;

void             alm_admin_request_free      (AlmAdminRequest  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmAdminRequest, alm_admin_request_free)

/* → a line for each: {"name","title","enabled","grants":[…]}, in whole */
AlmAdminRequest *alm_admin_list_users        (void);
/* @title: NULL: the name */
AlmAdminRequest *alm_admin_add_user          (const char       *name,
                                              const char       *title,
                                              const char       *password);
AlmAdminRequest *alm_admin_set_password      (const char       *name,
                                              const char       *password);
AlmAdminRequest *alm_admin_set_title         (const char       *name,
                                              const char       *title);
AlmAdminRequest *alm_admin_set_enabled       (const char       *name,
                                              gboolean          enabled);
/* @grants: all that @name is to have; see alm_admin_grants_with() */
AlmAdminRequest *alm_admin_put_grants        (const char       *name,
                                              AlmValue         *grants);
/* → {"desk","user","name","last_n","seen"} */
AlmAdminRequest *alm_admin_list_desks        (void);
/* @lost: it is in foreign hands, and is to be emptied as soon as it asks again */
AlmAdminRequest *alm_admin_revoke_desk       (const char       *desk,
                                              gboolean          lost);
/* → {"i","at","actor","action","subject","detail"}, a page of those after @after;
 * none: there are no more */
AlmAdminRequest *alm_admin_list_audit        (gint64            after);
/* → {"seq","id","fields","confirmed","open":[{"desk","seen"}]}, for auditors */
AlmAdminRequest *alm_admin_list_erasures     (void);

/* → the lines of a record's history */
AlmAdminRequest *alm_admin_list_history      (const AlmId      *id);

/* @grants without @role in @scope, and with @grant (nullable, (transfer full)) at the
 * end; (transfer full).  *found (nullable): whether it was among them. */
AlmValue        *alm_admin_grants_with       (const AlmValue   *grants,
                                              const char       *role,
                                              const char       *scope,
                                              AlmValue         *grant,
                                              gboolean         *found);
/* @classes: list of names, nullable, (transfer full): the server's default.  @from,
 * @until: a day or a moment; NULL: without end. */
AlmValue        *alm_admin_grant_new         (const char       *role,
                                              const char       *scope,
                                              AlmValue         *classes,
                                              const char       *from,
                                              const char       *until);

/* What the server said no to; the message is its own, in English. */
#define ALM_ADMIN_ERROR (alm_admin_error_quark ())
typedef enum {
  ALM_ADMIN_ERROR_REFUSED,       /* another reason */
  ALM_ADMIN_ERROR_FORBIDDEN,
  ALM_ADMIN_ERROR_LOGIN,         /* nobody is signed in, or not any more */
  ALM_ADMIN_ERROR_PASSWORD,      /* too short, too long, the name */
  ALM_ADMIN_ERROR_NAME,          /* no name of a user */
  ALM_ADMIN_ERROR_EXISTS,
  ALM_ADMIN_ERROR_GRANT,         /* role, scope, classes or period are wrong */
  ALM_ADMIN_ERROR_NOT_FOUND,
  ALM_ADMIN_ERROR_LAST           /* nobody would be left who manages everything */
} AlmAdminError;
GQuark           alm_admin_error_quark       (void);

/* Asks; @request: (transfer full).  (transfer full) (element-type AlmValue): the lines
 * of the answer.  Errors: ALM_ADMIN_ERROR; those of the network. */
void             alm_admin_send_async        (AlmHttpClient        *client,
                                              AlmAdminRequest      *request,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GPtrArray       *alm_admin_send_finish       (AlmHttpClient        *client,
                                              GAsyncResult         *result,
                                              GError              **error);

/* The same as whoever is signed in in the window. */
void             alm_sync_driver_admin_async (AlmSyncDriver        *driver,
                                              AlmAdminRequest      *request,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GPtrArray       *alm_sync_driver_admin_finish (AlmSyncDriver       *driver,
                                              GAsyncResult         *result,
                                              GError              **error);

G_END_DECLS
