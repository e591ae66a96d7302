/* SPDX-License-Identifier: EUPL-1.2 */

/* Which list of a file that holds several is meant: the one whose geometries the kind
 * wants, where there is no more than one.  Pure functions. */

#include "config.h"

#include "alm-import-layer.h"

#include "alm-import-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

void
alm_import_layer_free (AlmImportLayer *self)
{
  g_free (self->name);
  g_free (self->geometry);
  g_free (self);
}

void
alm_import_layer_note (GPtrArray  *layers,
                       const char *name,
                       const char *geometry,
                       gint64      count,
                       gboolean    fits)
{
  AlmImportLayer *layer;

  if (layers == NULL)
    return;

  layer = g_new0 (AlmImportLayer, 1);
  layer->name = g_strdup (name);
  layer->geometry = g_strdup (geometry);
  layer->count = count;
  layer->fits = fits;
  g_ptr_array_add (layers, layer);
}

const char *
alm_import_layer_get_geometry (const AlmFeatureLayer *layer)
{
  return g_strcmp0 (layer->geometry, "None") != 0 ? layer->geometry : NULL;
}

/* How well a layer holds what the kind wants. */
typedef enum {
  LAYER_EMPTY,
  LAYER_OTHER,
  LAYER_PERHAPS,
  LAYER_EXACT
} LayerRating;

static LayerRating
rate_layer (const AlmFeatureLayer *layer,
            const char            *wanted)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  const char *single;

  for (const char *c = layer->geometry; *c != '\0'; c++)
    if (g_ascii_isalpha (*c))
      g_string_append_c (folded, g_ascii_tolower (*c));

  if (layer->count == 0)
    return LAYER_EMPTY;
  if (wanted == NULL || strcmp (wanted, "any") == 0)
    return alm_import_layer_get_geometry (layer) != NULL ? LAYER_PERHAPS : LAYER_OTHER;
  /* "linestring-or-multilinestring" wants lines first. */
  if (g_str_has_prefix (wanted, folded->str))
    return LAYER_EXACT;
  single = g_str_has_prefix (folded->str, "multi") ? folded->str + 5 : folded->str;

  return g_str_has_prefix (folded->str, "unknown") || strstr (wanted, single) != NULL
         ? LAYER_PERHAPS : LAYER_OTHER;
}

gboolean
alm_import_layer_refuse_choice (GPtrArray  *names,
                                GError    **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (char *) names->pdata[i]);
  g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LAYER,
               _("the file has several layers or tables, choose one: %s"), list->str);

  return FALSE;
}

int
alm_import_layer_choose (AlmFeatureStream  *stream,
                         const char        *wanted,
                         const char        *name,
                         GPtrArray         *layers,
                         GError           **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint n = alm_feature_stream_get_n_layers (stream);
  LayerRating best = n == 1 ? LAYER_EMPTY : LAYER_OTHER;
  int found = -1, given = -1;

  for (guint i = 0; i < n; i++)
    {
      const AlmFeatureLayer *layer = alm_feature_stream_get_layer (stream, i);
      LayerRating rating = rate_layer (layer, wanted);

      if (n > 1)
        alm_import_layer_note (layers, layer->name, alm_import_layer_get_geometry (layer),
                               layer->count, rating >= LAYER_PERHAPS);
      if (g_strcmp0 (layer->name, name) == 0)
        given = (int) i;
      if (rating < best)
        continue;
      if (rating > best)
        g_ptr_array_set_size (names, 0);
      g_ptr_array_add (names, layer->name);
      found = (int) i;
      best = rating;
    }
  if (given >= 0)
    return given;
  if (names->len == 1)
    return found;
  if (names->len > 1)
    alm_import_layer_refuse_choice (names, error);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("all layers of the file are empty"));

  return -1;
}
