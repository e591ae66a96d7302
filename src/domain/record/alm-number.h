/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Room for every double that is printed here, with its NUL. */
#define ALM_NUMBER_SIZE 40

/* Writes the shortest of %.15g, %.16g and %.17g that reads back the same.
 * Returns the length. */
gsize    alm_number_print         (double       number,
                                   char         text[ALM_NUMBER_SIZE]);
gsize    alm_number_print_integer (gint64       number,
                                   char         text[ALM_NUMBER_SIZE]);

/* The double nearest to @text, which is a number of JSON; FALSE: it is too long
 * or out of range. */
gboolean alm_number_parse         (const char  *text,
                                   gsize        length,
                                   double      *number);

G_END_DECLS
