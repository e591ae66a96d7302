/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One Tab leaves @list, instead of one for each row (GTK 4.8 has no
 * tab-behavior).  For list views, column views and list boxes. */
void alm_list_keys_attach (GtkWidget *list);

G_END_DECLS
