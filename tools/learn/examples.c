/* SPDX-License-Identifier: MIT */
#include "tools/learn/example.h"

#include "tools/base/growing.h"
#include "tools/base/name_index.h"

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

/* The recordings from `begin` on that are of one utterance: up to the result. */
static size_t end_of_utterance(const struct recordings *recordings, size_t begin)
{
    size_t end = begin + 1;
    while (end < recordings->n &&
           recording_utterance(recordings, end) == recording_utterance(recordings, begin))
        end++;
    return end;
}

size_t examples_n_unlabelled(const struct examples *examples)
{
    const struct recordings *recordings = examples->recordings;
    size_t n = 0;
    for (size_t i = 0; i < recordings->n; i = end_of_utterance(recordings, i))
        n += !example_is_used(examples, i);
    return n;
}

/* Whether a head finds the labels of a recording by its name. */
static bool is_found_by_name(const struct examples *examples, size_t i)
{
    for (size_t h = 0; h < examples->n_head; h++)
        if (examples->found[i * examples->n_head + h] != LABEL_NONE &&
            label_head_n_unnamed(examples->head[h]) == 0)
            return true;
    return false;
}

bool examples_equal_names(const struct examples *examples, size_t *n, size_t pair[2],
                          struct failure *failure)
{
    const struct recordings *recordings = examples->recordings;
    struct name_index names = {0}; /* value: the first recording of that name */
    uint32_t id;
    bool good = true;
    *n = 0;
    for (size_t i = 0; good && i < recordings->n; i = end_of_utterance(recordings, i)) {
        if (!is_found_by_name(examples, i)) continue;
        uint32_t n_before = names.n;
        good = name_index_add(&names, recording_utterance(recordings, i)->name, &id, failure);
        if (!good) break;
        if (id == n_before) names.value[id] = (uint32_t)i;
        size_t first = names.value[id];
        if (recordings->recording[first].content == recordings->recording[i].content) continue;
        if ((*n)++ > 0) continue;
        pair[0] = first;
        pair[1] = i;
    }
    name_index_clear(&names);
    return good;
}

double examples_unit_share(const struct examples *examples, size_t head)
{
    const struct recordings *recordings = examples->recordings;
    double n_label = 0, n_audio = 0;
    for (size_t i = 0, end; i < recordings->n; i = end) {
        int64_t found = examples->found[i * examples->n_head + head];
        end = end_of_utterance(recordings, i);
        const struct recording *last = &recordings->recording[end - 1];
        if (found == LABEL_NONE) continue;
        n_label += label_head_length(examples->head[head], found, recordings->rate_hz);
        n_audio += (double)(last->first + last->n);
    }
    return n_audio > 0 ? n_label / n_audio : 0;
}

static void find_by_name(struct examples *examples)
{
    const struct recordings *recordings = examples->recordings;
    for (size_t i = 0; i < recordings->n; i++)
        for (size_t h = 0; h < examples->n_head; h++)
            examples->found[i * examples->n_head + h] =
                label_head_find(examples->head[h], recording_utterance(recordings, i)->name,
                                number_of(recordings, &recordings->recording[i]));
}

/* Sets *has: whether any frame of recordings begin to end-1 has a label of any head. */
static bool have_label(const struct examples *examples, size_t begin, size_t end, bool *has,
                       struct failure *failure)
{
    *has = false;
    for (size_t i = begin; i < end; i++)
        for (size_t h = 0; !*has && h < examples->n_head; h++)
            if (!example_has_label(examples, i, h, has, failure)) return false;
    return true;
}

/* Forgets labels of utterances that have none within their audio. */
static bool drop_labels_outside(struct examples *examples, size_t *n_used, struct failure *failure)
{
    const struct recordings *recordings = examples->recordings;
    *n_used = 0;
    for (size_t begin = 0, end; begin < recordings->n; begin = end) {
        bool has;
        end = end_of_utterance(recordings, begin);
        if (!have_label(examples, begin, end, &has, failure)) return false;
        *n_used += has || examples->n_head == 0;
        for (size_t k = begin * examples->n_head; !has && k < end * examples->n_head; k++)
            examples->found[k] = LABEL_NONE;
    }
    return true;
}

bool examples_have_label(const struct examples *examples, size_t head, bool *has,
                         struct failure *failure)
{
    *has = false;
    for (size_t i = 0; !*has && i < examples->recordings->n; i++)
        if (!example_has_label(examples, i, head, has, failure)) return false;
    return true;
}

static bool find_labels(struct examples *examples, struct failure *failure)
{
    const struct recordings *recordings = examples->recordings;
    size_t n_named = 0, n_used;
    examples->found = zeroed(recordings->n * examples->n_head, sizeof *examples->found, failure);
    if (!examples->found) return false;
    find_by_name(examples);
    for (size_t i = 0; i < recordings->n; i++) n_named += example_is_used(examples, i);
    if (!drop_labels_outside(examples, &n_used, failure)) return false;
    if (n_used > 0) return true;
    if (recordings->n == 0)
        return fail(failure, EXIT_INPUT, "none of the speech can be read; name other files");
    const char *first = recording_utterance(recordings, 0)->name;
    if (n_named > 0)
        return fail(failure, EXIT_INPUT,
                    "no frame of the corpus has a label, because the times of the labels are "
                    "outside the audio; check the labels of '%s'", first);
    return fail(failure, EXIT_INPUT,
                "no utterance of the corpus has labels, because the names differ (the first of "
                "the corpus is '%s'); rename one of them", first);
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
