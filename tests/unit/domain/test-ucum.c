/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-ucum.h"

static void
test_codes (void)
{
  static const char *const good[] = {
    "m", "cm", "km", "mm", "m2", "m3", "har", "km2", "kg", "t", "kg/m3", "g.m-2", "m/s", "m/s2",
    "km/h", "Cel", "K", "%", "W", "kW.h", "lm", "lx", "cd", "V", "mV", "A", "Ohm", "Pa", "hPa",
    "bar",
    "l", "L", "mL", "s", "min", "h", "d", "wk", "mo", "a", "deg", "'", "''", "gon", "10*3/uL",
    "10^6",
    "{tree}", "m{crown}", "1", "/m", "100/m", "(m/s)", "[ft_i]", "[in_i]",
    "[ppm]", "B[SPL]", "[pH]", "KiBy", "MBy", "By", "bit", "mol/l", "ug/m3",
    "%[slope]", "m[H2O]", "dam",
  };
  static const char *const bad[] = {
    "", "Meter", "M", "meter", "metre", "grd", "°C", "C°", "km/", "m/s/", "m**2", "m^2", "m²", "qm",
    "ha", "Jahr", "Stück", "sec", "Std", "m s", " m", "m ", "(m", "m)", "()", "m2x", "[ft", "{a b}",
    "{a", "kmin", "k%", "kd", "EUR", "m+2.", "((((((((((m))))))))))", "2m",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (!alm_ucum_is_code (good[i]))
      g_error ("refused: %s", good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (alm_ucum_is_code (bad[i]))
      g_error ("taken: %s", bad[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/ucum/codes", test_codes);

  return g_test_run ();
}
