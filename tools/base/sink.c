/* SPDX-License-Identifier: MIT */
#include "tools/base/sink.h"

#include "tools/base/content_hash.h"
#include "tools/base/part_file.h"
#include "tools/base/unlinked_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_SIZE = 1 << 16 };

/* Bytes [0, flushed) are in fd, the next n_buffered in the buffer. */
struct sink {
    int fd;        /* the file, the stream, or its temporary file */
    int stream_fd; /* the stream itself; -1: not spooled */
    bool is_stream, is_part;
    int error; /* errno of the first write that failed */
    char *path;
    struct part_file part; /* is_part: it owns fd */
    uint64_t head, hashed; /* the hash covers bytes [head, hashed) */
    struct content_hash hash;
    uint64_t flushed;
    size_t n_buffered;
    unsigned char buffer[BUFFER_SIZE];
};

static void release_memory(struct sink *sink)
{
    if (sink->is_part)
        part_close(&sink->part);
    else if (sink->fd > STDERR_FILENO)
        close(sink->fd);
    if (sink->stream_fd > STDERR_FILENO) close(sink->stream_fd);
    free(sink->path);
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

static bool fail_write(const struct sink *sink, int error, struct failure *failure)
{
    return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", sink->path, strerror(error));
}

static struct sink *make(const char *path, struct failure *failure)
{
    struct sink *sink = calloc(1, sizeof *sink);
    if (sink && (sink->path = strdup(path))) {
        sink->fd = sink->stream_fd = -1;
        content_hash_begin(&sink->hash);
        return sink;
    }
    free(sink);
    fail_memory(failure);
    return NULL;
}

static int open_unlinked(struct failure *failure)
{
    int fd = unlinked_file_open(unlinked_file_folder());
    if (fd < 0) fail(failure, EXIT_OUTPUT,
                     "the temporary file cannot be created: %s; set TMPDIR to another "
                     "folder", strerror(errno));
    return fd;
}

bool sink_open_temporary(struct sink **out, struct failure *failure)
{
    struct sink *sink = make("temporary file", failure);
    if (!sink) return false;
    sink->fd = open_unlinked(failure);
    if (sink->fd < 0) {
        release_memory(sink);
        return false;
    }
    *out = sink;
    return true;
}

static bool open_stream(struct sink *sink, bool is_stdout, const struct sink_options *options,
                        struct failure *failure)
{
    sink->is_stream = true;
    if (options->resume)
        return fail(failure, EXIT_USAGE, "%s: only a file can be resumed", sink->path);
    sink->fd = is_stdout ? STDOUT_FILENO : open(sink->path, O_WRONLY | O_CLOEXEC);
    if (sink->fd < 0) return fail_write(sink, errno, failure);
    if (options->binary && isatty(sink->fd))
        return fail(failure, EXIT_USAGE,
                    "binary output cannot go to a terminal; use -o FILE or a pipe");
    if (!options->spool) return true;
    sink->stream_fd = sink->fd;
    sink->fd = open_unlinked(failure);
    return sink->fd >= 0;
}

/* Whether the file begins as the earlier process left it. The hash then covers that part. */
static bool is_as_marked(struct sink *sink, const struct sink_mark *mark, bool renamed)
{
    struct stat status;
    if (fstat(sink->fd, &status) != 0 || (uint64_t)status.st_size < mark->length) return false;
    if (renamed && (uint64_t)status.st_size != mark->length) return false;
    sink->flushed = mark->length;
    if (sink->hashed < mark->length) sink->hashed = mark->length;
    return content_hash_add_file(&sink->hash, sink->fd, sink->head, mark->length) == 0 &&
           content_hash_value(&sink->hash) == mark->hash;
}

static bool reopen_part(struct sink *sink, const struct sink_options *options,
                        struct failure *failure)
{
    bool renamed;
    const uint64_t length = options->resume->length;
    if (!part_reopen(&sink->part, sink->path, options->tag, &renamed))
        return fail(failure, EXIT_USAGE,
                    "%s: the unfinished output of the earlier run cannot be opened: %s; start "
                    "again without --resume", sink->path, strerror(errno));
    sink->is_part = true;
    sink->fd = sink->part.fd;
    if (!is_as_marked(sink, options->resume, renamed))
        return fail(failure, EXIT_USAGE,
                    "%s: the unfinished output differs from its journal; start again without "
                    "--resume", sink->path);
    if ((renamed && !part_take_back(&sink->part)) || lseek(sink->fd, (off_t)length, SEEK_SET) < 0)
        return fail_write(sink, errno, failure);
    return true;
}

/* old: the file that will be replaced, whose mode is kept; NULL: there is none. */
static bool create_part(struct sink *sink, const struct sink_options *options,
                        const struct stat *old, struct failure *failure)
{
    char fresh[PART_TAG];
    const char *tag = options->tag ? options->tag : fresh;
    mode_t mode = old ? old->st_mode & 0777 : 0666;
    if ((!options->tag && !part_tag_draw(fresh)) ||
        !part_create(&sink->part, sink->path, tag, mode))
        return fail_write(sink, errno, failure);
    sink->is_part = true;
    sink->fd = sink->part.fd;
    if (old) (void)!fchmod(sink->fd, mode);
    if (!options->alone || !part_has_rival(&sink->part)) return true;
    part_remove(&sink->part);
    return fail(failure, EXIT_OUTPUT,
                "%s: another voq is writing this file; wait for it or choose another "
                "-o", sink->path);
}

bool sink_open(struct sink **out, const char *path, const struct sink_options *options,
               struct failure *failure)
{
    bool is_stdout = strcmp(path, "-") == 0;
    struct stat status;
    bool exists = !is_stdout && stat(path, &status) == 0;
    int error = is_stdout || exists ? 0 : errno;
    bool in_place = is_stdout || (exists && !S_ISREG(status.st_mode));
    if (exists && S_ISDIR(status.st_mode)) error = EISDIR;
    if (exists && !in_place && access(path, W_OK) != 0) error = errno;
    if (error && error != ENOENT)
        return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", path,
                    error == EISDIR ? "it is a folder" : strerror(error));

    char *real = exists && !in_place ? realpath(path, NULL) : NULL;
    struct sink *sink = make(is_stdout ? "stdout" : real ? real : path, failure);
    free(real);
    if (!sink) return false;
    sink->head = sink->hashed = options->head;
    bool opened = in_place          ? open_stream(sink, is_stdout, options, failure)
                  : options->resume ? reopen_part(sink, options, failure)
                                    : create_part(sink, options, exists ? &status : NULL, failure);
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

bool sink_cut(struct sink *sink, uint64_t position)
{
    if (sink->is_stream && sink->stream_fd < 0) return false;
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
    return fail_write(sink, sink->error, failure);
}

int sink_error(const struct sink *sink)
{
    return sink->error;
}

bool sink_flush(struct sink *sink, struct failure *failure)
{
    drain(sink);
    return sink_check(sink, failure);
}

bool sink_mark(struct sink *sink, struct sink_mark *mark, struct failure *failure)
{
    if (!sink_flush(sink, failure)) return false;
    int error = 0;
    if (sink->is_part && sink->hashed < sink->flushed)
        error = content_hash_add_file(&sink->hash, sink->fd, sink->hashed, sink->flushed);
    if (error) return fail_write(sink, error, failure);
    if (sink->hashed < sink->flushed) sink->hashed = sink->flushed;
    *mark = (struct sink_mark){sink->flushed, content_hash_value(&sink->hash)};
    return true;
}

/* Cuts off what a resumed file had beyond its mark. Some file systems report a full disk only at
   close; a copy is closed, since closing fd itself would release the lock before the rename. */
static void finish_part(struct sink *sink)
{
    struct stat status;
    if (sink->error) return;
    if (fstat(sink->fd, &status) != 0 ||
        ((uint64_t)status.st_size > sink->flushed &&
         ftruncate(sink->fd, (off_t)sink->flushed) != 0))
        sink->error = errno;
    int copy = dup(sink->fd);
    if (copy >= 0 && close(copy) != 0 && !sink->error) sink->error = errno;
}

/* If the rename fails, the complete file is kept under its temporary name. */
static bool name_part(struct sink *sink, struct failure *failure)
{
    if (part_rename(&sink->part)) return true;
    return fail(failure, EXIT_OUTPUT,
                "%s: the finished output cannot be renamed to it: %s; it is kept beside it as %s",
                sink->path, strerror(errno), sink->part.name);
}

bool sink_commit(struct sink *sink, struct failure *failure)
{
    if (sink->stream_fd >= 0)
        sink_release(sink);
    else
        drain(sink);
    if (sink->is_part) finish_part(sink);
    if (!sink_check(sink, failure)) {
        sink_abandon(sink, false);
        return false;
    }
    bool named = !sink->is_part || name_part(sink, failure);
    release_memory(sink);
    return named;
}

void sink_abandon(struct sink *sink, bool keep)
{
    if (!sink) return;
    if (sink->is_part && keep) drain(sink);
    if (sink->is_part && !keep) part_remove(&sink->part);
    release_memory(sink);
}
