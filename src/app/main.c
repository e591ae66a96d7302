/* SPDX-License-Identifier: EUPL-1.2 */

/* allmende: the workbench. */

#include "config.h"

#include "alm-application.h"
#include "alm-paths.h"

#include <glib/gi18n.h>
#include <locale.h>

static void
set_up_language (void)
{
  g_autofree char *dir = alm_path_locale ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/* Taken out before there is an application, whose id depends on it. */
static gboolean
read_arguments (int      *argc,
                char   ***argv,
                char    **profile,
                GError  **error)
{
  g_autoptr (GOptionContext) context = NULL;
  const GOptionEntry entries[] = {
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, profile, N_("Folder of the profile"), N_("DIR") },
    { NULL }
  };

  context = g_option_context_new (NULL);
  g_option_context_set_summary (context, _("The workbench for the city’s common data"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  return g_option_context_parse (context, argc, argv, error);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (AlmApplication) app = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *profile = NULL;

  set_up_language ();
  if (!read_arguments (&argc, &argv, &profile, &error))
    {
      g_printerr ("allmende: %s\n", error->message);
      return 2;
    }
  if (profile == NULL)
    profile = g_strdup (g_getenv ("ALLMENDE_PROFILE"));

  app = alm_application_new (profile);

  return g_application_run (G_APPLICATION (app), argc, argv);
}
