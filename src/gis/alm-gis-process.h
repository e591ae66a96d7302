/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The helper that knows foreign geodata, as a child of this process.  Blocks;
 * for a worker thread. */

/* FALSE ends the child and the reading with that error. */
typedef gboolean (*AlmGisLineFunc) (const char   *line,
                                    gsize         length,
                                    gpointer      user_data,
                                    GError      **error);

/* The features of @file (a full path), of all layers or one; the head names all of them.
 * See alm-feature-stream.h. */
gboolean alm_gis_process_read  (const char         *file,
                                const char         *layer,
                                AlmGisLineFunc      func,
                                gpointer            user_data,
                                GCancellable       *cancellable,
                                GError            **error);
/* Takes the one table of an archive out of it, into @folder; *table is its path, NULL
 * where there is none or one has to be chosen.  @names: told where there are several.
 * @name: the one that was chosen; nullable */
gboolean alm_gis_process_unpack (const char        *file,
                                const char         *folder,
                                const char         *name,
                                char              **table,
                                GPtrArray          *names,
                                GCancellable       *cancellable,
                                GError            **error);
/* Makes @file, which must not exist, of the stream that @fd holds from its start. */
gboolean alm_gis_process_write (const char         *driver,
                                const char         *file,
                                int                 fd,
                                GCancellable       *cancellable,
                                GError            **error);
/* Any program as such a child; @patience_ms without a line are its end. */
gboolean alm_gis_process_run   (const char *const  *argv,
                                int                 stdin_fd,
                                int                 patience_ms,
                                AlmGisLineFunc      func,
                                gpointer            user_data,
                                GCancellable       *cancellable,
                                GError            **error);
/* A program that says nothing while it works, however long: only when it has neither
 * ended nor used the processor for @patience_ms it is given up. */
gboolean alm_gis_process_run_silent (const char *const *argv,
                                int                 stdin_fd,
                                int                 patience_ms,
                                GCancellable       *cancellable,
                                GError            **error);
/* How long the helper is waited for; for tests, 60 s else.  Before it is started. */
void     alm_gis_process_set_patience (int          milliseconds);

G_END_DECLS
