/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli.h"
#include "alm-random.h"
#include "alm-sync-driver.h"

G_BEGIN_DECLS

/* What the benchmarks of sync share: a folder with a real allmended on loopback, and
 * desks of it, driven as the window drives them.  All of it is removed afterwards. */

#define ALM_BENCH_SCOPE "bench/baeume"

/* From so many records on a server makes a pack of a scope, as it starts. */
#define ALM_BENCH_PACK_FROM 20000

typedef struct
{
  guint        rows;
  char        *dir;
  GSubprocess *server;
  char        *url;
  GMainLoop   *loop;
  GError      *error;     /* of what runs in the loop */
} AlmBench;

/* One profile, logged in. */
typedef struct
{
  AlmBench      *bench;
  char          *profile;
  AlmRecords    *records;
  AlmSyncDriver *driver;
  gboolean       failed;
} AlmBenchDesk;

void          alm_cli_bench_clear        (AlmBench          *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmBench, alm_cli_bench_clear)

/* Runs a benchmark of --rows N, 60,000 where nothing is said. */
int           alm_cli_bench_run          (const char        *words,
                                          int                argc,
                                          char             **argv,
                                          gboolean         (*func) (AlmBench *, GError **));

/* The trees that a server is found with: each has an id and fields of its own. */
void          alm_cli_bench_tree_id      (AlmId             *id,
                                          guint              number);
AlmValue     *alm_cli_bench_make_tree    (AlmRandom         *random,
                                          guint              number);
AlmValue     *alm_cli_bench_read_model   (GError           **error);

/* The server: founded with so many @trees; while it is away, one in so many of them gets
 * another @girth. */
gboolean      alm_cli_bench_found        (AlmBench          *self,
                                          guint              trees,
                                          GError           **error);
gboolean      alm_cli_bench_change       (AlmBench          *self,
                                          guint              every,
                                          guint              girth,
                                          GError           **error);
gboolean      alm_cli_bench_serve        (AlmBench          *self,
                                          GError           **error);
void          alm_cli_bench_end_server   (AlmBench          *self);
/* A server that has been there for a while has its packs. */
void          alm_cli_bench_wait_for_pack (AlmBench         *self);

AlmBenchDesk *alm_cli_bench_desk_new     (AlmBench          *self,
                                          const char        *name,
                                          gboolean           follow,
                                          GError           **error);
/* One round, of a desk that does not follow; -1: it has failed, else seconds. */
double        alm_cli_bench_desk_round   (AlmBenchDesk      *self);
gint64        alm_cli_bench_desk_count   (AlmBenchDesk      *self);
/* Its last jobs still hold the profile: when they have let it go, the write-ahead log
 * has gone into the file.  FALSE: it has not. */
gboolean      alm_cli_bench_desk_close   (AlmBenchDesk      *self);
void          alm_cli_bench_desk_free    (AlmBenchDesk      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmBenchDesk, alm_cli_bench_desk_free)

/* Figures: one line each.  `…_beside` and `…_say` print it. */
AlmValue     *alm_cli_bench_figure       (AlmBench          *self,
                                          const char        *name,
                                          double             value,
                                          const char        *unit);
/* The median of @values, with min, max and n. */
AlmValue     *alm_cli_bench_figure_of    (AlmBench          *self,
                                          const char        *name,
                                          GArray            *values,
                                          const char        *unit);
void          alm_cli_bench_add          (AlmValue          *line,
                                          const char        *key,
                                          double             value);
/* @waits: the figure waits for the disk, and its rate stands beside it. */
void          alm_cli_bench_say          (AlmBench          *self,
                                          AlmValue          *line,
                                          gboolean           waits);
void          alm_cli_bench_beside       (AlmBench          *self,
                                          AlmValue          *line,
                                          const char        *peer,
                                          double             peer_value,
                                          gboolean           waits);
double        alm_cli_bench_part_of      (GArray            *values,
                                          double             part);
#define alm_cli_bench_median(values) alm_cli_bench_part_of ((values), 0.5)
void          alm_cli_bench_remove       (const char        *path);
gint64        alm_cli_bench_file_size    (const char        *dir,
                                          const char        *name);

/* Seconds of the processor that this process has used, and it and the server. */
double        alm_cli_bench_cpu          (void);
double        alm_cli_bench_both_cpu     (AlmBench          *self);

/* MB: the most memory that the server ever had, and that this process had since the
 * last alm_cli_bench_forget_memory(). */
double        alm_cli_bench_server_memory (AlmBench         *self);
double        alm_cli_bench_memory       (void);
void          alm_cli_bench_forget_memory (void);

extern const AlmCliCommand alm_cli_bench_commands[];

int alm_cli_bench_edit       (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_edit_wait  (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_exchange   (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_export     (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_first_sync (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_import     (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_merge      (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_notice     (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_push       (AlmCli *cli, int argc, char **argv);
int alm_cli_bench_weeks      (AlmCli *cli, int argc, char **argv);

G_END_DECLS
