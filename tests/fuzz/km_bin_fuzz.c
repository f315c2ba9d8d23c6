/* SPDX-License-Identifier: MIT */
/* Any bytes as a dump of scikit-learn: centres that are all there, or a failure with
   its byte. */
#include "tools/formats/km_bin.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct codebook_file codebook;
    struct failure failure;
    uint8_t *bytes = malloc(n ? n : 1); /* exactly n: one byte further is seen */
    if (!bytes) return 0;
    memcpy(bytes, data, n);
    if (km_bin_parse(&codebook, bytes, n, "km.bin", &failure)) {
        if (codebook.n_code == 0 || codebook.dim == 0 ||
            (uint64_t)codebook.n_code * codebook.dim > n / 4)
            abort();
        codebook_file_free(&codebook);
    } else if (!strstr(failure.text, ": byte ")) {
        abort();
    }
    free(bytes);
    return 0;
}
