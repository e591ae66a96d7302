/* SPDX-License-Identifier: EUPL-1.2 */

/* Records on the wire: lines, pages, packs. */

#include "config.h"

#include "alm-format-error.h"
#include "alm-json.h"
#include "alm-wire-feed.h"

#include <string.h>

#define ID "\"01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10\""
#define LINE "{\"f\":{\"species\":\"Linde\"},\"id\":" ID ",\"k\":\"tree\"," \
             "\"s\":\"ksj/baeume\",\"v\":5}\n"
#define GONE "{\"del\":true,\"erased\":[\"owner\"],\"id\":" ID ",\"k\":\"tree\"," \
             "\"s\":\"ksj/baeume\",\"v\":6}\n"
#define END  "{\"cursors\":{\"ksj/baeume\":6},\"digest\":{},\"more\":true,\"rights\":\"r\"}\n"

static void
test_a_page_comes_back_as_it_was (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmWirePage) page = alm_wire_page_parse (LINE GONE END, strlen (LINE GONE END),
                                                      &error);
  g_autoptr (GString) back = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < page->records->len; i++)
    alm_wire_record_print (&g_array_index (page->records, AlmWireRecord, i), back);
  alm_wire_page_end (back, page->cursors, page->more, page->rights, page->digest);
  g_assert_cmpstr (back->str, ==, LINE GONE END);
}

static void
test_pages_that_are_not_sound_are_refused (void)
{
  static const char *const bad[] = {
    "", LINE, LINE GONE, END END, END LINE,
    "{\"cursors\":{\"ksj/baeume\":4},\"more\":false}\n",
    LINE "{\"cursors\":{\"ksj/baeume\":4},\"more\":false,\"rights\":\"r\"}\n",
    LINE "{\"cursors\":{\"x\":9},\"more\":false,\"rights\":\"r\"}\n",
    "{\"cursors\":{\"ksj/baeume\":\"6\"},\"more\":false,\"rights\":\"r\"}\n",
    "{\"cursors\":[],\"more\":false,\"rights\":\"r\"}\n",
    "\n" END,
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      if (alm_wire_page_parse (bad[i], strlen (bad[i]), &error) != NULL)
        g_error ("taken: %s", bad[i]);
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
}

static void
test_lines_that_are_no_record_are_refused (void)
{
  static const char *const bad[] = {
    "{}", "[]", "{\"s\":\"A\",\"k\":\"tree\",\"v\":1,\"id\":" ID ",\"f\":{}}",
    "{\"s\":\"a\",\"k\":\"Tree\",\"v\":1,\"id\":" ID ",\"f\":{}}",
    "{\"s\":\"a\",\"k\":\"tree\",\"v\":0,\"id\":" ID ",\"f\":{}}",
    "{\"s\":\"a\",\"k\":\"tree\",\"v\":1,\"id\":\"x\",\"f\":{}}",
    "{\"s\":\"a\",\"k\":\"tree\",\"v\":1,\"id\":" ID "}",
    "{\"s\":\"a\",\"k\":\"tree\",\"v\":1,\"id\":" ID ",\"f\":[]}",
    "{\"s\":\"a\",\"k\":\"tree\",\"v\":1,\"id\":" ID ",\"f\":{},\"erased\":[1]}",
    "{\"s\":\"a\",\"k\":\"tree\",\"v\":1,\"id\":" ID ",\"f\":{},\"f\":{}}",
    "{\"s\":\"a\",\"k\":\"tree\",\"v\":1,\"id\":" ID ",\"f\":{\"x\":\"\\u0000\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      AlmWireRecord record;
      g_autoptr (GError) error = NULL;

      g_assert_false (alm_wire_record_parse (&record, bad[i], strlen (bad[i]), &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == ALM_FORMAT_ERROR);
    }
}

static void
test_feed_request_is_canonical (void)
{
  g_autoptr (AlmValue) cursors = alm_value_new_object ();
  g_autofree char *text = NULL;

  alm_value_set_integer (cursors, "ksj/baeume", 9);
  text = alm_wire_feed_request ("e1", cursors, 5000, 25);
  g_assert_cmpstr (text, ==, "{\"cursors\":{\"ksj/baeume\":9},\"epoch\":\"e1\",\"max\":5000,"
                             "\"wait\":25}");
}

static void
test_the_ends_of_a_pack (void)
{
  static const char head_text[] = "{\"classes\":[\"public\"],\"epoch\":\"e1\",\"pack\":1,"
                                  "\"records\":3,\"scope\":\"ksj/baeume\",\"seq\":9}\n";
  g_auto (AlmWirePackHead) head = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (AlmValue) digest = NULL;
  g_autoptr (AlmValue) told = NULL;
  g_autoptr (GError) error = NULL;
  gint64 count;

  g_assert_true (alm_wire_pack_head_parse (&head, head_text, strlen (head_text), &error));
  alm_wire_pack_head_print (&head, text);
  g_assert_cmpstr (text->str, ==, head_text);

  g_string_truncate (text, 0);
  digest = alm_value_new_object ();
  alm_value_set_text (digest, "public", "00");
  alm_wire_pack_end_print (text, 3, digest);
  g_assert_true (alm_wire_pack_end_parse (text->str, text->len, &count, &told, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count, ==, 3);
  g_assert_true (alm_value_equal (told, digest));

  g_clear_pointer (&told, alm_value_unref);
  g_assert_false (alm_wire_pack_end_parse (LINE, strlen (LINE), &count, &told, &error));
  g_assert_no_error (error);
  g_assert_false (alm_wire_pack_end_parse ("{\"end\":\"3\"}", 11, &count, &told, &error));
  g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/wire-feed/a-page-comes-back-as-it-was",
                   test_a_page_comes_back_as_it_was);
  g_test_add_func ("/format/wire-feed/pages-that-are-not-sound-are-refused",
                   test_pages_that_are_not_sound_are_refused);
  g_test_add_func ("/format/wire-feed/lines-that-are-no-record-are-refused",
                   test_lines_that_are_no_record_are_refused);
  g_test_add_func ("/format/wire-feed/feed-request-is-canonical",
                   test_feed_request_is_canonical);
  g_test_add_func ("/format/wire-feed/the-ends-of-a-pack", test_the_ends_of_a_pack);

  return g_test_run ();
}
