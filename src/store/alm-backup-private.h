/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-value.h"

G_BEGIN_DECLS

/* What making a backup and restoring one share. */
#define ALM_BACKUP_MANIFEST "manifest.json"

/* FALSE, and *error says @path and errno. */
gboolean  alm_backup_fail        (const char  *path,
                                  GError     **error);
/* Brings a file or folder to the disk. */
gboolean  alm_backup_sync_path   (const char  *path,
                                  GError     **error);
/* SHA-256 as hex; (transfer full) */
char     *alm_backup_hash_file   (const char  *path,
                                  guint64     *size,
                                  GError     **error);
/* As far as it can be removed. */
void      alm_backup_remove_tree (const char  *path);
/* The manifest, with "files" in it whose names stay inside the folder. */
AlmValue *alm_backup_read        (const char  *dir,
                                  GError     **error);

G_END_DECLS
