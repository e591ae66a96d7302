/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-cli-desk.h"
#include "alm-filter.h"
#include "alm-geo.h"

G_BEGIN_DECLS

/* Commands about assets: import, export, select, measure, due (assets-map.md, section 7). */
extern const AlmCliCommand alm_cli_asset_commands[];

int        alm_cli_import         (AlmCli          *cli,
                                   int              argc,
                                   char           **argv);
int        alm_cli_export         (AlmCli          *cli,
                                   int              argc,
                                   char           **argv);
int        alm_cli_select         (AlmCli          *cli,
                                   int              argc,
                                   char           **argv);
int        alm_cli_measure        (AlmCli          *cli,
                                   int              argc,
                                   char           **argv);
int        alm_cli_due            (AlmCli          *cli,
                                   int              argc,
                                   char           **argv);

/* What `--where` and `--at` ask for; a plain struct. */
typedef struct
{
  AlmFilter *filter;      /* nullable */
  gboolean   has_day;
  gint64     day;
} AlmCliChoice;

/* FALSE: how the command is called is printed.  @at: nullable, as all that is asked. */
gboolean   alm_cli_choice_set_day (AlmCliChoice        *self,
                                   const AlmCliCommand *command,
                                   const char          *at);
/* FALSE: the reason is printed.  @models: those that the filter must fit. */
gboolean   alm_cli_choice_set_filter (AlmCliChoice *self,
                                      const char   *place,
                                      const char   *where,
                                      GPtrArray    *models);
void       alm_cli_choice_clear   (AlmCliChoice    *self);
gboolean   alm_cli_choice_takes   (const AlmCliChoice *self,
                                   const AlmModel  *model,
                                   const AlmValue  *fields);
/* EPSG number of the city's metric system. */
int        alm_cli_find_city_crs  (AlmDesk         *desk);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmCliChoice, alm_cli_choice_clear)

G_END_DECLS
