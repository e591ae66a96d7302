/* SPDX-License-Identifier: EUPL-1.2 */

/* How far the first copies are: the scopes that are read from the beginning, how many
 * records of how many are here, and how long it will take.
 *
 * What is left is what was measured before, times what is still to be done: bytes of
 * packs to be fetched, records to be stored.  Nothing is said before both are known, and
 * before storing has been seen for MEASURE_US: the first tenths of a second say little. */

#include "config.h"

#include "alm-sync-machine-private.h"

#include <string.h>

#define MEASURE_US G_GINT64_CONSTANT (2000000)
#define SECOND     G_GINT64_CONSTANT (1000000)

void
alm_sync_copy_free (AlmSyncCopy *self)
{
  g_free (self->scope);
  g_free (self->title);
  g_free (self);
}

static AlmSyncCopy *
find_copy (const GPtrArray *copies,
           const char      *scope)
{
  for (guint i = 0; i < copies->len; i++)
    {
      AlmSyncCopy *copy = g_ptr_array_index (copies, i);

      if (strcmp (copy->scope, scope) == 0)
        return copy;
    }

  return NULL;
}

/* Of the packs that are still to be fetched; the first one may be on its way. */
static gint64
count_bytes (AlmSyncMachine *self)
{
  gint64 bytes = 0;

  for (guint i = self->pack_path != NULL ? 1 : 0; i < self->packs->len; i++)
    {
      const AlmWireScope *told = alm_wire_hello_find (self->hello, self->packs->pdata[i]);

      bytes += told != NULL ? told->pack_bytes : 0;
    }

  return bytes;
}

static void
sum_up (AlmSyncMachine *self)
{
  gint64 bytes = count_bytes (self);
  gint64 left_us;

  self->status.copy_done = 0;
  self->status.copy_total = 0;
  self->status.copy_left_s = -1;
  for (guint i = 0; i < self->copies->len; i++)
    {
      const AlmSyncCopy *copy = g_ptr_array_index (self->copies, i);

      self->status.copy_done += copy->done;
      self->status.copy_total += copy->total;
    }
  if (self->copies->len == 0 || self->store_us < MEASURE_US || self->store_records == 0
      || (bytes > 0 && self->fetch_bytes == 0))
    return;

  left_us = (gint64) ((double) self->store_us / (double) self->store_records
                      * (double) (self->status.copy_total - self->status.copy_done));
  if (bytes > 0)
    left_us += (gint64) ((double) self->fetch_us / (double) self->fetch_bytes * (double) bytes);
  self->status.copy_left_s = (left_us + SECOND - 1) / SECOND;
}

/* After a hello: who stands at 0 begins (anew), who is on the way goes on. */
void
alm_sync_copies_begin (AlmSyncMachine *self,
                       gint64          now_us)
{
  GPtrArray *before = self->copies;

  self->copies = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_sync_copy_free);
  for (guint i = 0; i < self->hello->scopes->len; i++)
    {
      const AlmWireScope *told = g_ptr_array_index (self->hello->scopes, i);
      gint64 cursor = alm_value_get_integer_of (self->cursors, told->scope, -1);
      const AlmSyncCopy *begun = cursor > 0 ? find_copy (before, told->scope) : NULL;
      AlmSyncCopy *copy;

      if ((cursor != 0 && begun == NULL) || told->records == 0
          || strcmp (told->scope, "system") == 0)
        continue;

      copy = g_new0 (AlmSyncCopy, 1);
      copy->scope = g_strdup (told->scope);
      copy->title = g_strdup (told->title);
      copy->total = told->records;
      copy->done = begun != NULL ? MIN (begun->done, copy->total) : 0;
      g_ptr_array_add (self->copies, copy);
    }
  g_ptr_array_unref (before);
  alm_sync_copies_mark (self, now_us);
  sum_up (self);
}

/* From now on something is fetched. */
void
alm_sync_copies_mark (AlmSyncMachine *self,
                      gint64          now_us)
{
  self->mark_us = now_us;
}

/* The first of the packs is here. */
void
alm_sync_copies_fetched (AlmSyncMachine *self,
                         gint64          now_us)
{
  const AlmWireScope *told = alm_wire_hello_find (self->hello, self->packs->pdata[0]);

  self->fetch_us += now_us - self->mark_us;
  self->fetch_bytes += told != NULL ? told->pack_bytes : 0;
  alm_sync_copies_mark (self, now_us);
}

void
alm_sync_copies_stored (AlmSyncMachine *self,
                        const AlmValue *came,
                        gint64          now_us)
{
  gint64 sum = 0;

  if (self->copies->len == 0)
    return;

  for (guint i = 0; came != NULL && i < alm_value_get_size (came); i++)
    {
      AlmSyncCopy *copy = find_copy (self->copies, alm_value_get_key (came, i));
      gint64 n = alm_value_get_integer (alm_value_get_item (came, i));

      if (copy == NULL)
        continue;
      copy->done = MIN (copy->done + n, copy->total);
      sum += n;
    }
  if (sum > 0)
    self->store_us += now_us - self->mark_us;
  self->store_records += sum;
  alm_sync_copies_mark (self, now_us);
  sum_up (self);
}

void
alm_sync_copies_end (AlmSyncMachine *self)
{
  g_ptr_array_set_size (self->copies, 0);
  self->fetch_us = 0;
  self->fetch_bytes = 0;
  self->store_us = 0;
  self->store_records = 0;
  sum_up (self);
}

const GPtrArray *
alm_sync_machine_get_copies (AlmSyncMachine *self)
{
  return self->copies;
}
