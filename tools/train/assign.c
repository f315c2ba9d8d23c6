/* SPDX-License-Identifier: MIT */
#include "tools/train/assign.h"

#include "tools/train/ordered.h"

#include <stdlib.h>

struct scratch {
    float *x; /* [FRAMES_BLOCK][dim] */
    uint32_t *id;
    float *distance;
    struct totals block;
};

struct assigner {
    const struct frames *frames;
    struct assign_options options;
    struct scratch *scratch; /* one a thread */
    voq_model *model;        /* of the pass under way */
    struct totals *totals;
};

static bool assign_block(struct ordered *ordered, void *context, size_t worker, uint64_t block,
                         struct failure *failure)
{
    struct assigner *assigner = context;
    struct scratch *scratch = &assigner->scratch[worker];
    uint32_t dim = frames_dim(assigner->frames);
    voq_error error = {.struct_size = sizeof error};
    size_t n;
    if (!frames_get_block(assigner->frames, block, scratch->x, &n, failure)) return false;
    if (voq_quantize(assigner->model, scratch->x, n, scratch->id, scratch->distance, NULL, &error))
        return fail(failure, EXIT_INPUT, "frames cannot be compared: %s", error.text);
    totals_clear(&scratch->block);
    for (size_t i = 0; i < n; i++)
        totals_add_frame(&scratch->block, scratch->x + i * dim, scratch->id[i],
                         scratch->distance[i]);
    if (!ordered_turn(ordered, block)) return false;
    totals_add(assigner->totals, &scratch->block);
    return true;
}

bool assigner_pass(struct assigner *assigner, const float *codeword, struct totals *totals,
                   struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts, .codeword = codeword, .n_codebook = 1,
                       .n_code = assigner->options.n_code, .dim = frames_dim(assigner->frames),
                       .name = "training"};
    voq_options options = {.struct_size = sizeof options, .cpu = assigner->options.cpu};
    voq_error error = {.struct_size = sizeof error};
    if (voq_model_make(&parts, &options, &assigner->model, &error))
        return fail(failure, EXIT_USAGE, "these codewords make no codebook: %s", error.text);
    totals_clear(totals);
    assigner->totals = totals;
    bool good = ordered_run(assigner->options.n_thread, frames_block_count(assigner->frames),
                            assign_block, assigner, failure);
    voq_model_close(assigner->model);
    return good;
}

bool assigner_new(struct assigner **assigner, const struct frames *frames,
                  const struct assign_options *options, struct failure *failure)
{
    uint32_t dim = frames_dim(frames);
    struct assigner *made = calloc(1, sizeof *made);
    bool good = made && (made->scratch = calloc(options->n_thread, sizeof *made->scratch));
    if (good) {
        made->frames = frames;
        made->options = *options;
    }
    for (size_t i = 0; good && i < options->n_thread; i++) {
        struct scratch *scratch = &made->scratch[i];
        scratch->x = malloc(FRAMES_BLOCK * sizeof *scratch->x * dim);
        scratch->id = malloc(FRAMES_BLOCK * sizeof *scratch->id);
        scratch->distance = malloc(FRAMES_BLOCK * sizeof *scratch->distance);
        good = totals_new(&scratch->block, options->n_code, dim) && scratch->x && scratch->id &&
               scratch->distance;
    }
    if (good) {
        *assigner = made;
        return true;
    }
    assigner_free(made);
    return fail(failure, EXIT_INTERNAL, "out of memory");
}

void assigner_free(struct assigner *assigner)
{
    if (!assigner) return;
    for (size_t i = 0; assigner->scratch && i < assigner->options.n_thread; i++) {
        free(assigner->scratch[i].x);
        free(assigner->scratch[i].id);
        free(assigner->scratch[i].distance);
        totals_free(&assigner->scratch[i].block);
    }
    free(assigner->scratch);
    free(assigner);
}
