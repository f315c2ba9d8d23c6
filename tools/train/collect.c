/* SPDX-License-Identifier: MIT */
#include "tools/train/collect.h"

#include "src/model/sha256.h"
#include "tools/base/exact_sum.h"
#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/train/choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The vectors of one utterance. Ranks exchange these as they are. */
struct fingerprint {
    uint64_t n_frame;
    unsigned char digest[32];
};

struct gathering {
    const struct collect *collect;
    struct collection *collection;
    struct choice choice;
    struct fingerprint *fingerprint; /* [corpus_size] */
    struct sha256 sha;               /* of the current utterance */
    uint64_t *n_frame;               /* [corpus_size]: what several ranks choose from */
    struct kept *kept;               /* [n_kept] of this rank */
    size_t n_kept, n_put;
    uint64_t seen; /* frames of the corpus before the current utterance */
    size_t next;   /* utterance that `seen` has not counted */
};

/* With a choice, several ranks first only count: which frames are kept depends on all of them. */
static bool only_counts(const struct gathering *gathering)
{
    return gathering->choice.most > 0 && ranks_several(gathering->collect->ranks);
}

static bool choose_frames(struct gathering *gathering, const struct pass_piece *piece,
                          struct failure *failure)
{
    bool keep;
    uint64_t place;
    for (size_t i = 0; i < piece->n; i++)
        if (!choice_take(&gathering->choice, piece->utterance, &keep, &place, failure) ||
            (keep && !frames_put(gathering->collection->frames, place,
                                 piece->x + i * gathering->collect->dim, 1, failure)))
            return false;
    return true;
}

static bool take_piece(void *context, const struct pass_piece *piece, struct failure *failure)
{
    struct gathering *gathering = context;
    struct frames *frames = gathering->collection->frames;
    size_t row = gathering->collect->dim * sizeof *piece->x;
    if (piece->begins) voq_sha256_begin(&gathering->sha);
    voq_sha256_add(&gathering->sha, piece->x, piece->n * row);
    if (only_counts(gathering)) return true;
    if (gathering->choice.most > 0) return choose_frames(gathering, piece, failure);
    return frames_put(frames, frames_count(frames), piece->x, piece->n, failure);
}

static bool take_end(void *context, const struct pass_end *end, struct failure *failure)
{
    struct gathering *gathering = context;
    const struct collect *collect = gathering->collect;
    if (end->n_frame > 0) {
        struct fingerprint *print = &gathering->fingerprint[end->utterance];
        print->n_frame = end->n_frame;
        voq_sha256_end(&gathering->sha, print->digest);
        gathering->collection->n_utterance += end->n_part;
    }
    return !collect->done || collect->done(collect->context, end, failure);
}

/* ---- what several ranks have found ----------------------------------------------------------- */

static bool share_counts(struct gathering *gathering, struct failure *failure)
{
    struct collection *collection = gathering->collection;
    struct ranks *ranks = gathering->collect->ranks;
    size_t n = corpus_size(gathering->collect->corpus);
    int64_t n_utterance = (int64_t)collection->n_utterance;
    if (!ranks_unite(ranks, gathering->fingerprint, n * sizeof *gathering->fingerprint, failure) ||
        !ranks_sum(ranks, &n_utterance, 1, failure))
        return false;
    collection->n_utterance = (size_t)n_utterance;
    for (size_t u = 0; u < n; u++)
        collection->n_frame_seen += gathering->n_frame[u] = gathering->fingerprint[u].n_frame;
    return true;
}

/* Keeps the frames of this rank that were chosen. */
static bool take_kept(void *context, const struct pass_piece *piece, struct failure *failure)
{
    struct gathering *gathering = context;
    struct frames *frames = gathering->collection->frames;
    if (piece->begins)
        while (gathering->next < piece->utterance)
            gathering->seen += gathering->n_frame[gathering->next++];
    for (size_t i = 0; i < piece->n; i++, gathering->seen++) {
        const struct kept *kept = &gathering->kept[gathering->n_put];
        if (gathering->n_put == gathering->n_kept || kept->seen != gathering->seen) continue;
        if (!frames_put(frames, gathering->n_put++, piece->x + i * gathering->collect->dim, 1,
                        failure))
            return false;
    }
    return true;
}

static bool check_again(void *context, const struct pass_end *end, struct failure *failure)
{
    struct gathering *gathering = context;
    const struct corpus *corpus = gathering->collect->corpus;
    if (end->n_frame != gathering->n_frame[end->utterance])
        return fail(failure, EXIT_INPUT, "%s: has changed while it was read; train again",
                    utterance_label(corpus_get(corpus, end->utterance)));
    if (end->n_frame > 0) gathering->next = end->utterance + 1;
    return true;
}

static int compare_places(const void *a, const void *b)
{
    const struct frames_run *p = a, *q = b;
    return p->number < q->number ? -1 : p->number > q->number;
}

static bool share_chosen(struct gathering *gathering, struct pass *pass, struct failure *failure)
{
    struct ranks *ranks = gathering->collect->ranks;
    struct frames_run *run;
    if (!choice_all(&gathering->choice, ranks, gathering->n_frame, &gathering->kept,
                    &gathering->n_kept, failure) ||
        !(run = zeroed(gathering->n_kept, sizeof *run, failure)))
        return false;
    for (size_t i = 0; i < gathering->n_kept; i++)
        run[i] = (struct frames_run){gathering->kept[i].place, i, 1};
    qsort(run, gathering->n_kept, sizeof *run, compare_places);
    frames_share(gathering->collection->frames, ranks, run, gathering->n_kept,
                 gathering->choice.n_place);
    pass->take = take_kept;
    pass->done = check_again;
    return pass_run(pass, failure);
}

static bool share_all(struct gathering *gathering, struct failure *failure)
{
    const struct corpus *corpus = gathering->collect->corpus;
    struct ranks *ranks = gathering->collect->ranks;
    size_t n_run = ranks_share_of(ranks, corpus_size(corpus));
    uint64_t number = 0, place = 0;
    struct frames_run *run = zeroed(n_run, sizeof *run, failure);
    if (!run) return false;
    for (size_t u = 0, i = 0; u < corpus_size(corpus); number += gathering->n_frame[u++]) {
        if (!ranks_has(ranks, u)) continue;
        run[i++] = (struct frames_run){number, place, gathering->n_frame[u]};
        place += gathering->n_frame[u];
    }
    frames_share(gathering->collection->frames, ranks, run, n_run, number);
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

struct named {
    const char *name;
    const struct fingerprint *print;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *p = a, *q = b;
    uint64_t n = p->print->n_frame, m = q->print->n_frame;
    int order = strcmp(p->name, q->name);
    if (order == 0 && n != m) order = n < m ? -1 : 1;
    return order ? order : memcmp(p->print->digest, q->print->digest, sizeof p->print->digest);
}

static bool digest_corpus(const struct gathering *gathering, char hex[65], struct failure *failure)
{
    const struct corpus *corpus = gathering->collect->corpus;
    struct sha256 sha;
    unsigned char digest[32];
    size_t n = 0;
    struct named *named = zeroed(corpus_size(corpus), sizeof *named, failure);
    if (!named) return false;
    for (size_t u = 0; u < corpus_size(corpus); u++)
        if (gathering->n_frame[u] > 0)
            named[n++] = (struct named){corpus_get(corpus, u)->name, &gathering->fingerprint[u]};
    qsort(named, n, sizeof *named, compare_named);
    voq_sha256_begin(&sha);
    for (size_t i = 0; i < n; i++) {
        const struct fingerprint *print = named[i].print;
        unsigned char length[8];
        for (int b = 0; b < 8; b++) length[b] = (unsigned char)(print->n_frame >> 8 * b);
        voq_sha256_add(&sha, named[i].name, strlen(named[i].name) + 1);
        voq_sha256_add(&sha, length, sizeof length);
        voq_sha256_add(&sha, print->digest, sizeof print->digest);
    }
    voq_sha256_end(&sha, digest);
    format_hex(hex, digest, sizeof digest);
    free(named);
    return true;
}

static bool gathering_new(struct gathering *gathering, struct failure *failure)
{
    const struct collect *collect = gathering->collect;
    size_t n = corpus_size(collect->corpus);
    uint64_t most = collect->most_frames ? collect->most_frames : collect->cap_speaker;
    return (gathering->fingerprint = zeroed(n, sizeof *gathering->fingerprint, failure)) &&
           (gathering->n_frame = zeroed(n, sizeof *gathering->n_frame, failure)) &&
           choice_new(&gathering->choice, collect->corpus, collect->seed, most,
                      collect->cap_speaker > 0, failure);
}

static void gathering_free(struct gathering *gathering)
{
    choice_free(&gathering->choice);
    free(gathering->fingerprint);
    free(gathering->n_frame);
    free(gathering->kept);
}

static bool check_count(const struct frames *frames, struct failure *failure)
{
    if (frames_total(frames) == 0)
        return fail(failure, EXIT_INPUT,
                    "the corpus contains no frames: it has no speech file that can be read and is "
                    "long enough");
    return frames_total(frames) <= EXACT_TERMS_MOST ||
           fail(failure, EXIT_INPUT, "the corpus has too many frames for exact sums; choose "
                "fewer with --frames");
}

bool collect_frames(const struct collect *collect, struct collection *collection,
                    struct failure *failure)
{
    struct gathering gathering = {.collect = collect, .collection = collection};
    struct pass pass = {.corpus = collect->corpus, .ranks = collect->ranks,
                        .features = {collect->features}, .n_feature = collect->features != NULL,
                        .dim = collect->dim, .n_thread = collect->n_thread, .take = take_piece,
                        .done = take_end, .context = &gathering};
    *collection = (struct collection){0};
    bool good = frames_new(&collection->frames, collect->dim, collect->cache_folder, failure) &&
                gathering_new(&gathering, failure) && pass_run(&pass, failure) &&
                (!collect->passed || collect->passed(collect->context, failure)) &&
                share_counts(&gathering, failure);
    if (good && ranks_several(collect->ranks))
        good = only_counts(&gathering) ? share_chosen(&gathering, &pass, failure)
                                       : share_all(&gathering, failure);
    good = good && check_count(collection->frames, failure) &&
           digest_corpus(&gathering, collection->digest, failure);
    if (!good) collection_free(collection);
    gathering_free(&gathering);
    return good;
}

void collection_free(struct collection *collection)
{
    frames_free(collection->frames);
    *collection = (struct collection){0};
}
