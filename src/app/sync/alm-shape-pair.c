/* SPDX-License-Identifier: EUPL-1.2 */

/* A small picture of two geometries at one scale, north up.  So near to each other the
 * earth is flat: degrees are metres east and north of the middle.  Main thread. */

#include "config.h"

#include "alm-shape-pair.h"

#include <glib/gi18n.h>
#include <math.h>

#define HEIGHT        140
#define MARGIN        14.0
#define M_PER_DEGREE  111320.0
#define LEAST_M       4.0       /* so much of the ground is shown at least */
#define SAME_M        0.05      /* nearer is the same place */

struct _AlmShapePair
{
  GtkWidget  parent_instance;

  /* Owned */
  AlmValue  *theirs;
  AlmValue  *mine;
};

G_DEFINE_FINAL_TYPE (AlmShapePair, alm_shape_pair, GTK_TYPE_WIDGET)

typedef struct
{
  double west, south, east, north;
} Extent;

static const AlmValue *
get_coordinates (const AlmValue *geometry)
{
  return alm_value_is (geometry, ALM_VALUE_OBJECT) ? alm_value_get (geometry, "coordinates") : NULL;
}

/* Is @value a position, and not a list of such? */
static gboolean
is_position (const AlmValue *value)
{
  return alm_value_is (value, ALM_VALUE_LIST) && alm_value_get_size (value) >= 2
         && alm_value_is_number (alm_value_get_item (value, 0));
}

static void
extend (Extent         *extent,
        const AlmValue *value)
{
  if (is_position (value))
    {
      double lon = alm_value_get_double (alm_value_get_item (value, 0));
      double lat = alm_value_get_double (alm_value_get_item (value, 1));

      extent->west = MIN (extent->west, lon);
      extent->east = MAX (extent->east, lon);
      extent->south = MIN (extent->south, lat);
      extent->north = MAX (extent->north, lat);
      return;
    }
  for (guint i = 0; alm_value_is (value, ALM_VALUE_LIST) && i < alm_value_get_size (value); i++)
    extend (extent, alm_value_get_item (value, i));
}

static gboolean
measure (Extent         *extent,
         const AlmValue *one,
         const AlmValue *two)
{
  *extent = (Extent) { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
  extend (extent, get_coordinates (one));
  if (two != NULL)
    extend (extent, get_coordinates (two));

  return extent->west <= extent->east;
}

/* In words. */

static const char *
find_direction (double east,
                double north)
{
  static const char *const directions[] = {
    N_("east"), N_("north-east"), N_("north"), N_("north-west"),
    N_("west"), N_("south-west"), N_("south"), N_("south-east"),
  };
  int eighth = (int) lround (atan2 (north, east) / (G_PI / 4));

  return _(directions[(eighth + 8) % 8]);
}

char *
alm_shape_pair_say (const AlmValue *theirs,
                    const AlmValue *mine)
{
  Extent one, two;
  double east, north, distance;

  if (!measure (&one, theirs, NULL) || !measure (&two, mine, NULL))
    return g_strdup (_("one of the two has no place"));

  north = (two.south + two.north - one.south - one.north) / 2 * M_PER_DEGREE;
  east = (two.west + two.east - one.west - one.east) / 2 * M_PER_DEGREE
         * cos (one.south * G_PI / 180);
  distance = hypot (east, north);
  if (distance < SAME_M)
    return g_strdup (_("in the same place, of another shape"));
  if (distance < 10)
    /* Translators: a distance and a direction: "2.4 m further north-east" */
    return g_strdup_printf (_("%.1f m further %s"), distance, find_direction (east, north));

  /* Translators: a distance and a direction: "120 m further north-east" */
  return g_strdup_printf (_("%.0f m further %s"), distance, find_direction (east, north));
}

/* Drawing. */

typedef struct
{
  double lon, lat;        /* the middle */
  double x, y;            /* of the widget */
  double px_per_degree_east, px_per_degree_north;
} View;

static void
find_view (View         *view,
           const Extent *extent,
           int           width,
           int           height)
{
  double cosine = cos ((extent->south + extent->north) / 2 * G_PI / 180);
  double wide_m = MAX ((extent->east - extent->west) * M_PER_DEGREE * cosine, LEAST_M);
  double high_m = MAX ((extent->north - extent->south) * M_PER_DEGREE, LEAST_M);
  double px_per_m = MIN ((width - 2 * MARGIN) / wide_m, (height - 2 * MARGIN) / high_m);

  view->lon = (extent->west + extent->east) / 2;
  view->lat = (extent->south + extent->north) / 2;
  view->x = width / 2.0;
  view->y = height / 2.0;
  view->px_per_degree_east = px_per_m * M_PER_DEGREE * cosine;
  view->px_per_degree_north = px_per_m * M_PER_DEGREE;
}

static void
place (const View     *view,
       const AlmValue *position,
       double         *x,
       double         *y)
{
  *x = view->x + (alm_value_get_double (alm_value_get_item (position, 0)) - view->lon)
                 * view->px_per_degree_east;
  *y = view->y - (alm_value_get_double (alm_value_get_item (position, 1)) - view->lat)
                 * view->px_per_degree_north;
}

static void
trace (cairo_t        *cr,
       const View     *view,
       const AlmValue *value)
{
  double x, y;

  if (is_position (value))
    {
      place (view, value, &x, &y);
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, 6, 0, 2 * G_PI);
      return;
    }
  for (guint i = 0; alm_value_is (value, ALM_VALUE_LIST) && i < alm_value_get_size (value); i++)
    {
      const AlmValue *item = alm_value_get_item (value, i);

      if (!is_position (item))
        {
          trace (cr, view, item);
          continue;
        }
      place (view, item, &x, &y);
      if (i == 0)
        cairo_move_to (cr, x, y);
      else
        cairo_line_to (cr, x, y);
    }
}

static void
draw (cairo_t        *cr,
      const View     *view,
      const AlmValue *geometry,
      gboolean        dashed)
{
  const double dashes[] = { 6, 4 };

  cairo_set_dash (cr, dashes, dashed ? G_N_ELEMENTS (dashes) : 0, 0);
  trace (cr, view, get_coordinates (geometry));
  cairo_stroke (cr);
}

static void
alm_shape_pair_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  AlmShapePair *self = ALM_SHAPE_PAIR (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  GdkRGBA colour;
  Extent extent;
  cairo_t *cr;
  View view;

  if (!measure (&extent, self->theirs, self->mine) || width <= 2 * MARGIN)
    return;

  find_view (&view, &extent, width, height);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 2);
  draw (cr, &view, self->theirs, FALSE);
  draw (cr, &view, self->mine, TRUE);
  cairo_destroy (cr);
}

static void
alm_shape_pair_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 120;
}

static void
alm_shape_pair_finalize (GObject *object)
{
  AlmShapePair *self = ALM_SHAPE_PAIR (object);

  g_clear_pointer (&self->theirs, alm_value_unref);
  g_clear_pointer (&self->mine, alm_value_unref);

  G_OBJECT_CLASS (alm_shape_pair_parent_class)->finalize (object);
}

static void
alm_shape_pair_class_init (AlmShapePairClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alm_shape_pair_finalize;
  widget_class->snapshot = alm_shape_pair_snapshot;
  widget_class->measure = alm_shape_pair_measure;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "shape-pair");
}

static void
alm_shape_pair_init (AlmShapePair *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "frame");
}

GtkWidget *
alm_shape_pair_new (AlmValue *theirs,
                    AlmValue *mine)
{
  AlmShapePair *self = g_object_new (ALM_TYPE_SHAPE_PAIR, NULL);
  g_autofree char *text = alm_shape_pair_say (theirs, mine);

  self->theirs = theirs != NULL ? alm_value_ref (theirs) : NULL;
  self->mine = mine != NULL ? alm_value_ref (mine) : NULL;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Both places"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);

  return GTK_WIDGET (self);
}
