/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli.h"
#include "alm-id.h"
#include "alm-value.h"

G_BEGIN_DECLS

/* Accounts, grants, desks and the audit trail of the server. */
extern const AlmCliCommand alm_cli_admin_commands[];

/* The polygons of a GeoJSON file as one Polygon or MultiPolygon. */
AlmValue *alm_cli_read_area (const char  *path,
                             GError     **error);

/* Asks the server who did what to a record and prints it, a line each, oldest first.
 * FALSE, after a sentence that says why, where it was not told. */
gboolean   alm_cli_say_server_history (AlmCli      *cli,
                                       const AlmId *id);
/* The same to look at; (transfer full) (element-type AlmHistoryEntry), NULL after
 * saying why not as @place. */
GPtrArray *alm_cli_ask_history        (AlmCli      *cli,
                                       const char  *place,
                                       const AlmId *id);

G_END_DECLS
