/* SPDX-License-Identifier: MIT */
/* Any bytes as a CTM, for phones and for units. */
#define _GNU_SOURCE
#include "tests/fuzz/alignment_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct memory_file file = memory_file_open(data, n);
    read_as_phones(file.path, NULL);
    read_as_units(file.path, "ctm", false);
    read_as_units(file.path, "ctm", true);
    memory_file_close(&file);
    return 0;
}
