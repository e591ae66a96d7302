/* SPDX-License-Identifier: EUPL-1.2 */

/* Several pictures of one record: another one, one fewer, one in the place of another. */

#include "config.h"

#include "alm-picture-entry.h"
#include "alm-picture-list.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

#include <adwaita.h>

#define A \
  "{\"sha256\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"size\":1}"
#define B \
  "{\"sha256\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\"size\":2}"

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"properties\":{"
  "\"photos\":{\"type\":\"array\",\"title\":\"Fotos\",\"items\":{\"type\":\"object\","
  "\"required\":[\"sha256\",\"size\"],\"properties\":{\"sha256\":{\"type\":\"string\"},"
  "\"size\":{\"type\":\"integer\"}}}}}}";

typedef struct
{
  AlmTestBench  bench;
  AlmModel     *model;
  GtkWidget    *window;
  GtkWidget    *list;
  GString      *chosen;
} Fixture;

static void
chosen_cb (AlmPictureList *list,
           AlmValue       *value,
           GString        *out)
{
  g_autofree char *text = value != NULL ? alm_value_to_text (value) : g_strdup ("none");

  g_string_append (out, text);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr (AlmValue) value = alm_test_value (schema);

  alm_test_bench_set_up (&f->bench, NULL);
  f->model = alm_model_new ("tree", value, NULL);
  f->list = alm_picture_list_new (f->bench.workbench, alm_model_find_field (f->model, "photos"));
  f->chosen = g_string_new (NULL);
  g_signal_connect (f->list, "chosen", G_CALLBACK (chosen_cb), f->chosen);
  f->window = alm_test_bench_show (f->list);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  alm_test_bench_close (f->window, f->list);
  alm_model_unref (f->model);
  g_string_free (f->chosen, TRUE);
  alm_test_bench_tear_down (&f->bench, NULL);
}

static guint
count_entries (Fixture *f)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (f->list); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n++;

  return n;
}

static void
show (Fixture    *f,
      const char *text)
{
  g_autoptr (AlmValue) value = alm_test_value (text);

  alm_picture_list_set_value (ALM_PICTURE_LIST (f->list), value);
}

/* As entry @index does when the user has chosen. */
static void
choose (Fixture    *f,
        guint       index,
        const char *text)
{
  GtkWidget *entry = gtk_widget_get_first_child (f->list);
  g_autoptr (AlmValue) value = text != NULL ? alm_test_value (text) : NULL;

  while (index-- > 0)
    entry = gtk_widget_get_next_sibling (entry);
  g_signal_emit_by_name (entry, "chosen", value);
}

static void
test_there_is_always_room_for_another (Fixture       *f,
                                       gconstpointer  data)
{
  g_assert_cmpuint (count_entries (f), ==, 1);
  g_assert_true (alm_test_bench_says (f->list, "No picture yet"));
  show (f, "[" A "," B "]");
  g_assert_false (alm_test_bench_says (f->list, "No picture yet"));
  g_assert_cmpuint (count_entries (f), ==, 3);
  choose (f, 2, A);
  g_assert_cmpstr (f->chosen->str, ==, "[" A "," B "," A "]");
  g_assert_cmpuint (count_entries (f), ==, 4);
  alm_picture_list_set_value (ALM_PICTURE_LIST (f->list), NULL);
  g_assert_cmpuint (count_entries (f), ==, 1);
}

static void
test_the_first_one (Fixture       *f,
                    gconstpointer  data)
{
  choose (f, 0, A);
  g_assert_cmpstr (f->chosen->str, ==, "[" A "]");
}

static void
test_one_takes_the_place_of_another (Fixture       *f,
                                     gconstpointer  data)
{
  show (f, "[" A "," A "]");
  choose (f, 0, B);
  g_assert_cmpstr (f->chosen->str, ==, "[" B "," A "]");
}

static void
test_one_fewer_then_none (Fixture       *f,
                          gconstpointer  data)
{
  show (f, "[" A "," B "]");
  choose (f, 0, NULL);
  g_assert_cmpstr (f->chosen->str, ==, "[" B "]");
  g_string_truncate (f->chosen, 0);
  choose (f, 0, NULL);
  g_assert_cmpstr (f->chosen->str, ==, "none");
  g_assert_cmpuint (count_entries (f), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, func) \
  g_test_add ("/picture-list/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("there-is-always-room-for-another", test_there_is_always_room_for_another);
  ADD ("the-first-one", test_the_first_one);
  ADD ("one-takes-the-place-of-another", test_one_takes_the_place_of_another);
  ADD ("one-fewer-then-none", test_one_fewer_then_none);

  return g_test_run ();
}
