/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* The description of a kind: a JSON Schema as OGC API Features Part 5 (Schemas)
 * writes it, compiled.  Immutable, reference-counted atomically, any thread. */
typedef struct _AlmModel AlmModel;

typedef enum {
  ALM_FIELD_TEXT,        /* string */
  ALM_FIELD_DATE,        /* string, format date: YYYY-MM-DD */
  ALM_FIELD_DATETIME,    /* string, format date-time: RFC 3339 */
  ALM_FIELD_EDTF,        /* string, format edtf */
  ALM_FIELD_REFERENCE,   /* string, format uuid: id of another record */
  ALM_FIELD_INTEGER,
  ALM_FIELD_NUMBER,
  ALM_FIELD_BOOLEAN,
  ALM_FIELD_LIST,        /* array */
  ALM_FIELD_OBJECT,
  ALM_FIELD_GEOMETRY     /* format geometry-…: a GeoJSON geometry, lon/lat */
} AlmFieldType;

typedef enum {
  ALM_MERGE_REG,
  ALM_MERGE_SET,
  ALM_MERGE_COUNTER,
  ALM_MERGE_MAX,
  ALM_MERGE_TEXT,
  ALM_MERGE_ARTICLE,
  ALM_MERGE_JSON
} AlmMergeKind;

typedef enum {
  ALM_CLASS_PUBLIC       = 1 << 0,
  ALM_CLASS_INTERNAL     = 1 << 1,   /* the default */
  ALM_CLASS_CONFIDENTIAL = 1 << 2,
  ALM_CLASS_PERSONAL     = 1 << 3
} AlmClass;

typedef enum {
  ALM_ROLE_NONE,
  ALM_ROLE_ID,
  ALM_ROLE_TYPE,
  ALM_ROLE_GEOMETRY,     /* primary-geometry */
  ALM_ROLE_INSTANT,
  ALM_ROLE_START,        /* primary-interval-start */
  ALM_ROLE_END,
  ALM_ROLE_REFERENCE
} AlmFieldRole;

/* One entry of a code list. */
typedef struct
{
  AlmValue *value;
  char     *title;       /* German; the value's text where there is none */
  char     *title_en;    /* nullable */
  char    **aliases;     /* how lists of others write it, nullable */
} AlmCode;

typedef struct _AlmField AlmField;

struct _AlmField
{
  char          *name;
  AlmFieldType   type;
  AlmFieldRole   role;
  AlmMergeKind   merge;
  AlmClass       class_;
  char          *title;          /* German, never NULL */
  char          *title_en;       /* nullable */
  char          *description;    /* nullable */
  char          *format;         /* as in the schema, nullable: "geometry-point" */
  char          *unit;           /* UCUM, nullable */
  char          *group;          /* x-alm-group, nullable */
  char          *collection;     /* kind that a reference points to, nullable */
  char          *pattern;        /* nullable */
  char         **aliases;        /* column names seen in the wild, nullable */
  AlmCode       *codes;
  guint          n_codes;
  double         minimum;        /* -INFINITY where there is none */
  double         maximum;
  gboolean       exclusive_minimum;
  gboolean       exclusive_maximum;
  int            min_length;     /* characters; -1 where there is none */
  int            max_length;
  int            seq;            /* x-ogc-propertySeq, G_MAXINT where there is none */
  gboolean       required;
  gboolean       read_only;
  gboolean       later_wins;     /* x-alm-collision: later */
  AlmValue      *schema;         /* the property as written (owned) */

  /* Compiled, for checking. */
  GRegex        *regex;          /* of pattern, nullable */
  double         multiple_of;    /* 0 where there is none */
  AlmField      *items;          /* of a list, nullable = anything */
  AlmField      *members;        /* named members of an object */
  guint          n_members;
  AlmField      *rest;           /* all other members of an object, nullable */
  gboolean       closed;         /* an object takes no other members */
  gboolean       any;            /* takes every value; only in the built-in kind conflict */
};

/* Limits of a model and of the values under it. */
#define ALM_MODEL_SIZE_MAX       (256 * 1024)
#define ALM_MODEL_PROPERTIES_MAX 200
#define ALM_FIELD_SIZE_MAX       (1024 * 1024)   /* bytes of canonical text */
#define ALM_RECORD_FIELDS_MAX    500

/* Checks and compiles.  NULL if there are faults; each is
 * "/properties/height: reason", a JSON pointer into @schema before the colon.
 *
 * @faults: (element-type utf8) (nullable): filled where the schema breaks a rule */
AlmModel        *alm_model_new            (const char      *name,
                                           AlmValue        *schema,
                                           GPtrArray       *faults);
/* The schema of a model as files hold it: a bare one, whose "$id" ends in
 * /collections/NAME/schema, or {"name", "schema"}.  NULL if it is neither.
 *
 * @name: (out) (transfer full): the kind, not checked
 * Returns: (transfer none): of @document */
AlmValue        *alm_model_find_schema    (AlmValue        *document,
                                           char           **name);
AlmModel        *alm_model_ref            (AlmModel        *self);
void             alm_model_unref          (AlmModel        *self);

const char      *alm_model_get_name       (const AlmModel  *self);
AlmValue        *alm_model_get_schema     (const AlmModel  *self);
/* @language: "de" or "en" */
const char      *alm_model_get_title      (const AlmModel  *self,
                                           const char      *language);
const char      *alm_model_get_plural     (const AlmModel  *self,
                                           const char      *language);
/* "asset", "base" or "network"; "" for a kind that is not on the map */
const char      *alm_model_get_layer      (const AlmModel  *self);
guint            alm_model_get_n_fields   (const AlmModel  *self);
/* in the order of propertySeq, then of names */
const AlmField  *alm_model_get_field      (const AlmModel  *self,
                                           guint            index);
const AlmField  *alm_model_find_field     (const AlmModel  *self,
                                           const char      *name);
const AlmField  *alm_model_find_role      (const AlmModel  *self,
                                           AlmFieldRole     role);
/* the fields of x-alm-key, NULL-terminated; NULL for none */
char           **alm_model_get_key        (const AlmModel  *self);
/* the filled x-alm-label, without doubled blanks; "" if nothing fits; (transfer full) */
char            *alm_model_format_label   (const AlmModel  *self,
                                           const AlmValue  *fields);
/* What fits beside a symbol on the map, like a tree's number: the label in
 * x-alm-symbol, else the first part of x-alm-label that is a field; where that is
 * empty, all of it; (transfer full) */
char            *alm_model_format_short_label (const AlmModel *self,
                                           const AlmValue  *fields);
const char      *alm_field_get_title      (const AlmField  *field,
                                           const char      *language);
/* NULL where @value is not in the code list */
const char      *alm_field_get_code_title (const AlmField  *field,
                                           const AlmValue  *value,
                                           const char      *language);

/* Checks one value; NULL or null (absent) is always fine here.  On FALSE
 * *reason is an English sentence without the field's name (transfer full). */
gboolean         alm_field_check          (const AlmField  *field,
                                           const AlmValue  *value,
                                           char           **reason);
/* Checks a whole record: unknown fields, required ones, each value.
 * On FALSE *name is the field, "" for the whole record (transfer full). */
gboolean         alm_model_check_fields   (const AlmModel  *self,
                                           const AlmValue  *fields,
                                           char           **name,
                                           char           **reason);
/* May @next take the place of @self?  Fills @faults if not. */
gboolean         alm_model_can_become     (const AlmModel  *self,
                                           const AlmModel  *next,
                                           GPtrArray       *faults);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmModel, alm_model_unref)

G_END_DECLS
