/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A line or more of running text: begins at the left, wraps wherever it must, so
 * that it never makes a page wider.  @css_class: nullable.  (transfer floating) */
GtkWidget *alm_text_label_new (const char *text,
                               const char *css_class);

G_END_DECLS
