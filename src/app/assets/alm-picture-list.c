/* SPDX-License-Identifier: EUPL-1.2 */

/* Several pictures of one record.
 *
 * Invariant: entry i shows item i of the list, and one more shows none.
 * Main thread. */

#include "config.h"

#include "alm-picture-list.h"

#include "alm-picture-entry.h"

struct _AlmPictureList
{
  GtkWidget       parent_instance;

  /* Owned */
  AlmWorkbench   *workbench;
  AlmValue       *value;      /* a list; NULL: none */
  GPtrArray      *entries;    /* (element-type AlmPictureEntry), borrowed from the widget tree */

  /* Borrowed */
  const AlmField *field;

  gboolean        editable;
};

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmPictureList, alm_picture_list, GTK_TYPE_WIDGET)

static void show_entries (AlmPictureList *self);

static void
set_value (AlmPictureList *self,
           AlmValue       *value)
{
  if (value != NULL)
    alm_value_ref (value);
  g_clear_pointer (&self->value, alm_value_unref);
  self->value = value;
  show_entries (self);
}

/* Item @index becomes @value; (transfer full), NULL: nothing is left. */
static AlmValue *
make_list (AlmPictureList *self,
           guint           index,
           AlmValue       *value)
{
  g_autoptr (AlmValue) list = alm_value_new_list ();
  guint n = alm_value_get_size (self->value);

  for (guint i = 0; i < MAX (n, index + 1); i++)
    {
      AlmValue *item = i == index ? value : alm_value_get_item (self->value, i);

      if (item != NULL)
        alm_value_append (list, alm_value_ref (item));
    }

  return alm_value_get_size (list) > 0 ? g_steal_pointer (&list) : NULL;
}

static void
chosen_cb (AlmPictureList  *self,
           AlmValue        *value,
           AlmPictureEntry *entry)
{
  guint index;
  g_autoptr (AlmValue) list = NULL;

  if (!g_ptr_array_find (self->entries, entry, &index))
    return;

  list = make_list (self, index, value);
  set_value (self, list);
  g_signal_emit (self, signals[CHOSEN], 0, list);
}

static void
add_entry (AlmPictureList *self)
{
  GtkWidget *entry = alm_picture_entry_new (self->workbench, self->field);

  g_signal_connect_object (entry, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  alm_picture_entry_set_editable (ALM_PICTURE_ENTRY (entry), self->editable);
  gtk_widget_set_parent (entry, GTK_WIDGET (self));
  g_ptr_array_add (self->entries, entry);
}

static void
show_entries (AlmPictureList *self)
{
  guint n = alm_value_get_size (self->value);

  while (self->entries->len < n + 1)
    add_entry (self);
  while (self->entries->len > n + 1)
    gtk_widget_unparent (g_ptr_array_steal_index (self->entries, self->entries->len - 1));
  alm_picture_entry_set_says_none (g_ptr_array_index (self->entries, n), n == 0);
  for (guint i = 0; i <= n; i++)
    alm_picture_entry_set_value (g_ptr_array_index (self->entries, i),
                                 i < n ? alm_value_get_item (self->value, i) : NULL);
}

static void
alm_picture_list_dispose (GObject *object)
{
  AlmPictureList *self = ALM_PICTURE_LIST (object);
  GtkWidget *child;

  g_ptr_array_set_size (self->entries, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (alm_picture_list_parent_class)->dispose (object);
}

static void
alm_picture_list_finalize (GObject *object)
{
  AlmPictureList *self = ALM_PICTURE_LIST (object);

  g_clear_object (&self->workbench);
  g_clear_pointer (&self->value, alm_value_unref);
  g_ptr_array_unref (self->entries);

  G_OBJECT_CLASS (alm_picture_list_parent_class)->finalize (object);
}

static void
alm_picture_list_class_init (AlmPictureListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_picture_list_dispose;
  object_class->finalize = alm_picture_list_finalize;

  signals[CHOSEN] =
    g_signal_new ("chosen", ALM_TYPE_PICTURE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
alm_picture_list_init (AlmPictureList *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
  self->entries = g_ptr_array_new ();
  self->editable = TRUE;
}

GtkWidget *
alm_picture_list_new (AlmWorkbench   *workbench,
                      const AlmField *field)
{
  AlmPictureList *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);
  g_return_val_if_fail (field != NULL, NULL);

  self = g_object_new (ALM_TYPE_PICTURE_LIST, NULL);
  self->workbench = g_object_ref (workbench);
  self->field = field;
  show_entries (self);

  return GTK_WIDGET (self);
}

void
alm_picture_list_set_value (AlmPictureList *self,
                            AlmValue       *value)
{
  g_return_if_fail (ALM_IS_PICTURE_LIST (self));

  set_value (self, alm_value_is (value, ALM_VALUE_LIST) ? value : NULL);
}

void
alm_picture_list_set_editable (AlmPictureList *self,
                               gboolean        editable)
{
  g_return_if_fail (ALM_IS_PICTURE_LIST (self));

  self->editable = editable;
  for (guint i = 0; i < self->entries->len; i++)
    alm_picture_entry_set_editable (g_ptr_array_index (self->entries, i), editable);
}
