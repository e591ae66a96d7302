/* SPDX-License-Identifier: EUPL-1.2 */

/* The one place where an error becomes a sentence for the user.  Each sentence
 * says what became of the work, because that is what people ask first. */

#include "config.h"

#include "alm-error-text.h"

#include "alm-admin-client.h"
#include "alm-format-error.h"
#include "alm-net-error.h"
#include "alm-store-error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

static const char *
store_text (int code)
{
  /* Not as the enum: a code that is new below falls into the last sentence. */
  switch (code)
    {
    case ALM_STORE_ERROR_FULL:
      return _("The disk is full. Nothing was saved. Make room, then do it again.");

    case ALM_STORE_ERROR_CORRUPT:
      return _("The file with your data is damaged. Nothing was changed. "
               "Please tell those who look after this program.");

    case ALM_STORE_ERROR_BUSY:
    case ALM_STORE_ERROR_IN_USE:
      return _("Allmende is already running with this data. Nothing was saved here.");

    case ALM_STORE_ERROR_READ_ONLY:
      return _("The folder with your data cannot be written to, and without that it cannot be "
               "opened. Nothing was changed. Please tell those who look after this computer.");

    case ALM_STORE_ERROR_NETWORK_FS:
      return _("The folder lies on a network drive, where data cannot be kept safely. "
               "Nothing was changed. Choose a folder on this computer.");

    case ALM_STORE_ERROR_NEWER:
      return _("This data was written by a newer version of Allmende. Nothing was changed. "
               "Please update the program.");

    case ALM_STORE_ERROR_CONSTRAINT:
    case ALM_STORE_ERROR_REFUSED:
      return _("This value does not fit. Nothing was saved.");

    case ALM_STORE_ERROR_FAILED:
    default:
      return _("This did not work. Nothing was saved.");
    }
}

static const char *
io_text (int code)
{
  switch (code)
    {
    case G_IO_ERROR_WRONG_ETAG:
      return _("Somebody else has changed this record. Your text is still here.");

    case G_IO_ERROR_CANCELLED:
      return _("Cancelled. Nothing was changed.");

    case G_IO_ERROR_NOT_FOUND:
      return _("It is no longer there. Nothing was changed.");

    case G_IO_ERROR_PERMISSION_DENIED:
      return _("You may not do this. Nothing was saved. Ask those responsible for the data.");

    case G_IO_ERROR_NO_SPACE:
      return _("The disk is full. Nothing was saved. Make room, then do it again.");

    case G_IO_ERROR_READ_ONLY:
      return _("The folder cannot be written to. Nothing was saved.");

    case G_IO_ERROR_INVALID_ARGUMENT:
    case G_IO_ERROR_INVALID_DATA:
      return _("This value does not fit. Nothing was saved.");

    case G_IO_ERROR_TIMED_OUT:
    case G_IO_ERROR_HOST_NOT_FOUND:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_NOT_CONNECTED:
    case G_IO_ERROR_CONNECTION_CLOSED:
      return _("The city’s server cannot be reached. Everything is saved here.");

    default:
      return _("This did not work. Nothing was saved.");
    }
}

static const char *
net_text (int code)
{
  switch (code)
    {
    case ALM_NET_ERROR_ADDRESS:
      return _("This is not the address of a server, which begins with https://. "
               "Nothing was sent.");

    case ALM_NET_ERROR_LOGIN:
      return _("The user name or the password is wrong. Nothing was sent.");

    case ALM_NET_ERROR_LATER:
      return _("There were too many tries. Nothing was changed. Please wait a minute, "
               "then try again.");

    case ALM_NET_ERROR_TAKEN:
      return _("This workplace belongs to somebody else. Nothing was changed. "
               "Please begin with data of your own.");

    case ALM_NET_ERROR_TRAINING:
      return _("This is the training town, from which nothing is ever sent. "
               "Nothing was changed.");

    case ALM_NET_ERROR_WRONG_SERVER:
      return _("This is not the server this data belongs to. Nothing was sent.");

    case ALM_NET_ERROR_ANSWER:
    default:
      return _("The server gave an answer that makes no sense. Everything is saved here. "
               "Please tell those who look after it.");
    }
}

static const char *
admin_text (int code)
{
  switch (code)
    {
    case ALM_ADMIN_ERROR_FORBIDDEN:
      return _("You may not do this. Nothing was changed. Only who manages a place can give or "
               "take rights in it, and only who manages the whole city makes others managers, "
               "auditors or operators.");

    case ALM_ADMIN_ERROR_LOGIN:
      return _("You are not signed in. Nothing was changed. Please sign in, then try again.");

    case ALM_ADMIN_ERROR_PASSWORD:
      return _("This password does not do: it has at least 12 characters and is not the user "
               "name. Nothing was changed.");

    case ALM_ADMIN_ERROR_NAME:
      return _("This is no user name: two to 32 small letters, digits, dots, dashes or "
               "underscores, beginning with a letter. Nothing was changed.");

    case ALM_ADMIN_ERROR_EXISTS:
      return _("Somebody has this user name already. Nothing was changed.");

    case ALM_ADMIN_ERROR_GRANT:
      return _("This right cannot be given in this way. Nothing was changed.");

    case ALM_ADMIN_ERROR_LAST:
      return _("Nobody would be left who manages the whole city. Nothing was changed. Please make "
               "somebody else its manager first.");

    case ALM_ADMIN_ERROR_NOT_FOUND:
      return _("It is no longer there. Nothing was changed.");

    case ALM_ADMIN_ERROR_REFUSED:
    default:
      return _("The server could not do this. Nothing was changed.");
    }
}

const char *
alm_error_text (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == ALM_STORE_ERROR)
    return store_text (error->code);
  if (error->domain == G_IO_ERROR)
    return io_text (error->code);
  if (error->domain == ALM_ADMIN_ERROR)
    return admin_text (error->code);
  if (error->domain == ALM_NET_ERROR)
    return net_text (error->code);
  if (error->domain == G_TLS_ERROR)
    return _("The server cannot prove that it is the city’s. Nothing was sent. "
             "Please tell those who look after it.");
  if (error->domain == G_RESOLVER_ERROR)
    return io_text (G_IO_ERROR_HOST_NOT_FOUND);
  if (error->domain == ALM_FORMAT_ERROR)
    return _("This cannot be read. Nothing was saved.");

  return _("This did not work. Nothing was saved.");
}
