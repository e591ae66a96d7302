/* SPDX-License-Identifier: EUPL-1.2 */

/* What the server has lost and only this workplace still has.  Each card says what it is,
 * what the server has instead, and what one can do: hand it in again, or let it go for good.
 * Main thread; list_job() on a reader, the other jobs on the writer. */

#include "config.h"

#include "alm-strays-page.h"

#include "alm-change-text.h"
#include "alm-desk-stray.h"
#include "alm-text-label.h"

#include <glib/gi18n.h>

/* So many cards at once; the others follow when these are done. */
#define CARDS_MAX 200

struct _AlmStraysPage
{
  AdwBin         parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  GCancellable  *cancellable;
  GPtrArray     *strays;       /* (element-type AlmStray) what is shown */

  /* Template children */
  GtkStack      *stack;
  GtkWidget     *all_button;
  GtkBox        *cards;
};

G_DEFINE_FINAL_TYPE (AlmStraysPage, alm_strays_page, ADW_TYPE_BIN)

/* What a job on the writer is about. */
typedef struct
{
  AlmId     id;
  gint64    ver;
  gboolean  drop;
  gboolean  all;
} Errand;

typedef struct
{
  guint  rescued;
  guint  left;
} Answer;

static void read_list (AlmStraysPage *self);

static gpointer
list_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return alm_desk_list_strays (desk, NULL, error);
}

static gpointer
errand_job (AlmDesk   *desk,
            gpointer   data,
            GError   **error)
{
  const Errand *errand = data;
  g_autofree Answer *answer = g_new0 (Answer, 1);
  gboolean done;

  if (errand->all)
    done = alm_desk_rescue (desk, NULL, &answer->rescued, &answer->left, error);
  else if (errand->drop)
    done = alm_desk_drop_stray (desk, &errand->id, errand->ver, error);
  else
    done = alm_desk_rescue_one (desk, &errand->id, errand->ver, error);

  return done ? g_steal_pointer (&answer) : NULL;
}

static void
say_answer (AlmStraysPage *self,
            const Answer  *answer)
{
  g_autofree char *done = NULL;
  g_autofree char *whole = NULL;

  if (answer->rescued + answer->left == 0)
    return;

  done = g_strdup_printf (ngettext ("%'u object is handed in again",
                                    "%'u objects are handed in again", answer->rescued),
                          answer->rescued);
  whole = answer->left == 0
          ? g_strdup (done)
          /* Translators: "3 objects are handed in again; 2 are left for you to decide" */
          : g_strdup_printf (ngettext ("%s; %'u is left for you to decide",
                                       "%s; %'u are left for you to decide", answer->left),
                             done, answer->left);
  alm_workbench_say (self->workbench, whole, FALSE);
}

static void
errand_done_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (AlmStraysPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree Answer *answer = alm_records_write_finish (ALM_RECORDS (source), result, &error);

  if (answer == NULL)
    alm_workbench_say_error (self->workbench, error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (answer != NULL)
    say_answer (self, answer);
  read_list (self);
}

static void
run_errand (AlmStraysPage *self,
            const Errand  *errand)
{
  alm_records_write_async (alm_workbench_get_records (self->workbench), errand_job,
                           g_memdup2 (errand, sizeof *errand), g_free, g_free, errand_done_cb,
                           g_object_ref (self));
}

static const AlmStray *
get_stray (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "stray");
}

static void
rescue_clicked_cb (AlmStraysPage *self,
                   GtkWidget     *button)
{
  const AlmStray *stray = get_stray (button);

  run_errand (self, &(Errand) { .id = stray->id, .ver = stray->ver });
}

/* It may be the last copy there is: the first press asks, the second does it. */
static void
drop_clicked_cb (AlmStraysPage *self,
                 GtkWidget     *button)
{
  const AlmStray *stray = get_stray (button);

  if (!gtk_widget_has_css_class (button, "destructive-action"))
    {
      gtk_button_set_label (GTK_BUTTON (button), _("Delete for good"));
      gtk_widget_add_css_class (button, "destructive-action");
      return;
    }

  run_errand (self, &(Errand) { .id = stray->id, .ver = stray->ver, .drop = TRUE });
}

static void
show_clicked_cb (AlmStraysPage *self,
                 GtkWidget     *button)
{
  const AlmStray *stray = get_stray (button);

  alm_workbench_open_record (self->workbench, stray->now->rid, FALSE);
}

static void
all_clicked_cb (AlmStraysPage *self)
{
  run_errand (self, &(Errand) { .all = TRUE });
}

static GtkWidget *
add_button (AlmStraysPage  *self,
            GtkWidget      *box,
            const char     *title,
            const AlmStray *stray,
            GCallback       callback)
{
  GtkWidget *button = gtk_button_new_with_label (title);

  g_object_set_data (G_OBJECT (button), "stray", (gpointer) stray);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);

  return button;
}

static const char *
say_state (const AlmStray *stray)
{
  switch (stray->state)
    {
    case ALM_STRAY_NEW:
      return _("The server does not have this object.");
    case ALM_STRAY_CHANGE:
      return _("The server has an older state of this object.");
    case ALM_STRAY_DIFFERS:
      return _("The object has been changed at the server since. Handed in again, these values "
               "take the place of those there.");
    case ALM_STRAY_LATER:
    default:
      return _("What the server has of it will be known after the next synchronisation.");
    }
}

static char *
name_stray (const AlmStray *stray,
            const AlmModel *model)
{
  g_autofree char *label = model != NULL ? alm_model_format_label (model, stray->fields) : NULL;

  if (label != NULL && *label != '\0')
    return g_steal_pointer (&label);

  return alm_id_to_text (&stray->id);
}

/* Which record it is, and the way to what there is of it. */
static GtkWidget *
head_new (AlmStraysPage  *self,
          const AlmStray *stray,
          const AlmModel *model)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *name = name_stray (stray, model);
  GtkWidget *label = alm_text_label_new (name, "heading");

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (head), label);
  if (stray->now != NULL && !stray->now->deleted)
    {
      GtkWidget *button = add_button (self, head, _("Show object"), stray,
                                      G_CALLBACK (show_clicked_cb));

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_valign (button, GTK_ALIGN_START);
    }

  return head;
}

static GtkWidget *
card_new (AlmStraysPage  *self,
          const AlmStray *stray)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autoptr (AlmModel) model = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *text = NULL;
  GtkWidget *rescue;

  model = alm_records_get_model (alm_workbench_get_records (self->workbench), stray->kind);
  text = alm_change_text_compare (model, stray->now != NULL ? stray->now->fields : NULL,
                                  stray->fields, alm_workbench_language ());
  kind = g_strdup (model != NULL ? alm_model_get_title (model, alm_workbench_language ())
                                 : stray->kind);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "conflict-card");
  gtk_box_append (GTK_BOX (card), head_new (self, stray, model));
  gtk_box_append (GTK_BOX (card), alm_text_label_new (kind, "field-hint"));
  gtk_box_append (GTK_BOX (card), alm_text_label_new (text, NULL));
  gtk_box_append (GTK_BOX (card), alm_text_label_new (say_state (stray), NULL));

  rescue = add_button (self, buttons, _("Hand in again"), stray, G_CALLBACK (rescue_clicked_cb));
  gtk_widget_set_sensitive (rescue, stray->state != ALM_STRAY_LATER);
  add_button (self, buttons, _("Put aside"), stray, G_CALLBACK (drop_clicked_cb));
  gtk_box_append (GTK_BOX (card), buttons);

  return card;
}

/* Is there more than one that nobody has to decide? */
static gboolean
has_plain (const GPtrArray *strays)
{
  guint plain = 0;

  for (guint i = 0; i < strays->len; i++)
    {
      const AlmStray *stray = strays->pdata[i];

      plain += stray->state == ALM_STRAY_NEW || stray->state == ALM_STRAY_CHANGE;
    }

  return plain > 1;
}

static void
list_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmStraysPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  GtkWidget *child;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (list == NULL)
    {
      alm_workbench_say_error (self->workbench, error);
      return;
    }

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cards))) != NULL)
    gtk_box_remove (self->cards, child);
  g_clear_pointer (&self->strays, g_ptr_array_unref);
  self->strays = g_steal_pointer (&list);
  for (guint i = 0; i < MIN (self->strays->len, CARDS_MAX); i++)
    gtk_box_append (self->cards, card_new (self, g_ptr_array_index (self->strays, i)));
  gtk_widget_set_visible (self->all_button, has_plain (self->strays));
  gtk_stack_set_visible_child_name (self->stack, self->strays->len > 0 ? "list" : "empty");
}

static void
read_list (AlmStraysPage *self)
{
  alm_records_read_async (alm_workbench_get_records (self->workbench), list_job, NULL, NULL,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable,
                          list_ready_cb, g_object_ref (self));
}

static void
alm_strays_page_dispose (GObject *object)
{
  AlmStraysPage *self = ALM_STRAYS_PAGE (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_strays_page_parent_class)->dispose (object);
}

static void
alm_strays_page_finalize (GObject *object)
{
  AlmStraysPage *self = ALM_STRAYS_PAGE (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->strays, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_strays_page_parent_class)->finalize (object);
}

static void
alm_strays_page_class_init (AlmStraysPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_strays_page_dispose;
  object_class->finalize = alm_strays_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/sync/strays-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmStraysPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AlmStraysPage, all_button);
  gtk_widget_class_bind_template_child (widget_class, AlmStraysPage, cards);
  gtk_widget_class_bind_template_callback (widget_class, all_clicked_cb);
}

static void
alm_strays_page_init (AlmStraysPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
alm_strays_page_new (AlmWorkbench *workbench)
{
  AlmStraysPage *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_STRAYS_PAGE, NULL);
  self->workbench = g_object_ref (workbench);
  g_signal_connect_object (alm_workbench_get_records (workbench), "changed",
                           G_CALLBACK (read_list), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_sync (workbench), "notify::strays",
                           G_CALLBACK (read_list), self, G_CONNECT_SWAPPED);
  read_list (self);

  return GTK_WIDGET (self);
}
