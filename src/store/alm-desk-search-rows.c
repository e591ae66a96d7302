/* SPDX-License-Identifier: EUPL-1.2 */

/* What the search looks through, per record: its label, and the names, streets
 * and former names in its fields, folded (alm-german.c).  Fields of classes that
 * not everybody sees are left out, but for what the label shows. */

#include "config.h"

#include "alm-desk-derived-private.h"

#include "alm-german.h"
#include "alm-plant.h"

#include <string.h>

/* Fields that people search by, beside the label's. */
static const char *const searched[] = {
  "alias", "aliases", "district", "former", "house_number", "location", "number", "place",
  "postcode", "species", "species_de", "title", NULL
};
static const char *const searched_beginnings[] = { "name", "former_", "old_", "street" };

/* What tells two finds of one label apart. */
static const char *const detailed[] = {
  "street", "house_number", "postcode", "location", "place", "district", NULL
};

/* Streets and districts before addresses before single trees. */
guint
alm_desk_search_rank (const AlmDerivedKind *kind)
{
  const char *name = alm_model_get_name (kind->model);
  const char *format = kind->geometry != NULL ? kind->geometry->format : NULL;

  if (strcmp (name, "address") == 0)
    return 4;
  if (strcmp (name, "base-name") == 0)
    return 3;
  if (g_str_has_prefix (name, "base-"))
    return 7;
  if (format == NULL)
    return 3;
  if (strstr (format, "line") != NULL)
    return 2;
  if (strstr (format, "polygon") != NULL)
    return 1;

  return 5;
}

static gboolean
is_searched (const AlmField *field)
{
  if (field->class_ == ALM_CLASS_PERSONAL || field->class_ == ALM_CLASS_CONFIDENTIAL
      || (field->type != ALM_FIELD_TEXT && field->type != ALM_FIELD_LIST))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (searched_beginnings); i++)
    if (g_str_has_prefix (field->name, searched_beginnings[i]))
      return TRUE;

  return g_strv_contains (searched, field->name);
}

static void
append_text (GString         *out,
             const AlmValue  *value)
{
  if (alm_value_is (value, ALM_VALUE_TEXT))
    {
      g_string_append_c (out, ' ');
      g_string_append (out, alm_value_get_text (value));
    }
  else if (alm_value_is (value, ALM_VALUE_LIST))
    for (guint i = 0; i < alm_value_get_size (value); i++)
      append_text (out, alm_value_get_item (value, i));
}

/* The folded words, each once; (transfer full). */
static char *
make_text (const AlmDerivedKind *kind,
           const AlmRow         *row,
           const char           *label)
{
  g_autoptr (GString) raw = g_string_new (label);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *folded = NULL;
  char *save = NULL;

  for (guint i = 0; i < alm_model_get_n_fields (kind->model); i++)
    {
      const AlmField *field = alm_model_get_field (kind->model, i);
      const AlmValue *value = alm_value_get (row->fields, field->name);

      if (value != NULL && is_searched (field))
        append_text (raw, value);
    }

  folded = alm_german_fold (raw->str);
  g_string_append_c (out, ' ');
  for (char *word = strtok_r (folded, " ", &save); word != NULL;
       word = strtok_r (NULL, " ", &save))
    {
      g_autofree char *framed = g_strconcat (" ", word, " ", NULL);

      if (strstr (out->str, framed) == NULL)
        g_string_append (out, framed + 1);
    }

  return g_strstrip (g_string_free (g_steal_pointer (&out), FALSE));
}

static char *
make_detail (const AlmDerivedKind *kind,
             const AlmRow         *row,
             const char           *label)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *const *name = detailed; *name != NULL; name++)
    {
      const AlmField *field = alm_model_find_field (kind->model, *name);
      const char *text = alm_value_get_text_of (row->fields, *name);

      if (field == NULL || text == NULL || field->class_ == ALM_CLASS_PERSONAL
          || field->class_ == ALM_CLASS_CONFIDENTIAL || strstr (label, text) != NULL)
        continue;

      if (out->len > 0)
        g_string_append (out, strcmp (*name, "house_number") == 0 ? " " : ", ");
      g_string_append (out, text);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Only words of letters are worth a guess; numbers are what they are. */
static gboolean
is_word (const char *word)
{
  if (strlen (word) < 3)
    return FALSE;

  for (; *word != '\0'; word++)
    if (g_ascii_isdigit (*word))
      return FALSE;

  return TRUE;
}

static gboolean
keep_words (AlmDesk     *self,
            const char  *text,
            GError     **error)
{
  g_autofree char *copy = g_strdup (text);
  char *save = NULL;

  for (char *word = strtok_r (copy, " ", &save); word != NULL; word = strtok_r (NULL, " ", &save))
    {
      g_autoptr (AlmQuery) query = NULL;

      if (!is_word (word) || g_hash_table_contains (self->words_seen, word))
        continue;

      query = alm_db_query (self->db, "INSERT OR IGNORE INTO search_words (word) VALUES (:word)");
      alm_sql_bind_text (query, ":word", word);
      if (!alm_sql_run (query, error))
        return FALSE;
      g_hash_table_add (self->words_seen, g_strdup (word));
    }

  return TRUE;
}

/* The index keeps no text of its own: it must be told what it forgets. */
static gboolean
forget_text (AlmDesk     *self,
             gint64       fid,
             const char  *text,
             GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "INSERT INTO records_fts (records_fts,"
                                             " rowid, text) VALUES ('delete', :fid, :text)");

  alm_sql_bind_int (query, ":fid", fid);
  alm_sql_bind_text (query, ":text", text);

  return alm_sql_run (query, error);
}

/* *text: what stands there, NULL for nothing. */
static gboolean
load_text (AlmDesk  *self,
           gint64    fid,
           char    **text,
           GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT text FROM search_text"
                                             " WHERE fid = :fid");
  AlmSqlStep step;

  alm_sql_bind_int (query, ":fid", fid);
  step = alm_sql_step (query, error);
  *text = step == ALM_SQL_STEP_ROW ? g_strdup (alm_sql_get_text (query, 0)) : NULL;

  return step != ALM_SQL_STEP_ERROR;
}

static gboolean
write_text (AlmDesk               *self,
            const AlmDerivedKind  *kind,
            const AlmRow          *row,
            const char            *label,
            const char            *text,
            GError               **error)
{
  g_autofree char *detail = make_detail (kind, row, label);
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
    "INSERT OR REPLACE INTO search_text (fid, kind, label, detail, text)"
    " VALUES (?1, ?2, ?3, ?4, ?5)");

  alm_sql_bind_int_at (query, 1, ALM_SEARCH_FID (kind->rank, row->rid));
  alm_sql_bind_int_at (query, 2, kind->number);
  alm_sql_bind_text_at (query, 3, label);
  alm_sql_bind_text_at (query, 4, detail);
  alm_sql_bind_text_at (query, 5, text);

  return alm_sql_run (query, error);
}

gboolean
alm_desk_derive_search (AlmDesk               *self,
                        const AlmDerivedKind  *kind,
                        const AlmRow          *row,
                        const char            *label,
                        gboolean               is_new,
                        GError               **error)
{
  gint64 fid = ALM_SEARCH_FID (kind->rank, row->rid);
  g_autofree char *text = make_text (kind, row, label);
  g_autofree char *before = NULL;
  g_autoptr (AlmQuery) query = NULL;

  if (!is_new && !load_text (self, fid, &before, error))
    return FALSE;

  if (!write_text (self, kind, row, label, text, error))
    return FALSE;

  if (g_strcmp0 (before, text) == 0)
    return TRUE;

  if (!keep_words (self, text, error))
    return FALSE;
  if (fid > self->texts_to)
    return TRUE;
  if (before != NULL && !ALM_PLANTED ("words-kept") && !forget_text (self, fid, before, error))
    return FALSE;

  if (self->rebuilding)
    return TRUE;

  query = alm_db_query (self->db, "INSERT INTO records_fts (rowid, text) VALUES (:fid, :text)");
  alm_sql_bind_int (query, ":fid", fid);
  alm_sql_bind_text (query, ":text", text);

  return alm_sql_run (query, error);
}

gboolean
alm_desk_remove_search (AlmDesk               *self,
                        const AlmDerivedKind  *kind,
                        gint64                 rid,
                        GError               **error)
{
  gint64 fid = ALM_SEARCH_FID (kind->rank, rid);
  g_autofree char *before = NULL;
  g_autoptr (AlmQuery) query = NULL;

  if (!load_text (self, fid, &before, error))
    return FALSE;
  if (before == NULL)
    return TRUE;

  if (fid <= self->texts_to && !forget_text (self, fid, before, error))
    return FALSE;

  query = alm_db_query (self->db, "DELETE FROM search_text WHERE fid = :fid");
  alm_sql_bind_int (query, ":fid", fid);

  return alm_sql_run (query, error);
}
