/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-error.h"
#include "alm-import-layer.h"

#include <gio/gio.h>
#include <string.h>

/* A stream of layers "0", "1", … of these geometries; "Point:0" holds nothing. */
static AlmFeatureStream *
make_stream (const char *geometries)
{
  AlmFeatureStream *stream = alm_feature_stream_new ();
  g_auto (GStrv) list = g_strsplit (geometries, ",", -1);
  g_autoptr (GString) head = g_string_new (NULL);
  AlmFeatureLayer layers[8] = { 0 };
  AlmFeature feature;
  char names[8][2] = { 0 };
  guint n = g_strv_length (list);

  for (guint i = 0; i < n; i++)
    {
      char *empty = strstr (list[i], ":0");

      names[i][0] = (char) ('0' + i);
      layers[i].name = names[i];
      layers[i].count = empty != NULL ? 0 : 7;
      if (empty != NULL)
        *empty = '\0';
      layers[i].geometry = list[i];
      layers[i].fields = g_ptr_array_new ();
      layers[i].types = g_ptr_array_new ();
    }
  alm_feature_append_head (head, "GPKG", layers, n);
  g_assert_cmpint (alm_feature_stream_take (stream, head->str, head->len - 1, &feature, NULL), ==,
                   ALM_FEATURE_HEAD);
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_unref (layers[i].fields);
      g_ptr_array_unref (layers[i].types);
    }

  return stream;
}

static void
test_what_is_wanted_is_chosen_or_asked_for (void)
{
  static const struct
  {
    const char *geometries, *wanted, *given;
    int         chosen;        /* −1 = asked, −2 = nothing there */
    const char *names;         /* of the question */
  } cases[] = {
    { "Point", "point", NULL, 0, NULL },
    { "Polygon", "point", NULL, 0, NULL },
    { "Point:0", "point", NULL, 0, NULL },
    { "Point,Polygon", "point", NULL, 0, NULL },
    { "Polygon,Point", "polygon-or-point", NULL, 0, NULL },
    { "None,Multi Point", "point-or-multipoint", NULL, 1, NULL },
    { "Line String,Unknown (any)", "point", NULL, 1, NULL },
    { "Point,Point", "point", NULL, -1, "0, 1" },
    { "Point,Point:0", "point", NULL, 0, NULL },
    { "Point,Point,Polygon", "point", "2", 2, NULL },
    { "Point,Point,Polygon", "point", "9", -1, "0, 1" },
    /* Sheets of a workbook: all are tables, mostly all but one are empty. */
    { "None,None:0,None:0", "point", NULL, 0, NULL },
    { "None,None,None:0", "point", NULL, -1, "0, 1" },
    { "Polygon,Line String", "point", NULL, -1, "0, 1" },
    { "Point:0,Polygon:0", "point", NULL, -2, NULL },
    { "Point,Polygon,None", "any", NULL, -1, "0, 1" },
    { "None,Point", NULL, NULL, 1, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmFeatureStream) stream = make_stream (cases[i].geometries);
      g_autoptr (GPtrArray) layers =
        g_ptr_array_new_with_free_func ((GDestroyNotify) alm_import_layer_free);
      g_autoptr (GError) error = NULL;
      guint n = alm_feature_stream_get_n_layers (stream);

      g_test_message ("%s", cases[i].geometries);
      g_assert_cmpint (alm_import_layer_choose (stream, cases[i].wanted, cases[i].given, layers,
                                                &error), ==, MAX (cases[i].chosen, -1));
      g_assert_cmpuint (layers->len, ==, n > 1 ? n : 0);
      if (cases[i].chosen >= 0)
        g_assert_no_error (error);
      else if (cases[i].chosen == -2)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      else
        {
          g_assert_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LAYER);
          g_assert_true (g_str_has_suffix (error->message, cases[i].names));
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/import-layer/choose", test_what_is_wanted_is_chosen_or_asked_for);

  return g_test_run ();
}
