/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-wire.h"

G_BEGIN_DECLS

/* One line of the feed: a record as the reader may see it. */
typedef struct
{
  char     *scope;
  gint64    ver;
  AlmId     id;
  char     *kind;
  gboolean  deleted;
  AlmValue *fields;      /* object; NULL where deleted */
  AlmValue *erased;      /* list of field names that were erased; nullable */
} AlmWireRecord;

void      alm_wire_record_clear      (AlmWireRecord        *self);
gboolean  alm_wire_record_parse      (AlmWireRecord        *self,
                                      const char           *line,
                                      gsize                 length,
                                      GError              **error);
/* Appends the line with its end. */
void      alm_wire_record_print      (const AlmWireRecord  *self,
                                      GString              *out);
/* The same from a body that is canonical text already; NULL = deleted. */
void      alm_wire_record_print_raw  (GString              *out,
                                      const char           *scope,
                                      gint64                ver,
                                      const AlmId          *id,
                                      const char           *kind,
                                      const char           *body,
                                      const AlmValue       *erased);

/* A page of the feed, whole. */
typedef struct
{
  GArray   *records;     /* (element-type AlmWireRecord) */
  AlmValue *cursors;     /* scope → version up to which the page goes */
  gboolean  more;
  char     *rights;
  AlmValue *digest;      /* scope → {"seq","n",class: 16 hex …}; an object */
} AlmWirePage;

char        *alm_wire_feed_request (const char     *epoch,
                                    AlmValue       *cursors,
                                    guint           max,
                                    guint           wait_s);
void         alm_wire_page_free    (AlmWirePage    *self);
AlmWirePage *alm_wire_page_parse   (const char     *text,
                                    gsize           length,
                                    GError        **error);
/* Appends the last line of a page. */
void         alm_wire_page_end     (GString        *out,
                                    AlmValue       *cursors,
                                    gboolean        more,
                                    const char     *rights,
                                    AlmValue       *digest);

/* The first and last line of a pack; records stand between them. */
typedef struct
{
  char     *scope;
  gint64    seq;
  char     *epoch;
  AlmValue *classes;     /* list of texts */
  gint64    records;
} AlmWirePackHead;

void      alm_wire_pack_head_clear (AlmWirePackHead        *self);
gboolean  alm_wire_pack_head_parse (AlmWirePackHead        *self,
                                    const char             *line,
                                    gsize                   length,
                                    GError                **error);
void      alm_wire_pack_head_print (const AlmWirePackHead  *self,
                                    GString                *out);
/* @digest: as one scope's in a page */
gboolean  alm_wire_pack_end_parse  (const char             *line,
                                    gsize                   length,
                                    gint64                 *count,
                                    AlmValue              **digest,
                                    GError                **error);
void      alm_wire_pack_end_print  (GString                *out,
                                    gint64                  count,
                                    AlmValue               *digest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmWirePage, alm_wire_page_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmWireRecord, alm_wire_record_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmWirePackHead, alm_wire_pack_head_clear)

G_END_DECLS
