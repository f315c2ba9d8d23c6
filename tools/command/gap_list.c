/* SPDX-License-Identifier: MIT */
#include "tools/command/gap_list.h"

#include "tools/base/line_reader.h"
#include "tools/base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool parse_gap(char *line, struct gap *gap)
{
    char *lost = strchr(line, '\t');
    if (!lost) return false;
    *lost++ = 0;
    char *why = strchr(lost, '\t');
    if (!why) return false;
    *why++ = 0;
    size_t n = strlen(why);
    if (n == 0 || n >= sizeof gap->why || strpbrk(why, "\t\"\\")) return false;
    memcpy(gap->why, why, n + 1);
    return parse_u64(line, &gap->sample) && parse_u64(lost, &gap->lost);
}

static bool read_lines(struct gap_list *list, struct line_reader *reader, struct failure *failure)
{
    char *line;
    size_t length;
    while (line_reader_next(reader, &line, &length, failure)) {
        struct gap gap;
        if (!line) return true;
        if (!parse_gap(line, &gap))
            return line_reader_fail(reader, failure,
                                    "not a gap; expected: sample TAB samples lost TAB why");
        if (list->n > 0 && gap.sample < list->gap[list->n - 1].sample)
            return line_reader_fail(reader, failure, "gaps are not in order");
        struct gap *grown = realloc(list->gap, (list->n + 1) * sizeof *grown);
        if (!grown) return fail(failure, EXIT_INTERNAL, "no memory for gaps");
        list->gap = grown;
        list->gap[list->n++] = gap;
    }
    return false;
}

bool gap_list_read(struct gap_list *list, const char *recording, struct failure *failure)
{
    *list = (struct gap_list){NULL, 0};
    size_t n = strlen(recording) + sizeof ".gaps";
    char *path = malloc(n);
    if (!path) return fail(failure, EXIT_INTERNAL, "no memory for gaps");
    snprintf(path, n, "%s.gaps", recording);
    bool good = true;
    struct line_reader *reader = NULL;
    if (access(path, F_OK) == 0)
        good = line_reader_open(&reader, path, failure) && read_lines(list, reader, failure);
    line_reader_close(reader);
    free(path);
    if (!good) gap_list_free(list);
    return good;
}

void gap_list_free(struct gap_list *list)
{
    free(list->gap);
    *list = (struct gap_list){NULL, 0};
}
