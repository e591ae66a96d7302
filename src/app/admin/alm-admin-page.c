/* SPDX-License-Identifier: EUPL-1.2 */

/* The page of those who manage and audit.  Main thread; alm_admin_roles_job() on a
 * reader. */

#include "config.h"

#include "alm-admin-page.h"

#include "alm-admin-audit.h"
#include "alm-admin-desks.h"
#include "alm-admin-people.h"
#include "alm-admin-places.h"

#include <glib/gi18n.h>

struct _AlmAdminPage
{
  AdwBin        parent_instance;

  /* Owned */
  AlmWorkbench *workbench;
  GCancellable *cancellable;

  /* Borrowed from the widget tree */
  GtkWidget    *people;
  GtkWidget    *desks;
  GtkWidget    *audit;

  /* Template children */
  GtkStack     *stack;
  GtkStack     *parts;
};

G_DEFINE_FINAL_TYPE (AlmAdminPage, alm_admin_page, ADW_TYPE_BIN)

static void
ask_shown (AlmAdminPage *self)
{
  GtkWidget *shown = gtk_stack_get_visible_child (self->parts);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || shown == NULL ||
      g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "parts") != 0)
    return;

  if (shown == self->people)
    alm_admin_people_ask (ALM_ADMIN_PEOPLE (self->people));
  else if (shown == self->desks)
    alm_admin_desks_ask (ALM_ADMIN_DESKS (self->desks));
  else
    alm_admin_audit_ask (ALM_ADMIN_AUDIT (self->audit));
}

static void
set_part_visible (AlmAdminPage *self,
                  GtkWidget    *part,
                  gboolean      visible)
{
  gtk_stack_page_set_visible (gtk_stack_get_page (self->parts, part), visible);
}

static void
roles_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AlmAdminPage) self = user_data;
  g_autofree char *roles = alm_records_read_finish (ALM_RECORDS (source), result, NULL);
  gboolean manager, auditor;

  if (g_cancellable_is_cancelled (self->cancellable) || roles == NULL)
    return;

  manager = alm_admin_roles_has (roles, "manager");
  auditor = alm_admin_roles_has (roles, "auditor");
  set_part_visible (self, self->people, manager);
  set_part_visible (self, self->desks, manager);
  set_part_visible (self, self->audit, auditor);
  if (!manager && auditor)
    gtk_stack_set_visible_child (self->parts, self->audit);
  gtk_stack_set_visible_child_name (self->stack, manager || auditor ? "parts" : "forbidden");
  ask_shown (self);
}

static void
mapped_cb (AlmAdminPage *self)
{
  alm_records_read_async (alm_workbench_get_records (self->workbench), alm_admin_roles_job, NULL,
                          NULL, g_free, self->cancellable, roles_cb, g_object_ref (self));
}

static void
alm_admin_page_dispose (GObject *object)
{
  g_cancellable_cancel (ALM_ADMIN_PAGE (object)->cancellable);

  G_OBJECT_CLASS (alm_admin_page_parent_class)->dispose (object);
}

static void
alm_admin_page_finalize (GObject *object)
{
  AlmAdminPage *self = ALM_ADMIN_PAGE (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (alm_admin_page_parent_class)->finalize (object);
}

static void
alm_admin_page_class_init (AlmAdminPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_admin_page_dispose;
  object_class->finalize = alm_admin_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/admin/admin-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmAdminPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AlmAdminPage, parts);
}

static void
alm_admin_page_init (AlmAdminPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
alm_admin_page_new (AlmWorkbench *workbench)
{
  AlmAdminPage *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_ADMIN_PAGE, NULL);
  self->workbench = g_object_ref (workbench);
  self->people = alm_admin_people_new (workbench);
  self->desks = alm_admin_desks_new (workbench);
  self->audit = alm_admin_audit_new (workbench);
  gtk_stack_add_titled (self->parts, self->people, "people", _("People"));
  gtk_stack_add_titled (self->parts, self->desks, "desks", _("Workplaces"));
  gtk_stack_add_titled (self->parts, self->audit, "audit", _("Audit trail"));
  g_signal_connect (self, "map", G_CALLBACK (mapped_cb), NULL);
  g_signal_connect_object (self->parts, "notify::visible-child", G_CALLBACK (ask_shown), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
