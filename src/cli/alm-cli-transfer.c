/* SPDX-License-Identifier: EUPL-1.2 */

/* Records in and out as NDJSON of our own (sync.md, section 7). */

#include "config.h"

#include "alm-cli-desk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static gboolean
import_line (AlmDeskImport   *import,
             const AlmValue  *line,
             const char      *scope,
             const char      *kind,
             GError         **error)
{
  static const char *const texts[] = { "id", "scope", "kind", NULL };
  static const char *const ignored[] = { "ver", "changed_at", "changed_by", "waiting", "deleted",
                                         NULL };
  AlmValue *fields;
  const char *id_text;
  AlmId id;

  if (!alm_value_is (line, ALM_VALUE_OBJECT))
    return alm_cli_refuse (error, "not an object");
  for (guint i = 0; i < alm_value_get_size (line); i++)
    {
      const char *key = alm_value_get_key (line, i);

      if (g_strv_contains (texts, key) && alm_value_get_text_of (line, key) == NULL)
        return alm_cli_refuse (error, "'%s' is not a text", key);
      if (!g_strv_contains (texts, key) && !g_strv_contains (ignored, key)
          && strcmp (key, "fields") != 0)
        return alm_cli_refuse (error, "'%s' is not known here", key);
    }

  fields = alm_value_get (line, "fields");
  if (fields == NULL || !alm_value_is (fields, ALM_VALUE_OBJECT))
    return alm_cli_refuse (error, "'fields' is missing or not an object");

  id_text = alm_value_get_text_of (line, "id");
  if (id_text != NULL && !alm_id_parse (&id, id_text))
    return alm_cli_refuse (error, "'%s' is no id", id_text);

  /* What the line says counts before what the command says. */
  if (alm_value_get_text_of (line, "scope") != NULL)
    scope = alm_value_get_text_of (line, "scope");
  if (alm_value_get_text_of (line, "kind") != NULL)
    kind = alm_value_get_text_of (line, "kind");
  if (kind == NULL)
    return alm_cli_refuse (error, "'kind' is missing");

  return alm_desk_import_add (import, id_text != NULL ? &id : NULL, scope, kind, fields, NULL,
                              error);
}

static gboolean
import_lines (AlmDeskImport  *import,
              AlmCliLines    *lines,
              const char     *scope,
              const char     *kind,
              GError        **error)
{
  for (;;)
    {
      g_autoptr (GError) reason = NULL;
      g_autoptr (AlmValue) line = alm_cli_lines_next (lines, &reason);

      if (line == NULL && reason == NULL)
        return TRUE;

      if (line == NULL || !import_line (import, line, scope, kind, &reason))
        {
          g_set_error (error, reason->domain, reason->code, "line %u: %s", lines->line,
                       reason->message);
          return FALSE;
        }
    }
}

int
alm_cli_import_ndjson (AlmCli     *cli,
                       const char *path,
                       const char *scope,
                       const char *kind,
                       gboolean    dry_run)
{
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) answer = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (AlmCliLines) lines = { 0 };
  AlmDeskImport *import;
  AlmImportCounts counts;
  gboolean done;

  if (!alm_cli_lines_open (&lines, path, &error))
    return alm_cli_fail_error ("import", error);

  desk = alm_cli_open_desk (cli, "import", ALM_DESK_WRITE | ALM_DESK_CREATE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  import = alm_desk_import_begin (desk, &error);
  if (import == NULL)
    return alm_cli_fail_error ("import", error);

  done = import_lines (import, &lines, scope, kind, &error);
  if (done && !dry_run)
    done = alm_desk_import_commit (import, NULL, &counts, &error);
  else
    {
      counts = *alm_desk_import_get_counts (import);
      alm_desk_import_abort (import);
    }
  if (!done)
    return alm_cli_fail_error ("import", error);

  answer = alm_value_new_object ();
  id = alm_id_to_text (&counts.id);
  alm_value_set_text (answer, "import", id);
  alm_value_set_integer (answer, "new", counts.n_new);
  alm_value_set_integer (answer, "changed", counts.n_changed);
  alm_value_set_integer (answer, "same", counts.n_same);
  if (dry_run)
    alm_value_set (answer, "dry_run", alm_value_new_boolean (TRUE));
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

static gboolean
write_line_cb (const char  *line,
               gsize        length,
               gpointer     user_data,
               GError     **error)
{
  FILE *file = user_data;

  if (fwrite (line, 1, length, file) == length)
    return TRUE;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "cannot be written: %s",
               g_strerror (errno));

  return FALSE;
}

/* Everything is on the disk before the old file goes. */
static gboolean
finish_file (FILE        *file,
             const char  *part,
             const char  *path,
             GError     **error)
{
  gboolean done = fflush (file) == 0 && fsync (fileno (file)) == 0;
  int code = errno;

  done = fclose (file) == 0 && done;
  if (done && rename (part, path) == 0)
    return TRUE;

  if (done)
    code = errno;
  unlink (part);
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", path,
               g_strerror (code));

  return FALSE;
}

int
alm_cli_export_ndjson (AlmCli             *cli,
                       const char *const  *scopes,
                       const char *const  *kinds,
                       AlmExportFlags      flags,
                       const char         *output)
{
  g_autoptr (AlmDesk) desk = alm_cli_open_desk (cli, "export", ALM_DESK_READ);
  g_autofree char *part = output != NULL ? g_strconcat (output, ".part", NULL) : NULL;
  g_autoptr (GError) error = NULL;
  FILE *file = stdout;

  if (desk == NULL)
    return ALM_CLI_REFUSED;

  if (output != NULL && (file = fopen (part, "we")) == NULL)
    return alm_cli_fail ("export", "%s: %s", output, g_strerror (errno));

  if (!alm_desk_export (desk, scopes, kinds, flags, write_line_cb, file, &error))
    {
      if (output != NULL)
        {
          fclose (file);
          unlink (part);
        }
      return alm_cli_fail_error ("export", error);
    }

  if (output != NULL)
    return finish_file (file, part, output, &error) ? ALM_CLI_DONE
                                                    : alm_cli_fail_error ("export", error);

  return fflush (stdout) == 0 ? ALM_CLI_DONE
                              : alm_cli_fail ("export", "cannot be written: %s",
                                              g_strerror (errno));
}
