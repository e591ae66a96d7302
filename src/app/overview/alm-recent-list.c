/* SPDX-License-Identifier: EUPL-1.2 */

/* What has changed since yesterday: who, what, and the way there.
 *
 * Invariant: told has, for the records of others that are shown, what the server
 * has said of their newest version, so that it is asked once for each.
 * Main thread. */

#include "config.h"

#include "alm-recent-list.h"

#include "alm-change-text.h"
#include "alm-moment-text.h"
#include "alm-sync-history.h"
#include "alm-wire-history.h"

#include <glib/gi18n.h>
#include <string.h>

struct _AlmRecentList
{
  AdwBin                parent_instance;

  /* Owned */
  AlmWorkbench         *workbench;
  GCancellable         *cancellable;
  GHashTable           *told;      /* "id version" → what the server says of it */
  GPtrArray            *rows;      /* borrowed from the widget tree */

  /* Owned by the widget tree */
  AdwPreferencesGroup  *group;
  GtkWidget            *none_row;
};

G_DEFINE_FINAL_TYPE (AlmRecentList, alm_recent_list, ADW_TYPE_BIN)

/* One question to the server. */
typedef struct
{
  AlmRecentList *self;
  char          *key;
  char          *kind;
} Question;

static char *
make_key (const AlmRow *row)
{
  g_autofree char *id = alm_id_to_text (&row->id);

  return g_strdup_printf ("%s %" G_GINT64_FORMAT, id, row->ver);
}

/* Translators: who, what he did, when: "anna · Height: 12 m → 14 m · 25.11.2026 08:12" */
static char *
make_sentence (AlmModel         *model,
               const char       *who,
               const AlmCommand *command)
{
  g_autofree char *what = alm_change_text_say (model, command, alm_workbench_language ());
  g_autofree char *when = alm_moment_text_show (command->at);
  char *line_end = strchr (what, '\n');

  /* The first field speaks for all. */
  if (line_end != NULL)
    {
      *line_end = '\0';
      return g_strdup_printf (_("%s · %s, … · %s"), who, what, when);
    }

  return g_strdup_printf (_("%s · %s · %s"), who, what, when);
}

static AlmModel *
get_model (AlmRecentList *self,
           const char    *kind)
{
  return alm_records_get_model (alm_workbench_get_records (self->workbench), kind);
}

/* Asking the server. */

static void
show_told (AlmRecentList *self,
           const char    *key)
{
  const char *text = g_hash_table_lookup (self->told, key);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "key"), key) == 0)
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
    }
}

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr (AlmRecentList) self = question->self;
  g_autofree char *key = question->key;
  g_autofree char *kind = question->kind;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (AlmModel) model = NULL;
  const AlmHistoryEntry *newest;

  g_free (question);
  changes = alm_sync_driver_history_finish (ALM_SYNC_DRIVER (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (changes == NULL || changes->len == 0)
    {
      /* Not reached: another time. */
      g_hash_table_remove (self->told, key);
      return;
    }

  newest = g_ptr_array_index (changes, changes->len - 1);
  model = get_model (self, kind);
  g_hash_table_insert (self->told, g_strdup (key),
                       make_sentence (model, newest->user, newest->command));
  show_told (self, key);
}

/* What is known of the change; asks for it where nothing is. */
static const char *
find_told (AlmRecentList *self,
           const AlmRow  *row)
{
  g_autofree char *key = make_key (row);
  const char *text = g_hash_table_lookup (self->told, key);
  Question *question;

  if (g_hash_table_contains (self->told, key))
    return text;

  g_hash_table_insert (self->told, g_strdup (key), g_strdup (_("Changed by others")));
  question = g_new0 (Question, 1);
  question->self = g_object_ref (self);
  question->key = g_steal_pointer (&key);
  question->kind = g_strdup (row->kind);
  alm_sync_driver_history_async (alm_workbench_get_sync (self->workbench), &row->id,
                                 self->cancellable, told_cb, question);

  return _("Changed by others");
}

/* Showing. */

static void
activated_cb (AlmRecentList *self,
              GtkWidget     *row)
{
  gint64 *rid = g_object_get_data (G_OBJECT (row), "rid");
  gboolean has_place = g_object_get_data (G_OBJECT (row), "has-place") != NULL;

  alm_workbench_open_record (self->workbench, *rid, has_place);
}

static char *
make_title (AlmModel        *model,
            const AlmRecent *recent)
{
  g_autofree char *label = model != NULL ? alm_model_format_label (model, recent->row->fields)
                                         : NULL;
  const char *name = label != NULL && *label != '\0'
                     ? label : model != NULL
                       ? alm_model_get_title (model, alm_workbench_language ())
                       : recent->row->kind;

  if (recent->n <= 1)
    return g_strdup (name);

  /* Translators: the name of an object; how many more were changed with it. */
  return g_strdup_printf (ngettext ("%s and %'u more", "%s and %'u more", recent->n - 1), name,
                          recent->n - 1);
}

static gboolean
has_place (AlmModel     *model,
           const AlmRow *row)
{
  const AlmField *field = model != NULL ? alm_model_find_role (model, ALM_ROLE_GEOMETRY) : NULL;

  return field != NULL && !row->deleted && alm_value_get (row->fields, field->name) != NULL;
}

static void
import_activated_cb (AlmRecentList *self,
                     GtkWidget     *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-kind", "s",
                              g_object_get_data (G_OBJECT (row), "kind"));
}

static void
append_row (AlmRecentList *self,
            GtkWidget     *row,
            const char    *title,
            const char    *detail)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

/* What was imported, from which file, and the way to the table of that kind. */
static void
add_import (AlmRecentList   *self,
            const AlmRecent *recent)
{
  const AlmValue *fields = recent->row->fields;
  const AlmValue *result = alm_value_get (fields, "result");
  const char *kind = alm_value_get_text_of (fields, "kind");
  g_autoptr (AlmModel) model = kind != NULL ? get_model (self, kind) : NULL;
  gint64 n = alm_value_get_integer_of (result, "new", 0)
             + alm_value_get_integer_of (result, "changed", 0);
  g_autofree char *when = alm_moment_text_show (recent->command->command->at);
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  GtkWidget *row;

  if (model == NULL)
    return;

  row = adw_action_row_new ();
  title = g_strdup_printf ("%'" G_GINT64_FORMAT " %s", n,
                           n == 1 ? alm_model_get_title (model, alm_workbench_language ())
                                  : alm_model_get_plural (model, alm_workbench_language ()));
  /* Translators: who, the name of a file, when. */
  detail = g_strdup_printf (_("%s · Imported from %s · %s"), _("You"),
                            alm_value_get_text_of (fields, "file"), when);
  g_object_set_data_full (G_OBJECT (row), "kind", g_strdup (kind), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (import_activated_cb), self,
                           G_CONNECT_SWAPPED);
  append_row (self, row, title, detail);
}

static void
add_row (AlmRecentList   *self,
         const AlmRecent *recent)
{
  g_autoptr (AlmModel) model = get_model (self, recent->row->kind);
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = make_title (model, recent);
  g_autofree char *own = NULL;
  const char *detail;

  if (recent->command != NULL)
    detail = own = make_sentence (model, _("You"), recent->command->command);
  else
    detail = find_told (self, recent->row);

  g_object_set_data_full (G_OBJECT (row), "rid",
                          g_memdup2 (&recent->row->rid, sizeof recent->row->rid), g_free);
  g_object_set_data_full (G_OBJECT (row), "key", make_key (recent->row), g_free);
  if (has_place (model, recent->row))
    g_object_set_data (G_OBJECT (row), "has-place", row);
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  append_row (self, row, title, detail);
}

void
alm_recent_list_show (AlmRecentList    *self,
                      const AlmRecents *recents)
{
  g_return_if_fail (ALM_IS_RECENT_LIST (self));
  g_return_if_fail (recents != NULL);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < recents->others->len; i++)
    add_row (self, g_ptr_array_index (recents->others, i));
  for (guint i = 0; i < recents->own->len; i++)
    {
      const AlmRecent *recent = g_ptr_array_index (recents->own, i);

      if (g_str_equal (recent->row->kind, "import"))
        add_import (self, recent);
      else
        add_row (self, recent);
    }
  gtk_widget_set_visible (self->none_row, self->rows->len == 0);
}

static void
alm_recent_list_dispose (GObject *object)
{
  AlmRecentList *self = ALM_RECENT_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_ptr_array_set_size (self->rows, 0);

  G_OBJECT_CLASS (alm_recent_list_parent_class)->dispose (object);
}

static void
alm_recent_list_finalize (GObject *object)
{
  AlmRecentList *self = ALM_RECENT_LIST (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->told, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_recent_list_parent_class)->finalize (object);
}

static void
alm_recent_list_class_init (AlmRecentListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_recent_list_dispose;
  object_class->finalize = alm_recent_list_finalize;
}

static void
alm_recent_list_init (AlmRecentList *self)
{
  self->cancellable = g_cancellable_new ();
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rows = g_ptr_array_new ();
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->group, _("Changed since yesterday"));
  self->none_row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->none_row),
                                 _("Nothing has changed since yesterday"));
  gtk_widget_set_focusable (self->none_row, FALSE);
  adw_preferences_group_add (self->group, self->none_row);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->group));
}

GtkWidget *
alm_recent_list_new (AlmWorkbench *workbench)
{
  AlmRecentList *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_RECENT_LIST, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}
