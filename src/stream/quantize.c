/* SPDX-License-Identifier: MIT */
/* Vectors to units and back, without audio.

   In a model with a front end vectors enter just before the codebook, where nothing of one vector
   depends on another. In a model of vectors they enter at the start of its chain and are one
   sequence: normalisation may run along it, and stacking looks to both sides. Such a chain is
   placed in memory of its own for the call. */
#include "src/base/error.h"
#include "src/base/sizes.h"
#include "src/kernel/float_env.h"
#include "src/stream/rows.h"
#include "src/stream/stages.h"
#include "src/stream/whole.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whether n vectors and their ids can fit in memory. */
static bool can_be_vectors(const voq_model *model, size_t dim, size_t n)
{
    size_t n_codebook = model->parsed.n_codebook;
    return can_exist(n, 4 * (dim > n_codebook ? dim : n_codebook));
}

/* Reports why a vector has no finite winner. */
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

static voq_status quantize_alone(const struct rows *rows, const float *x, size_t n,
                                 voq_error *error)
{
    size_t dim = rows->model->parsed.dim;
    float scratch[SEARCH_SCRATCH(MAX_CODE_DIM)];
    size_t n_good = rows->need_search ? n : voq_rows_finite(x, n, dim); /* else the search checks */
    size_t n_done = voq_rows_write(rows, 0, x, n_good, scratch);
    return n_done == n ? VOQ_OK : explain(x + n_done * dim, n_done, dim, error);
}

/* ---- a model of vectors -------------------------------------------------------------------- */

enum { CHUNK = 64 };
_Static_assert((int)CHUNK >= (int)MAX_STACK, "a chunk holds the frames to the right of a stack");

struct sequence {
    struct stages stages;
    float *scratch; /* of the search */
    size_t n_done;
};

static struct sequence *place(const voq_model *model, struct arena *arena)
{
    struct sequence *sequence = ARENA_TAKE(arena, 1, struct sequence), placed = {.n_done = 0};
    placed.scratch = ARENA_TAKE(arena, SEARCH_SCRATCH(model->parsed.dim), float);
    voq_stages_place(&placed.stages, model, CHUNK, arena);
    if (!arena->base) return NULL;
    *sequence = placed;
    voq_stages_reset(&sequence->stages);
    return sequence;
}

static bool write_features(struct sequence *sequence, const struct rows *rows, size_t n)
{
    const float *feature = sequence->stages.frame;
    size_t n_good = voq_rows_finite(feature, n, rows->model->parsed.dim);
    n_good = voq_rows_write(rows, sequence->n_done, feature, n_good, sequence->scratch);
    sequence->n_done += n_good;
    return n_good == n;
}

static voq_status run_sequence(struct sequence *sequence, const struct rows *rows, const float *x,
                               size_t n, voq_error *error)
{
    struct stages *stages = &sequence->stages;
    size_t dim = rows->model->parsed.frontend_dim;
    bool good = true;
    for (size_t i = 0; good && i < n; i += CHUNK) {
        size_t n_part = n - i < CHUNK ? n - i : CHUNK;
        memcpy(stages->frame, x + i * dim, n_part * dim * sizeof *x);
        good = write_features(sequence, rows, voq_stages_push(stages, n_part));
    }
    for (size_t n_late; good && (n_late = voq_stages_finish(stages)) > 0;)
        good = write_features(sequence, rows, n_late);
    if (good) return VOQ_OK;
    return voq_refuse(error, VOQ_ERROR_VALUE, VOQ_NO_OFFSET,
                      "frame %zu overflows in the model; scale the vectors down", sequence->n_done);
}

static voq_status refuse_memory(voq_error *error)
{
    return voq_refuse(error, VOQ_ERROR_MEMORY, VOQ_NO_OFFSET, "no memory for the model's chain");
}

static voq_status quantize_with(const voq_model *model, const struct rows *rows, const float *x,
                                size_t n, voq_error *error)
{
    struct arena measured = {0};
    place(model, &measured);
    void *memory = malloc(arena_size(&measured));
    if (!memory) return refuse_memory(error);
    struct arena arena = arena_in(memory);
    voq_status status = run_sequence(place(model, &arena), rows, x, n, error);
    free(memory);
    return status;
}

static voq_status quantize_sequence(const struct rows *rows, const float *x, size_t n,
                                    voq_error *error)
{
    const voq_model *model = rows->model;
    size_t dim = model->parsed.frontend_dim, n_good = voq_rows_finite(x, n, dim);
    if (n_good < n) return explain(x + n_good * dim, n_good, dim, error);
    if (!voq_model_needs_whole_signal(model)) return quantize_with(model, rows, x, n, error);
    voq_model settled = *model;
    struct measure measure;
    bool has_memory = voq_measure_new(&measure, dim);
    if (has_memory) voq_measure_add(&measure, x, n);
    if (has_memory) voq_measure_set_mean(&measure, &settled);
    voq_status status =
        has_memory ? quantize_with(&settled, rows, x, n, error) : refuse_memory(error);
    voq_measure_free(&measure);
    return status;
}

static bool is_sequence(const voq_model *model)
{
    return !model->has_audio &&
           (model->has_normalise || model->has_transform || model->has_encoder);
}

size_t voq_quantize_rows(const voq_model *model, size_t n)
{
    if (!model) return 0;
    size_t stride = is_sequence(model) ? voq_encoder_stride(&model->parsed.encoder) : 1;
    return n / stride + (n % stride != 0);
}

voq_status voq_quantize(const voq_model *model, const float *x, size_t n, const voq_output *output,
                        voq_error *error)
{
    struct rows rows;
    if (!model || (n && !x))
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    size_t dim = is_sequence(model) ? model->parsed.frontend_dim : model->parsed.dim;
    voq_status status = voq_rows_take(&rows, model, output, error);
    if (status != VOQ_OK) return status;
    size_t n_row = voq_quantize_rows(model, n);
    if (!can_be_vectors(model, dim, n) || voq_rows_check(&rows, n_row) == VOQ_ERROR_ARGUMENT)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                          "%zu vectors of %zu dimensions are more than memory can hold", n, dim);
    if (!rows.are_asked) return VOQ_OK;
    if (n_row > rows.to.capacity)
        return voq_refuse(error, VOQ_ERROR_CAPACITY, VOQ_NO_OFFSET,
                          "output.capacity is %zu; %zu are needed", rows.to.capacity, n_row);
    uint64_t environment = float_env_enter();
    status = is_sequence(model) ? quantize_sequence(&rows, x, n, error)
                                : quantize_alone(&rows, x, n, error);
    float_env_leave(environment);
    return status;
}

voq_status voq_decode(const voq_model *model, const uint32_t *id, size_t n, float *z_q)
{
    if (!model || (n && (!id || !z_q))) return VOQ_ERROR_ARGUMENT;
    if (!model->has_codebook) return VOQ_ERROR_UNSUPPORTED;
    const struct quantizer *quantizer = &model->quantizer;
    if (!can_be_vectors(model, quantizer->dim, n)) return VOQ_ERROR_ARGUMENT;
    for (size_t i = 0; i < n * quantizer->n_codebook; i++)
        if (id[i] >= quantizer->n_code) return VOQ_ERROR_ARGUMENT;
    uint64_t environment = float_env_enter();
    for (size_t i = 0; i < n; i++)
        voq_quantizer_decode(quantizer, id + i * quantizer->n_codebook, z_q + i * quantizer->dim);
    float_env_leave(environment);
    return VOQ_OK;
}
