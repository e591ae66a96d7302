/* SPDX-License-Identifier: EUPL-1.2 */

/* What a server does once after it came back from a backup: a new epoch.
 *
 * Desks that have seen more than the backup holds tell by it that they are to hand
 * in again what was lost; so it is noted where each scope stood. */

#include "config.h"

#include "alm-hub-core-private.h"

static gboolean
begin_epoch (AlmServerStore  *store,
             AlmClock        *clock,
             const char      *epoch,
             GError         **error)
{
  g_autofree char *server = NULL;
  g_autofree char *before = NULL;
  AlmHubAudit audit = {
    .at_us = alm_clock_now_us (clock), .actor = (char *) ALM_HUB_USER,
    .action = (char *) "restore", .detail = (char *) epoch,
  };

  if (!store->api->get_info (store, "server", &server, error)
      || !store->api->get_info (store, "epoch", &before, error))
    return FALSE;
  if (server == NULL || before == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "The database does not say whose server it is");
      return FALSE;
    }

  audit.subject = server;

  return store->api->set_info (store, "epoch", epoch, error)
         && store->api->add_audit (store, &audit, error);
}

/* One transaction on an open store that nobody else writes.  *epoch: (transfer full) */
gboolean
alm_hub_begin_epoch (AlmServerStore       *store,
                     const AlmHubOptions  *options,
                     char                **epoch,
                     GError              **error)
{
  g_autofree char *id = alm_hub_new_id_text (options);

  *epoch = NULL;
  if (!store->api->begin (store, TRUE, error))
    return FALSE;
  if (!begin_epoch (store, options->clock, id, error))
    {
      store->api->rollback (store);
      return FALSE;
    }
  if (!store->api->commit (store, error))
    return FALSE;

  *epoch = g_steal_pointer (&id);

  return TRUE;
}
