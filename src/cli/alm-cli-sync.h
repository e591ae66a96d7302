/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli.h"

G_BEGIN_DECLS

/* Login, synchronisation, scopes, conflicts. */
extern const AlmCliCommand alm_cli_sync_commands[];

int  alm_cli_bench_first_sync  (AlmCli  *cli,
                                int      argc,
                                char   **argv);
int  alm_cli_bench_edit_wait   (AlmCli  *cli,
                                int      argc,
                                char   **argv);
int  alm_cli_bench_push        (AlmCli  *cli,
                                int      argc,
                                char   **argv);

G_END_DECLS
