/* SPDX-License-Identifier: EUPL-1.2 */

/* The layers of the map as rows, topmost first.  A row opens to show its opacity,
 * its legend and the buttons for its place in the order.
 *
 * Invariant: a row lives as long as its kind is there, whatever else changes:
 * whoever has the focus in one keeps it.
 *
 * Main thread. */

#include "config.h"

#include "alm-layer-list.h"

#include "alm-layer-row.h"

#include <glib/gi18n.h>

struct _AlmLayerList
{
  AdwBin               parent_instance;

  /* Owned */
  AlmMapData          *data;
  GHashTable          *rows;     /* kind → AlmLayerRow, borrowed from the list */
  GHashTable          *opened;   /* kinds that are open as soon as they are there */

  /* Children */
  AdwPreferencesGroup *group;
  GtkListBox          *list;
};

G_DEFINE_FINAL_TYPE (AlmLayerList, alm_layer_list, ADW_TYPE_BIN)

static int
compare_rows (GtkListBoxRow *one,
              GtkListBoxRow *two,
              gpointer       user_data)
{
  return (int) alm_layer_row_get_number (ALM_LAYER_ROW (two)) -
         (int) alm_layer_row_get_number (ALM_LAYER_ROW (one));
}

static void
remove_gone (AlmLayerList *self,
             GHashTable   *wanted)
{
  GHashTableIter iter;
  gpointer kind;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &kind, &row))
    if (!g_hash_table_contains (wanted, kind))
      {
        gtk_list_box_remove (self->list, row);
        g_hash_table_iter_remove (&iter);
      }
}

static void
fill (AlmLayerList *self)
{
  guint n = alm_map_data_get_n_layers (self->data);
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < n; i++)
    {
      AlmMapLayer layer;
      GtkWidget *row;

      alm_map_data_get_layer (self->data, i, &layer);
      g_hash_table_add (wanted, (gpointer) layer.kind);
      row = g_hash_table_lookup (self->rows, layer.kind);
      if (row != NULL)
        {
          alm_layer_row_update (ALM_LAYER_ROW (row), &layer, i);
          continue;
        }
      row = alm_layer_row_new (self->data, &layer, i);
      if (g_hash_table_remove (self->opened, layer.kind))
        adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
      g_hash_table_insert (self->rows, g_strdup (layer.kind), row);
      gtk_list_box_append (self->list, row);
    }
  remove_gone (self, wanted);
  gtk_list_box_invalidate_sort (self->list);
  gtk_widget_set_visible (GTK_WIDGET (self->group), n > 0);
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
  g_hash_table_unref (self->opened);

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
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->opened = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_sort_func (self->list, compare_rows, NULL, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Layers"), -1);
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->group, _("Layers"));
  adw_preferences_group_add (self->group, GTK_WIDGET (self->list));
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
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (fill),
                           self, G_CONNECT_SWAPPED);
  fill (self);

  return GTK_WIDGET (self);
}

char **
alm_layer_list_get_opened (AlmLayerList *self)
{
  g_autoptr (GPtrArray) kinds = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer kind;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &kind, &row))
    if (adw_expander_row_get_expanded (row))
      g_ptr_array_add (kinds, g_strdup (kind));
  g_hash_table_iter_init (&iter, self->opened);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    g_ptr_array_add (kinds, g_strdup (kind));
  g_ptr_array_add (kinds, NULL);

  return (char **) g_ptr_array_steal (kinds, NULL);
}

void
alm_layer_list_set_opened (AlmLayerList      *self,
                           const char *const *kinds)
{
  for (guint i = 0; kinds[i] != NULL; i++)
    {
      gpointer row = g_hash_table_lookup (self->rows, kinds[i]);

      if (row != NULL)
        adw_expander_row_set_expanded (row, TRUE);
      else
        g_hash_table_add (self->opened, g_strdup (kinds[i]));
    }
}
