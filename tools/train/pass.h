/* SPDX-License-Identifier: MIT */
/* One pass over a rank's share of a corpus: reads every file once through the library's own chain,
   several files at a time, and delivers the vectors in the order of the corpus. Memory does not
   grow with the length of a file. */
#ifndef VOQ_TRAIN_PASS_H
#define VOQ_TRAIN_PASS_H

#include "tools/corpus/corpus.h"
#include "tools/train/ranks.h"

#include "voq.h"

/* Most models of features in one pass. */
enum { PASS_FEATURES = 5 };

/* Consecutive vectors of one utterance or file of vectors. */
struct pass_piece {
    size_t worker;      /* the thread, below n_thread */
    size_t utterance;   /* index in the corpus */
    uint64_t first;     /* index of the first frame in it, lost audio included */
    bool begins;        /* the first piece of the utterance */
    size_t n;
    const float *x;     /* [n][dim] */
    const uint32_t *id; /* [n]: the labelling model's units; NULL without one */
};

/* The result of reading one utterance. */
struct pass_end {
    size_t utterance;
    uint64_t n_frame; /* delivered */
    uint64_t next;    /* index of the frame after the last one */
    size_t n_part; /* utterances with frames in it: at most one, except in a fairseq shard */
    bool good;
    struct failure trouble; /* if not good; vectors delivered before it remain valid */
    bool resampled;
    uint64_t n_not_finite; /* samples taken as 0 */
    char *notes; /* see audio_notes; freed after done */
};

/* Both are called by one thread at a time, in the order of the corpus, but for pass.any_order. With
   several models of features, `take` is called for the vectors of each. */
typedef bool pass_take(void *context, const struct pass_piece *piece, struct failure *failure);
typedef bool pass_done(void *context, const struct pass_end *end, struct failure *failure);

struct pass {
    const struct corpus *corpus;
    const struct ranks *ranks; /* NULL: one */
    const voq_model *features[PASS_FEATURES]; /* compute the vectors, all on the same grid */
    size_t n_feature;          /* 0: the corpus is vectors */
    const voq_model *labels;   /* computes units on the same grid; NULL: none */
    uint32_t dim;              /* of the vectors */
    uint32_t rate_hz;          /* of the audio; 0: that of the features */
    size_t n_thread;
    bool any_order; /* `take` is called by several threads at once, and pieces have no order */
    pass_take *take;
    pass_done *done;
    void *context;
};

/* False if take or done fails, or there is no memory; files that fail are reported to done. */
bool pass_run(const struct pass *pass, struct failure *failure);

#endif
