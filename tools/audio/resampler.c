/* SPDX-License-Identifier: MIT */
#include "tools/audio/resampler.h"

#include <soxr.h>
#include <stdlib.h>

struct resampler {
    soxr_t soxr;
};

bool resampler_new(struct resampler **resampler, uint32_t from_hz, uint32_t to_hz,
                   struct failure *failure)
{
    struct resampler *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    soxr_io_spec_t floats = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
    soxr_error_t error = NULL;
    r->soxr = soxr_create(from_hz, to_hz, 1, &error, &floats, &quality, &one_thread);
    if (error || !r->soxr) {
        resampler_free(r);
        return fail(failure, EXIT_INPUT, "%u Hz cannot be resampled to %u Hz: %s", from_hz, to_hz,
                    error ? error : "no memory left");
    }
    *resampler = r;
    return true;
}

bool resampler_process(struct resampler *r, const float *x, size_t n, size_t *n_used, float *y,
                       size_t capacity, size_t *n_out, struct failure *failure)
{
    soxr_error_t error = soxr_process(r->soxr, x, n, n_used, y, capacity, n_out);
    if (error) return fail(failure, EXIT_INTERNAL, "resampling failed: %s", error);
    return true;
}

void resampler_free(struct resampler *r)
{
    if (!r) return;
    soxr_delete(r->soxr);
    free(r);
}
