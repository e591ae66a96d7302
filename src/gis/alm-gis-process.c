/* SPDX-License-Identifier: EUPL-1.2 */

/* Runs the helper allmende-gis and reads what it says, line by line.
 *
 * Invariants:
 *   1. When a function here returns, the child is dead and waited for.
 *   2. Success means that the child said so (exit code 0); what it was read of
 *      until then must not be used before.
 *   3. The child gets an environment with the data folders of GDAL and PROJ, the
 *      language of its sentences and nothing else, a session of its own, and no descriptor of ours.
 * Any thread; blocks. */

#include "config.h"

#include "alm-gis-process.h"

#include "alm-feature-stream.h"
#include "alm-paths.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMPLAINT_MAX 4096

static int helper_patience_ms = 60000;

typedef struct
{
  GPid          pid;
  gboolean      is_silent;   /* says nothing while it works */
  gint64        worked_ns;   /* CPU time when it was last waited for in vain */
  int           out;
  int           err;
  GString      *text;        /* of the line that is not yet whole */
  GString      *complaint;   /* what it said on standard error */
  AlmGisLineFunc func;
  gpointer      user_data;
} Child;

/* Between fork and exec: calls that are safe there, and no others. */
static void
set_up_child (gpointer parent)
{
  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != GPOINTER_TO_INT (parent))
    _exit (1);
}

static char **
make_environment (void)
{
  static const char *const kept[] = { "GDAL_DATA", "PROJ_DATA", "PROJ_LIB", NULL };
  g_autofree char *languages = g_strjoinv (":", (char **) g_get_language_names ());
  char **environment = g_environ_setenv (g_new0 (char *, 1), "LANGUAGE", languages, TRUE);

  for (guint i = 0; kept[i] != NULL; i++)
    if (g_getenv (kept[i]) != NULL)
      environment = g_environ_setenv (environment, kept[i], g_getenv (kept[i]), TRUE);

  return environment;
}

static gboolean
spawn (Child              *self,
       const char *const  *argv,
       int                 stdin_fd,
       GError            **error)
{
  g_auto (GStrv) environment = make_environment ();
  int null_fd = stdin_fd < 0 ? open ("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
  gboolean fine;

  fine = g_spawn_async_with_pipes_and_fds ("/", argv, (const char *const *) environment,
                                           G_SPAWN_DO_NOT_REAP_CHILD, set_up_child,
                                           GINT_TO_POINTER (getpid ()),
                                           stdin_fd < 0 ? null_fd : stdin_fd, -1, -1,
                                           NULL, NULL, 0, &self->pid, NULL,
                                           &self->out, &self->err, error);
  if (null_fd >= 0)
    close (null_fd);
  if (fine)
    {
      fcntl (self->out, F_SETFL, O_NONBLOCK);
      fcntl (self->err, F_SETFL, O_NONBLOCK);
    }

  return fine;
}

void
alm_gis_process_set_patience (int milliseconds)
{
  helper_patience_ms = milliseconds;
}

static void
listen_to_complaint (Child *self)
{
  char buffer[1024];
  gssize n = read (self->err, buffer, sizeof buffer);

  if (n > 0)
    g_string_append_len (self->complaint, buffer,
                         MIN (n, COMPLAINT_MAX - (gssize) self->complaint->len));
  else if (n == 0 || errno != EAGAIN)
    {
      close (self->err);
      self->err = -1;
    }
}

static gboolean
hand_out_lines (Child   *self,
                GError **error)
{
  const char *at = self->text->str;
  const char *end = at + self->text->len;

  for (;;)
    {
      const char *stop = memchr (at, '\n', (gsize) (end - at));

      if (stop == NULL)
        break;
      if (!self->func (at, (gsize) (stop - at), self->user_data, error))
        return FALSE;
      at = stop + 1;
    }
  g_string_erase (self->text, 0, at - self->text->str);

  if (self->text->len > ALM_FEATURE_LINE_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("the helper said too much at once"));
      return FALSE;
    }

  return TRUE;
}

/* Whether a child that is expected to be silent has worked since this was last asked. */
static gboolean
has_worked (Child *self)
{
  struct timespec used;
  clockid_t clock;
  gint64 before = self->worked_ns;

  if (!self->is_silent || clock_getcpuclockid (self->pid, &clock) != 0
      || clock_gettime (clock, &used) != 0)
    return FALSE;
  self->worked_ns = used.tv_sec * G_GINT64_CONSTANT (1000000000) + used.tv_nsec;

  return self->worked_ns > before;
}

/* Reads until the child closes its output. */
static gboolean
listen (Child         *self,
        int            patience_ms,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autofree char *buffer = g_malloc (1 << 16);
  GPollFD fds[3] = { 0 };
  gboolean can_cancel = g_cancellable_make_pollfd (cancellable, &fds[2]);
  gboolean fine = TRUE;

  while (fine)
    {
      int n;

      fds[0] = (GPollFD) { .fd = self->out, .events = G_IO_IN | G_IO_HUP | G_IO_ERR };
      fds[1] = (GPollFD) { .fd = self->err, .events = G_IO_IN | G_IO_HUP | G_IO_ERR };
      n = g_poll (fds, can_cancel ? 3 : 2, patience_ms);
      if (n < 0 && errno == EINTR)
        continue;
      if (n == 0 && has_worked (self))
        continue;
      if (n == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                       _("the helper that reads and writes such files has not answered for %d s"),
                       patience_ms / 1000);
          fine = FALSE;
          break;
        }
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          fine = FALSE;
          break;
        }
      if (fds[1].revents != 0 && self->err >= 0)
        listen_to_complaint (self);
      if (fds[0].revents != 0)
        {
          gssize got = read (self->out, buffer, 1 << 16);

          if (got == 0)
            break;
          if (got > 0)
            {
              g_string_append_len (self->text, buffer, got);
              fine = hand_out_lines (self, error);
            }
        }
    }
  if (can_cancel)
    g_cancellable_release_fd (cancellable);

  return fine;
}

/* A child that has closed its output must end soon, too. */
static gboolean
is_ending (Child *self,
           int    patience_ms)
{
  GPollFD fd = { .fd = (int) syscall (SYS_pidfd_open, self->pid, 0), .events = G_IO_IN };
  gboolean ended;

  if (fd.fd < 0)
    return TRUE;
  do
    ended = g_poll (&fd, 1, patience_ms) != 0;
  while (ended && fd.revents == 0);
  close (fd.fd);

  return ended;
}

/* Waits for the child; kills it first where nobody wants its answer. */
static gboolean
end_child (Child    *self,
           gboolean  fine,
           int       patience_ms,
           GError  **error)
{
  int status = 0;

  if (fine && !is_ending (self, patience_ms))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("the helper does not end"));
      fine = FALSE;
    }
  if (!fine)
    kill (-self->pid, SIGKILL);   /* the session that it leads */
  close (self->out);
  while (waitpid (self->pid, &status, 0) < 0 && errno == EINTR)
    continue;
  while (self->err >= 0 && self->complaint->len < COMPLAINT_MAX)
    {
      gsize before = self->complaint->len;

      listen_to_complaint (self);
      if (self->complaint->len == before)
        break;
    }
  if (self->err >= 0)
    close (self->err);
  g_spawn_close_pid (self->pid);

  g_strchomp (self->complaint->str);
  if (self->complaint->str[0] != '\0')
    g_debug ("allmende-gis: %s", self->complaint->str);
  if (!fine)
    return FALSE;

  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;
  if (WIFEXITED (status) && self->complaint->str[0] != '\0')
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s", self->complaint->str);
  else if (WIFSIGNALED (status))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("the file could not be read (the helper died of signal %d)"), WTERMSIG (status));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("the file could not be read (the helper ended with %d)"), WEXITSTATUS (status));

  return FALSE;
}

static gboolean
ignore_line (const char  *line,
             gsize        length,
             gpointer     user_data,
             GError     **error)
{
  return TRUE;
}

static gboolean
run (const char *const  *argv,
     int                 stdin_fd,
     int                 patience_ms,
     gboolean            is_silent,
     AlmGisLineFunc      func,
     gpointer            user_data,
     GCancellable       *cancellable,
     GError            **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) complaint = g_string_new (NULL);
  Child child = {
    .is_silent = is_silent, .text = text, .complaint = complaint, .func = func,
    .user_data = user_data,
  };

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !spawn (&child, argv, stdin_fd, error))
    return FALSE;

  return end_child (&child, listen (&child, patience_ms, cancellable, error), patience_ms,
                    error);
}

gboolean
alm_gis_process_run (const char *const  *argv,
                     int                 stdin_fd,
                     int                 patience_ms,
                     AlmGisLineFunc      func,
                     gpointer            user_data,
                     GCancellable       *cancellable,
                     GError            **error)
{
  return run (argv, stdin_fd, patience_ms, FALSE, func, user_data, cancellable, error);
}

gboolean
alm_gis_process_run_silent (const char *const  *argv,
                            int                 stdin_fd,
                            int                 patience_ms,
                            GCancellable       *cancellable,
                            GError            **error)
{
  return run (argv, stdin_fd, patience_ms, TRUE, ignore_line, NULL, cancellable, error);
}

gboolean
alm_gis_process_read (const char      *file,
                      const char      *layer,
                      AlmGisLineFunc   func,
                      gpointer         user_data,
                      GCancellable    *cancellable,
                      GError         **error)
{
  g_autofree char *program = alm_path_program ("src/gis/helper/allmende-gis");
  const char *argv[] = { program, "read", file, layer, NULL };

  return alm_gis_process_run (argv, -1, helper_patience_ms, func, user_data, cancellable, error);
}

typedef struct
{
  char      **table;
  GPtrArray  *names;
} Unpacking;

static gboolean
take_unpacked (const char  *line,
               gsize        length,
               gpointer     user_data,
               GError     **error)
{
  Unpacking *unpacking = user_data;
  g_autofree char *text = g_strndup (line, length);

  if (g_str_has_prefix (text, "choose "))
    g_ptr_array_add (unpacking->names, g_strdup (text + strlen ("choose ")));
  else if (g_str_has_prefix (text, "table ") && *unpacking->table == NULL)
    *unpacking->table = g_strdup (text + strlen ("table "));

  return TRUE;
}

gboolean
alm_gis_process_unpack (const char    *file,
                        const char    *folder,
                        const char    *name,
                        char         **table,
                        GPtrArray     *names,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autofree char *program = alm_path_program ("src/gis/helper/allmende-gis");
  const char *argv[] = { program, "unpack", file, folder, name, NULL };
  Unpacking unpacking = { table, names };

  *table = NULL;
  if (alm_gis_process_run (argv, -1, helper_patience_ms, take_unpacked, &unpacking, cancellable,
                           error))
    return TRUE;

  g_clear_pointer (table, g_free);

  return FALSE;
}

gboolean
alm_gis_process_write (const char    *driver,
                       const char    *file,
                       int            fd,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autofree char *program = alm_path_program ("src/gis/helper/allmende-gis");
  const char *argv[] = { program, "write", driver, file, NULL };

  if (lseek (fd, 0, SEEK_SET) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }

  return alm_gis_process_run_silent (argv, fd, helper_patience_ms, cancellable, error);
}
