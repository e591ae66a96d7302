/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A bounded pool of threads for pure functions of their input: tiles,
 * decoding, statistics.  As many threads as the machine has cores. */
typedef struct _AlmPool AlmPool;

typedef void (*AlmPoolFunc) (GTask    *task,
                             gpointer  task_data);

AlmPool *alm_pool_new     (guint        n_threads);
AlmPool *alm_pool_shared  (void);
void     alm_pool_free    (AlmPool     *self);
void     alm_pool_submit  (AlmPool     *self,
                           int          priority,
                           AlmPoolFunc  func,
                           GTask       *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmPool, alm_pool_free)

G_END_DECLS
