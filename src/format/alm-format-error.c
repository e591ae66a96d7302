/* SPDX-License-Identifier: EUPL-1.2 */

/* The error domain of everything that reads bytes. */

#include "config.h"

#include "alm-format-error.h"

G_DEFINE_QUARK (alm-format-error-quark, alm_format_error)
