/* SPDX-License-Identifier: EUPL-1.2 */

/* Sixty-two kinds of trees as a central German town has them. */

#include "config.h"

#include "alm-town-species.h"

const AlmTownSpecies alm_town_species[] = {
  /* shares: street, park, bank, cemetery, village, forest edge; height, crown, slowness */
  { "Tilia cordata",                  "Winterlinde",
    { 40, 20,  3, 26, 24,  4 }, 25, 14, 45 },
  { "Tilia platyphyllos",             "Sommerlinde",
    { 10, 12,  1, 14, 16,  2 }, 30, 16, 50 },
  { "Tilia tomentosa",                "Silberlinde",
    { 12,  4,  0,  3,  1,  0 }, 25, 14, 40 },
  { "Tilia × europaea",               "Holländische Linde",
    { 12,  6,  0,  8,  4,  0 }, 28, 14, 45 },
  { "Acer platanoides",               "Spitzahorn",
    { 34, 16,  3, 12,  8,  6 }, 22, 13, 35 },
  { "Acer pseudoplatanus",            "Bergahorn",
    { 14, 18,  4, 12,  8,  9 }, 28, 15, 40 },
  { "Acer campestre",                 "Feldahorn",
    { 14,  9,  3,  5,  6,  8 }, 14,  9, 35 },
  { "Acer rubrum",                    "Rotahorn",
    {  4,  2,  0,  1,  0,  0 }, 18, 10, 35 },
  { "Acer saccharinum",               "Silberahorn",
    {  2,  5,  2,  2,  0,  0 }, 26, 17, 30 },
  { "Acer negundo",                   "Eschenahorn",
    {  1,  3,  3,  0,  1,  1 }, 15, 11, 25 },
  { "Aesculus hippocastanum",         "Gewöhnliche Rosskastanie",
    { 12, 14,  1, 10, 12,  1 }, 25, 16, 45 },
  { "Aesculus × carnea",              "Rote Rosskastanie",
    {  5,  3,  0,  3,  2,  0 }, 16, 11, 45 },
  { "Platanus × hispanica",           "Ahornblättrige Platane",
    { 20,  9,  2,  2,  1,  0 }, 30, 20, 45 },
  { "Quercus robur",                  "Stieleiche",
    { 11, 18,  5,  6,  9, 16 }, 30, 18, 70 },
  { "Quercus petraea",                "Traubeneiche",
    {  3,  6,  0,  2,  2, 12 }, 28, 16, 70 },
  { "Quercus rubra",                  "Roteiche",
    {  6,  8,  0,  3,  1,  5 }, 24, 15, 45 },
  { "Quercus cerris",                 "Zerreiche",
    {  4,  3,  0,  1,  0,  1 }, 24, 13, 50 },
  { "Fraxinus excelsior",             "Gewöhnliche Esche",
    {  9, 10, 12,  5,  9,  9 }, 32, 16, 40 },
  { "Fraxinus ornus",                 "Blumenesche",
    {  6,  2,  0,  1,  0,  0 }, 10,  7, 35 },
  { "Fagus sylvatica",                "Rotbuche",
    {  0, 14,  0,  6,  2, 17 }, 32, 20, 70 },
  { "Fagus sylvatica 'Atropunicea'",  "Blutbuche",
    {  0,  5,  0,  3,  0,  0 }, 28, 18, 70 },
  { "Carpinus betulus",               "Hainbuche",
    { 12, 12,  3, 10,  5, 12 }, 18, 11, 45 },
  { "Robinia pseudoacacia",           "Robinie",
    { 12,  6,  1,  2,  3,  3 }, 22, 11, 30 },
  { "Betula pendula",                 "Hängebirke",
    {  5, 11,  2, 15,  6,  8 }, 20,  9, 30 },
  { "Betula utilis",                  "Himalayabirke",
    {  1,  1,  0,  2,  0,  0 }, 13,  7, 30 },
  { "Alnus glutinosa",                "Schwarzerle",
    {  0,  3, 27,  0,  1,  3 }, 22,  9, 30 },
  { "Alnus incana",                   "Grauerle",
    {  0,  1,  8,  0,  0,  1 }, 16,  8, 25 },
  { "Alnus × spaethii",               "Purpurerle",
    {  3,  1,  1,  0,  0,  0 }, 16,  8, 25 },
  { "Salix alba",                     "Silberweide",
    {  0,  4, 30,  0,  2,  1 }, 22, 14, 25 },
  { "Salix × fragilis",               "Bruchweide",
    {  0,  1, 19,  0,  1,  1 }, 17, 12, 25 },
  { "Salix caprea",                   "Salweide",
    {  0,  1,  7,  0,  1,  4 },  9,  6, 20 },
  { "Salix babylonica",               "Trauerweide",
    {  0,  3,  4,  2,  1,  0 }, 15, 13, 25 },
  { "Populus nigra",                  "Schwarzpappel",
    {  1,  3, 10,  0,  2,  1 }, 30, 15, 30 },
  { "Populus nigra 'Italica'",        "Pyramidenpappel",
    {  2,  2,  6,  0,  2,  0 }, 30,  5, 25 },
  { "Populus tremula",                "Zitterpappel",
    {  0,  2,  4,  0,  1,  5 }, 20,  9, 25 },
  { "Ulmus laevis",                   "Flatterulme",
    {  3,  3, 10,  0,  1,  2 }, 28, 15, 45 },
  { "Ulmus glabra",                   "Bergulme",
    {  1,  3,  1,  2,  1,  2 }, 28, 16, 45 },
  { "Prunus avium",                   "Vogelkirsche",
    {  3,  6,  1,  2, 11,  6 }, 18, 10, 30 },
  { "Prunus padus",                   "Gewöhnliche Traubenkirsche",
    {  0,  3,  7,  1,  1,  3 }, 12,  8, 25 },
  { "Prunus serrulata",               "Japanische Blütenkirsche",
    {  6,  4,  0,  3,  1,  0 },  9,  7, 25 },
  { "Prunus cerasifera",              "Kirschpflaume",
    {  2,  2,  0,  0,  4,  1 },  7,  5, 20 },
  { "Sorbus aucuparia",               "Eberesche",
    {  6,  5,  1,  4,  6,  5 }, 12,  6, 30 },
  { "Sorbus intermedia",              "Schwedische Mehlbeere",
    {  9,  2,  0,  2,  1,  0 }, 13,  7, 35 },
  { "Sorbus aria",                    "Echte Mehlbeere",
    {  4,  2,  0,  2,  1,  1 }, 11,  7, 35 },
  { "Crataegus monogyna",             "Eingriffeliger Weißdorn",
    {  3,  4,  1,  1,  3,  6 },  7,  5, 35 },
  { "Crataegus laevigata 'Paul's Scarlet'", "Rotdorn",
    {  6,  2,  0,  2,  1,  0 },  7,  5, 35 },
  { "Corylus colurna",                "Baumhasel",
    { 11,  2,  0,  2,  0,  0 }, 18,  9, 45 },
  { "Ginkgo biloba",                  "Ginkgo",
    {  5,  3,  0,  2,  0,  0 }, 22,  9, 60 },
  { "Gleditsia triacanthos",          "Lederhülsenbaum",
    {  9,  2,  0,  0,  0,  0 }, 20, 12, 40 },
  { "Liquidambar styraciflua",        "Amerikanischer Amberbaum",
    {  5,  2,  0,  1,  0,  0 }, 18,  9, 45 },
  { "Liriodendron tulipifera",        "Tulpenbaum",
    {  1,  4,  0,  1,  0,  0 }, 28, 13, 45 },
  { "Styphnolobium japonicum",        "Japanischer Schnurbaum",
    {  4,  3,  0,  0,  0,  0 }, 18, 13, 45 },
  { "Catalpa bignonioides",           "Trompetenbaum",
    {  2,  3,  0,  1,  0,  0 }, 12, 10, 35 },
  { "Juglans regia",                  "Walnuss",
    {  0,  3,  0,  0, 13,  2 }, 18, 14, 40 },
  { "Malus domestica",                "Kulturapfel",
    {  0,  1,  0,  0, 15,  1 },  7,  7, 25 },
  { "Pyrus calleryana",               "Chinesische Wildbirne",
    {  7,  1,  0,  0,  0,  0 }, 12,  6, 30 },
  { "Pyrus communis",                 "Kulturbirne",
    {  1,  1,  0,  0, 11,  1 }, 13,  7, 35 },
  { "Pinus sylvestris",               "Waldkiefer",
    {  0,  6,  0, 11,  1, 10 }, 26,  9, 50 },
  { "Pinus nigra",                    "Schwarzkiefer",
    {  0,  5,  0,  7,  1,  2 }, 24,  9, 50 },
  { "Picea abies",                    "Gewöhnliche Fichte",
    {  0,  3,  0,  7,  3,  6 }, 30,  8, 45 },
  { "Thuja occidentalis",             "Abendländischer Lebensbaum",
    {  0,  1,  0, 24,  1,  0 }, 14,  5, 40 },
  { "Taxus baccata",                  "Eibe",
    {  0,  5,  0, 14,  1,  1 }, 11,  8, 80 },
};

const guint alm_town_n_species = G_N_ELEMENTS (alm_town_species);

/* @unit: 0 … 1, picks by the shares of that place. */
guint
alm_town_pick_species (AlmTownPlace place,
                       double       unit)
{
  guint total = 0, sum = 0, wanted;

  for (guint i = 0; i < alm_town_n_species; i++)
    total += alm_town_species[i].share[place];
  wanted = (guint) (unit * total);
  for (guint i = 0; i < alm_town_n_species; i++)
    {
      sum += alm_town_species[i].share[place];
      if (wanted < sum)
        return i;
    }

  return 0;
}
