/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-text-scale.h"

/* 96 dpi, in 1024ths */
#define USUAL (96.0 * 1024.0)

double
alm_text_scale_get (GtkSettings *settings)
{
  int dpi = -1;

  g_return_val_if_fail (GTK_IS_SETTINGS (settings), 1.0);

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);

  return dpi > 0 ? dpi / USUAL : 1.0;
}
