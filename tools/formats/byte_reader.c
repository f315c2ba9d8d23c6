/* SPDX-License-Identifier: MIT */
#include "tools/formats/byte_reader.h"

#include "tools/base/unpacked_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_SIZE = 1 << 16 };

struct byte_reader {
    int fd;
    struct unpacked_file *unpacked; /* read instead of fd; NULL: fd is read */
    char *path;
    uint64_t size;
    uint64_t offset; /* of buffer[begin] */
    size_t begin, end;
    unsigned char buffer[BUFFER_SIZE];
};

bool byte_reader_open(struct byte_reader **out, const char *path, struct failure *failure)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct byte_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->fd = -1;
    r->path = strdup(is_stdin ? "stdin" : path);
    if (!r->path) {
        byte_reader_close(r);
        return fail_memory(failure);
    }
    r->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (r->fd < 0 || fstat(r->fd, &status) != 0) {
        fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
        byte_reader_close(r);
        return false;
    }
    r->size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : BYTE_READER_SIZE_UNKNOWN;
    *out = r;
    return true;
}

/* For a pipe this is not known beforehand; the reader of packed files also reads others. */
static bool may_be_packed(const struct byte_reader *r)
{
    unsigned char magic[2];
    if (r->size == BYTE_READER_SIZE_UNKNOWN) return true;
    return pread(r->fd, magic, 2, 0) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
}

bool byte_reader_open_unpacked(struct byte_reader **out, const char *path, struct failure *failure)
{
    struct byte_reader *r;
    if (!byte_reader_open(&r, path, failure)) return false;
    if (may_be_packed(r)) {
        r->size = BYTE_READER_SIZE_UNKNOWN;
        if (!unpacked_file_open(&r->unpacked, path, failure)) {
            byte_reader_close(r);
            return false;
        }
    }
    *out = r;
    return true;
}

static bool refill_unpacked(struct byte_reader *r, struct failure *failure)
{
    struct failure reason;
    r->begin = r->end = 0;
    return unpacked_file_read(r->unpacked, r->buffer, BUFFER_SIZE, &r->end, &reason) ||
           byte_reader_fail(r, r->offset, failure, "%s", reason.text);
}

static bool refill(struct byte_reader *r, struct failure *failure)
{
    ssize_t n;
    if (r->unpacked) return refill_unpacked(r, failure);
    do {
        n = read(r->fd, r->buffer, BUFFER_SIZE);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return byte_reader_fail(r, r->offset, failure, "cannot be read: %s", strerror(errno));
    r->begin = 0;
    r->end = (size_t)n;
    return true;
}

bool byte_reader_read(struct byte_reader *r, void *bytes, size_t n, const char *what,
                      struct failure *failure)
{
    unsigned char *to = bytes;
    for (size_t left = n; left > 0;) {
        if (r->begin == r->end && !refill(r, failure)) return false;
        size_t k = r->end - r->begin;
        if (k == 0)
            return byte_reader_fail(r, r->offset, failure,
                                    "the file ends here, inside %s; is it cut off?", what);
        if (k > left) k = left;
        memcpy(to, r->buffer + r->begin, k);
        r->begin += k;
        r->offset += k;
        to += k;
        left -= k;
    }
    return true;
}

bool byte_reader_peek(struct byte_reader *r, int *byte, struct failure *failure)
{
    if (r->begin == r->end && !refill(r, failure)) return false;
    *byte = r->begin == r->end ? -1 : r->buffer[r->begin];
    return true;
}

bool byte_reader_seek(struct byte_reader *r, uint64_t offset, struct failure *failure)
{
    if (r->size == BYTE_READER_SIZE_UNKNOWN || offset > r->size)
        return byte_reader_fail(r, offset, failure, "the file has no such byte");
    if (lseek(r->fd, (off_t)offset, SEEK_SET) < 0)
        return byte_reader_fail(r, offset, failure, "cannot be read: %s", strerror(errno));
    r->begin = r->end = 0;
    r->offset = offset;
    return true;
}

bool byte_reader_fail(const struct byte_reader *r, uint64_t offset, struct failure *failure,
                      const char *format, ...)
{
    struct failure reason;
    va_list values;
    va_start(values, format);
    failure_set(&reason, EXIT_INPUT, format, values);
    va_end(values);
    return fail(failure, EXIT_INPUT, "%s: byte %llu: %s", r->path, (unsigned long long)offset,
                reason.text);
}

const char *byte_reader_path(const struct byte_reader *r)
{
    return r->path;
}

uint64_t byte_reader_offset(const struct byte_reader *r)
{
    return r->offset;
}

uint64_t byte_reader_size(const struct byte_reader *r)
{
    return r->size;
}

bool byte_reader_has(const struct byte_reader *r, uint64_t n)
{
    if (r->size == BYTE_READER_SIZE_UNKNOWN) return true;
    return r->offset <= r->size && n <= r->size - r->offset;
}

void byte_reader_close(struct byte_reader *r)
{
    if (!r) return;
    unpacked_file_close(r->unpacked);
    if (r->fd > STDIN_FILENO) close(r->fd);
    free(r->path);
    free(r);
}
