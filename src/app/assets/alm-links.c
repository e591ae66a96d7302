/* SPDX-License-Identifier: EUPL-1.2 */

/* Links between records: fields of type reference, followed both ways.
 * On a connection's thread; plain data. */

#include "config.h"

#include "alm-links.h"

#include <string.h>

/* Of so many records the first ones by label are shown without a search. */
#define MOST_SORTED 5000
/* The search knows no kinds: so many finds are looked through. */
#define MOST_SEARCHED 200

void
alm_link_free (AlmLink *self)
{
  g_free (self->label);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_pointer (&self->source, alm_model_unref);
  g_clear_pointer (&self->all, g_array_unref);
  g_free (self);
}

/* @row: nullable: it is not here. */
static AlmLink *
link_new (AlmDesk      *desk,
          const AlmId  *id,
          const AlmRow *row)
{
  AlmLink *link = g_new0 (AlmLink, 1);
  AlmModel *model = row != NULL ? alm_desk_get_model (desk, row->kind) : NULL;

  link->id = *id;
  if (model != NULL)
    {
      link->model = alm_model_ref (model);
      link->label = alm_model_format_label (model, row->fields);
    }
  if (row != NULL && !row->deleted)
    link->rid = row->rid;
  if (link->label == NULL || *link->label == '\0')
    {
      g_free (link->label);
      link->label = alm_id_to_text (id);
      link->label[8] = '\0';
    }

  return link;
}

AlmLink *
alm_link_read (AlmDesk      *desk,
               const AlmId  *id,
               GError      **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (AlmRow) row = alm_desk_get (desk, id, &reason);

  if (row == NULL && !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  return link_new (desk, id, row);
}

static gboolean
add_outgoing (AlmDesk       *desk,
              const AlmRow  *row,
              AlmModel      *model,
              GPtrArray     *links,
              GError       **error)
{
  for (guint i = 0; i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *field = alm_model_get_field (model, i);
      const char *text = alm_value_get_text_of (row->fields, field->name);
      AlmLink *link;
      AlmId id;

      if (field->type != ALM_FIELD_REFERENCE || text == NULL || !alm_id_parse (&id, text))
        continue;
      link = alm_link_read (desk, &id, error);
      if (link == NULL)
        return FALSE;
      link->field = field;
      link->source = alm_model_ref (model);
      g_ptr_array_add (links, link);
    }

  return TRUE;
}

static gboolean
add_rows (AlmDesk    *desk,
          GArray     *rids,
          guint       most,
          GPtrArray  *links,
          GError    **error)
{
  g_autoptr (GPtrArray) rows = alm_desk_get_rows (desk, (const gint64 *) rids->data,
                                                  MIN (rids->len, most), error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const AlmRow *row = g_ptr_array_index (rows, i);

      if (row != NULL)
        g_ptr_array_add (links, link_new (desk, &row->id, row));
    }

  return rows != NULL;
}

static gboolean
add_incoming (AlmDesk         *desk,
              const AlmRow    *row,
              AlmModel        *model,
              const AlmField  *field,
              guint            most,
              GPtrArray       *links,
              GError         **error)
{
  char id[ALM_ID_TEXT_SIZE];
  g_autoptr (AlmFilter) filter = NULL;
  g_autoptr (GArray) rids = NULL;
  guint before = links->len;

  alm_id_print (&row->id, id);
  filter = alm_filter_new_compare (field->name, ALM_FILTER_EQ, alm_value_new_text (id));
  rids = alm_desk_query_ids (desk, alm_model_get_name (model), filter, NULL, FALSE, error);
  if (rids == NULL || !add_rows (desk, rids, most, links, error))
    return FALSE;

  for (guint i = before; i < links->len; i++)
    {
      AlmLink *link = g_ptr_array_index (links, i);

      link->incoming = TRUE;
      link->field = field;
      link->source = alm_model_ref (model);
    }
  if (rids->len > most && links->len > before)
    ((AlmLink *) g_ptr_array_index (links, links->len - 1))->all = g_steal_pointer (&rids);

  return TRUE;
}

GPtrArray *
alm_links_list (AlmDesk       *desk,
                const AlmRow  *row,
                guint          most,
                GError       **error)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_link_free);
  g_autoptr (GPtrArray) models = alm_desk_list_models (desk);
  AlmModel *own = alm_desk_get_model (desk, row->kind);

  if (own != NULL && !add_outgoing (desk, row, own, links, error))
    return NULL;

  for (guint i = 0; i < models->len; i++)
    {
      AlmModel *model = g_ptr_array_index (models, i);

      for (guint j = 0; j < alm_model_get_n_fields (model); j++)
        {
          const AlmField *field = alm_model_get_field (model, j);

          if (field->type == ALM_FIELD_REFERENCE
              && (field->collection == NULL || strcmp (field->collection, row->kind) == 0)
              && !add_incoming (desk, row, model, field, most, links, error))
            return NULL;
        }
    }

  return g_steal_pointer (&links);
}

static gboolean
add_first (AlmDesk     *desk,
           const char  *kind,
           guint        most,
           GPtrArray   *links,
           GError     **error)
{
  g_autoptr (GArray) rids = NULL;
  gint64 count;

  if (!alm_desk_count_records (desk, NULL, kind, &count, error))
    return FALSE;
  if (count > MOST_SORTED)
    return TRUE;
  rids = alm_desk_query_ids (desk, kind, NULL, ALM_SORT_LABEL, FALSE, error);

  return rids != NULL && add_rows (desk, rids, most, links, error);
}

static gboolean
add_found (AlmDesk     *desk,
           const char  *kind,
           const char  *text,
           guint        most,
           GPtrArray   *links,
           GError     **error)
{
  g_autoptr (GPtrArray) hits = alm_desk_search (desk, text, MOST_SEARCHED, error);

  for (guint i = 0; hits != NULL && i < hits->len && links->len < most; i++)
    {
      const AlmHit *hit = g_ptr_array_index (hits, i);
      AlmLink *link;

      if (kind != NULL && strcmp (hit->kind, kind) != 0)
        continue;
      link = alm_link_read (desk, &hit->id, error);
      if (link == NULL)
        return FALSE;
      g_ptr_array_add (links, link);
    }

  return hits != NULL;
}

GPtrArray *
alm_links_find (AlmDesk     *desk,
                const char  *kind,
                const char  *text,
                guint        most,
                GError     **error)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_link_free);
  gboolean done = TRUE;

  if (*text != '\0')
    done = add_found (desk, kind, text, most, links, error);
  else if (kind != NULL)
    done = add_first (desk, kind, most, links, error);

  return done ? g_steal_pointer (&links) : NULL;
}
