/* SPDX-License-Identifier: EUPL-1.2 */

/* "Search everything".
 *
 * The focus stays in the entry while one walks through the finds with the arrow
 * keys, so one can go on typing at any time; Enter takes the one that is marked,
 * Escape closes.  Commands are found at once, records by a reader; a newer text
 * cancels the search for an older one.
 *
 * Invariant: finds[i] belongs to row i of the list.
 * Main thread. */

#include "config.h"

#include "alm-search.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MOST_HITS 24

typedef enum {
  GROUP_ASSET,
  GROUP_ADDRESS,
  GROUP_STREET,
  GROUP_COMMAND
} Group;

static const char *const group_titles[] = {
  N_("Assets"),
  N_("Addresses"),
  N_("Streets"),
  N_("Commands"),
};

/* What one can do from here. */
static const struct
{
  const char *title;
  const char *action;
  const char *target;      /* nullable */
  const char *icon;
} commands[] = {
  { N_("Overview"), "win.go", "overview", "go-home-symbolic" },
  { N_("Map"), "win.go", "map", "alm-map-symbolic" },
  { N_("Assets"), "win.go", "assets", "alm-table-symbolic" },
  { N_("Add an asset"), "win.add-asset", NULL, "list-add-symbolic" },
  { N_("Synchronise now"), "win.sync", NULL, "emblem-synchronizing-symbolic" },
  { N_("Decide conflicts"), "win.go", "conflicts", "dialog-warning-symbolic" },
  { N_("Undo"), "win.undo", NULL, "edit-undo-symbolic" },
  { N_("Redo"), "win.redo", NULL, "edit-redo-symbolic" },
  { N_("Dark appearance"), "app.appearance", "dark", "weather-clear-night-symbolic" },
  { N_("Light appearance"), "app.appearance", "light", "display-brightness-symbolic" },
  { N_("Keyboard shortcuts"), "app.shortcuts", NULL, "input-keyboard-symbolic" },
};

/* One find. */
typedef struct
{
  Group   group;
  AlmHit *hit;          /* NULL for a command */
  guint   command;
} Find;

struct _AlmSearch
{
  GtkWidget      parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  GPtrArray     *finds;         /* (element-type Find) */
  GCancellable  *cancellable;   /* of the newest search; NULL */
  GtkWidget     *before;        /* weak: who had the focus */

  /* Children */
  GtkWidget     *entry;
  GtkWidget     *popover;
  GtkWidget     *scroller;
  GtkWidget     *list;
  GtkWidget     *nothing;
};

G_DEFINE_FINAL_TYPE (AlmSearch, alm_search, GTK_TYPE_WIDGET)

static void
find_free (Find *find)
{
  g_clear_pointer (&find->hit, alm_hit_free);
  g_free (find);
}

static Group
get_group (const AlmHit *hit)
{
  if (g_str_equal (hit->kind, "address"))
    return GROUP_ADDRESS;
  if (g_str_equal (hit->kind, "road") || g_str_equal (hit->kind, "street"))
    return GROUP_STREET;

  return GROUP_ASSET;
}

static const char *
get_icon (const Find *find)
{
  switch (find->group)
    {
    case GROUP_ADDRESS:
      return "mark-location-symbolic";
    case GROUP_STREET:
      return "find-location-symbolic";
    case GROUP_COMMAND:
      return commands[find->command].icon;
    case GROUP_ASSET:
    default:
      return g_str_equal (find->hit->kind, "tree") ? "alm-tree-symbolic" : "alm-table-symbolic";
    }
}

static char *
make_detail (AlmSearch  *self,
             const Find *find)
{
  g_autoptr (AlmModel) model = NULL;
  const char *kind;

  if (find->hit == NULL)
    return g_strdup ("");

  model = alm_records_get_model (alm_workbench_get_records (self->workbench), find->hit->kind);
  kind = model != NULL ? alm_model_get_title (model, alm_workbench_language ())
                       : find->hit->kind;
  if (find->hit->detail != NULL && *find->hit->detail != '\0')
    return find->group == GROUP_ASSET ? g_strdup_printf ("%s · %s", kind, find->hit->detail)
                                      : g_strdup (find->hit->detail);

  return g_strdup (find->group == GROUP_ASSET ? kind : "");
}

static GtkWidget *
row_new (AlmSearch  *self,
         const Find *find)
{
  const char *title = find->hit != NULL ? find->hit->label : _(commands[find->command].title);
  g_autofree char *detail = make_detail (self, find);
  g_autofree char *name = NULL;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *more = gtk_label_new (detail);

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (get_icon (find)));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_label_set_ellipsize (GTK_LABEL (more), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (more, "dim-label");
  gtk_box_append (GTK_BOX (box), more);
  gtk_widget_add_css_class (box, "search-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);

  name = *detail != '\0' ? g_strdup_printf ("%s, %s", title, detail) : g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return row;
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       user_data)
{
  AlmSearch *self = user_data;
  Find *find = g_ptr_array_index (self->finds, gtk_list_box_row_get_index (row));
  Find *above = before != NULL
                ? g_ptr_array_index (self->finds, gtk_list_box_row_get_index (before)) : NULL;
  GtkWidget *label;

  if (above != NULL && above->group == find->group)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  label = gtk_label_new (_(group_titles[find->group]));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "search-group");
  gtk_list_box_row_set_header (row, label);
}

static void
clear_finds (AlmSearch *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  g_ptr_array_set_size (self->finds, 0);
}

static void
show_finds (AlmSearch *self)
{
  for (guint i = 0; i < self->finds->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->list),
                         row_new (self, g_ptr_array_index (self->finds, i)));
  gtk_list_box_invalidate_headers (GTK_LIST_BOX (self->list));
  gtk_list_box_select_row (GTK_LIST_BOX (self->list),
                           gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0));
  gtk_widget_set_visible (self->scroller, self->finds->len > 0);
  gtk_widget_set_visible (self->nothing, self->finds->len == 0);
}

static void
add_commands (AlmSearch  *self,
              const char *text)
{
  g_autofree char *wanted = g_utf8_casefold (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *title = g_utf8_casefold (_(commands[i].title), -1);
      Find *find;

      if (strstr (title, wanted) == NULL)
        continue;
      find = g_new0 (Find, 1);
      find->group = GROUP_COMMAND;
      find->command = i;
      g_ptr_array_add (self->finds, find);
    }
}

static void
add_hits (AlmSearch *self,
          GPtrArray *hits)
{
  /* By group, in each group by rank. */
  for (Group group = GROUP_ASSET; group <= GROUP_STREET; group++)
    for (guint i = 0; i < hits->len; i++)
      {
        AlmHit *hit = g_ptr_array_index (hits, i);
        Find *find;

        if (hit == NULL || get_group (hit) != group)
          continue;
        find = g_new0 (Find, 1);
        find->group = group;
        find->hit = g_steal_pointer (&g_ptr_array_index (hits, i));
        g_ptr_array_add (self->finds, find);
      }
}

static void
search_ready_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (AlmSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *hits = alm_records_search_finish (ALM_RECORDS (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->workbench == NULL)
    return;
  if (error != NULL)
    g_message ("search: %s", error->message);

  clear_finds (self);
  if (hits != NULL)
    {
      g_ptr_array_set_free_func (hits, NULL);
      add_hits (self, hits);
      for (guint i = 0; i < hits->len; i++)
        if (g_ptr_array_index (hits, i) != NULL)
          alm_hit_free (g_ptr_array_index (hits, i));
      g_ptr_array_unref (hits);
    }
  add_commands (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  show_finds (self);
}

static void
close_finds (AlmSearch *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
text_changed_cb (AlmSearch *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (*text == '\0')
    {
      close_finds (self);
      return;
    }

  self->cancellable = g_cancellable_new ();
  alm_records_search_async (alm_workbench_get_records (self->workbench), text, MOST_HITS,
                            self->cancellable, search_ready_cb, g_object_ref (self));
  if (!gtk_widget_get_visible (self->popover))
    {
      int width = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 420);

      gtk_widget_set_size_request (self->popover, width, -1);
      clear_finds (self);
      add_commands (self, text);
      show_finds (self);
      gtk_popover_popup (GTK_POPOVER (self->popover));
    }
}

/* Back to where one was, with an empty entry. */
static void
end_search (AlmSearch *self)
{
  close_finds (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  if (self->before != NULL && gtk_widget_get_mapped (self->before))
    gtk_widget_grab_focus (self->before);
}

static void
take_find (AlmSearch *self,
           guint      index)
{
  AlmSelection *selection = alm_workbench_get_selection (self->workbench);
  Find *find = g_ptr_array_index (self->finds, index);

  if (find->hit == NULL)
    {
      const char *target = commands[find->command].target;

      end_search (self);
      gtk_widget_activate_action (GTK_WIDGET (self), commands[find->command].action,
                                  target != NULL ? "s" : NULL, target);
      return;
    }

  if (find->group == GROUP_ASSET)
    alm_selection_select (selection, find->hit->rid);
  if (find->hit->has_place)
    alm_selection_show_on_map (selection, find->hit->rid, find->hit->lon, find->hit->lat);
  else
    {
      alm_selection_select (selection, find->hit->rid);
      alm_workbench_go (self->workbench, "assets");
    }
  end_search (self);
}

static void
row_activated_cb (AlmSearch     *self,
                  GtkListBoxRow *row)
{
  take_find (self, gtk_list_box_row_get_index (row));
}

static void
activate_cb (AlmSearch *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));

  if (row != NULL && gtk_widget_get_visible (self->popover))
    take_find (self, gtk_list_box_row_get_index (row));
}

static void
scroll_to (AlmSearch     *self,
           GtkListBoxRow *row)
{
  GtkAdjustment *adjustment;
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (GTK_WIDGET (row), self->list, &bounds))
    return;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  gtk_adjustment_clamp_page (adjustment, bounds.origin.y - 32,
                             bounds.origin.y + bounds.size.height);
}

static void
move_mark (AlmSearch *self,
           int        step)
{
  GtkListBox *list = GTK_LIST_BOX (self->list);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (list);
  int index = row != NULL ? gtk_list_box_row_get_index (row) + step : 0;

  row = gtk_list_box_get_row_at_index (list, CLAMP (index, 0, (int) self->finds->len - 1));
  if (row == NULL)
    return;
  gtk_list_box_select_row (list, row);
  scroll_to (self, row);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  AlmSearch *self = user_data;

  if (keyval == GDK_KEY_Escape)
    {
      end_search (self);
      return GDK_EVENT_STOP;
    }
  if (!gtk_widget_get_visible (self->popover))
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
    move_mark (self, 1);
  else if (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up)
    move_mark (self, -1);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static void
focus_left_cb (AlmSearch *self)
{
  close_finds (self);
}

static void
build_popover (AlmSearch *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_BROWSE);
  gtk_list_box_set_header_func (GTK_LIST_BOX (self->list), header_cb, self, NULL);
  gtk_widget_add_css_class (self->list, "search-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Found"), -1);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);

  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scroller), 440);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->list);
  gtk_box_append (GTK_BOX (box), self->scroller);

  self->nothing = gtk_label_new (_("Nothing found. Try another spelling or fewer words."));
  gtk_label_set_wrap (GTK_LABEL (self->nothing), TRUE);
  gtk_widget_add_css_class (self->nothing, "dim-label");
  gtk_widget_add_css_class (self->nothing, "search-nothing");
  gtk_box_append (GTK_BOX (box), self->nothing);

  self->popover = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_popover_set_child (GTK_POPOVER (self->popover), box);
  gtk_widget_add_css_class (self->popover, "search-popover");
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
}

static void
alm_search_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  AlmSearch *self = ALM_SEARCH (widget);

  gtk_widget_size_allocate (self->entry, &(GtkAllocation) { 0, 0, width, height }, baseline);
  gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
alm_search_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  gtk_widget_measure (ALM_SEARCH (widget)->entry, orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
alm_search_dispose (GObject *object)
{
  AlmSearch *self = ALM_SEARCH (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_weak_pointer (&self->before);
  /* One that is unparented while it is open is never freed. */
  if (self->popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->entry, gtk_widget_unparent);
  g_clear_object (&self->workbench);

  G_OBJECT_CLASS (alm_search_parent_class)->dispose (object);
}

static void
alm_search_finalize (GObject *object)
{
  AlmSearch *self = ALM_SEARCH (object);

  g_clear_pointer (&self->finds, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_search_parent_class)->finalize (object);
}

static void
alm_search_class_init (AlmSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_search_dispose;
  object_class->finalize = alm_search_finalize;
  widget_class->measure = alm_search_measure;
  widget_class->size_allocate = alm_search_size_allocate;
}

static void
alm_search_init (AlmSearch *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->finds = g_ptr_array_new_with_free_func ((GDestroyNotify) find_free);
  self->entry = gtk_search_entry_new ();
  g_object_set (self->entry, "placeholder-text", _("Search everything"), NULL);
  gtk_search_entry_set_search_delay (GTK_SEARCH_ENTRY (self->entry), 40);
  gtk_widget_set_tooltip_text (self->entry, _("Search everything (Ctrl+K)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search everything"), -1);
  gtk_widget_set_parent (self->entry, GTK_WIDGET (self));
  build_popover (self);

  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (text_changed_cb), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (activate_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->entry, keys);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

GtkWidget *
alm_search_new (AlmWorkbench *workbench)
{
  AlmSearch *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_SEARCH, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}

void
alm_search_begin (AlmSearch *self)
{
  GtkWidget *focus;

  g_return_if_fail (ALM_IS_SEARCH (self));

  focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  if (focus != NULL && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    g_set_weak_pointer (&self->before, focus);
  gtk_widget_grab_focus (self->entry);
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}
