/* SPDX-License-Identifier: EUPL-1.2 */

/* Who lives there: a cohort table per district, whole persons, every total an
 * addition.  The rows of 2025 are the districts' inhabitants. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

#define FIRST_YEAR 2003
#define LAST_YEAR 2025
#define AGE_GROUPS 18

/* Per mille of a town, five years each from birth on; the last is 85 and over. */
static const guint8 pyramid[AGE_GROUPS] = {
  44, 47, 46, 46, 50, 57, 66, 68, 65, 58, 57, 68, 74, 66, 56, 44, 50, 38
};

/* How much younger (+) or older (−) than the town, by AlmTownQuarter. */
static const double youth[] = { 0.10, 0.30, -0.20, -0.10, 0.20, 0.05, 0.0, -0.05, 0.0 };

static double
floor_space (AlmTown *self,
             guint    district)
{
  double sum = 0;

  for (guint i = 0; i < self->buildings->len; i++)
    {
      const AlmTownBuilding *building = TOWN_ITEM (self->buildings, AlmTownBuilding, i);

      if (building->until == 0 && strcmp (building->use, "residential") == 0
          && alm_path_contains (&TOWN_ITEM (self->districts, AlmTownDistrict, district)->outline,
                                building->outline.at[0]))
        sum += fabs (alm_path_area (&building->outline)) * building->floors;
    }

  return sum;
}

/* Persons of one cell; sexes differ with age. */
static guint
count_cell (AlmTown *self,
            guint64  noise,
            guint    district,
            int      year,
            guint    group,
            guint    sex)
{
  const AlmTownDistrict *own = TOWN_ITEM (self->districts, AlmTownDistrict, district);
  double middle = (group - 8.5) / 8.5;                   /* −1 children … 1 aged */
  double back = LAST_YEAR - year;
  double share = pyramid[group] / 1000.0 * (1 - youth[own->quarter] * middle);
  double trend = 1 + 0.05 * alm_town_noise (noise, back / 8, district + 0.5)
                 - back * (own->quarter == QUARTER_ESTATE ? -0.012 : 0.004);
  double women = 0.486 + 0.010 * middle + (group >= 14 ? 0.028 * (group - 13) : 0);

  /* The town was younger then. */
  share *= 1 - 0.010 * back * middle;
  share *= 1 + 0.04 * alm_town_noise (noise + 1, year * 1.7 + group, district * 3.3);

  return (guint) rint (own->built / 92 * share * trend * (sex == 0 ? women : 1 - women));
}

static guint64
noise_of (AlmTown *self)
{
  AlmRandom random;

  alm_random_seed_by (&random, self->seed, "people");

  return alm_random_next (&random);
}

void
alm_town_count_people (AlmTown *self)
{
  guint64 noise = noise_of (self);

  for (guint d = 0; d < self->districts->len; d++)
    {
      AlmTownDistrict *district = TOWN_ITEM (self->districts, AlmTownDistrict, d);

      district->built = floor_space (self, d);
      for (guint group = 0; group < AGE_GROUPS; group++)
        for (guint sex = 0; sex < 2; sex++)
          district->inhabitants += count_cell (self, noise, d, LAST_YEAR, group, sex);
    }
}

char *
alm_town_population_csv (AlmTown *self)
{
  GString *csv = g_string_new ("district,year,age_from,age_to,sex,persons\n");
  guint64 noise = noise_of (self);

  for (guint d = 0; d < self->districts->len; d++)
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
      for (guint group = 0; group < AGE_GROUPS; group++)
        for (guint sex = 0; sex < 2; sex++)
          {
            g_string_append_printf (csv, "%s,%d,%u,",
                                    TOWN_ITEM (self->districts, AlmTownDistrict, d)->name, year,
                                    group * 5);
            if (group + 1 < AGE_GROUPS)
              g_string_append_printf (csv, "%u", group * 5 + 4);
            g_string_append_printf (csv, ",%s,%u\n", sex == 0 ? "w" : "m",
                                    count_cell (self, noise, d, year, group, sex));
          }

  return g_string_free (csv, FALSE);
}
