/* SPDX-License-Identifier: MIT */
#include "tools/base/unpacked_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { BUFFER_SIZE = 1 << 16, GZIP_ONLY = 16 + MAX_WBITS };

/* buffer holds stored bytes; those in [begin, end) are unread. */
struct unpacked_file {
    int fd;
    bool is_begun, is_packed, at_end;
    bool between_members;
    z_stream stream;
    size_t begin, end;
    unsigned char buffer[BUFFER_SIZE];
};

bool unpacked_file_open(struct unpacked_file **file, const char *path, struct failure *failure)
{
    struct unpacked_file *f = calloc(1, sizeof *f);
    if (!f) return fail_memory(failure);
    f->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (f->fd < 0) {
        fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
        unpacked_file_close(f);
        return false;
    }
    *file = f;
    return true;
}

/* Appends stored bytes to the buffer. */
static bool fill(struct unpacked_file *f, struct failure *failure)
{
    ssize_t n;
    do {
        n = read(f->fd, f->buffer + f->end, BUFFER_SIZE - f->end);
    } while (n < 0 && errno == EINTR);
    if (n < 0) return fail(failure, EXIT_INPUT, "cannot be read: %s", strerror(errno));
    f->at_end = n == 0;
    f->end += (size_t)n;
    return true;
}

static bool refill(struct unpacked_file *f, struct failure *failure)
{
    if (f->begin < f->end || f->at_end) return true;
    f->begin = f->end = 0;
    return fill(f, failure);
}

static bool begin(struct unpacked_file *f, struct failure *failure)
{
    while (f->end < 2 && !f->at_end)
        if (!fill(f, failure)) return false;
    f->is_begun = true;
    f->is_packed = f->end >= 2 && f->buffer[0] == 0x1F && f->buffer[1] == 0x8B;
    return !f->is_packed || inflateInit2(&f->stream, GZIP_ONLY) == Z_OK || fail_memory(failure);
}

static bool copy(struct unpacked_file *f, void *bytes, size_t n, size_t *got,
                 struct failure *failure)
{
    if (!refill(f, failure)) return false;
    size_t stored = f->end - f->begin;
    *got = stored < n ? stored : n;
    memcpy(bytes, f->buffer + f->begin, *got);
    f->begin += *got;
    return true;
}

/* Zero bytes after a member are padding, as for gzip. */
static bool skip_padding(struct unpacked_file *f, struct failure *failure)
{
    do {
        if (!refill(f, failure)) return false;
        while (f->begin < f->end && f->buffer[f->begin] == 0) f->begin++;
    } while (f->begin == f->end && !f->at_end);
    return true;
}

static bool inflate_some(struct unpacked_file *f, void *bytes, size_t n, size_t *got,
                         struct failure *failure)
{
    f->stream.next_in = f->buffer + f->begin;
    f->stream.avail_in = (uInt)(f->end - f->begin);
    f->stream.next_out = bytes;
    f->stream.avail_out = n < BUFFER_SIZE ? (uInt)n : BUFFER_SIZE;
    uInt room = f->stream.avail_out;
    int status = inflate(&f->stream, Z_NO_FLUSH);
    f->begin = f->end - f->stream.avail_in;
    *got = room - f->stream.avail_out;
    if (status == Z_MEM_ERROR) return fail_memory(failure);
    if (status != Z_OK && status != Z_BUF_ERROR && status != Z_STREAM_END)
        return fail(failure, EXIT_INPUT, "the gzip data is damaged here: %s",
                    f->stream.msg ? f->stream.msg : "no valid stream");
    f->between_members = status == Z_STREAM_END;
    if (f->between_members) inflateReset(&f->stream);
    return true;
}

static bool unpack(struct unpacked_file *f, void *bytes, size_t n, size_t *got,
                   struct failure *failure)
{
    for (*got = 0; *got == 0;) {
        if (f->between_members && !skip_padding(f, failure)) return false;
        if (!refill(f, failure)) return false;
        bool is_drained = f->begin == f->end;
        if (is_drained && f->between_members) return true;
        if (!inflate_some(f, bytes, n, got, failure)) return false;
        if (is_drained && *got == 0 && !f->between_members)
            return fail(failure, EXIT_INPUT, "the gzip data ends too early; is the file cut off?");
    }
    return true;
}

bool unpacked_file_read(struct unpacked_file *f, void *bytes, size_t n, size_t *got,
                        struct failure *failure)
{
    if (!f->is_begun && !begin(f, failure)) return false;
    return f->is_packed ? unpack(f, bytes, n, got, failure) : copy(f, bytes, n, got, failure);
}

void unpacked_file_close(struct unpacked_file *f)
{
    if (!f) return;
    if (f->is_packed) inflateEnd(&f->stream);
    if (f->fd > STDIN_FILENO) close(f->fd);
    free(f);
}
