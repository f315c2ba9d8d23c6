/* SPDX-License-Identifier: MIT */
#include "tools/train/collect.h"

#include "src/model/sha256.h"
#include "tools/base/exact_sum.h"
#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/base/rng.h"
#include "tools/formats/feature_shard_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reservoir sampling: each of n frames seen is kept with probability most/n. */
struct reservoir {
    uint64_t n_seen, n_kept;
    size_t capacity;
    uint64_t *place; /* [n_kept]: index in the cache; NULL: frame i is at i */
};

struct fingerprint {
    const char *name;
    uint64_t n_frame;
    unsigned char digest[32];
};

struct gathering {
    const struct collect *collect;
    struct collection *collection;
    struct rng rng;
    const char **speaker; /* [n_speaker], sorted */
    size_t n_speaker;
    struct reservoir *reservoir; /* one per speaker, or one */
    struct fingerprint *fingerprint;
    size_t n_fingerprint;
    struct sha256 sha; /* of the current utterance */
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool list_speakers(struct gathering *gathering, struct failure *failure)
{
    const struct corpus *corpus = gathering->collect->corpus;
    size_t n = 0;
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *utterance = corpus_get(corpus, i);
        if (utterance->kind == CORPUS_VECTORS && feature_path_is_shard(utterance->path))
            return fail(failure, EXIT_USAGE,
                        "%s: the utterances of an .npy with .len have no speakers; --cap-speaker "
                        "needs one .npy per utterance", utterance->path);
        if (!utterance->speaker)
            return fail(failure, EXIT_INPUT,
                        "%s: the speaker of this utterance is unknown; --cap-speaker needs "
                        "--speakers UTT2SPK", utterance->name);
        gathering->speaker[n++] = utterance->speaker;
    }
    qsort(gathering->speaker, n, sizeof *gathering->speaker, compare_names);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(gathering->speaker[i], gathering->speaker[i - 1]) != 0)
            gathering->speaker[gathering->n_speaker++] = gathering->speaker[i];
    return true;
}

static struct reservoir *reservoir_of(struct gathering *gathering, size_t utterance)
{
    if (gathering->n_speaker == 0) return gathering->reservoir;
    const char *name = corpus_get(gathering->collect->corpus, utterance)->speaker;
    const char **found = bsearch(&name, gathering->speaker, gathering->n_speaker, sizeof name,
                                 compare_names);
    return &gathering->reservoir[found - gathering->speaker];
}

static bool keep_place(struct reservoir *reservoir, uint64_t place, struct failure *failure)
{
    size_t n = (size_t)reservoir->n_kept;
    if (!grow(&reservoir->place, &reservoir->capacity, n + 1, sizeof place, failure)) return false;
    reservoir->place[n] = place;
    return true;
}

static bool choose_frame(struct gathering *gathering, struct reservoir *reservoir, uint64_t most,
                         const float *x, struct failure *failure)
{
    struct frames *frames = gathering->collection->frames;
    uint64_t place;
    reservoir->n_seen++;
    if (reservoir->n_kept < most) {
        place = frames_count(frames);
        if (gathering->n_speaker > 0 && !keep_place(reservoir, place, failure)) return false;
        reservoir->n_kept++;
    } else {
        place = rng_below(&gathering->rng, reservoir->n_seen);
        if (place >= most) return true;
        if (gathering->n_speaker > 0) place = reservoir->place[place];
    }
    return frames_put(frames, place, x, 1, failure);
}

static bool take_piece(void *context, const struct pass_piece *piece, struct failure *failure)
{
    struct gathering *gathering = context;
    const struct collect *collect = gathering->collect;
    struct frames *frames = gathering->collection->frames;
    size_t row = collect->dim * sizeof *piece->x;
    if (piece->first == 0) voq_sha256_begin(&gathering->sha);
    voq_sha256_add(&gathering->sha, piece->x, piece->n * row);
    gathering->collection->n_frame_seen += piece->n;
    uint64_t most = collect->most_frames ? collect->most_frames : collect->cap_speaker;
    if (most == 0) return frames_put(frames, frames_count(frames), piece->x, piece->n, failure);
    struct reservoir *reservoir = reservoir_of(gathering, piece->utterance);
    for (size_t i = 0; i < piece->n; i++)
        if (!choose_frame(gathering, reservoir, most, piece->x + i * collect->dim, failure))
            return false;
    return true;
}

static bool take_end(void *context, const struct pass_end *end, struct failure *failure)
{
    struct gathering *gathering = context;
    const struct collect *collect = gathering->collect;
    if (end->n_frame > 0) {
        struct fingerprint *print = &gathering->fingerprint[gathering->n_fingerprint++];
        print->name = corpus_get(collect->corpus, end->utterance)->name;
        print->n_frame = end->n_frame;
        voq_sha256_end(&gathering->sha, print->digest);
        gathering->collection->n_utterance += end->n_part;
    }
    return !collect->done || collect->done(collect->context, end, failure);
}

static int compare_fingerprints(const void *a, const void *b)
{
    const struct fingerprint *p = a, *q = b;
    int order = strcmp(p->name, q->name);
    if (order == 0 && p->n_frame != q->n_frame) order = p->n_frame < q->n_frame ? -1 : 1;
    return order ? order : memcmp(p->digest, q->digest, sizeof p->digest);
}

static void digest_corpus(struct gathering *gathering, char hex[65])
{
    struct sha256 sha;
    unsigned char digest[32];
    voq_sha256_begin(&sha);
    qsort(gathering->fingerprint, gathering->n_fingerprint, sizeof *gathering->fingerprint,
          compare_fingerprints);
    for (size_t i = 0; i < gathering->n_fingerprint; i++) {
        const struct fingerprint *print = &gathering->fingerprint[i];
        unsigned char length[8];
        for (int b = 0; b < 8; b++) length[b] = (unsigned char)(print->n_frame >> 8 * b);
        voq_sha256_add(&sha, print->name, strlen(print->name) + 1);
        voq_sha256_add(&sha, length, sizeof length);
        voq_sha256_add(&sha, print->digest, sizeof print->digest);
    }
    voq_sha256_end(&sha, digest);
    format_hex(hex, digest, sizeof digest);
}

static bool gathering_new(struct gathering *gathering, struct failure *failure)
{
    const struct collect *collect = gathering->collect;
    size_t n = corpus_size(collect->corpus) + 1; /* calloc(0) may return NULL */
    rng_start(&gathering->rng, collect->seed, RNG_KEEP, 0);
    gathering->speaker = calloc(n, sizeof *gathering->speaker);
    gathering->reservoir = calloc(n, sizeof *gathering->reservoir);
    gathering->fingerprint = calloc(n, sizeof *gathering->fingerprint);
    if (!gathering->speaker || !gathering->reservoir || !gathering->fingerprint)
        return fail_memory(failure);
    return collect->cap_speaker == 0 || list_speakers(gathering, failure);
}

static void gathering_free(struct gathering *gathering)
{
    for (size_t i = 0; gathering->reservoir && i < gathering->n_speaker; i++)
        free(gathering->reservoir[i].place);
    free(gathering->reservoir);
    free(gathering->speaker);
    free(gathering->fingerprint);
}

bool collect_frames(const struct collect *collect, struct collection *collection,
                    struct failure *failure)
{
    struct gathering gathering = {.collect = collect, .collection = collection};
    struct pass pass = {.corpus = collect->corpus, .features = {collect->features},
                        .n_feature = collect->features != NULL,
                        .dim = collect->dim, .n_thread = collect->n_thread, .take = take_piece,
                        .done = take_end, .context = &gathering};
    *collection = (struct collection){0};
    bool good = frames_new(&collection->frames, collect->dim, collect->cache_folder, failure) &&
                gathering_new(&gathering, failure) && pass_run(&pass, failure);
    if (good && frames_count(collection->frames) == 0)
        good = fail(failure, EXIT_INPUT,
                    "the corpus contains no frames: it has no speech file that can be read and is "
                    "long enough");
    if (good && frames_count(collection->frames) > EXACT_TERMS_MOST)
        good = fail(failure, EXIT_INPUT, "the corpus has too many frames for exact sums; choose "
                    "fewer with --frames");
    if (good)
        digest_corpus(&gathering, collection->digest);
    else
        collection_free(collection);
    gathering_free(&gathering);
    return good;
}

void collection_free(struct collection *collection)
{
    frames_free(collection->frames);
    *collection = (struct collection){0};
}
