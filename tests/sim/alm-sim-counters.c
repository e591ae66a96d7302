/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-sim-counters.h"

static const struct
{
  const char *name;
  gsize       offset;
} counters[] = {
#define C(field, name) { name, G_STRUCT_OFFSET (AlmSimCounters, field) },
  ALM_SIM_COUNTERS
#undef C
};

static guint64
get (const AlmSimCounters *self,
     guint                 i)
{
  return G_STRUCT_MEMBER (guint64, self, counters[i].offset);
}

char *
alm_sim_counters_print (const AlmSimCounters *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    g_string_append_printf (text, "%s%s %" G_GUINT64_FORMAT, i > 0 ? ", " : "", counters[i].name,
                            get (self, i));

  return g_string_free (text, FALSE);
}

char *
alm_sim_counters_json (const AlmSimCounters *self)
{
  GString *text = g_string_new ("{");

  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    g_string_append_printf (text, "%s\"%s\":%" G_GUINT64_FORMAT, i > 0 ? "," : "",
                            counters[i].name, get (self, i));
  g_string_append_c (text, '}');

  return g_string_free (text, FALSE);
}

const char *
alm_sim_counters_miss (const AlmSimCounters *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    if (get (self, i) == 0)
      return counters[i].name;

  return NULL;
}
