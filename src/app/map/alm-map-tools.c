/* SPDX-License-Identifier: EUPL-1.2 */

/* The tools of the map page: add, move, delete.
 *
 * Invariants:
 *   - Nothing is changed but through AlmRecords; the map shows it when "changed" says so.
 *   - A tool ends with Escape and has then changed nothing.
 *
 * Main thread; the jobs below read on a reader's. */

#include "config.h"

#include "alm-map-page-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* How far the nearest address may be to give an asset its street. */
#define ADDRESS_M  150.0
#define MOVE_PX    1.0
#define MOVE_FAR   10.0

/* What is to be changed, and what to say then. */
typedef struct
{
  AlmMapPage *page;
  char       *said;
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->page);
  g_free (change->said);
  g_free (change);
}

void
alm_map_tools_set_mode (AlmMapPage *self,
                        AlmMapMode  mode)
{
  self->mode = mode;
  self->move_rid = 0;
  gtk_toggle_button_set_active (self->box_button, mode == ALM_MAP_MODE_BOX);
  gtk_toggle_button_set_active (self->move_button, mode == ALM_MAP_MODE_MOVE);
  alm_map_view_set_drag (self->view, mode == ALM_MAP_MODE_BOX ? ALM_MAP_DRAG_BOX
                                                              : ALM_MAP_DRAG_PAN);
  alm_map_view_set_mark (self->view, NAN, NAN);

  switch (mode)
    {
    case ALM_MAP_MODE_BOX:
      alm_map_page_set_hint (self, _("Draw a rectangle around what you want to select."));
      break;

    case ALM_MAP_MODE_ADD:
      alm_map_page_set_hint (self, _("Click where it stands; Enter places it in the middle, "
                                     "Esc ends."));
      break;

    case ALM_MAP_MODE_MOVE:
      alm_map_page_set_hint (self, _("Drag it to its place, or use the arrows (Shift: farther); "
                                     "Enter saves, Esc leaves it where it was."));
      break;

    case ALM_MAP_MODE_SELECT:
    default:
      alm_map_page_set_hint (self, NULL);
      break;
    }
}

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Change *change = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) results = alm_records_edit_finish (ALM_RECORDS (source), result, &error);

  if (!g_cancellable_is_cancelled (change->page->cancellable))
    {
      if (results == NULL)
        alm_map_page_say_error (change->page, error);
      else
        alm_map_page_say (change->page, change->said, TRUE);
    }
  change_free (change);
}

static void
edit (AlmMapPage    *self,
      const AlmEdit *edits,
      guint          n_edits,
      char          *said)
{
  Change *change = g_new (Change, 1);

  change->page = g_object_ref (self);
  change->said = said;
  alm_records_edit_async (self->records, edits, n_edits, edited_cb, change);
}

static AlmValue *
make_point (double x,
            double y)
{
  AlmValue *point = alm_value_new_object ();
  AlmValue *place = alm_value_new_list ();
  double lon;
  double lat;

  alm_mercator_to_lon_lat (x, y, &lon, &lat);
  /* Nine decimals, as every geometry in a record has. */
  alm_value_append (place, alm_value_new_double (round (lon * 1e9) / 1e9));
  alm_value_append (place, alm_value_new_double (round (lat * 1e9) / 1e9));
  alm_value_set_text (point, "type", "Point");
  alm_value_set (point, "coordinates", place);

  return point;
}

/* Adding: what the place says of itself is read first. */

typedef struct
{
  AlmMapPage *page;
  AlmModel   *model;
  double      x;
  double      y;
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

/* On a reader's thread: street, number, district; and the scope where others of
 * the kind are, so that the new one goes to the city too. */
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
  /* The walk ends at the first record, which is no error. */
  if (!alm_desk_each (desk, NULL, alm_model_get_name (asked->model), FALSE, take_scope,
                      &answer->scope, error) &&
      answer->scope == NULL)
    {
      placing_free (answer);
      return NULL;
    }

  return answer;
}

static gpointer
find_rid_job (AlmDesk   *desk,
              gpointer   data,
              GError   **error)
{
  g_autoptr (AlmRow) row = alm_desk_get (desk, data, error);
  gint64 *rid;

  if (row == NULL)
    return NULL;
  rid = g_new (gint64, 1);
  *rid = row->rid;

  return rid;
}

static void
rid_found_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autofree gint64 *rid = alm_records_read_finish (ALM_RECORDS (source), result, NULL);

  if (rid != NULL && !g_cancellable_is_cancelled (self->cancellable))
    alm_selection_select (self->selection, *rid);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Placing *placing = user_data;
  AlmMapPage *self = placing->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) results = alm_records_edit_finish (ALM_RECORDS (source), result, &error);

  if (!g_cancellable_is_cancelled (self->cancellable))
    {
      if (results == NULL)
        {
          alm_map_page_say_error (self, error);
        }
      else
        {
          /* Translators: %s is a kind, as "Tree". */
          g_autofree char *said = g_strdup_printf (
            _("%s added"), alm_model_get_title (placing->model, _("en")));
          const AlmId *id = &g_array_index (results, AlmEditResult, 0).id;

          alm_map_page_say (self, said, TRUE);
          alm_records_read_async (self->records, find_rid_job, g_memdup2 (id, sizeof *id), g_free,
                                  g_free, self->cancellable, rid_found_cb, g_object_ref (self));
        }
    }
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
        alm_map_page_say_error (self, error);
      g_clear_pointer (&answer, placing_free);
      placing_free (placing);
      return;
    }

  alm_value_set (answer->set, geometry->name, make_point (placing->x, placing->y));
  new.kind = alm_model_get_name (placing->model);
  new.scope = answer->scope;
  new.set = answer->set;
  alm_records_edit_async (self->records, &new, 1, added_cb, placing);
  placing_free (answer);
}

static void
place (AlmMapPage *self,
       double      x,
       double      y)
{
  Placing *placing = g_new0 (Placing, 1);
  Placing *asked;

  placing->page = g_object_ref (self);
  placing->model = alm_records_get_model (self->records, self->add_kind);
  placing->x = x;
  placing->y = y;
  if (placing->model == NULL)
    {
      placing_free (placing);
      return;
    }

  asked = g_new0 (Placing, 1);
  asked->model = alm_model_ref (placing->model);
  asked->address = alm_map_data_find_nearest (self->data, "address", x, y, ADDRESS_M);
  asked->district = alm_map_data_find_nearest (self->data, "district", x, y, 1.0);
  alm_records_read_async (self->records, place_job, asked, placing_free, placing_free,
                          self->cancellable, placed_cb, placing);
  alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
}

static gboolean
takes_points (const AlmModel *model)
{
  const AlmField *geometry = alm_model_find_role (model, ALM_ROLE_GEOMETRY);

  return geometry != NULL && geometry->format != NULL &&
         (strstr (geometry->format, "point") != NULL ||
          g_str_has_suffix (geometry->format, "-any"));
}

/* The kinds that can be added, in a menu. */
void
alm_map_tools_fill_menu (AlmMapPage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  guint n = alm_map_data_get_n_layers (self->data);

  for (guint i = n; i-- > 0;)
    {
      AlmMapLayer layer;
      g_autoptr (GMenuItem) item = NULL;

      alm_map_data_get_layer (self->data, i, &layer);
      if (!takes_points (layer.model) ||
          strcmp (alm_model_get_layer (layer.model), "asset") != 0)
        continue;
      item = g_menu_item_new (alm_model_get_title (layer.model, _("en")), NULL);
      g_menu_item_set_action_and_target (item, "page.add-kind", "s", layer.kind);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (self->add_button, G_MENU_MODEL (menu));
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button),
                            self->records != NULL &&
                              g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0);
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  if (gtk_widget_get_sensitive (GTK_WIDGET (self->add_button)))
    gtk_menu_button_popup (self->add_button);
}

static void
add_kind_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  g_free (self->add_kind);
  self->add_kind = g_variant_dup_string (parameter, NULL);
  alm_map_tools_set_mode (self, ALM_MAP_MODE_ADD);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* Moving. */

static gboolean
get_movable (AlmMapPage *self,
             AlmMapHit  *hit)
{
  gint64 rid = alm_selection_get_primary (self->selection);

  return self->records != NULL && rid != 0 && alm_map_data_find (self->data, rid, hit) &&
         (hit->table->columns->shape_start == NULL ||
          hit->table->columns->shape_type[hit->index] == ALM_SHAPE_POINT);
}

static void
get_row_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Placing *placing = user_data;
  AlmMapPage *self = placing->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRow) row = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  g_autoptr (AlmValue) set = alm_value_new_object ();
  g_autoptr (AlmModel) model = NULL;
  AlmEdit edit_one = { .op = ALM_OP_UPD, .has_id = TRUE, .set = set };

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      placing_free (placing);
      return;
    }
  if (row == NULL)
    {
      alm_map_page_say_error (self, error);
      placing_free (placing);
      return;
    }

  model = alm_records_get_model (self->records, row->kind);
  if (model != NULL)
    {
      const AlmField *geometry = alm_model_find_role (model, ALM_ROLE_GEOMETRY);

      alm_value_set (set, geometry->name, make_point (placing->x, placing->y));
      edit_one.id = row->id;
      edit (self, &edit_one, 1, g_strdup (_("Moved")));
    }
  placing_free (placing);
}

static gpointer
get_row_job (AlmDesk   *desk,
             gpointer   data,
             GError   **error)
{
  const gint64 *rid = data;

  return alm_desk_get_by_rid (desk, *rid, error);
}

static void
save_move (AlmMapPage *self)
{
  Placing *placing;
  gint64 rid = self->move_rid;

  if (rid == 0)
    {
      alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
      return;
    }
  placing = g_new0 (Placing, 1);
  placing->page = g_object_ref (self);
  placing->x = self->move_x;
  placing->y = self->move_y;
  alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  alm_records_read_async (self->records, get_row_job, g_memdup2 (&rid, sizeof rid), g_free,
                          (GDestroyNotify) alm_row_free, self->cancellable, get_row_cb,
                          placing);
}

static void
move_to (AlmMapPage *self,
         double      x,
         double      y)
{
  self->move_x = x;
  self->move_y = y;
  alm_map_view_set_mark (self->view, x, y);
}

static void
begin_move (AlmMapPage *self)
{
  AlmMapHit hit;

  if (!get_movable (self, &hit))
    {
      alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
      return;
    }
  if (self->mode != ALM_MAP_MODE_MOVE)
    alm_map_tools_set_mode (self, ALM_MAP_MODE_MOVE);
  self->move_rid = hit.rid;
  move_to (self, hit.table->columns->wx[hit.index], hit.table->columns->wy[hit.index]);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
move_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  begin_move (ALM_MAP_PAGE (widget));
}

gboolean
alm_map_tools_drag_begin (AlmMapPage *self,
                          double      x,
                          double      y)
{
  double upp = alm_map_view_get_units_per_pixel (self->view);

  return self->mode == ALM_MAP_MODE_MOVE && self->move_rid != 0 &&
         hypot (x - self->move_x, y - self->move_y) < 16.0 * upp;
}

void
alm_map_tools_drag_update (AlmMapPage *self,
                           double      x,
                           double      y)
{
  if (self->mode == ALM_MAP_MODE_MOVE)
    move_to (self, x, y);
}

void
alm_map_tools_drag_end (AlmMapPage *self,
                        double      x,
                        double      y)
{
  if (self->mode != ALM_MAP_MODE_MOVE)
    return;
  move_to (self, x, y);
  save_move (self);
}

/* TRUE: a tool has used the click. */
gboolean
alm_map_tools_click (AlmMapPage *self,
                     double      x,
                     double      y)
{
  if (self->mode == ALM_MAP_MODE_ADD)
    {
      place (self, x, y);
      return TRUE;
    }
  if (self->mode == ALM_MAP_MODE_MOVE && self->move_rid != 0)
    {
      move_to (self, x, y);
      save_move (self);
      return TRUE;
    }

  return FALSE;
}

static gboolean
move_by_key (AlmMapPage      *self,
             guint            keyval,
             GdkModifierType  state)
{
  double step = ((state & GDK_SHIFT_MASK) != 0 ? MOVE_FAR : MOVE_PX) *
                alm_map_view_get_units_per_pixel (self->view);

  switch (keyval)
    {
    case GDK_KEY_Left:
      move_to (self, self->move_x - step, self->move_y);
      return TRUE;

    case GDK_KEY_Right:
      move_to (self, self->move_x + step, self->move_y);
      return TRUE;

    case GDK_KEY_Up:
      move_to (self, self->move_x, self->move_y - step);
      return TRUE;

    case GDK_KEY_Down:
      move_to (self, self->move_x, self->move_y + step);
      return TRUE;

    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      save_move (self);
      return TRUE;

    default:
      return FALSE;
    }
}

void
alm_map_page_place_in_middle (AlmMapPage *self)
{
  double x;
  double y;

  g_return_if_fail (self->mode == ALM_MAP_MODE_ADD);

  alm_map_view_get_center (self->view, &x, &y);
  place (self, x, y);
}

/* TRUE: a tool has used the key. */
gboolean
alm_map_tools_key (AlmMapPage      *self,
                   guint            keyval,
                   GdkModifierType  state)
{
  if (keyval == GDK_KEY_Escape && self->mode != ALM_MAP_MODE_SELECT)
    {
      alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
      return TRUE;
    }
  if (self->mode == ALM_MAP_MODE_MOVE && self->move_rid != 0)
    return move_by_key (self, keyval, state);
  if (self->mode == ALM_MAP_MODE_ADD && (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter))
    {
      alm_map_page_place_in_middle (self);
      return TRUE;
    }

  return FALSE;
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

      if (row == NULL)
        return NULL;
      if (!row->deleted)
        g_array_append_val (ids, row->id);
    }

  return g_steal_pointer (&ids);
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

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (ids == NULL)
    {
      alm_map_page_say_error (self, error);
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
  edit (self, edits, ids->len,
        g_strdup_printf (ngettext ("%'u object deleted", "%'u objects deleted", ids->len),
                         ids->len));
  alm_selection_clear (self->selection);
}

static void
delete_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);
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

void
alm_map_tools_selection_changed (AlmMapPage *self)
{
  AlmMapHit hit;
  gboolean any = self->records != NULL && alm_selection_get_size (self->selection) > 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.delete", any);
  gtk_widget_set_sensitive (GTK_WIDGET (self->move_button), get_movable (self, &hit));
  if (self->mode == ALM_MAP_MODE_MOVE &&
      alm_selection_get_primary (self->selection) != self->move_rid)
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
}

static void
box_toggled_cb (AlmMapPage *self)
{
  gboolean active = gtk_toggle_button_get_active (self->box_button);

  if (active != (self->mode == ALM_MAP_MODE_BOX))
    alm_map_tools_set_mode (self, active ? ALM_MAP_MODE_BOX : ALM_MAP_MODE_SELECT);
}

static void
move_toggled_cb (AlmMapPage *self)
{
  gboolean active = gtk_toggle_button_get_active (self->move_button);

  if (active && self->mode != ALM_MAP_MODE_MOVE)
    begin_move (self);
  else if (!active && self->mode == ALM_MAP_MODE_MOVE)
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
}

void
alm_map_tools_connect (AlmMapPage *self)
{
  g_signal_connect_object (self->box_button, "toggled", G_CALLBACK (box_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->move_button, "toggled", G_CALLBACK (move_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  alm_map_tools_fill_menu (self);
}

void
alm_map_tools_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "page.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "page.add-kind", "s", add_kind_action);
  gtk_widget_class_install_action (widget_class, "page.move", NULL, move_action);
  gtk_widget_class_install_action (widget_class, "page.delete", NULL, delete_action);
}
