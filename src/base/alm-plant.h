/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bugs that are planted on purpose, so that the simulation proves it would find
 * them (sync.md, section 4.12).  The product is never built with ALM_PLANT:
 * there the word is FALSE and the code behind it is not there. */
#ifdef ALM_PLANT
extern const char *alm_planted;   /* the name of the one that is planted; NULL */
# define ALM_PLANTED(name) (g_strcmp0 (alm_planted, name) == 0)
#else
# define ALM_PLANTED(name) (FALSE)
#endif

G_END_DECLS
