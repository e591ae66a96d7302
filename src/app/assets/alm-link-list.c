/* SPDX-License-Identifier: EUPL-1.2 */

/* What a record is linked with: where it points, then what points to it.
 * Main thread; list_job() on a reader, apart from the form's, which does not wait
 * for it. */

#include "config.h"

#include "alm-link-list.h"

#include "alm-links.h"

#include <glib/gi18n.h>

struct _AlmLinkList
{
  GtkWidget      parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  GCancellable  *reading;      /* of the newest read; NULL */

  gint64         rid;          /* whose links are shown */

  /* Children */
  GtkWidget     *box;          /* NULL after dispose */
  GtkWidget     *list;
};

G_DEFINE_FINAL_TYPE (AlmLinkList, alm_link_list, GTK_TYPE_WIDGET)

/* Of one field, each way. */
#define MOST_SHOWN 20

/* @data: gint64*, the rid */
static gpointer
list_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  g_autoptr (AlmRow) row = alm_desk_get_by_rid (desk, *(gint64 *) data, error);

  return row != NULL ? alm_links_list (desk, row, MOST_SHOWN, error) : NULL;
}

/* What the line below the label says. */
static char *
make_detail (const AlmLink *link)
{
  const char *language = alm_workbench_language ();

  if (!link->incoming)
    return g_strdup (alm_field_get_title (link->field, language));

  /* Translators: %s is the kind of an object that refers to the one shown. */
  return g_strdup_printf (_("%s, refers to this"), alm_model_get_title (link->source, language));
}

static GtkWidget *
label_new (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

static void
clicked_cb (AlmLinkList *self,
            GtkWidget   *button)
{
  gint64 *rid = g_object_get_data (G_OBJECT (button), "rid");

  alm_selection_select (alm_workbench_get_selection (self->workbench), *rid);
}

static GtkWidget *
button_new (AlmLinkList   *self,
            const AlmLink *link)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *detail = make_detail (link);
  g_autofree char *name = g_strdup_printf ("%s, %s", link->label, detail);

  gtk_box_append (GTK_BOX (texts), label_new (link->label, NULL));
  gtk_box_append (GTK_BOX (texts), label_new (detail, "field-hint"));
  gtk_button_set_child (GTK_BUTTON (button), texts);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "link-row");
  gtk_widget_set_sensitive (button, link->rid != 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "rid", g_memdup2 (&link->rid, sizeof link->rid),
                          g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);

  return button;
}

typedef struct
{
  char   *kind;
  GArray *rids;
} All;

static void
all_free (gpointer data)
{
  All *all = data;

  g_free (all->kind);
  g_array_unref (all->rids);
  g_free (all);
}

static void
all_clicked_cb (AlmLinkList *self,
                GtkWidget   *button)
{
  const All *all = g_object_get_data (G_OBJECT (button), "all");

  /* The table first: what is selected is selected there too. */
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-kind", "s", all->kind);
  alm_selection_set (alm_workbench_get_selection (self->workbench),
                     (const gint64 *) all->rids->data, all->rids->len, 0);
}

static GtkWidget *
all_button_new (AlmLinkList   *self,
                const AlmLink *link)
{
  g_autofree char *text = g_strdup_printf (_("Show all %'u"), link->all->len);
  GtkWidget *button = gtk_button_new_with_label (text);
  g_autofree char *name = g_strdup_printf ("%s: %s", text,
                                           alm_model_get_plural (link->source,
                                                                 alm_workbench_language ()));
  All *all = g_new0 (All, 1);

  all->kind = g_strdup (alm_model_get_name (link->source));
  all->rids = g_array_ref (link->all);
  g_object_set_data_full (G_OBJECT (button), "all", all, all_free);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (all_clicked_cb), self,
                           G_CONNECT_SWAPPED);

  return button;
}

static void
show_links (AlmLinkList *self,
            GPtrArray   *links)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_box_remove (GTK_BOX (self->list), child);
  for (guint i = 0; i < links->len; i++)
    {
      const AlmLink *link = g_ptr_array_index (links, i);

      gtk_box_append (GTK_BOX (self->list), button_new (self, link));
      if (link->all != NULL)
        gtk_box_append (GTK_BOX (self->list), all_button_new (self, link));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), links->len > 0);
}

static void
list_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmLinkList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) links = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (links == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("links: %s", error->message);
  if (links != NULL && self->box != NULL)
    show_links (self, links);
}

static void
alm_link_list_dispose (GObject *object)
{
  AlmLinkList *self = ALM_LINK_LIST (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_link_list_parent_class)->dispose (object);
}

static void
alm_link_list_finalize (GObject *object)
{
  AlmLinkList *self = ALM_LINK_LIST (object);

  g_clear_object (&self->workbench);

  G_OBJECT_CLASS (alm_link_list_parent_class)->finalize (object);
}

static void
alm_link_list_class_init (AlmLinkListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_link_list_dispose;
  object_class->finalize = alm_link_list_finalize;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
alm_link_list_init (AlmLinkList *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), label_new (_("Linked with"), "heading"));
  gtk_box_append (GTK_BOX (self->box), self->list);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Linked with"), -1);
}

GtkWidget *
alm_link_list_new (AlmWorkbench *workbench)
{
  AlmLinkList *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_LINK_LIST, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}

void
alm_link_list_show (AlmLinkList *self,
                    gint64       rid)
{
  g_return_if_fail (ALM_IS_LINK_LIST (self));

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  /* Those of another record are not to be seen beside this one. */
  if (rid != self->rid)
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->rid = rid;
  self->reading = g_cancellable_new ();
  alm_records_read_async (alm_workbench_get_records (self->workbench), list_job,
                          g_memdup2 (&rid, sizeof rid), g_free,
                          (GDestroyNotify) g_ptr_array_unref, self->reading, list_ready_cb,
                          g_object_ref (self));
}
