/* SPDX-License-Identifier: EUPL-1.2 */

/* The frame of allmendectl: finds the command, says what went wrong in one
 * form (`allmendectl: PLACE: reason` on stderr), prints NDJSON, flushed. */

#include "config.h"

#include "alm-cli.h"

#include <stdio.h>
#include <string.h>

static void
complain (const char *place,
          const char *format,
          va_list     args)
{
  g_autofree char *reason = g_strdup_vprintf (format, args);

  if (place != NULL)
    g_printerr ("allmendectl: %s: %s\n", place, reason);
  else
    g_printerr ("allmendectl: %s\n", reason);
}

/* Prints the reason; returns ALM_CLI_REFUSED. */
int
alm_cli_fail (const char *place,
              const char *format,
              ...)
{
  va_list args;

  va_start (args, format);
  complain (place, format, args);
  va_end (args);

  return ALM_CLI_REFUSED;
}

/* Prints the reason and how it is called; returns ALM_CLI_USAGE. */
int
alm_cli_usage (const AlmCliCommand *command,
               const char          *format,
               ...)
{
  va_list args;

  va_start (args, format);
  complain (command->words, format, args);
  va_end (args);
  g_printerr ("usage: allmendectl %s %s\n", command->words, command->usage);

  return ALM_CLI_USAGE;
}

/* One line of canonical JSON on stdout. */
void
alm_cli_say (const AlmValue *value)
{
  g_autofree char *text = alm_value_to_text (value);

  puts (text);
  fflush (stdout);
}

gboolean
alm_cli_options (const AlmCliCommand   *command,
                 const GOptionEntry    *entries,
                 int                   *argc,
                 char                ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_auto (GStrv) given = NULL;

  /* GOption takes argv[0] for the program's name. */
  g_ptr_array_add (words, g_strdup (command->words));
  for (int i = 0; i < *argc; i++)
    g_ptr_array_add (words, g_strdup ((*argv)[i]));
  g_ptr_array_add (words, NULL);
  given = (char **) g_ptr_array_steal (words, NULL);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, &given, &error))
    {
      alm_cli_usage (command, "%s", error->message);
      return FALSE;
    }

  *argc = 0;
  for (char **word = given + 1; *word != NULL; word++)
    if (strcmp (*word, "--") != 0 || word != given + 1)
      (*argv)[(*argc)++] = g_strdup (*word);   /* lives as long as the program */
  (*argv)[*argc] = NULL;

  return TRUE;
}

static const AlmCliCommand *
find_command (const char *words)
{
  for (const AlmCliCommand *const *table = alm_cli_tables; *table != NULL; table++)
    for (const AlmCliCommand *command = *table; command->words != NULL; command++)
      if (strcmp (command->words, words) == 0)
        return command;

  return NULL;
}

static void
say_all_commands (FILE *file)
{
  fputs ("usage: allmendectl [--profile DIR] COMMAND …\n\n", file);
  for (const AlmCliCommand *const *table = alm_cli_tables; *table != NULL; table++)
    for (const AlmCliCommand *command = *table; command->words != NULL; command++)
      fprintf (file, "  %s%s%s\n", command->words, *command->usage != '\0' ? " " : "",
               command->usage);
}

/* Takes `--profile DIR` or `--profile=DIR` out, wherever it stands before "--". */
static char *
take_profile (int   *argc,
              char **argv)
{
  g_autofree char *profile = NULL;
  gboolean words_only = FALSE;
  int kept = 0;

  for (int i = 0; i < *argc; i++)
    if (words_only || strcmp (argv[i], "--") == 0)
      {
        words_only = TRUE;
        argv[kept++] = argv[i];
      }
    else if (strcmp (argv[i], "--profile") == 0 && i + 1 < *argc)
      {
        g_free (profile);
        profile = g_strdup (argv[++i]);
      }
    else if (g_str_has_prefix (argv[i], "--profile="))
      {
        g_free (profile);
        profile = g_strdup (argv[i] + strlen ("--profile="));
      }
    else
      argv[kept++] = argv[i];
  *argc = kept;
  argv[kept] = NULL;

  if (profile == NULL)
    profile = g_strdup (g_getenv ("ALLMENDE_PROFILE"));
  if (profile == NULL)
    profile = g_build_filename (g_get_user_data_dir (), "allmende", "profile", NULL);

  return g_steal_pointer (&profile);
}

int
alm_cli_run (int    argc,
             char **argv)
{
  g_autofree char *profile = take_profile (&argc, argv);
  const AlmCliCommand *command = NULL;
  AlmCli cli = { .profile = profile };
  int used = 0;
  int code;

  if (argc > 2)
    {
      g_autofree char *words = g_strconcat (argv[1], " ", argv[2], NULL);

      command = find_command (words);
      used = 3;
    }
  if (command == NULL && argc > 1)
    {
      command = find_command (argv[1]);
      used = 2;
    }
  if (command == NULL && argc == 2 && strcmp (argv[1], "--help") == 0)
    {
      say_all_commands (stdout);
      return ALM_CLI_DONE;
    }
  if (command == NULL)
    {
      if (argc > 1)
        alm_cli_fail (argv[1], "no such command");
      say_all_commands (stderr);
      return ALM_CLI_USAGE;
    }

  code = command->run (&cli, argc - used, argv + used);

  return code == ALM_CLI_DONE && cli.partly ? ALM_CLI_REFUSED : code;
}
