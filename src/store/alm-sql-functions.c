/* SPDX-License-Identifier: EUPL-1.2 */

/* What SQL can ask of the domain: the same functions as elsewhere, so that a
 * filter finds the same rows in the database and in memory.
 *
 *   german            collation, DIN 5007-1
 *   alm_casefold (t)  for comparisons without regard to case
 *   alm_day (t)       the first day of a date, date-time or EDTF text; NULL if none
 *   alm_like (t, p)   LIKE of CQL2, which knows case */

#include "config.h"

#include "alm-db-private.h"
#include "alm-edtf.h"
#include "alm-filter.h"
#include "alm-german.h"

#include <string.h>

static int
compare_german (void       *data,
                int         length_a,
                const void *a,
                int         length_b,
                const void *b)
{
  return alm_german_compare (a, (gsize) length_a, b, (gsize) length_b);
}

static void
casefold_cb (sqlite3_context  *context,
             int               n_args,
             sqlite3_value   **args)
{
  const char *text = (const char *) sqlite3_value_text (args[0]);

  if (text != NULL)
    sqlite3_result_text (context, g_utf8_casefold (text, -1), -1, g_free);
}

static void
day_cb (sqlite3_context  *context,
        int               n_args,
        sqlite3_value   **args)
{
  const char *text = (const char *) sqlite3_value_text (args[0]);
  g_autofree char *date = NULL;
  gint64 first;

  if (text == NULL)
    return;

  if (strlen (text) > 10 && text[10] == 'T')
    text = date = g_strndup (text, 10);
  if (alm_edtf_bounds (text, &first, NULL))
    sqlite3_result_int64 (context, first);
}

static void
like_cb (sqlite3_context  *context,
         int               n_args,
         sqlite3_value   **args)
{
  const char *text = (const char *) sqlite3_value_text (args[0]);
  const char *pattern = (const char *) sqlite3_value_text (args[1]);

  if (text != NULL && pattern != NULL)
    sqlite3_result_int (context, alm_filter_is_like (text, pattern));
}

gboolean
alm_sql_add_functions (sqlite3  *db,
                       GError  **error)
{
  static const struct {
    const char *name;
    int         n_args;
    void      (*func) (sqlite3_context *, int, sqlite3_value **);
  } functions[] = {
    { "alm_casefold", 1, casefold_cb },
    { "alm_day", 1, day_cb },
    { "alm_like", 2, like_cb },
  };
  int rc = sqlite3_create_collation (db, "german", SQLITE_UTF8, NULL, compare_german);

  for (gsize i = 0; rc == SQLITE_OK && i < G_N_ELEMENTS (functions); i++)
    rc = sqlite3_create_function (db, functions[i].name, functions[i].n_args,
                                  SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, functions[i].func,
                                  NULL, NULL);
  if (rc == SQLITE_OK)
    return TRUE;

  alm_sql_set_error (db, rc, error);

  return FALSE;
}
