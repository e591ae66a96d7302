/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-field-row.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"properties\":{"
  "\"height\":{\"type\":\"number\",\"title\":\"Höhe\",\"minimum\":0,\"x-ogc-unit\":\"m\"},"
  "\"remark\":{\"type\":\"string\",\"title\":\"Bemerkung\",\"maxLength\":2000},"
  "\"planted\":{\"type\":\"string\",\"format\":\"edtf\",\"title\":\"Gepflanzt\"},"
  "\"seen\":{\"type\":\"string\",\"format\":\"date-time\",\"title\":\"Gesehen\"},"
  "\"parts\":{\"type\":\"array\",\"title\":\"Teile\",\"items\":{\"type\":\"string\"}},"
  "\"names\":{\"type\":\"array\",\"title\":\"Namen\",\"items\":{\"type\":\"object\"}},"
  "\"safe\":{\"type\":\"boolean\",\"title\":\"Sicher\"},"
  "\"id\":{\"type\":\"string\",\"title\":\"Kennung\",\"readOnly\":true},"
  "\"kind\":{\"type\":\"string\",\"title\":\"Art\",\"oneOf\":["
  "{\"const\":\"li\",\"title\":\"Linde\"},{\"const\":\"ei\",\"title\":\"Eiche\"}]}},"
  "\"required\":[\"kind\"]}";

/* A row for the field that the test names, and what it has handed on. */
typedef struct
{
  AlmModel    *model;
  AlmFieldRow *row;
  GString     *edits;
} Fixture;

static void
edited_cb (AlmFieldRow *row,
           AlmValue    *value,
           GString     *out)
{
  g_autofree char *text = value != NULL ? alm_value_to_text (value) : g_strdup ("empty");

  g_string_append_printf (out, "%s ", text);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  name)
{
  g_autoptr (AlmValue) value = alm_test_value (schema);
  GtkWidget *row;

  fixture->model = alm_model_new ("tree", value, NULL);
  row = alm_field_row_new (NULL, fixture->model, alm_model_find_field (fixture->model, name));
  fixture->row = ALM_FIELD_ROW (g_object_ref_sink (row));
  fixture->edits = g_string_new (NULL);
  g_signal_connect (row, "edited", G_CALLBACK (edited_cb), fixture->edits);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_test_bench_settle ();
  g_assert_finalize_object (fixture->row);
  alm_model_unref (fixture->model);
  g_string_free (fixture->edits, TRUE);
}

static void
set_value (Fixture    *fixture,
           const char *json)
{
  g_autoptr (AlmValue) value = alm_test_value (json);

  alm_field_row_set_value (fixture->row, value);
}

static GtkWidget *
find (Fixture *fixture,
      GType    type)
{
  GtkWidget *found = alm_test_bench_find (GTK_WIDGET (fixture->row), type);

  g_assert_nonnull (found);

  return found;
}

static void
test_what_is_typed_goes_out_on_enter (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  GtkEditable *entry = GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY));

  set_value (fixture, "12");
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "12");
  g_assert_false (alm_field_row_is_typing (fixture->row));
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "Höhe"));
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "m"));

  gtk_editable_set_text (entry, "14.50");
  g_assert_true (alm_field_row_is_typing (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (fixture->edits->str, ==, "14.5 ");
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "14.5");

  gtk_editable_set_text (entry, " ");
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "14.5 empty ");
}

static void
test_what_does_not_fit_stays_and_says_why (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  GtkEditable *entry = GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY));

  set_value (fixture, "12");
  gtk_editable_set_text (entry, "hoch");
  g_assert_false (alm_field_row_commit (fixture->row));
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "Please enter a number."));
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "hoch");

  gtk_editable_set_text (entry, "hoch 1");
  g_assert_false (alm_test_bench_says (GTK_WIDGET (fixture->row), "Please enter"));
  alm_field_row_revert (fixture->row);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "12");
  g_assert_cmpstr (fixture->edits->str, ==, "");
}

/* Nothing of what somebody is typing is taken away by a colleague's change. */
static void
test_news_do_not_touch_what_is_typed (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  GtkEditable *entry = GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY));

  set_value (fixture, "12");
  gtk_editable_set_text (entry, "14");
  set_value (fixture, "13");
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "14");
  alm_field_row_revert (fixture->row);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "13");

  /* The same number in other words is no edit. */
  gtk_editable_set_text (entry, "13.0");
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "");
}

static void
test_what_may_not_be_edited_is_not (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  GtkEditable *entry = GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY));

  alm_field_row_set_editable (fixture->row, FALSE);
  g_assert_false (gtk_editable_get_editable (entry));
  gtk_editable_set_text (entry, "14");
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "");
}

static void
test_marks_are_shown (Fixture       *fixture,
                      gconstpointer  user_data)
{
  GtkWidget *row = GTK_WIDGET (fixture->row);

  g_assert_false (alm_test_bench_says (row, "waiting"));
  g_assert_false (gtk_widget_get_visible (alm_field_row_get_mark (fixture->row)));
  alm_field_row_set_waiting (fixture->row, TRUE);
  alm_field_row_set_conflict (fixture->row, TRUE);
  alm_field_row_set_error (fixture->row, "Geht nicht");
  g_assert_true (alm_test_bench_says (row, "waiting"));
  g_assert_true (gtk_widget_get_visible (alm_field_row_get_mark (fixture->row)));
  g_assert_true (alm_test_bench_says (row, "Geht nicht"));
  alm_field_row_set_error (fixture->row, NULL);
  g_assert_false (alm_test_bench_says (row, "Geht nicht"));
}

static void
test_an_uncertain_date_says_its_span (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  gtk_editable_set_text (GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY)), "vor 1950");
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "\"[..1949]\" ");
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "up to 31.12.1949"));

  /* Already while it is typed. */
  gtk_editable_set_text (GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY)), "vor 1940");
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "up to 31.12.1939"));
  gtk_editable_set_text (GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY)), "vor Urzeiten");
  g_assert_false (alm_test_bench_says (GTK_WIDGET (fixture->row), "up to"));
}

/* Yes, no and unknown: each can be said, and said again. */
static void
test_a_yes_or_no_can_be_taken_back (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  GtkDropDown *choice = GTK_DROP_DOWN (find (fixture, GTK_TYPE_DROP_DOWN));

  g_assert_cmpuint (gtk_drop_down_get_selected (choice), ==, 0);
  set_value (fixture, "true");
  g_assert_cmpuint (gtk_drop_down_get_selected (choice), ==, 1);
  g_assert_cmpstr (fixture->edits->str, ==, "");     /* that was not the user */
  gtk_drop_down_set_selected (choice, 2);
  g_assert_cmpstr (fixture->edits->str, ==, "false ");
  gtk_drop_down_set_selected (choice, 0);
  gtk_drop_down_set_selected (choice, 1);
  g_assert_cmpstr (fixture->edits->str, ==, "false empty true ");
}

/* Local time in the field, UTC in the record. */
static void
test_a_moment_is_typed_in_local_time (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  GtkEditable *entry = GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY));

  set_value (fixture, "\"2026-11-23T07:12:33Z\"");
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "23.11.2026 08:12");
  gtk_editable_set_text (entry, "23.11.2026 8:12");
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "");      /* the seconds stay */
  gtk_editable_set_text (entry, "24.11.2026 9:00");
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "\"2026-11-24T08:00:00Z\" ");
  gtk_editable_set_text (entry, "morgen");
  g_assert_false (alm_field_row_commit (fixture->row));
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "a day and a time such as"));
}

static void
test_a_list_is_typed_with_commas (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  GtkEditable *entry = GTK_EDITABLE (find (fixture, GTK_TYPE_ENTRY));

  set_value (fixture, "[\"Rutsche\",\"Wippe, klein\"]");
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "Rutsche; Wippe, klein");
  gtk_editable_set_text (entry, "Rutsche; Wippe, klein; ");
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "");
  gtk_editable_set_text (entry, "Rutsche, Schaukel");
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "[\"Rutsche\",\"Schaukel\"] ");
}

/* What is no list of texts cannot be typed and is not lost by trying. */
static void
test_a_list_of_things_is_only_shown (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  g_assert_true (alm_field_row_is_fixed (fixture->row));
  set_value (fixture, "[{\"name\":\"Platz der Republik\",\"span\":\"1919/1933\"}]");
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "Platz der Republik"));
  g_assert_null (alm_test_bench_find (GTK_WIDGET (fixture->row), GTK_TYPE_ENTRY));
}

static void
test_a_code_is_chosen_by_its_title (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  GtkDropDown *control = GTK_DROP_DOWN (find (fixture, GTK_TYPE_DROP_DOWN));

  set_value (fixture, "\"ei\"");
  g_assert_cmpuint (gtk_drop_down_get_selected (control), ==, 2);
  g_assert_cmpstr (fixture->edits->str, ==, "");
  gtk_drop_down_set_selected (control, 1);
  g_assert_cmpstr (fixture->edits->str, ==, "\"li\" ");

  /* It is required, so nothing is no choice. */
  set_value (fixture, "\"li\"");
  gtk_drop_down_set_selected (control, 0);
  g_assert_cmpstr (fixture->edits->str, ==, "\"li\" ");
  g_assert_cmpuint (gtk_drop_down_get_selected (control), ==, 1);
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "This must not be empty."));

  /* A code of last year is shown as what it is. */
  set_value (fixture, "\"alt\"");
  g_assert_true (alm_test_bench_says (GTK_WIDGET (fixture->row), "alt"));
}

static void
test_a_long_text_has_lines (Fixture       *fixture,
                            gconstpointer  user_data)
{
  GtkTextView *view = GTK_TEXT_VIEW (find (fixture, GTK_TYPE_TEXT_VIEW));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), "eins\nzwei", -1);
  g_assert_true (alm_field_row_is_typing (fixture->row));
  g_assert_true (alm_field_row_commit (fixture->row));
  g_assert_cmpstr (fixture->edits->str, ==, "\"eins\\nzwei\" ");
}

static void
test_what_is_fixed_is_a_label (Fixture       *fixture,
                               gconstpointer  user_data)
{
  GtkWidget *row = GTK_WIDGET (fixture->row);

  set_value (fixture, "\"K 4711\"");
  g_assert_true (alm_test_bench_says (row, "K 4711"));
  g_assert_null (alm_test_bench_find (row, GTK_TYPE_ENTRY));
  g_assert_false (alm_field_row_is_typing (fixture->row));
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  gtk_test_init (&argc, &argv, NULL);

#define ADD(name, field, test) \
  g_test_add ("/app/field-row/" name, Fixture, field, set_up, test, tear_down)
  ADD ("enter", "height", test_what_is_typed_goes_out_on_enter);
  ADD ("wrong", "height", test_what_does_not_fit_stays_and_says_why);
  ADD ("news", "height", test_news_do_not_touch_what_is_typed);
  ADD ("editable", "height", test_what_may_not_be_edited_is_not);
  ADD ("marks", "height", test_marks_are_shown);
  ADD ("span", "planted", test_an_uncertain_date_says_its_span);
  ADD ("boolean", "safe", test_a_yes_or_no_can_be_taken_back);
  ADD ("moment", "seen", test_a_moment_is_typed_in_local_time);
  ADD ("list", "parts", test_a_list_is_typed_with_commas);
  ADD ("things", "names", test_a_list_of_things_is_only_shown);
  ADD ("code", "kind", test_a_code_is_chosen_by_its_title);
  ADD ("lines", "remark", test_a_long_text_has_lines);
  ADD ("fixed", "id", test_what_is_fixed_is_a_label);

  return g_test_run ();
}
