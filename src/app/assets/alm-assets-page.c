/* SPDX-License-Identifier: EUPL-1.2 */

/* The assets of one kind as a table.
 *
 * What is shown is a query (kind, filters, order), answered by a reader with the
 * row numbers alone; the rows that one looks at come page by page.  The
 * selection is the workbench's, so map and table always agree.
 *
 * Invariants:
 *   1. While `sharing`, a change of the table's selection comes from the
 *      workbench, and the other way round: neither echoes.
 *   2. Only the answer to the newest query is shown.
 * Main thread. */

#include "config.h"

#include "alm-assets-page.h"

#include "alm-assets-column.h"
#include "alm-error-text.h"
#include "alm-field-text.h"
#include "alm-filter-popover.h"
#include "alm-import-assistant.h"
#include "alm-list-keys.h"
#include "alm-new-asset.h"
#include "alm-rows-model.h"
#include "alm-rows-query.h"

#include <glib/gi18n.h>
#include <math.h>

struct _AlmAssetsPage
{
  AdwBin              parent_instance;

  /* Owned */
  AlmWorkbench       *workbench;
  AlmRowsModel       *rows;
  GtkMultiSelection  *selection;
  AlmModel           *model;          /* of the kind shown; NULL */
  GPtrArray          *models;         /* (element-type AlmModel) offered */
  AlmRowsQuery       *query;
  GCancellable       *cancellable;
  GCancellable       *reading;
  guint               read_id;        /* timeout: read again soon */

  gboolean            sharing;
  gboolean            filling;

  /* Borrowed from the widget tree */
  GtkWidget          *filter_popover;

  /* Template children */
  GtkDropDown        *kind_choice;
  GtkStringList      *kind_titles;
  GtkMenuButton      *filter_button;
  GtkMenuButton      *sort_button;
  GtkSpinner         *spinner;
  GtkWidget          *add_button;
  GtkWidget          *import_button;
  GtkFlowBox         *chips;
  GtkStack           *stack;
  GtkColumnView      *table;
  AdwStatusPage      *error_page;
  GtkLabel           *footer;
};

G_DEFINE_FINAL_TYPE (AlmAssetsPage, alm_assets_page, ADW_TYPE_BIN)

/* After a change the table is read again, but not for each of a hundred. */
#define READ_AGAIN_MS 250
/* A row has so many cells at most; the model puts what matters first.  The rest
 * stands in the inspector, and can be sorted and filtered by. */
#define MOST_COLUMNS 10

static void read_rows (AlmAssetsPage *self);

/* What stands below the table. */

static void
update_footer (AlmAssetsPage *self)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint n_selected = alm_selection_get_size (alm_workbench_get_selection (self->workbench));
  const char *language = alm_workbench_language ();
  const char *name = "";
  g_autofree char *text = NULL;

  if (self->model != NULL)
    name = n_rows == 1 ? alm_model_get_title (self->model, language)
                       : alm_model_get_plural (self->model, language);
  if (n_selected > 1)
    /* Translators: "60,123 Trees · 3 selected" */
    text = g_strdup_printf (_("%'u %s · %'u selected"), n_rows, name, n_selected);
  else
    text = g_strdup_printf ("%'u %s", n_rows, name);
  gtk_label_set_text (self->footer, self->model != NULL ? text : "");
}

static void
show_state (AlmAssetsPage *self)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  const char *page = n_rows > 0                     ? "table"
                     : self->models->len == 0       ? "no-kinds"
                     : self->query->chips->len > 0 ? "no-hits"
                                                    : "empty";

  gtk_stack_set_visible_child_name (self->stack, page);
  update_footer (self);
}

/* The shared selection. */

static void
show_selection (AlmAssetsPage *self)
{
  guint n;
  const gint64 *rids = alm_selection_get_rids (alm_workbench_get_selection (self->workbench), &n);
  g_autoptr (GtkBitset) selected = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) all = gtk_bitset_new_range (
    0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)));

  for (guint i = 0; i < n; i++)
    {
      guint position = alm_rows_model_find (self->rows, rids[i]);

      if (position != GTK_INVALID_LIST_POSITION)
        gtk_bitset_add (selected, position);
    }

  self->sharing = TRUE;
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->selection), selected, all);
  self->sharing = FALSE;
  update_footer (self);
}

static void
workbench_selection_cb (AlmAssetsPage *self)
{
  if (!self->sharing)
    show_selection (self);
}

static void
table_selection_cb (AlmAssetsPage *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  g_autoptr (GArray) rids = NULL;
  GtkBitsetIter iter;
  guint position;

  if (self->sharing)
    return;

  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (gtk_bitset_iter_init_first (&iter, selected, &position))
    do
      {
        gint64 rid = alm_rows_model_get_rid (self->rows, position);

        g_array_append_val (rids, rid);
      }
    while (gtk_bitset_iter_next (&iter, &position));

  self->sharing = TRUE;
  alm_selection_set (alm_workbench_get_selection (self->workbench),
                     (const gint64 *) (gpointer) rids->data, rids->len, 0);
  self->sharing = FALSE;
  update_footer (self);
}

/* Double click or Enter: there it is. */
static void
row_activated_cb (AlmAssetsPage *self,
                  guint          position)
{
  alm_selection_show_on_map (alm_workbench_get_selection (self->workbench),
                             alm_rows_model_get_rid (self->rows, position), NAN, NAN);
}

/* Reading. */

static void
read_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmAssetsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  AlmRowsOrder *order = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_pointer (&order, alm_rows_order_free);
      return;
    }

  gtk_spinner_stop (self->spinner);
  if (order == NULL)
    {
      g_message ("the table: %s", error->message);
      adw_status_page_set_description (self->error_page, alm_error_text (error));
      gtk_stack_set_visible_child_name (self->stack, "error");
      return;
    }

  self->sharing = TRUE;   /* The table forgets its selection with its rows. */
  if (!alm_rows_model_take (self->rows, order))
    alm_rows_model_refresh (self->rows, NULL);
  self->sharing = FALSE;
  show_state (self);
  show_selection (self);
}

static void
read_rows (AlmAssetsPage *self)
{
  g_clear_handle_id (&self->read_id, g_source_remove);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->query->kind == NULL)
    {
      show_state (self);
      return;
    }

  gtk_spinner_start (self->spinner);
  self->reading = g_cancellable_new ();
  alm_records_read_async (alm_workbench_get_records (self->workbench), alm_rows_query_read_job,
                          alm_rows_query_copy (self->query),
                          (GDestroyNotify) alm_rows_query_free,
                          (GDestroyNotify) alm_rows_order_free, self->reading,
                          read_ready_cb, g_object_ref (self));
}

static gboolean
read_again_cb (gpointer user_data)
{
  AlmAssetsPage *self = user_data;

  self->read_id = 0;
  read_rows (self);

  return G_SOURCE_REMOVE;
}

static void
records_changed_cb (AlmAssetsPage *self,
                    AlmChange     *change)
{
  gboolean ours = change->all;

  for (guint i = 0; !ours && change->kinds != NULL && i < change->kinds->len; i++)
    ours = g_strcmp0 (g_ptr_array_index (change->kinds, i), self->query->kind) == 0;
  if (!ours)
    return;

  /* What is on the screen at once, order and count a moment later. */
  alm_rows_model_refresh (self->rows, change->all ? NULL : change->rids);
  if (self->read_id == 0)
    self->read_id = g_timeout_add (READ_AGAIN_MS, read_again_cb, self);
}

/* Columns and order. */

static void
mark_columns (AlmAssetsPage *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      gboolean sorted = g_strcmp0 (alm_assets_column_get_field (column)->name,
                                   self->query->sort) == 0;

      alm_assets_column_mark (column, !sorted ? 0 : self->query->descending ? -1 : 1);
    }
}

static gboolean
is_column (const AlmField *field)
{
  return field->type != ALM_FIELD_GEOMETRY && field->type != ALM_FIELD_OBJECT;
}

static void
fill_columns (AlmAssetsPage *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);
  g_autoptr (GMenu) menu = g_menu_new ();

  for (guint i = g_list_model_get_n_items (columns); i > 0; i--)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i - 1);

      gtk_column_view_remove_column (self->table, column);
    }
  for (guint i = 0; self->model != NULL && i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);
      g_autoptr (GtkColumnViewColumn) column = NULL;

      if (!is_column (field))
        continue;
      column = alm_assets_column_new (self->model, field, g_list_model_get_n_items (columns) == 0);
      if (g_list_model_get_n_items (columns) < MOST_COLUMNS)
        gtk_column_view_append_column (self->table, column);
      g_menu_append_submenu (menu, alm_field_get_title (field, alm_workbench_language ()),
                             gtk_column_view_column_get_header_menu (column));
    }
  gtk_menu_button_set_menu_model (self->sort_button, G_MENU_MODEL (menu));
  mark_columns (self);
}

static void
sort_by (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  AlmAssetsPage *self = ALM_ASSETS_PAGE (widget);
  g_auto (GStrv) words = g_strsplit (g_variant_get_string (parameter, NULL), " ", 2);

  if (g_strv_length (words) != 2)
    return;
  g_free (self->query->sort);
  self->query->sort = g_strdup (words[0]);
  self->query->descending = g_str_equal (words[1], "down");
  mark_columns (self);
  read_rows (self);
}

/* Filters. */

static void show_chips (AlmAssetsPage *self);

static void
chip_clicked_cb (AlmAssetsPage *self,
                 GtkButton     *button)
{
  g_ptr_array_remove (self->query->chips, g_object_get_data (G_OBJECT (button), "chip"));
  show_chips (self);
  read_rows (self);
}

static GtkWidget *
chip_new (AlmAssetsPage *self,
          AlmChip       *chip)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *text = alm_filter_popover_say_chip (self->model, chip);
  /* Translators: %s is a filter, "Species is Linden". */
  g_autofree char *name = g_strdup_printf (_("Remove filter: %s"), text);

  gtk_box_append (GTK_BOX (box), gtk_label_new (text));
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "filter-chip");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "chip", chip);
  g_signal_connect_object (button, "clicked", G_CALLBACK (chip_clicked_cb), self,
                           G_CONNECT_SWAPPED);

  return button;
}

static void
show_chips (AlmAssetsPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->chips))) != NULL)
    gtk_flow_box_remove (self->chips, child);
  for (guint i = 0; self->model != NULL && i < self->query->chips->len; i++)
    {
      GtkWidget *place = gtk_flow_box_child_new ();

      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (place),
                                    chip_new (self, g_ptr_array_index (self->query->chips, i)));
      /* The button inside is the stop, not its place. */
      gtk_widget_set_focusable (place, FALSE);
      gtk_flow_box_append (self->chips, place);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->chips), self->query->chips->len > 0);
}

static void
chip_added_cb (AlmAssetsPage *self,
               AlmChip       *chip)
{
  g_ptr_array_add (self->query->chips, alm_chip_new (chip->field, chip->op, chip->value));
  show_chips (self);
  read_rows (self);
}

static void
clear_filters (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AlmAssetsPage *self = ALM_ASSETS_PAGE (widget);

  g_ptr_array_set_size (self->query->chips, 0);
  show_chips (self);
  read_rows (self);
}

/* Kinds. */

static void
set_kind (AlmAssetsPage *self,
          AlmModel      *model)
{
  const char *kind = model != NULL ? alm_model_get_name (model) : NULL;
  gboolean another = g_strcmp0 (kind, self->query->kind) != 0;

  if (model == self->model && !another)
    return;

  g_clear_pointer (&self->model, alm_model_unref);
  self->model = model != NULL ? alm_model_ref (model) : NULL;
  if (another)
    {
      g_free (self->query->kind);
      self->query->kind = g_strdup (kind);
      g_clear_pointer (&self->query->sort, g_free);
      g_ptr_array_set_size (self->query->chips, 0);
      gtk_stack_set_visible_child_name (self->stack, "reading");
    }
  fill_columns (self);
  show_chips (self);
  alm_filter_popover_set_model (ALM_FILTER_POPOVER (self->filter_popover), self->model);
  gtk_widget_set_sensitive (GTK_WIDGET (self->filter_button), self->model != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->sort_button), self->model != NULL);
  gtk_widget_set_sensitive (self->add_button, self->model != NULL);
  read_rows (self);
}

static void
kind_chosen_cb (AlmAssetsPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->kind_choice);

  if (!self->filling && selected < self->models->len)
    set_kind (self, g_ptr_array_index (self->models, selected));
}

/* Those that people look after; a base map's are not. */
static gboolean
is_offered (const AlmModel *model)
{
  return g_str_equal (alm_model_get_layer (model), "asset") ||
         g_str_equal (alm_model_get_layer (model), "network");
}

/* A kind and how many there are of it. */
typedef struct
{
  char   *kind;
  gint64  count;
} KindCount;

static void
clear_kind_count (KindCount *count)
{
  g_free (count->kind);
}

static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  const KindCount *left = a;
  const KindCount *right = b;

  if (left->count != right->count)
    return left->count < right->count ? 1 : -1;

  return g_strcmp0 (left->kind, right->kind);
}

/* (element-type KindCount), the most first */
static gpointer
count_job (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  g_autoptr (GPtrArray) models = alm_desk_list_models (desk);
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (KindCount));

  g_array_set_clear_func (counts, (GDestroyNotify) clear_kind_count);
  for (guint i = 0; i < models->len; i++)
    {
      const AlmModel *model = g_ptr_array_index (models, i);
      KindCount count = { NULL, 0 };

      if (!is_offered (model))
        continue;
      if (!alm_desk_count_records (desk, NULL, alm_model_get_name (model), &count.count, error))
        return NULL;
      count.kind = g_strdup (alm_model_get_name (model));
      g_array_append_val (counts, count);
    }
  g_array_sort (counts, compare_counts);

  return g_steal_pointer (&counts);
}

static void
show_kinds (AlmAssetsPage *self,
            GArray        *counts)
{
  AlmModel *chosen = NULL;
  guint position = 0;

  self->filling = TRUE;
  g_ptr_array_set_size (self->models, 0);
  gtk_string_list_splice (self->kind_titles, 0,
                          g_list_model_get_n_items (G_LIST_MODEL (self->kind_titles)), NULL);
  for (guint i = 0; i < counts->len; i++)
    {
      const char *kind = g_array_index (counts, KindCount, i).kind;
      AlmModel *model = alm_records_get_model (alm_workbench_get_records (self->workbench), kind);

      if (model == NULL)
        continue;
      if (chosen == NULL || g_strcmp0 (kind, self->query->kind) == 0)
        {
          chosen = model;
          position = self->models->len;
        }
      g_ptr_array_add (self->models, model);
      gtk_string_list_append (self->kind_titles,
                              alm_model_get_plural (model, alm_workbench_language ()));
    }
  if (chosen != NULL)
    gtk_drop_down_set_selected (self->kind_choice, position);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->kind_choice), self->models->len > 0);
  set_kind (self, chosen);
  if (chosen == NULL)
    show_state (self);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (AlmAssetsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) counts = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (counts != NULL)
    {
      show_kinds (self, counts);
      return;
    }
  adw_status_page_set_description (self->error_page, alm_error_text (error));
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
fill_kinds (AlmAssetsPage *self)
{
  alm_records_read_async (alm_workbench_get_records (self->workbench), count_job, NULL, NULL,
                          (GDestroyNotify) g_array_unref, self->cancellable, counted_cb,
                          g_object_ref (self));
}

static void
show_kind (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  AlmAssetsPage *self = ALM_ASSETS_PAGE (widget);
  const char *kind = g_variant_get_string (parameter, NULL);

  /* Before the kinds are known it is the one that will be chosen. */
  if (self->models->len == 0)
    {
      g_free (self->query->kind);
      self->query->kind = g_strdup (kind);
    }
  for (guint i = 0; i < self->models->len; i++)
    if (g_str_equal (alm_model_get_name (g_ptr_array_index (self->models, i)), kind))
      gtk_drop_down_set_selected (self->kind_choice, i);
}

/* Adding and importing. */

static void
add_asset (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  AlmAssetsPage *self = ALM_ASSETS_PAGE (widget);

  if (self->model != NULL)
    alm_new_asset_begin (self->workbench, self->model, GTK_WINDOW (gtk_widget_get_root (widget)));
}

static void
import_list (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AlmAssetsPage *self = ALM_ASSETS_PAGE (widget);

  if (self->model != NULL)
    alm_import_assistant_begin (self->workbench, self->model, NULL,
                                GTK_WINDOW (gtk_widget_get_root (widget)));
}

/* A file that is dropped on the table is a list to import. */
static gboolean
dropped_cb (AlmAssetsPage *self,
            const GValue  *value)
{
  if (self->model == NULL)
    return FALSE;

  alm_import_assistant_begin (self->workbench, self->model, g_value_get_object (value),
                              GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));

  return TRUE;
}

static void
read_again (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  read_rows (ALM_ASSETS_PAGE (widget));
}

static void
alm_assets_page_dispose (GObject *object)
{
  AlmAssetsPage *self = ALM_ASSETS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_handle_id (&self->read_id, g_source_remove);

  G_OBJECT_CLASS (alm_assets_page_parent_class)->dispose (object);
}

static void
alm_assets_page_finalize (GObject *object)
{
  AlmAssetsPage *self = ALM_ASSETS_PAGE (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->rows);
  g_clear_object (&self->selection);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_clear_pointer (&self->query, alm_rows_query_free);

  G_OBJECT_CLASS (alm_assets_page_parent_class)->finalize (object);
}

static void
alm_assets_page_class_init (AlmAssetsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_assets_page_dispose;
  object_class->finalize = alm_assets_page_finalize;

  gtk_widget_class_install_action (widget_class, "page.sort", "s", sort_by);
  gtk_widget_class_install_action (widget_class, "page.show-kind", "s", show_kind);
  gtk_widget_class_install_action (widget_class, "page.add", NULL, add_asset);
  gtk_widget_class_install_action (widget_class, "page.import", NULL, import_list);
  gtk_widget_class_install_action (widget_class, "page.clear-filters", NULL, clear_filters);
  gtk_widget_class_install_action (widget_class, "page.read", NULL, read_again);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/assets/assets-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, kind_choice);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, kind_titles);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, sort_button);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, import_button);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, chips);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, table);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, AlmAssetsPage, footer);
  gtk_widget_class_bind_template_callback (widget_class, kind_chosen_cb);
}

static void
alm_assets_page_init (AlmAssetsPage *self)
{
  GtkDropTarget *target;

  self->cancellable = g_cancellable_new ();
  self->models = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_model_unref);
  self->query = g_new0 (AlmRowsQuery, 1);
  self->query->chips = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_chip_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_stack_set_visible_child_name (self->stack, "reading");

  target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  /* The focus of a drop-down sits on the button inside. */
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->kind_choice))),
    GTK_ACCESSIBLE_PROPERTY_LABEL, _("Kind"), -1);
  self->filter_popover = alm_filter_popover_new ();
  gtk_menu_button_set_popover (self->filter_button, self->filter_popover);
  g_signal_connect_object (self->filter_popover, "added", G_CALLBACK (chip_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "activate", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
alm_assets_page_new (AlmWorkbench *workbench)
{
  AlmAssetsPage *self;
  AlmRecords *records;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  records = alm_workbench_get_records (workbench);
  self = g_object_new (ALM_TYPE_ASSETS_PAGE, NULL);
  self->workbench = g_object_ref (workbench);
  self->rows = alm_rows_model_new (records);
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (self->rows)));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  alm_list_keys_attach (GTK_WIDGET (self->table));
  /* The list inside takes the focus. */
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->table));
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _("Assets"), -1);

  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (table_selection_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_selection (workbench), "changed",
                           G_CALLBACK (workbench_selection_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (records, "changed", G_CALLBACK (records_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (records, "models-changed", G_CALLBACK (fill_kinds), self,
                           G_CONNECT_SWAPPED);
  fill_kinds (self);

  return GTK_WIDGET (self);
}
