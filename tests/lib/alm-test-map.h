/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One table of so many points, a square of about 13 km around Jena; (transfer full)
 * (element-type AlmAssetTable). */
GPtrArray *alm_test_map_make_tables (int      n_points,
                                     guint64  seed);
void       alm_test_map_add_style   (void);

G_END_DECLS
