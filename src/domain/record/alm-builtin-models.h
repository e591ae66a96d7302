/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Kinds that the program itself knows, A to Z, NULL-terminated. */
const char *const *alm_builtin_kinds  (void);
/* The schema of one of them as JSON text; NULL for any other kind. */
const char        *alm_builtin_schema (const char *kind);

G_END_DECLS
