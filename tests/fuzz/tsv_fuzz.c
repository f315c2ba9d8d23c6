/* SPDX-License-Identifier: MIT */
/* Any bytes as a fairseq manifest. */
#define _GNU_SOURCE
#include "tests/fuzz/corpus_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    read_list(fairseq_manifest_read, data, n, false);
    read_list(fairseq_manifest_read, data, n, true);
    return 0;
}
