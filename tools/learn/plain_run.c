/* SPDX-License-Identifier: MIT */
#include "tools/learn/plain_run.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

void plain_run_begin(struct plain_run *run, const struct examples *examples,
                     struct learner *learner)
{
    *run = (struct plain_run){.examples = *examples, .learner = learner};
    run->examples.augmentation = (struct augmentation){0};
    run->examples.noise = NULL;
}

void plain_run_end(struct plain_run *run)
{
    example_scratch_clear(&run->scratch);
    free(run->x);
    free(run->id);
    free(run->z_q);
    for (size_t h = 0; h < LEARNER_HEADS; h++) free(run->label[h]);
    *run = (struct plain_run){0};
}

/* Frames of an utterance, rounded up to whole units; those behind its end are 0. */
static bool load(struct plain_run *run, size_t recording, size_t n, size_t n_step,
                 struct failure *failure)
{
    size_t dim = run->examples.chain->dim;
    if (!grow(&run->x, &run->x_capacity, n_step * dim, sizeof *run->x, failure)) return false;
    for (size_t h = 0; h < run->examples.n_head; h++)
        if (!grow(&run->label[h], &run->label_capacity[h], n_step, sizeof *run->label[h], failure))
            return false;
    struct example_place place = {.v = run->x, .label = run->label};
    memset(run->x + n * dim, 0, (n_step - n) * dim * sizeof *run->x);
    return n == 0 || example_make(&run->examples, &run->scratch, 0, recording, &place, failure);
}

static bool search(struct plain_run *run, struct plain_result *result, struct failure *failure)
{
    struct learner *learner = run->learner;
    const struct quantizer_options *options = &learner->options.quantizer;
    size_t n = result->n_unit;
    if (!learner->quantizes) return true;
    if (!grow(&run->id, &run->id_capacity, n * options->n_codebook, sizeof *run->id, failure) ||
        !grow(&run->z_q, &run->z_q_capacity, n * options->dim, sizeof *run->z_q, failure))
        return false;
    result->id = run->id;
    return quantizer_search(&learner->quantizer, learner->workers, result->z, n, run->id, run->z_q,
                            failure);
}

int32_t plain_result_label(const struct plain_result *result, size_t unit)
{
    size_t frame = frame_of_unit(unit, result->stride);
    return frame < result->n_frame ? result->label[0][frame] : LABEL_NONE;
}

bool plain_run_do(struct plain_run *run, size_t recording, struct plain_result *result,
                  struct failure *failure)
{
    size_t stride = learner_encoder(run->learner)->stride;
    size_t n = example_count(&run->examples, 0, recording);
    size_t n_step = (n + stride - 1) / stride * stride;
    uint32_t length = (uint32_t)n, speaker = 0;
    float weight = 1;
    if (!load(run, recording, n, n_step, failure)) return false;
    const struct batch batch = {.n_step = n_step, .n_piece = 1, .length = &length, .x = run->x,
                                .n_head = run->examples.n_head, .label = run->label,
                                .speaker = &speaker, .weight = &weight};
    *result = (struct plain_result){.n_frame = n, .x = run->x, .label = run->label,
                                    .stride = stride};
    if (n == 0) return true;
    result->z = learner_latents(run->learner, &batch, failure);
    result->n_unit = run->learner->rows.n;
    return result->z && search(run, result, failure);
}

static bool add_codes(struct counts *counts, const struct plain_result *result, uint32_t n_codebook,
                      struct failure *failure)
{
    for (size_t u = 0; u < result->n_unit; u++) {
        int32_t label = plain_result_label(result, u);
        if (label != LABEL_NONE &&
            !counts_add(counts, (uint32_t)label, result->id[u * n_codebook], failure))
            return false;
    }
    return true;
}

bool count_codes(struct learner *learner, const struct examples *examples, struct counts *counts,
                 struct failure *failure)
{
    const struct quantizer_options *quantizer = &learner->options.quantizer;
    struct plain_run run;
    struct plain_result result;
    bool good = true;
    plain_run_begin(&run, examples, learner);
    for (size_t i = 0; good && i < examples->recordings->n; i++)
        if (example_is_used(examples, i))
            good = plain_run_do(&run, i, &result, failure) &&
                   add_codes(counts, &result, quantizer->n_codebook, failure);
    plain_run_end(&run);
    return good && counts_finish(counts, label_head_n_class(examples->head[0]), quantizer->n_code,
                                 failure);
}
