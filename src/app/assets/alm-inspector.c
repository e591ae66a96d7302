/* SPDX-License-Identifier: EUPL-1.2 */

/* Shows what is selected.
 *
 * Invariants:
 *   1. What the user typed stays in its field until the store has confirmed it,
 *      or until he takes it back.
 *   2. Another record is shown only after what was typed has been handed on.
 *   3. After dispose no callback touches a widget.
 * Main thread. */

#include "config.h"

#include "alm-inspector.h"

#include "alm-conflict-card.h"
#include "alm-error-text.h"
#include "alm-geometry-text.h"
#include "alm-history-list.h"
#include "alm-inspected.h"
#include "alm-link-list.h"
#include "alm-many-form.h"
#include "alm-record-form.h"

#include <glib/gi18n.h>

struct _AlmInspector
{
  AdwBin         parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  AlmInspected  *shown;         /* what stands in the form; NULL */
  AlmModel      *model;         /* its model; NULL */
  GCancellable  *cancellable;   /* of this widget: cancelled by dispose */
  GCancellable  *reading;       /* of the newest read; NULL */
  GtkWidget     *card;          /* the popover of a conflict; NULL until first needed */
  GtkWidget     *card_mark;     /* weak: what has opened it */

  /* Borrowed from the widget tree */
  AlmRecordForm *form;
  GtkWidget     *many;
  GtkWidget     *links;
  GtkWidget     *history;

  /* Template children */
  GtkStack      *stack;
  AdwStatusPage *gone_page;
  GtkLabel      *title_label;
  GtkLabel      *kind_label;
  GtkWidget     *deleted_band;
  GtkWidget     *reading_band;
  GtkWidget     *question_band;
  GtkWidget     *unknown_band;
  GtkWidget     *button_box;
  GtkWidget     *map_button;
  GtkWidget     *delete_button;
  AdwBin        *form_place;
  GtkWidget     *place_box;
  GtkLabel      *coordinates_label;
  AdwBin        *links_place;
  GtkExpander   *history_expander;
  AdwBin        *history_place;
  AdwBin        *many_place;
};

G_DEFINE_FINAL_TYPE (AlmInspector, alm_inspector, ADW_TYPE_BIN)

static void read_selected (AlmInspector *self);

/* Showing. */

static char *
make_kind_text (AlmInspector *self)
{
  const AlmRow *row = self->shown->row;
  const char *kind = self->model != NULL
                     ? alm_model_get_title (self->model, alm_workbench_language ()) : row->kind;

  if (row->waiting)
    /* Translators: %s is the kind, "Tree". */
    return g_strdup_printf (_("%s · changes are waiting for synchronisation"), kind);

  return g_strdup (kind);
}

static char **
list_conflict_fields (GPtrArray *conflicts)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < conflicts->len; i++)
    g_strv_builder_add (names, ((AlmConflict *) g_ptr_array_index (conflicts, i))->field);

  return g_strv_builder_end (names);
}

static void
show_head (AlmInspector *self)
{
  const AlmRow *row = self->shown->row;
  g_autofree char *label = NULL;
  g_autofree char *kind = make_kind_text (self);

  if (self->model != NULL)
    label = alm_model_format_label (self->model, row->fields);
  if (label == NULL || *label == '\0')
    {
      g_free (label);
      label = g_strdup (self->model != NULL
                        ? alm_model_get_title (self->model, alm_workbench_language ())
                        : row->kind);
    }
  gtk_label_set_text (self->title_label, label);
  gtk_label_set_text (self->kind_label, kind);
  gtk_widget_set_visible (self->deleted_band, row->deleted);
  gtk_widget_set_visible (self->reading_band, !row->deleted && self->shown->writes == 0);
  gtk_widget_set_visible (self->unknown_band, self->model == NULL);
  gtk_widget_set_visible (self->button_box, !row->deleted);
  gtk_widget_set_visible (self->delete_button, self->model != NULL && self->shown->writes != 0);
}

static void
show_place (AlmInspector *self)
{
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->place_box, self->shown->has_place);
  gtk_widget_set_sensitive (self->map_button, self->shown->has_place);
  if (!self->shown->has_place)
    return;
  text = alm_geometry_text_show (self->shown->lon, self->shown->lat);
  gtk_label_set_text (self->coordinates_label, text);
}

static void
show_history (AlmInspector *self)
{
  if (!gtk_expander_get_expanded (self->history_expander) || self->shown == NULL)
    return;
  alm_history_list_show (ALM_HISTORY_LIST (self->history), &self->shown->row->id,
                         self->shown->row->kind);
}

/* Takes @inspected over. */
static void
show_one (AlmInspector *self,
          AlmInspected *inspected)
{
  gboolean same = self->shown != NULL &&
                  alm_id_equal (&self->shown->row->id, &inspected->row->id);
  g_auto (GStrv) conflicts = list_conflict_fields (inspected->conflicts);

  g_clear_pointer (&self->shown, alm_inspected_free);
  self->shown = inspected;
  g_clear_pointer (&self->model, alm_model_unref);
  self->model = alm_records_get_model (alm_workbench_get_records (self->workbench),
                                       inspected->row->kind);
  show_head (self);
  show_place (self);
  alm_record_form_set_model (self->form, self->model);
  alm_record_form_set_fields (self->form, inspected->row->fields, same);
  alm_record_form_set_waiting (self->form, (const char *const *) inspected->waiting);
  alm_record_form_set_conflicts (self->form, (const char *const *) conflicts);
  /* A question about the whole object stands at no field. */
  gtk_widget_set_visible (self->question_band,
                          g_strv_contains ((const char *const *) conflicts, ""));
  alm_record_form_set_writes (self->form, inspected->row->deleted ? 0 : inspected->writes);
  alm_link_list_show (ALM_LINK_LIST (self->links), inspected->row->rid);
  show_history (self);
  gtk_stack_set_visible_child_name (self->stack, "one");
}

static void
show_nothing (AlmInspector *self,
              const char   *page)
{
  g_clear_pointer (&self->shown, alm_inspected_free);
  gtk_stack_set_visible_child_name (self->stack, page);
}

/* Reading. */

static void
read_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmInspector) self = user_data;
  g_autoptr (GError) error = NULL;
  AlmInspected *inspected;

  inspected = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_pointer (&inspected, alm_inspected_free);
      return;
    }

  if (inspected != NULL)
    {
      show_one (self, inspected);
      return;
    }
  adw_status_page_set_description (self->gone_page, alm_error_text (error));
  show_nothing (self, "gone");
}

static void
read_selected (AlmInspector *self)
{
  AlmSelection *selection = alm_workbench_get_selection (self->workbench);
  gint64 primary = alm_selection_get_primary (selection);
  gint64 *rid;

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);

  if (alm_selection_get_size (selection) == 0)
    {
      show_nothing (self, "empty");
      return;
    }
  if (alm_selection_get_size (selection) > 1)
    {
      show_nothing (self, "many");
      alm_many_form_read (ALM_MANY_FORM (self->many));
      return;
    }

  self->reading = g_cancellable_new ();
  rid = g_new (gint64, 1);
  *rid = primary;
  alm_records_read_async (alm_workbench_get_records (self->workbench),
                          alm_inspected_read_job, rid, g_free,
                          (GDestroyNotify) alm_inspected_free, self->reading,
                          read_ready_cb, g_object_ref (self));
}

static void
selection_changed_cb (AlmInspector *self)
{
  if (self->card != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->card));
  if (self->shown != NULL)
    alm_record_form_commit (self->form);
  read_selected (self);
}

static gboolean
touches (const AlmChange *change,
         gint64           rid)
{
  if (change->all)
    return TRUE;
  for (guint i = 0; change->kinds != NULL && i < change->kinds->len; i++)
    if (g_str_equal (g_ptr_array_index (change->kinds, i), "conflict"))
      return TRUE;
  for (guint i = 0; change->rids != NULL && i < change->rids->len; i++)
    if (g_array_index (change->rids, gint64, i) == rid)
      return TRUE;

  return FALSE;
}

static void
records_changed_cb (AlmInspector *self,
                    AlmChange    *change)
{
  AlmSelection *selection = alm_workbench_get_selection (self->workbench);

  if (alm_selection_get_size (selection) > 1 ||
      touches (change, alm_selection_get_primary (selection)))
    read_selected (self);
}

/* Editing. */

static void
edited_cb (GObject      *owner,
           GArray       *results,
           const GError *error,
           gpointer      user_data)
{
  AlmInspector *self = ALM_INSPECTOR (owner);
  g_autofree char *name = user_data;
  AlmFieldRow *row;

  if (error == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;   /* "changed" brings the new state. */

  g_message ("%s: %s", name, error->message);
  row = alm_record_form_find_row (self->form, name);
  if (row != NULL)
    alm_field_row_set_error (row, alm_error_text (error));
}

static void
field_edited_cb (AlmInspector *self,
                 const char   *name,
                 AlmValue     *value)
{
  g_autofree char *what = NULL;
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE };
  const AlmField *field;

  if (self->shown == NULL || self->model == NULL)
    return;

  field = alm_model_find_field (self->model, name);
  edit.id = self->shown->row->id;
  edit.set = alm_value_new_object ();
  alm_value_set (edit.set, name,
                 value != NULL ? alm_value_ref (value) : alm_value_new_null ());
  /* Translators: %s is a field, "Height": what the user did. */
  what = g_strdup_printf (_("%s changed"), alm_field_get_title (field, alm_workbench_language ()));
  alm_workbench_edit (self->workbench, what, &edit, 1, G_OBJECT (self), edited_cb,
                      g_strdup (name));
  alm_value_unref (edit.set);
}

static void
deleted_cb (GObject      *owner,
            GArray       *results,
            const GError *error,
            gpointer      user_data)
{
  AlmInspector *self = ALM_INSPECTOR (owner);
  g_autofree char *text = user_data;

  if (error != NULL)
    alm_workbench_say_error (self->workbench, error);
  else
    alm_workbench_say (self->workbench, text, TRUE);
}

static void
delete_shown (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  AlmInspector *self = ALM_INSPECTOR (widget);
  AlmEdit edit = { .op = ALM_OP_DEL, .has_id = TRUE };
  char *what;

  if (self->shown == NULL || self->shown->row->deleted)
    return;

  edit.id = self->shown->row->id;
  /* Translators: %s is an object, "4711 Lime tree": what the user did. */
  what = g_strdup_printf (_("%s deleted"), gtk_label_get_text (self->title_label));
  alm_workbench_edit (self->workbench, what, &edit, 1, G_OBJECT (self), deleted_cb, what);
}

static void
restore_shown (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AlmInspector *self = ALM_INSPECTOR (widget);
  AlmEdit edit = { .op = ALM_OP_UNDEL, .has_id = TRUE };
  char *what;

  if (self->shown == NULL)
    return;

  edit.id = self->shown->row->id;
  what = g_strdup_printf (_("%s restored"), gtk_label_get_text (self->title_label));
  alm_workbench_edit (self->workbench, what, &edit, 1, G_OBJECT (self), deleted_cb, what);
}

static void
show_on_map (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AlmInspector *self = ALM_INSPECTOR (widget);

  if (self->shown != NULL && self->shown->has_place)
    alm_selection_show_on_map (alm_workbench_get_selection (self->workbench),
                               self->shown->row->rid, self->shown->lon, self->shown->lat);
}

static void
copy_coordinates (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  AlmInspector *self = ALM_INSPECTOR (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          gtk_label_get_text (self->coordinates_label));
  alm_workbench_say (self->workbench, _("Coordinates copied"), FALSE);
}

/* Conflicts. */

static void
card_decided_cb (AlmInspector *self)
{
  if (self->card != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->card));
  read_selected (self);
}

static void
card_closed_cb (AlmInspector *self)
{
  if (self->card_mark != NULL)
    gtk_widget_grab_focus (self->card_mark);
}

static AlmConflict *
find_conflict (AlmInspector *self,
               const char   *field)
{
  const AlmField *described = alm_model_find_field (self->model, field);

  for (guint i = 0; i < self->shown->conflicts->len; i++)
    {
      AlmConflict *conflict = g_ptr_array_index (self->shown->conflicts, i);

      if (g_str_equal (conflict->field, field) ||
          (described != NULL && g_strcmp0 (described->group, conflict->field) == 0))
        return conflict;
    }

  return NULL;
}

static void
conflict_activated_cb (AlmInspector *self,
                       const char   *field,
                       GtkWidget    *mark)
{
  AlmConflict *conflict = find_conflict (self, field);
  graphene_rect_t bounds;
  GtkWidget *content;

  if (conflict == NULL || (self->card != NULL && gtk_widget_get_visible (self->card)) ||
      !gtk_widget_compute_bounds (mark, GTK_WIDGET (self), &bounds))
    return;

  content = alm_conflict_card_new (self->workbench, conflict);
  gtk_widget_set_size_request (content, 320, -1);
  gtk_widget_add_css_class (content, "popover-card");
  g_signal_connect_object (content, "decided", G_CALLBACK (card_decided_cb), self,
                           G_CONNECT_SWAPPED);
  /* One for the inspector's whole life: the mark may go while the card is open, and
   * a popover that goes while it closes takes GTK 4.8 down with it. */
  if (self->card == NULL)
    {
      self->card = gtk_popover_new ();
      gtk_popover_set_position (GTK_POPOVER (self->card), GTK_POS_BOTTOM);
      gtk_widget_set_parent (self->card, GTK_WIDGET (self));
      g_signal_connect_swapped (self->card, "closed", G_CALLBACK (card_closed_cb), self);
    }
  g_set_weak_pointer (&self->card_mark, mark);
  gtk_popover_set_child (GTK_POPOVER (self->card), content);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->card),
                               &(GdkRectangle) { (int) bounds.origin.x, (int) bounds.origin.y,
                                                 (int) bounds.size.width,
                                                 (int) bounds.size.height });
  gtk_popover_popup (GTK_POPOVER (self->card));
}

static void
history_expanded_cb (AlmInspector *self)
{
  show_history (self);
}

static void
alm_inspector_dispose (GObject *object)
{
  AlmInspector *self = ALM_INSPECTOR (object);

  g_cancellable_cancel (self->cancellable);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_weak_pointer (&self->card_mark);
  if (self->card != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->card, self);
      /* One that is unparented while it is open is never freed. */
      gtk_popover_popdown (GTK_POPOVER (self->card));
      gtk_widget_unparent (g_steal_pointer (&self->card));
    }

  G_OBJECT_CLASS (alm_inspector_parent_class)->dispose (object);
}

static void
alm_inspector_finalize (GObject *object)
{
  AlmInspector *self = ALM_INSPECTOR (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->shown, alm_inspected_free);
  g_clear_pointer (&self->model, alm_model_unref);

  G_OBJECT_CLASS (alm_inspector_parent_class)->finalize (object);
}

static void
alm_inspector_class_init (AlmInspectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_inspector_dispose;
  object_class->finalize = alm_inspector_finalize;

  gtk_widget_class_install_action (widget_class, "inspector.delete", NULL, delete_shown);
  gtk_widget_class_install_action (widget_class, "inspector.restore", NULL, restore_shown);
  gtk_widget_class_install_action (widget_class, "inspector.show-on-map", NULL, show_on_map);
  gtk_widget_class_install_action (widget_class, "inspector.copy-coordinates", NULL,
                                   copy_coordinates);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/assets/inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, gone_page);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, title_label);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, kind_label);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, deleted_band);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, reading_band);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, question_band);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, unknown_band);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, button_box);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, map_button);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, delete_button);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, form_place);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, place_box);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, coordinates_label);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, links_place);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, history_expander);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, history_place);
  gtk_widget_class_bind_template_child (widget_class, AlmInspector, many_place);
  gtk_widget_class_bind_template_callback (widget_class, history_expanded_cb);
}

static void
alm_inspector_init (AlmInspector *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
alm_inspector_new (AlmWorkbench *workbench)
{
  AlmInspector *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_INSPECTOR, NULL);
  self->workbench = g_object_ref (workbench);
  self->form = ALM_RECORD_FORM (alm_record_form_new (workbench));
  adw_bin_set_child (self->form_place, GTK_WIDGET (self->form));
  g_signal_connect_object (self->form, "edited", G_CALLBACK (field_edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->form, "conflict-activated", G_CALLBACK (conflict_activated_cb),
                           self, G_CONNECT_SWAPPED);
  self->many = alm_many_form_new (workbench);
  adw_bin_set_child (self->many_place, self->many);
  self->links = alm_link_list_new (workbench);
  adw_bin_set_child (self->links_place, self->links);
  self->history = alm_history_list_new (workbench);
  adw_bin_set_child (self->history_place, self->history);

  g_signal_connect_object (alm_workbench_get_selection (workbench), "changed",
                           G_CALLBACK (selection_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_records (workbench), "changed",
                           G_CALLBACK (records_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_records (workbench), "models-changed",
                           G_CALLBACK (read_selected), self, G_CONNECT_SWAPPED);
  read_selected (self);

  return GTK_WIDGET (self);
}

gboolean
alm_inspector_is_typing (AlmInspector *self)
{
  g_return_val_if_fail (ALM_IS_INSPECTOR (self), FALSE);

  return self->shown != NULL && alm_record_form_is_typing (self->form);
}
