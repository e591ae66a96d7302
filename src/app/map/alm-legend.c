/* SPDX-License-Identifier: EUPL-1.2 */

/* The words of a legend: the titles of a code list, or the limits of five equal
 * parts with their unit.  Main thread. */

#include "config.h"

#include "alm-legend.h"

#include <glib/gi18n.h>
#include <math.h>

const char *
alm_legend_get_language (void)
{
  /* Translators: the two letters of the language you translate into. */
  return _("en");
}

static void
line_free (gpointer data)
{
  AlmLegendLine *line = data;

  g_free (line->title);
  g_free (line->of);
  g_free (line);
}

/* Years and the like are not grouped. */
static char *
format_number (double      value,
               const char *unit)
{
  g_autofree char *text = fabs (value) >= 10000.0  ? g_strdup_printf ("%'.0f", value)
                          : fabs (value) >= 1000.0 ? g_strdup_printf ("%.0f", value)
                                                   : g_strdup_printf ("%.3g", value);

  return unit != NULL ? g_strdup_printf ("%s %s", text, unit) : g_steal_pointer (&text);
}

/* (transfer full); NULL: nothing can be in that part. */
static char *
describe_part (guint         class_,
               const double *limits,
               const char   *unit)
{
  g_autofree char *from = class_ > 1 ? format_number (limits[class_ - 2], unit) : NULL;
  g_autofree char *below = class_ < ALM_SYMBOL_QUANTILES
                             ? format_number (limits[class_ - 1], unit) : NULL;

  if (from == NULL)
    /* Translators: a number with its unit. */
    return g_strdup_printf (_("under %s"), below);
  if (below == NULL)
    /* Translators: a number with its unit. */
    return g_strdup_printf (_("%s or more"), from);
  if (limits[class_ - 1] <= limits[class_ - 2])
    return NULL;

  /* Translators: two numbers with their units; the second one is not reached. */
  return g_strdup_printf (_("%s to under %s"), from, below);
}

static void
add_line (GPtrArray      *lines,
          guint           class_,
          char           *title,
          const AlmField *by)
{
  AlmLegendLine *line = g_new0 (AlmLegendLine, 1);

  line->class_ = class_;
  line->title = title;
  line->of = g_strdup (alm_field_get_title (by, alm_legend_get_language ()));
  g_ptr_array_add (lines, line);
}

GPtrArray *
alm_legend_make (const AlmModel  *model,
                 const AlmSymbol *symbol,
                 const double    *limits)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  const char *name = alm_symbol_get_by (symbol);
  const AlmField *by = name != NULL ? alm_model_find_field (model, name) : NULL;
  guint n = alm_symbol_get_n_classes (symbol);

  if (by == NULL || n < 2)
    return lines;

  for (guint i = 1; i < n; i++)
    {
      char *title = alm_symbol_has_quantiles (symbol)
                      ? describe_part (i, limits, by->unit)
                      : g_strdup (alm_symbol_get_class_title (symbol, i,
                                                              alm_legend_get_language ()));

      if (title != NULL)
        add_line (lines, i, title, by);
    }
  add_line (lines, 0, g_strdup (_("not given")), by);

  return lines;
}
