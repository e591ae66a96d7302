/* SPDX-License-Identifier: EUPL-1.2 */

/* An erasure whose first write fails, then the second, …, on the server and on a desk: it
 * is done or not done, never by half; whoever is told that it is done finds nothing in any
 * file; and the next try makes it good. */

#include "config.h"

#include "alm-desk-erase.h"
#include "alm-desk-fixture.h"
#include "alm-fault.h"
#include "alm-hub.h"
#include "alm-store-error.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECRET "Geheimwort"
#define FOLDED "geheimwort"

typedef struct
{
  const char    *path;       /* of the test */
  AlmFaultPoint *point;
  AlmFault       kind;
  guint          least;      /* so many calls pass at the very least */
} Case;

static guint
count_secret (const char *dir)
{
  return alm_test_count_word (dir, SECRET) + alm_test_count_word (dir, FOLDED);
}

static void
assert_sound (const char *dir,
              const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *sound = alm_test_query (path, "PRAGMA integrity_check");

  g_assert_cmpstr (sound, ==, "ok");
}

/* The desk: the page with the news, then the files.  TRUE: there is something to confirm. */

static gboolean
take_erasure (AlmDesk  *desk,
              GError  **error)
{
  g_autofree char *line = alm_fixture_line (1, 6, "{'status':'aktiv'}");
  g_autofree char *text =
    g_strdup_printf ("{'erased':['species'],%s\n{'cursors':{'" ALM_FIXTURE_SCOPE "':6},"
                     "'more':false,'rights':'r1','digest':{}}\n", line + 1);
  g_auto (AlmDeskSyncPage) page = { 0 };
  g_autoptr (AlmValue) seen = NULL;
  gboolean done;

  g_strdelimit (text, "'", '"');

  return alm_desk_sync_take_page (desk, text, strlen (text), &page, error)
         && alm_desk_wipe (desk, &done, &seen, error) && done && seen != NULL;
}

static void
prepare_desk (AlmDeskFixture *fixture)
{
  g_autofree char *one = alm_fixture_line (1, 3, "{'species':'" SECRET "','status':'aktiv'}");
  const char *const lines[] = { one, NULL };

  alm_desk_fixture_set_up (fixture, NULL);
  alm_fixture_give_place (fixture->desk);
  alm_fixture_page_free (alm_fixture_page (fixture->desk, 3, FALSE, NULL, lines));
  alm_fixture_edit (fixture->desk, ALM_OP_UPD, 1, "{'species':'" SECRET " zwei'}");
  alm_fixture_answer (fixture->desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  alm_fixture_edit (fixture->desk, ALM_OP_UPD, 1, "{'species':'" SECRET " drei'}");
}

/* In the tables it is everywhere or nowhere. */
static void
assert_whole_or_nothing (AlmDeskFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);
  g_autofree char *places =
    alm_test_query (path, "SELECT (SELECT count (*) FROM commands WHERE instr (set_, '" SECRET
                          "') > 0) || (SELECT count (*) FROM records WHERE instr (body, '" SECRET
                          "') > 0) || (SELECT count (*) FROM search_text WHERE instr (text, '"
                          FOLDED "') > 0) || (SELECT count (*) FROM shadow WHERE instr (body, '"
                          SECRET "') > 0)");

  g_assert_true (strcmp (places, "2111") == 0 || strcmp (places, "0000") == 0);
}

/* In a child that dies in the n-th call; whether it got that far. */
static gboolean
die_on_desk (const Case     *c,
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
      _exit (take_erasure (desk, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  alm_desk_fixture_reopen (fixture);

  return WIFEXITED (status) && WEXITSTATUS (status) == 70;
}

static gboolean
fail_on_desk (const Case *c,
              guint       n)
{
  AlmDeskFixture fixture;
  gboolean hit;

  prepare_desk (&fixture);
  if (c->kind == ALM_FAULT_KILL)
    hit = die_on_desk (c, &fixture, n);
  else
    {
      gboolean done;

      alm_fault_arm (c->point, c->kind, n);
      done = take_erasure (fixture.desk, NULL);
      hit = alm_fault_disarm (c->point);
      if (done)
        g_assert_cmpuint (count_secret (fixture.dir), ==, 0);
      alm_desk_fixture_reopen (&fixture);
    }
  assert_whole_or_nothing (&fixture);

  g_assert_true (take_erasure (fixture.desk, NULL));
  g_assert_cmpuint (count_secret (fixture.dir), ==, 0);
  assert_sound (fixture.dir, "profile.db");
  alm_desk_fixture_tear_down (&fixture, NULL);

  return hit;
}

/* The server: the command, then the files. */

/* Here, too, a call may fail or be the last one. */
static gboolean
keep_erased_cb (const char       *path,
                const GPtrArray  *lines,
                GError          **error)
{
  if (alm_fault_is_due (&alm_fault_disk))
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FAILED, "broken");
      return FALSE;
    }

  return g_file_set_contents (path, lines->pdata[0], -1, error);
}

static char *
list_path (AlmTestHub *hub)
{
  return g_build_filename (hub->dir, "erased.ndjson", NULL);
}

static void
open_hub (AlmTestHub *hub)
{
  AlmHubOptions options = alm_test_hub_options;
  static char *path;
  g_autoptr (GError) error = NULL;
  AlmServerStore *store;

  g_free (path);
  path = list_path (hub);
  options.keep_erased = keep_erased_cb;
  options.erased_path = path;
  g_clear_pointer (&hub->core, alm_hub_core_free);
  store = alm_hub_open (hub->dir, ALM_HUB_WRITE, &error);
  g_assert_no_error (error);
  hub->core = alm_hub_core_new (store, &options);
}

#define TREE "00000000-0000-7000-8000-000000000001"
#define DESK "00000000-0000-7000-8000-00000000000a"

static void
prepare_hub (AlmTestHub *hub)
{
  g_autofree char *token = NULL;
  g_autofree char *said = NULL;

  alm_test_hub_set_up (hub);
  alm_test_hub_make_city (hub);
  token = alm_test_hub_add (hub, "anna", DESK, "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]");
  said = alm_test_hub_push (hub, 200, token, DESK, 1,
    "{\"n\":1,\"cid\":\"a000000000000001\",\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\","
    "\"kind\":\"tree\",\"id\":\"" TREE "\",\"set\":{\"species\":\"" SECRET "\",\"number\":\"7\"}}\n"
    "{\"n\":2,\"cid\":\"a000000000000002\",\"op\":\"upd\",\"base\":1,\"id\":\"" TREE "\","
    "\"set\":{\"species\":\"" SECRET " 2\"},\"old\":{\"species\":\"" SECRET "\"}}\n"
    "{\"n\":3,\"cid\":\"a000000000000003\",\"op\":\"upd\",\"base\":0,\"id\":\"" TREE "\","
    "\"set\":{\"species\":\"" SECRET " 3\"},\"old\":{\"species\":\"" SECRET " 0\"}}\n");
  open_hub (hub);
}

static guint
push_erase (AlmTestHub *hub)
{
  g_autofree char *body = g_strdup_printf (
    "{\"desk\":\"" ALM_TEST_ADMIN_DESK "\",\"epoch\":\"%s\",\"first\":3}\n"
    "{\"n\":3,\"cid\":\"00000000000000a3\",\"op\":\"erase\",\"base\":1,\"id\":\"" TREE "\","
    "\"fields\":[\"species\"],\"reason\":\"verlangt\"}\n", hub->epoch);
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/push");
  g_autoptr (AlmHubReply) reply = NULL;

  request->authorization = g_strconcat ("Bearer ", hub->admin, NULL);
  request->body = g_bytes_new (body, strlen (body));
  reply = alm_hub_core_handle (hub->core, request);

  return reply->status;
}

/* TRUE: answered, and the files are clean. */
static gboolean
erase_on_hub (AlmTestHub *hub,
              gboolean   *answered)
{
  gboolean done = FALSE;

  *answered = push_erase (hub) == 200;

  return *answered && alm_hub_core_wipe (hub->core, &done, NULL) && done;
}

static void
assert_hub_holds (AlmTestHub *hub,
                  gboolean    answered)
{
  g_autofree char *places =
    alm_test_query (hub->path, "SELECT (SELECT count (*) FROM records WHERE instr (body, '" SECRET
                               "') > 0) || (SELECT count (*) FROM history WHERE instr (set_, '"
                               SECRET "') > 0) || (SELECT count (*) FROM erased) ||"
                               " (SELECT count (*) FROM audit WHERE action = 'erase')");
  gboolean erased = strcmp (places, "0021") == 0;
  g_autofree char *list = list_path (hub);

  g_assert_true (erased || strcmp (places, "2300") == 0);
  g_assert_true (erased || !answered);
  /* What is erased stands in the list, which a restore reads. */
  g_assert_true (!erased || g_file_test (list, G_FILE_TEST_EXISTS));
}

static gboolean
die_on_hub (const Case *c,
            AlmTestHub *hub,
            guint       n)
{
  pid_t child;
  int status;

  g_clear_pointer (&hub->core, alm_hub_core_free);
  child = fork ();
  if (child == 0)
    {
      gboolean answered;

      open_hub (hub);
      alm_fault_arm (c->point, c->kind, n);
      _exit (erase_on_hub (hub, &answered) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);

  return WIFEXITED (status) && WEXITSTATUS (status) == 70;
}

static gboolean
fail_on_hub (const Case *c,
             guint       n)
{
  AlmTestHub hub = { 0 };
  gboolean answered = FALSE;
  gboolean hit;

  prepare_hub (&hub);
  if (c->kind == ALM_FAULT_KILL)
    hit = die_on_hub (c, &hub, n);
  else
    {
      gboolean clean;

      alm_fault_arm (c->point, c->kind, n);
      clean = erase_on_hub (&hub, &answered);
      hit = alm_fault_disarm (c->point);
      if (clean)
        g_assert_cmpuint (count_secret (hub.dir), ==, 0);
    }
  g_clear_pointer (&hub.core, alm_hub_core_free);
  assert_hub_holds (&hub, answered);

  open_hub (&hub);
  g_assert_true (erase_on_hub (&hub, &answered));
  g_assert_cmpuint (count_secret (hub.dir), ==, 0);
  assert_hub_holds (&hub, TRUE);
  assert_sound (hub.dir, ALM_HUB_FILE);
  alm_test_hub_tear_down (&hub);

  return hit;
}

typedef gboolean (*FailOne) (const Case *c, guint n);

static void
run (const Case *c,
     FailOne     fail_one)
{
  guint n = 1;
  guint rounds = 0;

  /* Every write; of the thousand allocations the first ones and then samples. */
  while (fail_one (c, n))
    {
      rounds++;
      n += c->point == &alm_fault_memory ? 1 + n / 8 : 1;
    }
  g_assert_cmpuint (n, >, c->least);
  g_test_message ("%u rounds, up to call %u", rounds, n);
}

static void
test_desk (gconstpointer data)
{
  run (data, fail_on_desk);
}

static void
test_hub (gconstpointer data)
{
  run (data, fail_on_hub);
}

static void
drop_message_cb (const char     *domain,
                 GLogLevelFlags  level,
                 const char     *message,
                 gpointer        user_data)
{
}

static const Case desk_cases[] = {
  { "/fault/erase/desk/disk", &alm_fault_disk, ALM_FAULT_ONCE, 6 },
  { "/fault/erase/desk/memory", &alm_fault_memory, ALM_FAULT_ONCE, 50 },
  { "/fault/erase/desk/killed", &alm_fault_disk, ALM_FAULT_KILL, 6 },
};

static const Case hub_cases[] = {
  { "/fault/erase/hub/disk", &alm_fault_disk, ALM_FAULT_ONCE, 5 },
  { "/fault/erase/hub/disk-forever", &alm_fault_disk, ALM_FAULT_FOREVER, 5 },
  { "/fault/erase/hub/memory", &alm_fault_memory, ALM_FAULT_ONCE, 50 },
  { "/fault/erase/hub/killed", &alm_fault_disk, ALM_FAULT_KILL, 5 },
};

int
main (int   argc,
      char *argv[])
{
  /* What is proven here is the order of writes, not the disk. */
  g_setenv ("TMPDIR", "/dev/shm", TRUE);
  alm_fault_register ();
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("alm-store", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);
  g_log_set_handler ("alm-sync", G_LOG_LEVEL_MESSAGE, drop_message_cb, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (desk_cases); i++)
    g_test_add_data_func (desk_cases[i].path, &desk_cases[i], test_desk);
  for (gsize i = 0; i < G_N_ELEMENTS (hub_cases); i++)
    g_test_add_data_func (hub_cases[i].path, &hub_cases[i], test_hub);

  return g_test_run ();
}
