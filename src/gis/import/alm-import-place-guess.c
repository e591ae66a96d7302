/* SPDX-License-Identifier: EUPL-1.2 */

/* Finds out which columns of a foreign table say where, and in which system.
 *
 * Every way to a place (the format's geometry, a column of WKT, pairs of
 * columns in both orders) is tried in every system that German offices use;
 * what puts most rows into the city, then into the country, wins.  Which column
 * points east is decided by the values, never by names alone.
 * One thread at a time (PROJ). */

#include "config.h"

#include "alm-import-error.h"
#include "alm-import-place-private.h"
#include "alm-import-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static void
way_free (gpointer data)
{
  AlmImportWay *way = data;

  g_free (way->guess.crs);
  g_free (way->guess.system);
  alm_crs_free (way->system);
  g_free (way);
}

typedef struct
{
  const AlmImportMapping     *mapping;
  const char                 *crs;     /* as given; NULL = none that is known */
  const AlmImportFacts       *facts;
  GPtrArray                  *columns;
  const AlmImportColumnStats *stats;
  GPtrArray                  *sample;
  const AlmImportCity        *city;
  GPtrArray                  *ways;
  GPtrArray                  *others;
  double                     *x;     /* room for the sample */
  double                     *y;
} Search;

/* Sets the shares of a way in the system that it already has. */
static void
score_way (Search       *search,
           AlmImportWay *way,
           guint         n)
{
  g_autofree double *x = g_memdup2 (search->x, sizeof (double) * MAX (n, 1));
  g_autofree double *y = g_memdup2 (search->y, sizeof (double) * MAX (n, 1));
  g_autofree double *x2 = g_memdup2 (search->y, sizeof (double) * MAX (n, 1));
  g_autofree double *y2 = g_memdup2 (search->x, sizeof (double) * MAX (n, 1));
  guint in_city = 0, in_country = 0, straight = 0;
  gboolean is_pair = way->guess.type == ALM_IMPORT_PLACE_PAIR;

  /* Where x and y change places from row to row, both orders are right in turn. */
  alm_crs_to_lonlat (way->system, x, y, n);
  if (is_pair)
    alm_crs_to_lonlat (way->system, x2, y2, n);
  for (guint i = 0; i < n; i++)
    {
      gboolean is_straight = alm_import_box_holds (&search->city->country, x[i], y[i]);
      double lon = is_straight || !is_pair ? x[i] : x2[i];
      double lat = is_straight || !is_pair ? y[i] : y2[i];

      straight += is_straight;
      in_country += alm_import_box_holds (&search->city->country, lon, lat);
      in_city += alm_import_box_holds (&search->city->city, lon, lat);
    }
  way->straight = n > 0 ? (double) straight / n : 0;
  way->guess.filled = search->sample->len > 0 ? (double) n / search->sample->len : 0;
  way->guess.in_city = n > 0 ? (double) in_city / n : 0;
  way->guess.in_country = n > 0 ? (double) in_country / n : 0;
}

/* Of a place in the country, where there is one: what lies elsewhere may be converted by
 * another operation, or by none. */
static double
measure_accuracy (Search *search,
                  AlmCrs *system,
                  guint   n)
{
  for (guint i = 0; i < n; i++)
    {
      double x = search->x[i], y = search->y[i];

      alm_crs_to_lonlat (system, &x, &y, 1);
      if (alm_import_box_holds (&search->city->country, x, y))
        break;
    }

  return alm_crs_get_accuracy (system);
}

static guint
collect_raw (Search             *search,
             const AlmImportWay *way)
{
  guint n = 0;

  for (guint i = 0; i < search->sample->len; i++)
    {
      const AlmImportSample *sample = search->sample->pdata[i];
      gsize length = 0;
      AlmImportRow row = {
        .n_cells = sample->n_cells, .cells = (const char *const *) sample->cells,
        .wkb = sample->wkb != NULL ? g_bytes_get_data (sample->wkb, &length) : NULL,
      };

      row.wkb_length = length;
      if (alm_import_way_get_raw (way, &row, &search->x[n], &search->y[n]))
        n++;
    }

  return n;
}

/* Whether most of the raw places can lie in a system at all. */
static gboolean
may_be (Search *search,
        int     epsg,
        guint   n)
{
  guint n_may = 0;

  for (guint i = 0; i < n; i++)
    n_may += alm_crs_may_hold (epsg, search->x[i], search->y[i])
             || alm_crs_may_hold (epsg, search->y[i], search->x[i]);

  return 2 * n_may > n;
}

static const char *
explain_system (Search       *search,
                AlmImportWay *way,
                const char   *declared)
{
  if (declared != NULL)
    return search->crs != NULL ? N_("as given") : N_("the file says so");
  if (!way->guess.is_metric)
    return N_("its numbers are degrees");

  return way->guess.in_city >= 0.95 ? N_("it puts the rows into the city")
                                    : N_("the file does not say its system");
}

/* @declared: the system, where somebody says it */
static AlmImportWay *
make_way (Search              *search,
          AlmImportPlaceGuess  guess,
          const char          *crs,
          const char          *declared,
          guint                n)
{
  AlmCrs *system = alm_crs_new (crs, NULL);
  AlmImportWay *way;

  if (system == NULL)
    return NULL;

  way = g_new0 (AlmImportWay, 1);
  way->guess = guess;
  way->guess.declared = declared != NULL;
  way->guess.crs = g_strdup (alm_crs_get_epsg (system) > 0 ? alm_crs_get_id (system) : crs);
  way->guess.is_metric = !alm_crs_is_lonlat (system);
  way->system = system;
  way->decimal[0] = guess.x >= 0 ? search->stats[guess.x].decimal : '.';
  way->decimal[1] = guess.y >= 0 ? search->stats[guess.y].decimal : '.';
  score_way (search, way, n);
  way->guess.system = g_strdup (alm_crs_get_name (system));
  way->guess.accuracy_m = measure_accuracy (search, system, n);
  way->guess.system_reason = explain_system (search, way, declared);

  return way;
}

/* In each system that is possible, to choose from. */
static void
try_systems (Search              *search,
             AlmImportPlaceGuess  guess,
             GPtrArray           *ways,
             guint                n)
{
  guint n_systems;
  const int *systems = alm_crs_candidates (&n_systems);

  for (guint i = 0; i <= n_systems; i++)
    {
      int epsg = i == 0 ? search->city->crs : systems[i - 1];
      g_autofree char *crs = g_strdup_printf ("EPSG:%d", epsg);
      AlmImportWay *way;

      if ((i > 0 && epsg == search->city->crs) || !may_be (search, epsg, n))
        continue;
      way = make_way (search, guess, crs, NULL, n);
      if (way != NULL)
        g_ptr_array_add (ways, way);
    }
}

/* One way in the declared system, the others being offered all the same, or in each that
 * is possible. */
static void
try_way (Search              *search,
         AlmImportPlaceGuess  guess,
         const char          *declared)
{
  AlmImportWay probe = { .guess = guess };
  AlmImportWay *way;
  guint n;

  probe.decimal[0] = guess.x >= 0 ? search->stats[guess.x].decimal : '.';
  probe.decimal[1] = guess.y >= 0 ? search->stats[guess.y].decimal : '.';
  n = collect_raw (search, &probe);
  if (search->crs != NULL)
    declared = search->crs;
  if (declared == NULL)
    {
      try_systems (search, guess, search->ways, n);
      return;
    }

  way = make_way (search, guess, declared, declared, n);
  if (way == NULL)
    return;
  g_ptr_array_add (search->ways, way);
  try_systems (search, guess, search->others, n);
}

/* Families of names; east before north. */
static const struct { const char *east, *north; gboolean plain; } families[] = {
  { "rechtswert", "hochwert", FALSE }, { "rw", "hw", FALSE }, { "ost", "nord", FALSE },
  { "ostwert", "nordwert", FALSE }, { "easting", "northing", FALSE }, { "east", "north", FALSE },
  { "lon", "lat", FALSE }, { "long", "lat", FALSE }, { "longitude", "latitude", FALSE },
  { "lng", "lat", FALSE }, { "laenge", "breite", FALSE },
  { "laengengrad", "breitengrad", FALSE }, { "geolaenge", "geobreite", FALSE },
  { "x", "y", TRUE }, { "xkoordinate", "ykoordinate", TRUE }, { "xkoord", "ykoord", TRUE },
  { "koordx", "koordy", TRUE }, { "xcoord", "ycoord", TRUE }, { "coordx", "coordy", TRUE },
  { "pointx", "pointy", TRUE }, { "utmx", "utmy", TRUE }, { "utme", "utmn", TRUE },
  { "e", "n", TRUE }, { "gkrechts", "gkhoch", FALSE },
};

/* A header's name without what only tells the system: "lon_4326", "X_UTM32". */
static char *
get_stem (const char *name)
{
  g_autofree char *folded = alm_import_fold_name (name);
  static const char *const tails[] = {
    "4326", "25832", "25833", "31467", "31468", "31469", "4647", "5650", "utm32", "utm33", "utm",
    "etrs89", "wgs84", "gk", "gk3", "gk4", "gk5",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    if (g_str_has_suffix (folded, tails[i]) && strlen (folded) > strlen (tails[i]))
      return g_strndup (folded, strlen (folded) - strlen (tails[i]));

  return g_steal_pointer (&folded);
}

/* What a header has besides the stem, so that pairs belong together. */
static char *
get_tail (const char *name,
          const char *stem)
{
  g_autofree char *folded = alm_import_fold_name (name);

  return g_strdup (folded + MIN (strlen (stem), strlen (folded)));
}

static gboolean
is_numeric (const AlmImportColumnStats *stats)
{
  return stats->n > 0 && 2 * MAX (stats->n_point, stats->n_comma) > stats->n;
}

static void
try_pair (Search     *search,
          int         x,
          int         y,
          gboolean    plain,
          const char *reason)
{
  AlmImportPlaceGuess guess = {
    .type = ALM_IMPORT_PLACE_PAIR, .x = x, .y = y, .plain_names = plain, .reason = reason,
  };

  try_way (search, guess, NULL);
  guess.x = y;
  guess.y = x;
  try_way (search, guess, NULL);
}

static gboolean
try_named_pairs (Search *search)
{
  guint n = search->columns->len;
  gboolean found = FALSE;

  for (guint a = 0; a < n; a++)
    for (guint b = 0; b < n; b++)
      {
        g_autofree char *stem_a = NULL;
        g_autofree char *stem_b = NULL;
        g_autofree char *tail_a = NULL;
        g_autofree char *tail_b = NULL;

        if (a == b || !is_numeric (&search->stats[a]) || !is_numeric (&search->stats[b]))
          continue;
        stem_a = get_stem (search->columns->pdata[a]);
        stem_b = get_stem (search->columns->pdata[b]);
        tail_a = get_tail (search->columns->pdata[a], stem_a);
        tail_b = get_tail (search->columns->pdata[b], stem_b);
        if (strcmp (tail_a, tail_b) != 0)
          continue;
        for (guint i = 0; i < G_N_ELEMENTS (families); i++)
          if (strcmp (stem_a, families[i].east) == 0 && strcmp (stem_b, families[i].north) == 0)
            {
              try_pair (search, (int) a, (int) b, families[i].plain,
                        N_("usual names of such columns"));
              found = TRUE;
              break;
            }
      }

  return found;
}

/* Neighbouring columns of numbers, where no name says anything. */
static void
try_neighbours (Search *search)
{
  for (guint i = 0; i + 1 < search->columns->len; i++)
    if (is_numeric (&search->stats[i]) && is_numeric (&search->stats[i + 1]))
      try_pair (search, (int) i, (int) i + 1, TRUE, N_("numbers that can be places"));
}

/* Columns of WKT or GeoJSON. */
static void
try_text_shapes (Search *search)
{
  for (guint i = 0; i < search->columns->len; i++)
    {
      guint n_shapes = 0, n_json = 0, n = 0;

      for (guint k = 0; k < search->sample->len && n < 50; k++)
        {
          const AlmImportSample *sample = search->sample->pdata[k];
          g_autofree char *text = i < sample->n_cells && sample->cells[i] != NULL
                                  ? alm_import_trim (sample->cells[i]) : g_strdup ("");
          g_autoptr (GByteArray) wkb = NULL;
          gboolean is_json, odd;

          if (*text == '\0')
            continue;
          n++;
          if (*text != '{' && !g_ascii_isalpha (*text))
            continue;
          if (strchr (text, *text == '{' ? '[' : '(') == NULL)
            continue;
          wkb = alm_import_read_shape (text, &is_json, &odd);
          n_shapes += wkb != NULL;
          n_json += wkb != NULL && is_json;
        }
      if (n > 0 && 2 * n_shapes > n)
        try_way (search, (AlmImportPlaceGuess) { .type = ALM_IMPORT_PLACE_WKT, .x = (int) i,
                                                 .y = -1,
                                                 .reason = N_("geometries as text") },
                 n_json > 0 ? ALM_CRS_LONLAT : NULL);
    }
}

static int
find_column (GPtrArray  *columns,
             const char *name)
{
  for (guint i = 0; i < columns->len; i++)
    if (g_strcmp0 (columns->pdata[i], name) == 0)
      return (int) i;

  return -1;
}

static gboolean
try_given (Search  *search,
           GError **error)
{
  const AlmImportMapping *mapping = search->mapping;
  AlmImportPlaceGuess guess = {
    .type = mapping->place, .x = -1, .y = -1, .reason = N_("as given"),
  };

  if (mapping->place == ALM_IMPORT_PLACE_FILE)
    {
      try_way (search, guess, search->facts->crs);
      return TRUE;
    }

  guess.x = find_column (search->columns, mapping->x);
  if (mapping->place == ALM_IMPORT_PLACE_PAIR)
    guess.y = find_column (search->columns, mapping->y);
  if (guess.x < 0 || (mapping->place == ALM_IMPORT_PLACE_PAIR && guess.y < 0))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "mapping: /place: there is no column \"%s\"",
                   guess.x < 0 ? mapping->x : mapping->y);
      return FALSE;
    }
  try_way (search, guess, NULL);

  return TRUE;
}

static int
in_percent (double share)
{
  return (int) floor (share * 100 + 0.5);
}

/* assets-map.md, section 4.8: the order of candidates. */
static int
compare_ways (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  const AlmImportWay *left = *(AlmImportWay *const *) a, *right = *(AlmImportWay *const *) b;
  const AlmImportPlaceGuess *l = &left->guess, *r = &right->guess;
  int city = GPOINTER_TO_INT (user_data);

  if ((l->filled >= 0.5) != (r->filled >= 0.5))
    return l->filled >= 0.5 ? -1 : 1;
  if (in_percent (l->in_city) != in_percent (r->in_city))
    return in_percent (r->in_city) - in_percent (l->in_city);
  if (in_percent (l->in_country) != in_percent (r->in_country))
    return in_percent (r->in_country) - in_percent (l->in_country);
  if (l->type == ALM_IMPORT_PLACE_PAIR && r->type == l->type
      && in_percent (left->straight) != in_percent (right->straight))
    return in_percent (right->straight) - in_percent (left->straight);
  if (l->type != r->type && (l->type == ALM_IMPORT_PLACE_FILE || r->type == ALM_IMPORT_PLACE_FILE))
    return l->type == ALM_IMPORT_PLACE_FILE ? -1 : 1;
  if ((alm_crs_get_epsg (left->system) == city) != (alm_crs_get_epsg (right->system) == city))
    return alm_crs_get_epsg (left->system) == city ? -1 : 1;
  if (l->plain_names != r->plain_names)
    return l->plain_names ? 1 : -1;
  if (l->is_metric != r->is_metric)
    return l->is_metric ? -1 : 1;
  if (l->type != r->type)
    return l->type == ALM_IMPORT_PLACE_PAIR ? -1 : 1;

  return 0;
}

gboolean
alm_import_place_guess_is_alike (const AlmImportPlaceGuess *self,
                                 const AlmImportPlaceGuess *other)
{
  return self->type == other->type && ((self->x == other->x && self->y == other->y)
                                       || (self->x == other->y && self->y == other->x));
}

static const AlmImportPlaceGuess *
get_guess (GPtrArray *ways,
           guint      index)
{
  return &((AlmImportWay *) ways->pdata[index])->guess;
}

/* Only the best system of each way is used; the others are offered. */
static void
part_doubles (GPtrArray *ways,
              GPtrArray *others)
{
  for (guint i = 0; i < ways->len; i++)
    for (guint k = ways->len; k-- > i + 1;)
      if (alm_import_place_guess_is_alike (get_guess (ways, i), get_guess (ways, k)))
        g_ptr_array_add (others, g_ptr_array_steal_index (ways, k));
}

/* Each system of a way once, in the better order of its columns, and none that puts
 * nothing into the country.  @others: best first */
static void
thin_out (GPtrArray *others,
          GPtrArray *ways)
{
  for (guint i = others->len; i-- > 0;)
    {
      const AlmImportPlaceGuess *guess = get_guess (others, i);
      gboolean is_known = guess->in_country < 0.05;

      for (guint k = 0; k < ways->len + i && !is_known; k++)
        {
          const AlmImportPlaceGuess *other = k < ways->len ? get_guess (ways, k)
                                                           : get_guess (others, k - ways->len);

          is_known = alm_import_place_guess_is_alike (guess, other)
                     && strcmp (guess->crs, other->crs) == 0;
        }
      if (is_known)
        g_ptr_array_remove_index (others, i);
    }
}

/* A guessed metric system must put the rows into the city; lon/lat, which is
 * nothing else in that range, into the country. */
static gboolean
is_safe (const AlmImportPlaceGuess *guess)
{
  if (guess->declared)
    return TRUE;

  return guess->in_city >= 0.95 || (!guess->is_metric && guess->in_country >= 0.95);
}

/* Puts the ways in their order; FALSE: none is safe enough to be used. */
static gboolean
decide (Search   *search,
        gboolean  given)
{
  const AlmImportPlaceGuess *best;

  g_ptr_array_sort_with_data (search->ways, compare_ways,
                              GINT_TO_POINTER (search->city->crs));
  part_doubles (search->ways, search->others);
  g_ptr_array_sort_with_data (search->others, compare_ways,
                              GINT_TO_POINTER (search->city->crs));
  thin_out (search->others, search->ways);
  if (search->ways->len == 0)
    return TRUE;

  best = get_guess (search->ways, 0);
  if (!is_safe (best) && (given || best->type == ALM_IMPORT_PLACE_FILE
                          || (best->filled > 0.5 && best->in_country >= 0.5)))
    return FALSE;

  /* What is hardly ever in the country is no place but some numbers. */
  for (guint i = search->ways->len; i-- > 0;)
    {
      best = get_guess (search->ways, i);
      if (best->in_country < 0.5 && !best->declared)
        g_ptr_array_remove_index (search->ways, i);
    }

  return TRUE;
}

gboolean
alm_import_places_check (AlmImportPlaces  *self,
                         GError          **error)
{
  const AlmImportPlaceGuess *best;

  if (self->unknown != NULL)
    {
      g_set_error_literal (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_SYSTEM, self->unknown);
      return FALSE;
    }
  if (!self->is_unsafe)
    return TRUE;

  best = get_guess (self->ways, 0);
  g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_SYSTEM,
               _("the file does not say its reference system and none puts its places into "
                 "the city (best: %s, %d %%); choose one"), best->crs,
               in_percent (best->in_city));

  return FALSE;
}

AlmImportPlaces *
alm_import_places_new (const AlmImportMapping      *mapping,
                       const AlmImportFacts        *facts,
                       GPtrArray                   *columns,
                       const AlmImportColumnStats  *stats,
                       GPtrArray                   *sample,
                       const AlmImportCity         *city,
                       GError                     **error)
{
  g_autoptr (AlmImportPlaces) self = g_new0 (AlmImportPlaces, 1);
  g_autofree double *x = g_new0 (double, sample->len + 1);
  g_autofree double *y = g_new0 (double, sample->len + 1);
  Search search = {
    .mapping = mapping, .facts = facts, .columns = columns, .stats = stats, .sample = sample,
    .city = city, .x = x, .y = y,
  };
  gboolean given = mapping->place != ALM_IMPORT_PLACE_GUESS;
  g_autoptr (AlmCrs) known = NULL;
  g_autoptr (GError) reason = NULL;

  self->city = *city;
  self->ways = search.ways = g_ptr_array_new_with_free_func (way_free);
  self->others = search.others = g_ptr_array_new_with_free_func (way_free);
  if (mapping->crs != NULL && (known = alm_crs_new (mapping->crs, &reason)) == NULL)
    self->unknown = g_strdup (reason->message);
  search.crs = known != NULL ? mapping->crs : NULL;
  if (mapping->place == ALM_IMPORT_PLACE_NONE)
    return g_steal_pointer (&self);

  if (given)
    {
      if (!try_given (&search, error))
        return NULL;
    }
  else
    {
      if (facts->geometry != NULL)
        try_way (&search, (AlmImportPlaceGuess) { .type = ALM_IMPORT_PLACE_FILE, .x = -1,
                                                  .y = -1,
                                                  .reason = N_("the format's own geometry") },
                 facts->crs);
      try_text_shapes (&search);
      if (!try_named_pairs (&search) && search.ways->len == 0)
        try_neighbours (&search);
    }
  self->is_unsafe = !decide (&search, given);

  return g_steal_pointer (&self);
}

