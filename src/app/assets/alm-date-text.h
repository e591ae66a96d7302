/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Dates as people write them: "3.5.1950", "5.1950", "um 1950",
 * "vor 1350", "1950er", "1547–1558".  Both return NULL where nothing fits
 * (transfer full). */

/* A day: "3.5.1950" or "1950-05-03" → "1950-05-03" */
char *alm_date_text_read_day  (const char *text);
/* → EDTF; what is EDTF already stays as it is */
char *alm_date_text_read_edtf (const char *text);
/* "1950-05-03" → "03.05.1950"; other text comes back as it is */
char *alm_date_text_show_day  (const char *day);
/* EDTF → words; what has no words comes back as it is */
char *alm_date_text_show_edtf (const char *edtf);
/* "1.1.1945 – 31.12.1954", the span that is understood */
char *alm_date_text_show_span (const char *edtf);

G_END_DECLS
