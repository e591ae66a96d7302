/* SPDX-License-Identifier: EUPL-1.2 */

/* `allmendectl map render`: a picture of a profile's map. */

#include "config.h"

#include "alm-asset-loader.h"
#include "alm-cli-desk.h"
#include "alm-cli-map.h"
#include "alm-days.h"
#include "alm-mbtiles.h"
#include "alm-paint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char     *bbox;
  char     *size;
  char     *at;
  char    **kinds;
  char     *base;
  char     *out;
  gboolean  dark;

  double    west;
  double    south;
  double    east;
  double    north;
  int       width;
  int       height;
  gint64    day;
} Options;

static gboolean
parse_bbox (Options *options)
{
  g_auto (GStrv) parts = g_strsplit (options->bbox != NULL ? options->bbox : "", ",", -1);
  double *sides[] = { &options->west, &options->south, &options->east, &options->north };

  if (g_strv_length (parts) != G_N_ELEMENTS (sides))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      char *end = NULL;

      *sides[i] = g_ascii_strtod (parts[i], &end);
      if (end == parts[i] || *end != '\0' || !isfinite (*sides[i]))
        return FALSE;
    }

  return options->west < options->east && options->south < options->north &&
         options->west >= -180.0 && options->east <= 180.0 &&
         options->south >= -ALM_MERCATOR_MAX && options->north <= ALM_MERCATOR_MAX;
}

/* The larger of the two scales; the box's middle in the picture's middle. */
static void
make_view (const Options *options,
           AlmPaintView  *view)
{
  double x0;
  double y0;
  double x1;
  double y1;

  alm_mercator_from_lon_lat (options->west, options->north, &x0, &y0);
  alm_mercator_from_lon_lat (options->east, options->south, &x1, &y1);
  view->units_per_pixel = MAX ((x1 - x0) / options->width, (y1 - y0) / options->height);
  view->west = (x0 + x1 - options->width * view->units_per_pixel) / 2.0;
  view->north = (y0 + y1 - options->height * view->units_per_pixel) / 2.0;
  view->zoom = log2 (ALM_WORLD / (ALM_TILE_SIZE * view->units_per_pixel));
}

static gboolean
is_wanted (const Options       *options,
           const AlmAssetTable *table)
{
  const char *name = alm_model_get_name (table->model);

  if (options->kinds != NULL)
    return g_strv_contains ((const char *const *) options->kinds, name);

  return strcmp (alm_model_get_layer (table->model), "asset") == 0;
}

static int
compare_tables (gconstpointer a,
                gconstpointer b)
{
  const AlmAssetTable *one = *(AlmAssetTable *const *) a;
  const AlmAssetTable *two = *(AlmAssetTable *const *) b;

  return one->columns->n > two->columns->n ? -1 : one->columns->n < two->columns->n;
}

/* @drawn_tables: (element-type AlmAssetTable): filled, in the plan's order */
static AlmPaintPlan *
make_plan (const Options *options,
           GPtrArray     *tables,
           GPtrArray     *drawn_tables)
{
  AlmPaintPlan *plan = alm_paint_plan_new ();
  AlmAssetColumns *base[ALM_BASE_N_KINDS] = { NULL };
  g_autoptr (AlmLabels) labels = alm_labels_new ();
  gboolean draws_base = g_strcmp0 (options->base, "drawn") == 0;

  alm_paint_plan_set_day (plan, (gint32) options->day);
  alm_paint_plan_set_dark (plan, options->dark);
  g_ptr_array_sort (tables, compare_tables);
  for (guint i = 0; i < tables->len; i++)
    {
      AlmAssetTable *table = g_ptr_array_index (tables, i);

      if (table->is_base)
        {
          base[table->base_kind] = table->columns;
          if (table->names != NULL)
            alm_labels_add_base (labels, table->base_kind, table->columns, table->names);
        }
      if (is_wanted (options, table))
        {
          alm_paint_plan_add_assets (plan, table->columns, table->symbol, 1.0);
          g_ptr_array_add (drawn_tables, table);
        }
    }
  if (draws_base)
    {
      alm_paint_plan_set_base (plan, base, 1.0);
      alm_paint_plan_set_labels (plan, labels);
    }

  return plan;
}

/* Lays the part of a tile that is in view over @pixels. */
static void
put_tile (AlmPixels          *pixels,
          const AlmPixels    *tile,
          const AlmPaintView *view,
          double              tile_west,
          double              tile_north,
          double              tile_units)
{
  double per_pixel = tile_units / tile->width;
  int x0 = MAX (0, (int) floor ((tile_west - view->west) / view->units_per_pixel));
  int y0 = MAX (0, (int) floor ((tile_north - view->north) / view->units_per_pixel));
  int x1 = MIN (pixels->width, (int) ceil ((tile_west + tile_units - view->west) /
                                           view->units_per_pixel));
  int y1 = MIN (pixels->height, (int) ceil ((tile_north + tile_units - view->north) /
                                            view->units_per_pixel));

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      {
        double from_x = (view->west + (x + 0.5) * view->units_per_pixel - tile_west) / per_pixel;
        double from_y = (view->north + (y + 0.5) * view->units_per_pixel - tile_north) /
                        per_pixel;

        if (from_x >= 0.0 && from_y >= 0.0 && from_x < tile->width && from_y < tile->height)
          pixels->data[y * pixels->stride + x] =
            tile->data[(int) from_y * tile->stride + (int) from_x];
      }
}

static gboolean
paint_file (const char          *path,
            const AlmPaintView  *view,
            AlmPixels           *pixels,
            GError             **error)
{
  g_autoptr (AlmMbtiles) file = alm_mbtiles_open (path, error);
  const AlmMbtilesInfo *info;
  guint zoom;
  double units;
  int last;

  if (file == NULL)
    return FALSE;

  info = alm_mbtiles_get_info (file);
  zoom = (guint) CLAMP (round (view->zoom), info->min_zoom, info->max_zoom);
  units = ldexp (ALM_WORLD, -(int) zoom);
  last = (1 << zoom) - 1;
  for (int y = (int) MAX (0.0, view->north / units);
       y <= last && y * units < view->north + pixels->height * view->units_per_pixel; y++)
    for (int x = (int) MAX (0.0, view->west / units);
         x <= last && x * units < view->west + pixels->width * view->units_per_pixel; x++)
      {
        g_autoptr (GError) problem = NULL;
        g_autoptr (GBytes) bytes = alm_mbtiles_read_tile (file, zoom, (guint) x, (guint) y,
                                                          &problem);
        AlmPixels tile;

        if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
          continue;
        if (bytes == NULL)
          {
            g_propagate_error (error, g_steal_pointer (&problem));
            return FALSE;
          }
        if (!alm_pixels_init_from_bytes (&tile, bytes, error))
          {
            g_prefix_error (error, "%s: tile %u/%d/%d: ", path, zoom, x, y);
            return FALSE;
          }
        put_tile (pixels, &tile, view, x * units, y * units, units);
        alm_pixels_clear (&tile);
      }

  return TRUE;
}

static void
say_result (const Options      *options,
            const AlmPaintView *view,
            GPtrArray          *drawn_tables,
            const guint        *drawn,
            double              seconds)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  AlmValue *bbox = alm_value_new_list ();
  AlmValue *counts = alm_value_new_object ();
  double sides[4];
  double middle = view->north + options->height * view->units_per_pixel / 2.0;

  alm_mercator_to_lon_lat (view->west,
                           view->north + options->height * view->units_per_pixel, &sides[0],
                           &sides[1]);
  alm_mercator_to_lon_lat (view->west + options->width * view->units_per_pixel, view->north,
                           &sides[2], &sides[3]);
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    alm_value_append (bbox, alm_value_new_double (round (sides[i] * 1e9) / 1e9));
  for (guint i = 0; i < drawn_tables->len; i++)
    {
      const AlmAssetTable *table = g_ptr_array_index (drawn_tables, i);

      alm_value_set_integer (counts, alm_model_get_name (table->model), drawn[i]);
    }
  alm_value_set_text (answer, "file", options->out);
  alm_value_set (answer, "bbox", bbox);
  alm_value_set (answer, "metres_per_pixel",
                 alm_value_new_double (view->units_per_pixel *
                                       alm_mercator_metres_per_unit (middle)));
  alm_value_set (answer, "drawn", counts);
  alm_value_set (answer, "seconds", alm_value_new_double (round (seconds * 1e3) / 1e3));
  alm_cli_say (answer);
}

static gboolean
check_kinds (const Options *options,
             AlmDesk       *desk)
{
  for (char **kind = options->kinds; kind != NULL && *kind != NULL; kind++)
    if (alm_desk_get_model (desk, *kind) == NULL)
      {
        alm_cli_fail (*kind, "is no kind of this profile");
        return FALSE;
      }

  return TRUE;
}

static int
render (AlmCli        *cli,
        const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = alm_cli_open_desk (cli, "map render", ALM_DESK_READ);
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (GPtrArray) drawn_tables = g_ptr_array_new ();
  g_autoptr (AlmPaintPlan) plan = NULL;
  g_autofree guint *drawn = NULL;
  gint64 began = g_get_monotonic_time ();
  gboolean has_file = options->base != NULL && strcmp (options->base, "none") != 0 &&
                      strcmp (options->base, "drawn") != 0;
  AlmPaintView view;
  AlmPixels pixels;
  AlmPixels assets;

  if (desk == NULL)
    return ALM_CLI_REFUSED;
  if (!check_kinds (options, desk))
    return ALM_CLI_REFUSED;
  tables = alm_asset_loader_load (desk, NULL, &error);
  if (tables == NULL)
    return alm_cli_fail (cli->profile, "%s", error->message);

  make_view (options, &view);
  plan = make_plan (options, tables, drawn_tables);
  drawn = g_new0 (guint, drawn_tables->len + 1);
  alm_pixels_init (&pixels, options->width, options->height,
                   0xff000000 | (options->dark ? ALM_BASE_GROUND_DARK : 0xffffff));
  if (has_file && !paint_file (options->base, &view, &pixels, &error))
    {
      alm_pixels_clear (&pixels);
      return alm_cli_fail ("map render", "%s", error->message);
    }
  alm_pixels_init (&assets, options->width, options->height, 0);
  alm_paint (plan, &view, &assets, drawn);
  alm_pixels_composite (&pixels, &assets, 255);
  alm_pixels_clear (&assets);
  if (!alm_pixels_write_png (&pixels, options->out, &error))
    {
      alm_pixels_clear (&pixels);
      return alm_cli_fail (options->out, "%s", error->message);
    }
  alm_pixels_clear (&pixels);
  say_result (options, &view, drawn_tables, drawn,
              (double) (g_get_monotonic_time () - began) / 1e6);

  return ALM_CLI_DONE;
}

static char *
format_today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_format (now, "%Y-%m-%d");
}

int
alm_cli_map_render (AlmCli  *cli,
                    int      argc,
                    char   **argv)
{
  const AlmCliCommand *command = &alm_cli_map_render_command;
  Options options = { 0 };
  const GOptionEntry entries[] = {
    { "bbox", 0, 0, G_OPTION_ARG_STRING, &options.bbox, NULL, NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options.size, NULL, NULL },
    { "at", 0, 0, G_OPTION_ARG_STRING, &options.at, NULL, NULL },
    { "kind", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.kinds, NULL, NULL },
    { "base", 0, 0, G_OPTION_ARG_FILENAME, &options.base, NULL, NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options.dark, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  int result = ALM_CLI_USAGE;

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (options.at == NULL)
    options.at = format_today ();

  if (argc > 0)
    alm_cli_usage (command, "%s is one word too many", argv[0]);
  else if (!parse_bbox (&options))
    alm_cli_usage (command, "--bbox is west,south,east,north in degrees, west < east, "
                   "south < north");
  else if (options.size == NULL ||
           !alm_cli_parse_size (options.size, &options.width, &options.height))
    alm_cli_usage (command, "--size is WIDTHxHEIGHT, up to 16384 each");
  else if (!alm_days_parse (options.at, &options.day))
    alm_cli_usage (command, "--at is a date, YYYY-MM-DD");
  else if (options.out == NULL)
    alm_cli_usage (command, "-o FILE.png is missing");
  else
    result = render (cli, &options);

  g_free (options.bbox);
  g_free (options.size);
  g_free (options.at);
  g_strfreev (options.kinds);
  g_free (options.base);
  g_free (options.out);

  return result;
}
