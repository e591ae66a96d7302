/* SPDX-License-Identifier: EUPL-1.2 */

/* Passwords come from a file or from the terminal, never from the command
 * line: that is written down in histories and shown to every process. */

#include "config.h"

#include "alm-cli-password.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 1026

/* @file: "-" for standard input; NULL for the terminal, where it is not shown */
char *
alm_cli_read_password (const char  *file,
                       GError     **error)
{
  char line[PASSWORD_MAX] = "";
  FILE *stream = stdin;
  struct termios kept;
  gboolean terminal = file == NULL && tcgetattr (STDIN_FILENO, &kept) == 0;
  gboolean got;

  if (file != NULL && strcmp (file, "-") != 0)
    stream = fopen (file, "re");
  if (stream == NULL)
    {
      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "%s: %s", file,
                   g_strerror (errno));
      return NULL;
    }

  if (terminal)
    {
      struct termios silent = kept;

      g_printerr ("Password: ");
      silent.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
    }
  got = fgets (line, sizeof line, stream) != NULL;
  if (terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &kept);
      g_printerr ("\n");
    }
  if (stream != stdin)
    fclose (stream);

  line[strcspn (line, "\r\n")] = '\0';
  if (!got || *line == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no password given");
      return NULL;
    }

  return g_strdup (line);
}
