/* SPDX-License-Identifier: MIT */
#include "tools/learn/code_search.h"

#include "voq.h"

#include <stdatomic.h>

enum { SEARCH_ROWS = 256 };

struct search {
    const struct codebooks *codebooks;
    const voq_model *model;
    const float *z;
    size_t n;
    uint32_t *id;
    float *z_q;
    atomic_bool failed;
};

static void search_rows(void *context, size_t thread, size_t item)
{
    (void)thread;
    struct search *search = context;
    size_t first = item * SEARCH_ROWS, left = search->n - first, dim = search->codebooks->dim;
    size_t n = left < SEARCH_ROWS ? left : SEARCH_ROWS;
    voq_output output = {.struct_size = sizeof output, .capacity = n};
    voq_error error = {.struct_size = sizeof error};
    if (search->id) output.id = search->id + first * search->codebooks->n_codebook;
    if (search->z_q) output.z_q = search->z_q + first * dim;
    if (voq_quantize(search->model, search->z + first * dim, n, &output, &error))
        atomic_store(&search->failed, true);
}

bool fail_latents(struct failure *failure)
{
    return fail(failure, EXIT_USAGE, "the training diverged: latents are infinite or not numbers, "
                "so that they have no nearest codeword; start again with a lower "
                "--learning-rate");
}

bool code_search(struct workers *workers, const struct codebooks *codebooks, const float *z,
                 size_t n, uint32_t *id, float *z_q, struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts, .codeword = codebooks->codeword,
                       .n_codebook = codebooks->n_codebook, .n_code = codebooks->n_code,
                       .dim = codebooks->dim, .name = "learning"};
    voq_options options = {.struct_size = sizeof options};
    voq_error error = {.struct_size = sizeof error};
    voq_model *model;
    if (voq_model_make(&parts, &options, &model, &error))
        return fail(failure, EXIT_INPUT, "the codewords are not a valid codebook: %s", error.text);
    struct search search = {.codebooks = codebooks, .model = model, .z = z, .n = n, .id = id,
                            .z_q = z_q};
    workers_run(workers, (n + SEARCH_ROWS - 1) / SEARCH_ROWS, search_rows, &search);
    voq_model_close(model);
    return !atomic_load(&search.failed) || fail_latents(failure);
}
