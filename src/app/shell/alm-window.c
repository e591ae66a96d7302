/* SPDX-License-Identifier: EUPL-1.2 */

/* The window: sidebar, one page, the inspector of what is selected.
 *
 * Pages are made when they are first looked at, so that the window stands
 * before a million assets are read.  A page is a line in `pages`.
 *
 * Invariants:
 *   1. Without a workbench only the start page is shown and no page exists.
 *   2. The trail stands at the place that is shown, unless `going` says that we are on
 *      the way there.
 * Main thread. */

#include "config.h"

#include "alm-window.h"

#include "alm-admin-page.h"
#include "alm-assets-page.h"
#include "alm-conflicts-page.h"
#include "alm-error-text.h"
#include "alm-inspector.h"
#include "alm-list-keys.h"
#include "alm-login-dialog.h"
#include "alm-map-page.h"
#include "alm-overview-page.h"
#include "alm-profile-notice.h"
#include "alm-refused-page.h"
#include "alm-search.h"
#include "alm-start-page.h"
#include "alm-state.h"
#include "alm-strays-page.h"
#include "alm-sync-button.h"
#include "alm-trail.h"
#include "alm-training.h"

#include <glib/gi18n.h>
#include <math.h>

struct _AlmWindow
{
  AdwApplicationWindow  parent_instance;

  /* Owned */
  char                 *profile;
  AlmState             *state;
  AlmWorkbench         *workbench;
  AlmTrail             *trail;
  gboolean              going;
  gboolean              inspector_wanted;
  gboolean              arranging;
  guint                 arrange_id;

  /* Made when there is a workbench; owned by the widget tree */
  GtkWidget            *search;
  GtkWidget            *sync_button;
  GtkWidget            *inspector;

  /* Template children */
  AdwToastOverlay      *toasts;
  GtkStack             *root_stack;
  GtkWidget            *start_box;
  AdwFlap              *sidebar_flap;
  AdwWindowTitle       *city_title;
  GtkListBox           *page_list;
  AdwFlap              *inspector_flap;
  GtkWidget            *inspector_button;
  GtkWidget            *inspector_place;
  GtkBox               *notice_place;
  GtkStack             *pages;
  AdwClamp             *search_place;
  GtkBox               *sync_place;
};

typedef struct
{
  const char *name;
  const char *title;
  const char *icon;
  gboolean    listed;         /* in the sidebar */
  gboolean    with_details;   /* the inspector belongs beside it */
  GtkWidget  *(*make) (AlmWorkbench *workbench);
} PageInfo;

static GtkWidget *
make_map_page (AlmWorkbench *workbench)
{
  return alm_map_page_new (alm_workbench_get_records (workbench),
                           alm_workbench_get_selection (workbench));
}

static const PageInfo page_infos[] = {
  { "overview", N_("Overview"), "go-home-symbolic", TRUE, FALSE, alm_overview_page_new },
  { "map", N_("Map"), "alm-map-symbolic", TRUE, TRUE, make_map_page },
  { "assets", N_("Assets"), "alm-table-symbolic", TRUE, TRUE, alm_assets_page_new },
  { "conflicts", N_("Conflicts"), "dialog-warning-symbolic", FALSE, FALSE,
    alm_conflicts_page_new },
  { "refused", N_("Refused changes"), "dialog-warning-symbolic", FALSE, FALSE,
    alm_refused_page_new },
  { "strays", N_("Only here"), "dialog-warning-symbolic", FALSE, FALSE, alm_strays_page_new },
  { "admin", N_("Administration"), "system-users-symbolic", FALSE, FALSE, alm_admin_page_new },
};

G_DEFINE_FINAL_TYPE (AlmWindow, alm_window, ADW_TYPE_APPLICATION_WINDOW)

static const PageInfo *
find_page (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (page_infos); i++)
    if (g_strcmp0 (page_infos[i].name, name) == 0)
      return &page_infos[i];

  return NULL;
}

static const PageInfo *
current_page (AlmWindow *self)
{
  return find_page (gtk_stack_get_visible_child_name (self->pages));
}

/* The sidebar. */

static GtkWidget *
page_row_new (const PageInfo *info)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_(info->title));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (info->icon));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  /* The row has the focus, so the row has the name. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(info->title), -1);
  g_object_set_data (G_OBJECT (row), "page", (gpointer) info);

  return row;
}

static void
fill_sidebar (AlmWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (page_infos); i++)
    if (page_infos[i].listed)
      gtk_list_box_append (self->page_list, page_row_new (&page_infos[i]));
}

static void
select_page_row (AlmWindow  *self,
                 const char *name)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->page_list, i)) != NULL; i++)
    {
      const PageInfo *info = g_object_get_data (G_OBJECT (row), "page");

      if (g_str_equal (info->name, name))
        {
          gtk_list_box_select_row (self->page_list, row);
          return;
        }
    }
  gtk_list_box_select_row (self->page_list, NULL);
}

/* Arrow keys select before Enter goes there: left without it, the list shows again
 * which page is open. */
static void
page_list_left_cb (AlmWindow *self)
{
  const PageInfo *info = gtk_widget_in_destruction (GTK_WIDGET (self)) ? NULL
                                                                       : current_page (self);

  if (info != NULL)
    select_page_row (self, info->name);
}

static void
page_activated_cb (AlmWindow     *self,
                   GtkListBoxRow *row)
{
  const PageInfo *info = g_object_get_data (G_OBJECT (row), "page");

  alm_window_go (self, info->name);
  if (adw_flap_get_folded (self->sidebar_flap))
    adw_flap_set_reveal_flap (self->sidebar_flap, FALSE);
}

/* Back and forward. */

static void
enable_action (AlmWindow  *self,
               const char *name,
               gboolean    enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
update_trail_actions (AlmWindow *self)
{
  enable_action (self, "back", alm_trail_can_walk (self->trail, -1));
  enable_action (self, "forward", alm_trail_can_walk (self->trail, 1));
}

static void
note_place (AlmWindow  *self,
            const char *page,
            gint64      rid)
{
  alm_trail_note (self->trail, page, rid);
  update_trail_actions (self);
}

static void
walk_trail (AlmWindow *self,
            int        step)
{
  const AlmPlace *place = alm_trail_walk (self->trail, step);

  if (place == NULL)
    return;

  self->going = TRUE;
  alm_window_go (self, place->page);
  if (place->rid != 0)
    alm_selection_select (alm_workbench_get_selection (self->workbench), place->rid);
  self->going = FALSE;
  update_trail_actions (self);
}

/* The inspector. */

/* Beside the pages it belongs to, and only when there is something to show. */
static void
arrange_inspector (AlmWindow *self)
{
  const PageInfo *info = current_page (self);
  gboolean useful = info != NULL && info->with_details;
  gboolean shown = useful && self->inspector_wanted;

  if (self->workbench == NULL)
    return;

  shown = shown && alm_selection_get_size (alm_workbench_get_selection (self->workbench)) > 0;

  self->arranging = TRUE;
  gtk_widget_set_visible (self->inspector_button, useful);
  adw_flap_set_reveal_flap (self->inspector_flap, shown);
  self->arranging = FALSE;
}

static gboolean
arrange_inspector_cb (gpointer user_data)
{
  AlmWindow *self = user_data;

  self->arrange_id = 0;
  arrange_inspector (self);

  return G_SOURCE_REMOVE;
}

/* Not while the flap is being laid out, which is when it folds. */
static void
inspector_folded_cb (AlmWindow *self)
{
  if (self->arrange_id == 0)
    self->arrange_id = g_idle_add (arrange_inspector_cb, self);
}

static void
inspector_revealed_cb (AlmWindow *self)
{
  if (!self->arranging)
    self->inspector_wanted = adw_flap_get_reveal_flap (self->inspector_flap);
}

static void
selection_changed_cb (AlmWindow *self)
{
  const PageInfo *info = current_page (self);
  gint64 primary = alm_selection_get_primary (alm_workbench_get_selection (self->workbench));

  if (primary != 0 && adw_flap_get_folded (self->inspector_flap))
    self->inspector_wanted = TRUE;
  if (info != NULL && !self->going)
    note_place (self, info->name, primary);
  arrange_inspector (self);
}

/* Pages. */

static void
ensure_page (AlmWindow      *self,
             const PageInfo *info)
{
  GtkWidget *page;

  if (gtk_stack_get_child_by_name (self->pages, info->name) != NULL)
    return;

  page = info->make (self->workbench);
  if (ALM_IS_MAP_PAGE (page))
    alm_map_page_recall (ALM_MAP_PAGE (page), alm_state_get_file (self->state));
  gtk_stack_add_titled (self->pages, page, info->name, _(info->title));
}

static void
page_changed_cb (AlmWindow *self)
{
  const PageInfo *info = current_page (self);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkListBoxRow *row;

  if (info == NULL || self->workbench == NULL)
    return;

  select_page_row (self, info->name);
  row = gtk_list_box_get_selected_row (self->page_list);
  if (row != NULL && focus != NULL &&
      gtk_widget_is_ancestor (focus, GTK_WIDGET (self->page_list)))
    gtk_widget_grab_focus (GTK_WIDGET (row));
  if (!self->going)
    note_place (self, info->name,
                alm_selection_get_primary (alm_workbench_get_selection (self->workbench)));
  arrange_inspector (self);
}

static void
show_on_map_cb (AlmWindow *self,
                gint64     rid,
                double     lon,
                double     lat)
{
  gboolean is_new = gtk_stack_get_child_by_name (self->pages, "map") == NULL;

  alm_window_go (self, "map");
  /* A map that was made just now has not heard of it. */
  if (is_new)
    alm_selection_show_on_map (alm_workbench_get_selection (self->workbench), rid, lon, lat);
}

static void
say_cb (AlmWindow  *self,
        const char *text,
        gboolean    with_undo)
{
  AdwToast *toast = adw_toast_new (text);

  if (with_undo)
    {
      adw_toast_set_button_label (toast, _("Undo"));
      adw_toast_set_action_name (toast, "win.undo");
      adw_toast_set_timeout (toast, 15);   /* time to hear it and to reach the button */
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Opening a profile. */

static void
restore_place (AlmWindow *self)
{
  g_autofree char *page = alm_state_get_text (self->state, "window", "page");
  g_autofree char *rid = alm_state_get_text (self->state, "window", "selected");

  if (rid != NULL && g_ascii_strtoll (rid, NULL, 10) > 0)
    alm_selection_select (alm_workbench_get_selection (self->workbench),
                          g_ascii_strtoll (rid, NULL, 10));
  alm_window_go (self, find_page (page) != NULL && find_page (page)->listed ? page : "overview");
  /* Not into the search entry, which would be the first to take it. */
  if (gtk_list_box_get_selected_row (self->page_list) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_selected_row (self->page_list)));
}

static void
open_records (AlmWindow  *self,
              AlmRecords *records)
{
  AlmSelection *selection;

  self->workbench = alm_workbench_new (records);
  selection = alm_workbench_get_selection (self->workbench);

  g_signal_connect_object (self->workbench, "say", G_CALLBACK (say_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->workbench, "go", G_CALLBACK (alm_window_go), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (selection, "changed", G_CALLBACK (selection_changed_cb), self,
                           G_CONNECT_SWAPPED);
  /* Before the map page hears of it, which this makes where it is missing. */
  g_signal_connect_object (selection, "show-on-map", G_CALLBACK (show_on_map_cb), self,
                           G_CONNECT_SWAPPED);

  self->search = alm_search_new (self->workbench);
  adw_clamp_set_child (self->search_place, self->search);
  self->sync_button = alm_sync_button_new (self->workbench);
  gtk_box_append (self->sync_place, self->sync_button);
  self->inspector = alm_inspector_new (self->workbench);
  gtk_box_append (GTK_BOX (self->inspector_place), self->inspector);
  alm_profile_notice_show (self->workbench, self->notice_place);

  gtk_stack_set_visible_child_name (self->root_stack, "bench");
  restore_place (self);
}

static void
opened_cb (AlmWindow  *self,
           AlmRecords *records,
           gboolean    connect)
{
  open_records (self, records);
  if (connect)
    alm_login_dialog_begin (self->workbench, GTK_WINDOW (self));
}

/* The town has a window of its own; this one has nothing to show yet. */
static void
training_cb (AlmWindow  *self,
             const char *profile)
{
  alm_window_open (gtk_window_get_application (GTK_WINDOW (self)), profile);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* Seen at once, and in words: what is done here is done to no real data. */
static void
mark_training (AlmWindow *self)
{
  g_autofree char *town = alm_training_town (self->profile);
  g_autofree char *title = NULL;

  if (town == NULL)
    return;

  /* Translators: the window's title; %s is the town. */
  title = g_strdup_printf (_("TRAINING – %s"), town);
  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (self->city_title, C_("training town", "TRAINING"));
  adw_window_title_set_subtitle (self->city_title, town);
  gtk_widget_add_css_class (GTK_WIDGET (self->root_stack), "training");
}

static void
show_start_page (AlmWindow    *self,
                 const GError *error)
{
  GtkWidget *page = alm_start_page_new (self->profile);

  if (error != NULL)
    alm_start_page_set_error (ALM_START_PAGE (page), error);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (self->start_box), page);
  g_signal_connect_object (page, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "training", G_CALLBACK (training_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_set_visible_child_name (self->root_stack, "start");
}

static void
open_profile (AlmWindow *self)
{
  g_autofree char *database = g_build_filename (self->profile, "profile.db", NULL);
  g_autoptr (AlmRecords) records = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_test (database, G_FILE_TEST_EXISTS))
    {
      show_start_page (self, NULL);
      return;
    }

  records = alm_records_open (self->profile, &error);
  if (records == NULL)
    {
      g_message ("%s: %s", self->profile, error->message);
      show_start_page (self, error);
      return;
    }
  open_records (self, records);
}

/* Actions. */

static void
go_activated_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  alm_window_go (user_data, g_variant_get_string (parameter, NULL));
}

static void
trail_activated_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  walk_trail (user_data, g_str_equal (g_action_get_name (G_ACTION (action)), "back") ? -1 : 1);
}

static void
search_activated_cb (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  AlmWindow *self = user_data;

  if (self->search != NULL)
    alm_search_begin (ALM_SEARCH (self->search));
}

/* Where one types, Ctrl+Z first takes back what was typed. */
static gboolean
undo_typing (AlmWindow  *self,
             const char *action)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus == NULL || !(GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus)))
    return FALSE;
  if (self->inspector != NULL && gtk_widget_is_ancestor (focus, self->inspector) &&
      !alm_inspector_is_typing (ALM_INSPECTOR (self->inspector)))
    return FALSE;

  return gtk_widget_activate_action (focus, action, NULL);
}

static void
undo_activated_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  AlmWindow *self = user_data;
  gboolean redo = g_str_equal (g_action_get_name (G_ACTION (action)), "redo");

  if (self->workbench == NULL || undo_typing (self, redo ? "text.redo" : "text.undo"))
    return;
  if (redo)
    alm_workbench_redo (self->workbench);
  else
    alm_workbench_undo (self->workbench);
}

static void
sync_activated_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  AlmWindow *self = user_data;

  if (self->sync_button != NULL)
    alm_sync_button_sync_now (ALM_SYNC_BUTTON (self->sync_button));
}

static void
inspector_activated_cb (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  AlmWindow *self = user_data;
  const PageInfo *info = current_page (self);

  if (info != NULL && info->with_details)
    adw_flap_set_reveal_flap (self->inspector_flap,
                              !adw_flap_get_reveal_flap (self->inspector_flap));
}

/* The table of one kind. */
static void
show_kind_activated_cb (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  AlmWindow *self = user_data;

  alm_window_go (self, "assets");
  gtk_widget_activate_action (gtk_stack_get_visible_child (self->pages), "page.show-kind", "s",
                              g_variant_get_string (parameter, NULL));
}

static void
show_on_map_activated_cb (GSimpleAction *action,
                          GVariant      *parameter,
                          gpointer       user_data)
{
  AlmWindow *self = user_data;
  AlmSelection *selection;

  if (self->workbench == NULL)
    return;
  selection = alm_workbench_get_selection (self->workbench);
  if (alm_selection_get_primary (selection) != 0)
    alm_selection_show_on_map (selection, alm_selection_get_primary (selection), NAN, NAN);
}

static void
add_asset_activated_cb (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  AlmWindow *self = user_data;
  const char *page;
  GtkWidget *child;

  if (self->workbench == NULL)
    return;

  /* Map and table each have their own way of adding; elsewhere the table's. */
  page = gtk_stack_get_visible_child_name (self->pages);
  if (g_strcmp0 (page, "map") != 0 && g_strcmp0 (page, "assets") != 0)
    alm_window_go (self, "assets");
  child = gtk_stack_get_visible_child (self->pages);
  gtk_widget_activate_action (child, "page.add", NULL);
}

/* A tool of the map, from wherever one is: its action is the page's. */
static void
map_tool_activated_cb (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  AlmWindow *self = user_data;
  g_autofree char *name = g_strconcat ("page.", g_variant_get_string (parameter, NULL), NULL);

  if (self->workbench == NULL)
    return;
  alm_window_go (self, "map");
  gtk_widget_activate_action (gtk_stack_get_visible_child (self->pages), name, NULL);
}

/* The parts of the window that F6 walks through. */
static void
move_pane (AlmWindow *self,
           int        step)
{
  GtkWidget *panes[3] = {
    GTK_WIDGET (self->page_list), GTK_WIDGET (self->pages), self->inspector_place
  };
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  int here = -1;

  for (int i = 0; i < 3; i++)
    if (focus != NULL && (focus == panes[i] || gtk_widget_is_ancestor (focus, panes[i])))
      here = i;
  if (here < 0)
    here = step > 0 ? 2 : 0;

  for (int tried = 0, next = here; tried < 3; tried++)
    {
      next = (next + step + 3) % 3;
      if (next == 0 && !adw_flap_get_reveal_flap (self->sidebar_flap))
        continue;
      if (next == 2 && !adw_flap_get_reveal_flap (self->inspector_flap))
        continue;
      if (next == 0)
        {
          GtkListBoxRow *row = gtk_list_box_get_selected_row (self->page_list);

          if (row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row)))
            return;
        }
      if (gtk_widget_child_focus (panes[next], GTK_DIR_TAB_FORWARD))
        return;
    }
}

static void
pane_activated_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  move_pane (user_data, g_str_equal (g_action_get_name (G_ACTION (action)), "next-pane") ? 1 : -1);
}

static const GActionEntry window_actions[] = {
  { .name = "go", .activate = go_activated_cb, .parameter_type = "s" },
  { .name = "back", .activate = trail_activated_cb },
  { .name = "forward", .activate = trail_activated_cb },
  { .name = "search", .activate = search_activated_cb },
  { .name = "undo", .activate = undo_activated_cb },
  { .name = "redo", .activate = undo_activated_cb },
  { .name = "sync", .activate = sync_activated_cb },
  { .name = "inspector", .activate = inspector_activated_cb },
  { .name = "show-kind", .activate = show_kind_activated_cb, .parameter_type = "s" },
  { .name = "show-on-map", .activate = show_on_map_activated_cb },
  { .name = "add-asset", .activate = add_asset_activated_cb },
  { .name = "map-tool", .activate = map_tool_activated_cb, .parameter_type = "s" },
  { .name = "next-pane", .activate = pane_activated_cb },
  { .name = "previous-pane", .activate = pane_activated_cb },
};

/* Remembering. */

static void
restore_size (AlmWindow *self)
{
  int width = alm_state_get_integer (self->state, "window", "width", 1280);
  int height = alm_state_get_integer (self->state, "window", "height", 800);

  gtk_window_set_default_size (GTK_WINDOW (self), CLAMP (width, 360, 8192),
                               CLAMP (height, 360, 8192));
  if (alm_state_get_integer (self->state, "window", "maximized", 0))
    gtk_window_maximize (GTK_WINDOW (self));
  self->inspector_wanted = alm_state_get_integer (self->state, "window", "inspector", 1) != 0;
}

static void
remember (AlmWindow *self)
{
  GKeyFile *file = alm_state_get_file (self->state);
  const PageInfo *info = current_page (self);
  GtkWidget *map = gtk_stack_get_child_by_name (self->pages, "map");
  g_autoptr (GError) error = NULL;
  int width, height;

  if (self->workbench == NULL)
    return;   /* There may be no folder yet to write to. */

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_key_file_set_integer (file, "window", "width", width);
  g_key_file_set_integer (file, "window", "height", height);
  g_key_file_set_integer (file, "window", "maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
  g_key_file_set_integer (file, "window", "inspector", self->inspector_wanted);
  g_key_file_set_int64 (file, "window", "selected",
                        alm_selection_get_primary (alm_workbench_get_selection (self->workbench)));
  if (info != NULL)
    g_key_file_set_string (file, "window", "page", info->name);
  if (map != NULL)
    alm_map_page_remember (ALM_MAP_PAGE (map), file);

  if (!alm_state_save (self->state, &error))
    g_message ("the window's state: %s", error->message);
}

static gboolean
alm_window_close_request (GtkWindow *window)
{
  AlmWindow *self = ALM_WINDOW (window);

  /* What stands in a field is saved, as if one had left it. */
  gtk_window_set_focus (window, NULL);
  remember (self);

  return GTK_WINDOW_CLASS (alm_window_parent_class)->close_request (window);
}

static void
alm_window_dispose (GObject *object)
{
  AlmWindow *self = ALM_WINDOW (object);

  g_clear_handle_id (&self->arrange_id, g_source_remove);

  G_OBJECT_CLASS (alm_window_parent_class)->dispose (object);
}

static void
alm_window_finalize (GObject *object)
{
  AlmWindow *self = ALM_WINDOW (object);

  g_clear_object (&self->workbench);
  g_clear_pointer (&self->state, alm_state_free);
  g_clear_pointer (&self->trail, alm_trail_free);
  g_clear_pointer (&self->profile, g_free);

  G_OBJECT_CLASS (alm_window_parent_class)->finalize (object);
}

static void
alm_window_class_init (AlmWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_window_dispose;
  object_class->finalize = alm_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = alm_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/shell/window.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, root_stack);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, start_box);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, sidebar_flap);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, city_title);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, page_list);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, inspector_flap);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, inspector_button);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, inspector_place);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, notice_place);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, search_place);
  gtk_widget_class_bind_template_child (widget_class, AlmWindow, sync_place);
  gtk_widget_class_bind_template_callback (widget_class, page_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
}

static void
alm_window_init (AlmWindow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->trail = alm_trail_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), window_actions,
                                   G_N_ELEMENTS (window_actions), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  fill_sidebar (self);
  alm_list_keys_attach (GTK_WIDGET (self->page_list));
  g_signal_connect_object (focus, "leave", G_CALLBACK (page_list_left_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->page_list), focus);
  update_trail_actions (self);
  adw_flap_set_locked (self->inspector_flap, TRUE);
  g_signal_connect_object (self->inspector_flap, "notify::folded",
                           G_CALLBACK (inspector_folded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inspector_flap, "notify::reveal-flap",
                           G_CALLBACK (inspector_revealed_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
alm_window_new (GtkApplication *app,
                const char     *profile)
{
  AlmWindow *self;

  g_return_val_if_fail (profile != NULL, NULL);

  self = g_object_new (ALM_TYPE_WINDOW, "application", app, NULL);
  self->profile = g_strdup (profile);
  self->state = alm_state_load (profile);
  restore_size (self);
  mark_training (self);
  open_profile (self);

  return GTK_WIDGET (self);
}

void
alm_window_open (GtkApplication *app,
                 const char     *profile)
{
  GtkWidget *window = NULL;

  g_return_if_fail (profile != NULL);

  for (GList *l = app != NULL ? gtk_application_get_windows (app) : NULL;
       l != NULL && window == NULL; l = l->next)
    if (ALM_IS_WINDOW (l->data) && g_str_equal (ALM_WINDOW (l->data)->profile, profile))
      window = l->data;
  if (window == NULL)
    window = alm_window_new (app, profile);
  gtk_window_present (GTK_WINDOW (window));
}

AlmWorkbench *
alm_window_get_workbench (AlmWindow *self)
{
  g_return_val_if_fail (ALM_IS_WINDOW (self), NULL);

  return self->workbench;
}

void
alm_window_go (AlmWindow  *self,
               const char *page)
{
  const PageInfo *info;

  g_return_if_fail (ALM_IS_WINDOW (self));

  info = find_page (page);
  if (info == NULL || self->workbench == NULL)
    return;
  ensure_page (self, info);
  gtk_stack_set_visible_child_name (self->pages, info->name);
}
