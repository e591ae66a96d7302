/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-model.h"
#include "alm-workbench.h"

G_BEGIN_DECLS

/* The control of a field that names a file: the picture, which opens in full, or where it
 * is; buttons to choose another one, to fetch it and to let go.  A file may be dropped on it.
 *
 * Signals:
 *   "chosen" (AlmValue *value): by the user, when the file is in the profile; NULL = none. */
#define ALM_TYPE_PICTURE_ENTRY (alm_picture_entry_get_type ())
G_DECLARE_FINAL_TYPE (AlmPictureEntry, alm_picture_entry, ALM, PICTURE_ENTRY, GtkWidget)

/* @field: borrowed; outlives the widget */
GtkWidget *alm_picture_entry_new          (AlmWorkbench    *workbench,
                                           const AlmField  *field);
/* @value: NULL for none */
void       alm_picture_entry_set_value    (AlmPictureEntry *self,
                                           AlmValue        *value);
void       alm_picture_entry_set_editable (AlmPictureEntry *self,
                                           gboolean         editable);
/* Whether it says that there is none: not where others stand above it. */
void       alm_picture_entry_set_says_none (AlmPictureEntry *self,
                                           gboolean         says);
/* Takes a file in and chooses it, as the user does. */
void       alm_picture_entry_take         (AlmPictureEntry *self,
                                           GFile           *file);

G_END_DECLS
