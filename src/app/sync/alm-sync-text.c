/* SPDX-License-Identifier: EUPL-1.2 */

/* How things stand with the server, in words.  What a person has to do comes
 * before what goes on by itself.  Main thread. */

#include "config.h"

#include "alm-sync-text.h"

#include <glib/gi18n.h>

const char *
alm_sync_text_icon (AlmSyncState state)
{
  switch (state)
    {
    case ALM_SYNC_STATE_NO_SERVER:
      return "drive-harddisk-symbolic";
    case ALM_SYNC_STATE_SIGNED_OUT:
      return "system-users-symbolic";
    case ALM_SYNC_STATE_WORKING:
    case ALM_SYNC_STATE_WAITING:
      return "emblem-synchronizing-symbolic";
    case ALM_SYNC_STATE_OFFLINE:
      return "network-offline-symbolic";
    case ALM_SYNC_STATE_CONFLICT:
    case ALM_SYNC_STATE_REFUSED:
      return "dialog-warning-symbolic";
    case ALM_SYNC_STATE_WRONG_SERVER:
    case ALM_SYNC_STATE_LOST:
    case ALM_SYNC_STATE_TOO_OLD:
      return "dialog-error-symbolic";
    case ALM_SYNC_STATE_IN_SYNC:
    default:
      return "emblem-ok-symbolic";
    }
}

char *
alm_sync_text_moment (gint64 t_us)
{
  g_autoptr (GDateTime) moment = NULL;
  g_autoptr (GDateTime) now = NULL;

  if (t_us == 0)
    return g_strdup ("");

  moment = g_date_time_new_from_unix_local (t_us / G_USEC_PER_SEC);
  now = g_date_time_new_now_local ();
  if (g_date_time_get_year (moment) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (moment) == g_date_time_get_day_of_year (now))
    /* Translators: a time of day, for strftime: 8:12 */
    return g_date_time_format (moment, C_("date", "%-H:%M"));

  return g_date_time_format (moment, C_("date", "%d.%m.%Y %H:%M"));
}

/* Whole tens of seconds, then minutes: a number that jumps about says less. */
static char *
make_left (gint64 left_s)
{
  guint minutes = (guint) ((left_s + 30) / 60);

  if (left_s <= 10)
    return g_strdup (_("a few seconds left"));
  if (left_s < 60)
    return g_strdup_printf (_("about %u seconds left"), (guint) (left_s + 9) / 10 * 10);

  return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", minutes),
                          minutes);
}

char *
alm_sync_text_copied (gint64 done,
                      gint64 total,
                      gint64 left_s)
{
  g_autofree char *left = left_s >= 0 ? make_left (left_s) : NULL;
  g_autofree char *n = g_strdup_printf ("%'" G_GINT64_FORMAT, done);
  g_autofree char *of = NULL;

  /* Translators: how many of how many; the first number is written out already. */
  of = g_strdup_printf (ngettext ("%s of %'u object", "%s of %'u objects", (gulong) total), n,
                        (guint) total);

  /* Translators: "120,000 of 1,000,000 objects", then "about 2 minutes left". */
  return left != NULL ? g_strdup_printf (_("%s, %s"), of, left) : g_steal_pointer (&of);
}

/* Rounded down: 100 is said when everything is here. */
static guint
find_percent (const AlmSyncStatus *status)
{
  return (guint) (100 * status->copy_done / status->copy_total);
}

char *
alm_sync_text_blobs (AlmSyncDriver *driver)
{
  guint done;
  guint total;

  alm_sync_driver_get_blobs (driver, &done, &total);

  /* Translators: pictures that are being sent and fetched: "2 of 5". */
  return total > 0 ? g_strdup_printf (_("%u of %u"), done, total) : NULL;
}

/* Everything else is sent. */
static char *
make_blobs_short (AlmSyncDriver *driver)
{
  guint done;
  guint total;

  alm_sync_driver_get_blobs (driver, &done, &total);

  return g_strdup_printf (ngettext ("%u picture on its way", "%u pictures on their way",
                                    total - done), total - done);
}

static char *
make_blobs_long (AlmSyncDriver *driver)
{
  guint done;
  guint total;

  alm_sync_driver_get_blobs (driver, &done, &total);

  return g_strdup_printf (ngettext ("Your changes are sent. %u picture is still on its way.",
                                    "Your changes are sent. %u pictures are still on their way.",
                                    total - done), total - done);
}

char *
alm_sync_text_short (AlmSyncDriver *driver)
{
  const AlmSyncStatus *status = alm_sync_driver_get_status (driver);
  guint waiting = alm_sync_driver_get_waiting (driver);
  guint conflicts = alm_sync_driver_get_conflicts (driver);
  guint refused = alm_sync_driver_get_refused (driver);
  g_autofree char *since = NULL;

  switch (alm_sync_driver_get_state (driver))
    {
    case ALM_SYNC_STATE_NO_SERVER:
      return g_strdup (_("Saved here"));
    case ALM_SYNC_STATE_SIGNED_OUT:
      return g_strdup (_("Not signed in"));
    case ALM_SYNC_STATE_WORKING:
      if (status->copy_total > 0)
        /* Translators: of the data that comes after the first login, so many percent are here. */
        return g_strdup_printf (_("First copy: %u %%"), find_percent (status));
      return g_strdup (_("Synchronising"));
    case ALM_SYNC_STATE_WAITING:
      if (waiting == 0)
        return make_blobs_short (driver);
      return g_strdup_printf (ngettext ("%u change waiting", "%u changes waiting", waiting),
                              waiting);
    case ALM_SYNC_STATE_OFFLINE:
      since = alm_sync_text_moment (alm_sync_driver_get_last_contact (driver));
      if (waiting > 0)
        return g_strdup_printf (ngettext ("Offline, %u change waiting",
                                          "Offline, %u changes waiting", waiting), waiting);
      return *since != '\0' ? g_strdup_printf (_("Offline since %s"), since)
                            : g_strdup (_("Offline"));
    case ALM_SYNC_STATE_CONFLICT:
      return g_strdup_printf (ngettext ("%u conflict", "%u conflicts", conflicts), conflicts);
    case ALM_SYNC_STATE_REFUSED:
      return g_strdup_printf (ngettext ("%u change refused", "%u changes refused", refused),
                              refused);
    case ALM_SYNC_STATE_LOST:
      return g_strdup (_("Reported lost"));
    case ALM_SYNC_STATE_WRONG_SERVER:
    case ALM_SYNC_STATE_TOO_OLD:
      return g_strdup (_("Synchronisation halted"));
    case ALM_SYNC_STATE_IN_SYNC:
    default:
      return g_strdup (_("In sync"));
    }
}

char *
alm_sync_text_waiting (guint    waiting,
                       gboolean failed)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf (ngettext ("%u change waits to be sent. It is saved here.",
                                    "%u changes wait to be sent. They are saved here.", waiting),
                          waiting);
  if (!failed)
    return g_steal_pointer (&text);

  return g_strdup_printf ("%s %s", text, _("The server takes nothing at the moment; it is tried "
                                           "again by itself."));
}

char *
alm_sync_text_long (AlmSyncDriver *driver)
{
  guint waiting = alm_sync_driver_get_waiting (driver);

  switch (alm_sync_driver_get_state (driver))
    {
    case ALM_SYNC_STATE_NO_SERVER:
      return g_strdup (_("You work without a server. Everything is saved on this computer."));
    case ALM_SYNC_STATE_SIGNED_OUT:
      return g_strdup (_("Everything is saved here. Sign in so that others can see it."));
    case ALM_SYNC_STATE_WORKING:
      if (alm_sync_driver_get_status (driver)->copy_total > 0)
        return g_strdup (_("The city’s data is on its way. You can work already."));
      return g_strdup (_("Talking to the city’s server …"));
    case ALM_SYNC_STATE_WAITING:
      if (waiting == 0)
        return make_blobs_long (driver);
      return alm_sync_text_waiting (waiting, alm_sync_driver_get_status (driver)->push_failed);
    case ALM_SYNC_STATE_OFFLINE:
      return g_strdup (_("The city’s server cannot be reached. Everything is saved here and "
                         "is sent by itself later."));
    case ALM_SYNC_STATE_CONFLICT:
      return g_strdup (_("Everything is sent. Some changes need your decision."));
    case ALM_SYNC_STATE_REFUSED:
      return g_strdup (_("The server did not take some of your changes. They are kept here."));
    case ALM_SYNC_STATE_WRONG_SERVER:
      return g_strdup (_("This is not the server this data belongs to. Nothing was sent."));
    case ALM_SYNC_STATE_LOST:
      return g_strdup (_("This computer was reported lost. Therefore everything that Allmende "
                         "kept here has been deleted. If it has turned up again, connect it "
                         "anew."));
    case ALM_SYNC_STATE_TOO_OLD:
      return g_strdup (_("The server speaks a newer language than this program. "
                         "Please update Allmende; nothing is lost."));
    case ALM_SYNC_STATE_IN_SYNC:
    default:
      return g_strdup (_("Everything is saved and sent."));
    }
}
