/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-sync.h"

G_BEGIN_DECLS

/* A desk that has met a server, and short words for what that server says.
 * JSON is written with single quotes here. */
#define ALM_FIXTURE_SCOPE "ksj/baeume"

typedef struct
{
  char    *dir;
  AlmDesk *desk;
} AlmDeskFixture;

void           alm_desk_fixture_set_up   (AlmDeskFixture  *self,
                                          gconstpointer    data);
void           alm_desk_fixture_tear_down (AlmDeskFixture *self,
                                          gconstpointer    data);
void           alm_desk_fixture_reopen   (AlmDeskFixture  *self);

void           alm_fixture_give_place    (AlmDesk         *desk);

AlmValue      *alm_fixture_value         (const char      *text);
/* The id …00NUMBER. */
void           alm_fixture_id            (AlmId           *id,
                                          guint            number);
AlmWireHello  *alm_fixture_hello         (const char      *epoch,
                                          gint64           next,
                                          const char      *grant);
/* One line of the feed; @fields NULL: deleted. */
char          *alm_fixture_line          (guint            number,
                                          gint64           ver,
                                          const char      *fields);
/* Applies a page of @lines (NULL-terminated) of ALM_FIXTURE_SCOPE. */
AlmDeskSyncPage *alm_fixture_page        (AlmDesk         *desk,
                                          gint64           cursor,
                                          gboolean         more,
                                          const char      *digest,
                                          const char *const *lines);
void           alm_fixture_page_free     (AlmDeskSyncPage *page);
gint64         alm_fixture_edit          (AlmDesk         *desk,
                                          AlmOp            op,
                                          guint            number,
                                          const char      *set);
/* Takes @lines as the whole answer to the next push. */
void           alm_fixture_answer        (AlmDesk         *desk,
                                          const char      *lines,
                                          AlmDeskSyncOutcomes *outcomes);
/* "ver {fields}" of what is shown, "-" for nothing, "x ver" for deleted, with
 * "*" behind it while something of it waits. */
char          *alm_fixture_shown         (AlmDesk         *desk,
                                          guint            number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDeskSyncPage, alm_fixture_page_free)

G_END_DECLS
