/* SPDX-License-Identifier: EUPL-1.2 */

/* The framing of a body in chunks (RFC 9112, 7.1), looked at, not taken off.
 *
 * libsoup reads a size that is none as 0, that is as the end of the body, and
 * would have the torn request carried out.  Headers behind the last chunk are
 * refused: nothing here would read them.
 * Pure; any thread. */

#include "config.h"

#include "alm-front-chunks.h"

/* libsoup gives up at 128, without an answer. */
#define COLUMNS_MAX 100
#define DIGITS_MAX  8

static AlmFrontChunksState
read_size (AlmFrontChunks *self,
           char            c)
{
  if (g_ascii_isxdigit (c) && self->digits < DIGITS_MAX)
    {
      self->left = self->left * 16 + (guint64) g_ascii_xdigit_value (c);
      self->digits++;
      return ALM_FRONT_CHUNKS_SIZE;
    }
  if (self->digits > 0 && c == ';')
    return ALM_FRONT_CHUNKS_EXTENSION;
  if (self->digits > 0 && c == '\r')
    return ALM_FRONT_CHUNKS_SIZE_END;

  return ALM_FRONT_CHUNKS_BROKEN;
}

/* One byte that is not of a chunk's content. */
static AlmFrontChunksState
read_byte (AlmFrontChunks *self,
           char            c)
{
  switch (self->state)
    {
    case ALM_FRONT_CHUNKS_SIZE:
      return read_size (self, c);
    case ALM_FRONT_CHUNKS_EXTENSION:
      if (c == '\r')
        return ALM_FRONT_CHUNKS_SIZE_END;
      return self->column < COLUMNS_MAX && (c == '\t' || !g_ascii_iscntrl (c))
        ? ALM_FRONT_CHUNKS_EXTENSION : ALM_FRONT_CHUNKS_BROKEN;
    case ALM_FRONT_CHUNKS_SIZE_END:
      if (c == '\n')
        return self->left > 0 ? ALM_FRONT_CHUNKS_DATA : ALM_FRONT_CHUNKS_LAST;
      break;
    case ALM_FRONT_CHUNKS_DATA_END:
      if (c == '\r')
        return ALM_FRONT_CHUNKS_DATA_END_2;
      break;
    case ALM_FRONT_CHUNKS_DATA_END_2:
      self->column = self->digits = 0;
      if (c == '\n')
        return ALM_FRONT_CHUNKS_SIZE;
      break;
    case ALM_FRONT_CHUNKS_LAST:
      if (c == '\r')
        return ALM_FRONT_CHUNKS_LAST_END;
      break;
    case ALM_FRONT_CHUNKS_LAST_END:
      if (c == '\n')
        return ALM_FRONT_CHUNKS_DONE;
      break;
    case ALM_FRONT_CHUNKS_DATA:
    case ALM_FRONT_CHUNKS_DONE:
    case ALM_FRONT_CHUNKS_BROKEN:
      break;
    }

  return ALM_FRONT_CHUNKS_BROKEN;
}

gssize
alm_front_chunks_read (AlmFrontChunks *self,
                       const char     *data,
                       gsize           size)
{
  gsize i = 0;

  while (i < size && self->state != ALM_FRONT_CHUNKS_DONE)
    {
      if (self->state == ALM_FRONT_CHUNKS_DATA)
        {
          gsize part = (gsize) MIN (self->left, size - i);

          i += part;
          self->left -= part;
          if (self->left == 0)
            self->state = ALM_FRONT_CHUNKS_DATA_END;
          continue;
        }
      self->column++;
      self->state = read_byte (self, data[i++]);
      if (self->state == ALM_FRONT_CHUNKS_BROKEN)
        return -1;
    }

  return (gssize) i;
}
