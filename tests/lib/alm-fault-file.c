/* SPDX-License-Identifier: EUPL-1.2 */

/* The system's calls that change files, before the C library's: what is linked with
 * this passes through them, and one can be made to fail.  Not armed, they change
 * nothing.  For programs that write files without SQLite. */

#include "config.h"

#include "alm-fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

AlmFaultPoint alm_fault_file;

static gboolean
fails (void)
{
  if (!alm_fault_is_due (&alm_fault_file))
    return FALSE;

  errno = alm_fault_file.full ? ENOSPC : EIO;

  return TRUE;
}

ssize_t
write (int         fd,
       const void *buffer,
       size_t      length)
{
  return fails () ? -1 : syscall (SYS_write, fd, buffer, length);
}

int
fsync (int fd)
{
  return fails () ? -1 : (int) syscall (SYS_fsync, fd);
}

int
ftruncate (int   fd,
           off_t length)
{
  return fails () ? -1 : (int) syscall (SYS_ftruncate, fd, length);
}

int
rename (const char *from,
        const char *to)
{
  return fails () ? -1 : (int) syscall (SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
