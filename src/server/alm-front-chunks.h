/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  ALM_FRONT_CHUNKS_SIZE,
  ALM_FRONT_CHUNKS_EXTENSION,
  ALM_FRONT_CHUNKS_SIZE_END,     /* CR was there */
  ALM_FRONT_CHUNKS_DATA,
  ALM_FRONT_CHUNKS_DATA_END,
  ALM_FRONT_CHUNKS_DATA_END_2,
  ALM_FRONT_CHUNKS_LAST,
  ALM_FRONT_CHUNKS_LAST_END,
  ALM_FRONT_CHUNKS_DONE,
  ALM_FRONT_CHUNKS_BROKEN
} AlmFrontChunksState;

/* Where a body in chunks is.  Begins as zeros. */
typedef struct
{
  AlmFrontChunksState state;
  guint64             left;      /* of this chunk, in bytes */
  guint               column;    /* in the line that says how long it is */
  guint               digits;
} AlmFrontChunks;

/* How many of @data are of the body's framing or its content; none of what
 * follows its end.  -1: it is no chunked body. */
gssize  alm_front_chunks_read (AlmFrontChunks *self,
                               const char     *data,
                               gsize           size);

G_END_DECLS
