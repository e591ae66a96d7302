/* SPDX-License-Identifier: EUPL-1.2 */

/* The training town: the same from the same seed, as large as it must be, and
 * a town that could stand: no tree in a house, every record good for its model. */

#include "config.h"

#include "alm-json.h"
#include "alm-model.h"
#include "alm-paths.h"
#include "alm-town-species.h"
#include "alm-town.h"
#include "alm-utm.h"

#include <math.h>
#include <string.h>

/* What a test keeps of the records. */
typedef struct
{
  GHashTable *counts;       /* kind → number */
  GHashTable *ids;          /* id → kind */
  GPtrArray  *references;   /* (element-type utf8) ids that are pointed to */
  GHashTable *models;
  GChecksum  *sum;
  GArray     *trees;        /* (element-type AlmSpot) degrees */
  GPtrArray  *houses;       /* (element-type AlmPath) that stand today */
  AlmPath     river;
  GHashTable *species;      /* latin name → number */
  GHashTable *by_name;      /* id → fields, of the kinds that mistakes are in */
  guint       about;        /* trees planted "about" */
  guint       felled;
  guint       former;       /* streets with former names */
  GHashTable *streets;
  guint64     inhabitants;
  guint       bad;
} Kept;

static void
path_free (gpointer data)
{
  alm_path_clear (data);
  g_free (data);
}

static void
kept_clear (gpointer data)
{
  Kept *self = data;

  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->ids);
  g_ptr_array_unref (self->references);
  g_clear_pointer (&self->models, g_hash_table_unref);
  g_checksum_free (self->sum);
  g_array_unref (self->trees);
  g_ptr_array_unref (self->houses);
  alm_path_clear (&self->river);
  g_hash_table_unref (self->species);
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->streets);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kept, kept_clear)

static void
kept_init (Kept *self)
{
  memset (self, 0, sizeof *self);
  self->counts = g_hash_table_new (g_str_hash, g_str_equal);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->references = g_ptr_array_new_with_free_func (g_free);
  self->sum = g_checksum_new (G_CHECKSUM_SHA256);
  self->trees = g_array_new (FALSE, FALSE, sizeof (AlmSpot));
  self->houses = g_ptr_array_new_with_free_func (path_free);
  self->species = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) alm_value_unref);
  self->streets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
load_models (Kept *self)
{
  g_autofree char *path = alm_path_data ("models");
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  self->models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) alm_model_unref);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      {
        g_autofree char *file = g_build_filename (path, name, NULL);
        g_autofree char *text = NULL;
        g_autofree char *kind = g_strndup (name, strlen (name) - 5);
        g_autoptr (AlmValue) schema = NULL;

        g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
        schema = alm_json_parse (text, -1, NULL, NULL);
        g_assert_nonnull (schema);
        g_hash_table_insert (self->models, g_strdup (kind), alm_model_new (kind, schema, NULL));
      }
}

static AlmSpot
degrees (const AlmValue *position)
{
  AlmSpot spot = { alm_value_get_double (alm_value_get_item (position, 0)),
                   alm_value_get_double (alm_value_get_item (position, 1)) };

  return spot;
}

static AlmPath
outer_ring (const AlmValue *fields)
{
  const AlmValue *ring = alm_value_get_item (alm_value_get (alm_value_get (fields, "geometry"),
                                                            "coordinates"), 0);
  AlmPath path = { NULL };

  for (guint i = 0; i + 1 < alm_value_get_size (ring); i++)
    alm_path_add (&path, degrees (alm_value_get_item (ring, i)));

  return path;
}

static void
keep_tree (Kept           *self,
           const AlmValue *fields)
{
  AlmSpot spot = degrees (alm_value_get (alm_value_get (fields, "geometry"), "coordinates"));
  const char *planted = alm_value_get_text_of (fields, "planted");
  const char *species = alm_value_get_text_of (fields, "species");
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->species, species));

  g_array_append_val (self->trees, spot);
  g_hash_table_insert (self->species, g_strdup (species), GUINT_TO_POINTER (n + 1));
  self->about += planted != NULL && g_str_has_suffix (planted, "~");
  self->felled += alm_value_get (fields, "felled") != NULL;
}

static void
keep_shape (Kept           *self,
            const char     *kind,
            const AlmValue *fields)
{
  if (strcmp (kind, "base-building") == 0 && alm_value_get (fields, "until") == NULL)
    {
      AlmPath *house = g_new (AlmPath, 1);

      *house = outer_ring (fields);
      g_ptr_array_add (self->houses, house);
    }
  else if (strcmp (kind, "base-area") == 0
           && g_strcmp0 (alm_value_get_text_of (fields, "name"), "Silge") == 0)
    {
      self->river = outer_ring (fields);
    }
  else if (strcmp (kind, "road") == 0 && alm_value_get (fields, "former_names") != NULL
           && g_hash_table_add (self->streets,
                                g_strdup (alm_value_get_text_of (fields, "name"))))
    {
      self->former++;
    }
}

static void
keep_record (const char     *kind,
             const char     *id,
             const char     *scope,
             const AlmValue *fields,
             gpointer        user_data)
{
  Kept *self = user_data;
  AlmModel *model = self->models != NULL ? g_hash_table_lookup (self->models, kind) : NULL;
  g_autofree char *text = alm_value_to_text (fields);
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;
  const char *own = g_intern_string (kind);

  g_checksum_update (self->sum, (const guchar *) id, (gssize) strlen (id));
  g_checksum_update (self->sum, (const guchar *) scope, (gssize) strlen (scope));
  g_checksum_update (self->sum, (const guchar *) text, (gssize) strlen (text));
  g_hash_table_insert (self->counts, (gpointer) own,
                       GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, own))
                                         + 1));
  if (!g_hash_table_insert (self->ids, g_strdup (id), (gpointer) own))
    g_error ("%s is there twice", id);
  if (strcmp (kind, "scope") != 0 && (id[14] != '8' || strchr ("89ab", id[19]) == NULL))
    g_error ("%s is no UUID of version 8", id);

  if (model != NULL && !alm_model_check_fields (model, fields, &name, &reason))
    {
      g_test_message ("%s %s: %s: %s", kind, id, name, reason);
      self->bad++;
    }
  if (self->models != NULL && model == NULL && strcmp (scope, "system") != 0)
    g_error ("kind %s has no model", kind);

  if (strcmp (kind, "tree") == 0)
    keep_tree (self, fields);
  else if (strcmp (kind, "play-device") == 0)
    g_ptr_array_add (self->references, g_strdup (alm_value_get_text_of (fields, "playground")));
  else if (strcmp (kind, "inspection") == 0)
    g_ptr_array_add (self->references, g_strdup (alm_value_get_text_of (fields, "asset")));
  else if (strcmp (kind, "district") == 0)
    self->inhabitants += (guint64) alm_value_get_integer_of (fields, "inhabitants", 0);
  else
    keep_shape (self, kind, fields);
  if (strcmp (kind, "tree") == 0 || strcmp (kind, "lamp") == 0 || strcmp (kind, "furniture") == 0)
    g_hash_table_insert (self->by_name, g_strdup (id), alm_value_copy (fields));
}

static guint
number_of (Kept       *self,
           const char *kind)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, kind));
}

static void
test_same_twice (void)
{
  g_autoptr (AlmTown) one = alm_town_new (7, ALM_TOWN_SMALL);
  g_autoptr (AlmTown) two = alm_town_new (7, ALM_TOWN_SMALL);
  g_autoptr (AlmTown) other = alm_town_new (8, ALM_TOWN_SMALL);
  g_auto (Kept) a = { NULL }, b = { NULL }, again = { NULL }, c = { NULL };

  kept_init (&a);
  kept_init (&b);
  kept_init (&again);
  kept_init (&c);
  alm_town_each (one, keep_record, &a);
  alm_town_each (two, keep_record, &b);
  alm_town_each (one, keep_record, &again);
  alm_town_each (other, keep_record, &c);
  g_assert_cmpstr (g_checksum_get_string (a.sum), ==, g_checksum_get_string (b.sum));
  g_assert_cmpstr (g_checksum_get_string (a.sum), ==, g_checksum_get_string (again.sum));
  g_assert_cmpstr (g_checksum_get_string (a.sum), !=, g_checksum_get_string (c.sum));
}

/* kind, then least and most of the large town, then of the small one. */
static const struct
{
  const char *kind;
  guint       full[2];
  guint       small[2];
} wanted[] = {
  { "tree",          { 59000, 61000 }, { 1900, 2100 } },
  { "district",      { 12, 12 },       { 12, 12 } },
  { "road",          { 950, 1250 },    { 260, 380 } },
  { "address",       { 6000, 7600 },   { 780, 1050 } },
  { "base-building", { 4900, 6300 },   { 600, 950 } },
  { "lamp",          { 5500, 7100 },   { 250, 420 } },
  { "furniture",     { 850, 950 },     { 55, 65 } },
  { "playground",    { 42, 42 },       { 6, 6 } },
  { "play-device",   { 230, 290 },     { 28, 44 } },
  { "inspection",    { 2900, 3100 },   { 400, 450 } },
  { "scope",         { 5, 5 },         { 5, 5 } },
  { "city",          { 1, 1 },         { 1, 1 } },
};

static void
check_counts (Kept     *self,
              gboolean  full)
{
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      const guint *range = full ? wanted[i].full : wanted[i].small;

      g_test_message ("%s: %u", wanted[i].kind, number_of (self, wanted[i].kind));
      g_assert_cmpuint (number_of (self, wanted[i].kind), >=, range[0]);
      g_assert_cmpuint (number_of (self, wanted[i].kind), <=, range[1]);
    }
  for (guint i = 0; i < self->references->len; i++)
    g_assert_cmpstr (g_hash_table_lookup (self->ids, self->references->pdata[i]), ==, "playground");
  g_assert_cmpuint (self->bad, ==, 0);
}

/* Compared by box first: degrees of latitude are as good as metres for it. */
static void
check_trees (Kept *self)
{
  for (guint i = 0; i < self->houses->len; i++)
    {
      const AlmPath *house = self->houses->pdata[i];
      AlmSpot low, high;

      alm_path_box (house, &low, &high);
      for (guint k = 0; k < self->trees->len; k++)
        {
          AlmSpot tree = g_array_index (self->trees, AlmSpot, k);

          if (tree.e > low.e && tree.e < high.e && tree.n > low.n && tree.n < high.n)
            g_assert_false (alm_path_contains (house, tree));
        }
    }
  g_assert_cmpuint (self->river.n, >, 100);
  for (guint k = 0; k < self->trees->len; k++)
    g_assert_false (alm_path_contains (&self->river, g_array_index (self->trees, AlmSpot, k)));
}

static void
test_small_towns (void)
{
  for (guint64 seed = 1; seed <= 5; seed++)
    {
      g_autoptr (AlmTown) town = alm_town_new (seed, ALM_TOWN_SMALL);
      g_auto (Kept) kept = { NULL };

      kept_init (&kept);
      load_models (&kept);
      alm_town_each (town, keep_record, &kept);
      check_counts (&kept, FALSE);
      check_trees (&kept);
    }
}

static double
share (Kept       *self,
       const char *species)
{
  return 100.0 * GPOINTER_TO_UINT (g_hash_table_lookup (self->species, species))
         / self->trees->len;
}

static void
test_full_town (void)
{
  g_autoptr (AlmTown) town = alm_town_new (1, ALM_TOWN_FULL);
  g_auto (Kept) kept = { NULL };

  kept_init (&kept);
  load_models (&kept);
  alm_town_each (town, keep_record, &kept);
  check_counts (&kept, TRUE);
  check_trees (&kept);
  g_assert_cmpuint (kept.former, ==, 40);

  /* The seeded errors bring one name of their own. */
  g_assert_cmpuint (g_hash_table_size (kept.species), ==, 62 + 1);
  for (guint i = 0; i < alm_town_n_species; i++)
    {
      g_assert_cmpfloat (share (&kept, alm_town_species[i].latin), >, 0);
      g_assert_cmpfloat (share (&kept, alm_town_species[i].latin), <, 15);
    }
  g_assert_cmpfloat_with_epsilon (100.0 * kept.about / kept.trees->len, 6.0, 0.4);
  g_assert_cmpuint (kept.felled, >, 300);
  g_assert_cmpuint (kept.felled, <, 2000);
}

/* Each place has its species by their shares, to a point. */
static void
test_species (void)
{
  const guint draws = 20000;

  g_assert_cmpuint (alm_town_n_species, ==, 62);
  for (guint place = 0; place < N_PLACES; place++)
    {
      guint n[62] = { 0 }, total = 0;

      for (guint i = 0; i < draws; i++)
        n[alm_town_pick_species (place, (i + 0.5) / draws)]++;
      for (guint i = 0; i < alm_town_n_species; i++)
        total += alm_town_species[i].share[place];
      for (guint i = 0; i < alm_town_n_species; i++)
        g_assert_cmpfloat_with_epsilon (100.0 * n[i] / draws,
                                        100.0 * alm_town_species[i].share[place] / total, 0.1);
    }
}

static void
test_place (void)
{
  for (guint i = 0; i <= 60; i++)
    for (guint k = 0; k <= 50; k++)
      {
        AlmSpot spot = { i * 100.0, k * 100.0 };
        double lon, lat, east, north;

        alm_town_spot_to_lonlat (spot, &lon, &lat);
        alm_utm_from_lonlat (25832, lon, lat, &east, &north);
        /* Seven decimals of a degree are 11 mm of latitude. */
        g_assert_cmpfloat (fabs (east - ALM_TOWN_EAST - spot.e), <, 0.0042);
        g_assert_cmpfloat (fabs (north - ALM_TOWN_NORTH - spot.n), <, 0.0063);
      }
}

static void
test_population (void)
{
  g_autoptr (AlmTown) town = alm_town_new (3, ALM_TOWN_SMALL);
  g_auto (Kept) kept = { NULL };
  g_autofree char *csv = alm_town_population_csv (town);
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  guint64 sum = 0;
  guint rows = 0;

  kept_init (&kept);
  alm_town_each (town, keep_record, &kept);
  g_assert_cmpstr (lines[0], ==, "district,year,age_from,age_to,sex,persons");
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, 6);
      rows++;
      if (strcmp (cells[1], "2025") == 0)
        sum += g_ascii_strtoull (cells[5], NULL, 10);
    }
  g_assert_cmpuint (rows, ==, 12 * 23 * 18 * 2);
  g_assert_cmpuint (sum, ==, kept.inhabitants);
  g_assert_cmpuint (sum, >, 2000);
}

static double
german_number (const char *text)
{
  g_autofree char *plain = g_strdelimit (g_strdup (text), ",", '.');

  return g_ascii_strtod (plain, NULL);
}

static void
test_lamp_list (void)
{
  g_autoptr (AlmTown) town = alm_town_new (1, ALM_TOWN_SMALL);
  g_autoptr (GBytes) bytes = alm_town_lamps_csv (town);
  const char *data = g_bytes_get_data (bytes, NULL);
  gsize size = g_bytes_get_size (bytes);
  g_autofree char *text = g_convert (data, (gssize) size, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
  g_auto (GStrv) lines = NULL;
  g_auto (Kept) kept = { NULL };
  GHashTableIter iter;
  gpointer fields;
  guint twice = 0, broken = 0, rows = 0;

  g_assert_false (g_utf8_validate (data, (gssize) size, NULL));
  g_assert_nonnull (text);
  kept_init (&kept);
  alm_town_each (town, keep_record, &kept);
  lines = g_strsplit (text, "\r\n", -1);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ";", -1);
      gboolean near = FALSE;

      rows++;
      if (g_strv_length (cells) != 8)
        {
          broken++;
          continue;
        }
      /* Gauß-Krüger is conformal: over two metres the middle's shift is good enough. */
      g_hash_table_iter_init (&iter, kept.by_name);
      while (g_hash_table_iter_next (&iter, NULL, &fields))
        {
          AlmSpot at = degrees (alm_value_get (alm_value_get (fields, "geometry"), "coordinates"));
          AlmSpot spot;
          double east, north, right, up;

          if (alm_value_get (fields, "lamp_type") == NULL)
            continue;
          alm_utm_from_lonlat (25832, at.e, at.n, &east, &north);
          spot = alm_spot (east - ALM_TOWN_EAST, north - ALM_TOWN_NORTH);
          alm_town_spot_to_gk3 (spot, &right, &up);
          near = near || hypot (right - german_number (cells[5]),
                                up - german_number (cells[6])) < 2;
        }
      twice += near;
    }
  g_assert_cmpuint (rows, ==, 61);
  g_assert_cmpuint (broken, ==, 1);
  g_assert_cmpuint (twice, ==, 3);
}

static void
test_names_and_mistakes (void)
{
  g_autoptr (AlmTown) town = alm_town_new (1, ALM_TOWN_SMALL);
  g_auto (Kept) kept = { NULL };
  AlmValue *names, *mistakes;

  kept_init (&kept);
  alm_town_each (town, keep_record, &kept);
  names = alm_town_get_names (town);
  mistakes = alm_town_get_mistakes (town);
  g_assert_cmpuint (alm_value_get_size (names), ==, 16);
  for (guint i = 0; i < alm_value_get_size (names); i++)
    {
      const char *key = alm_value_get_key (names, i);

      g_assert_true (g_str_has_prefix (key, "@"));
      g_assert_nonnull (g_hash_table_lookup (kept.ids, alm_value_get_text_of (names, key)));
    }
  g_assert_cmpstr (g_hash_table_lookup (kept.ids, alm_value_get_text_of (names, "@linde-am-markt")),
                   ==, "tree");

  g_assert_cmpuint (alm_value_get_size (mistakes), ==, 16);
  for (guint i = 0; i < alm_value_get_size (mistakes); i++)
    {
      const AlmValue *mistake = alm_value_get_item (mistakes, i);
      const AlmValue *fields = g_hash_table_lookup (kept.by_name,
                                                    alm_value_get_text_of (mistake, "record"));
      const AlmValue *now;

      g_assert_nonnull (fields);
      now = alm_value_get (fields, alm_value_get_text_of (mistake, "field"));
      g_assert_true (alm_value_equal (now, alm_value_get (mistake, "wrong")));
      g_assert_false (alm_value_equal (now, alm_value_get (mistake, "right")));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/town/same-twice", test_same_twice);
  g_test_add_func ("/town/small", test_small_towns);
  g_test_add_func ("/town/full", test_full_town);
  g_test_add_func ("/town/species", test_species);
  g_test_add_func ("/town/place", test_place);
  g_test_add_func ("/town/population", test_population);
  g_test_add_func ("/town/lamp-list", test_lamp_list);
  g_test_add_func ("/town/names-and-mistakes", test_names_and_mistakes);

  return g_test_run ();
}
