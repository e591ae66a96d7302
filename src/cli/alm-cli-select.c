/* SPDX-License-Identifier: EUPL-1.2 */

/* allmendectl select and measure: what lies inside or near a shape, and how
 * long and large shapes are.
 *
 * Everything is asked in the city's plane system: the R*Tree for the box first,
 * then GEOS on the prepared shape, exactly. */

#include "config.h"

#include "alm-cli-assets.h"
#include "alm-crs.h"
#include "alm-desk-box.h"
#include "alm-geos.h"
#include "alm-json.h"
#include "alm-measure.h"
#include "alm-utm.h"
#include "alm-wkb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  AlmId   id;
  char   *kind;
  char   *label;
  double  distance;
} Find;

typedef struct
{
  AlmModel     *model;        /* borrowed, as all */
  AlmCliChoice *choice;
  AlmGeosArea  *area;         /* NULL = everywhere */
  double        box[4];       /* grown by the distance */
  double        most;         /* < 0: inside or touching */
  int           crs;
  GPtrArray    *finds;
  GByteArray   *wkb;
} Selection;

static void
find_free (gpointer data)
{
  Find *find = data;

  g_free (find->kind);
  g_free (find->label);
  g_free (find);
}

static void
move_to_plane (double   *x,
               double   *y,
               gsize     n,
               gpointer  crs)
{
  for (gsize i = 0; i < n; i++)
    alm_utm_from_lonlat (GPOINTER_TO_INT (crs), x[i], y[i], &x[i], &y[i]);
}

/* Geometry, Feature or FeatureCollection: all of them together. */
static gboolean
collect_parts (const AlmValue  *value,
               int              crs,
               GPtrArray       *parts,
               GError         **error)
{
  const char *type = alm_value_get_text_of (value, "type");
  const AlmValue *features = alm_value_get (value, "features");
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  g_autofree char *fault = NULL;

  if (g_strcmp0 (type, "FeatureCollection") == 0)
    {
      for (guint i = 0; features != NULL && i < alm_value_get_size (features); i++)
        if (!collect_parts (alm_value_get_item (features, i), crs, parts, error))
          return FALSE;
      return TRUE;
    }
  if (g_strcmp0 (type, "Feature") == 0)
    {
      value = alm_value_get (value, "geometry");
      if (value == NULL || alm_value_is (value, ALM_VALUE_NULL))
        return TRUE;
    }

  if (!alm_wkb_from_geometry (value, move_to_plane, GINT_TO_POINTER (crs), wkb, error))
    return FALSE;
  if (!alm_geos_repair (wkb, &fault))
    return alm_cli_refuse (error, "a geometry that cannot be read");
  g_ptr_array_add (parts, g_steal_pointer (&wkb));

  return TRUE;
}

static AlmGeosArea *
read_area (const char  *path,
           int          crs,
           GError     **error)
{
  g_autoptr (GPtrArray) parts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_autoptr (AlmValue) value = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error)
      || (value = alm_json_parse (text, (gssize) length, NULL, error)) == NULL
      || !collect_parts (value, crs, parts, error))
    return NULL;

  return alm_geos_area_new (parts, error);
}

/* FALSE: not within; *distance is set otherwise. */
static gboolean
is_within (Selection      *self,
           const AlmValue *geometry,
           double         *distance)
{
  *distance = 0;
  if (self->area == NULL)
    return TRUE;
  if (geometry == NULL)
    return FALSE;
  g_byte_array_set_size (self->wkb, 0);
  if (!alm_wkb_from_geometry (geometry, move_to_plane, GINT_TO_POINTER (self->crs), self->wkb,
                              NULL))
    return FALSE;
  if (self->most < 0)
    return alm_geos_area_meets (self->area, self->wkb->data, self->wkb->len);

  return alm_geos_area_is_near (self->area, self->wkb->data, self->wkb->len, self->most,
                                distance);
}

static gboolean
take_row (const AlmRow  *row,
          gpointer       user_data,
          GError       **error)
{
  Selection *self = user_data;
  const AlmField *geometry = alm_model_find_role (self->model, ALM_ROLE_GEOMETRY);
  const AlmValue *shape = geometry != NULL ? alm_value_get (row->fields, geometry->name) : NULL;
  double distance;
  Find *find;

  if (!is_within (self, shape, &distance)
      || !alm_cli_choice_takes (self->choice, self->model, row->fields))
    return TRUE;

  find = g_new0 (Find, 1);
  find->id = row->id;
  find->kind = g_strdup (row->kind);
  find->label = alm_model_format_label (self->model, row->fields);
  find->distance = distance;
  g_ptr_array_add (self->finds, find);

  return TRUE;
}

static int
compare_finds (gconstpointer a,
               gconstpointer b)
{
  const Find *left = *(Find *const *) a, *right = *(Find *const *) b;

  if (left->distance != right->distance)
    return left->distance < right->distance ? -1 : 1;

  return alm_id_compare (&left->id, &right->id);
}

static void
print_finds (GPtrArray *finds,
             gboolean   with_distance)
{
  g_ptr_array_sort (finds, compare_finds);
  for (guint i = 0; i < finds->len; i++)
    {
      const Find *find = finds->pdata[i];
      g_autoptr (AlmValue) line = alm_value_new_object ();
      char id[ALM_ID_TEXT_SIZE];

      alm_id_print (&find->id, id);
      alm_value_set_text (line, "id", id);
      alm_value_set_text (line, "kind", find->kind);
      alm_value_set_text (line, "label", find->label);
      if (with_distance)
        alm_value_set (line, "distance_m",
                       alm_value_new_double (round (find->distance * 1e3) / 1e3));
      alm_cli_say (line);
    }
}

/* The models that are asked: those named, else all that are on the map. */
static GPtrArray *
choose_models (AlmDesk  *desk,
               char    **kinds)
{
  g_autoptr (GPtrArray) all = alm_desk_list_models (desk);
  g_autoptr (GPtrArray) models =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_model_unref);

  for (guint i = 0; kinds == NULL && i < all->len; i++)
    if (strcmp (alm_model_get_layer (all->pdata[i]), "asset") == 0)
      g_ptr_array_add (models, alm_model_ref (all->pdata[i]));
  for (guint i = 0; kinds != NULL && kinds[i] != NULL; i++)
    {
      AlmModel *model = alm_desk_get_model (desk, kinds[i]);

      if (model == NULL)
        {
          alm_cli_fail ("select", "kind '%s' has no model here", kinds[i]);
          return NULL;
        }
      g_ptr_array_add (models, alm_model_ref (model));
    }

  return g_steal_pointer (&models);
}

/* The records of the model that may lie within. */
static gboolean
each_candidate (Selection  *self,
                AlmDesk    *desk,
                GError    **error)
{
  const char *kind = alm_model_get_name (self->model);

  if (self->area != NULL)
    return alm_desk_each_in_box (desk, kind, self->box, take_row, self, error);

  return alm_desk_each (desk, NULL, kind, FALSE, take_row, self, error);
}

static int
run_selection (AlmCli        *cli,
               char         **kinds,
               const char    *where,
               AlmCliChoice  *choice,
               const char    *path,
               double         most,
               gboolean       count)
{
  g_autoptr (AlmDesk) desk = alm_cli_open_desk (cli, "select", ALM_DESK_READ);
  g_autoptr (GPtrArray) models = desk != NULL ? choose_models (desk, kinds) : NULL;
  g_autoptr (GPtrArray) finds = g_ptr_array_new_with_free_func (find_free);
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  g_autoptr (AlmGeosArea) area = NULL;
  g_autoptr (GError) error = NULL;
  Selection selection = { .most = most, .finds = finds, .wkb = wkb, .choice = choice };

  if (models == NULL || !alm_cli_choice_set_filter (choice, "select", where, models))
    return ALM_CLI_REFUSED;

  selection.crs = alm_cli_find_city_crs (desk);
  if (path != NULL)
    {
      double margin = MAX (most, 0) + 1e-6;

      selection.area = area = read_area (path, selection.crs, &error);
      if (area == NULL)
        return alm_cli_fail_error (path, error);
      alm_geos_area_get_box (area, selection.box);
      for (guint i = 0; i < 4; i++)
        selection.box[i] += i < 2 ? -margin : margin;
    }

  for (guint i = 0; i < models->len; i++)
    {
      selection.model = models->pdata[i];
      if (!each_candidate (&selection, desk, &error))
        return alm_cli_fail_error ("select", error);
    }

  if (count)
    {
      g_autoptr (AlmValue) answer = alm_value_new_object ();

      alm_value_set_integer (answer, "count", finds->len);
      alm_cli_say (answer);
    }
  else
    print_finds (finds, most >= 0);

  return ALM_CLI_DONE;
}

int
alm_cli_select (AlmCli  *cli,
                int      argc,
                char   **argv)
{
  const AlmCliCommand *command = &alm_cli_asset_commands[2];
  g_auto (GStrv) kinds = NULL;
  g_autofree char *where = NULL;
  g_autofree char *inside = NULL;
  g_autofree char *near = NULL;
  g_autofree char *at = NULL;
  g_auto (AlmCliChoice) choice = { 0 };
  double distance = -1;
  gboolean count = FALSE;
  const GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING_ARRAY, &kinds, NULL, NULL },
    { "where", 0, 0, G_OPTION_ARG_STRING, &where, NULL, NULL },
    { "in", 0, 0, G_OPTION_ARG_FILENAME, &inside, NULL, NULL },
    { "near", 0, 0, G_OPTION_ARG_FILENAME, &near, NULL, NULL },
    { "distance", 0, 0, G_OPTION_ARG_DOUBLE, &distance, NULL, NULL },
    { "at", 0, 0, G_OPTION_ARG_STRING, &at, NULL, NULL },
    { "count", 0, 0, G_OPTION_ARG_NONE, &count, NULL, NULL },
    { NULL }
  };

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0)
    return alm_cli_usage (command, "no further words");
  if (inside != NULL && near != NULL)
    return alm_cli_usage (command, "--in or --near, not both");
  if ((near != NULL) != (distance != -1) || (near != NULL && !(distance >= 0)))
    return alm_cli_usage (command, "--near needs a --distance in metres");
  if (!alm_cli_choice_set_day (&choice, command, at))
    return ALM_CLI_USAGE;

  return run_selection (cli, kinds, where, &choice, near != NULL ? near : inside,
                        near != NULL ? distance : -1, count);
}

static void
move_in (double   *x,
         double   *y,
         gsize     n,
         gpointer  crs)
{
  alm_crs_to_lonlat (crs, x, y, n);
}

static void
put_figure (AlmValue   *value,
            const char *member,
            double      figure)
{
  if (isfinite (figure))
    alm_value_set (value, member, alm_value_new_double (figure));
}

static gboolean
measure_line (const AlmValue  *line,
              AlmCrs          *crs,
              int              grid,
              GError         **error)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  g_autoptr (AlmValue) moved = NULL;
  g_autofree char *name = g_strdup_printf ("EPSG:%d", grid);
  AlmValue *plane = alm_value_new_object ();
  AlmMeasure measure;

  alm_value_set (answer, "grid", plane);
  if (!alm_crs_is_lonlat (crs))
    {
      if (!alm_wkb_from_geometry (line, move_in, crs, wkb, error))
        return FALSE;
      moved = alm_wkb_to_geometry (wkb->data, wkb->len, NULL, NULL, error);
      if (moved == NULL)
        return FALSE;
      line = moved;
    }
  if (!alm_measure_geometry (line, grid, &measure, error))
    return FALSE;

  put_figure (answer, "length_m", measure.length_m);
  put_figure (answer, "area_m2", measure.area_m2);
  put_figure (answer, "perimeter_m", measure.perimeter_m);
  put_figure (answer, "azimuth_deg", measure.azimuth_deg);
  alm_value_set_text (plane, "crs", name);
  put_figure (plane, "length_m", measure.grid_length_m);
  put_figure (plane, "area_m2", measure.grid_area_m2);
  alm_cli_say (answer);

  return TRUE;
}

/* The city's system where there is a profile, without asking for one. */
static int
find_grid (AlmCli *cli)
{
  g_autofree char *file = g_build_filename (cli->profile, "profile.db", NULL);
  g_autoptr (AlmDesk) desk = NULL;
  g_autofree char *fault = NULL;

  if (g_file_test (file, G_FILE_TEST_EXISTS))
    desk = alm_desk_open (cli->profile, ALM_DESK_READ, NULL, NULL);
  if (desk == NULL)
    return ALM_GEO_CRS_DEFAULT;

  fault = alm_desk_get_fault (desk);
  alm_cli_note_fault (cli, "measure", fault);

  return alm_cli_find_city_crs (desk);
}

int
alm_cli_measure (AlmCli  *cli,
                 int      argc,
                 char   **argv)
{
  const AlmCliCommand *command = &alm_cli_asset_commands[3];
  g_autofree char *definition = NULL;
  g_autoptr (AlmCrs) crs = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (AlmCliLines) lines = { 0 };
  int grid = find_grid (cli);
  const GOptionEntry entries[] = {
    { "crs", 0, 0, G_OPTION_ARG_STRING, &definition, NULL, NULL },
    { NULL }
  };

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0)
    return alm_cli_usage (command, "no further words");

  crs = alm_crs_new (definition != NULL ? definition : ALM_CRS_LONLAT, &error);
  if (crs == NULL || !alm_cli_lines_open (&lines, "-", &error))
    return alm_cli_fail_error ("measure", error);

  for (;;)
    {
      g_autoptr (AlmValue) line = alm_cli_lines_next (&lines, &error);

      if (line == NULL && error == NULL)
        return ALM_CLI_DONE;
      if (line == NULL || !measure_line (line, crs, grid, &error))
        {
          g_autofree char *place = g_strdup_printf ("measure: line %u", lines.line);

          return alm_cli_fail_error (place, error);
        }
    }
}
