/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-blob.h"
#include "alm-desk.h"

G_BEGIN_DECLS

/* Attached files of a profile: where each one is (sync.md, section 3.3). */
typedef enum {
  ALM_BLOB_UNKNOWN,      /* no record names it, and it is not here */
  ALM_BLOB_LOCAL,        /* here; no record that is sent names it */
  ALM_BLOB_WAITING,      /* here, and to be sent */
  ALM_BLOB_HERE,         /* here and on the server */
  ALM_BLOB_WANTED,       /* to be fetched */
  ALM_BLOB_REMOTE        /* too large to be fetched without being asked for */
} AlmBlobState;

/* Larger ones stay on the server until somebody wants to see them. */
#define ALM_BLOB_FETCH_MAX (G_GINT64_CONSTANT (16) << 20)

typedef struct
{
  char         *sha256;
  gint64        size;
  char         *type;      /* nullable */
  AlmBlobState  state;
  gint64        arrived;   /* WANTED: bytes that are here of it */
} AlmDeskBlob;

void         alm_desk_blob_free    (AlmDeskBlob       *self);
const char  *alm_blob_state_to_text (AlmBlobState      state);

/* Copies a file into the profile; touches no database, so any thread, with its folder. */
AlmDeskBlob *alm_desk_blob_take    (const char        *dir,
                                    const char        *file,
                                    GCancellable      *cancellable,
                                    GError           **error);
/* What was taken is the profile's from now on. */
gboolean     alm_desk_blob_note    (AlmDesk           *desk,
                                    const AlmDeskBlob *blob,
                                    GError           **error);
/* Fetches it at the next opportunity, however large it is.  FALSE without an error: no
 * record names it. */
gboolean     alm_desk_blob_want    (AlmDesk           *desk,
                                    const char        *sha256,
                                    GError           **error);
/* *blob NULL: it is neither here nor named. */
gboolean     alm_desk_blob_find    (AlmDesk           *desk,
                                    const char        *sha256,
                                    AlmDeskBlob      **blob,
                                    GError           **error);
/* (transfer full) (element-type AlmDeskBlob), by name */
GPtrArray   *alm_desk_blob_list    (AlmDesk           *desk,
                                    GError           **error);

/* The next one to send (these first) or to fetch, but for those in @but (set of utf8).
 * *blob NULL: there is none. */
gboolean     alm_desk_blob_next    (AlmDesk           *desk,
                                    GHashTable        *but,
                                    AlmDeskBlob      **blob,
                                    GError           **error);
typedef enum {
  ALM_BLOB_SENT,         /* the server has it */
  ALM_BLOB_ARRIVED,      /* its part was checked */
  ALM_BLOB_LOST          /* what was to be sent is not here, or damaged */
} AlmBlobNews;

gboolean     alm_desk_blob_take_news (AlmDesk         *desk,
                                    const char        *sha256,
                                    AlmBlobNews        news,
                                    GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDeskBlob, alm_desk_blob_free)

G_END_DECLS
