/* SPDX-License-Identifier: EUPL-1.2 */

/* `allmendectl bench map`: full redraws of a made-up city of points. */

#include "config.h"

#include "alm-cli-map.h"

#include "alm-days.h"
#include "alm-paint.h"
#include "alm-pool.h"
#include "alm-random.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>

#define CENTER_LON   11.586
#define CENTER_LAT   50.927
#define WIDTH_M      13000.0
#define HEIGHT_M     14000.0
#define N_KINDS      5
#define N_STREETS    2400
#define N_PARKS      60
#define POINT_PX     7.0
#define MAX_THREADS  64

typedef struct
{
  double lon;
  double lat;
  gint32 from;
  gint32 to;
  int    kind;
} Point;

typedef struct
{
  int       points;
  int       seed;
  char     *size;
  char     *zooms;
  int       frames;
  int       threads;
  char     *at;
  char     *csv;
  char     *png;
  int       width;
  int       height;
  gint64    day;
} Options;

typedef struct
{
  double x;
  double y;
  double angle;
  double length;
} Street;

/* Metres from the middle to degrees. */
static void
place_point (Point  *point,
             double  x,
             double  y)
{
  const double metres_per_degree = 111320.0;

  point->lat = CENTER_LAT + y / metres_per_degree;
  point->lon = CENTER_LON + x / (metres_per_degree * cos (CENTER_LAT * G_PI / 180.0));
}

static double
random_between (AlmRandom *random,
                double     from,
                double     to)
{
  return from + alm_random_unit (random) * (to - from);
}

/* Roughly a bell, −1 … 1: the town is denser in the middle. */
static double
random_middle (AlmRandom *random)
{
  return (alm_random_unit (random) + alm_random_unit (random) + alm_random_unit (random)) / 1.5 -
         1.0;
}

static void
make_life (AlmRandom *random,
           Point     *point)
{
  gint64 newest = alm_days_from_date (2024, 1, 1);
  double fate = alm_random_unit (random);

  point->from = (gint32) random_between (random, alm_days_from_date (1900, 1, 1), newest - 1);
  point->to = G_MAXINT32;
  /* 15 % do not stand in 2024: two thirds are gone, one third is to come. */
  if (fate < 0.10)
    point->to = (gint32) random_between (random, point->from + 1, newest);
  else if (fate < 0.15)
    point->from = (gint32) alm_days_from_date (2025, 1, 1) + (gint32) alm_random_below (random,
                                                                                        3000);
}

static Point *
make_points (const Options *options)
{
  Point *points = g_new (Point, options->points);
  g_autofree Street *streets = g_new (Street, N_STREETS);
  g_autofree Street *parks = g_new (Street, N_PARKS);
  AlmRandom random;

  alm_random_seed (&random, (guint64) options->seed);
  for (guint i = 0; i < N_STREETS; i++)
    streets[i] = (Street) {
      random_middle (&random) * WIDTH_M / 2.0, random_middle (&random) * HEIGHT_M / 2.0,
      floor (random_between (&random, 0.0, 4.0)) * G_PI / 4.0 +
        random_between (&random, -0.2, 0.2),
      random_between (&random, 80.0, 700.0)
    };
  for (guint i = 0; i < N_PARKS; i++)
    parks[i] = (Street) { random_between (&random, -0.45, 0.45) * WIDTH_M,
                          random_between (&random, -0.45, 0.45) * HEIGHT_M, 0.0,
                          random_between (&random, 60.0, 320.0) };

  for (int i = 0; i < options->points; i++)
    {
      double where = alm_random_unit (&random);
      double x = random_between (&random, -0.5, 0.5) * WIDTH_M;
      double y = random_between (&random, -0.5, 0.5) * HEIGHT_M;

      if (where < 0.60)
        {
          const Street *street = &streets[alm_random_below (&random, N_STREETS)];
          double along = random_between (&random, -0.5, 0.5) * street->length;
          double across = alm_random_below (&random, 2) * 14.0 - 7.0;

          x = street->x + along * cos (street->angle) - across * sin (street->angle);
          y = street->y + along * sin (street->angle) + across * cos (street->angle);
        }
      else if (where < 0.85)
        {
          const Street *park = &parks[alm_random_below (&random, N_PARKS)];
          double radius = sqrt (alm_random_unit (&random)) * park->length;
          double angle = random_between (&random, 0.0, 2.0 * G_PI);

          x = park->x + radius * cos (angle);
          y = park->y + radius * sin (angle);
        }
      place_point (&points[i], x, y);
      points[i].kind = (int) alm_random_below (&random, N_KINDS);
      make_life (&random, &points[i]);
    }

  return points;
}

static gboolean
write_csv (const Options *options,
           const Point   *points)
{
  FILE *file = fopen (options->csv, "w");

  if (file == NULL)
    return FALSE;
  fputs ("id,kind,lon,lat,from,to\n", file);
  for (int i = 0; i < options->points; i++)
    {
      g_autofree char *from = alm_days_to_text (points[i].from);
      g_autofree char *to = points[i].to == G_MAXINT32 ? g_strdup ("")
                                                       : alm_days_to_text (points[i].to);
      char lon[G_ASCII_DTOSTR_BUF_SIZE];
      char lat[G_ASCII_DTOSTR_BUF_SIZE];

      fprintf (file, "%d,%d,%s,%s,%s,%s\n", i + 1, points[i].kind,
               g_ascii_formatd (lon, sizeof lon, "%.9f", points[i].lon),
               g_ascii_formatd (lat, sizeof lat, "%.9f", points[i].lat), from, to);
    }

  return fclose (file) == 0;
}

static AlmPaintPlan *
make_plan (const Options *options,
           const Point   *points)
{
  static const guint32 colors[N_KINDS] = { 0x2e7d32, 0xe65100, 0x1565c0, 0x6a1b9a, 0x00838f };
  AlmPaintPlan *plan = alm_paint_plan_new ();

  alm_paint_plan_set_day (plan, (gint32) options->day);
  alm_paint_plan_set_ground (plan, 0xffffff);
  alm_paint_plan_set_outline (plan, FALSE);
  for (int kind = 0; kind < N_KINDS; kind++)
    {
      AlmAssetBuilder *builder = alm_asset_builder_new ((guint) options->points / N_KINDS);
      g_autoptr (AlmAssetColumns) columns = NULL;
      g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, colors[kind],
                                                            POINT_PX);

      for (int i = 0; i < options->points; i++)
        if (points[i].kind == kind)
          {
            double x;
            double y;

            alm_mercator_from_lon_lat (points[i].lon, points[i].lat, &x, &y);
            alm_asset_builder_add_point (builder, (guint32) i + 1, alm_mercator_round (x),
                                         alm_mercator_round (y), points[i].from, points[i].to,
                                         0);
          }
      columns = alm_asset_builder_seal (builder);
      alm_paint_plan_add_assets (plan, columns, symbol, 1.0);
    }

  return plan;
}

/* One horizontal band of a frame. */
typedef struct
{
  AlmPaintPlan *plan;     /* borrowed */
  AlmPaintView  view;
  AlmPixels     pixels;   /* borrowed memory */
  guint         drawn[N_KINDS];
} Band;

static void
paint_band_job (GTask    *task,
                gpointer  data)
{
  Band *band = data;

  alm_paint (band->plan, &band->view, &band->pixels, band->drawn);
  g_task_return_boolean (task, TRUE);
}

static void
count_down_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  int *left = user_data;

  (*left)--;
}

static guint
paint_frame (AlmPaintPlan       *plan,
             const AlmPaintView *view,
             AlmPixels          *pixels,
             int                 n_threads,
             AlmPool            *pool)
{
  Band bands[MAX_THREADS];
  guint drawn = 0;
  int left = n_threads;

  for (int i = 0; i < n_threads; i++)
    {
      int top = pixels->height * i / n_threads;
      int bottom = pixels->height * (i + 1) / n_threads;

      bands[i] = (Band) { .plan = plan, .view = *view, .pixels = *pixels };
      bands[i].view.north += top * view->units_per_pixel;
      bands[i].pixels.data += (gsize) top * pixels->stride;
      bands[i].pixels.height = bottom - top;
      if (pool == NULL)
        {
          alm_paint (plan, &bands[i].view, &bands[i].pixels, bands[i].drawn);
        }
      else
        {
          GTask *task = g_task_new (NULL, NULL, count_down_cb, &left);

          g_task_set_task_data (task, &bands[i], NULL);
          alm_pool_submit (pool, 0, paint_band_job, task);
        }
    }
  while (pool != NULL && left > 0)
    g_main_context_iteration (NULL, TRUE);

  for (int i = 0; i < n_threads; i++)
    for (int kind = 0; kind < N_KINDS; kind++)
      drawn += bands[i].drawn[kind];

  return drawn;
}

static double
get_cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static double
get_rss_mb (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) usage.ru_maxrss / 1024.0;
}

static double
round_to (double value,
          double step)
{
  return round (value / step) * step;
}

static void
say_figures (const Options *options,
             double         zoom,
             guint          drawn,
             double         cpu_ms,
             double         wall_ms)
{
  g_autoptr (AlmValue) line = alm_value_new_object ();

  alm_value_set_text (line, "bench", "map");
  alm_value_set (line, "zoom", alm_value_new_double (zoom));
  alm_value_set_integer (line, "points", options->points);
  alm_value_set_integer (line, "drawn", drawn);
  alm_value_set_integer (line, "frames", options->frames);
  alm_value_set_integer (line, "threads", options->threads);
  alm_value_set (line, "cpu_ms", alm_value_new_double (round_to (cpu_ms, 0.01)));
  alm_value_set (line, "wall_ms", alm_value_new_double (round_to (wall_ms, 0.01)));
  alm_value_set (line, "rss_mb", alm_value_new_double (round_to (get_rss_mb (), 0.1)));
  alm_cli_say (line);
}

static gboolean
run_zoom (const Options *options,
          AlmPaintPlan  *plan,
          AlmPool       *pool,
          double         zoom,
          gboolean       is_first,
          GError       **error)
{
  AlmPaintView view = { .units_per_pixel = alm_mercator_units_per_pixel (zoom), .zoom = zoom };
  AlmPixels pixels;
  guint drawn = 0;
  double cpu_ms;
  gint64 began;
  gboolean done = TRUE;

  alm_mercator_from_lon_lat (CENTER_LON, CENTER_LAT, &view.west, &view.north);
  view.west -= view.units_per_pixel * options->width / 2.0;
  view.north -= view.units_per_pixel * options->height / 2.0;
  alm_pixels_init (&pixels, options->width, options->height, 0);

  if (options->frames > 0)   /* one that warms up and is not counted */
    drawn = paint_frame (plan, &view, &pixels, options->threads, pool);
  cpu_ms = get_cpu_ms ();
  began = g_get_monotonic_time ();
  for (int i = 0; i < options->frames; i++)
    drawn = paint_frame (plan, &view, &pixels, options->threads, pool);
  say_figures (options, zoom, drawn, (get_cpu_ms () - cpu_ms) / MAX (options->frames, 1),
               (double) (g_get_monotonic_time () - began) / 1e3 / MAX (options->frames, 1));

  if (is_first && options->png != NULL)
    done = alm_pixels_write_png (&pixels, options->png, error);
  alm_pixels_clear (&pixels);

  return done;
}

static int
run_zooms (const Options *options)
{
  g_autofree Point *points = make_points (options);
  g_autoptr (AlmPaintPlan) plan = make_plan (options, points);
  g_autoptr (AlmPool) pool = NULL;
  g_auto (GStrv) zooms = g_strsplit (options->zooms, ",", -1);
  g_autoptr (GError) error = NULL;

  if (options->csv != NULL && !write_csv (options, points))
    return alm_cli_fail (options->csv, "cannot be written");
  if (options->threads > 1)
    pool = alm_pool_new ((guint) options->threads);

  for (guint i = 0; zooms[i] != NULL; i++)
    if (!run_zoom (options, plan, pool, g_ascii_strtod (zooms[i], NULL), i == 0, &error))
      return alm_cli_fail (options->png, "%s", error->message);

  return ALM_CLI_DONE;
}

int
alm_cli_bench_map (AlmCli  *cli,
                   int      argc,
                   char   **argv)
{
  Options options = { .points = 1000000, .seed = 1, .frames = 20, .threads = 1 };
  const GOptionEntry entries[] = {
    { "points", 0, 0, G_OPTION_ARG_INT, &options.points, NULL, NULL },
    { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, NULL, NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options.size, NULL, NULL },
    { "zooms", 0, 0, G_OPTION_ARG_STRING, &options.zooms, NULL, NULL },
    { "frames", 0, 0, G_OPTION_ARG_INT, &options.frames, NULL, NULL },
    { "threads", 0, 0, G_OPTION_ARG_INT, &options.threads, NULL, NULL },
    { "at", 0, 0, G_OPTION_ARG_STRING, &options.at, NULL, NULL },
    { "write-points", 0, 0, G_OPTION_ARG_FILENAME, &options.csv, NULL, NULL },
    { "png", 0, 0, G_OPTION_ARG_FILENAME, &options.png, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  int result = ALM_CLI_USAGE;

  if (!alm_cli_options (&alm_cli_bench_map_command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (options.zooms == NULL)
    options.zooms = g_strdup ("12,14,16,18");

  if (argc > 0)
    alm_cli_usage (&alm_cli_bench_map_command, "%s is one word too many", argv[0]);
  else if (options.points < 0 || options.points > 20000000 || options.frames < 0)
    alm_cli_usage (&alm_cli_bench_map_command, "points 0 to 20000000, frames from 0");
  else if (options.threads < 1 || options.threads > MAX_THREADS)
    alm_cli_usage (&alm_cli_bench_map_command, "threads 1 to %d", MAX_THREADS);
  else if (!alm_cli_parse_size (options.size != NULL ? options.size : "1024x768",
                                &options.width, &options.height))
    alm_cli_usage (&alm_cli_bench_map_command, "--size is WIDTHxHEIGHT, up to 16384 each");
  else if (!alm_days_parse (options.at != NULL ? options.at : "2024-06-01", &options.day))
    alm_cli_usage (&alm_cli_bench_map_command, "--at is a date, YYYY-MM-DD");
  else
    result = run_zooms (&options);

  g_free (options.size);
  g_free (options.zooms);
  g_free (options.at);
  g_free (options.csv);
  g_free (options.png);

  return result;
}
