/* SPDX-License-Identifier: EUPL-1.2 */

/* allmended: the city's server. */

#include "config.h"

#include "alm-serve.h"

#include <locale.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
  "usage: allmended init  --data DIR --admin NAME [--password-file FILE|-]\n"
  "       allmended restore --from BACKUP --data DIR [--erasures FILE]\n"
  "       allmended serve --data DIR [--listen 127.0.0.1:PORT|[::1]:PORT|unix:PATH]…\n"
  "                       [--trust-front]\n";

static int
say_usage (const char *reason)
{
  if (reason != NULL)
    g_printerr ("allmended: %s\n", reason);
  g_printerr ("%s", usage);

  return ALM_SERVE_USAGE;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *data = NULL;
  g_autofree char *admin = NULL;
  g_autofree char *from = NULL;
  g_autofree char *erasures = NULL;
  g_autofree char *password_file = NULL;
  g_auto (GStrv) addresses = NULL;
  gboolean trust_front = FALSE;
  gboolean is_alone;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, NULL, NULL },
    { "admin", 0, 0, G_OPTION_ARG_STRING, &admin, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &from, NULL, NULL },
    { "erasures", 0, 0, G_OPTION_ARG_FILENAME, &erasures, NULL, NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file, NULL, NULL },
    { "listen", 0, 0, G_OPTION_ARG_STRING_ARRAY, &addresses, NULL, NULL },
    { "trust-front", 0, 0, G_OPTION_ARG_NONE, &trust_front, NULL, NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  /* What is written here is the city's alone. */
  umask (0077);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return say_usage (error->message);
  if (argc != 2 || data == NULL)
    return say_usage (argc == 2 ? "--data is missing" : NULL);

  is_alone = addresses == NULL && !trust_front;
  if (strcmp (argv[1], "init") == 0 && admin != NULL && from == NULL && erasures == NULL
      && is_alone)
    return alm_serve_init (data, admin, password_file);
  if (strcmp (argv[1], "restore") == 0 && from != NULL && admin == NULL && password_file == NULL
      && is_alone)
    return alm_serve_restore (from, data, erasures);
  if (strcmp (argv[1], "serve") == 0 && admin == NULL && password_file == NULL && from == NULL
      && erasures == NULL)
    return alm_serve_run (data, (const char *const *) addresses, trust_front);

  return say_usage (NULL);
}
