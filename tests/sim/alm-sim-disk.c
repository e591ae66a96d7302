/* SPDX-License-Identifier: EUPL-1.2 */

/* A SQLite VFS in memory.  It promises nothing that a bad disk does not keep:
 * device characteristics 0 and sectors of 512 bytes, so SQLite trusts neither
 * atomic writes nor power-safe overwriting.  One connection per file (the
 * house's rule), so locks are granted, and the WAL's index is plain memory. */

#include "config.h"

#include "alm-sim-disk.h"

#include <sqlite3.h>
#include <string.h>

#define SECTOR     512
#define SHM_REGION 32768   /* SQLite's, always */

typedef struct
{
  GByteArray *now;
  GByteArray *durable;
  GByteArray *dirty;     /* a SectorState for each sector */
  GPtrArray  *shm;       /* regions of the WAL's index */
  gboolean    wal;
} SimFile;

typedef enum {
  CLEAN,
  DIRTY,                 /* differs from the durable image */
  FORGOTTEN              /* the same, and the next sync does not know it: one has failed */
} SectorState;

struct _AlmSimDisk
{
  char        *prefix;
  GHashTable  *files;    /* full name → SimFile */
  AlmSimFault  fault;
  guint        countdown;
  guint        calls;
  gboolean     dead;
  gboolean     hurt;           /* a call has failed since the last crash */
  gboolean     copying_back;   /* a database file has been written and not yet synced */
  AlmSimCounters *counters;
};

typedef struct
{
  sqlite3_file  base;
  AlmSimDisk   *disk;
  SimFile      *file;
  gboolean      temporary;
} SimHandle;

static GPtrArray *disks;
static AlmRandom *vfs_random;

static SimFile *
file_new (void)
{
  SimFile *self = g_new0 (SimFile, 1);

  self->now = g_byte_array_new ();
  self->durable = g_byte_array_new ();
  self->dirty = g_byte_array_new ();
  self->shm = g_ptr_array_new_with_free_func (g_free);

  return self;
}

static void
file_free (SimFile *self)
{
  g_byte_array_unref (self->now);
  g_byte_array_unref (self->durable);
  g_byte_array_unref (self->dirty);
  g_ptr_array_unref (self->shm);
  g_free (self);
}

/* The WAL's index is in no process's memory any more; connections that outlived
 * theirs (alm-sim-pool.c) still point at its regions. */
static void
forget_shm (SimFile *self)
{
  for (guint i = 0; i < self->shm->len; i++)
    memset (self->shm->pdata[i], 0, SHM_REGION);
}

static void
empty (SimFile *self)
{
  g_byte_array_set_size (self->now, 0);
  g_byte_array_set_size (self->durable, 0);
  g_byte_array_set_size (self->dirty, 0);
  forget_shm (self);
}

static void
set_bytes (GByteArray       *to,
           const GByteArray *from)
{
  g_byte_array_set_size (to, from->len);
  if (from->len > 0)
    memcpy (to->data, from->data, from->len);
}

static void
grow (GByteArray *bytes,
      guint       size)
{
  guint before = bytes->len;

  if (size <= before)
    return;
  g_byte_array_set_size (bytes, size);
  memset (bytes->data + before, 0, size - before);
}

static void
mark_dirty (SimFile *self,
            guint    offset,
            guint    length)
{
  guint last = (offset + MAX (length, 1) - 1) / SECTOR;

  grow (self->dirty, last + 1);
  memset (self->dirty->data + offset / SECTOR, DIRTY, last - offset / SECTOR + 1);
}

static gboolean
is_meant (AlmSimFault fault,
          int         error)
{
  switch (fault)
    {
    case ALM_SIM_FAULT_SYNC:
      return error == SQLITE_IOERR_FSYNC;

    case ALM_SIM_FAULT_READ:
    case ALM_SIM_FAULT_SHORT:
      return error == SQLITE_IOERR_READ;

    case ALM_SIM_FAULT_FULL:
      return error == SQLITE_IOERR_WRITE;

    case ALM_SIM_FAULT_DEAD:
    case ALM_SIM_FAULT_IO:
    default:
      return error != SQLITE_IOERR_READ;
    }
}

static void
count_fault (AlmSimDisk *disk,
             int         error)
{
  AlmSimCounters *c = disk->counters;

  if (c == NULL)
    return;

  c->crashes_in_checkpoint += disk->fault == ALM_SIM_FAULT_DEAD && disk->copying_back;
  c->disk_full += disk->fault == ALM_SIM_FAULT_FULL;
  c->write_errors += disk->fault == ALM_SIM_FAULT_IO && error != SQLITE_IOERR_FSYNC;
  c->sync_errors += error == SQLITE_IOERR_FSYNC && (disk->fault == ALM_SIM_FAULT_IO
                                                    || disk->fault == ALM_SIM_FAULT_SYNC);
  c->read_errors += disk->fault == ALM_SIM_FAULT_READ;
  c->short_reads += disk->fault == ALM_SIM_FAULT_SHORT;
}

/* What a call has to answer: SQLITE_OK, or an error because of a fault. */
static int
count_call (AlmSimDisk *disk,
            int         error)
{
  if (disk->dead)
    return error;

  if (error != SQLITE_IOERR_READ)
    disk->calls++;
  if (disk->countdown == 0 || !is_meant (disk->fault, error) || --disk->countdown > 0)
    return SQLITE_OK;

  count_fault (disk, error);
  if (disk->fault == ALM_SIM_FAULT_DEAD)
    disk->dead = TRUE;
  else
    disk->hurt = TRUE;
  if (disk->fault == ALM_SIM_FAULT_SHORT)
    return SQLITE_IOERR_SHORT_READ;

  return disk->fault == ALM_SIM_FAULT_FULL ? SQLITE_FULL : error;
}

static int
sim_close (sqlite3_file *base)
{
  SimHandle *self = (SimHandle *) base;

  if (self->temporary)
    file_free (self->file);

  return SQLITE_OK;
}

static int
sim_read (sqlite3_file  *base,
          void          *buffer,
          int            amount,
          sqlite3_int64  offset)
{
  SimHandle *self = (SimHandle *) base;
  gint64 there = CLAMP ((gint64) self->file->now->len - offset, 0, amount);
  int rc = self->temporary || (self->disk->fault == ALM_SIM_FAULT_SHORT && !self->file->wal)
           ? SQLITE_OK : count_call (self->disk, SQLITE_IOERR_READ);

  if (rc == SQLITE_IOERR_SHORT_READ)
    there /= 2;
  else if (rc != SQLITE_OK || self->disk->dead)
    return SQLITE_IOERR_READ;

  if (there > 0)
    memcpy (buffer, self->file->now->data + offset, (gsize) there);
  if (there == amount)
    return SQLITE_OK;
  memset ((char *) buffer + there, 0, (gsize) (amount - there));

  return SQLITE_IOERR_SHORT_READ;
}

static int
sim_write (sqlite3_file  *base,
           const void    *buffer,
           int            amount,
           sqlite3_int64  offset)
{
  SimHandle *self = (SimHandle *) base;
  gboolean was_dead = self->disk->dead;
  int rc = count_call (self->disk, SQLITE_IOERR_WRITE);

  if (was_dead)
    return rc;
  /* The write in which the power goes may still arrive; of one that fails a part. */
  if (rc != SQLITE_OK && !self->disk->dead)
    amount /= 2;
  self->disk->copying_back = !self->file->wal;

  /* A hole is written, too: with nothing. */
  if (offset > self->file->now->len)
    mark_dirty (self->file, self->file->now->len, (guint) offset - self->file->now->len);
  grow (self->file->now, (guint) (offset + amount));
  memcpy (self->file->now->data + offset, buffer, (gsize) amount);
  mark_dirty (self->file, (guint) offset, (guint) amount);

  return rc;
}

static int
sim_truncate (sqlite3_file  *base,
              sqlite3_int64  size)
{
  SimHandle *self = (SimHandle *) base;
  int rc = count_call (self->disk, SQLITE_IOERR_TRUNCATE);

  if (rc != SQLITE_OK)
    return rc;
  if (size < self->file->now->len)
    {
      mark_dirty (self->file, (guint) size, self->file->now->len - (guint) size);
      g_byte_array_set_size (self->file->now, (guint) size);
    }

  return SQLITE_OK;
}

static int
sim_sync (sqlite3_file *base,
          int           flags)
{
  SimHandle *self = (SimHandle *) base;
  SimFile *file = self->file;
  int rc = count_call (self->disk, SQLITE_IOERR_FSYNC);
  guint end;

  if (rc != SQLITE_OK)
    {
      /* Rebello et al., ATC 2020: the kernel marks them clean, and who reads them
       * sees what was written, until the power goes. */
      for (guint i = 0; !self->disk->dead && i < file->dirty->len; i++)
        if (file->dirty->data[i] == DIRTY)
          file->dirty->data[i] = FORGOTTEN;
      return rc;
    }

  if (!file->wal && self->disk->copying_back && self->disk->counters != NULL)
    self->disk->counters->checkpoints++;
  self->disk->copying_back = FALSE;
  g_byte_array_set_size (file->durable, file->now->len);
  for (guint i = 0; i < file->dirty->len; i = end)
    {
      const guint8 *first = memchr (file->dirty->data + i, DIRTY, file->dirty->len - i);
      guint start;

      if (first == NULL)
        break;
      start = (guint) (first - file->dirty->data);
      for (end = start; end < file->dirty->len && file->dirty->data[end] == DIRTY; end++)
        file->dirty->data[end] = CLEAN;
      if (start * SECTOR < file->now->len)
        memcpy (file->durable->data + start * SECTOR, file->now->data + start * SECTOR,
                MIN (end * SECTOR, file->now->len) - start * SECTOR);
    }
  if (memchr (file->dirty->data, FORGOTTEN, file->dirty->len) == NULL)
    g_byte_array_set_size (file->dirty, 0);

  return SQLITE_OK;
}

static int
sim_size (sqlite3_file  *base,
          sqlite3_int64 *size)
{
  *size = ((SimHandle *) base)->file->now->len;

  return SQLITE_OK;
}

static int
sim_lock (sqlite3_file *base,
          int           level)
{
  return SQLITE_OK;
}

static int
sim_check (sqlite3_file *base,
           int          *out)
{
  *out = 0;

  return SQLITE_OK;
}

static int
sim_control (sqlite3_file *base,
             int           op,
             void         *arg)
{
  return SQLITE_NOTFOUND;
}

static int
sim_sector (sqlite3_file *base)
{
  return SECTOR;
}

static int
sim_device (sqlite3_file *base)
{
  return 0;
}

static int
sim_shm_map (sqlite3_file   *base,
             int             region,
             int             size,
             int             extend,
             void volatile **out)
{
  GPtrArray *shm = ((SimHandle *) base)->file->shm;

  g_assert (size == SHM_REGION);
  while (extend && shm->len <= (guint) region)
    g_ptr_array_add (shm, g_malloc0 ((gsize) size));
  *out = shm->len > (guint) region ? shm->pdata[region] : NULL;

  return SQLITE_OK;
}

static int
sim_shm_lock (sqlite3_file *base,
              int           offset,
              int           n,
              int           flags)
{
  return SQLITE_OK;
}

static void
sim_shm_barrier (sqlite3_file *base)
{
}

static int
sim_shm_unmap (sqlite3_file *base,
               int           remove)
{
  g_ptr_array_set_size (((SimHandle *) base)->file->shm, 0);

  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = sim_close,
  .xRead = sim_read,
  .xWrite = sim_write,
  .xTruncate = sim_truncate,
  .xSync = sim_sync,
  .xFileSize = sim_size,
  .xLock = sim_lock,
  .xUnlock = sim_lock,
  .xCheckReservedLock = sim_check,
  .xFileControl = sim_control,
  .xSectorSize = sim_sector,
  .xDeviceCharacteristics = sim_device,
  .xShmMap = sim_shm_map,
  .xShmLock = sim_shm_lock,
  .xShmBarrier = sim_shm_barrier,
  .xShmUnmap = sim_shm_unmap,
};

void
alm_sim_disk_set_counters (AlmSimDisk     *self,
                           AlmSimCounters *counters)
{
  self->counters = counters;
}

static AlmSimDisk *
find_disk (const char *name)
{
  for (guint i = 0; i < disks->len; i++)
    if (g_str_has_prefix (name, ((AlmSimDisk *) disks->pdata[i])->prefix))
      return disks->pdata[i];

  g_error ("%s lies on no simulated disk", name);
}

/* The file of that name; made where there is none. */
static SimFile *
get_file (AlmSimDisk *self,
          const char *name)
{
  SimFile *file = g_hash_table_lookup (self->files, name);

  if (file == NULL)
    {
      file = file_new ();
      file->wal = g_str_has_suffix (name, "-wal");
      g_hash_table_insert (self->files, g_strdup (name), file);
    }

  return file;
}

static int
sim_open (sqlite3_vfs  *vfs,
          const char   *name,
          sqlite3_file *base,
          int           flags,
          int          *out_flags)
{
  SimHandle *self = (SimHandle *) base;

  memset (self, 0, sizeof *self);
  self->temporary = name == NULL;
  self->disk = name != NULL ? find_disk (name) : disks->pdata[0];
  if (self->disk->dead && name != NULL)
    return SQLITE_CANTOPEN;

  self->file = name != NULL ? get_file (self->disk, name) : file_new ();
  self->base.pMethods = &methods;
  if (out_flags != NULL)
    *out_flags = flags;

  return SQLITE_OK;
}

static int
sim_delete (sqlite3_vfs *vfs,
            const char  *name,
            int          sync)
{
  AlmSimDisk *disk = find_disk (name);
  int rc = count_call (disk, SQLITE_IOERR_DELETE);

  if (rc == SQLITE_OK && g_hash_table_contains (disk->files, name))
    empty (g_hash_table_lookup (disk->files, name));

  return rc;
}

static int
sim_access (sqlite3_vfs *vfs,
            const char  *name,
            int          flags,
            int         *out)
{
  SimFile *file = g_hash_table_lookup (find_disk (name)->files, name);

  *out = file != NULL && file->now->len > 0;

  return SQLITE_OK;
}

static int
sim_full_name (sqlite3_vfs *vfs,
               const char  *name,
               int          size,
               char        *out)
{
  g_strlcpy (out, name, (gsize) size);

  return SQLITE_OK;
}

static int
sim_randomness (sqlite3_vfs *vfs,
                int          size,
                char        *out)
{
  for (int i = 0; i < size; i++)
    out[i] = (char) alm_random_next (vfs_random);

  return size;
}

static int
sim_sleep (sqlite3_vfs *vfs,
           int          us)
{
  return us;
}

static int
sim_time (sqlite3_vfs   *vfs,
          sqlite3_int64 *ms)
{
  *ms = G_GINT64_CONSTANT (212000000000000);

  return SQLITE_OK;
}

static int
sim_last_error (sqlite3_vfs *vfs,
                int          size,
                char        *out)
{
  return 0;
}

void
alm_sim_disk_register (AlmRandom *random)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2,
    .szOsFile = sizeof (SimHandle),
    .mxPathname = 512,
    .zName = "sim",
    .xOpen = sim_open,
    .xDelete = sim_delete,
    .xAccess = sim_access,
    .xFullPathname = sim_full_name,
    .xRandomness = sim_randomness,
    .xSleep = sim_sleep,
    .xCurrentTimeInt64 = sim_time,
    .xGetLastError = sim_last_error,
  };

  vfs_random = random;
  if (disks == NULL)
    {
      disks = g_ptr_array_new ();
      alm_sim_memory_register ();
    }
  g_assert_cmpint (sqlite3_vfs_register (&vfs, 1), ==, SQLITE_OK);
}

AlmSimDisk *
alm_sim_disk_new (const char *prefix)
{
  AlmSimDisk *self = g_new0 (AlmSimDisk, 1);

  self->prefix = g_strdup (prefix);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) file_free);
  g_ptr_array_add (disks, self);

  return self;
}

void
alm_sim_disk_free (AlmSimDisk *self)
{
  g_ptr_array_remove (disks, self);
  g_hash_table_unref (self->files);
  g_free (self->prefix);
  g_free (self);
}

/* Nothing of either disk is open.  A file of no bytes is none, so those that are
 * there are filled again: their room is kept. */
void
alm_sim_disk_copy (AlmSimDisk *self,
                   AlmSimDisk *other)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    empty (value);
  g_hash_table_iter_init (&iter, other->files);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *here = g_strconcat (self->prefix,
                                           (const char *) name + strlen (other->prefix), NULL);
      SimFile *to = get_file (self, here);

      set_bytes (to->now, ((SimFile *) value)->now);
      set_bytes (to->durable, ((SimFile *) value)->now);
    }
  self->copying_back = FALSE;
  self->dead = FALSE;
  self->hurt = FALSE;
  self->countdown = 0;
}

void
alm_sim_disk_set_fault (AlmSimDisk  *self,
                        AlmSimFault  fault,
                        guint        nth)
{
  self->fault = fault;
  self->countdown = nth;
}

gboolean
alm_sim_disk_is_dead (AlmSimDisk *self)
{
  return self->dead;
}

gboolean
alm_sim_disk_is_dead_at (const char *name)
{
  return find_disk (name)->dead;
}

gboolean
alm_sim_disk_is_hurt_at (const char *name)
{
  return find_disk (name)->hurt;
}

void
alm_sim_disk_die (AlmSimDisk *self)
{
  self->dead = TRUE;
}

guint
alm_sim_disk_get_calls (AlmSimDisk *self)
{
  return self->calls;
}

/* Whether the cut leaves this sector as it was last written. */
static gboolean
is_left (guint8       state,
         AlmSimCrash  crash,
         AlmRandom   *random)
{
  if (state == FORGOTTEN)
    return FALSE;

  return crash != ALM_SIM_CRASH_KEEP_NONE && alm_random_below (random, 2) != 0;
}

/* The durable image becomes what the cut has left. */
static void
settle_sectors (SimFile        *file,
                AlmSimCrash     crash,
                AlmRandom      *random,
                AlmSimCounters *counters)
{
  gboolean tear = crash == ALM_SIM_CRASH_TEAR;

  for (guint i = 0; i < file->dirty->len; i++)
    {
      guint start = i * SECTOR;
      guint length;

      if (file->dirty->data[i] == CLEAN || start >= file->now->len)
        continue;
      if (!is_left (file->dirty->data[i], crash, random))
        {
          if (counters != NULL)
            counters->lost_sectors++;
          continue;
        }

      length = MIN (SECTOR, file->now->len - start);
      if (tear)
        {
          length = length / 2;
          if (counters != NULL)
            counters->torn_sectors++;
        }
      tear = FALSE;
      grow (file->durable, start + length);
      memcpy (file->durable->data + start, file->now->data + start, length);
    }
}

/* The volatile image becomes what the cut has left. */
static void
settle (SimFile        *file,
        AlmSimCrash     crash,
        AlmRandom      *random,
        AlmSimCounters *counters)
{
  guint size = file->durable->len;

  settle_sectors (file, crash, random, counters);

  /* A cut that was not synced may have happened or not. */
  if (file->now->len < size
      && crash != ALM_SIM_CRASH_KEEP_NONE && alm_random_below (random, 2) == 0)
    g_byte_array_set_size (file->durable, file->now->len);

  /* The two differ in these sectors alone. */
  g_byte_array_set_size (file->now, file->durable->len);
  for (guint i = 0; i < file->dirty->len && i * SECTOR < file->now->len; i++)
    if (file->dirty->data[i] != CLEAN)
      memcpy (file->now->data + i * SECTOR, file->durable->data + i * SECTOR,
              MIN (SECTOR, file->now->len - i * SECTOR));
  g_byte_array_set_size (file->dirty, 0);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char **) a, *(char **) b);
}

/* Nothing of the disk is open any more. */
void
alm_sim_disk_crash (AlmSimDisk  *self,
                    AlmSimCrash  crash,
                    AlmRandom   *random)
{
  guint n;
  g_autofree char **names = (char **) g_hash_table_get_keys_as_array (self->files, &n);

  /* In an order that is the same each time. */
  qsort (names, n, sizeof *names, compare_names);
  for (guint i = 0; i < n; i++)
    {
      SimFile *file = g_hash_table_lookup (self->files, names[i]);

      /* Where only the process has died the kernel goes on. */
      if (crash != ALM_SIM_CRASH_KEEP_ALL)
        settle (file, crash, random, self->counters);
      forget_shm (file);
    }

  self->copying_back = FALSE;
  self->dead = FALSE;
  self->hurt = FALSE;
  self->countdown = 0;
}
