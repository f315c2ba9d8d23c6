/* SPDX-License-Identifier: MIT */
#include "tools/learn/decoder_spec.h"

enum { WIDEST = 256 };

bool encoder_has_context(const struct encoder_spec *encoder)
{
    for (size_t i = 0; i < encoder->n_layer; i++)
        if (encoder->layer[i].kind == LAYER_GRU ||
            (encoder->layer[i].kind == LAYER_CONV && encoder->layer[i].taps > 1))
            return true;
    return false;
}

/* As wide as the widest layer of the encoder, up to a limit. */
static uint32_t width(const struct encoder_spec *encoder)
{
    uint32_t widest = encoder->layer[encoder->n_layer - 1].out_dim;
    for (size_t i = 0; i < encoder->n_layer; i++)
        if (encoder->layer[i].out_dim > widest) widest = encoder->layer[i].out_dim;
    return widest < WIDEST ? widest : WIDEST;
}

size_t decoder_spec(const struct encoder_spec *encoder, uint32_t n_speaker,
                    struct layer_spec layer[DECODER_MOST_LAYERS])
{
    uint32_t latent = encoder->layer[encoder->n_layer - 1].out_dim, wide = width(encoder);
    uint32_t taps = encoder_has_context(encoder) ? 3 : 1, right = taps / 2;
    uint32_t out_dim = encoder->layer[0].in_dim * encoder_spec_stride(encoder);
    struct layer_spec conv = {.kind = LAYER_CONV, .in_dim = latent, .out_dim = wide, .taps = taps,
                              .dilation = 1, .right = right, .stride = 1, .relu = true};
    size_t n = 0;
    layer[n++] = conv;
    if (n_speaker > 0)
        layer[n++] = (struct layer_spec){.kind = LAYER_SPEAKER, .in_dim = wide, .out_dim = wide,
                                         .taps = n_speaker, .dilation = 1, .stride = 1};
    conv.in_dim = wide;
    layer[n++] = conv;
    conv.out_dim = out_dim;
    conv.relu = false;
    layer[n++] = conv;
    return n;
}
