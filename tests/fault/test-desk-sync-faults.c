/* SPDX-License-Identifier: EUPL-1.2 */

/* A page of the feed, the answer to a push and a hello are taken over, a copied profile
 * becomes a desk of its own, what only this desk has is handed in, all is wiped: whole or
 * not at all, whichever write, sync or allocation fails, or is the last one: the answer
 * given equals what the file holds, and the next try succeeds. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-desk-stray.h"
#include "alm-fault.h"
#include "alm-test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef gboolean (*Operation) (AlmDesk *desk, GError **error);

typedef struct
{
  const char    *name;
  Operation      run;
  AlmFaultPoint *point;
  AlmFault       kind;
  guint          least;      /* so many calls pass at the very least */
} Case;

static gboolean
take_page (AlmDesk  *desk,
           GError  **error)
{
  g_autofree char *one = alm_fixture_line (1, 6, "{'species':'Eiche','visits':6}");
  g_autofree char *two = alm_fixture_line (2, 7, NULL);
  g_autofree char *three = alm_fixture_line (3, 8, "{'species':'Ahorn','owner':'Frau K.'}");
  g_autofree char *text =
    g_strdup_printf ("%s\n%s\n%s\n{'cursors':{'" ALM_FIXTURE_SCOPE "':8},'more':false,"
                     "'rights':'r1','digest':{}}\n", one, two, three);
  g_auto (AlmDeskSyncPage) page = { 0 };

  g_strdelimit (text, "'", '"');

  return alm_desk_sync_take_page (desk, text, strlen (text), &page, error);
}

static gboolean
take_outcomes (AlmDesk  *desk,
               GError  **error)
{
  static const char text[] = "{\"n\":1,\"r\":\"ok\",\"seq\":6}\n"
                             "{\"n\":2,\"r\":\"refused\",\"code\":\"bad-value\"}\n{\"next\":3}\n";
  AlmDeskSyncOutcomes outcomes;

  return alm_desk_sync_take_outcomes (desk, text, strlen (text), 1, 2, &outcomes, error);
}

static gboolean
take_hello (AlmDesk  *desk,
            GError  **error)
{
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e2", 1, "g2");
  g_auto (AlmDeskSyncPlan) plan = { 0 };

  return alm_desk_sync_take_hello (desk, hello, &plan, error);
}

static gboolean
become_another (AlmDesk  *desk,
                GError  **error)
{
  g_auto (AlmDeskSyncState) state = { 0 };

  return alm_desk_sync_fork (desk, &state, error);
}

static gboolean
rescue (AlmDesk  *desk,
        GError  **error)
{
  guint rescued, left;

  return alm_desk_rescue (desk, ALM_FIXTURE_SCOPE, &rescued, &left, error);
}

static gboolean
wipe (AlmDesk  *desk,
      GError  **error)
{
  return alm_desk_empty (desk, error);
}

/* Of the profile that was prepared last. */
static AlmId first_id;

/* Everything that any of them changes, as one text. */
static char *
describe (AlmDesk *desk)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) scopes = alm_desk_sync_list_scopes (desk, NULL);
  g_autofree char *epoch = alm_desk_get_setting (desk, "epoch");
  AlmDeskCounts counts;

  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *shown = alm_fixture_shown (desk, i);

      g_string_append_printf (text, "%s\n", shown);
    }
  g_assert_nonnull (scopes);
  for (guint i = 0; i < scopes->len; i++)
    g_string_append_printf (text, "%" G_GINT64_FORMAT "\n",
                            ((AlmDeskScope *) scopes->pdata[i])->cursor);
  g_assert_true (alm_desk_count (desk, &counts, NULL));
  g_string_append_printf (text, "%u %u %u %s %d", counts.waiting, counts.refused, counts.stray,
                          epoch != NULL ? epoch : "none",
                          alm_id_equal (alm_desk_get_id (desk), &first_id));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
prepare (AlmDeskFixture *fixture,
         Operation       run)
{
  g_autofree char *one = alm_fixture_line (1, 4, "{'species':'Linde','visits':5}");
  g_autofree char *two = alm_fixture_line (2, 5, "{'species':'Eibe'}");
  const char *const lines[] = { one, two, NULL };

  alm_desk_fixture_set_up (fixture, NULL);
  alm_fixture_page_free (alm_fixture_page (fixture->desk, 5, FALSE, NULL, lines));
  alm_fixture_edit (fixture->desk, ALM_OP_UPD, 1, "{'visits':7,'status':'krank'}");
  alm_fixture_edit (fixture->desk, ALM_OP_NEW, 4, "{'species':'Buche'}");
  first_id = *alm_desk_get_id (fixture->desk);
  if (run != rescue)
    return;

  /* The server came back without any of it. */
  g_assert_true (take_hello (fixture->desk, NULL));
  alm_fixture_page_free (alm_fixture_page (fixture->desk, 5, FALSE, NULL, NULL));
}

static void
assert_sound (AlmDeskFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);
  g_autofree char *sound = alm_test_query (path, "PRAGMA integrity_check");

  g_assert_cmpstr (sound, ==, "ok");
}

/* In a child that dies in the n-th call; whether it got that far. */
static gboolean
die_in (const Case     *c,
        AlmDeskFixture *fixture,
        guint           n)
{
  pid_t child;
  int status;

  g_clear_pointer (&fixture->desk, alm_desk_close);
  child = fork ();
  if (child == 0)
    {
      AlmDesk *desk = alm_desk_open (fixture->dir, ALM_DESK_WRITE, NULL, NULL);

      alm_fault_arm (c->point, c->kind, n);
      _exit (c->run (desk, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  alm_desk_fixture_reopen (fixture);

  return WIFEXITED (status) && WEXITSTATUS (status) == 70;
}

/* One round: the n-th call fails.  Returns whether it was reached. */
static gboolean
fail_one (const Case *c,
          guint       n,
          const char *before,
          const char *after)
{
  AlmDeskFixture fixture;
  g_autofree char *now = NULL;
  g_autofree char *at_last = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  gboolean hit;

  prepare (&fixture, c->run);
  if (c->kind == ALM_FAULT_KILL)
    hit = die_in (c, &fixture, n);
  else
    {
      alm_fault_arm (c->point, c->kind, n);
      done = c->run (fixture.desk, &error);
      hit = alm_fault_disarm (c->point);
      g_assert_true (done || error != NULL);
      alm_desk_fixture_reopen (&fixture);
    }

  now = describe (fixture.desk);
  /* Of a wipe that failed all may be gone, and the log not empty yet. */
  if (c->kind == ALM_FAULT_KILL || (c->run == wipe && !done))
    g_assert_true (strcmp (now, before) == 0 || strcmp (now, after) == 0);
  else
    g_assert_cmpstr (now, ==, done ? after : before);

  /* Again, and it is as if nothing had been. */
  if (strcmp (now, before) == 0)
    g_assert_true (c->run (fixture.desk, NULL));
  at_last = describe (fixture.desk);
  g_assert_cmpstr (at_last, ==, after);
  assert_sound (&fixture);
  alm_desk_fixture_tear_down (&fixture, NULL);

  return hit;
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  AlmDeskFixture fixture;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  guint n = 1;
  guint rounds = 0;

  prepare (&fixture, c->run);
  before = describe (fixture.desk);
  g_assert_true (c->run (fixture.desk, NULL));
  after = describe (fixture.desk);
  g_assert_cmpstr (before, !=, after);
  alm_desk_fixture_tear_down (&fixture, NULL);

  /* Every write; of the thousand allocations the first ones and then samples. */
  while (fail_one (c, n, before, after))
    {
      rounds++;
      n += c->point == &alm_fault_memory ? 1 + n / 8 : 1;
    }
  g_assert_cmpuint (n, >, c->least);
  g_test_message ("%u rounds, up to call %u", rounds, n);
}

static void
drop_message_cb (const char     *domain,
                 GLogLevelFlags  level,
                 const char     *message,
                 gpointer        user_data)
{
}

int
main (int   argc,
      char *argv[])
{
  static const Operation operations[] = {
    take_page, take_outcomes, take_hello, become_another, rescue, wipe,
  };
  static const char *const names[] = { "page", "outcomes", "hello", "fork", "rescue", "wipe" };
  static Case cases[G_N_ELEMENTS (operations)][3];

  alm_fault_register ();
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("alm-store", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      const char *const kinds[] = { "disk", "memory", "killed" };

      cases[i][0] = (Case) { names[i], operations[i], &alm_fault_disk, ALM_FAULT_ONCE, 2 };
      cases[i][1] = (Case) { names[i], operations[i], &alm_fault_memory, ALM_FAULT_ONCE, 50 };
      cases[i][2] = (Case) { names[i], operations[i], &alm_fault_disk, ALM_FAULT_KILL, 2 };
      for (guint k = 0; k < 3; k++)
        {
          g_autofree char *path = g_strdup_printf ("/fault/desk-sync/%s/%s", names[i], kinds[k]);

          g_test_add_data_func (path, &cases[i][k], test_case);
        }
    }

  return g_test_run ();
}
