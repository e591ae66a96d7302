/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What happened, so that rare things are known to have happened at all: C (field,
 * what it is called).  A run of the fixed seeds in which one of them is 0 fails. */
#define ALM_SIM_COUNTERS \
  C (schedules, "schedules") \
  C (events, "events") \
  C (edits, "edits") \
  C (edits_failed, "edits that failed") \
  C (resolved, "conflicts resolved") \
  C (undone, "edits undone") \
  C (imports, "imports") \
  C (pushed, "commands answered") \
  C (merged, "merged") \
  C (conflicts, "conflicts") \
  C (refused, "refused") \
  C (pages, "pages of the feed") \
  C (lost_requests, "requests lost") \
  C (lost_answers, "answers lost") \
  C (lost_acks, "answers lost after the commit") \
  C (doubled, "requests repeated") \
  C (late_replays, "requests repeated late") \
  C (reordered, "requests overtaken") \
  C (torn, "answers cut") \
  C (bad_gateway, "answers 502") \
  C (desk_crashes, "crashes of desks") \
  C (crashes_in_job, "crashes of desks in a write") \
  C (hub_crashes, "crashes of the server") \
  C (hub_crashes_in_write, "crashes of the server in a write") \
  C (checkpoints, "checkpoints") \
  C (crashes_in_checkpoint, "crashes in a checkpoint") \
  C (lost_sectors, "unsynced sectors lost") \
  C (torn_sectors, "sectors torn") \
  C (disk_full, "writes without space") \
  C (write_errors, "writes failed") \
  C (sync_errors, "syncs failed") \
  C (read_errors, "reads failed") \
  C (short_reads, "reads too short") \
  C (io_errors, "desks that stopped after an error of the disk") \
  C (clock_jumps, "clocks that jumped") \
  C (clock_jumps_back, "clocks that jumped back") \
  C (refused_bad, "refused: bad value") \
  C (refused_large, "refused: too large") \
  C (refused_forbidden, "refused: forbidden") \
  C (refused_unknown, "refused: unknown") \
  C (refused_between, "refused amid others") \
  C (refused_here, "refused by the desk itself") \
  C (put_aside, "refused ones put aside") \
  C (tried_again, "refused ones tried again") \
  C (grants, "grants changed") \
  C (grants_for_a_time, "grants for a time") \
  C (scopes_lost, "scopes lost") \
  C (scopes_back, "scopes given back") \
  C (disabled, "accounts disabled") \
  C (passwords, "passwords changed") \
  C (revoked, "desks' tokens revoked") \
  C (signed_out, "desks that had to log in again") \
  C (upgrades, "models with a new field") \
  C (downgrades, "models without it that were refused") \
  C (new_fields, "commands with the new field") \
  C (old_edits, "commands of desks with the older model") \
  C (places, "desks with places")

typedef struct
{
#define C(field, name) guint64 field;
  ALM_SIM_COUNTERS
#undef C
} AlmSimCounters;

/* "edits 17, …" */
char       *alm_sim_counters_print (const AlmSimCounters *self);
/* As a JSON object. */
char       *alm_sim_counters_json  (const AlmSimCounters *self);
/* The name of one that is 0; NULL: none is. */
const char *alm_sim_counters_miss  (const AlmSimCounters *self);

G_END_DECLS
