/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* A popover in which one looks for a record.
 *
 * Signals:
 *   "picked" (const char *id): one was chosen; the popover is closed. */
#define ALM_TYPE_RECORD_PICKER (alm_record_picker_get_type ())
G_DECLARE_FINAL_TYPE (AlmRecordPicker, alm_record_picker, ALM, RECORD_PICKER, GtkPopover)

/* @kind: NULL for records of every kind */
GtkWidget *alm_record_picker_new (AlmWorkbench *workbench,
                                  const char   *kind);

G_END_DECLS
