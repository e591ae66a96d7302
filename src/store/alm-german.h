/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int        alm_german_compare  (const char *a,
                                gsize       length_a,
                                const char *b,
                                gsize       length_b);
void       alm_german_add_key  (GByteArray *key,
                                const char *text);
char      *alm_german_fold     (const char *text);
guint      alm_german_distance (const char *a,
                                const char *b,
                                gboolean    prefix,
                                guint       limit);

G_END_DECLS
