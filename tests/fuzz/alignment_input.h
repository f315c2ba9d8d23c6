/* SPDX-License-Identifier: MIT */
/* What the targets for alignments and for units with times share. */
#ifndef VOQ_TESTS_ALIGNMENT_INPUT_H
#define VOQ_TESTS_ALIGNMENT_INPUT_H

#include "tests/fuzz/memory_file.h"
#include "tools/base/utf8.h"
#include "tools/eval/alignment.h"
#include "tools/formats/unit_reader.h"

#include <string.h>

/* An alignment that is read has intervals in order, and every label is one of its own. */
static inline void read_as_phones(const char *path, const char *tier)
{
    struct alignment *a;
    struct failure failure;
    if (!alignment_read(&a, path, tier, &failure)) return;
    for (uint32_t i = 0; i < a->utterances.n; i++)
        for (size_t k = 0; k < a->utterance[i].n_interval; k++) {
            const struct phone_interval *interval = &a->utterance[i].interval[k];
            if (interval->end_us < interval->start_us || interval->label >= a->labels.n) abort();
            if (k > 0 && interval->start_us < interval[-1].start_us) abort();
        }
    alignment_free(a);
}

/* Units have times in order, with or without a grid of frames. */
static inline void read_as_units(const char *path, const char *format, bool has_grid)
{
    struct unit_reader_options options = {0};
    struct unit_reader *reader;
    const struct utterance_units *u;
    struct failure failure;
    if (!unit_format_find(format, &options.format, &failure)) abort();
    if (has_grid)
        options.facts = (struct unit_facts){.n_code = 100, .hop_samples = 160, .rate_hz = 16000};
    if (!unit_reader_open(&reader, path, &options, &failure)) return;
    while (unit_reader_next(reader, &u, &failure) && u)
        for (size_t i = 0; i < u->n; i++) {
            if (u->time_us[i][1] < u->time_us[i][0]) abort();
            if (has_grid && u->id[i] >= 100) abort();
        }
    unit_reader_close(reader);
}

#endif
