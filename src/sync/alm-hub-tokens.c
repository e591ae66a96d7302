/* SPDX-License-Identifier: EUPL-1.2 */

/* Tokens follow one another: one that is a day old is given a successor with hello.
 *
 * Invariants:
 *   1. A token is valid until its successor has been used for a hello; so an answer
 *      that is lost, or a desk that dies before it has stored the new one, signs
 *      nobody out.
 *   2. After that it lives on for as long as a request with it may be under way, and
 *      no longer: a copy of it is worth nothing. */

#include "config.h"

#include "alm-hub-core-private.h"

#define ROTATE_US G_TIME_SPAN_DAY
#define GRACE_US  (10 * G_TIME_SPAN_MINUTE)

/* Part of hello.  *token: (transfer full) (nullable): the successor, if @asked can keep one. */
gboolean
alm_hub_rotate_token (AlmHubCore         *self,
                      const AlmHubActor  *actor,
                      const AlmValue     *asked,
                      char              **token,
                      GError            **error)
{
  const AlmHubToken *kept = &actor->kept;
  gint64 age_us = actor->now_us - kept->since_us;
  gint64 expires_us;

  *token = NULL;
  if (kept->has_before
      && !self->store->api->retire_token (self->store, actor->token, kept,
                                          actor->now_us + GRACE_US, error))
    return FALSE;
  /* A clock that was set back makes no token young for ever. */
  if (kept->retired || !alm_value_get_boolean_of (asked, "rotate", FALSE)
      || (age_us >= 0 && age_us < ROTATE_US))
    return TRUE;

  *token = alm_hub_core_new_token (self, &actor->desk, actor->user, actor->token, &expires_us,
                                   error);

  return *token != NULL;
}
