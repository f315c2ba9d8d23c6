/* SPDX-License-Identifier: MIT */
/* A random choice of frames, of the corpus or of each speaker, by reservoir sampling: each of n
   frames seen is kept with probability most/n. */
#ifndef VOQ_TRAIN_CHOICE_H
#define VOQ_TRAIN_CHOICE_H

#include "tools/base/rng.h"
#include "tools/corpus/corpus.h"
#include "tools/train/ranks.h"

struct reservoir;

struct choice {
    const struct corpus *corpus;
    uint64_t most; /* frames of a reservoir; 0: all frames are kept */
    struct rng rng;
    const char **speaker; /* [n_speaker], sorted; none: one reservoir */
    size_t n_speaker;
    struct reservoir *reservoir; /* one per speaker, or one */
    uint64_t n_place;            /* places in use */
};

/* EXIT_INPUT if the speaker of an utterance is needed and unknown. Call choice_free in any case. */
bool choice_new(struct choice *choice, const struct corpus *corpus, uint64_t seed, uint64_t most,
                bool by_speaker, struct failure *failure);
void choice_free(struct choice *choice);

/* Whether the next frame in the order of the corpus, one of this utterance, is kept for now, and
   at which place, over the frame that was there. */
bool choice_take(struct choice *choice, size_t utterance, bool *keep, uint64_t *place,
                 struct failure *failure);

/* A frame that is kept in the end. */
struct kept {
    uint64_t seen;  /* its number among the frames of the corpus */
    uint64_t place; /* its number among the frames that are kept */
};

/* Chooses among the frames of all ranks, n_frame[utterance]; kept[n] are those of this rank, sorted
   by `seen`, which the caller frees. */
bool choice_all(struct choice *choice, const struct ranks *ranks, const uint64_t *n_frame,
                struct kept **kept, size_t *n, struct failure *failure);

#endif
