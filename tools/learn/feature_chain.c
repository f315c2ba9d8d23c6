/* SPDX-License-Identifier: MIT */
#include "tools/learn/feature_chain.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

static bool make(voq_model **model, const voq_parts *parts, voq_cpu cpu, struct failure *failure)
{
    voq_options options = {.struct_size = sizeof options, .cpu = cpu};
    voq_error error = {.struct_size = sizeof error};
    voq_status status = voq_model_make(parts, &options, model, &error);
    if (status == VOQ_ERROR_MEMORY) return fail_memory(failure);
    return status == VOQ_OK || fail(failure, EXIT_USAGE, "the features: %s", error.text);
}

bool feature_chain_open(struct feature_chain *chain, const voq_frontend *frontend, uint32_t dim,
                        voq_cpu cpu, struct failure *failure)
{
    *chain = (struct feature_chain){.cpu = cpu, .dim = dim, .hop_samples = 1};
    if (!frontend) return true;
    voq_info info = {.struct_size = sizeof info};
    voq_parts parts = {.struct_size = sizeof parts, .frontend = frontend, .name = "frames"};
    if (!make(&chain->frames, &parts, cpu, failure)) return false;
    if (voq_model_describe(chain->frames, &info))
        return fail(failure, EXIT_INTERNAL, "the model of the features cannot be used");
    chain->is_log_mel = frontend->feature == VOQ_FEATURE_LOG_MEL && info.dim == frontend->n_mel;
    chain->dim = info.dim;
    chain->hop_samples = info.hop_samples;
    chain->rate_hz = info.rate_hz;
    return true;
}

bool feature_chain_set_normalise(struct feature_chain *chain, const voq_normalise *normalise,
                                 struct failure *failure)
{
    /* A model of vectors needs a codebook, which is never searched. */
    float *origin = zeroed(chain->dim, sizeof *origin, failure);
    voq_parts parts = {.struct_size = sizeof parts, .normalise = normalise, .dim = chain->dim,
                       .codeword = origin, .n_codebook = 1, .n_code = 1, .name = "normalise"};
    voq_model_close(chain->normalise);
    chain->normalise = NULL;
    bool good = origin && make(&chain->normalise, &parts, chain->cpu, failure);
    free(origin);
    return good;
}

void feature_chain_close(struct feature_chain *chain)
{
    voq_model_close(chain->frames);
    voq_model_close(chain->normalise);
    *chain = (struct feature_chain){0};
}

size_t feature_chain_count(const struct feature_chain *chain, size_t n)
{
    return chain->frames ? voq_encode_frames(chain->frames, n) : n;
}

static bool check(voq_status status, const voq_error *error, struct failure *failure)
{
    if (status == VOQ_ERROR_MEMORY) return fail_memory(failure);
    return status == VOQ_OK ||
           fail(failure, EXIT_INPUT, "the features cannot be computed: %s", error->text);
}

bool feature_chain_frames(const struct feature_chain *chain, const float *x, size_t n,
                          float *frame, struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    voq_output output = {.struct_size = sizeof output, .feature = frame,
                         .capacity = feature_chain_count(chain, n)};
    size_t n_frame;
    if (!chain->frames) {
        memcpy(frame, x, n * chain->dim * sizeof *x);
        return true;
    }
    return check(voq_encode(chain->frames, NULL, x, n, &output, &n_frame, &error), &error,
                 failure);
}

bool feature_chain_normalise(const struct feature_chain *chain, const float *frame, size_t n,
                             float *v, struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    voq_output output = {.struct_size = sizeof output, .feature = v, .capacity = n};
    if (!chain->normalise) {
        memcpy(v, frame, n * chain->dim * sizeof *v);
        return true;
    }
    return check(voq_quantize(chain->normalise, frame, n, &output, &error), &error, failure);
}
