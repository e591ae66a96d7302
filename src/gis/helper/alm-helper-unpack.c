/* SPDX-License-Identifier: EUPL-1.2 */

/* Takes the one table out of an archive: text is read by the program itself and
 * not by GDAL, but only this child opens archives.  What comes out is counted
 * while it comes, whatever the archive's directory says of it. */

#include "config.h"

#include "alm-helper-private.h"

#include <cpl_vsi.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#define CHUNK (64 << 10)

/* What tables are called; text only where nothing else is in the archive. */
static const char *const tables[] = { ".csv", ".tsv", ".csv.gz", ".tsv.gz", NULL };
static const char *const texts[] = { ".txt", ".txt.gz", NULL };

/* Text that is put beside a list, to be read by people. */
static const char *const notes[] = { "readme", "liesmich", "lies_mich", "license", "lizenz" };

/* "trees/2024.csv.gz" → "2024" */
static char *
get_stem (const char *entry)
{
  char *stem = g_path_get_basename (entry);

  if (g_str_has_suffix (stem, ".gz"))
    stem[strlen (stem) - 3] = '\0';
  if (strrchr (stem, '.') != NULL)
    *strrchr (stem, '.') = '\0';

  return stem;
}

static gboolean
is_note (const char *entry)
{
  g_autofree char *name = g_path_get_basename (entry);

  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    if (g_ascii_strncasecmp (name, notes[i], strlen (notes[i])) == 0)
      return TRUE;

  return FALSE;
}

/* The entry that is meant; NULL: none.  Of several, all are told. */
static const char *
choose (GPtrArray  *entries,
        const char *wanted)
{
  g_autoptr (GString) names = g_string_new (NULL);
  const char *only = NULL;
  const char *chosen = NULL;
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const char *entry = entries->pdata[i];
      g_autofree char *stem = get_stem (entry);

      if (is_note (entry))
        continue;
      g_string_append_printf (names, "choose %s\n", stem);
      if (chosen == NULL && wanted != NULL && strcmp (stem, wanted) == 0)
        chosen = entry;
      only = n++ == 0 ? entry : NULL;
    }
  if (wanted == NULL)
    chosen = only;
  /* A name that no table bears may be that of a layer. */
  if (n > 1 && (wanted == NULL || chosen != NULL))
    fputs (names->str, stdout);

  return chosen;
}

static gboolean
copy (VSILFILE    *in,
      FILE        *out,
      guint64      packed,
      GError     **error)
{
  g_autofree char *buffer = g_malloc (CHUNK);
  guint64 total = 0;
  gsize n;

  while ((n = VSIFReadL (buffer, 1, CHUNK, in)) > 0)
    {
      total += n;
      if (!alm_helper_check_unpacked (total, packed, error))
        return FALSE;
      if (fwrite (buffer, 1, n, out) != n)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot write: %s",
                       g_strerror (errno));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
unpack_entry (const char  *path,
              const char  *entry,
              const char  *target,
              GError     **error)
{
  g_autofree char *inside = g_strdup_printf ("/vsizip/{%s}/%s", path, entry);
  guint64 wanted = alm_helper_get_size (inside);
  VSILFILE *in = VSIFOpenL (inside, "rb");
  FILE *out = in != NULL ? fopen (target, "wxe") : NULL;
  g_autofree char *failure = NULL;
  gboolean fine;

  if (out == NULL)
    {
      if (in != NULL)
        VSIFCloseL (in);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("cannot unpack \"%s\""), entry);
      return FALSE;
    }

  fine = copy (in, out, alm_helper_get_size (path), error);
  VSIFCloseL (in);
  if (fclose (out) != 0 && fine)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot write: %s",
                   g_strerror (errno));
      fine = FALSE;
    }
  failure = alm_helper_take_failure ();
  if (fine && (failure != NULL || alm_helper_get_size (target) != wanted))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("the archive is cut off or damaged (\"%s\")"), entry);
      fine = FALSE;
    }

  return fine;
}

gboolean
alm_helper_unpack (const char  *path,
                   const char  *folder,
                   const char  *wanted,
                   GError     **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) geodata = NULL;
  g_autofree char *target = NULL;
  const char *chosen;

  if (!alm_helper_is_archive (path))
    return TRUE;
  if (!alm_helper_check_zip (path, error))
    return FALSE;

  geodata = alm_helper_list_archive (path, NULL);
  entries = alm_helper_list_archive (path, tables);
  if (geodata->len + entries->len == 0)
    {
      g_clear_pointer (&entries, g_ptr_array_unref);
      entries = alm_helper_list_archive (path, texts);
    }
  if (wanted == NULL && geodata->len > 0)
    return TRUE;
  chosen = choose (entries, wanted);
  if (chosen == NULL)
    return fflush (stdout) == 0;

  target = g_build_filename (folder, g_str_has_suffix (chosen, ".gz") ? "table.csv.gz"
                                                                      : "table.csv", NULL);
  if (!unpack_entry (path, chosen, target, error))
    return FALSE;

  return printf ("table %s\n", target) > 0 && fflush (stdout) == 0;
}
