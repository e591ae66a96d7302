/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-tile-painter.h"

G_BEGIN_DECLS

/* The base maps of a profile: none, drawn from the records, each file of tiles in
 * the profile, and what somebody has added (base-map.ini).  Main thread only;
 * files are opened and written in the pool.
 *
 * Signal "changed" (): one has come or gone. */
#define ALM_TYPE_BASE_MAPS (alm_base_maps_get_type ())
G_DECLARE_FINAL_TYPE (AlmBaseMaps, alm_base_maps, ALM, BASE_MAPS, GObject)

#define ALM_BASE_MAP_NONE  "none"
#define ALM_BASE_MAP_DRAWN "drawn"

typedef struct
{
  const char     *id;         /* stays the same from session to session */
  const char     *title;      /* NULL for none and drawn */
  const char     *words;      /* whom it is from; NULL for none and drawn */
  AlmTilePainter *painter;    /* NULL for none, drawn and what cannot be opened */
  gboolean        is_file;
  gboolean        is_added;   /* can be taken away */
} AlmBaseMap;

/* @dir: (nullable): the profile's folder */
AlmBaseMaps *alm_base_maps_new             (const char           *dir);
guint        alm_base_maps_get_n           (AlmBaseMaps          *self);
void         alm_base_maps_get             (AlmBaseMaps          *self,
                                            guint                 number,
                                            AlmBaseMap           *map);
/* FALSE: there is none of that id (yet). */
gboolean     alm_base_maps_find            (AlmBaseMaps          *self,
                                            const char           *id,
                                            AlmBaseMap           *map);
/* Everything that was there at the start has been opened. */
gboolean     alm_base_maps_is_loaded       (AlmBaseMaps          *self);

/* The answer is the id, (transfer full); the same again for what is there already.
 * The file stays where it is. */
void         alm_base_maps_add_file_async  (AlmBaseMaps          *self,
                                            const char           *path,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
char        *alm_base_maps_add_file_finish (AlmBaseMaps          *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* FALSE: no http(s) address with all three places. */
gboolean     alm_base_maps_check_address   (const char           *address,
                                            GError              **error);
/* NULL: no good address, or nobody is named. */
char        *alm_base_maps_add_address     (AlmBaseMaps          *self,
                                            const char           *address,
                                            const char           *words,
                                            guint                 max_zoom,
                                            GError              **error);
/* What is taken away comes back with restore(). */
void         alm_base_maps_remove          (AlmBaseMaps          *self,
                                            const char           *id);
void         alm_base_maps_restore         (AlmBaseMaps          *self);

G_END_DECLS
