/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-id.h"
#include "alm-model.h"

G_BEGIN_DECLS

/* What two stores compare to know that they hold the same (sync.md, 4.6): per
 * class of fields the sum, modulo 2^64, over all records of a scope, deleted
 * ones too, of alm_hash_64() over
 *
 *   id NUL ver NUL kind NUL del NUL canonical (fields of the class)
 *
 * with the id as text, the version in decimal, del as "0" or "1", and {} for
 * the fields of a deleted record.  `public` counts every record; another class
 * those that have a field of it.  A conflict is as secret as the field it is
 * about: it counts in that class alone, with all its fields.  `n` counts the
 * records that are neither deleted nor conflicts. */

enum {
  ALM_DIGEST_PUBLIC,
  ALM_DIGEST_INTERNAL,
  ALM_DIGEST_CONFIDENTIAL,
  ALM_DIGEST_PERSONAL,
  ALM_DIGEST_CLASSES
};

typedef struct
{
  gint64  n;
  guint64 sums[ALM_DIGEST_CLASSES];
} AlmDigest;

/* The names on the wire: "public", "internal", "confidential", "personal". */
extern const char *const alm_class_names[ALM_DIGEST_CLASSES + 1];

guint      alm_class_from_names (const AlmValue  *names);
AlmValue  *alm_class_to_names   (guint            classes);

AlmClass   alm_field_class      (const AlmModel  *model,
                                 const char      *field);
AlmClass   alm_field_or_group_class (const AlmModel *model,
                                 const char      *name);
AlmClass   alm_conflict_class   (const AlmModel  *model,
                                 const AlmValue  *conflict);
AlmValue  *alm_fields_of_class  (const AlmModel  *model,
                                 const AlmValue  *fields,
                                 guint            classes);

void       alm_digest_add       (AlmDigest       *self,
                                 const AlmId     *id,
                                 gint64           ver,
                                 const char      *kind,
                                 gboolean         deleted,
                                 const AlmValue  *fields,
                                 const AlmModel  *model,
                                 AlmClass         whole);
void       alm_digest_subtract  (AlmDigest       *self,
                                 const AlmDigest *other);
void       alm_digest_merge     (AlmDigest       *self,
                                 const AlmDigest *other);

G_END_DECLS
