/* SPDX-License-Identifier: EUPL-1.2 */

/* A body of /v1/push is taken whole or refused with a reason; what is taken has
 * an answer to give for each of its lines. */

#include "config.h"

#include "alm-hub-core.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/push");
  g_autoptr (AlmHubPush) push = NULL;
  AlmHubReply *refusal = NULL;

  request->body = g_bytes_new_static (data, size);
  push = alm_hub_push_parse (request, &refusal);
  g_assert ((push == NULL) == (refusal != NULL));
  if (push != NULL)
    {
      g_assert (alm_hub_push_size (push) <= ALM_HUB_COMMANDS_MAX);
      return 0;
    }

  g_assert (refusal->status == 400 || refusal->status == 413);
  g_assert (g_utf8_validate (refusal->body->str, (gssize) refusal->body->len, NULL));
  alm_hub_reply_free (refusal);

  return 0;
}
