/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli.h"
#include "alm-desk.h"
#include "alm-town.h"

G_BEGIN_DECLS

extern const AlmCliCommand alm_cli_town[];

/* A town folder while it is written: each file with its size and hash. */
typedef struct
{
  char      *dir;
  GPtrArray *files;      /* (element-type AlmTownFile) */
  AlmValue  *counts;     /* records per kind */
  guint64    n_records;
} AlmTownFolder;

typedef struct
{
  char     *path;        /* in the folder, "tables/population.csv" */
  guint64   bytes;
  char     *sha256;
  gboolean  picture;     /* counts for pictures_digest, not for digest */
} AlmTownFile;

AlmTownFolder *alm_town_folder_new          (const char     *dir,
                                             GError        **error);
void           alm_town_folder_free         (AlmTownFolder  *self);
gboolean       alm_town_folder_write        (AlmTownFolder  *self,
                                             const char     *path,
                                             gconstpointer   data,
                                             gsize           length,
                                             GError        **error);
/* Notes a file that somebody else has written into the folder. */
gboolean       alm_town_folder_note         (AlmTownFolder  *self,
                                             const char     *path,
                                             gboolean        picture,
                                             GError        **error);
gboolean       alm_town_folder_write_data   (AlmTownFolder  *self,
                                             AlmTown        *town,
                                             GError        **error);
/* @pictures: of those files; "" where there is none */
char          *alm_town_folder_digest       (AlmTownFolder  *self,
                                             gboolean        pictures);
gboolean       alm_town_folder_write_manifest (AlmTownFolder *self,
                                             guint64         seed,
                                             AlmTownSize     size,
                                             GError        **error);

/* basemap.mbtiles: the town drawn at zoom 10 to 16 (small: 15); @n_threads 0 =
 * one per core. */
gboolean       alm_town_folder_write_tiles  (AlmTownFolder  *self,
                                             AlmTown        *town,
                                             AlmTownSize     size,
                                             guint           n_threads,
                                             guint          *n_tiles,
                                             GError        **error);

/* One line of records.ndjson. */
typedef struct
{
  AlmId       id;
  const char *id_text;
  const char *kind;
  const char *scope;
  AlmValue   *fields;
  guint64     line;
} AlmTownRecord;

typedef gboolean (*AlmTownRecordFunc) (const AlmTownRecord  *record,
                                       gpointer              user_data,
                                       GError              **error);

AlmValue      *alm_town_read_manifest       (const char     *dir,
                                             GError        **error);
/* Is a file of the manifest there, with its hash?  *reason: (transfer full) */
gboolean       alm_town_file_is_whole       (const char     *dir,
                                             const AlmValue *entry,
                                             char          **reason);
/* Calls @func for each record in the file's order. */
gboolean       alm_town_read_records        (const char     *dir,
                                             AlmTownRecordFunc func,
                                             gpointer        user_data,
                                             GError        **error);
/* The records of the folder into a new profile, as state that a server has
 * acknowledged; *n_records counts on. */
gboolean       alm_town_fill_desk           (AlmDesk        *desk,
                                             const char     *dir,
                                             gint64         *n_records,
                                             GError        **error);
int            alm_cli_bench_town           (AlmCli         *cli,
                                             int             argc,
                                             char          **argv);
int            alm_town_install_run         (AlmCli         *cli,
                                             int             argc,
                                             char          **argv);
int            alm_town_check_run           (AlmCli         *cli,
                                             int             argc,
                                             char          **argv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmTownFolder, alm_town_folder_free)

G_END_DECLS
