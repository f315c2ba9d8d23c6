/* SPDX-License-Identifier: MIT */
/* One pass over a corpus: every file read once, through the runtime's own chain, several at a time,
   and its vectors given in the order of the corpus. Memory does not grow with a file's length. */
#ifndef VOQ_TRAIN_PASS_H
#define VOQ_TRAIN_PASS_H

#include "tools/corpus/corpus.h"

#include "voq.h"

/* Some vectors of one utterance, or file of vectors. */
struct pass_piece {
    size_t utterance;   /* index in the corpus */
    uint64_t first;     /* index of the first frame within it; lost audio counts */
    bool begins;        /* nothing of the utterance was given before */
    size_t n;
    const float *x;     /* [n][dim] */
    const uint32_t *id; /* [n]: the labelling model's units; NULL without one */
};

/* How reading one utterance ended. */
struct pass_end {
    size_t utterance;
    uint64_t n_frame; /* given */
    uint64_t next;    /* index of the frame that would follow */
    size_t n_part; /* utterances with frames in it: one at most, but in fairseq's pair */
    bool good;
    struct failure trouble; /* where not good: what was given up to there stays given */
    bool resampled;
    uint64_t n_not_finite; /* samples taken as 0 */
    char *notes; /* see audio_notes; freed after done */
};

/* Both are called by one thread at a time, in the order of the corpus. */
typedef bool pass_take(void *context, const struct pass_piece *piece, struct failure *failure);
typedef bool pass_done(void *context, const struct pass_end *end, struct failure *failure);

struct pass {
    const struct corpus *corpus;
    const voq_model *features; /* whose vectors are wanted; NULL: the corpus is vectors */
    const voq_model *labels;   /* whose units are wanted too, on the same grid; NULL: none */
    uint32_t dim;              /* of the vectors */
    uint32_t rate_hz;          /* of the audio; 0: what the features' model says */
    size_t n_thread;
    pass_take *take;
    pass_done *done;
    void *context;
};

/* False when take or done fails, or memory ends; files that fail are told to done. */
bool pass_run(const struct pass *pass, struct failure *failure);

#endif
