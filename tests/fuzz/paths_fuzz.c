/* SPDX-License-Identifier: MIT */
/* Any bytes as a list of paths. */
#define _GNU_SOURCE
#include "tests/fuzz/corpus_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    read_list(path_list_read, data, n, false);
    read_list(path_list_read, data, n, true);
    return 0;
}
