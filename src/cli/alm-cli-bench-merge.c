/* SPDX-License-Identifier: EUPL-1.2 */

/* bench merge: what the merge of one record costs, on desk and server alike.  No file,
 * no wire: the processor alone. */

#include "config.h"

#include "alm-cli-bench.h"
#include "alm-cli-desk.h"
#include "alm-merge.h"

#define TRIPLES 1000
#define RUNS    5

typedef struct
{
  AlmValue *base;
  AlmValue *theirs;
  AlmValue *mine;
} Triple;

static void
triple_clear (gpointer data)
{
  Triple *self = data;

  alm_value_unref (self->base);
  alm_value_unref (self->theirs);
  alm_value_unref (self->mine);
}

/* Every fourth changes the same field on both sides, and collides. */
static Triple
make_triple (AlmRandom *random,
             guint      i)
{
  const char *field = i % 4 == 0 ? "girth" : "street";
  Triple triple = { alm_value_new_object (), alm_cli_bench_make_tree (random, i),
                    alm_value_new_object () };

  alm_value_set (triple.base, field, alm_value_ref (alm_value_get (triple.theirs, field)));
  alm_value_set_integer (triple.theirs, "girth", 1000);
  if (i % 4 == 0)
    alm_value_set_integer (triple.mine, field, 2000);
  else
    alm_value_set_text (triple.mine, field, "Neue Straße");

  return triple;
}

/* µs of each of all @rows merges; how many collided. */
static double
merge_all (const AlmModel *model,
           const GArray   *triples,
           guint           rows,
           guint          *collided)
{
  double begin = alm_cli_bench_cpu ();

  *collided = 0;
  for (guint i = 0; i < rows; i++)
    {
      const Triple *triple = &g_array_index (triples, Triple, i % triples->len);
      g_autoptr (GPtrArray) conflicts =
        g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
      g_autoptr (AlmValue) merged = alm_merge_fields (model, triple->base, triple->theirs,
                                                      triple->mine, conflicts);

      *collided += conflicts->len;
    }

  return (alm_cli_bench_cpu () - begin) * 1e6 / rows;
}

static gboolean
measure_merge (AlmBench  *self,
               GError   **error)
{
  g_autoptr (AlmValue) shipped = alm_cli_bench_read_model (error);
  g_autoptr (AlmModel) model = NULL;
  g_autoptr (GArray) triples = g_array_new (FALSE, FALSE, sizeof (Triple));
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (AlmValue) line = NULL;
  AlmRandom random;
  guint wanted = 0, collided;

  if (shipped == NULL)
    return FALSE;

  model = alm_model_new ("tree", alm_value_get (shipped, "schema"), NULL);
  g_array_set_clear_func (triples, triple_clear);
  alm_random_seed (&random, 1);
  for (guint i = 0; i < TRIPLES; i++)
    {
      Triple triple = make_triple (&random, i);

      g_array_append_val (triples, triple);
    }
  for (guint i = 0; i < self->rows; i++)
    wanted += i % TRIPLES % 4 == 0;

  for (guint i = 0; i < RUNS; i++)
    {
      double each = merge_all (model, triples, self->rows, &collided);

      g_array_append_val (times, each);
      if (collided != wanted)
        return alm_cli_refuse (error, "%u merges collided, not %u", collided, wanted);
    }
  line = alm_cli_bench_figure_of (self, "merge", times, "us CPU each");
  alm_value_set_integer (line, "collided", wanted);
  alm_cli_bench_say (self, line, FALSE);

  return TRUE;
}

int
alm_cli_bench_merge (AlmCli  *cli,
                     int      argc,
                     char   **argv)
{
  return alm_cli_bench_run ("bench merge", argc, argv, measure_merge);
}
