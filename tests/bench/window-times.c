/* SPDX-License-Identifier: EUPL-1.2 */

/* The workbench's own window on a large profile: from exec to the first frame and
 * to the first rows of the table, then what a user does there: sort, filter, look
 * at the end of the list.
 *
 * Beside each wait stands the longest time that the main thread was busy at a
 * stretch meanwhile, on the clock and in CPU: a window that answers has no more
 * than 16 ms.
 *
 * usage: window-times PROFILE */

#include "config.h"

#include "alm-filter-popover.h"
#include "alm-rows-model.h"
#include "alm-test-bench.h"
#include "alm-window.h"

#include <adwaita.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Of one step. */
static gint64 step_began_us;
static gint64 busy_since_us;
static gint64 busy_cpu_us;
static gint64 longest_us;
static gint64 longest_cpu_us;
static gint64 first_frame_us;

static gint64
get_us (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
note_busy (void)
{
  longest_us = MAX (longest_us, get_us (CLOCK_MONOTONIC) - busy_since_us);
  longest_cpu_us = MAX (longest_cpu_us, get_us (CLOCK_THREAD_CPUTIME_ID) - busy_cpu_us);
}

/* Between two polls the main thread is busy. */
static int
poll_cb (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  int result;

  note_busy ();
  result = g_poll (fds, n_fds, timeout);
  busy_since_us = get_us (CLOCK_MONOTONIC);
  busy_cpu_us = get_us (CLOCK_THREAD_CPUTIME_ID);

  return result;
}

static void
begin_step (void)
{
  step_began_us = busy_since_us = get_us (CLOCK_MONOTONIC);
  busy_cpu_us = get_us (CLOCK_THREAD_CPUTIME_ID);
  longest_us = longest_cpu_us = 0;
}

static void
say (const char *name,
     gint64      us)
{
  double load[1] = { 0.0 };

  note_busy ();
  getloadavg (load, 1);
  printf ("{\"bench\":\"%s\",\"value\":%" G_GINT64_FORMAT ",\"unit\":\"ms\",\"peer\":null,"
          "\"longest_block_ms\":%" G_GINT64_FORMAT ",\"longest_block_cpu_ms\":%" G_GINT64_FORMAT
          ",\"load\":%d.%02d}\n", name, us / 1000, longest_us / 1000, longest_cpu_us / 1000,
          (int) load[0], (int) (load[0] * 100) % 100);
  fflush (stdout);
}

/* Since exec: from /proc, in hundredths of a second. */
static gint64
get_age_us (void)
{
  g_autofree char *stat = NULL;
  const char *at;
  g_auto (GStrv) words = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/stat", &stat, NULL, NULL));
  at = strrchr (stat, ')');
  words = g_strsplit (at + 2, " ", 0);

  return get_us (CLOCK_BOOTTIME)
         - g_ascii_strtoll (words[19], NULL, 10) * (G_USEC_PER_SEC / sysconf (_SC_CLK_TCK));
}

static void
painted_cb (GdkFrameClock *clock,
            gpointer       user_data)
{
  if (first_frame_us == 0)
    first_frame_us = get_age_us ();
}

static GListModel *
find_rows (GtkWidget *window)
{
  GtkWidget *table = alm_test_bench_find (window, GTK_TYPE_COLUMN_VIEW);

  return table != NULL ? G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (table))) : NULL;
}

/* The list has an answer, and what can be seen of it is there. */
static gboolean
shows_rows (GtkWidget *window)
{
  GListModel *rows = find_rows (window);
  GtkWidget *table = alm_test_bench_find (window, GTK_TYPE_COLUMN_VIEW);
  GtkWidget *page = table != NULL ? gtk_widget_get_ancestor (table, ADW_TYPE_BIN) : NULL;
  GtkWidget *spinner;
  g_autoptr (AlmRowItem) item = NULL;

  if (rows == NULL || g_list_model_get_n_items (rows) == 0)
    return FALSE;
  spinner = alm_test_bench_find (page, GTK_TYPE_SPINNER);
  if (spinner != NULL && gtk_spinner_get_spinning (GTK_SPINNER (spinner)))
    return FALSE;
  item = g_list_model_get_item (rows, 0);

  return alm_row_item_get_row (item) != NULL;
}

static void
wait_for_rows (GtkWidget *window)
{
  while (!shows_rows (window))
    g_main_context_iteration (NULL, TRUE);
}

static void
end_step (GtkWidget  *window,
          const char *name)
{
  gint64 us;

  wait_for_rows (window);
  us = get_us (CLOCK_MONOTONIC) - step_began_us;
  /* The frame that shows it counts as a block, too. */
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  say (name, us);
}

static void
sort_by (GtkWidget  *window,
         const char *how,
         const char *name)
{
  GtkWidget *table = alm_test_bench_find (window, GTK_TYPE_COLUMN_VIEW);

  begin_step ();
  gtk_widget_activate_action (table, "page.sort", "s", how);
  end_step (window, name);
}

static void
filter_by (GtkWidget  *window,
           const char *field,
           AlmTableOp  op,
           const char *text,
           const char *name)
{
  GtkWidget *table = alm_test_bench_find (window, GTK_TYPE_COLUMN_VIEW);
  GtkWidget *popover = alm_test_bench_find (gtk_widget_get_ancestor (table, ADW_TYPE_BIN),
                                            ALM_TYPE_FILTER_POPOVER);
  g_autoptr (AlmValue) value = alm_value_new_text (text);
  AlmChip *chip = alm_chip_new (field, op, value);

  begin_step ();
  g_signal_emit_by_name (popover, "added", chip);
  end_step (window, name);
  alm_chip_free (chip);
  gtk_widget_activate_action (table, "page.clear-filters", NULL);
  wait_for_rows (window);
}

static void
say_memory (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  printf ("{\"bench\":\"window.rss\",\"value\":%ld,\"unit\":\"MB\",\"peer\":null}\n",
          usage.ru_maxrss / 1024);
}

int
main (int   argc,
      char *argv[])
{
  GtkWidget *window;

  setlocale (LC_ALL, "");
  if (argc != 2)
    return 2;
  adw_init ();
  g_main_context_set_poll_func (NULL, poll_cb);

  begin_step ();
  window = alm_window_new (NULL, argv[1]);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb),
                    NULL);
  while (first_frame_us == 0)
    g_main_context_iteration (NULL, TRUE);
  say ("window.first-frame", first_frame_us);

  begin_step ();
  while (alm_window_get_workbench (ALM_WINDOW (window)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  alm_window_go (ALM_WINDOW (window), "assets");
  end_step (window, "table.open");

  sort_by (window, "street up", "table.sort-text");
  sort_by (window, "number down", "table.sort-own");
  sort_by (window, "vitality up", "table.sort-number");
  filter_by (window, "species_de", ALM_TABLE_IS, "Winterlinde", "table.filter-is");
  filter_by (window, "street", ALM_TABLE_CONTAINS, "berg", "table.filter-contains");
  say_memory ();
  gtk_window_destroy (GTK_WINDOW (window));

  return 0;
}
