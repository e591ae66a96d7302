/* SPDX-License-Identifier: EUPL-1.2 */

/* How a kind looks: shape, size by zoom, colour by class.
 *
 * The palettes can be told apart by people who are colour-blind: for names the
 * colours of Okabe and Ito (2008), for ranks some of them from light to dark, and
 * for quantiles five steps of viridis.  The first name or rank has the kind's own
 * colour: what is as it should be looks like its kind.  A model that says nothing gets a
 * colour and a shape by the hash of its name, so that kinds differ in both.
 *
 * Immutable; any thread. */

#include "config.h"

#include "alm-symbol.h"

#include <math.h>
#include <string.h>

#define MAX_STOPS   8
#define MAX_CLASSES 256

typedef struct
{
  double zoom;
  double px;
} Stop;

typedef struct
{
  char    *text;       /* the value as text; NULL for class 0 and quantiles */
  char    *title;
  char    *title_en;   /* nullable */
  guint32  color;
} Class;

struct _AlmSymbol
{
  gatomicrefcount  ref_count;
  AlmSymbolShape   shape;
  guint32          color;
  guint32          fill;
  Stop             stops[MAX_STOPS];
  guint            n_stops;
  char            *by;
  char            *span;
  gboolean         has_quantiles;
  Class           *classes;
  guint            n_classes;
};

static const guint32 names_palette[] = {
  0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442, 0x5c5c5c
};
static const guint32 ranks_palette[] = {
  0xc9bc3f, 0xe69f00, 0xd55e00, 0xa50f15, 0x4a1486, 0x252525
};
static const guint32 quantiles_palette[ALM_SYMBOL_QUANTILES] = {
  0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725
};

static const char *const shape_names[ALM_SYMBOL_N_SHAPES] = {
  "circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross",
  "plus", "triangle-down"
};

/* "#rgb" or "#rrggbb" */
gboolean
alm_symbol_parse_color (const char *text,
                        guint32    *color)
{
  guint64 value;
  char *end = NULL;
  gsize length;

  if (text == NULL || *text != '#')
    return FALSE;
  length = strlen (text + 1);
  if ((length != 3 && length != 6) || !g_ascii_isxdigit (text[1]))
    return FALSE;
  value = g_ascii_strtoull (text + 1, &end, 16);
  if (*end != '\0')
    return FALSE;

  if (length == 3)
    value = (value >> 8 & 0xf) * 0x110000 + (value >> 4 & 0xf) * 0x1100 + (value & 0xf) * 0x11;
  *color = (guint32) value;

  return TRUE;
}

static void
read_size (AlmSymbol      *self,
           const AlmValue *size)
{
  if (size != NULL && alm_value_is_number (size))
    {
      self->stops[0] = (Stop) { 0.0, alm_value_get_double (size) };
      self->n_stops = 1;
      return;
    }
  if (size == NULL || !alm_value_is (size, ALM_VALUE_LIST))
    return;

  for (guint i = 0; i < alm_value_get_size (size) && self->n_stops < MAX_STOPS; i++)
    {
      AlmValue *stop = alm_value_get_item (size, i);

      if (alm_value_is (stop, ALM_VALUE_LIST) && alm_value_get_size (stop) == 2 &&
          alm_value_is_number (alm_value_get_item (stop, 0)) &&
          alm_value_is_number (alm_value_get_item (stop, 1)))
        self->stops[self->n_stops++] = (Stop) {
          alm_value_get_double (alm_value_get_item (stop, 0)),
          alm_value_get_double (alm_value_get_item (stop, 1))
        };
    }
}

static void
set_default_size (AlmSymbol *self)
{
  static const Stop stops[] = { { 12, 4 }, { 15, 6 }, { 17, 9 }, { 19, 14 } };

  memcpy (self->stops, stops, sizeof stops);
  self->n_stops = G_N_ELEMENTS (stops);
}

static void
read_shape (AlmSymbol  *self,
            const char *name)
{
  for (guint i = 0; name != NULL && i < ALM_SYMBOL_N_SHAPES; i++)
    if (strcmp (name, shape_names[i]) == 0)
      self->shape = (AlmSymbolShape) i;
}

/* A value as alm_symbol_classify_text() gets it. */
static char *
value_to_text (const AlmValue *value)
{
  if (alm_value_is (value, ALM_VALUE_TEXT))
    return g_strdup (alm_value_get_text (value));

  return alm_value_to_text (value);
}

/* The colour of class @number, counted from 0. */
static guint32
choose_color (const AlmSymbol *self,
              guint            number,
              gboolean         is_rank)
{
  guint32 color;

  if (number == 0)
    return self->color;
  if (is_rank)
    return ranks_palette[number - 1];

  color = names_palette[(number - 1) % G_N_ELEMENTS (names_palette)];

  return color == self->color ? 0x7b3294 : color;
}

/* SQL knows truth as 1 and 0, JSON as true and false: the loader says the former. */
static void
read_boolean_classes (AlmSymbol *self)
{
  self->n_classes = 3;
  self->classes = g_renew (Class, self->classes, self->n_classes);
  self->classes[1] = (Class) { g_strdup ("1"), g_strdup ("ja"), g_strdup ("yes"),
                               names_palette[0] };
  self->classes[2] = (Class) { g_strdup ("0"), g_strdup ("nein"), g_strdup ("no"),
                               names_palette[1] };
}

static void
read_classes (AlmSymbol      *self,
              const AlmField *field)
{
  gboolean ranks = field->type == ALM_FIELD_INTEGER || field->type == ALM_FIELD_NUMBER;
  guint n_codes = MIN (field->n_codes, MAX_CLASSES - 1);

  if (n_codes == 0 && field->type == ALM_FIELD_BOOLEAN)
    {
      read_boolean_classes (self);
      return;
    }
  self->has_quantiles = n_codes == 0 && ranks;
  if (self->has_quantiles)
    n_codes = ALM_SYMBOL_QUANTILES;
  self->n_classes = n_codes + 1;
  self->classes = g_renew (Class, self->classes, self->n_classes);

  for (guint i = 0; i < n_codes; i++)
    {
      Class *class_ = &self->classes[i + 1];

      memset (class_, 0, sizeof *class_);
      if (self->has_quantiles)
        {
          class_->color = quantiles_palette[i];
          continue;
        }
      class_->text = value_to_text (field->codes[i].value);
      class_->title = g_strdup (field->codes[i].title);
      class_->title_en = g_strdup (field->codes[i].title_en);
      class_->color = choose_color (self, i, ranks && n_codes <= G_N_ELEMENTS (ranks_palette) + 1);
    }
}

static AlmSymbol *
new_symbol (void)
{
  AlmSymbol *self = g_new0 (AlmSymbol, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->classes = g_new0 (Class, 1);
  self->n_classes = 1;

  return self;
}

AlmSymbol *
alm_symbol_new (const AlmModel *model)
{
  AlmSymbol *self = new_symbol ();
  const AlmValue *symbol = alm_value_get (alm_model_get_schema (model), "x-alm-symbol");
  guint hash = g_str_hash (alm_model_get_name (model));
  const AlmField *by = NULL;

  self->shape = (AlmSymbolShape) (hash % ALM_SYMBOL_N_SHAPES);
  self->color = names_palette[hash / ALM_SYMBOL_N_SHAPES % G_N_ELEMENTS (names_palette)];
  if (symbol != NULL && alm_value_is (symbol, ALM_VALUE_OBJECT))
    {
      alm_symbol_parse_color (alm_value_get_text_of (symbol, "color"), &self->color);
      self->fill = self->color;
      alm_symbol_parse_color (alm_value_get_text_of (symbol, "fill"), &self->fill);
      read_shape (self, alm_value_get_text_of (symbol, "shape"));
      read_size (self, alm_value_get (symbol, "size"));
      self->by = g_strdup (alm_value_get_text_of (symbol, "by"));
      self->span = g_strdup (alm_value_get_text_of (symbol, "span"));
    }
  else
    {
      self->fill = self->color;
    }
  if (self->n_stops == 0)
    set_default_size (self);
  self->classes[0].color = self->color;

  if (self->by != NULL)
    by = alm_model_find_field (model, self->by);
  if (by == NULL)
    g_clear_pointer (&self->by, g_free);
  else
    read_classes (self, by);
  if (self->span != NULL && alm_model_find_field (model, self->span) == NULL)
    g_clear_pointer (&self->span, g_free);

  return self;
}

AlmSymbol *
alm_symbol_new_simple (AlmSymbolShape shape,
                       guint32        color,
                       double         size_px)
{
  AlmSymbol *self = new_symbol ();

  self->shape = shape;
  self->color = color;
  self->fill = color;
  self->classes[0].color = color;
  self->stops[0] = (Stop) { 0.0, size_px };
  self->n_stops = 1;

  return self;
}

AlmSymbol *
alm_symbol_ref (AlmSymbol *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_symbol_unref (AlmSymbol *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < self->n_classes; i++)
    {
      g_free (self->classes[i].text);
      g_free (self->classes[i].title);
      g_free (self->classes[i].title_en);
    }
  g_free (self->classes);
  g_free (self->by);
  g_free (self->span);
  g_free (self);
}

AlmSymbolShape
alm_symbol_get_shape (const AlmSymbol *self)
{
  return self->shape;
}

guint32
alm_symbol_get_color (const AlmSymbol *self)
{
  return self->color;
}

guint32
alm_symbol_get_fill (const AlmSymbol *self)
{
  return self->fill;
}

/* Pixels at a zoom: straight lines between the stops, level beyond them. */
double
alm_symbol_get_size (const AlmSymbol *self,
                     double           zoom)
{
  const Stop *stops = self->stops;

  if (zoom <= stops[0].zoom)
    return stops[0].px;
  for (guint i = 1; i < self->n_stops; i++)
    if (zoom < stops[i].zoom)
      return stops[i - 1].px + (stops[i].px - stops[i - 1].px) * (zoom - stops[i - 1].zoom) /
                                 (stops[i].zoom - stops[i - 1].zoom);

  return stops[self->n_stops - 1].px;
}

const char *
alm_symbol_get_by (const AlmSymbol *self)
{
  return self->by;
}

const char *
alm_symbol_get_span (const AlmSymbol *self)
{
  return self->span;
}

gboolean
alm_symbol_has_quantiles (const AlmSymbol *self)
{
  return self->has_quantiles;
}

guint
alm_symbol_get_n_classes (const AlmSymbol *self)
{
  return self->n_classes;
}

guint32
alm_symbol_get_class_color (const AlmSymbol *self,
                            guint            class_)
{
  return class_ < self->n_classes ? self->classes[class_].color : self->color;
}

const char *
alm_symbol_get_class_title (const AlmSymbol *self,
                            guint            class_,
                            const char      *language)
{
  const Class *found = class_ < self->n_classes ? &self->classes[class_] : &self->classes[0];

  if (found->title_en != NULL && g_strcmp0 (language, "en") == 0)
    return found->title_en;

  return found->title;
}

guint8
alm_symbol_classify_text (const AlmSymbol *self,
                          const char      *text)
{
  for (guint i = 1; text != NULL && i < self->n_classes; i++)
    if (self->classes[i].text != NULL && strcmp (self->classes[i].text, text) == 0)
      return (guint8) i;

  return 0;
}

guint8
alm_symbol_classify_number (double       value,
                            const double limits[4])
{
  guint8 class_ = 1;

  if (isnan (value))
    return 0;
  while (class_ < ALM_SYMBOL_QUANTILES && value >= limits[class_ - 1])
    class_++;

  return class_;
}
