/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ALM_NET_ERROR (alm_net_error_quark ())

/* What the server said no to.  That it was not reached is a G_IO_ERROR. */
typedef enum {
  ALM_NET_ERROR_ADDRESS,        /* no address, or http:// to another machine */
  ALM_NET_ERROR_LOGIN,          /* wrong name or password */
  ALM_NET_ERROR_LATER,          /* too many tries: later again */
  ALM_NET_ERROR_TAKEN,          /* this profile belongs to another user */
  ALM_NET_ERROR_TRAINING,       /* this profile is the training town */
  ALM_NET_ERROR_WRONG_SERVER,   /* this profile belongs to another server */
  ALM_NET_ERROR_ANSWER          /* an answer that makes no sense */
} AlmNetError;

GQuark alm_net_error_quark (void);

G_END_DECLS
