/* SPDX-License-Identifier: EUPL-1.2 */

/* What the map's tools change in the records: add, place and shape, delete.
 *
 * Invariants:
 *   - Nothing is changed but through AlmRecords; the map shows it when "changed" says so.
 *   - A draft lives until the records have it: what could not be saved is still there.
 *   - A shape is one command, however many of its vertices were moved.
 *
 * Main thread; the jobs below read on a reader's. */

#include "config.h"

#include "alm-map-page-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* How far the nearest address may be to give an asset its street. */
#define ADDRESS_M  150.0

static void
say_refusal (AlmMapPage   *self,
             const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    alm_map_page_say (self, _("You may only read this. Those responsible for these data can let "
                              "you change them."), FALSE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    alm_map_page_say (self, _("This has no single place or shape that could be changed on the "
                              "map."), FALSE);
  else
    alm_map_page_say_error (self, error);
}

static const AlmField *
get_geometry (AlmMapPage *self)
{
  return alm_model_find_role (self->tool_model, ALM_ROLE_GEOMETRY);
}

/* Is this the draft that was sent into the records, or has the user gone on? */
static gboolean
is_still (AlmMapPage *self,
          AlmMapMode  mode,
          gint64      rid)
{
  return self->is_saving && self->mode == mode && self->edit_rid == rid;
}

/* Adding: what the place says of itself is read first. */

typedef struct
{
  AlmMapPage *page;
  AlmModel   *model;
  AlmValue   *geometry;
  gint64      address;    /* rids, 0 for none */
  gint64      district;
  AlmValue   *set;        /* the answer */
  char       *scope;
} Placing;

static void
placing_free (gpointer data)
{
  Placing *placing = data;

  g_clear_object (&placing->page);
  g_clear_pointer (&placing->model, alm_model_unref);
  g_clear_pointer (&placing->geometry, alm_value_unref);
  g_clear_pointer (&placing->set, alm_value_unref);
  g_free (placing->scope);
  g_free (placing);
}

static void
copy_text (AlmValue       *set,
           const AlmModel *model,
           const char     *to,
           const AlmRow   *row,
           const char     *from)
{
  const char *text = row != NULL ? alm_value_get_text_of (row->fields, from) : NULL;

  if (text != NULL && alm_model_find_field (model, to) != NULL)
    alm_value_set_text (set, to, text);
}

static gboolean
take_scope (const AlmRow  *row,
            gpointer       user_data,
            GError       **error)
{
  char **scope = user_data;

  *scope = g_strdup (row->scope);

  return FALSE;
}

/* The scope where others of the kind are, so that a new one goes to the city too;
 * *scope stays NULL where there are none. */
static gboolean
find_scope (AlmDesk         *desk,
            const AlmModel  *model,
            char           **scope,
            GError         **error)
{
  /* The walk ends at the first record, which is no error. */
  return alm_desk_each (desk, NULL, alm_model_get_name (model), FALSE, take_scope, scope, error) ||
         *scope != NULL;
}

/* On a reader's thread: street, number, district, scope. */
static gpointer
place_job (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  const Placing *asked = data;
  Placing *answer = g_new0 (Placing, 1);
  g_autoptr (AlmRow) address = NULL;
  g_autoptr (AlmRow) district = NULL;

  answer->set = alm_value_new_object ();
  if (asked->address != 0)
    address = alm_desk_get_by_rid (desk, asked->address, NULL);
  if (asked->district != 0)
    district = alm_desk_get_by_rid (desk, asked->district, NULL);
  copy_text (answer->set, asked->model, "street", address, "street");
  copy_text (answer->set, asked->model, "house_number", address, "number");
  copy_text (answer->set, asked->model, "postcode", address, "postcode");
  copy_text (answer->set, asked->model, "district", address, "district");
  copy_text (answer->set, asked->model, "district", district, "name");
  if (!find_scope (desk, asked->model, &answer->scope, error))
    {
      placing_free (answer);
      return NULL;
    }

  return answer;
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autoptr (AlmRow) row = alm_records_get_finish (ALM_RECORDS (source), result, NULL);

  if (row != NULL && !g_cancellable_is_cancelled (self->cancellable))
    alm_selection_select (self->selection, row->rid);
}

static void
added (Placing      *placing,
       GArray       *results,
       const GError *error)
{
  AlmMapPage *self = placing->page;
  g_autofree char *said = NULL;
  const AlmId *id;

  if (results == NULL)
    {
      self->is_saving = FALSE;
      say_refusal (self, error);
      return;
    }

  if (is_still (self, ALM_MAP_MODE_DRAW, 0))
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  /* Translators: %s is a kind, as "Tree". */
  said = g_strdup_printf (_("%s added"), alm_model_get_title (placing->model, _("en")));
  alm_map_page_say (self, said, TRUE);
  id = &g_array_index (results, AlmEditResult, 0).id;
  alm_records_get_async (self->records, id, self->cancellable, found_cb, g_object_ref (self));
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Placing *placing = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) results = alm_records_edit_finish (ALM_RECORDS (source), result, &error);

  if (!g_cancellable_is_cancelled (placing->page->cancellable))
    added (placing, results, error);
  placing_free (placing);
}

static void
placed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Placing *placing = user_data;
  AlmMapPage *self = placing->page;
  g_autoptr (GError) error = NULL;
  Placing *answer = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  const AlmField *geometry = alm_model_find_role (placing->model, ALM_ROLE_GEOMETRY);
  AlmEdit new = { .op = ALM_OP_NEW };

  if (answer == NULL || g_cancellable_is_cancelled (self->cancellable))
    {
      if (!g_cancellable_is_cancelled (self->cancellable))
        added (placing, NULL, error);
      g_clear_pointer (&answer, placing_free);
      placing_free (placing);
      return;
    }

  alm_value_set (answer->set, geometry->name, g_steal_pointer (&placing->geometry));
  new.kind = alm_model_get_name (placing->model);
  new.scope = answer->scope;
  new.set = answer->set;
  alm_records_edit_async (self->records, &new, 1, added_cb, placing);
  placing_free (answer);
}

/* Where the draft's vertices lie on average: which street it belongs to. */
static void
find_middle (AlmMapDraft *draft,
             double      *x,
             double      *y)
{
  guint n;
  const AlmDraftPlace *places = alm_map_draft_get_ring (draft, 0, &n);

  *x = *y = 0.0;
  for (guint i = 0; i < n; i++)
    {
      *x += places[i].x / n;
      *y += places[i].y / n;
    }
}

/* Adds what the draft holds. */
void
alm_map_change_add (AlmMapPage *self)
{
  Placing *placing = g_new0 (Placing, 1);
  Placing *asked = g_new0 (Placing, 1);
  double x;
  double y;

  g_return_if_fail (self->mode == ALM_MAP_MODE_DRAW);

  self->is_saving = TRUE;
  placing->page = g_object_ref (self);
  placing->model = alm_model_ref (self->tool_model);
  placing->geometry = alm_map_draft_to_geometry (self->draft, get_geometry (self)->format);
  find_middle (self->draft, &x, &y);
  asked->model = alm_model_ref (self->tool_model);
  asked->address = alm_map_data_find_nearest (self->data, "address", x, y, ADDRESS_M);
  asked->district = alm_map_data_find_nearest (self->data, "district", x, y, 1.0);
  alm_records_read_async (self->records, place_job, asked, placing_free, placing_free,
                          self->cancellable, placed_cb, placing);
}

/* A pointer that says "yes". */
static gpointer
check_adding_job (AlmDesk   *desk,
                  gpointer   data,
                  GError   **error)
{
  g_autofree char *scope = NULL;

  if (!find_scope (desk, data, &scope, error) ||
      (scope != NULL && !alm_desk_may_write (desk, scope, error)))
    return NULL;

  return g_strdup ("");
}

static void
adding_checked_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *yes = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (yes != NULL || g_cancellable_is_cancelled (self->cancellable) ||
      self->mode != ALM_MAP_MODE_DRAW)
    return;
  alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  say_refusal (self, error);
}

/* Better said before something is drawn than after. */
void
alm_map_change_check_adding (AlmMapPage *self)
{
  alm_records_read_async (self->records, check_adding_job, alm_model_ref (self->tool_model),
                          (GDestroyNotify) alm_model_unref, g_free, self->cancellable,
                          adding_checked_cb, g_object_ref (self));
}

/* Moving and reshaping. */

static gboolean
may_change_place (AlmDesk       *desk,
                  const AlmRow  *row,
                  GError       **error)
{
  const AlmModel *model = alm_desk_get_model (desk, row->kind);
  const AlmField *geometry = model != NULL ? alm_model_find_role (model, ALM_ROLE_GEOMETRY) : NULL;
  guint classes;

  if (!alm_desk_may_write (desk, row->scope, error)
      || !alm_desk_find_writes (desk, row->scope, row->kind, row->fields, &classes, error))
    return FALSE;
  if (geometry == NULL || (geometry->class_ & classes) != 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "the place of this may not be changed");

  return FALSE;
}

static gpointer
get_row_job (AlmDesk   *desk,
             gpointer   data,
             GError   **error)
{
  const gint64 *rid = data;
  g_autoptr (AlmRow) row = alm_desk_get_by_rid (desk, *rid, error);

  if (row == NULL || !may_change_place (desk, row, error))
    return NULL;
  if (row->deleted)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "it is deleted");
      return NULL;
    }

  return g_steal_pointer (&row);
}

/* The draft of a record's geometry; the model goes to the page. */
static AlmMapDraft *
take_row (AlmMapPage    *self,
          const AlmRow  *row,
          AlmModel     **model,
          GError       **error)
{
  const AlmField *geometry;

  *model = alm_records_get_model (self->records, row->kind);
  geometry = *model != NULL ? alm_model_find_role (*model, ALM_ROLE_GEOMETRY) : NULL;
  if (geometry == NULL || alm_value_get (row->fields, geometry->name) == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "it has no place");
      return NULL;
    }
  if (geometry->read_only)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "field '%s' is read-only",
                   geometry->name);
      return NULL;
    }

  return alm_map_draft_new_from (alm_value_get (row->fields, geometry->name), error);
}

static void
row_read_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRow) row = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  g_autoptr (AlmModel) model = NULL;
  AlmMapDraft *draft;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  draft = row != NULL ? take_row (self, row, &model, &error) : NULL;
  /* The user may have gone on meanwhile. */
  if (self->edit_rid == 0 || self->draft != NULL || (row != NULL && row->rid != self->edit_rid))
    {
      g_clear_pointer (&draft, alm_map_draft_free);
      return;
    }
  if (draft == NULL)
    {
      alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
      say_refusal (self, error);
      return;
    }

  alm_map_tools_begin_draft (self, ALM_MAP_MODE_EDIT, draft);
  self->tool_model = g_steal_pointer (&model);
  self->edit_rid = row->rid;
  self->edit_id = row->id;
}

void
alm_map_change_begin_edit (AlmMapPage *self,
                           gint64      rid)
{
  /* What was in hand ends here: for row_read_cb() a draft means that one has gone on. */
  if (self->draft != NULL)
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  self->edit_rid = rid;
  alm_records_read_async (self->records, get_row_job, g_memdup2 (&rid, sizeof rid), g_free,
                          (GDestroyNotify) alm_row_free, self->cancellable, row_read_cb,
                          g_object_ref (self));
}

typedef struct
{
  AlmMapPage *page;
  gint64      rid;
  gboolean    is_point;
} Saving;

static void
shape_saved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autofree Saving *saving = user_data;
  g_autoptr (AlmMapPage) self = saving->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) results = alm_records_edit_finish (ALM_RECORDS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (results == NULL)
    {
      self->is_saving = FALSE;
      say_refusal (self, error);
      return;
    }
  if (is_still (self, ALM_MAP_MODE_EDIT, saving->rid))
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  alm_map_page_say (self, saving->is_point ? _("Moved") : _("Shape changed"), TRUE);
}

/* Writes what the draft holds into the record it came from. */
void
alm_map_change_save_shape (AlmMapPage *self)
{
  g_autoptr (AlmValue) set = alm_value_new_object ();
  AlmEdit one = { .op = ALM_OP_UPD, .has_id = TRUE, .set = set };
  Saving *saving;

  g_return_if_fail (self->mode == ALM_MAP_MODE_EDIT);

  self->is_saving = TRUE;
  saving = g_new (Saving, 1);
  saving->page = g_object_ref (self);
  saving->rid = self->edit_rid;
  saving->is_point = alm_map_draft_get_shape (self->draft) == ALM_SHAPE_POINT;
  alm_value_set (set, get_geometry (self)->name,
                 alm_map_draft_to_geometry (self->draft, get_geometry (self)->format));
  one.id = self->edit_id;
  alm_records_edit_async (self->records, &one, 1, shape_saved_cb, saving);
}

/* Deleting. */

typedef struct
{
  gint64 *rids;
  guint   n;
} Rids;

static void
rids_free (gpointer data)
{
  Rids *rids = data;

  g_free (rids->rids);
  g_free (rids);
}

/* The records' ids; (element-type AlmId). */
static gpointer
find_ids_job (AlmDesk   *desk,
              gpointer   data,
              GError   **error)
{
  const Rids *rids = data;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AlmId));

  for (guint i = 0; i < rids->n; i++)
    {
      g_autoptr (AlmRow) row = alm_desk_get_by_rid (desk, rids->rids[i], error);

      if (row == NULL || (!row->deleted && !alm_desk_may_write (desk, row->scope, error)))
        return NULL;
      if (!row->deleted)
        g_array_append_val (ids, row->id);
    }

  return g_steal_pointer (&ids);
}

typedef struct
{
  AlmMapPage *page;
  guint       n;
} Deleting;

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Deleting *deleting = user_data;
  g_autoptr (AlmMapPage) self = deleting->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) results = alm_records_edit_finish (ALM_RECORDS (source), result, &error);
  g_autofree char *said = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (results == NULL)
    {
      say_refusal (self, error);
      return;
    }
  said = g_strdup_printf (ngettext ("%'u object deleted", "%'u objects deleted", deleting->n),
                          deleting->n);
  alm_map_page_say (self, said, TRUE);
  alm_selection_clear (self->selection);
}

static void
ids_found_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  g_autofree AlmEdit *edits = NULL;
  g_autofree char *batch = g_uuid_string_random ();
  Deleting *deleting;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (ids == NULL)
    {
      say_refusal (self, error);
      return;
    }
  if (ids->len == 0)
    return;

  edits = g_new0 (AlmEdit, ids->len);
  for (guint i = 0; i < ids->len; i++)
    {
      edits[i].op = ALM_OP_DEL;
      edits[i].has_id = TRUE;
      edits[i].id = g_array_index (ids, AlmId, i);
      edits[i].batch = batch;
    }
  deleting = g_new (Deleting, 1);
  deleting->page = g_object_ref (self);
  deleting->n = ids->len;
  alm_records_edit_async (self->records, edits, ids->len, deleted_cb, deleting);
}

void
alm_map_change_delete (AlmMapPage *self)
{
  guint n;
  const gint64 *rids = alm_selection_get_rids (self->selection, &n);
  Rids *asked;

  if (n == 0 || self->records == NULL)
    return;
  asked = g_new (Rids, 1);
  asked->rids = g_memdup2 (rids, n * sizeof *rids);
  asked->n = n;
  alm_records_read_async (self->records, find_ids_job, asked, rids_free,
                          (GDestroyNotify) g_array_unref, self->cancellable, ids_found_cb,
                          g_object_ref (self));
}
