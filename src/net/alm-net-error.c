/* SPDX-License-Identifier: EUPL-1.2 */

/* The error domain of the network; apart, so that the app can name the errors
 * without seeing libsoup. */

#include "config.h"

#include "alm-net-error.h"

G_DEFINE_QUARK (alm-net-error-quark, alm_net_error)
