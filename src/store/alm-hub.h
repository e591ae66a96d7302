/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-server-store.h"

G_BEGIN_DECLS

#define ALM_HUB_FILE "allmende.db"

typedef enum {
  ALM_HUB_READ   = 0,        /* beside the one writer */
  ALM_HUB_WRITE  = 1 << 0,   /* takes the lock, migrates */
  ALM_HUB_CREATE = 1 << 1,   /* with WRITE: makes a missing database */
  ALM_HUB_FROZEN = 1 << 2    /* in a backup: read, without a side file beside it */
} AlmHubFlags;

AlmServerStore *alm_hub_open           (const char          *dir,
                                        AlmHubFlags          flags,
                                        GError             **error);
gboolean        alm_hub_exists         (const char          *dir);

/* Looks at every record, the history's chains, the digests and the audit trail, in
 * one read transaction.  @findings: (element-type utf8) "PLACE: what".  FALSE: it
 * could not be looked at. */
/* Does each attached file hold what its name says, and is each there that a record names?
 * @findings: (element-type utf8) */
gboolean        alm_hub_verify_blobs   (AlmServerStore      *store,
                                        const char          *dir,
                                        GPtrArray           *findings,
                                        GError             **error);
gboolean        alm_hub_verify         (AlmServerStore      *store,
                                        GPtrArray           *findings,
                                        GError             **error);

/* Takes records over as they are, as state that everybody has agreed on: no
 * command, no rights, no merge, no line of history.  For an empty or a
 * generated city.  Runs inside a transaction of the store. */
gboolean        alm_hub_load_record    (AlmServerStore      *store,
                                        const AlmId         *id,
                                        const char          *scope,
                                        const char          *kind,
                                        AlmValue            *fields,
                                        const AlmModel      *model,
                                        GError             **error);

G_END_DECLS
