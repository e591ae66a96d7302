/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-base-maps.h"
#include "alm-mbtiles.h"
#include "alm-test.h"

/* Nobody looks at it here. */
static const char png[] = "\x89PNG\r\n\x1a\n: no picture follows";

#define ADDRESS "https://tiles.example/{z}/{x}/{y}.png"

/* As the next session finds it. */
static AlmBaseMaps *
open_maps (const char *dir)
{
  AlmBaseMaps *maps = alm_base_maps_new (dir);

  while (!alm_base_maps_is_loaded (maps))
    g_main_context_iteration (NULL, TRUE);

  return maps;
}

/* Waits until base-map.ini says @text, or says it no more. */
static void
wait_for_file (const char *dir,
               const char *text,
               gboolean    wanted)
{
  g_autofree char *path = g_build_filename (dir, "base-map.ini", NULL);

  for (;;)
    {
      g_autofree char *contents = NULL;

      g_file_get_contents (path, &contents, NULL, NULL);
      if (contents != NULL && (strstr (contents, text) != NULL) == wanted)
        return;
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

/* What is still being written holds it until it is on the disk. */
static void
let_go (AlmBaseMaps *maps)
{
  gpointer alive = maps;

  g_object_add_weak_pointer (G_OBJECT (maps), &alive);
  g_object_unref (maps);
  while (alive != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_an_address_is_kept_taken_away_and_put_back (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  AlmBaseMaps *maps = open_maps (dir);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *again = NULL;
  AlmBaseMap map;

  g_assert_cmpuint (alm_base_maps_get_n (maps), ==, 2);
  id = alm_base_maps_add_address (maps, ADDRESS, "© Somebody", 17, &error);
  g_assert_no_error (error);
  again = alm_base_maps_add_address (maps, ADDRESS, "© Somebody else", 17, &error);
  g_assert_cmpstr (id, ==, again);
  g_assert_cmpuint (alm_base_maps_get_n (maps), ==, 3);
  wait_for_file (dir, "Somebody else", TRUE);
  let_go (maps);

  maps = open_maps (dir);
  g_assert_true (alm_base_maps_find (maps, id, &map));
  g_assert_cmpstr (map.title, ==, "tiles.example");
  g_assert_cmpstr (map.words, ==, "© Somebody else");
  g_assert_cmpuint (alm_tile_painter_get_max_zoom (map.painter), ==, 17);
  g_assert_true (map.is_added);
  alm_base_maps_remove (maps, id);
  g_assert_false (alm_base_maps_find (maps, id, NULL));
  wait_for_file (dir, "tiles.example", FALSE);
  alm_base_maps_restore (maps);
  g_assert_true (alm_base_maps_find (maps, id, NULL));
  wait_for_file (dir, "tiles.example", TRUE);
  let_go (maps);
  alm_test_remove_dir (dir);
}

static void
test_what_does_not_fit_changes_nothing (void)
{
  static const struct
  {
    const char *address;
    const char *words;
    int         code;
  } bad[] = {
    { "ftp://tiles.example/{z}/{x}/{y}", "© X", G_IO_ERROR_INVALID_ARGUMENT },
    { "https://tiles.example/{z}/{x}", "© X", G_IO_ERROR_INVALID_ARGUMENT },
    { "", "© X", G_IO_ERROR_INVALID_ARGUMENT },
    { ADDRESS, " ", G_IO_ERROR_INVALID_DATA },
  };
  AlmBaseMaps *maps = alm_base_maps_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alm_base_maps_add_address (maps, bad[i].address, bad[i].words, 19, &error));
      g_assert_error (error, G_IO_ERROR, bad[i].code);
    }
  g_assert_cmpuint (alm_base_maps_get_n (maps), ==, 2);
  /* What belongs to the program cannot be taken away. */
  alm_base_maps_remove (maps, ALM_BASE_MAP_NONE);
  g_assert_cmpuint (alm_base_maps_get_n (maps), ==, 2);
  let_go (maps);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* A file of the profile is there by itself; one from elsewhere stays in the list
 * though it cannot be opened today. */
static void
test_files_are_found_added_and_missed (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *inside = g_build_filename (dir, "own.mbtiles", NULL);
  g_autofree char *folder = alm_test_make_dir ();
  g_autofree char *outside = g_build_filename (folder, "other.mbtiles", NULL);
  const AlmMbtilesInfo info = {
    .name = (char *) "Own", .attribution = (char *) "© Own", .format = (char *) "png",
    .max_zoom = 3, .west = -180.0, .south = -85.0, .east = 180.0, .north = 85.0
  };
  const char *const paths[] = { inside, outside };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  AlmBaseMaps *maps;
  AlmBaseMap map;

  for (guint i = 0; i < 2; i++)
    {
      AlmMbtilesWriter *writer = alm_mbtiles_writer_new (paths[i], &info, &error);

      g_assert_no_error (error);
      g_assert_true (alm_mbtiles_writer_add (writer, 0, 0, 0, png, sizeof png, NULL));
      g_assert_true (alm_mbtiles_writer_finish (writer, NULL));
      alm_mbtiles_writer_free (writer);
    }
  maps = open_maps (dir);
  g_assert_cmpuint (alm_base_maps_get_n (maps), ==, 3);
  alm_base_maps_get (maps, 2, &map);
  g_assert_cmpstr (map.words, ==, "© Own");
  g_assert_false (map.is_added);
  alm_base_maps_add_file_async (maps, outside, added_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  id = alm_base_maps_add_file_finish (maps, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  wait_for_file (dir, "other.mbtiles", TRUE);
  let_go (maps);

  alm_test_remove_dir (folder);
  maps = open_maps (dir);
  g_assert_true (alm_base_maps_find (maps, id, &map));
  g_assert_null (map.painter);
  g_assert_cmpstr (map.title, ==, "other.mbtiles");
  g_assert_true (map.is_added);
  let_go (maps);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/base-maps/address", test_an_address_is_kept_taken_away_and_put_back);
  g_test_add_func ("/app/base-maps/bad", test_what_does_not_fit_changes_nothing);
  g_test_add_func ("/app/base-maps/files", test_files_are_found_added_and_missed);

  return g_test_run ();
}
