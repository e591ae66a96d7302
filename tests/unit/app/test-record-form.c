/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-record-form.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

typedef struct
{
  AlmTestBench   bench;
  AlmRecordForm *form;
  GString       *edits;
} Fixture;

static void
edited_cb (AlmRecordForm *form,
           const char    *field,
           AlmValue      *value,
           GString       *out)
{
  g_autofree char *text = value != NULL ? alm_value_to_text (value) : g_strdup ("empty");

  g_string_append_printf (out, "%s=%s ", field, text);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  GtkWidget *form;

  alm_test_bench_set_up (&fixture->bench, NULL);
  form = alm_record_form_new (fixture->bench.workbench);
  fixture->form = ALM_RECORD_FORM (g_object_ref_sink (form));
  fixture->edits = g_string_new (NULL);
  g_signal_connect (fixture->form, "edited", G_CALLBACK (edited_cb), fixture->edits);
  alm_record_form_set_model (fixture->form, fixture->bench.model);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->form);
  g_string_free (fixture->edits, TRUE);
  alm_test_bench_tear_down (&fixture->bench, NULL);
}

static void
set_fields (Fixture    *fixture,
            const char *json,
            gboolean    same)
{
  g_autoptr (AlmValue) fields = alm_test_value (json);

  alm_record_form_set_fields (fixture->form, fields, same);
}

static GtkEditable *
entry_of (Fixture    *fixture,
          const char *name)
{
  AlmFieldRow *row = alm_record_form_find_row (fixture->form, name);

  g_assert_nonnull (row);

  return GTK_EDITABLE (alm_test_bench_find (GTK_WIDGET (row), GTK_TYPE_ENTRY));
}

static void
test_each_field_but_the_place_has_a_row (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  set_fields (fixture, "{\"number\":\"B 1\",\"height\":12}", FALSE);
  g_assert_cmpstr (gtk_editable_get_text (entry_of (fixture, "number")), ==, "B 1");
  g_assert_cmpstr (gtk_editable_get_text (entry_of (fixture, "height")), ==, "12");
  g_assert_cmpstr (gtk_editable_get_text (entry_of (fixture, "species")), ==, "");
  g_assert_null (alm_record_form_find_row (fixture->form, "geometry"));
  g_assert_null (alm_record_form_find_row (fixture->form, "gone"));

  alm_record_form_set_model (fixture->form, NULL);
  g_assert_null (gtk_widget_get_first_child (GTK_WIDGET (fixture->form)));
  g_assert_null (alm_record_form_find_row (fixture->form, "number"));
}

/* What is typed belongs to the record it was typed for. */
static void
test_typing_stays_with_its_record (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  set_fields (fixture, "{\"height\":12}", FALSE);
  gtk_editable_set_text (entry_of (fixture, "height"), "14");
  g_assert_true (alm_record_form_is_typing (fixture->form));
  set_fields (fixture, "{\"height\":13}", TRUE);
  g_assert_cmpstr (gtk_editable_get_text (entry_of (fixture, "height")), ==, "14");
  set_fields (fixture, "{\"height\":3}", FALSE);
  g_assert_cmpstr (gtk_editable_get_text (entry_of (fixture, "height")), ==, "3");
  g_assert_false (alm_record_form_is_typing (fixture->form));
  g_assert_cmpstr (fixture->edits->str, ==, "");
}

static void
test_all_that_fits_is_handed_on (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  set_fields (fixture, "{\"height\":12,\"species\":\"Linde\",\"street\":\"Markt\"}", FALSE);
  gtk_editable_set_text (entry_of (fixture, "species"), "Eiche");
  gtk_editable_set_text (entry_of (fixture, "height"), "hoch");
  gtk_editable_set_text (entry_of (fixture, "street"), "");
  alm_record_form_commit (fixture->form);
  g_assert_cmpstr (fixture->edits->str, ==, "species=\"Eiche\" street=empty ");
  g_assert_true (alm_record_form_is_typing (fixture->form));
}

static void
note_conflict_cb (AlmRecordForm *form,
                  const char    *field,
                  GtkWidget     *mark,
                  GString       *out)
{
  g_assert_true (GTK_IS_WIDGET (mark));
  g_string_append_printf (out, "%s ", field);
}

static gboolean
has_mark (Fixture    *fixture,
          const char *name)
{
  AlmFieldRow *row = alm_record_form_find_row (fixture->form, name);

  return gtk_widget_get_visible (alm_field_row_get_mark (row));
}

static void
test_a_conflict_of_a_group_stands_at_each_field (Fixture       *fixture,
                                                 gconstpointer  user_data)
{
  static const char *const conflicts[] = { "size", "height", NULL };
  static const char *const waiting[] = { "street", NULL };
  g_autoptr (GString) pressed = g_string_new (NULL);
  AlmFieldRow *row = alm_record_form_find_row (fixture->form, "height");

  alm_record_form_set_conflicts (fixture->form, conflicts);
  g_assert_true (has_mark (fixture, "width"));
  g_assert_true (has_mark (fixture, "depth"));
  g_assert_true (has_mark (fixture, "height"));
  g_assert_false (has_mark (fixture, "street"));

  alm_record_form_set_waiting (fixture->form, waiting);
  row = alm_record_form_find_row (fixture->form, "street");
  g_assert_true (alm_test_bench_says (GTK_WIDGET (row), "waiting"));
  row = alm_record_form_find_row (fixture->form, "height");
  g_assert_false (alm_test_bench_says (GTK_WIDGET (row), "waiting"));

  g_signal_connect (fixture->form, "conflict-activated", G_CALLBACK (note_conflict_cb), pressed);
  alm_test_bench_press (GTK_WIDGET (row), "Conflict");
  g_assert_cmpstr (pressed->str, ==, "height ");

  alm_record_form_set_conflicts (fixture->form, NULL);
  g_assert_false (has_mark (fixture, "width"));
}

static void
test_a_deleted_record_is_only_read (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  alm_record_form_set_writes (fixture->form, 0);
  g_assert_false (gtk_editable_get_editable (entry_of (fixture, "height")));
  g_assert_null (gtk_widget_get_tooltip_text (
    GTK_WIDGET (alm_record_form_find_row (fixture->form, "height"))));
  alm_record_form_set_writes (fixture->form, ALM_CLASS_INTERNAL);
  g_assert_true (gtk_editable_get_editable (entry_of (fixture, "height")));
}

/* A field outside the classes that may be changed stands there to be read. */
static void
test_a_field_of_another_class_is_only_read (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  AlmFieldRow *row = alm_record_form_find_row (fixture->form, "inspector");

  alm_record_form_set_writes (fixture->form, ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL);
  g_assert_true (gtk_editable_get_editable (entry_of (fixture, "height")));
  g_assert_false (gtk_editable_get_editable (entry_of (fixture, "inspector")));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (GTK_WIDGET (row)), ==,
                   "You may only read this field.");
  alm_record_form_set_writes (fixture->form, ALM_CLASS_INTERNAL | ALM_CLASS_PERSONAL);
  g_assert_true (gtk_editable_get_editable (entry_of (fixture, "inspector")));
  g_assert_null (gtk_widget_get_tooltip_text (GTK_WIDGET (row)));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/app/record-form/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("rows", test_each_field_but_the_place_has_a_row);
  ADD ("typing", test_typing_stays_with_its_record);
  ADD ("commit", test_all_that_fits_is_handed_on);
  ADD ("marks", test_a_conflict_of_a_group_stands_at_each_field);
  ADD ("read-only", test_a_deleted_record_is_only_read);
  ADD ("classes", test_a_field_of_another_class_is_only_read);

  return g_test_run ();
}
