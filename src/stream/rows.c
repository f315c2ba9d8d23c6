/* SPDX-License-Identifier: MIT */
#include "src/stream/rows.h"

#include "src/base/error.h"
#include "src/base/finite.h"
#include "src/base/sizes.h"
#include "src/base/versioned.h"

#include <string.h>

voq_status voq_rows_take(struct rows *rows, const voq_model *model, const voq_output *output,
                         voq_error *error)
{
    *rows = (struct rows){.model = model};
    if (!output) return VOQ_OK;
    voq_output *to = &rows->to;
    if (!voq_take_struct(to, sizeof *to, output, FIRST_OUTPUT))
        return voq_refuse_unset(error, "output", "voq_output");
    rows->need_search = to->id || to->distance || to->z_q;
    rows->are_asked = rows->need_search || to->feature;
    if (rows->need_search && !model->has_codebook)
        return voq_refuse(error, VOQ_ERROR_UNSUPPORTED, VOQ_NO_OFFSET,
                          "the model has no codebook; ask for features alone");
    return VOQ_OK;
}

voq_status voq_rows_check(const struct rows *rows, uint64_t n)
{
    const voq_model *model = rows->model;
    if (!rows->are_asked) return VOQ_OK;
    if (n > rows->to.capacity) return VOQ_ERROR_CAPACITY;
    size_t widest = model->parsed.dim;
    if (widest < model->parsed.n_codebook) widest = model->parsed.n_codebook;
    return can_exist(n, widest * sizeof(float)) ? VOQ_OK : VOQ_ERROR_ARGUMENT;
}

static bool all_finite(const float *x, size_t n)
{
    uint32_t any = 0;
    for (size_t i = 0; i < n; i++) any |= not_finite(x[i]);
    return any == 0;
}

size_t voq_rows_finite(const float *x, size_t n, size_t dim)
{
    if (all_finite(x, n * dim)) return n;
    size_t i = 0;
    while (all_finite(x + i * dim, dim)) i++;
    return i;
}

/* The array's row `at`; NULL for NULL. */
#define ROW(array, at, width) ((array) ? (array) + (at) * (width) : NULL)

size_t voq_rows_write(const struct rows *rows, size_t at, const float *feature, size_t n,
                      float *scratch)
{
    const voq_model *model = rows->model;
    const struct quantizer *quantizer = &model->quantizer;
    const voq_output *to = &rows->to;
    size_t dim = model->parsed.dim, n_codebook = model->parsed.n_codebook, n_done = n;
    if (rows->need_search)
        n_done = voq_quantizer_run(quantizer, model->kernel, feature, n, scratch,
                                   ROW(to->id, at, n_codebook), ROW(to->distance, at, n_codebook),
                                   ROW(to->z_q, at, dim));
    if (to->feature && n_done)
        memmove(to->feature + at * dim, feature, n_done * dim * sizeof *feature);
    return n_done;
}
