/* SPDX-License-Identifier: MIT */
/* Transforms learned from a corpus, by passes over it. */
#ifndef VOQ_TRAIN_LEARNING_H
#define VOQ_TRAIN_LEARNING_H

#include "tools/train/front_half.h"
#include "tools/train/pass.h"

/* How many copies of the corpus discriminants are learned from where it is warped. */
enum { LEARNING_WARPS = 5 };

struct learning {
    const struct corpus *corpus;
    size_t n_thread;
    uint32_t left, right; /* frames stacked to each side */
    uint32_t out_dim;
    double warp; /* of discriminants: the corpus counts five times, four of them with frequencies
                    warped, by this at most; 1: once */
    void (*begin)(void *context); /* told before every pass */
    pass_done *done;              /* told after every utterance */
    void *context;
};

/* Sets the front half's transform to principal components. */
bool learn_pca(const struct learning *learning, bool whiten, struct front_half *front,
               struct failure *failure);

/* Sets it to linear discriminants of the classes that codeword[n_code][dim] makes of the vectors of
   the front half as it is now. */
bool learn_lda(const struct learning *learning, const float *codeword, uint32_t n_code,
               struct front_half *front, struct failure *failure);

/* The same with the labels of an alignment as classes: a frame's is the one at the middle of its
   hop. EXIT_INPUT where no utterance of the corpus is in the alignment. */
bool learn_lda_of_labels(const struct learning *learning, const char *alignment_path,
                         struct front_half *front, struct failure *failure);

#endif
