/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The sentence for the user; a string of the program, not to be freed. */
const char *alm_error_text (const GError *error);

G_END_DECLS
