/* SPDX-License-Identifier: EUPL-1.2 */

/* A push: its body checked whole before anything of it is done, then all that
 * is waiting in one transaction.
 *
 * Invariants:
 *   1. A reply is filled in only after the commit, or says that nothing of the
 *      request was applied.
 *   2. One effect per (desk, n): a known n with the same cid gets the stored
 *      line again, byte for byte.
 *   3. Each command gets an answer; a refused one never stops the next.
 * Parsing is pure and may run on any thread. */

#include "config.h"

#include "alm-format-error.h"
#include "alm-hub-core-private.h"
#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

static void
line_free (AlmHubLine *self)
{
  g_clear_pointer (&self->command, alm_command_free);
  g_free (self->cid);
  alm_hub_refusal_clear (&self->refusal);
  g_free (self);
}

void
alm_hub_push_free (AlmHubPush *self)
{
  g_free (self->authorization);
  g_free (self->epoch);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

/* How many commands it holds. */
guint
alm_hub_push_size (const AlmHubPush *self)
{
  return self->lines->len;
}

static gboolean
bad_line (AlmHubReply **refusal,
          guint         number,
          const char   *reason)
{
  *refusal = alm_hub_reply_problem (400, "bad-request", "Line %u: %s", number, reason);

  return FALSE;
}

static gboolean
parse_head (AlmHubPush      *self,
            const AlmValue  *head,
            AlmHubReply    **refusal)
{
  const char *epoch = alm_value_get_text_of (head, "epoch");

  if (!alm_id_parse (&self->desk, alm_value_get_text_of (head, "desk")))
    return bad_line (refusal, 1, "\"desk\" is no UUID");
  if (epoch == NULL)
    return bad_line (refusal, 1, "\"epoch\" is missing");
  self->epoch = g_strdup (epoch);
  self->first = alm_value_get_integer_of (head, "first", 0);
  if (self->first < 1)
    return bad_line (refusal, 1, "\"first\" is no whole number from 1");

  return TRUE;
}

static gboolean
is_cid (const char *text)
{
  return text != NULL && strlen (text) == 16 && strspn (text, "0123456789abcdef") == 16;
}

static const char *
code_of_flaw (const AlmJsonFlaw *flaw)
{
  if (flaw->code == ALM_FORMAT_ERROR_BAD_TEXT)
    return "bad-text";

  return flaw->code == ALM_FORMAT_ERROR_TOO_LARGE ? "too-large" : "bad-value";
}

/* A line that is a command, sound or to be refused, of the right number. */
static gboolean
parse_command (AlmHubPush         *self,
               const AlmValue     *value,
               const AlmJsonFlaw  *flaw,
               gsize               length,
               guint               number,
               AlmHubReply       **refusal)
{
  const char *cid = alm_value_get_text_of (value, "cid");
  gint64 n = alm_value_get_integer_of (value, "n", 0);
  g_autofree char *reason = NULL;
  const char *code = NULL;
  AlmHubLine *line;

  if (n != self->first + self->lines->len)
    return bad_line (refusal, number, "\"n\" is not the next number");
  if (!is_cid (cid))
    return bad_line (refusal, number, "\"cid\" is not 16 hex digits");

  line = g_new0 (AlmHubLine, 1);
  g_ptr_array_add (self->lines, line);
  line->n = n;
  line->cid = g_strdup (cid);
  line->length = length;
  if (flaw->code != 0)
    {
      alm_hub_refuse (&line->refusal, code_of_flaw (flaw), "%s: %s", flaw->path, flaw->reason);
      return TRUE;
    }

  line->command = alm_command_from_value (value, &code, &reason);
  if (line->command == NULL)
    alm_hub_refuse (&line->refusal, code, "%s", reason);

  return TRUE;
}

static gboolean
parse_line (AlmHubPush   *self,
            const char   *text,
            gsize         length,
            guint         number,
            AlmHubReply **refusal)
{
  g_auto (AlmJsonFlaw) flaw = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) value = alm_json_parse (text, (gssize) length, &flaw, &error);

  if (value == NULL)
    return bad_line (refusal, number, error->message);
  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    return bad_line (refusal, number, "no JSON object");

  if (number == 1)
    return parse_head (self, value, refusal);
  if (self->lines->len >= ALM_HUB_COMMANDS_MAX)
    {
      *refusal = alm_hub_reply_problem (413, "too-large", "More than %d commands",
                                        ALM_HUB_COMMANDS_MAX);
      return FALSE;
    }

  return parse_command (self, value, &flaw, length, number, refusal);
}

/* The whole body, or NULL and why not: then nothing of it may be applied. */
AlmHubPush *
alm_hub_push_parse (const AlmHubRequest  *request,
                    AlmHubReply         **refusal)
{
  g_autoptr (AlmHubPush) self = g_new0 (AlmHubPush, 1);
  const char *at = NULL;
  const char *end;
  guint number = 0;
  gsize size = 0;

  self->authorization = g_strdup (request->authorization);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  if (request->body != NULL)
    at = g_bytes_get_data (request->body, &size);
  if (size > ALM_HUB_BODY_MAX)
    {
      *refusal = alm_hub_reply_problem (413, "too-large", "The body is over 8 MiB");
      return NULL;
    }

  for (end = at + size; at < end; number++)
    {
      const char *stop = memchr (at, '\n', (gsize) (end - at));
      gsize length = (gsize) ((stop != NULL ? stop : end) - at);

      if (!parse_line (self, at, length, number + 1, refusal))
        return NULL;
      at += length + 1;
    }

  if (number == 0)
    {
      bad_line (refusal, 1, "the body is empty");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* A problem that names a number. */
static AlmHubReply *
problem_with (guint       status,
              const char *code,
              const char *detail,
              const char *name,
              gint64      number)
{
  g_autoptr (AlmValue) value = alm_value_new_object ();
  AlmHubReply *reply = alm_hub_reply_new (status, "application/problem+json");

  alm_value_set_integer (value, "status", status);
  alm_value_set_text (value, "code", code);
  alm_value_set_text (value, "detail", detail);
  alm_value_set_integer (value, name, number);
  alm_hub_reply_say (reply, value);

  return reply;
}

/* Whether the request as a whole can be taken; FALSE with a reply or an error. */
static gboolean
check_push (AlmHubCore         *self,
            const AlmHubPush   *push,
            const AlmHubActor  *actor,
            AlmHubDesk        **desk,
            AlmHubReply       **reply,
            GError            **error)
{
  if (actor->lost)
    {
      *reply = alm_hub_core_say_lost (self, actor, error);
      return FALSE;
    }
  if (actor->user == NULL)
    {
      *reply = alm_hub_reply_problem (401, "login-needed", "The token is unknown or has ended");
      return FALSE;
    }
  if (!alm_id_equal (&push->desk, &actor->desk))
    {
      *reply = alm_hub_reply_problem (403, "wrong-desk", "The token is another desk's");
      return FALSE;
    }
  if (strcmp (push->epoch, self->epoch) != 0)
    {
      *reply = alm_hub_reply_problem (409, "epoch", "The server is in epoch %s", self->epoch);
      return FALSE;
    }
  if (!self->store->api->get_desk (self->store, &push->desk, desk, error))
    return FALSE;
  if (*desk == NULL)
    {
      *reply = alm_hub_reply_problem (403, "wrong-desk", "The desk is not known");
      return FALSE;
    }
  if (push->first > (*desk)->last_n + 1)
    {
      *reply = problem_with (409, "gap", "Commands before these have not arrived", "next",
                             (*desk)->last_n + 1);
      return FALSE;
    }

  return TRUE;
}

/* The answers to what has been answered before; a known number with another
 * cid is another profile that claims to be this desk. */
static gboolean
repeat_outcomes (AlmHubCore        *self,
                 const AlmHubPush  *push,
                 const AlmHubDesk  *desk,
                 GString           *said,
                 AlmHubReply      **reply,
                 GError           **error)
{
  for (guint i = 0; i < push->lines->len; i++)
    {
      const AlmHubLine *line = push->lines->pdata[i];
      g_autofree char *cid = NULL;
      g_autofree char *outcome = NULL;

      if (line->n > desk->last_n)
        return TRUE;
      if (!self->store->api->get_outcome (self->store, &push->desk, line->n, &cid, &outcome,
                                          error))
        return FALSE;
      if (g_strcmp0 (cid, line->cid) != 0)
        {
          char text[ALM_ID_TEXT_SIZE];

          alm_id_print (&push->desk, text);
          *reply = problem_with (409, "desk-forked", "A command with this number is another one"
                                 " here", "n", line->n);
          if (!alm_hub_core_audit (self, desk->user, "desk-fork", text, "", error))
            g_clear_pointer (reply, alm_hub_reply_free);
          return FALSE;
        }
      g_string_append (said, outcome);
      g_string_append_c (said, '\n');
    }

  return TRUE;
}

static gboolean
apply_lines (AlmHubSession     *session,
             const AlmHubPush  *push,
             AlmHubDesk        *desk,
             GString           *said,
             GError           **error)
{
  AlmServerStore *store = session->core->store;
  gint64 last_n = desk->last_n;

  for (guint i = 0; i < push->lines->len; i++)
    {
      const AlmHubLine *line = push->lines->pdata[i];
      g_autofree char *outcome = NULL;

      if (line->n <= last_n - ALM_PLANTED ("applied-twice"))
        continue;
      if (ALM_PLANTED ("refusal-spreads") && strstr (said->str, "\"refused\"") != NULL)
        outcome = g_strdup_printf ("{\"code\":\"forbidden\",\"n\":%" G_GINT64_FORMAT
                                   ",\"r\":\"refused\"}", line->n);
      else if (!alm_hub_apply (session, line, &outcome, error))
        return FALSE;
      if (!ALM_PLANTED ("outcome-unkept")
          && !store->api->put_outcome (store, &push->desk, line->n, line->cid, outcome, error))
        return FALSE;
      g_string_append (said, outcome);
      g_string_append_c (said, '\n');
      desk->last_n = line->n;
    }

  if (desk->last_n == last_n || ALM_PLANTED ("number-unkept"))
    return TRUE;
  desk->seen_us = session->actor->now_us;

  return store->api->put_desk (store, desk, error) && alm_hub_session_finish (session, error);
}

/* One push inside the transaction; NULL with an error if all of it must be rolled back. */
static AlmHubReply *
take_push (AlmHubCore        *self,
           const AlmHubPush  *push,
           GPtrArray         *changed,
           GPtrArray         *erased,
           GError           **error)
{
  g_auto (AlmHubActor) actor = { 0 };
  g_auto (AlmHubSession) session = { .core = self, .actor = &actor, .server_n = -1 };
  g_autoptr (AlmHubReply) reply = NULL;
  g_autoptr (AlmHubDesk) desk = NULL;
  AlmHubReply *refusal = NULL;

  session.changed = g_ptr_array_ref (changed);
  session.erased = g_ptr_array_ref (erased);
  session.tallies = g_array_new (FALSE, FALSE, sizeof (AlmHubTally));
  reply = alm_hub_reply_new (200, "application/x-ndjson");
  if (!alm_hub_core_make_ready (self, error)
      || !alm_hub_core_identify (self, push->authorization, &actor, error)
      || !check_push (self, push, &actor, &desk, &refusal, error)
      || !repeat_outcomes (self, push, desk, reply->body, &refusal, error)
      || !apply_lines (&session, push, desk, reply->body, error))
    return refusal;

  g_string_append_printf (reply->body, "{\"next\":%" G_GINT64_FORMAT "}\n", desk->last_n + 1);

  return g_steal_pointer (&reply);
}

/* All or nothing of all of them; what is refused in them is an answer too. */
static gboolean
take_all (AlmHubCore   *self,
          AlmHubPush  **pushes,
          guint         n_pushes,
          AlmHubReply **replies,
          GPtrArray    *changed,
          GPtrArray    *erased,
          GError      **error)
{
  AlmServerStore *store = self->store;
  const AlmHubOptions *options = &self->options;

  if (!store->api->begin (store, TRUE, error))
    return FALSE;

  for (guint i = 0; i < n_pushes; i++)
    {
      replies[i] = take_push (self, pushes[i], changed, erased, error);
      if (replies[i] == NULL)
        {
          store->api->rollback (store);
          return FALSE;
        }
    }

  /* First the list: what stands only there is erased once more by a restore, what stands
   * only in the database would come back with an old backup. */
  if (erased->len > 0 && options->keep_erased != NULL
      && !options->keep_erased (options->erased_path, erased, error))
    {
      store->api->rollback (store);
      return FALSE;
    }

  return store->api->commit (store, error) || ALM_PLANTED ("answer-before-commit");
}

void
alm_hub_core_push (AlmHubCore   *self,
                   AlmHubPush  **pushes,
                   guint         n_pushes,
                   AlmHubReply **replies)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) erased = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  memset (replies, 0, n_pushes * sizeof *replies);
  if (n_pushes == 0)
    return;
  if (take_all (self, pushes, n_pushes, replies, changed, erased, &error))
    {
      replies[0]->erased = erased->len > 0;
      if (changed->len > 0)
        replies[0]->changed = g_steal_pointer (&changed);
      return;
    }

  alm_hub_city_forget (self);
  for (guint i = 0; i < n_pushes; i++)
    {
      g_clear_pointer (&replies[i], alm_hub_reply_free);
      replies[i] = alm_hub_core_failed (self, error);
      replies[i]->fatal = alm_hub_core_is_fatal (error);
    }
}
