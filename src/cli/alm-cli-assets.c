/* SPDX-License-Identifier: EUPL-1.2 */

/* What the commands about assets have in common. */

#include "config.h"

#include "alm-cli-assets.h"

#include "alm-days.h"
#include "alm-edtf.h"
#include "alm-utm.h"

const AlmCliCommand alm_cli_asset_commands[] = {
  { "import", alm_cli_import,
    "FILE|- [--kind K] [--scope S] [--mapping FILE] [--save-mapping FILE] [--layer NAME] "
    "[--encoding E] [--crs EPSG:n] [--formulas text] [--accept-losses] [--again] [--dry-run]" },
  { "export", alm_cli_export,
    "[--scope S]… [--kind K]… [--meta] [--deleted] [--format geojson|csv|gpkg] [--crs EPSG:n] "
    "[--where CQL2] [--at DATE] [-o FILE]" },
  { "select", alm_cli_select,
    "[--kind K]… [--where CQL2] [--in FILE | --near FILE --distance M] [--at DATE] [--count]" },
  { "measure", alm_cli_measure, "[--crs EPSG:n] < GeoJSON geometries, one a line" },
  { "due", alm_cli_due, "[--kind K]… [--on DATE] [--until DATE]" },
  { NULL }
};

gboolean
alm_cli_choice_set_day (AlmCliChoice        *self,
                        const AlmCliCommand *command,
                        const char          *at)
{
  self->has_day = at != NULL;
  if (at == NULL || alm_days_parse (at, &self->day))
    return TRUE;

  alm_cli_usage (command, "--at wants a day such as 2026-11-23");

  return FALSE;
}

gboolean
alm_cli_choice_set_filter (AlmCliChoice *self,
                           const char   *place,
                           const char   *where,
                           GPtrArray    *models)
{
  g_autofree char *reason = NULL;

  if (where == NULL)
    return TRUE;

  self->filter = alm_filter_parse (where, ALM_FILTER_NONE, &reason);
  for (guint i = 0; self->filter != NULL && i < models->len; i++)
    if (!alm_filter_check (self->filter, models->pdata[i], &reason))
      g_clear_pointer (&self->filter, alm_filter_free);
  if (self->filter == NULL)
    {
      alm_cli_fail (place, "--where: %s", reason != NULL ? reason : "not understood");
      return FALSE;
    }

  return TRUE;
}

void
alm_cli_choice_clear (AlmCliChoice *self)
{
  g_clear_pointer (&self->filter, alm_filter_free);
}

/* Alive on the day: begun on it or before, not ended before it. */
static gboolean
is_alive (const AlmModel *model,
          const AlmValue *fields,
          gint64          day)
{
  const AlmField *start = alm_model_find_role (model, ALM_ROLE_START);
  const AlmField *end = alm_model_find_role (model, ALM_ROLE_END);
  const char *began = start != NULL ? alm_value_get_text_of (fields, start->name) : NULL;
  const char *ended = end != NULL ? alm_value_get_text_of (fields, end->name) : NULL;
  gint64 first, last;

  if (began != NULL && alm_edtf_bounds (began, &first, &last) && first > day)
    return FALSE;

  return ended == NULL || !alm_edtf_bounds (ended, &first, &last) || last >= day;
}

gboolean
alm_cli_choice_takes (const AlmCliChoice *self,
                      const AlmModel     *model,
                      const AlmValue     *fields)
{
  if (self->has_day && !is_alive (model, fields, self->day))
    return FALSE;

  return self->filter == NULL || alm_filter_match (self->filter, fields);
}

static gboolean
take_city (const AlmRow  *row,
           gpointer       user_data,
           GError       **error)
{
  const char *crs = alm_value_get_text_of (row->fields, "crs");
  int epsg = crs != NULL && g_str_has_prefix (crs, "EPSG:")
             ? (int) g_ascii_strtoll (crs + 5, NULL, 10) : 0;

  if (alm_utm_is_system (epsg))
    *(int *) user_data = epsg;

  return TRUE;
}

int
alm_cli_find_city_crs (AlmDesk *desk)
{
  int crs = ALM_GEO_CRS_DEFAULT;

  alm_desk_each (desk, NULL, "city", FALSE, take_city, &crs, NULL);

  return crs;
}
