/* SPDX-License-Identifier: EUPL-1.2 */

/* Opens the map page in a window of its own, on a profile or on made-up points,
 * and measures it: start to first usable page, frames while it is panned, memory.
 * Or saves a picture of it.
 *
 * usage: map-frames [--profile DIR | --points N] [--size WxH] [--frames N] [--zoom Z]
 *                   [--picture FILE.png] [--dark] [--pane view] */

#include "config.h"

#include "alm-map-page.h"
#include "alm-random.h"
#include "alm-test-map.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

typedef struct
{
  /* Options */
  char         *profile;
  int           points;
  char         *size;
  int           frames;
  double        zoom;
  char         *picture;
  char         *pane;
  gboolean      dark;

  GMainLoop    *loop;
  GtkWidget    *window;
  AlmMapPage   *page;
  AlmRecords   *records;
  gint64        began_us;
  gint64        usable_us;
  guint         n_frames;
  gint64        paint_began_us;
  double        cpu_began_ms;
  GArray       *cpus;        /* double, ms: of the main thread in one frame */
  gint64        last_frame_us;
  GArray       *paints;      /* double, ms: before-paint … after-paint */
  GArray       *intervals;   /* double, ms: from frame to frame */
  gboolean      is_panning;
} Bench;

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double *one = a;
  const double *two = b;

  return *one < *two ? -1 : *one > *two;
}

static double
get_quantile (GArray *values,
              double  share)
{
  g_array_sort (values, compare_doubles);

  return values->len > 0 ? g_array_index (values, double, (guint) ((values->len - 1) * share))
                         : 0.0;
}

static double
get_rss_mb (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) usage.ru_maxrss / 1024.0;
}

static void
say (const char *name,
     int         points,
     double      value,
     const char *unit)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  printf ("{\"bench\":\"%s\",\"points\":%d,\"value\":%s,\"unit\":\"%s\",\"peer\":null}\n", name,
          points, g_ascii_formatd (number, sizeof number, "%.2f", value), unit);
  fflush (stdout);
}

static void
save_picture (Bench *bench)
{
  GdkPaintable *paintable = gtk_widget_paintable_new (bench->window);
  int width = gdk_paintable_get_intrinsic_width (paintable);
  int height = gdk_paintable_get_intrinsic_height (paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  GskRenderNode *node;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  gsk_render_node_draw (node, cr);
  cairo_surface_write_to_png (surface, bench->picture);
  gsk_render_node_unref (node);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  g_object_unref (paintable);
}

static void
finish (Bench *bench)
{
  guint late = 0;

  for (guint i = 0; i < bench->intervals->len; i++)
    late += g_array_index (bench->intervals, double, i) > 33.4;
  if (bench->frames > 0)
    {
      say ("map.pan-cpu-p50", bench->points, get_quantile (bench->cpus, 0.5), "ms");
      say ("map.pan-cpu-p95", bench->points, get_quantile (bench->cpus, 0.95), "ms");
      say ("map.pan-paint-p50", bench->points, get_quantile (bench->paints, 0.5), "ms");
      say ("map.pan-paint-p95", bench->points, get_quantile (bench->paints, 0.95), "ms");
      say ("map.pan-frame-p50", bench->points, get_quantile (bench->intervals, 0.5), "ms");
      say ("map.pan-frame-p95", bench->points, get_quantile (bench->intervals, 0.95), "ms");
      say ("map.pan-frame-max", bench->points, get_quantile (bench->intervals, 1.0), "ms");
      say ("map.pan-late", bench->points, late, "frames");
    }
  say ("map.rss", bench->points, get_rss_mb (), "MB");
  g_main_loop_quit (bench->loop);
}

/* What the main thread has computed so far: says what a frame costs also on a
 * machine that has other work. */
static double
get_thread_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
before_paint_cb (GdkFrameClock *clock,
                 Bench         *bench)
{
  bench->paint_began_us = g_get_monotonic_time ();
  bench->cpu_began_ms = get_thread_ms ();
}

static void
after_paint_cb (GdkFrameClock *clock,
                Bench         *bench)
{
  double paint = (double) (g_get_monotonic_time () - bench->paint_began_us) / 1e3;
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double cpu = get_thread_ms () - bench->cpu_began_ms;
  double interval = (double) (now - bench->last_frame_us) / 1e3;

  if (!bench->is_panning)
    return;
  if (bench->last_frame_us != 0)
    {
      g_array_append_val (bench->paints, paint);
      g_array_append_val (bench->cpus, cpu);
      g_array_append_val (bench->intervals, interval);
    }
  bench->last_frame_us = now;
}

/* A large loop, twelve pixels a frame: new tiles all the time, and old ones again. */
static gboolean
pan_cb (GtkWidget     *widget,
        GdkFrameClock *clock,
        gpointer       user_data)
{
  Bench *bench = user_data;
  double angle = 2.0 * G_PI * bench->n_frames / 240.0;

  if (bench->n_frames++ == (guint) bench->frames)
    {
      bench->is_panning = FALSE;
      finish (bench);
      return G_SOURCE_REMOVE;
    }
  bench->is_panning = TRUE;
  alm_map_view_pan (alm_map_page_get_view (bench->page), 12.0 * cos (angle),
                    12.0 * sin (angle));

  return G_SOURCE_CONTINUE;
}

static void
begin_pan (Bench *bench)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (bench->window);

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), bench);
  gtk_widget_add_tick_callback (GTK_WIDGET (bench->page), pan_cb, bench, NULL);
}

static gboolean
settled_cb (gpointer user_data)
{
  Bench *bench = user_data;

  if (!alm_map_page_is_settled (bench->page))
    return G_SOURCE_CONTINUE;

  if (bench->usable_us == 0)
    {
      AlmMapView *view = alm_map_page_get_view (bench->page);

      bench->usable_us = g_get_monotonic_time ();
      say ("map.start", bench->points, (double) (bench->usable_us - bench->began_us) / 1e3, "ms");
      if (bench->zoom > 0.0)
        {
          double x;
          double y;

          alm_map_view_get_center (view, &x, &y);
          alm_map_view_go_to (view, x, y, bench->zoom);
          return G_SOURCE_CONTINUE;
        }
    }
  if (bench->picture != NULL)
    save_picture (bench);
  if (bench->frames > 0)
    begin_pan (bench);
  else
    finish (bench);

  return G_SOURCE_REMOVE;
}

static gboolean
open_page (Bench *bench)
{
  g_autoptr (AlmSelection) selection = alm_selection_new ();
  g_autoptr (GError) error = NULL;
  int width = 1280;
  int height = 800;

  if (bench->profile != NULL)
    {
      bench->records = alm_records_open (bench->profile, &error);
      if (bench->records == NULL)
        {
          g_printerr ("map-frames: %s\n", error->message);
          return FALSE;
        }
    }
  bench->page = ALM_MAP_PAGE (alm_map_page_new (bench->records, selection));
  if (bench->size != NULL)
    sscanf (bench->size, "%dx%d", &width, &height);
  bench->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (bench->window), width, height);
  adw_window_set_content (ADW_WINDOW (bench->window), GTK_WIDGET (bench->page));
  gtk_window_present (GTK_WINDOW (bench->window));
  if (bench->records == NULL)
    alm_map_data_set_tables (alm_map_page_get_data (bench->page),
                             alm_test_map_make_tables (bench->points, 1));
  if (bench->pane != NULL)
    alm_map_page_show_pane (bench->page, bench->pane);

  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  Bench bench = { .points = 1000000 };
  const GOptionEntry entries[] = {
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &bench.profile, NULL, NULL },
    { "points", 0, 0, G_OPTION_ARG_INT, &bench.points, NULL, NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &bench.size, NULL, NULL },
    { "frames", 0, 0, G_OPTION_ARG_INT, &bench.frames, NULL, NULL },
    { "zoom", 0, 0, G_OPTION_ARG_DOUBLE, &bench.zoom, NULL, NULL },
    { "picture", 0, 0, G_OPTION_ARG_FILENAME, &bench.picture, NULL, NULL },
    { "pane", 0, 0, G_OPTION_ARG_STRING, &bench.pane, NULL, NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &bench.dark, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (g_getenv ("ALM_PO") != NULL)
    bindtextdomain (GETTEXT_PACKAGE, g_getenv ("ALM_PO"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("map-frames: %s\n", error->message);
      return 2;
    }

  bench.began_us = g_get_monotonic_time ();
  adw_init ();
  alm_test_map_add_style ();
  if (bench.dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.paints = g_array_new (FALSE, FALSE, sizeof (double));
  bench.cpus = g_array_new (FALSE, FALSE, sizeof (double));
  bench.intervals = g_array_new (FALSE, FALSE, sizeof (double));
  if (!open_page (&bench))
    return 1;
  g_timeout_add (5, settled_cb, &bench);
  g_main_loop_run (bench.loop);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  g_clear_object (&bench.records);

  return 0;
}
