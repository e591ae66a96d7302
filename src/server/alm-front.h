/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-hub-core.h"

G_BEGIN_DECLS

/* HTTP, and nothing of the city: bytes become an AlmHubRequest, an AlmHubReply
 * becomes bytes.  The one place that knows libsoup's server, so that it can be
 * swapped.  Main thread only. */
typedef struct _AlmFront AlmFront;
/* A request that waits for its answer. */
typedef struct _AlmFrontCall AlmFrontCall;

/* @request: (transfer full).  @packed: its body is Zstandard still. */
typedef void (*AlmFrontFunc) (AlmFrontCall   *call,
                              AlmHubRequest  *request,
                              gboolean        packed,
                              gpointer        user_data);

AlmFront *alm_front_new          (gboolean             trust_front,
                                  AlmFrontFunc         func,
                                  gpointer             user_data);
void      alm_front_free         (AlmFront            *self);
gboolean  alm_front_listen       (AlmFront            *self,
                                  const char          *address,
                                  char               **url,
                                  GError             **error);
void      alm_front_stop         (AlmFront            *self);
guint     alm_front_get_waiting  (AlmFront            *self);
gboolean  alm_front_call_takes_zstd (AlmFrontCall     *call);
/* Ends the call.  @packed: the reply's body is Zstandard. */
void      alm_front_reply        (AlmFrontCall        *call,
                                  const AlmHubReply   *reply,
                                  gboolean             packed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmFront, alm_front_free)

G_END_DECLS
