/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-random.h"

G_BEGIN_DECLS

/* A UUID: 16 bytes, written as 36 lower-case characters (RFC 9562). */
typedef struct
{
  guint8 bytes[16];
} AlmId;

#define ALM_ID_TEXT_SIZE 37   /* with the final NUL */

gboolean alm_id_parse      (AlmId       *self,
                            const char  *text);
void     alm_id_print      (const AlmId *self,
                            char         text[ALM_ID_TEXT_SIZE]);
char    *alm_id_to_text    (const AlmId *self);
void     alm_id_make_v7    (AlmId       *self,
                            gint64       t_us,
                            AlmRandom   *random);
void     alm_id_make_named (AlmId       *self,
                            const AlmId *space,
                            const char  *name);
int      alm_id_compare    (const AlmId *a,
                            const AlmId *b);
guint    alm_id_hash       (gconstpointer id);
gboolean alm_id_equal      (gconstpointer a,
                            gconstpointer b);

/* The shapes of names that travel; see sync.md, section 3.1. */
gboolean alm_name_is_kind  (const char  *text);
gboolean alm_name_is_field (const char  *text);
gboolean alm_name_is_scope (const char  *text);
gboolean alm_name_is_user  (const char  *text);

G_END_DECLS
