/* SPDX-License-Identifier: EUPL-1.2 */

/* Ids (RFC 9562: version 7 for what is new, version 5 for what has a natural
 * key) and the shapes of kinds, fields, scopes and users.  Any thread. */

#include "config.h"

#include "alm-id.h"

#include <string.h>

/* Takes exactly the canonical form: 8-4-4-4-12, lower case. */
gboolean
alm_id_parse (AlmId      *self,
              const char *text)
{
  guint n = 0;

  if (text == NULL)
    return FALSE;

  for (guint i = 0; i < ALM_ID_TEXT_SIZE - 1; i++)
    {
      int digit;

      if (i == 8 || i == 13 || i == 18 || i == 23)
        {
          if (text[i] != '-')
            return FALSE;
          continue;
        }

      if (g_ascii_isupper (text[i]) || (digit = g_ascii_xdigit_value (text[i])) < 0)
        return FALSE;

      if (n % 2 == 0)
        self->bytes[n / 2] = (guint8) (digit << 4);
      else
        self->bytes[n / 2] |= (guint8) digit;
      n++;
    }

  return text[ALM_ID_TEXT_SIZE - 1] == '\0';
}

void
alm_id_print (const AlmId *self,
              char         text[ALM_ID_TEXT_SIZE])
{
  static const char digits[] = "0123456789abcdef";
  char *out = text;

  for (guint i = 0; i < sizeof self->bytes; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *out++ = '-';
      *out++ = digits[self->bytes[i] >> 4];
      *out++ = digits[self->bytes[i] & 0xf];
    }
  *out = '\0';
}

char *
alm_id_to_text (const AlmId *self)
{
  char text[ALM_ID_TEXT_SIZE];

  alm_id_print (self, text);

  return g_strdup (text);
}

static void
stamp (AlmId *self,
       guint8 version)
{
  self->bytes[6] = (guint8) ((self->bytes[6] & 0x0f) | (version << 4));
  self->bytes[8] = (guint8) ((self->bytes[8] & 0x3f) | 0x80);
}

/* Version 7: milliseconds since 1970, then random bits. */
void
alm_id_make_v7 (AlmId     *self,
                gint64     t_us,
                AlmRandom *random)
{
  guint64 ms = (guint64) (t_us / 1000);
  guint64 words[2];

  words[0] = alm_random_next (random);
  words[1] = alm_random_next (random);
  memcpy (self->bytes, words, sizeof self->bytes);
  for (guint i = 0; i < 6; i++)
    self->bytes[i] = (guint8) (ms >> (40 - 8 * i));
  stamp (self, 7);
}

/* Version 5: SHA-1 over the namespace's bytes and the name. */
void
alm_id_make_named (AlmId       *self,
                   const AlmId *space,
                   const char  *name)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (sum, space->bytes, sizeof space->bytes);
  g_checksum_update (sum, (const guchar *) name, (gssize) strlen (name));
  g_checksum_get_digest (sum, digest, &length);
  memcpy (self->bytes, digest, sizeof self->bytes);
  stamp (self, 5);
}

int
alm_id_compare (const AlmId *a,
                const AlmId *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes);
}

guint
alm_id_hash (gconstpointer id)
{
  guint hash;

  memcpy (&hash, ((const AlmId *) id)->bytes + 12, sizeof hash);

  return hash;
}

gboolean
alm_id_equal (gconstpointer a,
              gconstpointer b)
{
  return alm_id_compare (a, b) == 0;
}

/* First a lower-case letter (or what @first allows), then those, digits and @others. */
static gboolean
is_name (const char *text,
         gsize       length,
         gboolean    digit_first,
         const char *others,
         gsize       least,
         gsize       most)
{
  if (length < least || length > most)
    return FALSE;
  if (!g_ascii_islower (text[0]) && !(digit_first && g_ascii_isdigit (text[0])))
    return FALSE;

  for (gsize i = 1; i < length; i++)
    if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i])
        && (text[i] == '\0' || strchr (others, text[i]) == NULL))
      return FALSE;

  return TRUE;
}

/* [a-z][a-z0-9-]{0,62} */
gboolean
alm_name_is_kind (const char *text)
{
  return text != NULL && is_name (text, strlen (text), FALSE, "-", 1, 63);
}

/* [a-z][a-z0-9_]{0,62} */
gboolean
alm_name_is_field (const char *text)
{
  return text != NULL && is_name (text, strlen (text), FALSE, "_", 1, 63);
}

/* One to four segments [a-z0-9][a-z0-9-]{0,62}, joined by "/". */
gboolean
alm_name_is_scope (const char *text)
{
  guint segments = 0;

  if (text == NULL)
    return FALSE;

  for (;;)
    {
      gsize length = strcspn (text, "/");

      if (++segments > 4 || !is_name (text, length, TRUE, "-", 1, 63))
        return FALSE;
      if (text[length] == '\0')
        return TRUE;
      text += length + 1;
    }
}

/* [a-z][a-z0-9._-]{1,31} */
gboolean
alm_name_is_user (const char *text)
{
  return text != NULL && is_name (text, strlen (text), FALSE, "._-", 2, 32);
}
