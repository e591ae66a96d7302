/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-front-chunks.h"

#include <string.h>

/* Of @text, cut at @cut: the bytes that are of the body; -1: it is none. */
static gssize
measure (const char          *text,
         gsize                cut,
         AlmFrontChunksState *state)
{
  AlmFrontChunks chunks = { 0 };
  gssize first = alm_front_chunks_read (&chunks, text, cut);
  gssize second = first < 0 ? -1 : alm_front_chunks_read (&chunks, text + cut, strlen (text) - cut);

  *state = chunks.state;

  return second < 0 ? -1 : first + second;
}

static void
test_bodies (void)
{
  static const struct { const char *text; int size; gboolean done; } cases[] = {
    { "0\r\n\r\n", 5, TRUE },
    { "0\r\n\r\nGET", 5, TRUE },
    { "5\r\nab\r\nc\r\n00000000\r\n\r\n", 22, TRUE },
    { "A;x=\"y\"\t\xff\r\n0123456789\r\n1;\r\n\n\r\n0;x\r\n\r\n0", 37, TRUE },
    { "7fffffff\r\n", 10 }, { "ffffffff\r\n", 10 },
    { "", 0 }, { "0\r\n", 3 }, { "2\r\nab\r", 6 },
    { "\r\n", -1 }, { "x", -1 }, { "-1\r\n", -1 }, { "+1\r\n", -1 }, { " 1\r\n", -1 },
    { "1 \r\na", -1 }, { "0x1\r\n", -1 }, { "000000001\r\n", -1 }, { ";x\r\n", -1 }, { "1\na", -1 },
    { "1\r\rab", -1 }, { "1;\n", -1 }, { "1;\x01", -1 }, { "1\r\nab\r\n", -1 }, { "1\r\na\n", -1 },
    { "1\r\na\rx", -1 }, { "0\r\nA: b\r\n\r\n", -1 }, { "0\r\n\rx", -1 }, { "0\r\n\n", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize cut = 0; cut <= strlen (cases[i].text); cut++)
      {
        AlmFrontChunksState state;

        g_assert_cmpint (measure (cases[i].text, cut, &state), ==, cases[i].size);
        g_assert_cmpint (state == ALM_FRONT_CHUNKS_BROKEN, ==, cases[i].size < 0);
        g_assert_cmpint (state == ALM_FRONT_CHUNKS_DONE, ==, cases[i].done);
      }
}

/* A line that says how long a chunk is has an end. */
static void
test_long_line (void)
{
  g_autofree char *dots = g_strnfill (200, '.');
  AlmFrontChunks chunks = { 0 };

  g_assert_cmpint (alm_front_chunks_read (&chunks, "1;", 2), ==, 2);
  g_assert_cmpint (alm_front_chunks_read (&chunks, dots, 90), ==, 90);
  g_assert_cmpint (alm_front_chunks_read (&chunks, dots, 90), ==, -1);
  /* Once broken it stays so. */
  g_assert_cmpint (alm_front_chunks_read (&chunks, "\r\n", 2), ==, -1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/front-chunks/bodies", test_bodies);
  g_test_add_func ("/server/front-chunks/long-line", test_long_line);

  return g_test_run ();
}
