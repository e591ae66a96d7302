/* SPDX-License-Identifier: EUPL-1.2 */

/* Memory for SQLite, which asks for it two hundred thousand times a schedule:
 * lists of freed pieces by size, one thread, nothing is ever given back. */

#include "config.h"

#include "alm-sim-disk.h"

#include <sqlite3.h>
#include <string.h>

#define BLOCK     (1024 * 1024)
#define LEAST     5        /* pieces of 32 bytes and more, twice as large each */
#define N_SIZES   27

/* Before each piece; keeps it aligned to 16 bytes. */
typedef struct
{
  gsize size;              /* of what follows */
  gsize n;                 /* which list */
} Head;

typedef struct _Free Free;
struct _Free
{
  Free *next;
};

static Free   *lists[N_SIZES];
static char   *block;
static gsize   left;

static Head *
head_of (void *piece)
{
  return (Head *) piece - 1;
}

static void *
take (gsize n)
{
  gsize size = sizeof (Head) + ((gsize) 1 << (n + LEAST));
  Head *head;

  if (size > BLOCK)
    head = g_malloc (size);
  else
    {
      if (left < size)
        {
          block = g_malloc (BLOCK);
          left = BLOCK;
        }
      head = (Head *) (gpointer) block;
      block += size;
      left -= size;
    }
  head->n = n;
  head->size = size - sizeof (Head);

  return head + 1;
}

static void *
memory_malloc (int size)
{
  gsize n = size <= 1 << LEAST ? 0 : g_bit_storage ((gulong) size - 1) - LEAST;
  Free *piece = lists[n];

  if (piece == NULL)
    return take (n);
  lists[n] = piece->next;

  return piece;
}

static void
memory_free (void *piece)
{
  Free *freed = piece;
  gsize n = head_of (piece)->n;

  freed->next = lists[n];
  lists[n] = freed;
}

static int
memory_size (void *piece)
{
  return (int) head_of (piece)->size;
}

static void *
memory_realloc (void *piece,
                int   size)
{
  void *larger;

  if (size <= memory_size (piece))
    return piece;

  larger = memory_malloc (size);
  memcpy (larger, piece, head_of (piece)->size);
  memory_free (piece);

  return larger;
}

static int
memory_round (int size)
{
  return (size + 7) & ~7;
}

static int
memory_init (void *data)
{
  return SQLITE_OK;
}

static void
memory_shutdown (void *data)
{
}

/* Before anything else of SQLite. */
void
alm_sim_memory_register (void)
{
  static const sqlite3_mem_methods methods = {
    .xMalloc = memory_malloc,
    .xFree = memory_free,
    .xRealloc = memory_realloc,
    .xSize = memory_size,
    .xRoundup = memory_round,
    .xInit = memory_init,
    .xShutdown = memory_shutdown,
  };

  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_SINGLETHREAD), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &methods), ==, SQLITE_OK);
}
