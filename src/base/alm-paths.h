/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the program's own files are, installed or still in the build folder. */
char *alm_path_data    (const char *name);
char *alm_path_program (const char *name);
char *alm_path_command (const char *name);
char *alm_path_locale  (void);

G_END_DECLS
