/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-format-error.h"
#include "alm-random.h"
#include "alm-zstd.h"

#include <string.h>

static GString *
make_text (gsize length)
{
  GString *text = g_string_new (NULL);
  AlmRandom random;

  alm_random_seed (&random, 7);
  while (text->len < length)
    g_string_append_printf (text, "{\"v\":%u,\"species\":\"Tilia\"}\n",
                            alm_random_below (&random, 100000));

  return text;
}

static void
test_what_was_packed_comes_back (void)
{
  static const gsize lengths[] = { 0, 1, 131072, 131073, 3000000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GString) text = make_text (lengths[i]);
      g_autoptr (GBytes) packed = alm_zstd_pack (text->str, text->len, 3);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) back = NULL;
      gsize length;
      gconstpointer data = g_bytes_get_data (packed, &length);

      g_assert_true (alm_zstd_is_packed (data, length));
      back = alm_zstd_unpack (data, length, text->len, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back),
                       text->str, text->len);
    }
}

static void
test_more_than_the_limit_is_refused (void)
{
  g_autoptr (GString) text = make_text (1000000);
  g_autoptr (GBytes) packed = alm_zstd_pack (text->str, text->len, 3);
  g_autoptr (GError) error = NULL;

  g_assert_null (alm_zstd_unpack (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed),
                                  text->len - 1, &error));
  g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_TOO_LARGE);
}

static void
test_every_cut_is_seen (void)
{
  g_autoptr (GString) text = make_text (2000);
  g_autoptr (GBytes) packed = alm_zstd_pack (text->str, text->len, 3);

  for (gsize cut = 0; cut < g_bytes_get_size (packed); cut++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alm_zstd_unpack (g_bytes_get_data (packed, NULL), cut, G_MAXINT, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
}

static void
test_pieces_of_any_size_give_the_same (void)
{
  g_autoptr (GString) text = make_text (400000);
  g_autoptr (GString) packed = g_string_new (NULL);
  g_autoptr (AlmZstdEncoder) encoder = alm_zstd_encoder_new (1);

  for (gsize at = 0; at < text->len; at += 7001)
    alm_zstd_encoder_push (encoder, text->str + at, MIN (7001, text->len - at), packed);
  alm_zstd_encoder_finish (encoder, packed);

  for (gsize step = 1; step < 100000; step = step * 7 + 3)
    {
      g_autoptr (AlmZstdDecoder) decoder = alm_zstd_decoder_new ();
      g_autoptr (GString) back = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      for (gsize at = 0; at < packed->len; at += step)
        {
          alm_zstd_decoder_push (decoder, packed->str + at, MIN (step, packed->len - at), back,
                                 &error);
          g_assert_no_error (error);
          g_assert_true (at + step >= packed->len || !alm_zstd_decoder_finish (decoder, NULL));
        }
      g_assert_true (alm_zstd_decoder_finish (decoder, NULL));
      g_assert_cmpmem (back->str, back->len, text->str, text->len);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/zstd/what-was-packed-comes-back", test_what_was_packed_comes_back);
  g_test_add_func ("/format/zstd/more-than-the-limit-is-refused",
                   test_more_than_the_limit_is_refused);
  g_test_add_func ("/format/zstd/every-cut-is-seen", test_every_cut_is_seen);
  g_test_add_func ("/format/zstd/pieces-of-any-size-give-the-same",
                   test_pieces_of_any_size_give_the_same);

  return g_test_run ();
}
