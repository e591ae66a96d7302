/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

struct _AlmModel
{
  gatomicrefcount  ref_count;

  /* owned */
  char            *name;
  AlmValue        *schema;
  AlmField        *fields;       /* in the order of propertySeq, then of names */
  guint            n_fields;
  GHashTable      *by_name;      /* name → place in fields; the names are the fields' */
  char           **key;          /* nullable */

  /* borrowed from schema */
  const char      *title;
  const char      *title_en;     /* nullable */
  const char      *plural;       /* nullable */
  const char      *plural_en;    /* nullable */
  const char      *layer;        /* nullable */
  const char      *label;        /* nullable */
};

/* Types of properties, as sets: what a keyword is for. */
enum {
  ALM_FOR_TEXT     = 1 << 0,
  ALM_FOR_NUMBER   = 1 << 1,
  ALM_FOR_BOOLEAN  = 1 << 2,
  ALM_FOR_LIST     = 1 << 3,
  ALM_FOR_OBJECT   = 1 << 4,
  ALM_FOR_GEOMETRY = 1 << 5,
  ALM_FOR_CODES    = ALM_FOR_TEXT | ALM_FOR_NUMBER | ALM_FOR_BOOLEAN,
  ALM_FOR_ALL      = ALM_FOR_CODES | ALM_FOR_LIST | ALM_FOR_OBJECT | ALM_FOR_GEOMETRY
};

/* A walk through a schema: where it stands and what it has found. */
typedef struct
{
  GPtrArray *faults;   /* (element-type utf8) */
  GString   *path;     /* JSON pointer */
  guint      depth;    /* below the record's properties; 0 = one of them */
  gboolean   any;      /* a property may be without a type: kind conflict */
} AlmModelCheck;

void     alm_model_check_fault    (AlmModelCheck       *self,
                                   const char          *format,
                                   ...) G_GNUC_PRINTF (2, 3);
void     alm_model_check_fault_of (AlmModelCheck       *self,
                                   const char          *member,
                                   const char          *reason);
/* Goes one step down; returns what alm_model_check_leave() wants. */
gsize    alm_model_check_enter    (AlmModelCheck       *self,
                                   const char          *step);
void     alm_model_check_leave    (AlmModelCheck       *self,
                                   gsize                mark);
char   **alm_model_check_aliases  (AlmModelCheck       *self,
                                   const AlmValue      *aliases);
gboolean alm_model_check_titles   (AlmModelCheck       *self,
                                   const char          *keyword,
                                   const AlmValue      *titles);
void     alm_model_check_property (AlmModelCheck       *self,
                                   const char          *name,
                                   AlmValue            *schema,
                                   AlmField            *field);
void     alm_model_check_limits   (AlmModelCheck       *self,
                                   const AlmValue      *schema,
                                   guint                flag,
                                   AlmField            *field);
void     alm_model_check_whole    (AlmModelCheck       *self,
                                   const AlmModel      *model);
void     alm_model_check_rules    (AlmModelCheck       *self,
                                   const AlmModel      *model);
void     alm_field_clear          (AlmField            *self);

/* Puts the sentence into *reason, if that is wanted; returns FALSE. */
gboolean alm_model_refuse         (char               **reason,
                                   const char          *format,
                                   ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
