/* SPDX-License-Identifier: EUPL-1.2 */

/* Reads the text of a filter (CQL2, OGC 21-065r2, the part that we obey):
 *
 *   filter    = and *("OR" and)
 *   and       = not *("AND" not)
 *   not       = ["NOT"] ("(" filter ")" | predicate)
 *   predicate = field (op literal | ["NOT"] "IN" "(" literal *("," literal) ")"
 *               | ["NOT"] "BETWEEN" literal "AND" literal | ["NOT"] "LIKE" text
 *               | "IS" ["NOT"] "NULL")
 *   field     = name | "CASEI" "(" name ")"
 *   literal   = text | number | TRUE | FALSE | DATE "(" text ")" | CASEI "(" text ")"
 *
 * Words in any case, texts in '…' with '' for a quote, names plain or in "…".
 * Size, depth and number of literals are limited.  Pure; any thread. */

#include "config.h"

#include "alm-filter.h"

#include <math.h>
#include <string.h>

#define SIZE_MAX_BYTES (64 * 1024)
#define DEPTH_MAX 32
#define LITERALS_MAX 10000

typedef enum {
  TOKEN_END,
  TOKEN_WORD,     /* a name or a key word */
  TOKEN_NAME,     /* a name in double quotes */
  TOKEN_TEXT,
  TOKEN_NUMBER,
  TOKEN_SIGN,     /* ( ) , and comparisons */
  TOKEN_BROKEN
} TokenType;

typedef struct
{
  const char     *start;
  const char     *at;         /* after the token */
  const char     *token_at;   /* where the token begins */
  TokenType       type;
  GString        *token;
  guint           depth;
  guint           n_literals;
  AlmFilterFlags  flags;
  char           *fault;
} Reader;

static gboolean
refuse (Reader     *self,
        const char *what)
{
  if (self->fault == NULL)
    self->fault = g_strdup_printf ("%s at character %ld", what,
                                   g_utf8_pointer_to_offset (self->start, self->token_at) + 1);

  return FALSE;
}

/* '…' or "…", the quote doubled inside. */
static TokenType
read_quoted (Reader *self)
{
  char quote = *self->at++;

  for (;; self->at++)
    if (*self->at == '\0')
      {
        refuse (self, "a quote is not closed");
        return TOKEN_BROKEN;
      }
    else if (*self->at != quote)
      g_string_append_c (self->token, *self->at);
    else if (self->at[1] == quote)
      g_string_append_c (self->token, *self->at++);
    else
      {
        self->at++;
        return quote == '\'' ? TOKEN_TEXT : TOKEN_NAME;
      }
}

static TokenType
read_number (Reader *self)
{
  const char *start = self->at;

  if (*self->at == '-' || *self->at == '+')
    self->at++;
  while (g_ascii_isdigit (*self->at) || *self->at == '.')
    self->at++;
  if ((*self->at == 'e' || *self->at == 'E')
      && (g_ascii_isdigit (self->at[1])
          || ((self->at[1] == '-' || self->at[1] == '+') && g_ascii_isdigit (self->at[2]))))
    {
      self->at += 2;
      while (g_ascii_isdigit (*self->at))
        self->at++;
    }
  g_string_append_len (self->token, start, self->at - start);

  return TOKEN_NUMBER;
}

static TokenType
read_sign (Reader *self)
{
  static const char *const signs[] = { "<>", "<=", ">=", "<", ">", "=", "(", ")", ",", NULL };

  for (guint i = 0; signs[i] != NULL; i++)
    if (g_str_has_prefix (self->at, signs[i]))
      {
        g_string_assign (self->token, signs[i]);
        self->at += strlen (signs[i]);
        return TOKEN_SIGN;
      }

  refuse (self, "unexpected character");

  return TOKEN_BROKEN;
}

static void
next (Reader *self)
{
  while (g_ascii_isspace (*self->at))
    self->at++;

  self->token_at = self->at;
  g_string_truncate (self->token, 0);
  if (*self->at == '\0')
    self->type = TOKEN_END;
  else if (*self->at == '\'' || *self->at == '"')
    self->type = read_quoted (self);
  else if (g_ascii_isdigit (*self->at)
           || ((*self->at == '-' || *self->at == '+' || *self->at == '.')
               && (g_ascii_isdigit (self->at[1]) || self->at[1] == '.')))
    self->type = read_number (self);
  else if (g_ascii_isalpha (*self->at) || *self->at == '_')
    {
      self->type = TOKEN_WORD;
      while (g_ascii_isalnum (*self->at) || *self->at == '_')
        g_string_append_c (self->token, *self->at++);
    }
  else
    self->type = read_sign (self);
}

static gboolean
is_word (const Reader *self,
         const char   *word)
{
  return self->type == TOKEN_WORD && g_ascii_strcasecmp (self->token->str, word) == 0;
}

static gboolean
is_sign (const Reader *self,
         const char   *sign)
{
  return self->type == TOKEN_SIGN && strcmp (self->token->str, sign) == 0;
}

static gboolean
take_word (Reader     *self,
           const char *word)
{
  if (!is_word (self, word))
    return FALSE;
  next (self);

  return TRUE;
}

static gboolean
take_sign (Reader     *self,
           const char *sign)
{
  if (!is_sign (self, sign))
    return FALSE;
  next (self);

  return TRUE;
}

static gboolean
is_reserved (const char *word)
{
  static const char *const words[] = {
    "and", "between", "casei", "date", "false", "in", "is", "like", "not", "null", "or", "true",
    NULL
  };
  g_autofree char *lower = g_ascii_strdown (word, -1);

  return g_strv_contains (words, lower);
}

/* A name, or CASEI(name); NULL with a fault. */
static char *
read_field (Reader   *self,
            gboolean *casei)
{
  g_autofree char *name = NULL;

  *casei = take_word (self, "casei");
  if (*casei && !take_sign (self, "("))
    return refuse (self, "'(' expected"), NULL;

  if (self->type != TOKEN_NAME
      && (self->type != TOKEN_WORD || is_reserved (self->token->str)))
    return refuse (self, "the name of a field expected"), NULL;
  if (self->token->len == 0)
    return refuse (self, "an empty name"), NULL;
  name = g_strdup (self->token->str);
  next (self);

  if (*casei && !take_sign (self, ")"))
    return refuse (self, "')' expected"), NULL;

  return g_steal_pointer (&name);
}

static gboolean
add_number (Reader    *self,
            AlmFilter *filter)
{
  char *end;
  double number = g_ascii_strtod (self->token->str, &end);

  if (*end != '\0' || !isfinite (number) || self->token->str[0] == '+')
    return refuse (self, "broken number");

  alm_filter_add_value (filter, alm_value_new_double (number));
  next (self);

  return TRUE;
}

/* DATE('…') or CASEI('…'), the word is read already. */
static gboolean
add_call (Reader    *self,
          AlmFilter *filter,
          gboolean   is_date)
{
  if (!take_sign (self, "("))
    return refuse (self, "'(' expected");
  if (self->type != TOKEN_TEXT)
    return refuse (self, "a text in '…' expected");

  if (is_date && !alm_filter_add_day (filter, self->token->str))
    return refuse (self, "a day is DATE('YYYY-MM-DD')");
  if (!is_date)
    alm_filter_add_value (filter, alm_value_new_text (self->token->str));
  next (self);

  return take_sign (self, ")") || refuse (self, "')' expected");
}

static gboolean
read_literal (Reader    *self,
              AlmFilter *filter)
{
  if (++self->n_literals > LITERALS_MAX)
    return refuse (self, "too many values");

  if (self->type == TOKEN_TEXT)
    {
      alm_filter_add_value (filter, alm_value_new_text (self->token->str));
      next (self);
      return TRUE;
    }
  if (self->type == TOKEN_NUMBER)
    return add_number (self, filter);
  if (is_word (self, "true") || is_word (self, "false"))
    {
      alm_filter_add_value (filter, alm_value_new_boolean (is_word (self, "true")));
      next (self);
      return TRUE;
    }
  if (take_word (self, "date"))
    return add_call (self, filter, TRUE);
  if (is_word (self, "casei") && !filter->casei)
    return refuse (self, "CASEI has to stand around the field too");
  if (take_word (self, "casei"))
    return add_call (self, filter, FALSE);

  return refuse (self, "a value expected");
}

static gboolean
read_list (Reader    *self,
           AlmFilter *filter)
{
  if (!take_sign (self, "("))
    return refuse (self, "'(' expected");

  do
    if (!read_literal (self, filter))
      return FALSE;
  while (take_sign (self, ","));

  return take_sign (self, ")") || refuse (self, "',' or ')' expected");
}

/* What comes after the field; fills @filter's values. */
static gboolean
read_rest (Reader    *self,
           AlmFilter *filter)
{
  switch (filter->type)
    {
    case ALM_FILTER_IN:
      return read_list (self, filter);

    case ALM_FILTER_BETWEEN:
      return read_literal (self, filter)
             && (take_word (self, "and") || refuse (self, "AND expected"))
             && read_literal (self, filter);

    case ALM_FILTER_LIKE:
      if (self->type != TOKEN_TEXT && !is_word (self, "casei"))
        return refuse (self, "a text in '…' expected");
      return read_literal (self, filter);

    case ALM_FILTER_COMPARE:
      return read_literal (self, filter);

    case ALM_FILTER_IS_NULL:
    case ALM_FILTER_AND:
    case ALM_FILTER_OR:
    case ALM_FILTER_NOT:
    default:
      return TRUE;
    }
}

/* "IS NULL", "IS NOT NULL"; the field is read already. */
static AlmFilter *
read_is_null (Reader     *self,
              const char *field)
{
  gboolean negated = take_word (self, "not");

  if (!take_word (self, "null"))
    return refuse (self, "NULL expected"), NULL;

  return alm_filter_new_is_null (field, negated);
}

static AlmFilter *
read_comparison (Reader     *self,
                 const char *field)
{
  static const struct {
    const char  *sign;
    AlmFilterOp  op;
  } ops[] = {
    { "=", ALM_FILTER_EQ }, { "<>", ALM_FILTER_NE }, { "<", ALM_FILTER_LT },
    { "<=", ALM_FILTER_LE }, { ">", ALM_FILTER_GT }, { ">=", ALM_FILTER_GE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    if (take_sign (self, ops[i].sign))
      return alm_filter_new_compare (field, ops[i].op, NULL);

  return refuse (self, "a comparison expected"), NULL;
}

static AlmFilter *
read_predicate (Reader *self)
{
  g_autoptr (AlmFilter) filter = NULL;
  gboolean casei;
  gboolean negated;
  g_autofree char *field = read_field (self, &casei);

  if (field == NULL)
    return NULL;
  if (take_word (self, "is"))
    return read_is_null (self, field);

  negated = take_word (self, "not");
  if (take_word (self, "in"))
    filter = alm_filter_new_in (field);
  else if (take_word (self, "between"))
    filter = alm_filter_new_between (field, NULL, NULL);
  else if (take_word (self, "like"))
    filter = alm_filter_new_like (field, NULL);
  else if (negated)
    refuse (self, "IN, BETWEEN or LIKE expected");
  else
    filter = read_comparison (self, field);
  if (filter == NULL)
    return NULL;

  filter->negated = negated;
  filter->casei = casei || (self->flags & ALM_FILTER_CASEI) != 0;

  return read_rest (self, filter) ? g_steal_pointer (&filter) : NULL;
}

static AlmFilter *read_filter (Reader *self);

static AlmFilter *
read_not (Reader *self)
{
  g_autoptr (AlmFilter) inner = NULL;
  g_autoptr (AlmFilter) outer = NULL;

  if (++self->depth > DEPTH_MAX)
    return refuse (self, "nested too deeply"), NULL;

  if (take_word (self, "not"))
    {
      inner = read_not (self);
      if (inner == NULL)
        return NULL;
      outer = alm_filter_new_join (ALM_FILTER_NOT);
      alm_filter_add_part (outer, g_steal_pointer (&inner));
    }
  else if (take_sign (self, "("))
    {
      outer = read_filter (self);
      if (outer == NULL)
        return NULL;
      if (!take_sign (self, ")"))
        return refuse (self, "')' expected"), NULL;
    }
  else
    outer = read_predicate (self);
  self->depth--;

  return g_steal_pointer (&outer);
}

/* Parts joined by one word; a single part stays itself. */
static AlmFilter *
read_joined (Reader        *self,
             AlmFilterType  type)
{
  gboolean is_and = type == ALM_FILTER_AND;
  g_autoptr (AlmFilter) joined = NULL;
  g_autoptr (AlmFilter) part = is_and ? read_not (self) : read_joined (self, ALM_FILTER_AND);

  if (part == NULL || !is_word (self, is_and ? "and" : "or"))
    return g_steal_pointer (&part);

  joined = alm_filter_new_join (type);
  alm_filter_add_part (joined, g_steal_pointer (&part));
  while (take_word (self, is_and ? "and" : "or"))
    {
      part = is_and ? read_not (self) : read_joined (self, ALM_FILTER_AND);
      if (part == NULL)
        return NULL;
      alm_filter_add_part (joined, g_steal_pointer (&part));
    }

  return g_steal_pointer (&joined);
}

static AlmFilter *
read_filter (Reader *self)
{
  return read_joined (self, ALM_FILTER_OR);
}

AlmFilter *
alm_filter_parse (const char      *text,
                  AlmFilterFlags   flags,
                  char           **reason)
{
  g_autoptr (GString) token = g_string_new (NULL);
  Reader reader = { .start = text, .at = text, .token_at = text, .token = token, .flags = flags };
  g_autoptr (AlmFilter) filter = NULL;
  const char *bad;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > SIZE_MAX_BYTES)
    refuse (&reader, "the filter is too long");
  else if (!g_utf8_validate (text, -1, &bad))
    {
      reader.fault = g_strdup_printf ("not UTF-8 at byte %d", (int) (bad - text) + 1);
    }
  else
    {
      next (&reader);
      filter = read_filter (&reader);
      if (filter != NULL && reader.type != TOKEN_END)
        refuse (&reader, "AND, OR or the end expected");
    }

  if (reader.fault == NULL)
    return g_steal_pointer (&filter);

  if (reason != NULL)
    *reason = g_steal_pointer (&reader.fault);
  g_free (reader.fault);

  return NULL;
}
