/* SPDX-License-Identifier: MIT */
#include "tools/train/choice.h"

#include "tools/base/growing.h"
#include "tools/formats/feature_shard_place.h"

#include <stdlib.h>
#include <string.h>

struct reservoir {
    uint64_t n_seen, n_kept;
    size_t capacity;
    uint64_t *place; /* [n_kept]; NULL: frame i is at place i */
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool list_speakers(struct choice *choice, struct failure *failure)
{
    size_t n = 0;
    for (size_t i = 0; i < corpus_size(choice->corpus); i++) {
        const struct utterance *utterance = corpus_get(choice->corpus, i);
        if (utterance->kind == CORPUS_VECTORS && feature_path_is_shard(utterance->path))
            return fail(failure, EXIT_USAGE,
                        "%s: the utterances of an .npy with .len have no speakers; --cap-speaker "
                        "needs one .npy per utterance", utterance->path);
        if (!utterance->speaker)
            return fail(failure, EXIT_INPUT,
                        "%s: the speaker of this utterance is unknown; --cap-speaker needs "
                        "--speakers UTT2SPK", utterance->name);
        choice->speaker[n++] = utterance->speaker;
    }
    qsort(choice->speaker, n, sizeof *choice->speaker, compare_names);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(choice->speaker[i], choice->speaker[i - 1]) != 0)
            choice->speaker[choice->n_speaker++] = choice->speaker[i];
    return true;
}

bool choice_new(struct choice *choice, const struct corpus *corpus, uint64_t seed, uint64_t most,
                bool by_speaker, struct failure *failure)
{
    size_t n = corpus_size(corpus) + 1; /* calloc(0) may return NULL */
    *choice = (struct choice){.corpus = corpus, .most = most,
                              .speaker = calloc(n, sizeof *choice->speaker),
                              .reservoir = calloc(n, sizeof *choice->reservoir)};
    rng_start(&choice->rng, seed, RNG_KEEP, 0);
    if (!choice->speaker || !choice->reservoir) return fail_memory(failure);
    return !by_speaker || list_speakers(choice, failure);
}

void choice_free(struct choice *choice)
{
    for (size_t i = 0; choice->reservoir && i < choice->n_speaker; i++)
        free(choice->reservoir[i].place);
    free(choice->reservoir);
    free(choice->speaker);
    *choice = (struct choice){0};
}

static struct reservoir *reservoir_of(struct choice *choice, size_t utterance)
{
    if (choice->n_speaker == 0) return choice->reservoir;
    const char *name = corpus_get(choice->corpus, utterance)->speaker;
    const char **found = bsearch(&name, choice->speaker, choice->n_speaker, sizeof name,
                                 compare_names);
    return &choice->reservoir[found - choice->speaker];
}

static bool keep_place(struct reservoir *reservoir, uint64_t place, struct failure *failure)
{
    size_t n = (size_t)reservoir->n_kept;
    if (!grow(&reservoir->place, &reservoir->capacity, n + 1, sizeof place, failure)) return false;
    reservoir->place[n] = place;
    return true;
}

bool choice_take(struct choice *choice, size_t utterance, bool *keep, uint64_t *place,
                 struct failure *failure)
{
    struct reservoir *reservoir = reservoir_of(choice, utterance);
    reservoir->n_seen++;
    *keep = true;
    if (reservoir->n_kept < choice->most) {
        *place = choice->n_place++;
        if (choice->n_speaker > 0 && !keep_place(reservoir, *place, failure)) return false;
        reservoir->n_kept++;
        return true;
    }
    *place = rng_below(&choice->rng, reservoir->n_seen);
    *keep = *place < choice->most;
    if (*keep && choice->n_speaker > 0) *place = reservoir->place[*place];
    return true;
}

static int compare_seen(const void *a, const void *b)
{
    const struct kept *p = a, *q = b;
    return p->seen < q->seen ? -1 : p->seen > q->seen;
}

/* The frame at each place, in the end; UINT64_MAX: one of another rank. */
static bool fill_places(struct choice *choice, const struct ranks *ranks, const uint64_t *n_frame,
                        uint64_t **at, struct failure *failure)
{
    size_t capacity = 0;
    uint64_t seen = 0, place;
    bool keep;
    for (size_t u = 0; u < corpus_size(choice->corpus); u++)
        for (uint64_t i = 0; i < n_frame[u]; i++, seen++) {
            if (!choice_take(choice, u, &keep, &place, failure) ||
                !grow(at, &capacity, (size_t)choice->n_place, sizeof **at, failure))
                return false;
            if (keep) (*at)[place] = ranks_has(ranks, u) ? seen : UINT64_MAX;
        }
    return true;
}

bool choice_all(struct choice *choice, const struct ranks *ranks, const uint64_t *n_frame,
                struct kept **kept, size_t *n, struct failure *failure)
{
    uint64_t *at = NULL;
    size_t capacity = 0;
    bool good = fill_places(choice, ranks, n_frame, &at, failure);
    *n = 0;
    for (uint64_t place = 0; good && place < choice->n_place; place++) {
        if (at[place] == UINT64_MAX) continue;
        good = grow(kept, &capacity, *n + 1, sizeof **kept, failure);
        if (good) (*kept)[(*n)++] = (struct kept){at[place], place};
    }
    if (*n > 0) qsort(*kept, *n, sizeof **kept, compare_seen);
    free(at);
    return good;
}
