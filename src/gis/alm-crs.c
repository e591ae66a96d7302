/* SPDX-License-Identifier: EUPL-1.2 */

/* Reference systems through PROJ.
 *
 * One PJ_CONTEXT per thread, made when first asked for (14 ms) and freed with
 * the thread; the network is off in it.  A way is looked for once in a thread
 * (20 ms in PROJ's database) and copied for whoever asks again (0.4 ms): a guess
 * tries a dozen systems on each pair of columns.  Copied and not shared, as a PJ
 * keeps which operation it used last.  Axes are always east, north: without
 * proj_normalize_for_visualization() they come as the authority writes them.
 * ETRS89/UTM and lon/lat never meet PROJ: they are our own series, equal to
 * 1e-6 m, and so much faster.
 * An AlmCrs belongs to the thread that made it. */

#include "config.h"

#include "alm-crs.h"

#include "alm-utm.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <proj.h>
#include <string.h>

struct _AlmCrs
{
  char       *id;
  char       *name;
  int         epsg;       /* 0: has none */
  gboolean    is_lonlat;
  int         utm;        /* EPSG of ETRS89/UTM, else 0 */
  PJ_CONTEXT *context;    /* borrowed from the thread */
  PJ         *way;        /* to lon/lat; NULL for lon/lat and UTM */
};

/* What a thread keeps. */
typedef struct
{
  PJ_CONTEXT *context;
  GHashTable *known;      /* definition → AlmCrs, to be copied */
} Keep;

/* A file's own WKT is a definition, too: there is no end of them. */
#define KNOWN_MAX 64

static void
keep_free (gpointer data)
{
  Keep *self = data;

  g_hash_table_unref (self->known);
  proj_context_destroy (self->context);
  g_free (self);
}

static GPrivate thread_keep = G_PRIVATE_INIT (keep_free);

static void
swallow_log (gpointer    data,
             int         level,
             const char *text)
{
  g_debug ("PROJ: %s", text);
}

static Keep *
get_keep (void)
{
  Keep *self = g_private_get (&thread_keep);

  if (self == NULL)
    {
      self = g_new (Keep, 1);
      self->context = proj_context_create ();
      proj_context_set_enable_network (self->context, 0);
      proj_log_func (self->context, NULL, swallow_log);
      self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) alm_crs_free);
      g_private_set (&thread_keep, self);
    }

  return self;
}

/* The number under which EPSG knows the system, also where a file brings its
 * own WKT; 0 where PROJ is not at least 70 % sure. */
static int
identify (PJ_CONTEXT *context,
          PJ         *crs)
{
  const char *code = proj_get_id_code (crs, 0);
  const char *authority = proj_get_id_auth_name (crs, 0);
  PJ_OBJ_LIST *list;
  int *confidence = NULL;
  int epsg = 0;

  if (code != NULL && g_strcmp0 (authority, "EPSG") == 0)
    return (int) g_ascii_strtoll (code, NULL, 10);
  if (g_strcmp0 (authority, "OGC") == 0 && g_strcmp0 (code, "CRS84") == 0)
    return 4326;

  list = proj_identify (context, crs, "EPSG", NULL, &confidence);
  if (list != NULL && proj_list_get_count (list) > 0 && confidence[0] >= 70)
    {
      PJ *found = proj_list_get (context, list, 0);

      code = proj_get_id_code (found, 0);
      epsg = code != NULL ? (int) g_ascii_strtoll (code, NULL, 10) : 0;
      proj_destroy (found);
    }
  proj_int_list_destroy (confidence);
  proj_list_destroy (list);

  return epsg;
}

/* Whether longitude and latitude of a system are ours without a shift. */
static gboolean
is_plain_lonlat (PJ  *crs,
                 int  epsg)
{
  PJ_TYPE type = proj_get_type (crs);

  return (type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS)
         && (epsg == 4326 || epsg == 4258 || epsg == 4979 || epsg == 4937);
}

static gboolean
open_way (AlmCrs  *self,
          PJ      *crs,
          GError **error)
{
  PJ *target = proj_create (self->context, "EPSG:4258");
  PJ *raw = target != NULL
            ? proj_create_crs_to_crs_from_pj (self->context, crs, target, NULL, NULL) : NULL;

  if (raw != NULL)
    self->way = proj_normalize_for_visualization (self->context, raw);
  proj_destroy (raw);
  proj_destroy (target);
  if (self->way == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "no way from %s to longitude and latitude", self->id);

  return self->way != NULL;
}

/* PROJ would also take names, pipelines and files; here only "EPSG:4326", its
 * number, the URN of a CRS, and WKT. */
static char *
tidy_definition (const char *definition)
{
  g_autofree char *text = g_strstrip (g_strdup (definition));

  if (text[0] != '\0' && strspn (text, "0123456789") == strlen (text))
    return g_strconcat ("EPSG:", text, NULL);
  if (g_str_has_prefix (text, "EPSG:") || g_str_has_prefix (text, "ESRI:")
      || strcmp (text, "OGC:CRS84") == 0 || g_str_has_prefix (text, "urn:ogc:def:crs:")
      || (g_ascii_isupper (text[0]) && strchr (text, '[') != NULL))
    return g_steal_pointer (&text);

  return NULL;
}

static PJ *
find_system (PJ_CONTEXT  *context,
             const char  *definition,
             GError     **error)
{
  g_autofree char *text = tidy_definition (definition);
  PJ *crs = text != NULL ? proj_create (context, text) : NULL;

  if (crs == NULL || !proj_is_crs (crs))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _("unknown reference system \"%.60s\""), definition);
      proj_destroy (crs);
      return NULL;
    }

  return crs;
}

static AlmCrs *
look_up (PJ_CONTEXT  *context,
         const char  *definition,
         GError     **error)
{
  g_autoptr (AlmCrs) self = NULL;
  PJ *crs;
  gboolean fine = TRUE;

  crs = find_system (context, definition, error);
  if (crs == NULL)
    return NULL;

  self = g_new0 (AlmCrs, 1);
  self->context = context;
  self->epsg = identify (context, crs);
  self->name = g_strdup (proj_get_name (crs));
  self->id = self->epsg > 0 ? g_strdup_printf ("EPSG:%d", self->epsg) : g_strdup (self->name);
  self->is_lonlat = is_plain_lonlat (crs, self->epsg);
  self->utm = alm_utm_is_system (self->epsg) ? self->epsg : 0;
  if (!self->is_lonlat && self->utm == 0)
    fine = open_way (self, crs, error);
  proj_destroy (crs);

  return fine ? g_steal_pointer (&self) : NULL;
}

static AlmCrs *
copy (const AlmCrs *self)
{
  AlmCrs *copied = g_memdup2 (self, sizeof *self);

  copied->id = g_strdup (self->id);
  copied->name = g_strdup (self->name);
  if (self->way != NULL)
    {
      copied->way = proj_clone (self->context, self->way);
      g_assert (copied->way != NULL);
    }

  return copied;
}

AlmCrs *
alm_crs_new (const char  *definition,
             GError     **error)
{
  Keep *keep = get_keep ();
  AlmCrs *known;

  g_return_val_if_fail (definition != NULL, NULL);

  known = g_hash_table_lookup (keep->known, definition);
  if (known == NULL)
    {
      known = look_up (keep->context, definition, error);
      if (known == NULL)
        return NULL;
      if (g_hash_table_size (keep->known) >= KNOWN_MAX)
        g_hash_table_remove_all (keep->known);
      g_hash_table_insert (keep->known, g_strdup (definition), known);
    }

  return copy (known);
}

void
alm_crs_free (AlmCrs *self)
{
  if (self == NULL)
    return;

  proj_destroy (self->way);
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

const char *
alm_crs_get_id (AlmCrs *self)
{
  return self->id != NULL ? self->id : "";
}

int
alm_crs_get_epsg (AlmCrs *self)
{
  return self->epsg;
}

const char *
alm_crs_get_name (AlmCrs *self)
{
  return self->name != NULL ? self->name : "";
}

gboolean
alm_crs_is_lonlat (AlmCrs *self)
{
  return self->is_lonlat;
}

double
alm_crs_get_accuracy (AlmCrs *self)
{
  PJ *used;
  double accuracy;

  if (self->way == NULL)
    return 0.0;

  used = proj_trans_get_last_used_operation (self->way);
  if (used == NULL)
    return -1.0;
  accuracy = proj_coordoperation_get_accuracy (self->context, used);
  proj_destroy (used);

  return accuracy;
}

char *
alm_crs_describe (AlmCrs *self)
{
  double accuracy = alm_crs_get_accuracy (self);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (accuracy < 0)
    return g_strdup (alm_crs_get_id (self));

  return g_strdup_printf ("%s, ±%s m", alm_crs_get_id (self),
                          g_ascii_formatd (number, sizeof number, "%.3g", accuracy));
}

static void
transform (AlmCrs       *self,
           PJ_DIRECTION  direction,
           double       *x,
           double       *y,
           gsize         n)
{
  proj_errno_reset (self->way);
  proj_trans_generic (self->way, direction, x, sizeof *x, n, y, sizeof *y, n,
                      NULL, 0, 0, NULL, 0, 0);
  for (gsize i = 0; i < n; i++)
    if (!isfinite (x[i]) || !isfinite (y[i]))
      x[i] = y[i] = NAN;
}

void
alm_crs_to_lonlat (AlmCrs *self,
                   double *x,
                   double *y,
                   gsize   n)
{
  if (self->way != NULL)
    transform (self, PJ_FWD, x, y, n);
  else if (self->utm != 0)
    for (gsize i = 0; i < n; i++)
      alm_utm_to_lonlat (self->utm, x[i], y[i], &x[i], &y[i]);

  for (gsize i = 0; i < n; i++)
    if (!(fabs (x[i]) <= 180.0) || !(fabs (y[i]) <= 90.0))
      x[i] = y[i] = NAN;
}

void
alm_crs_from_lonlat (AlmCrs *self,
                     double *x,
                     double *y,
                     gsize   n)
{
  if (self->way != NULL)
    transform (self, PJ_INV, x, y, n);
  else if (self->utm != 0)
    for (gsize i = 0; i < n; i++)
      alm_utm_from_lonlat (self->utm, x[i], y[i], &x[i], &y[i]);
}

const int *
alm_crs_candidates (guint *n)
{
  static const int systems[] = {
    4326, 25832, 25833, 4647, 5650, 31466, 31467, 31468, 31469, 2398, 2399, 3857,
  };

  *n = G_N_ELEMENTS (systems);

  return systems;
}

/* Generous windows; the first digit of a Gauss-Krüger east is its zone, so is
 * the prefix of 4647 (32…) and 5650 (33…). */
gboolean
alm_crs_may_hold (int    epsg,
                  double x,
                  double y)
{
  static const struct { int epsg; double x0, x1, y0, y1; } windows[] = {
    { 4326, -180, 180, -90, 90 },
    { 4258, -180, 180, -90, 90 },
    { 4647, 32e6, 33e6, 0, 1e7 },
    { 5650, 33e6, 34e6, 0, 1e7 },
    { 31466, 2e6, 3e6, 0, 1e7 },
    { 31467, 3e6, 4e6, 0, 1e7 },
    { 31468, 4e6, 5e6, 0, 1e7 },
    { 31469, 5e6, 6e6, 0, 1e7 },
    { 2398, 4e6, 5e6, 0, 1e7 },
    { 2399, 5e6, 6e6, 0, 1e7 },
    { 3857, -2.1e7, 2.1e7, -2.1e7, 2.1e7 },
  };

  if (alm_utm_is_system (epsg))
    return x >= -1e6 && x <= 2e6 && y >= 0 && y <= 1e7;
  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    if (windows[i].epsg == epsg)
      return x >= windows[i].x0 && x <= windows[i].x1
             && y >= windows[i].y0 && y <= windows[i].y1;

  return TRUE;
}
