/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* A workbench over a small profile: the kind "tree" and ALM_TEST_BENCH_TREES of
 * them, "B 1 Linde", "B 2 Eiche", …, in scope local. */
#define ALM_TEST_BENCH_TREES 4

typedef struct
{
  char         *dir;
  AlmRecords   *records;
  AlmWorkbench *workbench;
  AlmModel     *model;
  AlmId         ids[ALM_TEST_BENCH_TREES];
  gint64        rids[ALM_TEST_BENCH_TREES];
  GString      *said;          /* toasts, a line each */
} AlmTestBench;

/* For g_test_add(). */
void       alm_test_bench_set_up    (AlmTestBench  *self,
                                     gconstpointer  data);
/* The same over a desk that has met a server: tree 1 there, its height waiting
 * here, its status an open question, and one edit of tree 2 refused. */
void       alm_test_bench_set_up_with_server (AlmTestBench  *self,
                                              gconstpointer  data);
/* … and of one that came back from a backup: of tree 1 a height of 25 exists only here. */
void       alm_test_bench_set_up_restored (AlmTestBench     *self,
                                           gconstpointer     data);
/* Adds to either the kind "device", which refers to a tree, and two of them: the
 * slide stands at tree 1, the seesaw nowhere. */
void       alm_test_bench_add_devices (AlmTestBench *self,
                                       AlmId         ids[2]);
void       alm_test_bench_tear_down (AlmTestBench  *self,
                                     gconstpointer  data);

/* Runs what is due, without waiting. */
void       alm_test_bench_settle    (void);
/* Waits until @test says so; the runner's limit is the only clock. */
void       alm_test_bench_wait      (gboolean     (*test) (gpointer),
                                     gpointer       data);
/* The fields of a record as they are stored now, canonical; (transfer full). */
char      *alm_test_bench_fields    (AlmTestBench  *self,
                                     const AlmId   *id);

/* Puts @widget into a window and shows it; destroy the window. */
GtkWidget *alm_test_bench_show      (GtkWidget     *widget);
/* Opens @popover, of a button in a window that is returned. */
GtkWidget *alm_test_bench_pop_up    (GtkWidget     *popover);
/* Destroys @window and proves that @widget, its child, goes with it. */
void       alm_test_bench_close     (GtkWidget     *window,
                                     GtkWidget     *widget);
/* The first descendant that is of @type; NULL: none. */
GtkWidget *alm_test_bench_find      (GtkWidget     *root,
                                     GType          type);
/* Whether a label under @root that can be seen says @text somewhere in it. */
gboolean   alm_test_bench_says      (GtkWidget     *root,
                                     const char    *text);
/* Waits for that. */
void       alm_test_bench_expect    (GtkWidget     *root,
                                     const char    *text);
/* Presses the button under @root whose label is @text. */
void       alm_test_bench_press     (GtkWidget     *root,
                                     const char    *text);

G_END_DECLS
