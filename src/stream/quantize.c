/* SPDX-License-Identifier: MIT */
/* Vectors to units and back, without audio. */
#include "src/base/error.h"
#include "src/base/sizes.h"
#include "src/kernel/float_env.h"
#include "src/model/model.h"

#include <float.h>
#include <math.h>

/* Whether n vectors and their ids can lie in memory. */
static bool can_be_vectors(const struct quantizer *quantizer, size_t n)
{
    return can_exist(n, 4 * quantizer->dim) && can_exist(n, 4 * quantizer->n_codebook);
}

/* What is wrong with a vector that has no finite winner. */
static voq_status explain(const float *x, size_t frame, size_t dim, voq_error *error)
{
    size_t largest = 0;
    for (size_t d = 0; d < dim; d++) {
        if (!(x[d] >= -FLT_MAX && x[d] <= FLT_MAX))
            return voq_refuse(error, VOQ_ERROR_VALUE, VOQ_NO_OFFSET,
                              "frame %zu, dimension %zu is NaN or infinite", frame, d);
        if (fabsf(x[d]) > fabsf(x[largest])) largest = d;
    }
    return voq_refuse(
        error, VOQ_ERROR_VALUE, VOQ_NO_OFFSET,
        "frame %zu, dimension %zu is too far from every codeword: its distance overflows", frame,
        largest);
}

voq_status voq_quantize(const voq_model *model, const float *x, size_t n, uint32_t *id,
                        float *distance, float *z_q, voq_error *error)
{
    if (!model || (n && (!x || !id)))
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    if (!model->has_codebook)
        return voq_refuse(error, VOQ_ERROR_UNSUPPORTED, VOQ_NO_OFFSET, "the model has no codebook");
    if (!can_be_vectors(&model->quantizer, n))
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                          "%zu vectors of %zu dimensions are more than memory can hold", n,
                          model->quantizer.dim);
    float scratch[2 * SEARCH_BLOCK * MAX_CODE_DIM];
    uint64_t environment = float_env_enter();
    size_t n_done =
        voq_quantizer_run(&model->quantizer, model->kernel, x, n, scratch, id, distance, z_q);
    float_env_leave(environment);
    if (n_done == n) return VOQ_OK;
    size_t dim = model->quantizer.dim;
    return explain(x + n_done * dim, n_done, dim, error);
}

voq_status voq_decode(const voq_model *model, const uint32_t *id, size_t n, float *z_q)
{
    if (!model || (n && (!id || !z_q))) return VOQ_ERROR_ARGUMENT;
    if (!model->has_codebook) return VOQ_ERROR_UNSUPPORTED;
    const struct quantizer *quantizer = &model->quantizer;
    if (!can_be_vectors(quantizer, n)) return VOQ_ERROR_ARGUMENT;
    for (size_t i = 0; i < n * quantizer->n_codebook; i++)
        if (id[i] >= quantizer->n_code) return VOQ_ERROR_ARGUMENT;
    uint64_t environment = float_env_enter();
    for (size_t i = 0; i < n; i++)
        voq_quantizer_decode(quantizer, id + i * quantizer->n_codebook, z_q + i * quantizer->dim);
    float_env_leave(environment);
    return VOQ_OK;
}
