/* SPDX-License-Identifier: EUPL-1.2 */

/* allmendectl: everything that needs no window. */

#include "config.h"

#include "alm-cli-admin.h"
#include "alm-cli-assets.h"
#include "alm-cli-bench.h"
#include "alm-cli-desk.h"
#include "alm-cli-map.h"
#include "alm-cli-record.h"
#include "alm-cli-sync.h"
#include "alm-cli-town.h"
#include "alm-cli.h"
#include "alm-paths.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

const AlmCliCommand *const alm_cli_tables[] = {
  /* each area's table, A to Z */
  alm_cli_admin_commands,
  alm_cli_asset_commands,
  alm_cli_bench_commands,
  alm_cli_blob_commands,
  alm_cli_desk_commands,
  alm_cli_map_commands,
  alm_cli_record_commands,
  alm_cli_sync_commands,
  alm_cli_town,
  NULL
};

int
main (int    argc,
      char **argv)
{
  g_autofree char *dir = alm_path_locale ();

  /* Words and lines are UTF-8 whatever the locale: scripts run in "C". */
  setlocale (LC_ALL, "");
  setlocale (LC_CTYPE, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  return alm_cli_run (argc, argv);
}
