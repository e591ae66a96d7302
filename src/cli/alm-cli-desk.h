/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <stdio.h>

#include "alm-cli.h"
#include "alm-desk.h"

G_BEGIN_DECLS

/* Commands about a profile. */
extern const AlmCliCommand alm_cli_desk_commands[];
extern const AlmCliCommand alm_cli_blob_commands[];

/* The profile of this call; NULL: the reason is printed.  One that is damaged is
 * told of, and the call ends with 1 whatever it could answer. */
AlmDesk    *alm_cli_open_desk      (AlmCli       *cli,
                                    const char   *place,
                                    AlmDeskFlags  flags);
/* @fault: what the profile says of itself; NULL: all is well and nothing is said.  A
 * command that opens it twice says it once. */
void        alm_cli_note_fault     (AlmCli       *cli,
                                    const char   *place,
                                    const char   *fault);
int         alm_cli_fail_error     (const char   *place,
                                    const GError *error);
gboolean    alm_cli_refuse         (GError      **error,
                                    const char   *format,
                                    ...) G_GNUC_PRINTF (2, 3);

/* Lines of JSON, one value each; blank lines are passed over. */
typedef struct
{
  FILE    *file;
  GString *text;
  guint    line;    /* of the last value, from 1 */
} AlmCliLines;

gboolean    alm_cli_lines_open     (AlmCliLines  *self,
                                    const char   *path,
                                    GError      **error);
AlmValue   *alm_cli_lines_next     (AlmCliLines  *self,
                                    GError      **error);
void        alm_cli_lines_clear    (AlmCliLines  *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmCliLines, alm_cli_lines_clear)

/* NDJSON of our own (sync.md, section 7); @cli_kind, @cli_scope: nullable. */
int         alm_cli_import_ndjson  (AlmCli       *cli,
                                    const char   *path,
                                    const char   *scope,
                                    const char   *kind,
                                    gboolean      dry_run);
int         alm_cli_export_ndjson  (AlmCli       *cli,
                                    const char *const *scopes,
                                    const char *const *kinds,
                                    AlmExportFlags flags,
                                    const char   *output);

int         alm_cli_edit           (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_undo           (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_history        (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_queue          (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_queue_dismiss  (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_conflicts      (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_move           (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_verify         (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_backup         (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_model_add      (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);
int         alm_cli_model_list     (AlmCli       *cli,
                                    int           argc,
                                    char        **argv);

G_END_DECLS
