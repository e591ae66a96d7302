/* SPDX-License-Identifier: EUPL-1.2 */

/* Packs: the feed of a scope from nothing, as one stream for one set of
 * classes (sync.md, section 3.5).  The same lines, so a desk applies them the
 * same way.  Where the files lie is the front's affair; here is what stands in
 * them and who may have which. */

#include "config.h"

#include "alm-hub-core-private.h"
#include "alm-wire-feed.h"

#include <string.h>

#define PIECE (256 * 1024)

void
alm_hub_pack_file_clear (AlmHubPackFile *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->etag, g_free);
  self->seq = 0;
  self->bytes = 0;
}

void
alm_hub_pack_plan_free (AlmHubPackPlan *self)
{
  g_free (self->scope);
  g_free (self);
}

static guint64
make_key (AlmHubCore *self,
          const char *scope,
          guint       classes)
{
  g_autofree char *text = g_strdup_printf ("%s %u %" G_GINT64_MODIFIER "x %s", scope, classes,
                                           self->city.class_map, self->epoch);

  return alm_hash_64 (text, strlen (text));
}

/* The pack for a reader with these classes; `path` stays NULL if there is none. */
void
alm_hub_pack_find (AlmHubCore     *self,
                   const char     *scope,
                   guint           classes,
                   AlmHubPackFile *file)
{
  if (self->options.find_pack != NULL)
    self->options.find_pack (self->options.packs_dir, make_key (self, scope, classes), file);
}

static gboolean
has_plan (const GPtrArray *plans,
          guint64          key)
{
  for (guint i = 0; i < plans->len; i++)
    if (((AlmHubPackPlan *) plans->pdata[i])->key == key)
      return TRUE;

  return FALSE;
}

/* One plan per set of classes that somebody has in the scope. */
static gboolean
plan_scope (AlmHubCore         *self,
            const AlmHubScope  *scope,
            GPtrArray          *accounts,
            GPtrArray          *plans,
            GError            **error)
{
  for (guint i = 0; i < accounts->len; i++)
    {
      const AlmHubAccount *account = accounts->pdata[i];
      g_autoptr (GPtrArray) grants = NULL;
      AlmHubRights rights;
      guint64 key;

      if (!self->store->api->list_grants (self->store, account->name, &grants, error))
        return FALSE;
      rights = alm_hub_rights_in (grants, scope->name, alm_hub_core_now (self));
      key = make_key (self, scope->name, rights.classes);
      if (account->enabled && alm_hub_rights_may_read (&rights) && !has_plan (plans, key))
        {
          AlmHubPackPlan *plan = g_new0 (AlmHubPackPlan, 1);

          plan->scope = g_strdup (scope->name);
          plan->classes = rights.classes;
          plan->seq = scope->seq;
          plan->key = key;
          g_ptr_array_add (plans, plan);
        }
    }

  return TRUE;
}

static gboolean
plan_all (AlmHubCore  *self,
          gint64       least,
          GPtrArray   *plans,
          GError     **error)
{
  g_autoptr (GPtrArray) accounts = NULL;
  GPtrArray *scopes;

  if (!alm_hub_core_make_ready (self, error)
      || !self->store->api->list_accounts (self->store, &accounts, error)
      || !self->store->api->list_scopes (self->store, &scopes, error))
    return FALSE;

  for (guint i = 0; i < scopes->len; i++)
    {
      const AlmHubScope *scope = scopes->pdata[i];

      if (scope->digest.n >= least && !plan_scope (self, scope, accounts, plans, error))
        return FALSE;
    }

  return TRUE;
}

/* (element-type AlmHubPackPlan): the packs that are worth having. */
GPtrArray *
alm_hub_core_plan_packs (AlmHubCore  *self,
                         gint64       least,
                         GError     **error)
{
  g_autoptr (GPtrArray) plans =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_pack_plan_free);
  gboolean ok;

  if (!self->store->api->begin (self->store, FALSE, error))
    return NULL;
  ok = plan_all (self, least, plans, error);
  self->store->api->rollback (self->store);

  return ok ? g_steal_pointer (&plans) : NULL;
}

typedef struct
{
  AlmHubPage  page;
  AlmHubSink  sink;
  gpointer    user_data;
  gboolean    counting;   /* nothing is given out yet */
  gint64      count;
} Stream;

static gboolean
flush (Stream  *self,
       gsize    least,
       GError **error)
{
  GString *out = self->page.out;

  if (out->len < least)
    return TRUE;
  /* Also while it counts the sink may say that it is enough. */
  if (!self->sink (out->str, self->counting ? 0 : out->len, self->user_data, error))
    return FALSE;
  g_string_truncate (out, 0);

  return TRUE;
}

static gboolean
stream_row_cb (const AlmHubRow  *row,
               gpointer          user_data,
               GError          **error)
{
  Stream *self = user_data;
  gboolean shown;

  if (!alm_hub_page_print (&self->page, row, &shown, error))
    return FALSE;
  self->count += shown;

  return flush (self, PIECE, error);
}

static gboolean
stream (AlmHubCore            *self,
        const AlmHubPackPlan  *plan,
        Stream                *out,
        const AlmHubScope     *scope,
        GError               **error)
{
  AlmServerStore *store = self->store;
  AlmWirePackHead head = {
    .scope = plan->scope, .seq = scope->seq, .epoch = self->epoch,
  };

  /* How many there are stands before them: counted first, in the same transaction. */
  out->counting = TRUE;
  if (!store->api->feed (store, plan->scope, 0, -1, stream_row_cb, out, error))
    return FALSE;

  g_string_truncate (out->page.out, 0);
  head.records = out->count;
  head.classes = alm_class_to_names (plan->classes);
  alm_wire_pack_head_print (&head, out->page.out);
  alm_value_unref (head.classes);

  out->counting = FALSE;
  if (!store->api->feed (store, plan->scope, 0, -1, stream_row_cb, out, error))
    return FALSE;

  {
    g_autoptr (AlmValue) digest = alm_hub_describe_digest (scope, plan->classes);

    alm_wire_pack_end_print (out->page.out, head.records, digest);
  }

  return flush (out, 0, error);
}

/* Gives the pack to @sink piece by piece; *seq is where it ends. */
gboolean
alm_hub_core_write_pack (AlmHubCore            *self,
                         const AlmHubPackPlan  *plan,
                         AlmHubSink             sink,
                         gpointer               user_data,
                         gint64                *seq,
                         GError               **error)
{
  Stream out = {
    .page = { .core = self, .scope = plan->scope, .classes = plan->classes },
    .sink = sink, .user_data = user_data,
  };
  const AlmHubScope *scope = NULL;
  g_autoptr (GHashTable) told = NULL;
  gboolean ok;

  if (!self->store->api->begin (self->store, FALSE, error))
    return FALSE;

  out.page.out = g_string_new (NULL);
  ok = alm_hub_core_make_ready (self, error)
       && alm_hub_list_told (self, plan->scope, 0, &told, error)
       && self->store->api->get_scope (self->store, plan->scope, &scope, error);
  if (ok && scope == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no scope %s", plan->scope);
      ok = FALSE;
    }
  if (ok && make_key (self, plan->scope, plan->classes) != plan->key)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s has other classes by now",
                   plan->scope);
      ok = FALSE;
    }
  if (ok)
    {
      *seq = scope->seq;
      out.page.told = told;
      ok = stream (self, plan, &out, scope, error);
    }
  g_string_free (out.page.out, TRUE);
  self->store->api->rollback (self->store);

  return ok;
}

/* GET /v1/pack?scope=S */
AlmHubReply *
alm_hub_pack_reply (AlmHubCore     *self,
                    AlmHubActor    *actor,
                    AlmHubRequest  *request,
                    GError        **error)
{
  g_autofree char *scope = alm_hub_request_query (request, "scope");
  AlmHubRights rights = { 0, 0 };
  AlmHubReply *reply;

  if (scope == NULL)
    return alm_hub_reply_problem (400, "bad-request", "\"scope\" is missing");
  if (alm_name_is_scope (scope))
    rights = alm_hub_actor_rights (actor, scope);
  if (!alm_hub_rights_may_read (&rights))
    return alm_hub_reply_problem (404, "not-found", "There is no such scope");

  reply = alm_hub_reply_new (200, "application/zstd");
  alm_hub_pack_find (self, scope, rights.classes, &reply->file);
  if (reply->file.path == NULL)
    {
      alm_hub_reply_free (reply);
      return alm_hub_reply_problem (404, "no-pack", "There is no pack of %s; read its feed",
                                    scope);
    }

  return reply;
}
