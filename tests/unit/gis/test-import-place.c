/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-crs.h"
#include "alm-import-columns.h"
#include "alm-import-error.h"
#include "alm-import-place.h"

#include <math.h>
#include <string.h>

static const AlmImportCity jena = {
  25832, { 11.49, 50.85, 11.68, 51.0 }, { 5.8, 47.2, 15.1, 55.1 }
};

/* Rows of two columns, places of Jena in one system. */
static GPtrArray *
make_sample (const char *crs,
             gboolean    north_first,
             guint       n)
{
  GPtrArray *sample = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_import_sample_free);
  g_autoptr (AlmCrs) system = alm_crs_new (crs, NULL);

  for (guint i = 0; i < n; i++)
    {
      AlmImportSample *row = g_new0 (AlmImportSample, 1);
      double x = 11.55 + 0.0001 * i, y = 50.9 + 0.0001 * i;
      char text[2][G_ASCII_DTOSTR_BUF_SIZE];

      alm_crs_from_lonlat (system, &x, &y, 1);
      g_ascii_formatd (text[0], sizeof text[0], "%.6f", north_first ? y : x);
      g_ascii_formatd (text[1], sizeof text[1], "%.6f", north_first ? x : y);
      row->line = i + 2;
      row->n_cells = 2;
      row->cells = g_new0 (char *, 3);
      row->cells[0] = g_strdup (text[0]);
      row->cells[1] = g_strdup (text[1]);
      g_ptr_array_add (sample, row);
    }

  return sample;
}

static AlmImportPlaces *
guess_in (const char           *a,
          const char           *b,
          const char           *crs,
          GPtrArray            *sample,
          const AlmImportCity  *city,
          GError              **error)
{
  g_autoptr (AlmImportMapping) mapping = alm_import_mapping_new ();
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autofree AlmImportColumnStats *stats = NULL;
  AlmImportFacts facts = { .is_text = TRUE };
  char decimal;

  mapping->crs = g_strdup (crs);
  g_ptr_array_add (columns, (gpointer) a);
  g_ptr_array_add (columns, (gpointer) b);
  stats = alm_import_columns_count (sample, 2, mapping, '.', &decimal);

  return alm_import_places_new (mapping, &facts, columns, stats, sample, city, error);
}

static AlmImportPlaces *
guess (const char           *a,
       const char           *b,
       GPtrArray            *sample,
       const AlmImportCity  *city,
       GError              **error)
{
  return guess_in (a, b, NULL, sample, city, error);
}

/* The entry of a system among all that are offered; NULL = it is not. */
static const AlmImportPlaceGuess *
find_system (AlmImportPlaces *places,
             const char      *crs)
{
  const AlmImportPlaceGuess *found = NULL;

  for (guint i = 0; i < alm_import_places_get_n_others (places); i++)
    {
      const AlmImportPlaceGuess *guess = alm_import_places_get_other (places, i);

      if (strcmp (guess->crs, crs) != 0)
        continue;
      g_assert_null (found);
      found = guess;
    }

  return found;
}

/* Every system that is guessed, in both orders of columns, under any names. */
static void
test_values_decide_system_and_axes_not_names (void)
{
  static const char *const systems[] = {
    "EPSG:4326", "EPSG:25832", "EPSG:25833", "EPSG:4647", "EPSG:5650", "EPSG:31468",
    "EPSG:31469", "EPSG:2398", "EPSG:3857",
  };
  static const struct { const char *a, *b; } names[] = {
    { "Rechtswert", "Hochwert" }, { "Hochwert", "Rechtswert" }, { "x", "y" }, { "1", "2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (systems); i++)
    for (guint k = 0; k < G_N_ELEMENTS (names); k++)
      for (guint north_first = 0; north_first < 2; north_first++)
        {
          g_autoptr (GPtrArray) sample = make_sample (systems[i], north_first, 30);
          g_autoptr (GError) error = NULL;
          g_autoptr (AlmImportPlaces) places = guess (names[k].a, names[k].b, sample, &jena,
                                                      &error);
          const AlmImportSample *first = sample->pdata[0];
          AlmImportRow row = {
            .n_cells = 2, .cells = (const char *const *) first->cells
          };
          AlmImportSpot spot;

          g_assert_no_error (error);
          g_assert_cmpuint (alm_import_places_get_n (places), ==, 1);
          g_assert_cmpint (alm_import_places_get (places, 0)->x, ==, (int) north_first);
          for (guint n = 0; n < alm_import_places_get_n_others (places); n++)
            g_assert_cmpfloat (alm_import_places_get_other (places, n)->in_city, <=,
                               alm_import_places_get (places, 0)->in_city);
          alm_import_places_locate (places, &row, "geometry-point", &spot);
          g_assert_nonnull (spot.geometry);
          /* Two datums with the same zones (Pulkovo, DHDN) are 700 m apart, and the
           * city alone cannot tell them; the place may not be off by more. */
          g_assert_cmpfloat_with_epsilon (spot.lon, 11.55, 1e-2);
          g_assert_cmpfloat_with_epsilon (spot.lat, 50.9, 1e-2);
          alm_value_unref (spot.geometry);
        }
}

/* What one may choose instead: each system once, with its name, accuracy, share and reason,
 * whether the first was guessed or given. */
static void
test_the_other_systems_are_offered (void)
{
  g_autoptr (GPtrArray) sample = make_sample ("EPSG:31468", FALSE, 30);
  static const char *const given[] = { NULL, "EPSG:31468", "EPSG:2398" };

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (AlmImportPlaces) places = guess_in ("Rechtswert", "Hochwert", given[i], sample,
                                                     &jena, NULL);
      const AlmImportPlaceGuess *first = alm_import_places_get (places, 0);
      const AlmImportPlaceGuess *other;

      g_assert_true (alm_import_places_check (places, NULL));
      g_assert_cmpstr (first->reason, ==, "usual names of such columns");
      g_assert_cmpstr (first->system_reason, ==, given[i] == NULL ? "it puts the rows into the city"
                                                                  : "as given");
      g_assert_cmpstr (first->crs, ==, i < 2 ? "EPSG:31468" : "EPSG:2398");
      other = find_system (places, i < 2 ? "EPSG:2398" : "EPSG:31468");
      g_assert_nonnull (other);
      g_assert_true (alm_import_place_guess_is_alike (first, other));
      g_assert_cmpfloat (other->in_city, >, 0.95);
      g_assert_nonnull (strstr (other->system, i < 2 ? "Pulkovo" : "Gauss-Kruger zone 4"));
      g_assert_cmpfloat (other->accuracy_m, >, 0);
      g_assert_cmpfloat (other->accuracy_m, <, 10);
      /* No degrees, and nothing of another zone. */
      g_assert_null (find_system (places, "EPSG:4326"));
      g_assert_null (find_system (places, "EPSG:31466"));
      g_assert_null (find_system (places, first->crs));
    }
}

static void
test_a_metric_system_outside_the_city_is_not_guessed (void)
{
  AlmImportCity elsewhere = jena;
  g_autoptr (GPtrArray) sample = make_sample ("EPSG:25832", FALSE, 30);
  g_autoptr (GPtrArray) degrees = make_sample ("EPSG:4326", FALSE, 30);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmImportPlaces) places = NULL;
  g_autoptr (AlmImportPlaces) unsafe = NULL;

  elsewhere.city = (AlmGeoBox) { 9.0, 47.6, 9.3, 47.8 };
  unsafe = guess ("Rechtswert", "Hochwert", sample, &elsewhere, NULL);
  g_assert_false (alm_import_places_check (unsafe, &error));
  g_assert_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_SYSTEM);
  g_clear_error (&error);

  /* Degrees are nothing else. */
  places = guess ("lon", "lat", degrees, &elsewhere, NULL);
  g_assert_true (alm_import_places_check (places, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (alm_import_places_get_n (places), ==, 1);
}

static void
test_numbers_that_are_no_places_are_none (void)
{
  g_autoptr (GPtrArray) sample = make_sample ("EPSG:4326", FALSE, 30);
  g_autoptr (AlmImportPlaces) places = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < sample->len; i++)
    {
      AlmImportSample *row = sample->pdata[i];

      g_free (row->cells[0]);
      g_free (row->cells[1]);
      row->cells[0] = g_strdup_printf ("%u", 1900 + i);
      row->cells[1] = g_strdup_printf ("%u", i);
    }
  places = guess ("Pflanzjahr", "Höhe", sample, &jena, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (alm_import_places_get_n (places), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/import-place/values", test_values_decide_system_and_axes_not_names);
  g_test_add_func ("/gis/import-place/others", test_the_other_systems_are_offered);
  g_test_add_func ("/gis/import-place/unsafe",
                   test_a_metric_system_outside_the_city_is_not_guessed);
  g_test_add_func ("/gis/import-place/none", test_numbers_that_are_no_places_are_none);

  return g_test_run ();
}
