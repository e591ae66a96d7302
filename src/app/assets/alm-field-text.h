/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

/* @value as people read it, without its unit; "" for no value; (transfer full) */
char     *alm_field_text_show  (const AlmField  *field,
                                const AlmValue  *value,
                                const char      *language);
/* What people typed.  TRUE with *value NULL for nothing (transfer full); FALSE
 * with a sentence for the user where it breaks the field's rule (transfer full). */
gboolean  alm_field_text_read  (const AlmField  *field,
                                const char      *text,
                                AlmValue       **value,
                                char           **reason);
/* Is it a field whose values can be typed? */
gboolean  alm_field_text_can_read (const AlmField *field);
/* The unit as people write it: "m²" for "m2"; "" for none */
const char *alm_field_text_unit (const AlmField *field);

G_END_DECLS
