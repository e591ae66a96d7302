/* SPDX-License-Identifier: EUPL-1.2 */

/* Whether a text is a unit's code in UCUM (Unified Code for Units of Measure,
 * version 2.1, case-sensitive): "m", "m2", "kg/m3", "Cel", "10*3/uL", "[ft_i]".
 *
 * The grammar is all of it; of the atoms those are known that measure things
 * in a city (the SI, what is accepted beside it, and the customary ones that
 * foreign lists bring).  Pure; any thread. */

#include "config.h"

#include "alm-ucum.h"

#include <string.h>

#define NESTING_MAX 8

/* Take a prefix. */
static const char *const metric_atoms[] = {
  "%[slope]", "A", "B", "B[W]", "Bq", "C", "Cel", "F", "Gy", "H", "Hz", "J", "K", "L", "N", "Ohm",
  "Pa", "R", "S", "Sv", "T", "V", "W", "Wb", "[iU]", "ar", "bar", "bit", "By", "cal", "cd", "dyn",
  "eV", "eq", "erg", "g", "gf", "kat", "l", "lm", "lx", "m", "m[H2O]", "m[Hg]", "mol", "osm", "rad",
  "s", "sr", "st", "t", "u", NULL
};

/* Stand alone. */
static const char *const other_atoms[] = {
  "%", "'", "''", "10*", "10^", "AU", "B[SPL]", "[acr_us]", "[degF]", "[e]", "[ft_i]", "[gal_us]",
  "[in_i]", "[kn_i]", "[lb_av]", "[mi_i]", "[nmi_i]", "[oz_av]", "[pH]", "[pi]", "[ppb]", "[ppm]",
  "[ppth]", "[pptr]", "[psi]", "[yd_i]", "a", "a_g", "a_j", "a_t", "atm", "att", "d", "deg", "gon",
  "h", "min", "mo", "mo_g", "mo_j", "mo_s", "wk", NULL
};

static const char *const prefixes[] = {
  "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "u", "n", "p", "f", "a", "z",
  "y", "Ki", "Mi", "Gi", "Ti", NULL
};

static gboolean read_term (const char **at,
                           guint        depth);

static gboolean
is_atom (const char *text)
{
  if (g_strv_contains (metric_atoms, text) || g_strv_contains (other_atoms, text))
    return TRUE;

  for (const char *const *prefix = prefixes; *prefix != NULL; prefix++)
    if (g_str_has_prefix (text, *prefix)
        && g_strv_contains (metric_atoms, text + strlen (*prefix)))
      return TRUE;

  return FALSE;
}

/* "m", "10*", "[ft_i]": up to the exponent, the next operator or the annotation. */
static gboolean
read_atom (const char **at)
{
  const char *start = *at;
  const char *end = start;
  g_autofree char *atom = NULL;

  if (g_str_has_prefix (start, "10*") || g_str_has_prefix (start, "10^"))
    {
      *at = start + 3;
      return TRUE;
    }

  while (*end != '\0' && strchr ("./(){}+-0123456789", *end) == NULL)
    {
      if (*end == '[')
        while (*end != '\0' && *end != ']')
          end++;
      if (*end != '\0')
        end++;
    }
  atom = g_strndup (start, (gsize) (end - start));
  *at = end;

  return is_atom (atom);
}

static gboolean
read_annotation (const char **at)
{
  const char *end = strchr (*at, '}');

  if (end == NULL)
    return FALSE;
  for (const char *c = *at + 1; c < end; c++)
    if (*c < 0x21 || *c > 0x7e || *c == '{')
      return FALSE;
  *at = end + 1;

  return TRUE;
}

static gboolean
read_exponent (const char **at)
{
  guint digits = 0;

  if (**at == '+' || **at == '-')
    {
      (*at)++;
      if (!g_ascii_isdigit (**at))
        return FALSE;
    }
  for (; g_ascii_isdigit (**at); (*at)++)
    if (++digits > 4)
      return FALSE;

  return TRUE;
}

/* A number, a unit with its exponent and annotation, an annotation, or brackets. */
static gboolean
read_component (const char **at,
                guint        depth)
{
  if (**at == '(')
    {
      (*at)++;
      if (depth >= NESTING_MAX || !read_term (at, depth + 1) || **at != ')')
        return FALSE;
      (*at)++;
      return TRUE;
    }
  if (**at == '{')
    return read_annotation (at);
  if (g_ascii_isdigit (**at) && !g_str_has_prefix (*at, "10*") && !g_str_has_prefix (*at, "10^"))
    {
      while (g_ascii_isdigit (**at))
        (*at)++;
      return **at == '\0' || strchr ("./)", **at) != NULL;
    }

  return read_atom (at) && read_exponent (at) && (**at != '{' || read_annotation (at));
}

static gboolean
read_term (const char **at,
           guint        depth)
{
  if (**at == '/')
    (*at)++;

  for (;;)
    {
      if (!read_component (at, depth))
        return FALSE;
      if (**at != '.' && **at != '/')
        return TRUE;
      (*at)++;
    }
}

gboolean
alm_ucum_is_code (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return *text != '\0' && strlen (text) <= 100 && read_term (&text, 0) && *text == '\0';
}
