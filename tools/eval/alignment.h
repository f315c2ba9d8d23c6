/* SPDX-License-Identifier: MIT */
/* Phone alignments: the phones of each utterance with their times, in integer microseconds. */
#ifndef VOQ_TOOLS_ALIGNMENT_H
#define VOQ_TOOLS_ALIGNMENT_H

#include "tools/base/failure.h"
#include "tools/base/name_index.h"

#include <stdint.h>

struct phone_interval {
    int64_t start_us, end_us;
    uint32_t label; /* index into the alignment's labels */
};

struct aligned_utterance {
    struct phone_interval *interval; /* [n_interval], by start, then end, then label */
    size_t n_interval, capacity;
};

struct alignment {
    struct name_index utterances; /* names in byte order */
    struct aligned_utterance *utterance; /* [utterances.n] */
    size_t capacity;
    struct name_index labels; /* cleaned, in byte order */
    bool *is_silence;         /* [labels.n] */
    bool has_words;           /* labels are words, which stay as they are */
};

/* Reads a file, or every .TextGrid of a folder. The format is detected from the content:
     CTM            utterance channel start duration label [confidence]
     TextGrid       long or short form; the interval tier `tier`; NULL: "phones", else "phone"
     frame labels   utterance TAB label,label,...   one every 10 ms
   Labels are cleaned (label.h). Stops at the first bad line: EXIT_INPUT, "FILE:LINE: ...". */
bool alignment_read(struct alignment **alignment, const char *path, const char *tier,
                    struct failure *failure);

/* The same of words: labels are not cleaned, and the tier of a TextGrid is "words". */
bool words_read(struct alignment **words, const char *path, struct failure *failure);

/* Whether a path is a TextGrid or a folder of them, in which tiers have names. */
bool alignment_has_tiers(const char *path);

/* NULL: no such utterance. */
const struct aligned_utterance *alignment_find(const struct alignment *alignment,
                                               const char *name);

void alignment_free(struct alignment *alignment); /* NULL is allowed */

/* ---- for the readers ---- */

struct line_reader;

/* Adds one interval; the label of a phone is cleaned here. end >= start. */
bool alignment_add(struct alignment *alignment, const char *utterance, int64_t start_us,
                   int64_t end_us, const char *label, struct failure *failure);

/* Call after the last interval. Sorts labels and utterances by bytes and intervals by time. */
bool alignment_sort(struct alignment *alignment, struct failure *failure);

/* Each reads all lines of its file. */
bool ctm_read(struct alignment *alignment, struct line_reader *reader, struct failure *failure);
bool textgrid_read(struct alignment *alignment, struct line_reader *reader, const char *utterance,
                   const char *tier, struct failure *failure);
bool frame_labels_read(struct alignment *alignment, struct line_reader *reader,
                       struct failure *failure);

#endif
