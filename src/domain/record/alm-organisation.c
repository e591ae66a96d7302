/* SPDX-License-Identifier: EUPL-1.2 */

/* The city's organisation, put together from the records of kind `unit` and `scope`.
 * Pure; any thread.
 *
 * Invariant: each unit and each scope is listed once, whatever the records say of who
 * belongs to whom. */

#include "config.h"

#include "alm-organisation.h"

#include <string.h>

typedef struct
{
  GPtrArray  *units;
  GPtrArray  *scopes;
  GHashTable *done;       /* names of units that are listed */
  GPtrArray  *places;
} Listing;

void
alm_organisation_place_free (AlmOrganisationPlace *self)
{
  g_free (self->pattern);
  g_free (self->title);
  g_free (self);
}

/* @pattern: (transfer full) */
static void
add_place (Listing    *listing,
           char       *pattern,
           const char *title,
           guint       depth,
           gboolean    unit)
{
  AlmOrganisationPlace *place = g_new0 (AlmOrganisationPlace, 1);

  place->pattern = pattern;
  place->title = g_strdup (title);
  place->depth = depth;
  place->unit = unit;
  g_ptr_array_add (listing->places, place);
}

static const char *
title_of (const AlmValue *fields,
          const char     *name)
{
  const char *title = alm_value_get_text_of (fields, "title");

  return title != NULL && *title != '\0' ? title : name;
}

static gboolean
belongs_to (const char *path,
            const char *unit)
{
  gsize length = strlen (unit);

  return strncmp (path, unit, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static AlmValue *
find_unit (Listing    *listing,
           const char *name)
{
  for (guint i = 0; i < listing->units->len; i++)
    if (g_strcmp0 (alm_value_get_text_of (listing->units->pdata[i], "name"), name) == 0)
      return listing->units->pdata[i];

  return NULL;
}

/* A unit, its scopes, and then what belongs to it. */
static void
add_unit (Listing    *listing,
          const char *name,
          const char *title,
          guint       depth)
{
  if (!g_hash_table_add (listing->done, (gpointer) name))
    return;

  add_place (listing, g_strconcat (name, "/*", NULL), title, depth, TRUE);
  for (guint i = 0; i < listing->scopes->len; i++)
    {
      const char *path = alm_value_get_text_of (listing->scopes->pdata[i], "path");

      if (path != NULL && belongs_to (path, name))
        add_place (listing, g_strdup (path), title_of (listing->scopes->pdata[i], path), depth + 1,
                   FALSE);
    }
  for (guint i = 0; i < listing->units->len; i++)
    {
      const AlmValue *unit = listing->units->pdata[i];
      const char *child = alm_value_get_text_of (unit, "name");

      if (child != NULL && g_strcmp0 (alm_value_get_text_of (unit, "parent"), name) == 0)
        add_unit (listing, child, title_of (unit, child), depth + 1);
    }
}

/* Scopes whose unit has no record of its own. */
static void
add_others (Listing *listing)
{
  for (guint i = 0; i < listing->scopes->len; i++)
    {
      const char *path = alm_value_get_text_of (listing->scopes->pdata[i], "path");
      g_auto (GStrv) steps = path != NULL ? g_strsplit (path, "/", 2) : NULL;

      if (steps != NULL && !g_hash_table_contains (listing->done, steps[0]))
        {
          /* Borrowed by the table for as long as the listing takes. */
          const char *name = g_intern_string (steps[0]);

          add_unit (listing, name, name, 1);
        }
    }
}

static int
compare_titles (gconstpointer a,
                gconstpointer b)
{
  const AlmValue *left = *(AlmValue *const *) a;
  const AlmValue *right = *(AlmValue *const *) b;
  g_autofree char *left_key = g_utf8_collate_key (title_of (left, ""), -1);
  g_autofree char *right_key = g_utf8_collate_key (title_of (right, ""), -1);

  return strcmp (left_key, right_key);
}

GPtrArray *
alm_organisation_list (GPtrArray *units,
                       GPtrArray *scopes)
{
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
  Listing listing = { units, scopes, done, NULL };

  g_ptr_array_sort (units, compare_titles);
  g_ptr_array_sort (scopes, compare_titles);
  listing.places =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_organisation_place_free);
  add_place (&listing, g_strdup ("*"), "", 0, TRUE);

  /* At first what belongs to nobody, then what is left of circles. */
  for (int round = 0; round < 2; round++)
    for (guint i = 0; i < units->len; i++)
      {
        const char *name = alm_value_get_text_of (units->pdata[i], "name");
        const char *parent = alm_value_get_text_of (units->pdata[i], "parent");

        if (name != NULL && (round == 1 || parent == NULL || find_unit (&listing, parent) == NULL))
          add_unit (&listing, name, title_of (units->pdata[i], name), 1);
      }
  add_others (&listing);

  return listing.places;
}

const AlmOrganisationPlace *
alm_organisation_find (GPtrArray  *places,
                       const char *pattern)
{
  for (guint i = 0; i < places->len; i++)
    {
      const AlmOrganisationPlace *place = places->pdata[i];

      if (g_strcmp0 (place->pattern, pattern) == 0)
        return place;
    }

  return NULL;
}
