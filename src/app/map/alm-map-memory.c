/* SPDX-License-Identifier: EUPL-1.2 */

/* What the map remembers of a profile from one session to the next: the view, the
 * flap, and how each layer looks.  It stands in the window's state; what is missing
 * or makes no sense there is as if it had never been said.
 *
 * Main thread. */

#include "config.h"

#include "alm-days.h"
#include "alm-map-page-private.h"

#include <math.h>

#define GROUP       "map"
#define LAYER_GROUP "map-layer "   /* with the kind behind it */

static double
get_number (GKeyFile   *file,
            const char *group,
            const char *key,
            double      fallback)
{
  g_autoptr (GError) error = NULL;
  double value = g_key_file_get_double (file, group, key, &error);

  return error == NULL && isfinite (value) ? value : fallback;
}

static gboolean
get_truth (GKeyFile   *file,
           const char *group,
           const char *key,
           gboolean    fallback)
{
  g_autoptr (GError) error = NULL;
  gboolean value = g_key_file_get_boolean (file, group, key, &error);

  return error == NULL ? value : fallback;
}

static void
recall_view (AlmMapPage *self,
             GKeyFile   *file)
{
  double lon = get_number (file, GROUP, "longitude", NAN);
  double lat = get_number (file, GROUP, "latitude", NAN);
  double zoom = get_number (file, GROUP, "zoom", NAN);
  double x;
  double y;

  if (isnan (lon) || isnan (lat) || isnan (zoom) || fabs (lon) > 180.0 || fabs (lat) > 85.0)
    return;

  alm_mercator_from_lon_lat (lon, lat, &x, &y);
  alm_map_view_go_to (self->view, x, y, zoom);
  self->has_extent = TRUE;
}

static void
recall_layer (AlmMapPage *self,
              GKeyFile   *file,
              const char *kind,
              gboolean    is_ordered)
{
  g_autofree char *group = g_strconcat (LAYER_GROUP, kind, NULL);

  alm_map_data_recall_layer (self->data, kind, get_truth (file, group, "visible", TRUE),
                             get_number (file, group, "opacity", 1.0), is_ordered);
}

static void
recall_layers (AlmMapPage *self,
               GKeyFile   *file)
{
  g_auto (GStrv) order = g_key_file_get_string_list (file, GROUP, "order", NULL, NULL);
  g_auto (GStrv) opened = g_key_file_get_string_list (file, GROUP, "legends", NULL, NULL);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; order != NULL && order[i] != NULL; i++)
    recall_layer (self, file, order[i], TRUE);
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], LAYER_GROUP))
      {
        const char *kind = groups[i] + strlen (LAYER_GROUP);

        if (order == NULL || !g_strv_contains ((const char *const *) order, kind))
          recall_layer (self, file, kind, FALSE);
      }
  if (opened != NULL)
    alm_layer_list_set_opened (self->layer_list, (const char *const *) opened);
}

/* A day that is not today is never remembered: the next session begins in the present,
 * unless somebody has written down another one. */
static void
recall_day (AlmMapPage *self,
            GKeyFile   *file)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, "day", NULL);
  gint64 day;

  if (text != NULL && alm_days_parse (text, &day))
    alm_map_data_set_day (self->data, (gint32) day);
}

void
alm_map_page_recall (AlmMapPage *self,
                     GKeyFile   *file)
{
  g_autofree char *pane = g_key_file_get_string (file, GROUP, "pane", NULL);
  g_autofree char *base = g_key_file_get_string (file, GROUP, "base", NULL);

  g_return_if_fail (ALM_IS_MAP_PAGE (self));

  recall_view (self, file);
  recall_day (self, file);
  recall_layers (self, file);
  adw_flap_set_reveal_flap (self->flap, get_truth (file, GROUP, "flap",
                                                   adw_flap_get_reveal_flap (self->flap)));
  alm_map_base_recall (self, base, get_number (file, GROUP, "base-opacity", 1.0));
  if (pane != NULL && gtk_stack_get_child_by_name (self->panes, pane) != NULL)
    gtk_stack_set_visible_child_name (self->panes, pane);
}

static void
remember_view (AlmMapPage *self,
               GKeyFile   *file)
{
  double x;
  double y;
  double lon;
  double lat;

  if (!self->has_extent)
    return;   /* nobody has looked at it yet */

  alm_map_view_get_center (self->view, &x, &y);
  alm_mercator_to_lon_lat (x, y, &lon, &lat);
  g_key_file_set_double (file, GROUP, "longitude", lon);
  g_key_file_set_double (file, GROUP, "latitude", lat);
  g_key_file_set_double (file, GROUP, "zoom", alm_map_view_get_zoom (self->view));
}

static void
remember_layers (AlmMapPage *self,
                 GKeyFile   *file)
{
  g_auto (GStrv) opened = alm_layer_list_get_opened (self->layer_list);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  guint n = alm_map_data_get_n_layers (self->data);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *group = NULL;
      AlmMapLayer layer;

      alm_map_data_get_layer (self->data, i, &layer);
      g_ptr_array_add (order, (gpointer) layer.kind);
      group = g_strconcat (LAYER_GROUP, layer.kind, NULL);
      g_key_file_set_boolean (file, group, "visible", layer.visible);
      g_key_file_set_double (file, group, "opacity", layer.opacity);
    }
  if (alm_map_data_is_ordered (self->data) && n > 0)
    g_key_file_set_string_list (file, GROUP, "order", (const char *const *) order->pdata,
                                order->len);
  g_key_file_set_string_list (file, GROUP, "legends", (const char *const *) opened,
                              g_strv_length (opened));
}

void
alm_map_page_remember (AlmMapPage *self,
                       GKeyFile   *file)
{
  g_return_if_fail (ALM_IS_MAP_PAGE (self));

  if (alm_map_base_get_id (self) != NULL)
    g_key_file_set_string (file, GROUP, "base", alm_map_base_get_id (self));
  g_key_file_set_double (file, GROUP, "base-opacity", self->base_opacity);
  remember_view (self, file);
  remember_layers (self, file);
  g_key_file_set_boolean (file, GROUP, "flap", adw_flap_get_reveal_flap (self->flap));
  g_key_file_set_string (file, GROUP, "pane", gtk_stack_get_visible_child_name (self->panes));
}
