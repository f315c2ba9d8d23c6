/* SPDX-License-Identifier: MIT */
#include "tools/base/line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 1 << 16, LONGEST_LINE = 64 << 20 };

/* Unread bytes are buffer[begin..end); one byte after end is always there for the final zero. */
struct line_reader {
    int fd;
    bool at_end;
    size_t number;
    char *path;
    char *buffer;
    size_t begin, end, capacity;
};

bool line_reader_open(struct line_reader **reader, const char *path, struct failure *failure)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct line_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->fd = -1;
    r->path = strdup(is_stdin ? "stdin" : path);
    r->capacity = FIRST_CAPACITY;
    r->buffer = malloc(r->capacity + 1);
    if (!r->path || !r->buffer) {
        line_reader_close(r);
        return fail_memory(failure);
    }
    r->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (r->fd < 0) {
        fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
        line_reader_close(r);
        return false;
    }
    *reader = r;
    return true;
}

static bool grow(struct line_reader *r, struct failure *failure)
{
    size_t capacity = 2 * r->capacity;
    char *buffer = realloc(r->buffer, capacity + 1);
    if (!buffer) return fail_memory(failure);
    r->buffer = buffer;
    r->capacity = capacity;
    return true;
}

static bool refill(struct line_reader *r, struct failure *failure)
{
    memmove(r->buffer, r->buffer + r->begin, r->end - r->begin);
    r->end -= r->begin;
    r->begin = 0;
    if (r->end > LONGEST_LINE)
        return fail(failure, EXIT_INPUT, "%s:%zu: a line of more than 64 MB; is this a text file?",
                    r->path, r->number + 1);
    if (r->end == r->capacity && !grow(r, failure)) return false;
    ssize_t n;
    do {
        n = read(r->fd, r->buffer + r->end, r->capacity - r->end);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail(failure, EXIT_INPUT, "%s:%zu: cannot be read: %s", r->path, r->number + 1,
                    strerror(errno));
    r->at_end = n == 0;
    r->end += (size_t)n;
    return true;
}

static bool check_line(struct line_reader *r, const char *line, size_t length,
                       struct failure *failure)
{
    if (r->number == 1 && length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0)
        return line_reader_fail(r, failure,
                                "begins with a byte order mark; save it as UTF-8 without one");
    if (r->number == 1 && length >= 2 &&
        (memcmp(line, "\xFF\xFE", 2) == 0 || memcmp(line, "\xFE\xFF", 2) == 0))
        return line_reader_fail(r, failure, "is UTF-16; save it as UTF-8");
    const char *zero = memchr(line, '\0', length);
    if (zero)
        return line_reader_fail(r, failure, "a zero byte in column %zu; is this a text file?",
                                (size_t)(zero - line) + 1);
    return true;
}

bool line_reader_next(struct line_reader *r, char **line, size_t *length, struct failure *failure)
{
    size_t searched = 0;
    char *stop;
    while (!(stop = memchr(r->buffer + r->begin + searched, '\n',
                           r->end - r->begin - searched)) && !r->at_end) {
        searched = r->end - r->begin;
        if (!refill(r, failure)) return false;
    }
    *line = NULL;
    *length = 0;
    if (!stop && r->begin == r->end) return true;

    char *start = r->buffer + r->begin;
    size_t n = stop ? (size_t)(stop - start) : r->end - r->begin;
    r->begin += n + (stop ? 1 : 0);
    r->number++;
    if (n > 0 && stop && start[n - 1] == '\r') n--;
    start[n] = '\0';
    if (!check_line(r, start, n, failure)) return false;
    *line = start;
    *length = n;
    return true;
}

bool line_reader_fail(const struct line_reader *r, struct failure *failure, const char *format, ...)
{
    struct failure reason;
    va_list values;
    va_start(values, format);
    failure_set(&reason, EXIT_INPUT, format, values);
    va_end(values);
    return fail(failure, EXIT_INPUT, "%s:%zu: %s", r->path, r->number, reason.text);
}

const char *line_reader_path(const struct line_reader *r)
{
    return r->path;
}

size_t line_reader_number(const struct line_reader *r)
{
    return r->number;
}

void line_reader_close(struct line_reader *r)
{
    if (!r) return;
    if (r->fd > STDIN_FILENO) close(r->fd);
    free(r->buffer);
    free(r->path);
    free(r);
}
