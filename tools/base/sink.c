/* SPDX-License-Identifier: MIT */
#include "tools/base/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_SIZE = 1 << 16 };

/* Bytes [0, flushed) are in fd, the next n_buffered in the buffer. */
struct sink {
    int fd;        /* the file, the stream, or the temporary that stands before it */
    int stream_fd; /* where a spooled stream leads; -1: not spooled */
    bool is_stream;
    int error; /* errno of the first write that failed */
    char *path;
    char *temporary; /* NULL: written in place */
    uint64_t flushed;
    size_t n_buffered;
    unsigned char buffer[BUFFER_SIZE];
};

static void release_memory(struct sink *sink)
{
    if (sink->fd > STDERR_FILENO) close(sink->fd);
    if (sink->stream_fd > STDERR_FILENO) close(sink->stream_fd);
    free(sink->path);
    free(sink->temporary);
    free(sink);
}

static void write_fd(struct sink *sink, int fd, const unsigned char *bytes, size_t n)
{
    while (n > 0 && !sink->error) {
        ssize_t k = write(fd, bytes, n);
        if (k >= 0) {
            bytes += k;
            n -= (size_t)k;
        } else if (errno != EINTR) {
            sink->error = errno;
        }
    }
}

static void drain(struct sink *sink)
{
    write_fd(sink, sink->fd, sink->buffer, sink->n_buffered);
    sink->flushed += sink->n_buffered;
    sink->n_buffered = 0;
}

static int open_unlinked(void)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder) folder = "/tmp";
    char path[4096];
    if (snprintf(path, sizeof path, "%s/voq-XXXXXX", folder) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkstemp(path);
    if (fd >= 0) unlink(path);
    return fd;
}

static struct sink *make(const char *path, struct failure *failure)
{
    struct sink *sink = calloc(1, sizeof *sink);
    if (sink) {
        sink->fd = sink->stream_fd = -1;
        sink->path = strdup(path);
        sink->temporary = malloc(strlen(path) + sizeof ".tmp");
    }
    if (!sink || !sink->path || !sink->temporary) {
        if (sink) release_memory(sink);
        fail_memory(failure);
        return NULL;
    }
    sprintf(sink->temporary, "%s.tmp", path);
    return sink;
}

bool sink_open_temporary(struct sink **out, struct failure *failure)
{
    struct sink *sink = make("temporary file", failure);
    if (!sink) return false;
    free(sink->temporary);
    sink->temporary = NULL;
    sink->fd = open_unlinked();
    if (sink->fd < 0) {
        fail(failure, EXIT_OUTPUT, "no temporary file: %s; set TMPDIR", strerror(errno));
        release_memory(sink);
        return false;
    }
    *out = sink;
    return true;
}

static bool open_stream(struct sink *sink, bool is_stdout, bool spool, const uint64_t *resume,
                        struct failure *failure)
{
    free(sink->temporary);
    sink->temporary = NULL;
    sink->is_stream = true;
    if (resume)
        return fail(failure, EXIT_USAGE, "%s: only a file can be resumed", sink->path);
    sink->fd = is_stdout ? STDOUT_FILENO : open(sink->path, O_WRONLY | O_CLOEXEC);
    if (sink->fd < 0)
        return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", sink->path,
                    strerror(errno));
    if (!spool) return true;
    sink->stream_fd = sink->fd;
    sink->fd = open_unlinked();
    if (sink->fd >= 0) return true;
    return fail(failure, EXIT_OUTPUT, "no temporary file: %s; set TMPDIR", strerror(errno));
}

/* The lock is worth something only while the name still leads to what was locked: a writer that
   just finished may have renamed it. */
static bool lock_file(struct sink *sink, struct failure *failure)
{
    for (;;) {
        sink->fd = open(sink->temporary, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (sink->fd < 0)
            return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", sink->path,
                        strerror(errno));
        if (flock(sink->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            return fail(failure, EXIT_OUTPUT, "%s: another voq is writing it", sink->path);
        struct stat locked, named;
        if (fstat(sink->fd, &locked) == 0 && stat(sink->temporary, &named) == 0 &&
            locked.st_ino == named.st_ino && locked.st_dev == named.st_dev)
            return true;
        close(sink->fd);
    }
}

/* Killed between the renames of two files, the first has its name already. */
static void take_back_finished(const struct sink *sink, uint64_t length)
{
    struct stat status;
    if (access(sink->temporary, F_OK) != 0 && stat(sink->path, &status) == 0 &&
        (uint64_t)status.st_size == length)
        (void)!rename(sink->path, sink->temporary);
}

static bool open_file(struct sink *sink, const uint64_t *resume, struct failure *failure)
{
    if (resume) take_back_finished(sink, *resume);
    if (!lock_file(sink, failure)) return false;
    struct stat status;
    uint64_t length = resume ? *resume : 0;
    if (fstat(sink->fd, &status) != 0 || (uint64_t)status.st_size < length)
        return fail(failure, EXIT_OUTPUT,
                    "%s: shorter than its journal says; delete the journal and start anew",
                    sink->temporary);
    if (ftruncate(sink->fd, (off_t)length) != 0 || lseek(sink->fd, (off_t)length, SEEK_SET) < 0)
        return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", sink->path,
                    strerror(errno));
    sink->flushed = length;
    if (stat(sink->path, &status) == 0) (void)!fchmod(sink->fd, status.st_mode & 0777);
    return true;
}

bool sink_open(struct sink **out, const char *path, bool spool, const uint64_t *resume,
               struct failure *failure)
{
    bool is_stdout = strcmp(path, "-") == 0;
    struct stat status;
    bool exists = !is_stdout && stat(path, &status) == 0;
    bool in_place = is_stdout || (exists && !S_ISREG(status.st_mode));
    if (exists && S_ISDIR(status.st_mode))
        return fail(failure, EXIT_OUTPUT, "%s: cannot be written: it is a folder", path);
    if (exists && !in_place && access(path, W_OK) != 0)
        return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));

    char *real = exists && !in_place ? realpath(path, NULL) : NULL;
    struct sink *sink = make(is_stdout ? "stdout" : real ? real : path, failure);
    free(real);
    if (!sink) return false;
    bool opened = in_place ? open_stream(sink, is_stdout, spool, resume, failure)
                           : open_file(sink, resume, failure);
    if (!opened) {
        release_memory(sink);
        return false;
    }
    *out = sink;
    return true;
}

void sink_write(struct sink *sink, const void *bytes, size_t n)
{
    const unsigned char *from = bytes;
    while (n > 0) {
        if (sink->n_buffered == BUFFER_SIZE) drain(sink);
        size_t room = BUFFER_SIZE - sink->n_buffered;
        size_t k = n < room ? n : room;
        memcpy(sink->buffer + sink->n_buffered, from, k);
        sink->n_buffered += k;
        from += k;
        n -= k;
    }
}

void sink_text(struct sink *sink, const char *text)
{
    sink_write(sink, text, strlen(text));
}

void sink_decimal(struct sink *sink, uint64_t value)
{
    char digit[20];
    size_t n = 0;
    do {
        digit[sizeof digit - ++n] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    sink_write(sink, digit + sizeof digit - n, n);
}

uint64_t sink_position(const struct sink *sink)
{
    return sink->flushed + sink->n_buffered;
}

void sink_patch(struct sink *sink, uint64_t position, const void *bytes, size_t n)
{
    if (position >= sink->flushed) {
        memcpy(sink->buffer + (position - sink->flushed), bytes, n);
        return;
    }
    drain(sink);
    const unsigned char *from = bytes;
    while (n > 0 && !sink->error) {
        ssize_t k = pwrite(sink->fd, from, n, (off_t)position);
        if (k >= 0) {
            from += k;
            position += (uint64_t)k;
            n -= (size_t)k;
        } else if (errno != EINTR) {
            sink->error = errno;
        }
    }
}

static bool is_patchable(const struct sink *sink)
{
    return !sink->is_stream || sink->stream_fd >= 0;
}

bool sink_cut(struct sink *sink, uint64_t position)
{
    if (!is_patchable(sink)) return false;
    if (position >= sink->flushed) {
        sink->n_buffered = (size_t)(position - sink->flushed);
        return true;
    }
    sink->n_buffered = 0;
    sink->flushed = position;
    if (ftruncate(sink->fd, (off_t)position) != 0 ||
        lseek(sink->fd, (off_t)position, SEEK_SET) < 0)
        sink->error = sink->error ? sink->error : errno;
    return true;
}

/* Reads fd from its start through the free buffer; each piece goes to `to`, or to the stream. */
static void empty_temporary(struct sink *from, struct sink *to)
{
    uint64_t length = from->flushed;
    for (uint64_t at = 0; at < length && !from->error;) {
        ssize_t k = pread(from->fd, from->buffer, BUFFER_SIZE, (off_t)at);
        if (k < 0 && errno == EINTR) continue;
        if (k <= 0) {
            from->error = k < 0 ? errno : EIO;
            break;
        }
        if (to)
            sink_write(to, from->buffer, (size_t)k);
        else
            write_fd(from, from->stream_fd, from->buffer, (size_t)k);
        at += (uint64_t)k;
    }
    sink_cut(from, 0);
}

void sink_release(struct sink *sink)
{
    if (sink->stream_fd < 0) return;
    if (sink->flushed == 0) {
        write_fd(sink, sink->stream_fd, sink->buffer, sink->n_buffered);
        sink->n_buffered = 0;
        return;
    }
    drain(sink);
    empty_temporary(sink, NULL);
}

void sink_copy(struct sink *temporary, struct sink *to)
{
    if (temporary->flushed == 0) {
        sink_write(to, temporary->buffer, temporary->n_buffered);
        temporary->n_buffered = 0;
    } else {
        drain(temporary);
        empty_temporary(temporary, to);
    }
    if (!to->error) to->error = temporary->error;
}

bool sink_is_stream(const struct sink *sink)
{
    return sink->is_stream;
}

bool sink_check(const struct sink *sink, struct failure *failure)
{
    if (!sink->error) return true;
    if (sink->error == EPIPE && sink->is_stream) return fail(failure, EXIT_FINE, "%s", "");
    return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", sink->path,
                strerror(sink->error));
}

bool sink_flush(struct sink *sink, struct failure *failure)
{
    drain(sink);
    return sink_check(sink, failure);
}

/* Some file systems tell of a full disk only at close. A copy is closed: closing fd itself would
   give up the lock before the rename. */
static void finish_file(struct sink *sink)
{
    int copy = dup(sink->fd);
    if (copy >= 0 && close(copy) != 0 && !sink->error) sink->error = errno;
    if (!sink->error && rename(sink->temporary, sink->path) != 0) sink->error = errno;
}

bool sink_commit(struct sink *sink, struct failure *failure)
{
    if (sink->stream_fd >= 0)
        sink_release(sink);
    else
        drain(sink);
    if (sink->temporary) finish_file(sink);
    bool ok = sink_check(sink, failure);
    if (ok) {
        release_memory(sink);
        return true;
    }
    sink_abandon(sink, false);
    return false;
}

void sink_abandon(struct sink *sink, bool keep)
{
    if (!sink) return;
    if (sink->temporary && keep) drain(sink);
    if (sink->temporary && !keep) unlink(sink->temporary);
    release_memory(sink);
}
