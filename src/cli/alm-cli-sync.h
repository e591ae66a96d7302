/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli.h"

G_BEGIN_DECLS

/* Login, synchronisation, scopes, conflicts. */
extern const AlmCliCommand alm_cli_sync_commands[];

G_END_DECLS
