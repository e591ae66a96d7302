/* SPDX-License-Identifier: EUPL-1.2 */

/* The second step of the import assistant: what says where the rows lie, in which
 * reference system, and a map of where that puts them.  Main thread. */

#include "config.h"

#include "alm-import-choices.h"
#include "alm-import-steps-private.h"

#include <glib/gi18n.h>
#include <math.h>

static AlmImportPlaces *
get_places (AlmImportAssistant *self)
{
  return self->work != NULL ? alm_import_get_places (alm_import_work_get_import (self->work))
                            : NULL;
}

/* The systems in which the first way can be read, its own first; borrowed. */
static GPtrArray *
list_systems (AlmImportPlaces *places)
{
  GPtrArray *systems = g_ptr_array_new ();
  const AlmImportPlaceGuess *first;

  if (places == NULL || alm_import_places_get_n (places) == 0)
    return systems;

  first = alm_import_places_get (places, 0);
  g_ptr_array_add (systems, (gpointer) first);
  for (guint i = 0; i < alm_import_places_get_n_others (places); i++)
    {
      const AlmImportPlaceGuess *other = alm_import_places_get_other (places, i);

      if (alm_import_place_guess_is_alike (first, other))
        g_ptr_array_add (systems, (gpointer) other);
    }

  return systems;
}

/* Whether the list begins with "Please choose". */
static gboolean
is_asked (AlmImportAssistant *self,
          GPtrArray          *systems)
{
  return self->question != NULL || systems->len == 0;
}

/* @guess: nullable: only the system is said.  @crs: nullable: as the file says, or guessed */
static void
say_place (AlmImportAssistant        *self,
           const AlmImportPlaceGuess *guess,
           const char                *crs,
           GtkWidget                 *asker)
{
  AlmImportMapping *mapping = alm_import_steps_get_mapping (self);
  GPtrArray *names = alm_import_get_names (alm_import_work_get_import (self->work));

  g_clear_pointer (&mapping->x, g_free);
  g_clear_pointer (&mapping->y, g_free);
  g_free (mapping->crs);
  mapping->crs = g_strdup (crs);
  mapping->place = guess != NULL ? guess->type : ALM_IMPORT_PLACE_GUESS;
  if (guess != NULL && guess->x >= 0)
    mapping->x = g_strdup (names->pdata[guess->x]);
  if (guess != NULL && guess->y >= 0)
    mapping->y = g_strdup (names->pdata[guess->y]);
  alm_import_assistant_read_again (self, asker);
}

static void
place_chosen_cb (AlmImportAssistant *self)
{
  AlmImportPlaces *places = get_places (self);
  guint chosen = adw_combo_row_get_selected (self->place_row);
  const AlmImportPlaceGuess *guess;

  if (self->filling || self->busy || places == NULL
      || chosen >= alm_import_places_get_n (places))
    return;

  guess = alm_import_places_get (places, chosen);
  /* While no system is likely, the best one is not said with it. */
  say_place (self, guess, self->question == NULL ? guess->crs : NULL,
             GTK_WIDGET (self->place_row));
}

static void
system_chosen_cb (AlmImportAssistant *self)
{
  g_autoptr (GPtrArray) systems = list_systems (get_places (self));
  guint chosen = adw_combo_row_get_selected (self->system_row);
  const AlmImportPlaceGuess *guess;

  if (self->filling || self->busy || self->work == NULL)
    return;
  if (is_asked (self, systems) && chosen-- == 0)
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->epsg_row), chosen >= systems->len);
  if (chosen >= systems->len)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->epsg_entry));
      return;
    }

  guess = systems->pdata[chosen];
  say_place (self, guess, guess->crs, GTK_WIDGET (self->system_row));
}

void
alm_import_steps_take_epsg (AlmImportAssistant *self)
{
  AlmImportPlaces *places = get_places (self);
  g_autofree char *code = g_strstrip (g_strdup (gtk_editable_get_text
                                                  (GTK_EDITABLE (self->epsg_entry))));
  gboolean is_known = places != NULL && alm_import_places_get_n (places) > 0;

  if (self->busy || self->work == NULL || *code == '\0')
    return;

  say_place (self, is_known ? alm_import_places_get (places, 0) : NULL, code,
             GTK_WIDGET (self->epsg_entry));
}

void
alm_import_steps_build_place (AlmImportAssistant *self)
{
  GtkWidget *preview = alm_import_preview_new (alm_workbench_get_records (self->workbench));
  AdwComboRow *rows[] = { self->place_row, self->system_row };

  self->preview = ALM_IMPORT_PREVIEW (preview);
  adw_bin_set_child (self->preview_place, preview);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      alm_import_choices_set_up (rows[i]);
      alm_import_steps_name_row (rows[i]);
    }
  gtk_entry_set_placeholder_text (self->epsg_entry, "EPSG:25833");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->epsg_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("EPSG Code"), -1);
  g_signal_connect_object (self->place_row, "notify::selected", G_CALLBACK (place_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->system_row, "notify::selected", G_CALLBACK (system_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->epsg_entry, "activate", G_CALLBACK (alm_import_steps_take_epsg),
                           self, G_CONNECT_SWAPPED);
}

/* A system without a number has a name. */
static const char *
get_id (const AlmImportPlaceGuess *guess)
{
  return g_str_has_prefix (guess->crs, "EPSG:") ? guess->crs : guess->system;
}

/* "DHDN / 3-degree Gauss-Kruger zone 4, ±0,9 m" */
static char *
describe_system (const AlmImportPlaceGuess *guess)
{
  if (guess->accuracy_m < 0)
    return g_strdup (guess->system);
  if (guess->accuracy_m == floor (guess->accuracy_m))
    return g_strdup_printf (_("%s, ±%.0f m"), guess->system, guess->accuracy_m);

  return g_strdup_printf (_("%s, ±%.1f m"), guess->system, guess->accuracy_m);
}

static char *
describe_hits (const AlmImportPlaceGuess *guess)
{
  /* Translators: how many of the rows lie in the city */
  return g_strdup_printf (_("%.0f %% in the city"), guess->in_city * 100);
}

static char *
name_place (const AlmImportPlaceGuess *guess,
            GPtrArray                 *names)
{
  if (guess->type == ALM_IMPORT_PLACE_FILE)
    return g_strdup (_("Geometry of the file"));
  if (guess->y < 0)
    return g_strdup (names->pdata[guess->x]);

  return g_strdup_printf ("%s, %s", (char *) names->pdata[guess->x],
                          (char *) names->pdata[guess->y]);
}

static void
set_reason (AdwComboRow *row,
            const char  *reason)
{
  g_autofree char *escaped = g_markup_escape_text (reason, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
}

static void
fill_ways (AlmImportAssistant *self,
           AlmImportPlaces    *places,
           GPtrArray          *names)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint n = places != NULL ? alm_import_places_get_n (places) : 0;

  for (guint i = 0; i < n; i++)
    {
      const AlmImportPlaceGuess *guess = alm_import_places_get (places, i);
      g_autofree char *name = name_place (guess, names);
      g_autofree char *hits = describe_hits (guess);

      alm_import_choices_append (list, name, hits);
    }
  if (n == 0)
    alm_import_choices_append (list, _("None was found"), NULL);
  adw_combo_row_set_model (self->place_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->place_row, 0);
  set_reason (self->place_row, n > 0 ? _(alm_import_places_get (places, 0)->reason)
                                     : _("no column says where, in a system that is known here"));
}

static void
fill_systems (AlmImportAssistant *self,
              AlmImportPlaces    *places)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  g_autoptr (GPtrArray) systems = list_systems (places);
  g_autofree char *reason = NULL;

  if (is_asked (self, systems))
    alm_import_choices_append (list, _("Please choose"), NULL);
  for (guint i = 0; i < systems->len; i++)
    {
      const AlmImportPlaceGuess *guess = systems->pdata[i];
      g_autofree char *system = describe_system (guess);
      g_autofree char *hits = describe_hits (guess);
      g_autofree char *detail = g_strdup_printf ("%s · %s", system, hits);

      alm_import_choices_append (list, get_id (guess), detail);
    }
  alm_import_choices_append (list, _("Another system…"), NULL);

  adw_combo_row_set_model (self->system_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->system_row, 0);
  if (self->question != NULL)
    reason = g_strdup (_("the file does not say its system"));
  else if (systems->len > 0)
    {
      const AlmImportPlaceGuess *guess = systems->pdata[0];
      g_autofree char *system = describe_system (guess);

      reason = g_strdup_printf ("%s · %s", system, _(guess->system_reason));
    }
  set_reason (self->system_row, reason != NULL ? reason : "");
}

void
alm_import_steps_fill_place (AlmImportAssistant *self,
                             AlmImport          *import)
{
  AlmImportPlaces *places = alm_import_get_places (import);
  GArray *points = self->question == NULL ? alm_import_work_get_points (self->work) : NULL;

  self->has_place = alm_model_find_role (self->model, ALM_ROLE_GEOMETRY) != NULL;
  if (!self->has_place || alm_import_get_facts (import) == NULL)
    return;

  fill_ways (self, places, alm_import_get_names (import));
  fill_systems (self, places);
  /* What was typed is there while it is in question. */
  gtk_widget_set_visible (GTK_WIDGET (self->epsg_row),
                          self->question != NULL
                          && self->asker == GTK_WIDGET (self->epsg_entry));
  alm_import_preview_set_points (self->preview, points);
  gtk_widget_set_visible (GTK_WIDGET (self->preview_place), points != NULL && points->len > 0);
}
