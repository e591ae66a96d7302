/* SPDX-License-Identifier: EUPL-1.2 */

/* An entry is one string of two lines, which a list of strings can hold; only here
 * is it taken apart again.  Main thread. */

#include "config.h"

#include "alm-import-choices.h"

#include <string.h>

/* As wide as a row leaves room for beside its title. */
#define CHOSEN_WIDTH 28

static const char *
get_text (GtkListItem *item)
{
  return gtk_string_object_get_string (gtk_list_item_get_item (item));
}

static char *
get_title (const char *text)
{
  return g_strndup (text, strcspn (text, "\n"));
}

static const char *
get_detail (const char *text)
{
  const char *end = strchr (text, '\n');

  return end != NULL ? end + 1 : "";
}

static GtkWidget *
make_line (void)
{
  GtkWidget *line = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (line), 0);

  return line;
}

/* What is chosen, in the row. */

static void
set_up_chosen_cb (GtkSignalListItemFactory *factory,
                  GtkListItem              *item)
{
  GtkWidget *line = make_line ();

  gtk_label_set_ellipsize (GTK_LABEL (line), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (line), CHOSEN_WIDTH);
  gtk_list_item_set_child (item, line);
}

static void
bind_chosen_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  g_autofree char *title = get_title (get_text (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), title);
}

/* What can be chosen, in the list. */

static void
show_check (AdwComboRow *row,
            GParamSpec  *pspec,
            GtkListItem *item)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  gboolean is_chosen = adw_combo_row_get_selected_item (row) == gtk_list_item_get_item (item);

  /* It keeps its room: the lines do not jump. */
  gtk_widget_set_opacity (gtk_widget_get_last_child (child), is_chosen ? 1 : 0);
}

static void
set_up_entry_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  GtkWidget *entry = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = make_line ();
  GtkWidget *detail = make_line ();

  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_box_append (GTK_BOX (lines), title);
  gtk_box_append (GTK_BOX (lines), detail);
  gtk_box_append (GTK_BOX (entry), lines);
  gtk_box_append (GTK_BOX (entry), gtk_image_new_from_icon_name ("object-select-symbolic"));
  gtk_list_item_set_child (item, entry);
}

static void
bind_entry_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               AdwComboRow              *row)
{
  const char *text = get_text (item);
  GtkWidget *entry = gtk_list_item_get_child (item);
  GtkWidget *title_line = gtk_widget_get_first_child (gtk_widget_get_first_child (entry));
  GtkWidget *detail_line = gtk_widget_get_next_sibling (title_line);
  const char *detail = get_detail (text);
  g_autofree char *title = get_title (text);
  g_autofree char *name = *detail != '\0' ? g_strdup_printf ("%s, %s", title, detail)
                                           : g_strdup (title);

  gtk_label_set_label (GTK_LABEL (title_line), title);
  gtk_label_set_label (GTK_LABEL (detail_line), detail);
  gtk_widget_set_visible (detail_line, *detail != '\0');
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (entry)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  show_check (row, NULL, item);
  g_signal_connect_object (row, "notify::selected-item", G_CALLBACK (show_check), item, 0);
}

static void
unbind_entry_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item,
                 AdwComboRow              *row)
{
  g_signal_handlers_disconnect_by_func (row, show_check, item);
}

void
alm_import_choices_set_up (AdwComboRow *row)
{
  g_autoptr (GtkListItemFactory) chosen = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkListItemFactory) entries = gtk_signal_list_item_factory_new ();

  g_return_if_fail (ADW_IS_COMBO_ROW (row));

  g_signal_connect (chosen, "setup", G_CALLBACK (set_up_chosen_cb), NULL);
  g_signal_connect (chosen, "bind", G_CALLBACK (bind_chosen_cb), NULL);
  /* The row owns its factories, and goes with them. */
  g_signal_connect (entries, "setup", G_CALLBACK (set_up_entry_cb), NULL);
  g_signal_connect (entries, "bind", G_CALLBACK (bind_entry_cb), row);
  g_signal_connect (entries, "unbind", G_CALLBACK (unbind_entry_cb), row);
  adw_combo_row_set_factory (row, chosen);
  adw_combo_row_set_list_factory (row, entries);
}

void
alm_import_choices_append (GtkStringList *list,
                           const char    *title,
                           const char    *detail)
{
  g_autofree char *text = NULL;

  g_return_if_fail (GTK_IS_STRING_LIST (list));
  g_return_if_fail (title != NULL);

  text = detail != NULL ? g_strconcat (title, "\n", detail, NULL) : g_strdup (title);
  gtk_string_list_append (list, text);
}
