/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-id.h"
#include "alm-value.h"

G_BEGIN_DECLS

typedef enum {
  ALM_OP_NEW,
  ALM_OP_UPD,
  ALM_OP_DEL,
  ALM_OP_UNDEL,
  ALM_OP_RESOLVE,
  ALM_OP_ERASE
} AlmOp;

/* One thing a user did to one record (sync.md, section 3.2).  A plain struct;
 * it never changes after it is written. */
typedef struct
{
  gint64    n;            /* 1, 2, 3 … per desk; 0 = not numbered (scope local) */
  char     *cid;          /* 16 hex digits */
  AlmOp     op;
  AlmId     id;
  gint64    base;         /* the record's version the author saw; 0 = none */
  char     *scope;        /* new only */
  char     *kind;         /* new only */
  AlmId     conflict;     /* resolve only */
  AlmValue *set;          /* object or NULL; a null member takes the field away */
  AlmValue *old;          /* object or NULL */
  char     *at;           /* RFC 3339; told, never used */
  char     *batch;        /* UUID, nullable */
  char     *reason;       /* erase only, nullable */
  AlmValue *fields;       /* erase only: list of names, nullable = whole record */
  gboolean  confirm;      /* a steward means this mass deletion */
} AlmCommand;

#define ALM_RECORD_SIZE_MAX (2 * 1024 * 1024)   /* bytes of canonical text of a record's fields */

void        alm_command_free       (AlmCommand        *self);
AlmCommand *alm_command_copy       (const AlmCommand  *self);
AlmValue   *alm_command_to_value   (const AlmCommand  *self);
/* On NULL *code is a refusal code ("bad-id", "unknown-op", "bad-value", "too-large")
 * and *reason says why, with the member's name first: "set/name: …" (transfer full). */
AlmCommand *alm_command_from_value (const AlmValue    *value,
                                    const char       **code,
                                    char             **reason);
const char *alm_op_to_text         (AlmOp              op);
gboolean    alm_op_from_text       (const char        *text,
                                    AlmOp             *op);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmCommand, alm_command_free)

G_END_DECLS
