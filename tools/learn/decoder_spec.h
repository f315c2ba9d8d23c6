/* SPDX-License-Identifier: MIT */
/* The decoder of a VQ-VAE: convolutions from a codeword and its neighbours back to the frames that
   its unit stands for. */
#ifndef VOQ_LEARN_DECODER_SPEC_H
#define VOQ_LEARN_DECODER_SPEC_H

#include "tools/learn/encoder_spec.h"

enum { DECODER_MOST_LAYERS = 4 };

/* Returns the number of layers. The output has the encoder's input dimensions times its stride. An
   encoder without context has a decoder without context. n_speaker: speakers that the decoder adds
   a vector for (LAYER_SPEAKER); 0: none. */
size_t decoder_spec(const struct encoder_spec *encoder, uint32_t n_speaker,
                    struct layer_spec layer[DECODER_MOST_LAYERS]);

/* Whether an encoder sees more than one frame. */
bool encoder_has_context(const struct encoder_spec *encoder);

#endif
