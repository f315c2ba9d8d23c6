/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* strsep */
#include "tools/base/line_reader.h"
#include "tools/eval/alignment.h"
#include "tools/eval/utterance_key.h"

#include <stdlib.h>
#include <string.h>

enum { STEP_US = 10000 };

/* A run of one label is one interval, since the list does not mark a repeated phone. */
static bool read_labels(struct alignment *alignment, const char *name, char *labels,
                        struct failure *failure)
{
    int64_t start = 0, t = 0;
    const char *run = NULL;
    while (labels) {
        const char *label = strsep(&labels, ",");
        if (run && strcmp(run, label) != 0) {
            if (!alignment_add(alignment, name, start, t, run, failure)) return false;
            start = t;
        }
        run = label;
        t += STEP_US;
    }
    return alignment_add(alignment, name, start, t, run, failure);
}

bool frame_labels_read(struct alignment *alignment, struct line_reader *reader,
                       struct failure *failure)
{
    char *line;
    size_t length;
    while (line_reader_next(reader, &line, &length, failure)) {
        if (!line) return true;
        if (!length) continue;
        char *labels = line, *path = strsep(&labels, "\t");
        if (!labels && !strpbrk(path, " ,")) continue; /* without labels the tab may be missing */
        if (!labels)
            return line_reader_fail(reader, failure,
                                    "there is no TAB; expected 'utterance TAB label,label,...'");
        char *name = utterance_key(path);
        bool good = name ? read_labels(alignment, name, labels, failure) : fail_memory(failure);
        free(name);
        if (!good) return false;
    }
    return false;
}
