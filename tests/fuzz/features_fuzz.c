/* SPDX-License-Identifier: MIT */
/* Any bytes as feature vectors: the first byte chooses the format, and whether the dimension is
   stated. A shard (hubert) is two files and has its own target. */
#define _GNU_SOURCE
#include "tests/fuzz/feature_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct feature_reader_options options = {0};
    struct failure failure;
    if (n < 1) return 0;
    if (!feature_format_find(data[0] & 1 ? "ark" : "npy", &options.format, &failure)) abort();
    options.dim = data[0] & 2 ? 3 : 0;
    struct memory_file file = memory_file_open(data + 1, n - 1);
    read_features(file.path, &options);
    memory_file_close(&file);
    return 0;
}
