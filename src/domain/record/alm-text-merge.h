/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One word, sign, or the end of a text; byte offsets. */
typedef struct
{
  guint32 blank;    /* where the white space before it begins */
  guint32 start;
  guint32 end;
  guint32 word;     /* equal words have equal numbers */
} AlmToken;

/* Cuts @text into tokens; the last one is the end, with word 0 and no text.
 * @words: text → number, shared by texts that are to be compared; its keys are
 * its own.  (element-type AlmToken) */
GArray   *alm_tokenize   (const char  *text,
                          GHashTable  *words);
/* For each token of @a its partner in @b, −1 for none, in rising order; as many
 * partners as there can be (Myers 1986).  NULL if more than @most tokens differ. */
int      *alm_diff       (const GArray *a,
                          const GArray *b,
                          guint         most);
/* Both changes in one text; NULL if they touch each other. */
char     *alm_text_merge (const char  *base,
                          const char  *theirs,
                          const char  *mine);

G_END_DECLS
