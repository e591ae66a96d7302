/* SPDX-License-Identifier: EUPL-1.2 */

/* The stream between the workbench and its helper that knows foreign geodata.
 *
 * Invariants:
 *   1. What comes from the helper is foreign: each line is checked whole, and
 *      a stream without its end line is worth nothing.
 *   2. A row names a layer of the head and has one value for each of its fields.
 * Pure; a stream belongs to one thread. */

#include "config.h"

#include "alm-feature-stream.h"

#include "alm-format-error.h"
#include "alm-json.h"

#include <string.h>

#define LAYERS_MAX 1000
#define FIELDS_MAX 1000

struct _AlmFeatureStream
{
  char    *driver;
  GArray  *layers;     /* AlmFeatureLayer */
  gint64   line;
  gint64   rows;
  gboolean has_head;
  gboolean has_end;
};

static void
clear_layer (AlmFeatureLayer *layer)
{
  g_free (layer->name);
  g_free (layer->geometry);
  g_free (layer->crs);
  g_clear_pointer (&layer->fields, g_ptr_array_unref);
  g_clear_pointer (&layer->types, g_ptr_array_unref);
}

AlmFeatureStream *
alm_feature_stream_new (void)
{
  AlmFeatureStream *self = g_new0 (AlmFeatureStream, 1);

  self->layers = g_array_new (FALSE, TRUE, sizeof (AlmFeatureLayer));
  g_array_set_clear_func (self->layers, (GDestroyNotify) clear_layer);

  return self;
}

void
alm_feature_stream_free (AlmFeatureStream *self)
{
  if (self == NULL)
    return;

  g_free (self->driver);
  g_array_unref (self->layers);
  g_free (self);
}

const char *
alm_feature_stream_get_driver (AlmFeatureStream *self)
{
  return self->driver != NULL ? self->driver : "";
}

guint
alm_feature_stream_get_n_layers (AlmFeatureStream *self)
{
  return self->layers->len;
}

const AlmFeatureLayer *
alm_feature_stream_get_layer (AlmFeatureStream *self,
                              guint             index)
{
  g_return_val_if_fail (index < self->layers->len, NULL);

  return &g_array_index (self->layers, AlmFeatureLayer, index);
}

static gboolean
refuse (AlmFeatureStream *self,
        GError          **error,
        const char       *reason)
{
  g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
               "line %" G_GINT64_FORMAT " of the stream: %s", self->line, reason);

  return FALSE;
}

static gboolean
read_layer (AlmFeatureLayer *layer,
            const AlmValue  *value)
{
  const AlmValue *fields = alm_value_get (value, "fields");
  const char *name = alm_value_get_text_of (value, "name");

  if (name == NULL || !alm_value_is (fields, ALM_VALUE_LIST)
      || alm_value_get_size (fields) > FIELDS_MAX)
    return FALSE;

  layer->name = g_strdup (name);
  layer->geometry = g_strdup (alm_value_get_text_of (value, "geometry"));
  if (layer->geometry == NULL)
    layer->geometry = g_strdup ("Unknown");
  layer->crs = g_strdup (alm_value_get_text_of (value, "crs"));
  layer->count = alm_value_get_integer_of (value, "count", -1);
  layer->fields = g_ptr_array_new_with_free_func (g_free);
  layer->types = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < alm_value_get_size (fields); i++)
    {
      const AlmValue *field = alm_value_get_item (fields, i);

      if (!alm_value_is (field, ALM_VALUE_LIST) || alm_value_get_size (field) != 2
          || !alm_value_is (alm_value_get_item (field, 0), ALM_VALUE_TEXT)
          || !alm_value_is (alm_value_get_item (field, 1), ALM_VALUE_TEXT))
        return FALSE;
      g_ptr_array_add (layer->fields,
                       g_strdup (alm_value_get_text (alm_value_get_item (field, 0))));
      g_ptr_array_add (layer->types,
                       g_strdup (alm_value_get_text (alm_value_get_item (field, 1))));
    }

  return TRUE;
}

static AlmFeatureItem
take_head (AlmFeatureStream *self,
           const AlmValue   *head,
           GError          **error)
{
  const AlmValue *layers = alm_value_get (head, "layers");

  if (alm_value_get_integer_of (head, "alm", 0) != 1 || !alm_value_is (layers, ALM_VALUE_LIST)
      || alm_value_get_size (layers) > LAYERS_MAX)
    return refuse (self, error, "no head"), ALM_FEATURE_NONE;

  self->driver = g_strdup (alm_value_get_text_of (head, "driver"));
  g_array_set_size (self->layers, alm_value_get_size (layers));
  for (guint i = 0; i < self->layers->len; i++)
    if (!read_layer (&g_array_index (self->layers, AlmFeatureLayer, i),
                     alm_value_get_item (layers, i)))
      return refuse (self, error, "a broken layer"), ALM_FEATURE_NONE;
  self->has_head = TRUE;

  return ALM_FEATURE_HEAD;
}

static AlmFeatureItem
take_row (AlmFeatureStream *self,
          const AlmValue   *row,
          AlmFeature       *feature,
          GError          **error)
{
  gint64 layer = alm_value_get_integer_of (row, "l", -1);
  AlmValue *values = alm_value_get (row, "v");
  const AlmValue *geometry = alm_value_get (row, "g");

  if (layer < 0 || layer >= (gint64) self->layers->len || !alm_value_is (values, ALM_VALUE_LIST))
    return refuse (self, error, "neither feature nor end"), ALM_FEATURE_NONE;
  if (alm_value_get_size (values)
      != g_array_index (self->layers, AlmFeatureLayer, layer).fields->len)
    return refuse (self, error, "not one value for each field"), ALM_FEATURE_NONE;

  if (geometry != NULL && alm_value_is (geometry, ALM_VALUE_TEXT))
    feature->wkb = g_base64_decode (alm_value_get_text (geometry), &feature->wkb_length);
  feature->layer = (guint) layer;
  feature->n = alm_value_get_integer_of (row, "n", 0);
  feature->values = alm_value_ref (values);
  self->rows++;

  return ALM_FEATURE_ROW;
}

AlmFeatureItem
alm_feature_stream_take (AlmFeatureStream *self,
                         const char       *line,
                         gsize             length,
                         AlmFeature       *feature,
                         GError          **error)
{
  g_autoptr (AlmValue) value = NULL;

  memset (feature, 0, sizeof *feature);
  self->line++;
  if (self->has_end)
    return refuse (self, error, "text after the end"), ALM_FEATURE_NONE;
  if (length > ALM_FEATURE_LINE_MAX)
    return refuse (self, error, "too long"), ALM_FEATURE_NONE;

  value = alm_json_parse (line, (gssize) length, NULL, error);
  if (value == NULL)
    {
      g_prefix_error (error, "line %" G_GINT64_FORMAT " of the stream: ", self->line);
      return ALM_FEATURE_NONE;
    }
  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    return refuse (self, error, "no object"), ALM_FEATURE_NONE;

  if (!self->has_head)
    return take_head (self, value, error);
  if (!alm_value_get_boolean_of (value, "end", FALSE))
    return take_row (self, value, feature, error);

  if (alm_value_get_integer_of (value, "rows", -1) != self->rows)
    return refuse (self, error, "the end names another number of rows"), ALM_FEATURE_NONE;
  self->has_end = TRUE;

  return ALM_FEATURE_END;
}

gboolean
alm_feature_stream_finish (AlmFeatureStream *self,
                           GError          **error)
{
  if (!self->has_end)
    g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                 "the stream ends in the middle, after line %" G_GINT64_FORMAT, self->line);

  return self->has_end;
}

void
alm_feature_clear (AlmFeature *feature)
{
  g_clear_pointer (&feature->wkb, g_free);
  g_clear_pointer (&feature->values, alm_value_unref);
}

void
alm_feature_append_head (GString               *out,
                         const char            *driver,
                         const AlmFeatureLayer *layers,
                         guint                  n_layers)
{
  g_autoptr (AlmValue) head = alm_value_new_object ();
  AlmValue *list = alm_value_new_list ();

  alm_value_set_integer (head, "alm", 1);
  alm_value_set_text (head, "driver", driver);
  for (guint i = 0; i < n_layers; i++)
    {
      AlmValue *layer = alm_value_new_object ();
      AlmValue *fields = alm_value_new_list ();

      alm_value_set_text (layer, "name", layers[i].name);
      alm_value_set_text (layer, "geometry", layers[i].geometry);
      if (layers[i].crs != NULL)
        alm_value_set_text (layer, "crs", layers[i].crs);
      alm_value_set_integer (layer, "count", layers[i].count);
      for (guint k = 0; k < layers[i].fields->len; k++)
        {
          AlmValue *field = alm_value_new_list ();

          alm_value_append (field, alm_value_new_text (layers[i].fields->pdata[k]));
          alm_value_append (field, alm_value_new_text (layers[i].types->pdata[k]));
          alm_value_append (fields, field);
        }
      alm_value_set (layer, "fields", fields);
      alm_value_append (list, layer);
    }
  alm_value_set (head, "layers", list);

  alm_value_print (head, out);
  g_string_append_c (out, '\n');
}

void
alm_feature_append_row (GString        *out,
                        guint           layer,
                        gint64          n,
                        const guint8   *wkb,
                        gsize           wkb_length,
                        const AlmValue *values)
{
  g_string_append (out, "{\"g\":");
  if (wkb == NULL)
    g_string_append (out, "null");
  else
    {
      g_autofree char *text = g_base64_encode (wkb, wkb_length);

      g_string_append_printf (out, "\"%s\"", text);
    }
  g_string_append_printf (out, ",\"l\":%u,\"n\":%" G_GINT64_FORMAT ",\"v\":", layer, n);
  alm_value_print (values, out);
  g_string_append (out, "}\n");
}

void
alm_feature_append_end (GString *out,
                        gint64   rows)
{
  g_string_append_printf (out, "{\"end\":true,\"rows\":%" G_GINT64_FORMAT "}\n", rows);
}
