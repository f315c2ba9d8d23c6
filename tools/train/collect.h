/* SPDX-License-Identifier: MIT */
/* The training vectors of a corpus, collected in one pass: all of them, or a random subset. */
#ifndef VOQ_TRAIN_COLLECT_H
#define VOQ_TRAIN_COLLECT_H

#include "tools/train/frames.h"
#include "tools/train/pass.h"

struct collect {
    const struct corpus *corpus;
    struct ranks *ranks; /* NULL: one */
    const voq_model *features; /* NULL: the corpus is vectors */
    uint32_t dim;
    size_t n_thread;
    const char *cache_folder;
    uint64_t seed;
    uint64_t most_frames; /* random subset of the corpus; 0: all */
    uint64_t cap_speaker; /* random subset per speaker; 0: all. Not both */
    pass_done *done;      /* called after every utterance; may be NULL */
    bool (*passed)(void *context, struct failure *failure); /* after the last; may be NULL */
    void *context;
};

struct collection {
    struct frames *frames;
    uint64_t n_frame_seen; /* before the selection, by all ranks */
    size_t n_utterance;    /* with frames, of all ranks */
    char digest[65];       /* SHA-256, hex, over names, lengths and bits of all vectors seen; does
                              not depend on the order of the utterances */
};

/* EXIT_INPUT if there is no frame at all, or a speaker that is needed is unknown. */
bool collect_frames(const struct collect *collect, struct collection *collection,
                    struct failure *failure);
void collection_free(struct collection *collection);

#endif
