/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

#include "alm-value.h"

G_BEGIN_DECLS

/* Exit codes: a contract with scripts. */
enum {
  ALM_CLI_DONE = 0,
  ALM_CLI_REFUSED = 1,
  ALM_CLI_USAGE = 2
};

/* What the words before a command have said. */
typedef struct
{
  char     *profile;   /* the folder: --profile, $ALLMENDE_PROFILE or the usual place */
  gboolean  partly;    /* it is damaged: what is answered may not be all, the exit code is 1 */
} AlmCli;

/* @argv: what follows the command's words; NULL-terminated, @argc long. */
typedef int (*AlmCliFunc) (AlmCli  *cli,
                           int      argc,
                           char   **argv);

/* One command: "model check" is found before "model". */
typedef struct
{
  const char *words;
  AlmCliFunc  run;
  const char *usage;   /* the arguments, for the message of exit code 2 */
} AlmCliCommand;

/* Each area's table, ended by a NULL; main.c lists them. */
extern const AlmCliCommand *const alm_cli_tables[];

int       alm_cli_run     (int                   argc,
                           char                **argv);
int       alm_cli_fail    (const char           *place,
                           const char           *format,
                           ...) G_GNUC_PRINTF (2, 3);
int       alm_cli_usage   (const AlmCliCommand  *command,
                           const char           *format,
                           ...) G_GNUC_PRINTF (2, 3);
void      alm_cli_say     (const AlmValue       *value);
/* Takes the options of @entries out of @argv wherever they stand; what is left
 * stays in order.  FALSE: unknown or broken option, the reason is printed. */
gboolean  alm_cli_options (const AlmCliCommand  *command,
                           const GOptionEntry   *entries,
                           int                  *argc,
                           char               ***argv);

G_END_DECLS
