/* SPDX-License-Identifier: EUPL-1.2 */

/* Who changed what of one record, newest first, with two ways back for each entry:
 * undo it, or bring the record back to how it was after it.  What this workplace did
 * is read from the profile and shown at once; what others did the server says, where
 * it can be reached.
 *
 * Invariants:
 *   1. A job gets the list that was shown when it was asked for, and its place in it.
 *   2. A state is only offered where nothing of the history before it is missing.
 * Main thread; its jobs are in alm-history-work.c. */

#include "config.h"

#include "alm-history-list.h"

#include "alm-change-text.h"
#include "alm-history-work.h"
#include "alm-moment-text.h"
#include "alm-restore-dialog.h"
#include "alm-sync-history.h"
#include "alm-text-label.h"

#include <glib/gi18n.h>

/* So many entries are shown at first, and more of them when asked. */
#define SHOWN_AT_ONCE 30

struct _AlmHistoryList
{
  GtkWidget       parent_instance;

  /* Owned */
  AlmWorkbench   *workbench;
  AlmModel       *model;         /* of the record; NULL */
  GCancellable   *cancellable;   /* of this widget */
  GCancellable   *reading;
  GPtrArray      *told;          /* (element-type AlmHistoryEntry); NULL: not told */
  AlmDeskHistory *history;       /* NULL: not read yet */

  AlmId           id;            /* of the record */
  guint           most;          /* so many entries are shown */
  gboolean        asking;        /* the server */

  /* Children; NULL after dispose */
  GtkWidget      *box;
  GtkWidget      *menu;          /* one for all entries: GTK 4.8 does not survive a
                                    popover that goes while it closes */
  GtkWidget      *menu_button;   /* weak: what has opened it */
};

G_DEFINE_FINAL_TYPE (AlmHistoryList, alm_history_list, GTK_TYPE_WIDGET)

static void read_history (AlmHistoryList *self);

/* Undoing one entry. */

/* The title of a field; of a group that of its first member. */
static const char *
find_title (AlmHistoryList *self,
            const char     *name)
{
  for (guint i = 0; self->model != NULL && i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);

      if (g_strcmp0 (field->name, name) == 0 || g_strcmp0 (field->group, name) == 0)
        return alm_field_get_title (field, alm_workbench_language ());
    }

  return name;
}

static void
say_left (AlmHistoryList *self,
          const char     *left)
{
  g_auto (GStrv) words = g_strsplit (left, " ", 3);      /* id, field, who */
  const char *title = find_title (self, words[1]);
  g_autofree char *text = NULL;

  if (g_str_equal (words[2], "others") || g_str_equal (words[2], "you"))
    /* Translators: %s is a field, "Height". */
    text = g_strdup_printf (_("“%s” has been changed since then. Nothing was undone."), title);
  else
    /* Translators: a field and a person: "Height", "anna". */
    text = g_strdup_printf (_("“%s” has been changed since then by %s. Nothing was undone."),
                            title, words[2]);
  alm_workbench_say (self->workbench, text, FALSE);
}

static void
undo_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmHistoryList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmHistoryUndone) answer = NULL;

  answer = alm_records_write_finish (ALM_RECORDS (source), result, &error);
  if (answer == NULL)
    alm_workbench_say_error (self->workbench, error);
  else if (answer->left->len > 0)
    say_left (self, answer->left->pdata[0]);
  else if (answer->undone)
    alm_workbench_say (self->workbench, _("The change was undone"), TRUE);
  else
    alm_workbench_say (self->workbench, _("Nothing of this change is left to be undone"), FALSE);
}

static void
undo_entry (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  AlmHistoryList *self = ALM_HISTORY_LIST (widget);
  guint index = g_variant_get_uint32 (parameter);

  if (self->history == NULL || index >= self->history->entries->len)
    return;
  alm_records_write_async (alm_workbench_get_records (self->workbench), alm_history_undo_job,
                           alm_history_place_new (&self->id, self->history->entries, index),
                           (GDestroyNotify) alm_history_place_free,
                           (GDestroyNotify) alm_history_undone_free,
                           undo_ready_cb, g_object_ref (self));
}

/* Going back to a state. */

/* What waits for the answer of a dialog. */
typedef struct
{
  AlmHistoryList  *self;
  AlmHistoryPlace *place;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_object (&question->self);
  g_clear_pointer (&question->place, alm_history_place_free);
  g_free (question);
}

static void
returned_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Question *question = user_data;
  AlmHistoryList *self = question->self;
  g_autoptr (GError) error = NULL;

  if (alm_records_write_finish (ALM_RECORDS (source), result, &error) != NULL)
    alm_workbench_say (self->workbench, _("The earlier state was restored"), TRUE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG))
    alm_workbench_say (self->workbench, _("The object has been changed meanwhile. Nothing was "
                                          "restored: please look at it again."), FALSE);
  else
    alm_workbench_say_error (self->workbench, error);
  question_free (question);
}

static void
response_cb (Question   *question,
             const char *response)
{
  AlmHistoryList *self = question->self;
  Question *next;

  if (!g_str_equal (response, "restore") || self->box == NULL)
    return;

  next = g_new0 (Question, 1);
  next->self = g_object_ref (self);
  next->place = g_steal_pointer (&question->place);
  next->place->batch = g_uuid_string_random ();
  alm_workbench_note_batch (self->workbench, _("Earlier state restored"), next->place->batch);
  alm_records_write_async (alm_workbench_get_records (self->workbench), alm_history_return_job,
                           next->place, NULL, NULL, returned_cb, next);
}

static void
planned_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Question *question = user_data;
  AlmHistoryList *self = question->self;
  g_autoptr (GError) error = NULL;
  AlmDeskReturn *plan = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  GtkWidget *dialog;

  question->place->plan = plan;
  if (self->box == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    question_free (question);
  else if (plan == NULL)
    {
      alm_workbench_say_error (self->workbench, error);
      question_free (question);
    }
  else if (alm_desk_return_is_idle (plan))
    {
      alm_workbench_say (self->workbench, _("The object is in this state already"), FALSE);
      question_free (question);
    }
  else
    {
      dialog = alm_restore_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                       self->model,
                                       question->place->entries->pdata[question->place->index],
                                       plan);
      g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question,
                             (GClosureNotify) (void (*) (void)) question_free,
                             G_CONNECT_SWAPPED);
      gtk_window_present (GTK_WINDOW (dialog));
    }
}

static void
restore_state (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AlmHistoryList *self = ALM_HISTORY_LIST (widget);
  guint index = g_variant_get_uint32 (parameter);
  Question *question;

  if (self->history == NULL || index >= self->history->entries->len)
    return;

  question = g_new0 (Question, 1);
  question->self = g_object_ref (self);
  question->place = alm_history_place_new (&self->id, self->history->entries, index);
  alm_records_read_async (alm_workbench_get_records (self->workbench), alm_history_plan_job,
                          question->place, NULL, (GDestroyNotify) alm_desk_return_free,
                          self->cancellable, planned_cb, question);
}

/* Showing. */

/* "anna · 23.11.2026 08:12 · waiting"; @user: NULL where nobody has to be named */
static char *
make_detail (const char            *user,
             const AlmHistoryEntry *entry)
{
  g_autofree char *moment = alm_moment_text_show (entry->command->at);
  g_autofree char *who = user != NULL ? g_strdup_printf ("%s · %s", user, moment)
                                      : g_strdup (moment);

  switch (entry->state)
    {
    case ALM_HISTORY_WAITING:
      /* Translators: who did it and when, of a change that is not sent yet */
      return g_strdup_printf (_("%s · waiting"), who);

    case ALM_HISTORY_REFUSED:
      return g_strdup_printf (_("%s · refused by the server"), who);

    case ALM_HISTORY_TAKEN:
    default:
      return g_steal_pointer (&who);
    }
}

/* Is entry @index the last that stands in the record?  Its state is that of now. */
static gboolean
is_newest (const AlmDeskHistory *history,
           guint                 index)
{
  for (guint i = index + 1; i < history->entries->len; i++)
    if (((AlmHistoryEntry *) history->entries->pdata[i])->state != ALM_HISTORY_REFUSED)
      return FALSE;

  return TRUE;
}

/* The ways back from entry @index; NULL: there is none. */
static GMenuModel *
make_menu (AlmHistoryList *self,
           guint           index)
{
  const AlmHistoryEntry *entry = self->history->entries->pdata[index];
  g_autoptr (GMenu) menu = g_menu_new ();

  if (entry->state == ALM_HISTORY_REFUSED || self->model == NULL)
    return NULL;

  if (entry->command->op != ALM_OP_ERASE && (entry->k > 0 || self->history->whole))
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_("Undo"), NULL);

      g_menu_item_set_action_and_target (item, "history.undo", "u", index);
      g_menu_append_item (menu, item);
    }
  if (self->history->whole && !is_newest (self->history, index))
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_("Restore this state …"), NULL);

      g_menu_item_set_action_and_target (item, "history.restore", "u", index);
      g_menu_append_item (menu, item);
    }

  return g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0
         ? G_MENU_MODEL (g_steal_pointer (&menu)) : NULL;
}

static void
menu_closed_cb (AlmHistoryList *self)
{
  if (self->menu_button != NULL)
    gtk_widget_grab_focus (self->menu_button);
}

static void
menu_clicked_cb (AlmHistoryList *self,
                 GtkWidget      *button)
{
  GMenuModel *model = g_object_get_data (G_OBJECT (button), "menu");
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (button, GTK_WIDGET (self), &bounds))
    return;

  g_set_weak_pointer (&self->menu_button, button);
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), model);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle) { (int) bounds.origin.x, (int) bounds.origin.y,
                                                 (int) bounds.size.width,
                                                 (int) bounds.size.height });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* @menu: (transfer full) */
static GtkWidget *
menu_button_new (AlmHistoryList *self,
                 GMenuModel     *menu,
                 const char     *text)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("view-more-symbolic");
  /* Translators: %s is a change, "Height: 12 m → 14 m". */
  g_autofree char *name = g_strdup_printf (_("Ways back: %s"), text);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, _("Undo this change or restore this state"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_HAS_POPUP, TRUE, -1);
  g_object_set_data_full (G_OBJECT (button), "menu", menu, g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (menu_clicked_cb), self,
                           G_CONNECT_SWAPPED);

  return button;
}

/* Who it was; NULL where nobody else is listed. */
static const char *
find_user (AlmHistoryList        *self,
           const AlmHistoryEntry *entry)
{
  if (self->told == NULL)
    return NULL;

  return entry->k > 0 && entry->state != ALM_HISTORY_TAKEN ? _("You") : entry->user;
}

static void
add_entry (AlmHistoryList *self,
           guint           index)
{
  const AlmHistoryEntry *entry = self->history->entries->pdata[index];
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *text = alm_change_text_say (self->model, entry->command,
                                               alm_workbench_language ());
  g_autofree char *detail = make_detail (find_user (self, entry), entry);
  GMenuModel *menu = make_menu (self, index);

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), alm_text_label_new (text, NULL));
  gtk_box_append (GTK_BOX (texts), alm_text_label_new (detail, "field-hint"));
  gtk_box_append (GTK_BOX (row), texts);
  if (menu != NULL)
    gtk_box_append (GTK_BOX (row), menu_button_new (self, menu, text));
  gtk_box_append (GTK_BOX (self->box), row);
}

static void
empty_list (AlmHistoryList *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
}

/* What others did is not here: why not. */
static void
add_note (AlmHistoryList *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  const char *text = NULL;

  if (self->told != NULL)
    return;
  if (self->asking)
    text = _("Asking the server what others have done …");
  else if (alm_sync_driver_get_server (driver) != NULL)
    text = _("Only what was changed at this workplace. The rest comes with the next "
             "synchronisation, when the server can be reached.");
  if (text != NULL)
    gtk_box_append (GTK_BOX (self->box), alm_text_label_new (text, "dim-label"));
}

static void
add_older_button (AlmHistoryList *self)
{
  GtkWidget *button = gtk_button_new_with_label (_("Show older changes"));

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "history.older");
  gtk_box_append (GTK_BOX (self->box), button);
}

static gboolean
has_focus (AlmHistoryList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, self->box);
}

static void
show_entries (AlmHistoryList *self)
{
  gboolean focus = has_focus (self);
  guint n = self->history->entries->len;

  empty_list (self);
  for (guint i = 0; i < n && i < self->most; i++)
    add_entry (self, n - 1 - i);
  if (n > self->most)
    add_older_button (self);
  if (n == 0 && !self->asking)
    {
      const char *nothing = self->told != NULL ? _("Nothing was ever changed.")
                                               : _("Nothing was changed at this workplace.");

      gtk_box_append (GTK_BOX (self->box), alm_text_label_new (nothing, "dim-label"));
    }
  add_note (self);
  /* Who came here with the keyboard stays here. */
  if (focus)
    gtk_widget_child_focus (self->box, GTK_DIR_TAB_FORWARD);
}

static void
show_older (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  AlmHistoryList *self = ALM_HISTORY_LIST (widget);

  self->most *= 2;
  if (self->history != NULL)
    show_entries (self);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmHistoryList) self = user_data;
  g_autoptr (GError) error = NULL;
  AlmDeskHistory *history = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (history == NULL)
    return;
  g_clear_pointer (&self->history, alm_desk_history_free);
  self->history = history;
  if (self->box != NULL)
    show_entries (self);
}

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AlmHistoryList) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *changes = alm_sync_driver_history_finish (ALM_SYNC_DRIVER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;      /* of another record by now */
  if (changes == NULL)
    g_debug ("history: %s", error->message);

  self->asking = FALSE;
  g_clear_pointer (&self->told, g_ptr_array_unref);
  self->told = changes;
  read_history (self);
}

static void
read_history (AlmHistoryList *self)
{
  alm_records_read_async (alm_workbench_get_records (self->workbench), alm_history_load_job,
                          alm_history_place_new (&self->id, self->told, 0),
                          (GDestroyNotify) alm_history_place_free,
                          (GDestroyNotify) alm_desk_history_free, self->reading, loaded_cb,
                          g_object_ref (self));
}

static void
alm_history_list_dispose (GObject *object)
{
  AlmHistoryList *self = ALM_HISTORY_LIST (object);

  g_cancellable_cancel (self->cancellable);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_weak_pointer (&self->menu_button);
  if (self->menu != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->menu, self);
      /* One that is unparented while it is open is never freed. */
      gtk_popover_popdown (GTK_POPOVER (self->menu));
      gtk_widget_unparent (g_steal_pointer (&self->menu));
    }
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_history_list_parent_class)->dispose (object);
}

static void
alm_history_list_finalize (GObject *object)
{
  AlmHistoryList *self = ALM_HISTORY_LIST (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->told, g_ptr_array_unref);
  g_clear_pointer (&self->history, alm_desk_history_free);
  g_clear_pointer (&self->model, alm_model_unref);

  G_OBJECT_CLASS (alm_history_list_parent_class)->finalize (object);
}

static void
alm_history_list_class_init (AlmHistoryListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_history_list_dispose;
  object_class->finalize = alm_history_list_finalize;

  gtk_widget_class_install_action (widget_class, "history.undo", "u", undo_entry);
  gtk_widget_class_install_action (widget_class, "history.restore", "u", restore_state);
  gtk_widget_class_install_action (widget_class, "history.older", NULL, show_older);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
alm_history_list_init (AlmHistoryList *self)
{
  self->cancellable = g_cancellable_new ();
  self->most = SHOWN_AT_ONCE;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->menu = gtk_popover_menu_new_from_model (NULL);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_swapped (self->menu, "closed", G_CALLBACK (menu_closed_cb), self);
}

GtkWidget *
alm_history_list_new (AlmWorkbench *workbench)
{
  AlmHistoryList *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_HISTORY_LIST, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}

void
alm_history_list_show (AlmHistoryList *self,
                       const AlmId    *id,
                       const char     *kind)
{
  g_return_if_fail (ALM_IS_HISTORY_LIST (self));
  g_return_if_fail (id != NULL && kind != NULL);

  g_clear_pointer (&self->model, alm_model_unref);
  self->model = alm_records_get_model (alm_workbench_get_records (self->workbench), kind);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  /* The same record again keeps what was told until there is something newer. */
  if (!alm_id_equal (&self->id, id))
    {
      g_clear_pointer (&self->history, alm_desk_history_free);
      g_clear_pointer (&self->told, g_ptr_array_unref);
      self->most = SHOWN_AT_ONCE;
      empty_list (self);
    }
  self->id = *id;
  self->asking = alm_sync_driver_get_user (alm_workbench_get_sync (self->workbench)) != NULL;
  read_history (self);
  if (self->asking)
    alm_sync_driver_history_async (alm_workbench_get_sync (self->workbench), id, self->reading,
                                   told_cb, g_object_ref (self));
}
