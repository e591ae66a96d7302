/* SPDX-License-Identifier: EUPL-1.2 */

/* A million rows for a table that shows thirty.
 *
 * The order is an array of row numbers; an item is made when the view asks for
 * it, and its page of 256 rows is read once for all of them.
 *
 * An item is a place in the list, and which row stands there changes with the
 * order.  For the view the list only grows and shrinks at its end: told of a
 * million new items, GTK 4.8 would ask for each of them (to see whether the one
 * with the focus has moved there), and make its two hundred rows of widgets anew.
 *
 * Invariants:
 *   1. pages has one entry for each page that has been asked for, with the items
 *      that somebody holds or that were read; at most PAGES_KEPT of them.
 *   2. order->places is sorted by number and has an entry for each row.
 *   3. An answer that belongs to an older list (another `generation`) is dropped.
 * Main thread; read_page_job() on a reader. */

#include "config.h"

#include "alm-rows-model.h"

#include <gtk/gtk.h>
#include <string.h>

#define PAGES_KEPT 24

struct _AlmRowItem
{
  GObject  parent_instance;

  /* Owned */
  AlmRow  *row;

  gint64   rid;
};

enum {
  LOADED,
  N_ITEM_SIGNALS
};

static guint item_signals[N_ITEM_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmRowItem, alm_row_item, G_TYPE_OBJECT)

typedef struct
{
  AlmRowItem *items[ALM_ROWS_PAGE];
  guint       used;         /* when it was last asked for */
  gboolean    reading;
} Page;

typedef struct
{
  gint64 rid;
  guint  position;
} Entry;

struct _AlmRowsModel
{
  GObject       parent_instance;

  /* Owned */
  AlmRecords   *records;
  AlmRowsOrder *order;
  GHashTable   *pages;          /* page number → Page */
  GCancellable *cancellable;

  guint         generation;
  guint         clock;          /* counts requests, for the least recently used page */
};

static void rows_model_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlmRowsModel, alm_rows_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, rows_model_list_init))

/* The order. */

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  gint64 left = ((const Entry *) a)->rid;
  gint64 right = ((const Entry *) b)->rid;

  return (left > right) - (left < right);
}

AlmRowsOrder *
alm_rows_order_new (GArray *rids)
{
  AlmRowsOrder *self;

  g_return_val_if_fail (rids != NULL, NULL);

  self = g_new0 (AlmRowsOrder, 1);
  self->rids = rids;
  self->places = g_array_sized_new (FALSE, FALSE, sizeof (Entry), rids->len);
  for (guint i = 0; i < rids->len; i++)
    {
      Entry entry = { g_array_index (rids, gint64, i), i };

      g_array_append_val (self->places, entry);
    }
  g_array_sort (self->places, compare_entries);

  return self;
}

void
alm_rows_order_free (AlmRowsOrder *self)
{
  g_array_unref (self->rids);
  g_array_unref (self->places);
  g_clear_pointer (&self->first, g_ptr_array_unref);
  g_free (self);
}

/* Items. */

static void
alm_row_item_finalize (GObject *object)
{
  AlmRowItem *self = ALM_ROW_ITEM (object);

  g_clear_pointer (&self->row, alm_row_free);

  G_OBJECT_CLASS (alm_row_item_parent_class)->finalize (object);
}

static void
alm_row_item_class_init (AlmRowItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alm_row_item_finalize;

  item_signals[LOADED] =
    g_signal_new ("loaded", ALM_TYPE_ROW_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
alm_row_item_init (AlmRowItem *self)
{
}

static void
take_row (AlmRowItem *self,
          AlmRow     *row)
{
  g_clear_pointer (&self->row, alm_row_free);
  self->row = row;
  g_signal_emit (self, item_signals[LOADED], 0);
}

gint64
alm_row_item_get_rid (AlmRowItem *self)
{
  g_return_val_if_fail (ALM_IS_ROW_ITEM (self), 0);

  return self->rid;
}

const AlmRow *
alm_row_item_get_row (AlmRowItem *self)
{
  g_return_val_if_fail (ALM_IS_ROW_ITEM (self), NULL);

  return self->row;
}

/* Pages. */

static void
page_free (Page *page)
{
  for (guint i = 0; i < ALM_ROWS_PAGE; i++)
    g_clear_object (&page->items[i]);
  g_free (page);
}

/* What a read needs and what it brings. */
typedef struct
{
  AlmRowsModel *self;
  guint         number;
  guint         generation;
} PageCall;

/* @data: GArray of gint64.  A row that is gone leaves a NULL in its place. */
static gpointer
read_page_job (AlmDesk   *desk,
               gpointer   data,
               GError   **error)
{
  GArray *rids = data;

  return alm_desk_get_rows (desk, (const gint64 *) (gpointer) rids->data, rids->len, error);
}

static void
page_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  PageCall *call = user_data;
  g_autoptr (AlmRowsModel) self = call->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  Page *page = NULL;

  if (call->generation == self->generation)
    page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (call->number));
  g_free (call);
  if (page != NULL)
    page->reading = FALSE;
  if (rows == NULL)
    return;

  for (guint i = 0; page != NULL && i < rows->len; i++)
    if (page->items[i] != NULL && g_ptr_array_index (rows, i) != NULL)
      take_row (page->items[i], g_steal_pointer (&g_ptr_array_index (rows, i)));
}

/* All items of a page exist, so that one answer serves them all. */
static guint
fill_page (AlmRowsModel *self,
           guint         number,
           Page         *page)
{
  guint first = number * ALM_ROWS_PAGE;
  guint count = MIN (ALM_ROWS_PAGE, self->order->rids->len - first);

  for (guint i = 0; i < count; i++)
    if (page->items[i] == NULL)
      {
        page->items[i] = g_object_new (ALM_TYPE_ROW_ITEM, NULL);
        page->items[i]->rid = g_array_index (self->order->rids, gint64, first + i);
      }

  return count;
}

static void
read_page (AlmRowsModel *self,
           guint         number,
           Page         *page)
{
  guint count = fill_page (self, number, page);
  GArray *rids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), count);
  PageCall *call = g_new0 (PageCall, 1);

  g_array_append_vals (rids, &g_array_index (self->order->rids, gint64, number * ALM_ROWS_PAGE),
                       count);
  page->reading = TRUE;
  call->self = g_object_ref (self);
  call->number = number;
  call->generation = self->generation;
  alm_records_read_async (self->records, read_page_job, rids, (GDestroyNotify) g_array_unref,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable, page_ready_cb,
                          call);
}

static void
drop_oldest_page (AlmRowsModel *self)
{
  GHashTableIter iter;
  gpointer key, value;
  gpointer oldest = NULL;
  guint used = G_MAXUINT;

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (((Page *) value)->used < used)
      {
        used = ((Page *) value)->used;
        oldest = key;
      }
  if (used != G_MAXUINT)
    g_hash_table_remove (self->pages, oldest);
}

static Page *
ensure_page (AlmRowsModel *self,
             guint         number)
{
  Page *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (number));

  if (page == NULL)
    {
      if (g_hash_table_size (self->pages) >= PAGES_KEPT)
        drop_oldest_page (self);
      page = g_new0 (Page, 1);
      g_hash_table_insert (self->pages, GUINT_TO_POINTER (number), page);
      read_page (self, number, page);
    }
  page->used = ++self->clock;

  return page;
}

/* The list model. */

static GType
rows_model_get_item_type (GListModel *model)
{
  return ALM_TYPE_ROW_ITEM;
}

static guint
rows_model_get_n_items (GListModel *model)
{
  return ALM_ROWS_MODEL (model)->order->rids->len;
}

static gpointer
rows_model_get_item (GListModel *model,
                     guint       position)
{
  AlmRowsModel *self = ALM_ROWS_MODEL (model);
  Page *page;

  if (position >= self->order->rids->len)
    return NULL;
  page = ensure_page (self, position / ALM_ROWS_PAGE);

  return g_object_ref (page->items[position % ALM_ROWS_PAGE]);
}

static void
rows_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = rows_model_get_item_type;
  iface->get_n_items = rows_model_get_n_items;
  iface->get_item = rows_model_get_item;
}

static void
alm_rows_model_dispose (GObject *object)
{
  AlmRowsModel *self = ALM_ROWS_MODEL (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_rows_model_parent_class)->dispose (object);
}

static void
alm_rows_model_finalize (GObject *object)
{
  AlmRowsModel *self = ALM_ROWS_MODEL (object);

  g_clear_object (&self->records);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->order, alm_rows_order_free);
  g_clear_pointer (&self->pages, g_hash_table_unref);

  G_OBJECT_CLASS (alm_rows_model_parent_class)->finalize (object);
}

static void
alm_rows_model_class_init (AlmRowsModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_rows_model_dispose;
  object_class->finalize = alm_rows_model_finalize;
}

static void
alm_rows_model_init (AlmRowsModel *self)
{
  self->cancellable = g_cancellable_new ();
  self->order = alm_rows_order_new (g_array_new (FALSE, FALSE, sizeof (gint64)));
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) page_free);
}

AlmRowsModel *
alm_rows_model_new (AlmRecords *records)
{
  AlmRowsModel *self;

  g_return_val_if_fail (ALM_IS_RECORDS (records), NULL);

  self = g_object_new (ALM_TYPE_ROWS_MODEL, NULL);
  self->records = g_object_ref (records);

  return self;
}

/* Somebody shows one of its rows. */
static gboolean
is_in_use (const Page *page)
{
  for (guint i = 0; i < ALM_ROWS_PAGE; i++)
    if (page->items[i] != NULL
        && g_signal_has_handler_pending (page->items[i], item_signals[LOADED], 0, FALSE))
      return TRUE;

  return FALSE;
}

/* The rows of the new order take the places of the old ones. */
static void
move_page (AlmRowsModel *self,
           guint         number,
           Page         *page,
           GPtrArray    *rows)
{
  const GArray *rids = self->order->rids;
  guint first = number * ALM_ROWS_PAGE;

  for (guint i = 0; i < ALM_ROWS_PAGE && first + i < rids->len; i++)
    {
      AlmRowItem *item = page->items[i];
      gint64 rid = g_array_index (rids, gint64, first + i);
      AlmRow *row = NULL;

      if (rows != NULL && i < rows->len)
        row = g_steal_pointer (&g_ptr_array_index (rows, i));
      if (item == NULL || (row == NULL && item->rid == rid))
        g_clear_pointer (&row, alm_row_free);
      else
        {
          item->rid = rid;
          take_row (item, row);
        }
    }
  for (guint i = 0; i < ALM_ROWS_PAGE; i++)
    if (first + i >= rids->len)
      g_clear_object (&page->items[i]);
}

/* What is shown goes on with the new order's rows; the other pages go. */
static void
move_pages (AlmRowsModel *self)
{
  g_autoptr (GPtrArray) rows = g_steal_pointer (&self->order->first);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint number = GPOINTER_TO_UINT (key);

      if (number * ALM_ROWS_PAGE >= self->order->rids->len || !is_in_use (value))
        g_hash_table_iter_remove (&iter);
    }
  if (rows != NULL && rows->len > 0 && g_hash_table_lookup (self->pages, NULL) == NULL)
    g_hash_table_insert (self->pages, NULL, g_new0 (Page, 1));

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint number = GPOINTER_TO_UINT (key);

      fill_page (self, number, value);
      move_page (self, number, value, number == 0 ? rows : NULL);
      if (number > 0 || rows == NULL)
        read_page (self, number, value);
    }
}

gboolean
alm_rows_model_take (AlmRowsModel *self,
                     AlmRowsOrder *order)
{
  guint before, after;

  g_return_val_if_fail (ALM_IS_ROWS_MODEL (self), FALSE);
  g_return_val_if_fail (order != NULL, FALSE);

  before = self->order->rids->len;
  after = order->rids->len;
  if (after == before &&
      (before == 0 ||
       memcmp (order->rids->data, self->order->rids->data, before * sizeof (gint64)) == 0))
    {
      alm_rows_order_free (order);
      return FALSE;
    }

  alm_rows_order_free (self->order);
  self->order = order;
  self->generation++;
  move_pages (self);
  if (before > after)
    g_list_model_items_changed (G_LIST_MODEL (self), after, before - after, 0);
  else if (after > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, after - before);

  return TRUE;
}

gint64
alm_rows_model_get_rid (AlmRowsModel *self,
                        guint         position)
{
  g_return_val_if_fail (ALM_IS_ROWS_MODEL (self), 0);
  g_return_val_if_fail (position < self->order->rids->len, 0);

  return g_array_index (self->order->rids, gint64, position);
}

guint
alm_rows_model_find (AlmRowsModel *self,
                     gint64        rid)
{
  Entry wanted = { rid, 0 };
  guint index;

  g_return_val_if_fail (ALM_IS_ROWS_MODEL (self), GTK_INVALID_LIST_POSITION);

  if (!g_array_binary_search (self->order->places, &wanted, compare_entries, &index))
    return GTK_INVALID_LIST_POSITION;

  return g_array_index (self->order->places, Entry, index).position;
}

void
alm_rows_model_refresh (AlmRowsModel *self,
                        GArray       *rids)
{
  GHashTableIter iter;
  gpointer key, value;

  g_return_if_fail (ALM_IS_ROWS_MODEL (self));

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      Page *page = value;
      /* So many that each page has one of them anyway. */
      gboolean touched = rids == NULL || rids->len > 64;

      for (guint i = 0; i < ALM_ROWS_PAGE && !touched; i++)
        for (guint j = 0; page->items[i] != NULL && j < rids->len && !touched; j++)
          touched = page->items[i]->rid == g_array_index (rids, gint64, j);
      if (touched)
        read_page (self, GPOINTER_TO_UINT (key), page);
    }
}
