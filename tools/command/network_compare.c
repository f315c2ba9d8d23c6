/* SPDX-License-Identifier: MIT */
#include "tools/command/network_model.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"

#include <stdlib.h>
#include <string.h>

/* Two models of vectors: features to units, and latents to units. */
struct comparison {
    const struct network_model *model;
    const voq_model *whole, *search;
    struct float_forward **forward; /* [n_thread] */
    uint64_t *n_unit, *n_other;     /* [n_utterance] */
};

static bool quantize(const voq_model *model, const float *x, size_t n, uint32_t *id,
                     struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    const voq_output output = {.struct_size = sizeof output, .capacity = n, .id = id};
    return voq_quantize(model, x, n, &output, &error) == VOQ_OK ||
           fail(failure, EXIT_INTERNAL, "units of the features: %s", error.text);
}

static bool compare_utterance(void *context, size_t worker, size_t i, struct failure *failure)
{
    const struct comparison *comparison = context;
    const struct calibration_utterance *utterance = &comparison->model->corpus.utterance[i];
    size_t n_codebook = comparison->model->parts.n_codebook, n;
    const float *z = float_forward_run(comparison->forward[worker], utterance->x, utterance->n,
                                       NULL, NULL, &n);
    uint32_t *id = zeroed(2 * utterance->n * n_codebook, sizeof *id, failure), *other = id;
    if (!id) return false;
    other += utterance->n * n_codebook;
    bool good = quantize(comparison->whole, utterance->x, utterance->n, id, failure) &&
                quantize(comparison->search, z, n, other, failure);
    size_t size = n_codebook * sizeof *id;
    for (size_t t = 0; good && t < n; t++)
        comparison->n_other[i] +=
            memcmp(id + t * n_codebook, other + t * n_codebook, size) != 0;
    comparison->n_unit[i] = n;
    free(id);
    return good;
}

static bool make_models(struct comparison *comparison, voq_model **whole, voq_model **search,
                        struct failure *failure)
{
    voq_parts parts = comparison->model->parts;
    voq_error error = {.struct_size = sizeof error};
    parts.frontend = NULL;
    parts.normalise = NULL;
    parts.transform = NULL;
    voq_status status = voq_model_make(&parts, NULL, whole, &error);
    parts.encoder = NULL;
    if (status == VOQ_OK) status = voq_model_make(&parts, NULL, search, &error);
    comparison->whole = *whole;
    comparison->search = *search;
    return status == VOQ_OK ||
           fail(failure, EXIT_INPUT, "%s: %s", comparison->model->path, error.text);
}

static bool make_room(struct comparison *comparison, size_t n_thread, struct failure *failure)
{
    const struct calibration_corpus *corpus = &comparison->model->corpus;
    size_t longest = 0;
    for (size_t i = 0; i < corpus->n; i++)
        if (corpus->utterance[i].n > longest) longest = corpus->utterance[i].n;
    comparison->n_unit = zeroed(corpus->n, sizeof *comparison->n_unit, failure);
    comparison->n_other = zeroed(corpus->n, sizeof *comparison->n_other, failure);
    comparison->forward = zeroed(n_thread, sizeof *comparison->forward, failure);
    bool good = comparison->n_unit && comparison->n_other && comparison->forward;
    for (size_t i = 0; good && i < n_thread; i++)
        good = float_forward_new(&comparison->forward[i], &comparison->model->network, longest,
                                 failure);
    return good;
}

bool network_model_compare(const struct network_model *model, double *share,
                           struct failure *failure)
{
    struct comparison comparison = {.model = model};
    voq_model *whole = NULL, *search = NULL;
    size_t n_thread = parallel_jobs(0);
    uint64_t n_unit = 0, n_other = 0;
    bool good = make_models(&comparison, &whole, &search, failure) &&
                make_room(&comparison, n_thread, failure) &&
                parallel_for(model->corpus.n, n_thread, compare_utterance, &comparison, failure);
    for (size_t i = 0; good && i < model->corpus.n; i++) {
        n_unit += comparison.n_unit[i];
        n_other += comparison.n_other[i];
    }
    *share = n_unit > 0 ? (double)n_other / (double)n_unit : 0;
    for (size_t i = 0; comparison.forward && i < n_thread; i++)
        float_forward_free(comparison.forward[i]);
    free(comparison.forward);
    free(comparison.n_unit);
    free(comparison.n_other);
    voq_model_close(whole);
    voq_model_close(search);
    return good;
}
