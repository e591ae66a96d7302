/* SPDX-License-Identifier: EUPL-1.2 */

/* The map page: the list of what is under the pointer, and walking through what is
 * in view with the keyboard.  Main thread. */

#include "config.h"

#include "alm-asset-loader.h"
#include "alm-map-page-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* So many are walked through. */
#define MAX_WALK 10

/* "What is here": a list of everything under the pointer. */

static void
popover_closed_cb (AlmMapPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* One for the page's whole life: a popover that is unparented while it closes, or
 * that stays behind when its parent goes, takes GTK 4.8 down with it. */
static void
need_popover (AlmMapPage *self)
{
  if (self->popover != NULL)
    return;

  self->popover = gtk_popover_new ();
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self->overlay));
  g_signal_connect_swapped (self->popover, "closed", G_CALLBACK (popover_closed_cb), self);
}

static void
here_activated_cb (AlmMapPage    *self,
                   GtkListBoxRow *row)
{
  gint64 rid = alm_view_list_get_row_rid (row);

  gtk_popover_popdown (GTK_POPOVER (self->popover));
  alm_selection_select (self->selection, rid);
}

typedef struct
{
  gint64 rids[64];
  guint  n;
} HereQuestion;

static gpointer
here_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  const HereQuestion *question = data;

  return alm_asset_loader_load_labels (desk, question->rids, question->n, error);
}

static void
here_labels_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GtkWidget) list = user_data;
  g_autoptr (GPtrArray) labels = alm_records_read_finish (ALM_RECORDS (source), result, NULL);
  GtkWidget *row = gtk_widget_get_first_child (list);

  if (!gtk_widget_get_mapped (list))
    return;
  for (guint i = 0; labels != NULL && i < labels->len && row != NULL; i++)
    {
      const char *label = g_ptr_array_index (labels, i);

      if (label != NULL && *label != '\0')
        {
          const char *kind = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
          g_autofree char *name = g_strdup_printf ("%s, %s", label, kind);

          adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), label);
          gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                          name, -1);
        }
      row = gtk_widget_get_next_sibling (row);
    }
}

static GtkWidget *
make_here_list (AlmMapPage *self,
                GArray     *hits)
{
  GtkWidget *list = gtk_list_box_new ();
  HereQuestion *question = g_new0 (HereQuestion, 1);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What is here"), -1);
  for (guint i = 0; i < MIN (hits->len, G_N_ELEMENTS (question->rids)); i++)
    {
      const AlmMapHit *hit = &g_array_index (hits, AlmMapHit, i);

      gtk_list_box_append (GTK_LIST_BOX (list), alm_view_list_make_row (hit, NULL, NULL));
      question->rids[question->n++] = hit->rid;
    }
  g_signal_connect_object (list, "row-activated", G_CALLBACK (here_activated_cb), self,
                           G_CONNECT_SWAPPED);
  if (self->records != NULL)
    alm_records_read_async (self->records, here_job, question, g_free,
                            (GDestroyNotify) g_ptr_array_unref, self->cancellable,
                            here_labels_cb, g_object_ref (list));
  else
    g_free (question);

  return list;
}

void
alm_map_here_show (AlmMapPage *self,
                   GArray     *hits,
                   double      x,
                   double      y)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  g_autofree char *title = g_strdup_printf (ngettext ("%u object here", "%u objects here",
                                                      hits->len), hits->len);
  GtkWidget *label = gtk_label_new (title);
  double widget_x;
  double widget_y;

  alm_map_view_to_widget (self->view, x, y, &widget_x, &widget_y);
  need_popover (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->popover),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_add_css_class (label, "heading");
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 320);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), make_here_list (self, hits));
  gtk_widget_set_size_request (scrolled, 260, -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_popover_set_child (GTK_POPOVER (self->popover), box);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                               &(GdkRectangle) { (int) widget_x, (int) widget_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* Walking through what is in view, for the keyboard. */

static void
walk_labels_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (AlmMapPage) self = user_data;
  g_autoptr (GPtrArray) labels = alm_records_read_finish (ALM_RECORDS (source), result, NULL);
  const AlmMapHit *hit;
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;
  const char *label;
  double x;
  double y;

  if (g_cancellable_is_cancelled (self->cancellable) || self->walk_at < 0 || labels == NULL ||
      self->walk == NULL || (guint) self->walk_at >= self->walk->len)
    return;

  hit = &g_array_index (self->walk, AlmMapHit, self->walk_at);
  label = labels->len > 0 ? g_ptr_array_index (labels, 0) : NULL;
  alm_map_view_get_center (self->view, &x, &y);
  place = alm_view_list_describe_place (x, y, hit->table->columns->wx[hit->index],
                                        hit->table->columns->wy[hit->index]);
  text = g_strdup_printf ("%s, %s, %s", label != NULL && *label != '\0' ? label : _("no name"),
                          alm_model_get_title (hit->table->model, _("en")), place);
  alm_map_page_set_hint (self, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
show_walk (AlmMapPage *self)
{
  const AlmMapHit *hit = &g_array_index (self->walk, AlmMapHit, self->walk_at);
  HereQuestion *question = g_new0 (HereQuestion, 1);

  alm_map_view_set_mark (self->view, hit->table->columns->wx[hit->index],
                         hit->table->columns->wy[hit->index]);
  question->rids[0] = hit->rid;
  question->n = 1;
  if (self->records != NULL)
    alm_records_read_async (self->records, here_job, question, g_free,
                            (GDestroyNotify) g_ptr_array_unref, self->cancellable,
                            walk_labels_cb, g_object_ref (self));
  else
    g_free (question);
}

void
alm_map_here_stop_walking (AlmMapPage *self)
{
  if (self->walk_at < 0)
    return;
  self->walk_at = -1;
  g_clear_pointer (&self->walk, g_array_unref);
  alm_map_view_set_mark (self->view, NAN, NAN);
  alm_map_page_set_hint (self, NULL);
}

/* FALSE: there is no further one, the focus may go on. */
gboolean
alm_map_here_walk (AlmMapPage *self,
                   int         step)
{
  if (self->walk_at < 0)
    {
      AlmBox box;

      g_clear_pointer (&self->walk, g_array_unref);
      if (!alm_map_view_get_box (self->view, &box))
        return FALSE;
      self->walk = alm_map_data_list_box (self->data, &box, MAX_WALK);
      if (step < 0)
        return FALSE;
    }
  self->walk_at += step;
  if (self->walk == NULL || self->walk_at < 0 || (guint) self->walk_at >= self->walk->len)
    {
      self->walk_at = MAX (self->walk_at, 0);
      alm_map_here_stop_walking (self);
      return FALSE;
    }
  show_walk (self);

  return TRUE;
}
