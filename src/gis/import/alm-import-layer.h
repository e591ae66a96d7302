/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-feature-stream.h"

G_BEGIN_DECLS

/* What a file holds of lists, where these are several. */
typedef struct
{
  char     *name;
  char     *geometry;           /* the format's own type; NULL = a table */
  gint64    count;              /* −1 = the format does not say */
  gboolean  fits;               /* holds what is wanted */
} AlmImportLayer;

void        alm_import_layer_free          (AlmImportLayer         *self);
/* Adds one to @layers (nullable). */
void        alm_import_layer_note          (GPtrArray              *layers,
                                            const char             *name,
                                            const char             *geometry,
                                            gint64                  count,
                                            gboolean                fits);
/* NULL = none, it is a table */
const char *alm_import_layer_get_geometry  (const AlmFeatureLayer  *layer);
/* Which layer of a stream is @name (nullable) or holds what is wanted best.  @layers
 * (nullable): where several are noted.  −1 with ALM_IMPORT_ERROR_LAYER where one has to
 * be chosen, with G_IO_ERROR_INVALID_DATA where all are empty. */
int         alm_import_layer_choose        (AlmFeatureStream       *stream,
                                            const char             *wanted,
                                            const char             *name,
                                            GPtrArray              *layers,
                                            GError                **error);
/* FALSE with ALM_IMPORT_ERROR_LAYER.  @names: (element-type utf8) */
gboolean    alm_import_layer_refuse_choice (GPtrArray              *names,
                                            GError                **error);

G_END_DECLS
