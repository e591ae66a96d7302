/* SPDX-License-Identifier: EUPL-1.2 */

/* Makes a filter chip.  The comparisons offered are those that the field's type
 * knows; the value is typed in the field's own control, so a code list is chosen
 * and a date understood just as in the form.
 * Main thread. */

#include "config.h"

#include "alm-filter-popover.h"

#include "alm-field-row.h"
#include "alm-field-text.h"
#include "alm-workbench.h"

#include <glib/gi18n.h>

struct _AlmFilterPopover
{
  GtkPopover  parent_instance;

  /* Owned */
  AlmModel   *model;
  AlmValue   *value;

  /* Children */
  GtkWidget  *box;
  GtkWidget  *field_choice;
  GtkWidget  *op_choice;
  GtkWidget  *row;
  GtkWidget  *add_button;
};

enum {
  ADDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmFilterPopover, alm_filter_popover, GTK_TYPE_POPOVER)

static const struct
{
  AlmTableOp   op;
  const char *title;
} ops[] = {
  { ALM_TABLE_IS, N_("is") },
  { ALM_TABLE_IS_NOT, N_("is not") },
  { ALM_TABLE_CONTAINS, N_("contains") },
  { ALM_TABLE_AT_LEAST, N_("from") },
  { ALM_TABLE_AT_MOST, N_("up to") },
  { ALM_TABLE_EMPTY, N_("is not stated") },
  { ALM_TABLE_FILLED, N_("is stated") },
};

static gboolean
is_filterable (const AlmField *field)
{
  return field->type != ALM_FIELD_GEOMETRY && field->type != ALM_FIELD_OBJECT &&
         field->type != ALM_FIELD_LIST && field->type != ALM_FIELD_REFERENCE;
}

static gboolean
has_op (const AlmField *field,
        AlmTableOp      op)
{
  gboolean ordered = field->type == ALM_FIELD_INTEGER || field->type == ALM_FIELD_NUMBER ||
                     field->type == ALM_FIELD_DATE || field->type == ALM_FIELD_EDTF;

  if (op == ALM_TABLE_CONTAINS)
    return field->type == ALM_FIELD_TEXT && field->n_codes == 0;
  if (op == ALM_TABLE_AT_LEAST || op == ALM_TABLE_AT_MOST)
    return ordered;

  return TRUE;
}

static const AlmField *
nth_field (AlmFilterPopover *self,
           guint             position)
{
  for (guint i = 0; self->model != NULL && i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);

      if (is_filterable (field) && position-- == 0)
        return field;
    }

  return NULL;
}

static const AlmField *
get_field (AlmFilterPopover *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->field_choice));

  return selected != GTK_INVALID_LIST_POSITION ? nth_field (self, selected) : NULL;
}

static AlmTableOp
get_op (AlmFilterPopover *self)
{
  const AlmField *field = get_field (self);
  guint position = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->op_choice));

  for (guint i = 0; field != NULL && i < G_N_ELEMENTS (ops); i++)
    if (has_op (field, ops[i].op) && position-- == 0)
      return ops[i].op;

  return ALM_TABLE_IS;
}

static gboolean
needs_value (AlmTableOp op)
{
  return op != ALM_TABLE_EMPTY && op != ALM_TABLE_FILLED;
}

static void
update_add (AlmFilterPopover *self)
{
  gboolean wants = needs_value (get_op (self));

  if (self->row != NULL)
    gtk_widget_set_visible (self->row, wants);
  gtk_widget_set_sensitive (self->add_button, get_field (self) != NULL &&
                                              (!wants || self->value != NULL));
}

static void
value_edited_cb (AlmFilterPopover *self,
                 AlmValue         *value)
{
  g_clear_pointer (&self->value, alm_value_unref);
  self->value = value != NULL ? alm_value_ref (value) : NULL;
  alm_field_row_set_value (ALM_FIELD_ROW (self->row), value);
  update_add (self);
}

static void
op_chosen_cb (AlmFilterPopover *self)
{
  update_add (self);
}

static void
field_chosen_cb (AlmFilterPopover *self)
{
  const AlmField *field = get_field (self);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  if (self->row != NULL)
    gtk_box_remove (GTK_BOX (self->box), self->row);
  self->row = NULL;
  g_clear_pointer (&self->value, alm_value_unref);
  if (field == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    if (has_op (field, ops[i].op))
      gtk_string_list_append (titles, _(ops[i].title));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->op_choice), G_LIST_MODEL (titles));

  self->row = alm_field_row_new (NULL, self->model, field);
  g_signal_connect_object (self->row, "edited", G_CALLBACK (value_edited_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_insert_child_after (GTK_BOX (self->box), self->row, self->op_choice);
  update_add (self);
}

static void
add_clicked_cb (AlmFilterPopover *self)
{
  const AlmField *field = get_field (self);
  AlmTableOp op = get_op (self);
  AlmChip *chip;

  if (self->row != NULL && !alm_field_row_commit (ALM_FIELD_ROW (self->row)))
    return;
  if (field == NULL || (needs_value (op) && self->value == NULL))
    return;

  chip = alm_chip_new (field->name, op, needs_value (op) ? self->value : NULL);
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[ADDED], 0, chip);
  alm_chip_free (chip);
}

static void
name_drop_down (GtkWidget  *drop_down,
                const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop_down),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (drop_down)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
alm_filter_popover_finalize (GObject *object)
{
  AlmFilterPopover *self = ALM_FILTER_POPOVER (object);

  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_pointer (&self->value, alm_value_unref);

  G_OBJECT_CLASS (alm_filter_popover_parent_class)->finalize (object);
}

static void
alm_filter_popover_class_init (AlmFilterPopoverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alm_filter_popover_finalize;

  signals[ADDED] =
    g_signal_new ("added", ALM_TYPE_FILTER_POPOVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
alm_filter_popover_init (AlmFilterPopover *self)
{
  GtkWidget *title = gtk_label_new (_("Show only what fits"));

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_size_request (self->box, 260, -1);
  gtk_widget_add_css_class (self->box, "popover-card");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (self->box), title);

  self->field_choice = gtk_drop_down_new_from_strings ((const char *[]) { NULL });
  self->op_choice = gtk_drop_down_new_from_strings ((const char *[]) { NULL });
  name_drop_down (self->field_choice, _("Field"));
  name_drop_down (self->op_choice, _("Comparison"));
  gtk_box_append (GTK_BOX (self->box), self->field_choice);
  gtk_box_append (GTK_BOX (self->box), self->op_choice);

  self->add_button = gtk_button_new_with_label (_("Add filter"));
  gtk_widget_add_css_class (self->add_button, "suggested-action");
  gtk_widget_set_margin_top (self->add_button, 4);
  gtk_box_append (GTK_BOX (self->box), self->add_button);
  gtk_popover_set_child (GTK_POPOVER (self), self->box);

  g_signal_connect_object (self->field_choice, "notify::selected", G_CALLBACK (field_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->op_choice, "notify::selected", G_CALLBACK (op_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->add_button, "clicked", G_CALLBACK (add_clicked_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
alm_filter_popover_new (void)
{
  return g_object_new (ALM_TYPE_FILTER_POPOVER, NULL);
}

void
alm_filter_popover_set_model (AlmFilterPopover *self,
                              AlmModel         *model)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  const AlmField *field;

  g_return_if_fail (ALM_IS_FILTER_POPOVER (self));

  g_clear_pointer (&self->model, alm_model_unref);
  self->model = model != NULL ? alm_model_ref (model) : NULL;
  for (guint i = 0; (field = nth_field (self, i)) != NULL; i++)
    gtk_string_list_append (titles, alm_field_get_title (field, alm_workbench_language ()));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->field_choice), G_LIST_MODEL (titles));
  field_chosen_cb (self);
}

char *
alm_filter_popover_say_chip (AlmModel      *model,
                             const AlmChip *chip)
{
  const AlmField *field = alm_model_find_field (model, chip->field);
  const char *language = alm_workbench_language ();
  g_autofree char *value = NULL;
  const char *op = "";

  if (field == NULL)
    return g_strdup (chip->field);
  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    if (ops[i].op == chip->op)
      op = _(ops[i].title);
  if (!needs_value (chip->op))
    /* Translators: a filter: field, comparison: "Height is not stated" */
    return g_strdup_printf (C_("filter", "%s %s"), alm_field_get_title (field, language), op);

  value = alm_field_text_show (field, chip->value, language);

  /* Translators: a filter: field, comparison, value: "Species is Linden" */
  return g_strdup_printf (C_("filter", "%s %s %s"), alm_field_get_title (field, language), op,
                          value);
}
