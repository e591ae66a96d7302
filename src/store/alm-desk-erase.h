/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* What the server's auditor has erased goes here, too (sync.md, section 4.10): in the
 * transaction that brings the news out of everything the profile keeps, then, outside it,
 * out of its files.  Only then the server is told. */

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
