/* SPDX-License-Identifier: EUPL-1.2 */

/* How the labels of a view are found: what is there, what it says, where that fits.
 *
 * Each job starts from the labels before it: their places, pictures and texts are
 * taken over, so that moving the map costs what comes into view.
 *
 * Reading belongs on a thread that owns a connection, placing and drawing in the
 * pool; both see plain data. */

#include "config.h"

#include "alm-label-job.h"

#include "alm-mercator.h"
#include "alm-model.h"

#include <math.h>

/* Where more stand in a view, hardly any label fits. */
#define MAX_SPOTS 2000
#define MAX_CHARS 40
/* Along a name that is turned. */
#define STEP_PX   6.0

typedef struct
{
  AlmAssetColumns *columns;
  AlmSymbol       *symbol;
  double           opacity;
} Layer;

/* Something that could have a label. */
typedef struct
{
  guint32  rid;
  guint8   opacity;
  gboolean is_selected;
  double   x;            /* units */
  double   y;
  int      radius;       /* pixels; −1: not a point */
} Spot;

/* What a label says and how large that is; "" for nothing. */
typedef struct
{
  char *text;
  int   width;           /* 0: not measured yet */
  int   height;
} Text;

struct _AlmLabelJob
{
  gatomicrefcount  ref_count;
  AlmPlacedLabels *before;     /* nullable */
  guint            zoom;
  AlmLabelBox      area;
  AlmLabelStyle    style;
  gint32           day;
  guint32          selected;
  gboolean         is_forgetful;
  AlmLabels       *names;      /* nullable */
  GArray          *layers;     /* Layer */
  GArray          *spots;      /* Spot */
  GHashTable      *texts;      /* rid → Text */
  Text            *full;       /* of what is selected; nullable */
};

static void
text_free (gpointer data)
{
  Text *text = data;

  g_free (text->text);
  g_free (text);
}

static void
clear_label (gpointer data)
{
  AlmPlacedLabel *label = data;

  g_free (label->text);
  g_object_unref (label->texture);
}

AlmPlacedLabels *
alm_placed_labels_ref (AlmPlacedLabels *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_placed_labels_unref (AlmPlacedLabels *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->labels);
  g_hash_table_unref (self->texts);
  g_free (self);
}

static void
clear_layer (gpointer data)
{
  Layer *layer = data;

  alm_asset_columns_unref (layer->columns);
  alm_symbol_unref (layer->symbol);
}

AlmLabelJob *
alm_label_job_new (AlmPlacedLabels     *before,
                   guint                zoom,
                   const AlmLabelBox   *area,
                   const AlmLabelStyle *style)
{
  AlmLabelJob *self = g_new0 (AlmLabelJob, 1);

  g_atomic_ref_count_init (&self->ref_count);
  if (before != NULL)
    self->before = alm_placed_labels_ref (before);
  self->zoom = zoom;
  self->area = *area;
  self->style = *style;
  self->layers = g_array_new (FALSE, FALSE, sizeof (Layer));
  g_array_set_clear_func (self->layers, clear_layer);
  self->spots = g_array_new (FALSE, FALSE, sizeof (Spot));
  self->texts = g_hash_table_new_full (NULL, NULL, NULL, text_free);

  return self;
}

AlmLabelJob *
alm_label_job_ref (AlmLabelJob *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_label_job_unref (AlmLabelJob *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->before, alm_placed_labels_unref);
  g_clear_pointer (&self->names, alm_labels_unref);
  g_clear_pointer (&self->full, text_free);
  g_array_unref (self->layers);
  g_array_unref (self->spots);
  g_hash_table_unref (self->texts);
  g_free (self);
}

void
alm_label_job_set_day (AlmLabelJob *self,
                       gint32       day)
{
  self->day = day;
}

void
alm_label_job_set_selected (AlmLabelJob *self,
                            gint64       rid)
{
  self->selected = rid > 0 && rid <= G_MAXUINT32 ? (guint32) rid : 0;
}

void
alm_label_job_set_names (AlmLabelJob *self,
                         AlmLabels   *names)
{
  self->names = alm_labels_ref (names);
}

void
alm_label_job_forget_texts (AlmLabelJob *self)
{
  self->is_forgetful = TRUE;
}

void
alm_label_job_add_layer (AlmLabelJob     *self,
                         AlmAssetColumns *columns,
                         AlmSymbol       *symbol,
                         double           opacity)
{
  Layer layer = { alm_asset_columns_ref (columns), alm_symbol_ref (symbol), opacity };

  g_array_append_val (self->layers, layer);
}

static double
get_units_per_pixel (const AlmLabelJob *self)
{
  return alm_mercator_units_per_pixel (self->zoom);
}

static void
add_spot (AlmLabelJob *self,
          const Layer *layer,
          guint        index)
{
  const AlmAssetColumns *columns = layer->columns;
  gboolean is_selected = columns->rid[index] == self->selected;
  Spot spot = {
    .rid = columns->rid[index], .is_selected = is_selected,
    .opacity = is_selected ? 255 : (guint8) (layer->opacity * 255.0 + 0.5),
    .x = columns->wx[index], .y = columns->wy[index],
    .radius = (int) ceil (alm_symbol_get_size (layer->symbol, self->zoom) / 2.0)
  };

  if (columns->shape_start != NULL && columns->shape_type[index] != ALM_SHAPE_POINT)
    spot.radius = -1;
  g_array_append_val (self->spots, spot);
}

/* What is selected is labelled on a hidden layer too, as it is marked there. */
static void
find_spots (AlmLabelJob *self)
{
  double upp = get_units_per_pixel (self);
  const AlmBox box = {
    alm_mercator_round (self->area.left * upp), alm_mercator_round (self->area.top * upp),
    alm_mercator_round (self->area.right * upp), alm_mercator_round (self->area.bottom * upp)
  };

  for (guint i = 0; i < self->layers->len; i++)
    {
      const Layer *layer = &g_array_index (self->layers, Layer, i);
      AlmAssetSearch search;
      guint index;

      alm_asset_search_init (&search, layer->columns, &box, self->day);
      while (alm_asset_search_next (&search, &index))
        if (layer->columns->rid[index] == self->selected ||
            (layer->opacity > 0.0 && self->spots->len < MAX_SPOTS))
          add_spot (self, layer, index);
    }
}

static Text *
take_text (char *text)
{
  Text *self = g_new0 (Text, 1);

  self->text = text;
  if (g_utf8_strlen (text, -1) > MAX_CHARS)
    {
      g_autofree char *begin = g_utf8_substring (text, 0, MAX_CHARS - 1);

      g_free (self->text);
      self->text = g_strconcat (begin, "…", NULL);
    }

  return self;
}

static gboolean
read_text (AlmDesk     *desk,
           guint32      rid,
           gboolean     is_full,
           Text       **text,
           GError     **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (AlmRow) row = NULL;
  AlmModel *model;

  *text = NULL;
  if (desk == NULL)
    {
      *text = take_text (g_strdup_printf ("%u", rid));
      return TRUE;
    }

  row = alm_desk_get_by_rid (desk, rid, &problem);
  /* It has gone since the columns were made. */
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      *text = take_text (g_strdup (""));
      return TRUE;
    }
  if (row == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  model = alm_desk_get_model (desk, row->kind);
  if (model == NULL || row->fields == NULL)
    *text = take_text (g_strdup (""));
  else
    *text = take_text (is_full ? alm_model_format_label (model, row->fields)
                               : alm_model_format_short_label (model, row->fields));

  return TRUE;
}

static gboolean
has_same_letters (const AlmLabelJob *self)
{
  return self->before != NULL && self->before->style.size == self->style.size;
}

/* What was known before; NULL: nothing. */
static Text *
recall_text (const AlmLabelJob *self,
             guint32            rid)
{
  const Text *known;
  Text *text;

  if (self->is_forgetful || self->before == NULL)
    return NULL;
  known = g_hash_table_lookup (self->before->texts, GUINT_TO_POINTER (rid));
  if (known == NULL)
    return NULL;

  text = g_memdup2 (known, sizeof *known);
  text->text = g_strdup (known->text);
  if (!has_same_letters (self))
    text->width = 0;

  return text;
}

gboolean
alm_label_job_read (AlmLabelJob  *self,
                    AlmDesk      *desk,
                    GError      **error)
{
  find_spots (self);
  for (guint i = 0; i < self->spots->len; i++)
    {
      const Spot *spot = &g_array_index (self->spots, Spot, i);
      Text *text = spot->is_selected ? NULL : recall_text (self, spot->rid);

      if (text == NULL && !read_text (desk, spot->rid, spot->is_selected, &text, error))
        return FALSE;
      if (spot->is_selected)
        {
          g_clear_pointer (&self->full, text_free);
          self->full = text;
        }
      else
        {
          g_hash_table_replace (self->texts, GUINT_TO_POINTER (spot->rid), text);
        }
    }

  return TRUE;
}

static Text *
get_text (const AlmLabelJob *self,
          const Spot        *spot)
{
  return spot->is_selected ? self->full
                           : g_hash_table_lookup (self->texts, GUINT_TO_POINTER (spot->rid));
}

static AlmLabelStyle
get_style (const AlmLabelJob *self,
           const Spot        *spot)
{
  AlmLabelStyle style = self->style;

  style.is_strong = spot->is_selected;
  style.opacity = spot->opacity;

  return style;
}

/* rid → AlmPlacedLabel of the labels before. */
static GHashTable *
index_labels (const AlmLabelJob *self)
{
  GHashTable *labels = g_hash_table_new (NULL, NULL);

  for (guint i = 0; self->before != NULL && i < self->before->labels->len; i++)
    {
      AlmPlacedLabel *label = &g_array_index (self->before->labels, AlmPlacedLabel, i);

      g_hash_table_insert (labels, GUINT_TO_POINTER (label->rid), label);
    }

  return labels;
}

static AlmLabelSpot *
make_label_spots (AlmLabelJob *self,
                  GHashTable  *labels)
{
  AlmLabelSpot *places = g_new (AlmLabelSpot, MAX (self->spots->len, 1));
  double upp = get_units_per_pixel (self);
  gboolean may_keep = has_same_letters (self) && self->before->zoom == self->zoom;

  for (guint i = 0; i < self->spots->len; i++)
    {
      const Spot *spot = &g_array_index (self->spots, Spot, i);
      const AlmPlacedLabel *label = g_hash_table_lookup (labels, GUINT_TO_POINTER (spot->rid));
      AlmLabelStyle style = get_style (self, spot);
      Text *text = get_text (self, spot);

      if (text->width == 0 && *text->text != '\0')
        alm_label_run_measure (text->text, &style, &text->width, &text->height);
      places[i] = (AlmLabelSpot) {
        .x = (int) lround (spot->x / upp), .y = (int) lround (spot->y / upp),
        .radius = spot->radius, .width = text->width, .height = text->height,
        .is_forced = spot->is_selected,
        .place = may_keep && label != NULL ? label->place : ALM_LABEL_HIDDEN
      };
    }

  return places;
}

/* Blocks what lies along a name, step by step: it may be turned. */
static void
block_name (AlmLabelGrid       *grid,
            const AlmLabelJob  *self,
            const AlmLabelName *name)
{
  int half = (int) ceil (name->half_height);

  for (double at = -name->half_width; at <= name->half_width; at += STEP_PX)
    {
      int x = self->area.left + (int) (name->x + at * cos (name->angle));
      int y = self->area.top + (int) (name->y + at * sin (name->angle));
      const AlmLabelBox box = { x - half, y - half, x + half, y + half };

      alm_label_grid_block (grid, &box);
    }
}

static void
block_names (AlmLabelGrid      *grid,
             const AlmLabelJob *self)
{
  double upp = get_units_per_pixel (self);
  g_autoptr (GArray) names = NULL;

  if (self->names == NULL)
    return;

  names = alm_labels_list (self->names, self->area.left * upp, self->area.top * upp, upp,
                           self->zoom, self->area.right - self->area.left + 1,
                           self->area.bottom - self->area.top + 1);
  for (guint i = 0; i < names->len; i++)
    block_name (grid, self, &g_array_index (names, AlmLabelName, i));
}

static GdkTexture *
make_texture (const char          *text,
              const AlmLabelStyle *style)
{
  g_autoptr (GBytes) bytes = NULL;
  AlmPixels pixels;

  alm_label_run_paint (text, style, &pixels);
  bytes = g_bytes_new_take (pixels.data, (gsize) pixels.stride * (gsize) pixels.height * 4);

  return gdk_memory_texture_new (pixels.width, pixels.height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED,
                                 bytes, (gsize) pixels.stride * 4);
}

/* The picture of before, if it would be the same. */
static GdkTexture *
get_texture (const AlmLabelJob    *self,
             const AlmPlacedLabel *before,
             const char           *text,
             const AlmLabelStyle  *style)
{
  if (before != NULL && has_same_letters (self) &&
      self->before->style.is_dark == style->is_dark &&
      self->before->style.scale == style->scale && before->is_strong == style->is_strong &&
      before->opacity == style->opacity && g_str_equal (before->text, text))
    return g_object_ref (before->texture);

  return make_texture (text, style);
}

static void
add_label (AlmLabelJob          *self,
           AlmPlacedLabels      *placed,
           const Spot           *spot,
           const AlmLabelSpot   *place,
           const AlmPlacedLabel *before)
{
  const Text *text = get_text (self, spot);
  AlmLabelStyle style = get_style (self, spot);
  AlmLabelBox box;
  AlmPlacedLabel label = {
    .rid = spot->rid, .is_strong = style.is_strong, .opacity = style.opacity,
    .place = place->place, .text = g_strdup (text->text), .x = spot->x, .y = spot->y,
    .width = text->width, .height = text->height,
    .texture = get_texture (self, before, text->text, &style)
  };

  alm_label_spot_get_box (place, place->place, &box);
  label.dx = box.left - place->x;
  label.dy = box.top - place->y;
  g_array_append_val (placed->labels, label);
}

AlmPlacedLabels *
alm_label_job_place (AlmLabelJob *self)
{
  AlmPlacedLabels *placed = g_new0 (AlmPlacedLabels, 1);
  g_autoptr (GHashTable) before = index_labels (self);
  g_autofree AlmLabelSpot *places = make_label_spots (self, before);
  g_autoptr (AlmLabelGrid) grid = alm_label_grid_new (&self->area);

  g_atomic_ref_count_init (&placed->ref_count);
  placed->zoom = self->zoom;
  placed->area = self->area;
  placed->style = self->style;
  placed->labels = g_array_new (FALSE, FALSE, sizeof (AlmPlacedLabel));
  g_array_set_clear_func (placed->labels, clear_label);

  block_names (grid, self);
  alm_label_grid_place (grid, places, self->spots->len);
  /* What is selected comes last, above the others. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->spots->len; i++)
      {
        const Spot *spot = &g_array_index (self->spots, Spot, i);

        if (places[i].place != ALM_LABEL_HIDDEN && spot->is_selected == (pass == 1))
          add_label (self, placed, spot, &places[i],
                     g_hash_table_lookup (before, GUINT_TO_POINTER (spot->rid)));
      }
  placed->texts = g_hash_table_ref (self->texts);

  return placed;
}
