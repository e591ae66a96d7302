/* SPDX-License-Identifier: EUPL-1.2 */

/* town check FOLDER: is the town whole?  Hashes, order, models, references,
 * extents, lifespans, names and mistakes; one line per finding, then a summary. */

#include "config.h"

#include "alm-cli-town.h"

#include "alm-edtf.h"
#include "alm-json.h"
#include "alm-model.h"

#include <string.h>

typedef struct
{
  const char *dir;
  AlmValue   *manifest;
  GHashTable *models;        /* kind → AlmModel */
  GHashTable *kinds;         /* id → kind (interned) */
  GPtrArray  *references;    /* (element-type Reference) */
  AlmValue   *counts;
  AlmValue   *mistakes;      /* nullable */
  char       *last_kind;
  char       *last_id;
  guint       findings;
  double      west, south, east, north;
} Check;

typedef struct
{
  char *from;
  char *to;
  char *kind;                /* that it must be of; nullable */
} Reference;

static void
reference_free (gpointer data)
{
  Reference *reference = data;

  g_free (reference->from);
  g_free (reference->to);
  g_free (reference->kind);
  g_free (reference);
}

static void
find (Check      *self,
      const char *place,
      const char *format,
      ...) G_GNUC_PRINTF (3, 4);

static void
find (Check      *self,
      const char *place,
      const char *format,
      ...)
{
  g_autoptr (AlmValue) line = alm_value_new_object ();
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  alm_value_set_text (line, "place", place);
  alm_value_set_text (line, "reason", reason);
  alm_cli_say (line);
  self->findings++;
}

static void
check_position (Check          *self,
                const char     *id,
                const AlmValue *value)
{
  if (alm_value_get_size (value) > 0
      && alm_value_is_number (alm_value_get_item (value, 0)))
    {
      double lon = alm_value_get_double (alm_value_get_item (value, 0));
      double lat = alm_value_get_double (alm_value_get_item (value, 1));

      if (lon < self->west || lon > self->east || lat < self->south || lat > self->north)
        find (self, id, "lies outside the town: %.7f %.7f", lon, lat);
      return;
    }
  for (guint i = 0; i < alm_value_get_size (value); i++)
    check_position (self, id, alm_value_get_item (value, i));
}

static void
check_lifespan (Check               *self,
                const AlmTownRecord *record,
                const AlmModel      *model)
{
  const AlmField *start = alm_model_find_role (model, ALM_ROLE_START);
  const AlmField *stop = alm_model_find_role (model, ALM_ROLE_END);
  gint64 first, last, from = G_MININT64, until = G_MAXINT64;

  if (start != NULL && alm_value_get (record->fields, start->name) != NULL
      && alm_edtf_bounds (alm_value_get_text_of (record->fields, start->name), &first, &last))
    from = first;
  if (stop != NULL && alm_value_get (record->fields, stop->name) != NULL
      && alm_edtf_bounds (alm_value_get_text_of (record->fields, stop->name), &first, &last))
    until = last;
  if (from > until)
    find (self, record->id_text, "ends before it begins");
}

static void
note_references (Check               *self,
                 const AlmTownRecord *record,
                 const AlmModel      *model)
{
  for (guint i = 0; i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *field = alm_model_get_field (model, i);
      const char *to = alm_value_get_text_of (record->fields, field->name);

      if (field->role == ALM_ROLE_REFERENCE && to != NULL)
        {
          Reference *reference = g_new0 (Reference, 1);

          reference->from = g_strdup (record->id_text);
          reference->to = g_strdup (to);
          reference->kind = g_strdup (field->collection);
          g_ptr_array_add (self->references, reference);
        }
    }
}

static void
take_model (Check               *self,
            const AlmTownRecord *record)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  const char *name = alm_value_get_text_of (record->fields, "name");
  AlmModel *model = NULL;

  if (name != NULL && alm_value_get (record->fields, "schema") != NULL)
    model = alm_model_new (name, alm_value_get (record->fields, "schema"), faults);
  if (model != NULL)
    g_hash_table_insert (self->models, g_strdup (name), model);
  else
    find (self, record->id_text, "is no good model: %s",
          faults->len > 0 ? (const char *) faults->pdata[0] : "no name or schema");
}

static gboolean
take_model_cb (const AlmTownRecord  *record,
               gpointer              user_data,
               GError              **error)
{
  if (strcmp (record->kind, "model") == 0)
    take_model (user_data, record);

  return TRUE;
}

/* A seeded error must still be there for its lesson. */
static void
check_mistakes_of (Check               *self,
                   const AlmTownRecord *record)
{
  for (guint i = 0; self->mistakes != NULL && i < alm_value_get_size (self->mistakes); i++)
    {
      const AlmValue *mistake = alm_value_get_item (self->mistakes, i);
      const char *field = alm_value_get_text_of (mistake, "field");

      if (field != NULL
          && g_strcmp0 (alm_value_get_text_of (mistake, "record"), record->id_text) == 0
          && !alm_value_equal (alm_value_get (record->fields, field),
                               alm_value_get (mistake, "wrong")))
        find (self, record->id_text, "%s is not wrong any more", field);
    }
}

static gboolean
check_record_cb (const AlmTownRecord  *record,
                 gpointer              user_data,
                 GError              **error)
{
  Check *self = user_data;
  AlmModel *model = g_hash_table_lookup (self->models, record->kind);
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;
  int order = g_strcmp0 (self->last_kind, record->kind);

  if (order > 0 || (order == 0 && g_strcmp0 (self->last_id, record->id_text) >= 0))
    find (self, record->id_text, "is not in order of kind and id");
  g_free (self->last_kind);
  self->last_kind = g_strdup (record->kind);
  g_free (self->last_id);
  self->last_id = g_strdup (record->id_text);

  if (!g_hash_table_insert (self->kinds, g_strdup (record->id_text),
                            (gpointer) g_intern_string (record->kind)))
    find (self, record->id_text, "is there twice");
  alm_value_set_integer (self->counts, record->kind,
                         alm_value_get_integer_of (self->counts, record->kind, 0) + 1);
  if (model == NULL)
    {
      if (strcmp (record->scope, "system") != 0)
        find (self, record->id_text, "kind %s has no model", record->kind);
      return TRUE;
    }

  if (!alm_model_check_fields (model, record->fields, &name, &reason))
    find (self, record->id_text, "%s: %s", name, reason);
  if (alm_value_get (record->fields, "geometry") != NULL)
    check_position (self, record->id_text,
                    alm_value_get (alm_value_get (record->fields, "geometry"), "coordinates"));
  check_lifespan (self, record, model);
  check_mistakes_of (self, record);
  note_references (self, record, model);

  return TRUE;
}

static AlmValue *
read_value (Check      *self,
            const char *path)
{
  g_autofree char *full = g_build_filename (self->dir, path, NULL);
  g_autofree char *text = NULL;
  AlmValue *value = NULL;
  gsize length;

  if (g_file_get_contents (full, &text, &length, NULL))
    value = alm_json_parse (text, (gssize) length, NULL, NULL);
  if (value == NULL)
    find (self, path, "cannot be read");

  return value;
}

/* Names and mistakes name records that are there. */
static void
check_lists (Check *self)
{
  g_autoptr (AlmValue) names = read_value (self, "names.json");
  const AlmValue *mistakes = self->mistakes;

  for (guint i = 0; names != NULL && i < alm_value_get_size (names); i++)
    {
      const char *key = alm_value_get_key (names, i);
      const char *id = alm_value_get_text_of (names, key);

      if (id == NULL || !g_hash_table_contains (self->kinds, id))
        find (self, "names.json", "%s names a record that is not there", key);
    }
  for (guint i = 0; mistakes != NULL && i < alm_value_get_size (mistakes); i++)
    {
      const AlmValue *mistake = alm_value_get_item (mistakes, i);
      const char *id = alm_value_get_text_of (mistake, "record");

      if (id == NULL || g_strcmp0 (g_hash_table_lookup (self->kinds, id),
                                   alm_value_get_text_of (mistake, "kind")) != 0)
        find (self, "mistakes.json", "number %u is in a record that is not there", i + 1);
    }
}

static void
check_references (Check *self)
{
  for (guint i = 0; i < self->references->len; i++)
    {
      const Reference *reference = self->references->pdata[i];
      const char *kind = g_hash_table_lookup (self->kinds, reference->to);

      if (kind == NULL)
        find (self, reference->from, "points to %s, which is not there", reference->to);
      else if (reference->kind != NULL && strcmp (reference->kind, kind) != 0)
        find (self, reference->from, "points to a %s, not a %s", kind, reference->kind);
    }
}

static void
set_extent (Check *self)
{
  self->west = self->south = 1000;
  self->east = self->north = -1000;
  for (guint i = 0; i < 4; i++)
    {
      AlmSpot corner = { (i & 1) * ALM_TOWN_WIDTH, (i >> 1) * ALM_TOWN_HEIGHT };
      double lon, lat;

      alm_town_spot_to_lonlat (corner, &lon, &lat);
      self->west = MIN (self->west, lon);
      self->east = MAX (self->east, lon);
      self->south = MIN (self->south, lat);
      self->north = MAX (self->north, lat);
    }
}

static gboolean
check_folder (Check   *self,
              GError **error)
{
  const AlmValue *files = alm_value_get (self->manifest, "files");
  gboolean has_records = FALSE;

  for (guint i = 0; i < alm_value_get_size (files); i++)
    {
      const AlmValue *entry = alm_value_get_item (files, i);
      const char *path = alm_value_get_text_of (entry, "path");
      g_autofree char *reason = NULL;

      if (!alm_town_file_is_whole (self->dir, entry, &reason))
        find (self, path != NULL ? path : "manifest.json", "%s", reason);
      else if (strcmp (path, "records.ndjson") == 0)
        has_records = TRUE;
    }
  if (!has_records)
    return TRUE;

  set_extent (self);
  self->mistakes = read_value (self, "mistakes.json");
  if (!alm_town_read_records (self->dir, take_model_cb, self, error)
      || !alm_town_read_records (self->dir, check_record_cb, self, error))
    return FALSE;
  if (!alm_value_equal (self->counts, alm_value_get (self->manifest, "counts")))
    find (self, "manifest.json", "counts are not those of the records");
  check_references (self);
  check_lists (self);

  return TRUE;
}

int
alm_town_check_run (AlmCli  *cli,
                    int      argc,
                    char   **argv)
{
  const GOptionEntry entries[] = { { NULL } };
  const AlmCliCommand command = { "town check", alm_town_check_run, "FOLDER" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) manifest = NULL;
  g_autoptr (AlmValue) counts = alm_value_new_object ();
  g_autoptr (AlmValue) summary = alm_value_new_object ();
  g_autoptr (GHashTable) models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         (GDestroyNotify) alm_model_unref);
  g_autoptr (GHashTable) kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (reference_free);
  Check check = { .models = models, .kinds = kinds, .references = references, .counts = counts };
  gboolean good;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1)
    return alm_cli_usage (&command, "one FOLDER is wanted");

  manifest = alm_town_read_manifest (argv[0], &error);
  if (manifest == NULL)
    return alm_cli_fail (argv[0], "%s", error->message);
  check.dir = argv[0];
  check.manifest = manifest;
  good = check_folder (&check, &error);
  g_free (check.last_kind);
  g_free (check.last_id);
  g_clear_pointer (&check.mistakes, alm_value_unref);
  if (!good)
    return alm_cli_fail (argv[0], "%s", error->message);

  alm_value_set_integer (summary, "findings", check.findings);
  alm_value_set_integer (summary, "records", g_hash_table_size (kinds));
  alm_value_set (summary, "summary", alm_value_new_boolean (TRUE));
  alm_cli_say (summary);

  return check.findings == 0 ? ALM_CLI_DONE : ALM_CLI_REFUSED;
}
