/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-private.h"

G_BEGIN_DECLS

/* What the store knows of a kind that has a model. */
typedef struct
{
  AlmModel       *model;
  gint64          number;       /* of the kind, in `names` */
  gboolean        stale;
  const AlmField *geometry;     /* nullable, as the next three */
  const AlmField *start;
  const AlmField *end;
  const AlmField *instant;
  gboolean        searchable;
  guint           rank;         /* what the search shows first: small */
  char           *table;
  char           *insert;
  char           *remove;
} AlmDerivedKind;

/* Rows of the search: the rank stands above the row's number, so that the order
 * of the index is the order in which finds are wanted. */
#define ALM_SEARCH_RANK_SHIFT 44
#define ALM_SEARCH_FID(rank, rid) (((gint64) (rank) << ALM_SEARCH_RANK_SHIFT) | (rid))
#define ALM_SEARCH_RID(fid) ((fid) & ((G_GINT64_CONSTANT (1) << ALM_SEARCH_RANK_SHIFT) - 1))

/* An entry on its way into the R*Tree. */
typedef struct
{
  gint64   rid;
  double   e0, e1, n0, n1;
  guint32  hilbert;
  guint32  order;     /* a later entry of the same rid counts */
  gboolean gone;
} AlmBoxEntry;

char           *alm_desk_table_of       (const char            *kind);
char           *alm_desk_column_of      (const char            *field);
AlmDerivedKind *alm_desk_find_derived   (AlmDesk               *self,
                                         const char            *kind);
void            alm_desk_find_lifespan  (const AlmDerivedKind  *kind,
                                         const AlmRow          *row,
                                         gint32                *t0,
                                         gint32                *t1);
gboolean        alm_desk_derive_again   (AlmDesk               *self,
                                         AlmDerivedKind        *kind,
                                         GError               **error);

/* The indexes over the derived rows (alm-desk-indexes.c). */
gboolean        alm_desk_add_box        (AlmDesk               *self,
                                         AlmBoxEntry           *box,
                                         GError               **error);
void            alm_desk_forget_boxes   (AlmDesk               *self);
gboolean        alm_desk_is_indexed     (AlmDesk               *self,
                                         gboolean              *indexed,
                                         GError               **error);
gboolean        alm_desk_load_indexed   (AlmDesk               *self,
                                         GError               **error);
gboolean        alm_desk_note_indexed   (AlmDesk               *self,
                                         GError               **error);

guint           alm_desk_search_rank    (const AlmDerivedKind  *kind);
gboolean        alm_desk_derive_search  (AlmDesk               *self,
                                         const AlmDerivedKind  *kind,
                                         const AlmRow          *row,
                                         const char            *label,
                                         gboolean               is_new,
                                         GError               **error);
gboolean        alm_desk_remove_search  (AlmDesk               *self,
                                         const AlmDerivedKind  *kind,
                                         gint64                 rid,
                                         GError               **error);

/* The vocabulary of the search; the functions add to a match of FTS5. */
gboolean        alm_desk_words_load     (AlmDesk               *self,
                                         GError               **error);
void            alm_desk_words_add      (GString               *match,
                                         const char            *word,
                                         gboolean               prefix);
gboolean        alm_desk_words_add_beginnings
                                        (AlmDesk               *self,
                                         GString               *match,
                                         const char            *word);
gboolean        alm_desk_words_add_guesses
                                        (AlmDesk               *self,
                                         GString               *match,
                                         const char            *word,
                                         gboolean               prefix);

G_END_DECLS
