/* SPDX-License-Identifier: MIT */
/* Models of every shape that a chain can have. */
#ifndef VOQ_TESTS_RECIPES_H
#define VOQ_TESTS_RECIPES_H

#include "tests/support/models.h"

enum { N_RECIPE = 37, FIRST_ENCODER = 29 };

static inline struct recipe sized(uint32_t grid, uint32_t window, uint32_t hop, uint32_t fft)
{
    struct recipe r = small_recipe();
    r.frontend.grid = grid;
    r.frontend.window_samples = window;
    r.frontend.hop_samples = hop;
    r.frontend.fft_samples = fft;
    r.frontend.window = VOQ_WINDOW_HAMMING;
    return r;
}

static inline struct recipe from_profile(const char *profile, uint32_t grid)
{
    struct recipe r = small_recipe();
    r.frontend = frontend_of(profile);
    r.frontend.grid = grid;
    r.frontend.top_db = 0.0f;
    return r;
}

static inline struct recipe with_deltas(uint32_t order, uint32_t reach)
{
    struct recipe r = small_recipe();
    r.frontend.n_delta = order;
    r.frontend.delta_reach = reach;
    return r;
}

static inline struct recipe with_stack(uint32_t left, uint32_t right, uint32_t out_dim)
{
    struct recipe r = small_recipe();
    r.stack_left = left;
    r.stack_right = right;
    r.out_dim = out_dim;
    return r;
}

static inline struct recipe with_normalise(uint32_t kind)
{
    struct recipe r = small_recipe();
    r.normalise = kind;
    return r;
}

static inline struct recipe with_everything(void)
{
    struct recipe r = with_deltas(2, 2);
    r.normalise = VOQ_NORMALISE_RUNNING_VARIANCE;
    r.stack_left = 4;
    r.stack_right = 3;
    r.out_dim = 18;
    r.n_codebook = 3;
    return r;
}

static inline struct recipe tiny_windows(void)
{
    struct recipe r = sized(VOQ_GRID_MIRROR, 2, 1, 4);
    r.frontend.n_mel = r.frontend.n_cepstrum = 1;
    r.frontend.mel_shape = VOQ_MEL_IN_HZ;
    r.frontend.lifter = 0.0f;
    return r;
}

static inline struct recipe linear_magnitudes(void)
{
    struct recipe r = small_recipe();
    r.frontend.feature = VOQ_FEATURE_LOG_MEL;
    r.frontend.log = VOQ_LOG_NONE;
    r.frontend.spectrum_power = 1;
    r.frontend.energy = VOQ_ENERGY_WINDOWED;
    r.frontend.htk_order = 1;
    return r;
}

static inline struct recipe with_encoder(struct recipe r, uint32_t normalise,
                                         const struct layer_shape *layer, size_t n_layer)
{
    r.normalise = normalise;
    memcpy(r.layer, layer, n_layer * sizeof *layer);
    return r;
}

/* Each kind of layer alone and in chains, with look-ahead, dilation and strides; behind every kind
   of stage, and on other grids. */
static inline struct recipe encoder_recipe(size_t i)
{
    const struct layer_shape latent = latent_shape(4), chain[] = {
        conv_shape(9, 5, 1, 2, 1), conv_shape(8, 3, 1, 1, 1), gru_shape(7),
        conv_shape(8, 3, 4, 1, 1), gru_shape(6), latent};
    const struct layer_shape one[] = {conv_shape(6, 3, 5, 2, 1), latent};
    const struct layer_shape twice[] = {conv_shape(9, 5, 1, 2, 2), gru_shape(5),
                                        conv_shape(6, 3, 2, 1, 1), latent};
    const struct layer_shape six[] = {conv_shape(6, 4, 1, 0, 3), conv_shape(7, 2, 3, 1, 2), latent};
    const struct layer_shape state[] = {gru_shape(17), latent};
    uint32_t scaled = VOQ_NORMALISE_RUNNING_SCALED;
    struct recipe log_mel = from_profile("encoder", VOQ_GRID_MIRROR);
    switch (i) {
    case 0: return with_encoder(small_recipe(), scaled, &latent, 1);
    case 1: return with_encoder(small_recipe(), scaled, one, 2);
    case 2: return with_encoder(small_recipe(), VOQ_NORMALISE_GLOBAL, state, 2);
    case 3: return with_encoder(log_mel, scaled, chain, 6);
    case 4: return with_encoder(small_recipe(), scaled, twice, 4);
    case 5: return with_encoder(with_everything(), VOQ_NORMALISE_RUNNING_VARIANCE, six, 3);
    case 6: return with_encoder(sized(VOQ_GRID_MIRROR, 33, 51, 36), scaled, twice, 4);
    default: return with_encoder(sized(VOQ_GRID_ZERO, 81, 20, 90), scaled, six, 3);
    }
}

static inline struct recipe recipe_number(size_t i)
{
    switch (i) {
    case 0: return from_profile("hubert", VOQ_GRID_MIRROR);
    case 1: return from_profile("kaldi", VOQ_GRID_SNIP);
    case 2: return from_profile("kaldi-fbank", VOQ_GRID_MIRROR);
    case 3: return from_profile("librosa", VOQ_GRID_ZERO);
    case 4: return sized(VOQ_GRID_ZERO, 81, 20, 90);
    case 5: return sized(VOQ_GRID_REFLECT, 80, 32, 128);
    case 6: return sized(VOQ_GRID_REFLECT, 81, 33, 128);
    case 7: return sized(VOQ_GRID_EDGE, 81, 40, 82 + 8);
    case 8: return sized(VOQ_GRID_MIRROR, 80, 200, 80);
    case 9: return sized(VOQ_GRID_MIRROR, 33, 101, 36);
    case 10: return sized(VOQ_GRID_SNIP, 33, 101, 36);
    case 11: return sized(VOQ_GRID_MIRROR, 81, 27, 96);
    case 12: return sized(VOQ_GRID_ZERO, 33, 101, 36);
    case 13: return sized(VOQ_GRID_REFLECT, 32, 99, 36);
    case 14: return with_deltas(1, 1);
    case 15: return with_deltas(3, 2);
    case 16: return with_deltas(2, 16);
    case 17: return with_stack(3, 0, 0);
    case 18: return with_stack(0, 5, 0);
    case 19: return with_stack(2, 2, 7);
    case 20: return with_stack(0, 0, 33);
    case 21: return with_normalise(VOQ_NORMALISE_RUNNING_MEAN);
    case 22: return with_normalise(VOQ_NORMALISE_RUNNING_VARIANCE);
    case 23: return with_normalise(VOQ_NORMALISE_GLOBAL);
    case 24: return tiny_windows();
    case 25: return linear_magnitudes();
    case 26: return with_everything();
    case 27: return from_profile("encoder", VOQ_GRID_MIRROR);
    case 28: return with_normalise(VOQ_NORMALISE_RUNNING_SCALED);
    default: return encoder_recipe(i - FIRST_ENCODER);
    }
}

#endif
