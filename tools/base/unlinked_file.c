/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* asprintf, mkostemp */
#include "tools/base/unlinked_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *unlinked_file_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

int unlinked_file_open(const char *folder)
{
    char *path;
    if (asprintf(&path, "%s/voq-XXXXXX", folder) < 0) return -1;
    int fd = mkostemp(path, O_CLOEXEC), error = errno;
    if (fd >= 0) unlink(path);
    free(path);
    errno = error;
    return fd;
}

bool unlinked_file_write(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, bytes, n);
        if (k < 0 && errno != EINTR) return false;
        if (k < 0) continue;
        bytes += k;
        n -= (size_t)k;
    }
    return true;
}
