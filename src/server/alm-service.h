/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-front.h"

G_BEGIN_DECLS

/* Takes requests from the front to the thread that answers them: one writer,
 * a few readers, two that hash passwords.  Main thread only. */
typedef struct _AlmService AlmService;

typedef struct
{
  const char          *dir;           /* of the data */
  gboolean             trust_front;
  const AlmHubOptions *options;
  void               (*failed) (gpointer user_data);   /* the database cannot be written any more */
  gpointer             user_data;
} AlmServiceSettings;

AlmService *alm_service_new         (const AlmServiceSettings  *settings,
                                     GError                   **error);
void        alm_service_free        (AlmService                *self);
const char *alm_service_get_epoch   (AlmService                *self);
AlmFront   *alm_service_get_front   (AlmService                *self);
/* No new requests; what waits for news is answered. */
void        alm_service_stop        (AlmService                *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmService, alm_service_free)

G_END_DECLS
