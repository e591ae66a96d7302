/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-import-assistant.h"
#include "alm-import-preview.h"
#include "alm-import-work.h"

G_BEGIN_DECLS

/* The assistant is in three files: alm-import-assistant.c (the order of steps) and
 * alm-import-steps-file.c and alm-import-steps.c (what they show). */

typedef enum {
  ALM_IMPORT_STEP_CHOOSE,
  ALM_IMPORT_STEP_FILE,
  ALM_IMPORT_STEP_PLACE,
  ALM_IMPORT_STEP_COLUMNS,
  ALM_IMPORT_STEP_CHECK
} AlmImportStep;

struct _AlmImportAssistant
{
  AdwWindow             parent_instance;

  /* Owned */
  AlmWorkbench         *workbench;
  AlmModel             *model;
  AlmImportWork        *work;          /* nullable: no file yet */
  AlmImportMapping     *mapping;       /* what the user has said; nullable */
  char                 *path;          /* nullable: no file yet */
  GPtrArray            *scopes;        /* (element-type utf8) */
  GtkFileChooserNative *chooser;
  GCancellable         *cancellable;   /* cancelled by dispose, freed by finalize */

  AlmImportStep         step;
  AlmImportStep         then;          /* where to go after reading */
  AlmImportFlags        force_flags;   /* what the switch on the last page stands for */
  gboolean              busy;
  gboolean              stuck;
  gboolean              analysed;
  gboolean              has_place;     /* the model has a geometry and the file may have one */
  gboolean              changed;       /* a column was given another meaning */
  gboolean              filling;       /* the program changes a control, not the user */

  /* Children made by code */
  AlmImportPreview     *preview;
  GPtrArray            *fields;        /* (element-type AlmField), those that a column may be */
  GPtrArray            *column_rows;   /* (element-type GtkWidget), borrowed */
  GPtrArray            *count_rows;
  GPtrArray            *issue_rows;

  /* Template children */
  AdwWindowTitle       *title;
  GtkWidget            *back_button;
  GtkWidget            *next_button;
  GtkRevealer          *trouble;
  GtkLabel             *trouble_label;
  GtkLabel             *trouble_detail;
  GtkStack             *steps;
  GtkWidget            *choose_page;
  GtkWidget            *choose_button;
  GtkLabel             *busy_label;
  GtkProgressBar       *busy_bar;
  GtkLabel             *busy_rows;
  AdwActionRow         *file_row;
  AdwActionRow         *format_row;
  AdwComboRow          *encoding_row;
  AdwComboRow          *scope_row;
  AdwActionRow         *saved_row;
  GtkGrid              *sample_grid;
  AdwComboRow          *place_row;
  AdwBin               *preview_place;
  AdwPreferencesGroup  *columns_group;
  AdwPreferencesGroup  *counts_group;
  AdwPreferencesGroup  *issues_group;
  AdwPreferencesGroup  *force_group;
  AdwActionRow         *force_row;
  GtkSwitch            *force_switch;
};

void        alm_import_steps_build           (AlmImportAssistant *self);
void        alm_import_steps_build_file      (AlmImportAssistant *self);
void        alm_import_steps_fill_file       (AlmImportAssistant *self,
                                              AlmImport          *import);
/* After an analysis: the pages file, place and columns. */
void        alm_import_steps_fill            (AlmImportAssistant *self);
/* After a trial; @error: (nullable): why it was refused */
void        alm_import_steps_fill_check      (AlmImportAssistant *self,
                                              const GError       *error);
const char *alm_import_steps_get_scope       (AlmImportAssistant *self);

/* It is known now where a list can go: begins with the file that waits for that. */
void        alm_import_assistant_start       (AlmImportAssistant *self);
/* The user has said something about the file: read it in that way. */
void        alm_import_assistant_read_again  (AlmImportAssistant *self);
void        alm_import_assistant_change_scope (AlmImportAssistant *self);

G_END_DECLS
