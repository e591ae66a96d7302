/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-import-assistant.h"
#include "alm-import-preview.h"
#include "alm-import-work.h"

G_BEGIN_DECLS

/* The assistant is in four files: alm-import-assistant.c (the order of steps) and
 * alm-import-steps-file.c, -place.c and alm-import-steps.c (what they show). */

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
  GCancellable         *job;           /* of the job that runs; nullable */
  GError               *question;      /* which layer, which system: to be said first; nullable */
  GtkWidget            *asker;         /* borrowed: where it was said, which gets the focus back */

  AlmImportStep         step;
  AlmImportStep         then;          /* where to go after reading */
  AlmImportFlags        force_flags;   /* what the switch on the last page stands for */
  gboolean              busy;
  gboolean              stuck;
  gboolean              analysed;
  gboolean              has_place;     /* the model has a geometry */
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
  GtkWidget            *stop_button;
  AdwActionRow         *file_row;
  AdwComboRow          *layer_row;
  AdwActionRow         *format_row;
  AdwComboRow          *encoding_row;
  AdwComboRow          *scope_row;
  AdwActionRow         *saved_row;
  AdwPreferencesGroup  *sample_group;
  GtkGrid              *sample_grid;
  AdwComboRow          *place_row;
  AdwComboRow          *system_row;
  AdwActionRow         *epsg_row;
  GtkEntry             *epsg_entry;
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
void        alm_import_steps_build_place     (AlmImportAssistant *self);
void        alm_import_steps_fill_place      (AlmImportAssistant *self,
                                              AlmImport          *import);
/* What was typed as the system. */
void        alm_import_steps_take_epsg       (AlmImportAssistant *self);
/* What the user says about the file: from now on said, not guessed; (transfer none) */
AlmImportMapping *
            alm_import_steps_get_mapping     (AlmImportAssistant *self);
/* The list that a combo row opens has no name of its own. */
void        alm_import_steps_name_row        (AdwComboRow        *row);
/* After an analysis: the pages file, place and columns, as far as they are known where
 * there is a question. */
void        alm_import_steps_fill            (AlmImportAssistant *self);
/* After a trial; @error: (nullable): why it was refused */
void        alm_import_steps_fill_check      (AlmImportAssistant *self,
                                              const GError       *error);
const char *alm_import_steps_get_scope       (AlmImportAssistant *self);

/* It is known now where a list can go: begins with the file that waits for that. */
void        alm_import_assistant_start       (AlmImportAssistant *self);
/* The user has said something about the file: read it in that way.  @asker: where;
 * nullable */
void        alm_import_assistant_read_again  (AlmImportAssistant *self,
                                              GtkWidget          *asker);
void        alm_import_assistant_change_scope (AlmImportAssistant *self);

G_END_DECLS
