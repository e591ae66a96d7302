/* SPDX-License-Identifier: EUPL-1.2 */

/* The lines of figures that the benchmarks print, and what they measure by. */

#include "config.h"

#include "alm-bench-plain.h"
#include "alm-cli-bench.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void
alm_cli_bench_add (AlmValue   *line,
                   const char *key,
                   double      value)
{
  alm_value_set (line, key, alm_value_new_double (round (value * 1e6) / 1e6));
}

AlmValue *
alm_cli_bench_figure (AlmBench   *self,
                      const char *name,
                      double      value,
                      const char *unit)
{
  AlmValue *line = alm_value_new_object ();

  alm_value_set_text (line, "bench", name);
  alm_value_set_integer (line, "rows", self->rows);
  alm_cli_bench_add (line, "value", value);
  alm_value_set_text (line, "unit", unit);

  return line;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* What @part of them do not exceed; sorts them. */
double
alm_cli_bench_part_of (GArray *values,
                       double  part)
{
  g_return_val_if_fail (values->len > 0, 0);

  g_array_sort (values, compare_doubles);

  return g_array_index (values, double, MIN ((guint) (part * values->len), values->len - 1));
}

AlmValue *
alm_cli_bench_figure_of (AlmBench   *self,
                         const char *name,
                         GArray     *values,
                         const char *unit)
{
  AlmValue *line = alm_cli_bench_figure (self, name, alm_cli_bench_median (values), unit);

  alm_cli_bench_add (line, "min", alm_cli_bench_part_of (values, 0));
  alm_cli_bench_add (line, "max", alm_cli_bench_part_of (values, 1));
  alm_value_set_integer (line, "n", values->len);

  return line;
}

void
alm_cli_bench_say (AlmBench *self,
                   AlmValue *line,
                   gboolean  waits)
{
  if (waits)
    alm_cli_bench_add (line, "fdatasync_per_s", alm_bench_sync_rate (self->dir));
  alm_cli_say (line);
}

void
alm_cli_bench_beside (AlmBench   *self,
                      AlmValue   *line,
                      const char *peer,
                      double      peer_value,
                      gboolean    waits)
{
  double value = alm_value_get_double (alm_value_get (line, "value"));

  if (peer_value > 0)
    {
      alm_value_set_text (line, "peer", peer);
      alm_cli_bench_add (line, "peer_value", peer_value);
      alm_cli_bench_add (line, "ratio", value / peer_value);
    }
  alm_cli_bench_say (self, line, waits);
}

void
alm_cli_bench_remove (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  /* Nothing that a link leads to. */
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      alm_cli_bench_remove (child);
    }
  g_remove (path);
}

gint64
alm_cli_bench_file_size (const char *dir,
                         const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL,
                                                  NULL);

  return info != NULL ? g_file_info_get_size (info) : 0;
}

/* MB of the line of a process's status; 0 where the kernel does not tell. */
static double
read_status (const char *pid,
             const char *field)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "status", NULL);
  g_autofree char *text = NULL;
  const char *at;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (at = strstr (text, field)) == NULL)
    return 0;

  return (double) g_ascii_strtoll (at + strlen (field), NULL, 10) / 1024;
}

double
alm_cli_bench_cpu (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

double
alm_cli_bench_both_cpu (AlmBench *self)
{
  struct timespec now = { 0 };
  clockid_t clock;

  if (clock_getcpuclockid ((pid_t) g_ascii_strtoll (
                             g_subprocess_get_identifier (self->server), NULL, 10), &clock) == 0)
    clock_gettime (clock, &now);

  return alm_cli_bench_cpu () + (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

double
alm_cli_bench_server_memory (AlmBench *self)
{
  return read_status (g_subprocess_get_identifier (self->server), "VmHWM:");
}

double
alm_cli_bench_memory (void)
{
  return read_status ("self", "VmHWM:");
}

void
alm_cli_bench_forget_memory (void)
{
  int fd;

  /* What was freed goes back first, or it would count. */
  malloc_trim (0);
  fd = g_open ("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0 || write (fd, "5", 1) != 1)
    g_printerr ("bench: the kernel does not forget the most memory there was\n");
  if (fd >= 0)
    close (fd);
}
