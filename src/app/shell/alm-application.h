/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ALM_TYPE_APPLICATION (alm_application_get_type ())
G_DECLARE_FINAL_TYPE (AlmApplication, alm_application, ALM, APPLICATION, AdwApplication)

/* @profile: folder of the profile, NULL = the usual place */
AlmApplication *alm_application_new    (const char *profile);
/* The id under which an instance for that profile is known on the session bus. */
char           *alm_application_id_for (const char *profile);

G_END_DECLS
