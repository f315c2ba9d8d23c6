/* SPDX-License-Identifier: MIT */
#include "tools/audio/resampler.h"

#include <soxr.h>
#include <stdlib.h>
#include <string.h>

struct resampler {
    soxr_t soxr;
    uint32_t from_hz, to_hz;
    uint64_t position; /* of the next output */
    uint64_t n_zero;   /* zeros to insert after a jump, so that outputs stay on the grid */
    uint64_t n_drop;   /* outputs of these zeros, which are dropped */
};

static bool start(struct resampler *r, struct failure *failure)
{
    soxr_io_spec_t floats = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
    soxr_error_t error = NULL;
    r->soxr = soxr_create(r->from_hz, r->to_hz, 1, &error, &floats, &quality, &one_thread);
    if (!error && r->soxr) return true;
    return fail(failure, EXIT_INPUT, "%u Hz cannot be resampled to %u Hz: %s", r->from_hz,
                r->to_hz, error ? error : "no memory left");
}

bool resampler_new(struct resampler **resampler, uint32_t from_hz, uint32_t to_hz,
                   struct failure *failure)
{
    struct resampler *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->from_hz = from_hz;
    r->to_hz = to_hz;
    if (!start(r, failure)) {
        resampler_free(r);
        return false;
    }
    *resampler = r;
    return true;
}

static bool process(struct resampler *r, const float *x, size_t n, size_t *n_used, float *y,
                    size_t capacity, size_t *n_out, struct failure *failure)
{
    soxr_error_t error = soxr_process(r->soxr, x, n, n_used, y, capacity, n_out);
    if (error) return fail(failure, EXIT_INTERNAL, "resampling failed: %s", error);
    size_t n_drop = *n_out < r->n_drop ? *n_out : (size_t)r->n_drop;
    r->n_drop -= n_drop;
    *n_out -= n_drop;
    r->position += *n_out;
    memmove(y, y + n_drop, *n_out * sizeof *y);
    return true;
}

/* More outputs are dropped than come from the zeros. */
static bool put_zeros(struct resampler *r, float *y, size_t capacity, struct failure *failure)
{
    static const float zeros[1024];
    while (r->n_zero > 0) {
        size_t n = r->n_zero < 1024 ? (size_t)r->n_zero : 1024, n_used, n_out;
        if (!process(r, zeros, n, &n_used, y, capacity, &n_out, failure)) return false;
        r->n_zero -= n_used;
    }
    return true;
}

bool resampler_process(struct resampler *r, const float *x, size_t n, size_t *n_used, float *y,
                       size_t capacity, size_t *n_out, struct failure *failure)
{
    uint64_t n_drop;
    if (!put_zeros(r, y, capacity, failure)) return false;
    do {
        n_drop = r->n_drop;
        if (!process(r, x, n, n_used, y, capacity, n_out, failure)) return false;
    } while (!x && *n_out == 0 && r->n_drop < n_drop);
    return true;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b > 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool resampler_jump(struct resampler *r, uint64_t x, uint64_t *n_lost, struct failure *failure)
{
    uint64_t divisor = common_divisor(r->from_hz, r->to_hz);
    uint64_t from = r->from_hz / divisor, to = r->to_hz / divisor;
    uint64_t grid = x / from * to; /* the last output that falls on an input */
    soxr_delete(r->soxr);
    r->soxr = NULL;
    if (!start(r, failure)) return false;
    r->n_zero = x % from;
    r->n_drop = (r->n_zero * to + from - 1) / from;
    *n_lost = 0;
    if (grid + r->n_drop > r->position)
        *n_lost = grid + r->n_drop - r->position;
    else
        r->n_drop = r->position - grid;
    r->position += *n_lost;
    return true;
}

void resampler_free(struct resampler *r)
{
    if (!r) return;
    soxr_delete(r->soxr);
    free(r);
}
