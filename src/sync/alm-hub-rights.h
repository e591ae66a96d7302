/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-server-store.h"

G_BEGIN_DECLS

/* What a role is good for (sync.md, section 4.8).  A set of them, as bits. */
typedef enum {
  ALM_ROLE_BIT_READER     = 1 << 0,
  ALM_ROLE_BIT_EDITOR     = 1 << 1,
  ALM_ROLE_BIT_REVIEWER   = 1 << 2,
  ALM_ROLE_BIT_STEWARD    = 1 << 3,
  ALM_ROLE_BIT_MANAGER    = 1 << 4,
  ALM_ROLE_BIT_OPERATOR   = 1 << 5,
  ALM_ROLE_BIT_AUDITOR    = 1 << 6,
  ALM_ROLE_BIT_PRIVACY    = 1 << 7,
  ALM_ROLE_BIT_STATISTICS = 1 << 8,
  ALM_ROLE_BIT_SECURITY   = 1 << 9,
  ALM_ROLE_BIT_BOARD      = 1 << 10,
  ALM_ROLE_BIT_GATEWAY    = 1 << 11
} AlmRoleBit;

#define ALM_CLASSES_DEFAULT (ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL)
#define ALM_SCOPE_SYSTEM    "system"
#define ALM_SCOPE_LOCAL     "local"

/* What one user may do in one scope, or with one record of it. */
typedef struct
{
  guint roles;      /* as granted */
  guint classes;    /* of fields that may be seen */
  guint writes;     /* of fields that may be written; 0: nothing may be changed here */
} AlmHubRights;

guint         alm_role_from_text       (const char          *text);
AlmValue     *alm_role_to_names        (guint                roles);
gboolean      alm_pattern_is_valid     (const char          *pattern);
gboolean      alm_pattern_matches      (const char          *pattern,
                                        const char          *scope);
gboolean      alm_pattern_contains     (const char          *pattern,
                                        const char          *inner);

AlmHubRights  alm_hub_rights_in        (const GPtrArray     *grants,
                                        const char          *scope,
                                        gint64               now_us);
/* @place: the geometry of a record of @scope; nullable */
AlmHubRights  alm_hub_rights_at        (const GPtrArray     *grants,
                                        const char          *scope,
                                        const AlmValue      *place,
                                        gint64               now_us);
/* What this grant lets its owner change in @scope: classes, 0 for nothing. */
guint         alm_hub_grant_writes     (const AlmHubGrant   *self,
                                        const char          *scope,
                                        gint64               now_us);
guint         alm_hub_rights_anywhere  (const GPtrArray     *grants,
                                        gint64               now_us);
gboolean      alm_hub_rights_may_read  (const AlmHubRights  *self);
gboolean      alm_hub_rights_may_write (const AlmHubRights  *self);
gboolean      alm_hub_rights_is_steward (const AlmHubRights *self);
gboolean      alm_hub_rights_manages   (const GPtrArray     *grants,
                                        const char          *pattern,
                                        gint64               now_us);

G_END_DECLS
