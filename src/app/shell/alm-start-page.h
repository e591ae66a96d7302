/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-records.h"

G_BEGIN_DECLS

/* What one sees before there is a profile, or where it cannot be opened.
 * "opened" (AlmRecords *records, gboolean connect): with @connect the user wants
 * to sign in next.
 * "training" (const char *profile): the user wants the training town, which is
 * there. */
#define ALM_TYPE_START_PAGE (alm_start_page_get_type ())
G_DECLARE_FINAL_TYPE (AlmStartPage, alm_start_page, ALM, START_PAGE, AdwBin)

/* @profile: the folder that is to be the profile */
GtkWidget *alm_start_page_new       (const char   *profile);
void       alm_start_page_set_error (AlmStartPage *self,
                                     const GError *error);

G_END_DECLS
