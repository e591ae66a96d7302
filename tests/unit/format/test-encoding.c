/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-encoding.h"
#include "alm-format-error.h"

#include <string.h>

static gboolean
guess (const char   *bytes,
       gsize         length,
       gsize         chunk,
       AlmEncoding  *encoding,
       GError      **error)
{
  AlmEncodingScan scan;
  const char *reason = NULL;
  gboolean fine;

  alm_encoding_scan_init (&scan);
  for (gsize at = 0; at < length; at += chunk)
    alm_encoding_scan_feed (&scan, bytes + at, MIN (chunk, length - at));
  fine = alm_encoding_scan_guess (&scan, encoding, &reason, error);
  g_assert_true (!fine || (reason != NULL && *reason != '\0'));

  return fine;
}

#define TEXT(text) (text), sizeof (text) - 1

static void
test_the_bytes_say_what_they_are (void)
{
  static const struct { const char *bytes; gsize length; AlmEncoding encoding; } cases[] = {
    { TEXT ("Baum\n"), ALM_ENCODING_UTF8 },
    { TEXT ("B\xc3\xa4ume\n"), ALM_ENCODING_UTF8 },
    { TEXT ("\xef\xbb\xbf" "B\xc3\xa4ume\n"), ALM_ENCODING_UTF8 },
    { TEXT ("\xff\xfe" "B\0"), ALM_ENCODING_UTF16LE },
    { TEXT ("\xfe\xff\0B"), ALM_ENCODING_UTF16BE },
    { TEXT ("B\xe4ume, Stra\xdf" "e\n"), ALM_ENCODING_LATIN1 },
    { TEXT ("B\xe4ume \x84gro\xdf\x93\n"), ALM_ENCODING_WINDOWS },
    { TEXT ("5 \x80, gr\xfcn\n"), ALM_ENCODING_WINDOWS },
    { TEXT ("B\x84ume, Stra\xe1" "e, \x99lweg, gr\x81n\n"), ALM_ENCODING_CP850 },
    { TEXT ("B\xe4"), ALM_ENCODING_LATIN1 },
    { TEXT ("\xc4rzte \xe2\x82\xac\n"), ALM_ENCODING_WINDOWS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize chunk = 1; chunk < 5; chunk++)
      {
        g_autoptr (GError) error = NULL;
        AlmEncoding encoding;

        g_assert_true (guess (cases[i].bytes, cases[i].length, chunk, &encoding, &error));
        g_assert_no_error (error);
        g_assert_cmpint (encoding, ==, cases[i].encoding);
      }
}

static void
test_mixed_cut_and_empty_files_are_refused (void)
{
  static const struct { const char *bytes; gsize length; const char *words; } cases[] = {
    { TEXT (""), "the file is empty" },
    { TEXT ("a\n\xc3\xa4\xc3\xb6\xc3\xbc\nx\nB\xe4ume\n"), "line 2 is UTF-8, line 4 is not" },
    { TEXT ("\xc3\xa4\xc3\xb6\xc3\xbc\nab\xc3"), "line 2: the file ends in the middle" },
    { TEXT ("a\nb\0c"), "line 2: a NUL" },
    { TEXT ("\xef\xbb\xbfx\nB\xe4ume"), "line 2: not UTF-8" },
    { TEXT ("\xed\xa0\x80 \xc3\xa4\xc3\xb6\xc3\xbc"), "line 1 is UTF-8, line 1 is not" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AlmEncoding encoding;

      g_assert_false (guess (cases[i].bytes, cases[i].length, 3, &encoding, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, cases[i].words);
    }
}

static void
test_what_is_claimed_must_not_contradict_the_bytes (void)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
    AlmEncoding claim;
    gboolean    allowed;
  } cases[] = {
    { TEXT ("B\xe4ume"), ALM_ENCODING_UTF8, FALSE },
    { TEXT ("B\xe4ume"), ALM_ENCODING_LATIN1, TRUE },
    { TEXT ("B\xe4ume"), ALM_ENCODING_CP850, TRUE },
    { TEXT ("\xc3\xa4\xc3\xb6\xc3\xbc"), ALM_ENCODING_LATIN1, FALSE },
    { TEXT ("\xc3\xa4\xc3\xb6\xc3\xbc"), ALM_ENCODING_UTF8, TRUE },
    { TEXT ("\xff\xfe" "a\0"), ALM_ENCODING_UTF8, FALSE },
    { TEXT ("abc"), ALM_ENCODING_CP850, TRUE },
    { TEXT ("a\0b"), ALM_ENCODING_LATIN1, FALSE },
    { TEXT (""), ALM_ENCODING_UTF8, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AlmEncodingScan scan;

      alm_encoding_scan_init (&scan);
      alm_encoding_scan_feed (&scan, cases[i].bytes, cases[i].length);
      g_assert_cmpint (alm_encoding_scan_allows (&scan, cases[i].claim, &error), ==,
                       cases[i].allowed);
      g_assert_true ((error == NULL) == cases[i].allowed);
    }
}

/* Every byte of every table against iconv, which the C library brings. */
static void
test_the_tables_are_those_of_iconv (void)
{
  static const AlmEncoding encodings[] = {
    ALM_ENCODING_LATIN1, ALM_ENCODING_WINDOWS, ALM_ENCODING_CP850
  };
  static const char *const charsets[] = { "ISO-8859-1", "CP1252", "CP850" };

  for (guint e = 0; e < G_N_ELEMENTS (encodings); e++)
    for (guint byte = 1; byte < 256; byte++)
      {
        g_autoptr (GString) out = g_string_new (NULL);
        char one = (char) byte;
        g_autofree char *wanted = g_convert (&one, 1, "UTF-8", charsets[e], NULL, NULL, NULL);
        AlmDecoder decoder;

        alm_decoder_init (&decoder, encodings[e]);
        g_assert_true (alm_decoder_feed (&decoder, &one, 1, out, NULL));
        if (wanted != NULL)
          g_assert_cmpstr (out->str, ==, wanted);
      }
}

static void
test_names_go_both_ways (void)
{
  for (guint i = ALM_ENCODING_UTF8; i <= ALM_ENCODING_UTF16BE; i++)
    {
      AlmEncoding encoding;

      g_assert_true (alm_encoding_from_text (alm_encoding_to_text (i), &encoding));
      g_assert_cmpint (encoding, ==, (int) i);
    }
  g_assert_false (alm_encoding_from_text ("EBCDIC", &(AlmEncoding) { 0 }));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/encoding/guess", test_the_bytes_say_what_they_are);
  g_test_add_func ("/format/encoding/refused", test_mixed_cut_and_empty_files_are_refused);
  g_test_add_func ("/format/encoding/claim", test_what_is_claimed_must_not_contradict_the_bytes);
  g_test_add_func ("/format/encoding/tables", test_the_tables_are_those_of_iconv);
  g_test_add_func ("/format/encoding/names", test_names_go_both_ways);

  return g_test_run ();
}
