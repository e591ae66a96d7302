/* SPDX-License-Identifier: EUPL-1.2 */

/* The lettering of a sheet: names at their places, streets along their lines.
 * Greedy, the important first, on a raster of cells that each word fills; what
 * finds no room is left out.  Runs once per sheet; one thread. */

#include "config.h"

#include "alm-town-map-private.h"

#include <math.h>
#include <string.h>

#define CELL 6.0
#define BEND 0.45          /* radians from letter to letter */
#define REPEAT 620.0       /* pixels between two names of one street */

typedef struct
{
  AlmTownSheet *sheet;
  guint8       *taken;
  int           columns;
  int           rows;
} Board;

cairo_scaled_font_t *
alm_town_font (double   size,
               gboolean italic,
               gboolean bold)
{
  cairo_font_face_t *face = cairo_toy_font_face_create (
    "Cantarell", italic ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
    bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_font_options_t *options = cairo_font_options_create ();
  cairo_scaled_font_t *font;
  cairo_matrix_t matrix, identity;

  /* Outlines that may turn: no hinting. */
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_matrix_init_scale (&matrix, size, size);
  cairo_matrix_init_identity (&identity);
  font = cairo_scaled_font_create (face, &matrix, &identity, options);
  cairo_font_options_destroy (options);
  cairo_font_face_destroy (face);

  return font;
}

/* The letters from 0 on, on a straight line; *width: how far they reach. */
static AlmLabel *
set_text (const char *text,
          double      size,
          gboolean    italic,
          gboolean    bold,
          double      spacing,
          AlmTint     ink,
          double     *width)
{
  AlmLabel *label = g_new0 (AlmLabel, 1);
  cairo_scaled_font_t *font = alm_town_font (size, italic, bold);
  cairo_glyph_t *glyphs = NULL;
  cairo_text_extents_t extents;
  int n = 0;

  label->letters = g_array_new (FALSE, FALSE, sizeof (AlmLetter));
  label->size = size;
  label->italic = italic;
  label->bold = bold;
  label->ink = ink;
  if (cairo_scaled_font_text_to_glyphs (font, 0, 0, text, -1, &glyphs, &n, NULL, NULL, NULL)
      == CAIRO_STATUS_SUCCESS)
    for (int i = 0; i < n; i++)
      {
        AlmLetter letter = { glyphs[i].index, glyphs[i].x + i * spacing, glyphs[i].y, 0 };

        g_array_append_val (label->letters, letter);
      }
  cairo_scaled_font_text_extents (font, text, &extents);
  *width = extents.x_advance + MAX (0, n - 1) * spacing;
  cairo_glyph_free (glyphs);
  cairo_scaled_font_destroy (font);

  return label;
}

static void
free_label (AlmLabel *label)
{
  g_array_unref (label->letters);
  g_free (label);
}

/* Looks at, or fills, the cells round a spot. */
static gboolean
touch (Board  *self,
       double  x,
       double  y,
       double  radius,
       guint8  fill)
{
  int c0 = (int) floor ((x - radius) / CELL), c1 = (int) floor ((x + radius) / CELL);
  int r0 = (int) floor ((y - radius) / CELL), r1 = (int) floor ((y + radius) / CELL);

  if (c0 < 0 || r0 < 0 || c1 >= self->columns || r1 >= self->rows)
    return FALSE;
  for (int r = r0; r <= r1; r++)
    for (int c = c0; c <= c1; c++)
      {
        guint8 *cell = &self->taken[r * self->columns + c];

        if (fill != 0)
          *cell = fill;
        else if (*cell != 0)
          return FALSE;
      }

  return TRUE;
}

/* Puts the label onto the sheet if it has room; takes it. */
static gboolean
place (Board    *self,
       AlmLabel *label,
       double    margin)
{
  double radius = label->size * 0.5 + margin;

  label->west = label->north = INFINITY;
  label->east = label->south = -INFINITY;
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < label->letters->len; i++)
      {
        const AlmLetter *letter = &g_array_index (label->letters, AlmLetter, i);
        double x = letter->x + label->size * (0.3 * cos (letter->turn) + 0.35 * sin (letter->turn));
        double y = letter->y + label->size * (0.3 * sin (letter->turn) - 0.35 * cos (letter->turn));

        if (!touch (self, x, y, radius, pass == 0 ? 0 : 1))
          {
            free_label (label);
            return FALSE;
          }
        label->west = MIN (label->west, x - label->size * 1.5);
        label->east = MAX (label->east, x + label->size * 1.5);
        label->north = MIN (label->north, y - label->size * 1.5);
        label->south = MAX (label->south, y + label->size * 1.5);
      }
  g_ptr_array_add (self->sheet->labels, label);

  return TRUE;
}

static double
sheet_x (const Board *self,
         double       x)
{
  return (x - self->sheet->origin_x) * self->sheet->scale;
}

static double
sheet_y (const Board *self,
         double       y)
{
  return (y - self->sheet->origin_y) * self->sheet->scale;
}

static void
place_at (Board              *self,
          const AlmNameStyle *style,
          const char         *name,
          double              x,
          double              y)
{
  static const double tries[][2] = {
    { 0, 0 }, { 0, -14 }, { 0, 14 }, { 0, -28 }, { 26, 0 }, { -26, 0 }
  };
  double size = style->size[self->sheet->zoom - 10];
  g_autofree char *text = style->spaced ? g_utf8_strup (name, -1) : g_strdup (name);

  if (size == 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      double width;
      AlmLabel *label = set_text (text, size, style->italic, style->bold,
                                  style->spaced ? size * 0.16 : 0, style->ink, &width);

      for (guint k = 0; k < label->letters->len; k++)
        {
          AlmLetter *letter = &g_array_index (label->letters, AlmLetter, k);

          letter->x += x - width / 2 + tries[i][0];
          letter->y += y + size * 0.36 + tries[i][1];
        }
      if (place (self, label, 3))
        return;
    }
}

static void
place_names (Board *self)
{
  AlmTownMap *map = self->sheet->map;

  for (guint s = 0; s < alm_n_name_styles; s++)
    {
      const AlmNameStyle *style = &alm_name_styles[s];

      for (guint i = 0; i < map->names->len; i++)
        {
          const AlmTownShape *shape = map->names->pdata[i];

          if (shape->style == s && shape->name != NULL)
            place_at (self, style, shape->name, sheet_x (self, shape->west),
                      sheet_y (self, shape->north));
        }
    }
}

/* A street's line in pixels. */
typedef struct
{
  double *xy;
  guint   n;
  double  length;
} Line;

static void
line_clear (gpointer data)
{
  g_free (((Line *) data)->xy);
}

static double
walk (const Line *line,
      double      along,
      double     *x,
      double     *y)
{
  for (guint i = 1; i < line->n; i++)
    {
      double dx = line->xy[i * 2] - line->xy[i * 2 - 2];
      double dy = line->xy[i * 2 + 1] - line->xy[i * 2 - 1];
      double length = sqrt (dx * dx + dy * dy);

      if (along <= length || i + 1 == line->n)
        {
          double t = length > 0 ? along / length : 0;

          *x = line->xy[i * 2 - 2] + dx * t;
          *y = line->xy[i * 2 - 1] + dy * t;
          return atan2 (dy, dx);
        }
      along -= length;
    }
  *x = line->xy[0];
  *y = line->xy[1];

  return 0;
}

/* The name with its middle at @middle; FALSE if it bends too much or has no room. */
static gboolean
place_along (Board      *self,
             const Line *line,
             const char *name,
             double      size,
             AlmTint     ink,
             double      middle)
{
  double width, x0, y0, x1, y1, before = 0;
  AlmLabel *label = set_text (name, size, FALSE, FALSE, size * 0.03, ink, &width);
  gboolean backwards;

  if (middle - width / 2 < 4 || middle + width / 2 > line->length - 4)
    {
      free_label (label);
      return FALSE;
    }
  walk (line, middle - width / 2, &x0, &y0);
  walk (line, middle + width / 2, &x1, &y1);
  backwards = x1 < x0;

  for (guint i = 0; i < label->letters->len; i++)
    {
      AlmLetter *letter = &g_array_index (label->letters, AlmLetter, i);
      double half = size * 0.28;
      double at = letter->x + half;
      double x, y;
      double turn = walk (line, middle + (backwards ? width / 2 - at : at - width / 2), &x, &y);

      if (backwards)
        turn += G_PI;
      if (i > 0 && fabs (remainder (turn - before, 2 * G_PI)) > BEND)
        {
          free_label (label);
          return FALSE;
        }
      before = turn;
      letter->turn = turn;
      letter->x = x - half * cos (turn) - size * 0.34 * sin (turn);
      letter->y = y - half * sin (turn) + size * 0.34 * cos (turn);
    }

  return place (self, label, 1);
}

/* Joins a street's pieces where they meet, longest line first. */
static GArray *
join_pieces (Board     *self,
             GPtrArray *pieces)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_autofree gboolean *used = g_new0 (gboolean, pieces->len);

  g_array_set_clear_func (lines, line_clear);
  for (guint i = 0; i < pieces->len; i++)
    {
      g_autoptr (GArray) corners = g_array_new (FALSE, FALSE, sizeof (double));
      const AlmTownShape *shape = pieces->pdata[i];
      gboolean more = TRUE;
      Line line = { NULL };

      if (used[i])
        continue;
      used[i] = TRUE;
      g_array_append_vals (corners, shape->xy, shape->n * 2);
      while (more)
        {
          more = FALSE;
          for (guint k = 0; k < pieces->len && !more; k++)
            {
              const AlmTownShape *other = pieces->pdata[k];
              const double *end = &g_array_index (corners, double, corners->len - 2);
              const double *begin = &g_array_index (corners, double, 0);
              const double *first = other->xy, *last = other->xy + other->n * 2 - 2;

              if (used[k])
                continue;
              if (first[0] == end[0] && first[1] == end[1])
                g_array_append_vals (corners, other->xy + 2, other->n * 2 - 2);
              else if (last[0] == begin[0] && last[1] == begin[1])
                g_array_prepend_vals (corners, other->xy, other->n * 2 - 2);
              else
                continue;
              used[k] = more = TRUE;
            }
        }
      line.n = corners->len / 2;
      line.xy = g_new (double, corners->len);
      for (guint k = 0; k < line.n; k++)
        {
          line.xy[k * 2] = sheet_x (self, g_array_index (corners, double, k * 2));
          line.xy[k * 2 + 1] = sheet_y (self, g_array_index (corners, double, k * 2 + 1));
          if (k > 0)
            line.length += hypot (line.xy[k * 2] - line.xy[k * 2 - 2],
                                  line.xy[k * 2 + 1] - line.xy[k * 2 - 1]);
        }
      g_array_append_val (lines, line);
    }

  return lines;
}

static void
place_street (Board              *self,
              const AlmRoadStyle *style,
              const char         *name,
              GPtrArray          *pieces)
{
  static const double tries[] = { 0, -0.18, 0.18, -0.32, 0.32 };
  const AlmTint ink = { 0.31, 0.29, 0.27 };
  double size = style->name_size + (self->sheet->zoom > style->name_zoom ? 1 : 0);
  g_autoptr (GArray) lines = join_pieces (self, pieces);

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);
      guint parts = MAX (1, (guint) (line->length / REPEAT));

      for (guint k = 0; k < parts; k++)
        for (guint t = 0; t < G_N_ELEMENTS (tries); t++)
          if (place_along (self, line, name, size, ink,
                           line->length * (k + 0.5 + tries[t]) / parts))
            break;
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
place_streets (Board *self)
{
  AlmTownMap *map = self->sheet->map;

  for (guint s = alm_n_road_styles; s-- > 0;)
    {
      const AlmRoadStyle *style = &alm_road_styles[s];
      g_autoptr (GHashTable) streets = NULL;
      g_autoptr (GPtrArray) order = NULL;

      if (self->sheet->zoom < style->name_zoom)
        continue;
      streets = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                       (GDestroyNotify) g_ptr_array_unref);
      order = g_ptr_array_new ();
      for (guint i = 0; i < map->roads->len; i++)
        {
          AlmTownShape *shape = map->roads->pdata[i];
          GPtrArray *pieces;

          if (shape->style != s || shape->name == NULL)
            continue;
          pieces = g_hash_table_lookup (streets, shape->name);
          if (pieces == NULL)
            {
              pieces = g_ptr_array_new ();
              g_hash_table_insert (streets, shape->name, pieces);
              g_ptr_array_add (order, shape->name);
            }
          g_ptr_array_add (pieces, shape);
        }
      g_ptr_array_sort (order, compare_names);
      for (guint i = 0; i < order->len; i++)
        place_street (self, style, order->pdata[i],
                      g_hash_table_lookup (streets, order->pdata[i]));
    }
}

void
alm_town_sheet_place_labels (AlmTownSheet *sheet)
{
  Board board = { .sheet = sheet };

  board.columns = (int) (sheet->columns * 256 / CELL) + 1;
  board.rows = (int) (sheet->rows * 256 / CELL) + 1;
  board.taken = g_new0 (guint8, (gsize) board.columns * (gsize) board.rows);
  place_names (&board);
  place_streets (&board);
  g_free (board.taken);
}
