/* SPDX-License-Identifier: EUPL-1.2 */

/* Records in, shapes in Web Mercator out; and the drawing of a block of tiles.
 *
 * Blocks overlap by nothing and agree at their seams, because each draws
 * everything that touches it with coordinates of the whole sheet, and the
 * lettering was placed for the whole sheet before.  Pure after the taking; any
 * thread draws on a surface of its own. */

#include "config.h"

#include "alm-town-map-private.h"

#include "alm-mercator.h"

#include <math.h>
#include <string.h>

#define TILE 256
#define BLOCK 4

static void
shape_free (gpointer data)
{
  AlmTownShape *shape = data;

  g_free (shape->xy);
  g_free (shape->rings);
  g_free (shape->name);
  g_free (shape);
}

AlmTownMap *
alm_town_map_new (void)
{
  AlmTownMap *self = g_new0 (AlmTownMap, 1);

  self->areas = g_ptr_array_new_with_free_func (shape_free);
  self->buildings = g_ptr_array_new_with_free_func (shape_free);
  self->lines = g_ptr_array_new_with_free_func (shape_free);
  self->roads = g_ptr_array_new_with_free_func (shape_free);
  self->districts = g_ptr_array_new_with_free_func (shape_free);
  self->names = g_ptr_array_new_with_free_func (shape_free);

  return self;
}

void
alm_town_map_free (AlmTownMap *self)
{
  g_ptr_array_unref (self->areas);
  g_ptr_array_unref (self->buildings);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->roads);
  g_ptr_array_unref (self->districts);
  g_ptr_array_unref (self->names);
  g_free (self);
}

static void
add_position (AlmTownShape   *shape,
              const AlmValue *position)
{
  double x, y;

  alm_mercator_from_lon_lat (alm_value_get_double (alm_value_get_item (position, 0)),
                             alm_value_get_double (alm_value_get_item (position, 1)), &x, &y);
  shape->xy[shape->n * 2] = x;
  shape->xy[shape->n * 2 + 1] = y;
  if (shape->n == 0)
    {
      shape->west = shape->east = x;
      shape->north = shape->south = y;
    }
  shape->west = MIN (shape->west, x);
  shape->east = MAX (shape->east, x);
  shape->north = MIN (shape->north, y);
  shape->south = MAX (shape->south, y);
  shape->n++;
}

/* Point, LineString or Polygon. */
static AlmTownShape *
read_shape (const AlmValue *geometry)
{
  const AlmValue *coordinates = alm_value_get (geometry, "coordinates");
  const char *type = alm_value_get_text_of (geometry, "type");
  AlmTownShape *shape = g_new0 (AlmTownShape, 1);
  guint total = 0, n = alm_value_get_size (coordinates);

  if (strcmp (type, "Point") == 0)
    {
      shape->xy = g_new (double, 2);
      add_position (shape, coordinates);
      return shape;
    }
  if (strcmp (type, "LineString") == 0)
    {
      shape->xy = g_new (double, n * 2);
      for (guint i = 0; i < n; i++)
        add_position (shape, alm_value_get_item (coordinates, i));
      return shape;
    }

  for (guint r = 0; r < n; r++)
    total += alm_value_get_size (alm_value_get_item (coordinates, r));
  shape->xy = g_new (double, total * 2);
  shape->rings = g_new (guint, n);
  shape->n_rings = n;
  for (guint r = 0; r < n; r++)
    {
      const AlmValue *ring = alm_value_get_item (coordinates, r);

      shape->rings[r] = shape->n;
      for (guint i = 0; i < alm_value_get_size (ring); i++)
        add_position (shape, alm_value_get_item (ring, i));
    }

  return shape;
}

#define FIND_STYLE(styles, n, word, found)                     \
  G_STMT_START {                                               \
    found = (n);                                               \
    for (guint i_ = 0; (word) != NULL && i_ < (n); i_++)       \
      if (strcmp ((styles)[i_].class_, (word)) == 0)           \
        found = i_;                                            \
  } G_STMT_END

static void
keep (GPtrArray      *list,
      const AlmValue *fields,
      guint           style,
      const char     *name)
{
  AlmTownShape *shape = read_shape (alm_value_get (fields, "geometry"));

  shape->style = style;
  shape->name = g_strdup (name);
  g_ptr_array_add (list, shape);
}

void
alm_town_map_take (AlmTownMap     *self,
                   const char     *kind,
                   const AlmValue *fields)
{
  static const char *const line_classes[ALM_N_LINES] = { "wall", "railway", "power", "path" };
  const char *class_ = alm_value_get_text_of (fields, "class");
  const char *name = alm_value_get_text_of (fields, "name");
  guint style;

  /* What has ended is history, not map. */
  if (alm_value_get (fields, "until") != NULL)
    return;

  if (strcmp (kind, "base-area") == 0)
    {
      FIND_STYLE (alm_area_styles, alm_n_area_styles, class_, style);
      if (style < alm_n_area_styles)
        keep (self->areas, fields, style, name);
    }
  else if (strcmp (kind, "base-building") == 0)
    {
      keep (self->buildings, fields, name != NULL ? 1 : 0, name);
    }
  else if (strcmp (kind, "base-line") == 0)
    {
      for (style = 0; style < ALM_N_LINES; style++)
        if (g_strcmp0 (class_, line_classes[style]) == 0)
          keep (self->lines, fields, style, name);
    }
  else if (strcmp (kind, "road") == 0)
    {
      FIND_STYLE (alm_road_styles, alm_n_road_styles, class_, style);
      if (style < alm_n_road_styles)
        keep (self->roads, fields, style, name);
    }
  else if (strcmp (kind, "district") == 0)
    {
      keep (self->districts, fields, 0, name);
    }
  else if (strcmp (kind, "base-name") == 0)
    {
      FIND_STYLE (alm_name_styles, alm_n_name_styles, class_, style);
      if (style < alm_n_name_styles)
        keep (self->names, fields, style, name);
    }
}

static void
label_free (gpointer data)
{
  AlmLabel *label = data;

  g_array_unref (label->letters);
  g_free (label);
}

AlmTownSheet *
alm_town_sheet_new (AlmTownMap *map,
                    guint       zoom,
                    double      west,
                    double      south,
                    double      east,
                    double      north)
{
  AlmTownSheet *self = g_new0 (AlmTownSheet, 1);
  double tile = ldexp (1, 32 - (int) zoom);
  double left, top, right, bottom;

  g_return_val_if_fail (zoom >= 10 && zoom <= 16, NULL);

  alm_mercator_from_lon_lat (west, north, &left, &top);
  alm_mercator_from_lon_lat (east, south, &right, &bottom);
  self->map = map;
  self->zoom = zoom;
  self->scale = TILE / tile;
  self->first_x = (guint) (left / tile);
  self->first_y = (guint) (top / tile);
  self->columns = (guint) (right / tile) - self->first_x + 1;
  self->rows = (guint) (bottom / tile) - self->first_y + 1;
  self->origin_x = self->first_x * tile;
  self->origin_y = self->first_y * tile;
  self->metres = alm_mercator_metres_per_pixel ((south + north) / 2, zoom);
  self->labels = g_ptr_array_new_with_free_func (label_free);
  alm_town_sheet_place_labels (self);

  return self;
}

void
alm_town_sheet_free (AlmTownSheet *self)
{
  g_ptr_array_unref (self->labels);
  g_free (self);
}

guint
alm_town_sheet_n_blocks (AlmTownSheet *self)
{
  return ((self->columns + BLOCK - 1) / BLOCK) * ((self->rows + BLOCK - 1) / BLOCK);
}

/* A block while it is drawn. */
typedef struct
{
  AlmTownSheet *sheet;
  cairo_t      *cr;
  double        left, top, right, bottom;   /* pixels of the sheet */
} Canvas;

static void
set_tint (cairo_t *cr,
          AlmTint  tint)
{
  cairo_set_source_rgb (cr, tint.red, tint.green, tint.blue);
}

static double
pixel_x (const Canvas *self,
         double        x)
{
  return (x - self->sheet->origin_x) * self->sheet->scale - self->left;
}

static double
pixel_y (const Canvas *self,
         double        y)
{
  return (y - self->sheet->origin_y) * self->sheet->scale - self->top;
}

static gboolean
is_near (const Canvas       *self,
         const AlmTownShape *shape,
         double              margin)
{
  return pixel_x (self, shape->east) > -margin
         && pixel_y (self, shape->south) > -margin
         && pixel_x (self, shape->west) < self->right - self->left + margin
         && pixel_y (self, shape->north) < self->bottom - self->top + margin;
}

static void
trace (const Canvas       *self,
       const AlmTownShape *shape)
{
  guint ring = 0;

  for (guint i = 0; i < shape->n; i++)
    {
      double x = pixel_x (self, shape->xy[i * 2]), y = pixel_y (self, shape->xy[i * 2 + 1]);

      if (i == 0 || (ring < shape->n_rings && shape->rings[ring] == i))
        {
          if (i > 0)
            cairo_close_path (self->cr);
          cairo_move_to (self->cr, x, y);
          ring++;
        }
      else
        {
          cairo_line_to (self->cr, x, y);
        }
    }
  if (shape->n_rings > 0)
    cairo_close_path (self->cr);
}

/* One mark of a texture, by its place in the sheet's own raster. */
static void
draw_mark (const Canvas *self,
           guint         texture,
           AlmTint       edge,
           int           column,
           int           row)
{
  guint32 hash = (guint32) column * 0x9e3779b1u ^ (guint32) row * 0x85ebca6bu;
  cairo_t *cr = self->cr;
  double step = texture == ALM_TEXTURE_VINES ? 6 : texture == ALM_TEXTURE_ORCHARD ? 13 : 17;
  double shift, x, y;

  hash ^= hash >> 15;
  hash *= 0x2c1b3c6du;
  hash ^= hash >> 13;
  shift = texture == ALM_TEXTURE_TREES ? 7 : texture == ALM_TEXTURE_CROSSES ? 3 : 0;
  x = column * step - self->left + shift * ((hash & 0xff) / 255.0 - 0.5);
  y = row * step - self->top + shift * ((hash >> 8 & 0xff) / 255.0 - 0.5);
  set_tint (cr, edge);

  switch (texture)
    {
    case ALM_TEXTURE_TREES:
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, 1.6 + (hash >> 16 & 3) * 0.45, 0, 2 * G_PI);
      cairo_set_line_width (cr, 0.9);
      cairo_stroke (cr);
      break;
    case ALM_TEXTURE_ORCHARD:
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, 1.5, 0, 2 * G_PI);
      cairo_fill (cr);
      break;
    case ALM_TEXTURE_VINES:
      if (column % 2 == 0)
        {
          cairo_move_to (cr, x, y - 2);
          cairo_line_to (cr, x, y + 2.5);
          cairo_set_line_width (cr, 1);
          cairo_stroke (cr);
        }
      break;
    case ALM_TEXTURE_CROSSES:
      cairo_move_to (cr, x, y - 3);
      cairo_line_to (cr, x, y + 3);
      cairo_move_to (cr, x - 2, y - 1);
      cairo_line_to (cr, x + 2, y - 1);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
      break;
    case ALM_TEXTURE_GARDENS:
      cairo_rectangle (cr, rint (x) + 0.5, rint (y) + 0.5, 11, 11);
      cairo_set_line_width (cr, 0.8);
      cairo_stroke (cr);
      break;
    case ALM_TEXTURE_NONE:
    default:
      break;
    }
}

static void
draw_texture (const Canvas       *self,
              const AlmTownShape *shape,
              const AlmAreaStyle *style)
{
  double step = style->texture == ALM_TEXTURE_VINES ? 6
                : style->texture == ALM_TEXTURE_ORCHARD ? 13 : 17;
  double x0 = MAX (pixel_x (self, shape->west), 0) + self->left;
  double x1 = MIN (pixel_x (self, shape->east), self->right - self->left) + self->left;
  double y0 = MAX (pixel_y (self, shape->north), 0) + self->top;
  double y1 = MIN (pixel_y (self, shape->south), self->bottom - self->top) + self->top;

  cairo_save (self->cr);
  trace (self, shape);
  cairo_clip (self->cr);
  for (int row = (int) (y0 / step) - 1; row <= (int) (y1 / step) + 1; row++)
    for (int column = (int) (x0 / step) - 1; column <= (int) (x1 / step) + 1; column++)
      draw_mark (self, style->texture, style->edge, column, row);
  cairo_restore (self->cr);
}

static void
draw_areas (const Canvas *self)
{
  AlmTownMap *map = self->sheet->map;
  guint zoom = self->sheet->zoom;

  for (guint s = 0; s < alm_n_area_styles; s++)
    for (guint i = 0; i < map->areas->len; i++)
      {
        const AlmTownShape *shape = map->areas->pdata[i];
        const AlmAreaStyle *style = &alm_area_styles[s];

        if (shape->style != s || zoom < style->from_zoom || !is_near (self, shape, 3))
          continue;
        trace (self, shape);
        set_tint (self->cr, style->fill);
        cairo_fill_preserve (self->cr);
        if (style->edge_width > 0 && zoom >= 13)
          {
            set_tint (self->cr, style->edge);
            cairo_set_line_width (self->cr, style->edge_width * (zoom >= 15 ? 1 : 0.6));
            cairo_stroke (self->cr);
          }
        cairo_new_path (self->cr);
        if (style->texture != ALM_TEXTURE_NONE && zoom >= 15)
          draw_texture (self, shape, style);
      }
}

static void
draw_buildings (const Canvas *self)
{
  AlmTownMap *map = self->sheet->map;
  guint zoom = self->sheet->zoom;

  if (zoom < 14)
    return;
  for (guint i = 0; i < map->buildings->len; i++)
    {
      const AlmTownShape *shape = map->buildings->pdata[i];

      if (!is_near (self, shape, 2))
        continue;
      trace (self, shape);
      set_tint (self->cr, shape->style ? alm_tint_landmark : alm_tint_building);
      cairo_fill_preserve (self->cr);
      if (zoom >= 15)
        {
          set_tint (self->cr, shape->style ? alm_tint_landmark_edge : alm_tint_building_edge);
          cairo_set_line_width (self->cr, zoom >= 16 ? 0.9 : 0.6);
          cairo_stroke (self->cr);
        }
      cairo_new_path (self->cr);
    }
}

static double
road_width (const Canvas       *self,
            const AlmRoadStyle *style)
{
  double least = style->least[self->sheet->zoom - 10];

  return least == 0 ? 0 : MAX (least, style->metres / self->sheet->metres);
}

static void
draw_roads (const Canvas *self)
{
  AlmTownMap *map = self->sheet->map;

  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_ROUND);
  for (guint pass = 0; pass < 2; pass++)
    for (guint s = 0; s < alm_n_road_styles; s++)
      {
        const AlmRoadStyle *style = &alm_road_styles[s];
        double width = road_width (self, style);
        double casing = self->sheet->zoom >= 14 ? 1.0 : 0.6;

        if (width == 0 || (pass == 1 && width < 1.3))
          continue;
        for (guint i = 0; i < map->roads->len; i++)
          {
            const AlmTownShape *shape = map->roads->pdata[i];

            if (shape->style == s && is_near (self, shape, width + 4))
              trace (self, shape);
          }
        /* All of a class in one stroke: crossings have no seams. */
        cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_ROUND);
        set_tint (self->cr, pass == 0 ? style->casing : style->fill);
        cairo_set_line_width (self->cr, pass == 0 && width >= 1.3 ? width + 2 * casing : width);
        cairo_stroke (self->cr);
      }
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_BUTT);
}

static void
stroke_lines (const Canvas *self,
              guint         which,
              AlmTint       tint,
              double        width,
              double        dash)
{
  AlmTownMap *map = self->sheet->map;
  double dashes[2] = { dash, dash };

  for (guint i = 0; i < map->lines->len; i++)
    {
      const AlmTownShape *shape = map->lines->pdata[i];

      if (shape->style == which && is_near (self, shape, 8))
        trace (self, shape);
    }
  cairo_set_dash (self->cr, dashes, dash > 0 ? 2 : 0, 0);
  set_tint (self->cr, tint);
  cairo_set_line_width (self->cr, width);
  cairo_stroke (self->cr);
  cairo_set_dash (self->cr, NULL, 0, 0);
}

static void
draw_lines (const Canvas *self)
{
  const AlmTint dark = { 0.47, 0.46, 0.45 }, light = { 1, 1, 1 };
  const AlmTint wall = { 0.53, 0.45, 0.38 }, wire = { 0.66, 0.64, 0.66 };
  const AlmTint path = { 0.97, 0.95, 0.89 };
  guint zoom = self->sheet->zoom;

  if (zoom >= 15)
    stroke_lines (self, ALM_LINE_PATH, path, zoom >= 16 ? 1.8 : 1.1, 0);
  if (zoom >= 13)
    stroke_lines (self, ALM_LINE_WALL, wall, zoom >= 16 ? 2.6 : zoom >= 15 ? 2 : 1.2, 0);
  stroke_lines (self, ALM_LINE_RAIL, dark, zoom >= 15 ? 3.4 : zoom >= 13 ? 2.4 : 1.2, 0);
  if (zoom >= 13)
    stroke_lines (self, ALM_LINE_RAIL, light, zoom >= 15 ? 1.8 : 1.1, zoom >= 15 ? 9 : 6);
  if (zoom >= 14)
    stroke_lines (self, ALM_LINE_POWER, wire, 0.8, 0);
}

static void
draw_districts (const Canvas *self)
{
  static const double dashes[] = { 7, 3, 1.5, 3 };
  AlmTownMap *map = self->sheet->map;

  if (self->sheet->zoom < 12)
    return;
  for (guint i = 0; i < map->districts->len; i++)
    if (is_near (self, map->districts->pdata[i], 3))
      trace (self, map->districts->pdata[i]);
  cairo_set_source_rgba (self->cr, 0.52, 0.42, 0.56, 0.38);
  cairo_set_line_width (self->cr, self->sheet->zoom >= 14 ? 1.2 : 0.8);
  cairo_set_dash (self->cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_stroke (self->cr);
  cairo_set_dash (self->cr, NULL, 0, 0);
}

static void
draw_label (const Canvas   *self,
            const AlmLabel *label,
            gboolean        halo)
{
  cairo_scaled_font_t *font = alm_town_font (label->size, label->italic, label->bold);

  if (halo)
    {
      cairo_set_source_rgba (self->cr, 1, 1, 1, 0.82);
      cairo_set_line_width (self->cr, 2.6);
      cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_ROUND);
    }
  else
    {
      set_tint (self->cr, label->ink);
    }
  for (guint i = 0; i < label->letters->len; i++)
    {
      const AlmLetter *letter = &g_array_index (label->letters, AlmLetter, i);
      cairo_glyph_t glyph = { letter->glyph, 0, 0 };

      cairo_save (self->cr);
      cairo_translate (self->cr, letter->x - self->left, letter->y - self->top);
      cairo_rotate (self->cr, letter->turn);
      cairo_set_scaled_font (self->cr, font);
      cairo_glyph_path (self->cr, &glyph, 1);
      if (halo)
        cairo_stroke (self->cr);
      else
        cairo_fill (self->cr);
      cairo_restore (self->cr);
    }
  cairo_scaled_font_destroy (font);
}

static void
draw_labels (const Canvas *self)
{
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->sheet->labels->len; i++)
      {
        const AlmLabel *label = self->sheet->labels->pdata[i];

        if (label->east > self->left && label->west < self->right
            && label->south > self->top && label->north < self->bottom)
          draw_label (self, label, pass == 0);
      }
}

static cairo_status_t
append_png_cb (void                *closure,
               const unsigned char *data,
               unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

static void
tile_free (gpointer data)
{
  AlmTownTile *tile = data;

  g_bytes_unref (tile->png);
  g_free (tile);
}

static AlmTownTile *
cut_tile (cairo_surface_t *block,
          guint            column,
          guint            row)
{
  AlmTownTile *tile = g_new0 (AlmTownTile, 1);
  GByteArray *png = g_byte_array_new ();
  int stride = cairo_image_surface_get_stride (block);
  unsigned char *corner = cairo_image_surface_get_data (block)
                          + (gsize) row * TILE * (gsize) stride + (gsize) column * TILE * 4;
  cairo_surface_t *part = cairo_image_surface_create_for_data (corner, CAIRO_FORMAT_RGB24,
                                                               TILE, TILE, stride);

  cairo_surface_write_to_png_stream (part, append_png_cb, png);
  cairo_surface_destroy (part);
  tile->png = g_byte_array_free_to_bytes (png);

  return tile;
}

GPtrArray *
alm_town_sheet_draw (AlmTownSheet *self,
                     guint         block)
{
  guint across = (self->columns + BLOCK - 1) / BLOCK;
  guint column = block % across * BLOCK, row = block / across * BLOCK;
  guint columns = MIN (BLOCK, self->columns - column), rows = MIN (BLOCK, self->rows - row);
  GPtrArray *tiles = g_ptr_array_new_with_free_func (tile_free);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                                         (int) columns * TILE, (int) rows * TILE);
  Canvas canvas = { self, cairo_create (surface), column * TILE, row * TILE,
                    (column + columns) * TILE, (row + rows) * TILE };

  set_tint (canvas.cr, alm_tint_ground);
  cairo_paint (canvas.cr);
  cairo_set_fill_rule (canvas.cr, CAIRO_FILL_RULE_EVEN_ODD);
  draw_areas (&canvas);
  draw_buildings (&canvas);
  draw_roads (&canvas);
  draw_lines (&canvas);
  draw_districts (&canvas);
  draw_labels (&canvas);
  cairo_destroy (canvas.cr);
  cairo_surface_flush (surface);

  for (guint x = 0; x < columns; x++)
    for (guint y = 0; y < rows; y++)
      {
        AlmTownTile *tile = cut_tile (surface, x, y);

        tile->x = self->first_x + column + x;
        tile->y = self->first_y + row + y;
        g_ptr_array_add (tiles, tile);
      }
  cairo_surface_destroy (surface);

  return tiles;
}
