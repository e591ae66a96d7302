/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* Readers of members, each with its complaint; shared by the wire's two files. */
gboolean  alm_wire_refuse         (GError         **error,
                                   const char      *format,
                                   ...) G_GNUC_PRINTF (2, 3);
AlmValue *alm_wire_parse_object   (const char      *text,
                                   gsize            length,
                                   GError         **error);
gboolean  alm_wire_take_text_list (const AlmValue  *object,
                                   const char      *key,
                                   AlmValue       **list,
                                   GError         **error);
gboolean  alm_wire_take_text      (const AlmValue  *object,
                                   const char      *key,
                                   char           **text,
                                   GError         **error);
gboolean  alm_wire_take_count     (const AlmValue  *object,
                                   const char      *key,
                                   gint64           least,
                                   gint64          *number,
                                   GError         **error);
void      alm_wire_print_line     (GString         *out,
                                   const AlmValue  *value);

G_END_DECLS
