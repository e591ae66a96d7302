/* SPDX-License-Identifier: EUPL-1.2 */

/* The card of one open question.  What differs is said by words and by place,
 * never by colour alone.
 * Main thread. */

#include "config.h"

#include "alm-conflict-card.h"

#include "alm-field-text.h"

#include <glib/gi18n.h>

struct _AlmConflictCard
{
  GtkWidget     parent_instance;

  /* Owned */
  AlmWorkbench *workbench;
  AlmConflict  *conflict;
  AlmModel     *model;      /* nullable */

  /* Children */
  GtkWidget    *box;
  GtkWidget    *theirs_button;
  GtkWidget    *mine_button;
};

enum {
  DECIDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmConflictCard, alm_conflict_card, GTK_TYPE_WIDGET)

static const AlmField *
get_field (AlmConflictCard *self)
{
  return self->model != NULL ? alm_model_find_field (self->model, self->conflict->field) : NULL;
}

/* A value in words; a group's as "Title: value" lines. */
static char *
show_value (AlmConflictCard *self,
            const AlmValue  *value)
{
  const AlmField *field = get_field (self);
  const char *language = alm_workbench_language ();
  const char *unit = field != NULL ? alm_field_text_unit (field) : "";
  g_autofree char *text = NULL;

  if (value == NULL || alm_value_is (value, ALM_VALUE_NULL))
    return g_strdup (_("(empty)"));
  if (field != NULL && field->type == ALM_FIELD_GEOMETRY)
    return g_strdup (_("another place"));
  if (field != NULL)
    {
      text = alm_field_text_show (field, value, language);
      return *unit != '\0' ? g_strdup_printf ("%s %s", text, unit) : g_steal_pointer (&text);
    }
  if (alm_value_is (value, ALM_VALUE_OBJECT) && self->model != NULL)
    {
      GString *lines = g_string_new (NULL);

      for (guint i = 0; i < alm_value_get_size (value); i++)
        {
          const char *key = alm_value_get_key (value, i);
          const AlmField *part = alm_model_find_field (self->model, key);
          g_autofree char *shown = NULL;

          if (part == NULL)
            continue;
          shown = alm_field_text_show (part, alm_value_get (value, key), language);
          g_string_append_printf (lines, "%s%s: %s", lines->len > 0 ? "\n" : "",
                                  alm_field_get_title (part, language), shown);
        }
      return g_string_free (lines, FALSE);
    }

  return alm_value_to_text (value);
}

static char *
show_who (const char *user,
          const char *at)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_iso8601 (at, NULL);
  g_autoptr (GDateTime) local = moment != NULL ? g_date_time_to_local (moment) : NULL;
  g_autofree char *when = NULL;

  if (local != NULL)
    when = g_date_time_format (local, C_("date", "%d.%m.%Y %H:%M"));
  if (*user != '\0' && when != NULL)
    return g_strdup_printf ("%s, %s", user, when);

  return g_strdup (when != NULL ? when : user);
}

static void
add_line (AlmConflictCard *self,
          GtkWidget       *grid,
          int              line,
          const char      *title,
          const AlmValue  *value,
          const char      *who)
{
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *place = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *text = show_value (self, value);
  GtkWidget *shown = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_valign (name, GTK_ALIGN_START);
  gtk_widget_add_css_class (name, "dim-label");
  gtk_grid_attach (GTK_GRID (grid), name, 0, line, 1, 1);

  gtk_label_set_xalign (GTK_LABEL (shown), 0);
  gtk_label_set_wrap (GTK_LABEL (shown), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (shown), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (shown, line < 2 ? "heading" : "body");
  gtk_box_append (GTK_BOX (place), shown);
  if (who != NULL && *who != '\0')
    {
      GtkWidget *by = gtk_label_new (who);

      gtk_label_set_xalign (GTK_LABEL (by), 0);
      gtk_label_set_wrap (GTK_LABEL (by), TRUE);
      gtk_widget_add_css_class (by, "caption");
      gtk_widget_add_css_class (by, "dim-label");
      gtk_box_append (GTK_BOX (place), by);
    }
  gtk_widget_set_hexpand (place, TRUE);
  gtk_grid_attach (GTK_GRID (grid), place, 1, line, 1, 1);
}

static const char *
get_question (AlmConflictCard *self)
{
  const char *why = self->conflict->why;

  if (g_str_equal (why, "deleted"))
    return _("You changed what somebody else has deleted.");
  if (g_str_equal (why, "edited"))
    return _("You deleted what somebody else has changed.");
  if (g_str_equal (why, "invalid"))
    return _("Together the two changes break a rule of this kind.");
  if (g_str_equal (why, "duplicate"))
    return _("Another record has the same number.");

  return _("Two people have changed this field without knowing of each other.");
}

static void
decided_cb (GObject      *owner,
            GArray       *results,
            const GError *error,
            gpointer      user_data)
{
  AlmConflictCard *self = ALM_CONFLICT_CARD (owner);

  if (error != NULL)
    {
      alm_workbench_say_error (self->workbench, error);
      gtk_widget_set_sensitive (self->theirs_button, TRUE);
      gtk_widget_set_sensitive (self->mine_button, TRUE);
      return;
    }
  g_signal_emit (self, signals[DECIDED], 0);
}

static void
decide (AlmConflictCard *self,
        gboolean         take_mine)
{
  AlmEdit edit;

  alm_conflict_make_edit (self->conflict, take_mine, &edit);
  gtk_widget_set_sensitive (self->theirs_button, FALSE);
  gtk_widget_set_sensitive (self->mine_button, FALSE);
  alm_workbench_edit (self->workbench, _("Conflict decided"), &edit, 1, G_OBJECT (self),
                      decided_cb, NULL);
  alm_value_unref (edit.set);
}

static void
theirs_clicked_cb (AlmConflictCard *self)
{
  decide (self, FALSE);
}

static void
mine_clicked_cb (AlmConflictCard *self)
{
  decide (self, TRUE);
}

static void
add_buttons (AlmConflictCard *self)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->theirs_button = gtk_button_new_with_label (_("Leave what stands"));
  self->mine_button = gtk_button_new_with_label (_("Take my value"));
  g_signal_connect_swapped (self->theirs_button, "clicked", G_CALLBACK (theirs_clicked_cb), self);
  g_signal_connect_swapped (self->mine_button, "clicked", G_CALLBACK (mine_clicked_cb), self);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  gtk_widget_set_hexpand (self->theirs_button, TRUE);
  gtk_box_append (GTK_BOX (buttons), self->theirs_button);
  gtk_box_append (GTK_BOX (buttons), self->mine_button);
  gtk_box_append (GTK_BOX (self->box), buttons);
}

static void
fill (AlmConflictCard *self)
{
  const AlmConflict *conflict = self->conflict;
  const AlmField *field = get_field (self);
  const char *title = field != NULL ? alm_field_get_title (field, alm_workbench_language ())
                      : *conflict->field != '\0' ? conflict->field : _("The whole record");
  GtkWidget *heading = gtk_label_new (title);
  GtkWidget *question = gtk_label_new (get_question (self));
  GtkWidget *grid = gtk_grid_new ();
  g_autofree char *theirs_who = show_who (conflict->theirs_user, conflict->theirs_at);
  g_autofree char *mine_who = show_who (conflict->mine_user, conflict->mine_at);

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (self->box), heading);
  gtk_label_set_xalign (GTK_LABEL (question), 0);
  gtk_label_set_wrap (GTK_LABEL (question), TRUE);
  gtk_box_append (GTK_BOX (self->box), question);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 16);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 8);
  add_line (self, grid, 0, _("Stands now"), conflict->theirs, theirs_who);
  add_line (self, grid, 1, _("Your value"), conflict->mine, mine_who);
  add_line (self, grid, 2, _("Before"), conflict->base, NULL);
  gtk_box_append (GTK_BOX (self->box), grid);
  add_buttons (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

static AlmConflict *
copy_conflict (const AlmConflict *conflict)
{
  AlmConflict *copy = g_new0 (AlmConflict, 1);

  *copy = *conflict;
  copy->kind = g_strdup (conflict->kind);
  copy->label = g_strdup (conflict->label);
  copy->field = g_strdup (conflict->field);
  copy->why = g_strdup (conflict->why);
  copy->base = conflict->base != NULL ? alm_value_ref (conflict->base) : NULL;
  copy->theirs = conflict->theirs != NULL ? alm_value_ref (conflict->theirs) : NULL;
  copy->mine = conflict->mine != NULL ? alm_value_ref (conflict->mine) : NULL;
  copy->theirs_user = g_strdup (conflict->theirs_user);
  copy->theirs_at = g_strdup (conflict->theirs_at);
  copy->mine_user = g_strdup (conflict->mine_user);
  copy->mine_at = g_strdup (conflict->mine_at);

  return copy;
}

static void
alm_conflict_card_dispose (GObject *object)
{
  AlmConflictCard *self = ALM_CONFLICT_CARD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_conflict_card_parent_class)->dispose (object);
}

static void
alm_conflict_card_finalize (GObject *object)
{
  AlmConflictCard *self = ALM_CONFLICT_CARD (object);

  g_clear_object (&self->workbench);
  g_clear_pointer (&self->conflict, alm_conflict_free);
  g_clear_pointer (&self->model, alm_model_unref);

  G_OBJECT_CLASS (alm_conflict_card_parent_class)->finalize (object);
}

static void
alm_conflict_card_class_init (AlmConflictCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_conflict_card_dispose;
  object_class->finalize = alm_conflict_card_finalize;

  signals[DECIDED] =
    g_signal_new ("decided", ALM_TYPE_CONFLICT_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
alm_conflict_card_init (AlmConflictCard *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
alm_conflict_card_new (AlmWorkbench      *workbench,
                       const AlmConflict *conflict)
{
  AlmConflictCard *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);
  g_return_val_if_fail (conflict != NULL, NULL);

  self = g_object_new (ALM_TYPE_CONFLICT_CARD, NULL);
  self->workbench = g_object_ref (workbench);
  self->conflict = copy_conflict (conflict);
  self->model = alm_records_get_model (alm_workbench_get_records (workbench), conflict->kind);
  fill (self);

  return GTK_WIDGET (self);
}
