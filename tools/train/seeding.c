/* SPDX-License-Identifier: MIT */
#include "tools/train/seeding.h"

#include "tools/base/exact_sum.h"
#include "tools/base/parallel.h"
#include "tools/base/rng.h"
#include "tools/base/wide.h"
#include "tools/train/largest.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES_PER_CODE = 256, FLOATS_MAX = 1 << 26, STRIP = 16, STRIPS = FRAMES_BLOCK / STRIP };
enum { TRIALS_MAX = 32 };

/* The sample is stored in strips of 16 frames, [strip][dim][16], so that distances are computed for
   16 frames at once; the last strip is padded with zeros. */
struct sample {
    uint32_t dim;
    uint64_t n, n_block;
    float *strip;
    float *nearest; /* [n_block * FRAMES_BLOCK]: squared distance to the nearest codeword so far */
    float *largest; /* [dim]: magnitudes */
    double scale;   /* units of sums of distances (base/exact_sum.h) */
    int64_t *block; /* [n_block]: sums of nearest */
    int64_t total;
    const float *candidate; /* of the current pass: [n_candidate][dim] */
    size_t n_candidate;
    int64_t (*potential)[TRIALS_MAX]; /* [n_thread]: remaining sums with each candidate */
};

/* Adds one dimension to 16 distances. If this loop is unrolled, gcc 12 vectorises along the
   dimensions instead, at a sixth of the speed. */
static inline void add_squares(const float x[STRIP], float y, float distance[STRIP])
{
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 1
#endif
    for (int i = 0; i < STRIP; i++) distance[i] += (x[i] - y) * (x[i] - y);
}

/* Adds to sum[n] the squared distances of a strip to codeword[n][dim], at most `nearest`. */
WIDE static void add_strip(const float *strip, const float *codeword, size_t n, uint32_t dim,
                           const float nearest[STRIP], double scale, int64_t *sum)
{
    for (size_t c = 0; c < n; c++, codeword += dim) {
        float distance[STRIP] = {0};
        const float *x = strip;
        for (uint32_t d = 0; d < dim; d++, x += STRIP) add_squares(x, codeword[d], distance);
        for (int i = 0; i < STRIP; i++)
            distance[i] = distance[i] < nearest[i] ? distance[i] : nearest[i];
        for (int i = 0; i < STRIP; i++) sum[c] += exact_round((double)distance[i], scale);
    }
}

/* Updates `nearest` with one new codeword and returns the sum of the result. */
WIDE static int64_t update_strip(const float *strip, const float *codeword, uint32_t dim,
                                 float nearest[STRIP], double scale)
{
    float distance[STRIP] = {0};
    int64_t sum = 0;
    for (uint32_t d = 0; d < dim; d++, strip += STRIP) add_squares(strip, codeword[d], distance);
    for (int i = 0; i < STRIP; i++)
        nearest[i] = distance[i] < nearest[i] ? distance[i] : nearest[i];
    for (int i = 0; i < STRIP; i++) sum += exact_round((double)nearest[i], scale);
    return sum;
}

static const float *strip_at(const struct sample *sample, uint64_t block, uint64_t strip)
{
    return sample->strip + (block * STRIPS + strip) * STRIP * sample->dim;
}

static size_t strip_count(const struct sample *sample, uint64_t block)
{
    uint64_t left = sample->n - block * FRAMES_BLOCK;
    return left < FRAMES_BLOCK ? (size_t)((left + STRIP - 1) / STRIP) : STRIPS;
}

/* Adds the remaining sums of block b with each candidate. */
static bool try_candidates(void *context, size_t worker, size_t block, struct failure *failure)
{
    (void)failure;
    struct sample *sample = context;
    for (uint64_t strip = 0; strip < strip_count(sample, block); strip++)
        add_strip(strip_at(sample, block, strip), sample->candidate, sample->n_candidate,
                  sample->dim, sample->nearest + block * FRAMES_BLOCK + strip * STRIP,
                  sample->scale, sample->potential[worker]);
    return true;
}

static bool take_candidate(void *context, size_t worker, size_t block, struct failure *failure)
{
    (void)worker;
    (void)failure;
    struct sample *sample = context;
    sample->block[block] = 0;
    for (uint64_t strip = 0; strip < strip_count(sample, block); strip++)
        sample->block[block] +=
            update_strip(strip_at(sample, block, strip), sample->candidate, sample->dim,
                         sample->nearest + block * FRAMES_BLOCK + strip * STRIP, sample->scale);
    return true;
}

static void sample_frame(const struct sample *sample, uint64_t i, float *frame)
{
    const float *strip = sample->strip + i / STRIP * STRIP * sample->dim;
    for (uint32_t d = 0; d < sample->dim; d++) frame[d] = strip[d * STRIP + i % STRIP];
}

static void free_sample(struct sample *sample)
{
    free(sample->strip);
    free(sample->nearest);
    free(sample->largest);
    free(sample->block);
    free(sample->potential);
}

/* Draws the sample: all subsets are equally likely, and frames keep the order of the corpus. */
static bool draw_sample(struct sample *sample, const struct frames *frames,
                        const struct seeding *seeding, struct failure *failure)
{
    uint32_t dim = frames_dim(frames);
    uint64_t n = seeding_sample_size(frames, seeding->n_code), n_left = frames_count(frames);
    uint64_t n_block = (n + FRAMES_BLOCK - 1) / FRAMES_BLOCK, taken = 0;
    *sample = (struct sample){.dim = dim, .n = n, .n_block = n_block};
    sample->strip = calloc((size_t)(n_block * FRAMES_BLOCK) * dim, sizeof(float));
    sample->nearest = calloc((size_t)(n_block * FRAMES_BLOCK), sizeof(float));
    sample->largest = calloc(dim, sizeof(float));
    sample->block = calloc((size_t)n_block, sizeof *sample->block);
    sample->potential = calloc(seeding->n_thread, sizeof *sample->potential);
    float *x = malloc(FRAMES_BLOCK * sizeof(float) * dim);
    bool good = sample->strip && sample->nearest && sample->largest && sample->block &&
                sample->potential && x;
    if (!good) fail_memory(failure);

    struct rng rng;
    rng_start(&rng, seeding->seed, RNG_SAMPLE, seeding->part);
    for (uint64_t b = 0; good && b < frames_block_count(frames); b++) {
        size_t n_frame;
        good = frames_get_block(frames, b, x, &n_frame, failure);
        for (size_t i = 0; good && i < n_frame; i++, n_left--) {
            if (rng_below(&rng, n_left) >= n - taken) continue;
            exact_largest(sample->largest, x + i * dim, dim);
            float *strip = sample->strip + taken / STRIP * STRIP * dim;
            for (uint32_t d = 0; d < dim; d++) strip[d * STRIP + taken % STRIP] = x[i * dim + d];
            sample->nearest[taken++] = FLT_MAX;
        }
    }
    free(x);
    if (!good) free_sample(sample);
    return good;
}

/* Sets the units of distances to frames of the sample and to the codewords that are given. */
static void choose_scale(struct sample *sample, const float *codeword, uint32_t n_given)
{
    for (uint32_t k = 0; k < n_given; k++)
        exact_largest(sample->largest, codeword + (size_t)k * sample->dim, sample->dim);
    double most = largest_distance(sample->largest, sample->largest, 1, sample->dim);
    sample->scale = exact_scale(most, exact_bits(sample->n));
}

/* Draws a frame with probability proportional to its squared distance to the codewords so far. */
static uint64_t draw_frame(const struct sample *sample, struct rng *rng)
{
    int64_t left = (int64_t)(rng_unit(rng) * (double)sample->total);
    uint64_t block = 0;
    while (block + 1 < sample->n_block && left >= sample->block[block])
        left -= sample->block[block++];
    uint64_t i = block * FRAMES_BLOCK, end = i + FRAMES_BLOCK, last = i;
    if (end > sample->n) end = sample->n;
    for (; i < end; i++) {
        int64_t distance = exact_round((double)sample->nearest[i], sample->scale);
        if (distance > 0) last = i;
        if (left < distance) return i;
        left -= distance;
    }
    return last; /* rounding of the product went past the end */
}

static bool use_codeword(struct sample *sample, const float *codeword, size_t n_thread,
                         struct failure *failure)
{
    sample->candidate = codeword;
    sample->total = 0;
    bool good = parallel_for((size_t)sample->n_block, n_thread, take_candidate, sample, failure);
    for (uint64_t b = 0; b < sample->n_block; b++) sample->total += sample->block[b];
    return good;
}

/* Chooses the candidate with the least remaining sum, the first among equals. */
static bool choose_codeword(struct sample *sample, struct rng *rng, size_t n_trial,
                            float *candidate, size_t n_thread, const float **best,
                            struct failure *failure)
{
    for (size_t c = 0; c < n_trial; c++)
        sample_frame(sample, draw_frame(sample, rng), candidate + c * sample->dim);
    sample->candidate = candidate;
    sample->n_candidate = n_trial;
    memset(sample->potential, 0, n_thread * sizeof *sample->potential);
    if (!parallel_for((size_t)sample->n_block, n_thread, try_candidates, sample, failure))
        return false;
    for (size_t i = 1; i < n_thread; i++)
        exact_add(sample->potential[0], sample->potential[i], n_trial);
    const int64_t *potential = sample->potential[0];
    size_t winner = 0;
    for (size_t c = 1; c < n_trial; c++)
        if (potential[c] < potential[winner]) winner = c;
    *best = candidate + winner * sample->dim;
    return true;
}

uint64_t seeding_sample_size(const struct frames *frames, uint32_t n_code)
{
    uint64_t n = frames_count(frames), most = FLOATS_MAX / frames_dim(frames);
    if (most > (uint64_t)FRAMES_PER_CODE * n_code) most = (uint64_t)FRAMES_PER_CODE * n_code;
    if (most < n_code) most = n_code;
    return n < most ? n : most;
}

bool seeding_run(const struct frames *frames, const struct seeding *seeding, float *codeword,
                 struct failure *failure)
{
    uint32_t dim = frames_dim(frames), n_code = seeding->n_code, k = 0;
    if (frames_count(frames) < n_code)
        return fail(failure, EXIT_INPUT, "%" PRIu64 " frames are too few for %" PRIu32 " codes; "
                    "give more speech, or fewer codes with -k", frames_count(frames), n_code);
    size_t n_trial = 2 + (size_t)log((double)n_code);
    struct sample sample;
    if (!draw_sample(&sample, frames, seeding, failure)) return false;
    float *candidate = malloc(n_trial * dim * sizeof *candidate);
    bool good = candidate || fail_memory(failure);

    struct rng rng;
    rng_start(&rng, seeding->seed, RNG_SEEDING, seeding->part);
    choose_scale(&sample, codeword, seeding->n_given);
    if (good && seeding->n_given == 0) sample_frame(&sample, rng_below(&rng, sample.n), codeword);
    uint32_t n_ready = seeding->n_given > 0 ? seeding->n_given : 1;
    for (; good && k < n_code; k++) {
        if (k >= n_ready) {
            if (!(sample.total > 0)) {
                good = fail(failure, EXIT_INPUT, "the frames hold only %" PRIu32 " different "
                            "vectors, too few for %" PRIu32 " codes; use -k %" PRIu32 " or fewer",
                            k, n_code, k);
                break;
            }
            const float *best;
            good = choose_codeword(&sample, &rng, n_trial, candidate, seeding->n_thread, &best,
                                   failure);
            if (good) memcpy(codeword + (size_t)k * dim, best, dim * sizeof *best);
        }
        good = good &&
               use_codeword(&sample, codeword + (size_t)k * dim, seeding->n_thread, failure);
        if (good && !(exact_value(sample.total, sample.scale) < (double)FLT_MAX))
            good = fail(failure, EXIT_INPUT, "the vectors are too large for distances in single "
                        "precision; scale them");
    }
    free(candidate);
    free_sample(&sample);
    return good;
}
