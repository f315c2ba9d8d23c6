/* SPDX-License-Identifier: MIT */
#include "tools/base/plus_plus.h"

#include "tools/base/exact_sum.h"
#include "tools/base/largest_distance.h"
#include "tools/base/parallel.h"
#include "tools/base/wide.h"

#include <float.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4096, STRIP = 16, STRIPS = BLOCK / STRIP, TRIALS_MAX = 32 };

/* The sample is stored in strips of 16 frames, [strip][dim][16], so that distances are computed for
   16 frames at once; the last strip is padded with zeros. */
struct plus_plus {
    uint32_t dim;
    uint64_t n, n_block, taken;
    float *strip;
    float *nearest; /* [n_block * BLOCK]: squared distance to the nearest codeword so far */
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

static const float *strip_at(const struct plus_plus *sample, uint64_t block, uint64_t strip)
{
    return sample->strip + (block * STRIPS + strip) * STRIP * sample->dim;
}

static size_t strip_count(const struct plus_plus *sample, uint64_t block)
{
    uint64_t left = sample->n - block * BLOCK;
    return left < BLOCK ? (size_t)((left + STRIP - 1) / STRIP) : STRIPS;
}

/* Adds the remaining sums of block b with each candidate. */
static bool try_candidates(void *context, size_t worker, size_t block, struct failure *failure)
{
    (void)failure;
    struct plus_plus *sample = context;
    for (uint64_t strip = 0; strip < strip_count(sample, block); strip++)
        add_strip(strip_at(sample, block, strip), sample->candidate, sample->n_candidate,
                  sample->dim, sample->nearest + block * BLOCK + strip * STRIP,
                  sample->scale, sample->potential[worker]);
    return true;
}

static bool take_candidate(void *context, size_t worker, size_t block, struct failure *failure)
{
    (void)worker;
    (void)failure;
    struct plus_plus *sample = context;
    sample->block[block] = 0;
    for (uint64_t strip = 0; strip < strip_count(sample, block); strip++)
        sample->block[block] +=
            update_strip(strip_at(sample, block, strip), sample->candidate, sample->dim,
                         sample->nearest + block * BLOCK + strip * STRIP, sample->scale);
    return true;
}

static void sample_frame(const struct plus_plus *sample, uint64_t i, float *frame)
{
    const float *strip = sample->strip + i / STRIP * STRIP * sample->dim;
    for (uint32_t d = 0; d < sample->dim; d++) frame[d] = strip[d * STRIP + i % STRIP];
}

/* Sets the units of distances to frames of the sample and to the codewords that are given. */
static void choose_scale(struct plus_plus *sample, const float *codeword, uint32_t n_given)
{
    for (uint32_t k = 0; k < n_given; k++)
        exact_largest(sample->largest, codeword + (size_t)k * sample->dim, sample->dim);
    double most = largest_distance(sample->largest, sample->largest, 1, sample->dim);
    sample->scale = exact_scale(most, exact_bits(sample->n));
}

/* Draws a frame with probability proportional to its squared distance to the codewords so far. */
static uint64_t draw_frame(const struct plus_plus *sample, struct rng *rng)
{
    int64_t left = (int64_t)(rng_unit(rng) * (double)sample->total);
    uint64_t block = 0;
    while (block + 1 < sample->n_block && left >= sample->block[block])
        left -= sample->block[block++];
    uint64_t i = block * BLOCK, end = i + BLOCK, last = i;
    if (end > sample->n) end = sample->n;
    for (; i < end; i++) {
        int64_t distance = exact_round((double)sample->nearest[i], sample->scale);
        if (distance > 0) last = i;
        if (left < distance) return i;
        left -= distance;
    }
    return last; /* rounding of the product went past the end */
}

static bool use_codeword(struct plus_plus *sample, const float *codeword, size_t n_thread,
                         struct failure *failure)
{
    sample->candidate = codeword;
    sample->total = 0;
    bool good = parallel_for((size_t)sample->n_block, n_thread, take_candidate, sample, failure);
    for (uint64_t b = 0; b < sample->n_block; b++) sample->total += sample->block[b];
    if (good && !(exact_value(sample->total, sample->scale) < (double)FLT_MAX))
        return fail(failure, EXIT_INPUT, "the vectors are too large for distances in single "
                    "precision; scale them");
    return good;
}

static bool enough_distinct(const struct plus_plus *sample, uint32_t k,
                            const struct plus_plus_request *request, struct failure *failure)
{
    if (sample->total > 0) return true;
    return fail(failure, EXIT_INPUT, "%s hold only %" PRIu32 " different vectors, too few for %"
                PRIu32 " codes; use -k %" PRIu32 " or fewer%s",
                request->what ? request->what : "the frames", k, request->n_code, k,
                request->remedy ? request->remedy : "");
}

/* Chooses the candidate with the least remaining sum, the first among equals. */
static bool choose_codeword(struct plus_plus *sample, struct rng *rng, size_t n_trial,
                            float *candidate, size_t n_thread, float *codeword,
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
    memcpy(codeword, candidate + winner * sample->dim, sample->dim * sizeof *codeword);
    return true;
}

bool plus_plus_new(struct plus_plus **sample, uint64_t n, uint32_t dim, struct failure *failure)
{
    uint64_t n_block = (n + BLOCK - 1) / BLOCK;
    struct plus_plus *made = calloc(1, sizeof *made);
    if (!made) return fail_memory(failure);
    *made = (struct plus_plus){.dim = dim, .n = n, .n_block = n_block};
    made->strip = calloc((size_t)(n_block * BLOCK) * dim, sizeof(float));
    made->nearest = calloc((size_t)(n_block * BLOCK), sizeof(float));
    made->largest = calloc(dim, sizeof(float));
    made->block = calloc((size_t)n_block, sizeof *made->block);
    *sample = made;
    if (made->strip && made->nearest && made->largest && made->block) return true;
    plus_plus_free(made);
    return fail_memory(failure);
}

void plus_plus_free(struct plus_plus *sample)
{
    if (!sample) return;
    free(sample->strip);
    free(sample->nearest);
    free(sample->largest);
    free(sample->block);
    free(sample->potential);
    free(sample);
}

void plus_plus_put(struct plus_plus *sample, const float *x)
{
    uint32_t dim = sample->dim;
    float *strip = sample->strip + sample->taken / STRIP * STRIP * dim;
    exact_largest(sample->largest, x, dim);
    for (uint32_t d = 0; d < dim; d++) strip[d * STRIP + sample->taken % STRIP] = x[d];
    sample->nearest[sample->taken++] = FLT_MAX;
}

/* 2 + floor(ln n_code) candidates per codeword, without libm, whose bits differ between CPUs. */
static size_t trials_of(uint32_t n_code)
{
    const double e = 2.718281828459045;
    size_t n_trial = 2;
    for (double power = e; power <= (double)n_code; power *= e) n_trial++;
    return n_trial;
}

bool plus_plus_run(struct plus_plus *sample, const struct plus_plus_request *request,
                   struct rng *rng, float *codeword, struct failure *failure)
{
    uint32_t dim = sample->dim, n_code = request->n_code, n_given = request->n_given;
    size_t n_trial = trials_of(n_code), n_thread = request->n_thread;
    float *candidate = malloc(n_trial * dim * sizeof *candidate);
    sample->potential = calloc(n_thread, sizeof *sample->potential);
    bool good = (candidate && sample->potential) || fail_memory(failure);
    choose_scale(sample, codeword, n_given);
    if (n_given == 0) sample_frame(sample, rng_below(rng, sample->n), codeword);
    for (uint32_t k = 0; good && k < n_code; k++) {
        float *new = codeword + (size_t)k * dim;
        if (k >= n_given && k > 0)
            good = enough_distinct(sample, k, request, failure) &&
                   choose_codeword(sample, rng, n_trial, candidate, n_thread, new, failure);
        good = good && use_codeword(sample, new, n_thread, failure);
    }
    free(candidate);
    return good;
}
