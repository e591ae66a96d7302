/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-map-data.h"

G_BEGIN_DECLS

/* Goes to a reader's thread and comes back. */
typedef struct
{
  GPtrArray *known;     /* AlmAssetTable with references of its own; NULL: load all */
  GArray    *rids;
  GPtrArray *tables;    /* the answer */
  AlmLabels *labels;
  GArray    *boxes;     /* AlmBox: where something was or is */
} AlmMapJob;

void           alm_map_job_free        (gpointer    data);
GPtrArray     *alm_map_job_copy_tables (GPtrArray  *tables);
AlmAssetTable *alm_map_job_find_table  (GPtrArray  *tables,
                                        const char *kind);
/* Of the base kinds' names. */
AlmLabels     *alm_map_job_make_labels (GPtrArray  *tables);
/* For alm_records_read_async(): an AlmMapJob as the answer. */
gpointer       alm_map_job_load        (AlmDesk    *desk,
                                        gpointer    data,
                                        GError    **error);
gpointer       alm_map_job_merge       (AlmDesk    *desk,
                                        gpointer    data,
                                        GError    **error);

G_END_DECLS
