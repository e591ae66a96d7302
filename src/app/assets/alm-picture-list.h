/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-model.h"
#include "alm-workbench.h"

G_BEGIN_DECLS

/* The control of a field that names several files: one AlmPictureEntry for each, and one
 * for another.
 *
 * Signals:
 *   "chosen" (AlmValue *value): the list as the user has made it; NULL = none. */
#define ALM_TYPE_PICTURE_LIST (alm_picture_list_get_type ())
G_DECLARE_FINAL_TYPE (AlmPictureList, alm_picture_list, ALM, PICTURE_LIST, GtkWidget)

/* @field: a list of files; borrowed; outlives the widget */
GtkWidget *alm_picture_list_new          (AlmWorkbench    *workbench,
                                          const AlmField  *field);
/* @value: NULL for none */
void       alm_picture_list_set_value    (AlmPictureList  *self,
                                          AlmValue        *value);
void       alm_picture_list_set_editable (AlmPictureList  *self,
                                          gboolean         editable);

G_END_DECLS
