/* SPDX-License-Identifier: EUPL-1.2 */

/* Requests and replies as plain structs, and which resource a path names.
 *
 * Any thread; a request or a reply belongs to one thread at a time. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-json.h"

#include <string.h>

AlmHubRequest *
alm_hub_request_new (const char *method,
                     const char *path)
{
  AlmHubRequest *self = g_new0 (AlmHubRequest, 1);

  self->method = g_strdup (method);
  self->path = g_strdup (path);

  return self;
}

void
alm_hub_request_free (AlmHubRequest *self)
{
  g_free (self->method);
  g_free (self->path);
  g_free (self->query);
  g_free (self->authorization);
  g_free (self->remote);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->password);
  g_free (self->against);
  g_free (self->hash);
  g_free (self);
}

/* What a reply with `hash` asks for; takes long, and much memory.  Any thread. */
void
alm_hub_request_hash (AlmHubRequest         *self,
                      const AlmPasswordCost *cost)
{
  g_return_if_fail (self->password != NULL);

  if (self->against != NULL)
    self->matches = alm_password_verify (self->against, self->password);
  else
    self->hash = alm_password_hash (self->password, cost);
  self->hashed = TRUE;
}

AlmHubReply *
alm_hub_reply_new (guint       status,
                   const char *type)
{
  AlmHubReply *self = g_new0 (AlmHubReply, 1);

  self->status = status;
  self->type = type;
  self->body = g_string_new (NULL);
  self->upload_offset = -1;

  return self;
}

void
alm_hub_reply_free (AlmHubReply *self)
{
  g_string_free (self->body, TRUE);
  alm_hub_pack_file_clear (&self->file);
  g_clear_pointer (&self->watch, g_ptr_array_unref);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
  g_free (self);
}

static AlmValue *
problem (guint       status,
         const char *code,
         const char *detail)
{
  AlmValue *value = alm_value_new_object ();

  alm_value_set_integer (value, "status", status);
  alm_value_set_text (value, "code", code);
  alm_value_set_text (value, "detail", detail);

  return value;
}

/* RFC 9457 */
AlmHubReply *
alm_hub_reply_problem (guint       status,
                       const char *code,
                       const char *format,
                       ...)
{
  AlmHubReply *self = alm_hub_reply_new (status, "application/problem+json");
  g_autofree char *detail = NULL;
  g_autoptr (AlmValue) value = NULL;
  va_list args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);

  value = problem (status, code, detail);
  alm_hub_reply_say (self, value);

  return self;
}

/* One line. */
void
alm_hub_reply_say (AlmHubReply    *self,
                   const AlmValue *value)
{
  alm_value_print (value, self->body);
  g_string_append_c (self->body, '\n');
}

AlmHubReply *
alm_hub_reply_value (guint           status,
                     const AlmValue *value)
{
  AlmHubReply *self = alm_hub_reply_new (status, "application/json");

  alm_hub_reply_say (self, value);

  return self;
}

void
alm_hub_refusal_clear (AlmHubRefusal *self)
{
  g_clear_pointer (&self->detail, g_free);
  self->code = NULL;
}

/* Returns FALSE; the first reason counts. */
gboolean
alm_hub_refuse (AlmHubRefusal *self,
                const char    *code,
                const char    *format,
                ...)
{
  va_list args;

  if (self->code != NULL)
    return FALSE;

  va_start (args, format);
  self->detail = g_strdup_vprintf (format, args);
  va_end (args);
  self->code = code;

  return FALSE;
}

/* The body as a JSON object, or NULL and a 400. */
AlmValue *
alm_hub_request_json (const AlmHubRequest  *request,
                      AlmHubReply         **refusal)
{
  g_autoptr (AlmValue) value = NULL;
  g_autoptr (GError) error = NULL;
  gconstpointer data = "";
  gsize size = 0;

  if (request->body != NULL)
    data = g_bytes_get_data (request->body, &size);
  value = alm_json_parse (data != NULL ? data : "", (gssize) size, NULL, &error);
  if (value == NULL)
    {
      *refusal = alm_hub_reply_problem (400, "bad-request", "The body: %s", error->message);
      return NULL;
    }
  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    {
      *refusal = alm_hub_reply_problem (400, "bad-request", "The body is no JSON object");
      return NULL;
    }

  return g_steal_pointer (&value);
}

/* The value of one parameter, UTF-8; NULL: it is not there, or no text.
 * (transfer full) (nullable) */
char *
alm_hub_request_query (const AlmHubRequest *request,
                       const char          *name)
{
  g_auto (GStrv) parts = NULL;
  gsize length = strlen (name);

  if (request->query == NULL)
    return NULL;

  parts = g_strsplit (request->query, "&", 32);
  for (char **part = parts; *part != NULL; part++)
    if (strncmp (*part, name, length) == 0 && (*part)[length] == '=')
      {
        g_autofree char *value = g_uri_unescape_string (*part + length + 1, NULL);

        return value != NULL && g_utf8_validate (value, -1, NULL) ? g_steal_pointer (&value)
                                                                  : NULL;
      }

  return NULL;
}

typedef struct
{
  const char  *path;      /* an asterisk stands for one segment */
  const char  *methods;   /* parted by blanks */
  const char  *writing;   /* those of them that write */
  AlmHubRoute  route;     /* of the writing ones */
} Resource;

static const Resource resources[] = {
  { "/healthz", "GET HEAD", "", ALM_HUB_ROUTE_NONE },
  { "/v1/login", "POST", "POST", ALM_HUB_ROUTE_WRITE },
  { "/v1/logout", "POST", "POST", ALM_HUB_ROUTE_WRITE },
  { "/v1/hello", "POST", "POST", ALM_HUB_ROUTE_WRITE },
  { "/v1/push", "POST", "POST", ALM_HUB_ROUTE_PUSH },
  { "/v1/feed", "POST", "", ALM_HUB_ROUTE_READ },
  { "/v1/pack", "GET HEAD", "", ALM_HUB_ROUTE_READ },
  { "/v1/records/*/history", "GET", "", ALM_HUB_ROUTE_READ },
  { "/v1/blobs/*", "GET HEAD PUT", "PUT", ALM_HUB_ROUTE_RECEIVE },
  { "/v1/users", "GET POST", "POST", ALM_HUB_ROUTE_WRITE },
  { "/v1/users/*", "PATCH", "PATCH", ALM_HUB_ROUTE_WRITE },
  { "/v1/users/*/grants", "PUT", "PUT", ALM_HUB_ROUTE_WRITE },
  { "/v1/desks", "GET POST", "POST", ALM_HUB_ROUTE_WRITE },
  { "/v1/desks/*", "DELETE", "DELETE", ALM_HUB_ROUTE_WRITE },
  { "/v1/audit", "GET", "", ALM_HUB_ROUTE_READ },
  { "/v1/erasures", "GET POST", "POST", ALM_HUB_ROUTE_WRITE },
};

static gboolean
path_fits (const char *pattern,
           const char *path)
{
  for (; *pattern != '\0'; pattern++)
    {
      if (*pattern == '*')
        {
          gsize length = strcspn (path, "/");

          if (length == 0)
            return FALSE;
          path += length;
        }
      else if (*path++ != *pattern)
        return FALSE;
    }

  return *path == '\0';
}

static gboolean
has_word (const char *words,
          const char *word)
{
  g_auto (GStrv) list = g_strsplit (words, " ", 0);

  return g_strv_contains ((const char *const *) list, word);
}

/* Where a request is to be handled.  NONE comes with the answer. */
AlmHubRoute
alm_hub_route (const AlmHubRequest  *request,
               AlmHubReply         **refusal)
{
  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    {
      const Resource *resource = &resources[i];

      if (!path_fits (resource->path, request->path))
        continue;

      if (!has_word (resource->methods, request->method))
        {
          *refusal = alm_hub_reply_problem (405, "method-not-allowed", "%s is asked by %s",
                                            resource->path, resource->methods);
          return ALM_HUB_ROUTE_NONE;
        }
      if (resource->route == ALM_HUB_ROUTE_NONE)
        {
          *refusal = alm_hub_reply_new (200, "application/json");
          g_string_append ((*refusal)->body, "{\"status\":\"ok\"}\n");
          return ALM_HUB_ROUTE_NONE;
        }

      if (!has_word (resource->writing, request->method))
        return ALM_HUB_ROUTE_READ;

      return resource->route == ALM_HUB_ROUTE_RECEIVE && request->received ? ALM_HUB_ROUTE_WRITE
                                                                           : resource->route;
    }

  *refusal = alm_hub_reply_problem (404, "not-found", "There is no such resource");

  return ALM_HUB_ROUTE_NONE;
}
