/* SPDX-License-Identifier: MIT */
/* The speech or the vectors to learn from, read once into a cache file. The order of the recordings
   is that of the corpora, whatever thread reads which file. */
#ifndef VOQ_LEARN_RECORDINGS_H
#define VOQ_LEARN_RECORDINGS_H

#include "tools/base/name_index.h"
#include "tools/base/value_cache.h"
#include "tools/corpus/corpus.h"

/* One corpus, and how much of it an epoch sees. */
struct source {
    const struct corpus *corpus;
    double share; /* of its utterances, chosen at random in each epoch; above 0, at most 1 */
    float weight; /* of its frames in the loss */
};

/* Values of the longest recording in memory: 131 s of speech. */
enum { RECORDING_VALUES = 1 << 21 };

/* A stretch of one utterance without a hole. Longer ones are cut, and so are those with lost audio:
   each piece is then a recording of its own, and its running mean starts at the prior. */
struct recording {
    uint32_t source, utterance; /* utterance of the source's corpus */
    uint32_t speaker;
    uint32_t n;     /* samples or vectors */
    uint64_t content; /* content_hash of its samples or vectors */
    uint64_t first; /* the sample or vector of the utterance at which it begins: whole hops */
    uint64_t place; /* in the cache */
};

struct recordings {
    const struct source *source; /* [n_source], the caller's */
    size_t n_source;
    uint32_t dim;     /* values of a vector; 1: samples */
    uint32_t rate_hz; /* 0: vectors */
    struct recording *recording; /* [n] */
    size_t n, capacity;
    size_t n_utterance; /* that have recordings */
    struct name_index speakers;
    struct value_cache *cache;
    char digest[65]; /* SHA-256 over sources, names, speakers, lengths and contents, in hex */
};

/* The result of reading one utterance. */
struct recordings_end {
    const struct utterance *utterance;
    struct failure *trouble; /* NULL: none. What came before the trouble is kept */
    uint64_t n_not_finite;   /* samples taken as 0 */
    const char *notes;       /* see audio_notes; may be NULL */
};
typedef bool recordings_done(void *context, const struct recordings_end *end,
                             struct failure *failure);

struct recordings_request {
    const struct source *source;
    size_t n_source;
    uint32_t rate_hz;     /* of the model; 0: the corpora are vectors */
    uint32_t hop_samples; /* 1 with vectors */
    uint32_t dim;         /* of the vectors; 1 with speech */
    size_t n_thread;
    const char *cache_folder;
    recordings_done *done; /* one thread at a time, in the order of the corpora */
    void *context;
};

/* False if done fails, the cache cannot be written, or there is no memory. */
bool recordings_read(struct recordings *recordings, const struct recordings_request *request,
                     struct failure *failure);
void recordings_clear(struct recordings *recordings); /* all zero is allowed */

const struct utterance *recording_utterance(const struct recordings *recordings, size_t i);

/* Reads x[n][dim]. */
bool recording_get(const struct recordings *recordings, size_t i, float *x,
                   struct failure *failure);

#endif
