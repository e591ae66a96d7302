/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* A fault inside a text that is JSON: the value could not be kept and null
 * stands in its place.  The first one counts. */
typedef struct
{
  int    code;     /* ALM_FORMAT_ERROR_BAD_TEXT, _BAD_VALUE or 0 for none */
  char  *path;     /* JSON pointer, "/set/name" */
  char  *reason;
} AlmJsonFlaw;

#define ALM_JSON_DEPTH_MAX 32

AlmValue *alm_json_parse      (const char   *text,
                               gssize        length,
                               AlmJsonFlaw  *flaw,
                               GError      **error);
void      alm_json_flaw_clear (AlmJsonFlaw  *flaw);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmJsonFlaw, alm_json_flaw_clear)

G_END_DECLS
