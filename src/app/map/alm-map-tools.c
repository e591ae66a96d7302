/* SPDX-License-Identifier: EUPL-1.2 */

/* The tools of the map page: what a click, a drag and a key do while one of them is
 * held.  What a draft makes of them stands in alm-map-draft.c.
 *
 * Invariants:
 *   1. There is a draft in the modes POLYGON, DRAW and EDIT, and only there.
 *   2. A tool ends with Escape and has then changed nothing.
 *   3. While a draft is on its way into the records nothing changes it.
 * Main thread. */

#include "config.h"

#include "alm-area.h"
#include "alm-map-page-private.h"
#include "alm-utm.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define NUDGE_PX   1.0
#define NUDGE_FAR  10.0
#define REACH_PX   12.0
/* With Shift while something is drawn: the cross is led finely. */
#define FINE_PX    8.0

static gboolean
is_single_point (AlmMapPage *self)
{
  return self->draft != NULL && alm_map_draft_get_shape (self->draft) == ALM_SHAPE_POINT &&
         alm_map_draft_count (self->draft) < 2;
}

static double
get_reach (AlmMapPage *self)
{
  return REACH_PX * alm_map_view_get_units_per_pixel (self->view);
}

gboolean
alm_map_tools_shows_cross (AlmMapPage *self)
{
  return self->draft != NULL && alm_map_draft_is_new (self->draft) &&
         (self->by_keys || isnan (self->pointer_x));
}

/* What the line at the bottom says. */

static char *
format_length (double metres)
{
  if (metres < 10000.0)
    return g_strdup_printf ("%.1f m", metres);

  return g_strdup_printf ("%.2f km", metres / 1000.0);
}

static char *
format_area (double square_metres)
{
  if (square_metres < 100000.0)
    return g_strdup_printf ("%'.0f m²", square_metres);

  return g_strdup_printf ("%.2f ha", square_metres / 10000.0);
}

/* NULL while there is nothing to measure. */
static char *
describe_size (AlmMapPage *self)
{
  AlmMeasure measure;
  g_autofree char *length = NULL;
  g_autofree char *area = NULL;

  if (self->draft == NULL || !alm_map_draft_measure (self->draft, &measure))
    return NULL;
  if (isnan (measure.area_m2))
    {
      length = format_length (measure.length_m);
      /* Translators: %s is a length, as "12.3 m". */
      return g_strdup_printf (_("Length %s"), length);
    }
  area = format_area (measure.area_m2);
  length = format_length (measure.perimeter_m);

  /* Translators: an area, as "120 m²", and the length of its boundary. */
  return g_strdup_printf (_("Area %s, boundary %s"), area, length);
}

static const char *
get_hint (AlmMapPage *self)
{
  switch (self->mode)
    {
    case ALM_MAP_MODE_BOX:
      return _("Draw a rectangle around what you want to select.");

    case ALM_MAP_MODE_POLYGON:
      return _("Click around what you want to select (or Space at the cross). A double click "
               "selects.");

    case ALM_MAP_MODE_DRAW:
      if (is_single_point (self))
        return _("Click where it stands; Enter places it at the cross, Esc ends.");
      return _("Click from corner to corner (or Space at the cross). A double click ends, "
               "Backspace takes a corner back.");

    case ALM_MAP_MODE_EDIT:
      if (is_single_point (self))
        return _("Drag it to its place, or use the arrows (Shift: farther); Enter saves, Esc "
                 "leaves it where it was.");
      return _("Drag a corner (or Tab and arrows). A double click on an edge adds one, Delete "
               "removes it.");

    case ALM_MAP_MODE_SELECT:
    default:
      return NULL;
    }
}

static void
update_hint (AlmMapPage *self)
{
  g_autofree char *size = describe_size (self);
  const char *hint = get_hint (self);
  gboolean has_ends = self->draft != NULL && !(self->mode == ALM_MAP_MODE_DRAW &&
                                               is_single_point (self));

  gtk_widget_set_visible (self->finish_button, has_ends);
  gtk_widget_set_visible (self->cancel_button, self->mode != ALM_MAP_MODE_SELECT);
  if (size != NULL)
    {
      g_autofree char *both = g_strdup_printf ("%s · %s", size, hint);

      alm_map_page_set_hint (self, both);
      return;
    }
  alm_map_page_set_hint (self, hint);
}

static void
say_fault (AlmMapPage *self,
           const char *text)
{
  alm_map_page_set_hint (self, text);
  alm_map_page_update_description (self);
  gtk_widget_error_bell (GTK_WIDGET (self->view));
}

static void
redraw (AlmMapPage *self)
{
  alm_map_view_set_sketch (self->view, self->draft != NULL ? alm_map_sketch_draw : NULL, self);
}

/* The draft is another one. */
static void
changed (AlmMapPage *self)
{
  self->fault_x = self->fault_y = NAN;
  update_hint (self);
  alm_map_page_update_description (self);
  redraw (self);
}

/* Changing the tool. */

void
alm_map_tools_set_mode (AlmMapPage *self,
                        AlmMapMode  mode)
{
  AlmMapDraft *before = g_steal_pointer (&self->draft);
  gboolean was_editing = self->mode == ALM_MAP_MODE_EDIT;

  if (before != NULL && !self->is_saving && was_editing &&
      mode != ALM_MAP_MODE_SELECT && alm_map_draft_is_changed (before))
    alm_map_page_say (self, _("The shape was left as it was."), FALSE);
  alm_map_draft_free (before);
  g_clear_pointer (&self->tool_model, alm_model_unref);
  self->mode = mode;
  self->edit_rid = 0;
  self->fault_x = self->fault_y = NAN;
  self->by_keys = FALSE;
  self->is_saving = FALSE;

  gtk_toggle_button_set_active (self->box_button, mode == ALM_MAP_MODE_BOX);
  gtk_toggle_button_set_active (self->polygon_button, mode == ALM_MAP_MODE_POLYGON);
  gtk_toggle_button_set_active (self->edit_button, mode == ALM_MAP_MODE_EDIT);
  alm_map_view_set_drag (self->view, mode == ALM_MAP_MODE_BOX      ? ALM_MAP_DRAG_BOX
                                     : mode == ALM_MAP_MODE_SELECT ? ALM_MAP_DRAG_PAN
                                                                   : ALM_MAP_DRAG_MOVE);
  alm_map_view_set_mark (self->view, NAN, NAN);
  if (was_editing != (mode == ALM_MAP_MODE_EDIT))
    alm_map_page_update_selection (self);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->view),
                                   mode == ALM_MAP_MODE_SELECT || mode == ALM_MAP_MODE_EDIT
                                     ? NULL : "crosshair");
  update_hint (self);
  alm_map_page_update_description (self);
  redraw (self);
}

/* (transfer full) @draft */
void
alm_map_tools_begin_draft (AlmMapPage  *self,
                           AlmMapMode   mode,
                           AlmMapDraft *draft)
{
  alm_map_here_stop_walking (self);
  alm_map_tools_set_mode (self, mode);
  self->draft = draft;
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  alm_map_tools_pointed (self);
  changed (self);
}

void
alm_map_tools_pointed (AlmMapPage *self)
{
  double x = self->pointer_x;
  double y = self->pointer_y;

  if (self->draft == NULL || !alm_map_draft_is_new (self->draft))
    return;
  if (alm_map_tools_shows_cross (self))
    alm_map_view_get_center (self->view, &x, &y);
  alm_map_draft_point (self->draft, x, y);
  if (alm_map_draft_count (self->draft) > 0 && isnan (self->fault_x))
    update_hint (self);
  redraw (self);
}

/* What a finished draft is for. */

static void
select_area (AlmMapPage *self,
             gboolean    extend)
{
  guint n;
  const AlmDraftPlace *places = alm_map_draft_get_ring (self->draft, 0, &n);
  g_autoptr (GArray) xy = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (AlmArea) area = NULL;
  g_autoptr (GArray) hits = NULL;
  double lon = 0.0;
  double lat;

  for (guint i = 0; i < n; i++)
    {
      g_array_append_val (xy, places[i].x);
      g_array_append_val (xy, places[i].y);
    }
  if (n > 0)
    alm_mercator_to_lon_lat (places[0].x, places[0].y, &lon, &lat);
  area = alm_area_new (alm_utm_choose (lon), (const double *) (gpointer) xy->data, n);
  if (area == NULL)
    {
      say_fault (self, _("An area needs three corners at least. Go on clicking, or Esc."));
      return;
    }

  hits = alm_map_data_select_area (self->data, area);
  alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  alm_map_page_select_hits (self, hits, extend);
}

/* In words, and at the place; the draft stays. */
static void
show_fault (AlmMapPage    *self,
            AlmDraftFault  fault)
{
  AlmShapeType shape = alm_map_draft_get_shape (self->draft);

  if (fault == ALM_DRAFT_FAULT_CROSSING)
    say_fault (self, _("The boundary crosses or touches itself where the ring is. Nothing was "
                       "saved; move a corner, or Esc."));
  else if (shape == ALM_SHAPE_POLYGON)
    say_fault (self, _("An area needs three corners at least. Go on clicking, or Esc."));
  else
    say_fault (self, _("A line needs two points at least. Go on clicking, or Esc."));
  redraw (self);
}

static void
finish (AlmMapPage *self,
        gboolean    extend)
{
  AlmDraftFault fault;

  if (self->mode == ALM_MAP_MODE_POLYGON)
    {
      select_area (self, extend);
      return;
    }
  if (self->mode == ALM_MAP_MODE_EDIT && !alm_map_draft_is_changed (self->draft))
    {
      alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
      return;
    }

  fault = alm_map_draft_check (self->draft, &self->fault_x, &self->fault_y);
  if (fault != ALM_DRAFT_FINE)
    show_fault (self, fault);
  else if (self->mode == ALM_MAP_MODE_DRAW)
    alm_map_change_add (self);
  else
    alm_map_change_save_shape (self);
}

/* TRUE: the draft has used it. */
static gboolean
answer (AlmMapPage     *self,
        AlmDraftAnswer  given,
        gboolean        extend)
{
  switch (given)
    {
    case ALM_DRAFT_CHANGED:
      changed (self);
      return TRUE;

    case ALM_DRAFT_TOO_FEW:
      say_fault (self, _("No corner can be spared: it would be no line or area any more."));
      return TRUE;

    case ALM_DRAFT_FINISH:
      changed (self);
      finish (self, extend);
      return TRUE;

    case ALM_DRAFT_CANCEL:
      alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
      return TRUE;

    case ALM_DRAFT_UNUSED:
    default:
      return FALSE;
    }
}

/* The pointer. */

gboolean
alm_map_tools_click (AlmMapPage *self,
                     double      x,
                     double      y)
{
  if (self->draft == NULL)
    return FALSE;
  if (!self->is_saving)
    answer (self, alm_map_draft_click (self->draft, x, y, get_reach (self)), FALSE);

  return TRUE;
}

gboolean
alm_map_tools_double_click (AlmMapPage *self,
                            double      x,
                            double      y,
                            gboolean    extend)
{
  if (self->draft == NULL)
    return FALSE;
  if (!self->is_saving)
    answer (self, alm_map_draft_double_click (self->draft, x, y, get_reach (self)), extend);

  return TRUE;
}

gboolean
alm_map_tools_drag_begin (AlmMapPage *self,
                          double      x,
                          double      y)
{
  if (self->draft == NULL || self->is_saving ||
      !alm_map_draft_grab (self->draft, x, y, get_reach (self)))
    return FALSE;
  changed (self);

  return TRUE;
}

void
alm_map_tools_drag_update (AlmMapPage *self,
                           double      x,
                           double      y)
{
  if (self->mode != ALM_MAP_MODE_EDIT || self->draft == NULL || self->is_saving)
    return;
  alm_map_draft_drag (self->draft, x, y);
  changed (self);
}

/* A point is saved where it is let go; of a shape more may be moved. */
void
alm_map_tools_drag_end (AlmMapPage *self,
                        double      x,
                        double      y)
{
  alm_map_tools_drag_update (self, x, y);
  if (self->mode == ALM_MAP_MODE_EDIT && is_single_point (self) && !self->is_saving)
    finish (self, FALSE);
}

/* Keys. */

static gboolean
get_direction (guint   keyval,
               double *dx,
               double *dy)
{
  *dx = *dy = 0.0;
  switch (keyval)
    {
    case GDK_KEY_Left:
      *dx = -1.0;
      return TRUE;

    case GDK_KEY_Right:
      *dx = 1.0;
      return TRUE;

    case GDK_KEY_Up:
      *dy = -1.0;
      return TRUE;

    case GDK_KEY_Down:
      *dy = 1.0;
      return TRUE;

    default:
      return FALSE;
    }
}

/* The picked vertex, else the map under the cross; that one's plain arrows are the
 * map's own. */
static gboolean
move_by_key (AlmMapPage *self,
             double      dx,
             double      dy,
             gboolean    shift)
{
  double step = (shift ? NUDGE_FAR : NUDGE_PX) * alm_map_view_get_units_per_pixel (self->view);

  if (answer (self, alm_map_draft_nudge (self->draft, dx * step, dy * step), FALSE))
    return TRUE;
  if (shift)
    alm_map_view_pan (self->view, dx * FINE_PX, dy * FINE_PX);

  return shift;
}

static gboolean
place_at_cross (AlmMapPage *self)
{
  double x;
  double y;

  if (!alm_map_draft_is_new (self->draft))
    return FALSE;
  alm_map_view_get_center (self->view, &x, &y);

  return answer (self, alm_map_draft_click (self->draft, x, y, get_reach (self)), FALSE);
}

void
alm_map_page_place_in_middle (AlmMapPage *self)
{
  g_return_if_fail (self->mode == ALM_MAP_MODE_DRAW);

  place_at_cross (self);
}

static gboolean
draft_key (AlmMapPage      *self,
           guint            keyval,
           GdkModifierType  state)
{
  AlmMapDraft *draft = self->draft;
  gboolean shift = (state & GDK_SHIFT_MASK) != 0;
  gboolean extend = (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK)) != 0;
  double dx;
  double dy;

  if (get_direction (keyval, &dx, &dy))
    return move_by_key (self, dx, dy, shift);

  switch (keyval)
    {
    case GDK_KEY_space:
    case GDK_KEY_KP_Space:
      return place_at_cross (self);

    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      if (is_single_point (self) && alm_map_draft_is_new (draft))
        return place_at_cross (self);
      return answer (self, alm_map_draft_press (draft, ALM_DRAFT_KEY_FINISH), extend);

    case GDK_KEY_BackSpace:
      return answer (self, alm_map_draft_press (draft, ALM_DRAFT_KEY_BACK), FALSE);

    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
      /* What is selected must not go while its shape is meant. */
      answer (self, alm_map_draft_press (draft, ALM_DRAFT_KEY_DELETE), FALSE);
      return TRUE;

    case GDK_KEY_Insert:
    case GDK_KEY_KP_Insert:
      return answer (self, alm_map_draft_press (draft, ALM_DRAFT_KEY_INSERT), FALSE);

    case GDK_KEY_Tab:
      return !is_single_point (self) && (state & GDK_CONTROL_MASK) == 0 &&
             answer (self, alm_map_draft_press (draft, ALM_DRAFT_KEY_NEXT), FALSE);

    case GDK_KEY_ISO_Left_Tab:
      return !is_single_point (self) && (state & GDK_CONTROL_MASK) == 0 &&
             answer (self, alm_map_draft_press (draft, ALM_DRAFT_KEY_PREVIOUS), FALSE);

    default:
      return FALSE;
    }
}

gboolean
alm_map_tools_key (AlmMapPage      *self,
                   guint            keyval,
                   GdkModifierType  state)
{
  double dx;
  double dy;

  if (self->mode == ALM_MAP_MODE_SELECT)
    return FALSE;
  if (keyval == GDK_KEY_Escape)
    {
      alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
      return TRUE;
    }
  if (self->draft == NULL)
    return FALSE;
  if (self->is_saving)
    return TRUE;

  if (get_direction (keyval, &dx, &dy) || keyval == GDK_KEY_space)
    {
      self->by_keys = TRUE;
      alm_map_tools_pointed (self);
    }

  return draft_key (self, keyval, state);
}

/* Buttons and menu. */

static const char *const shape_formats[] = { "point", "linestring", "polygon" };

static char *
name_shape (const char   *kind,
            AlmShapeType  shape)
{
  switch (shape)
    {
    case ALM_SHAPE_POINT:
      /* Translators: %s is a kind, as "Playground". */
      return g_strdup_printf (_("%s as a point"), kind);

    case ALM_SHAPE_LINE:
      return g_strdup_printf (_("%s as a line"), kind);

    case ALM_SHAPE_POLYGON:
    default:
      return g_strdup_printf (_("%s as an area"), kind);
    }
}

static gboolean
takes_shape (const AlmModel *model,
             AlmShapeType    shape)
{
  const AlmField *geometry = alm_model_find_role (model, ALM_ROLE_GEOMETRY);

  return geometry != NULL && geometry->format != NULL && !geometry->read_only &&
         (strstr (geometry->format, shape_formats[shape]) != NULL ||
          g_str_has_suffix (geometry->format, "-any"));
}

static void
append_kind (GMenu             *menu,
             const AlmMapLayer *layer)
{
  const char *title = alm_model_get_title (layer->model, _("en"));
  guint n_shapes = 0;

  for (guint shape = 0; shape < G_N_ELEMENTS (shape_formats); shape++)
    n_shapes += takes_shape (layer->model, shape);
  for (guint shape = 0; shape < G_N_ELEMENTS (shape_formats); shape++)
    {
      g_autoptr (GMenuItem) item = NULL;
      g_autofree char *words = NULL;

      if (!takes_shape (layer->model, shape))
        continue;
      words = n_shapes > 1 ? name_shape (title, shape) : g_strdup (title);
      item = g_menu_item_new (words, NULL);
      g_menu_item_set_action_and_target (item, "page.add-shape", "(su)", layer->kind,
                                         shape);
      g_menu_append_item (menu, item);
    }
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

      alm_map_data_get_layer (self->data, i, &layer);
      if (strcmp (alm_model_get_layer (layer.model), "base") != 0)
        append_kind (menu, &layer);
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
  else
    alm_map_page_say (self, _("There is no kind here yet that has a place on the map."), FALSE);
}

static void
begin_adding (AlmMapPage   *self,
              const char   *kind,
              AlmShapeType  shape)
{
  g_autoptr (AlmModel) model = NULL;

  if (self->records == NULL)
    return;
  model = alm_records_get_model (self->records, kind);
  if (model == NULL || !takes_shape (model, shape))
    return;
  alm_map_tools_begin_draft (self, ALM_MAP_MODE_DRAW, alm_map_draft_new (shape));
  self->tool_model = g_steal_pointer (&model);
  alm_map_change_check_adding (self);
}

static void
add_shape_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  const char *kind;
  guint shape;

  g_variant_get (parameter, "(&su)", &kind, &shape);
  if (shape < G_N_ELEMENTS (shape_formats))
    begin_adding (ALM_MAP_PAGE (widget), kind, (AlmShapeType) shape);
}

static void
begin_edit (AlmMapPage *self)
{
  gint64 rid = alm_selection_get_primary (self->selection);

  if (self->records == NULL || rid == 0)
    {
      /* A shape that is being drawn is no less worth for that. */
      if (self->draft == NULL)
        alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
      else
        gtk_toggle_button_set_active (self->edit_button, FALSE);
      alm_map_page_say (self, _("First select what you want to move or reshape."), FALSE);
      return;
    }
  alm_map_change_begin_edit (self, rid);
}

static void
edit_shape_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  if (self->mode != ALM_MAP_MODE_EDIT)
    begin_edit (self);
}

static void
select_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  if (g_str_has_suffix (name, "-box"))
    alm_map_tools_set_mode (self, ALM_MAP_MODE_BOX);
  else if (g_str_has_suffix (name, "-polygon"))
    alm_map_tools_begin_draft (self, ALM_MAP_MODE_POLYGON,
                               alm_map_draft_new (ALM_SHAPE_POLYGON));
  else
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
finish_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  if (self->draft != NULL && !self->is_saving)
    finish (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
delete_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  if (alm_selection_get_size (self->selection) == 0)
    alm_map_page_say (self, _("Nothing is selected."), FALSE);
  else
    alm_map_change_delete (self);
}

/* A shape that was changed stays in hand, whatever is selected meanwhile. */
void
alm_map_tools_selection_changed (AlmMapPage *self)
{
  gint64 primary = alm_selection_get_primary (self->selection);
  gboolean any = self->records != NULL && primary != 0;

  gtk_widget_set_sensitive (GTK_WIDGET (self->delete_button), any);
  gtk_widget_set_sensitive (GTK_WIDGET (self->edit_button), any);
  if (self->edit_rid != 0 && primary != self->edit_rid && !self->is_saving &&
      (self->draft == NULL || !alm_map_draft_is_changed (self->draft)))
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
polygon_toggled_cb (AlmMapPage *self)
{
  gboolean active = gtk_toggle_button_get_active (self->polygon_button);

  if (active && self->mode != ALM_MAP_MODE_POLYGON)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.select-polygon", NULL);
  else if (!active && self->mode == ALM_MAP_MODE_POLYGON)
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
}

static void
edit_toggled_cb (AlmMapPage *self)
{
  gboolean active = gtk_toggle_button_get_active (self->edit_button);

  if (active && self->mode != ALM_MAP_MODE_EDIT)
    begin_edit (self);
  else if (!active && (self->mode == ALM_MAP_MODE_EDIT || self->edit_rid != 0))
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
}

void
alm_map_tools_connect (AlmMapPage *self)
{
  g_signal_connect_object (self->box_button, "toggled", G_CALLBACK (box_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->polygon_button, "toggled", G_CALLBACK (polygon_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->edit_button, "toggled", G_CALLBACK (edit_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  alm_map_tools_fill_menu (self);
}

void
alm_map_tools_install (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                  *name;
    const char                  *parameter;
    GtkWidgetActionActivateFunc  func;
  } actions[] = {
    { "page.select", NULL, select_action },
    { "page.select-box", NULL, select_action },
    { "page.select-polygon", NULL, select_action },
    { "page.add", NULL, add_action },
    { "page.add-shape", "(su)", add_shape_action },
    { "page.edit-shape", NULL, edit_shape_action },
    { "page.delete", NULL, delete_action },
    { "page.finish", NULL, finish_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].func);
}
