/* SPDX-License-Identifier: EUPL-1.2 */

/* What a window remembers.  Read once before there is a window, written once
 * after it has closed; under 4 KiB, so both happen where they are needed.  A
 * file that cannot be read counts as empty.  Main thread. */

#include "config.h"

#include "alm-state.h"

#include <errno.h>
#include <glib/gstdio.h>

struct _AlmState
{
  /* owned */
  char     *path;
  GKeyFile *file;
};

AlmState *
alm_state_load (const char *dir)
{
  AlmState *self;

  g_return_val_if_fail (dir != NULL, NULL);

  self = g_new0 (AlmState, 1);
  self->path = g_build_filename (dir, "window.ini", NULL);
  self->file = g_key_file_new ();
  g_key_file_load_from_file (self->file, self->path, G_KEY_FILE_NONE, NULL);

  return self;
}

void
alm_state_free (AlmState *self)
{
  g_free (self->path);
  g_key_file_unref (self->file);
  g_free (self);
}

GKeyFile *
alm_state_get_file (AlmState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->file;
}

int
alm_state_get_integer (AlmState   *self,
                       const char *group,
                       const char *key,
                       int         fallback)
{
  g_autoptr (GError) error = NULL;
  int value;

  g_return_val_if_fail (self != NULL, fallback);

  value = g_key_file_get_integer (self->file, group, key, &error);

  return error == NULL ? value : fallback;
}

/* (transfer full); NULL where there is none */
char *
alm_state_get_text (AlmState   *self,
                    const char *group,
                    const char *key)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_key_file_get_string (self->file, group, key, NULL);
}

void
alm_state_set_text (AlmState   *self,
                    const char *group,
                    const char *key,
                    const char *text)
{
  g_return_if_fail (self != NULL);

  if (text != NULL)
    g_key_file_set_string (self->file, group, key, text);
  else
    g_key_file_remove_key (self->file, group, key, NULL);
}

gboolean
alm_state_save (AlmState  *self,
                GError   **error)
{
  g_autofree char *text = NULL;
  gsize length;

  g_return_val_if_fail (self != NULL, FALSE);

  text = g_key_file_to_data (self->file, &length, NULL);

  return g_file_set_contents_full (self->path, text, length,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
