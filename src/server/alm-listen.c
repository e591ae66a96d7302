/* SPDX-License-Identifier: EUPL-1.2 */

/* Sockets on the loopback interface or in the file system, and none elsewhere:
 * libsoup's server has no time-outs and takes ambiguous framing, as its own
 * documentation says, so nginx stands before it (architecture.md). */

#include "config.h"

#include "alm-listen.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* libsoup's own default gave EAGAIN at 32 clients. */
#define BACKLOG 1024

#define UNIX "unix:"

/* "127.0.0.1:8080" or "[::1]:8080"; NULL if it is not of this form. */
static GSocketAddress *
parse_inet (const char *text)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = NULL;
  g_autoptr (GInetAddress) address = NULL;
  guint64 port;

  if (colon == NULL
      || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
    return NULL;

  if (*text == '[' && colon > text && colon[-1] == ']')
    host = g_strndup (text + 1, (gsize) (colon - text - 2));
  else
    host = g_strndup (text, (gsize) (colon - text));
  address = g_inet_address_new_from_string (host);
  if (address == NULL
      || (*text == '[') != (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6))
    return NULL;

  return g_inet_socket_address_new (address, (guint16) port);
}

gboolean
alm_listen_is_allowed (const char  *text,
                       GError     **error)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (g_str_has_prefix (text, UNIX) && text[strlen (UNIX)] != '\0')
    return TRUE;

  address = parse_inet (text);
  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s: give 127.0.0.1:PORT, [::1]:PORT or unix:PATH", text);
      return FALSE;
    }
  if (!g_inet_address_get_is_loopback (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   "%s: this server listens on this machine only; nginx stands before it for"
                   " all others (data/nginx/allmende.conf)", text);
      return FALSE;
    }

  return TRUE;
}

/* A socket that nobody listens on any more may be replaced; anything else may not. */
static gboolean
clear_path (const char  *path,
            GError     **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = NULL;
  GStatBuf info;

  if (g_lstat (path, &info) != 0)
    return TRUE;
  if (!S_ISSOCK (info.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s: is there and no socket", path);
      return FALSE;
    }
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (connection != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "%s: in use", path);
      return FALSE;
    }
  g_unlink (path);

  return TRUE;
}

/* Socket paths end at 107 bytes; through the folder's descriptor they need not. */
static char *
shorten (const char *path,
         int        *folder)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  struct sockaddr_un unused;

  *folder = -1;
  if (strlen (path) < sizeof unused.sun_path)
    return g_strdup (path);
  *folder = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return *folder < 0 ? g_strdup (path) : g_strdup_printf ("/proc/self/fd/%d/%s", *folder, base);
}

static gboolean
start (GSocket         *socket,
       GSocketAddress  *address,
       GError         **error)
{
  g_socket_set_listen_backlog (socket, BACKLOG);

  return g_socket_bind (socket, address, TRUE, error) && g_socket_listen (socket, error);
}

static GSocket *
open_unix (const char  *path,
           GError     **error)
{
  int folder;
  g_autofree char *name = shorten (path, &folder);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (name);
  g_autoptr (GSocket) socket = NULL;
  gboolean ok;

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                         error);
  ok = socket != NULL && clear_path (name, error) && start (socket, address, error);
  if (folder >= 0)
    close (folder);
  if (!ok)
    return NULL;

  /* Its folder says who may come near; nginx is another user in its group. */
  if (g_chmod (path, 0660) != 0)
    g_message ("%s: %s", path, g_strerror (errno));

  return g_steal_pointer (&socket);
}

GSocket *
alm_listen_open (const char  *text,
                 char       **url,
                 GError     **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autofree char *host = NULL;
  GInetAddress *inet;

  g_return_val_if_fail (text != NULL, NULL);

  if (!alm_listen_is_allowed (text, error))
    return NULL;

  if (g_str_has_prefix (text, UNIX))
    {
      socket = open_unix (text + strlen (UNIX), error);
      if (socket != NULL)
        *url = g_strdup (text);
      return g_steal_pointer (&socket);
    }

  address = parse_inet (text);
  socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL || !start (socket, address, error))
    return NULL;
  bound = g_socket_get_local_address (socket, error);
  if (bound == NULL)
    return NULL;

  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (bound));
  host = g_inet_address_to_string (inet);
  *url = g_strdup_printf (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6
                          ? "http://[%s]:%u" : "http://%s:%u", host,
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));

  return g_steal_pointer (&socket);
}
