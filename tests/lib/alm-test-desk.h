/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

AlmValue *alm_test_value        (const char   *text);
void      alm_test_add_model    (AlmDesk      *desk,
                                 const char   *name,
                                 const char   *schema);
void      alm_test_add_trees    (AlmDesk      *desk);
void      alm_test_add_builtin  (AlmDesk      *desk,
                                 const char   *kind);
gint64    alm_test_edit         (AlmDesk      *desk,
                                 AlmOp         op,
                                 AlmId        *id,
                                 const char   *scope,
                                 const char   *kind,
                                 const char   *set);
void      alm_test_refuse       (AlmDesk      *desk,
                                 AlmOp         op,
                                 AlmId        *id,
                                 const char   *scope,
                                 const char   *kind,
                                 const char   *set,
                                 const char   *reason);
char     *alm_test_fields       (AlmDesk      *desk,
                                 const AlmId  *id);
char     *alm_test_ask          (AlmDesk      *desk,
                                 const char   *sql);

G_END_DECLS
