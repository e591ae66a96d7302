/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-organisation.h"

G_BEGIN_DECLS

/* What managing is about, in words.  Pure; main thread. */

/* A role that can be given. */
typedef struct
{
  const char *role;      /* "editor" */
  const char *title;     /* "Edit" */
  const char *detail;    /* what it allows, a sentence */
} AlmAdminRole;

/* The @index-th, translated; FALSE: there are no more. */
gboolean    alm_admin_text_get_role   (guint         index,
                                       AlmAdminRole *role);
/* "Edit"; a role of a newer server as it is */
const char *alm_admin_text_role       (const char   *role);
/* "Everything of Kommunalservice", "Trees (Kommunalservice)", … ; (transfer full).
 * @places: (element-type AlmOrganisationPlace), nullable */
char       *alm_admin_text_place      (GPtrArray    *places,
                                       const char   *pattern);
/* Which fields of it, and from when until when; (transfer full), "" : the usual
 * ones for ever. */
char       *alm_admin_text_terms      (const AlmValue *grant);
/* One line of the audit trail as a sentence; (transfer full) */
char       *alm_admin_text_action     (const AlmValue *line);
/* What more it says; (transfer full), "" : nothing */
char       *alm_admin_text_detail     (const AlmValue *line);

G_END_DECLS
