/* SPDX-License-Identifier: MIT */
#include "tools/base/line_reader.h"

#include "tools/base/unpacked_file.h"
#include "tools/base/utf16.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1 << 16, LEAST_ROOM = 1 << 12, LONGEST_LINE = 64 << 20 };

/* Unread text is buffer[begin..end); one byte after end is always there for the final zero. */
struct line_reader {
    struct unpacked_file *file;
    char *path;
    bool is_begun, at_end;
    bool is_utf16;
    bool is_broken; /* after the unread text */
    bool is_document;
    bool ended_by_cr; /* a '\n' that follows belongs to the line before */
    struct utf16 utf16;
    size_t number;
    char *buffer;
    size_t begin, end, capacity;
};

bool line_reader_open(struct line_reader **reader, const char *path, struct failure *failure)
{
    struct line_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->path = strdup(strcmp(path, "-") == 0 ? "stdin" : path);
    r->capacity = FIRST_CAPACITY;
    r->buffer = malloc(r->capacity + 1);
    if (!r->path || !r->buffer) {
        line_reader_close(r);
        return fail_memory(failure);
    }
    if (!unpacked_file_open(&r->file, path, failure)) {
        line_reader_close(r);
        return false;
    }
    *reader = r;
    return true;
}

static bool fail_next(const struct line_reader *r, struct failure *failure, const char *reason)
{
    return fail(failure, EXIT_INPUT, "%s:%zu: %s", r->path, r->number + 1, reason);
}

static bool read_bytes(struct line_reader *r, void *bytes, size_t n, size_t *got,
                       struct failure *failure)
{
    struct failure reason;
    if (!unpacked_file_read(r->file, bytes, n, got, &reason)) {
        if (reason.code == EXIT_INPUT) return fail_next(r, failure, reason.text);
        *failure = reason;
        return false;
    }
    r->at_end = *got == 0;
    return true;
}

/* Appends the text of n bytes of the file; there must be room for it. */
static void append(struct line_reader *r, const unsigned char *bytes, size_t n)
{
    if (!r->is_utf16) {
        memcpy(r->buffer + r->end, bytes, n);
        r->end += n;
        return;
    }
    r->is_broken = !utf16_decode(&r->utf16, bytes, n, r->buffer, &r->end) ||
                   (r->at_end && !utf16_is_whole(&r->utf16));
    r->at_end = r->at_end || r->is_broken;
}

static bool is_ascii(unsigned char byte)
{
    return byte > 0 && byte < 0x80;
}

/* Sets the encoding; returns the size of the byte order mark. UTF-16 without one is recognised by
   two ASCII characters. */
static size_t find_encoding(struct line_reader *r, const unsigned char *head, size_t n)
{
    if (n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) return 3;
    bool has_mark = n >= 2 && (head[0] ^ head[1]) == 1 && (head[0] | head[1]) == 0xFF;
    bool is_little = n == 4 && is_ascii(head[0]) && !head[1] && is_ascii(head[2]) && !head[3];
    bool is_big = n == 4 && !head[0] && is_ascii(head[1]) && !head[2] && is_ascii(head[3]);
    r->is_utf16 = has_mark || is_little || is_big;
    r->utf16.is_big_endian = has_mark ? head[0] == 0xFE : is_big;
    return has_mark ? 2 : 0;
}

static bool begin(struct line_reader *r, struct failure *failure)
{
    unsigned char head[4];
    size_t n = 0, got = 1;
    while (n < sizeof head && got > 0) {
        if (!read_bytes(r, head + n, sizeof head - n, &got, failure)) return false;
        n += got;
    }
    r->is_begun = true;
    size_t n_mark = find_encoding(r, head, n);
    append(r, head + n_mark, n - n_mark);
    return true;
}

static bool make_room(struct line_reader *r, struct failure *failure)
{
    memmove(r->buffer, r->buffer + r->begin, r->end - r->begin);
    r->end -= r->begin;
    r->begin = 0;
    if (r->end > LONGEST_LINE)
        return fail_next(r, failure, "a line of more than 64 MB; is this a text file?");
    if (r->capacity - r->end >= LEAST_ROOM) return true;
    char *buffer = realloc(r->buffer, 2 * r->capacity + 1);
    if (!buffer) return fail_memory(failure);
    r->buffer = buffer;
    r->capacity *= 2;
    return true;
}

static bool refill(struct line_reader *r, struct failure *failure)
{
    if (!r->is_begun) return begin(r, failure);
    if (!make_room(r, failure)) return false;
    size_t got, room = r->capacity - r->end;
    if (!r->is_utf16) {
        if (!read_bytes(r, r->buffer + r->end, room, &got, failure)) return false;
        r->end += got;
        return true;
    }
    unsigned char bytes[LEAST_ROOM / 2 - 2]; /* utf16_decode needs twice as much, and 4 */
    if (!read_bytes(r, bytes, sizeof bytes, &got, failure)) return false;
    append(r, bytes, got);
    return true;
}

bool line_reader_peek(struct line_reader *r, const char **text, size_t *n, struct failure *failure)
{
    while (r->end - r->begin < *n && !r->at_end)
        if (!refill(r, failure)) return false;
    if (r->end - r->begin < *n) *n = r->end - r->begin;
    *text = r->buffer + r->begin;
    return true;
}

void line_reader_keep_all(struct line_reader *r)
{
    r->is_document = true;
}

static bool skip_rest_of_end(struct line_reader *r, struct failure *failure)
{
    const char *next;
    size_t n = 1;
    if (!r->ended_by_cr) return true;
    r->ended_by_cr = false;
    if (!line_reader_peek(r, &next, &n, failure)) return false;
    r->begin += n == 1 && *next == '\n';
    return true;
}

/* Finds the end of the line in the unread text, whose first `searched` bytes have none; or NULL. */
static char *find_end(const struct line_reader *r, size_t searched)
{
    char *from = r->buffer + r->begin + searched;
    size_t n = r->end - r->begin - searched;
    char *newline = memchr(from, '\n', n);
    if (!r->is_document) return newline;
    char *cr = memchr(from, '\r', newline ? (size_t)(newline - from) : n);
    return cr ? cr : newline;
}

static bool check_line(struct line_reader *r, const char *line, size_t length,
                       struct failure *failure)
{
    const char *zero = memchr(line, '\0', length);
    if (zero)
        return line_reader_fail(r, failure,
                                "there is a zero byte in column %zu; is this a text file?",
                                (size_t)(zero - line) + 1);
    return true;
}

bool line_reader_next(struct line_reader *r, char **line, size_t *length, struct failure *failure)
{
    size_t searched = 0;
    char *stop;
    if (!skip_rest_of_end(r, failure)) return false;
    while (!(stop = find_end(r, searched)) && !r->at_end) {
        searched = r->end - r->begin;
        if (!refill(r, failure)) return false;
    }
    if (r->is_utf16 && !r->is_document) return fail_next(r, failure, "is UTF-16; save it as UTF-8");
    if (!stop && r->is_broken)
        return fail_next(r, failure, "half a character in UTF-16; is the file cut off or damaged?");
    *line = NULL;
    *length = 0;
    if (!stop && r->begin == r->end) return true;

    char *start = r->buffer + r->begin;
    size_t n = stop ? (size_t)(stop - start) : r->end - r->begin;
    r->ended_by_cr = stop && *stop == '\r';
    r->begin += n + (stop ? 1 : 0);
    r->number++;
    while (!r->is_document && n > 0 && memchr(" \t\r", start[n - 1], 3)) n--;
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
    unpacked_file_close(r->file);
    free(r->buffer);
    free(r->path);
    free(r);
}
