/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* What the server's auditor has erased goes here, too (sync.md, section 4.10): in the
 * transaction that brings the news out of everything the profile keeps, then, outside it,
 * out of its files.  Only then the server is told. */

/* An auditor's command: the server takes the fields that @names lists (NULL: the whole
 * record) out of everything, here and everywhere; the record need not be here.  Nothing
 * changes before the server has said so. */
gboolean  alm_desk_erase             (AlmDesk         *self,
                                      const AlmId     *id,
                                      AlmValue        *names,
                                      const char      *reason,
                                      AlmEditResult   *result,
                                      GError         **error);

/* Takes out of the profile's files what was taken out of its tables.  *done FALSE: another
 * program is reading, so ask again in a second.  *seen: (transfer full) (nullable): what the
 * server is to be told by it, {scope: version}; NULL: nothing. */
gboolean  alm_desk_wipe              (AlmDesk         *self,
                                      gboolean        *done,
                                      AlmValue       **seen,
                                      GError         **error);
/* The server has heard it. */
gboolean  alm_desk_wipe_confirmed    (AlmDesk         *self,
                                      const AlmValue  *seen,
                                      GError         **error);

G_END_DECLS
