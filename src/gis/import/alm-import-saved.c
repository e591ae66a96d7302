/* SPDX-License-Identifier: EUPL-1.2 */

/* Mappings that are there for the next delivery of a list.
 *
 * What a column means stays from year to year; how the bytes are written does
 * not, so encoding, separator and decimal sign are guessed anew each time.
 * Columns drift: some come, some go, their order changes.  A mapping is of use
 * as long as what it places by and what it matches by is there.
 * On the thread of the connection. */

#include "config.h"

#include "alm-import-saved.h"

#include "alm-clock.h"

#include <string.h>

#define TITLE_MAX 200   /* characters, as the record's model says */

typedef struct
{
  const AlmModel *model;
  const char     *scope;
  GPtrArray      *columns;
  AlmImportSaved *best;
  guint           best_rank;
} Search;

void
alm_import_saved_free (AlmImportSaved *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->mapping, alm_import_mapping_free);
  g_free (self->title);
  g_free (self->at);
  g_strfreev (self->missing);
  g_strfreev (self->added);
  g_free (self);
}

static gboolean
has_column (GPtrArray  *columns,
            const char *name)
{
  return g_ptr_array_find_with_equal_func (columns, name, g_str_equal, NULL);
}

/* (transfer container) (element-type utf8), of the record's list */
static GPtrArray *
read_header (const AlmValue *fields)
{
  const AlmValue *header = alm_value_get (fields, "header");
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; header != NULL && i < alm_value_get_size (header); i++)
    {
      const char *name = alm_value_get_text (alm_value_get_item (header, i));

      if (name != NULL)
        g_ptr_array_add (names, (char *) name);
    }

  return names;
}

/* Those of @names that are not among @others. */
static char **
list_others (GPtrArray *names,
             GPtrArray *others)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; i < names->len; i++)
    if (!has_column (others, names->pdata[i]))
      g_strv_builder_add (list, names->pdata[i]);

  return g_strv_builder_end (list);
}

static gboolean
is_to_known (const AlmModel        *model,
             const AlmImportColumn *column)
{
  return column->to == NULL || alm_model_find_field (model, column->to) != NULL;
}

/* Whether rows are still placed and matched as they were. */
static gboolean
keeps_place_and_key (const AlmImportMapping *mapping,
                     const AlmModel         *model,
                     GPtrArray              *columns)
{
  if ((mapping->x != NULL && !has_column (columns, mapping->x))
      || (mapping->y != NULL && !has_column (columns, mapping->y)))
    return FALSE;

  for (guint k = 0; mapping->key != NULL && mapping->key[k] != NULL; k++)
    {
      gboolean found = FALSE;

      for (guint i = 0; i < mapping->columns->len && !found; i++)
        {
          const AlmImportColumn *column = mapping->columns->pdata[i];

          found = g_strcmp0 (column->to, mapping->key[k]) == 0
                  && has_column (columns, column->column);
        }
      if (!found || alm_model_find_field (model, mapping->key[k]) == NULL)
        return FALSE;
    }

  return TRUE;
}

/* Forgets how the bytes were written, and what is there no longer. */
static void
keep_meaning (AlmImportMapping *mapping,
              const AlmModel   *model,
              GPtrArray        *columns)
{
  g_clear_pointer (&mapping->format, g_free);
  g_clear_pointer (&mapping->encoding, g_free);
  g_clear_pointer (&mapping->separator, g_free);
  g_clear_pointer (&mapping->quote, g_free);
  g_clear_pointer (&mapping->escape, g_free);
  g_clear_pointer (&mapping->layer, g_free);
  mapping->decimal = 0;
  mapping->header = -1;
  for (guint i = mapping->columns->len; i > 0; i--)
    {
      const AlmImportColumn *column = mapping->columns->pdata[i - 1];

      if (!has_column (columns, column->column) || !is_to_known (model, column))
        g_ptr_array_remove_index (mapping->columns, i - 1);
    }
}

/* Columns without a header have numbers for names, which any list has. */
static gboolean
is_numbered (GPtrArray *columns)
{
  return columns->len > 0 && strcmp (columns->pdata[0], "1") == 0;
}

/* Of the best so far: more of its columns are there, it is of the same scope,
 * it is younger. */
static guint
rank (const Search *search,
      const AlmRow *row,
      guint         n_header,
      guint         n_missing,
      guint         n_added)
{
  guint share = (n_header - n_missing) * 1000 / MAX (n_header + n_added, 1);

  return share * 2 + (g_strcmp0 (alm_value_get_text_of (row->fields, "scope"),
                                 search->scope) == 0) + 1;
}

static gboolean
take_saved (const AlmRow  *row,
            gpointer       user_data,
            GError       **error)
{
  Search *search = user_data;
  g_autoptr (GPtrArray) header = read_header (row->fields);
  g_autoptr (AlmImportMapping) mapping = NULL;
  g_autoptr (AlmImportSaved) saved = NULL;
  const char *at = alm_value_get_text_of (row->fields, "at");
  guint n_missing, rated;

  if (g_strcmp0 (alm_value_get_text_of (row->fields, "kind"),
                 alm_model_get_name (search->model)) != 0)
    return TRUE;

  saved = g_new0 (AlmImportSaved, 1);
  saved->missing = list_others (header, search->columns);
  saved->added = list_others (search->columns, header);
  n_missing = g_strv_length (saved->missing);
  if (n_missing * 2 > header->len
      || (is_numbered (header) && n_missing + g_strv_length (saved->added) > 0))
    return TRUE;

  /* What another program has written there need not be sound. */
  mapping = alm_import_mapping_from_value (alm_value_get (row->fields, "mapping"), NULL);
  if (mapping == NULL || !keeps_place_and_key (mapping, search->model, search->columns))
    return TRUE;

  rated = rank (search, row, header->len, n_missing, g_strv_length (saved->added));
  if (rated < search->best_rank
      || (rated == search->best_rank && g_strcmp0 (at, search->best->at) <= 0))
    return TRUE;

  keep_meaning (mapping, search->model, search->columns);
  saved->mapping = g_steal_pointer (&mapping);
  saved->title = g_strdup (alm_value_get_text_of (row->fields, "title"));
  saved->at = g_strdup (at);
  g_clear_pointer (&search->best, alm_import_saved_free);
  search->best = g_steal_pointer (&saved);
  search->best_rank = rated;

  return TRUE;
}

AlmImportSaved *
alm_import_saved_find (AlmDesk         *desk,
                       const AlmModel  *model,
                       const char      *scope,
                       GPtrArray       *columns,
                       GError         **error)
{
  Search search = { .model = model, .scope = scope, .columns = columns };

  if (!alm_desk_each (desk, NULL, "import-mapping", FALSE, take_saved, &search, error))
    g_clear_pointer (&search.best, alm_import_saved_free);

  return search.best;
}

typedef struct
{
  const char *kind;
  GPtrArray  *columns;
  gboolean    found;
  AlmId       id;
} Earlier;

static gboolean
find_earlier (const AlmRow  *row,
              gpointer       user_data,
              GError       **error)
{
  Earlier *earlier = user_data;
  g_autoptr (GPtrArray) header = read_header (row->fields);
  g_auto (GStrv) missing = list_others (header, earlier->columns);
  g_auto (GStrv) added = list_others (earlier->columns, header);

  if (g_strcmp0 (alm_value_get_text_of (row->fields, "kind"), earlier->kind) == 0
      && *missing == NULL && *added == NULL)
    {
      earlier->found = TRUE;
      earlier->id = row->id;
    }

  return TRUE;
}

gboolean
alm_import_saved_keep (AlmDesk                 *desk,
                       const char              *kind,
                       const char              *scope,
                       const char              *title,
                       GPtrArray               *columns,
                       const AlmImportMapping  *mapping,
                       const char              *batch,
                       GError                 **error)
{
  const char *scopes[] = { scope, NULL };
  g_autofree char *at = alm_clock_format (g_get_real_time ());
  g_autofree char *short_title = g_utf8_substring (title, 0, MIN (g_utf8_strlen (title, -1),
                                                                 TITLE_MAX));
  g_autoptr (AlmValue) fields = alm_value_new_object ();
  AlmValue *header = alm_value_new_list ();
  Earlier earlier = { .kind = kind, .columns = columns };
  AlmEdit edit = { .scope = scope, .kind = "import-mapping", .set = fields, .batch = batch };
  AlmEditResult result;

  for (guint i = 0; i < columns->len; i++)
    alm_value_append (header, alm_value_new_text (columns->pdata[i]));
  alm_value_set_text (fields, "title", short_title);
  alm_value_set_text (fields, "kind", kind);
  alm_value_set_text (fields, "scope", scope);
  alm_value_set_text (fields, "at", at);
  alm_value_set (fields, "header", header);
  alm_value_set (fields, "mapping", alm_import_mapping_to_record (mapping));

  if (!alm_desk_each (desk, scopes, "import-mapping", FALSE, find_earlier, &earlier, error))
    return FALSE;

  edit.op = earlier.found ? ALM_OP_UPD : ALM_OP_NEW;
  edit.has_id = earlier.found;
  edit.id = earlier.id;

  return alm_desk_edit (desk, &edit, 1, &result, NULL, error);
}
