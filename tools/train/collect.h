/* SPDX-License-Identifier: MIT */
/* The training vectors of a corpus, gathered by one pass: all of them, or a random choice. */
#ifndef VOQ_TRAIN_COLLECT_H
#define VOQ_TRAIN_COLLECT_H

#include "tools/train/frames.h"
#include "tools/train/pass.h"

struct collect {
    const struct corpus *corpus;
    const voq_model *features; /* NULL: the corpus is vectors */
    uint32_t dim;
    size_t n_thread;
    const char *cache_folder;
    uint64_t seed;
    uint64_t most_frames; /* of the corpus, a random choice; 0: all */
    uint64_t cap_speaker; /* of each speaker, likewise; 0: all. Not both */
    pass_done *done;      /* told after every utterance; may be NULL */
    void *context;
};

struct collection {
    struct frames *frames;
    uint64_t n_frame_seen; /* before the choice */
    size_t n_utterance;    /* that gave frames */
    double *mean, *variance; /* [dim], of all frames seen */
    char digest[65];       /* SHA-256, hex, over what was seen: names, lengths, bits of vectors;
                              the order of the utterances does not matter */
};

/* EXIT_INPUT when there is no frame at all, or a speaker is unknown where it is needed. */
bool collect_frames(const struct collect *collect, struct collection *collection,
                    struct failure *failure);
void collection_free(struct collection *collection);

#endif
