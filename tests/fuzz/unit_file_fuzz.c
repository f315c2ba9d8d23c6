/* SPDX-License-Identifier: MIT */
/* Any bytes as a unit file: the first byte chooses the format, the second whether hop, rate and the
   number of codes are stated. What is read has ids below the codes and arrays that are there. */
#define _GNU_SOURCE
#include "tools/formats/unit_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static uint64_t sum_of(const struct utterance_units *u)
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    size_t n_format = 0;
    while (unit_format_at(n_format)) n_format++;
    if (n < 2) return 0;
    struct unit_reader_options options = {.format = unit_format_at(data[0] % n_format)};
    if (data[1] & 1)
        options.facts = (struct unit_facts){.n_code = 100, .hop_samples = 160, .rate_hz = 16000};
    options.lenient = data[1] & 2;
    options.npy_axes = data[1] & 4 ? NPY_CODEBOOK_FIRST : NPY_TIME_FIRST;

    int fd = memfd_create("units", 0);
    if (fd < 0 || write(fd, data + 2, n - 2) != (ssize_t)(n - 2)) abort();
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct unit_reader *reader;
    struct failure failure;
    const struct utterance_units *u;
    if (unit_reader_open(&reader, path, &options, &failure)) {
        uint64_t sum = 0;
        while (unit_reader_next(reader, &u, &failure) && u) sum += sum_of(u);
        unit_reader_close(reader);
        if (sum == UINT64_MAX) abort(); /* so that it is computed */
    }
    close(fd);
    return 0;
}
