/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-model.h"

G_BEGIN_DECLS

/* A column of the table for one field; @model owns @field and is held. */
GtkColumnViewColumn *alm_assets_column_new       (AlmModel            *model,
                                                  const AlmField      *field,
                                                  gboolean             names_row);
const AlmField      *alm_assets_column_get_field (GtkColumnViewColumn *column);
/* An arrow in the title: 1 up, −1 down, 0 none. */
void                 alm_assets_column_mark      (GtkColumnViewColumn *column,
                                                  int                  way);

G_END_DECLS
