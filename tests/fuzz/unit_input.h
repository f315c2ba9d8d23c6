/* SPDX-License-Identifier: MIT */
/* Bytes as units. What is read has ids below the codes and arrays that are there. */
#ifndef VOQ_TESTS_UNIT_INPUT_H
#define VOQ_TESTS_UNIT_INPUT_H

#include "tests/fuzz/memory_file.h"
#include "tools/formats/unit_reader.h"

static inline uint64_t sum_of(const struct utterance_units *u)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < u->n; i++) {
        for (uint32_t c = 0; c < u->facts.n_codebook; c++) {
            uint32_t id = u->id[i * u->facts.n_codebook + c];
            if (u->facts.n_code && id >= u->facts.n_code) abort();
            sum += id;
        }
        if (u->timing == UNIT_TIMING_RUNS) sum += u->duration[i];
        if (u->timing == UNIT_TIMING_SECONDS && u->time_us[i][1] < u->time_us[i][0]) abort();
    }
    for (size_t g = 0; g < u->n_gap; g++)
        if (u->gap[g].before > u->n) abort();
    return sum;
}

static inline void read_units(const char *path, const struct unit_reader_options *options)
{
    struct unit_reader *reader;
    struct failure failure;
    const struct utterance_units *u;
    uint64_t sum = 0;
    if (!unit_reader_open(&reader, path, options, &failure)) return;
    while (unit_reader_next(reader, &u, &failure) && u) sum += sum_of(u);
    unit_reader_close(reader);
    if (sum == UINT64_MAX) abort(); /* so that it is computed */
}

#endif
