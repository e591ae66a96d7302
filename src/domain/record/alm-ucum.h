/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean alm_ucum_is_code (const char *text);

G_END_DECLS
