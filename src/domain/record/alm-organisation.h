/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* A place in the city's organisation for which rights can be given. */
typedef struct
{
  char     *pattern;   /* of a grant: the city, a unit, a scope */
  char     *title;     /* of the unit or scope; of "*" empty */
  guint     depth;     /* 0: the whole city, 1: a unit at the top, … */
  gboolean  unit;      /* all scopes of a unit; FALSE: one scope */
} AlmOrganisationPlace;

void       alm_organisation_place_free (AlmOrganisationPlace *self);

/* The whole city as a tree, a line for each place: core administration, enterprises
 * and subsidiaries below what they belong to, and under each its scopes.  @units,
 * @scopes: (element-type AlmValue) fields of the records.  Who has no unit record is
 * listed by its short name; a circle of units stands at the top.
 * (transfer full) (element-type AlmOrganisationPlace) */
GPtrArray *alm_organisation_list       (GPtrArray            *units,
                                        GPtrArray            *scopes);
/* The place that @pattern means; NULL: none of these. */
const AlmOrganisationPlace *alm_organisation_find (GPtrArray *places,
                                                   const char *pattern);

G_END_DECLS
