/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"
#include "alm-import-columns.h"
#include "alm-import-error.h"
#include "alm-import-mapping.h"
#include "alm-import-place.h"
#include "alm-import-report.h"
#include "alm-import-saved.h"
#include "alm-import-source.h"

G_BEGIN_DECLS

/* Taking over a foreign file: read, understand, check, write (assets-map.md,
 * section 4.8).  Synchronous; one thread at a time, but not always the same:
 * analyse and prepare with readers, write with the writer on its worker. */
typedef struct _AlmImport AlmImport;

typedef enum {
  ALM_IMPORT_DRY_RUN          = 1 << 0,   /* do everything, keep nothing */
  ALM_IMPORT_FORMULAS_AS_TEXT = 1 << 1,
  ALM_IMPORT_ACCEPT_LOSSES    = 1 << 2,
  ALM_IMPORT_AGAIN            = 1 << 3    /* also if these bytes were imported before */
} AlmImportFlags;

/* @scope: NULL = "local" */
AlmImport              *alm_import_new          (const char             *file,
                                                 const char             *kind,
                                                 const char             *scope);
void                    alm_import_free         (AlmImport              *self);
/* What is known beforehand; copied.  After that analyse() again: the file is
 * read again only where its bytes are to be read in another way. */
void                    alm_import_set_mapping  (AlmImport              *self,
                                                 const AlmImportMapping *mapping);
/* Whether a mapping that an earlier delivery has left may say what is not said of
 * place and columns; FALSE at first, and forgets one that was taken over. */
void                    alm_import_set_use_saved (AlmImport            *self,
                                                 gboolean               use_saved);
/* Called on the thread that works. */
void                    alm_import_set_progress (AlmImport              *self,
                                                 AlmImportProgressFunc   func,
                                                 gpointer                user_data);

/* Reads the whole file and guesses what nobody has said. */
gboolean                alm_import_analyse      (AlmImport              *self,
                                                 AlmDesk                *desk,
                                                 GCancellable           *cancellable,
                                                 GError                **error);

/* After analyse(); all borrowed.  Of a file that was refused because it is not clear
 * which list is meant, or in which system, the layers or the places are there, too. */
const AlmImportFacts   *alm_import_get_facts    (AlmImport              *self);
/* (element-type AlmImportLayer); none where the file is one list */
GPtrArray              *alm_import_get_layers   (AlmImport              *self);
/* (element-type utf8): of the columns */
GPtrArray              *alm_import_get_names    (AlmImport              *self);
AlmModel               *alm_import_get_model    (AlmImport              *self);
char                    alm_import_get_decimal  (AlmImport              *self);
/* (element-type AlmImportUse), one per column */
GPtrArray              *alm_import_get_columns  (AlmImport              *self);
/* The ways to a place with their shares, best first. */
AlmImportPlaces        *alm_import_get_places   (AlmImport              *self);
const AlmImportCity    *alm_import_get_city     (AlmImport              *self);
/* The one that was taken over, or NULL. */
const AlmImportSaved   *alm_import_get_saved    (AlmImport              *self);
/* (element-type AlmImportSample): at most 2,000 rows of the whole file */
GPtrArray              *alm_import_get_sample   (AlmImport              *self);

typedef struct
{
  gint64 line;
  double lon, lat;
} AlmImportPoint;

/* Where the rows of the sample lie; on the thread of analyse().
 * (transfer full) (element-type AlmImportPoint) */
GArray                 *alm_import_locate_sample (AlmImport             *self);
/* What was given and what was guessed, to be edited or saved; (transfer full) */
AlmImportMapping       *alm_import_make_mapping (AlmImport              *self);

/* The long first step: reads, converts, checks and matches every row.  A dry run
 * ends here.  Analyses first where that was not done.  @desk: a reader is enough */
gboolean                alm_import_prepare      (AlmImport              *self,
                                                 AlmDesk                *desk,
                                                 AlmImportFlags          flags,
                                                 GCancellable           *cancellable,
                                                 GError                **error);
/* Writes what is ready, in one transaction. */
gboolean                alm_import_write        (AlmImport              *self,
                                                 AlmDesk                *desk,
                                                 GCancellable           *cancellable,
                                                 GError                **error);
/* Both, one after the other. */
gboolean                alm_import_run          (AlmImport              *self,
                                                 AlmDesk                *desk,
                                                 AlmImportFlags          flags,
                                                 GCancellable           *cancellable,
                                                 GError                **error);
/* The object of assets-map.md, section 7; also of a run that was refused for
 * its losses.  NULL before. */
AlmValue               *alm_import_get_result   (AlmImport              *self);

/* Leaves the mapping for the next delivery; after run(), undone with it. */
gboolean                alm_import_keep_mapping (AlmImport              *self,
                                                 AlmDesk                *desk,
                                                 GError                **error);

/* The name of the file whose import was broken off by a crash; (transfer full) (nullable) */
char                   *alm_import_find_unfinished (AlmDesk             *desk);
/* The same, and it is not told again; the desk is a writer's.
 * @name: (out) (transfer full) (nullable) */
gboolean                alm_import_take_unfinished (AlmDesk             *desk,
                                                    char               **name,
                                                    GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImport, alm_import_free)

G_END_DECLS
