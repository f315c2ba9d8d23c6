/* SPDX-License-Identifier: MIT */
#include "tools/base/line_reader.h"
#include "tools/base/seconds.h"
#include "tools/eval/alignment.h"
#include "tools/eval/fields.h"
#include "tools/eval/utterance_key.h"

#include <stdlib.h>
#include <string.h>

static bool read_line(struct alignment *alignment, struct line_reader *reader, char *line,
                      struct failure *failure)
{
    char *field[7];
    size_t n = split_fields(line, field, 7);
    int64_t start, duration;
    /* Kaldi omits an empty label, so a line with four fields is silence. */
    if (n < 4 || n > 6)
        return line_reader_fail(reader, failure,
                                "%zu fields; expected 'utterance channel start duration label "
                                "[confidence]'", n);
    if (!seconds_read(reader, "start", field[2], &start, failure) ||
        !seconds_read_from_0(reader, "duration", field[3], &duration, failure))
        return false;
    char *name = utterance_key(field[0]);
    if (!name) return fail_memory(failure);
    bool good = alignment_add(alignment, name, start, start + duration, n > 4 ? field[4] : "",
                              failure);
    free(name);
    return good;
}

bool ctm_read(struct alignment *alignment, struct line_reader *reader, struct failure *failure)
{
    char *line;
    size_t length;
    while (line_reader_next(reader, &line, &length, failure)) {
        if (!line) return true;
        if (strncmp(line, ";;", 2) == 0 || is_blank(line)) continue;
        if (!read_line(alignment, reader, line, failure)) return false;
    }
    return false;
}
