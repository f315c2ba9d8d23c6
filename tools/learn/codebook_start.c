/* SPDX-License-Identifier: MIT */
#include "tools/learn/codebook_start.h"

#include "tools/base/plus_plus.h"
#include "tools/learn/code_search.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static bool seed_codewords(struct workers *workers, const float *x, size_t n, struct rng *rng,
                           struct moving_codebook *codebook, struct failure *failure)
{
    uint32_t dim = codebook->dim;
    size_t n_left = n < START_SAMPLE ? n : START_SAMPLE;
    const struct plus_plus_request request = {.n_code = codebook->n_code,
                                              .n_thread = workers_count(workers),
                                              .what = "the latents",
                                              .remedy = ", or a lower --learning-rate"};
    struct plus_plus *sample;
    if (!plus_plus_new(&sample, n_left, dim, failure)) return false;
    for (size_t i = 0; i < n; i++) {
        if (rng_below(rng, n - i) >= n_left) continue;
        plus_plus_put(sample, x + i * dim);
        n_left--;
    }
    bool good = plus_plus_run(sample, &request, rng, codebook->codeword, failure);
    plus_plus_free(sample);
    return good;
}

static void move_to_means(struct moving_codebook *codebook, const struct code_sums *sums)
{
    for (uint32_t k = 0; k < codebook->n_code; k++)
        for (uint32_t d = 0; sums->count[k] > 0 && d < codebook->dim; d++)
            codebook->codeword[(size_t)k * codebook->dim + d] =
                (float)(code_sums_at(sums, k, d) / (double)sums->count[k]);
}

bool codebook_lloyd(struct workers *workers, const float *x, size_t n,
                    struct moving_codebook *codebook, struct failure *failure)
{
    const struct codebooks books = {1, codebook->n_code, codebook->dim, codebook->codeword};
    struct code_sums sums;
    uint32_t *id = malloc((n + 1) * sizeof *id);
    bool good = (code_sums_new(&sums, codebook->n_code, codebook->dim) && id) ||
                fail_memory(failure);
    for (int round = 0; good && round < START_ROUNDS; round++) {
        good = code_search(workers, &books, x, n, id, NULL, failure);
        if (!good) break;
        code_sums_take(&sums, x, id, 1, n);
        move_to_means(codebook, &sums);
    }
    code_sums_free(&sums);
    free(id);
    return good;
}

static bool all_finite(const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return false;
    return true;
}

bool codebook_can_start(size_t n, uint32_t n_code, struct failure *failure)
{
    if (n_code > START_SAMPLE)
        return fail(failure, EXIT_USAGE, "-k %" PRIu32 ": a codebook behind an encoder has at most "
                    "%d codes", n_code, START_SAMPLE);
    return n >= n_code ||
           fail(failure, EXIT_INPUT, "%zu latents are too few for %" PRIu32 " codes; give more "
                "data, or fewer codes with -k", n, n_code);
}

bool codebook_start(struct workers *workers, const float *x, size_t n, struct rng *rng,
                    double count, struct moving_codebook *codebook, struct failure *failure)
{
    if (!codebook_can_start(n, codebook->n_code, failure)) return false;
    if (!all_finite(x, n * codebook->dim)) return fail_latents(failure);
    if (!seed_codewords(workers, x, n, rng, codebook, failure) ||
        !codebook_lloyd(workers, x, n, codebook, failure))
        return false;
    codebook_ema_begin(codebook, count);
    return true;
}
