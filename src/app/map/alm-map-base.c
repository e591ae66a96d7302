/* SPDX-License-Identifier: EUPL-1.2 */

/* The base map of the page: none, drawn from the records, a file of tiles, or an
 * address of tiles, which is kept in the profile's base-map.ini.
 *
 * Invariant: a base map whose source is not named is not shown; the words stand
 * in the status line as long as it is.
 *
 * Main thread. */

#include "config.h"

#include "alm-map-page-private.h"

#include "alm-pool.h"

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
  else if (self->base == ALM_MAP_BASE_NET && self->net_words != NULL)
    words = self->net_words;
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
  else if (self->base == ALM_MAP_BASE_NET && self->net_painter != NULL)
    {
      painter = alm_tile_painter_ref (self->net_painter);
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

/* In the pool. */
static void
open_base_job (GTask    *task,
               gpointer  data)
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

/* An address of tiles. */

#define NET_GROUP "net"
#define NET_ZOOM  19

static char *
get_net_file (AlmMapPage *self)
{
  return g_build_filename (alm_records_get_dir (self->records), "base-map.ini", NULL);
}

/* Shows it as a row, chosen if @chosen; FALSE with an error: no good address, or
 * nobody is named. */
static gboolean
take_net (AlmMapPage  *self,
          GKeyFile    *file,
          gboolean     chosen,
          GError     **error)
{
  g_autofree char *address = g_key_file_get_string (file, NET_GROUP, "address", error);
  g_autofree char *words = NULL;
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "allmende", "tiles", NULL);
  AlmTileClient *client;

  if (address == NULL)
    return FALSE;
  words = g_key_file_get_string (file, NET_GROUP, "attribution", NULL);
  if (words == NULL || *g_strstrip (words) == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "the base map's source is not named");
      return FALSE;
    }
  client = alm_tile_client_new (address, cache, error);
  if (client == NULL)
    return FALSE;

  g_clear_pointer (&self->net_painter, alm_tile_painter_unref);
  self->net_painter = alm_tile_painter_new_client (client, NET_ZOOM);
  g_free (self->net_words);
  self->net_words = g_steal_pointer (&words);
  if (self->base_buttons[ALM_MAP_BASE_NET] == NULL)
    add_radio_row (self, ALM_MAP_BASE_NET, _("From the network"), self->net_words);
  if (chosen)
    {
      gtk_check_button_set_active (self->base_buttons[ALM_MAP_BASE_NET], TRUE);
      alm_tile_layer_set_painter (self->base_layer, NULL, NULL, 0);
      alm_map_base_update (self, NULL, 0);
    }

  return TRUE;
}

/* In the pool. */
static void
read_net_job (GTask    *task,
              gpointer  data)
{
  GKeyFile *file = g_key_file_new ();

  g_key_file_load_from_file (file, data, G_KEY_FILE_NONE, NULL);
  g_task_return_pointer (task, file, (GDestroyNotify) g_key_file_unref);
}

static void
net_read_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autoptr (GKeyFile) file = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GError) error = NULL;

  if (file == NULL || g_cancellable_is_cancelled (self->cancellable) ||
      !g_key_file_has_group (file, NET_GROUP))
    return;
  if (!take_net (self, file, FALSE, &error))
    g_message ("map: base-map.ini: %s", error->message);
}

typedef struct
{
  char *path;
  char *text;
} NetFile;

static void
net_file_free (gpointer data)
{
  NetFile *file = data;

  g_free (file->path);
  g_free (file->text);
  g_free (file);
}

/* In the pool. */
static void
write_net_job (GTask    *task,
               gpointer  data)
{
  const NetFile *file = data;
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (file->path, file->text, -1, &error))
    g_message ("map: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
keep_net (AlmMapPage *self,
          GKeyFile   *file)
{
  GTask *task = g_task_new (NULL, NULL, NULL, NULL);
  NetFile *what = g_new (NetFile, 1);

  what->path = get_net_file (self);
  what->text = g_key_file_to_data (file, NULL, NULL);
  g_task_set_task_data (task, what, net_file_free);
  alm_pool_submit (alm_pool_shared (), 0, write_net_job, task);
}

static void
net_response_cb (AdwMessageDialog *dialog,
                 const char       *response,
                 AlmMapPage       *self)
{
  GtkEditable *address = g_object_get_data (G_OBJECT (dialog), "address");
  GtkEditable *words = g_object_get_data (G_OBJECT (dialog), "words");
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (response, "use") != 0)
    return;
  g_key_file_set_string (file, NET_GROUP, "address", gtk_editable_get_text (address));
  g_key_file_set_string (file, NET_GROUP, "attribution", gtk_editable_get_text (words));
  if (take_net (self, file, TRUE, &error))
    keep_net (self, file);
  else
    alm_map_page_say (self, _("An address needs {z}, {x} and {y}, and whom the map is from"),
                      FALSE);
}

static GtkWidget *
add_entry (GtkBox     *box,
           const char *title,
           const char *placeholder)
{
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *entry = gtk_entry_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  gtk_box_append (box, label);
  gtk_box_append (box, entry);

  return entry;
}

static void
ask_for_net_cb (AlmMapPage *self)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), _("Base map from an address"),
                                              _("Tiles that were seen once are kept, so that "
                                                "they are there without a network."));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  g_object_set_data (G_OBJECT (dialog), "address",
                     add_entry (GTK_BOX (box), _("Address of the tiles"),
                                "https://…/{z}/{x}/{y}.png"));
  g_object_set_data (G_OBJECT (dialog), "words",
                     add_entry (GTK_BOX (box), _("Whom the map is from"), "© …"));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "use",
                                    _("Use this map"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "use",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "use");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (net_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
begin_net (AlmMapPage *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("list-add-symbolic");
  GTask *task = g_task_new (NULL, self->cancellable, net_read_cb, g_object_ref (self));

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Base map from an address"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Base map from an address"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (ask_for_net_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix (self->base_group, button);

  g_task_set_task_data (task, get_net_file (self), g_free);
  alm_pool_submit (alm_pool_shared (), 0, read_net_job, task);
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
      GTask *task = g_task_new (NULL, self->cancellable, base_opened_cb, g_object_ref (self));

      g_task_set_task_data (task, g_object_ref (self->base_file), g_object_unref);
      alm_pool_submit (alm_pool_shared (), 0, open_base_job, task);
    }
  if (self->records != NULL)
    begin_net (self);
}

/* The records are there for the first time, or anew. */
void
alm_map_base_loaded (AlmMapPage *self)
{
  if (!alm_map_data_has_base (self->data) && self->base == ALM_MAP_BASE_DRAWN &&
      self->base_painter != NULL)
    gtk_check_button_set_active (self->base_buttons[ALM_MAP_BASE_FILE], TRUE);
}
