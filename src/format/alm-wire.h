/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-command.h"
#include "alm-id.h"
#include "alm-value.h"

G_BEGIN_DECLS

/* What desk and server say to each other, as text (sync.md, section 3.5).
 * Everything that arrives is parsed here; both sides build their lines here,
 * so that there is one spelling of each. */

#define ALM_WIRE_PROTOCOL 1

/* Lines of NDJSON in a block of bytes. */
typedef struct
{
  const char *at;
  const char *end;
  guint       number;   /* of the line just read, from 1 */
} AlmWireLines;

void      alm_wire_lines_start     (AlmWireLines      *self,
                                    const char        *text,
                                    gsize              length);
gboolean  alm_wire_lines_next      (AlmWireLines      *self,
                                    const char       **line,
                                    gsize             *length);

/* The answer to `hello`. */
typedef struct
{
  char     *scope;
  char     *title;
  gint64    seq;         /* the scope's newest version */
  gint64    records;     /* that stand in it, without deleted ones; 0: not told */
  gint64    began;       /* restores: versions above it may be unknown there */
  AlmValue *roles;       /* list of texts */
  AlmValue *classes;     /* list of texts: of fields that may be seen */
  AlmValue *writes;      /* list of texts: that may be changed everywhere; NULL: not told */
  AlmValue *areas;       /* nullable list of {"classes", "area"}: what may be changed in an area,
                          * which is a place in the list of `hello` */
  char     *grant;       /* changes with rights, classes and the class map */
  gint64    pack_seq;    /* 0: no pack */
  gint64    pack_bytes;
  char     *pack_etag;   /* nullable */
} AlmWireScope;

/* What this desk has to take out of everything it keeps. */
typedef struct
{
  char     *scope;
  gint64    seq;
  AlmId     id;
  AlmValue *fields;      /* list of names; empty = the whole record */
} AlmWireErasure;

typedef struct
{
  char      *server;     /* the server's own id, stays over restores */
  char      *epoch;
  gint64     protocol;
  gint64     next;       /* the number that this desk's next command has to have */
  gint64     max_body;
  gint64     max_commands;
  char      *token;      /* nullable: the one to use from now on */
  char      *rights;     /* nullable; the same word as in the feed's last line */
  AlmValue  *roles;      /* list of texts */
  AlmValue  *areas;      /* nullable list of GeoJSON polygons */
  GPtrArray *scopes;     /* (element-type AlmWireScope) */
  GPtrArray *erased;     /* (element-type AlmWireErasure) that it has not confirmed */
} AlmWireHello;

void          alm_wire_erasure_free    (AlmWireErasure     *self);
void          alm_wire_scope_free      (AlmWireScope       *self);
void          alm_wire_hello_free      (AlmWireHello       *self);
AlmWireHello *alm_wire_hello_copy      (const AlmWireHello *self);
AlmWireHello *alm_wire_hello_parse     (const char         *text,
                                        gsize               length,
                                        GError            **error);
AlmValue     *alm_wire_hello_to_value  (const AlmWireHello *self);
const AlmWireScope *alm_wire_hello_find (const AlmWireHello *self,
                                        const char         *scope);

/* What became of one command. */
typedef enum {
  ALM_WIRE_OK,
  ALM_WIRE_MERGED,
  ALM_WIRE_CONFLICT,
  ALM_WIRE_REFUSED
} AlmWireResult;

typedef struct
{
  gint64         n;
  AlmWireResult  result;
  gint64         seq;         /* 0 where refused */
  AlmValue      *merged;      /* list of field names; nullable */
  AlmValue      *conflicts;   /* list of {"id","field"}; nullable */
  char          *code;        /* refused */
  char          *detail;      /* refused; nullable */
  char          *limit;       /* forbidden by "field" or "area", not as a whole; nullable */
} AlmWireOutcome;

void            alm_wire_outcome_free     (AlmWireOutcome        *self);
AlmWireOutcome *alm_wire_outcome_from_value (const AlmValue      *value,
                                           GError               **error);
AlmValue       *alm_wire_outcome_to_value (const AlmWireOutcome  *self);
const char     *alm_wire_result_to_text   (AlmWireResult          result);

/* The body of a push: the head, then each command as its canonical line. */
void       alm_wire_push_begin       (GString              *out,
                                      const AlmId          *desk,
                                      const char           *epoch,
                                      gint64                first);
void       alm_wire_push_add         (GString              *out,
                                      const AlmCommand     *command);
/* Whole or not at all: exactly @count outcomes from @first on and the last
 * line.  (transfer full) (element-type AlmWireOutcome) */
GPtrArray *alm_wire_push_parse_reply (const char           *text,
                                      gsize                 length,
                                      gint64                first,
                                      guint                 count,
                                      gint64               *next,
                                      GError              **error);

/* Login: the request's text, and the token out of the answer. */
char     *alm_wire_login_request   (const char             *user,
                                    const char             *password,
                                    const AlmId            *desk,
                                    const char             *name);
char     *alm_wire_login_parse     (GBytes                 *body,
                                    GError                **error);

/* application/problem+json; @code is "" where the body is none. */
typedef struct
{
  char   *code;
  char   *detail;        /* nullable */
  gint64  next;          /* 0 = not said */
  gint64  n;             /* desk-forked: the first number that is another's; 0 = not said */
} AlmWireProblem;

void      alm_wire_problem_clear   (AlmWireProblem         *self);
void      alm_wire_problem_parse   (AlmWireProblem         *self,
                                    const char             *text,
                                    gsize                   length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmWireScope, alm_wire_scope_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmWireHello, alm_wire_hello_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmWireOutcome, alm_wire_outcome_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmWireProblem, alm_wire_problem_clear)

G_END_DECLS
