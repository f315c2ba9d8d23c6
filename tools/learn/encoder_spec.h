/* SPDX-License-Identifier: MIT */
/* The layers of an encoder as a line of text:

       conv 256 5 right 2; conv 256 3 right 1 stride 2; gru 192; conv 192 3 dilation 4; latent 64

   A conv has its width and its taps, then in any order "dilation N" (default 1), "right N" (taps
   after the frame itself, default 0) and "stride N" (default 1). A gru and a latent have a width.
   The last layer is a latent and no other is. "default" stands for ENCODER_SPEC_DEFAULT. */
#ifndef VOQ_LEARN_ENCODER_SPEC_H
#define VOQ_LEARN_ENCODER_SPEC_H

#include "tools/base/failure.h"
#include "tools/learn/layer.h"

#include <stddef.h>

#define ENCODER_SPEC_DEFAULT \
    "conv 256 5 right 2; conv 256 3 right 1; gru 192; conv 256 3 dilation 4 right 1; gru 192; " \
    "latent 64"

enum { ENCODER_MOST_LAYERS = 16, ENCODER_SPEC_TEXT = 1024 };

struct encoder_spec {
    struct layer_spec layer[ENCODER_MOST_LAYERS];
    size_t n_layer;
};

/* in_dim: width of the features, at most 1024. EXIT_USAGE names the layer, the word and what is
   allowed. */
bool encoder_spec_parse(struct encoder_spec *spec, const char *text, uint32_t in_dim,
                        struct failure *failure);

/* Writes the same layers in one way: single blanks, defaults left out, settings in the order
   dilation, right, stride. text holds ENCODER_SPEC_TEXT bytes. */
void encoder_spec_text(const struct encoder_spec *spec, char *text);

/* Frames per unit. */
uint32_t encoder_spec_stride(const struct encoder_spec *spec);

#endif
