/* SPDX-License-Identifier: MIT */
#include "tools/learn/code_labels.h"

#include "tools/base/growing.h"
#include "tools/eval/confusion.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_LABEL = 64 };

static bool set(struct code_labels *labels, uint32_t code, const char *text,
                struct failure *failure)
{
    labels->text[code] = strdup(text);
    return labels->text[code] || fail_memory(failure);
}

static bool name_codes(struct code_labels *labels, const struct confusion *confusion,
                       const struct label_head *head, struct failure *failure)
{
    char text[LONGEST_LABEL];
    for (size_t i = 0; i < confusion->n_row; i++) {
        const struct confusion_row *row = &confusion->row[i];
        label_head_class(head, row->partner[0], text, sizeof text);
        if (!set(labels, row->symbol, text, failure)) return false;
        labels->probability[row->symbol] =
            (float)((double)row->partner_frames[0] / (double)row->frames);
    }
    for (uint32_t k = 0; k < labels->n_code; k++)
        if (!labels->text[k] && !set(labels, k, "", failure)) return false;
    return true;
}

bool code_labels_find(struct code_labels *labels, struct learner *learner,
                      const struct examples *examples, struct failure *failure)
{
    uint32_t n_code = learner->options.quantizer.n_code;
    struct counts counts = {0};
    struct confusion confusion = {0};
    *labels = (struct code_labels){.n_code = n_code};
    labels->text = zeroed(n_code, sizeof *labels->text, failure);
    labels->probability = zeroed(n_code, sizeof *labels->probability, failure);
    bool good = labels->text && labels->probability &&
                count_codes(learner, examples, &counts, failure) &&
                confusion_of_columns(&counts, &confusion, failure) &&
                name_codes(labels, &confusion, examples->head[0], failure);
    confusion_clear(&confusion);
    counts_clear(&counts);
    return good;
}

void code_labels_free(struct code_labels *labels)
{
    for (uint32_t k = 0; labels->text && k < labels->n_code; k++) free(labels->text[k]);
    free(labels->text);
    free(labels->probability);
    *labels = (struct code_labels){0};
}
