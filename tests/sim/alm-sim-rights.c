/* SPDX-License-Identifier: EUPL-1.2 */

/* Rights that come and go in the middle of everything, and what follows from
 * them, said once more and by other means than the product's: who may write what,
 * who may see what.  One thread. */

#include "config.h"

#include "alm-sim-private.h"

#include <string.h>

#define RETRY (500 * MILLI)

static const struct {
  const char *grant;     /* without its braces */
  const char *role;
  guint       classes;
} rights[] = {
  [ALM_SIM_NOTHING] = { NULL, NULL, 0 },
  [ALM_SIM_READER] = { "\"role\":\"reader\",\"scope\":\"ksj/*\"", "reader",
                       ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL },
  [ALM_SIM_EDITOR] = { "\"role\":\"editor\",\"scope\":\"ksj/*\"", "editor",
                       ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL },
  [ALM_SIM_KEEPER] = { "\"role\":\"editor\",\"scope\":\"" ALM_SIM_SCOPE "\",\"classes\":"
                       "[\"public\",\"internal\",\"confidential\",\"personal\"]", "editor",
                       ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL | ALM_CLASS_CONFIDENTIAL
                       | ALM_CLASS_PERSONAL },
};

static gint64
hub_now (AlmSimWorld *self)
{
  return self->time_us + self->hub_clock.offset_us;
}

/* What the desk's user may do at the server now. */
AlmSimRight
alm_sim_right (AlmSimWorld *self,
               guint        number)
{
  const AlmSimDesk *node = &self->desks[number];

  return node->until_us != 0 && hub_now (self) >= node->until_us ? ALM_SIM_NOTHING : node->right;
}

guint
alm_sim_classes (AlmSimWorld *self,
                 guint        number)
{
  return rights[alm_sim_right (self, number)].classes;
}

gboolean
alm_sim_may_read (AlmSimWorld *self,
                  guint        number)
{
  return alm_sim_right (self, number) != ALM_SIM_NOTHING;
}

static gboolean
may_write (AlmSimWorld *self,
           guint        number)
{
  return alm_sim_right (self, number) >= ALM_SIM_EDITOR;
}

/* 0: everybody's */
guint
alm_sim_class_of (const char *field)
{
  if (g_strcmp0 (field, "c") == 0)
    return ALM_CLASS_CONFIDENTIAL;

  return g_strcmp0 (field, "p") == 0 ? ALM_CLASS_PERSONAL : 0;
}

/* Granting */

void
alm_sim_plan_rights (AlmSimWorld *self)
{
  static const AlmSimRight given[] = { ALM_SIM_NOTHING, ALM_SIM_READER, ALM_SIM_EDITOR,
                                       ALM_SIM_EDITOR, ALM_SIM_KEEPER, ALM_SIM_KEEPER };
  guint n = alm_sim_below (self, 2) == 0 ? 1 + alm_sim_below (self, 5) : 0;
  guint often = alm_sim_below (self, self->n_desks);

  for (guint i = 0; i < n; i++)
    {
      guint whose = i == 0 || alm_sim_below (self, 2) == 0 ? often
                                                           : alm_sim_below (self, self->n_desks);
      gint64 when = (300 + alm_sim_below (self, TROUBLE_S * 1000 / (i == 0 ? 4 : 1))) * MILLI;
      AlmSimEvent *event = alm_sim_add_event (self, EVENT_GRANT, when, whose);

      /* Somebody is just at it. */
      alm_sim_add_event (self, EVENT_EDIT, when - alm_sim_below (self, 300) * MILLI, whose);
      event->right = i == 0 ? ALM_SIM_KEEPER : given[alm_sim_below (self, G_N_ELEMENTS (given))];
      event->for_us = alm_sim_below (self, 5) == 0 ? (1 + alm_sim_below (self, 20)) * SECOND : 0;
    }
}

static char *
make_grants (AlmSimRight right,
             gint64      until_us)
{
  g_autofree char *until = until_us != 0 ? alm_clock_format (until_us) : NULL;

  if (right == ALM_SIM_NOTHING)
    return g_strdup ("{\"grants\":[]}");
  if (until == NULL)
    return g_strdup_printf ("{\"grants\":[{%s}]}", rights[right].grant);

  return g_strdup_printf ("{\"grants\":[{%s,\"until\":\"%s\"}]}", rights[right].grant, until);
}

static void
grant_later (AlmSimWorld       *self,
             const AlmSimEvent *asked)
{
  AlmSimEvent *again = alm_sim_add_event (self, EVENT_GRANT, RETRY, asked->desk);

  again->right = asked->right;
  again->for_us = asked->for_us;
  again->again = TRUE;
}

static void
granted (AlmSimWorld       *self,
         const AlmSimEvent *asked,
         gint64             until_us)
{
  AlmSimDesk *node = &self->desks[asked->desk];

  node->right = asked->right;
  node->until_us = until_us;
  node->unsure--;
  self->counters.grants++;
  if (until_us != 0)
    self->counters.grants_for_a_time++;
  alm_sim_say (self, "user %u is %s now%s", asked->desk,
               rights[asked->right].role != NULL ? rights[asked->right].role : "nobody",
               until_us != 0 ? ", for a time" : "");
  alm_sim_release_polls (self);
}

/* The manager changes a user's grants, and tries until it is done. */
void
alm_sim_grant (AlmSimWorld       *self,
               const AlmSimEvent *asked)
{
  AlmSimDesk *node = &self->desks[asked->desk];
  g_autofree char *path = g_strdup_printf ("/v1/users/user%u/grants", asked->desk);
  gint64 until_us = 0;
  g_autofree char *body = NULL;

  if (!asked->again)
    node->unsure++;
  if (self->hub == NULL)
    {
      grant_later (self, asked);
      return;
    }

  /* Whole seconds: so much a time in a grant says. */
  if (asked->for_us != 0)
    until_us = (hub_now (self) + asked->for_us) / SECOND * SECOND;
  if (asked->right != ALM_SIM_EDITOR && asked->right != ALM_SIM_KEEPER)
    node->was_limited = TRUE;
  if (until_us != 0)
    node->was_limited = TRUE;
  body = make_grants (asked->right, until_us);
  if (alm_sim_manage (self, "PUT", path, body) == 200)
    granted (self, asked, until_us);
  else
    grant_later (self, asked);
}

/* What follows */

/* What the desk has been told of the scope; NULL: nothing. */
static const AlmDeskScope *
find_told (const GPtrArray *scopes)
{
  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    if (strcmp (((AlmDeskScope *) scopes->pdata[i])->scope, ALM_SIM_SCOPE) == 0)
      return scopes->pdata[i];

  return NULL;
}

/* Does the desk know of the rights that hold now, and for good? */
gboolean
alm_sim_knows_rights (AlmSimWorld *self,
                      guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GPtrArray) scopes = NULL;
  const AlmDeskScope *told;
  AlmSimRight right = alm_sim_right (self, number);

  if (node->unsure > 0 || (node->until_us != 0 && right != ALM_SIM_NOTHING))
    return FALSE;

  scopes = alm_desk_sync_list_scopes (node->desk, NULL);
  told = find_told (scopes);
  if (right == ALM_SIM_NOTHING || told == NULL)
    return scopes != NULL && told == NULL && right == ALM_SIM_NOTHING;

  return alm_value_get_size (told->classes) == (guint) __builtin_popcount (rights[right].classes)
         && g_strcmp0 (alm_value_get_text (alm_value_get_item (told->roles, 0)),
                       rights[right].role) == 0;
}

/* What the desk refuses by itself it has a reason for. */
void
alm_sim_check_local_refusal (AlmSimWorld  *self,
                             guint         number,
                             const GError *error)
{
  /* A mistake that is tried again is seen at once, too. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
      || strstr (error->message, ALM_SIM_STRANGE_SCOPE) != NULL)
    return;

  self->counters.refused_here++;
  /* Every desk begins with rights that leave these two out. */
  if (g_str_has_prefix (error->message, "field 'c'")
      || g_str_has_prefix (error->message, "field 'p'"))
    return;
  if (!self->desks[number].was_limited)
    alm_sim_world_violate (self, "desk %u: may always write, and its desk says: %s", number,
                           error->message);
}

static gboolean
is_code (const char *code,
         const char *codes)
{
  g_auto (GStrv) list = g_strsplit (codes, " ", 0);

  return g_strv_contains ((const char *const *) list, code);
}

/* The first field of @command that its author may not see. */
static const char *
find_hidden_field (const AlmCommand *command,
                   guint             classes)
{
  static const char *const fields[] = { "c", "p" };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (alm_value_get (command->set, fields[i]) != NULL
        && (alm_sim_class_of (fields[i]) & classes) == 0)
      return fields[i];

  return NULL;
}

/* Has somebody made the record, as far as the server has said? */
static gboolean
is_made (AlmSimWorld *self,
         const AlmId *id)
{
  for (guint i = 0; i < self->ledger->len; i++)
    {
      const AlmSimEntry *entry = self->ledger->pdata[i];

      if (entry->result != NULL && strcmp (entry->result, "refused") != 0
          && alm_id_equal (&entry->command->id, id))
        return TRUE;
    }

  return FALSE;
}

/* Who undoes a mistake, or does it over, touches what it touched. */
static const char *
find_mistake (AlmSimWorld      *self,
              const AlmCommand *command)
{
  /* The field of a newer model, or of an older one. */
  if (alm_value_get (command->set, "x") != NULL && (!self->has_x || self->unsure_x))
    return "bad-value forbidden";
  if (alm_value_get (command->set, "r") != NULL)
    return "forbidden bad-value";
  if (alm_value_get (command->set, "z") != NULL
      || g_strcmp0 (alm_value_get_text_of (command->set, "from"), ALM_SIM_NO_DATE) == 0)
    return "bad-value";

  return NULL;
}

/* Why the server may refuse this one; NULL: it may not. */
static const char *
find_cause (AlmSimWorld       *self,
            const AlmSimEntry *entry)
{
  const AlmCommand *command = entry->command;
  g_autofree char *key = alm_sim_key (entry->desk, command->n);
  const char *perhaps = g_hash_table_lookup (self->perhaps, key);
  const char *mistake = g_hash_table_lookup (self->mistakes, key);
  guint classes = alm_sim_classes (self, entry->desk);

  /* It is seen before anything else is. */
  if (g_strcmp0 (mistake, "too-large") == 0)
    return mistake;
  if (!alm_sim_may_read (self, entry->desk))
    return "unknown-record unknown-scope unknown-kind";
  if (!may_write (self, entry->desk))
    return "forbidden unknown-record unknown-scope unknown-kind";
  if (command->op != ALM_OP_NEW && !is_made (self, &command->id))
    return "unknown-record";
  if (mistake == NULL)
    mistake = find_mistake (self, command);
  if (mistake == NULL)
    mistake = perhaps;
  /* It has two faults. */
  if (g_strcmp0 (mistake, "bad-value") == 0 && find_hidden_field (command, classes) != NULL)
    return "bad-value forbidden";
  if (mistake != NULL)
    return mistake;
  if (find_hidden_field (command, classes) != NULL)
    return "forbidden unknown-record";

  return command->op == ALM_OP_RESOLVE && classes != rights[ALM_SIM_KEEPER].classes
         ? "unknown-record" : NULL;
}

/* @entry has been answered for the first time, just now. */
void
alm_sim_check_refusal (AlmSimWorld       *self,
                       const AlmSimEntry *entry,
                       const char        *code)
{
  const AlmCommand *command = entry->command;
  g_autofree char *key = alm_sim_key (entry->desk, command->n);
  gboolean refused = code != NULL;
  const char *cause;

  if (refused)
    {
      self->counters.refused_bad += is_code (code, "bad-value");
      self->counters.refused_large += is_code (code, "too-large");
      self->counters.refused_forbidden += is_code (code, "forbidden");
      self->counters.refused_unknown += g_str_has_prefix (code, "unknown-");
    }

  if (!refused && g_hash_table_contains (self->mistakes, key))
    alm_sim_world_violate (self, "desk %s: a mistake was taken", key);

  /* It may have been decided at another time, under other rights. */
  if (entry->tries != 1 || self->desks[entry->desk].unsure > 0)
    return;

  cause = find_cause (self, entry);
  if (refused && (cause == NULL || !is_code (code, cause)))
    alm_sim_world_violate (self, "desk %s: refused for %s, %s", key, code,
                           cause != NULL ? cause : "without a cause");
  if (!refused && (!may_write (self, entry->desk)
                   || find_hidden_field (command, alm_sim_classes (self, entry->desk)) != NULL))
    alm_sim_world_violate (self, "desk %s: taken without the right to it", key);
}

/* No byte of what a user may not see leaves the server for his desk. */
void
alm_sim_check_wire (AlmSimWorld *self,
                    guint        number,
                    const char  *text)
{
  guint classes = alm_sim_classes (self, number);

  if (self->desks[number].unsure > 0)
    return;
  if ((classes & ALM_CLASS_CONFIDENTIAL) == 0 && strstr (text, ALM_SIM_SECRET) != NULL)
    alm_sim_world_violate (self, "desk %u: was sent what is confidential: %s", number, text);
  if ((classes & ALM_CLASS_PERSONAL) == 0 && strstr (text, ALM_SIM_PRIVATE) != NULL)
    alm_sim_world_violate (self, "desk %u: was sent what is personal: %s", number, text);
}
