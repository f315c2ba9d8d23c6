/* SPDX-License-Identifier: MIT */
#include "tools/eval/alignment.h"

#include "tools/base/growing.h"
#include "tools/eval/label.h"

#include <stdlib.h>
#include <string.h>

void alignment_free(struct alignment *alignment)
{
    if (!alignment) return;
    for (uint32_t i = 0; i < alignment->utterances.n; i++) free(alignment->utterance[i].interval);
    free(alignment->utterance);
    free(alignment->is_silence);
    name_index_clear(&alignment->utterances);
    name_index_clear(&alignment->labels);
    free(alignment);
}

bool alignment_add(struct alignment *alignment, const char *utterance, int64_t start_us,
                   int64_t end_us, const char *label, struct failure *failure)
{
    uint32_t id = name_index_find(&alignment->utterances, utterance), label_id = 0;
    if (id == NO_NAME) {
        uint32_t n = alignment->utterances.n;
        if (!grow(&alignment->utterance, &alignment->capacity, (size_t)n + 1,
                  sizeof *alignment->utterance, failure))
            return false;
        alignment->utterance[n] = (struct aligned_utterance){0};
        if (!name_index_add(&alignment->utterances, utterance, &id, failure)) return false;
    }
    char *clean = strdup(label);
    if (!clean) return fail_memory(failure);
    if (!alignment->has_words) label_clean(clean);
    bool good = name_index_add(&alignment->labels, clean, &label_id, failure);
    free(clean);
    struct aligned_utterance *to = &alignment->utterance[id];
    if (!good || !grow(&to->interval, &to->capacity, to->n_interval + 1, sizeof *to->interval,
                       failure))
        return false;
    to->interval[to->n_interval++] = (struct phone_interval){start_us, end_us, label_id};
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct phone_interval *x = a, *y = b;
    if (x->start_us != y->start_us) return x->start_us < y->start_us ? -1 : 1;
    if (x->end_us != y->end_us) return x->end_us < y->end_us ? -1 : 1;
    return (x->label > y->label) - (x->label < y->label);
}

static bool sort_labels(struct alignment *alignment, struct failure *failure)
{
    uint32_t *new_label;
    if (!name_index_sort(&alignment->labels, &new_label, failure)) return false;
    for (uint32_t i = 0; i < alignment->utterances.n; i++) {
        struct aligned_utterance *u = &alignment->utterance[i];
        for (size_t k = 0; k < u->n_interval; k++)
            u->interval[k].label = new_label[u->interval[k].label];
        qsort(u->interval, u->n_interval, sizeof *u->interval, by_time);
    }
    free(new_label);
    alignment->is_silence =
        zeroed(alignment->labels.n, sizeof *alignment->is_silence, failure);
    if (!alignment->is_silence) return false;
    for (uint32_t i = 0; i < alignment->labels.n; i++)
        alignment->is_silence[i] = label_is_silence(alignment->labels.name[i]);
    return true;
}

static bool sort_utterances(struct alignment *alignment, struct failure *failure)
{
    uint32_t n = alignment->utterances.n, *new_id;
    struct aligned_utterance *sorted = zeroed(n, sizeof *sorted, failure);
    if (!sorted) return false;
    if (!name_index_sort(&alignment->utterances, &new_id, failure)) {
        free(sorted);
        return false;
    }
    for (uint32_t i = 0; i < n; i++) sorted[new_id[i]] = alignment->utterance[i];
    free(alignment->utterance);
    free(new_id);
    alignment->utterance = sorted;
    return true;
}

bool alignment_sort(struct alignment *alignment, struct failure *failure)
{
    return sort_labels(alignment, failure) && sort_utterances(alignment, failure);
}

const struct aligned_utterance *alignment_find(const struct alignment *alignment, const char *name)
{
    uint32_t id = name_index_find(&alignment->utterances, name);
    return id == NO_NAME ? NULL : &alignment->utterance[id];
}
