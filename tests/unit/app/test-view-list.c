/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-test-bench.h"
#include "alm-test-map.h"
#include "alm-view-list.h"

static const AlmBox world = { 0, 0, G_MAXUINT32, G_MAXUINT32 };

static void
opened_cb (AlmViewList *list,
           gint64       rid,
           gint64      *opened)
{
  *opened = rid;
}

static GtkListBox *
find_list (GtkWidget *list)
{
  return GTK_LIST_BOX (alm_test_bench_find (list, GTK_TYPE_LIST_BOX));
}

static guint
count_rows (GtkWidget *list)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (find_list (list), (int) n) != NULL)
    n++;

  return n;
}

static void
test_a_place_is_told_in_words (void)
{
  double x;
  double y;
  double metre;

  alm_mercator_from_lon_lat (11.586, 50.927, &x, &y);
  metre = 1.0 / alm_mercator_metres_per_unit (y);
  const struct
  {
    double      east;
    double      south;
    const char *words;
  } places[] = {
    { 0.4, 0.4, "in the middle" },
    { 120.0, 0.0, "120 m east" },
    { 0.0, 60.0, "60 m south" },
    { -30.0, -30.0, "42 m north-west" },
    { 30.0, -30.0, "42 m north-east" },
    { -30.0, 1.0, "30 m west" },
    { 0.0, -1234.0, "1.2 km north" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *words = alm_view_list_describe_place (x, y, x + places[i].east * metre,
                                                             y + places[i].south * metre);

      g_assert_cmpstr (words, ==, places[i].words);
    }
}

/* As many as one reads, nearest to the middle first; all of them are counted. */
static void
test_the_nearest_are_listed_and_all_are_counted (void)
{
  AlmMapData *data = alm_map_data_new (NULL);
  GtkWidget *list = alm_view_list_new (NULL, data);
  GtkWidget *window = alm_test_bench_show (list);
  g_autoptr (GArray) nearest = NULL;
  gint64 opened = 0;
  AlmBox box;

  alm_map_data_set_tables (data, alm_test_map_make_tables (500, 1));
  g_assert_true (alm_map_data_get_extent (data, &box));
  alm_view_list_update (ALM_VIEW_LIST (list), &box);
  g_assert_cmpstr (alm_view_list_get_text (ALM_VIEW_LIST (list)), ==,
                   "500 objects in view, the nearest 60 to the middle:");
  g_assert_cmpuint (count_rows (list), ==, 60);
  nearest = alm_map_data_list_box (data, &box, 60);
  for (guint i = 0; i < nearest->len; i++)
    g_assert_cmpint (alm_view_list_get_row_rid (gtk_list_box_get_row_at_index (
                       find_list (list), (int) i)), ==, g_array_index (nearest, AlmMapHit, i).rid);

  g_signal_connect (list, "opened", G_CALLBACK (opened_cb), &opened);
  g_signal_emit_by_name (gtk_list_box_get_row_at_index (find_list (list), 7), "activate");
  g_assert_cmpint (opened, ==, g_array_index (nearest, AlmMapHit, 7).rid);

  alm_test_bench_close (window, list);
  g_assert_finalize_object (data);
}

/* Other tables, the same box: the old rows would point to what is gone. */
static void
test_it_follows_what_is_loaded (void)
{
  AlmMapData *data = alm_map_data_new (NULL);
  GtkWidget *list = alm_view_list_new (NULL, data);
  GtkWidget *window = alm_test_bench_show (list);

  g_assert_cmpstr (alm_view_list_get_text (ALM_VIEW_LIST (list)), ==, "");
  alm_view_list_update (ALM_VIEW_LIST (list), &world);
  g_assert_cmpstr (alm_view_list_get_text (ALM_VIEW_LIST (list)), ==,
                   "Nothing of the shown layers is in view.");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (find_list (list))));
  alm_map_data_set_tables (data, alm_test_map_make_tables (3, 1));
  g_assert_cmpstr (alm_view_list_get_text (ALM_VIEW_LIST (list)), ==, "3 objects in view:");
  g_assert_cmpuint (count_rows (list), ==, 3);
  alm_map_data_set_tables (data, alm_test_map_make_tables (1, 1));
  g_assert_cmpstr (alm_view_list_get_text (ALM_VIEW_LIST (list)), ==, "1 object in view:");
  g_assert_cmpuint (count_rows (list), ==, 1);

  alm_test_bench_close (window, list);
  g_assert_finalize_object (data);
}

static void
test_a_row_without_a_label_has_its_kind (void)
{
  g_autoptr (GPtrArray) tables = alm_test_map_make_tables (1, 1);
  const AlmMapHit hit = { g_ptr_array_index (tables, 0), 0, G_GINT64_CONSTANT (1) << 40, 0.0 };
  GtkWidget *plain = g_object_ref_sink (alm_view_list_make_row (&hit, "", NULL));
  GtkWidget *named = g_object_ref_sink (alm_view_list_make_row (&hit, "B 1 <i>", "5 m south"));
  GtkWidget *other = g_object_ref_sink (gtk_list_box_row_new ());

  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (plain)), ==, "Tree");
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (named)), ==, "B 1 <i>");
  g_assert_false (adw_preferences_row_get_use_markup (ADW_PREFERENCES_ROW (named)));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (named)), ==, "Tree · 5 m south");
  g_assert_cmpint (alm_view_list_get_row_rid (GTK_LIST_BOX_ROW (named)), ==, hit.rid);
  g_assert_cmpint (alm_view_list_get_row_rid (GTK_LIST_BOX_ROW (other)), ==, 0);
  g_assert_finalize_object (plain);
  g_assert_finalize_object (named);
  g_assert_finalize_object (other);
}

static gboolean
has_trees (gpointer data)
{
  return alm_map_data_is_loaded (data) && alm_map_data_count_box (data, &world) > 0;
}

/* Labels come from the records, to a list that is still there or is not. */
static void
test_labels_are_read_from_the_records (AlmTestBench  *bench,
                                       gconstpointer  user_data)
{
  AlmMapData *data = alm_map_data_new (bench->records);
  GtkWidget *list = alm_view_list_new (bench->records, data);
  GtkWidget *window = alm_test_bench_show (list);

  alm_test_bench_wait (has_trees, data);
  alm_view_list_update (ALM_VIEW_LIST (list), &world);
  alm_test_bench_expect (list, "B 1 Linde");
  g_assert_cmpuint (count_rows (list), ==, alm_map_data_count_box (data, &world));

  alm_view_list_update (ALM_VIEW_LIST (list), &world);
  alm_test_bench_close (window, list);
  alm_test_bench_settle ();
  g_assert_finalize_object (data);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* Numbers and words as in the source. */
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_setenv ("LANGUAGE", "en", TRUE);
  adw_init ();

  g_test_add_func ("/app/view-list/place", test_a_place_is_told_in_words);
  g_test_add_func ("/app/view-list/nearest", test_the_nearest_are_listed_and_all_are_counted);
  g_test_add_func ("/app/view-list/follows", test_it_follows_what_is_loaded);
  g_test_add_func ("/app/view-list/row", test_a_row_without_a_label_has_its_kind);
  g_test_add ("/app/view-list/labels", AlmTestBench, NULL, alm_test_bench_set_up,
              test_labels_are_read_from_the_records, alm_test_bench_tear_down);

  return g_test_run ();
}
