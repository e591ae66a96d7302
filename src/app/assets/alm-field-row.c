/* SPDX-License-Identifier: EUPL-1.2 */

/* One field of a form.
 *
 * The value goes out by "edited" on Enter and when the focus leaves the row, at
 * once for what is chosen.  Escape takes back what was typed.
 *
 * Invariants:
 *   1. What does not fit never leaves the row; the text stays as it was typed,
 *      with the reason under it.
 *   2. set_value() does not touch a row in which somebody is typing: a
 *      colleague's change comes in after that.
 *   3. While `showing`, no signal of a control is the user's doing.
 * Main thread. */

#include "config.h"

#include "alm-field-row.h"

#include "alm-blob.h"
#include "alm-date-text.h"
#include "alm-field-text.h"
#include "alm-picture-entry.h"
#include "alm-picture-list.h"
#include "alm-reference-entry.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum {
  CONTROL_ENTRY,
  CONTROL_AREA,
  CONTROL_CHOICE,
  CONTROL_REFERENCE,
  CONTROL_PICTURE,
  CONTROL_PICTURES,
  CONTROL_READ_ONLY
} Control;

struct _AlmFieldRow
{
  GtkWidget       parent_instance;

  /* Owned */
  AlmWorkbench   *workbench;  /* NULL: references cannot be followed */
  AlmModel       *model;      /* owns field */
  GPtrArray      *choices;    /* (element-type AlmValue) of the drop-down; NULL */
  AlmValue       *value;      /* what is saved; NULL = empty */
  char           *shown;      /* the text that value has in the control */

  /* Borrowed */
  const AlmField *field;

  Control         control;
  gboolean        showing;
  gboolean        editable;

  /* Children, owned by the widget tree */
  GtkWidget      *head;
  GtkWidget      *waiting_mark;
  GtkWidget      *conflict_mark;
  GtkWidget      *body;
  GtkWidget      *input;      /* entry, text view, drop-down, reference entry or label */
  GtkWidget      *note;
};

enum {
  EDITED,
  CONFLICT_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmFieldRow, alm_field_row, GTK_TYPE_WIDGET)

/* A text that is longer than a line. */
#define LONG_TEXT 200

static Control
choose_control (AlmFieldRow *self)
{
  const AlmField *field = self->field;

  if (field->read_only)
    return CONTROL_READ_ONLY;
  if (field->type == ALM_FIELD_BOOLEAN || (field->n_codes > 0 && field->type != ALM_FIELD_LIST))
    return CONTROL_CHOICE;
  if (field->type == ALM_FIELD_REFERENCE && self->workbench != NULL)
    return CONTROL_REFERENCE;
  if (alm_field_is_blob (field) && self->workbench != NULL)
    return CONTROL_PICTURE;
  if (field->items != NULL && alm_field_is_blob (field->items) && self->workbench != NULL)
    return CONTROL_PICTURES;
  if (!alm_field_text_can_read (field))
    return CONTROL_READ_ONLY;

  return field->type == ALM_FIELD_TEXT
         && (field->merge == ALM_MERGE_TEXT || field->max_length > LONG_TEXT) ? CONTROL_AREA
                                                                              : CONTROL_ENTRY;
}

/* What stands in the control; (transfer full). */
static char *
get_typed (AlmFieldRow *self)
{
  if (self->control == CONTROL_ENTRY)
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->input)));
  if (self->control == CONTROL_AREA)
    {
      GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input));
      GtkTextIter start, end;

      gtk_text_buffer_get_bounds (buffer, &start, &end);
      return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
    }

  return g_strdup (self->shown);
}

static void
set_typed (AlmFieldRow *self,
           const char  *text)
{
  if (self->control == CONTROL_ENTRY)
    gtk_editable_set_text (GTK_EDITABLE (self->input), text);
  else if (self->control == CONTROL_AREA)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input)), text, -1);
  else if (self->control == CONTROL_READ_ONLY)
    gtk_label_set_text (GTK_LABEL (self->input), *text != '\0' ? text : "–");
}

static void
show_note (AlmFieldRow *self,
           const char  *text,
           gboolean     is_error)
{
  gtk_label_set_text (GTK_LABEL (self->note), text != NULL ? text : "");
  gtk_widget_set_visible (self->note, text != NULL && *text != '\0');
  if (is_error)
    {
      gtk_widget_add_css_class (self->note, "field-error");
      gtk_widget_remove_css_class (self->note, "field-hint");
      gtk_widget_add_css_class (self->input, "error");
    }
  else
    {
      gtk_widget_add_css_class (self->note, "field-hint");
      gtk_widget_remove_css_class (self->note, "field-error");
      gtk_widget_remove_css_class (self->input, "error");
    }
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->input),
                               GTK_ACCESSIBLE_STATE_INVALID,
                               is_error ? GTK_ACCESSIBLE_INVALID_TRUE
                                        : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* How an uncertain date is understood. */
static void
show_span (AlmFieldRow *self)
{
  g_autofree char *span = NULL;

  if (self->field->type == ALM_FIELD_EDTF && alm_value_is (self->value, ALM_VALUE_TEXT))
    span = alm_date_text_show_span (alm_value_get_text (self->value));
  show_note (self, span, FALSE);
}

/* Position 0 is "not stated", choice i stands at i + 1. */
static void
show_choice (AlmFieldRow *self)
{
  guint selected = 0;

  for (guint i = 0; i < self->choices->len && self->value != NULL; i++)
    if (alm_value_equal (g_ptr_array_index (self->choices, i), self->value))
      selected = i + 1;
  if (self->value != NULL && selected == 0)
    show_note (self, self->shown, FALSE);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->input), selected);
}

static void
show_value (AlmFieldRow *self)
{
  self->showing = TRUE;
  g_free (self->shown);
  self->shown = alm_field_text_show (self->field, self->value, alm_workbench_language ());
  show_note (self, NULL, FALSE);
  if (self->control == CONTROL_CHOICE)
    show_choice (self);
  else if (self->control == CONTROL_REFERENCE)
    alm_reference_entry_set_value (ALM_REFERENCE_ENTRY (self->input), self->value);
  else if (self->control == CONTROL_PICTURE)
    alm_picture_entry_set_value (ALM_PICTURE_ENTRY (self->input), self->value);
  else if (self->control == CONTROL_PICTURES)
    alm_picture_list_set_value (ALM_PICTURE_LIST (self->input), self->value);
  else
    {
      set_typed (self, self->shown);
      show_span (self);
    }
  self->showing = FALSE;
}

static void
hand_on (AlmFieldRow *self,
         AlmValue    *value)
{
  g_signal_emit (self, signals[EDITED], 0, value);
}

static void
activated_cb (AlmFieldRow *self)
{
  alm_field_row_commit (self);
}

static void
focus_left_cb (AlmFieldRow *self)
{
  alm_field_row_commit (self);
}

/* How an uncertain date is understood, while it is typed. */
static void
show_typed_span (AlmFieldRow *self)
{
  g_autofree char *typed = get_typed (self);
  g_autofree char *reason = NULL;
  g_autofree char *span = NULL;
  g_autoptr (AlmValue) value = NULL;

  if (alm_field_text_read (self->field, typed, &value, &reason) && value != NULL)
    span = alm_date_text_show_span (alm_value_get_text (value));
  show_note (self, span, FALSE);
}

/* A red line goes away as soon as one mends it. */
static void
typed_cb (AlmFieldRow *self)
{
  if (self->showing)
    return;
  if (self->field->type == ALM_FIELD_EDTF)
    show_typed_span (self);
  else if (gtk_widget_has_css_class (self->note, "field-error"))
    show_note (self, NULL, FALSE);
}

static void
chosen_cb (AlmFieldRow *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->input));
  AlmValue *value;

  if (self->showing || selected == GTK_INVALID_LIST_POSITION)
    return;
  if (selected == 0 && self->field->required)
    {
      show_value (self);
      show_note (self, _("This must not be empty."), TRUE);
      return;
    }
  /* What show_value() selects may be notified only after it has returned. */
  value = selected > 0 ? g_ptr_array_index (self->choices, selected - 1) : NULL;
  if (value == self->value ||
      (value != NULL && self->value != NULL && alm_value_equal (value, self->value)))
    return;

  g_clear_pointer (&self->value, alm_value_unref);
  self->value = value != NULL ? alm_value_ref (value) : NULL;
  hand_on (self, value);
}

static void
referred_cb (AlmFieldRow *self,
             AlmValue    *value)
{
  g_clear_pointer (&self->value, alm_value_unref);
  self->value = value != NULL ? alm_value_ref (value) : NULL;
  hand_on (self, value);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  AlmFieldRow *self = user_data;

  if (keyval == GDK_KEY_Escape && alm_field_row_is_typing (self))
    {
      show_value (self);
      return GDK_EVENT_STOP;
    }
  /* In a text area Enter makes a line; Ctrl+Enter saves. */
  if (self->control == CONTROL_AREA && (state & GDK_CONTROL_MASK) != 0 &&
      (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter))
    {
      alm_field_row_commit (self);
      return GDK_EVENT_STOP;
    }

  return GDK_EVENT_PROPAGATE;
}

static void
conflict_clicked_cb (AlmFieldRow *self)
{
  g_signal_emit (self, signals[CONFLICT_ACTIVATED], 0);
}

static void
set_name (GtkWidget  *widget,
          const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* The codes of the field; yes and no where there are none. */
static void
list_choices (AlmFieldRow *self)
{
  self->choices = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  for (guint i = 0; i < self->field->n_codes; i++)
    g_ptr_array_add (self->choices, alm_value_ref (self->field->codes[i].value));
  if (self->choices->len > 0)
    return;
  g_ptr_array_add (self->choices, alm_value_new_boolean (TRUE));
  g_ptr_array_add (self->choices, alm_value_new_boolean (FALSE));
}

static GtkWidget *
choice_new (AlmFieldRow *self)
{
  const char *language = alm_workbench_language ();
  GtkStringList *titles = gtk_string_list_new (NULL);
  GtkExpression *expression = NULL;
  GtkWidget *choice;

  list_choices (self);
  gtk_string_list_append (titles, _("Not stated"));
  for (guint i = 0; i < self->choices->len; i++)
    {
      g_autofree char *title = alm_field_text_show (self->field,
                                                    g_ptr_array_index (self->choices, i), language);

      gtk_string_list_append (titles, title);
    }
  /* So many that one would rather type. */
  if (self->choices->len > 15)
    expression = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  choice = gtk_drop_down_new (G_LIST_MODEL (titles), expression);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (choice), self->choices->len > 15);
  g_signal_connect_swapped (choice, "notify::selected", G_CALLBACK (chosen_cb), self);

  return choice;
}

static void
build_input (AlmFieldRow *self,
             const char  *title)
{
  GtkEventController *keys = NULL;

  switch (self->control)
    {
    case CONTROL_ENTRY:
      self->input = gtk_entry_new ();
      g_signal_connect_swapped (self->input, "activate", G_CALLBACK (activated_cb), self);
      g_signal_connect_swapped (self->input, "changed", G_CALLBACK (typed_cb), self);
      if (self->field->type == ALM_FIELD_INTEGER || self->field->type == ALM_FIELD_NUMBER)
        gtk_entry_set_input_purpose (GTK_ENTRY (self->input), GTK_INPUT_PURPOSE_NUMBER);
      if (self->field->type == ALM_FIELD_LIST)
        gtk_entry_set_placeholder_text (GTK_ENTRY (self->input), _("Several, with commas between"));
      break;

    case CONTROL_AREA:
      self->input = gtk_text_view_new ();
      gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->input), GTK_WRAP_WORD_CHAR);
      gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->input), FALSE);
      gtk_widget_set_size_request (self->input, -1, 76);
      gtk_widget_add_css_class (self->input, "field-area");
      g_signal_connect_swapped (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input)), "changed",
                                G_CALLBACK (typed_cb), self);
      break;

    case CONTROL_CHOICE:
      self->input = choice_new (self);
      break;

    case CONTROL_REFERENCE:
      self->input = alm_reference_entry_new (self->workbench, self->field);
      g_signal_connect_swapped (self->input, "chosen", G_CALLBACK (referred_cb), self);
      break;

    case CONTROL_PICTURE:
      self->input = alm_picture_entry_new (self->workbench, self->field);
      g_signal_connect_swapped (self->input, "chosen", G_CALLBACK (referred_cb), self);
      break;

    case CONTROL_PICTURES:
      self->input = alm_picture_list_new (self->workbench, self->field);
      g_signal_connect_swapped (self->input, "chosen", G_CALLBACK (referred_cb), self);
      break;

    case CONTROL_READ_ONLY:
    default:
      self->input = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (self->input), 0);
      gtk_label_set_wrap (GTK_LABEL (self->input), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (self->input), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_selectable (GTK_LABEL (self->input), TRUE);
      gtk_widget_set_can_focus (self->input, FALSE);
      break;
    }

  gtk_widget_set_hexpand (self->input, TRUE);
  gtk_box_append (GTK_BOX (self->body), self->input);
  set_name (self->input, title);
  /* The focus of a drop-down sits on the button inside. */
  if (self->control == CONTROL_CHOICE)
    set_name (gtk_widget_get_first_child (self->input), title);

  keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->input, keys);
}

static void
build_body (AlmFieldRow *self,
            const char  *title)
{
  const char *unit = alm_field_text_unit (self->field);

  self->body = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_parent (self->body, GTK_WIDGET (self));
  build_input (self, title);
  if (*unit != '\0' && self->control == CONTROL_ENTRY)
    {
      GtkWidget *label = gtk_label_new (unit);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (GTK_BOX (self->body), label);
    }

  self->note = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->note), 0);
  gtk_label_set_wrap (GTK_LABEL (self->note), TRUE);
  gtk_widget_set_visible (self->note, FALSE);
  gtk_widget_add_css_class (self->note, "field-hint");
  gtk_widget_set_parent (self->note, GTK_WIDGET (self));
}

static void
build_head (AlmFieldRow *self,
            const char  *title)
{
  GtkWidget *label = gtk_label_new (title);

  self->head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "field-title");
  gtk_box_append (GTK_BOX (self->head), label);

  self->waiting_mark = gtk_label_new (_("waiting"));
  gtk_widget_add_css_class (self->waiting_mark, "field-mark");
  gtk_widget_set_tooltip_text (self->waiting_mark,
                               _("Saved here; not yet with the city’s server"));
  gtk_widget_set_visible (self->waiting_mark, FALSE);
  gtk_box_append (GTK_BOX (self->head), self->waiting_mark);

  self->conflict_mark = gtk_button_new_with_label (_("Conflict"));
  gtk_widget_add_css_class (self->conflict_mark, "field-conflict");
  gtk_widget_set_valign (self->conflict_mark, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->conflict_mark, FALSE);
  g_signal_connect_swapped (self->conflict_mark, "clicked", G_CALLBACK (conflict_clicked_cb),
                            self);
  gtk_box_append (GTK_BOX (self->head), self->conflict_mark);
  gtk_widget_set_parent (self->head, GTK_WIDGET (self));
}

static void
alm_field_row_dispose (GObject *object)
{
  AlmFieldRow *self = ALM_FIELD_ROW (object);

  g_clear_pointer (&self->head, gtk_widget_unparent);
  g_clear_pointer (&self->body, gtk_widget_unparent);
  g_clear_pointer (&self->note, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_field_row_parent_class)->dispose (object);
}

static void
alm_field_row_finalize (GObject *object)
{
  AlmFieldRow *self = ALM_FIELD_ROW (object);

  g_clear_pointer (&self->value, alm_value_unref);
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_object (&self->workbench);

  G_OBJECT_CLASS (alm_field_row_parent_class)->finalize (object);
}

static void
alm_field_row_class_init (AlmFieldRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_field_row_dispose;
  object_class->finalize = alm_field_row_finalize;

  signals[EDITED] =
    g_signal_new ("edited", ALM_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[CONFLICT_ACTIVATED] =
    g_signal_new ("conflict-activated", ALM_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "fieldrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
alm_field_row_init (AlmFieldRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 4);
  self->shown = g_strdup ("");
  self->editable = TRUE;
}

GtkWidget *
alm_field_row_new (AlmWorkbench   *workbench,
                   AlmModel       *model,
                   const AlmField *field)
{
  AlmFieldRow *self;
  GtkEventController *focus;
  const char *title;

  g_return_val_if_fail (model != NULL && field != NULL, NULL);

  self = g_object_new (ALM_TYPE_FIELD_ROW, NULL);
  if (workbench != NULL)
    self->workbench = g_object_ref (workbench);
  self->model = alm_model_ref (model);
  self->field = field;
  self->control = choose_control (self);
  title = alm_field_get_title (field, alm_workbench_language ());

  build_head (self, title);
  build_body (self, title);
  if (field->description != NULL)
    gtk_widget_set_tooltip_text (self->head, field->description);

  focus = gtk_event_controller_focus_new ();
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (self->body, focus);
  show_value (self);

  return GTK_WIDGET (self);
}

const AlmField *
alm_field_row_get_field (AlmFieldRow *self)
{
  g_return_val_if_fail (ALM_IS_FIELD_ROW (self), NULL);

  return self->field;
}

void
alm_field_row_set_value (AlmFieldRow *self,
                         AlmValue    *value)
{
  gboolean typing;

  g_return_if_fail (ALM_IS_FIELD_ROW (self));

  if (value != NULL && alm_value_is (value, ALM_VALUE_NULL))
    value = NULL;
  typing = alm_field_row_is_typing (self);
  if (value != NULL)
    alm_value_ref (value);
  g_clear_pointer (&self->value, alm_value_unref);
  self->value = value;
  if (!typing)
    show_value (self);
}

void
alm_field_row_set_waiting (AlmFieldRow *self,
                           gboolean     waiting)
{
  g_return_if_fail (ALM_IS_FIELD_ROW (self));

  gtk_widget_set_visible (self->waiting_mark, waiting);
}

void
alm_field_row_set_conflict (AlmFieldRow *self,
                            gboolean     conflict)
{
  g_return_if_fail (ALM_IS_FIELD_ROW (self));

  gtk_widget_set_visible (self->conflict_mark, conflict);
}

void
alm_field_row_set_error (AlmFieldRow *self,
                         const char  *text)
{
  g_return_if_fail (ALM_IS_FIELD_ROW (self));

  show_note (self, text, text != NULL);
}

void
alm_field_row_set_editable (AlmFieldRow *self,
                            gboolean     editable)
{
  g_return_if_fail (ALM_IS_FIELD_ROW (self));

  self->editable = editable;
  if (self->control == CONTROL_ENTRY)
    gtk_editable_set_editable (GTK_EDITABLE (self->input), editable);
  else if (self->control == CONTROL_AREA)
    gtk_text_view_set_editable (GTK_TEXT_VIEW (self->input), editable);
  else if (self->control == CONTROL_REFERENCE)
    alm_reference_entry_set_editable (ALM_REFERENCE_ENTRY (self->input), editable);
  else if (self->control == CONTROL_PICTURE)
    alm_picture_entry_set_editable (ALM_PICTURE_ENTRY (self->input), editable);
  else if (self->control == CONTROL_PICTURES)
    alm_picture_list_set_editable (ALM_PICTURE_LIST (self->input), editable);
  else if (self->control != CONTROL_READ_ONLY)
    gtk_widget_set_sensitive (self->input, editable);
}

gboolean
alm_field_row_is_fixed (AlmFieldRow *self)
{
  g_return_val_if_fail (ALM_IS_FIELD_ROW (self), FALSE);

  return self->control == CONTROL_READ_ONLY;
}

gboolean
alm_field_row_is_typing (AlmFieldRow *self)
{
  g_autofree char *typed = NULL;

  g_return_val_if_fail (ALM_IS_FIELD_ROW (self), FALSE);

  if (self->control != CONTROL_ENTRY && self->control != CONTROL_AREA)
    return FALSE;
  typed = get_typed (self);

  return strcmp (typed, self->shown) != 0;
}

gboolean
alm_field_row_commit (AlmFieldRow *self)
{
  g_autofree char *typed = NULL;
  g_autofree char *said = NULL;
  g_autofree char *reason = NULL;
  g_autoptr (AlmValue) value = NULL;

  g_return_val_if_fail (ALM_IS_FIELD_ROW (self), FALSE);

  if (!self->editable || !alm_field_row_is_typing (self))
    return TRUE;

  typed = get_typed (self);
  if (!alm_field_text_read (self->field, typed, &value, &reason))
    {
      show_note (self, reason, TRUE);
      return FALSE;
    }
  /* "1,50" for 1.5 says nothing new; nor does a moment without its seconds. */
  said = alm_field_text_show (self->field, value, alm_workbench_language ());
  if (strcmp (said, self->shown) == 0)
    {
      show_value (self);
      return TRUE;
    }

  /* As it will be read: "um 1950" with its span. */
  g_clear_pointer (&self->value, alm_value_unref);
  self->value = value != NULL ? alm_value_ref (value) : NULL;
  show_value (self);
  hand_on (self, value);

  return TRUE;
}

void
alm_field_row_revert (AlmFieldRow *self)
{
  g_return_if_fail (ALM_IS_FIELD_ROW (self));

  show_value (self);
}

GtkWidget *
alm_field_row_get_mark (AlmFieldRow *self)
{
  g_return_val_if_fail (ALM_IS_FIELD_ROW (self), NULL);

  return self->conflict_mark;
}
