/* SPDX-License-Identifier: EUPL-1.2 */

/* The layers of the map as rows, topmost first.  A row opens to show its legend
 * and the buttons for its place in the order.
 *
 * Main thread. */

#include "config.h"

#include "alm-layer-list.h"

#include "alm-symbol-icon.h"

#include <glib/gi18n.h>

struct _AlmLayerList
{
  AdwBin               parent_instance;

  /* Owned */
  AlmMapData          *data;
  GHashTable          *rows;    /* kind → AdwExpanderRow, borrowed from the group */
  char                *order;   /* kinds and counts as shown: rebuilt where it differs */

  /* Children */
  AdwPreferencesGroup *group;
};

G_DEFINE_FINAL_TYPE (AlmLayerList, alm_layer_list, ADW_TYPE_BIN)

static const char *
get_language (void)
{
  /* Translators: the two letters of the language you translate into. */
  return _("en");
}

static void
name_widget (GtkWidget  *widget,
             const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static const char *
get_kind (gpointer widget)
{
  return g_object_get_data (widget, "kind");
}

static void
eye_toggled_cb (AlmLayerList    *self,
                GtkToggleButton *button)
{
  gboolean visible = gtk_toggle_button_get_active (button);

  gtk_button_set_icon_name (GTK_BUTTON (button), visible ? "view-reveal-symbolic"
                                                         : "view-conceal-symbolic");
  alm_map_data_set_visible (self->data, get_kind (button), visible);
}

static void
move_clicked_cb (AlmLayerList *self,
                 GtkButton    *button)
{
  g_autofree char *kind = g_strdup (get_kind (button));

  alm_map_data_move_layer (self->data, kind,
                           GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "step")));
}

static GtkWidget *
make_eye (AlmLayerList      *self,
          const AlmMapLayer *layer,
          const char        *title)
{
  GtkWidget *eye = gtk_toggle_button_new ();
  g_autofree char *name = g_strdup_printf (_("Show %s"), title);

  g_object_set_data_full (G_OBJECT (eye), "kind", g_strdup (layer->kind), g_free);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (eye), layer->visible);
  gtk_button_set_icon_name (GTK_BUTTON (eye), layer->visible ? "view-reveal-symbolic"
                                                             : "view-conceal-symbolic");
  gtk_widget_set_valign (eye, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (eye, "flat");
  gtk_widget_set_tooltip_text (eye, name);
  name_widget (eye, name);
  g_signal_connect_object (eye, "toggled", G_CALLBACK (eye_toggled_cb), self, G_CONNECT_SWAPPED);

  return eye;
}

static GtkWidget *
make_move_button (AlmLayerList      *self,
                  const AlmMapLayer *layer,
                  const char        *icon,
                  const char        *label,
                  int                step)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), icon);
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "kind", g_strdup (layer->kind), g_free);
  g_object_set_data (G_OBJECT (button), "step", GINT_TO_POINTER (step));
  g_signal_connect_object (button, "clicked", G_CALLBACK (move_clicked_cb), self,
                           G_CONNECT_SWAPPED);

  return button;
}

static GtkWidget *
make_icon (AlmLayerList    *self,
           const AlmSymbol *symbol,
           guint            class_)
{
  g_autoptr (GdkPaintable) picture =
    alm_symbol_icon_new (symbol, class_, adw_style_manager_get_dark (
                           adw_style_manager_get_default ()),
                         gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  GtkWidget *image = gtk_image_new_from_paintable (picture);

  gtk_image_set_pixel_size (GTK_IMAGE (image), 16);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Symbol"), -1);

  return image;
}

static void
add_legend (AlmLayerList      *self,
            AdwExpanderRow    *row,
            const AlmMapLayer *layer)
{
  guint n_classes = alm_symbol_get_n_classes (layer->symbol);
  const AlmField *by = n_classes > 1 ? alm_model_find_field (layer->model,
                                                             alm_symbol_get_by (layer->symbol))
                                     : NULL;

  for (guint i = 1; by != NULL && i < n_classes; i++)
    {
      const char *title = alm_symbol_get_class_title (layer->symbol, i, get_language ());
      GtkWidget *legend = adw_action_row_new ();
      /* Translators: the n-th fifth of all values, from small to large. */
      g_autofree char *fifth = g_strdup_printf (_("Fifth %u of 5"), i);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (legend), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (legend), title != NULL ? title : fifth);
      if (i == 1)
        adw_action_row_set_subtitle (ADW_ACTION_ROW (legend),
                                     alm_field_get_title (by, get_language ()));
      adw_action_row_add_prefix (ADW_ACTION_ROW (legend), make_icon (self, layer->symbol, i));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (legend), FALSE);
      gtk_widget_set_focusable (legend, FALSE);
      adw_expander_row_add_row (row, legend);
    }
}

static void
add_order_row (AlmLayerList      *self,
               AdwExpanderRow    *row,
               const AlmMapLayer *layer)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *buttons = gtk_list_box_row_new ();

  gtk_box_append (GTK_BOX (box), make_move_button (self, layer, "go-up-symbolic", _("Up"), 1));
  gtk_box_append (GTK_BOX (box), make_move_button (self, layer, "go-down-symbolic", _("Down"),
                                                   -1));
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_top (box, 3);
  gtk_widget_set_margin_bottom (box, 3);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (buttons), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (buttons), FALSE);
  gtk_widget_set_focusable (buttons, FALSE);
  name_widget (buttons, _("Order"));
  adw_expander_row_add_row (row, buttons);
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

static GtkWidget *
make_row (AlmLayerList      *self,
          const AlmMapLayer *layer)
{
  GtkWidget *row = adw_expander_row_new ();
  const char *title = alm_model_get_plural (layer->model, get_language ());
  g_autofree char *count = g_strdup_printf ("%'u", layer->n);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), count);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), make_icon (self, layer->symbol, 0));
  adw_expander_row_add_action (ADW_EXPANDER_ROW (row), make_eye (self, layer, title));
  add_legend (self, ADW_EXPANDER_ROW (row), layer);
  add_order_row (self, ADW_EXPANDER_ROW (row), layer);
  name_inner_lists (row, title);

  return row;
}

static void
remove_row (gpointer data)
{
  GtkWidget *row = data;
  GtkWidget *group = gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP);

  if (group != NULL)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (group), row);
}

/* What the rows show, as one text. */
static char *
describe (AlmLayerList *self)
{
  GString *text = g_string_new (NULL);
  guint n = alm_map_data_get_n_layers (self->data);

  for (guint i = 0; i < n; i++)
    {
      AlmMapLayer layer;

      alm_map_data_get_layer (self->data, i, &layer);
      g_string_append_printf (text, "%s %u\n", layer.kind, layer.n);
    }

  return g_string_free (text, FALSE);
}

/* Rows are made anew only where something else than an eye has changed: whoever
 * has the focus in one keeps it. */
static void
fill (AlmLayerList *self)
{
  g_autofree char *order = describe (self);
  guint n = alm_map_data_get_n_layers (self->data);
  g_autofree char *opened = NULL;
  GHashTableIter iter;
  gpointer kind;
  gpointer row;

  if (g_strcmp0 (order, self->order) == 0)
    return;
  g_free (self->order);
  self->order = g_steal_pointer (&order);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &kind, &row))
    if (adw_expander_row_get_expanded (row))
      opened = g_strdup (kind);
  g_hash_table_remove_all (self->rows);
  for (guint i = n; i-- > 0;)
    {
      AlmMapLayer layer;
      GtkWidget *added;

      alm_map_data_get_layer (self->data, i, &layer);
      added = make_row (self, &layer);
      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (added),
                                     g_strcmp0 (opened, layer.kind) == 0);
      adw_preferences_group_add (self->group, added);
      g_hash_table_insert (self->rows, g_strdup (layer.kind), added);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->group), n > 0);
}

static void
dark_changed_cb (AlmLayerList *self)
{
  g_clear_pointer (&self->order, g_free);
  fill (self);
}

static void
alm_layer_list_dispose (GObject *object)
{
  AlmLayerList *self = ALM_LAYER_LIST (object);

  g_hash_table_remove_all (self->rows);
  g_clear_object (&self->data);

  G_OBJECT_CLASS (alm_layer_list_parent_class)->dispose (object);
}

static void
alm_layer_list_finalize (GObject *object)
{
  AlmLayerList *self = ALM_LAYER_LIST (object);

  g_hash_table_unref (self->rows);
  g_free (self->order);

  G_OBJECT_CLASS (alm_layer_list_parent_class)->finalize (object);
}

static void
alm_layer_list_class_init (AlmLayerListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_layer_list_dispose;
  object_class->finalize = alm_layer_list_finalize;
}

static void
alm_layer_list_init (AlmLayerList *self)
{
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remove_row);
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->group, _("Layers"));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->group));
}

GtkWidget *
alm_layer_list_new (AlmMapData *data)
{
  AlmLayerList *self = g_object_new (ALM_TYPE_LAYER_LIST, NULL);

  self->data = g_object_ref (data);
  g_signal_connect_object (data, "loaded", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (data, "touched", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (data, "layers-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (dark_changed_cb), self, G_CONNECT_SWAPPED);
  fill (self);

  return GTK_WIDGET (self);
}
