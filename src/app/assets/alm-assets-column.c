/* SPDX-License-Identifier: EUPL-1.2 */

/* Columns of the table of assets.
 *
 * At GTK 4.8 rows and cells have no names of their own, and titles take no
 * focus: each cell is named here when it is bound, its row by the record's
 * label, and sorting is a menu of the title and an action of the page.
 *
 * A column view has two hundred rows at hand, whatever can be seen of them: a cell
 * is an inscription, which is not measured by its text, and a row is named by its
 * first cell alone.
 * Main thread. */

#include "config.h"

#include "alm-assets-column.h"

#include "alm-field-text.h"
#include "alm-rows-model.h"
#include "alm-text-scale.h"
#include "alm-workbench.h"

#include <glib/gi18n.h>

/* What a column's factory needs; lives as long as the factory. */
typedef struct
{
  AlmModel       *model;
  const AlmField *field;
  gboolean        names_row;
} Source;

static void
source_free (gpointer  data,
             GClosure *closure)
{
  Source *source = data;

  alm_model_unref (source->model);
  g_free (source);
}

static gboolean
is_number (const AlmField *field)
{
  return (field->type == ALM_FIELD_INTEGER || field->type == ALM_FIELD_NUMBER) &&
         field->n_codes == 0;
}

static void
set_name (GtkWidget  *widget,
          const char *name)
{
  if (widget != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
show_cell (GtkListItem *list_item)
{
  AlmRowItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *place = gtk_list_item_get_child (list_item);
  const Source *source = g_object_get_data (G_OBJECT (list_item), "source");
  const AlmRow *row = item != NULL ? alm_row_item_get_row (item) : NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  GtkWidget *cell;

  if (place == NULL || source == NULL)
    return;
  if (row == NULL)
    {
      gtk_inscription_set_text (GTK_INSCRIPTION (place), "…");
      return;
    }

  text = alm_field_text_show (source->field, alm_value_get (row->fields, source->field->name),
                              alm_workbench_language ());
  g_strdelimit (text, "\n", ' ');
  gtk_inscription_set_text (GTK_INSCRIPTION (place), text);
  cell = gtk_widget_get_parent (place);
  set_name (cell, *text != '\0' ? text : _("(empty)"));
  if (!source->names_row)
    return;

  name = alm_model_format_label (source->model, row->fields);
  set_name (gtk_widget_get_parent (cell), *name != '\0' ? name : row->kind);
}

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *list_item,
          Source             *source)
{
  GtkWidget *place = gtk_inscription_new (NULL);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (place), is_number (source->field) ? 1 : 0);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (place),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  if (is_number (source->field))
    gtk_widget_add_css_class (place, "numeric");
  g_object_set_data (G_OBJECT (list_item), "source", source);
  gtk_list_item_set_child (list_item, place);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *list_item,
         Source             *source)
{
  AlmRowItem *item = gtk_list_item_get_item (list_item);
  gulong id = g_signal_connect_swapped (item, "loaded", G_CALLBACK (show_cell), list_item);

  g_object_set_data (G_OBJECT (list_item), "loaded-id", GSIZE_TO_POINTER (id));
  show_cell (list_item);
}

static void
unbind_cb (GtkListItemFactory *factory,
           GtkListItem        *list_item,
           Source             *source)
{
  gulong id = GPOINTER_TO_SIZE (g_object_steal_data (G_OBJECT (list_item), "loaded-id"));

  if (id != 0)
    g_signal_handler_disconnect (gtk_list_item_get_item (list_item), id);
}

static char *
make_title (const AlmField *field,
            int             way)
{
  const char *title = alm_field_get_title (field, alm_workbench_language ());
  const char *unit = alm_field_text_unit (field);
  const char *arrow = way > 0 ? " ▴" : way < 0 ? " ▾" : "";

  if (*unit != '\0')
    return g_strdup_printf ("%s (%s)%s", title, unit, arrow);

  return g_strdup_printf ("%s%s", title, arrow);
}

static GMenuModel *
make_header_menu (const AlmField *field)
{
  GMenu *menu = g_menu_new ();
  g_autofree char *up = g_strconcat (field->name, " up", NULL);
  g_autofree char *down = g_strconcat (field->name, " down", NULL);
  g_autoptr (GMenuItem) ascending = g_menu_item_new (_("Sort ascending"), NULL);
  g_autoptr (GMenuItem) descending = g_menu_item_new (_("Sort descending"), NULL);

  g_menu_item_set_action_and_target (ascending, "page.sort", "s", up);
  g_menu_item_set_action_and_target (descending, "page.sort", "s", down);
  g_menu_append_item (menu, ascending);
  g_menu_append_item (menu, descending);

  return G_MENU_MODEL (menu);
}

/* Pixels, at the size of text that is set; the title and an arrow fit. */
static int
choose_width (const AlmField *field,
              const char     *title)
{
  int width = 180;

  if (is_number (field) || field->type == ALM_FIELD_BOOLEAN)
    width = 110;
  else if (field->type == ALM_FIELD_DATE || field->type == ALM_FIELD_EDTF)
    width = 130;
  width = MAX (width, MIN (8 * (int) g_utf8_strlen (title, -1) + 32, 260));

  return (int) (width * alm_text_scale_get (gtk_settings_get_default ()));
}

GtkColumnViewColumn *
alm_assets_column_new (AlmModel       *model,
                       const AlmField *field,
                       gboolean        names_row)
{
  GtkListItemFactory *factory;
  GtkColumnViewColumn *column;
  g_autofree char *title = NULL;
  g_autoptr (GMenuModel) menu = NULL;
  Source *source;

  g_return_val_if_fail (model != NULL && field != NULL, NULL);

  source = g_new0 (Source, 1);
  source->model = alm_model_ref (model);
  source->field = field;
  source->names_row = names_row;
  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), source);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), source);
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), source, source_free, 0);

  title = make_title (field, 0);
  menu = make_header_menu (field);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, choose_width (field, title));
  gtk_column_view_column_set_header_menu (column, menu);
  g_object_set_data (G_OBJECT (column), "field", (gpointer) field);

  return column;
}

const AlmField *
alm_assets_column_get_field (GtkColumnViewColumn *column)
{
  g_return_val_if_fail (GTK_IS_COLUMN_VIEW_COLUMN (column), NULL);

  return g_object_get_data (G_OBJECT (column), "field");
}

void
alm_assets_column_mark (GtkColumnViewColumn *column,
                        int                  way)
{
  g_autofree char *title = make_title (alm_assets_column_get_field (column), way);

  gtk_column_view_column_set_title (column, title);
}
