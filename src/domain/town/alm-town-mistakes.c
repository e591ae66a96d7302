/* SPDX-License-Identifier: EUPL-1.2 */

/* Errors of the kind that real lists have, seeded into known records, so that
 * lessons have something to find and tests know what they must find.  Each is
 * still a valid value of its field: what is wrong is the city, not the type. */

#include "config.h"

#include "alm-town-private.h"

#include <string.h>

typedef struct
{
  const char *kind;
  guint       number;      /* the record's name: its number */
  const char *field;
  const char *wrong;       /* text; NULL: the field is missing */
  const char *lesson;
} Mistake;

static const Mistake mistakes[] = {
  { "tree",  311, "species",    "Tilia cordatta",         "baum" },
  { "tree",  402, "species",    "Acer platanoides",       "baum" },
  { "tree",  517, "species_de", "Sommerlinde ",           "finden" },
  { "tree",  623, "planted",    "1019",                   "baum" },
  { "tree",  777, "planted",    "2091",                   "baum" },
  { "tree",  808, "planted",    NULL,                     "datum" },
  { "tree",  913, "street",     "Unbekannt",              "finden" },
  { "tree", 1021, "district",   "Altstatt",               "finden" },
  { "tree", 1200, "number",     "01199",                  "offen" },
  { "tree", 1344, "inspector",  NULL,                     "offen" },
  { "tree", 1450, "species_de", NULL,                     "baum" },
  { "lamp",   31, "number",     "L-00030",                "import" },
  { "lamp",   77, "street",     NULL,                     "import" },
  { "lamp",  120, "installed",  "1899",                   "import" },
  { "furniture", 17, "street",  "Marckt",                 "finden" },
  { "furniture", 41, "number",  "M-0040",                 "finden" },
};

void
alm_town_spoil (AlmTown    *self,
                const char *kind,
                const char *name,
                const char *id,
                AlmValue   *fields)
{
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      const Mistake *mistake = &mistakes[i];
      char number[16];
      AlmValue *entry, *right;

      if (mistake->kind[0] != kind[0] || strcmp (mistake->kind, kind) != 0)
        continue;
      g_snprintf (number, sizeof number, "%u", mistake->number);
      if (strcmp (number, name) != 0)
        continue;

      entry = alm_value_new_object ();
      right = alm_value_get (fields, mistake->field);
      alm_value_set_text (entry, "field", mistake->field);
      alm_value_set_text (entry, "kind", kind);
      alm_value_set_text (entry, "lesson", mistake->lesson);
      alm_value_set_text (entry, "record", id);
      alm_value_set (entry, "right", right != NULL ? alm_value_ref (right) : NULL);
      alm_value_set_text (entry, "wrong", mistake->wrong);
      alm_value_append (self->mistakes, entry);
      alm_value_set_text (fields, mistake->field, mistake->wrong);
    }
}
