/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The training town's profile: a folder of its own that never mixes with real
 * data.  Main thread only. */

/* @step: 0 the town is made up, 1 it is moved into its folder */
typedef void (*AlmTrainingStepFunc) (guint    step,
                                     gpointer user_data);

/* Where this user's town is, or would be. */
char     *alm_training_folder       (void);
gboolean  alm_training_is_there     (const char           *folder);
/* The name of the town that @profile is; NULL: it is none to play with. */
char     *alm_training_town         (const char           *profile);
/* Clears up what a killed program has left beside @folder. */
void      alm_training_sweep_async  (const char           *folder,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
/* @program: allmendectl.  @folder is either whole afterwards or as it was. */
void      alm_training_build_async  (const char           *program,
                                     const char           *folder,
                                     AlmTrainingStepFunc   step,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean  alm_training_build_finish (GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
