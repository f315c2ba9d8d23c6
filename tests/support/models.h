/* SPDX-License-Identifier: MIT */
/* Makes small models for tests. */
#ifndef VOQ_TESTS_MODELS_H
#define VOQ_TESTS_MODELS_H

#include "tests/support/layer_shapes.h"
#include "tests/support/random.h"

#include "voq.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* The parts of a model; zero means no such part. */
struct recipe {
    voq_frontend frontend;
    uint32_t normalise; /* enum voq_normalise_kind */
    uint32_t stack_left, stack_right;
    uint32_t out_dim; /* of the affine transform after stacking; 0: stacking only */
    struct layer_shape layer[MOST_LAYERS];
    uint32_t n_codebook, n_code;
    voq_options options;
};

static inline voq_frontend frontend_of(const char *profile)
{
    voq_frontend f = {.struct_size = sizeof f};
    if (voq_frontend_profile(profile, &f) != VOQ_OK) abort();
    return f;
}

/* A fast front end on the grid of models: 16 kHz, window 80, hop 32, 8 mel bands, 5 coefficients.
   */
static inline voq_frontend small_frontend(void)
{
    voq_frontend f = frontend_of("hubert");
    f.grid = VOQ_GRID_MIRROR;
    f.window_samples = 80;
    f.hop_samples = 32;
    f.fft_samples = 128;
    f.n_mel = 8;
    f.n_cepstrum = 5;
    f.n_delta = 0;
    return f;
}

static inline struct recipe small_recipe(void)
{
    return (struct recipe){.frontend = small_frontend(),
                           .n_codebook = 1,
                           .n_code = 40,
                           .options = {.struct_size = sizeof(voq_options)}};
}

static inline uint32_t base_dim_of(const voq_frontend *f)
{
    uint32_t base =
        f->feature == VOQ_FEATURE_MFCC ? f->n_cepstrum : f->n_mel + (f->energy != VOQ_ENERGY_NONE);
    return base;
}

static inline float *random_array(uint64_t *seed, size_t n, float scale)
{
    float *x = malloc(n * sizeof *x + 1);
    for (size_t i = 0; i < n; i++) x[i] = scale * random_normal(seed);
    return x;
}

/* The parts of a recipe, for a test that changes one before it makes the model. */
struct ingredients {
    voq_frontend frontend;
    voq_normalise normalise;
    voq_transform transform;
    struct network network;
    voq_parts parts;
    float *owned[5];
};

static inline void ingredients_fill(struct ingredients *in, const struct recipe *r)
{
    uint64_t seed = 42;
    uint32_t dim = base_dim_of(&r->frontend) * (r->frontend.n_delta + 1);
    *in = (struct ingredients){.frontend = r->frontend};
    in->parts = (voq_parts){.struct_size = sizeof in->parts,
                            .frontend = &in->frontend,
                            .name = "small",
                            .provenance = "corpus=none\nseed=42\n"};
    if (r->normalise) {
        in->owned[0] = random_array(&seed, dim, 0.5f);
        in->owned[1] = random_array(&seed, dim, 1.0f);
        for (uint32_t d = 0; d < dim; d++)
            in->owned[1][d] = 0.5f + in->owned[1][d] * in->owned[1][d];
        bool variance =
            r->normalise == VOQ_NORMALISE_RUNNING_VARIANCE || r->normalise == VOQ_NORMALISE_GLOBAL;
        bool scale = r->normalise == VOQ_NORMALISE_RUNNING_SCALED;
        in->normalise = (voq_normalise){sizeof in->normalise,
                                        r->normalise,
                                        dim,
                                        3,
                                        20,
                                        1e-3f,
                                        in->owned[0],
                                        variance ? in->owned[1] : NULL,
                                        scale ? in->owned[1] : NULL};
        in->parts.normalise = &in->normalise;
    }
    if (r->stack_left || r->stack_right || r->out_dim) {
        uint32_t column = dim * (r->stack_left + 1 + r->stack_right);
        in->transform = (voq_transform){sizeof in->transform,
                                        r->stack_left,
                                        r->stack_right,
                                        dim,
                                        r->out_dim ? r->out_dim : column,
                                        NULL,
                                        NULL};
        if (r->out_dim) {
            in->transform.matrix = in->owned[2] =
                random_array(&seed, (size_t)column * r->out_dim, 0.3f);
            in->transform.bias = in->owned[3] = random_array(&seed, r->out_dim, 1.0f);
        }
        dim = in->transform.out_dim;
        in->parts.transform = &in->transform;
    }
    if (r->layer->out_dim) {
        network_of_shapes(&in->network, r->layer, dim, &seed);
        dim = in->network.layer[in->network.encoder.n_layer - 1].out_dim;
        in->parts.encoder = &in->network.encoder;
    }
    if (r->n_code) {
        in->owned[4] = random_array(&seed, (size_t)r->n_codebook * r->n_code * dim, 2.0f);
        in->parts.codeword = in->owned[4];
        in->parts.n_codebook = r->n_codebook;
        in->parts.n_code = r->n_code;
        in->parts.dim = dim;
    }
}

static inline void ingredients_free(struct ingredients *in)
{
    for (size_t i = 0; i < 5; i++) free(in->owned[i]);
    network_free(&in->network);
}

static inline voq_model *made_of(const struct recipe *r, bool has_audio)
{
    struct ingredients in;
    voq_model *model = NULL;
    voq_error error = {.struct_size = sizeof error};
    ingredients_fill(&in, r);
    if (!has_audio) in.parts.frontend = NULL;
    if (voq_model_make(&in.parts, &r->options, &model, &error) != VOQ_OK) {
        fprintf(stderr, "model_of: %s\n", error.text);
        abort();
    }
    ingredients_free(&in);
    return model;
}

static inline voq_model *model_of(const struct recipe *r)
{
    return made_of(r, true);
}

/* The same without the front end, so that its inputs are vectors. */
static inline voq_model *vector_model_of(const struct recipe *r)
{
    return made_of(r, false);
}

static inline voq_info info_of(const voq_model *model)
{
    voq_info info = {.struct_size = sizeof info};
    if (voq_model_describe(model, &info) != VOQ_OK) abort();
    return info;
}

#endif
