/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli.h"

G_BEGIN_DECLS

/* Accounts, grants, desks and the audit trail of the server. */
extern const AlmCliCommand alm_cli_admin_commands[];

G_END_DECLS
