/* SPDX-License-Identifier: EUPL-1.2 */

/* What a desk is told of what it may change, so that it can say at once what the
 * server would refuse.  Reading goes by scope and class alone: to choose records by
 * their place would make a first copy take minutes. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-json.h"

#include <string.h>

/* What may be changed does not change what is read, so it is no part of a scope's
 * grant; but the desk should hear of it. */
void
alm_hub_areas_add (GString           *text,
                   const AlmHubActor *actor,
                   const char        *scope)
{
  for (guint i = 0; i < actor->grants->len; i++)
    {
      const AlmHubGrant *grant = actor->grants->pdata[i];
      guint writes = alm_hub_grant_writes (grant, scope, actor->now_us);

      if (writes != 0 && grant->area != NULL)
        g_string_append_printf (text, "%s %u %" G_GINT64_MODIFIER "x ", grant->role, writes,
                                alm_hash_64 (grant->area, strlen (grant->area)));
    }
}

/* An area that many scopes share is sent once. */
static guint
number_of_area (AlmValue   *areas,
                const char *text)
{
  g_autoptr (AlmValue) area = alm_json_parse (text, -1, NULL, NULL);

  for (guint i = 0; i < alm_value_get_size (areas); i++)
    if (alm_value_equal (alm_value_get_item (areas, i), area))
      return i;
  alm_value_append (areas, g_steal_pointer (&area));

  return alm_value_get_size (areas) - 1;
}

/* What may be written of a scope: "writes", whatever lies wherever; "areas", what lies in
 * the area with that number in the answer's list. */
void
alm_hub_areas_describe (const AlmHubActor *actor,
                        const char        *scope,
                        AlmValue          *said,
                        AlmValue          *areas)
{
  AlmValue *list = alm_value_new_list ();
  guint everywhere = 0;

  for (guint i = 0; i < actor->grants->len; i++)
    {
      const AlmHubGrant *grant = actor->grants->pdata[i];
      guint writes = alm_hub_grant_writes (grant, scope, actor->now_us);
      AlmValue *limited;

      if (grant->area == NULL)
        everywhere |= writes;
      if (writes == 0 || grant->area == NULL)
        continue;
      limited = alm_value_new_object ();
      alm_value_set (limited, "classes", alm_class_to_names (writes));
      alm_value_set_integer (limited, "area", number_of_area (areas, grant->area));
      alm_value_append (list, limited);
    }
  alm_value_set (said, "writes", alm_class_to_names (everywhere));
  alm_value_set (said, "areas", list);
}
