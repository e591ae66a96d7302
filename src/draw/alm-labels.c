/* SPDX-License-Identifier: EUPL-1.2 */

/* Names on a map.
 *
 * Invariants:
 *   1. A name is shown if no name of higher priority lies across it or says the
 *      same within REPEAT pixels.  That asks only its neighbours, whichever of them
 *      are shown, so every tile that holds a part of a name decides alike and
 *      no name is cut at a border.
 *   2. Candidates are looked for as far as a name can reach: REACH pixels.
 *
 * Any thread; Pango's font map belongs to the thread that asks for it. */

#include "config.h"

#include "alm-labels-private.h"
#include "alm-labels.h"

#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define REACH       640.0
#define REPEAT      220.0
#define PADDING     4.0
#define CACHE_LIMIT 4096

typedef struct
{
  char              *text;
  const AlmBaseRule *rule;
  int                rank;
  double             min_zoom;
  double             x;         /* units */
  double             y;
  double             length;    /* units; of the straight part, 0 for a point */
  double             angle;
} Label;

struct _AlmLabels
{
  gatomicrefcount  ref_count;
  GArray          *labels;      /* Label */
};

/* A label that might be shown at this zoom; pixels. */
typedef struct
{
  const Label *label;
  double       x;
  double       y;
  double       half_width;      /* of the text */
  double       half_height;
  double       reach_x;         /* of the box around the turned text */
  double       reach_y;
  gboolean     shown;
} Candidate;

AlmLabels *
alm_labels_new (void)
{
  AlmLabels *self = g_new0 (AlmLabels, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->labels = g_array_new (FALSE, TRUE, sizeof (Label));

  return self;
}

AlmLabels *
alm_labels_ref (AlmLabels *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_labels_unref (AlmLabels *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < self->labels->len; i++)
    g_free (g_array_index (self->labels, Label, i).text);
  g_array_unref (self->labels);
  g_free (self);
}

guint
alm_labels_get_count (const AlmLabels *self)
{
  return self->labels->len;
}

void
alm_labels_add_point (AlmLabels         *self,
                      const char        *text,
                      const AlmBaseRule *rule,
                      double             x,
                      double             y)
{
  Label label = {
    .text = g_strdup (text), .rule = rule, .rank = rule->order * 10, .min_zoom = rule->min_zoom,
    .x = x, .y = y
  };

  g_array_append_val (self->labels, label);
}

/* Longest run of stretches that bends by less than 0.25 in all. */
static double
find_straight_part (const double *xy,
                    guint         n,
                    guint        *from,
                    guint        *to)
{
  double longest = -1.0;

  for (guint first = 0; first + 1 < n; first++)
    {
      double direction = atan2 (xy[2 * first + 3] - xy[2 * first + 1],
                                xy[2 * first + 2] - xy[2 * first]);
      guint last = first + 1;
      double length;

      while (last + 1 < n)
        {
          double next = atan2 (xy[2 * last + 3] - xy[2 * last + 1],
                               xy[2 * last + 2] - xy[2 * last]);

          if (fabs (remainder (next - direction, 2.0 * G_PI)) > 0.25)
            break;
          last++;
        }
      length = hypot (xy[2 * last] - xy[2 * first], xy[2 * last + 1] - xy[2 * first + 1]);
      if (length > longest)
        {
          longest = length;
          *from = first;
          *to = last;
        }
    }

  return longest;
}

void
alm_labels_add_line (AlmLabels         *self,
                     const char        *text,
                     const AlmBaseRule *rule,
                     int                rank,
                     double             min_zoom,
                     const double      *xy,
                     guint              n)
{
  Label label = { .rule = rule, .rank = rank, .min_zoom = min_zoom };
  guint from = 0;
  guint to = 0;

  if (n < 2)
    return;

  label.length = find_straight_part (xy, n, &from, &to);
  label.x = (xy[2 * from] + xy[2 * to]) / 2.0;
  label.y = (xy[2 * from + 1] + xy[2 * to + 1]) / 2.0;
  label.angle = atan2 (xy[2 * to + 1] - xy[2 * from + 1], xy[2 * to] - xy[2 * from]);
  /* Never upside down. */
  if (label.angle > G_PI / 2.0)
    label.angle -= G_PI;
  else if (label.angle <= -G_PI / 2.0)
    label.angle += G_PI;
  label.text = g_strdup (text);
  g_array_append_val (self->labels, label);
}

static void
add_road (AlmLabels             *self,
          const char            *name,
          const AlmAssetColumns *columns,
          guint                  index)
{
  const AlmBaseRule *letters =
    alm_base_style_get_rule (alm_base_style_classify (ALM_BASE_NAME, NULL));
  const AlmBaseRule *road = alm_base_style_get_rule (columns->class_[index]);
  guint32 first = columns->shape_start[index];
  guint n = columns->shape_start[index + 1] - first;
  g_autofree double *xy = g_new (double, 2 * (gsize) n);

  for (guint i = 0; i < n; i++)
    {
      xy[2 * i] = (double) columns->wx[index] + columns->shape_dx[first + i];
      xy[2 * i + 1] = (double) columns->wy[index] + columns->shape_dy[first + i];
    }
  alm_labels_add_line (self, name, letters, road->order, road->order >= 6 ? 14.0 : 15.0, xy, n);
}

void
alm_labels_add_base (AlmLabels             *self,
                     AlmBaseKind            kind,
                     const AlmAssetColumns *columns,
                     char *const           *names)
{
  const AlmBaseRule *district =
    alm_base_style_get_rule (alm_base_style_classify (ALM_BASE_NAME, "district"));

  for (guint i = 0; i < columns->n; i++)
    {
      if (names[i] == NULL || *names[i] == '\0')
        continue;
      if (kind == ALM_BASE_ROAD && columns->shape_start != NULL)
        add_road (self, names[i], columns, i);
      else if (kind == ALM_BASE_NAME || kind == ALM_BASE_DISTRICT)
        alm_labels_add_point (self, names[i],
                              kind == ALM_BASE_NAME
                                ? alm_base_style_get_rule (columns->class_[i])
                                : district,
                              columns->wx[i], columns->wy[i]);
    }
}

PangoLayout *
alm_labels_get_layout (void)
{
  static GPrivate private_layout = G_PRIVATE_INIT (g_object_unref);
  PangoLayout *layout = g_private_get (&private_layout);

  if (layout == NULL)
    {
      PangoContext *context =
        pango_font_map_create_context (pango_cairo_font_map_get_default ());

      layout = pango_layout_new (context);
      g_object_unref (context);
      g_private_set (&private_layout, layout);
    }

  return layout;
}

static double
get_font_px (const Label *label,
             double       scale)
{
  return (label->length > 0.0 ? 11.0 : label->rule->width_m) * scale;
}

static void
set_text (PangoLayout *layout,
          const Label *label,
          double       scale)
{
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family_static (font, ALM_LABELS_FAMILY);
  pango_font_description_set_absolute_size (font, get_font_px (label, scale) * PANGO_SCALE);
  if (label->rule->order >= 7 && label->length == 0.0)
    pango_font_description_set_weight (font, PANGO_WEIGHT_SEMIBOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, label->text, -1);
  pango_font_description_free (font);
}

static void
free_sizes (gpointer sizes)
{
  g_hash_table_unref (sizes);
}

typedef struct
{
  double half_width;
  double half_height;
} Size;

/* Measuring costs 20 µs; each thread remembers. */
static Size
measure (const Label *label,
         double       scale)
{
  static GPrivate private_sizes = G_PRIVATE_INIT (free_sizes);
  GHashTable *sizes = g_private_get (&private_sizes);
  g_autofree char *key = g_strdup_printf ("%.1f %d %s", get_font_px (label, scale),
                                          label->rule->order >= 7, label->text);
  Size *known;

  if (sizes == NULL || g_hash_table_size (sizes) > CACHE_LIMIT)
    {
      sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_private_replace (&private_sizes, sizes);
    }
  known = g_hash_table_lookup (sizes, key);
  if (known == NULL)
    {
      PangoLayout *layout = alm_labels_get_layout ();
      int width;
      int height;

      set_text (layout, label, scale);
      pango_layout_get_pixel_size (layout, &width, &height);
      known = g_new (Size, 1);
      *known = (Size) { width / 2.0, height / 2.0 };
      g_hash_table_insert (sizes, g_steal_pointer (&key), known);
    }

  return *known;
}

/* FALSE: it cannot be shown at this zoom whatever its neighbours are. */
static gboolean
make_candidate (Candidate   *self,
                const Label *label,
                double       x,
                double       y,
                double       units_per_pixel,
                double       scale)
{
  double c = fabs (cos (label->angle));
  double s = fabs (sin (label->angle));
  Size size;

  if (label->length > 0.0 &&
      label->length / units_per_pixel < 4.0 * scale * (double) g_utf8_strlen (label->text, -1))
    return FALSE;

  size = measure (label, scale);
  if (label->length > 0.0 && label->length / units_per_pixel < 2.0 * size.half_width)
    return FALSE;

  *self = (Candidate) {
    .label = label, .x = x, .y = y, .half_width = size.half_width,
    .half_height = size.half_height,
    .reach_x = c * size.half_width + s * size.half_height + PADDING * scale,
    .reach_y = s * size.half_width + c * size.half_height + PADDING * scale
  };

  return TRUE;
}

/* TRUE: @one goes before @two. */
static gboolean
has_priority (const Candidate *one,
              const Candidate *two)
{
  if (one->label->rank != two->label->rank)
    return one->label->rank > two->label->rank;
  if (one->label->length != two->label->length)
    return one->label->length > two->label->length;

  return one->label < two->label;
}

static gboolean
are_in_conflict (const Candidate *one,
                 const Candidate *two,
                 double           scale)
{
  double dx = fabs (one->x - two->x);
  double dy = fabs (one->y - two->y);

  if (dx < one->reach_x + two->reach_x && dy < one->reach_y + two->reach_y)
    return TRUE;

  return hypot (dx, dy) < REPEAT * scale && strcmp (one->label->text, two->label->text) == 0;
}

static GArray *
find_candidates (const AlmLabels *self,
                 double           west,
                 double           north,
                 double           units_per_pixel,
                 double           zoom,
                 double           scale,
                 int              width,
                 int              height)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  double reach = REACH * scale;

  for (guint i = 0; i < self->labels->len; i++)
    {
      const Label *label = &g_array_index (self->labels, Label, i);
      double x = (label->x - west) / units_per_pixel;
      double y = (label->y - north) / units_per_pixel;
      Candidate candidate;

      if (zoom >= label->min_zoom && x > -reach && y > -reach && x < width + reach &&
          y < height + reach &&
          make_candidate (&candidate, label, x, y, units_per_pixel, scale))
        g_array_append_val (candidates, candidate);
    }

  return candidates;
}

static void
decide (GArray *candidates,
        double  scale)
{
  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *one = &g_array_index (candidates, Candidate, i);

      one->shown = TRUE;
      for (guint j = 0; j < candidates->len && one->shown; j++)
        {
          const Candidate *two = &g_array_index (candidates, Candidate, j);

          if (i != j && are_in_conflict (one, two, scale) && has_priority (two, one))
            one->shown = FALSE;
        }
    }
}

static void
set_color (cairo_t *cr,
           guint32  color)
{
  cairo_set_source_rgb (cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0,
                        (color & 0xff) / 255.0);
}

void
alm_labels_write (cairo_t      *cr,
                  PangoLayout  *layout,
                  guint32       ink,
                  guint32       halo,
                  double        halo_px)
{
  pango_cairo_layout_path (cr, layout);
  set_color (cr, halo);
  cairo_set_line_width (cr, 2.0 * halo_px);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke_preserve (cr);
  set_color (cr, ink);
  cairo_fill (cr);
}

static void
write_candidate (cairo_t         *cr,
                 const Candidate *candidate,
                 double           scale,
                 gboolean         dark)
{
  const AlmBaseRule *rule = candidate->label->rule;
  const guint32 *colors = dark ? rule->dark : rule->light;
  PangoLayout *layout = alm_labels_get_layout ();

  set_text (layout, candidate->label, scale);
  cairo_save (cr);
  cairo_translate (cr, candidate->x, candidate->y);
  cairo_rotate (cr, candidate->label->angle);
  cairo_move_to (cr, -candidate->half_width, -candidate->half_height);
  alm_labels_write (cr, layout, colors[0], colors[1], 1.5 * scale);
  cairo_restore (cr);
}

GArray *
alm_labels_list (const AlmLabels *self,
                 double           west,
                 double           north,
                 double           units_per_pixel,
                 double           zoom,
                 int              width,
                 int              height)
{
  GArray *names = g_array_new (FALSE, FALSE, sizeof (AlmLabelName));
  g_autoptr (GArray) candidates = find_candidates (self, west, north, units_per_pixel, zoom, 1.0,
                                                   width, height);

  decide (candidates, 1.0);
  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);
      AlmLabelName name = { candidate->x, candidate->y, candidate->half_width,
                            candidate->half_height, candidate->label->angle };

      if (candidate->shown)
        g_array_append_val (names, name);
    }

  return names;
}

void
alm_labels_paint (const AlmLabels *self,
                  double           west,
                  double           north,
                  double           units_per_pixel,
                  double           zoom,
                  double           scale,
                  gboolean         dark,
                  AlmPixels       *pixels)
{
  g_autoptr (GArray) candidates = find_candidates (self, west, north, units_per_pixel, zoom,
                                                   scale, pixels->width, pixels->height);
  cairo_surface_t *surface;
  cairo_t *cr;

  if (candidates->len == 0)
    return;
  decide (candidates, scale);

  surface = cairo_image_surface_create_for_data ((unsigned char *) pixels->data,
                                                 CAIRO_FORMAT_ARGB32, pixels->width,
                                                 pixels->height, pixels->stride * 4);
  cr = cairo_create (surface);
  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);

      if (candidate->shown && candidate->x + candidate->reach_x > 0.0 &&
          candidate->y + candidate->reach_y > 0.0 &&
          candidate->x - candidate->reach_x < pixels->width &&
          candidate->y - candidate->reach_y < pixels->height)
        write_candidate (cr, candidate, scale, dark);
    }
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  cairo_surface_destroy (surface);
}
