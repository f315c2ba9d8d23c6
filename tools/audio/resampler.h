/* SPDX-License-Identifier: MIT */
/* Converts one channel to another sample rate, by soxr at high quality and without its delay: n
   samples become round(n * to / from), sample 0 stays at time 0. The output does not depend on how
   the input is cut. */
#ifndef VOQ_TOOLS_RESAMPLER_H
#define VOQ_TOOLS_RESAMPLER_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct resampler;

bool resampler_new(struct resampler **resampler, uint32_t from_hz, uint32_t to_hz,
                   struct failure *failure);

/* Reads *n_used of x[n] and writes *n_out of y[capacity]; all input is used unless y is full.
   x = NULL, n = 0: the input has ended; call until *n_out is 0. Samples must be finite. */
bool resampler_process(struct resampler *resampler, const float *x, size_t n, size_t *n_used,
                       float *y, size_t capacity, size_t *n_out, struct failure *failure);

/* Call after the end of the input so far. Continues with the sample at position x of all input;
   *n_lost outputs are missing before the next ones, which keep their exact place in time. */
bool resampler_jump(struct resampler *resampler, uint64_t x, uint64_t *n_lost,
                    struct failure *failure);

void resampler_free(struct resampler *resampler); /* NULL is allowed */

#endif
