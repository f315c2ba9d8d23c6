/* SPDX-License-Identifier: MIT */
#include "tools/train/front_half.h"

#include "tools/cli/model_lookup.h"
#include "tools/cli/option_frontend.h"
#include "tools/train/moments.h"

#include <stdlib.h>
#include <string.h>

/* Remakes `features` after the front half has changed. */
static bool reopen(struct front_half *front, struct failure *failure)
{
    voq_info info = {.struct_size = sizeof info};
    voq_model *features;
    if (!front_half_make(front, NULL, 0, 0, "features", NULL, &features, failure)) return false;
    voq_model_close(front->features);
    front->features = features;
    if (voq_model_describe(features, &info))
        return fail(failure, EXIT_INTERNAL, "the model of the features cannot be used");
    front->parts.dim = info.dim;
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

void front_half_set_vectors(struct front_half *front, uint32_t dim)
{
    front->parts = (voq_parts){.struct_size = sizeof front->parts, .dim = dim};
}

bool front_half_set_frontend(struct front_half *front, const struct settings *settings,
                             struct failure *failure)
{
    const char *profile = settings->profile ? settings->profile : "hubert";
    if (!option_frontend_profile(profile, &front->frontend, failure)) return false;
    front->frontend.grid = VOQ_GRID_MIRROR;
    /* A transform of stacked frames can learn differences itself, so deltas are left out. */
    if (settings_has_transform(settings)) front->frontend.n_delta = 0;
    if (!option_frontend_set(&settings->set, &front->frontend, failure)) return false;
    if (front->frontend.grid != VOQ_GRID_MIRROR)
        return fail(failure, EXIT_USAGE,
                    "--set: models have their own frame grid; leave out options of the edges");
    front->parts = (voq_parts){.struct_size = sizeof front->parts, .frontend = &front->frontend};
    return reopen(front, failure);
}

bool front_half_copy(struct front_half *front, const voq_parts *parts, struct failure *failure)
{
    front->parts = (voq_parts){.struct_size = sizeof front->parts, .dim = parts->dim};
    if (!parts->frontend) return true;
    front->frontend = *parts->frontend;
    front->parts.frontend = &front->frontend;
    if (parts->normalise) {
        front->normalise = *parts->normalise;
        size_t n = front->normalise.dim;
        if (!replace(&front->mean, front->normalise.mean, n, failure) ||
            !replace(&front->variance, front->normalise.variance, n, failure) ||
            !replace(&front->scale, front->normalise.scale, n, failure))
            return false;
        front->normalise.mean = front->mean;
        front->normalise.variance = front->variance;
        front->normalise.scale = front->scale;
        front->parts.normalise = &front->normalise;
    }
    if (!parts->transform) return reopen(front, failure);
    const voq_transform *transform = parts->transform;
    front->parts.dim = transform->in_dim;
    return front_half_set_transform(front, transform->stack_left, transform->stack_right,
                                    transform->out_dim, transform->matrix, transform->bias,
                                    failure);
}

void front_half_warp(struct front_half *front, double factor)
{
    voq_frontend *frontend = &front->frontend;
    frontend->rate_hz = (uint32_t)(frontend->rate_hz * factor + 0.5);
    frontend->high_hz = (float)((double)frontend->high_hz * factor);
}

/* Allocates and fills the mean and, if the kind has one, the variance. */
static bool take_moments(struct front_half *front, const struct frames *frames, size_t n_thread,
                         bool varies, struct failure *failure)
{
    uint32_t dim = front->parts.dim;
    double *mean = malloc(dim * sizeof *mean), *variance = malloc(dim * sizeof *variance);
    free(front->mean);
    free(front->variance);
    front->mean = malloc(dim * sizeof *front->mean);
    front->variance = varies ? malloc(dim * sizeof *front->variance) : NULL;
    bool good = (mean && variance && front->mean && (front->variance || !varies)) ||
                fail_memory(failure);
    good = good && moments_of_frames(frames, n_thread, mean, variance, failure);
    for (uint32_t d = 0; good && d < dim; d++) {
        front->mean[d] = (float)mean[d];
        if (varies) front->variance[d] = (float)variance[d];
    }
    free(mean);
    free(variance);
    return good;
}

bool front_half_set_normalise(struct front_half *front, uint32_t kind, const struct frames *frames,
                              size_t n_thread, struct failure *failure)
{
    bool varies = kind == VOQ_NORMALISE_RUNNING_VARIANCE || kind == VOQ_NORMALISE_GLOBAL;
    if (!take_moments(front, frames, n_thread, varies, failure)) return false;
    front->normalise = (voq_normalise){
        .struct_size = sizeof front->normalise, .kind = kind, .dim = front->parts.dim, .n0 = 100,
        .n_max = 300, .floor = varies ? 1e-3f : 0, .mean = front->mean,
        .variance = front->variance};
    front->parts.normalise = &front->normalise;
    return reopen(front, failure);
}

bool front_half_set_transform(struct front_half *front, uint32_t left, uint32_t right,
                              uint32_t out_dim, const float *matrix, const float *bias,
                              struct failure *failure)
{
    uint32_t in_dim = front->parts.transform ? front->transform.in_dim : front->parts.dim;
    size_t n_column = (size_t)(left + 1 + right) * in_dim;
    if (!replace(&front->matrix, matrix, n_column * out_dim, failure) ||
        !replace(&front->bias, bias, out_dim, failure))
        return false;
    front->transform = (voq_transform){
        .struct_size = sizeof front->transform, .stack_left = left, .stack_right = right,
        .in_dim = in_dim, .out_dim = matrix ? out_dim : (uint32_t)n_column,
        .matrix = front->matrix, .bias = front->bias};
    front->parts.transform = &front->transform;
    return reopen(front, failure);
}

bool front_half_make(const struct front_half *front, const float *codeword, uint32_t n_codebook,
                     uint32_t n_code, const char *name, const char *provenance, voq_model **model,
                     struct failure *failure)
{
    voq_parts parts = front->parts;
    voq_options options = {.struct_size = sizeof options, .cpu = front->cpu};
    voq_error error = {.struct_size = sizeof error};
    parts.codeword = codeword;
    parts.n_codebook = n_codebook;
    parts.n_code = n_code;
    parts.name = name;
    parts.provenance = provenance;
    voq_status status = voq_model_make(&parts, &options, model, &error);
    if (status == VOQ_OK) return true;
    if (status == VOQ_ERROR_CPU) return model_fail_cpu(failure);
    return fail(failure, EXIT_USAGE, "the model cannot be created: %s", error.text);
}

void front_half_close(struct front_half *front)
{
    voq_model_close(front->features);
    free(front->mean);
    free(front->variance);
    free(front->scale);
    free(front->matrix);
    free(front->bias);
    *front = (struct front_half){0};
}
