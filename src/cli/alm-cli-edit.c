/* SPDX-License-Identifier: EUPL-1.2 */

/* `allmendectl edit`: a line in, a line out when it is on disk. */

#include "config.h"

#include "alm-cli-desk.h"

#include "alm-geos.h"
#include "alm-json.h"

#include <math.h>

/* A line as an edit; the texts belong to @line. */
typedef struct
{
  guint     number;
  AlmValue *line;
  AlmEdit   edit;
} Line;

static void
line_free (gpointer data)
{
  Line *self = data;

  alm_value_unref (self->line);
  g_free (self);
}

static gboolean
check_members (const AlmValue  *line,
               GError         **error)
{
  static const char *const texts[] = { "op", "scope", "kind", "id", NULL };
  static const char *const objects[] = { "set", "add", "drop", NULL };

  if (!alm_value_is (line, ALM_VALUE_OBJECT))
    return alm_cli_refuse (error, "not an object");

  for (guint i = 0; i < alm_value_get_size (line); i++)
    {
      const char *key = alm_value_get_key (line, i);
      AlmValueType type = alm_value_get_type (alm_value_get_item (line, i));

      if (g_strv_contains (texts, key))
        {
          if (type != ALM_VALUE_TEXT)
            return alm_cli_refuse (error, "'%s' is not a text", key);
        }
      else if (g_strv_contains (objects, key))
        {
          if (type != ALM_VALUE_OBJECT)
            return alm_cli_refuse (error, "'%s' is not an object", key);
        }
      else
        return alm_cli_refuse (error, "'%s' is not known here", key);
    }

  return TRUE;
}

/* What the window refuses to save is refused here, too.  What is no geometry at
 * all is told of when the field is checked. */
static gboolean
check_areas (const AlmValue  *set,
             GError         **error)
{
  for (guint i = 0; set != NULL && i < alm_value_get_size (set); i++)
    {
      const AlmValue *value = alm_value_get_item (set, i);
      const char *type;
      double lon, lat;

      if (!alm_value_is (value, ALM_VALUE_OBJECT))
        continue;
      type = alm_value_get_text_of (value, "type");
      if ((g_strcmp0 (type, "Polygon") == 0 || g_strcmp0 (type, "MultiPolygon") == 0)
          && !alm_geos_is_sound (value, &lon, &lat) && !isnan (lon))
        return alm_cli_refuse (error, "field '%s': the boundary crosses or touches itself at"
                               " %.7f %.7f", alm_value_get_key (set, i), lon, lat);
    }

  return TRUE;
}

static gboolean
read_edit (Line      *self,
           gboolean   confirm,
           GError   **error)
{
  const char *op, *id;
  AlmEdit *edit = &self->edit;

  if (!check_members (self->line, error))
    return FALSE;

  op = alm_value_get_text_of (self->line, "op");
  if (op == NULL)
    return alm_cli_refuse (error, "'op' is missing");
  if (!alm_op_from_text (op, &edit->op) || edit->op == ALM_OP_RESOLVE || edit->op == ALM_OP_ERASE)
    return alm_cli_refuse (error, "unknown op '%s'", op);

  id = alm_value_get_text_of (self->line, "id");
  if (id == NULL && edit->op != ALM_OP_NEW)
    return alm_cli_refuse (error, "'id' is missing");
  if (id != NULL && !alm_id_parse (&edit->id, id))
    return alm_cli_refuse (error, "'%s' is no id", id);
  edit->has_id = id != NULL;

  edit->scope = alm_value_get_text_of (self->line, "scope");
  edit->kind = alm_value_get_text_of (self->line, "kind");
  edit->set = alm_value_get (self->line, "set");
  edit->add = alm_value_get (self->line, "add");
  edit->drop = alm_value_get (self->line, "drop");
  edit->confirm = confirm;

  if (edit->op == ALM_OP_NEW && edit->kind == NULL)
    return alm_cli_refuse (error, "'kind' is missing");
  if (edit->op != ALM_OP_NEW && (edit->scope != NULL || edit->kind != NULL))
    return alm_cli_refuse (error, "a record's %s does not change",
                           edit->scope != NULL ? "scope" : "kind");
  if ((edit->op == ALM_OP_DEL || edit->op == ALM_OP_UNDEL)
      && (edit->set != NULL || edit->add != NULL || edit->drop != NULL))
    return alm_cli_refuse (error, "'%s' changes no fields", op);

  return check_areas (edit->set, error);
}

static void
say_done (guint                 number,
          const AlmEditResult  *result)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autofree char *id = alm_id_to_text (&result->id);

  alm_value_set_integer (answer, "line", number);
  alm_value_set_text (answer, "id", id);
  if (result->same)
    alm_value_set (answer, "same", alm_value_new_boolean (TRUE));
  else if (result->n > 0)
    alm_value_set_integer (answer, "n", result->n);
  alm_cli_say (answer);
}

static int
fail_line (guint         number,
           const GError *error)
{
  g_autofree char *place = g_strdup_printf ("edit: line %u", number);

  return alm_cli_fail (place, "%s", error->message);
}

/* Where the lines come from: -c texts, then a file. */
typedef struct
{
  char        **texts;     /* nullable */
  guint         next;
  gboolean      has_file;
  AlmCliLines   lines;
} Source;

/* NULL without an error at the end. */
static AlmValue *
next_value (Source  *self,
            guint   *number,
            GError **error)
{
  AlmValue *value = NULL;

  if (self->texts != NULL && self->texts[self->next] != NULL)
    {
      *number = self->next + 1;

      return alm_json_parse (self->texts[self->next++], -1, NULL, error);
    }

  if (self->has_file)
    {
      value = alm_cli_lines_next (&self->lines, error);
      *number = self->lines.line;
    }

  return value;
}

static Line *
next_line (Source    *source,
           gboolean   confirm,
           guint     *number,
           GError   **error)
{
  AlmValue *value = next_value (source, number, error);
  Line *line;

  if (value == NULL)
    return NULL;

  line = g_new0 (Line, 1);
  line->line = value;
  line->number = *number;
  if (!read_edit (line, confirm, error))
    g_clear_pointer (&line, line_free);

  return line;
}

static int
edit_each (AlmDesk  *desk,
           Source   *source,
           gboolean  confirm)
{
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      guint number = 0;
      Line *line = next_line (source, confirm, &number, &error);
      AlmEditResult result;
      gboolean done;

      if (line == NULL)
        return error != NULL ? fail_line (number, error) : ALM_CLI_DONE;

      done = alm_desk_edit (desk, &line->edit, 1, &result, NULL, &error);
      line_free (line);
      if (!done)
        return fail_line (number, error);

      say_done (number, &result);
    }
}

static int
edit_all (AlmDesk  *desk,
          Source   *source,
          gboolean  confirm)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  g_autoptr (GArray) edits = g_array_new (FALSE, FALSE, sizeof (AlmEdit));
  g_autofree AlmEditResult *results = NULL;
  g_autoptr (GError) error = NULL;
  guint number = 0;
  guint failed = 0;
  Line *line;

  while ((line = next_line (source, confirm, &number, &error)) != NULL)
    {
      g_ptr_array_add (lines, line);
      g_array_append_val (edits, line->edit);
    }
  if (error != NULL)
    return fail_line (number, error);

  results = g_new0 (AlmEditResult, edits->len + 1);
  if (!alm_desk_edit (desk, (const AlmEdit *) edits->data, edits->len, results, &failed, &error))
    return failed < lines->len ? fail_line (((Line *) lines->pdata[failed])->number, error)
                               : alm_cli_fail_error ("edit", error);

  for (guint i = 0; i < lines->len; i++)
    say_done (((Line *) lines->pdata[i])->number, &results[i]);

  return ALM_CLI_DONE;
}

int
alm_cli_edit (AlmCli  *cli,
              int      argc,
              char   **argv)
{
  static const AlmCliCommand command = { "edit", alm_cli_edit,
                                         "[FILE|-] [-c JSON]… [--atomic] [--confirm]" };
  g_auto (GStrv) texts = NULL;
  gboolean atomic = FALSE;
  gboolean confirm = FALSE;
  const GOptionEntry entries[] = {
    { "command", 'c', 0, G_OPTION_ARG_STRING_ARRAY, &texts, NULL, NULL },
    { "atomic", 0, 0, G_OPTION_ARG_NONE, &atomic, NULL, NULL },
    { "confirm", 0, 0, G_OPTION_ARG_NONE, &confirm, NULL, NULL },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GError) error = NULL;
  Source source = { 0 };
  int code;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 1)
    return alm_cli_usage (&command, "one file at most");

  source.texts = texts;
  source.has_file = argc == 1 || texts == NULL;
  if (source.has_file
      && !alm_cli_lines_open (&source.lines, argc == 1 ? argv[0] : "-", &error))
    return alm_cli_fail_error ("edit", error);

  desk = alm_cli_open_desk (cli, "edit", ALM_DESK_WRITE | ALM_DESK_CREATE);
  if (desk == NULL)
    code = ALM_CLI_REFUSED;
  else
    code = atomic ? edit_all (desk, &source, confirm) : edit_each (desk, &source, confirm);
  if (source.has_file)
    alm_cli_lines_clear (&source.lines);

  return code;
}
