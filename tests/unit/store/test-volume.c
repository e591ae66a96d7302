/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-store-error.h"
#include "alm-test.h"
#include "alm-volume.h"

#include <string.h>

static const char mountinfo[] =
  "21 26 0:20 / /proc rw,relatime - proc proc rw\n"
  "26 1 8:1 / / rw,relatime shared:1 master:2 - ext4 /dev/sda1 rw\n"
  "90 26 0:47 / /home/anna/Stadt rw,nosuid - fuse.sshfs anna@host:/ rw,user_id=1000\n"
  "short line\n";

static void
test_the_type_of_a_device (void)
{
  g_autofree char *ssh = alm_volume_type (mountinfo, 0, 47);
  g_autofree char *ext4 = alm_volume_type (mountinfo, 8, 1);

  g_assert_cmpstr (ssh, ==, "fuse.sshfs");
  g_assert_cmpstr (ext4, ==, "ext4");
  g_assert_null (alm_volume_type (mountinfo, 8, 2));
  g_assert_null (alm_volume_type ("", 8, 2));
}

static void
test_what_is_refused (void)
{
  static const struct { guint64 magic; const char *type; AlmVolumeKind kind; } cases[] = {
    { 0xef53, "ext4", ALM_VOLUME_LOCAL }, { 0x9123683e, "btrfs", ALM_VOLUME_LOCAL },
    { 0x01021994, "tmpfs", ALM_VOLUME_LOCAL }, { 0xef53, NULL, ALM_VOLUME_LOCAL },
    { 0x6969, "nfs4", ALM_VOLUME_NETWORK }, { 0xff534d42, "cifs", ALM_VOLUME_NETWORK },
    { 0x01021997, "9p", ALM_VOLUME_NETWORK }, { 0x5346414f, "afs", ALM_VOLUME_NETWORK },
    { 0x65735546, "fuse.sshfs", ALM_VOLUME_NETWORK },
    { 0x65735546, "fuse.ntfs", ALM_VOLUME_UNSURE },
    { 0x65735546, NULL, ALM_VOLUME_UNSURE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (alm_volume_judge (cases[i].magic, cases[i].type), ==, cases[i].kind);
}

/* The code is what the window makes its sentence of. */
static void
test_a_network_drive_is_said_by_name (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (alm_volume_allow ("/home/anna", 0x6969, "nfs4", &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_NETWORK_FS);
  g_assert_nonnull (strstr (error->message, "/home/anna is on a network file system (nfs4)"));
  g_clear_error (&error);
  g_assert_true (alm_volume_allow ("/home/anna", 0xef53, "ext4", &error));
  g_assert_no_error (error);
}

static void
test_a_folder_of_this_machine (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;

  g_assert_true (alm_volume_check (dir, &error));
  g_assert_no_error (error);
  alm_test_remove_dir (dir);

  g_assert_false (alm_volume_check (dir, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/store/volume/type", test_the_type_of_a_device);
  g_test_add_func ("/store/volume/judge", test_what_is_refused);
  g_test_add_func ("/store/volume/network", test_a_network_drive_is_said_by_name);
  g_test_add_func ("/store/volume/check", test_a_folder_of_this_machine);

  return g_test_run ();
}
