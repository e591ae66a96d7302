/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-hub-core-private.h"

G_BEGIN_DECLS

/* One command on its way. */
typedef struct
{
  AlmHubSession    *session;
  AlmHubCore       *core;
  AlmServerStore   *store;
  const AlmHubLine *line;
  const AlmCommand *command;
  AlmCommand       *trimmed;     /* owned: without what was erased since it was written */
  AlmValue         *erased;      /* list of names that were taken out of it; NULL = none */
  AlmHubRefusal     refusal;
  AlmHubRecord     *before;      /* NULL: the command makes it */
  AlmHubRecord     *after;       /* NULL: nothing changes in the record itself */
  AlmHubRecord     *conflict;    /* of resolve */
  const AlmModel   *model;       /* nullable: a built-in kind */
  AlmHubRights      rights;      /* on the record as it is, or as the command makes it */
  const char       *scope;
  const char       *kind;
  GPtrArray        *collisions;  /* (element-type AlmMergeConflict) */
  const char       *why;         /* of the collisions */
  AlmOp             op;          /* for the history */
  AlmValue         *merged;      /* names of fields that came out otherwise */
  AlmValue         *conflicts;   /* for the answer */
  gint64            seq;
} AlmHubApply;

#define REFUSE(self, code, ...) alm_hub_refuse (&(self)->refusal, code, __VA_ARGS__)
#define REFUSE_LIMIT(self, what, ...) \
  ((self)->refusal.limit = what, REFUSE (self, "forbidden", __VA_ARGS__))

/* alm-hub-check.c */
gboolean alm_hub_check_target (AlmHubApply     *self,
                               GError         **error);
gboolean alm_hub_check_values (AlmHubApply     *self);
gboolean alm_hub_check_size   (AlmHubApply     *self,
                               const AlmValue  *fields);
gboolean alm_hub_check_whole  (AlmHubApply     *self,
                               const AlmValue  *fields,
                               gboolean        *proposal);
gboolean alm_hub_check_place  (AlmHubApply     *self,
                               const AlmValue  *fields);
gboolean alm_hub_check_kind   (AlmHubApply     *self,
                               const AlmValue  *fields);

/* alm-hub-erasing.c */
gboolean alm_hub_erase_prepare (AlmHubApply    *self,
                                GError        **error);
gboolean alm_hub_erase_write   (AlmHubApply    *self,
                                GError        **error);
gboolean alm_hub_erase_trim    (AlmHubApply    *self,
                                GError        **error);

G_END_DECLS
