/* SPDX-License-Identifier: MIT */
/* Any bytes as a JSON Lines manifest, of NeMo's kind or Lhotse's. An id is a name as it stands. */
#define _GNU_SOURCE
#include "tests/fuzz/corpus_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    read_list(json_manifest_read, data, n, false);
    return 0;
}
