/* SPDX-License-Identifier: MIT */
#include "tools/train/minibatch.h"

#include "tools/base/exact_sum.h"
#include "tools/base/rng.h"
#include "tools/train/totals.h"

#include <stdlib.h>
#include <string.h>

struct batch {
    float *x; /* [batch_frames][dim] */
    uint32_t *id;
    float *largest; /* [dim]: magnitudes of x */
    uint64_t *seen; /* [n_code]: frames that have moved the codeword */
    struct totals totals;
};

static void batch_free(struct batch *batch)
{
    free(batch->x);
    free(batch->id);
    free(batch->largest);
    free(batch->seen);
    totals_free(&batch->totals);
}

static bool batch_new(struct batch *batch, const struct minibatch *minibatch, uint32_t dim,
                      struct failure *failure)
{
    size_t n = minibatch->batch_frames;
    *batch = (struct batch){.x = malloc(n * dim * sizeof *batch->x),
                            .id = malloc(n * sizeof *batch->id),
                            .largest = malloc(dim * sizeof *batch->largest),
                            .seen = calloc(minibatch->n_code, sizeof *batch->seen)};
    if (batch->x && batch->id && batch->largest && batch->seen &&
        totals_new(&batch->totals, minibatch->n_code, dim))
        return true;
    batch_free(batch);
    return fail_memory(failure);
}

static bool quantize(const struct minibatch *minibatch, const float *codeword, uint32_t dim,
                     struct batch *batch, struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts, .codeword = codeword, .n_codebook = 1,
                       .n_code = minibatch->n_code, .dim = dim, .name = "training"};
    voq_options options = {.struct_size = sizeof options, .cpu = minibatch->cpu};
    voq_error error = {.struct_size = sizeof error};
    voq_model *model;
    if (voq_model_make(&parts, &options, &model, &error))
        return fail(failure, EXIT_USAGE, "the codewords are not a valid codebook: %s", error.text);
    const voq_output output = {.struct_size = sizeof output, .capacity = minibatch->batch_frames,
                               .id = batch->id};
    bool good = voq_quantize(model, batch->x, minibatch->batch_frames, &output, &error) == VOQ_OK ||
                fail(failure, EXIT_INPUT, "frames cannot be compared: %s", error.text);
    voq_model_close(model);
    return good;
}

/* Distances do not count here. */
static void add_up(struct batch *batch, size_t n)
{
    uint32_t dim = batch->totals.dim;
    memset(batch->largest, 0, dim * sizeof *batch->largest);
    for (size_t i = 0; i < n; i++) exact_largest(batch->largest, batch->x + i * dim, dim);
    totals_begin(&batch->totals, batch->largest, 0, n);
    for (size_t i = 0; i < n; i++)
        totals_add_frame(&batch->totals, batch->x + i * dim, batch->id[i], 0);
}

/* Each codeword becomes the mean of all frames that have moved it. */
static void move(struct batch *batch, float *codeword)
{
    const struct totals *totals = &batch->totals;
    for (uint32_t k = 0; k < totals->n_code; k++) {
        double count = (double)totals->count[k];
        batch->seen[k] += totals->count[k];
        for (uint32_t d = 0; count > 0 && d < totals->dim; d++) {
            float *c = &codeword[(size_t)k * totals->dim + d];
            double step = totals_sum(totals, k, d) - count * (double)*c;
            *c = (float)((double)*c + step / (double)batch->seen[k]);
        }
    }
}

bool minibatch_run(const struct frames *frames, const struct minibatch *minibatch, float *codeword,
                   struct failure *failure)
{
    uint32_t dim = frames_dim(frames);
    struct batch batch;
    struct rng rng;
    bool good = batch_new(&batch, minibatch, dim, failure);
    if (!good) return false;
    rng_start(&rng, minibatch->seed, RNG_MINIBATCH, minibatch->part);
    for (uint32_t b = 0; good && b < minibatch->n_batch; b++) {
        for (size_t i = 0; good && i < minibatch->batch_frames; i++)
            good = frames_get(frames, rng_below(&rng, frames_count(frames)), 1, batch.x + i * dim,
                              failure);
        good = good && quantize(minibatch, codeword, dim, &batch, failure);
        if (!good) break;
        add_up(&batch, minibatch->batch_frames);
        move(&batch, codeword);
    }
    batch_free(&batch);
    return good;
}
