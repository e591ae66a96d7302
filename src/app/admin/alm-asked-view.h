/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows something that a server is asked for: that it is being asked, why it did not
 * tell, or what it told.  Main thread.
 *
 * Signals:
 *   "again" ()   the user wants it to be asked once more */
#define ALM_TYPE_ASKED_VIEW (alm_asked_view_get_type ())
G_DECLARE_FINAL_TYPE (AlmAskedView, alm_asked_view, ALM, ASKED_VIEW, AdwBin)

/* @content: what is shown once it was told */
GtkWidget *alm_asked_view_new          (GtkWidget    *content);
/* Content that is there already stays while it is asked for anew. */
void       alm_asked_view_show_asking  (AlmAskedView *self);
void       alm_asked_view_show_content (AlmAskedView *self);
void       alm_asked_view_show_error   (AlmAskedView *self,
                                        const GError *error);

G_END_DECLS
