/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where one has been: pages with what was selected there, as a browser keeps them.
 * Main thread; plain data. */
typedef struct _AlmTrail AlmTrail;

typedef struct
{
  const char *page;    /* interned */
  gint64      rid;     /* 0: nothing was selected */
} AlmPlace;

AlmTrail *alm_trail_new  (void);
void      alm_trail_free (AlmTrail   *self);
/* Another record on the same page takes its place; another page is a step, after
 * which there is no way forward. */
void      alm_trail_note (AlmTrail   *self,
                          const char *page,
                          gint64      rid);
/* Goes by @step, −1 or 1; NULL, and stays, where there is nothing.
 * (transfer none): until the next call. */
const AlmPlace *alm_trail_walk (AlmTrail *self,
                                int       step);
gboolean  alm_trail_can_walk   (AlmTrail *self,
                                int       step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmTrail, alm_trail_free)

G_END_DECLS
