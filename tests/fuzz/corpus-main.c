/* SPDX-License-Identifier: EUPL-1.2 */

/* Runs a fuzz target over every file of a folder, A to Z, and says so in TAP.
 * A target that finds something stops the program. */

#include "config.h"

#include "fuzz-target.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* A copy of exactly that size, so that reading past the end is noticed. */
static void
run_file (const char *path)
{
  g_autofree char *text = NULL;
  g_autofree uint8_t *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, &error))
    g_error ("%s", error->message);

  bytes = g_memdup2 (text, size);
  LLVMFuzzerTestOneInput (bytes, size);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  g_assert (argc == 2);
  dir = g_dir_open (argv[1], 0, &error);
  if (dir == NULL)
    g_error ("%s", error->message);

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_assert (names->len > 0);
  g_ptr_array_sort (names, compare_names);

  printf ("1..%u\n", names->len + 1);
  LLVMFuzzerTestOneInput (NULL, 0);
  printf ("ok 1 nothing\n");
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (argv[1], names->pdata[i], NULL);

      run_file (path);
      printf ("ok %u %s\n", i + 2, (const char *) names->pdata[i]);
      fflush (stdout);
    }

  return 0;
}
