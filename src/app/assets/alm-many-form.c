/* SPDX-License-Identifier: EUPL-1.2 */

/* What is selected together.
 *
 * Invariant: the field is offered only while all that is selected is of one
 * kind and not deleted; one press is one batch, so one undo.
 * Main thread; read_job() on a reader. */

#include "config.h"

#include "alm-many-form.h"

#include "alm-field-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* One kind of what is selected. */
typedef struct
{
  char  *kind;
  guint  count;
} KindCount;

typedef struct
{
  GArray *kinds;      /* (element-type KindCount) */
  GArray *ids;        /* (element-type AlmId) of what is not deleted */
} Many;

struct _AlmManyForm
{
  GtkWidget     parent_instance;

  /* Owned */
  AlmWorkbench *workbench;
  GCancellable *cancellable;
  GCancellable *reading;
  Many         *many;
  AlmModel     *model;        /* of the one kind; NULL */
  AlmValue     *value;        /* what all are to get; NULL = empty */
  gboolean      has_value;

  /* Children */
  GtkWidget    *box;
  GtkLabel     *title_label;
  GtkLabel     *kinds_label;
  GtkWidget    *edit_box;
  GtkWidget    *choice;       /* NULL where no field is offered */
  GtkWidget    *row;
  GtkWidget    *apply_button;
  GtkWidget    *delete_button;
};

G_DEFINE_FINAL_TYPE (AlmManyForm, alm_many_form, GTK_TYPE_WIDGET)

static void
clear_kind_count (KindCount *count)
{
  g_free (count->kind);
}

static void
many_free (Many *many)
{
  g_array_unref (many->kinds);
  g_array_unref (many->ids);
  g_free (many);
}

static void
count_kind (GArray     *kinds,
            const char *kind)
{
  KindCount one = { NULL, 1 };

  for (guint i = 0; i < kinds->len; i++)
    {
      KindCount *count = &g_array_index (kinds, KindCount, i);

      if (g_str_equal (count->kind, kind))
        {
          count->count++;
          return;
        }
    }
  one.kind = g_strdup (kind);
  g_array_append_val (kinds, one);
}

/* @data: GArray of gint64 */
static gpointer
read_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  GArray *rids = data;
  Many *many = g_new0 (Many, 1);

  many->kinds = g_array_new (FALSE, FALSE, sizeof (KindCount));
  g_array_set_clear_func (many->kinds, (GDestroyNotify) clear_kind_count);
  many->ids = g_array_new (FALSE, FALSE, sizeof (AlmId));
  for (guint i = 0; i < rids->len; i++)
    {
      g_autoptr (GError) missing = NULL;
      g_autoptr (AlmRow) row = alm_desk_get_by_rid (desk, g_array_index (rids, gint64, i),
                                                    &missing);

      if (row == NULL)
        {
          /* Gone meanwhile: what is left counts. */
          if (g_error_matches (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
            continue;
          g_propagate_error (error, g_steal_pointer (&missing));
          many_free (many);
          return NULL;
        }
      if (row->deleted)
        continue;
      count_kind (many->kinds, row->kind);
      g_array_append_val (many->ids, row->id);
    }

  return many;
}

static char *
say_kinds (AlmManyForm *self)
{
  const char *language = alm_workbench_language ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->many->kinds->len; i++)
    {
      KindCount *count = &g_array_index (self->many->kinds, KindCount, i);
      g_autoptr (AlmModel) model = alm_records_get_model (
        alm_workbench_get_records (self->workbench), count->kind);
      const char *name = model == NULL      ? count->kind
                         : count->count == 1 ? alm_model_get_title (model, language)
                                             : alm_model_get_plural (model, language);

      g_string_append_printf (text, "%s%'u %s", i > 0 ? "\n" : "", count->count, name);
    }

  return g_string_free (text, FALSE);
}

static void
update_apply (AlmManyForm *self)
{
  gtk_widget_set_sensitive (self->apply_button, self->has_value);
}

static void
row_edited_cb (AlmManyForm *self,
               AlmValue    *value)
{
  g_clear_pointer (&self->value, alm_value_unref);
  self->value = value != NULL ? alm_value_ref (value) : NULL;
  self->has_value = TRUE;
  alm_field_row_set_value (ALM_FIELD_ROW (self->row), value);
  update_apply (self);
}

/* The fields that can be changed together; by position. */
static const AlmField *
nth_field (AlmManyForm *self,
           guint        position)
{
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);

      if (field->read_only || field->type == ALM_FIELD_GEOMETRY ||
          field->type == ALM_FIELD_OBJECT || field->role == ALM_ROLE_ID)
        continue;
      if (position-- == 0)
        return field;
    }

  return NULL;
}

static void
field_chosen_cb (AlmManyForm *self)
{
  const AlmField *field;

  field = nth_field (self, gtk_drop_down_get_selected (GTK_DROP_DOWN (self->choice)));
  if (self->row != NULL)
    gtk_box_remove (GTK_BOX (self->edit_box), self->row);
  self->row = NULL;
  self->has_value = FALSE;
  if (field != NULL)
    {
      self->row = alm_field_row_new (self->workbench, self->model, field);
      g_signal_connect_object (self->row, "edited", G_CALLBACK (row_edited_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_insert_child_after (GTK_BOX (self->edit_box), self->row, self->choice);
    }
  update_apply (self);
}

static void
offer_fields (AlmManyForm *self)
{
  GtkStringList *titles = gtk_string_list_new (NULL);
  const AlmField *field;

  for (guint i = 0; (field = nth_field (self, i)) != NULL; i++)
    gtk_string_list_append (titles, alm_field_get_title (field, alm_workbench_language ()));

  self->choice = gtk_drop_down_new (G_LIST_MODEL (titles), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Field to change"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (self->choice)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Field to change"), -1);
  gtk_box_insert_child_after (GTK_BOX (self->edit_box), self->choice,
                              gtk_widget_get_first_child (self->edit_box));
  g_signal_connect_object (self->choice, "notify::selected", G_CALLBACK (field_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  field_chosen_cb (self);
}

static void
show_many (AlmManyForm *self)
{
  AlmRecords *records = alm_workbench_get_records (self->workbench);
  g_autofree char *kinds = say_kinds (self);
  g_autofree char *title = NULL;
  guint n = self->many->ids->len;
  AlmModel *model = NULL;

  title = g_strdup_printf (ngettext ("%'u object selected", "%'u objects selected", n), n);
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->kinds_label, kinds);

  if (self->many->kinds->len == 1)
    model = alm_records_get_model (records,
                                   g_array_index (self->many->kinds, KindCount, 0).kind);
  if (model != self->model)
    {
      if (self->row != NULL)
        gtk_box_remove (GTK_BOX (self->edit_box), self->row);
      if (self->choice != NULL)
        gtk_box_remove (GTK_BOX (self->edit_box), self->choice);
      self->row = self->choice = NULL;
      g_clear_pointer (&self->model, alm_model_unref);
      if (model != NULL)
        {
          self->model = alm_model_ref (model);
          offer_fields (self);
        }
    }
  g_clear_pointer (&model, alm_model_unref);
  gtk_widget_set_visible (self->edit_box, self->model != NULL);
  gtk_widget_set_sensitive (self->delete_button, n > 0);
}

static void
read_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmManyForm) self = user_data;
  g_autoptr (GError) error = NULL;
  Many *many = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable) || many == NULL)
    {
      g_clear_pointer (&many, many_free);
      return;
    }
  g_clear_pointer (&self->many, many_free);
  self->many = many;
  show_many (self);
}

static void
changed_all_cb (GObject      *owner,
                GArray       *results,
                const GError *error,
                gpointer      user_data)
{
  AlmManyForm *self = ALM_MANY_FORM (owner);
  g_autofree char *what = user_data;

  if (error != NULL)
    alm_workbench_say_error (self->workbench, error);
  else
    alm_workbench_say (self->workbench, what, TRUE);
}

/* One edit for each record, @op; @set is held by each of them. */
static void
edit_all (AlmManyForm *self,
          AlmOp        op,
          AlmValue    *set,
          char        *what)
{
  g_autoptr (GArray) edits = NULL;

  edits = g_array_sized_new (FALSE, TRUE, sizeof (AlmEdit), self->many->ids->len);
  for (guint i = 0; i < self->many->ids->len; i++)
    {
      AlmEdit edit = { .op = op, .has_id = TRUE, .set = set };

      edit.id = g_array_index (self->many->ids, AlmId, i);
      g_array_append_val (edits, edit);
    }
  alm_workbench_edit (self->workbench, what, (const AlmEdit *) (gpointer) edits->data,
                      edits->len, G_OBJECT (self), changed_all_cb, what);
}

static void
apply_clicked_cb (AlmManyForm *self)
{
  const AlmField *field = alm_field_row_get_field (ALM_FIELD_ROW (self->row));
  g_autoptr (AlmValue) set = NULL;
  char *what;

  if (!self->has_value || self->many->ids->len == 0)
    return;

  set = alm_value_new_object ();
  alm_value_set (set, field->name,
                 self->value != NULL ? alm_value_ref (self->value) : alm_value_new_null ());
  what = g_strdup_printf (ngettext ("%s changed in %'u object", "%s changed in %'u objects",
                                    self->many->ids->len),
                          alm_field_get_title (field, alm_workbench_language ()),
                          self->many->ids->len);
  edit_all (self, ALM_OP_UPD, set, what);
}

static void
delete_clicked_cb (AlmManyForm *self)
{
  char *what;

  if (self->many == NULL || self->many->ids->len == 0)
    return;
  what = g_strdup_printf (ngettext ("%'u object deleted", "%'u objects deleted",
                                    self->many->ids->len), self->many->ids->len);
  edit_all (self, ALM_OP_DEL, NULL, what);
}

static void
build (AlmManyForm *self)
{
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *kinds = gtk_label_new (NULL);
  GtkWidget *heading = gtk_label_new (_("Change one field in all"));

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  g_object_set (self->box, "margin-top", 18, "margin-bottom", 18, "margin-start", 18,
                "margin-end", 18, NULL);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->title_label = GTK_LABEL (title);
  gtk_label_set_xalign (self->title_label, 0);
  gtk_label_set_wrap (self->title_label, TRUE);
  gtk_widget_add_css_class (title, "title-3");
  gtk_box_append (GTK_BOX (self->box), title);
  self->kinds_label = GTK_LABEL (kinds);
  gtk_label_set_xalign (self->kinds_label, 0);
  gtk_widget_add_css_class (kinds, "dim-label");
  gtk_box_append (GTK_BOX (self->box), kinds);

  self->edit_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (self->edit_box), heading);
  self->apply_button = gtk_button_new_with_label (_("Change in all"));
  gtk_widget_add_css_class (self->apply_button, "suggested-action");
  gtk_widget_set_margin_top (self->apply_button, 4);
  g_signal_connect_swapped (self->apply_button, "clicked", G_CALLBACK (apply_clicked_cb), self);
  gtk_box_append (GTK_BOX (self->edit_box), self->apply_button);
  gtk_widget_set_visible (self->edit_box, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->edit_box);

  self->delete_button = gtk_button_new_with_label (_("Delete all that are selected"));
  g_signal_connect_swapped (self->delete_button, "clicked", G_CALLBACK (delete_clicked_cb), self);
  gtk_box_append (GTK_BOX (self->box), self->delete_button);
}

static void
alm_many_form_dispose (GObject *object)
{
  AlmManyForm *self = ALM_MANY_FORM (object);

  g_cancellable_cancel (self->cancellable);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_many_form_parent_class)->dispose (object);
}

static void
alm_many_form_finalize (GObject *object)
{
  AlmManyForm *self = ALM_MANY_FORM (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->many, many_free);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_pointer (&self->value, alm_value_unref);

  G_OBJECT_CLASS (alm_many_form_parent_class)->finalize (object);
}

static void
alm_many_form_class_init (AlmManyFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_many_form_dispose;
  object_class->finalize = alm_many_form_finalize;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
alm_many_form_init (AlmManyForm *self)
{
  self->cancellable = g_cancellable_new ();
  build (self);
}

GtkWidget *
alm_many_form_new (AlmWorkbench *workbench)
{
  AlmManyForm *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_MANY_FORM, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}

void
alm_many_form_read (AlmManyForm *self)
{
  AlmSelection *selection;
  const gint64 *selected;
  guint n_selected;
  GArray *rids;

  g_return_if_fail (ALM_IS_MANY_FORM (self));

  selection = alm_workbench_get_selection (self->workbench);
  selected = alm_selection_get_rids (selection, &n_selected);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();

  rids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_selected);
  if (n_selected > 0)
    g_array_append_vals (rids, selected, n_selected);
  alm_records_read_async (alm_workbench_get_records (self->workbench), read_job, rids,
                          (GDestroyNotify) g_array_unref, (GDestroyNotify) many_free,
                          self->reading, read_ready_cb, g_object_ref (self));
}
