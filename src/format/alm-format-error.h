/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ALM_FORMAT_ERROR (alm_format_error_quark ())

/* Why bytes could not become values.  The message names the place. */
typedef enum {
  ALM_FORMAT_ERROR_SYNTAX,      /* not the format at all: encoding, syntax, ended too early */
  ALM_FORMAT_ERROR_BAD_TEXT,    /* a text that cannot be kept: U+0000, half a surrogate */
  ALM_FORMAT_ERROR_BAD_VALUE,   /* a value out of its range */
  ALM_FORMAT_ERROR_TOO_LARGE    /* over a limit of size, depth or count */
} AlmFormatError;

GQuark alm_format_error_quark (void);

G_END_DECLS
