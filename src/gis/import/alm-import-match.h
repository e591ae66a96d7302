/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* What is already there of a kind in a scope: by key and by place. */
typedef struct _AlmImportMatch AlmImportMatch;

/* @key: fields, NULL-terminated, nullable; @near_m: 0 = places are not asked */
AlmImportMatch *alm_import_match_new     (AlmDesk            *desk,
                                          const char         *kind,
                                          const char         *scope,
                                          const char *const  *key,
                                          const char         *geometry,
                                          double              near_m,
                                          GError            **error);
void            alm_import_match_free    (AlmImportMatch     *self);
/* The values of the key fields as one text; NULL where one is empty. */
char           *alm_import_match_make_key (const char *const *key,
                                          const AlmValue     *fields);
/* @extra: the record's `extra` now, borrowed, nullable */
gboolean        alm_import_match_find    (AlmImportMatch     *self,
                                          const char         *key,
                                          AlmId              *id,
                                          AlmValue          **extra);
gboolean        alm_import_match_is_near (AlmImportMatch     *self,
                                          double              lon,
                                          double              lat);
/* How many records with a key were never found. */
guint           alm_import_match_count_missing (AlmImportMatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportMatch, alm_import_match_free)

G_END_DECLS
