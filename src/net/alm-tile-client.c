/* SPDX-License-Identifier: EUPL-1.2 */

/* Tiles over HTTP with a cache on disk.
 *
 * Invariants:
 *   1. A tile younger than FRESH_S is not asked for again.
 *   2. A network that fails is no error where an older tile is on the disk.
 *   3. Only a whole answer of status 200 and at most TILE_MAX bytes is kept.
 *
 * Main thread; the jobs below run in the pool on plain data. */

#include "config.h"

#include "alm-tile-client.h"

#include "alm-pool.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#define FRESH_S  (7 * 24 * 60 * 60)
#define TILE_MAX (4u << 20)
#define MAX_CONNECTIONS 6
#define TIMEOUT_S 10

struct _AlmTileClient
{
  GObject      parent_instance;

  /* Owned */
  SoupSession *session;
  char        *address;
  char        *cache_dir;
};

/* One tile on its way; the task's data. */
typedef struct
{
  char        *uri;
  char        *file;
  GBytes      *old;        /* what is on the disk; nullable */
  gboolean     is_fresh;
  SoupMessage *message;
} Fetch;

G_DEFINE_FINAL_TYPE (AlmTileClient, alm_tile_client, G_TYPE_OBJECT)

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  g_free (fetch->uri);
  g_free (fetch->file);
  g_clear_pointer (&fetch->old, g_bytes_unref);
  g_clear_object (&fetch->message);
  g_free (fetch);
}

static Fetch *
fetch_copy (const Fetch *fetch)
{
  Fetch *copy = g_new0 (Fetch, 1);

  copy->file = g_strdup (fetch->file);
  if (fetch->old != NULL)
    copy->old = g_bytes_ref (fetch->old);

  return copy;
}

static void
alm_tile_client_finalize (GObject *object)
{
  AlmTileClient *self = ALM_TILE_CLIENT (object);

  g_clear_object (&self->session);
  g_free (self->address);
  g_free (self->cache_dir);

  G_OBJECT_CLASS (alm_tile_client_parent_class)->finalize (object);
}

static void
alm_tile_client_class_init (AlmTileClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alm_tile_client_finalize;
}

static void
alm_tile_client_init (AlmTileClient *self)
{
  self->session = soup_session_new_with_options ("user-agent", "Allmende/" ALM_VERSION,
                                                 "max-conns-per-host", MAX_CONNECTIONS,
                                                 "timeout", TIMEOUT_S, NULL);
}

static gboolean
is_usable (const char *address)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GString) filled = g_string_new (address);

  if (strstr (address, "{z}") == NULL || strstr (address, "{x}") == NULL ||
      (strstr (address, "{y}") == NULL && strstr (address, "{-y}") == NULL))
    return FALSE;
  g_string_replace (filled, "{-y}", "0", 0);
  g_string_replace (filled, "{z}", "0", 0);
  g_string_replace (filled, "{x}", "0", 0);
  g_string_replace (filled, "{y}", "0", 0);
  uri = g_uri_parse (filled->str, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
         (g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 ||
          g_strcmp0 (g_uri_get_scheme (uri), "http") == 0);
}

AlmTileClient *
alm_tile_client_new (const char  *address,
                     const char  *cache_dir,
                     GError     **error)
{
  g_autofree char *digest = NULL;
  AlmTileClient *self;

  if (!is_usable (address))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s: is no http address with {z}, {x} and {y}", address);
      return NULL;
    }

  self = g_object_new (ALM_TYPE_TILE_CLIENT, NULL);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, address, -1);
  digest[16] = '\0';
  self->address = g_strdup (address);
  self->cache_dir = g_build_filename (cache_dir, digest, NULL);

  return self;
}

char *
alm_tile_client_make_address (AlmTileClient *self,
                              guint          zoom,
                              guint          x,
                              guint          y)
{
  g_autofree char *z_text = g_strdup_printf ("%u", zoom);
  g_autofree char *x_text = g_strdup_printf ("%u", x);
  g_autofree char *y_text = g_strdup_printf ("%u", y);
  g_autofree char *south_text = g_strdup_printf ("%u", (1u << zoom) - 1 - y);
  GString *address = g_string_new (self->address);

  g_string_replace (address, "{z}", z_text, 0);
  g_string_replace (address, "{x}", x_text, 0);
  g_string_replace (address, "{y}", y_text, 0);
  g_string_replace (address, "{-y}", south_text, 0);

  return g_string_free (address, FALSE);
}

/* In the pool. */
static void
write_job (GTask    *task,
           gpointer  data)
{
  const Fetch *fetch = data;
  g_autofree char *folder = g_path_get_dirname (fetch->file);
  gsize length;
  const char *bytes = g_bytes_get_data (fetch->old, &length);

  /* A full disk costs the cache, not the map. */
  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      !g_file_set_contents (fetch->file, bytes, (gssize) length, NULL))
    g_debug ("tile %s is not kept", fetch->file);
  g_task_return_boolean (task, TRUE);
}

static void
keep (const Fetch *fetch,
      GBytes      *bytes)
{
  GTask *task = g_task_new (NULL, NULL, NULL, NULL);
  Fetch *copy = fetch_copy (fetch);

  g_clear_pointer (&copy->old, g_bytes_unref);
  copy->old = g_bytes_ref (bytes);
  g_task_set_task_data (task, copy, fetch_free);
  alm_pool_submit (alm_pool_shared (), 100, write_job, task);
}

static GBytes *
check_answer (SoupMessage  *message,
              GBytes       *bytes,
              GError      **error)
{
  guint status = soup_message_get_status (message);
  g_autofree char *uri = g_uri_to_string (soup_message_get_uri (message));

  if (status == SOUP_STATUS_OK && g_bytes_get_size (bytes) <= TILE_MAX)
    return g_bytes_ref (bytes);

  if (status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_NO_CONTENT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: has no such tile", uri);
  else if (status == SOUP_STATUS_OK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: is too large for a tile", uri);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: status %u", uri, status);

  return NULL;
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result,
                                                                &error);
  GBytes *tile = NULL;

  if (bytes != NULL)
    tile = check_answer (fetch->message, bytes, &error);
  if (tile != NULL)
    {
      keep (fetch, tile);
      g_task_return_pointer (task, tile, (GDestroyNotify) g_bytes_unref);
    }
  else if (fetch->old != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_pointer (task, g_bytes_ref (fetch->old), (GDestroyNotify) g_bytes_unref);
    }
  else
    {
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

/* In the pool: what is on the disk, NULL where nothing is. */
static void
read_job (GTask    *task,
          gpointer  data)
{
  Fetch *fetch = data;
  char *bytes = NULL;
  gsize length;
  GStatBuf info;

  if (g_stat (fetch->file, &info) == 0 && info.st_size <= TILE_MAX &&
      g_file_get_contents (fetch->file, &bytes, &length, NULL))
    {
      fetch->old = g_bytes_new_take (bytes, length);
      fetch->is_fresh = g_get_real_time () / G_USEC_PER_SEC - info.st_mtime < FRESH_S;
    }
  g_task_return_boolean (task, TRUE);
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmTileClient *self = g_task_get_source_object (task);
  Fetch *fetch = g_task_get_task_data (task);
  Fetch *found = g_task_get_task_data (G_TASK (result));

  if (g_task_return_error_if_cancelled (task))
    return;
  if (found->old != NULL)
    fetch->old = g_bytes_ref (found->old);
  if (found->is_fresh)
    {
      g_task_return_pointer (task, g_bytes_ref (fetch->old), (GDestroyNotify) g_bytes_unref);
      return;
    }

  fetch->message = soup_message_new (SOUP_METHOD_GET, fetch->uri);
  soup_session_send_and_read_async (self->session, fetch->message, G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task), answered_cb,
                                    g_object_ref (task));
}

void
alm_tile_client_fetch_async (AlmTileClient       *self,
                             guint                zoom,
                             guint                x,
                             guint                y,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GTask *lookup = g_task_new (NULL, NULL, looked_up_cb, task);
  g_autofree char *place = g_strdup_printf ("%u" G_DIR_SEPARATOR_S "%u" G_DIR_SEPARATOR_S "%u",
                                            zoom, x, y);
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->uri = alm_tile_client_make_address (self, zoom, x, y);
  fetch->file = g_build_filename (self->cache_dir, place, NULL);
  g_task_set_task_data (task, fetch, fetch_free);
  g_task_set_task_data (lookup, fetch_copy (fetch), fetch_free);
  alm_pool_submit (alm_pool_shared (), 0, read_job, lookup);
}

GBytes *
alm_tile_client_fetch_finish (AlmTileClient  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
