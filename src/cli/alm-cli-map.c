/* SPDX-License-Identifier: EUPL-1.2 */

/* The commands about maps. */

#include "config.h"

#include "alm-cli-map.h"

#include <stdio.h>

#define BENCH_USAGE \
  "[--points N] [--seed N] [--size WxH] [--zooms Z,…] [--frames N] [--threads N] [--at DATE] " \
  "[--write-points FILE.csv] [--png FILE]"
#define RENDER_USAGE \
  "--bbox W,S,E,N --size WxH [--at DATE] [--kind K]… [--base none|drawn|FILE.mbtiles] " \
  "[--dark] -o OUT.png"

const AlmCliCommand alm_cli_bench_map_command = { "bench map", alm_cli_bench_map, BENCH_USAGE };
const AlmCliCommand alm_cli_map_render_command = {
  "map render", alm_cli_map_render, RENDER_USAGE
};

const AlmCliCommand alm_cli_map_commands[] = {
  { "bench map", alm_cli_bench_map, BENCH_USAGE },
  { "map render", alm_cli_map_render, RENDER_USAGE },
  { NULL }
};

/* "1024x768" */
gboolean
alm_cli_parse_size (const char *text,
                    int        *width,
                    int        *height)
{
  char rest;

  return sscanf (text, "%dx%d%c", width, height, &rest) == 2 && *width > 0 && *height > 0 &&
         *width <= 16384 && *height <= 16384;
}
