/* SPDX-License-Identifier: EUPL-1.2 */

/* Roles, places, terms and what the audit trail says, in words.  Pure. */

#include "config.h"

#include "alm-admin-text.h"

#include "alm-date-text.h"

#include <glib/gi18n.h>
#include <string.h>

static const AlmAdminRole roles[] = {
  { "reader", N_("Read"), N_("Sees the data and changes nothing.") },
  { "editor", N_("Edit"), N_("Adds, changes and deletes objects, and decides conflicts.") },
  { "reviewer", N_("Review"), N_("Edits, and releases what others have prepared.") },
  { "steward", N_("Be responsible"),
    N_("Edits and releases, confirms large deletions and says who may share the data.") },
  { "manager", N_("Manage"), N_("Adds people and gives rights. Sees no data by that.") },
  { "auditor", N_("Audit"), N_("Reads the audit trail and erases what must not stay.") },
  { "operator", N_("Run the server"), N_("Looks after the server. Sees no data by that.") },
  { "privacy", N_("Protect privacy"), N_("Decides what may be told of people.") },
  { "statistics", N_("Statistics"), N_("Works with figures that are not public.") },
  { "security", N_("Security"), N_("Decides what must stay secret for safety’s sake.") },
  { "board", N_("Lead"), N_("Decides what the city publishes.") },
  { "gateway", N_("Hand over"), N_("A program that brings data in.") },
};

gboolean
alm_admin_text_get_role (guint         index,
                         AlmAdminRole *role)
{
  if (index >= G_N_ELEMENTS (roles))
    return FALSE;

  role->role = roles[index].role;
  role->title = _(roles[index].title);
  role->detail = _(roles[index].detail);

  return TRUE;
}

const char *
alm_admin_text_role (const char *role)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_strcmp0 (roles[i].role, role) == 0)
      return _(roles[i].title);

  return role != NULL ? role : "";
}

/* The unit that a scope belongs to, by its first segment. */
static const AlmOrganisationPlace *
find_owner (GPtrArray  *places,
            const char *scope)
{
  g_auto (GStrv) steps = g_strsplit (scope, "/", 2);
  g_autofree char *pattern = g_strconcat (steps[0] != NULL ? steps[0] : "", "/*", NULL);

  return alm_organisation_find (places, pattern);
}

char *
alm_admin_text_place (GPtrArray  *places,
                      const char *pattern)
{
  const AlmOrganisationPlace *place =
    places != NULL ? alm_organisation_find (places, pattern) : NULL;
  const AlmOrganisationPlace *owner;

  if (g_strcmp0 (pattern, "*") == 0)
    return g_strdup (_("The whole city"));
  if (g_strcmp0 (pattern, "system") == 0)
    return g_strdup (_("How the city is set up: kinds, areas, units"));
  if (place == NULL)
    return g_strdup (pattern != NULL ? pattern : "");
  if (place->unit)
    /* Translators: %s is a unit: "Stadtwerke". */
    return g_strdup_printf (_("Everything of %s"), place->title);

  owner = find_owner (places, pattern);
  if (owner == NULL)
    return g_strdup (place->title);

  /* Translators: an area and its unit: "Trees (Kommunalservice)" */
  return g_strdup_printf (_("%s (%s)"), place->title, owner->title);
}

static void
add_part (GString    *out,
          const char *text)
{
  g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", text);
}

static gboolean
has_class (const AlmValue *classes,
           const char     *name)
{
  for (guint i = 0; i < alm_value_get_size (classes); i++)
    if (g_strcmp0 (alm_value_get_text (alm_value_get_item (classes, i)), name) == 0)
      return TRUE;

  return FALSE;
}

/* The day of @moment as people write it.  @last: the day before, because a period
 * ends when the next day begins. */
static char *
show_day (const char *moment,
          gboolean    last)
{
  g_autoptr (GDateTime) parsed = g_date_time_new_from_iso8601 (moment, NULL);
  g_autoptr (GDateTime) day = NULL;
  g_autofree char *text = NULL;

  if (parsed == NULL)
    return g_strdup (moment);
  day = g_date_time_add_seconds (parsed, last ? -1 : 0);
  text = g_date_time_format (day, "%Y-%m-%d");

  return alm_date_text_show_day (text);
}

char *
alm_admin_text_terms (const AlmValue *grant)
{
  const AlmValue *classes = alm_value_get (grant, "classes");
  const char *from = alm_value_get_text_of (grant, "from");
  const char *until = alm_value_get_text_of (grant, "until");
  GString *out = g_string_new (NULL);

  if (classes != NULL && !has_class (classes, "internal"))
    add_part (out, _("only public fields"));
  if (has_class (classes, "confidential"))
    add_part (out, _("confidential fields too"));
  if (has_class (classes, "personal"))
    add_part (out, _("personal fields too"));
  if (from != NULL)
    {
      g_autofree char *day = show_day (from, FALSE);
      g_autofree char *text = g_strdup_printf (_("from %s"), day);

      add_part (out, text);
    }
  if (until != NULL)
    {
      g_autofree char *day = show_day (until, TRUE);
      g_autofree char *text = g_strdup_printf (_("until %s"), day);

      add_part (out, text);
    }

  return g_string_free (out, FALSE);
}

/* about: the member that says whom or what it is about */
typedef struct
{
  const char *action;
  const char *about;
  const char *text;
} Action;

/* One of a newer server has no text. */
static const Action *
find_action (const char *action)
{
  static const Action actions[] = {
    { "login", "actor", N_("%s signed in") },
    { "login-failed", "subject", N_("Somebody tried to sign in as %s and could not") },
    { "logout", "actor", N_("%s signed out") },
    { "user-add", "subject", N_("%s was added") },
    { "user-change", "subject", N_("The account of %s was changed") },
    { "grants", "subject", N_("The rights of %s were changed") },
    { "desk-revoke", "detail", N_("A workplace of %s was signed out") },
    { "desk-lost", "detail", N_("A workplace of %s was reported as lost") },
    { "desk-wiped", "actor", N_("A lost workplace of %s has deleted everything") },
    { "desk-fork", "actor", N_("A workplace of %s is a copy of another") },
    { "erase", "subject", N_("%s was erased") },
    { "erase-confirmed", "subject", N_("A workplace has erased %s, too") },
    { "init", "subject", N_("The server was set up (%s)") },
    { "restore", "subject", N_("The server was restored from a backup (%s)") },
    { "backup", "subject", N_("A backup was made (%s)") },
    { "mass-delete", "subject", N_("A large deletion was confirmed (%s)") },
    { "model", "subject", N_("The kind %s was changed") },
  };
  static const Action other = { NULL, "subject", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_strcmp0 (actions[i].action, action) == 0)
      return &actions[i];

  return &other;
}

char *
alm_admin_text_action (const AlmValue *line)
{
  const char *told = alm_value_get_text_of (line, "action");
  const Action *action = find_action (told);
  const char *name = alm_value_get_text_of (line, action->about);
  GString *text;

  if (action->text == NULL)
    return g_strdup_printf ("%s %s", told != NULL ? told : "", name != NULL ? name : "");

  text = g_string_new (_(action->text));
  g_string_replace (text, "%s", name != NULL ? name : "", 1);

  return g_string_free (text, FALSE);
}

/* As the server keeps it: "editor ksj/baeume (area), reader *". */
static char *
say_grants (const char *told)
{
  g_auto (GStrv) grants = g_strsplit (told, ", ", 0);
  GString *text = g_string_new (NULL);

  for (char **grant = grants; *grant != NULL; grant++)
    {
      const char *space = strchr (*grant, ' ');
      g_autofree char *role = space != NULL ? g_strndup (*grant, (gsize) (space - *grant)) : NULL;
      g_autofree char *place = space != NULL ? alm_admin_text_place (NULL, space + 1) : NULL;
      g_autofree char *both = space != NULL
        ? g_strdup_printf ("%s: %s", alm_admin_text_role (role), place) : g_strdup (*grant);

      add_part (text, both);
    }

  return g_string_free (text, FALSE);
}

char *
alm_admin_text_detail (const AlmValue *line)
{
  const char *action = alm_value_get_text_of (line, "action");
  const char *detail = alm_value_get_text_of (line, "detail");

  if (detail == NULL || g_strcmp0 (find_action (action)->about, "detail") == 0)
    return g_strdup ("");

  return g_strcmp0 (action, "grants") == 0 && *detail != '\0' ? say_grants (detail)
                                                              : g_strdup (detail);
}
