/* SPDX-License-Identifier: EUPL-1.2 */

/* The map page: what is shown, selected, and walked through.
 *
 * Invariants:
 *   - What is drawn comes from AlmMapData alone; the page keeps no asset.
 *   - The description of the map widget says what is in view, and is brought up to
 *     date whenever the map comes to rest.
 *   - After dispose no callback touches a widget.
 * Main thread. */

#include "config.h"

#include "alm-map-page-private.h"

#include "alm-error-text.h"
#include "alm-utm.h"

#include <glib/gi18n.h>
#include <math.h>

/* The map has come to rest when nothing has moved for so long. */
#define REST_MS   160
#define HIT_PX    12.0

G_DEFINE_FINAL_TYPE (AlmMapPage, alm_map_page, ADW_TYPE_BIN)

void
alm_map_page_say (AlmMapPage *self,
                  const char *text,
                  gboolean    with_undo)
{
  AdwToast *toast = adw_toast_new (text);

  if (with_undo)
    {
      adw_toast_set_button_label (toast, _("Undo"));
      adw_toast_set_action_name (toast, "win.undo");
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
alm_map_page_say_error (AlmMapPage   *self,
                        const GError *error)
{
  alm_map_page_say (self, alm_error_text (error), FALSE);
}

void
alm_map_page_set_hint (AlmMapPage *self,
                       const char *text)
{
  gtk_label_set_label (self->hint, text != NULL ? text : "");
  gtk_widget_set_visible (self->hint_bar, text != NULL);
}

int
alm_map_page_get_scale (AlmMapPage *self)
{
  return gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

static gboolean
is_dark (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ());
}

static guint32
get_accent_color (AlmMapPage *self)
{
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                                       "accent_bg_color", &color))
    return 0x3584e4;

  return (guint32) (color.red * 255.0f) << 16 | (guint32) (color.green * 255.0f) << 8 |
         (guint32) (color.blue * 255.0f);
}

void
alm_map_page_update_assets (AlmMapPage   *self,
                            const AlmBox *touched,
                            guint         n_touched)
{
  g_autoptr (AlmTilePainter) painter = alm_tile_painter_new_plan (
    alm_map_data_make_assets (self->data, alm_map_base_is_drawn (self), is_dark (),
                              alm_map_page_get_scale (self)));

  alm_tile_layer_set_painter (self->asset_layer, painter, touched, n_touched);
  alm_label_layer_set_has_names (self->label_layer, alm_map_base_is_drawn (self));
}

/* While its shape is in hand, that is what shows it. */
void
alm_map_page_update_selection (AlmMapPage *self)
{
  guint n;
  const gint64 *rids = alm_selection_get_rids (self->selection, &n);
  g_autoptr (AlmTilePainter) painter = NULL;

  if (n > 0 && self->mode != ALM_MAP_MODE_EDIT)
    painter = alm_tile_painter_new_plan (
      alm_map_data_make_selection (self->data, rids, n, get_accent_color (self), is_dark (),
                                   alm_map_page_get_scale (self)));
  alm_tile_layer_set_painter (self->selection_layer, painter, NULL, 0);
  alm_label_layer_set_selected (self->label_layer, alm_selection_get_primary (self->selection));
}

static void
update_everything (AlmMapPage *self)
{
  alm_map_base_update (self, NULL, 0);
  alm_map_page_update_assets (self, NULL, 0);
  alm_map_page_update_selection (self);
}

/* East, north and degrees of a place, as people write them here; (transfer full). */
static char *
format_place (double x,
              double y)
{
  double lon;
  double lat;
  double east;
  double north;

  alm_mercator_to_lon_lat (x, y, &lon, &lat);
  alm_utm_from_lonlat (ALM_GEO_CRS_DEFAULT, lon, lat, &east, &north);

  /* Translators: ETRS89/UTM zone 32, east and north; then WGS 84, latitude and longitude.
   * What stands before the dot does not break: the line may end after it. */
  return g_strdup_printf (_("UTM 32  E %.1f  N %.1f   ·   %.6f° N  %.6f° E"), east, north, lat,
                          lon);
}

static void
update_coordinates (AlmMapPage *self)
{
  double x = self->pointer_x;
  double y = self->pointer_y;
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;

  if (isnan (x))
    alm_map_view_get_center (self->view, &x, &y);
  text = format_place (x, y);
  gtk_label_set_label (self->coordinates, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->coordinates_button), text);
  name = g_strdup_printf (_("Copy coordinates: %s"), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->coordinates_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
copy_coordinates_action (GtkWidget  *widget,
                         const char *name,
                         GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);
  /* Where it goes, blanks are blanks. */
  g_auto (GStrv) parts = g_strsplit (gtk_label_get_label (self->coordinates), "\u00a0", -1);
  g_autofree char *text = g_strjoinv (" ", parts);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  alm_map_page_say (self, _("Coordinates copied"), FALSE);
}

/* What a screen reader says of the map. */
void
alm_map_page_update_description (AlmMapPage *self)
{
  const char *hint = gtk_label_get_label (self->hint);
  guint n = alm_selection_get_size (self->selection);
  g_autofree char *place = NULL;
  g_autofree char *view = NULL;
  g_autofree char *selected = NULL;
  g_autofree char *text = NULL;
  double x;
  double y;

  alm_map_view_get_center (self->view, &x, &y);
  place = format_place (x, y);
  /* Translators: 1 what is in view, a sentence; 2 the zoom; 3 coordinates of the middle. */
  view = g_strdup_printf (_("%s Zoom %.0f, middle at %s."),
                          alm_view_list_get_text (self->view_list),
                          alm_map_view_get_zoom (self->view), place);
  selected = n > 0 ? g_strdup_printf (ngettext ("%'u object selected", "%'u objects selected", n),
                                      n) : NULL;
  /* What one is doing comes first, then what is selected, then what is to be seen. */
  text = g_strdup_printf ("%s%s%s%s%s", hint, *hint != '\0' ? " " : "",
                          selected != NULL ? selected : "", selected != NULL ? ". " : "", view);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static gboolean
rested_cb (gpointer user_data)
{
  AlmMapPage *self = user_data;
  AlmBox box;

  self->rest_id = 0;
  if (alm_map_view_get_box (self->view, &box) && alm_map_data_is_loaded (self->data))
    alm_view_list_update (self->view_list, &box);
  update_coordinates (self);
  alm_map_page_update_description (self);
  alm_base_notice_update (self->notice);

  return G_SOURCE_REMOVE;
}

void
alm_map_page_rest_soon (AlmMapPage *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->rest_id = g_timeout_add (REST_MS, rested_cb, self);
}

static void
moved_cb (AlmMapPage *self)
{
  double x;
  double y;

  alm_map_view_get_center (self->view, &x, &y);
  alm_scale_bar_set (self->scale_bar, alm_map_view_get_units_per_pixel (self->view) *
                                        alm_mercator_metres_per_unit (y));
  if (self->popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  if (alm_map_tools_shows_cross (self))
    alm_map_tools_pointed (self);
  alm_map_page_rest_soon (self);
}

static void
pointed_cb (AlmMapPage *self,
            double      x,
            double      y)
{
  self->pointer_x = x;
  self->pointer_y = y;
  if (!isnan (x))
    self->by_keys = FALSE;
  alm_map_tools_pointed (self);
  update_coordinates (self);
}

static void
select_rid (AlmMapPage *self,
            gint64      rid,
            gboolean    extend)
{
  if (extend)
    alm_selection_toggle (self->selection, rid);
  else
    alm_selection_select (self->selection, rid);
}

static void
clicked_cb (AlmMapPage *self,
            double      x,
            double      y,
            gboolean    extend)
{
  g_autoptr (GArray) hits = NULL;

  alm_map_here_stop_walking (self);
  alm_map_view_set_mark (self->view, NAN, NAN);
  if (alm_map_tools_click (self, x, y))
    return;

  hits = alm_map_data_hit (self->data, x, y,
                           HIT_PX * alm_map_view_get_units_per_pixel (self->view));
  if (hits->len == 0)
    {
      if (!extend)
        alm_selection_clear (self->selection);
    }
  else if (hits->len == 1 || extend)
    {
      select_rid (self, g_array_index (hits, AlmMapHit, 0).rid, extend);
    }
  else
    {
      alm_map_here_show (self, hits, x, y);
    }
}

/* Says how many, for those who do not see it. */
void
alm_map_page_select_hits (AlmMapPage *self,
                          GArray     *hits,
                          gboolean    extend)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *text = NULL;
  guint n = 0;

  if (extend)
    {
      const gint64 *before = alm_selection_get_rids (self->selection, &n);

      g_array_append_vals (rids, before, n);
    }
  for (guint i = 0; i < hits->len; i++)
    g_array_append_val (rids, g_array_index (hits, AlmMapHit, i).rid);
  if (rids->len > 0)
    alm_selection_set (self->selection, (const gint64 *) rids->data, rids->len, 0);
  else
    alm_selection_clear (self->selection);
  n = alm_selection_get_size (self->selection);
  text = n > 0 ? g_strdup_printf (ngettext ("%'u object selected", "%'u objects selected", n), n)
               : g_strdup (_("There is nothing that could be selected."));
  alm_map_page_say (self, text, FALSE);
}

static void
boxed_cb (AlmMapPage   *self,
          const AlmBox *box,
          gboolean      extend)
{
  g_autoptr (GArray) hits = alm_map_data_select_box (self->data, box);

  if (self->mode == ALM_MAP_MODE_BOX)
    alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  alm_map_page_select_hits (self, hits, extend);
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  alm_map_tools_set_mode (self, ALM_MAP_MODE_SELECT);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
walk_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  alm_map_here_walk (ALM_MAP_PAGE (widget), g_str_has_suffix (name, "next-feature") ? 1 : -1);
}

static void
open_feature_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  if (self->walk_at >= 0 && self->walk != NULL)
    select_rid (self, g_array_index (self->walk, AlmMapHit, self->walk_at).rid, FALSE);
}

static void
show_hit (AlmMapPage      *self,
          const AlmMapHit *hit,
          double           least_zoom)
{
  alm_map_view_go_to (self->view, hit->table->columns->wx[hit->index],
                      hit->table->columns->wy[hit->index],
                      MAX (round (alm_map_view_get_zoom (self->view)), least_zoom));
}

static void
fit_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);
  guint n;
  const gint64 *rids = alm_selection_get_rids (self->selection, &n);
  gboolean any = FALSE;
  AlmBox box = { 0 };

  for (guint i = 0; i < MIN (n, 1000); i++)
    {
      AlmMapHit hit;
      guint32 x;
      guint32 y;

      if (!alm_map_data_find (self->data, rids[i], &hit))
        continue;
      x = hit.table->columns->wx[hit.index];
      y = hit.table->columns->wy[hit.index];
      if (!any)
        box = (AlmBox) { x, y, x, y };
      any = TRUE;
      box = (AlmBox) { MIN (box.west, x), MIN (box.north, y), MAX (box.east, x),
                       MAX (box.south, y) };
    }
  if (any)
    alm_map_view_show_box (self->view, &box, 18.0);
}

static void
home_cb (AlmMapPage *self)
{
  AlmBox box;

  if (alm_map_data_get_extent (self->data, &box))
    alm_map_view_show_box (self->view, &box, 18.0);
}

/* A letter for each tool. */
static gboolean
activate_tool (AlmMapPage *self,
               guint       keyval)
{
  static const struct
  {
    guint       keyval;
    const char *action;
  } tools[] = {
    { GDK_KEY_n, "page.add" },
    { GDK_KEY_f, "page.fit" },
    { GDK_KEY_r, "page.select-box" },
    { GDK_KEY_p, "page.select-polygon" },
    { GDK_KEY_e, "page.edit-shape" },
    { GDK_KEY_Delete, "page.delete" },
    { GDK_KEY_KP_Delete, "page.delete" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tools); i++)
    if (tools[i].keyval == keyval)
      {
        gtk_widget_activate_action (GTK_WIDGET (self), tools[i].action, NULL);
        return TRUE;
      }

  return FALSE;
}

static gboolean
key_pressed_cb (AlmMapPage            *self,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                GtkEventControllerKey *controller)
{
  if (alm_map_tools_key (self, keyval, state))
    return TRUE;

  switch (keyval)
    {
    case GDK_KEY_Tab:
      return (state & GDK_CONTROL_MASK) == 0 && alm_map_here_walk (self, 1);

    case GDK_KEY_ISO_Left_Tab:
      return (state & GDK_CONTROL_MASK) == 0 && alm_map_here_walk (self, -1);

    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      if (self->walk_at < 0)
        return FALSE;
      gtk_widget_activate_action (GTK_WIDGET (self), "page.open-feature", NULL);
      return TRUE;

    case GDK_KEY_Escape:
      if (self->walk_at < 0 && alm_selection_get_size (self->selection) == 0)
        return FALSE;
      if (self->walk_at >= 0)
        alm_map_here_stop_walking (self);
      else
        alm_selection_clear (self->selection);
      return TRUE;

    default:
      return (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == 0 && activate_tool (self, keyval);
    }
}

static void
focus_left_cb (AlmMapPage *self)
{
  alm_map_here_stop_walking (self);
}

/* The map has no size before its first frame. */
static gboolean
first_frame_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  AlmMapPage *self = user_data;
  AlmBox box;

  if (!alm_map_view_get_box (self->view, &box))
    return G_SOURCE_CONTINUE;
  if (!self->has_extent)
    home_cb (self);
  self->has_extent = TRUE;

  return G_SOURCE_REMOVE;
}

/* Everything, unless somebody has asked for a place. */
static void
choose_first_view (AlmMapPage *self)
{
  if (!self->has_extent && first_frame_cb (NULL, NULL, self) == G_SOURCE_CONTINUE)
    gtk_widget_add_tick_callback (GTK_WIDGET (self->view), first_frame_cb, self, NULL);
}

static void
loaded_cb (AlmMapPage *self)
{
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  alm_map_here_stop_walking (self);
  alm_map_base_loaded (self);
  update_everything (self);
  alm_map_tools_fill_menu (self);

  gtk_widget_set_visible (self->empty_page,
                          !alm_map_data_get_extent (self->data, &(AlmBox) { 0 }));
  if (self->wanted_rid != 0)
    {
      AlmMapHit hit;

      if (alm_map_data_find (self->data, self->wanted_rid, &hit))
        {
          show_hit (self, &hit, 18.0);
          self->has_extent = TRUE;
        }
      self->wanted_rid = 0;
    }
  choose_first_view (self);
  alm_map_page_rest_soon (self);
}

static void
touched_cb (AlmMapPage   *self,
            const AlmBox *boxes,
            guint         n)
{
  alm_map_here_stop_walking (self);
  alm_map_base_update (self, boxes, n);
  alm_map_page_update_assets (self, boxes, n);
  alm_map_page_update_selection (self);
  gtk_widget_set_visible (self->empty_page,
                          !alm_map_data_get_extent (self->data, &(AlmBox) { 0 }));
  alm_map_page_rest_soon (self);
}

static void
layers_changed_cb (AlmMapPage *self)
{
  alm_map_here_stop_walking (self);
  alm_map_page_update_assets (self, NULL, 0);
  alm_map_page_rest_soon (self);
}

static void
day_changed_cb (AlmMapPage *self)
{
  alm_map_here_stop_walking (self);
  update_everything (self);
  alm_map_page_rest_soon (self);
}

static void
failed_cb (AlmMapPage   *self,
           const GError *error)
{
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  alm_map_page_say_error (self, error);
}

static void
selection_changed_cb (AlmMapPage *self)
{
  alm_map_page_update_selection (self);
  alm_map_tools_selection_changed (self);
  alm_map_page_update_description (self);
}

static void
show_on_map_cb (AlmMapPage *self,
                gint64      rid,
                double      lon,
                double      lat)
{
  AlmMapHit hit;

  if (rid != 0 && alm_map_data_find (self->data, rid, &hit))
    {
      show_hit (self, &hit, 18.0);
    }
  else if (!isnan (lon) && !isnan (lat))
    {
      double x;
      double y;

      alm_mercator_from_lon_lat (lon, lat, &x, &y);
      self->has_extent = TRUE;
      alm_map_view_go_to (self->view, x, y, MAX (round (alm_map_view_get_zoom (self->view)),
                                                 18.0));
      alm_map_view_set_mark (self->view, x, y);
    }
  else
    {
      self->wanted_rid = rid;
    }
}

static void
opened_cb (AlmMapPage *self,
           gint64      rid)
{
  AlmMapHit hit;

  select_rid (self, rid, FALSE);
  if (alm_map_data_find (self->data, rid, &hit))
    show_hit (self, &hit, 0.0);
}

static void
view_button_cb (AlmMapPage *self,
                GtkButton  *button)
{
  gtk_widget_activate_action (GTK_WIDGET (self->view),
                              button == self->zoom_in_button ? "map.zoom-in"
                              : button == self->zoom_out_button ? "map.zoom-out" : "map.home",
                              NULL);
}

static void
toggle_flap_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

static void
alm_map_page_dispose (GObject *object)
{
  AlmMapPage *self = ALM_MAP_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->popover != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->popover, self);
      /* One that is unparented while it is open is never freed. */
      gtk_popover_popdown (GTK_POPOVER (self->popover));
      g_clear_pointer (&self->popover, gtk_widget_unparent);
    }
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->data != NULL)
    g_signal_handlers_disconnect_by_data (self->data, self);
  g_clear_pointer (&self->draft, alm_map_draft_free);
  g_clear_pointer (&self->tool_model, alm_model_unref);
  g_clear_object (&self->data);
  g_clear_object (&self->selection);
  g_clear_object (&self->records);
  g_clear_object (&self->base_maps);
  g_clear_object (&self->base_chooser);
  g_clear_object (&self->removed_toast);

  G_OBJECT_CLASS (alm_map_page_parent_class)->dispose (object);
}

static void
alm_map_page_finalize (GObject *object)
{
  AlmMapPage *self = ALM_MAP_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->walk, g_array_unref);
  g_free (self->base_id);
  g_free (self->wanted_base);

  G_OBJECT_CLASS (alm_map_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, flap);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, panes);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, layers_box);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, base_list);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, view_place);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, overlay);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, flap_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, box_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, polygon_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, delete_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, zoom_in_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, zoom_out_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, home_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, hint_bar);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, hint);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, finish_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, scale_place);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, coordinates_button);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, coordinates);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, notice_place);
  gtk_widget_class_bind_template_child (widget_class, AlmMapPage, attribution);
}

static void
alm_map_page_class_init (AlmMapPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_map_page_dispose;
  object_class->finalize = alm_map_page_finalize;

  gtk_widget_class_install_action (widget_class, "page.copy-coordinates", NULL,
                                   copy_coordinates_action);
  gtk_widget_class_install_action (widget_class, "page.next-feature", NULL, walk_action);
  gtk_widget_class_install_action (widget_class, "page.previous-feature", NULL, walk_action);
  gtk_widget_class_install_action (widget_class, "page.open-feature", NULL,
                                   open_feature_action);
  gtk_widget_class_install_action (widget_class, "page.fit", NULL, fit_action);
  gtk_widget_class_install_action (widget_class, "page.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "page.toggle-layers", NULL,
                                   toggle_flap_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F8, 0, "page.toggle-layers", NULL);
  alm_map_tools_install (widget_class);
  alm_map_base_install (widget_class);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/map/map-page.ui");
  bind_children (widget_class);
}

static void
build_view (AlmMapPage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->view = ALM_MAP_VIEW (alm_map_view_new ());
  self->base_layer = alm_map_view_add_layer (self->view);
  self->asset_layer = alm_map_view_add_layer (self->view);
  self->selection_layer = alm_map_view_add_layer (self->view);
  gtk_overlay_set_child (self->overlay, GTK_WIDGET (self->view));

  g_signal_connect_object (self->view, "moved", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "pointed", G_CALLBACK (pointed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "clicked", G_CALLBACK (clicked_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "double-clicked", G_CALLBACK (alm_map_tools_double_click),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "boxed", G_CALLBACK (boxed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "home", G_CALLBACK (home_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "drag-begin", G_CALLBACK (alm_map_tools_drag_begin), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "drag-update", G_CALLBACK (alm_map_tools_drag_update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "drag-end", G_CALLBACK (alm_map_tools_drag_end), self,
                           G_CONNECT_SWAPPED);

  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), focus);
  g_signal_connect_object (self->zoom_in_button, "clicked", G_CALLBACK (view_button_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->zoom_out_button, "clicked", G_CALLBACK (view_button_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->home_button, "clicked", G_CALLBACK (view_button_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
alm_map_page_init (AlmMapPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->walk_at = -1;
  self->pointer_x = self->pointer_y = NAN;
  self->fault_x = self->fault_y = NAN;
  self->base_opacity = 1.0;

  gtk_widget_init_template (GTK_WIDGET (self));
  build_view (self);
  self->scale_bar = ALM_SCALE_BAR (alm_scale_bar_new ());
  adw_bin_set_child (self->scale_place, GTK_WIDGET (self->scale_bar));
  self->notice = ALM_BASE_NOTICE (alm_base_notice_new (self->base_layer));
  adw_bin_set_child (self->notice_place, GTK_WIDGET (self->notice));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_everything), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (update_everything), NULL);
}

static void
build_for_data (AlmMapPage *self)
{
  self->label_layer = alm_map_view_add_labels (self->view, self->records, self->data);
  self->layer_list = ALM_LAYER_LIST (alm_layer_list_new (self->data));
  gtk_box_prepend (self->layers_box, GTK_WIDGET (self->layer_list));
  self->view_list = ALM_VIEW_LIST (alm_view_list_new (self->records, self->data));
  adw_bin_set_child (self->view_place, GTK_WIDGET (self->view_list));
  alm_map_base_build (self);
  alm_map_tools_connect (self);
  g_signal_connect_object (self->view_list, "opened", G_CALLBACK (opened_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->data, "loaded", G_CALLBACK (loaded_cb), self);
  g_signal_connect_swapped (self->data, "touched", G_CALLBACK (touched_cb), self);
  g_signal_connect_swapped (self->data, "layers-changed", G_CALLBACK (layers_changed_cb), self);
  g_signal_connect_swapped (self->data, "day-changed", G_CALLBACK (day_changed_cb), self);
  g_signal_connect_swapped (self->data, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect_swapped (self->selection, "changed", G_CALLBACK (selection_changed_cb), self);
  g_signal_connect_swapped (self->selection, "show-on-map", G_CALLBACK (show_on_map_cb), self);
}

GtkWidget *
alm_map_page_new (AlmRecords   *records,
                  AlmSelection *selection)
{
  AlmMapPage *self = g_object_new (ALM_TYPE_MAP_PAGE, NULL);

  g_set_object (&self->records, records);
  self->selection = g_object_ref (selection);
  self->data = alm_map_data_new (records);
  build_for_data (self);
  alm_map_view_go_to (self->view, 0.53218 * ALM_WORLD, 0.33510 * ALM_WORLD, 12.0);
  if (records != NULL)
    gtk_spinner_start (self->spinner);
  else
    gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  selection_changed_cb (self);

  return GTK_WIDGET (self);
}

AlmMapData *
alm_map_page_get_data (AlmMapPage *self)
{
  return self->data;
}

AlmMapView *
alm_map_page_get_view (AlmMapPage *self)
{
  return self->view;
}

gboolean
alm_map_page_is_settled (AlmMapPage *self)
{
  return gtk_widget_get_mapped (GTK_WIDGET (self->view)) &&
         alm_map_data_is_loaded (self->data) && self->has_extent && self->rest_id == 0 &&
         alm_tile_layer_is_settled (self->base_layer) &&
         alm_tile_layer_is_settled (self->asset_layer) &&
         alm_tile_layer_is_settled (self->selection_layer) &&
         alm_label_layer_is_settled (self->label_layer);
}

void
alm_map_page_show_pane (AlmMapPage *self,
                        const char *name)
{
  gtk_stack_set_visible_child_name (self->panes, name);
}
