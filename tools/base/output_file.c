/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fopencookie: a stream that remembers why a write failed */
#include "tools/base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct output_file {
    int fd;
    int write_error;  /* errno of the first write that failed */
    FILE *stream;
    char *path;       /* for messages; the rename's target where there is one */
    char *temporary;  /* NULL: written in place (standard output, devices, pipes) */
};

static ssize_t write_all(void *cookie, const char *data, size_t n)
{
    struct output_file *file = cookie;
    if (file->write_error) {
        errno = file->write_error;
        return 0;
    }
    for (size_t done = 0; done < n;) {
        ssize_t k = write(file->fd, data + done, n - done);
        if (k >= 0) {
            done += (size_t)k;
        } else if (errno != EINTR) {
            file->write_error = errno;
            return 0;
        }
    }
    return (ssize_t)n;
}

static int seek(void *cookie, off64_t *position, int whence)
{
    off_t at = lseek(((struct output_file *)cookie)->fd, *position, whence);
    if (at < 0) return -1;
    *position = at;
    return 0;
}

static void release(struct output_file *file)
{
    if (file->stream) fclose(file->stream);
    if (file->fd > STDERR_FILENO) close(file->fd);
    free(file->temporary);
    free(file->path);
    free(file);
}

/* A file is replaced where its links lead, with the mode it had. */
static int open_target(struct output_file *file, const char *path)
{
    struct stat status;
    bool exists = stat(path, &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) return open(path, O_WRONLY | O_CLOEXEC);
    if (exists) {
        char *real = realpath(path, NULL);
        if (!real) return -1;
        free(file->path);
        file->path = real;
        if (access(real, W_OK) != 0) return -1;
    }
    if (asprintf(&file->temporary, "%s.tmp-%ld", file->path, (long)getpid()) < 0) {
        file->temporary = NULL;
        return -1;
    }
    unlink(file->temporary);
    int fd = open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 && exists) (void)!fchmod(fd, status.st_mode & 0777);
    return fd;
}

bool output_file_open(struct output_file **out, const char *path, struct failure *failure)
{
    bool is_stdout = strcmp(path, "-") == 0;
    struct output_file *file = calloc(1, sizeof *file);
    if (!file) return fail_memory(failure);
    file->fd = -1;
    file->path = strdup(is_stdout ? "stdout" : path);
    if (!file->path) {
        release(file);
        return fail_memory(failure);
    }
    file->fd = is_stdout ? STDOUT_FILENO : open_target(file, path);
    if (file->fd < 0) {
        fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
        release(file);
        return false;
    }
    cookie_io_functions_t functions = {.write = write_all, .seek = seek};
    file->stream = fopencookie(file, "w", functions);
    if (!file->stream) {
        output_file_abandon(file);
        return fail_memory(failure);
    }
    *out = file;
    return true;
}

FILE *output_file_stream(struct output_file *file)
{
    return file->stream;
}

/* 0, or the errno of what failed. */
static int finish(struct output_file *file)
{
    fflush(file->stream);
    if (file->write_error) return file->write_error;
    if (ferror(file->stream)) return EIO;
    if (!file->temporary) return 0;
    int fd = file->fd;
    file->fd = -1;
    if (close(fd) != 0) return errno;
    return rename(file->temporary, file->path) == 0 ? 0 : errno;
}

bool output_file_commit(struct output_file *file, struct failure *failure)
{
    int error = finish(file);
    if (!error) {
        release(file);
        return true;
    }
    if (error == EPIPE && !file->temporary)
        fail(failure, EXIT_FINE, "%s", "");
    else
        fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", file->path, strerror(error));
    output_file_abandon(file);
    return false;
}

void output_file_abandon(struct output_file *file)
{
    if (!file) return;
    if (file->temporary) unlink(file->temporary);
    if (!file->write_error) file->write_error = ECANCELED; /* what is buffered goes nowhere */
    release(file);
}
