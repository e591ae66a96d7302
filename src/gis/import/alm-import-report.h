/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* What an import found wrong, by code (assets-map.md, section 4.8). */
typedef struct _AlmImportReport AlmImportReport;

AlmImportReport *alm_import_report_new      (void);
void             alm_import_report_free     (AlmImportReport        *self);
/* @text: of the first one, for a person; NULL = the code's own sentence.
 * @line: 0 = of the whole file */
void             alm_import_report_add      (AlmImportReport        *self,
                                             const char             *code,
                                             gint64                  line,
                                             guint                   times,
                                             const char             *text);
gint64           alm_import_report_count    (AlmImportReport        *self,
                                             const char             *code);
guint            alm_import_report_get_n    (AlmImportReport        *self);
/* [{"code","count","lines","text"}], most frequent first; (transfer full) */
AlmValue        *alm_import_report_to_value (AlmImportReport        *self);
/* A sentence in the user's language. */
const char      *alm_import_report_explain  (const char             *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportReport, alm_import_report_free)

G_END_DECLS
