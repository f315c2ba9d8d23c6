/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of codebooks, .npy or a dump: the first byte chooses --transpose and whether
   a dimension is wanted. What is read has all its codewords, which are finite. */
#define _GNU_SOURCE
#include "tests/fuzz/memory_file.h"
#include "tools/formats/codebook_file.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct codebook_file *codebook, size_t n_byte)
{
    uint64_t n = (uint64_t)codebook->n_codebook * codebook->n_code * codebook->dim;
    if (n == 0 || n > n_byte / 4) abort();
    for (uint64_t i = 0; i < n; i++)
        if (!isfinite(codebook->codeword[i])) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct codebook_file codebook;
    struct format_notes notes = {0};
    struct failure failure;
    if (n < 1) return 0;
    struct memory_file file = memory_file_open(data + 1, n - 1);
    if (codebook_file_read(&codebook, file.path, data[0] & 2 ? 4 : 0, data[0] & 1, &notes,
                           &failure)) {
        check(&codebook, n - 1);
        codebook_file_free(&codebook);
    }
    memory_file_close(&file);
    return 0;
}
