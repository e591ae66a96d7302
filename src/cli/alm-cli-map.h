/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli.h"

G_BEGIN_DECLS

extern const AlmCliCommand alm_cli_map_commands[];
extern const AlmCliCommand alm_cli_bench_map_command;
extern const AlmCliCommand alm_cli_map_render_command;

int      alm_cli_map_render (AlmCli      *cli,
                             int          argc,
                             char       **argv);
int      alm_cli_bench_map  (AlmCli      *cli,
                             int          argc,
                             char       **argv);
gboolean alm_cli_parse_size (const char  *text,
                             int         *width,
                             int         *height);

G_END_DECLS
