/* SPDX-License-Identifier: MIT */
#include "tools/train/seeding.h"

#include "tools/base/plus_plus.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FRAMES_PER_CODE = 256, FLOATS_MAX = 1 << 26, FETCHED = 1024 };

uint64_t seeding_sample_size(const struct frames *frames, uint32_t n_code)
{
    uint64_t n = frames_total(frames), most = FLOATS_MAX / frames_dim(frames);
    if (most > (uint64_t)FRAMES_PER_CODE * n_code) most = (uint64_t)FRAMES_PER_CODE * n_code;
    if (most < n_code) most = n_code;
    return n < most ? n : most;
}

/* Draws the sample: all subsets are equally likely, and frames keep the order of the corpus. All
   ranks draw the same numbers, whoever has the frames. */
static bool draw_sample(struct plus_plus *sample, uint64_t n, const struct frames *frames,
                        const struct seeding *seeding, struct failure *failure)
{
    uint64_t number[FETCHED], n_left = frames_total(frames), taken = 0;
    size_t n_number = 0;
    float *x = malloc(FETCHED * sizeof(float) * frames_dim(frames));
    bool good = x || fail_memory(failure);
    struct rng rng;
    rng_start(&rng, seeding->seed, RNG_SAMPLE, seeding->part);
    for (uint64_t i = 0; good && taken < n; i++, n_left--) {
        if (rng_below(&rng, n_left) >= n - taken) continue;
        number[n_number++] = i;
        taken++;
        if (n_number < FETCHED && taken < n) continue;
        good = frames_fetch(frames, number, n_number, x, failure);
        for (size_t k = 0; good && k < n_number; k++)
            plus_plus_put(sample, x + k * frames_dim(frames));
        n_number = 0;
    }
    free(x);
    return good;
}

bool seeding_run(const struct frames *frames, const struct seeding *seeding, float *codeword,
                 struct failure *failure)
{
    uint64_t n_frame = frames_total(frames);
    uint64_t n_sample = seeding_sample_size(frames, seeding->n_code);
    if (n_frame < seeding->n_code)
        return fail(failure, EXIT_INPUT, "%" PRIu64 " frames are too few for %" PRIu32 " codes; "
                    "give more speech, or fewer codes with -k", n_frame, seeding->n_code);
    const struct plus_plus_request request = {.n_code = seeding->n_code,
                                              .n_given = seeding->n_given,
                                              .n_thread = seeding->n_thread};
    struct plus_plus *sample;
    struct rng rng;
    rng_start(&rng, seeding->seed, RNG_SEEDING, seeding->part);
    if (!plus_plus_new(&sample, n_sample, frames_dim(frames), failure)) return false;
    bool good = draw_sample(sample, n_sample, frames, seeding, failure) &&
                plus_plus_run(sample, &request, &rng, codeword, failure);
    plus_plus_free(sample);
    return good;
}
