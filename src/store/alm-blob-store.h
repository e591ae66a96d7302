/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Attached files of a profile or a server, DIR/blobs/aa/SHA256, and what has come of them
 * so far, DIR/blobs/parts (sync.md, section 3.3).  A file that has its name is whole, is
 * what its name says, and is on the disk.  At most ALM_BLOB_SIZE_MAX bytes each.
 *
 * @owner: (nullable): who sends the part, on the server; nobody reads or goes on with a
 * part of somebody else's.  Functions may run on any thread; of one part, one at a time. */

char     *alm_blob_store_path       (const char    *dir,
                                     const char    *sha256);
/* In bytes; -1: it is not here. */
gint64    alm_blob_store_get_size   (const char    *dir,
                                     const char    *sha256);
/* A copy of @file: hashed while it is copied. */
gboolean  alm_blob_store_take_file  (const char    *dir,
                                     const char    *file,
                                     char         **sha256,
                                     gint64        *size,
                                     GCancellable  *cancellable,
                                     GError       **error);
/* Up to @length bytes from @offset on. */
GBytes   *alm_blob_store_read       (const char    *dir,
                                     const char    *sha256,
                                     gint64         offset,
                                     gsize          length,
                                     GError       **error);
gboolean  alm_blob_store_remove     (const char    *dir,
                                     const char    *sha256,
                                     GError       **error);

/* Makes the folder that it lies in. */
char     *alm_blob_store_part_path  (const char    *dir,
                                     const char    *sha256,
                                     const char    *owner,
                                     GError       **error);
/* How much of it is here: where to go on. */
gint64    alm_blob_store_part_size  (const char    *dir,
                                     const char    *sha256,
                                     const char    *owner);
/* G_IO_ERROR_INVALID_ARGUMENT: the part does not end at @offset. */
gboolean  alm_blob_store_append     (const char    *dir,
                                     const char    *sha256,
                                     const char    *owner,
                                     gint64         offset,
                                     gconstpointer  data,
                                     gsize          length,
                                     GError       **error);
/* Is the part, now on the disk, what its name says?  If not, it is thrown away and the
 * error is G_IO_ERROR_INVALID_DATA.  Takes a while for a large one. */
gboolean  alm_blob_store_check_part (const char    *dir,
                                     const char    *sha256,
                                     const char    *owner,
                                     gint64         size,
                                     GError       **error);
/* Gives a part that was checked its name. */
gboolean  alm_blob_store_keep_part  (const char    *dir,
                                     const char    *sha256,
                                     const char    *owner,
                                     GError       **error);
void      alm_blob_store_drop_part  (const char    *dir,
                                     const char    *sha256,
                                     const char    *owner);

/* @sha256: what is meant, also of a part; "" for something else.  @owner: "" for none. */
typedef struct
{
  const char *path;
  const char *sha256;
  const char *owner;
  gboolean    is_part;
  gint64      size;
  gint64      changed_us;
} AlmBlobFile;

typedef gboolean (*AlmBlobFileFunc) (const AlmBlobFile *file, gpointer user_data,
                                     GError **error);

/* Every file in the store, in no order; FALSE of @func ends it. */
gboolean  alm_blob_store_each       (const char       *dir,
                                     AlmBlobFileFunc   func,
                                     gpointer          user_data,
                                     GError          **error);
gboolean  alm_blob_store_each_part  (const char       *dir,
                                     AlmBlobFileFunc   func,
                                     gpointer          user_data,
                                     GError          **error);
/* Is the whole file still what its name says? */
gboolean  alm_blob_store_check      (const char       *dir,
                                     const char       *sha256,
                                     GError          **error);

G_END_DECLS
