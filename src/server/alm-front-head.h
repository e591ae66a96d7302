/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ALM_FRONT_HEAD_MAX    (32 * 1024)   /* bytes, with the empty line */
#define ALM_FRONT_TARGET_MAX  (8 * 1024)
#define ALM_FRONT_HEADERS_MAX 100

typedef enum {
  ALM_FRONT_HEAD_MORE,       /* sound, as far as it has come */
  ALM_FRONT_HEAD_WHOLE,
  ALM_FRONT_HEAD_REFUSED
} AlmFrontHeadState;

/* A request's line and headers, judged as they come.  Begins as zeros. */
typedef struct
{
  /* Once it is whole */
  gsize       size;          /* of it, in bytes, with the empty line */
  gboolean    chunked;       /* its body */
  guint64     length;        /* of its body, where that is not chunked */

  /* Once it is refused */
  guint       status;
  const char *code;          /* (transfer none) */
  const char *detail;        /* (transfer none) */

  /*< private >*/
  gsize       seen;
  gsize       line;          /* where the one that is being read begins */
  guint       n_lines;
  guint       single;        /* headers of which there may be one */
  gboolean    old;           /* HTTP/1.0 */
} AlmFrontHead;

/* @data: what an earlier call was given, and more */
AlmFrontHeadState  alm_front_head_read (AlmFrontHead *self,
                                        const char   *data,
                                        gsize         size);
/* Nothing more comes, or not in time: what is there is refused with @status. */
void               alm_front_head_end  (AlmFrontHead *self,
                                        guint         status);

G_END_DECLS
