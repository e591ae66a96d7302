/* SPDX-License-Identifier: EUPL-1.2 */

/* The program: one instance for each profile.
 *
 * A second start with the same profile brings its window to the front; with
 * another profile it is another application to the session bus, so its id
 * carries a hash of the folder.  The usual profile has the plain id, which the
 * desktop entry names.  The training town's window may stand beside it.
 * Main thread. */

#include "config.h"

#include "alm-application.h"

#include "alm-paths.h"
#include "alm-training.h"
#include "alm-window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#define APP_ID "de.jena.Allmende"

struct _AlmApplication
{
  AdwApplication  parent_instance;

  /* Owned */
  char           *profile;
  GSettings      *settings;      /* NULL where the schema is not installed */
  guint           sigterm_id;
};

G_DEFINE_FINAL_TYPE (AlmApplication, alm_application, ADW_TYPE_APPLICATION)

static char *
usual_profile (void)
{
  return g_build_filename (g_get_user_data_dir (), "allmende", "profile", NULL);
}

/* From the build folder or from where the system keeps them; never aborts. */
static GSettings *
find_settings (void)
{
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autofree char *built = alm_path_program ("data");

  source = g_settings_schema_source_new_from_directory (
    built, g_settings_schema_source_get_default (), FALSE, NULL);
  if (source == NULL && g_settings_schema_source_get_default () != NULL)
    source = g_settings_schema_source_ref (g_settings_schema_source_get_default ());
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APP_ID, TRUE);

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

static void
apply_appearance (AlmApplication *self)
{
  static const AdwColorScheme schemes[] = {
    ADW_COLOR_SCHEME_DEFAULT,
    ADW_COLOR_SCHEME_FORCE_LIGHT,
    ADW_COLOR_SCHEME_FORCE_DARK
  };
  int choice = g_settings_get_enum (self->settings, "appearance");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[CLAMP (choice, 0, 2)]);
}

static void
quit_activated_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
  if (windows == NULL)
    g_application_quit (user_data);
}

static void
about_activated_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  adw_show_about_window (window,
                         "application-name", "Allmende",
                         "application-icon", APP_ID,
                         "developer-name", _("The Allmende contributors"),
                         "version", ALM_VERSION,
                         "comments", _("The city’s common data: looked after together, "
                                       "with and without a network."),
                         "license-type", GTK_LICENSE_CUSTOM,
                         "license", _("Published under the European Union Public Licence 1.2."),
                         NULL);
}

/* Made when it is asked for.  Where GTK keeps it ready, hidden, GTK 4.8 hands it out
 * to a screen reader that looks for a window which has just been closed, and crashes
 * because it is not on the accessibility bus. */
static void
shortcuts_activated_cb (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  g_autoptr (GtkBuilder) builder =
    gtk_builder_new_from_resource ("/de/jena/Allmende/shell/help-overlay.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay"));

  gtk_window_set_transient_for (window, gtk_application_get_active_window (user_data));
  gtk_window_present (window);
}

static gboolean
sigterm_cb (gpointer user_data)
{
  AlmApplication *self = user_data;

  self->sigterm_id = 0;
  quit_activated_cb (NULL, NULL, self);

  return G_SOURCE_REMOVE;
}

static void
alm_application_startup (GApplication *app)
{
  AlmApplication *self = ALM_APPLICATION (app);
  static const GActionEntry actions[] = {
    { .name = "quit", .activate = quit_activated_cb },
    { .name = "about", .activate = about_activated_cb },
    { .name = "shortcuts", .activate = shortcuts_activated_cb },
  };
  static const struct
  {
    const char *action;
    const char *keys[3];
  } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "win.undo", { "<Control>z" } },
    { "win.redo", { "<Control><Shift>z" } },
    { "win.search", { "<Control>k", "<Control>f" } },
    { "win.back", { "<Alt>Left" } },
    { "win.forward", { "<Alt>Right" } },
    { "win.inspector", { "F9" } },
    { "win.next-pane", { "F6" } },
    { "win.previous-pane", { "<Shift>F6" } },
    { "win.sync", { "<Control>r", "F5" } },
    { "win.add-asset", { "<Control>n" } },
    { "app.shortcuts", { "<Control>F1", "<Control>question" } },
    { "win.show-on-map", { "<Control>m" } },
    { "win.go::overview", { "<Alt>1" } },
    { "win.go::map", { "<Alt>2" } },
    { "win.go::assets", { "<Alt>3" } },
    { "window.close", { "<Control>w" } },
  };

  G_APPLICATION_CLASS (alm_application_parent_class)->startup (app);

  g_action_map_add_action_entries (G_ACTION_MAP (app), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (app), accels[i].action,
                                           accels[i].keys);

  self->settings = find_settings ();
  if (self->settings != NULL)
    {
      g_autoptr (GAction) appearance = g_settings_create_action (self->settings, "appearance");

      g_action_map_add_action (G_ACTION_MAP (app), appearance);
      g_signal_connect_object (self->settings, "changed::appearance",
                               G_CALLBACK (apply_appearance), self, G_CONNECT_SWAPPED);
      apply_appearance (self);
    }

  self->sigterm_id = g_unix_signal_add (SIGTERM, sigterm_cb, self);
}

static void
alm_application_activate (GApplication *app)
{
  AlmApplication *self = ALM_APPLICATION (app);
  g_autofree char *training = alm_training_folder ();

  alm_training_sweep_async (training, NULL, NULL);
  alm_window_open (GTK_APPLICATION (app), self->profile);
}

static void
alm_application_finalize (GObject *object)
{
  AlmApplication *self = ALM_APPLICATION (object);

  g_clear_handle_id (&self->sigterm_id, g_source_remove);
  g_clear_pointer (&self->profile, g_free);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (alm_application_parent_class)->finalize (object);
}

static void
alm_application_class_init (AlmApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = alm_application_finalize;
  app_class->startup = alm_application_startup;
  app_class->activate = alm_application_activate;
}

static void
alm_application_init (AlmApplication *self)
{
}

/* (transfer full) */
char *
alm_application_id_for (const char *profile)
{
  g_autofree char *usual = usual_profile ();
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;
  g_autofree char *sum = NULL;

  there = g_canonicalize_filename (usual, NULL);
  here = g_canonicalize_filename (profile != NULL ? profile : usual, NULL);
  if (g_str_equal (here, there))
    return g_strdup (APP_ID);

  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, here, -1);

  return g_strdup_printf (APP_ID ".Profile%.12s", sum);
}

AlmApplication *
alm_application_new (const char *profile)
{
  AlmApplication *self;
  g_autofree char *id = alm_application_id_for (profile);

  self = g_object_new (ALM_TYPE_APPLICATION,
                       "application-id", id,
                       "resource-base-path", "/de/jena/Allmende",
                       NULL);
  self->profile = profile != NULL ? g_canonicalize_filename (profile, NULL) : usual_profile ();

  return self;
}
