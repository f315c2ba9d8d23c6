/* SPDX-License-Identifier: MIT */
#include "tools/learn/quantizer.h"

#include "tools/learn/code_search.h"
#include "tools/learn/codebook_start.h"
#include "tools/learn/straight_through.h"
#include "tools/learn/tree_sum.h"

#include <stdlib.h>
#include <string.h>

static size_t book_size(const struct quantizer_options *options)
{
    return (size_t)options->n_code * options->dim;
}

bool quantizer_new(struct vector_quantizer *quantizer, const struct quantizer_options *options,
                   struct failure *failure)
{
    struct vector_quantizer *q = quantizer;
    size_t n_book = options->n_codebook, size = n_book * book_size(options);
    *q = (struct vector_quantizer){.options = *options};
    q->codeword = calloc(size, sizeof *q->codeword);
    q->gradient = calloc(size, sizeof *q->gradient);
    q->count = calloc(n_book * options->n_code, sizeof *q->count);
    q->sum = calloc(size, sizeof *q->sum);
    q->usage = calloc(n_book, sizeof *q->usage);
    q->before = calloc(book_size(options), sizeof *q->before);
    bool good = q->codeword && q->gradient && q->count && q->sum && q->usage && q->before &&
                code_sums_new(&q->sums, options->n_code, options->dim);
    for (size_t l = 0; good && l < n_book; l++)
        good = code_usage_new(&q->usage[l], options->n_code);
    return good || fail_memory(failure);
}

void quantizer_free(struct vector_quantizer *quantizer)
{
    for (size_t l = 0; quantizer->usage && l < quantizer->options.n_codebook; l++)
        code_usage_free(&quantizer->usage[l]);
    free(quantizer->usage);
    code_sums_free(&quantizer->sums);
    free(quantizer->codeword);
    free(quantizer->gradient);
    free(quantizer->count);
    free(quantizer->sum);
    free(quantizer->before);
    free(quantizer->residual);
    free(quantizer->row);
}

/* Residuals begin as a copy of the latents. */
static bool begin_residuals(struct vector_quantizer *quantizer, const float *z, size_t n,
                            struct failure *failure)
{
    size_t dim = quantizer->options.dim;
    if (n > quantizer->capacity) {
        float *residual = realloc(quantizer->residual, n * dim * sizeof *residual);
        if (residual) quantizer->residual = residual;
        double *row = realloc(quantizer->row, n * sizeof *row);
        if (row) quantizer->row = row;
        if (!residual || !row) return fail_memory(failure);
        quantizer->capacity = n;
    }
    if (n > 0) memcpy(quantizer->residual, z, n * dim * sizeof *z);
    return true;
}

static struct moving_codebook level_of(const struct vector_quantizer *quantizer, uint32_t level)
{
    const struct quantizer_options *options = &quantizer->options;
    size_t size = book_size(options);
    return (struct moving_codebook){.n_code = options->n_code, .dim = options->dim,
                                    .codeword = quantizer->codeword + level * size,
                                    .count = quantizer->count + level * options->n_code,
                                    .sum = quantizer->sum + level * size};
}

bool quantizer_begin(struct vector_quantizer *quantizer, struct workers *workers, const float *z,
                     size_t n, struct failure *failure)
{
    const struct quantizer_options *options = &quantizer->options;
    uint32_t *id = malloc((n + 1) * sizeof *id);
    bool good = (id || fail_memory(failure)) && begin_residuals(quantizer, z, n, failure);
    for (uint32_t l = 0; good && l < options->n_codebook; l++) {
        struct moving_codebook level = level_of(quantizer, l);
        struct codebooks one = {1, options->n_code, options->dim, level.codeword};
        struct rng rng;
        rng_start(&rng, options->seed, RNG_CODES, l);
        good = codebook_start(workers, quantizer->residual, n, &rng, options->restart.count, &level,
                              failure) &&
               code_search(workers, &one, quantizer->residual, n, id, NULL, failure);
        if (good) residual_behind(quantizer->residual, n, options->dim, level.codeword, id, 1);
    }
    free(id);
    return good;
}

bool quantizer_search(const struct vector_quantizer *quantizer, struct workers *workers,
                      const float *z, size_t n, uint32_t *id, float *z_q, struct failure *failure)
{
    const struct quantizer_options *options = &quantizer->options;
    struct codebooks books = {options->n_codebook, options->n_code, options->dim,
                              quantizer->codeword};
    return code_search(workers, &books, z, n, id, z_q, failure);
}

static void add_rows(void *context, size_t first, size_t last, double *sum)
{
    const double *row = context;
    for (size_t i = first; i < last; i++) *sum += row[i];
}

bool quantizer_commitment(struct vector_quantizer *quantizer, struct workers *workers,
                          const float *z, const uint32_t *id, size_t n, double share, float *dz,
                          double *loss, struct failure *failure)
{
    const struct quantizer_options *options = &quantizer->options;
    uint32_t dim = options->dim, n_book = options->n_codebook;
    double scale = n > 0 ? 2 * share / (double)n : 0;
    if (!begin_residuals(quantizer, z, n, failure)) return false;
    float *r = quantizer->residual;
    for (uint32_t l = 0; l < n_book; l++) {
        struct moving_codebook level = level_of(quantizer, l);
        residual_behind(r, n, dim, level.codeword, id + l, n_book);
        commitment_rows(r, n, dim, quantizer->row);
        tree_sum(workers, n, 1, add_rows, quantizer->row, &loss[l]);
        loss[l] = n > 0 ? loss[l] / (double)n : 0;
        commitment_gradient(r, n, dim, (float)(scale * options->commitment), dz);
        if (options->rule != CODEBOOK_LOSS) continue;
        code_sums_take(&quantizer->sums, r, id + l, n_book, n);
        codebook_loss_gradient(&quantizer->sums, scale,
                               quantizer->gradient + l * book_size(options));
    }
    return true;
}

/* Moves one codebook to the residuals that it has quantized. */
static void learn_level(struct vector_quantizer *quantizer, uint32_t l, const uint32_t *id,
                        size_t n)
{
    const struct quantizer_options *options = &quantizer->options;
    struct moving_codebook level = level_of(quantizer, l);
    struct rng rng;
    rng_start(&rng, options->seed, RNG_RESTART,
              (uint32_t)(quantizer->n_learned * options->n_codebook + l));
    code_sums_take(&quantizer->sums, quantizer->residual, id + l, options->n_codebook, n);
    codebook_ema_average(&level, &options->ema, &quantizer->sums);
    if (options->rule == CODEBOOK_EMA) codebook_ema_move(&level, &options->ema, &quantizer->sums);
    code_usage_add(&quantizer->usage[l], id + l, options->n_codebook, n);
    quantizer->usage[l].n_restart +=
        dead_codes_restart(&level, &options->restart, quantizer->residual, n, &rng);
}

bool quantizer_learn(struct vector_quantizer *quantizer, const float *z, const uint32_t *id,
                     size_t n, struct failure *failure)
{
    const struct quantizer_options *options = &quantizer->options;
    if (!begin_residuals(quantizer, z, n, failure)) return false;
    for (uint32_t l = 0; l < options->n_codebook; l++) {
        memcpy(quantizer->before, level_of(quantizer, l).codeword,
               book_size(options) * sizeof *quantizer->before);
        learn_level(quantizer, l, id, n);
        residual_behind(quantizer->residual, n, options->dim, quantizer->before, id + l,
                        options->n_codebook);
    }
    quantizer->n_learned++;
    return true;
}
