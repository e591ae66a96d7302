/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Requests to one server: https, or http to this machine.  Main thread; never
 * blocks.  Redirects are not followed: a token goes to whom it belongs. */
#define ALM_TYPE_HTTP_CLIENT (alm_http_client_get_type ())
G_DECLARE_FINAL_TYPE (AlmHttpClient, alm_http_client, ALM, HTTP_CLIENT, GObject)

typedef struct
{
  guint   status;
  guint   retry_s;     /* Retry-After; 0 = not said */
  GBytes *body;        /* as it came: may be Zstandard, see alm_zstd_is_packed() */
  char   *etag;        /* nullable */
  gint64  upload_offset; /* Upload-Offset; −1 = not said */
} AlmHttpReply;

/* What went over the wire, in bytes. */
typedef struct
{
  guint64 requests;
  guint64 sent;
  guint64 received;
} AlmHttpTraffic;

void           alm_http_reply_free        (AlmHttpReply         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHttpReply, alm_http_reply_free)

/* ALM_NET_ERROR_ADDRESS: no address, or one to which nothing secret may be sent. */
AlmHttpClient *alm_http_client_new        (const char           *address,
                                           GError              **error);
const char    *alm_http_client_get_address (AlmHttpClient       *self);
void           alm_http_client_get_traffic (AlmHttpClient       *self,
                                           AlmHttpTraffic       *traffic);
void           alm_http_client_set_token  (AlmHttpClient        *self,
                                           const char           *token);

/* @path: from "/" on.  @body: (nullable): marked as Zstandard if it is that.
 * Of a PUT it is bytes as they are.
 * @file: (nullable): where the body of a 200 goes instead of into memory; if it
 * is there already and @etag still fits, only the rest is fetched.
 * Any HTTP status is a reply; errors are those of the network: G_IO_ERROR,
 * G_TLS_ERROR, ALM_NET_ERROR_ANSWER. */
void           alm_http_client_send_async (AlmHttpClient        *self,
                                           const char           *method,
                                           const char           *path,
                                           GBytes               *body,
                                           const char           *file,
                                           const char           *etag,
                                           guint                 timeout_s,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
AlmHttpReply  *alm_http_client_send_finish (AlmHttpClient       *self,
                                           GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
