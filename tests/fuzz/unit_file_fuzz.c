/* SPDX-License-Identifier: MIT */
/* Any bytes as a unit file: the first byte chooses the format, the second whether hop, rate and the
   number of codes are stated. What is read has ids below the codes and arrays that are there. */
#define _GNU_SOURCE
#include "tests/fuzz/unit_input.h"
#include "tools/formats/format_detect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

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

    (void)unit_format_of_bytes(data + 2, n - 2);
    struct memory_file file = memory_file_open(data + 2, n - 2);
    read_units(file.path, &options);
    memory_file_close(&file);
    return 0;
}
