/* SPDX-License-Identifier: EUPL-1.2 */

/* The brake on mass deletion (sync.md, section 4.3), at its borders; the desk's side of it
 * is in tests/unit/store/test-desk-rights.c. */

#include "config.h"

#include "alm-test-hub.h"

#include <string.h>

#define DESK_A "00000000-0000-7000-8000-00000000000a"
#define DESK_B "00000000-0000-7000-8000-00000000000b"

typedef struct
{
  AlmTestHub hub;
  char      *a;      /* tokens of two editors of ksj/baeume */
  char      *b;
  gint64     n_a;    /* their last numbers */
  gint64     n_b;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  alm_test_hub_set_up (&f->hub);
  alm_test_hub_make_city (&f->hub);
  f->a = alm_test_hub_add (&f->hub, "anna", DESK_A,
                           "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]");
  f->b = alm_test_hub_add (&f->hub, "bert", DESK_B,
                           "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]");
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_free (f->a);
  g_free (f->b);
  alm_test_hub_tear_down (&f->hub);
}

/* Makes or deletes trees @from to @to, numbered from 1, in pushes of at most 400; how many
 * of it was refused by the brake. */
static guint
send_trees (Fixture    *f,
            char        desk,
            const char *op,
            int         from,
            int         to,
            const char *more)
{
  gboolean new = g_str_equal (op, "new");
  gint64 *n = desk == 'a' ? &f->n_a : &f->n_b;
  guint refused = 0;

  for (int first = from; first <= to; first += 400)
    {
      g_autoptr (GString) lines = g_string_new (NULL);
      g_autofree char *said = NULL;
      gint64 before = *n + 1;

      for (int i = first; i <= MIN (to, first + 399); i++)
        {
          *n += 1;
          g_string_append_printf (lines, "{\"n\":%" G_GINT64_FORMAT ",\"cid\":\"%c%015d\","
                                  "\"op\":\"%s\",\"base\":%d,\"id\":"
                                  "\"00000000-0000-7000-8000-%012d\"%s%s}\n", *n, desk, (int) *n,
                                  op, new ? 0 : 100000, i + 1000, new
                                  ? ",\"scope\":\"ksj/baeume\",\"kind\":\"tree\","
                                    "\"set\":{\"species\":\"Linde\"}" : "", more);
        }
      said = alm_test_hub_push (&f->hub, 200, desk == 'a' ? f->a : f->b,
                                desk == 'a' ? DESK_A : DESK_B, before, lines->str);
      for (const char *c = said; (c = strstr (c, "mass-delete")) != NULL; c++)
        refused++;
    }

  return refused;
}

/* A tool gone wild: 50 deletions of others' records, then the brake, in whatever
 * pushes they come. */
static void
test_the_brake (Fixture       *f,
                gconstpointer  data)
{
  send_trees (f, 'a', "new", 1, 100, "");
  g_assert_cmpuint (send_trees (f, 'b', "del", 1, 30, ""), ==, 0);
  g_assert_cmpuint (send_trees (f, 'b', "del", 31, 49, ""), ==, 0);
  g_assert_cmpuint (send_trees (f, 'b', "del", 50, 50, ""), ==, 0);
  g_assert_cmpuint (send_trees (f, 'b', "del", 51, 60, ""), ==, 10);
  g_assert_cmpuint (send_trees (f, 'b', "del", 51, 51, ",\"confirm\":true"), ==, 1);
  /* What is deleted already is no deletion. */
  g_assert_cmpuint (send_trees (f, 'b', "del", 1, 50, ""), ==, 0);

  /* One's own records are one's own affair, and do not count. */
  send_trees (f, 'b', "new", 201, 270, "");
  g_assert_cmpuint (send_trees (f, 'b', "del", 201, 270, ""), ==, 0);
  g_assert_cmpuint (send_trees (f, 'b', "del", 51, 51, ""), ==, 1);
  g_assert_cmpuint (send_trees (f, 'a', "del", 51, 100, ""), ==, 0);
}

/* 5 % of what stood there: more than fifty of a large scope. */
static void
test_the_brake_of_a_large_scope (Fixture       *f,
                                 gconstpointer  data)
{
  send_trees (f, 'a', "new", 1, 1200, "");
  g_assert_cmpuint (send_trees (f, 'b', "del", 1, 60, ""), ==, 0);
  g_assert_cmpuint (send_trees (f, 'b', "del", 61, 61, ""), ==, 1);
}

/* Old deletions are forgotten when five hundred other commands have come. */
static void
test_the_brake_forgets (Fixture       *f,
                        gconstpointer  data)
{
  send_trees (f, 'a', "new", 1, 200, "");
  g_assert_cmpuint (send_trees (f, 'b', "del", 1, 50, ""), ==, 0);
  /* The fifty-first and 448 new ones: the first deletion is 500 commands old. */
  g_assert_cmpuint (send_trees (f, 'b', "del", 51, 51, ""), ==, 1);
  send_trees (f, 'b', "new", 301, 748, "");
  g_assert_cmpuint (send_trees (f, 'b', "del", 51, 51, ""), ==, 1);
  g_assert_cmpuint (send_trees (f, 'b', "del", 51, 51, ""), ==, 0);
}

/* A steward's word, given with the command, lifts it; an editor's does not. */
static void
test_a_steward_confirms (Fixture       *f,
                         gconstpointer  data)
{
  g_autofree char *said = NULL;

  send_trees (f, 'a', "new", 1, 100, "");
  said = alm_test_hub_text (&f->hub, 200, f->hub.admin, "PUT", "/v1/users/bert/grants",
                            "{\"grants\":[{\"role\":\"steward\",\"scope\":\"ksj/baeume\"}]}");
  g_assert_cmpuint (send_trees (f, 'b', "del", 1, 60, ""), ==, 10);
  g_assert_cmpuint (send_trees (f, 'b', "del", 51, 60, ",\"confirm\":true"), ==, 0);
  g_assert_cmpuint (send_trees (f, 'b', "del", 61, 61, ""), ==, 1);
}

/* The brake is a desk's: a tool runs on one. */
static void
test_another_desk_of_the_same_user (Fixture       *f,
                                    gconstpointer  data)
{
  static const char other[] = "00000000-0000-7000-8000-0000000000bb";
  g_autofree char *token = alm_test_hub_login (&f->hub, "bert", other);
  g_autofree char *said = NULL;

  send_trees (f, 'a', "new", 1, 100, "");
  g_assert_cmpuint (send_trees (f, 'b', "del", 1, 51, ""), ==, 1);
  said = alm_test_hub_push (&f->hub, 200, token, other, 1,
    "{\"n\":1,\"cid\":\"c000000000000001\",\"op\":\"del\",\"base\":100000,"
    "\"id\":\"00000000-0000-7000-8000-000000001051\"}\n");
  g_assert_nonnull (strstr (said, "\"r\":\"ok\""));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/sync/hub-brake/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("borders", test_the_brake);
  ADD ("share", test_the_brake_of_a_large_scope);
  ADD ("forgets", test_the_brake_forgets);
  ADD ("confirm", test_a_steward_confirms);
  ADD ("desks", test_another_desk_of_the_same_user);

  return g_test_run ();
}
