/* SPDX-License-Identifier: EUPL-1.2 */

/* allmende-gis: turns a foreign geodata file into a stream of features, and
 * such a stream into a file (assets-map.md, section 3.6).
 *
 * The only program with GDAL in it.  It shuts itself in before it looks at the
 * file: limits of memory, time, descriptors and written bytes, and no way to
 * more privileges.  Whatever a hostile file does, it does it to this child. */

#include "config.h"

#include "alm-helper-private.h"
#include "alm-paths.h"

#include <cpl_conv.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void
limit (int    what,
       rlim_t most)
{
  struct rlimit wanted = { most, most };

  if (setrlimit (what, &wanted) != 0)
    g_error ("allmende-gis: cannot limit itself");
}

static void
shut_in (void)
{
#ifndef __SANITIZE_ADDRESS__
  limit (RLIMIT_AS, (rlim_t) 2 << 30);
#endif
  limit (RLIMIT_CPU, 300);
  limit (RLIMIT_FSIZE, (rlim_t) 1 << 30);
  limit (RLIMIT_NOFILE, 64);
  limit (RLIMIT_CORE, 0);
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    g_error ("allmende-gis: cannot give up privileges");
}

static void
set_up_gdal (void)
{
  CPLSetConfigOption ("GDAL_DRIVER_PATH", "disable");
  CPLSetConfigOption ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "none");
  CPLSetConfigOption ("GDAL_HTTP_MAX_RETRY", "0");
  CPLSetConfigOption ("OGR_GEOJSON_MAX_OBJ_SIZE", "64");
  CPLSetConfigOption ("SHAPE_RESTORE_SHX", "NO");
  CPLSetConfigOption ("GML_DOWNLOAD_SCHEMA", "NO");
  CPLSetConfigOption ("OSM_USE_CUSTOM_INDEXING", "YES");
  GDALAllRegister ();
  alm_helper_watch ();
}

/* Numbers as GDAL writes them; sentences in the language of who asked, which is
 * all that is known of him here (LANGUAGE). */
static void
set_up_language (void)
{
  g_autofree char *dir = alm_path_locale ();

  setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  gboolean fine;

  set_up_language ();
  shut_in ();

  if (argc >= 3 && strcmp (argv[1], "read") == 0)
    {
      set_up_gdal ();
      fine = alm_helper_read (argv[2], argv[3], &error);
    }
  else if (argc >= 4 && strcmp (argv[1], "unpack") == 0)
    {
      alm_helper_watch ();
      fine = alm_helper_unpack (argv[2], argv[3], argv[4], &error);
    }
  else if (argc == 4 && strcmp (argv[1], "write") == 0)
    {
      set_up_gdal ();
      fine = alm_helper_write (argv[2], argv[3], &error);
    }
  else
    {
      g_printerr ("usage: allmende-gis read FILE [LAYER] | unpack FILE FOLDER [TABLE] | "
                  "write DRIVER FILE\n");
      return 2;
    }

  if (!fine)
    g_printerr ("%s\n", error->message);

  return fine ? 0 : 1;
}
