/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-scope-private.h"
#include "alm-wire-feed.h"

G_BEGIN_DECLS

/* How records that the server tells are taken in (alm-desk-feed.c): what is known for
 * the whole of one transaction, be it a page or a slice of a pack. */
typedef struct
{
  AlmDesk    *desk;
  GHashTable *states;         /* (element-type utf8 AlmScopeState) */
  GHashTable *covered;        /* ids over which commands lie; NULL: none, or too many */
  gboolean    many_covered;   /* so many that each record is asked for */
  gboolean    has_strays;
  gboolean    models_loaded;  /* with what this transaction brought of them */
  guint       records;
} AlmIntake;

gboolean  alm_intake_start      (AlmIntake            *self,
                                 AlmDesk              *desk,
                                 GError              **error);
void      alm_intake_clear      (AlmIntake            *self);
/* *state NULL: a scope that this desk does not follow. */
gboolean  alm_intake_find       (AlmIntake            *self,
                                 const char           *scope,
                                 AlmScopeState       **state,
                                 GError              **error);
gboolean  alm_intake_take       (AlmIntake            *self,
                                 const AlmWireRecord  *record,
                                 GError              **error);
/* After the cursor has been set.  @told: (nullable): the server's digest */
gboolean  alm_intake_end_scope  (AlmIntake            *self,
                                 AlmScopeState        *state,
                                 const AlmValue       *told,
                                 const char           *now,
                                 guint                *repairs,
                                 GError              **error);
/* Scope → how many records of it came, without deleted ones; (transfer full). */
AlmValue *alm_intake_list_came  (AlmIntake            *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmIntake, alm_intake_clear)

G_END_DECLS
