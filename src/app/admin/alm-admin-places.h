/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"
#include "alm-organisation.h"

G_BEGIN_DECLS

/* The city's organisation as this desk has been told, for alm_records_read_async();
 * (transfer full) (element-type AlmOrganisationPlace). */
gpointer alm_admin_places_job (AlmDesk   *desk,
                               gpointer   data,
                               GError   **error);
/* What whoever is signed in may do at all: the roles, as the server has told;
 * (transfer full), "" where it has told nothing. */
gpointer alm_admin_roles_job  (AlmDesk   *desk,
                               gpointer   data,
                               GError   **error);
/* Is there something to manage or to audit for who has @roles? */
gboolean alm_admin_roles_has  (const char *roles,
                               const char *role);

G_END_DECLS
