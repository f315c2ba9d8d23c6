/* SPDX-License-Identifier: MIT */
/* The state of a training in a file that is replaced after every iteration: a model file, whose
   last codebook is the one under way. */
#ifndef VOQ_TRAIN_CHECKPOINT_H
#define VOQ_TRAIN_CHECKPOINT_H

#include "tools/train/lloyd.h"

/* Identifies options and corpus by what the finished model would say of them. */
void checkpoint_identity(const char *provenance, char hex[65]);

/* Writes codeword[n_codebook][n_code][dim], of which the last codebook is at *state. */
bool checkpoint_write(const char *path, const char identity[65], const float *codeword,
                      uint32_t n_codebook, uint32_t n_code, uint32_t dim,
                      const struct lloyd_state *state, struct failure *failure);

/* Reads one back; *n_codebook = 0 where there is no such file, else at most *n_codebook, as it
   was. EXIT_USAGE where it is damaged or of other options or another corpus. */
bool checkpoint_read(const char *path, const char identity[65], float *codeword,
                     uint32_t *n_codebook, uint32_t n_code, uint32_t dim,
                     struct lloyd_state *state, struct failure *failure);

#endif
