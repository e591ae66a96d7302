/* SPDX-License-Identifier: EUPL-1.2 */

/* What the server did not take.  Each card says what was changed, why it was not
 * taken, and what one can do: copy it, try again, put it aside.
 * Main thread; list_job() on a reader, dismiss_job() on the writer. */

#include "config.h"

#include "alm-refused-page.h"

#include "alm-change-text.h"
#include "alm-json.h"
#include "alm-moment-text.h"
#include "alm-text-label.h"

#include <glib/gi18n.h>

/* One refused command, with what is needed to show and repeat it. */
typedef struct
{
  AlmStoredCommand *stored;
  char             *kind;
  char             *label;
  char             *code;      /* of the refusal; NULL */
  char             *limit;     /* of what is forbidden; NULL */
  gint64            rid;       /* of the record; 0: it is not here */
  gboolean          has_place;
} Refused;

struct _AlmRefusedPage
{
  AdwBin         parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  GCancellable  *cancellable;
  GPtrArray     *refused;      /* (element-type Refused) what is shown */

  /* Template children */
  GtkStack      *stack;
  GtkBox        *cards;
};

G_DEFINE_FINAL_TYPE (AlmRefusedPage, alm_refused_page, ADW_TYPE_BIN)

static void
refused_free (Refused *refused)
{
  g_clear_pointer (&refused->stored, alm_stored_command_free);
  g_free (refused->kind);
  g_free (refused->label);
  g_free (refused->code);
  g_free (refused->limit);
  g_free (refused);
}

static void
name_record (AlmDesk *desk,
             Refused *refused)
{
  const AlmCommand *command = refused->stored->command;
  g_autoptr (AlmRow) row = alm_desk_get (desk, &command->id, NULL);
  const char *kind = row != NULL ? row->kind : command->kind;
  AlmModel *model = kind != NULL ? alm_desk_get_model (desk, kind) : NULL;

  refused->kind = g_strdup (kind != NULL ? kind : "");
  if (model != NULL)
    refused->label = alm_model_format_label (model, row != NULL ? row->fields : command->set);
  if (row != NULL && !row->deleted)
    {
      const AlmField *place = model != NULL ? alm_model_find_role (model, ALM_ROLE_GEOMETRY) : NULL;

      refused->rid = row->rid;
      refused->has_place = place != NULL && alm_value_get (row->fields, place->name) != NULL;
    }
  if (refused->label == NULL || *refused->label == '\0')
    {
      g_free (refused->label);
      refused->label = alm_id_to_text (&command->id);
    }
}

static void
read_code (Refused *refused)
{
  g_autoptr (AlmValue) outcome = NULL;

  if (refused->stored->outcome != NULL)
    outcome = alm_json_parse (refused->stored->outcome, -1, NULL, NULL);
  refused->code = g_strdup (alm_value_get_text_of (outcome, "code"));
  refused->limit = g_strdup (alm_value_get_text_of (outcome, "limit"));
}

static gpointer
list_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  g_autoptr (GPtrArray) commands = NULL;
  GPtrArray *list;

  commands = alm_desk_list_commands (desk, ALM_COMMANDS_REFUSED, NULL, error);
  if (commands == NULL)
    return NULL;

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) refused_free);
  g_ptr_array_set_free_func (commands, NULL);
  for (guint i = 0; i < commands->len; i++)
    {
      Refused *refused = g_new0 (Refused, 1);

      refused->stored = g_ptr_array_index (commands, i);
      name_record (desk, refused);
      read_code (refused);
      g_ptr_array_add (list, refused);
    }

  return list;
}

/* @data: gint64*, the command's number */
static gpointer
dismiss_job (AlmDesk   *desk,
             gpointer   data,
             GError   **error)
{
  return GINT_TO_POINTER (alm_desk_dismiss (desk, *(gint64 *) data, error));
}

static void read_list (AlmRefusedPage *self);

static void
dismissed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (AlmRefusedPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (alm_records_write_finish (ALM_RECORDS (source), result, &error) == NULL)
    alm_workbench_say_error (self->workbench, error);
  if (!g_cancellable_is_cancelled (self->cancellable))
    read_list (self);
}

static void
dismiss (AlmRefusedPage *self,
         const Refused  *refused)
{
  gint64 n = refused->stored->command->n;

  alm_records_write_async (alm_workbench_get_records (self->workbench), dismiss_job,
                           g_memdup2 (&n, sizeof n), g_free, NULL, dismissed_cb,
                           g_object_ref (self));
}

static const Refused *
get_refused (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "refused");
}

static void
dismiss_clicked_cb (AlmRefusedPage *self,
                    GtkWidget      *button)
{
  dismiss (self, get_refused (button));
}

/* There it can be changed in another way. */
static void
show_clicked_cb (AlmRefusedPage *self,
                 GtkWidget      *button)
{
  const Refused *refused = get_refused (button);

  alm_workbench_open_record (self->workbench, refused->rid, refused->has_place);
}

static void
copy_clicked_cb (AlmRefusedPage *self,
                 GtkWidget      *button)
{
  const Refused *refused = get_refused (button);
  g_autoptr (AlmModel) model = NULL;
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;

  model = alm_records_get_model (alm_workbench_get_records (self->workbench), refused->kind);
  text = alm_change_text_say (model, refused->stored->command, alm_workbench_language ());
  whole = g_strdup_printf ("%s\n%s\n", refused->label, text);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), whole);
  alm_workbench_say (self->workbench, _("Copied"), FALSE);
}

static void
repeated_cb (GObject      *owner,
             GArray       *results,
             const GError *error,
             gpointer      user_data)
{
  AlmRefusedPage *self = ALM_REFUSED_PAGE (owner);
  g_autofree gint64 *n = user_data;

  if (error != NULL)
    {
      alm_workbench_say_error (self->workbench, error);
      return;
    }
  for (guint i = 0; i < self->refused->len; i++)
    {
      const Refused *refused = g_ptr_array_index (self->refused, i);

      if (refused->stored->command->n == *n)
        {
          dismiss (self, refused);
          return;
        }
    }
}

/* The same once more, as a new command. */
static void
repeat_clicked_cb (AlmRefusedPage *self,
                   GtkWidget      *button)
{
  const Refused *refused = get_refused (button);
  const AlmCommand *command = refused->stored->command;
  AlmEdit edit = { .op = command->op, .has_id = TRUE };

  edit.id = command->id;
  edit.scope = command->scope;
  edit.kind = command->kind;
  edit.set = command->set;
  edit.conflict = command->conflict;
  alm_workbench_edit (self->workbench, refused->label, &edit, 1, G_OBJECT (self), repeated_cb,
                      g_memdup2 (&command->n, sizeof command->n));
}

static void
add_button (AlmRefusedPage *self,
            GtkWidget      *box,
            const char     *title,
            const Refused  *refused,
            GCallback       callback)
{
  GtkWidget *button = gtk_button_new_with_label (title);

  g_object_set_data (G_OBJECT (button), "refused", (gpointer) refused);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);
}

/* Which record it is about, and the way there. */
static GtkWidget *
head_new (AlmRefusedPage *self,
          const Refused  *refused)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = alm_text_label_new (refused->label, "heading");

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (head), label);
  if (refused->rid != 0)
    {
      add_button (self, head, _("Show object"), refused, G_CALLBACK (show_clicked_cb));
      gtk_widget_add_css_class (gtk_widget_get_last_child (head), "flat");
      gtk_widget_set_valign (gtk_widget_get_last_child (head), GTK_ALIGN_START);
    }

  return head;
}

static GtkWidget *
card_new (AlmRefusedPage *self,
          const Refused  *refused)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autoptr (AlmModel) model = NULL;
  g_autofree char *text = NULL;
  g_autofree char *moment = alm_moment_text_show (refused->stored->command->at);

  model = alm_records_get_model (alm_workbench_get_records (self->workbench), refused->kind);
  text = alm_change_text_say (model, refused->stored->command, alm_workbench_language ());
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "conflict-card");
  gtk_box_append (GTK_BOX (card), head_new (self, refused));
  gtk_box_append (GTK_BOX (card), alm_text_label_new (text, NULL));
  gtk_box_append (GTK_BOX (card),
                  alm_text_label_new (alm_change_text_refusal (refused->code, refused->limit),
                                      NULL));
  gtk_box_append (GTK_BOX (card), alm_text_label_new (moment, "field-hint"));

  add_button (self, buttons, _("Copy"), refused, G_CALLBACK (copy_clicked_cb));
  add_button (self, buttons, _("Try again"), refused, G_CALLBACK (repeat_clicked_cb));
  add_button (self, buttons, _("Put aside"), refused, G_CALLBACK (dismiss_clicked_cb));
  gtk_box_append (GTK_BOX (card), buttons);

  return card;
}

static void
list_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmRefusedPage) self = user_data;
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
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  self->refused = g_steal_pointer (&list);
  for (guint i = 0; i < self->refused->len; i++)
    gtk_box_append (self->cards, card_new (self, g_ptr_array_index (self->refused, i)));
  gtk_stack_set_visible_child_name (self->stack, self->refused->len > 0 ? "list" : "empty");
}

static void
read_list (AlmRefusedPage *self)
{
  alm_records_read_async (alm_workbench_get_records (self->workbench), list_job, NULL, NULL,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable,
                          list_ready_cb, g_object_ref (self));
}

static void
alm_refused_page_dispose (GObject *object)
{
  AlmRefusedPage *self = ALM_REFUSED_PAGE (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_refused_page_parent_class)->dispose (object);
}

static void
alm_refused_page_finalize (GObject *object)
{
  AlmRefusedPage *self = ALM_REFUSED_PAGE (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->refused, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_refused_page_parent_class)->finalize (object);
}

static void
alm_refused_page_class_init (AlmRefusedPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_refused_page_dispose;
  object_class->finalize = alm_refused_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/sync/refused-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmRefusedPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AlmRefusedPage, cards);
}

static void
alm_refused_page_init (AlmRefusedPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
alm_refused_page_new (AlmWorkbench *workbench)
{
  AlmRefusedPage *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_REFUSED_PAGE, NULL);
  self->workbench = g_object_ref (workbench);
  g_signal_connect_object (alm_workbench_get_records (workbench), "changed",
                           G_CALLBACK (read_list), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_sync (workbench), "notify::refused",
                           G_CALLBACK (read_list), self, G_CONNECT_SWAPPED);
  read_list (self);

  return GTK_WIDGET (self);
}
