/* SPDX-License-Identifier: MIT */
#include "tools/learn/example.h"

#include "tools/base/growing.h"

#include <stdlib.h>

/* The utterance's number among those of all corpora. */
static size_t number_of(const struct recordings *recordings, const struct recording *recording)
{
    size_t n = recording->utterance;
    for (uint32_t s = 0; s < recording->source; s++) n += corpus_size(recordings->source[s].corpus);
    return n;
}

/* A list without names is in the order of the corpus, so it must be of the same length. */
static bool check_unnamed(const struct examples *examples, struct failure *failure)
{
    size_t n = 0;
    for (size_t s = 0; s < examples->recordings->n_source; s++)
        n += corpus_size(examples->recordings->source[s].corpus);
    for (size_t h = 0; h < examples->n_head; h++) {
        size_t n_line = label_head_n_unnamed(examples->head[h]);
        if (n_line > 0 && n_line != n)
            return fail(failure, EXIT_INPUT,
                        "a label file without names has %zu utterances, but the corpus has %zu; "
                        "use a format with names, or the list that the labels were made from",
                        n_line, n);
    }
    return true;
}

bool example_is_used(const struct examples *examples, size_t i)
{
    for (size_t h = 0; h < examples->n_head; h++)
        if (examples->found[i * examples->n_head + h] != LABEL_NONE) return true;
    return examples->n_head == 0;
}

size_t examples_n_unlabelled(const struct examples *examples)
{
    const struct recordings *recordings = examples->recordings;
    size_t n = 0;
    for (size_t i = 0; i < recordings->n; i++) {
        bool is_same = i > 0 && recording_utterance(recordings, i) ==
                                    recording_utterance(recordings, i - 1);
        n += !is_same && !example_is_used(examples, i);
    }
    return n;
}

static bool find_labels(struct examples *examples, struct failure *failure)
{
    const struct recordings *recordings = examples->recordings;
    size_t n_used = 0;
    examples->found = zeroed(recordings->n * examples->n_head, sizeof *examples->found, failure);
    if (!examples->found) return false;
    for (size_t i = 0; i < recordings->n; i++) {
        for (size_t h = 0; h < examples->n_head; h++)
            examples->found[i * examples->n_head + h] =
                label_head_find(examples->head[h], recording_utterance(recordings, i)->name,
                                number_of(recordings, &recordings->recording[i]));
        n_used += example_is_used(examples, i);
    }
    if (n_used > 0) return true;
    if (recordings->n == 0)
        return fail(failure, EXIT_INPUT, "none of the speech can be read; name other files");
    return fail(failure, EXIT_INPUT,
                "no utterance of the corpus has labels, because the names differ (the first of "
                "the corpus is '%s'); rename one of them",
                recording_utterance(recordings, 0)->name);
}

bool examples_prepare(struct examples *examples, struct failure *failure)
{
    const struct augmentation *a = &examples->augmentation;
    return speed_make(&examples->slower, 100 - a->speed_percent, failure) &&
           speed_make(&examples->faster, 100 + a->speed_percent, failure) &&
           check_unnamed(examples, failure) && find_labels(examples, failure);
}

void examples_clear(struct examples *examples)
{
    speed_clear(&examples->slower);
    speed_clear(&examples->faster);
    free(examples->found);
    examples->found = NULL;
}
