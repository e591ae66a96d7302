/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit codes: a contract with scripts. */
enum {
  ALM_SERVE_DONE = 0,
  ALM_SERVE_FAILED = 1,
  ALM_SERVE_USAGE = 2
};

int alm_serve_init (const char         *dir,
                    const char         *admin,
                    const char         *password_file);
int alm_serve_restore (const char      *from,
                       const char      *dir,
                       const char      *erasures);
int alm_serve_run  (const char         *dir,
                    const char *const  *addresses,
                    gboolean            trust_front);

G_END_DECLS
