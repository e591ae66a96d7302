/* SPDX-License-Identifier: EUPL-1.2 */

/* Finds the program's own data and its helpers.  A program that runs out of
 * its build folder takes them from there and from the source tree; an
 * installed one from the prefix it was configured for.  Any thread. */

#include "config.h"

#include "alm-paths.h"

#include <string.h>

/* Whether this very program lies in the build folder. */
static gboolean
is_uninstalled (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL && g_str_has_prefix (program, ALM_BUILDDIR "/");
}

/* @name: below data/, "models/tree.json"; (transfer full) */
char *
alm_path_data (const char *name)
{
  const char *given = g_getenv ("ALLMENDE_DATADIR");

  g_return_val_if_fail (name != NULL, NULL);

  if (given != NULL)
    return g_build_filename (given, name, NULL);

  return g_build_filename (is_uninstalled () ? ALM_SOURCEDIR "/data" : ALM_PKGDATADIR,
                           name, NULL);
}

/* @name: as in the build folder, "src/gis/helper/allmende-gis"; (transfer full) */
char *
alm_path_program (const char *name)
{
  g_autofree char *base = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (is_uninstalled ())
    return g_build_filename (ALM_BUILDDIR, name, NULL);

  base = g_path_get_basename (name);

  return g_build_filename (ALM_PKGLIBEXECDIR, base, NULL);
}
