/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-feature-stream.h"
#include "alm-format-error.h"
#include "alm-json.h"

#include <string.h>

/* Two layers, three rows, as the writing side makes them. */
static char *
make_stream (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  g_autoptr (GPtrArray) types = g_ptr_array_new ();
  g_autoptr (AlmValue) values = alm_json_parse ("[\"Straße\",7]", -1, NULL, NULL);
  AlmFeatureLayer layers[2];

  g_ptr_array_add (fields, (gpointer) "strasse");
  g_ptr_array_add (fields, (gpointer) "nr");
  g_ptr_array_add (types, (gpointer) "string");
  g_ptr_array_add (types, (gpointer) "integer");
  layers[0] = (AlmFeatureLayer) { (char *) "a", (char *) "Point", (char *) "EPSG:25832", 2,
                                  fields, types };
  layers[1] = (AlmFeatureLayer) { (char *) "b", (char *) "None", NULL, -1, fields, types };

  alm_feature_append_head (out, "GPKG", layers, 2);
  alm_feature_append_row (out, 0, 1, (const guint8 *) "wkb", 3, values);
  alm_feature_append_row (out, 0, 2, NULL, 0, values);
  alm_feature_append_row (out, 1, 1, NULL, 0, values);
  alm_feature_append_end (out, 3);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_what_was_written_is_read (void)
{
  g_autofree char *text = make_stream ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (AlmFeatureStream) stream = alm_feature_stream_new ();
  g_autoptr (GError) error = NULL;
  const AlmFeatureLayer *layer;
  AlmFeatureItem wanted[] = {
    ALM_FEATURE_HEAD, ALM_FEATURE_ROW, ALM_FEATURE_ROW, ALM_FEATURE_ROW, ALM_FEATURE_END
  };

  for (guint i = 0; i < 5; i++)
    {
      g_auto (AlmFeature) feature = { 0 };

      g_assert_cmpint (alm_feature_stream_take (stream, lines[i], strlen (lines[i]), &feature,
                                                &error), ==, (int) wanted[i]);
      g_assert_no_error (error);
      if (i == 1)
        {
          g_assert_cmpmem (feature.wkb, feature.wkb_length, "wkb", 3);
          g_assert_cmpstr (alm_value_get_text (alm_value_get_item (feature.values, 0)), ==,
                           "Straße");
        }
      if (i == 3)
        g_assert_cmpuint (feature.layer, ==, 1);
    }
  g_assert_true (alm_feature_stream_finish (stream, &error));

  g_assert_cmpstr (alm_feature_stream_get_driver (stream), ==, "GPKG");
  g_assert_cmpuint (alm_feature_stream_get_n_layers (stream), ==, 2);
  layer = alm_feature_stream_get_layer (stream, 0);
  g_assert_cmpstr (layer->crs, ==, "EPSG:25832");
  g_assert_cmpint (layer->count, ==, 2);
  g_assert_cmpstr (layer->fields->pdata[1], ==, "nr");
  g_assert_null (alm_feature_stream_get_layer (stream, 1)->crs);
}

/* Cut at every byte: no cut stream is taken for a whole one. */
static void
test_a_cut_stream_is_never_taken_for_whole (void)
{
  g_autofree char *text = make_stream ();

  for (gsize length = 0; length + 1 < strlen (text); length++)
    {
      g_autoptr (AlmFeatureStream) stream = alm_feature_stream_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *cut = g_strndup (text, length);
      g_auto (GStrv) lines = g_strsplit (cut, "\n", -1);
      gboolean fine = TRUE;

      for (guint i = 0; fine && lines[i] != NULL && lines[i][0] != '\0'; i++)
        {
          g_auto (AlmFeature) feature = { 0 };

          fine = alm_feature_stream_take (stream, lines[i], strlen (lines[i]), &feature, &error)
                 != ALM_FEATURE_NONE;
        }
      fine = fine && alm_feature_stream_finish (stream, &error);
      g_assert_false (fine);
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
}

static void
test_broken_lines_are_refused (void)
{
  static const char *const head =
    "{\"alm\":1,\"driver\":\"X\",\"layers\":[{\"name\":\"a\",\"fields\":[[\"f\",\"string\"]]}]}";
  static const char *const firsts[] = {
    "", "[]", "{}", "{\"alm\":2,\"layers\":[]}", "{\"alm\":1}", "{\"alm\":1,\"layers\":[1]}",
    "{\"alm\":1,\"layers\":[{\"name\":\"a\"}]}",
    "{\"alm\":1,\"layers\":[{\"name\":\"a\",\"fields\":[\"f\"]}]}",
  };
  static const char *const seconds[] = {
    "{\"l\":1,\"n\":1,\"g\":null,\"v\":[1]}", "{\"l\":0,\"n\":1,\"g\":null,\"v\":[]}",
    "{\"l\":0,\"n\":1,\"g\":null}", "{\"end\":true,\"rows\":1}", "{\"end\":true}", "{\"l\":-1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (firsts) + G_N_ELEMENTS (seconds); i++)
    {
      g_autoptr (AlmFeatureStream) stream = alm_feature_stream_new ();
      g_autoptr (GError) error = NULL;
      const char *line = i < G_N_ELEMENTS (firsts) ? firsts[i]
                                                   : seconds[i - G_N_ELEMENTS (firsts)];
      AlmFeature feature;

      if (i >= G_N_ELEMENTS (firsts))
        g_assert_cmpint (alm_feature_stream_take (stream, head, strlen (head), &feature, NULL),
                         ==, ALM_FEATURE_HEAD);
      g_assert_cmpint (alm_feature_stream_take (stream, line, strlen (line), &feature, &error),
                       ==, ALM_FEATURE_NONE);
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/feature-stream/there-and-back", test_what_was_written_is_read);
  g_test_add_func ("/format/feature-stream/cut", test_a_cut_stream_is_never_taken_for_whole);
  g_test_add_func ("/format/feature-stream/refused", test_broken_lines_are_refused);

  return g_test_run ();
}
