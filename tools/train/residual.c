/* SPDX-License-Identifier: MIT */
#include "tools/train/residual.h"

#include "tools/base/parallel.h"

#include "voq.h"

#include <stdlib.h>

struct subtraction {
    struct frames *frames;
    voq_model *model;
    float *x, *z_q; /* [n_thread][FRAMES_BLOCK][dim] */
};

static bool subtract_block(void *context, size_t worker, size_t block, struct failure *failure)
{
    struct subtraction *subtraction = context;
    uint32_t dim = frames_dim(subtraction->frames);
    size_t offset = worker * FRAMES_BLOCK, n;
    float *x = subtraction->x + offset * dim, *z_q = subtraction->z_q + offset * dim;
    voq_error error = {.struct_size = sizeof error};
    if (!frames_get_block(subtraction->frames, block, x, &n, failure)) return false;
    const voq_output output = {.struct_size = sizeof output, .capacity = n, .z_q = z_q};
    if (voq_quantize(subtraction->model, x, n, &output, &error))
        return fail(failure, EXIT_INPUT, "frames cannot be compared: %s", error.text);
    for (size_t i = 0; i < n * dim; i++) x[i] -= z_q[i];
    return frames_put(subtraction->frames, (uint64_t)block * FRAMES_BLOCK, x, n, failure);
}

bool residual_subtract(struct frames *frames, const float *codeword, uint32_t n_code,
                       size_t n_thread, struct failure *failure)
{
    uint32_t dim = frames_dim(frames);
    size_t n = n_thread * FRAMES_BLOCK;
    struct subtraction subtraction = {.frames = frames};
    voq_parts parts = {.struct_size = sizeof parts, .codeword = codeword, .n_codebook = 1,
                       .n_code = n_code, .dim = dim, .name = "training"};
    voq_error error = {.struct_size = sizeof error};
    if (voq_model_make(&parts, NULL, &subtraction.model, &error))
        return fail(failure, EXIT_USAGE, "the codewords are not a valid codebook: %s", error.text);
    subtraction.x = malloc(n * dim * sizeof *subtraction.x);
    subtraction.z_q = malloc(n * dim * sizeof *subtraction.z_q);
    bool good = (subtraction.x && subtraction.z_q) || fail_memory(failure);
    good = good && parallel_for((size_t)frames_block_count(frames), n_thread, subtract_block,
                                &subtraction, failure);
    voq_model_close(subtraction.model);
    free(subtraction.x);
    free(subtraction.z_q);
    return good;
}
