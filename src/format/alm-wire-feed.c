/* SPDX-License-Identifier: EUPL-1.2 */

/* Records on their way to a desk: lines, pages of the feed, packs.
 *
 * Invariants: those of alm-wire.c, and
 *   4. No record of a page lies above the cursor that the page gives its scope.
 * Pure; any thread. */

#include "config.h"

#include "alm-wire-feed.h"

#include "alm-wire-private.h"

#include <string.h>

void
alm_wire_record_clear (AlmWireRecord *self)
{
  g_clear_pointer (&self->scope, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->fields, alm_value_unref);
  g_clear_pointer (&self->erased, alm_value_unref);
}

static gboolean
record_from_value (AlmWireRecord   *self,
                   const AlmValue  *value,
                   GError         **error)
{
  AlmValue *fields = alm_value_get (value, "f");

  if (!alm_wire_take_text (value, "s", &self->scope, error)
      || !alm_wire_take_text (value, "k", &self->kind, error)
      || !alm_wire_take_count (value, "v", 1, &self->ver, error))
    return FALSE;
  if (!alm_name_is_scope (self->scope) || !alm_name_is_kind (self->kind))
    return alm_wire_refuse (error, "broken name of a scope or kind");
  if (!alm_id_parse (&self->id, alm_value_get_text_of (value, "id")))
    return alm_wire_refuse (error, "broken id");

  self->deleted = alm_value_get_boolean_of (value, "del", FALSE);
  if (!self->deleted && !alm_value_is (fields, ALM_VALUE_OBJECT))
    return alm_wire_refuse (error, "\"f\" is missing or no object");
  if (!self->deleted)
    self->fields = alm_value_ref (fields);

  if (alm_value_get (value, "erased") != NULL
      && !alm_wire_take_text_list (value, "erased", &self->erased, error))
    return FALSE;

  return TRUE;
}

/* On FALSE @self is cleared. */
gboolean
alm_wire_record_parse (AlmWireRecord  *self,
                       const char     *line,
                       gsize           length,
                       GError        **error)
{
  g_autoptr (AlmValue) value = alm_wire_parse_object (line, length, error);

  *self = (AlmWireRecord) { 0 };
  if (value == NULL)
    return FALSE;
  if (!record_from_value (self, value, error))
    {
      alm_wire_record_clear (self);
      return FALSE;
    }

  return TRUE;
}

/* The members in the order of their names, as canonical text has them. */
void
alm_wire_record_print_raw (GString        *out,
                           const char     *scope,
                           gint64          ver,
                           const AlmId    *id,
                           const char     *kind,
                           const char     *body,
                           const AlmValue *erased)
{
  char text[ALM_ID_TEXT_SIZE];

  alm_id_print (id, text);
  g_string_append_c (out, '{');
  if (body == NULL)
    g_string_append (out, "\"del\":true,");
  if (erased != NULL)
    {
      g_string_append (out, "\"erased\":");
      alm_value_print (erased, out);
      g_string_append_c (out, ',');
    }
  if (body != NULL)
    {
      g_string_append (out, "\"f\":");
      g_string_append (out, body);
      g_string_append_c (out, ',');
    }
  g_string_append (out, "\"id\":\"");
  g_string_append (out, text);
  g_string_append (out, "\",\"k\":\"");
  g_string_append (out, kind);
  g_string_append (out, "\",\"s\":\"");
  g_string_append (out, scope);
  g_string_append_printf (out, "\",\"v\":%" G_GINT64_FORMAT "}\n", ver);
}

void
alm_wire_record_print (const AlmWireRecord *self,
                       GString             *out)
{
  g_autofree char *body = NULL;

  if (!self->deleted)
    body = alm_value_to_text (self->fields);
  alm_wire_record_print_raw (out, self->scope, self->ver, &self->id, self->kind, body,
                             self->erased);
}

/* @cursors: (transfer none) */
char *
alm_wire_feed_request (const char *epoch,
                       AlmValue   *cursors,
                       guint       max,
                       guint       wait_s)
{
  g_autoptr (AlmValue) value = alm_value_new_object ();

  alm_value_set_text (value, "epoch", epoch);
  alm_value_set (value, "cursors", alm_value_ref (cursors));
  alm_value_set_integer (value, "max", max);
  alm_value_set_integer (value, "wait", wait_s);

  return alm_value_to_text (value);
}

void
alm_wire_page_free (AlmWirePage *self)
{
  g_array_unref (self->records);
  g_clear_pointer (&self->cursors, alm_value_unref);
  g_clear_pointer (&self->digest, alm_value_unref);
  g_free (self->rights);
  g_free (self);
}

static gboolean
take_cursors (AlmWirePage     *self,
              AlmValue        *cursors,
              GError         **error)
{
  if (!alm_value_is (cursors, ALM_VALUE_OBJECT))
    return alm_wire_refuse (error, "\"cursors\" is no object");

  for (guint i = 0; i < alm_value_get_size (cursors); i++)
    if (!alm_name_is_scope (alm_value_get_key (cursors, i))
        || !alm_value_is (alm_value_get_item (cursors, i), ALM_VALUE_INTEGER)
        || alm_value_get_integer (alm_value_get_item (cursors, i)) < 0)
      return alm_wire_refuse (error, "broken cursor");
  self->cursors = alm_value_ref (cursors);

  return TRUE;
}

static gboolean
parse_page_line (AlmWirePage  *self,
                 const char   *line,
                 gsize         length,
                 GError      **error)
{
  g_autoptr (AlmValue) value = alm_wire_parse_object (line, length, error);
  AlmWireRecord record = { 0 };
  AlmValue *digest;

  if (value == NULL)
    return FALSE;
  if (self->cursors != NULL)
    return alm_wire_refuse (error, "text after the last line");

  if (alm_value_get (value, "cursors") == NULL)
    {
      if (!record_from_value (&record, value, error))
        {
          alm_wire_record_clear (&record);
          return FALSE;
        }
      g_array_append_val (self->records, record);
      return TRUE;
    }

  digest = alm_value_get (value, "digest");
  self->digest = alm_value_is (digest, ALM_VALUE_OBJECT) ? alm_value_ref (digest)
                                                         : alm_value_new_object ();
  self->more = alm_value_get_boolean_of (value, "more", FALSE);

  return alm_wire_take_text (value, "rights", &self->rights, error)
         && take_cursors (self, alm_value_get (value, "cursors"), error);
}

/* Each record lies in a scope of the last line and not above its cursor. */
static gboolean
check_page (AlmWirePage  *self,
            GError      **error)
{
  for (guint i = 0; i < self->records->len; i++)
    {
      const AlmWireRecord *record = &g_array_index (self->records, AlmWireRecord, i);

      if (alm_value_get_integer_of (self->cursors, record->scope, -1) < record->ver)
        return alm_wire_refuse (error, "line %u: above the cursor of its scope", i + 1);
    }

  return TRUE;
}

AlmWirePage *
alm_wire_page_parse (const char  *text,
                     gsize        length,
                     GError     **error)
{
  g_autoptr (AlmWirePage) self = g_new0 (AlmWirePage, 1);
  AlmWireLines lines;
  const char *line;
  gsize line_length;

  self->records = g_array_new (FALSE, FALSE, sizeof (AlmWireRecord));
  g_array_set_clear_func (self->records, (GDestroyNotify) alm_wire_record_clear);

  alm_wire_lines_start (&lines, text, length);
  while (alm_wire_lines_next (&lines, &line, &line_length))
    if (!parse_page_line (self, line, line_length, error))
      {
        g_prefix_error (error, "answer to feed: line %u: ", lines.number);
        return NULL;
      }

  if (self->cursors == NULL)
    {
      alm_wire_refuse (error, "answer to feed: ended too early");
      return NULL;
    }
  if (!check_page (self, error))
    {
      g_prefix_error (error, "answer to feed: ");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* @cursors, @digest: (transfer none) */
void
alm_wire_page_end (GString    *out,
                   AlmValue   *cursors,
                   gboolean    more,
                   const char *rights,
                   AlmValue   *digest)
{
  g_autoptr (AlmValue) value = alm_value_new_object ();

  alm_value_set (value, "cursors", alm_value_ref (cursors));
  alm_value_set (value, "digest", digest != NULL ? alm_value_ref (digest)
                                                 : alm_value_new_object ());
  alm_value_set (value, "more", alm_value_new_boolean (more));
  alm_value_set_text (value, "rights", rights);
  alm_wire_print_line (out, value);
}

/* pack */

void
alm_wire_pack_head_clear (AlmWirePackHead *self)
{
  g_clear_pointer (&self->scope, g_free);
  g_clear_pointer (&self->epoch, g_free);
  g_clear_pointer (&self->classes, alm_value_unref);
}

gboolean
alm_wire_pack_head_parse (AlmWirePackHead  *self,
                          const char       *line,
                          gsize             length,
                          GError          **error)
{
  g_autoptr (AlmValue) value = alm_wire_parse_object (line, length, error);

  *self = (AlmWirePackHead) { 0 };
  if (value != NULL && alm_value_get_integer_of (value, "pack", 0) != 1)
    alm_wire_refuse (error, "not a pack of version 1");
  else if (value != NULL
           && alm_wire_take_text (value, "scope", &self->scope, error)
           && alm_wire_take_text (value, "epoch", &self->epoch, error)
           && alm_wire_take_count (value, "seq", 0, &self->seq, error)
           && alm_wire_take_count (value, "records", 0, &self->records, error)
           && alm_wire_take_text_list (value, "classes", &self->classes, error))
    return TRUE;

  g_prefix_error (error, "head of a pack: ");
  alm_wire_pack_head_clear (self);

  return FALSE;
}

void
alm_wire_pack_head_print (const AlmWirePackHead *self,
                          GString               *out)
{
  g_autoptr (AlmValue) value = alm_value_new_object ();

  alm_value_set_integer (value, "pack", 1);
  alm_value_set_text (value, "scope", self->scope);
  alm_value_set_text (value, "epoch", self->epoch);
  alm_value_set_integer (value, "seq", self->seq);
  alm_value_set_integer (value, "records", self->records);
  alm_value_set (value, "classes", alm_value_ref (self->classes));
  alm_wire_print_line (out, value);
}

/* FALSE without an error: the line is no last line, but a record's. */
gboolean
alm_wire_pack_end_parse (const char  *line,
                         gsize        length,
                         gint64      *count,
                         AlmValue   **digest,
                         GError     **error)
{
  g_autoptr (AlmValue) value = NULL;
  AlmValue *found;

  *digest = NULL;
  if (length < 9 || (strncmp (line, "{\"end\":", 7) != 0 && strncmp (line, "{\"digest", 8) != 0))
    return FALSE;

  value = alm_wire_parse_object (line, length, error);
  if (value == NULL || !alm_wire_take_count (value, "end", 0, count, error))
    {
      g_prefix_error (error, "end of a pack: ");
      return FALSE;
    }

  found = alm_value_get (value, "digest");
  *digest = alm_value_is (found, ALM_VALUE_OBJECT) ? alm_value_ref (found)
                                                   : alm_value_new_object ();

  return TRUE;
}

/* @digest: (transfer none) */
void
alm_wire_pack_end_print (GString  *out,
                         gint64    count,
                         AlmValue *digest)
{
  g_autoptr (AlmValue) value = alm_value_new_object ();

  alm_value_set_integer (value, "end", count);
  alm_value_set (value, "digest", alm_value_ref (digest));
  alm_wire_print_line (out, value);
}
