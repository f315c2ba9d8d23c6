/* SPDX-License-Identifier: MIT */
#include "tools/command/network_model.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"
#include "tools/cli/model_lookup.h"
#include "tools/cli/option_frontend.h"
#include "tools/learn/torch_weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the running mean that goes with `mean`: weight of the prior, longest memory. */
enum { PRIOR_FRAMES = 50, MEMORY_FRAMES = 400 };
enum { MOST_CODEBOOKS = 32, MOST_CODES = 1 << 22 }; /* models/README.md */

static bool is_profile(const char *name)
{
    for (size_t i = 0; voq_frontend_profile_name(i); i++)
        if (strcmp(voq_frontend_profile_name(i), name) == 0) return true;
    return false;
}

/* Makes the model of the parts so far, and returns the width of its vectors. */
static bool make_features(struct network_model *model, uint32_t *dim, struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    voq_info info = {.struct_size = sizeof info};
    voq_model_close(model->features);
    model->features = NULL;
    voq_status status = voq_model_make(&model->parts, NULL, &model->features, &error);
    if (status == VOQ_OK) status = voq_model_describe(model->features, &info);
    *dim = info.dim;
    return status == VOQ_OK || fail(failure, EXIT_USAGE, "%s: %s", model->path,
                                    error.text[0] ? error.text : voq_status_string(status));
}

/* mean and std of the features become the model's normalisation. */
static bool read_normalisation(struct network_model *model, uint32_t dim, struct failure *failure)
{
    const uint64_t shape[] = {dim};
    if (!torch_weights_array(&model->file, model->path, "mean", shape, 1, NULL, &model->mean,
                             failure) ||
        !torch_weights_array(&model->file, model->path, "std", shape, 1, NULL, &model->scale,
                             failure))
        return false;
    if (!model->mean && !model->scale) return true;
    if (!model->mean)
        return fail(failure, EXIT_INPUT, "%s: there is a tensor 'std' but no 'mean'; add it",
                    model->path);
    for (uint32_t d = 0; model->scale && d < dim; d++) {
        model->scale[d] = (float)(1 / (double)model->scale[d]);
        if (!isfinite(model->scale[d]))
            return fail(failure, EXIT_INPUT, "%s: tensor 'std': element %u is not above 0 by "
                        "enough to divide by it", model->path, d);
    }
    model->normalise = (voq_normalise){
        .struct_size = sizeof model->normalise, .dim = dim, .n0 = PRIOR_FRAMES,
        .n_max = MEMORY_FRAMES, .mean = model->mean, .scale = model->scale,
        .kind = model->scale ? VOQ_NORMALISE_RUNNING_SCALED : VOQ_NORMALISE_RUNNING_MEAN};
    model->parts.normalise = &model->normalise;
    return true;
}

static bool use_profile(struct network_model *model, const char *name, uint32_t *dim,
                        struct failure *failure)
{
    if (!option_frontend_profile(name, &model->profile, failure)) return false;
    model->profile.grid = VOQ_GRID_MIRROR;
    model->parts.frontend = &model->profile;
    return make_features(model, dim, failure) && read_normalisation(model, *dim, failure) &&
           make_features(model, dim, failure);
}

static bool use_model(struct network_model *model, const char *name, uint32_t *dim,
                      struct failure *failure)
{
    char path[4096];
    voq_parts parts = {.struct_size = sizeof parts};
    if (!model_open(name, VOQ_CPU_AUTO, &model->frontend, path, sizeof path, failure))
        return false;
    if (voq_model_parts(model->frontend, &parts) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "%s: no parts", path);
    if (!parts.frontend)
        return fail(failure, EXIT_USAGE,
                    "--frontend %s: is a model of vectors; give a model with a front end, or a "
                    "profile", name);
    if (safetensors_find(&model->file, "mean") || safetensors_find(&model->file, "std"))
        return fail(failure, EXIT_USAGE,
                    "%s: has its own 'mean' and 'std', so --frontend must be a profile, not a "
                    "model", model->path);
    model->parts.frontend = parts.frontend;
    model->parts.normalise = parts.normalise;
    model->parts.transform = parts.transform;
    return make_features(model, dim, failure);
}

/* [K][dim], or [codebook][K][dim] of a residual model. */
static bool read_codebook(struct network_model *model, struct failure *failure)
{
    const struct tensor *tensor = safetensors_find(&model->file, "codebook");
    const struct encoder_spec *spec = &model->network.spec;
    uint32_t dim = spec->layer[spec->n_layer - 1].out_dim;
    if (!tensor) return true;
    uint64_t shape[3] = {1, 1, dim};
    size_t n_axis = tensor->n_axis == 3 ? 3 : 2;
    for (size_t i = 0; i + 1 < n_axis && i < tensor->n_axis; i++)
        shape[3 - n_axis + i] = tensor->shape[i];
    if (!torch_weights_array(&model->file, model->path, "codebook", shape + 3 - n_axis, n_axis,
                             NULL, &model->codeword, failure))
        return false;
    if (tensor->n == 0 || shape[0] > MOST_CODEBOOKS || shape[1] > MOST_CODES)
        return fail(failure, EXIT_INPUT, "%s: tensor 'codebook': %llu codebooks of %llu codewords; "
                    "a model has at most %d of %d", model->path, (unsigned long long)shape[0],
                    (unsigned long long)shape[1], MOST_CODEBOOKS, MOST_CODES);
    model->parts.codeword = model->codeword;
    model->parts.n_codebook = (uint32_t)shape[0];
    model->parts.n_code = (uint32_t)shape[1];
    model->parts.dim = dim;
    return true;
}

bool network_model_read(struct network_model *model, const char *path, const char *frontend,
                        const char *encoder, struct failure *failure)
{
    struct encoder_spec spec;
    uint32_t dim = 0;
    *model = (struct network_model){.path = path, .parts = {.struct_size = sizeof model->parts}};
    return safetensors_read(&model->file, path, failure) &&
           (is_profile(frontend) ? use_profile(model, frontend, &dim, failure)
                                 : use_model(model, frontend, &dim, failure)) &&
           encoder_spec_parse(&spec, encoder, dim, failure) &&
           torch_weights_read(&model->network, &spec, &model->file, path, model->step, failure) &&
           read_codebook(model, failure);
}

bool network_model_needs_speech(const struct network_model *model)
{
    const struct encoder_spec *spec = &model->network.spec;
    for (size_t i = 0; i < spec->n_layer; i++)
        if (spec->layer[i].kind == LAYER_CONV && model->step[i] == 0) return true;
    return false;
}

/* Adds the file to the message. Returns false. */
static bool blame_file(const struct network_model *model, struct failure *failure)
{
    struct failure why = *failure;
    if (why.code != EXIT_INPUT) return false;
    return fail(failure, why.code, "%s: %s", model->path, why.text);
}

bool network_model_quantize(struct network_model *model, struct failure *failure)
{
    double found[ENCODER_MOST_LAYERS] = {0};
    if (network_model_needs_speech(model) &&
        !calibrate(&model->network, model->corpus.utterance, model->corpus.n, parallel_jobs(0),
                   found, failure))
        return blame_file(model, failure);
    for (size_t i = 0; i < ENCODER_MOST_LAYERS; i++)
        if (model->step[i] == 0) model->step[i] = found[i];
    if (!integers_make(&model->integers, &model->network, model->step, failure))
        return blame_file(model, failure);
    model->parts.encoder = &model->integers.encoder;
    return true;
}

void network_model_free(struct network_model *model)
{
    calibration_corpus_free(&model->corpus);
    integers_free(&model->integers);
    float_network_free(&model->network);
    safetensors_free(&model->file);
    voq_model_close(model->features);
    voq_model_close(model->frontend);
    free(model->mean);
    free(model->scale);
    free(model->codeword);
}
