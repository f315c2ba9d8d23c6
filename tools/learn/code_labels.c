/* SPDX-License-Identifier: MIT */
#include "tools/learn/code_labels.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_LABEL = 64 };

/* count[n_code][n_class] */
static bool count_labels(struct learner *learner, const struct examples *examples, size_t n_class,
                         uint64_t *count, struct failure *failure)
{
    size_t n_codebook = learner->options.quantizer.n_codebook;
    struct plain_run run;
    struct plain_result result;
    bool good = true;
    plain_run_begin(&run, examples, learner);
    for (size_t i = 0; good && i < examples->recordings->n; i++) {
        if (!example_is_used(examples, i)) continue;
        good = plain_run_do(&run, i, &result, failure);
        for (size_t u = 0; good && u < result.n_unit; u++) {
            int32_t label = plain_result_label(&result, u);
            if (label != LABEL_NONE)
                count[result.id[u * n_codebook] * n_class + (size_t)label]++;
        }
    }
    plain_run_end(&run);
    return good;
}

static bool name_code(struct code_labels *labels, uint32_t code, const uint64_t *count,
                      uint32_t n_class, const struct label_head *head, struct failure *failure)
{
    char text[LONGEST_LABEL] = "";
    uint64_t total = 0;
    uint32_t best = 0;
    for (uint32_t c = 0; c < n_class; c++) {
        total += count[c];
        if (count[c] > count[best]) best = c;
    }
    if (total > 0) {
        label_head_class(head, best, text, sizeof text);
        labels->probability[code] = (float)((double)count[best] / (double)total);
    }
    labels->text[code] = strdup(text);
    return labels->text[code] || fail_memory(failure);
}

bool code_labels_find(struct code_labels *labels, struct learner *learner,
                      const struct examples *examples, struct failure *failure)
{
    uint32_t n_code = learner->options.quantizer.n_code;
    const struct label_head *head = examples->head[0];
    uint32_t n_class = label_head_n_class(head);
    uint64_t *count = zeroed((size_t)n_code * n_class, sizeof *count, failure);
    *labels = (struct code_labels){.n_code = n_code};
    labels->text = zeroed(n_code, sizeof *labels->text, failure);
    labels->probability = zeroed(n_code, sizeof *labels->probability, failure);
    bool good = count && labels->text && labels->probability &&
                count_labels(learner, examples, n_class, count, failure);
    for (uint32_t k = 0; good && k < n_code; k++)
        good = name_code(labels, k, count + (size_t)k * n_class, n_class, head, failure);
    free(count);
    return good;
}

void code_labels_free(struct code_labels *labels)
{
    for (uint32_t k = 0; labels->text && k < labels->n_code; k++) free(labels->text[k]);
    free(labels->text);
    free(labels->probability);
    *labels = (struct code_labels){0};
}
