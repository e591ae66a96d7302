/* SPDX-License-Identifier: EUPL-1.2 */

/* What the tools look like on the map: the draft with its handles, the stretch to
 * the pointer, the cross of the keyboard, the place of a fault.  Told apart by
 * shape, not by colour alone: handles are squares, the picked one is filled and
 * larger, a fault is a crossed ring.  Main thread. */

#include "config.h"

#include "alm-map-page-private.h"

#include <math.h>

#define HANDLE_PX  9.0
#define PICKED_PX  13.0
#define FAULT_PX   14.0
#define CROSS_PX   12.0

static void
add_place (AlmMapView *view,
           cairo_t    *cr,
           double      x,
           double      y)
{
  double widget_x;
  double widget_y;

  alm_map_view_to_widget (view, x, y, &widget_x, &widget_y);
  cairo_line_to (cr, widget_x, widget_y);
}

static void
add_ring (AlmMapView          *view,
          cairo_t             *cr,
          const AlmDraftPlace *places,
          guint                n)
{
  cairo_new_sub_path (cr);
  for (guint i = 0; i < n; i++)
    add_place (view, cr, places[i].x, places[i].y);
}

/* White beside a dark colour, black beside a light one, as it is in the dark. */
static void
set_contrast (cairo_t       *cr,
              const GdkRGBA *color,
              double         alpha)
{
  double light = 0.3 * color->red + 0.59 * color->green + 0.11 * color->blue < 0.5 ? 1.0 : 0.0;

  cairo_set_source_rgba (cr, light, light, light, alpha);
}

/* An edge below the coloured line: it shows on every ground. */
static void
stroke (cairo_t       *cr,
        const GdkRGBA *color,
        double         width)
{
  set_contrast (cr, color, 0.85);
  cairo_set_line_width (cr, width + 2.5);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

static void
draw_handle (AlmMapView    *view,
             cairo_t       *cr,
             const GdkRGBA *color,
             double         x,
             double         y,
             gboolean       picked)
{
  double size = picked ? PICKED_PX : HANDLE_PX;
  double widget_x;
  double widget_y;

  alm_map_view_to_widget (view, x, y, &widget_x, &widget_y);
  cairo_rectangle (cr, round (widget_x - size / 2) + 0.5, round (widget_y - size / 2) + 0.5,
                   size - 1, size - 1);
  if (picked)
    {
      gdk_cairo_set_source_rgba (cr, color);
      cairo_fill_preserve (cr);
      set_contrast (cr, color, 1.0);
    }
  else
    {
      set_contrast (cr, color, 1.0);
      cairo_fill_preserve (cr);
      gdk_cairo_set_source_rgba (cr, color);
    }
  cairo_set_line_width (cr, 2.0);
  cairo_stroke (cr);
}

static void
draw_edges (AlmMapView    *view,
            cairo_t       *cr,
            const GdkRGBA *accent,
            AlmMapDraft   *draft)
{
  gboolean is_area = alm_map_draft_get_shape (draft) == ALM_SHAPE_POLYGON;

  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  for (guint i = 0; i < alm_map_draft_get_n_rings (draft); i++)
    {
      guint n;
      const AlmDraftPlace *places = alm_map_draft_get_ring (draft, i, &n);

      add_ring (view, cr, places, n);
      if (is_area && !alm_map_draft_is_new (draft))
        cairo_close_path (cr);
    }
  if (is_area)
    {
      cairo_set_source_rgba (cr, accent->red, accent->green, accent->blue, 0.2);
      cairo_fill_preserve (cr);
    }
  stroke (cr, accent, 2.5);
}

/* Dashed: it is not there yet.  An area's goes back to its first corner too. */
static void
draw_stretch (AlmMapView    *view,
              cairo_t       *cr,
              const GdkRGBA *accent,
              AlmMapDraft   *draft)
{
  static const double dashes[] = { 6.0, 5.0 };
  guint n;
  const AlmDraftPlace *places = alm_map_draft_get_ring (draft, 0, &n);
  double x;
  double y;

  if (!alm_map_draft_get_pointer (draft, &x, &y))
    return;
  add_place (view, cr, places[n - 1].x, places[n - 1].y);
  add_place (view, cr, x, y);
  if (n > 1 && alm_map_draft_get_shape (draft) == ALM_SHAPE_POLYGON)
    add_place (view, cr, places[0].x, places[0].y);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0.0);
  stroke (cr, accent, 2.0);
  cairo_set_dash (cr, NULL, 0, 0.0);
}

static void
draw_handles (AlmMapView    *view,
              cairo_t       *cr,
              const GdkRGBA *accent,
              AlmMapDraft   *draft)
{
  guint picked_ring;
  guint picked;
  gboolean any = alm_map_draft_get_picked (draft, &picked_ring, &picked);

  for (guint r = 0; r < alm_map_draft_get_n_rings (draft); r++)
    {
      guint n;
      const AlmDraftPlace *places = alm_map_draft_get_ring (draft, r, &n);

      for (guint i = 0; i < n; i++)
        draw_handle (view, cr, accent, places[i].x, places[i].y,
                     any && r == picked_ring && i == picked);
    }
}

static void
draw_fault (AlmMapView *view,
            cairo_t    *cr,
            double      x,
            double      y)
{
  const GdkRGBA red = { 0.75f, 0.11f, 0.16f, 1.0f };
  double reach = FAULT_PX * M_SQRT1_2;
  double widget_x;
  double widget_y;

  alm_map_view_to_widget (view, x, y, &widget_x, &widget_y);
  cairo_new_sub_path (cr);
  cairo_arc (cr, widget_x, widget_y, FAULT_PX, 0.0, 2.0 * G_PI);
  cairo_move_to (cr, widget_x - reach, widget_y - reach);
  cairo_line_to (cr, widget_x + reach, widget_y + reach);
  stroke (cr, &red, 3.0);
}

static void
draw_cross (AlmMapView    *view,
            cairo_t       *cr,
            const GdkRGBA *accent)
{
  double x = floor (gtk_widget_get_width (GTK_WIDGET (view)) / 2.0) + 0.5;
  double y = floor (gtk_widget_get_height (GTK_WIDGET (view)) / 2.0) + 0.5;

  cairo_move_to (cr, x - CROSS_PX, y);
  cairo_line_to (cr, x + CROSS_PX, y);
  cairo_move_to (cr, x, y - CROSS_PX);
  cairo_line_to (cr, x, y + CROSS_PX);
  stroke (cr, accent, 1.5);
}

void
alm_map_sketch_draw (AlmMapView    *view,
                     cairo_t       *cr,
                     const GdkRGBA *accent,
                     gpointer       page)
{
  AlmMapPage *self = page;

  if (self->draft == NULL)
    return;
  draw_edges (view, cr, accent, self->draft);
  draw_stretch (view, cr, accent, self->draft);
  draw_handles (view, cr, accent, self->draft);
  if (!isnan (self->fault_x))
    draw_fault (view, cr, self->fault_x, self->fault_y);
  if (alm_map_tools_shows_cross (self))
    draw_cross (view, cr, accent);
}
