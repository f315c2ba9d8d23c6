/* SPDX-License-Identifier: MIT */
/* The codebook given by --init: a model, or codewords from another tool. */
#ifndef VOQ_TRAIN_START_H
#define VOQ_TRAIN_START_H

#include "tools/cli/messages.h"

#include "voq.h"

struct start {
    voq_parts parts; /* of a model: the stages before its codebook; else all zero */
    float *codeword; /* [n_code][dim] */
    uint32_t n_code, dim;
    char hash[17];   /* of the model, or the start of the SHA-256 of the codewords */
    voq_model *model;
};

/* Opens a .voq file with one codebook, an .npy array, or a joblib dump of scikit-learn's k-means.
   */
bool start_open(struct start *start, const char *path, struct messages *messages,
                struct failure *failure);
void start_close(struct start *start); /* also of zeroed memory */

#endif
