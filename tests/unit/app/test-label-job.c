/* SPDX-License-Identifier: EUPL-1.2 */

/* Which labels a view has, and what they say. */

#include "config.h"

#include "alm-label-job.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <string.h>

#define ZOOM 18
#define X0   2285000000.0
#define Y0   1440000000.0

/* Units: a pixel at ZOOM. */
#define PX   64.0

static const AlmLabelStyle plain = { .size = 11.0, .scale = 1.0 };

/* @n in a row, @step pixels apart, from rid 1 on; the first has been felled. */
static AlmAssetColumns *
make_row (guint  n,
          double step)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (n);

  for (guint i = 0; i < n; i++)
    alm_asset_builder_add_point (builder, i + 1, (guint32) (X0 + i * step * PX), (guint32) Y0, 0,
                                 i == 0 ? 50 : 200, 0);

  return alm_asset_builder_seal (builder);
}

/* Up and down, so near to each other that not all labels fit. */
static AlmAssetColumns *
make_crowd (void)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (0);

  for (guint i = 0; i < 200; i++)
    alm_asset_builder_add_point (builder, i + 1, (guint32) (X0 + i * 12 * PX),
                                 (guint32) (Y0 + i * 5 % 7 * 15 * PX), 0, 200, 0);

  return alm_asset_builder_seal (builder);
}

/* 1000 × 400 pixels around the row, moved to the right by @dx. */
static AlmLabelJob *
begin (AlmPlacedLabels *before,
       AlmAssetColumns *columns,
       double           opacity,
       int              dx)
{
  g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0x2e7d32, 8.0);
  const AlmLabelBox area = { (int) (X0 / PX) - 100 + dx, (int) (Y0 / PX) - 200,
                             (int) (X0 / PX) + 899 + dx, (int) (Y0 / PX) + 199 };
  AlmLabelJob *job = alm_label_job_new (before, ZOOM, &area, &plain);

  alm_label_job_set_day (job, 100);
  alm_label_job_add_layer (job, columns, symbol, opacity);

  return job;
}

/* (transfer full) @job */
static AlmPlacedLabels *
finish (AlmLabelJob *job,
        AlmDesk     *desk)
{
  g_autoptr (GError) error = NULL;
  AlmPlacedLabels *placed;

  g_assert_true (alm_label_job_read (job, desk, &error));
  g_assert_no_error (error);
  placed = alm_label_job_place (job);
  alm_label_job_unref (job);

  return placed;
}

static const AlmPlacedLabel *
find (const AlmPlacedLabels *placed,
      guint32                rid)
{
  for (guint i = 0; i < placed->labels->len; i++)
    if (g_array_index (placed->labels, AlmPlacedLabel, i).rid == rid)
      return &g_array_index (placed->labels, AlmPlacedLabel, i);

  return NULL;
}

static void
test_who_is_alive_and_to_be_seen_has_one (void)
{
  g_autoptr (AlmAssetColumns) columns = make_row (5, 100);
  g_autoptr (AlmPlacedLabels) placed = finish (begin (NULL, columns, 1.0, 0), NULL);
  g_autoptr (AlmPlacedLabels) faint = finish (begin (placed, columns, 0.5, 0), NULL);
  g_autoptr (AlmPlacedLabels) hidden = finish (begin (placed, columns, 0.0, 0), NULL);
  AlmLabelJob *job = begin (placed, columns, 1.0, 0);
  g_autoptr (AlmPlacedLabels) past = NULL;
  const AlmPlacedLabel *label = find (placed, 2);

  g_assert_cmpuint (placed->labels->len, ==, 4);
  g_assert_null (find (placed, 1));
  g_assert_nonnull (label);
  g_assert_cmpstr (label->text, ==, "2");
  g_assert_cmpint (label->opacity, ==, 255);
  g_assert_cmpint (gdk_texture_get_width (label->texture), ==, label->width);
  /* To the right of a symbol of 8 pixels, in its height. */
  g_assert_cmpint (label->dx, ==, 6);
  g_assert_cmpint (label->dy, ==, -(label->height / 2));

  g_assert_cmpint (find (faint, 2)->opacity, ==, 128);
  g_assert_true (find (faint, 2)->texture != label->texture);
  g_assert_cmpuint (hidden->labels->len, ==, 0);

  alm_label_job_set_day (job, 49);
  past = finish (job, NULL);
  g_assert_cmpuint (past->labels->len, ==, 5);
}

/* What comes into view takes nothing from what is there, and nothing is drawn twice. */
static void
test_moving_keeps_places_and_pictures (void)
{
  g_autoptr (AlmAssetColumns) columns = make_crowd ();
  AlmPlacedLabels *before = finish (begin (NULL, columns, 1.0, 0), NULL);
  guint n_shown = before->labels->len;

  g_assert_cmpuint (n_shown, >, 10);
  g_assert_cmpuint (n_shown, <, 90);
  for (int dx = 30; dx <= 300; dx += 30)
    {
      AlmPlacedLabels *next = finish (begin (before, columns, 1.0, dx), NULL);

      for (guint i = 0; i < before->labels->len; i++)
        {
          const AlmPlacedLabel *old = &g_array_index (before->labels, AlmPlacedLabel, i);
          const AlmPlacedLabel *kept = find (next, old->rid);

          if (old->x / PX + old->dx < next->area.left + 8)
            continue;
          g_assert_nonnull (kept);
          g_assert_cmpint (kept->place, ==, old->place);
          g_assert_true (kept->texture == old->texture);
        }
      alm_placed_labels_unref (before);
      before = next;
    }
  alm_placed_labels_unref (before);
}

static void
test_what_is_selected_is_labelled_always (void)
{
  g_autoptr (AlmAssetColumns) columns = make_row (100, 3);
  g_autoptr (AlmPlacedLabels) placed = finish (begin (NULL, columns, 1.0, 0), NULL);
  g_autoptr (AlmPlacedLabels) again = NULL;
  g_autoptr (AlmPlacedLabels) alone = NULL;
  AlmLabelJob *job = begin (placed, columns, 1.0, 0);
  const AlmPlacedLabel *last;

  /* Among its neighbours there is no room. */
  g_assert_null (find (placed, 50));
  alm_label_job_set_selected (job, 50);
  again = finish (job, NULL);
  g_assert_nonnull (find (again, 50));
  g_assert_true (find (again, 50)->is_strong);
  /* Above all others. */
  last = &g_array_index (again->labels, AlmPlacedLabel, again->labels->len - 1);
  g_assert_cmpuint (last->rid, ==, 50);

  /* On a hidden layer too, but not after its end. */
  job = begin (again, columns, 0.0, 0);
  alm_label_job_set_selected (job, 50);
  alone = finish (job, NULL);
  g_assert_cmpuint (alone->labels->len, ==, 1);
  g_assert_cmpint (find (alone, 50)->opacity, ==, 255);
  g_clear_pointer (&alone, alm_placed_labels_unref);
  job = begin (again, columns, 0.0, 0);
  alm_label_job_set_selected (job, 1);
  alone = finish (job, NULL);
  g_assert_cmpuint (alone->labels->len, ==, 0);
}

static void
test_labels_keep_off_names (void)
{
  g_autoptr (AlmAssetColumns) columns = make_row (5, 100);
  g_autoptr (AlmLabels) names = alm_labels_new ();
  g_autoptr (AlmPlacedLabels) placed = NULL;
  AlmLabelJob *job = begin (NULL, columns, 1.0, 0);

  alm_labels_add_point (names, "Kranichfurt",
                        alm_base_style_get_rule (alm_base_style_classify (ALM_BASE_NAME,
                                                                          "district")),
                        X0 + 120 * PX, Y0);
  alm_label_job_set_names (job, names);
  placed = finish (job, NULL);
  g_assert_true (find (placed, 2) == NULL || find (placed, 2)->place != ALM_LABEL_RIGHT);
  g_assert_cmpint (find (placed, 4)->place, ==, ALM_LABEL_RIGHT);
}

/* Light letters are other pictures, large ones have other sizes too. */
static void
test_another_look_is_another_picture (void)
{
  g_autoptr (AlmAssetColumns) columns = make_row (5, 100);
  g_autoptr (AlmPlacedLabels) placed = finish (begin (NULL, columns, 1.0, 0), NULL);
  g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0x2e7d32, 8.0);

  for (guint i = 0; i < 3; i++)
    {
      AlmLabelStyle style = plain;
      g_autoptr (AlmPlacedLabels) other = NULL;
      AlmLabelJob *job;

      style.is_dark = i == 0;
      style.scale = i == 1 ? 2.0 : 1.0;
      style.size = i == 2 ? 22.0 : 11.0;
      job = alm_label_job_new (placed, ZOOM, &placed->area, &style);
      alm_label_job_set_day (job, 100);
      alm_label_job_add_layer (job, columns, symbol, 1.0);
      other = finish (job, NULL);
      g_assert_cmpuint (other->labels->len, ==, 4);
      g_assert_true (find (other, 3)->texture != find (placed, 3)->texture);
      g_assert_cmpint (gdk_texture_get_width (find (other, 3)->texture), ==,
                       (int) (find (other, 3)->width * style.scale));
      g_assert_true ((find (other, 3)->height > find (placed, 3)->height) == (i == 2));
    }
}

static AlmAssetColumns *
make_one (guint32 rid)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (1);

  alm_asset_builder_add_point (builder, rid, (guint32) X0, (guint32) Y0, 0, 200, 0);

  return alm_asset_builder_seal (builder);
}

/* The number, all of it for what is selected, and what it is called now. */
static void
test_what_labels_say (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmAssetColumns) columns = NULL;
  g_autoptr (AlmAssetColumns) nobody = make_one (999999);
  g_autoptr (AlmPlacedLabels) first = NULL;
  g_autoptr (AlmPlacedLabels) chosen = NULL;
  g_autoptr (AlmPlacedLabels) stale = NULL;
  g_autoptr (AlmPlacedLabels) fresh = NULL;
  g_autoptr (AlmPlacedLabels) none = NULL;
  g_autoptr (AlmRow) row = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, alm_clock_system (),
                                 &error);
  AlmLabelJob *job;
  AlmId id;

  g_assert_no_error (error);
  alm_test_add_model (desk, "pole",
                      "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
                      "\"type\":\"object\",\"title\":\"Mast\","
                      "\"x-alm-label\":\"{number} {street}\",\"properties\":{"
                      "\"number\":{\"type\":\"string\",\"title\":\"Nummer\"},"
                      "\"street\":{\"type\":\"string\",\"title\":\"Straße\"}}}");
  alm_test_edit (desk, ALM_OP_NEW, &id, NULL, "pole",
                 "{\"number\":\"M 7\",\"street\":\"Am Alten Güterbahnhof hinter der Brücke 12\"}");
  row = alm_desk_get (desk, &id, &error);
  columns = make_one ((guint32) row->rid);
  first = finish (begin (NULL, columns, 1.0, 0), desk);
  g_assert_cmpstr (find (first, (guint32) row->rid)->text, ==, "M 7");

  job = begin (first, columns, 1.0, 0);
  alm_label_job_set_selected (job, row->rid);
  chosen = finish (job, desk);
  /* 40 letters and no more. */
  g_assert_cmpstr (find (chosen, (guint32) row->rid)->text, ==,
                   "M 7 Am Alten Güterbahnhof hinter der Br…");

  alm_test_edit (desk, ALM_OP_UPD, &id, NULL, NULL, "{\"number\":\"M 8\"}");
  stale = finish (begin (first, columns, 1.0, 0), desk);
  g_assert_cmpstr (find (stale, (guint32) row->rid)->text, ==, "M 7");
  job = begin (stale, columns, 1.0, 0);
  alm_label_job_forget_texts (job);
  fresh = finish (job, desk);
  g_assert_cmpstr (find (fresh, (guint32) row->rid)->text, ==, "M 8");

  /* Gone since the columns were made. */
  none = finish (begin (NULL, nobody, 1.0, 0), desk);
  g_assert_cmpuint (none->labels->len, ==, 0);

  alm_desk_close (desk);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/label-job/who", test_who_is_alive_and_to_be_seen_has_one);
  g_test_add_func ("/app/label-job/moving", test_moving_keeps_places_and_pictures);
  g_test_add_func ("/app/label-job/selected", test_what_is_selected_is_labelled_always);
  g_test_add_func ("/app/label-job/names", test_labels_keep_off_names);
  g_test_add_func ("/app/label-job/look", test_another_look_is_another_picture);
  g_test_add_func ("/app/label-job/text", test_what_labels_say);

  return g_test_run ();
}
