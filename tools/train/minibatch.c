/* SPDX-License-Identifier: MIT */
#include "tools/train/minibatch.h"

#include "tools/base/exact_sum.h"
#include "tools/base/rng.h"
#include "tools/train/totals.h"

#include <stdlib.h>
#include <string.h>

struct batch {
    size_t n; /* those of the batch_frames that this rank has */
    float *x; /* [n][dim] */
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
    const voq_output output = {.struct_size = sizeof output, .capacity = batch->n,
                               .id = batch->id};
    bool good = voq_quantize(model, batch->x, batch->n, &output, &error) == VOQ_OK ||
                fail(failure, EXIT_INPUT, "frames cannot be compared: %s", error.text);
    voq_model_close(model);
    return good;
}

/* Adds up the batch_frames of all ranks. Distances do not count here. */
static bool add_up(struct batch *batch, uint64_t batch_frames, struct ranks *ranks,
                   struct failure *failure)
{
    uint32_t dim = batch->totals.dim;
    memset(batch->largest, 0, dim * sizeof *batch->largest);
    for (size_t i = 0; i < batch->n; i++) exact_largest(batch->largest, batch->x + i * dim, dim);
    if (!ranks_largest_floats(ranks, batch->largest, dim, failure)) return false;
    totals_begin(&batch->totals, batch->largest, 0, batch_frames);
    for (size_t i = 0; i < batch->n; i++)
        totals_add_frame(&batch->totals, batch->x + i * dim, batch->id[i], 0);
    return totals_unite(&batch->totals, ranks, failure);
}

/* Draws a batch; all ranks draw the same numbers, and each reads its own frames. */
static bool draw(struct batch *batch, size_t batch_frames, const struct frames *frames,
                 struct rng *rng, struct failure *failure)
{
    uint64_t place;
    batch->n = 0;
    for (size_t i = 0; i < batch_frames; i++)
        if (frames_find(frames, rng_below(rng, frames_total(frames)), &place) &&
            !frames_get(frames, place, 1, batch->x + batch->n++ * frames_dim(frames), failure))
            return false;
    return true;
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
        good = draw(&batch, minibatch->batch_frames, frames, &rng, failure) &&
               quantize(minibatch, codeword, dim, &batch, failure) &&
               add_up(&batch, minibatch->batch_frames, frames_ranks(frames), failure);
        if (good) move(&batch, codeword);
    }
    batch_free(&batch);
    return good;
}
