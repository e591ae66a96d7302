/* SPDX-License-Identifier: EUPL-1.2 */

/* Pictures that others have taken: decoded beside the main thread, by the decoders that
 * cameras need and no others, and not before it is known how large they say they are.
 *
 * load_job() runs in the pool; the texture is made on the main thread. */

#include "config.h"

#include "alm-picture-file.h"

#include "alm-pool.h"

#include <string.h>

typedef struct
{
  char *path;
  int   size;
} Load;

static void
load_free (Load *self)
{
  g_free (self->path);
  g_free (self);
}

static gboolean
is_welcome (GdkPixbufFormat *format)
{
  static const char *const names[] = { "jpeg", "png", "webp", NULL };
  g_autofree char *name = format != NULL ? gdk_pixbuf_format_get_name (format) : NULL;

  return name != NULL && g_strv_contains (names, name);
}

static GdkPixbuf *
load (const Load  *self,
      GError     **error)
{
  int width;
  int height;
  GdkPixbufFormat *format = gdk_pixbuf_get_file_info (self->path, &width, &height);
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  if (!is_welcome (format) || width < 1 || height < 1
      || (gint64) width * height > ALM_PICTURE_PIXELS_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "%s: no picture that can be shown", self->path);
      return NULL;
    }

  pixbuf = width > self->size || height > self->size
    ? gdk_pixbuf_new_from_file_at_scale (self->path, self->size, self->size, TRUE, error)
    : gdk_pixbuf_new_from_file (self->path, error);

  return pixbuf != NULL ? gdk_pixbuf_apply_embedded_orientation (pixbuf) : NULL;
}

static void
load_job (GTask    *task,
          gpointer  task_data)
{
  GError *error = NULL;
  GdkPixbuf *pixbuf = load (task_data, &error);

  if (pixbuf != NULL)
    g_task_return_pointer (task, pixbuf, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
alm_picture_file_load_async (const char          *path,
                             int                  size,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Load *data = g_new0 (Load, 1);

  data->path = g_strdup (path);
  data->size = size;
  g_task_set_task_data (task, data, (GDestroyNotify) load_free);
  alm_pool_submit (alm_pool_shared (), G_PRIORITY_DEFAULT, load_job, task);
}

GdkTexture *
alm_picture_file_load_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_autoptr (GdkPixbuf) pixbuf = g_task_propagate_pointer (G_TASK (result), error);

  return pixbuf != NULL ? gdk_texture_new_for_pixbuf (pixbuf) : NULL;
}
