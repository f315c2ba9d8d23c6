/* SPDX-License-Identifier: MIT */
#include "tools/command/gap_list.h"

#include "tools/base/growing.h"
#include "tools/base/line_reader.h"
#include "tools/base/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The most samples, lost ones included, that all counters and times can represent. */
static const uint64_t MOST_SAMPLES = UINT64_C(1) << 53;

static const char blanks[] = " \t";

/* A whole number of samples, also as "+5", "5.0" or "1e3". */
static bool parse_samples(const char *text, uint64_t *n)
{
    double value;
    if (parse_u64(text, n)) return true;
    if (!parse_double(text, &value) || value < 0 || value >= 0x1p63 || value != floor(value))
        return false;
    *n = (uint64_t)value;
    return true;
}

static bool parse_gap(char *line, struct gap *gap)
{
    char *lost = strchr(line, '\t');
    if (!lost) return false;
    *lost++ = 0;
    char *why = strchr(lost, '\t');
    if (!why) return false;
    *why++ = 0;
    size_t n = strlen(why);
    while (n > 0 && strchr(blanks, why[n - 1])) why[--n] = 0;
    if (n == 0 || n >= sizeof gap->why || strpbrk(why, "\t\"\\")) return false;
    memcpy(gap->why, why, n + 1);
    return parse_samples(line, &gap->sample) && parse_samples(lost, &gap->lost);
}

/* n_lost: samples lost in the gaps before this one. */
static bool check_gap(const struct gap_list *list, const struct gap *gap, uint64_t n_lost,
                      const struct line_reader *reader, struct failure *failure)
{
    if (list->n > 0 && gap->sample < list->gap[list->n - 1].sample)
        return line_reader_fail(reader, failure, "the gaps are not in order");
    if (gap->sample > MOST_SAMPLES - n_lost || gap->lost > MOST_SAMPLES - n_lost - gap->sample)
        return line_reader_fail(reader, failure, "has more samples than a recording can have");
    return true;
}

static bool add_gap(struct gap_list *list, const struct gap *gap, struct failure *failure)
{
    if (!grow(&list->gap, &list->capacity, list->n + 1, sizeof *list->gap, failure)) return false;
    list->gap[list->n++] = *gap;
    return true;
}

static bool read_lines(struct gap_list *list, struct line_reader *reader, struct failure *failure)
{
    char *line;
    size_t length;
    uint64_t n_lost = 0;
    while (line_reader_next(reader, &line, &length, failure)) {
        struct gap gap;
        if (!line) return true;
        if (line[strspn(line, blanks)] == 0) continue;
        if (!parse_gap(line, &gap))
            return line_reader_fail(reader, failure,
                                    "is not a gap; expected: sample TAB samples lost TAB why");
        if (!check_gap(list, &gap, n_lost, reader, failure) || !add_gap(list, &gap, failure))
            return false;
        n_lost += gap.lost;
    }
    return false;
}

/* Reads the file if it exists. */
static bool read_file(struct gap_list *list, const char *path, struct failure *failure)
{
    struct stat status;
    struct line_reader *reader = NULL;
    if (stat(path, &status) != 0)
        return errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG ||
               fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(failure, EXIT_INPUT,
                    "%s: would list lost samples, but is not a regular file; rename it", path);
    bool good = line_reader_open(&reader, path, failure) && read_lines(list, reader, failure);
    line_reader_close(reader);
    return good;
}

bool gap_list_read(struct gap_list *list, const char *recording, struct failure *failure)
{
    *list = (struct gap_list){0};
    size_t n = strlen(recording) + sizeof ".gaps";
    char *path = malloc(n);
    if (!path) return fail_memory(failure);
    snprintf(path, n, "%s.gaps", recording);
    bool good = read_file(list, path, failure);
    free(path);
    if (!good) gap_list_free(list);
    return good;
}

void gap_list_free(struct gap_list *list)
{
    free(list->gap);
    *list = (struct gap_list){0};
}
