/* SPDX-License-Identifier: MIT */
#include "tools/formats/format_detect.h"

#include "tools/base/line_reader.h"
#include "tools/base/number.h"
#include "tools/base/path.h"
#include "tools/base/textgrid.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LOOK_AT = 4096 };

static bool begins(const unsigned char *bytes, size_t n, const char *magic)
{
    size_t length = strlen(magic);
    return n >= length && memcmp(bytes, magic, length) == 0;
}

/* Text of one line; the kinds of text differ in what stands before the units. */
static const char *format_of_line(const char *line)
{
    size_t n = strlen(line);
    if (strchr(line, '|')) return "gslm";
    if (strchr(line, '\t') && strspn(strchr(line, '\t') + 1, "0123456789 ") ==
                                  strlen(strchr(line, '\t') + 1))
        return "units-names";
    bool only_ids = strspn(line, "0123456789 ") == n;
    if (only_ids && (n == 0 || line[n - 1] != ' ')) return "km";
    const char *blank = strchr(line, ' ');
    if (blank && strspn(blank, "0123456789 ") == strlen(blank) && line[n - 1] == ' ') return "ark";
    if (strncmp(line, ";;", 2) == 0) return "ctm";
    char name[2], channel[2], begin[40], duration[40], unit[12];
    int64_t ignored;
    bool is_ctm = sscanf(line, "%*[^ \t]%1[ \t]%1s %39s %39s %11[0-9]", name, channel, begin,
                         duration, unit) == 5 &&
                  parse_microseconds(begin, &ignored) && parse_microseconds(duration, &ignored);
    return is_ctm ? "ctm" : NULL;
}

const char *unit_format_of_bytes(const unsigned char *bytes, size_t n)
{
    if (begins(bytes, n, "\x93NUMPY")) return "npy";
    if (begins(bytes, n, "{")) return "jsonl";
    if (textgrid_is((const char *)bytes, n)) return "textgrid";
    const unsigned char *blank = memchr(bytes, ' ', n);
    if (blank && (size_t)(blank - bytes) + 2 < n && blank[1] == 0 && blank[2] == 'B') return "ark";
    if (memchr(bytes, 0, n)) return NULL;
    char line[LOOK_AT + 1];
    size_t length = 0;
    while (length < n && length < LOOK_AT && bytes[length] != '\n') length++;
    bool whole = length < n;
    memcpy(line, bytes, length);
    while (whole && length > 0 && line[length - 1] == '\r') length--;
    if (!whole) /* a number that is cut or a blank at the cut would mislead */
        while (length > 0 && (line[length - 1] == ' ')) length--;
    line[length] = '\0';
    return format_of_line(line);
}

/* The first bytes, as text: unpacked, without a byte order mark, UTF-16 as UTF-8. */
static bool look_at_text(const char *path, const char **name, struct failure *failure)
{
    struct line_reader *reader;
    const char *text;
    size_t n = LOOK_AT;
    if (!line_reader_open(&reader, path, failure)) return false;
    bool good = line_reader_peek(reader, &text, &n, failure);
    *name = good && n > 0 ? unit_format_of_bytes((const unsigned char *)text, n) : NULL;
    line_reader_close(reader);
    return good;
}

bool unit_format_detect(const char *path, const struct unit_format **format,
                        struct failure *failure)
{
    struct stat status;
    const char *name = NULL;
    if (strcmp(path, "-") == 0)
        return fail(failure, EXIT_USAGE, "what is the format of standard input? say --from FORMAT");
    if (stat(path, &status) != 0)
        return fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    if (S_ISREG(status.st_mode) && !look_at_text(path, &name, failure)) return false;
    if (!name) return fail(failure, EXIT_USAGE, "%s: what is its format? say --from FORMAT", path);
    if (!unit_format_find(name, format, failure)) return false;
    return ((*format)->traits & FORMAT_TEXT) || !path_has_suffix(path, "gz") ||
           fail(failure, EXIT_INPUT, "%s: a packed %s file; unpack it first", path, name);
}
