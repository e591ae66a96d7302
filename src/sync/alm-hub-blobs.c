/* SPDX-License-Identifier: EUPL-1.2 */

/* Attached files: HEAD, GET and PUT /v1/blobs/SHA256.
 *
 * Invariants:
 *   1. Who asks for a file gets it through a record that names it in a field he may
 *      see, or because he has sent the whole of it himself.  To everybody else it is
 *      not there; he may send it, from the beginning.
 *   2. A part is its sender's: nobody goes on with the part of somebody else, or
 *      learns that there is one.
 *   3. Each request may be repeated: the answer to an old part says where to go on,
 *      the last part again is 201 again.
 *   4. What no record names is bounded: QUOTA bytes a user, a week. */

#include "config.h"

#include "alm-blob-store.h"
#include "alm-blob.h"
#include "alm-digest.h"
#include "alm-hub-core-private.h"
#include "alm-plant.h"

#include <glib/gstdio.h>
#include <string.h>

#define QUOTA       (G_GINT64_CONSTANT (2) << 30)
#define UNWANTED_US (7 * G_TIME_SPAN_DAY)

/* One request, as it was asked. */
typedef struct
{
  AlmHubCore    *core;
  AlmHubActor   *actor;
  AlmHubRequest *request;
  const char    *sha256;
  gint64         offset;
  gint64         size;
} Asked;

/* Does a field that this reader may see name it? */
static gboolean
shows (const Asked        *self,
       const AlmHubRecord *record)
{
  const AlmHubCity *city = &self->core->city;
  AlmHubRights rights = alm_hub_actor_rights (self->actor, record->scope);
  g_autoptr (AlmValue) visible = NULL;
  AlmClass whole;

  if (record->deleted || !alm_hub_rights_may_read (&rights))
    return FALSE;

  whole = alm_hub_city_whole (city, record->kind, record->fields);
  if (whole != 0)
    return (whole & rights.classes) != 0 && alm_blob_is_named (record->fields, self->sha256);

  visible = ALM_PLANTED ("blob-mask-forgotten")
    ? alm_value_ref (record->fields)
    : alm_fields_of_class (alm_hub_city_model (city, record->kind), record->fields,
                           rights.classes);

  return alm_blob_is_named (visible, self->sha256);
}

static gboolean
may_read (const Asked  *self,
          gboolean     *may,
          GError      **error)
{
  AlmServerStore *store = self->core->store;
  g_autoptr (GArray) ids = NULL;

  if (!store->api->is_uploader (store, self->sha256, self->actor->user, may, error))
    return FALSE;
  if (*may)
    return TRUE;
  if (!store->api->list_naming (store, self->sha256, &ids, error))
    return FALSE;

  for (guint i = 0; !*may && i < ids->len; i++)
    {
      g_autoptr (AlmHubRecord) record = NULL;

      if (!store->api->get_record (store, &g_array_index (ids, AlmId, i), &record, error))
        return FALSE;
      *may = record != NULL && shows (self, record);
    }

  return TRUE;
}

static gboolean
may_send (const Asked *self)
{
  return (alm_hub_rights_anywhere (self->actor->grants, self->actor->now_us)
          & (ALM_ROLE_BIT_EDITOR | ALM_ROLE_BIT_REVIEWER | ALM_ROLE_BIT_STEWARD)) != 0;
}

static AlmHubReply *
say_where (AlmHubReply *reply,
           gint64       offset)
{
  reply->upload_offset = offset;

  return reply;
}

static AlmHubReply *
say_offset (guint   status,
            gint64  offset)
{
  g_autoptr (AlmValue) said = alm_value_new_object ();

  alm_value_set_integer (said, "offset", offset);

  return say_where (alm_hub_reply_value (status, said), offset);
}

static AlmHubReply *
say_whole (const Asked *self)
{
  g_autoptr (AlmValue) said = alm_value_new_object ();

  alm_value_set_text (said, "sha256", self->sha256);
  alm_value_set_integer (said, "size", self->size);

  return alm_hub_reply_value (201, said);
}

/* HEAD and GET */
static AlmHubReply *
give (const Asked  *self,
      GError      **error)
{
  const char *dir = self->core->options.blobs_dir;
  AlmHubReply *reply;
  gboolean may;

  if (!may_read (self, &may, error))
    return NULL;
  if (!may || alm_blob_store_get_size (dir, self->sha256) < 0)
    {
      reply = alm_hub_reply_problem (404, "not-found", "There is no such file");
      return may_send (self) ? say_where (reply, alm_blob_store_part_size (dir, self->sha256,
                                                                           self->actor->user))
                             : reply;
    }

  reply = alm_hub_reply_new (200, "application/octet-stream");
  reply->file.path = alm_blob_store_path (dir, self->sha256);
  reply->file.etag = g_strdup_printf ("\"%s\"", self->sha256);

  return reply;
}

static gboolean
read_number (const AlmHubRequest *request,
             const char          *name,
             gint64              *number)
{
  g_autofree char *text = alm_hub_request_query (request, name);
  guint64 value;

  if (text == NULL || *text == '+'
      || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &value, NULL))
    return FALSE;
  *number = (gint64) value;

  return TRUE;
}

static gsize
part_length (const Asked *self)
{
  return self->request->body != NULL ? g_bytes_get_size (self->request->body) : 0;
}

static AlmHubReply *
check_asked (Asked *self)
{
  if (!may_send (self))
    return alm_hub_reply_problem (403, "forbidden", "Only who writes somewhere sends files");
  if (!read_number (self->request, "offset", &self->offset)
      || !read_number (self->request, "size", &self->size))
    return alm_hub_reply_problem (400, "bad-request", "\"offset\" or \"size\" is no number");
  if (self->size > ALM_BLOB_SIZE_MAX)
    return alm_hub_reply_problem (413, "too-large", "A file has at most %d MiB",
                                  (int) (ALM_BLOB_SIZE_MAX >> 20));
  if (part_length (self) > ALM_HUB_PART_MAX)
    return alm_hub_reply_problem (413, "too-large", "A part has at most %d MiB",
                                  ALM_HUB_PART_MAX >> 20);
  if (self->offset > self->size || (gint64) part_length (self) > self->size - self->offset)
    return alm_hub_reply_problem (400, "bad-request", "The part goes beyond \"size\"");

  return NULL;
}

typedef struct
{
  const char *owner;
  const char *sha256;
  gint64      bytes;
} Tally;

static gboolean
add_part_cb (const AlmBlobFile  *file,
             gpointer            user_data,
             GError            **error)
{
  Tally *tally = user_data;

  if (strcmp (file->owner, tally->owner) == 0 && strcmp (file->sha256, tally->sha256) != 0)
    tally->bytes += file->size;

  return TRUE;
}

/* TRUE with the refusal where it would be too much. */
static gboolean
check_quota (const Asked   *self,
             AlmHubReply  **refusal,
             GError       **error)
{
  AlmServerStore *store = self->core->store;
  Tally tally = { self->actor->user, self->sha256, 0 };
  gint64 unnamed;

  if (!store->api->count_unnamed (store, self->actor->user, &unnamed, error)
      || !alm_blob_store_each_part (self->core->options.blobs_dir, add_part_cb, &tally, error))
    return FALSE;

  if (unnamed + tally.bytes + self->size > QUOTA)
    {
      *refusal = alm_hub_reply_problem (429, "quota", "You have sent %d MiB that no record names; "
                                        "first hand in the records", (int) (QUOTA >> 20));
      (*refusal)->retry_after_s = 600;
    }

  return TRUE;
}

/* A disk without room is no reason to end; one that fails is. */
static AlmHubReply *
say_failed (const GError *error)
{
  g_message ("a file was not received: %s", error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return alm_hub_reply_problem (507, "full", "The server has no room left; nothing was kept");

  return alm_hub_reply_problem (500, "failed", "The server could not do this");
}

static AlmHubReply *
append_part (const Asked *self)
{
  const char *dir = self->core->options.blobs_dir;
  const char *owner = self->actor->user;
  gint64 here = alm_blob_store_part_size (dir, self->sha256, owner);
  gsize length = part_length (self);
  g_autoptr (GError) reason = NULL;
  AlmHubReply *reply;

  /* Somebody began it with another size in mind. */
  if (here > self->size)
    {
      alm_blob_store_drop_part (dir, self->sha256, owner);
      here = 0;
    }
  if (here != self->offset)
    {
      g_autoptr (AlmValue) said = alm_value_new_object ();

      reply = alm_hub_reply_new (409, "application/problem+json");
      alm_value_set_integer (said, "status", 409);
      alm_value_set_text (said, "code", "offset");
      alm_value_set_text (said, "detail", "The part does not begin where the last one ended");
      alm_value_set_integer (said, "offset", here);
      alm_hub_reply_say (reply, said);
      return say_where (reply, here);
    }
  if (!alm_blob_store_append (dir, self->sha256, owner, here,
                              length > 0 ? g_bytes_get_data (self->request->body, NULL) : "",
                              length, &reason))
    return say_failed (reason);

  here += (gint64) length;
  if (here < self->size)
    return say_offset (202, here);

  if (!alm_blob_store_check_part (dir, self->sha256, owner, self->size, &reason))
    return g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)
      ? alm_hub_reply_problem (422, "wrong-hash", "What came is not the file of this name; "
                               "begin again")
      : say_failed (reason);

  reply = alm_hub_reply_new (0, NULL);
  reply->received = TRUE;

  return reply;
}

/* PUT, with a reader's store: everything that takes long. */
static AlmHubReply *
receive (Asked   *self,
         GError **error)
{
  AlmHubReply *reply = check_asked (self);
  gboolean may;

  if (reply != NULL)
    return reply;
  if (!may_read (self, &may, error))
    return NULL;
  if (may && alm_blob_store_get_size (self->core->options.blobs_dir, self->sha256) == self->size)
    return say_whole (self);
  if (!check_quota (self, &reply, error))
    return NULL;

  return reply != NULL ? reply : append_part (self);
}

/* PUT, with the writer's: the file was found right.  The row comes first: who is killed
 * in between sends again, and gives nobody a file. */
static AlmHubReply *
keep (Asked   *self,
      GError **error)
{
  AlmServerStore *store = self->core->store;
  const char *dir = self->core->options.blobs_dir;
  g_autoptr (GError) reason = NULL;
  AlmHubReply *reply = check_asked (self);

  if (reply != NULL)
    return reply;
  if (!store->api->put_upload (store, self->sha256, self->actor->user, self->size,
                               self->actor->now_us, error))
    return NULL;

  if (alm_blob_store_get_size (dir, self->sha256) == self->size)
    alm_blob_store_drop_part (dir, self->sha256, self->actor->user);
  else if (!alm_blob_store_keep_part (dir, self->sha256, self->actor->user, &reason))
    return say_failed (reason);

  return say_whole (self);
}

AlmHubReply *
alm_hub_blob (AlmHubCore     *self,
              AlmHubActor    *actor,
              AlmHubRequest  *request,
              GError        **error)
{
  Asked asked = { self, actor, request, request->path + strlen ("/v1/blobs/") };

  if (self->options.blobs_dir == NULL || !alm_blob_is_name (asked.sha256))
    return alm_hub_reply_problem (404, "not-found", "A file is named by its SHA-256");
  if (strcmp (request->method, "PUT") != 0)
    return give (&asked, error);

  return request->received ? keep (&asked, error) : receive (&asked, error);
}

/* What nobody wants */

static gboolean
drop_old_part_cb (const AlmBlobFile  *file,
                  gpointer            user_data,
                  GError            **error)
{
  const gint64 *before_us = user_data;

  if (file->changed_us < *before_us && g_unlink (file->path) != 0)
    g_message ("%s: cannot be removed", file->path);

  return TRUE;
}

GPtrArray *
alm_hub_core_find_unwanted (AlmHubCore  *self,
                            GError     **error)
{
  gint64 before_us = alm_hub_core_now (self) - UNWANTED_US;
  GPtrArray *names = NULL;

  if (!alm_blob_store_each_part (self->options.blobs_dir, drop_old_part_cb, &before_us, error)
      || !self->store->api->begin (self->store, FALSE, error))
    return NULL;
  self->store->api->list_unnamed (self->store, NULL, before_us, &names, error);
  self->store->api->rollback (self->store);

  return names;
}

/* TRUE: it is nobody's now. */
static gboolean
forget_one (AlmHubCore  *self,
            const char  *sha256,
            gboolean    *gone,
            GError     **error)
{
  AlmServerStore *store = self->store;
  g_autoptr (GPtrArray) names = NULL;

  *gone = FALSE;
  if (!store->api->begin (store, TRUE, error))
    return FALSE;
  if (!store->api->list_unnamed (store, sha256, alm_hub_core_now (self) - UNWANTED_US, &names,
                                 error)
      || (names->len > 0 && !store->api->forget_blob (store, sha256, error)))
    {
      store->api->rollback (store);
      return FALSE;
    }
  *gone = names->len > 0;

  return store->api->commit (store, error);
}

/* Each is looked at again: a record may have named it since it was found. */
gboolean
alm_hub_core_drop_unwanted (AlmHubCore       *self,
                            const GPtrArray  *names,
                            GError          **error)
{
  for (guint i = 0; i < names->len; i++)
    {
      gboolean gone;

      if (!forget_one (self, names->pdata[i], &gone, error)
          || (gone && !alm_blob_store_remove (self->options.blobs_dir, names->pdata[i], error)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
drop_named_part_cb (const AlmBlobFile  *file,
                    gpointer            user_data,
                    GError            **error)
{
  const GPtrArray *names = user_data;

  if (g_ptr_array_find_with_equal_func ((GPtrArray *) names, file->sha256, g_str_equal, NULL)
      && g_unlink (file->path) != 0)
    g_message ("%s: cannot be removed", file->path);

  return TRUE;
}

/* The files first: who is killed before the commit finds them in the list once more. */
static gboolean
drop_erased (AlmHubCore  *self,
             GError     **error)
{
  AlmServerStore *store = self->store;
  g_autoptr (GPtrArray) names = NULL;

  if (!store->api->list_erased_blobs (store, &names, error)
      || (names->len > 0 && !alm_blob_store_each_part (self->options.blobs_dir,
                                                       drop_named_part_cb, names, error)))
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    if (!alm_blob_store_remove (self->options.blobs_dir, names->pdata[i], error)
        || !store->api->forget_blob (store, names->pdata[i], error))
      return FALSE;

  return TRUE;
}

/* What records named that were erased, and nobody names any more, goes at once. */
gboolean
alm_hub_core_drop_erased (AlmHubCore  *self,
                          GError     **error)
{
  if (self->options.blobs_dir == NULL)
    return TRUE;
  if (!self->store->api->begin (self->store, TRUE, error))
    return FALSE;
  if (!drop_erased (self, error))
    {
      self->store->api->rollback (self->store);
      return FALSE;
    }

  return self->store->api->commit (self->store, error);
}
