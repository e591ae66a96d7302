/* SPDX-License-Identifier: EUPL-1.2 */

/* The scale bar: a line with two ends, and a label beside it that screen readers
 * read.  Main thread. */

#include "config.h"

#include "alm-scale-bar.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_PX 110.0

struct _AlmScaleBar
{
  GtkWidget  parent_instance;

  GtkWidget *line;
  GtkWidget *label;
  double     width;
};

G_DEFINE_FINAL_TYPE (AlmScaleBar, alm_scale_bar, GTK_TYPE_WIDGET)

double
alm_scale_bar_choose (double metres_per_pixel,
                      double max_px)
{
  double most = metres_per_pixel * max_px;
  double power = pow (10.0, floor (log10 (most)));
  double digit = most / power;

  return power * (digit >= 5.0 ? 5.0 : digit >= 2.0 ? 2.0 : 1.0);
}

static void
draw_line (GtkDrawingArea *area,
           cairo_t        *cr,
           int             width,
           int             height,
           gpointer        user_data)
{
  AlmScaleBar *self = user_data;
  double bottom = height - 1.0;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 1.5);
  cairo_move_to (cr, 1.0, bottom - 6.0);
  cairo_line_to (cr, 1.0, bottom - 1.0);
  cairo_line_to (cr, 1.0 + self->width, bottom - 1.0);
  cairo_line_to (cr, 1.0 + self->width, bottom - 6.0);
  cairo_stroke (cr);
}

static void
alm_scale_bar_dispose (GObject *object)
{
  AlmScaleBar *self = ALM_SCALE_BAR (object);

  g_clear_pointer (&self->line, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_scale_bar_parent_class)->dispose (object);
}

static void
alm_scale_bar_class_init (AlmScaleBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alm_scale_bar_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
alm_scale_bar_init (AlmScaleBar *self)
{
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                              6);
  self->line = gtk_drawing_area_new ();
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (self->line), (int) MAX_PX + 2);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->line), 10);
  gtk_widget_set_valign (self->line, GTK_ALIGN_CENTER);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->line), draw_line, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->line), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Scale"), -1);
  gtk_widget_set_parent (self->line, GTK_WIDGET (self));
  self->label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

GtkWidget *
alm_scale_bar_new (void)
{
  return g_object_new (ALM_TYPE_SCALE_BAR, NULL);
}

void
alm_scale_bar_set (AlmScaleBar *self,
                   double       metres_per_pixel)
{
  double metres = alm_scale_bar_choose (metres_per_pixel, MAX_PX);
  g_autofree char *text = NULL;

  if (metres >= 1000.0)
    text = g_strdup_printf (_("%'.0f km"), metres / 1000.0);
  else
    text = g_strdup_printf (_("%'.0f m"), metres);
  self->width = metres / metres_per_pixel;
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (self->line), (int) self->width + 3);
  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_widget_queue_draw (self->line);
}
