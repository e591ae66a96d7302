/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-hub-core.h"

G_BEGIN_DECLS

/* The folder of packs: frozen feeds for who starts from nothing, one per scope
 * and set of classes.  A file is complete or not there; its name says what it
 * holds, so there is nothing to keep in mind and any thread may look. */

void     alm_packs_find     (const char         *dir,
                             guint64             key,
                             AlmHubPackFile     *file);
/* Makes the packs that are missing or have grown old; @least records are worth
 * one.  Ends early when *stopped is set by another thread. */
gboolean alm_packs_refresh  (const char         *dir,
                             AlmHubCore         *core,
                             gint64              least,
                             const int          *stopped,
                             GError            **error);
/* Removes all of them: what was erased may stand in each.  FALSE: one is left. */
gboolean alm_packs_clear    (const char         *dir,
                             GError            **error);

G_END_DECLS
