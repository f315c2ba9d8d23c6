/* SPDX-License-Identifier: MIT */
#include "tools/train/feature_chain.h"

#include "tools/cli/model_lookup.h"
#include "tools/cli/option_frontend.h"

#include <stdlib.h>
#include <string.h>

/* Makes the features again after the chain has changed. */
static bool reopen(struct chain *chain, struct failure *failure)
{
    voq_info info = {.struct_size = sizeof info};
    voq_model *features;
    if (!chain_make(chain, NULL, 0, 0, "features", NULL, &features, failure)) return false;
    voq_model_close(chain->features);
    chain->features = features;
    if (voq_model_describe(features, &info))
        return fail(failure, EXIT_INTERNAL, "the model of the features is unusable");
    chain->parts.dim = info.dim;
    return true;
}

static bool replace(float **old, const float *new, size_t n, struct failure *failure)
{
    float *copy = NULL;
    if (new && !(copy = malloc(n * sizeof *copy)))
        return fail_memory(failure);
    if (new) memcpy(copy, new, n * sizeof *copy);
    free(*old);
    *old = copy;
    return true;
}

void chain_set_vectors(struct chain *chain, uint32_t dim)
{
    chain->parts = (voq_parts){.struct_size = sizeof chain->parts, .dim = dim};
}

bool chain_set_frontend(struct chain *chain, const struct settings *settings,
                        struct failure *failure)
{
    const char *profile = settings->profile ? settings->profile : "hubert";
    if (!option_frontend_profile(profile, &chain->frontend, failure)) return false;
    chain->frontend.grid = VOQ_GRID_MIRROR;
    /* A transform of stacked frames makes its own differences. */
    if (settings_has_transform(settings)) chain->frontend.n_delta = 0;
    if (!option_frontend_set(&settings->set, &chain->frontend, failure)) return false;
    if (chain->frontend.grid != VOQ_GRID_MIRROR)
        return fail(failure, EXIT_USAGE, "--set: models have a frame grid of their own; leave the "
                    "edges as they are");
    chain->parts = (voq_parts){.struct_size = sizeof chain->parts, .frontend = &chain->frontend};
    return reopen(chain, failure);
}

bool chain_copy(struct chain *chain, const voq_parts *parts, struct failure *failure)
{
    chain->parts = (voq_parts){.struct_size = sizeof chain->parts, .dim = parts->dim};
    if (!parts->frontend) return true;
    chain->frontend = *parts->frontend;
    chain->parts.frontend = &chain->frontend;
    if (parts->normalise) {
        chain->normalise = *parts->normalise;
        size_t n = chain->normalise.dim;
        if (!replace(&chain->mean, chain->normalise.mean, n, failure) ||
            !replace(&chain->variance, chain->normalise.variance, n, failure))
            return false;
        chain->normalise.mean = chain->mean;
        chain->normalise.variance = chain->variance;
        chain->parts.normalise = &chain->normalise;
    }
    if (!parts->transform) return reopen(chain, failure);
    const voq_transform *transform = parts->transform;
    chain->parts.dim = transform->in_dim;
    return chain_set_transform(chain, transform->stack_left, transform->stack_right,
                               transform->out_dim, transform->matrix, transform->bias, failure);
}

void chain_warp(struct chain *chain, double factor)
{
    voq_frontend *frontend = &chain->frontend;
    frontend->rate_hz = (uint32_t)(frontend->rate_hz * factor + 0.5);
    frontend->high_hz = (float)((double)frontend->high_hz * factor);
}

bool chain_set_normalise(struct chain *chain, uint32_t kind, const double *mean,
                         const double *variance, struct failure *failure)
{
    uint32_t dim = chain->parts.dim;
    bool varies = kind == VOQ_NORMALISE_RUNNING_VARIANCE || kind == VOQ_NORMALISE_GLOBAL;
    free(chain->mean);
    free(chain->variance);
    chain->mean = malloc(dim * sizeof *chain->mean);
    chain->variance = varies ? malloc(dim * sizeof *chain->variance) : NULL;
    if (!chain->mean || (varies && !chain->variance))
        return fail_memory(failure);
    for (uint32_t d = 0; d < dim; d++) {
        chain->mean[d] = (float)mean[d];
        if (varies) chain->variance[d] = (float)variance[d];
    }
    chain->normalise = (voq_normalise){
        .struct_size = sizeof chain->normalise, .kind = kind, .dim = dim, .n0 = 100, .n_max = 300,
        .floor = varies ? 1e-3f : 0, .mean = chain->mean, .variance = chain->variance};
    chain->parts.normalise = &chain->normalise;
    return reopen(chain, failure);
}

bool chain_set_transform(struct chain *chain, uint32_t left, uint32_t right, uint32_t out_dim,
                         const float *matrix, const float *bias, struct failure *failure)
{
    uint32_t in_dim = chain->parts.transform ? chain->transform.in_dim : chain->parts.dim;
    size_t n_column = (size_t)(left + 1 + right) * in_dim;
    if (!replace(&chain->matrix, matrix, n_column * out_dim, failure) ||
        !replace(&chain->bias, bias, out_dim, failure))
        return false;
    chain->transform = (voq_transform){
        .struct_size = sizeof chain->transform, .stack_left = left, .stack_right = right,
        .in_dim = in_dim, .out_dim = matrix ? out_dim : (uint32_t)n_column,
        .matrix = chain->matrix, .bias = chain->bias};
    chain->parts.transform = &chain->transform;
    return reopen(chain, failure);
}

bool chain_make(const struct chain *chain, const float *codeword, uint32_t n_codebook,
                uint32_t n_code, const char *name, const char *provenance, voq_model **model,
                struct failure *failure)
{
    voq_parts parts = chain->parts;
    voq_options options = {.struct_size = sizeof options, .cpu = chain->cpu};
    voq_error error = {.struct_size = sizeof error};
    parts.codeword = codeword;
    parts.n_codebook = n_codebook;
    parts.n_code = n_code;
    parts.name = name;
    parts.provenance = provenance;
    voq_status status = voq_model_make(&parts, &options, model, &error);
    if (status == VOQ_OK) return true;
    if (status == VOQ_ERROR_CPU) return model_fail_cpu(failure);
    return fail(failure, EXIT_USAGE, "no model can be made: %s", error.text);
}

void chain_close(struct chain *chain)
{
    voq_model_close(chain->features);
    free(chain->mean);
    free(chain->variance);
    free(chain->matrix);
    free(chain->bias);
    *chain = (struct chain){0};
}
