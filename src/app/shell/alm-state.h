/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a window remembers of a profile: `window.ini` beside its database.
 * Losing it costs nobody any data.  Main thread only. */
typedef struct _AlmState AlmState;

AlmState *alm_state_load        (const char *dir);
void      alm_state_free        (AlmState   *self);
GKeyFile *alm_state_get_file    (AlmState   *self);
int       alm_state_get_integer (AlmState   *self,
                                 const char *group,
                                 const char *key,
                                 int         fallback);
char     *alm_state_get_text    (AlmState   *self,
                                 const char *group,
                                 const char *key);
void      alm_state_set_text    (AlmState   *self,
                                 const char *group,
                                 const char *key,
                                 const char *text);
gboolean  alm_state_save        (AlmState   *self,
                                 GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmState, alm_state_free)

G_END_DECLS
