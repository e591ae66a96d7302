/* SPDX-License-Identifier: EUPL-1.2 */

/* The base map of the page: none, drawn from the records, or a file of tiles.
 *
 * Invariant: a base map whose source is not named is not shown; the words stand
 * in the status line as long as it is.
 *
 * Main thread. */

#include "config.h"

#include "alm-map-page-private.h"

#include <glib/gi18n.h>

static gboolean
is_dark (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ());
}

static void
update_attribution (AlmMapPage *self)
{
  const char *words = "";

  if (self->base == ALM_MAP_BASE_FILE && self->base_words != NULL)
    words = self->base_words;
  else if (self->base == ALM_MAP_BASE_DRAWN && alm_map_data_has_base (self->data))
    words = _("Base map: the city's own data");
  gtk_label_set_label (self->attribution, words);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->attribution), words);
}

/* Shows the base map that is chosen. */
void
alm_map_base_update (AlmMapPage   *self,
                     const AlmBox *touched,
                     guint         n_touched)
{
  g_autoptr (AlmTilePainter) painter = NULL;

  if (self->base == ALM_MAP_BASE_DRAWN)
    {
      AlmPaintPlan *plan = alm_map_data_make_base (self->data, is_dark (),
                                                   alm_map_page_get_scale (self));

      if (plan != NULL)
        painter = alm_tile_painter_new_plan (plan);
    }
  else if (self->base == ALM_MAP_BASE_FILE && self->base_painter != NULL)
    {
      painter = alm_tile_painter_ref (self->base_painter);
    }

  /* A file does not change with the records. */
  if (touched == NULL || self->base == ALM_MAP_BASE_DRAWN)
    alm_tile_layer_set_painter (self->base_layer, painter, touched, n_touched);
  gtk_widget_set_opacity (GTK_WIDGET (self->base_layer), self->base_opacity);
  update_attribution (self);
}

static void
set_base (AlmMapPage *self,
          AlmMapBase  base)
{
  if (self->base == base)
    return;
  self->base = base;
  /* Tiles of another map are no stand-in. */
  alm_tile_layer_set_painter (self->base_layer, NULL, NULL, 0);
  alm_map_base_update (self, NULL, 0);
  /* The names come and go with the drawn map. */
  alm_map_page_update_assets (self, NULL, 0);
}

static void
base_toggled_cb (AlmMapPage     *self,
                 GtkCheckButton *button)
{
  if (!gtk_check_button_get_active (button))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (self->base_buttons); i++)
    if (self->base_buttons[i] == button)
      set_base (self, (AlmMapBase) i);
}

static void
opacity_changed_cb (AlmMapPage *self,
                    GtkRange   *range)
{
  self->base_opacity = gtk_range_get_value (range) / 100.0;
  gtk_widget_set_opacity (GTK_WIDGET (self->base_layer), self->base_opacity);
}

static void
add_radio_row (AlmMapPage *self,
               AlmMapBase  base,
               const char *title,
               const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_check_button_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  gtk_widget_set_focusable (row, FALSE);
  adw_preferences_group_add (self->base_group, row);

  self->base_buttons[base] = GTK_CHECK_BUTTON (button);
  if (base != ALM_MAP_BASE_NONE)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (button),
                                self->base_buttons[ALM_MAP_BASE_NONE]);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), self->base == base);
  g_signal_connect_object (button, "toggled", G_CALLBACK (base_toggled_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
add_opacity_row (AlmMapPage *self)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 10.0, 100.0, 5.0);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Opacity"));
  gtk_range_set_value (GTK_RANGE (scale), 100.0);
  gtk_widget_set_size_request (scale, 110, -1);
  gtk_widget_set_valign (scale, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Opacity of the base map"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), scale);
  gtk_widget_set_focusable (row, FALSE);
  adw_preferences_group_add (self->base_group, row);
  self->opacity_scale = scale;
  g_signal_connect_object (scale, "value-changed", G_CALLBACK (opacity_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* The first *.mbtiles of the profile: its base map without a network. */
static GFile *
find_base_file (AlmRecords *records)
{
  static const char *const folders[] = { "", "base", "town" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (alm_records_get_dir (records), folders[i],
                                                  NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (name, ".mbtiles"))
          return g_file_new_build_filename (folder, name, NULL);
    }

  return NULL;
}

static void
open_base_job (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  AlmMbtiles *file = alm_mbtiles_open (g_file_peek_path (data), &error);

  if (file != NULL)
    g_task_return_pointer (task, file, (GDestroyNotify) alm_mbtiles_close);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
base_opened_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autoptr (GError) error = NULL;
  AlmMbtiles *file = g_task_propagate_pointer (G_TASK (result), &error);
  const AlmMbtilesInfo *info;

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&file, alm_mbtiles_close);
      return;
    }
  if (file == NULL)
    {
      g_message ("map: %s", error->message);
      alm_map_page_say (self, _("The base map's file cannot be shown"), FALSE);
      return;
    }

  info = alm_mbtiles_get_info (file);
  self->base_words = g_strdup (info->attribution);
  add_radio_row (self, ALM_MAP_BASE_FILE, info->name, _("File of tiles, works without a network"));
  self->base_painter = alm_tile_painter_new_mbtiles (file);
  /* Where nothing can be drawn, the file is better than nothing. */
  if (alm_map_data_is_loaded (self->data) && !alm_map_data_has_base (self->data))
    gtk_check_button_set_active (self->base_buttons[ALM_MAP_BASE_FILE], TRUE);
}

/* Rows of the flap; looks for a file of tiles beside the profile. */
void
alm_map_base_build (AlmMapPage *self)
{
  add_radio_row (self, ALM_MAP_BASE_NONE, _("None"), NULL);
  add_radio_row (self, ALM_MAP_BASE_DRAWN, _("Drawn"), _("From the city's own data"));
  add_opacity_row (self);

  if (self->records != NULL)
    self->base_file = find_base_file (self->records);
  if (self->base_file != NULL)
    {
      g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, base_opened_cb,
                                           g_object_ref (self));

      g_task_set_task_data (task, g_object_ref (self->base_file), g_object_unref);
      g_task_run_in_thread (task, open_base_job);
    }
}

/* The records are there for the first time, or anew. */
void
alm_map_base_loaded (AlmMapPage *self)
{
  if (!alm_map_data_has_base (self->data) && self->base == ALM_MAP_BASE_DRAWN &&
      self->base_painter != NULL)
    gtk_check_button_set_active (self->base_buttons[ALM_MAP_BASE_FILE], TRUE);
}
