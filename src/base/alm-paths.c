/* SPDX-License-Identifier: EUPL-1.2 */

/* Finds the program's own data and its helpers.  A program that runs out of
 * its build folder takes them from there and from the source tree; an
 * installed one from the prefix it was configured for.  Any thread. */

#include "config.h"

#include "alm-paths.h"

#include <string.h>

static char *
find_self (void)
{
  return g_file_read_link ("/proc/self/exe", NULL);
}

/* Whether this very program lies in the build folder. */
static gboolean
is_uninstalled (void)
{
  g_autofree char *self = find_self ();

  return self != NULL && g_str_has_prefix (self, ALM_BUILDDIR "/");
}

/* A folder of the prefix: beside this program if it is there, so that an
 * installed tree may be moved, else where it was configured for. */
static char *
find_installed (const char *beside,
                const char *configured)
{
  g_autofree char *self = find_self ();
  g_autofree char *bin = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *folder = bin != NULL ? g_build_filename (bin, beside, NULL) : NULL;

  if (folder != NULL && g_file_test (folder, G_FILE_TEST_IS_DIR))
    return g_canonicalize_filename (folder, NULL);

  return g_strdup (configured);
}

/* @name: below data/, "models/tree.json"; (transfer full) */
char *
alm_path_data (const char *name)
{
  const char *given = g_getenv ("ALLMENDE_DATADIR");
  g_autofree char *folder = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (given != NULL)
    folder = g_strdup (given);
  else if (is_uninstalled ())
    folder = g_strdup (ALM_SOURCEDIR "/data");
  else
    folder = find_installed ("../share/allmende", ALM_PKGDATADIR);

  return g_build_filename (folder, name, NULL);
}

/* A program that only ours start.  @name: as in the build folder,
 * "src/gis/helper/allmende-gis"; (transfer full) */
char *
alm_path_program (const char *name)
{
  g_autofree char *folder = NULL;
  g_autofree char *base = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (is_uninstalled ())
    return g_build_filename (ALM_BUILDDIR, name, NULL);

  base = g_path_get_basename (name);
  folder = find_installed ("../libexec/allmende", ALM_PKGLIBEXECDIR);

  return g_build_filename (folder, base, NULL);
}

/* A program that people may start themselves.  @name: as in the build folder,
 * "src/cli/allmendectl"; (transfer full) */
char *
alm_path_command (const char *name)
{
  g_autofree char *folder = NULL;
  g_autofree char *base = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (is_uninstalled ())
    return g_build_filename (ALM_BUILDDIR, name, NULL);

  base = g_path_get_basename (name);
  folder = find_installed ("../bin", ALM_BINDIR);

  return g_build_filename (folder, base, NULL);
}

/* Where the translations are, for bindtextdomain(); (transfer full). */
char *
alm_path_locale (void)
{
  if (is_uninstalled ())
    return g_strdup (ALM_BUILDDIR "/po");

  return find_installed ("../share/locale", ALM_LOCALEDIR);
}
