/* SPDX-License-Identifier: EUPL-1.2 */

/* What a desk is told: hello, the feed of each scope, a record's history.
 *
 * Invariants:
 *   1. A field outside the reader's classes leaves the server nowhere.
 *   2. A page's cursor is the seq of the last row it was built from, sent or
 *      masked, so the next page begins right after it. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

#define PAGE_ROWS  5000
#define PAGE_BYTES (4 * 1024 * 1024)
#define SEEN_US    G_TIME_SPAN_HOUR

/* What one user may see of one scope, as 64 bits: another value means that the
 * scope must be read again. */
static guint64
hash_grant (const AlmHubCity *city,
            const char       *scope,
            AlmHubRights      rights)
{
  g_autofree char *text = g_strdup_printf ("%s %u %u %" G_GINT64_MODIFIER "x", scope,
                                           rights.roles, rights.classes, city->class_map);

  return alm_hash_64 (text, strlen (text));
}

/* (element-type AlmHubScope), `system` first, then by name: what the actor may read */
static GPtrArray *
readable_scopes (AlmHubCore         *self,
                 const AlmHubActor  *actor,
                 guint64            *hash,
                 GError            **error)
{
  g_autoptr (GPtrArray) readable = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  GPtrArray *scopes;

  if (!self->store->api->list_scopes (self->store, &scopes, error))
    return NULL;

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < scopes->len; i++)
      {
        AlmHubScope *scope = scopes->pdata[i];
        AlmHubRights rights = alm_hub_actor_rights (actor, scope->name);

        if ((strcmp (scope->name, ALM_SCOPE_SYSTEM) == 0) != (pass == 0)
            || !alm_hub_rights_may_read (&rights))
          continue;
        g_ptr_array_add (readable, scope);
        g_string_append_printf (text, "%" G_GINT64_MODIFIER "x %u ",
                                hash_grant (&self->city, scope->name, rights), rights.writes);
        alm_hub_areas_add (text, actor, scope->name);
      }
  *hash = alm_hash_64 (text->str, text->len);

  return g_steal_pointer (&readable);
}

static AlmValue *
describe_scope (AlmHubCore         *self,
                const AlmHubActor  *actor,
                const AlmHubScope  *scope,
                const char         *epoch,
                AlmValue           *areas,
                GError            **error)
{
  g_autoptr (AlmValue) said = alm_value_new_object ();
  AlmHubRights rights = alm_hub_actor_rights (actor, scope->name);
  g_autofree char *grant = alm_hash_to_text (hash_grant (&self->city, scope->name, rights));
  const char *title = g_hash_table_lookup (self->city.titles, scope->name);
  g_auto (AlmHubPackFile) pack = { 0 };
  gint64 began = -1;

  if (strcmp (epoch, self->epoch) != 0
      && !self->store->api->get_began (self->store, epoch, scope->name, &began, error))
    return NULL;

  alm_value_set_text (said, "scope", scope->name);
  alm_value_set_text (said, "title", title != NULL ? title : scope->name);
  alm_value_set_integer (said, "seq", scope->seq);
  alm_value_set_integer (said, "began", began >= 0 ? began : scope->seq);
  alm_value_set_integer (said, "records", scope->digest.n);
  alm_value_set (said, "roles", alm_role_to_names (rights.roles));
  alm_value_set (said, "classes", alm_class_to_names (rights.classes));
  alm_hub_areas_describe (actor, scope->name, said, areas);
  alm_value_set_text (said, "grant", grant);
  alm_hub_pack_find (self, scope->name, rights.classes, &pack);
  if (pack.path != NULL)
    {
      AlmValue *offered = alm_value_new_object ();

      alm_value_set_integer (offered, "seq", pack.seq);
      alm_value_set_integer (offered, "bytes", pack.bytes);
      alm_value_set_text (offered, "etag", pack.etag);
      alm_value_set (said, "pack", offered);
    }

  return g_steal_pointer (&said);
}

/* The desk is here: noted once an hour, and its token lives on from now. */
static gboolean
note_seen (AlmHubCore         *self,
           const AlmHubActor  *actor,
           AlmHubDesk         *desk,
           GError            **error)
{
  AlmHubToken token = { .desk = actor->desk, .user = actor->user };

  if (desk->seen_us + SEEN_US > actor->now_us && desk->seen_us <= actor->now_us)
    return TRUE;
  desk->seen_us = actor->now_us;
  token.expires_us = actor->now_us + 90 * G_TIME_SPAN_DAY;

  return self->store->api->put_desk (self->store, desk, error)
         && self->store->api->put_token (self->store, actor->token, &token, error);
}

static AlmHubReply *
check_hello (const AlmValue    *asked,
             const AlmHubActor *actor)
{
  AlmId desk;

  if (!alm_id_parse (&desk, alm_value_get_text_of (asked, "desk")))
    return alm_hub_reply_problem (400, "bad-request", "\"desk\" is no UUID");
  if (!alm_id_equal (&desk, &actor->desk))
    return alm_hub_reply_problem (403, "wrong-desk", "The token is another desk's");
  if (alm_value_get_integer_of (asked, "protocol", ALM_HUB_PROTOCOL) != ALM_HUB_PROTOCOL)
    return alm_hub_reply_problem (426, "protocol", "This server speaks protocol %d",
                                  ALM_HUB_PROTOCOL);

  return NULL;
}

AlmHubReply *
alm_hub_hello (AlmHubCore     *self,
               AlmHubActor    *actor,
               AlmHubRequest  *request,
               GError        **error)
{
  AlmHubReply *refusal = NULL;
  g_autoptr (AlmValue) asked = alm_hub_request_json (request, &refusal);
  g_autoptr (AlmValue) said = alm_value_new_object ();
  g_autoptr (AlmHubDesk) desk = NULL;
  g_autoptr (GPtrArray) scopes = NULL;
  AlmValue *list = alm_value_new_list ();
  AlmValue *limits = alm_value_new_object ();
  AlmValue *areas = alm_value_new_list ();
  AlmValue *owed;
  g_autofree char *rights = NULL;
  g_autofree char *token = NULL;
  const char *epoch;
  guint64 hash;

  alm_value_set (said, "scopes", list);
  alm_value_set (said, "areas", areas);
  alm_value_set_integer (limits, "body", ALM_HUB_BODY_MAX);
  alm_value_set_integer (limits, "commands", ALM_HUB_COMMANDS_MAX);
  alm_value_set (said, "limits", limits);
  if (asked != NULL)
    refusal = check_hello (asked, actor);
  if (refusal != NULL)
    return refusal;

  if (!self->store->api->get_desk (self->store, &actor->desk, &desk, error))
    return NULL;
  if (desk == NULL)
    return alm_hub_reply_problem (403, "wrong-desk", "The desk is not known");
  scopes = readable_scopes (self, actor, &hash, error);
  if (scopes == NULL || !note_seen (self, actor, desk, error)
      || !alm_hub_rotate_token (self, actor, asked, &token, error))
    return NULL;
  alm_value_set_text (said, "token", token);

  owed = alm_hub_list_owed (self, &actor->desk, scopes, error);
  if (owed == NULL)
    return NULL;
  alm_value_set (said, "erased", owed);
  epoch = alm_value_get_text_of (asked, "epoch");
  for (guint i = 0; i < scopes->len; i++)
    {
      AlmValue *scope = describe_scope (self, actor, scopes->pdata[i],
                                        epoch != NULL ? epoch : self->epoch, areas, error);

      if (scope == NULL)
        return NULL;
      alm_value_append (list, scope);
    }

  rights = alm_hash_to_text (hash);
  alm_value_set_text (said, "server", self->server_text);
  alm_value_set_text (said, "epoch", self->epoch);
  alm_value_set_text (said, "rights", rights);
  alm_value_set_text (said, "user", actor->user);
  alm_value_set_integer (said, "protocol", ALM_HUB_PROTOCOL);
  alm_value_set_integer (said, "next", desk->last_n + 1);
  alm_value_set (said, "roles",
                 alm_role_to_names (alm_hub_rights_anywhere (actor->grants, actor->now_us)));

  return alm_hub_reply_value (200, said);
}

/* One page of the feed in the making. */
typedef struct
{
  AlmHubPage  page;
  int         left;      /* rows */
  gint64      cursor;
  gboolean    full;      /* ended by its size, there may be more */
} Page;

/* What a desk that knew more than this line has to take out of everything it keeps. */
static void
print_told (const AlmHubPage *page,
            const AlmHubRow  *row)
{
  const AlmValue *told = page->told != NULL ? g_hash_table_lookup (page->told, row->id) : NULL;

  if (told == NULL)
    return;
  g_string_append (page->out, "\"erased\":");
  alm_value_print (told, page->out);
  g_string_append_c (page->out, ',');
}

static void
print_head (const AlmHubPage *page,
            const AlmHubRow  *row)
{
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (row->id, id);
  g_string_append_printf (page->out, "\"id\":\"%s\",\"k\":\"%s\",\"s\":\"%s\",\"v\":%"
                          G_GINT64_FORMAT "}\n", id, row->kind, page->scope, row->ver);
}

/* The fields of the reader's classes; (transfer full), NULL with an error, or
 * *hidden: the whole record is. */
static AlmValue *
visible_fields (const AlmHubPage  *page,
                const AlmHubRow   *row,
                gboolean          *hidden,
                GError           **error)
{
  const AlmHubCity *city = &page->core->city;
  g_autoptr (AlmValue) fields = alm_json_parse (row->body, -1, NULL, error);
  g_autoptr (AlmValue) personal = NULL;
  AlmClass whole;

  *hidden = FALSE;
  if (fields == NULL)
    return NULL;
  if (row->personal != NULL)
    {
      personal = alm_json_parse (row->personal, -1, NULL, error);
      if (personal == NULL)
        return NULL;
      for (guint i = 0; i < alm_value_get_size (personal); i++)
        alm_value_set (fields, alm_value_get_key (personal, i),
                       alm_value_ref (alm_value_get_item (personal, i)));
    }

  whole = alm_hub_city_whole (city, row->kind, fields);
  if (whole != 0)
    {
      *hidden = (whole & page->classes) == 0 && !ALM_PLANTED ("conflict-shown");
      return g_steal_pointer (&fields);
    }

  return alm_fields_of_class (alm_hub_city_model (city, row->kind), fields, page->classes);
}

/* Whether all of row->body may be sent as it stands. */
static gboolean
is_open (const AlmHubPage *page,
         const AlmHubRow  *row)
{
  guint classes = ALM_CLASS_INTERNAL;   /* of a kind without a model */

  if (ALM_PLANTED ("mask-forgotten"))
    return TRUE;
  if (strcmp (row->kind, ALM_KIND_CONFLICT) == 0
      || (row->personal != NULL && (page->classes & ALM_CLASS_PERSONAL) != 0
          && !ALM_PLANTED ("personal-unsent")))
    return FALSE;
  if (alm_hub_city_model (&page->core->city, row->kind) != NULL)
    classes = GPOINTER_TO_UINT (g_hash_table_lookup (page->core->city.classes, row->kind));

  return (classes & ~page->classes) == 0;
}

/* The row's line, if this reader may know of the record at all. */
gboolean
alm_hub_page_print (const AlmHubPage  *page,
                    const AlmHubRow   *row,
                    gboolean          *shown,
                    GError           **error)
{
  g_autoptr (AlmValue) fields = NULL;
  gboolean hidden;

  *shown = TRUE;
  if (!row->deleted && is_open (page, row))
    {
      g_string_append_c (page->out, '{');
      print_told (page, row);
      g_string_append (page->out, "\"f\":");
      g_string_append (page->out, row->body);
      g_string_append_c (page->out, ',');
      print_head (page, row);
      return TRUE;
    }

  fields = visible_fields (page, row, &hidden, error);
  if (fields == NULL)
    return FALSE;
  *shown = !hidden;
  if (hidden)
    return TRUE;

  g_string_append (page->out, row->deleted ? "{\"del\":true," : "{");
  print_told (page, row);
  if (!row->deleted)
    {
      g_string_append (page->out, "\"f\":");
      alm_value_print (fields, page->out);
      g_string_append_c (page->out, ',');
    }
  print_head (page, row);

  return TRUE;
}

static gboolean
add_row_cb (const AlmHubRow  *row,
            gpointer          user_data,
            GError          **error)
{
  Page *page = user_data;
  gboolean shown;

  if (page->left <= 0 || page->page.out->len >= PAGE_BYTES)
    {
      page->full = TRUE;
      return FALSE;
    }
  if (!alm_hub_page_print (&page->page, row, &shown, error))
    return FALSE;
  page->cursor = row->ver;
  page->left--;

  return TRUE;
}

AlmValue *
alm_hub_describe_digest (const AlmHubScope *scope,
                         guint              classes)
{
  AlmValue *said = alm_value_new_object ();

  alm_value_set_integer (said, "seq", scope->seq);
  alm_value_set_integer (said, "n", scope->digest.n);
  for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
    if ((classes & (1u << c)) != 0)
      {
        g_autofree char *sum = alm_hash_to_text (scope->digest.sums[c]);

        alm_value_set_text (said, alm_class_names[c], sum);
      }

  return said;
}

/* What was asked, checked. */
typedef struct
{
  AlmValue *asked;
  AlmValue *cursors;     /* of the desk */
  int       max;
  guint     wait_s;
} FeedQuestion;

static AlmHubReply *
check_question (AlmHubCore   *self,
                FeedQuestion *question)
{
  const char *epoch = alm_value_get_text_of (question->asked, "epoch");
  gint64 max = alm_value_get_integer_of (question->asked, "max", PAGE_ROWS);
  gint64 wait = alm_value_get_integer_of (question->asked, "wait", 0);

  question->cursors = alm_value_get (question->asked, "cursors");
  if (epoch == NULL)
    return alm_hub_reply_problem (400, "bad-request", "\"epoch\" is missing");
  if (!alm_value_is (question->cursors, ALM_VALUE_OBJECT))
    return alm_hub_reply_problem (400, "bad-request", "\"cursors\" is no object");
  for (guint i = 0; i < alm_value_get_size (question->cursors); i++)
    {
      const AlmValue *cursor = alm_value_get_item (question->cursors, i);

      if (!alm_value_is (cursor, ALM_VALUE_INTEGER) || alm_value_get_integer (cursor) < 0)
        return alm_hub_reply_problem (400, "bad-request", "The cursor of %s is no number from 0",
                                      alm_value_get_key (question->cursors, i));
    }
  if (max < 1 || wait < 0)
    return alm_hub_reply_problem (400, "bad-request", "\"max\" or \"wait\" is out of range");
  if (strcmp (epoch, self->epoch) != 0)
    return alm_hub_reply_problem (409, "epoch", "The server is in epoch %s", self->epoch);

  question->max = (int) MIN (max, PAGE_ROWS);
  question->wait_s = (guint) MIN (wait, ALM_HUB_WAIT_MAX_S);

  return NULL;
}

/* Fills one scope's part of the page. */
static gboolean
add_scope (Page               *page,
           const AlmHubScope  *scope,
           const AlmHubActor  *actor,
           gint64              after,
           AlmValue           *cursors,
           AlmValue           *digests,
           GError            **error)
{
  AlmServerStore *store = page->page.core->store;
  g_autoptr (GHashTable) told = NULL;

  if (after < scope->seq
      && !alm_hub_list_told (page->page.core, scope->name, after, &told, error))
    return FALSE;
  page->page.told = told;
  page->page.scope = scope->name;
  page->page.classes = alm_hub_actor_rights (actor, scope->name).classes;
  page->cursor = after;
  if (after < scope->seq
      && !store->api->feed (store, scope->name, after, page->left + 1, add_row_cb, page, error))
    return FALSE;
  if (!page->full)
    {
      page->cursor = MAX (after, scope->seq);
      alm_value_set (digests, scope->name, alm_hub_describe_digest (scope, page->page.classes));
    }
  alm_value_set_integer (cursors, scope->name, page->cursor);

  return TRUE;
}

AlmHubReply *
alm_hub_feed_reply (AlmHubCore     *self,
                    AlmHubActor    *actor,
                    AlmHubRequest  *request,
                    GError        **error)
{
  AlmHubReply *refusal = NULL;
  g_autoptr (AlmValue) asked = alm_hub_request_json (request, &refusal);
  g_autoptr (AlmHubReply) reply = alm_hub_reply_new (200, "application/x-ndjson");
  g_autoptr (AlmValue) last = alm_value_new_object ();
  AlmValue *cursors = alm_value_new_object ();
  AlmValue *digests = alm_value_new_object ();
  g_autoptr (GPtrArray) scopes = NULL;
  FeedQuestion question = { asked };
  g_autofree char *rights = NULL;
  Page page = { { self } };
  guint64 hash;

  alm_value_set (last, "cursors", cursors);
  alm_value_set (last, "digest", digests);
  if (asked != NULL)
    refusal = check_question (self, &question);
  if (refusal != NULL)
    return refusal;

  scopes = readable_scopes (self, actor, &hash, error);
  if (scopes == NULL)
    return NULL;
  page.page.out = reply->body;
  page.left = question.max;
  reply->watch = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < scopes->len && !page.full; i++)
    {
      const AlmHubScope *scope = scopes->pdata[i];
      gint64 after = alm_value_get_integer_of (question.cursors, scope->name, -1);

      if (after < 0)
        continue;
      g_ptr_array_add (reply->watch, g_strdup (scope->name));
      if (!add_scope (&page, scope, actor, after, cursors, digests, error))
        return NULL;
    }

  if (reply->body->len == 0 && !page.full && question.wait_s > 0 && !request->waited)
    {
      reply->status = 0;
      reply->wait_s = question.wait_s;
      return g_steal_pointer (&reply);
    }

  rights = alm_hash_to_text (hash);
  alm_value_set (last, "more", alm_value_new_boolean (page.full));
  alm_value_set_text (last, "rights", rights);
  alm_hub_reply_say (reply, last);

  return g_steal_pointer (&reply);
}

typedef struct
{
  AlmHubReply    *reply;
  const AlmModel *model;
  guint           classes;
  gboolean        whole;    /* a conflict: all or nothing, and it is all */
} History;

static void
set_visible (AlmValue       *said,
             const char     *name,
             const AlmValue *fields,
             const History  *history)
{
  if (fields == NULL)
    return;
  alm_value_set (said, name, history->whole
                 ? alm_value_ref ((AlmValue *) fields)
                 : alm_fields_of_class (history->model, fields, history->classes));
}

static gboolean
say_entry_cb (const AlmHubEntry  *entry,
              gpointer            user_data,
              GError            **error)
{
  const History *history = user_data;
  g_autoptr (AlmValue) said = alm_value_new_object ();
  g_autofree char *stored = alm_clock_format (entry->stored_us);
  char desk[ALM_ID_TEXT_SIZE];

  alm_id_print (&entry->desk, desk);
  alm_value_set_integer (said, "seq", entry->seq);
  alm_value_set_integer (said, "n", entry->n);
  alm_value_set_text (said, "desk", desk);
  alm_value_set_text (said, "user", entry->user);
  alm_value_set_text (said, "at", entry->at);
  alm_value_set_text (said, "stored", stored);
  alm_value_set_text (said, "op", alm_op_to_text (entry->op));
  alm_value_set_text (said, "batch", entry->batch);
  set_visible (said, "set", entry->set, history);
  set_visible (said, "old", entry->old, history);
  alm_hub_reply_say (history->reply, said);

  return TRUE;
}

AlmHubReply *
alm_hub_history_reply (AlmHubCore     *self,
                       AlmHubActor    *actor,
                       AlmHubRequest  *request,
                       GError        **error)
{
  g_auto (GStrv) parts = g_strsplit (request->path, "/", 0);   /* "", v1, records, ID, history */
  g_autoptr (AlmHubReply) reply = alm_hub_reply_new (200, "application/x-ndjson");
  g_autoptr (AlmHubRecord) record = NULL;
  History history = { reply };
  AlmHubRights rights = { 0 };
  AlmClass whole = 0;
  AlmId id;

  if (!alm_id_parse (&id, parts[3]))
    return alm_hub_reply_problem (404, "not-found", "There is no such record");
  if (!self->store->api->get_record (self->store, &id, &record, error))
    return NULL;
  if (record != NULL)
    {
      rights = alm_hub_actor_rights (actor, record->scope);
      whole = alm_hub_city_whole (&self->city, record->kind, record->fields);
    }
  if (!alm_hub_rights_may_read (&rights) || (whole != 0 && (whole & rights.classes) == 0))
    return alm_hub_reply_problem (404, "not-found", "There is no such record");

  history.model = alm_hub_city_model (&self->city, record->kind);
  history.classes = rights.classes;
  history.whole = whole != 0;
  if (!self->store->api->history (self->store, &id, say_entry_cb, &history, error))
    return NULL;

  return g_steal_pointer (&reply);
}
