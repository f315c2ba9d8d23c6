/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "tools/formats/format_detect.h"

#include "tools/base/line_reader.h"
#include "tools/base/number.h"
#include "tools/base/path.h"
#include "tools/base/textgrid.h"
#include "tools/formats/folder_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { LOOK_AT = 4096 };

static bool begins(const unsigned char *bytes, size_t n, const char *magic)
{
    size_t length = strlen(magic);
    return n >= length && memcmp(bytes, magic, length) == 0;
}

/* Tells text formats apart by what precedes the units in one line. */
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

/* Both kinds of JSON Lines begin alike; the keys of the first line differ. */
static const char *format_of_json(const unsigned char *bytes, size_t n)
{
    static const char *const keys[] = {"\"units\"", "\"fileid\""};
    const unsigned char *stop = memchr(bytes, '\n', n);
    if (stop) n = (size_t)(stop - bytes);
    if (memmem(bytes, n, "\"voq\"", 5)) return "jsonl";
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (memmem(bytes, n, keys[i], strlen(keys[i]))) return "fileid";
    return "jsonl";
}

/* Whether a later format has the same suffix, so that the content decides. */
static bool has_rival(const struct unit_format *format, const char *path)
{
    bool behind = false;
    for (size_t i = 0; unit_format_at(i); i++) {
        if (behind && unit_format_has_suffix(unit_format_at(i), path)) return true;
        behind |= unit_format_at(i) == format;
    }
    return false;
}

const char *unit_format_of_bytes(const unsigned char *bytes, size_t n)
{
    if (begins(bytes, n, "\x93NUMPY")) return "npy";
    if (begins(bytes, n, "{")) return format_of_json(bytes, n);
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

/* Looks at the first bytes as text: unpacked, without a byte order mark, UTF-16 as UTF-8. */
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

/* The path without ".gz". */
static const char *without_gz(const char *path, char *copy, size_t size)
{
    size_t n = strlen(path);
    if (n <= 3 || n >= size || strcasecmp(path + n - 3, ".gz") != 0) return path;
    memcpy(copy, path, n - 3);
    copy[n - 3] = '\0';
    return copy;
}

bool unit_format_detect(const char *path, const struct unit_format **format,
                        struct failure *failure)
{
    char copy[4096];
    const char *called = without_gz(path, copy, sizeof copy), *name = NULL;
    const struct unit_format *found;
    struct stat status;
    *format = unit_format_of_input(path);
    if (*format && !has_rival(*format, called)) return true;
    if (strcmp(path, "-") == 0)
        return fail(failure, EXIT_USAGE,
                    "the format of standard input is unknown; add --from FORMAT");
    if (stat(path, &status) != 0)
        return fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    if (S_ISREG(status.st_mode) && !look_at_text(path, &name, failure)) return false;
    if (name && !unit_format_find(name, &found, failure)) return false;
    if (name && (!*format || unit_format_has_suffix(found, called))) *format = found;
    if (!*format)
        return fail(failure, EXIT_USAGE, "%s: the format is unknown; add --from FORMAT", path);
    return ((*format)->traits & FORMAT_TEXT) || called == path ||
           fail(failure, EXIT_INPUT, "%s: is a compressed %s file; decompress it first", path,
                (*format)->name);
}

bool unit_format_of_folder(const char *folder, const struct unit_format *wanted,
                           const struct unit_format **format, struct folder_paths *files,
                           struct failure *failure)
{
    *format = NULL;
    for (size_t i = 0; !*format && unit_format_at(i); i++) {
        const struct unit_format *one = unit_format_at(i);
        if (!(one->traits & FORMAT_FILE_EACH) || (wanted && wanted != one)) continue;
        if (!folder_files(files, folder, one->suffix[0], failure)) return false;
        if (files->n > 0) *format = one;
    }
    return true;
}

bool feature_format_of_folder(const char *folder, const struct feature_format **format,
                              struct folder_paths *files, struct failure *failure)
{
    *format = NULL;
    for (size_t i = 0; !*format && feature_format_at(i); i++) {
        const struct feature_format *one = feature_format_at(i);
        if (!(one->traits & FORMAT_FILE_EACH)) continue;
        if (!folder_files(files, folder, one->suffix[0], failure)) return false;
        if (files->n > 0) *format = one;
    }
    return true;
}
