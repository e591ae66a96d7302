/* SPDX-License-Identifier: EUPL-1.2 */

/* All open questions.  When one is decided the next has the focus, so that ten
 * of them are ten presses of a key.
 *
 * Invariant: a card whose question has not changed is the same widget as before.
 * Main thread; list_job() on a reader. */

#include "config.h"

#include "alm-conflicts-page.h"

#include "alm-conflict-card.h"
#include "alm-conflict.h"

#include <glib/gi18n.h>

struct _AlmConflictsPage
{
  AdwBin         parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  GCancellable  *cancellable;

  gboolean       decided;      /* the focus is to go to the next card */

  /* Template children */
  GtkStack      *stack;
  GtkLabel      *summary_label;
  GtkBox        *cards;
};

G_DEFINE_FINAL_TYPE (AlmConflictsPage, alm_conflicts_page, ADW_TYPE_BIN)

static gpointer
list_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return alm_conflict_list (desk, NULL, error);
}

static void
show_clicked_cb (AlmConflictsPage *self,
                 GtkButton        *button)
{
  const AlmConflict *conflict = g_object_get_data (G_OBJECT (button), "conflict");

  alm_workbench_open_record (self->workbench, conflict->rid, conflict->has_place);
}

static void
decided_cb (AlmConflictsPage *self)
{
  self->decided = TRUE;
}

/* Which record the questions below are about. */
static GtkWidget *
head_new (AlmConflictsPage *self,
          AlmConflict      *conflict)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (conflict->label);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "title-4");
  gtk_box_append (GTK_BOX (head), label);
  if (conflict->rid != 0)
    {
      GtkWidget *show = gtk_button_new_with_label (_("Show object"));

      gtk_widget_add_css_class (show, "flat");
      gtk_widget_set_valign (show, GTK_ALIGN_START);
      g_object_set_data_full (G_OBJECT (show), "conflict", alm_conflict_ref (conflict),
                              (GDestroyNotify) alm_conflict_unref);
      g_signal_connect_object (show, "clicked", G_CALLBACK (show_clicked_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (head), show);
    }

  return head;
}

/* @with_head: it is the first question about its record. */
static GtkWidget *
block_new (AlmConflictsPage *self,
           AlmConflict      *conflict,
           gboolean          with_head)
{
  GtkWidget *block = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *card = alm_conflict_card_new (self->workbench, conflict);

  if (with_head)
    gtk_box_append (GTK_BOX (block), head_new (self, conflict));
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "conflict-card");
  g_signal_connect_object (card, "decided", G_CALLBACK (decided_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (block), card);
  g_object_set_data_full (G_OBJECT (block), "conflict", alm_conflict_ref (conflict),
                          (GDestroyNotify) alm_conflict_unref);
  g_object_set_data (G_OBJECT (block), "with-head", GINT_TO_POINTER (with_head));

  return block;
}

/* Would a new block look like the old one? */
static gboolean
shows (GtkWidget         *block,
       const AlmConflict *conflict,
       gboolean           with_head)
{
  const AlmConflict *shown = g_object_get_data (G_OBJECT (block), "conflict");

  return alm_id_equal (&shown->id, &conflict->id)
         && GPOINTER_TO_INT (g_object_get_data (G_OBJECT (block), "with-head")) == with_head
         && shown->rid == conflict->rid && shown->has_place == conflict->has_place
         && g_strcmp0 (shown->label, conflict->label) == 0
         && alm_value_equal (shown->base, conflict->base)
         && alm_value_equal (shown->theirs, conflict->theirs)
         && alm_value_equal (shown->mine, conflict->mine);
}

static GtkWidget *
find_block (AlmConflictsPage  *self,
            const AlmConflict *conflict,
            gboolean           with_head)
{
  for (GtkWidget *block = gtk_widget_get_first_child (GTK_WIDGET (self->cards)); block != NULL;
       block = gtk_widget_get_next_sibling (block))
    if (shows (block, conflict, with_head))
      return block;

  return NULL;
}

/* A card in which somebody is writing stays, whatever else changes. */
static void
show_cards (AlmConflictsPage *self,
            GPtrArray        *conflicts)
{
  GtkWidget *last_block = NULL;
  GtkWidget *left;

  for (guint i = 0; i < conflicts->len; i++)
    {
      AlmConflict *conflict = g_ptr_array_index (conflicts, i);
      const AlmConflict *last = i > 0 ? g_ptr_array_index (conflicts, i - 1) : NULL;
      gboolean with_head = last == NULL || !alm_id_equal (&last->record, &conflict->record);
      GtkWidget *block = find_block (self, conflict, with_head);

      if (block == NULL)
        {
          block = block_new (self, conflict, with_head);
          gtk_box_insert_child_after (self->cards, block, last_block);
        }
      else if (gtk_widget_get_prev_sibling (block) != last_block)
        gtk_box_reorder_child_after (self->cards, block, last_block);
      last_block = block;
    }
  while ((left = last_block != NULL ? gtk_widget_get_next_sibling (last_block)
                                    : gtk_widget_get_first_child (GTK_WIDGET (self->cards)))
         != NULL)
    gtk_box_remove (self->cards, left);
}

static void
show_list (AlmConflictsPage *self,
           GPtrArray        *conflicts)
{
  g_autofree char *summary = NULL;
  GtkWidget *child;

  show_cards (self, conflicts);
  summary = g_strdup_printf (ngettext ("%u question waits for your answer. Until then what stands "
                                       "now holds.",
                                       "%u questions wait for your answer. Until then what stands "
                                       "now holds.", conflicts->len), conflicts->len);
  gtk_label_set_text (self->summary_label, summary);
  gtk_stack_set_visible_child_name (self->stack, conflicts->len > 0 ? "list" : "empty");
  if (self->decided)
    {
      self->decided = FALSE;
      child = gtk_widget_get_first_child (GTK_WIDGET (self->cards));
      /* The card's own buttons come after the button above it. */
      if (child != NULL)
        gtk_widget_child_focus (gtk_widget_get_last_child (child), GTK_DIR_TAB_FORWARD);
    }
}

static void
list_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmConflictsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) conflicts = NULL;

  conflicts = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (conflicts == NULL)
    alm_workbench_say_error (self->workbench, error);
  else
    show_list (self, conflicts);
}

static void
read_list (AlmConflictsPage *self)
{
  alm_records_read_async (alm_workbench_get_records (self->workbench), list_job, NULL, NULL,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable,
                          list_ready_cb, g_object_ref (self));
}

static void
alm_conflicts_page_dispose (GObject *object)
{
  AlmConflictsPage *self = ALM_CONFLICTS_PAGE (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_conflicts_page_parent_class)->dispose (object);
}

static void
alm_conflicts_page_finalize (GObject *object)
{
  AlmConflictsPage *self = ALM_CONFLICTS_PAGE (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (alm_conflicts_page_parent_class)->finalize (object);
}

static void
alm_conflicts_page_class_init (AlmConflictsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_conflicts_page_dispose;
  object_class->finalize = alm_conflicts_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/sync/conflicts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmConflictsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AlmConflictsPage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, AlmConflictsPage, cards);
}

static void
alm_conflicts_page_init (AlmConflictsPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
alm_conflicts_page_new (AlmWorkbench *workbench)
{
  AlmConflictsPage *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_CONFLICTS_PAGE, NULL);
  self->workbench = g_object_ref (workbench);
  g_signal_connect_object (alm_workbench_get_records (workbench), "changed",
                           G_CALLBACK (read_list), self, G_CONNECT_SWAPPED);
  read_list (self);

  return GTK_WIDGET (self);
}
