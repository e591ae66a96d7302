/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-import.h"
#include "alm-records.h"

G_BEGIN_DECLS

/* A small map with the places of a file over the base map, so that one sees
 * where they would be put.  Main thread only. */
#define ALM_TYPE_IMPORT_PREVIEW (alm_import_preview_get_type ())
G_DECLARE_FINAL_TYPE (AlmImportPreview, alm_import_preview, ALM, IMPORT_PREVIEW, AdwBin)

GtkWidget *alm_import_preview_new        (AlmRecords       *records);
/* @points: (element-type AlmImportPoint) (nullable) */
void       alm_import_preview_set_points (AlmImportPreview *self,
                                          GArray           *points);

G_END_DECLS
