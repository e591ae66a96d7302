/* SPDX-License-Identifier: EUPL-1.2 */

/* The derived tables (assets-map.md, section 3.3): typed columns per kind, places
 * with their R*Tree, and what the search looks through.
 *
 * Invariants:
 *   1. Everything here can be made from `records` and the models alone; a test
 *      compares the two (derived = rebuilt).
 *   2. Derived rows are written in the transaction of their record; for the
 *      indexes over them see alm-desk-indexes.c.
 *   3. Deleted records have no derived rows.
 *   4. `derived` says from which model a kind's rows were made; a kind whose model
 *      is another one now is stale: nothing is derived until it is rebuilt.
 * alm-desk-search-rows.c has the part of the search. */

#include "config.h"

#include "alm-desk-derived-private.h"

#include "alm-edtf.h"
#include "alm-place-private.h"
#include "alm-plant.h"
#include "alm-utm.h"

#include <sodium.h>
#include <string.h>

/* Grows with each change of how rows are derived: all are made anew then. */
#define DERIVED_VERSION "1"

static const char common_tables[] =
  "CREATE TABLE asset (rid INTEGER PRIMARY KEY, kind INTEGER NOT NULL, gtype INTEGER NOT NULL,"
  " wx INTEGER NOT NULL, wy INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL,"
  " geom BLOB NOT NULL) STRICT;"
  "CREATE VIRTUAL TABLE asset_box USING rtree (rid, e0, e1, n0, n1);"
  "CREATE TABLE search_text (fid INTEGER PRIMARY KEY, kind INTEGER NOT NULL,"
  " label TEXT NOT NULL, detail TEXT NOT NULL, text TEXT NOT NULL) STRICT;"
  "CREATE VIRTUAL TABLE records_fts USING fts5 (text, content='search_text',"
  " content_rowid='fid', detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0');"
  "CREATE TABLE search_words (w INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;";

static void
derived_kind_free (AlmDerivedKind *self)
{
  alm_model_unref (self->model);
  g_free (self->table);
  g_free (self->insert);
  g_free (self->remove);
  g_free (self);
}

/* "v_play_device"; a kind has no underscore, so two kinds never share a table. */
char *
alm_desk_table_of (const char *kind)
{
  char *table = g_strconcat ("v_", kind, NULL);

  g_strdelimit (table, "-", '_');

  return table;
}

/* The column of a field, quoted; "rid" is taken. */
char *
alm_desk_column_of (const char *field)
{
  return g_strdup_printf (strcmp (field, "rid") == 0 ? "\"%s:\"" : "\"%s\"", field);
}

static const char *
column_type (const AlmField *field)
{
  switch (field->type)
    {
    case ALM_FIELD_INTEGER:
    case ALM_FIELD_BOOLEAN:
      return "INTEGER";

    case ALM_FIELD_NUMBER:
      return "REAL";

    case ALM_FIELD_TEXT:
    case ALM_FIELD_DATE:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_EDTF:
    case ALM_FIELD_REFERENCE:
    case ALM_FIELD_LIST:
    case ALM_FIELD_OBJECT:
    case ALM_FIELD_GEOMETRY:
    default:
      return "TEXT";
    }
}

/* The place is in `asset`, not in the typed table. */
static gboolean
has_column (const AlmDerivedKind *self,
            const AlmField       *field)
{
  return field != self->geometry;
}

static char *
make_create (const AlmDerivedKind *self)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE TABLE \"%s\" (rid INTEGER PRIMARY KEY, \":label\" TEXT",
                   self->table);
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);
      g_autofree char *column = alm_desk_column_of (field->name);

      if (has_column (self, field))
        g_string_append_printf (sql, ", %s %s", column, column_type (field));
    }
  g_string_append (sql, ") STRICT");

  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* Parameters ?1 = rid, ?2 = label, then the fields in the model's order. */
static char *
make_insert (const AlmDerivedKind *self)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  guint n = 2;

  g_string_printf (sql, "INSERT OR REPLACE INTO \"%s\" VALUES (?1, ?2", self->table);
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    if (has_column (self, alm_model_get_field (self->model, i)))
      g_string_append_printf (sql, ", ?%u", ++n);
  g_string_append_c (sql, ')');

  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static AlmDerivedKind *
derived_kind_new (AlmModel *model,
                  gint64    number)
{
  AlmDerivedKind *self = g_new0 (AlmDerivedKind, 1);

  self->model = alm_model_ref (model);
  self->number = number;
  self->geometry = alm_model_find_role (model, ALM_ROLE_GEOMETRY);
  self->start = alm_model_find_role (model, ALM_ROLE_START);
  self->end = alm_model_find_role (model, ALM_ROLE_END);
  self->instant = alm_model_find_role (model, ALM_ROLE_INSTANT);
  self->searchable = alm_value_get_text_of (alm_model_get_schema (model), "x-alm-label") != NULL;
  self->rank = alm_desk_search_rank (self);
  self->table = alm_desk_table_of (alm_model_get_name (model));
  self->insert = make_insert (self);
  self->remove = g_strdup_printf ("DELETE FROM \"%s\" WHERE rid = :rid", self->table);

  return self;
}

static void
bind_field (AlmSql          *query,
            int              index,
            const AlmField  *field,
            const AlmValue  *value)
{
  g_autofree char *text = NULL;

  if (value == NULL)
    {
      alm_sql_bind_null_at (query, index);
      return;
    }

  switch (field->type)
    {
    case ALM_FIELD_INTEGER:
      if (alm_value_is (value, ALM_VALUE_INTEGER))
        alm_sql_bind_int_at (query, index, alm_value_get_integer (value));
      else
        alm_sql_bind_null_at (query, index);
      return;

    case ALM_FIELD_BOOLEAN:
      if (alm_value_is (value, ALM_VALUE_BOOLEAN))
        alm_sql_bind_int_at (query, index, alm_value_get_boolean (value));
      else
        alm_sql_bind_null_at (query, index);
      return;

    case ALM_FIELD_NUMBER:
      if (alm_value_is_number (value))
        alm_sql_bind_double_at (query, index, alm_value_get_double (value));
      else
        alm_sql_bind_null_at (query, index);
      return;

    case ALM_FIELD_LIST:
    case ALM_FIELD_OBJECT:
    case ALM_FIELD_GEOMETRY:
      text = alm_value_to_text (value);
      alm_sql_bind_text_at (query, index, text);
      return;

    case ALM_FIELD_TEXT:
    case ALM_FIELD_DATE:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_EDTF:
    case ALM_FIELD_REFERENCE:
    default:
      alm_sql_bind_text_at (query, index, alm_value_is (value, ALM_VALUE_TEXT)
                                          ? alm_value_get_text (value) : NULL);
      return;
    }
}

static gboolean
derive_columns (AlmDesk               *self,
                const AlmDerivedKind  *kind,
                const AlmRow          *row,
                const char            *label,
                GError               **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, kind->insert);
  int index = 2;

  alm_sql_bind_int_at (query, 1, row->rid);
  alm_sql_bind_text_at (query, 2, label);
  for (guint i = 0; i < alm_model_get_n_fields (kind->model); i++)
    {
      const AlmField *field = alm_model_get_field (kind->model, i);

      if (has_column (kind, field))
        bind_field (query, ++index, field, alm_value_get (row->fields, field->name));
    }

  return alm_sql_run (query, error);
}

/* The days of a field that holds a date of some kind; FALSE: there is none. */
static gboolean
read_days (const AlmField  *field,
           const AlmRow    *row,
           gint64          *first,
           gint64          *last)
{
  AlmValue *value = field != NULL ? alm_value_get (row->fields, field->name) : NULL;
  const char *text = value != NULL && alm_value_is (value, ALM_VALUE_TEXT)
                     ? alm_value_get_text (value) : NULL;
  g_autofree char *day = NULL;

  if (text == NULL)
    return FALSE;

  if (field->type == ALM_FIELD_DATETIME && strlen (text) > 10)
    text = day = g_strndup (text, 10);

  return alm_edtf_bounds (text, first, last);
}

static gint32
clamp_day (gint64 day)
{
  return (gint32) CLAMP (day, G_MININT32, G_MAXINT32);
}

/* assets-map.md, section 3.3: t1 is the day after the latest day of the end. */
void
alm_desk_find_lifespan (const AlmDerivedKind *kind,
                        const AlmRow         *row,
                        gint32               *t0,
                        gint32               *t1)
{
  gint64 first, last;

  *t0 = G_MININT32;
  *t1 = G_MAXINT32;
  if (read_days (kind->instant, row, &first, &last))
    {
      *t0 = clamp_day (first);
      *t1 = clamp_day (last == ALM_EDTF_OPEN_END ? last : last + 1);
      return;
    }
  if (read_days (kind->start, row, &first, &last))
    *t0 = clamp_day (first);
  if (read_days (kind->end, row, &first, &last))
    *t1 = clamp_day (last == ALM_EDTF_OPEN_END ? last : last + 1);
}

static gboolean
remove_place (AlmDesk  *self,
              gint64    rid,
              GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "DELETE FROM asset WHERE rid = ?1");
  AlmBoxEntry box = { .rid = rid, .gone = TRUE };

  if (ALM_PLANTED ("place-kept"))
    return TRUE;

  alm_sql_bind_int_at (query, 1, rid);
  if (!alm_sql_run (query, error))
    return FALSE;

  return sqlite3_changes (self->db->handle) == 0 || alm_desk_add_box (self, &box, error);
}

static gboolean
derive_place (AlmDesk               *self,
              const AlmDerivedKind  *kind,
              const AlmRow          *row,
              gboolean               is_new,
              GError               **error)
{
  AlmValue *geometry = kind->geometry != NULL
                       ? alm_value_get (row->fields, kind->geometry->name) : NULL;
  g_auto (AlmPlace) place = { 0 };
  g_autoptr (AlmQuery) query = NULL;
  AlmBoxEntry box = { .rid = row->rid };
  gint32 t0, t1;

  if (geometry == NULL || !alm_place_read (&place, geometry, self->crs))
    return is_new || kind->geometry == NULL || remove_place (self, row->rid, error);

  alm_desk_find_lifespan (kind, row, &t0, &t1);
  query = alm_db_query (self->db, "INSERT OR REPLACE INTO asset"
                                  " (rid, kind, gtype, wx, wy, t0, t1, geom)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  alm_sql_bind_int_at (query, 1, row->rid);
  alm_sql_bind_int_at (query, 2, kind->number);
  alm_sql_bind_int_at (query, 3, place.gtype);
  alm_sql_bind_int_at (query, 4, place.wx);
  alm_sql_bind_int_at (query, 5, place.wy);
  alm_sql_bind_int_at (query, 6, t0);
  alm_sql_bind_int_at (query, 7, t1);
  alm_sql_bind_blob_at (query, 8, place.geom->data, place.geom->len);
  if (!alm_sql_run (query, error))
    return FALSE;

  box.e0 = place.e0;
  box.e1 = place.e1;
  box.n0 = place.n0;
  box.n1 = place.n1;
  box.hilbert = alm_place_hilbert ((place.e0 + place.e1) / 2, (place.n0 + place.n1) / 2);

  return alm_desk_add_box (self, &box, error);
}

static AlmDerivedKind *
find_fresh (AlmDesk    *self,
            const char *name)
{
  AlmDerivedKind *kind = g_hash_table_lookup (self->derived, name);

  return kind != NULL && !kind->stale ? kind : NULL;
}

AlmDerivedKind *
alm_desk_find_derived (AlmDesk    *self,
                       const char *kind)
{
  return find_fresh (self, kind);
}

/* @is_new: no derived rows of it can be there. */
gboolean
alm_desk_derive (AlmDesk       *self,
                 const AlmRow  *row,
                 gboolean       is_new,
                 GError       **error)
{
  AlmDerivedKind *kind = find_fresh (self, row->kind);
  g_autofree char *label = NULL;

  if (kind == NULL || (!is_new && ALM_PLANTED ("derived-once")))
    return TRUE;

  label = alm_model_format_label (kind->model, row->fields);

  return derive_columns (self, kind, row, label, error)
         && derive_place (self, kind, row, is_new, error)
         && (!kind->searchable || alm_desk_derive_search (self, kind, row, label, is_new, error));
}

gboolean
alm_desk_derive_remove (AlmDesk       *self,
                        const AlmRow  *row,
                        GError       **error)
{
  AlmDerivedKind *kind = find_fresh (self, row->kind);
  g_autoptr (AlmQuery) query = NULL;

  if (kind == NULL)
    return TRUE;

  query = alm_db_query (self->db, kind->remove);
  alm_sql_bind_int (query, ":rid", row->rid);

  return alm_sql_run (query, error)
         && remove_place (self, row->rid, error)
         && (!kind->searchable || alm_desk_remove_search (self, kind, row->rid, error));
}

/* The models have changed in this transaction: the kinds whose own has are
 * derived again after it. */
gboolean
alm_desk_derive_mark (AlmDesk  *self,
                      GError  **error)
{
  GHashTableIter iter;
  gpointer name, value;

  if (self->derived == NULL)
    return TRUE;

  g_hash_table_iter_init (&iter, self->derived);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      AlmDerivedKind *kind = value;
      g_autoptr (AlmQuery) query = NULL;

      if (alm_desk_get_model (self, name) == kind->model)
        continue;

      kind->stale = TRUE;
      query = alm_db_query (self->db, "UPDATE derived SET state = 'stale' WHERE kind = :kind");
      alm_sql_bind_int (query, ":kind", kind->number);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

/* Nothing of an undone transaction is left in memory. */
void
alm_desk_derive_forget (AlmDesk *self)
{
  alm_desk_forget_boxes (self);
  g_hash_table_remove_all (self->words_seen);
}

static void
hash_model (AlmDesk         *self,
            const AlmModel  *model,
            guint8           hash[16])
{
  g_autofree char *text = alm_value_to_text (alm_model_get_schema (model));
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, 16);
  crypto_generichash_update (&state, (const guint8 *) &self->crs, sizeof self->crs);
  crypto_generichash_update (&state, (const guint8 *) text, strlen (text));
  crypto_generichash_final (&state, hash, 16);
}

/* *fresh: the rows in the file were made from this very model. */
static gboolean
is_fresh (AlmDesk               *self,
          const AlmDerivedKind  *kind,
          gboolean              *fresh,
          GError               **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT model_hash FROM derived"
                                             " WHERE kind = :kind AND state = 'fresh'");
  AlmSqlStep step;
  guint8 hash[16];

  hash_model (self, kind->model, hash);
  alm_sql_bind_int (query, ":kind", kind->number);
  step = alm_sql_step (query, error);
  *fresh = FALSE;
  if (step == ALM_SQL_STEP_ROW)
    {
      gsize length;
      gconstpointer kept = alm_sql_get_blob (query, 0, &length);

      *fresh = length == sizeof hash && memcmp (kept, hash, length) == 0;
    }

  return step != ALM_SQL_STEP_ERROR;
}

/* Makes the kind's tables anew; inside a transaction. */
static gboolean
rebuild (AlmDesk         *self,
         AlmDerivedKind  *kind,
         GError         **error)
{
  g_autofree char *count = g_strdup_printf ("SELECT count(*) FROM records WHERE kind = %"
                                            G_GINT64_FORMAT " AND del = 0", kind->number);
  gint64 n;
  g_autofree char *drop = g_strdup_printf ("DROP TABLE IF EXISTS \"%s\"", kind->table);
  g_autofree char *create = make_create (kind);
  g_autoptr (AlmQuery) query = NULL;
  guint8 hash[16];

  /* A statement of the old table must not stand in the way. */
  g_hash_table_remove (self->db->statements, kind->insert);
  g_hash_table_remove (self->db->statements, kind->remove);
  if (!alm_db_get_int (self->db, count, 0, &n, error)
      || !alm_desk_load_many (self, n, error)
      || !alm_sql_exec (self->db->handle, drop, error)
      || !alm_sql_exec (self->db->handle, create, error)
      || !alm_desk_derive_again (self, kind, error))
    return FALSE;

  hash_model (self, kind->model, hash);
  query = alm_db_query (self->db, "INSERT OR REPLACE INTO derived (kind, model_hash, state)"
                                  " VALUES (:kind, :hash, 'fresh')");
  alm_sql_bind_int (query, ":kind", kind->number);
  alm_sql_bind_blob (query, ":hash", hash, sizeof hash);

  return alm_sql_run (query, error);
}

static gboolean
rebuild_in_transaction (AlmDesk         *self,
                        AlmDerivedKind  *kind,
                        GError         **error)
{
  if (!alm_desk_begin (self, error))
    return FALSE;

  if (!rebuild (self, kind, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }
  alm_desk_note_kind (self, alm_model_get_name (kind->model));

  return alm_desk_commit (self, error);
}

static gboolean
open_kind (AlmDesk   *self,
           AlmModel  *model,
           GError   **error)
{
  const char *name = alm_model_get_name (model);
  AlmDerivedKind *kind = g_hash_table_lookup (self->derived, name);
  gboolean fresh;

  if (kind == NULL || kind->model != model || kind->number == 0)
    {
      gint64 number = alm_desk_find_name (self, name, error);

      if (number < 0)
        return FALSE;
      if (number == 0 && self->db->writable)
        {
          if (!alm_desk_begin (self, error))
            return FALSE;
          number = alm_desk_intern (self, name, error);
          if (number == 0)
            {
              alm_desk_rollback (self);
              return FALSE;
            }
          if (!alm_desk_commit (self, error))
            return FALSE;
        }
      kind = derived_kind_new (model, number);
      kind->stale = TRUE;
      g_hash_table_replace (self->derived, g_strdup (name), kind);
    }

  if (!kind->stale)
    return TRUE;

  if (!is_fresh (self, kind, &fresh, error))
    return FALSE;

  kind->stale = FALSE;
  if (fresh)
    return TRUE;

  if (self->db->writable && rebuild_in_transaction (self, kind, error))
    return TRUE;

  kind->stale = TRUE;

  return !self->db->writable;
}

gboolean
alm_desk_derive_drop (AlmDesk  *self,
                      GError  **error)
{
  g_autoptr (GPtrArray) drops = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
    "SELECT 'DROP TABLE IF EXISTS \"' || name || '\"' FROM sqlite_schema WHERE type = 'table'"
    " AND (name IN ('asset','asset_box','records_fts','search_text','search_words')"
    " OR name GLOB 'v_*')");
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    g_ptr_array_add (drops, g_strdup (alm_sql_get_text (sql, 0)));
  if (step == ALM_SQL_STEP_ERROR)
    return FALSE;
  g_clear_pointer (&sql, alm_sql_free);

  for (guint i = 0; i < drops->len; i++)
    if (!alm_sql_exec (self->db->handle, drops->pdata[i], error))
      return FALSE;

  return alm_sql_exec (self->db->handle, "DELETE FROM derived", error);
}

static gboolean
make_common_tables (AlmDesk  *self,
                    GError  **error)
{
  if (!alm_desk_begin (self, error))
    return FALSE;

  if (!alm_desk_derive_drop (self, error)
      || !alm_sql_exec (self->db->handle, common_tables, error)
      || !alm_desk_note_indexed (self, error)
      || !alm_desk_write_setting (self, "derived", DERIVED_VERSION, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}

static gboolean
read_city_cb (const AlmRow  *row,
              gpointer       user_data,
              GError       **error)
{
  const char *crs = alm_value_get_text_of (row->fields, "crs");
  int *number = user_data;

  if (crs != NULL && g_str_has_prefix (crs, "EPSG:")
      && alm_utm_is_system ((int) g_ascii_strtoll (crs + 5, NULL, 10)))
    *number = (int) g_ascii_strtoll (crs + 5, NULL, 10);

  return TRUE;
}

/* A kind is known whose rows were not to be had when they were last looked for. */
gboolean
alm_desk_derive_is_stale (AlmDesk *self)
{
  GHashTableIter iter;
  gpointer kind;

  if (self->derived == NULL)
    return FALSE;

  g_hash_table_iter_init (&iter, self->derived);
  while (g_hash_table_iter_next (&iter, NULL, &kind))
    if (((AlmDerivedKind *) kind)->stale)
      return TRUE;

  return FALSE;
}

/* After opening, and whenever the models have changed; outside a transaction. */
gboolean
alm_desk_derive_open (AlmDesk  *self,
                      GError  **error)
{
  g_autofree char *version = alm_desk_get_setting (self, "derived");
  g_autoptr (GPtrArray) models = alm_desk_list_models (self);

  if (self->derived == NULL)
    {
      self->derived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) derived_kind_free);
      self->boxes = g_array_new (FALSE, FALSE, sizeof (AlmBoxEntry));
    }

  /* Before anything is derived: while the mark stands nothing enters an index. */
  if (!alm_desk_load_indexed (self, error))
    return FALSE;

  self->crs = ALM_GEO_CRS_DEFAULT;
  if (!alm_desk_each (self, NULL, "city", FALSE, read_city_cb, &self->crs, error))
    return FALSE;

  if (self->db->writable && g_strcmp0 (version, DERIVED_VERSION) != 0
      && !make_common_tables (self, error))
    return FALSE;

  for (guint i = 0; i < models->len; i++)
    if (!open_kind (self, models->pdata[i], error))
      return FALSE;

  alm_desk_index_if_due (self);

  return TRUE;
}

void
alm_desk_derive_close (AlmDesk *self)
{
  g_clear_pointer (&self->derived, g_hash_table_unref);
  g_clear_pointer (&self->boxes, g_array_unref);
}
