/* SPDX-License-Identifier: MIT */
/* Everything that a training of an encoder learns, and one step of it: encoder, codebook, and what
   the objective needs beside them, which is a linear layer per kind of label, or a decoder.

   labels: for every kind of label, half of its weight times the cross-entropy of the labels given
   the latents z, and half of its weight for codewords times that given their codewords z_q. vqvae:
   the squared error of the decoder's output, from z_q, to the input (van den Oord, Vinyals and
   Kavukcuoglu 2017, equation 3). Both: the commitment loss. Until `quantizes` is set, z takes the
   place of z_q everywhere. */
#ifndef VOQ_LEARN_LEARNER_H
#define VOQ_LEARN_LEARNER_H

#include "tools/learn/adamw.h"
#include "tools/learn/batch.h"
#include "tools/learn/dense_rows.h"
#include "tools/learn/encoder_spec.h"
#include "tools/learn/network.h"
#include "tools/learn/quantizer.h"
#include "tools/learn/state_file.h"

enum { LEARNER_HEADS = 8, LEARNER_CODEBOOKS = 16 };

struct learner_options {
    struct encoder_spec spec;
    struct quantizer_options quantizer;
    struct adamw_options adamw;
    size_t n_head; /* 0: a decoder */
    uint32_t n_class[LEARNER_HEADS];
    double head_weight[LEARNER_HEADS];      /* of labels given latents */
    double head_code_weight[LEARNER_HEADS]; /* of labels given codewords; 0: not learned */
    uint32_t n_speaker;  /* that the decoder knows; 0: it knows none */
    double jitter;       /* share of the units of which the decoder sees a neighbour's */
    double smoothing;    /* of labels */
    double consistency;  /* weight of |z - z of the clean copy|^2, a mean over dimensions */
    double gradient_most;
    uint64_t seed;
};

/* A network and the optimizer of its parameters. */
struct learned_network {
    struct network *network; /* NULL: not used */
    struct adamw adamw;
};

enum { LEARNER_ENCODER, LEARNER_DECODER, LEARNER_FIRST_HEAD, LEARNER_NETWORKS = 2 + LEARNER_HEADS };

struct learner {
    struct learner_options options;
    struct workers *workers;
    struct learned_network learned[LEARNER_NETWORKS]; /* encoder, decoder, heads */
    struct vector_quantizer quantizer;
    struct adamw codebook; /* of CODEBOOK_LOSS */
    uint64_t quantizes;    /* 1: codewords take part */
    uint64_t n_step;
    struct dense_rows rows;
    struct learner_rows *scratch;
};

/* Sums over the rows of the steps since the caller cleared it. */
struct learner_report {
    double n_row, loss, label[LEARNER_HEADS], label_quantized[LEARNER_HEADS], reconstruction;
    double commitment[LEARNER_CODEBOOKS], consistency;
    double n_quantized, n_labelled_quantized[LEARNER_HEADS]; /* while codewords took part */
    double n_labelled[LEARNER_HEADS], n_correct[LEARNER_HEADS]; /* by the codewords */
};

bool learner_new(struct learner **learner, const struct learner_options *options,
                 struct workers *workers, struct failure *failure);
void learner_free(struct learner *learner); /* NULL is allowed */

/* One step with the learning rate. EXIT_USAGE, with a text, if a value is not finite any more;
   parameters are then those before the step. */
bool learner_step(struct learner *learner, const struct batch *batch, double rate,
                  struct learner_report *report, struct failure *failure);

/* The latents of a batch without dropout, as dense rows (learner->rows), until the next call. */
const float *learner_latents(struct learner *learner, const struct batch *batch,
                             struct failure *failure);

/* The state for a checkpoint: fills part[] and returns how many; at most LEARNER_PARTS. */
enum { LEARNER_PARTS = 5 * LEARNER_NETWORKS + 9 + 2 * LEARNER_CODEBOOKS };
size_t learner_parts(struct learner *learner, struct state_part part[LEARNER_PARTS]);

struct network *learner_encoder(struct learner *learner);

/* Usage of the codes counts from here. */
void learner_clear_usage(struct learner *learner);

#endif
