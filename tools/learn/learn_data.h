/* SPDX-License-Identifier: MIT */
/* What a training of an encoder reads: corpora, noise, labels, features, their statistics. */
#ifndef VOQ_LEARN_LEARN_DATA_H
#define VOQ_LEARN_LEARN_DATA_H

#include "tools/learn/example.h"
#include "tools/learn/learn.h"
#include "tools/learn/learner.h"
#include "tools/learn/weighted_name.h"

enum { LEARN_SOURCES = 16 };

struct learn_data {
    const struct learn_options *options;
    struct messages *messages;
    struct corpus *corpus[LEARN_SOURCES]; /* the operands, then --also */
    struct source source[LEARN_SOURCES];
    size_t n_source;
    struct corpus *noise_corpus, *dev_corpus;
    struct source noise_source;
    double noise_share; /* of the speech that is noisy; 0: none */
    struct recordings recordings, noise;
    struct label_head *head[LEARNER_HEADS];
    double head_weight[LEARNER_HEADS], head_code_weight[LEARNER_HEADS];
    const char *label_path[LEARNER_HEADS];
    struct weighted_name *label_name; /* owns the paths */
    size_t n_head, n_failed;
    voq_frontend frontend;
    voq_normalise normalise;
    float *mean, *deviation; /* [dim] of all frames */
    float *scale;            /* [dim], of the normalisation */
    struct feature_chain chain;
    bool is_vectors;
    uint32_t dim;    /* of the network's input */
    uint32_t stride; /* of the network: the caller's, before learn_data_read */
    struct examples examples;
};

/* Opens the corpora and checks everything that can be checked before audio is read. */
bool learn_data_open(struct learn_data *data, const struct learn_options *options,
                     const char *const *operand, size_t n_operand, struct option_guard *guard,
                     struct messages *messages, struct failure *failure);

/* Reads all of it. Files that cannot be read are reported and counted in n_failed. */
bool learn_data_read(struct learn_data *data, struct failure *failure);
void learn_data_close(struct learn_data *data); /* all zero is allowed */

/* Called after every recording that was read; for readings of other parts. context: *data. */
bool learn_data_done(void *context, const struct recordings_end *end, struct failure *failure);

#endif
