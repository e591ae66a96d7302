/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-hub-core.h"

G_BEGIN_DECLS

/* A server's core on a database of its own, with a clock that the test sets. */
typedef struct
{
  char       *dir;
  char       *path;       /* of the database */
  AlmHubCore *core;
  char       *server;
  char       *epoch;
  char       *admin;      /* token of "chef", desk 90…: manages, audits, is steward of system */
  GString    *changed;    /* names of scopes that replies said have changed */
} AlmTestHub;

#define ALM_TEST_ADMIN_DESK "00000000-0000-7000-8000-000000000090"

extern gint64              alm_test_hub_now_us;
extern const AlmHubOptions alm_test_hub_options;

void         alm_test_hub_set_up      (AlmTestHub  *self);
void         alm_test_hub_tear_down   (AlmTestHub  *self);
/* Closes the database and opens it again, as a restart does. */
void         alm_test_hub_reopen      (AlmTestHub  *self);

AlmHubReply *alm_test_hub_ask         (AlmTestHub  *self,
                                       const char  *token,
                                       const char  *method,
                                       const char  *path,
                                       const char  *body);
/* The first line of the answer, which must have this status. */
AlmValue    *alm_test_hub_expect      (AlmTestHub  *self,
                                       guint        status,
                                       const char  *token,
                                       const char  *method,
                                       const char  *path,
                                       const char  *body);
/* The whole text of the answer. */
char        *alm_test_hub_text        (AlmTestHub  *self,
                                       guint        status,
                                       const char  *token,
                                       const char  *method,
                                       const char  *path,
                                       const char  *body);
char        *alm_test_hub_login       (AlmTestHub  *self,
                                       const char  *user,
                                       const char  *desk);
/* Adds @user with these grants (a JSON list) and logs in; the token. */
char        *alm_test_hub_add         (AlmTestHub  *self,
                                       const char  *user,
                                       const char  *desk,
                                       const char  *grants);
/* Sends @lines (each with its end), numbered from @first as they stand. */
char        *alm_test_hub_push        (AlmTestHub  *self,
                                       guint        status,
                                       const char  *token,
                                       const char  *desk,
                                       gint64       first,
                                       const char  *lines);
/* The model of trees, scopes "ksj/baeume" and "ksj/geheim", and two editors. */
void         alm_test_hub_make_city   (AlmTestHub  *self);

G_END_DECLS
