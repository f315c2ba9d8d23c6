/* SPDX-License-Identifier: MIT */
/* Any bytes as the decoder that a model keeps: what is read can be run, what is refused has a
   reason. */
#include "tools/learn/decoder.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static volatile float seen;

struct width {
    size_t in, out;
};

static void some_codewords(void *context, uint64_t first, size_t n, float *z_q)
{
    const struct width *width = context;
    for (size_t i = 0; i < n * width->in; i++) z_q[i] = (float)(first + i % 5) - 2.0f;
}

static bool look(void *context, const float *frame, size_t n, struct failure *failure)
{
    const struct width *width = context;
    (void)failure;
    for (size_t i = 0; i < n * width->out; i++) seen = frame[i];
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    enum { UNITS = 5 };
    struct decoder decoder;
    struct failure failure = {.text = ""};
    uint8_t *bytes = malloc(n ? n : 1); /* no byte to spare, so that a sanitizer sees one over */
    if (n) memcpy(bytes, data, n);
    if (decoder_read(&decoder, bytes, n, &failure)) {
        struct width width = {decoder.dim, decoder.frame_dim};
        const struct decoder_ends ends = {some_codewords, look, &width};
        if (!decoder_run(&decoder, UNITS, &ends, &failure)) abort();
        decoder_close(&decoder);
    } else if (!failure.text[0]) {
        abort();
    }
    free(bytes);
    return 0;
}
