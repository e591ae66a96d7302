/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Entries of two lines for a row of the import assistant: what one chooses, and in
 * grey what speaks for it.  Main thread only. */

/* The row shows the first lines of its choice, its list both; the model is a
 * GtkStringList that is filled by append(). */
void alm_import_choices_set_up (AdwComboRow   *row);
/* @detail: nullable */
void alm_import_choices_append (GtkStringList *list,
                                const char    *title,
                                const char    *detail);

G_END_DECLS
