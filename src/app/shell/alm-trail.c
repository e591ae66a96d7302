/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-trail.h"

/* Invariant: places[at] is where one is; before the first note there is none. */
struct _AlmTrail
{
  GArray *places;   /* (element-type AlmPlace) */
  guint   at;
};

AlmTrail *
alm_trail_new (void)
{
  AlmTrail *self = g_new0 (AlmTrail, 1);

  self->places = g_array_new (FALSE, FALSE, sizeof (AlmPlace));

  return self;
}

void
alm_trail_free (AlmTrail *self)
{
  g_array_unref (self->places);
  g_free (self);
}

void
alm_trail_note (AlmTrail   *self,
                const char *page,
                gint64      rid)
{
  AlmPlace place = { g_intern_string (page), rid };

  g_return_if_fail (page != NULL);

  if (self->places->len > 0)
    {
      AlmPlace *here = &g_array_index (self->places, AlmPlace, self->at);

      if (here->page == place.page)
        {
          here->rid = rid;
          return;
        }
      g_array_set_size (self->places, self->at + 1);
    }
  g_array_append_val (self->places, place);
  self->at = self->places->len - 1;
}

gboolean
alm_trail_can_walk (AlmTrail *self,
                    int       step)
{
  return step < 0 ? self->at > 0 : self->at + 1 < self->places->len;
}

const AlmPlace *
alm_trail_walk (AlmTrail *self,
                int       step)
{
  g_return_val_if_fail (step == -1 || step == 1, NULL);

  if (!alm_trail_can_walk (self, step))
    return NULL;
  self->at += step;

  return &g_array_index (self->places, AlmPlace, self->at);
}
