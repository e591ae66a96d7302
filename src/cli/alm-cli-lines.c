/* SPDX-License-Identifier: EUPL-1.2 */

/* NDJSON in: a line at a time, with a limit, so that memory does not grow with
 * what somebody pipes in. */

#include "config.h"

#include "alm-cli-desk.h"

#include "alm-format-error.h"
#include "alm-json.h"

#include <errno.h>
#include <string.h>

#define BYTES_MAX (8 * 1024 * 1024)

/* @path: "-" for standard input */
gboolean
alm_cli_lines_open (AlmCliLines  *self,
                    const char   *path,
                    GError      **error)
{
  memset (self, 0, sizeof *self);
  self->file = strcmp (path, "-") == 0 ? stdin : fopen (path, "re");
  if (self->file == NULL)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", path,
                   g_strerror (code));
      return FALSE;
    }
  self->text = g_string_new (NULL);

  return TRUE;
}

void
alm_cli_lines_clear (AlmCliLines *self)
{
  if (self->file != NULL && self->file != stdin)
    fclose (self->file);
  self->file = NULL;
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  self->text = NULL;
}

/* FALSE: the end, or an error. */
static gboolean
read_line (AlmCliLines  *self,
           GError      **error)
{
  int byte;

  g_string_truncate (self->text, 0);
  while ((byte = getc_unlocked (self->file)) != EOF && byte != '\n')
    {
      if (self->text->len >= BYTES_MAX)
        {
          self->line++;
          g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_TOO_LARGE,
                       "longer than 8 MiB");
          return FALSE;
        }
      g_string_append_c (self->text, (char) byte);
    }

  if (byte == EOF && ferror (self->file))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot be read: %s",
                   g_strerror (errno));
      return FALSE;
    }
  if (byte == EOF && self->text->len == 0)
    return FALSE;

  self->line++;

  return TRUE;
}

static gboolean
is_blank (const GString *text)
{
  for (gsize i = 0; i < text->len; i++)
    if (!g_ascii_isspace (text->str[i]))
      return FALSE;

  return TRUE;
}

/* NULL without an error at the end. */
AlmValue *
alm_cli_lines_next (AlmCliLines  *self,
                    GError      **error)
{
  g_autoptr (GError) reason = NULL;

  do
    if (!read_line (self, &reason))
      {
        if (reason != NULL)
          g_propagate_error (error, g_steal_pointer (&reason));
        return NULL;
      }
  while (is_blank (self->text));

  return alm_json_parse (self->text->str, (gssize) self->text->len, NULL, error);
}
