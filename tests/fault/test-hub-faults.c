/* SPDX-License-Identifier: EUPL-1.2 */

/* A push whose first write fails, then the second, …: whatever was answered is
 * what the file holds, and the same push again, after a restart, has one effect.
 * So does the new epoch after a restore. */

#include "config.h"

#include "alm-fault.h"
#include "alm-hub.h"
#include "alm-json.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define DESK "00000000-0000-7000-8000-00000000000a"

/* A new record, an edit, one to be refused, and a business key that is there twice. */
static const char lines[] =
  "{\"n\":1,\"cid\":\"a000000000000001\",\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\","
  "\"kind\":\"tree\",\"id\":\"00000000-0000-7000-8000-000000000001\","
  "\"set\":{\"species\":\"Linde\",\"number\":\"1\",\"year\":1990}}\n"
  "{\"n\":2,\"cid\":\"a000000000000002\",\"op\":\"upd\",\"base\":1,"
  "\"id\":\"00000000-0000-7000-8000-000000000001\",\"set\":{\"year\":1991},"
  "\"old\":{\"year\":1990}}\n"
  "{\"n\":3,\"cid\":\"a000000000000003\",\"op\":\"upd\",\"base\":2,"
  "\"id\":\"00000000-0000-7000-8000-000000000001\",\"set\":{\"year\":1},\"old\":{}}\n"
  "{\"n\":4,\"cid\":\"a000000000000004\",\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\","
  "\"kind\":\"tree\",\"id\":\"00000000-0000-7000-8000-000000000002\","
  "\"set\":{\"species\":\"Ahorn\",\"number\":\"1\"}}\n";

typedef struct
{
  const char    *path;    /* of the test */
  AlmFaultPoint *point;
  AlmFault       kind;
  guint          least;   /* so many calls pass at the very least */
} Case;

typedef struct
{
  AlmTestHub hub;
  char      *token;
} Fixture;

static void
set_up (Fixture *f)
{
  alm_test_hub_set_up (&f->hub);
  alm_test_hub_make_city (&f->hub);
  f->token = alm_test_hub_add (&f->hub, "anna", DESK,
                               "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]");
}

static void
tear_down (Fixture *f)
{
  g_free (f->token);
  alm_test_hub_tear_down (&f->hub);
}

static AlmHubReply *
push (Fixture *f)
{
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/push");
  g_autofree char *body = g_strdup_printf ("{\"desk\":\"" DESK "\",\"epoch\":\"%s\","
                                           "\"first\":1}\n%s", f->hub.epoch, lines);

  request->authorization = g_strconcat ("Bearer ", f->token, NULL);
  request->body = g_bytes_new (body, strlen (body));

  return alm_hub_core_handle (f->hub.core, request);
}

static void
assert_file (Fixture    *f,
             const char *sql,
             const char *expected)
{
  g_autofree char *found = alm_test_query (f->hub.path, sql);

  g_assert_cmpstr (found, ==, expected);
}

/* All of it or nothing of it. */
static void
assert_holds (Fixture  *f,
              gboolean  all)
{
  assert_file (f, "PRAGMA integrity_check", "ok");
  assert_file (f, "SELECT count (*) FROM outcomes AS o JOIN desks AS d ON o.desk = d.id"
                  " WHERE d.user = 'anna'", all ? "4" : "0");
  assert_file (f, "SELECT count (*) FROM history WHERE user = 'anna'", all ? "3" : "0");
  assert_file (f, "SELECT last_n FROM desks WHERE user = 'anna'", all ? "4" : "0");
  assert_file (f, "SELECT group_concat (body, ' ') FROM (SELECT body FROM records"
                  " JOIN names ON names.i = kind WHERE name = 'tree' ORDER BY ver)",
               all ? "{\"number\":\"1\",\"species\":\"Linde\",\"year\":1991} "
                     "{\"number\":\"1\",\"species\":\"Ahorn\"}" : NULL);
  assert_file (f, "SELECT seq FROM scopes JOIN names ON i = scope WHERE name = 'ksj/baeume'",
               all ? "4" : "0");
  assert_file (f, "SELECT count (*) FROM proposals", all ? "1" : "0");
}

/* After a restart the desk asks again. */
static void
assert_comes_right (Fixture *f)
{
  g_autoptr (AlmHubReply) again = NULL;

  alm_test_hub_reopen (&f->hub);
  again = push (f);
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_true (g_str_has_prefix (again->body->str, "{\"n\":1,\"r\":\"ok\",\"seq\":1}\n"
                                                     "{\"n\":2,\"r\":\"ok\",\"seq\":2}\n"));
  g_assert_true (g_str_has_suffix (again->body->str, "{\"next\":5}\n"));
  assert_holds (f, TRUE);
}

/* One round: the n-th call fails.  Returns whether it was reached. */
static gboolean
fail_one (const Case *c,
          guint       n)
{
  Fixture f = { 0 };
  g_autoptr (AlmHubReply) reply = NULL;
  gboolean hit;

  set_up (&f);
  alm_fault_arm (c->point, c->kind, n);
  reply = push (&f);
  hit = alm_fault_disarm (c->point);

  g_assert_true (reply->status == 200 || reply->status == 500 || reply->status == 401
                 || reply->status == 507);
  g_assert_true (reply->status == 200 || !reply->keep);
  assert_holds (&f, reply->status == 200);
  assert_comes_right (&f);
  tear_down (&f);

  return hit;
}

static void
test_any_failing_call (gconstpointer data)
{
  const Case *c = data;
  guint n = 1;

  /* Each one at first; among hundreds of allocations every second, third, … */
  while (fail_one (c, n))
    n += 1 + n / 64;

  g_test_message ("%u places to fail", n - 1);
  g_assert_cmpuint (n - 1, >=, c->least);
}

static const Case cases[] = {
  { "/fault/hub/push/io-error-once", &alm_fault_disk, ALM_FAULT_ONCE, 3 },
  { "/fault/hub/push/io-error-forever", &alm_fault_disk, ALM_FAULT_FOREVER, 3 },
  { "/fault/hub/push/no-memory-once", &alm_fault_memory, ALM_FAULT_ONCE, 100 },
};

/* The step after a restore: a new epoch with all that belongs to it, or the old one. */
static gboolean
fail_epoch (const Case *c,
            guint       n)
{
  Fixture f = { 0 };
  AlmServerStore *store;
  g_autofree char *epoch = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done, hit;

  set_up (&f);
  g_clear_pointer (&f.hub.core, alm_hub_core_free);
  store = alm_hub_open (f.hub.dir, ALM_HUB_WRITE, &error);
  g_assert_no_error (error);
  alm_fault_arm (c->point, c->kind, n);
  done = alm_hub_begin_epoch (store, &alm_test_hub_options, &epoch, &error);
  hit = alm_fault_disarm (c->point);
  alm_server_store_close (store);

  g_assert_true (done == (epoch != NULL) && done == (error == NULL));
  assert_file (&f, "PRAGMA integrity_check", "ok");
  assert_file (&f, "SELECT value FROM info WHERE name = 'epoch'", done ? epoch : f.hub.epoch);
  assert_file (&f, "SELECT count (DISTINCT epoch) || ' ' || count (*) FROM epochs",
               done ? "2 6" : "1 2");
  assert_file (&f, "SELECT count (*) FROM audit WHERE action = 'restore'", done ? "1" : "0");
  tear_down (&f);

  return hit;
}

static void
test_any_failing_epoch (gconstpointer data)
{
  const Case *c = data;
  guint n = 1;

  while (fail_epoch (c, n))
    n += 1 + n / 64;

  g_test_message ("%u places to fail", n - 1);
  g_assert_cmpuint (n - 1, >=, c->least);
}

static const Case epoch_cases[] = {
  { "/fault/hub/epoch/io-error-once", &alm_fault_disk, ALM_FAULT_ONCE, 3 },
  { "/fault/hub/epoch/no-memory-once", &alm_fault_memory, ALM_FAULT_ONCE, 20 },
};

/* Runs in a process of its own, which does not always come back. */
static void
push_in_child (void)
{
  Fixture f = { 0 };
  g_autoptr (AlmHubReply) reply = NULL;

  set_up (&f);
  g_assert_true (g_file_set_contents (g_getenv ("ALM_TEST_DIR"), f.hub.dir, -1, NULL));
  alm_fault_arm (&alm_fault_disk, ALM_FAULT_KILL, (guint) atoi (g_getenv ("ALM_TEST_KILL_AT")));
  reply = push (&f);
  alm_fault_disarm (&alm_fault_disk);
  g_assert_true (g_file_set_contents (g_getenv ("ALM_TEST_SAID"), "answered", -1, NULL));
  /* What it leaves behind is looked at by the parent, files and all. */
  _exit (reply->status == 200 ? 0 : 1);
}

static void
test_killed_anywhere (void)
{
  g_autofree char *dir = NULL;
  g_autofree char *note = NULL;
  g_autofree char *said = NULL;
  gboolean killed = TRUE;
  guint n = 0;

  if (g_test_subprocess ())
    {
      push_in_child ();
      return;
    }

  dir = alm_test_make_dir ();
  note = g_build_filename (dir, "dir", NULL);
  said = g_build_filename (dir, "said", NULL);
  g_setenv ("ALM_TEST_DIR", note, TRUE);
  g_setenv ("ALM_TEST_SAID", said, TRUE);
  while (killed)
    {
      g_autofree char *kill_at = g_strdup_printf ("%u", ++n);
      g_autofree char *path = NULL;
      g_autofree char *applied = NULL;
      Fixture f = { 0 };

      g_setenv ("ALM_TEST_KILL_AT", kill_at, TRUE);
      g_unlink (said);
      g_test_trap_subprocess (NULL, 0, 0);
      killed = !g_test_trap_has_passed ();

      g_assert_true (g_file_get_contents (note, &f.hub.dir, NULL, NULL));
      f.hub.path = g_build_filename (f.hub.dir, "allmende.db", NULL);
      applied = alm_test_query (f.hub.path, "SELECT count (*) FROM history WHERE user = 'anna'");
      /* What was answered is there; what was not may be either, but whole. */
      if (g_file_test (said, G_FILE_TEST_EXISTS))
        g_assert_cmpstr (applied, ==, "3");
      assert_holds (&f, strcmp (applied, "3") == 0);
      alm_test_remove_dir (f.hub.dir);
      g_free (f.hub.dir);
      g_free (f.hub.path);
    }
  g_test_message ("%u places to die", n - 1);
  g_assert_cmpuint (n - 1, >=, 3);
  g_unlink (note);
  g_unlink (said);
  alm_test_remove_dir (dir);
}

/* A failed request is told to the operator; here there are hundreds. */
static void
ignore_cb (const char     *domain,
           GLogLevelFlags  level,
           const char     *message,
           gpointer        user_data)
{
}

int
main (int   argc,
      char *argv[])
{
  /* What is proven here is the order of writes, not the disk. */
  g_setenv ("TMPDIR", "/dev/shm", TRUE);
  g_test_init (&argc, &argv, NULL);
  alm_fault_register ();
  g_log_set_handler ("alm-sync", G_LOG_LEVEL_MESSAGE, ignore_cb, NULL);
  g_log_set_handler ("alm-store", G_LOG_LEVEL_MESSAGE, ignore_cb, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i], test_any_failing_call);
  for (gsize i = 0; i < G_N_ELEMENTS (epoch_cases); i++)
    g_test_add_data_func (epoch_cases[i].path, &epoch_cases[i], test_any_failing_epoch);
  g_test_add_func ("/fault/hub/push/killed", test_killed_anywhere);

  return g_test_run ();
}
