/* SPDX-License-Identifier: EUPL-1.2 */

/* The quality report of an import.  One thread at a time. */

#include "config.h"

#include "alm-import-report.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LINES_MAX 20

typedef struct
{
  const char *code;
  gint64      count;
  gint64      lines[LINES_MAX];
  guint       n_lines;
  char       *text;
} Issue;

struct _AlmImportReport
{
  GPtrArray *issues;
};

static const struct { const char *code, *text; } sentences[] = {
  { "control-character", N_("Invisible control characters were taken out") },
  { "value-not-a-number", N_("Not a number; kept as text in the further details") },
  { "value-out-of-range", N_("Outside the allowed range; kept as text in the further details") },
  { "value-not-in-list", N_("Not in the list of values; kept as text in the further details") },
  { "date-unreadable", N_("Not a date; kept as text in the further details") },
  { "text-too-long", N_("Longer than allowed; kept as text in the further details") },
  { "place-missing", N_("No place") },
  { "place-outside-city", N_("The place is outside the city") },
  { "place-outside-country", N_("The place is outside the country and was left out") },
  { "place-repaired", N_("The place was written in an odd way and has been read") },
  { "geometry-repaired", N_("The area crosses or touches itself and was rebuilt") },
  { "coordinates-disagree", N_("Two columns of places are more than 5 m apart") },
  { "duplicate-key", N_("The key stands in an earlier row; this row was left out") },
  { "duplicate-place", N_("Another object is at this place already") },
  { "row-too-short", N_("The row has too few columns and was left out") },
  { "row-too-long", N_("The row has too many columns and was left out") },
  { "header-repeated", N_("The row repeats the header and was left out") },
  { "required-missing", N_("A required field is empty; the row was left out") },
  { "accuracy", N_("The reference system was guessed or is not exact") },
};

const char *
alm_import_report_explain (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (strcmp (sentences[i].code, code) == 0)
      return _(sentences[i].text);

  g_assert_not_reached ();
}

static void
issue_free (gpointer data)
{
  Issue *issue = data;

  g_free (issue->text);
  g_free (issue);
}

AlmImportReport *
alm_import_report_new (void)
{
  AlmImportReport *self = g_new0 (AlmImportReport, 1);

  self->issues = g_ptr_array_new_with_free_func (issue_free);

  return self;
}

void
alm_import_report_free (AlmImportReport *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->issues);
  g_free (self);
}

static Issue *
find_issue (AlmImportReport *self,
            const char      *code)
{
  for (guint i = 0; i < self->issues->len; i++)
    if (strcmp (((Issue *) self->issues->pdata[i])->code, code) == 0)
      return self->issues->pdata[i];

  return NULL;
}

void
alm_import_report_add (AlmImportReport *self,
                       const char      *code,
                       gint64           line,
                       guint            times,
                       const char      *text)
{
  Issue *issue = find_issue (self, code);

  if (issue == NULL)
    {
      issue = g_new0 (Issue, 1);
      issue->code = g_intern_string (code);
      issue->text = text != NULL
                    ? g_strdup_printf ("%s: %s", alm_import_report_explain (code), text)
                    : g_strdup (alm_import_report_explain (code));
      g_ptr_array_add (self->issues, issue);
    }
  issue->count += times;
  if (line > 0 && issue->n_lines < LINES_MAX
      && (issue->n_lines == 0 || issue->lines[issue->n_lines - 1] != line))
    issue->lines[issue->n_lines++] = line;
}

gint64
alm_import_report_count (AlmImportReport *self,
                         const char      *code)
{
  Issue *issue = find_issue (self, code);

  return issue != NULL ? issue->count : 0;
}

guint
alm_import_report_get_n (AlmImportReport *self)
{
  return self->issues->len;
}

static int
compare_issues (gconstpointer a,
                gconstpointer b)
{
  const Issue *left = *(Issue *const *) a, *right = *(Issue *const *) b;

  if (left->count != right->count)
    return left->count > right->count ? -1 : 1;

  return strcmp (left->code, right->code);
}

AlmValue *
alm_import_report_to_value (AlmImportReport *self)
{
  AlmValue *list = alm_value_new_list ();

  g_ptr_array_sort (self->issues, compare_issues);
  for (guint i = 0; i < self->issues->len; i++)
    {
      const Issue *issue = self->issues->pdata[i];
      AlmValue *value = alm_value_new_object ();
      AlmValue *lines = alm_value_new_list ();

      for (guint k = 0; k < issue->n_lines; k++)
        alm_value_append (lines, alm_value_new_integer (issue->lines[k]));
      alm_value_set_text (value, "code", issue->code);
      alm_value_set_integer (value, "count", issue->count);
      alm_value_set (value, "lines", lines);
      alm_value_set_text (value, "text", issue->text);
      alm_value_append (list, value);
    }

  return list;
}
