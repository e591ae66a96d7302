/* SPDX-License-Identifier: EUPL-1.2 */

/* allmendectl due: the inspections that are due, most overdue first. */

#include "config.h"

#include "alm-cli-assets.h"
#include "alm-days.h"
#include "alm-desk-due.h"

/* One inspection that is due. */
typedef struct
{
  gint64      rid;
  const char *inspection;   /* borrowed from the model */
  guint       index;
  AlmDue      due;
} Find;

static void
take_due (gint64            rid,
          const AlmDuePlan *plan,
          guint             index,
          const AlmDue     *due,
          gpointer          user_data)
{
  Find find = { .rid = rid, .index = index, .due = *due };

  find.inspection = alm_due_plan_get_id (plan, index);
  g_array_append_val ((GArray *) user_data, find);
}

typedef struct
{
  gint64    due;
  AlmId     id;
  guint     index;
  AlmValue *line;
} Line;

static void
clear_line (gpointer data)
{
  alm_value_unref (((Line *) data)->line);
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  const Line *left = a, *right = b;
  int order;

  if (left->due != right->due)
    return left->due < right->due ? -1 : 1;
  order = alm_id_compare (&left->id, &right->id);

  return order != 0 ? order : (int) left->index - (int) right->index;
}

static void
set_day (AlmValue   *line,
         const char *member,
         gint64      day)
{
  g_autofree char *text = alm_days_to_text (day);

  alm_value_set_text (line, member, text);
}

static AlmValue *
describe (AlmModel     *model,
          const AlmRow *row,
          const Find   *find,
          gint64        on)
{
  AlmValue *line = alm_value_new_object ();
  g_autofree char *label = alm_model_format_label (model, row->fields);
  g_autofree char *rule = NULL;
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&row->id, id);
  alm_value_set_text (line, "id", id);
  alm_value_set_text (line, "kind", row->kind);
  alm_value_set_text (line, "label", label);
  alm_value_set_text (line, "inspection", find->inspection);
  if (find->due.has_last)
    set_day (line, "last", find->due.last);
  else
    alm_value_set (line, "last", alm_value_new_null ());
  set_day (line, "due", find->due.due);
  alm_value_set_integer (line, "overdue_days", on - find->due.due);
  rule = find->due.rule < 0
         ? g_strdup ("/properties/extra_check")
         : g_strdup_printf ("/x-alm-inspections/%u/rules/%d", find->index, find->due.rule);
  alm_value_set_text (line, "rule", rule);

  return line;
}

static gboolean
list_kind (AlmDesk   *desk,
           AlmModel  *model,
           gint64     on,
           gint64     until,
           GArray    *lines,
           GError   **error)
{
  g_autoptr (GArray) finds = g_array_new (FALSE, FALSE, sizeof (Find));

  if (!alm_desk_each_due (desk, alm_model_get_name (model), on, until, take_due, finds, error))
    return FALSE;

  for (guint i = 0; i < finds->len; i++)
    {
      const Find *find = &g_array_index (finds, Find, i);
      g_autoptr (GError) reason = NULL;
      g_autoptr (AlmRow) row = alm_desk_get_by_rid (desk, find->rid, &reason);
      Line line = { .due = find->due.due, .index = find->index };

      /* The window may have deleted it since. */
      if (row == NULL && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        continue;
      if (row == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      line.id = row->id;
      line.line = describe (model, row, find, on);
      g_array_append_val (lines, line);
    }

  return TRUE;
}

static gboolean
wants (char       **kinds,
       const char  *kind)
{
  return kinds == NULL || g_strv_contains ((const char *const *) kinds, kind);
}

static int
run_due (AlmCli  *cli,
         char   **kinds,
         gint64   on,
         gint64   until)
{
  g_autoptr (AlmDesk) desk = alm_cli_open_desk (cli, "due", ALM_DESK_READ);
  g_autoptr (GPtrArray) models = desk != NULL ? alm_desk_list_models (desk) : NULL;
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_autoptr (GError) error = NULL;

  g_array_set_clear_func (lines, clear_line);
  if (models == NULL)
    return ALM_CLI_REFUSED;
  for (guint i = 0; kinds != NULL && kinds[i] != NULL; i++)
    if (alm_desk_get_model (desk, kinds[i]) == NULL)
      return alm_cli_fail ("due", "kind '%s' has no model here", kinds[i]);

  for (guint i = 0; i < models->len; i++)
    if (wants (kinds, alm_model_get_name (models->pdata[i]))
        && !list_kind (desk, models->pdata[i], on, until, lines, &error))
      return alm_cli_fail_error ("due", error);

  g_array_sort (lines, compare_lines);
  for (guint i = 0; i < lines->len; i++)
    alm_cli_say (g_array_index (lines, Line, i).line);

  return ALM_CLI_DONE;
}

static gint64
find_today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return alm_days_of (now);
}

int
alm_cli_due (AlmCli  *cli,
             int      argc,
             char   **argv)
{
  const AlmCliCommand *command = &alm_cli_asset_commands[4];
  g_auto (GStrv) kinds = NULL;
  g_autofree char *on = NULL;
  g_autofree char *until = NULL;
  gint64 on_day = find_today (), until_day;
  const GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING_ARRAY, &kinds, NULL, NULL },
    { "on", 0, 0, G_OPTION_ARG_STRING, &on, NULL, NULL },
    { "until", 0, 0, G_OPTION_ARG_STRING, &until, NULL, NULL },
    { NULL }
  };

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0)
    return alm_cli_usage (command, "no further words");
  if (on != NULL && !alm_days_parse (on, &on_day))
    return alm_cli_usage (command, "--on wants a day such as 2026-11-23");
  until_day = on_day;
  if (until != NULL && !alm_days_parse (until, &until_day))
    return alm_cli_usage (command, "--until wants a day such as 2026-11-23");

  return run_due (cli, kinds, on_day, until_day);
}
