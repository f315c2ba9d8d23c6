/* SPDX-License-Identifier: MIT */
/* The state of a training, in a file that is replaced after every iteration. It is a model file
   whose last codebook is the current one. */
#ifndef VOQ_TRAIN_CHECKPOINT_H
#define VOQ_TRAIN_CHECKPOINT_H

#include "tools/cli/checkpoint_file.h"
#include "tools/train/front_half.h"
#include "tools/train/lloyd.h"

/* Writes the front half and codeword[n_codebook][n_code][dim], whose last codebook has *state, in
   stage `stage` of the training. The identity, of options and corpus, is the digest of the
   provenance of the finished model. */
bool checkpoint_write(struct checkpoint_file *file, const char identity[65], uint32_t stage,
                      const struct front_half *front, const float *codeword, uint32_t n_codebook,
                      uint32_t n_code, const struct lloyd_state *state, struct failure *failure);

struct checkpoint {
    const char *path;
    char identity[65];
    uint32_t stage;
    struct lloyd_state state;
    voq_parts parts;
    voq_model *model; /* owner of the parts; NULL: there is no checkpoint */
};

/* The training that a checkpoint must fit. */
struct checkpoint_use {
    const struct settings *settings;
    const struct front_half *front; /* before anything is learned */
    uint32_t n_round;          /* stages of classes before the codebooks */
};

/* model is NULL if there is no such file. EXIT_USAGE if the file is damaged, is not a checkpoint,
   or does not fit the use in a shape, kind or count that it states. */
bool checkpoint_read(struct checkpoint *checkpoint, const char *path,
                     const struct checkpoint_use *use, struct failure *failure);

/* EXIT_USAGE if it belongs to other options or another corpus. True if there is no checkpoint. */
bool checkpoint_is_of(const struct checkpoint *checkpoint, const char identity[65],
                      struct failure *failure);

/* Copies its *n codebooks, the last being the current one, to codeword[n_codebook][n_code][dim]. */
bool checkpoint_take(const struct checkpoint *checkpoint, float *codeword, uint32_t n_codebook,
                     uint32_t n_code, uint32_t dim, uint32_t *n, struct failure *failure);
void checkpoint_close(struct checkpoint *checkpoint);

/* The part of checkpoint_read that compares. */
bool checkpoint_fits(const struct checkpoint *checkpoint, const struct checkpoint_use *use,
                     struct failure *failure);

#endif
