/* SPDX-License-Identifier: MIT */
#include "tools/eval/usage.h"

#include "tools/base/growing.h"
#include "tools/eval/counts.h"
#include "tools/eval/information.h"

#include <math.h>
#include <stdlib.h>

struct tally {
    uint64_t *frames, *runs; /* of each symbol */
    struct counts pairs;     /* of consecutive units in an utterance */
    uint64_t n_lost;
};

/* Which symbols are counted: those of the set, or the ids of one codebook. */
struct alphabet {
    uint32_t codebook; /* USAGE_JOINT: all */
    uint32_t *id;      /* [n] the ids that occur, ascending, if there are too many; or NULL */
    uint32_t n;
};

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool list_ids(const struct unit_set *set, struct alphabet *alphabet,
                     struct failure *failure)
{
    size_t n_frame = 0, n = 0, n_distinct = 0;
    for (size_t i = 0; i < set->n_utterance; i++) n_frame += set->utterance[i].n_frame;
    uint32_t *id = alphabet->id = zeroed(n_frame, sizeof *id, failure);
    if (!id) return false;
    for (size_t i = 0; i < set->n_utterance; i++)
        for (size_t f = 0; f < set->utterance[i].n_frame; f++) {
            id[n] = set->utterance[i].id[f * set->n_codebook + alphabet->codebook];
            n += id[n] != NO_UNIT;
        }
    qsort(id, n, sizeof *id, by_value);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || id[i] != id[n_distinct - 1]) id[n_distinct++] = id[i];
    alphabet->n = (uint32_t)n_distinct;
    return true;
}

static bool alphabet_make(struct alphabet *alphabet, const struct unit_set *set, uint32_t codebook,
                          struct failure *failure)
{
    bool is_joint = codebook == USAGE_JOINT;
    *alphabet = (struct alphabet){codebook, NULL, is_joint ? set->n_symbol : set->n_code};
    return is_joint || set->n_code <= UNIT_SET_DENSE || list_ids(set, alphabet, failure);
}

static uint32_t symbol_at(const struct unit_set *set, const struct unit_utterance *utterance,
                          const struct alphabet *alphabet, size_t frame)
{
    if (alphabet->codebook == USAGE_JOINT) return utterance->symbol[frame];
    uint32_t id = utterance->id[frame * set->n_codebook + alphabet->codebook];
    if (id == NO_UNIT || !alphabet->id) return id;
    const uint32_t *at = bsearch(&id, alphabet->id, alphabet->n, sizeof id, by_value);
    return (uint32_t)(at - alphabet->id);
}

static bool count(const struct unit_set *set, const struct alphabet *alphabet,
                  struct tally *tally, struct failure *failure)
{
    for (size_t i = 0; i < set->n_utterance; i++) {
        const struct unit_utterance *u = &set->utterance[i];
        uint32_t last = NO_UNIT;
        for (size_t f = 0; f < u->n_frame; f++) {
            uint32_t symbol = symbol_at(set, u, alphabet, f), before = last;
            last = symbol;
            if (symbol == NO_UNIT) {
                tally->n_lost++;
                continue;
            }
            tally->frames[symbol]++;
            if (symbol != before) tally->runs[symbol]++;
            if (before != NO_UNIT && !counts_add(&tally->pairs, before, symbol, failure))
                return false;
        }
    }
    return counts_finish(&tally->pairs, alphabet->n, alphabet->n, failure);
}

static uint64_t sum_of(const uint64_t *total, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += total[i];
    return sum;
}

static void measure(const struct unit_set *set, uint32_t n_code_factor, uint32_t n_symbol,
                    const struct tally *tally, struct usage *usage)
{
    double rate = set->rate_hz, hop = set->hop_samples;
    double nominal_bits = n_code_factor * log2(set->n_code);
    struct usage u = {.frames = sum_of(tally->frames, n_symbol),
                      .lost_frames = tally->n_lost};
    if (u.frames) {
        u.seconds = rate > 0 ? (double)u.frames * hop / rate : (double)NAN;
        u.codes = pow(set->n_code, n_code_factor);
        u.codes_used = counts_occupied(tally->frames, n_symbol);
        u.codes_dead = u.codes - u.codes_used;
        u.entropy_bits = entropy_nats(tally->frames, n_symbol) / log(2);
        u.perplexity = exp2(u.entropy_bits);
        u.entropy_dedup_bits = entropy_nats(tally->runs, n_symbol) / log(2);
        u.conditional_entropy_bits = (double)NAN;
        if (tally->pairs.total)
            u.conditional_entropy_bits = (joint_entropy_nats(&tally->pairs) -
                                          entropy_nats(tally->pairs.row_total, n_symbol)) / log(2);
        u.runs = sum_of(tally->runs, n_symbol);
        u.mean_run_frames = (double)u.frames / (double)u.runs;
        u.runs_per_second = (double)u.runs / u.seconds;
        u.bitrate_frame = (double)u.frames * u.entropy_bits / u.seconds;
        u.bitrate_dedup = (double)u.runs * u.entropy_dedup_bits / u.seconds;
        u.bitrate_nominal = hop > 0 ? nominal_bits * rate / hop : (double)NAN;
        u.bitrate_nominal_dedup = nominal_bits * (double)u.runs / u.seconds;
        u.bits_frame = u.entropy_bits;
        u.bits_dedup = u.entropy_dedup_bits / u.mean_run_frames;
        u.bits_nominal = nominal_bits;
        u.bits_nominal_dedup = nominal_bits / u.mean_run_frames;
    }
    *usage = u;
}

bool usage_measure(const struct unit_set *set, uint32_t codebook, struct usage *usage,
                   struct failure *failure)
{
    struct alphabet alphabet;
    if (!alphabet_make(&alphabet, set, codebook, failure)) return false;
    struct tally tally = {zeroed(alphabet.n, sizeof *tally.frames, failure),
                          zeroed(alphabet.n, sizeof *tally.runs, failure), {0}, 0};
    bool good = tally.frames && tally.runs && count(set, &alphabet, &tally, failure);
    if (good)
        measure(set, codebook == USAGE_JOINT ? set->n_codebook : 1, alphabet.n, &tally, usage);
    free(alphabet.id);
    free(tally.frames);
    free(tally.runs);
    counts_clear(&tally.pairs);
    return good;
}
