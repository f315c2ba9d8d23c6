/* SPDX-License-Identifier: MIT */
/* Transforms learned from a corpus, by passes over it. */
#ifndef VOQ_TRAIN_LEARNING_H
#define VOQ_TRAIN_LEARNING_H

#include "tools/train/front_half.h"
#include "tools/train/pass.h"

/* Copies of the corpus from which discriminants are learned if it is warped, all in the same pass;
   and the passes that learn one transform. */
enum { LEARNING_WARPS = PASS_FEATURES, LEARNING_PASSES = 2 };

struct learning {
    const struct corpus *corpus;
    struct ranks *ranks; /* NULL: one */
    size_t n_thread;
    uint32_t left, right; /* frames stacked to each side */
    uint32_t out_dim;
    double warp; /* for discriminants: frames count five times, four of them with frequencies warped
                    by at most this factor; 1: once */
    void (*begin)(void *context); /* called before every pass */
    pass_done *done;              /* called after every utterance */
    void *context;
};

/* Sets the front half's transform to principal components. */
bool learn_pca(const struct learning *learning, bool whiten, struct front_half *front,
               struct failure *failure);

/* Sets it to linear discriminants. The class of a frame is its nearest codeword[n_code][dim] in the
   current front half. */
bool learn_lda(const struct learning *learning, const float *codeword, uint32_t n_code,
               struct front_half *front, struct failure *failure);

/* The same with the labels of an alignment as classes: the class of a frame is the label at the
   middle of its hop. EXIT_INPUT if no utterance of the corpus is in the alignment. */
bool learn_lda_of_labels(const struct learning *learning, const char *alignment_path,
                         struct front_half *front, struct failure *failure);

#endif
