/* SPDX-License-Identifier: MIT */
/* Trains an encoder together with its codebook, and writes a model: voq train --encoder. The only
   header of this room that others include, beside those of voq convert, decode and eval
   (README.md). */
#ifndef VOQ_LEARN_LEARN_H
#define VOQ_LEARN_LEARN_H

#include "tools/cli/messages.h"
#include "tools/cli/option_guard.h"

enum learn_objective { LEARN_VQVAE, LEARN_LABELS };

struct learn_options {
    const char *encoder; /* "default" or layers: encoder_spec.h */
    enum learn_objective objective;
    bool codebook_loss;                /* codewords learn by it, not as moving averages */
    const struct option_texts *labels; /* FILE[:WEIGHT[:CODES]]: one head per file */
    uint32_t labels_hop;               /* 0: as the file states, else one hop */
    const struct option_texts *also;   /* CORPUS[:SHARE[:WEIGHT]] */
    const char *noise;                 /* folder; NULL: none */
    double consistency;                /* with noise */
    const char *dev, *dev_labels;      /* NULL: none */
    const char *speakers;
    bool allow_pipes;

    uint32_t codes, codebooks;
    uint64_t seed;
    uint32_t epochs, batch_frames;
    double learning_rate;

    const char *output, *weights, *log; /* the last two: NULL: none */
    const struct option_texts *init;    /* weights to start from: the mean of the files */
    const char *name, *corpus_name, *licence;
    const char *checkpoint, *cache_folder;
    double checkpoint_minutes; /* between checkpoints within an epoch */
    bool resume, json;
    size_t n_thread;
};

/* Returns the exit code; messages are printed. The guard knows the files of the options already. */
int learn_run(const struct learn_options *options, const char *const *operand, size_t n_operand,
              struct option_guard *guard, struct messages *messages);

#endif
