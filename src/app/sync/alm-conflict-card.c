/* SPDX-License-Identifier: EUPL-1.2 */

/* The card of one open question: what stands and what is proposed side by side.
 * What differs is said by words and by place, never by colour alone.
 * Main thread; resolve_job() on the writer. */

#include "config.h"

#include "alm-conflict-card.h"

#include "alm-change-text.h"
#include "alm-conflict-editor.h"
#include "alm-desk-resolve.h"
#include "alm-field-text.h"
#include "alm-moment-text.h"
#include "alm-shape-pair.h"
#include "alm-text-label.h"

#include <glib/gi18n.h>
#include <string.h>

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
  GtkWidget    *mine_button;      /* NULL where there is one answer only */
  GtkWidget    *edit_button;      /* NULL where nothing can be typed, as the next two */
  GtkWidget    *editor;
  GtkWidget    *editor_box;
};

enum {
  DECIDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmConflictCard, alm_conflict_card, GTK_TYPE_WIDGET)

/* The words for a reason.  theirs and mine: in place of a value, where the question
 * is not about one. */
typedef struct
{
  const char *why;
  const char *question;
  const char *theirs;
  const char *mine;
  const char *take_theirs;
  const char *take_mine;      /* NULL: there is one answer only */
} Words;

static const Words words[] = {
  { "value", N_("Two people have changed this field without knowing of each other."), NULL, NULL,
    N_("Leave what stands"), N_("Take my value") },
  { "deleted", N_("You have changed an object that somebody else had deleted. With your change it "
                  "is back."), N_("Deleted"), N_("Changed"),
    N_("Delete it again"), N_("Keep it with my change") },
  { "edited", N_("You have deleted an object that somebody else had changed meanwhile. That is why "
                 "it is still here."), N_("Changed"), N_("Deleted"),
    N_("Keep it"), N_("Delete it all the same") },
  { "invalid", N_("Together the two changes break a rule of this kind."), NULL, NULL,
    N_("Leave what stands"), N_("Take my value") },
  { "duplicate", N_("Another object has the same value here, which should be there only once. "
                    "Correct it in one of the two, or leave both as they are."), NULL, NULL,
    N_("Leave both"), NULL },
};

static const Words *
find_words (const AlmConflict *conflict)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].why, conflict->why) == 0)
      return &words[i];

  return &words[0];
}

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
  g_autofree char *when = alm_moment_text_show (at);

  return *user != '\0' && *when != '\0' ? g_strdup_printf ("%s, %s", user, when)
                                        : g_strdup (*user != '\0' ? user : when);
}

/* One of the two sides: whose it is, what it says, who and when. */
static GtkWidget *
side_new (const char *title,
          const char *text,
          const char *user,
          const char *at)
{
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *who = show_who (user, at);

  gtk_widget_set_hexpand (side, TRUE);
  gtk_box_append (GTK_BOX (side), alm_text_label_new (title, "field-title"));
  gtk_box_append (GTK_BOX (side), alm_text_label_new (text, "heading"));
  if (*who != '\0')
    gtk_box_append (GTK_BOX (side), alm_text_label_new (who, "field-hint"));

  return side;
}

/* What was done to the record, where the question is about the whole of it. */
static char *
show_mine (AlmConflictCard *self,
           const Words     *said)
{
  const AlmStoredCommand *stored = self->conflict->mine_command;

  if (said->mine == NULL)
    return show_value (self, self->conflict->mine);
  if (stored != NULL && stored->command->op == ALM_OP_UPD)
    return alm_change_text_say (self->model, stored->command, alm_workbench_language ());

  return g_strdup (_(said->mine));
}

static void
add_sides (AlmConflictCard *self,
           const Words     *said)
{
  const AlmConflict *conflict = self->conflict;
  GtkWidget *sides = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  g_autofree char *theirs = said->theirs != NULL ? g_strdup (_(said->theirs))
                                                 : show_value (self, conflict->theirs);
  g_autofree char *mine = show_mine (self, said);

  gtk_box_set_homogeneous (GTK_BOX (sides), TRUE);
  if (said->take_mine != NULL)
    gtk_box_append (GTK_BOX (sides), side_new (said->theirs != NULL ? _("The others")
                                                                    : _("Stands now"),
                                               theirs, conflict->theirs_user,
                                               conflict->theirs_at));
  gtk_box_append (GTK_BOX (sides), side_new (said->mine != NULL ? _("You") : _("Your value"),
                                             mine, conflict->mine_user, conflict->mine_at));
  gtk_box_append (GTK_BOX (self->box), sides);
}

/* Two places: as outlines over each other, and how they lie in words. */
static gboolean
add_places (AlmConflictCard *self)
{
  const AlmField *field = get_field (self);
  g_autofree char *text = NULL;
  g_autofree char *sentence = NULL;

  if (field == NULL || field->type != ALM_FIELD_GEOMETRY)
    return FALSE;

  text = alm_shape_pair_say (self->conflict->theirs, self->conflict->mine);
  /* Translators: %s is how it lies to what stands: "12 m further north" */
  sentence = g_strdup_printf (_("Full line: what stands. Broken line: your place, %s."), text);
  gtk_box_append (GTK_BOX (self->box), alm_shape_pair_new (self->conflict->theirs,
                                                           self->conflict->mine));
  gtk_box_append (GTK_BOX (self->box), alm_text_label_new (sentence, "field-hint"));

  return TRUE;
}

static void
add_before (AlmConflictCard *self)
{
  g_autofree char *value = show_value (self, self->conflict->base);
  /* Translators: the value that a field had before two people changed it. */
  g_autofree char *text = g_strdup_printf (_("Before: %s"), value);

  gtk_box_append (GTK_BOX (self->box), alm_text_label_new (text, "field-hint"));
}

/* Deciding. */

typedef struct
{
  AlmId     conflict;
  AlmTake   take;
  AlmValue *value;      /* nullable */
  char     *batch;
} Decision;

static void
decision_free (Decision *decision)
{
  g_clear_pointer (&decision->value, alm_value_unref);
  g_free (decision->batch);
  g_free (decision);
}

/* @data: Decision */
static gpointer
resolve_job (AlmDesk   *desk,
             gpointer   data,
             GError   **error)
{
  const Decision *decision = data;
  AlmEditResult result;

  if (!alm_desk_resolve (desk, &decision->conflict, decision->take, decision->value,
                         decision->batch, &result, error))
    return NULL;

  return g_strdup (decision->batch);
}

static void
set_deciding (AlmConflictCard *self,
              gboolean         deciding)
{
  gtk_widget_set_sensitive (self->theirs_button, !deciding);
  if (self->mine_button != NULL)
    gtk_widget_set_sensitive (self->mine_button, !deciding);
  if (self->edit_button != NULL)
    {
      gtk_widget_set_sensitive (self->edit_button, !deciding);
      gtk_widget_set_sensitive (self->editor_box, !deciding);
    }
}

static void
resolved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AlmConflictCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *batch = alm_records_write_finish (ALM_RECORDS (source), result, &error);

  if (batch != NULL)
    {
      alm_workbench_note_batch (self->workbench, _("Conflict decided"), batch);
      g_signal_emit (self, signals[DECIDED], 0);
      return;
    }
  alm_workbench_say_error (self->workbench, error);
  if (self->box != NULL)
    set_deciding (self, FALSE);
}

/* @value: (transfer full) (nullable) */
static void
decide (AlmConflictCard *self,
        AlmTake          take,
        AlmValue        *value)
{
  Decision *decision = g_new0 (Decision, 1);

  decision->conflict = self->conflict->id;
  decision->take = take;
  decision->value = value;
  decision->batch = g_uuid_string_random ();
  set_deciding (self, TRUE);
  alm_records_write_async (alm_workbench_get_records (self->workbench), resolve_job, decision,
                           (GDestroyNotify) decision_free, g_free, resolved_cb,
                           g_object_ref (self));
}

static void
theirs_clicked_cb (AlmConflictCard *self)
{
  decide (self, ALM_TAKE_THEIRS, NULL);
}

static void
mine_clicked_cb (AlmConflictCard *self)
{
  decide (self, ALM_TAKE_MINE, NULL);
}

static void
edit_clicked_cb (AlmConflictCard *self)
{
  gtk_widget_set_visible (self->editor_box, TRUE);
  gtk_widget_child_focus (self->editor, GTK_DIR_TAB_FORWARD);
}

static void
save_clicked_cb (AlmConflictCard *self)
{
  AlmValue *value = alm_conflict_editor_take (ALM_CONFLICT_EDITOR (self->editor));

  if (value != NULL)
    decide (self, ALM_TAKE_VALUE, value);
}

/* A long answer wraps. */
static GtkWidget *
answer_new (const char *title)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), label);
  /* A button without a label of its own has no name. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_hexpand (button, TRUE);

  return button;
}

static void
add_answers (AlmConflictCard *self,
             const Words     *said)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);

  self->theirs_button = answer_new (_(said->take_theirs));
  g_signal_connect_swapped (self->theirs_button, "clicked", G_CALLBACK (theirs_clicked_cb), self);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  gtk_box_append (GTK_BOX (buttons), self->theirs_button);
  if (said->take_mine != NULL)
    {
      self->mine_button = answer_new (_(said->take_mine));
      g_signal_connect_swapped (self->mine_button, "clicked", G_CALLBACK (mine_clicked_cb), self);
      gtk_box_append (GTK_BOX (buttons), self->mine_button);
    }
  gtk_box_append (GTK_BOX (self->box), buttons);
}

/* The third way: a value made of both. */
static void
add_editor (AlmConflictCard *self)
{
  GtkWidget *save;

  self->editor = alm_conflict_editor_new (self->workbench, self->model, self->conflict);
  if (self->editor == NULL)
    return;

  self->edit_button = answer_new (_("Edit …"));
  g_signal_connect_swapped (self->edit_button, "clicked", G_CALLBACK (edit_clicked_cb), self);
  gtk_widget_set_halign (self->edit_button, GTK_ALIGN_START);
  gtk_widget_set_hexpand (self->edit_button, FALSE);
  save = answer_new (_("Save this value"));
  gtk_widget_add_css_class (save, "suggested-action");
  gtk_widget_set_halign (save, GTK_ALIGN_START);
  g_signal_connect_swapped (save, "clicked", G_CALLBACK (save_clicked_cb), self);
  self->editor_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (GTK_BOX (self->editor_box), self->editor);
  gtk_box_append (GTK_BOX (self->editor_box), save);
  gtk_widget_set_visible (self->editor_box, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->edit_button);
  gtk_box_append (GTK_BOX (self->box), self->editor_box);
}

/* What the question is about; a group of fields by the titles of its members. */
static char *
make_title (AlmConflictCard *self)
{
  const AlmConflict *conflict = self->conflict;
  const char *language = alm_workbench_language ();
  const AlmField *field = get_field (self);
  GString *titles;

  if (field != NULL)
    return g_strdup (alm_field_get_title (field, language));
  if (*conflict->field == '\0')
    return g_strdup (_("The whole object"));

  titles = g_string_new (NULL);
  for (guint i = 0; self->model != NULL && i < alm_model_get_n_fields (self->model); i++)
    {
      field = alm_model_get_field (self->model, i);
      if (g_strcmp0 (field->group, conflict->field) == 0)
        g_string_append_printf (titles, "%s%s", titles->len > 0 ? ", " : "",
                                alm_field_get_title (field, language));
    }
  if (titles->len == 0)
    g_string_append (titles, conflict->field);

  return g_string_free (titles, FALSE);
}

static void
fill (AlmConflictCard *self)
{
  const Words *said = find_words (self->conflict);
  g_autofree char *title = make_title (self);

  gtk_box_append (GTK_BOX (self->box), alm_text_label_new (title, "heading"));
  gtk_box_append (GTK_BOX (self->box), alm_text_label_new (_(said->question), NULL));
  add_sides (self, said);
  if (said->mine == NULL && said->take_mine != NULL && !add_places (self))
    add_before (self);
  add_answers (self, said);
  if (said->mine == NULL && said->take_mine != NULL)
    add_editor (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
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
  g_clear_pointer (&self->conflict, alm_conflict_unref);
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
alm_conflict_card_new (AlmWorkbench *workbench,
                       AlmConflict  *conflict)
{
  AlmConflictCard *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);
  g_return_val_if_fail (conflict != NULL, NULL);

  self = g_object_new (ALM_TYPE_CONFLICT_CARD, NULL);
  self->workbench = g_object_ref (workbench);
  self->conflict = alm_conflict_ref (conflict);
  self->model = alm_records_get_model (alm_workbench_get_records (workbench), conflict->kind);
  fill (self);

  return GTK_WIDGET (self);
}
