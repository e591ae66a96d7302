/* SPDX-License-Identifier: EUPL-1.2 */

/* A town's records into a profile, the way a server's first copy comes: a hello
 * that tells of the scopes, then a pack for each.  So nothing waits to be sent,
 * versions and cursors are set, and edits behave as they do at the office.  The
 * server that it tells of exists nowhere: its id is made from the town's. */

#include "config.h"

#include "alm-cli-town.h"

#include "alm-desk-sync.h"
#include "alm-wire-feed.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char    *scope;
  GString *lines;
  gint64   n;
} Pack;

typedef struct
{
  GPtrArray  *packs;      /* (element-type Pack), as they come */
  GHashTable *titles;     /* scope → title */
} Packs;

static void
pack_free (gpointer data)
{
  Pack *pack = data;

  g_free (pack->scope);
  g_string_free (pack->lines, TRUE);
  g_free (pack);
}

static Pack *
pack_of (Packs      *self,
         const char *scope)
{
  Pack *pack;

  for (guint i = 0; i < self->packs->len; i++)
    {
      pack = self->packs->pdata[i];
      if (strcmp (pack->scope, scope) == 0)
        return pack;
    }

  pack = g_new0 (Pack, 1);
  pack->scope = g_strdup (scope);
  pack->lines = g_string_new (NULL);
  g_ptr_array_add (self->packs, pack);

  return pack;
}

static gboolean
take_record_cb (const AlmTownRecord  *record,
                gpointer              user_data,
                GError              **error)
{
  Packs *self = user_data;
  Pack *pack = pack_of (self, record->scope);
  g_autofree char *body = alm_value_to_text (record->fields);

  if (strcmp (record->kind, "scope") == 0)
    g_hash_table_insert (self->titles,
                         g_strdup (alm_value_get_text_of (record->fields, "path")),
                         g_strdup (alm_value_get_text_of (record->fields, "title")));
  pack->n++;
  alm_wire_record_print_raw (pack->lines, record->scope, pack->n, &record->id, record->kind, body,
                             NULL);

  return TRUE;
}

static AlmValue *
texts (const char *const *words)
{
  AlmValue *list = alm_value_new_list ();

  for (; *words != NULL; words++)
    alm_value_append (list, alm_value_new_text (*words));

  return list;
}

static AlmWireScope *
scope_of (Packs      *self,
          const Pack *pack)
{
  static const char *const all[] = { "public", "internal", "personal", NULL };
  static const char *const reads[] = { "reader", NULL };
  static const char *const edits[] = { "editor", "reviewer", NULL };
  AlmWireScope *scope = g_new0 (AlmWireScope, 1);
  const char *title = g_hash_table_lookup (self->titles, pack->scope);

  scope->scope = g_strdup (pack->scope);
  scope->title = g_strdup (title != NULL ? title : pack->scope);
  scope->seq = pack->n;
  scope->began = -1;
  scope->roles = texts (strcmp (pack->scope, "system") == 0 ? reads : edits);
  scope->classes = texts (all);
  scope->grant = g_strdup ("training");

  return scope;
}

static gboolean
say_hello (AlmDesk     *desk,
           Packs       *self,
           const char  *server,
           GError     **error)
{
  static const char *const none[] = { NULL };
  g_autoptr (AlmWireHello) hello = g_new0 (AlmWireHello, 1);
  AlmDeskSyncPlan plan;

  hello->server = g_strdup (server);
  hello->epoch = g_strdup (server);
  hello->protocol = ALM_WIRE_PROTOCOL;
  hello->next = 1;
  hello->max_body = 8 * 1024 * 1024;
  hello->max_commands = 2000;
  hello->roles = texts (none);
  hello->scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_wire_scope_free);
  hello->erased = g_ptr_array_new ();
  for (guint i = 0; i < self->packs->len; i++)
    g_ptr_array_add (hello->scopes, scope_of (self, self->packs->pdata[i]));
  if (!alm_desk_sync_take_hello (desk, hello, &plan, error))
    return FALSE;
  alm_desk_sync_plan_clear (&plan);

  return TRUE;
}

static gboolean
take_pack (AlmDesk     *desk,
           const Pack  *pack,
           const char  *epoch,
           GError     **error)
{
  g_autofree char *path = g_build_filename (alm_desk_get_dir (desk), "town.pack", NULL);
  static const char *const all[] = { "public", "internal", "personal", NULL };
  g_autoptr (AlmValue) nothing_more = alm_value_new_object ();
  g_autoptr (GString) text = g_string_sized_new (pack->lines->len + 1024);
  AlmWirePackHead head = { .scope = pack->scope, .seq = pack->n, .epoch = (char *) epoch,
                           .records = pack->n };
  AlmDeskSyncPage page = { 0 };
  gboolean good;

  head.classes = texts (all);
  alm_wire_pack_head_print (&head, text);
  g_string_append_len (text, pack->lines->str, (gssize) pack->lines->len);
  alm_wire_pack_end_print (text, pack->n, nothing_more);
  alm_value_unref (head.classes);

  good = g_file_set_contents (path, text->str, (gssize) text->len, error)
         && alm_desk_sync_take_pack (desk, path, pack->scope, &page, error);
  if (good)
    alm_desk_sync_page_clear (&page);
  g_unlink (path);

  return good;
}

gboolean
alm_town_fill_desk (AlmDesk     *desk,
                    const char  *dir,
                    gint64      *n_records,
                    GError     **error)
{
  g_autoptr (GPtrArray) packs = g_ptr_array_new_with_free_func (pack_free);
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Packs self = { packs, titles };
  g_autofree char *server = NULL;
  AlmId id;

  alm_town_make_id (ALM_TOWN_GENERATOR, "server", "training", &id);
  server = alm_id_to_text (&id);
  pack_of (&self, "system");   /* models come before what they describe */
  if (!alm_town_read_records (dir, take_record_cb, &self, error)
      || !say_hello (desk, &self, server, error))
    return FALSE;
  for (guint i = 0; i < packs->len; i++)
    {
      const Pack *pack = packs->pdata[i];

      if (!take_pack (desk, pack, server, error))
        return FALSE;
      *n_records += pack->n;
    }

  return TRUE;
}
