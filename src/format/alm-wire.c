/* SPDX-License-Identifier: EUPL-1.2 */

/* The lines that travel between desk and server.
 *
 * Invariants:
 *   1. An answer is taken whole or not at all: a page without its last line, a
 *      push answer with an outcome too few, too many or out of order, is an error.
 *   2. A line that is accepted holds what its struct promises: names of the
 *      right shape, numbers in range, lists of texts.
 *   3. Unknown members are passed over, so that a newer server can say more.
 * Pure; any thread. */

#include "config.h"

#include "alm-wire-private.h"
#include "alm-wire.h"

#include "alm-format-error.h"
#include "alm-json.h"
#include "alm-region.h"

#include <string.h>

gboolean
alm_wire_refuse (GError     **error,
                 const char  *format,
                 ...)
{
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX, reason);

  return FALSE;
}

void
alm_wire_lines_start (AlmWireLines *self,
                      const char   *text,
                      gsize         length)
{
  *self = (AlmWireLines) { .at = text, .end = text + length };
}

/* FALSE after the last line.  Empty lines are lines. */
gboolean
alm_wire_lines_next (AlmWireLines  *self,
                     const char   **line,
                     gsize         *length)
{
  const char *stop;

  if (self->at == self->end)
    return FALSE;

  stop = memchr (self->at, '\n', (gsize) (self->end - self->at));
  *line = self->at;
  *length = (gsize) ((stop != NULL ? stop : self->end) - self->at);
  self->at = stop != NULL ? stop + 1 : self->end;
  self->number++;

  return TRUE;
}

/* An object, or NULL with an error. */
AlmValue *
alm_wire_parse_object (const char  *text,
                       gsize        length,
                       GError     **error)
{
  g_autoptr (AlmValue) value = NULL;

  if (length == 0)
    {
      alm_wire_refuse (error, "nothing there");
      return NULL;
    }

  value = alm_json_parse (text, (gssize) length, NULL, error);
  if (value == NULL)
    return NULL;
  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    {
      alm_wire_refuse (error, "not an object");
      return NULL;
    }

  return g_steal_pointer (&value);
}

static gboolean
is_text_list (const AlmValue *value)
{
  if (!alm_value_is (value, ALM_VALUE_LIST))
    return FALSE;

  for (guint i = 0; i < alm_value_get_size (value); i++)
    if (!alm_value_is (alm_value_get_item (value, i), ALM_VALUE_TEXT))
      return FALSE;

  return TRUE;
}

/* A member that has to be a list of texts; absent counts as empty. */
gboolean
alm_wire_take_text_list (const AlmValue  *object,
                         const char      *key,
                         AlmValue       **list,
                         GError         **error)
{
  AlmValue *value = alm_value_get (object, key);

  if (value == NULL)
    {
      *list = alm_value_new_list ();
      return TRUE;
    }
  if (!is_text_list (value))
    return alm_wire_refuse (error, "\"%s\" is not a list of texts", key);

  *list = alm_value_ref (value);

  return TRUE;
}

gboolean
alm_wire_take_text (const AlmValue  *object,
                    const char      *key,
                    char           **text,
                    GError         **error)
{
  *text = g_strdup (alm_value_get_text_of (object, key));
  if (*text == NULL)
    return alm_wire_refuse (error, "\"%s\" is missing or no text", key);

  return TRUE;
}

gboolean
alm_wire_take_count (const AlmValue  *object,
                     const char      *key,
                     gint64           least,
                     gint64          *number,
                     GError         **error)
{
  *number = alm_value_get_integer_of (object, key, -1);
  if (*number < least)
    return alm_wire_refuse (error,
                            "\"%s\" is missing or no number from %" G_GINT64_FORMAT " on",
                            key, least);

  return TRUE;
}

void
alm_wire_print_line (GString        *out,
                     const AlmValue *value)
{
  alm_value_print (value, out);
  g_string_append_c (out, '\n');
}

/* hello */

void
alm_wire_scope_free (AlmWireScope *self)
{
  g_free (self->scope);
  g_free (self->title);
  g_clear_pointer (&self->roles, alm_value_unref);
  g_clear_pointer (&self->classes, alm_value_unref);
  g_clear_pointer (&self->writes, alm_value_unref);
  g_clear_pointer (&self->areas, alm_value_unref);
  g_free (self->grant);
  g_free (self->pack_etag);
  g_free (self);
}

void
alm_wire_erasure_free (AlmWireErasure *self)
{
  g_free (self->scope);
  g_clear_pointer (&self->fields, alm_value_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmWireErasure, alm_wire_erasure_free)

void
alm_wire_hello_free (AlmWireHello *self)
{
  g_free (self->server);
  g_free (self->epoch);
  g_free (self->rights);
  g_free (self->token);
  g_clear_pointer (&self->roles, alm_value_unref);
  g_clear_pointer (&self->areas, alm_value_unref);
  g_ptr_array_unref (self->scopes);
  g_ptr_array_unref (self->erased);
  g_free (self);
}

/* @areas: of the whole answer; nullable */
static gboolean
take_writes (AlmWireScope    *self,
             const AlmValue  *value,
             const AlmValue  *areas,
             GError         **error)
{
  AlmValue *list = alm_value_get (value, "areas");

  /* A server of before tells roles alone. */
  if (alm_value_get (value, "writes") == NULL)
    return TRUE;
  if (!alm_wire_take_text_list (value, "writes", &self->writes, error))
    return FALSE;
  if (list == NULL)
    return TRUE;
  if (!alm_value_is (list, ALM_VALUE_LIST))
    return alm_wire_refuse (error, "\"areas\" is no list");

  for (guint i = 0; i < alm_value_get_size (list); i++)
    {
      const AlmValue *limited = alm_value_get_item (list, i);
      gint64 area = alm_value_get_integer_of (limited, "area", -1);

      if (!is_text_list (alm_value_get (limited, "classes"))
          || area < 0 || area >= alm_value_get_size (areas))
        return alm_wire_refuse (error, "area %u has no classes or is not in the answer", i + 1);
    }
  self->areas = alm_value_ref (list);

  return TRUE;
}

static gboolean
take_areas (AlmWireHello    *self,
            AlmValue        *list,
            GError         **error)
{
  if (list == NULL)
    return TRUE;
  if (!alm_value_is (list, ALM_VALUE_LIST))
    return alm_wire_refuse (error, "\"areas\" is no list");

  for (guint i = 0; i < alm_value_get_size (list); i++)
    {
      g_autofree char *reason = NULL;
      g_autoptr (AlmRegion) region = alm_region_new (alm_value_get_item (list, i), &reason);

      if (region == NULL)
        return alm_wire_refuse (error, "area %u: %s", i + 1, reason);
    }
  self->areas = alm_value_ref (list);

  return TRUE;
}

static AlmWireScope *
parse_scope (const AlmValue  *value,
             const AlmValue  *areas,
             GError         **error)
{
  g_autoptr (AlmWireScope) self = g_new0 (AlmWireScope, 1);
  const AlmValue *pack = alm_value_get (value, "pack");

  if (!alm_wire_take_text (value, "scope", &self->scope, error))
    return NULL;
  if (!alm_name_is_scope (self->scope))
    {
      alm_wire_refuse (error, "\"%s\" is no scope", self->scope);
      return NULL;
    }
  if (!alm_wire_take_count (value, "seq", 0, &self->seq, error)
      || !alm_wire_take_text_list (value, "roles", &self->roles, error)
      || !alm_wire_take_text_list (value, "classes", &self->classes, error)
      || !take_writes (self, value, areas, error)
      || !alm_wire_take_text (value, "grant", &self->grant, error))
    return NULL;

  self->title = g_strdup (alm_value_get_text_of (value, "title"));
  if (self->title == NULL)
    self->title = g_strdup (self->scope);
  self->began = MAX (0, alm_value_get_integer_of (value, "began", 0));
  self->records = MAX (0, alm_value_get_integer_of (value, "records", 0));

  if (alm_value_is (pack, ALM_VALUE_OBJECT))
    {
      if (!alm_wire_take_count (pack, "seq", 0, &self->pack_seq, error))
        return NULL;
      self->pack_bytes = MAX (0, alm_value_get_integer_of (pack, "bytes", 0));
      self->pack_etag = g_strdup (alm_value_get_text_of (pack, "etag"));
    }

  return g_steal_pointer (&self);
}

static gboolean
parse_scopes (AlmWireHello    *self,
              const AlmValue  *list,
              GError         **error)
{
  if (!alm_value_is (list, ALM_VALUE_LIST))
    return alm_wire_refuse (error, "\"scopes\" is missing or no list");

  for (guint i = 0; i < alm_value_get_size (list); i++)
    {
      g_autoptr (AlmWireScope) scope = parse_scope (alm_value_get_item (list, i), self->areas,
                                                      error);

      if (scope == NULL)
        {
          g_prefix_error (error, "scope %u: ", i + 1);
          return FALSE;
        }
      if (alm_wire_hello_find (self, scope->scope) != NULL)
        return alm_wire_refuse (error, "scope \"%s\" stands twice", scope->scope);
      g_ptr_array_add (self->scopes, g_steal_pointer (&scope));
    }

  return TRUE;
}

static AlmWireErasure *
parse_erasure (const AlmValue  *value,
               GError         **error)
{
  g_autoptr (AlmWireErasure) self = g_new0 (AlmWireErasure, 1);

  if (!alm_wire_take_text (value, "scope", &self->scope, error)
      || !alm_wire_take_count (value, "seq", 0, &self->seq, error)
      || !alm_wire_take_text_list (value, "fields", &self->fields, error))
    return NULL;
  if (!alm_name_is_scope (self->scope)
      || !alm_id_parse (&self->id, alm_value_get_text_of (value, "id")))
    {
      alm_wire_refuse (error, "broken scope or id");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* Missing: an older server, which erases nothing. */
static gboolean
parse_erased (AlmWireHello    *self,
              const AlmValue  *list,
              GError         **error)
{
  if (list != NULL && !alm_value_is (list, ALM_VALUE_LIST))
    return alm_wire_refuse (error, "\"erased\" is no list");

  for (guint i = 0; i < alm_value_get_size (list); i++)
    {
      AlmWireErasure *erasure = parse_erasure (alm_value_get_item (list, i), error);

      if (erasure == NULL)
        {
          g_prefix_error (error, "erasure %u: ", i + 1);
          return FALSE;
        }
      g_ptr_array_add (self->erased, erasure);
    }

  return TRUE;
}

static AlmWireHello *
hello_from_value (const AlmValue  *value,
                  GError         **error)
{
  g_autoptr (AlmWireHello) self = g_new0 (AlmWireHello, 1);
  const AlmValue *limits = alm_value_get (value, "limits");

  self->scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_wire_scope_free);
  self->erased = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_wire_erasure_free);
  if (!alm_wire_take_text (value, "server", &self->server, error)
      || !alm_wire_take_text (value, "epoch", &self->epoch, error)
      || !alm_wire_take_count (value, "protocol", 1, &self->protocol, error)
      || !alm_wire_take_count (value, "next", 1, &self->next, error)
      || !alm_wire_take_text_list (value, "roles", &self->roles, error)
      || !take_areas (self, alm_value_get (value, "areas"), error)
      || !parse_scopes (self, alm_value_get (value, "scopes"), error)
      || !parse_erased (self, alm_value_get (value, "erased"), error))
    return NULL;

  if (*self->server == '\0' || *self->epoch == '\0')
    {
      alm_wire_refuse (error, "empty \"server\" or \"epoch\"");
      return NULL;
    }

  self->rights = g_strdup (alm_value_get_text_of (value, "rights"));
  self->token = g_strdup (alm_value_get_text_of (value, "token"));
  self->max_body = alm_value_get_integer_of (limits, "body", 8 << 20);
  self->max_commands = alm_value_get_integer_of (limits, "commands", 2000);
  if (self->max_body < 4096 || self->max_commands < 1)
    {
      alm_wire_refuse (error, "limits too small to work with");
      return NULL;
    }

  return g_steal_pointer (&self);
}

AlmWireHello *
alm_wire_hello_parse (const char  *text,
                      gsize        length,
                      GError     **error)
{
  g_autoptr (AlmValue) value = alm_wire_parse_object (text, length, error);
  AlmWireHello *self = value != NULL ? hello_from_value (value, error) : NULL;

  if (self == NULL)
    g_prefix_error (error, "answer to hello: ");

  return self;
}

static AlmValue *
scope_to_value (const AlmWireScope *self)
{
  AlmValue *value = alm_value_new_object ();

  alm_value_set_text (value, "scope", self->scope);
  alm_value_set_text (value, "title", self->title);
  alm_value_set_integer (value, "seq", self->seq);
  alm_value_set_integer (value, "began", self->began);
  alm_value_set_integer (value, "records", self->records);
  alm_value_set (value, "roles", alm_value_ref (self->roles));
  alm_value_set (value, "classes", alm_value_ref (self->classes));
  if (self->writes != NULL)
    alm_value_set (value, "writes", alm_value_ref (self->writes));
  if (self->areas != NULL)
    alm_value_set (value, "areas", alm_value_ref (self->areas));
  alm_value_set_text (value, "grant", self->grant);
  if (self->pack_seq > 0)
    {
      AlmValue *pack = alm_value_new_object ();

      alm_value_set_integer (pack, "seq", self->pack_seq);
      alm_value_set_integer (pack, "bytes", self->pack_bytes);
      alm_value_set_text (pack, "etag", self->pack_etag);
      alm_value_set (value, "pack", pack);
    }

  return value;
}

static AlmValue *
erasure_to_value (const AlmWireErasure *self)
{
  AlmValue *value = alm_value_new_object ();
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&self->id, id);
  alm_value_set_text (value, "scope", self->scope);
  alm_value_set_integer (value, "seq", self->seq);
  alm_value_set_text (value, "id", id);
  alm_value_set (value, "fields", alm_value_ref (self->fields));

  return value;
}

AlmValue *
alm_wire_hello_to_value (const AlmWireHello *self)
{
  AlmValue *value = alm_value_new_object ();
  AlmValue *limits = alm_value_new_object ();
  AlmValue *scopes = alm_value_new_list ();
  g_autoptr (AlmValue) erased = alm_value_new_list ();

  alm_value_set_integer (limits, "body", self->max_body);
  alm_value_set_integer (limits, "commands", self->max_commands);
  for (guint i = 0; i < self->scopes->len; i++)
    alm_value_append (scopes, scope_to_value (g_ptr_array_index (self->scopes, i)));
  for (guint i = 0; i < self->erased->len; i++)
    alm_value_append (erased, erasure_to_value (g_ptr_array_index (self->erased, i)));

  alm_value_set_text (value, "server", self->server);
  alm_value_set_text (value, "epoch", self->epoch);
  alm_value_set_integer (value, "protocol", self->protocol);
  alm_value_set_integer (value, "next", self->next);
  alm_value_set_text (value, "rights", self->rights);
  alm_value_set (value, "limits", limits);
  alm_value_set (value, "roles", alm_value_ref (self->roles));
  if (self->areas != NULL)
    alm_value_set (value, "areas", alm_value_ref (self->areas));
  alm_value_set (value, "scopes", scopes);
  if (self->erased->len > 0)
    alm_value_set (value, "erased", g_steal_pointer (&erased));

  return value;
}

AlmWireHello *
alm_wire_hello_copy (const AlmWireHello *self)
{
  g_autoptr (AlmValue) value = alm_wire_hello_to_value (self);
  AlmWireHello *copy = hello_from_value (value, NULL);

  g_assert (copy != NULL);

  return copy;
}

/* (transfer none) (nullable) */
const AlmWireScope *
alm_wire_hello_find (const AlmWireHello *self,
                     const char         *scope)
{
  for (guint i = 0; i < self->scopes->len; i++)
    {
      const AlmWireScope *found = g_ptr_array_index (self->scopes, i);

      if (strcmp (found->scope, scope) == 0)
        return found;
    }

  return NULL;
}

/* push */

static const char *const result_texts[] = { "ok", "merged", "conflict", "refused" };

const char *
alm_wire_result_to_text (AlmWireResult result)
{
  g_return_val_if_fail ((guint) result < G_N_ELEMENTS (result_texts), NULL);

  return result_texts[result];
}

void
alm_wire_outcome_free (AlmWireOutcome *self)
{
  g_clear_pointer (&self->merged, alm_value_unref);
  g_clear_pointer (&self->conflicts, alm_value_unref);
  g_free (self->code);
  g_free (self->detail);
  g_free (self->limit);
  g_free (self);
}

static gboolean
take_conflicts (AlmWireOutcome  *self,
                AlmValue        *list,
                GError         **error)
{
  if (!alm_value_is (list, ALM_VALUE_LIST))
    return alm_wire_refuse (error, "\"conflicts\" is missing or no list");

  for (guint i = 0; i < alm_value_get_size (list); i++)
    {
      const AlmValue *item = alm_value_get_item (list, i);
      AlmId id;

      if (!alm_id_parse (&id, alm_value_get_text_of (item, "id"))
          || alm_value_get_text_of (item, "field") == NULL)
        return alm_wire_refuse (error, "a conflict without \"id\" and \"field\"");
    }
  self->conflicts = alm_value_ref (list);

  return TRUE;
}

AlmWireOutcome *
alm_wire_outcome_from_value (const AlmValue  *value,
                             GError         **error)
{
  g_autoptr (AlmWireOutcome) self = g_new0 (AlmWireOutcome, 1);
  const char *result = alm_value_get_text_of (value, "r");
  guint i;

  for (i = 0; i < G_N_ELEMENTS (result_texts); i++)
    if (g_strcmp0 (result, result_texts[i]) == 0)
      break;
  if (i == G_N_ELEMENTS (result_texts))
    {
      alm_wire_refuse (error, "unknown outcome");
      return NULL;
    }
  self->result = (AlmWireResult) i;

  if (!alm_wire_take_count (value, "n", 1, &self->n, error))
    return NULL;
  if (self->result == ALM_WIRE_REFUSED)
    {
      self->detail = g_strdup (alm_value_get_text_of (value, "detail"));
      self->limit = g_strdup (alm_value_get_text_of (value, "limit"));
      if (!alm_wire_take_text (value, "code", &self->code, error))
        return NULL;
    }
  else if (!alm_wire_take_count (value, "seq", 0, &self->seq, error))
    return NULL;
  if (self->result == ALM_WIRE_MERGED
      && !alm_wire_take_text_list (value, "merged", &self->merged, error))
    return NULL;
  if (self->result == ALM_WIRE_CONFLICT
      && !take_conflicts (self, alm_value_get (value, "conflicts"), error))
    return NULL;

  return g_steal_pointer (&self);
}

AlmValue *
alm_wire_outcome_to_value (const AlmWireOutcome *self)
{
  AlmValue *value = alm_value_new_object ();

  alm_value_set_integer (value, "n", self->n);
  alm_value_set_text (value, "r", alm_wire_result_to_text (self->result));
  if (self->result == ALM_WIRE_REFUSED)
    {
      alm_value_set_text (value, "code", self->code);
      alm_value_set_text (value, "detail", self->detail);
      alm_value_set_text (value, "limit", self->limit);
    }
  else
    alm_value_set_integer (value, "seq", self->seq);
  if (self->merged != NULL)
    alm_value_set (value, "merged", alm_value_ref (self->merged));
  if (self->conflicts != NULL)
    alm_value_set (value, "conflicts", alm_value_ref (self->conflicts));

  return value;
}

void
alm_wire_push_begin (GString     *out,
                     const AlmId *desk,
                     const char  *epoch,
                     gint64       first)
{
  g_autoptr (AlmValue) head = alm_value_new_object ();
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (desk, id);
  alm_value_set_text (head, "desk", id);
  alm_value_set_text (head, "epoch", epoch);
  alm_value_set_integer (head, "first", first);
  alm_wire_print_line (out, head);
}

void
alm_wire_push_add (GString          *out,
                   const AlmCommand *command)
{
  g_autoptr (AlmValue) value = alm_command_to_value (command);

  alm_wire_print_line (out, value);
}

static gboolean
parse_push_line (const char  *line,
                 gsize        length,
                 gint64       first,
                 guint        count,
                 GPtrArray   *outcomes,
                 gint64      *next,
                 GError     **error)
{
  g_autoptr (AlmValue) value = alm_wire_parse_object (line, length, error);
  g_autoptr (AlmWireOutcome) outcome = NULL;

  if (value == NULL)
    return FALSE;
  if (*next != 0)
    return alm_wire_refuse (error, "text after the last line");
  if (alm_value_get (value, "r") == NULL)
    return alm_wire_take_count (value, "next", 1, next, error);

  outcome = alm_wire_outcome_from_value (value, error);
  if (outcome == NULL)
    return FALSE;
  if (outcomes->len == count || outcome->n != first + outcomes->len)
    return alm_wire_refuse (error, "the outcome of %" G_GINT64_FORMAT " was not asked for here",
                            outcome->n);
  g_ptr_array_add (outcomes, g_steal_pointer (&outcome));

  return TRUE;
}

GPtrArray *
alm_wire_push_parse_reply (const char  *text,
                           gsize        length,
                           gint64       first,
                           guint        count,
                           gint64      *next,
                           GError     **error)
{
  g_autoptr (GPtrArray) outcomes = NULL;
  AlmWireLines lines;
  const char *line;
  gsize line_length;

  *next = 0;
  outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_wire_outcome_free);
  alm_wire_lines_start (&lines, text, length);
  while (alm_wire_lines_next (&lines, &line, &line_length))
    if (!parse_push_line (line, line_length, first, count, outcomes, next, error))
      {
        g_prefix_error (error, "answer to push: line %u: ", lines.number);
        return NULL;
      }

  if (*next == 0 || outcomes->len != count)
    {
      alm_wire_refuse (error, "answer to push: ended too early");
      return NULL;
    }

  return g_steal_pointer (&outcomes);
}

/* login */

char *
alm_wire_login_request (const char  *user,
                        const char  *password,
                        const AlmId *desk,
                        const char  *name)
{
  g_autoptr (AlmValue) value = alm_value_new_object ();
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (desk, id);
  alm_value_set_text (value, "user", user);
  alm_value_set_text (value, "password", password);
  alm_value_set_text (value, "desk", id);
  alm_value_set_text (value, "name", name);

  return alm_value_to_text (value);
}

char *
alm_wire_login_parse (GBytes  *body,
                      GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (AlmValue) value = alm_wire_parse_object (text, length, error);
  g_autofree char *token = NULL;

  if (value == NULL || !alm_wire_take_text (value, "token", &token, error))
    {
      g_prefix_error (error, "answer to login: ");
      return NULL;
    }

  return g_steal_pointer (&token);
}

/* problems */

void
alm_wire_problem_clear (AlmWireProblem *self)
{
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->detail, g_free);
}

/* Never fails: what is no problem+json (a proxy's page) is one without a code. */
void
alm_wire_problem_parse (AlmWireProblem *self,
                        const char     *text,
                        gsize           length)
{
  g_autoptr (AlmValue) value = alm_wire_parse_object (text, length, NULL);
  const char *code = alm_value_get_text_of (value, "code");

  *self = (AlmWireProblem) {
    .code = g_strdup (code != NULL ? code : ""),
    .detail = g_strdup (alm_value_get_text_of (value, "detail")),
    .next = MAX (0, alm_value_get_integer_of (value, "next", 0)),
    .n = MAX (0, alm_value_get_integer_of (value, "n", 0)),
  };
}
