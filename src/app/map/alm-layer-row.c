/* SPDX-License-Identifier: EUPL-1.2 */

/* One layer of the map as a row.  Main thread. */

#include "config.h"

#include "alm-layer-row.h"

#include "alm-legend.h"
#include "alm-symbol-icon.h"

#include <glib/gi18n.h>

struct _AlmLayerRow
{
  AdwExpanderRow   parent_instance;

  /* Owned */
  AlmMapData      *data;
  char            *kind;
  char            *shown;     /* legend and colours as they are shown */
  GtkWidget       *opacity_row;
  GtkWidget       *order_row;
  guint            number;

  /* Borrowed: children made by code */
  GtkWidget       *image;
  GtkWidget       *eye;
  GtkWidget       *scale;
  GPtrArray       *legend;    /* rows of it; owned array */
};

G_DEFINE_FINAL_TYPE (AlmLayerRow, alm_layer_row, ADW_TYPE_EXPANDER_ROW)

static void
name_widget (GtkWidget  *widget,
             const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
eye_toggled_cb (AlmLayerRow     *self,
                GtkToggleButton *button)
{
  gboolean visible = gtk_toggle_button_get_active (button);

  gtk_button_set_icon_name (GTK_BUTTON (button), visible ? "view-reveal-symbolic"
                                                         : "view-conceal-symbolic");
  alm_map_data_set_visible (self->data, self->kind, visible);
}

static void
opacity_changed_cb (AlmLayerRow *self,
                    GtkRange    *range)
{
  alm_map_data_set_opacity (self->data, self->kind, gtk_range_get_value (range) / 100.0);
}

static void
move_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  AlmLayerRow *self = ALM_LAYER_ROW (widget);

  alm_map_data_move_layer (self->data, self->kind, g_str_has_suffix (name, "up") ? 1 : -1);
}

/* By hand. */

static GdkContentProvider *
drag_prepare_cb (AlmLayerRow   *self,
                 double         x,
                 double         y,
                 GtkDragSource *source)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, picture, 0, 0);

  return gdk_content_provider_new_typed (ALM_TYPE_LAYER_ROW, self);
}

static void
mark_drop (AlmLayerRow *self,
           const char  *css_class)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-above");
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-below");
  if (css_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), css_class);
}

static gboolean
is_upper_half (AlmLayerRow *self,
               double       y)
{
  return y < gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
}

static GdkDragAction
drop_motion_cb (AlmLayerRow *self,
                double       x,
                double       y)
{
  mark_drop (self, is_upper_half (self, y) ? "drop-above" : "drop-below");

  return GDK_ACTION_MOVE;
}

static void
drop_leave_cb (AlmLayerRow *self)
{
  mark_drop (self, NULL);
}

static gboolean
drop_cb (AlmLayerRow  *self,
         const GValue *value,
         double        x,
         double        y)
{
  mark_drop (self, NULL);
  alm_layer_row_drop (self, g_value_get_object (value), is_upper_half (self, y));

  return TRUE;
}

void
alm_layer_row_drop (AlmLayerRow *self,
                    AlmLayerRow *other,
                    gboolean     above)
{
  gboolean rises = other->number < self->number;

  if (other != self)
    alm_map_data_place_layer (self->data, other->kind,
                              above ? self->number + !rises : self->number - rises);
}

static GtkWidget *
make_handle (AlmLayerRow *self)
{
  GtkWidget *handle = gtk_image_new_from_icon_name ("list-drag-handle-symbolic");
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (ALM_TYPE_LAYER_ROW, GDK_ACTION_MOVE);

  gtk_widget_add_css_class (handle, "drag-handle");
  gtk_widget_set_tooltip_text (handle, _("Drag to change the order (Alt+Up, Alt+Down)"));
  gtk_widget_set_cursor_from_name (handle, "grab");
  name_widget (handle, _("Order"));

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_swapped (source, "prepare", G_CALLBACK (drag_prepare_cb), self);
  gtk_widget_add_controller (handle, GTK_EVENT_CONTROLLER (source));
  g_signal_connect_swapped (target, "motion", G_CALLBACK (drop_motion_cb), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (drop_leave_cb), self);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  return handle;
}

static GtkWidget *
make_eye (AlmLayerRow *self)
{
  GtkWidget *eye = gtk_toggle_button_new ();

  gtk_button_set_icon_name (GTK_BUTTON (eye), "view-conceal-symbolic");
  gtk_widget_set_valign (eye, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (eye, "flat");
  g_signal_connect_swapped (eye, "toggled", G_CALLBACK (eye_toggled_cb), self);

  return eye;
}

/* A row that holds @child and takes no focus itself; the expander's. */
static GtkWidget *
make_plain_row (GtkWidget  *child,
                const char *name)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_widget_set_margin_start (child, 12);
  gtk_widget_set_margin_end (child, 6);
  gtk_widget_set_margin_top (child, 3);
  gtk_widget_set_margin_bottom (child, 3);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), child);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  name_widget (row, name);

  return row;
}

static GtkWidget *
make_opacity (AlmLayerRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 10.0, 100.0, 5.0);
  gtk_widget_set_hexpand (self->scale, TRUE);
  g_signal_connect_swapped (self->scale, "value-changed", G_CALLBACK (opacity_changed_cb), self);
  gtk_box_append (GTK_BOX (box), gtk_label_new (_("Opacity")));
  gtk_box_append (GTK_BOX (box), self->scale);

  return make_plain_row (box, _("Opacity"));
}

static GtkWidget *
make_move_button (const char *icon,
                  const char *label,
                  const char *action)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), icon);
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);

  return button;
}

static GtkWidget *
make_order (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *row = make_plain_row (box, _("Order"));

  gtk_box_append (GTK_BOX (box), make_move_button ("go-up-symbolic", _("Up"), "layer.up"));
  gtk_box_append (GTK_BOX (box), make_move_button ("go-down-symbolic", _("Down"), "layer.down"));
  gtk_widget_set_margin_start (box, 3);

  return row;
}

/* AdwExpanderRow 1.2 keeps what is added to it in a list that it leaves without a
 * name and to which there is no way but through its children. */
static void
name_inner_lists (GtkWidget  *widget,
                  const char *name)
{
  if (GTK_IS_LIST_BOX (widget))
    name_widget (widget, name);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_inner_lists (child, name);
}

static void
add_legend_line (AlmLayerRow         *self,
                 const AlmMapLayer   *layer,
                 const AlmLegendLine *line,
                 gboolean             dark)
{
  GtkWidget *row = adw_action_row_new ();
  g_autoptr (GdkPaintable) picture =
    alm_symbol_icon_new (layer->symbol, line->class_, dark,
                         gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  GtkWidget *image = gtk_image_new_from_paintable (picture);

  gtk_image_set_pixel_size (GTK_IMAGE (image), 16);
  name_widget (image, _("Symbol"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), line->title);
  if (self->legend->len == 0)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), line->of);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  g_ptr_array_add (self->legend, row);
}

static void
set_legend (AlmLayerRow       *self,
            const AlmMapLayer *layer,
            gboolean           dark)
{
  AdwExpanderRow *expander = ADW_EXPANDER_ROW (self);
  g_autoptr (GPtrArray) lines = alm_legend_make (layer->model, layer->symbol, layer->limits);
  g_autoptr (GdkPaintable) picture =
    alm_symbol_icon_new (layer->symbol, 0, dark, gtk_widget_get_scale_factor (GTK_WIDGET (self)));

  gtk_image_set_from_paintable (GTK_IMAGE (self->image), picture);
  /* An expander can only append. */
  if (gtk_widget_get_parent (self->opacity_row) != NULL)
    {
      adw_expander_row_remove (expander, self->opacity_row);
      adw_expander_row_remove (expander, self->order_row);
    }
  for (guint i = 0; i < self->legend->len; i++)
    adw_expander_row_remove (expander, g_ptr_array_index (self->legend, i));
  g_ptr_array_set_size (self->legend, 0);
  for (guint i = 0; i < lines->len; i++)
    add_legend_line (self, layer, g_ptr_array_index (lines, i), dark);
  adw_expander_row_add_row (expander, self->opacity_row);
  adw_expander_row_add_row (expander, self->order_row);
}

/* What the legend shows, as one text. */
static char *
describe_legend (const AlmMapLayer *layer,
                 gboolean           dark)
{
  g_autoptr (GPtrArray) lines = alm_legend_make (layer->model, layer->symbol, layer->limits);
  GString *text = g_string_new (dark ? "dark" : "light");

  for (guint i = 0; i < alm_symbol_get_n_classes (layer->symbol); i++)
    g_string_append_printf (text, " %x", alm_symbol_get_class_color (layer->symbol, i));
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "\n%s", ((const AlmLegendLine *) lines->pdata[i])->title);

  return g_string_free (text, FALSE);
}

static void
alm_layer_row_dispose (GObject *object)
{
  AlmLayerRow *self = ALM_LAYER_ROW (object);

  g_clear_object (&self->data);
  g_clear_object (&self->opacity_row);
  g_clear_object (&self->order_row);

  G_OBJECT_CLASS (alm_layer_row_parent_class)->dispose (object);
}

static void
alm_layer_row_finalize (GObject *object)
{
  AlmLayerRow *self = ALM_LAYER_ROW (object);

  g_ptr_array_unref (self->legend);
  g_free (self->kind);
  g_free (self->shown);

  G_OBJECT_CLASS (alm_layer_row_parent_class)->finalize (object);
}

static void
alm_layer_row_class_init (AlmLayerRowClass *klass)
{
  static const struct
  {
    guint       key;
    const char *action;
  } keys[] = {
    { GDK_KEY_Up, "layer.up" }, { GDK_KEY_KP_Up, "layer.up" },
    { GDK_KEY_Down, "layer.down" }, { GDK_KEY_KP_Down, "layer.down" },
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_layer_row_dispose;
  object_class->finalize = alm_layer_row_finalize;

  gtk_widget_class_install_action (widget_class, "layer.up", NULL, move_action);
  gtk_widget_class_install_action (widget_class, "layer.down", NULL, move_action);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, GDK_ALT_MASK,
                                         keys[i].action, NULL);
}

static void
alm_layer_row_init (AlmLayerRow *self)
{
  AdwExpanderRow *row = ADW_EXPANDER_ROW (self);

  self->legend = g_ptr_array_new ();
  self->image = gtk_image_new ();
  gtk_image_set_pixel_size (GTK_IMAGE (self->image), 16);
  name_widget (self->image, _("Symbol"));
  self->eye = make_eye (self);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_expander_row_add_prefix (row, make_handle (self));
  adw_expander_row_add_prefix (row, self->image);
  adw_expander_row_add_action (row, self->eye);
  self->opacity_row = g_object_ref_sink (make_opacity (self));
  self->order_row = g_object_ref_sink (make_order ());
}

GtkWidget *
alm_layer_row_new (AlmMapData        *data,
                   const AlmMapLayer *layer,
                   guint              number)
{
  AlmLayerRow *self = g_object_new (ALM_TYPE_LAYER_ROW, NULL);

  self->data = g_object_ref (data);
  self->kind = g_strdup (layer->kind);
  alm_layer_row_update (self, layer, number);

  return GTK_WIDGET (self);
}

void
alm_layer_row_update (AlmLayerRow       *self,
                      const AlmMapLayer *layer,
                      guint              number)
{
  const char *title = alm_model_get_plural (layer->model, alm_legend_get_language ());
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  g_autofree char *count = g_strdup_printf ("%'u", layer->n);
  g_autofree char *shown = describe_legend (layer, dark);
  g_autofree char *show = g_strdup_printf (_("Show %s"), title);
  g_autofree char *opacity = g_strdup_printf (_("Opacity of %s"), title);

  self->number = number;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "layer.up",
                                 number + 1 < alm_map_data_get_n_layers (self->data));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "layer.down", number > 0);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), count);
  gtk_widget_set_tooltip_text (self->eye, show);
  name_widget (self->eye, show);
  name_widget (self->scale, opacity);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->eye), layer->visible);
  gtk_range_set_value (GTK_RANGE (self->scale), layer->opacity * 100.0);
  if (g_strcmp0 (shown, self->shown) != 0)
    {
      g_free (self->shown);
      self->shown = g_steal_pointer (&shown);
      set_legend (self, layer, dark);
      name_inner_lists (GTK_WIDGET (self), title);
    }
}

guint
alm_layer_row_get_number (AlmLayerRow *self)
{
  return self->number;
}
