/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-worker.h"

G_BEGIN_DECLS

/* Looks now and then for attached files that nobody wants, and takes them away.
 * Main thread only. */
typedef struct _AlmSweep AlmSweep;

/* @receiver: the worker on which files are received, with a core that reads; @writer: with
 * the one that writes.  Stopped after the sweep is freed. */
AlmSweep *alm_sweep_new  (AlmWorker *receiver,
                          AlmWorker *writer);
void      alm_sweep_free (AlmSweep  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmSweep, alm_sweep_free)

G_END_DECLS
