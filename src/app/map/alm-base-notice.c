/* SPDX-License-Identifier: EUPL-1.2 */

/* What stands in the corner of a base map that is not whole.
 *
 * Where the network is to blame it is asked again: every RETRY_S seconds, and by the
 * button.
 *
 * Main thread. */

#include "config.h"

#include "alm-base-notice.h"

#include <glib/gi18n.h>

#define WAIT_MS  1000   /* before one is told that it takes a while */
#define RETRY_S  30

struct _AlmBaseNotice
{
  AdwBin          parent_instance;

  /* Owned */
  AlmTileLayer   *layer;
  guint           wait_id;      /* source: tells that it takes a while */
  guint           retry_id;     /* source */
  gboolean        is_late;      /* it takes a while */
  int             shown;        /* AlmTileTrouble, −1: nothing */
};

G_DEFINE_FINAL_TYPE (AlmBaseNotice, alm_base_notice, ADW_TYPE_BIN)

static const char *
get_words (AlmTileTrouble trouble)
{
  switch (trouble)
    {
    case ALM_TILE_TROUBLE_MISSING:
      return _("The base map has nothing here");

    case ALM_TILE_TROUBLE_BROKEN:
      return _("A part of the base map is damaged");

    case ALM_TILE_TROUBLE_REFUSED:
      return _("The base map’s server has trouble of its own");

    case ALM_TILE_TROUBLE_SILENT:
      return _("The base map’s server does not answer");

    case ALM_TILE_TROUBLE_UNREACHABLE:
      return _("The base map’s server cannot be reached");

    case ALM_TILE_TROUBLE_NONE:
    default:
      return _("The base map is being fetched");
    }
}

static gboolean
retry_cb (gpointer user_data)
{
  AlmBaseNotice *self = user_data;

  self->retry_id = 0;
  alm_tile_layer_retry (self->layer);

  return G_SOURCE_REMOVE;
}

static void
retry_clicked_cb (AlmBaseNotice *self)
{
  alm_tile_layer_retry (self->layer);
}

static gboolean
late_cb (gpointer user_data)
{
  AlmBaseNotice *self = user_data;

  self->wait_id = 0;
  self->is_late = TRUE;
  alm_base_notice_update (self);

  return G_SOURCE_REMOVE;
}

static void
note_waiting (AlmBaseNotice *self,
              gboolean       is_waiting)
{
  if (!is_waiting)
    {
      self->is_late = FALSE;
      g_clear_handle_id (&self->wait_id, g_source_remove);
    }
  else if (!self->is_late && self->wait_id == 0)
    {
      self->wait_id = g_timeout_add (WAIT_MS, late_cb, self);
    }
}

static GtkWidget *
make_words (AlmBaseNotice  *self,
            AlmTileTrouble  trouble)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (trouble != ALM_TILE_TROUBLE_NONE
                                                    ? "dialog-warning-symbolic"
                                                    : "content-loading-symbolic");
  GtkWidget *label = gtk_label_new (get_words (trouble));

  gtk_widget_add_css_class (box, "map-notice");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  trouble != ALM_TILE_TROUBLE_NONE ? _("Warning") : _("Wait"),
                                  -1);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  if (trouble >= ALM_TILE_TROUBLE_REFUSED)
    {
      GtkWidget *button = gtk_button_new_with_label (_("Try again"));

      /* Large letters beside the lists leave the map little room. */
      gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), TRUE);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_signal_connect_object (button, "clicked", G_CALLBACK (retry_clicked_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), button);
    }

  return box;
}

void
alm_base_notice_update (AlmBaseNotice *self)
{
  AlmTileTrouble trouble = alm_tile_layer_get_trouble (self->layer);
  int shown;

  note_waiting (self, alm_tile_layer_is_waiting (self->layer));
  if (trouble >= ALM_TILE_TROUBLE_REFUSED && self->retry_id == 0)
    self->retry_id = g_timeout_add_seconds (RETRY_S, retry_cb, self);
  else if (trouble < ALM_TILE_TROUBLE_REFUSED)
    g_clear_handle_id (&self->retry_id, g_source_remove);

  shown = trouble != ALM_TILE_TROUBLE_NONE || self->is_late ? (int) trouble : -1;
  if (shown == self->shown)
    return;
  self->shown = shown;
  adw_bin_set_child (ADW_BIN (self), shown >= 0 ? make_words (self, trouble) : NULL);
}

static void
alm_base_notice_dispose (GObject *object)
{
  AlmBaseNotice *self = ALM_BASE_NOTICE (object);

  g_clear_handle_id (&self->wait_id, g_source_remove);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_object (&self->layer);

  G_OBJECT_CLASS (alm_base_notice_parent_class)->dispose (object);
}

static void
alm_base_notice_class_init (AlmBaseNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alm_base_notice_dispose;
}

static void
alm_base_notice_init (AlmBaseNotice *self)
{
  self->shown = -1;
}

GtkWidget *
alm_base_notice_new (AlmTileLayer *layer)
{
  AlmBaseNotice *self = g_object_new (ALM_TYPE_BASE_NOTICE, NULL);

  self->layer = g_object_ref (layer);
  g_signal_connect_object (layer, "settled", G_CALLBACK (alm_base_notice_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (layer, "troubled", G_CALLBACK (alm_base_notice_update), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
