/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Who is let in to libsoup. */
typedef struct _AlmFrontDoor AlmFrontDoor;

/* @stream: one request of @remote, whose head is sound; one answer may be written. */
typedef void (*AlmFrontDoorFunc) (GIOStream      *stream,
                                  GSocketAddress *remote,
                                  gpointer        user_data);

/* @patience_ms: to send a whole head, and to hear a refusal */
AlmFrontDoor *alm_front_door_new  (guint             patience_ms,
                                   AlmFrontDoorFunc  func,
                                   gpointer          user_data);
void          alm_front_door_free (AlmFrontDoor     *self);
/* @socket: listens */
void          alm_front_door_open (AlmFrontDoor     *self,
                                   GSocket          *socket);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmFrontDoor, alm_front_door_free)

G_END_DECLS
