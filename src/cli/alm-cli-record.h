/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli.h"

G_BEGIN_DECLS

extern const AlmCliCommand alm_cli_record_commands[];

G_END_DECLS
