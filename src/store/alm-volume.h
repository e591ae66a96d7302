/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What kind of file system a folder lies on, as far as a database cares. */
typedef enum {
  ALM_VOLUME_LOCAL,
  ALM_VOLUME_UNSURE,    /* some user-space file system: warned of, not refused */
  ALM_VOLUME_NETWORK
} AlmVolumeKind;

AlmVolumeKind  alm_volume_judge  (guint64       magic,
                                  const char   *type);
char          *alm_volume_type   (const char   *mountinfo,
                                  guint         major,
                                  guint         minor);
gboolean       alm_volume_allow  (const char   *dir,
                                  guint64       magic,
                                  const char   *type,
                                  GError      **error);
gboolean       alm_volume_check  (const char   *dir,
                                  GError      **error);

G_END_DECLS
