/* SPDX-License-Identifier: MIT */
/* The encoder of one stream: histories of the convolutions, states of the GRUs, and the frames that
   are on their way. Shared with tools/learn. */
#ifndef VOQ_ENCODER_STATE_H
#define VOQ_ENCODER_STATE_H

#include "src/encoder/encoder.h"

struct layer_state {
    int8_t *frame;    /* [n_history + chunk][in_step]: the history, then the new frames */
    int16_t *h;       /* GRU: the state, and its 8-bit copy */
    int8_t *h8;
    uint64_t n_frame; /* that have entered, without the zeros of the end */
    size_t n_zero;    /* that have entered at the end */
    size_t n_skip;    /* outputs to drop before the next one that is kept */
};

struct encoder_state {
    const struct encoder *encoder;
    struct layer_state *layer; /* [n_layer] */
    int16_t *value;            /* [chunk][n_row]: products before the gates or the latent */
    int16_t *gate;             /* [n_row]: product of a GRU's state */
    size_t chunk;
    size_t n_flushed; /* layers already flushed at the end */
};

/* At most `chunk` frames are pushed at a time. */
void voq_encoder_state_place(struct encoder_state *state, const struct encoder *encoder,
                             size_t chunk, struct arena *arena);

/* Sets histories and states to zero: the start of an utterance, or after a gap. */
void voq_encoder_reset(struct encoder_state *state);

/* Takes v[n][in_dim], n at most chunk, finite or not; writes the latents z[][out_dim] that they
   complete and returns how many. push_i8 takes the activations a[n][in_dim], -127 to 127. */
size_t voq_encoder_push(struct encoder_state *state, const float *v, size_t n, float *z);
size_t voq_encoder_push_i8(struct encoder_state *state, const int8_t *a, size_t n, float *z);

/* Ends the utterance: feeds each layer the zeros behind it. Call it until it returns 0; each call
   writes at most chunk latents. With a stride of s, n frames give ceil(n/s) latents in all. */
size_t voq_encoder_finish(struct encoder_state *state, float *z);

#endif
