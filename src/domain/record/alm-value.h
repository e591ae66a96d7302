/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A JSON value: what a field holds.  Reference-counted (atomically).  A value
 * may be changed only by who has made it and has not yet handed it out;
 * after that it is constant and may cross threads. */
typedef struct _AlmValue AlmValue;

typedef enum {
  ALM_VALUE_NULL,
  ALM_VALUE_BOOLEAN,
  ALM_VALUE_INTEGER,
  ALM_VALUE_DOUBLE,
  ALM_VALUE_TEXT,
  ALM_VALUE_LIST,
  ALM_VALUE_OBJECT
} AlmValueType;

/* |integer| ≤ 2^53 − 1: what every JSON reader of the world keeps exactly. */
#define ALM_VALUE_INTEGER_MAX G_GINT64_CONSTANT (9007199254740991)

AlmValue     *alm_value_new_null       (void);
AlmValue     *alm_value_new_boolean    (gboolean          value);
AlmValue     *alm_value_new_integer    (gint64            value);
AlmValue     *alm_value_new_double     (double            value);
AlmValue     *alm_value_new_text       (const char       *text);
AlmValue     *alm_value_new_text_len   (const char       *text,
                                        gsize             length);
AlmValue     *alm_value_new_list       (void);
AlmValue     *alm_value_new_object     (void);
AlmValue     *alm_value_ref            (AlmValue         *self);
void          alm_value_unref          (AlmValue         *self);
AlmValue     *alm_value_copy           (const AlmValue   *self);

void          alm_value_append         (AlmValue         *self,
                                        AlmValue         *item);
gboolean      alm_value_set            (AlmValue         *self,
                                        const char       *key,
                                        AlmValue         *member);
/* For a reader: members in any order, to be sorted before anything else is done
 * with the object. */
void          alm_value_add_member     (AlmValue         *self,
                                        char             *key,
                                        AlmValue         *member);
const char   *alm_value_sort_members   (AlmValue         *self);
void          alm_value_set_text       (AlmValue         *self,
                                        const char       *key,
                                        const char       *text);
void          alm_value_set_integer    (AlmValue         *self,
                                        const char       *key,
                                        gint64            number);

AlmValueType  alm_value_get_type       (const AlmValue   *self);
gboolean      alm_value_is             (const AlmValue   *self,
                                        AlmValueType      type);
gboolean      alm_value_is_number      (const AlmValue   *self);
gboolean      alm_value_get_boolean    (const AlmValue   *self);
gint64        alm_value_get_integer    (const AlmValue   *self);
double        alm_value_get_double     (const AlmValue   *self);
const char   *alm_value_get_text       (const AlmValue   *self);
guint         alm_value_get_size       (const AlmValue   *self);
AlmValue     *alm_value_get_item       (const AlmValue   *self,
                                        guint             index);
const char   *alm_value_get_key        (const AlmValue   *self,
                                        guint             index);
AlmValue     *alm_value_get            (const AlmValue   *self,
                                        const char       *key);
const char   *alm_value_get_text_of    (const AlmValue   *self,
                                        const char       *key);
gint64        alm_value_get_integer_of (const AlmValue   *self,
                                        const char       *key,
                                        gint64            fallback);
gboolean      alm_value_get_boolean_of (const AlmValue   *self,
                                        const char       *key,
                                        gboolean          fallback);

gboolean      alm_value_equal          (const AlmValue   *a,
                                        const AlmValue   *b);
void          alm_value_print          (const AlmValue   *self,
                                        GString          *out);
/* One member of an object: "key":value */
void          alm_value_print_member   (const AlmValue   *self,
                                        guint             index,
                                        GString          *out);
char         *alm_value_to_text        (const AlmValue   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmValue, alm_value_unref)

G_END_DECLS
