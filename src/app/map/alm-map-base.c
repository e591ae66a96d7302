/* SPDX-License-Identifier: EUPL-1.2 */

/* The base map of the page: which one is shown, the rows to choose by, adding and
 * taking away.
 *
 * Invariant: whom the base map is from stands on the map as long as it is shown.
 *
 * Main thread. */

#include "config.h"

#include "alm-base-dialog.h"
#include "alm-map-page-private.h"

#include <glib/gi18n.h>

static gboolean
is_dark (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ());
}

gboolean
alm_map_base_is_drawn (AlmMapPage *self)
{
  return g_str_equal (self->base_id, ALM_BASE_MAP_DRAWN);
}

static void
update_attribution (AlmMapPage *self)
{
  const char *words = NULL;
  AlmBaseMap map;

  if (alm_base_maps_find (self->base_maps, self->base_id, &map))
    words = map.words;
  if (alm_map_base_is_drawn (self) && alm_map_data_has_base (self->data))
    words = _("Base map: the city's own data");
  gtk_label_set_label (self->attribution, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->attribution), words != NULL);
}

/* Shows the base map that is chosen. */
void
alm_map_base_update (AlmMapPage   *self,
                     const AlmBox *touched,
                     guint         n_touched)
{
  gboolean is_drawn = alm_map_base_is_drawn (self);
  g_autoptr (AlmTilePainter) painter = NULL;
  AlmBaseMap map;

  if (is_drawn)
    {
      AlmPaintPlan *plan = alm_map_data_make_base (self->data, is_dark (),
                                                   alm_map_page_get_scale (self));

      if (plan != NULL)
        painter = alm_tile_painter_new_plan (plan);
    }
  else if (alm_base_maps_find (self->base_maps, self->base_id, &map) && map.painter != NULL)
    {
      painter = alm_tile_painter_ref (map.painter);
    }

  /* Tiles that come from elsewhere do not change with the records. */
  if (touched == NULL || is_drawn)
    alm_tile_layer_set_painter (self->base_layer, painter, touched, n_touched);
  gtk_widget_set_opacity (GTK_WIDGET (self->base_layer), self->base_opacity);
  update_attribution (self);
}

static void
show_base (AlmMapPage *self,
           const char *id)
{
  if (g_str_equal (self->base_id, id))
    return;

  g_free (self->base_id);
  self->base_id = g_strdup (id);
  /* Tiles of another map are no stand-in. */
  alm_tile_layer_set_painter (self->base_layer, NULL, NULL, 0);
  alm_map_base_update (self, NULL, 0);
  /* The names come and go with the drawn map. */
  alm_map_page_update_assets (self, NULL, 0);
  alm_map_page_rest_soon (self);
}

/* The row's button follows; nobody has chosen that for good. */
static void
press_button (AlmMapPage *self)
{
  GtkWidget *row;

  self->is_filling = TRUE;
  for (int i = 0; (row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->base_list, i))) != NULL;
       i++)
    {
      GtkCheckButton *button = g_object_get_data (G_OBJECT (row), "button");

      if (button != NULL &&
          g_strcmp0 (g_object_get_data (G_OBJECT (button), "id"), self->base_id) == 0)
        gtk_check_button_set_active (button, TRUE);
    }
  self->is_filling = FALSE;
}

/* What the last session had, as soon as it is there; where nothing can be drawn and
 * nobody has chosen, a file is better than nothing. */
static void
settle_choice (AlmMapPage *self)
{
  AlmBaseMap map;

  if (self->wanted_base != NULL &&
      alm_base_maps_find (self->base_maps, self->wanted_base, &map) &&
      (map.title == NULL || map.painter != NULL))
    {
      show_base (self, map.id);
      g_clear_pointer (&self->wanted_base, g_free);
    }
  else if (!alm_base_maps_find (self->base_maps, self->base_id, NULL))
    {
      show_base (self, ALM_BASE_MAP_DRAWN);
    }
  else if (!self->is_base_chosen && alm_map_base_is_drawn (self) &&
           alm_map_data_is_loaded (self->data) && !alm_map_data_has_base (self->data))
    {
      for (guint i = 0; i < alm_base_maps_get_n (self->base_maps); i++)
        {
          alm_base_maps_get (self->base_maps, i, &map);
          if (map.is_file && map.painter != NULL)
            {
              show_base (self, map.id);
              break;
            }
        }
    }
  press_button (self);
}

static void
base_toggled_cb (AlmMapPage     *self,
                 GtkCheckButton *button)
{
  if (self->is_filling || !gtk_check_button_get_active (button))
    return;

  self->is_base_chosen = TRUE;
  g_clear_pointer (&self->wanted_base, g_free);
  show_base (self, g_object_get_data (G_OBJECT (button), "id"));
}

static void
opacity_changed_cb (AlmMapPage *self,
                    GtkRange   *range)
{
  self->base_opacity = gtk_range_get_value (range) / 100.0;
  gtk_widget_set_opacity (GTK_WIDGET (self->base_layer), self->base_opacity);
}

static void
forget_toast (AlmMapPage *self,
              AdwToast   *toast)
{
  if (self->removed_toast == toast)
    g_clear_object (&self->removed_toast);
}

static void
remove_clicked_cb (AlmMapPage *self,
                   GtkButton  *button)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (button), "id"));
  AdwToast *toast = adw_toast_new (_("Base map removed"));

  if (g_str_equal (self->base_id, id))
    {
      g_free (self->wanted_base);
      self->wanted_base = g_strdup (id);   /* for Undo */
    }
  adw_toast_set_timeout (toast, 10);
  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, "page.restore-base-map");
  alm_base_maps_remove (self->base_maps, id);
  /* Only the last one can come back: an older toast would promise another. */
  if (self->removed_toast != NULL)
    adw_toast_dismiss (self->removed_toast);
  g_set_object (&self->removed_toast, toast);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (forget_toast), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
restore_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  alm_base_maps_restore (ALM_MAP_PAGE (widget)->base_maps);
}

static void
add_remove_button (AlmMapPage       *self,
                   GtkWidget        *row,
                   const AlmBaseMap *map)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *name = g_strdup_printf (_("Remove %s"), map->title);

  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (map->id), g_free);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static const char *
get_title (const AlmBaseMap *map)
{
  if (map->title != NULL)
    return map->title;

  return g_str_equal (map->id, ALM_BASE_MAP_NONE) ? _("None") : _("Drawn");
}

static const char *
get_subtitle (const AlmBaseMap *map)
{
  if (map->title == NULL)
    return g_str_equal (map->id, ALM_BASE_MAP_NONE) ? NULL : _("From the city's own data");
  if (map->painter == NULL)
    return _("The file is not there or cannot be read");

  return map->words;
}

static GtkWidget *
make_row (AlmMapPage       *self,
          const AlmBaseMap *map,
          GtkCheckButton   *group)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_check_button_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), get_title (map));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), get_subtitle (map));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_title (map), -1);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (map->id), g_free);
  g_object_set_data (G_OBJECT (row), "button", button);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_set_sensitive (button, map->title == NULL || map->painter != NULL);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), group);
  if (map->is_added)
    add_remove_button (self, row, map);
  g_signal_connect_object (button, "toggled", G_CALLBACK (base_toggled_cb), self,
                           G_CONNECT_SWAPPED);

  return row;
}

/* It stays, whatever comes and goes above it. */
static GtkWidget *
make_opacity_row (AlmMapPage *self)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 10.0, 100.0, 5.0);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Opacity"));
  gtk_range_set_value (GTK_RANGE (scale), self->base_opacity * 100.0);
  gtk_widget_set_size_request (scale, 110, -1);
  gtk_widget_set_valign (scale, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Opacity of the base map"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), scale);
  gtk_widget_set_focusable (row, FALSE);
  self->opacity_scale = scale;
  g_signal_connect_object (scale, "value-changed", G_CALLBACK (opacity_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return row;
}

static void
fill (AlmMapPage *self)
{
  gboolean is_ready = alm_base_maps_is_loaded (self->base_maps);
  GtkCheckButton *group = NULL;
  GtkListBoxRow *row;

  self->is_filling = TRUE;
  while ((row = gtk_list_box_get_row_at_index (self->base_list, 0)) != NULL &&
         g_object_get_data (G_OBJECT (row), "button") != NULL)
    gtk_list_box_remove (self->base_list, GTK_WIDGET (row));
  for (guint i = 0; i < alm_base_maps_get_n (self->base_maps); i++)
    {
      AlmBaseMap map;
      GtkWidget *added;

      alm_base_maps_get (self->base_maps, i, &map);
      added = make_row (self, &map, group);
      gtk_list_box_insert (self->base_list, added, (int) i);
      if (group == NULL)
        group = g_object_get_data (G_OBJECT (added), "button");
    }
  self->is_filling = FALSE;
  settle_choice (self);
  /* The one that is shown may have been added anew, from somebody else. */
  if (!alm_map_base_is_drawn (self))
    alm_map_base_update (self, NULL, 0);

  /* What is added before all that is kept has been read would be written over it. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.add-base-file", is_ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.add-base-address", is_ready);
}

/* Adding. */

static void
choose (AlmMapPage *self,
        const char *id)
{
  self->is_base_chosen = TRUE;
  g_clear_pointer (&self->wanted_base, g_free);
  show_base (self, id);
  press_button (self);
}

static void
file_added_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = alm_base_maps_add_file_finish (ALM_BASE_MAPS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (id == NULL)
    {
      g_message ("map: %s", error->message);
      alm_map_page_say (self, _("This is no file of tiles, or it does not say whom the map is "
                                "from. Nothing was added."), FALSE);
      return;
    }
  choose (self, id);
}

static void
file_chosen_cb (AlmMapPage           *self,
                int                   response,
                GtkFileChooserNative *chooser)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL && g_file_peek_path (file) != NULL)
    alm_base_maps_add_file_async (self->base_maps, g_file_peek_path (file), file_added_cb,
                                  g_object_ref (self));
  else if (file != NULL)
    alm_map_page_say (self, _("Only a file on this computer can be a base map. Nothing was "
                              "added."), FALSE);
  g_clear_object (&self->base_chooser);
}

static void
add_file_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_clear_object (&self->base_chooser);
  self->base_chooser = gtk_file_chooser_native_new (_("Which file of tiles?"), window,
                                                    GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"),
                                                    _("_Cancel"));
  gtk_file_filter_set_name (filter, _("Files of tiles (MBTiles)"));
  gtk_file_filter_add_suffix (filter, "mbtiles");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->base_chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->base_chooser), TRUE);
  g_signal_connect_object (self->base_chooser, "response", G_CALLBACK (file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->base_chooser));
}

static void
add_address_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  AlmMapPage *self = ALM_MAP_PAGE (widget);
  GtkWidget *dialog = alm_base_dialog_new (self->base_maps);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (widget)));
  g_signal_connect_object (dialog, "added", G_CALLBACK (choose), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
alm_map_base_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "page.add-base-file", NULL, add_file_action);
  gtk_widget_class_install_action (widget_class, "page.add-base-address", NULL,
                                   add_address_action);
  gtk_widget_class_install_action (widget_class, "page.restore-base-map", NULL, restore_action);
}

/* Rows of the flap. */
void
alm_map_base_build (AlmMapPage *self)
{
  self->base_id = g_strdup (ALM_BASE_MAP_DRAWN);
  self->base_maps = alm_base_maps_new (self->records != NULL ? alm_records_get_dir (self->records)
                                                             : NULL);
  g_signal_connect_object (self->base_maps, "changed", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  alm_tile_layer_set_has_grid (self->base_layer, TRUE);
  gtk_list_box_append (self->base_list, make_opacity_row (self));
  fill (self);
}

/* The records are there for the first time, or anew. */
void
alm_map_base_loaded (AlmMapPage *self)
{
  settle_choice (self);
}

/* What the last session had. */
void
alm_map_base_recall (AlmMapPage *self,
                     const char *id,
                     double      opacity)
{
  gtk_range_set_value (GTK_RANGE (self->opacity_scale), opacity * 100.0);
  if (id == NULL)
    return;

  self->is_base_chosen = TRUE;
  g_free (self->wanted_base);
  self->wanted_base = g_strdup (id);
  settle_choice (self);
}

const char *
alm_map_base_get_id (AlmMapPage *self)
{
  if (self->wanted_base != NULL)
    return self->wanted_base;

  return self->is_base_chosen ? self->base_id : NULL;
}
