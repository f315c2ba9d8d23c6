/* SPDX-License-Identifier: MIT */
/* The bytes of an input as a file, for targets that open paths. */
#ifndef VOQ_TESTS_MEMORY_FILE_H
#define VOQ_TESTS_MEMORY_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct memory_file {
    int fd;
    char path[64];
};

/* The target defines _GNU_SOURCE before its first #include (memfd_create, memmem). */
static inline struct memory_file memory_file_open(const uint8_t *data, size_t n)
{
    struct memory_file file = {.fd = memfd_create("input", 0)};
    if (file.fd < 0 || write(file.fd, data, n) != (ssize_t)n) abort();
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

/* The part up to the next line of "%"; *data and *n become what follows. */
static inline struct memory_file memory_file_part(const uint8_t **data, size_t *n)
{
    const uint8_t *stop = memmem(*data, *n, "%\n", 2);
    size_t n_part = stop ? (size_t)(stop - *data) : *n;
    struct memory_file file = memory_file_open(*data, n_part);
    size_t n_taken = stop ? n_part + 2 : n_part;
    *data += n_taken;
    *n -= n_taken;
    return file;
}

static inline void memory_file_close(struct memory_file *file)
{
    close(file->fd);
}

#endif
