/* SPDX-License-Identifier: MIT */
#include "tools/command/report_choice.h"

#include "tools/base/growing.h"
#include "tools/base/rng.h"
#include "tools/corpus/corpus.h"

#include <stdlib.h>
#include <string.h>

/* The utterance's number, or that of none. */
static size_t find(const struct corpus *corpus, const char *name)
{
    size_t i = 0;
    while (i < corpus_size(corpus) && strcmp(corpus_get(corpus, i)->name, name) != 0) i++;
    return i;
}

/* One that could not be encoded was reported and is left out. */
static bool take_named(struct report_choice *choice, const struct option_texts *name,
                       const struct eval_sources *sources, struct failure *failure)
{
    for (size_t k = 0; k < name->n; k++) {
        size_t i = find(sources->corpus, name->text[k]);
        if (i == corpus_size(sources->corpus))
            return fail(failure, EXIT_USAGE,
                        "--utterance %s: no utterance of the corpus has this name; the first is %s",
                        name->text[k], corpus_get(sources->corpus, 0)->name);
        if (!sources->encoding.left_out[i]) choice->utterance[choice->n++] = i;
    }
    return true;
}

static bool is_candidate(const struct eval_sources *sources, size_t i, bool wants_phones)
{
    return !sources->encoding.left_out[i] &&
           (!wants_phones ||
            alignment_find(sources->phones, corpus_get(sources->corpus, i)->name));
}

static void take_candidates(struct report_choice *choice, const struct eval_sources *sources,
                            bool wants_phones)
{
    for (size_t i = 0; i < corpus_size(sources->corpus); i++)
        if (is_candidate(sources, i, wants_phones)) choice->utterance[choice->n++] = i;
}

static int ascending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* Moves a random choice to the front, in the order of the corpus. */
static void draw(struct report_choice *choice, size_t number, uint64_t seed)
{
    struct rng rng;
    rng_start(&rng, seed, RNG_REPORT, 0);
    if (number > choice->n) number = choice->n;
    for (size_t k = 0; k < number; k++) {
        size_t other = k + (size_t)rng_below(&rng, choice->n - k), moved = choice->utterance[k];
        choice->utterance[k] = choice->utterance[other];
        choice->utterance[other] = moved;
    }
    choice->n = number;
    qsort(choice->utterance, number, sizeof *choice->utterance, ascending);
}

bool report_choose(struct report_choice *choice, const struct report_command_options *options,
                   const struct eval_sources *sources, struct failure *failure)
{
    size_t n = corpus_size(sources->corpus), n_name = options->utterance.n;
    *choice = (struct report_choice){
        .utterance = zeroed(n > n_name ? n : n_name, sizeof *choice->utterance, failure)};
    if (!choice->utterance) return false;
    if (n_name) return take_named(choice, &options->utterance, sources, failure);
    if (sources->phones) take_candidates(choice, sources, true);
    if (!choice->n) take_candidates(choice, sources, false);
    draw(choice, options->number, options->eval.seed);
    return true;
}
